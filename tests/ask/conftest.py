"""The demonstration library, read once for all tests of asking, and a small plan made by hand."""

from dataclasses import replace
from datetime import date

import pytest

from bot.ask.answer import Shelf
from bot.ask.library import Library
from bot.learn import demonstration
from bot.plan.model import (
    Basis,
    DateRole,
    Document,
    Event,
    Item,
    Measure,
    Owner,
    Period,
    Plan,
    Precision,
    Role,
    Section,
    Span,
)


@pytest.fixture(scope="session")
def library() -> Library:
    return demonstration()


def measure(name: str, text: str, item: int, owner: str = "", date_: Span | None = None, plan: int = 1) -> Measure:
    owners = (Owner(owner),) if owner else (Owner("區教育局", Role.LEAD, Basis.IMPLIED),)
    return Measure(name, plan, 1, item, text, owners, date_, sentence=text)


def month(year: int, number: int, role: DateRole = DateRole.WHEN) -> Span:
    return Span(f"{number}月", date(year, number, 1), date(year, number, 28), Precision.MONTH, role)


@pytest.fixture(scope="session")
def hand_made() -> Library:
    """Five measures in two plans: dated, open, due, an object's date, and none."""
    due = Span("6月底前", None, date(2027, 6, 30), Precision.DAY, DateRole.DEADLINE)
    opened = Span("5月起", date(2027, 5, 1), None, Precision.MONTH, DateRole.OPEN)
    rows = (
        measure("m1", "各校要開展風箏節", 1, "各校", month(2027, 4)),
        measure("m2", "上交風箏節總結", 1, "各校", due),
        measure("m3", "受理陶藝課程申報", 2, "", opened),
        measure("m4", "整理2026年立項的陶藝課題", 2, "", month(2026, 3, DateRole.OBJECT)),
    )
    kite = Event("e1", 1, 1, 1, "風箏節", "festival", rows[0].text, "m1")
    dated = replace(kite, id="e2", date=rows[0].date)
    sections = (
        Section(1, "活動", (Item(1, "風箏節", rows[0].text + rows[1].text), Item(2, "陶藝", rows[2].text + rows[3].text)), "", "一"),
    )
    spring = Plan(1, "春季計劃", "第一篇", Period(date(2027, 2, 15), date(2027, 7, 15)), "", sections, rows, (kite, dated))
    other = measure("m5", "各校要做好風箏節的安全預案", 1, "各校", None, 2)
    year = Plan(2, "學年計劃", "第二篇", Period(date(2026, 9, 1), date(2027, 8, 31)), "", sections, (other,), ())
    document = Document("a.txt", "計劃", "區教育局", False, 2027, False, "0" * 64, (spring, year))
    return Library([Shelf(1, 1, document)])
