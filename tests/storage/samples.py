"""Values for the storage tests, with every kind of field filled somewhere."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from bot.chat import Address
from bot.limits import Lane
from bot.plan.model import (
    Basis,
    DateRole,
    Document,
    Event,
    Gap,
    Item,
    Measure,
    Owner,
    Period,
    Plan,
    Precision,
    Recurrence,
    Role,
    Section,
    Span,
)
from storage.values import Planned

NOW = datetime(2030, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
WEB = Address("web", "w1")
LEASE = timedelta(seconds=60)


def after(**length: float) -> datetime:
    """NOW and a while."""
    return NOW + timedelta(**length)


def document(text: str = "各校於5月舉行朗讀比賽。", title: str = "青禾區春季工作計劃", issuer: str = "青禾區教育局") -> Document:
    """A small document whose text is `text`."""
    owners = (Owner("各校"), Owner("教研室", Role.SUPPORT, Basis.INHERITED))
    may = Span("5月", date(2030, 5, 1), date(2030, 5, 31), Precision.MONTH)
    due = Span("6月底前", None, date(2030, 6, 30), Precision.DAY, DateRole.DEADLINE)
    measures = (
        Measure("m1", 1, 1, 0, text, owners, may, Recurrence("每學期兩次", "term", 2), ("小學生",), ("《朗讀辦法》",), text),
        Measure("m2", 1, 1, 2, "上報總結。", (), due),
    )
    events = (Event("e1", 1, 1, 0, "朗讀比賽", "competition", text, "m1", owners, may, Recurrence("定期", "irregular")),)
    sections = (Section(1, "語言文字", (Item(1, "朗讀", text), Item(2, "", "上報總結。")), "", "一"), Section(2, "其他"))
    gaps = (Gap("no lead", 1, 2, "上報總結。"),)
    plan = Plan(1, title, "第一篇", Period(date(2030, 2, 1), date(2030, 8, 31)), "為了朗讀。", sections, measures, events, gaps)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document("計劃.txt", title, issuer, True, 2030, False, digest, (plan,))


def planned(key: str = "k", part: int = 1, **values: object) -> Planned:
    """A reminder that is due now."""
    fields: dict[str, object] = {
        "kind": "remind",
        "reference": "e1",
        "person": None,
        "address": WEB,
        "lane": Lane.REMINDER,
        "not_before": NOW,
        "part": part,
    }
    return Planned(key, **(fields | values))  # type: ignore[arg-type]
