"""What the benchmarks work on: measures made by shuffling real clauses, our own questions, and a long plan as text."""

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.ask.answer import Shelf
from bot.ask.lessons import cases_of
from bot.calendar import SchoolCalendar
from bot.plan.model import Document, Item, Measure, Period, Plan, Section
from bot.plan.read import Context, read_plan
from bot.samples import lay_out

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
DAY = date(2026, 10, 1)
SEED = 20261124
ITEM = 5
"""Measures in an item."""
SECTION = 10
"""Items in a section."""


def demonstration() -> list[Document]:
    """The demonstration plans, laid out for the school year of DAY."""
    calendar = SchoolCalendar()
    return [read_plan(sample.name, sample.data, Context(calendar=calendar)) for sample in lay_out(DAY, calendar)]


def real_text() -> tuple[str, bytes]:
    """A real plan document where one lies beside the project, else a demonstration plan: what it is, and its bytes."""
    for path in sorted((SHARED / "seed").glob("*.txt")):
        return "the seed", path.read_bytes()
    return "a demonstration plan", lay_out(DAY, SchoolCalendar())[0].data


def clauses() -> list[Measure]:
    """The measures of the demonstration plans and, where one lies beside the project, of a real document."""
    name, data = real_text()
    documents = demonstration()
    if name == "the seed":
        documents.append(read_plan("seed.txt", data, Context()))
    return [measure for document in documents for measure in document.measures]


def shuffled(count: int) -> Iterator[Measure]:
    """`count` measures whose words are one to three clauses of real ones, each with the owners and date of its first."""
    source = clauses()
    pieces = [(measure, piece) for measure in source for piece in re.split("[，,；;]", measure.text) if len(piece) > 3]
    dice = random.Random(SEED)
    for at in range(count):
        chosen = [dice.choice(pieces) for _ in range(dice.randint(1, 3))]
        text = "，".join(piece for _, piece in chosen)
        place = {"plan": 1, "section": at // (ITEM * SECTION) + 1, "item": at // ITEM % SECTION + 1}
        yield replace(chosen[0][0], id=f"m{at}", text=text, sentence=text, **place)


def shelf(count: int) -> Shelf:
    """A document of `count` shuffled measures in sections of ten items, as the library takes it."""
    measures = tuple(shuffled(count))
    sections: dict[int, dict[int, list[str]]] = {}
    for measure in measures:
        sections.setdefault(measure.section, {}).setdefault(measure.item, []).append(measure.text)
    outline = tuple(
        Section(number, texts[1][0][:20], tuple(Item(item, rows[0][:16], "。".join(rows)) for item, rows in texts.items()))
        for number, texts in sections.items()
    )
    plan = Plan(1, "工作計劃", "", Period(date(2026, 9, 1), date(2027, 8, 31)), "", outline, measures, ())
    return Shelf(1, 1, Document("made.txt", "工作計劃", "區教育局", False, 2026, False, "0" * 64, (plan,)))


def questions(limit: int = 400) -> list[str]:
    """Our own questions, shuffled; the same ones in every run."""
    rows = cases_of(tomllib.loads((ROOT / "tests/ask/questions.toml").read_text("utf-8")))
    asked = sorted({row.question for row in rows})
    random.Random(SEED).shuffle(asked)
    return asked[:limit]


def long_text(pages: int) -> str:
    """A plan of so many pages (some 850 characters each) in sections and items, its sentences from the demonstration plans."""
    dice = random.Random(SEED)
    texts = [measure.text for document in demonstration() for measure in document.measures]
    lines, size, section = ["禾溪區教育工作計劃", ""], 0, 0
    while size < pages * 850:
        section += 1
        lines.append(f"{numeral(section)}、{dice.choice(texts)[:14]}")
        for item in range(1, 9):
            body = "。".join(dice.choice(texts) for _ in range(6)) + "。"
            lines.append(f"{item}.{dice.choice(texts)[:12]}。{body}")
            size += len(body) + 16
    return "\n".join(lines)


def numeral(number: int) -> str:
    """A number up to 999 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    words += "零" if hundreds and not tens and ones else ""
    words += ("" if tens == 1 and not hundreds else digits[tens]) + "十" if tens else ""
    return words + (digits[ones] if ones else "")
