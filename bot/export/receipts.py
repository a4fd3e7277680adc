"""What became of a notice as a workbook: a row for everybody it is for, and the sums by unit."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.export.entries import Say, clean
from bot.export.ledger import Cell, Column, sheet

PEOPLE = (
    Column("number", 6, True), Column("person", 18), Column("unit", 26), Column("outcome", 22), Column("answer", 34),
    Column("answered_at", 18, True),
)  # fmt: skip
UNITS = (
    Column("number", 6, True), Column("unit", 30), Column("people", 9, True), Column("delivered", 9, True), Column("answered", 9, True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of it for one person, in words."""

    person: str
    unit: str
    outcome: str
    delivered: bool
    answer: str
    answered_at: datetime | None


def receipts(title: str, rows: Sequence[Receipt], say: Say, zone: ZoneInfo, now: datetime) -> bytes:
    """The rows as XLSX bytes, as given, with a second sheet of sums by unit in the order of their names. `now` is aware."""
    people: list[list[Cell]] = [
        [
            number,
            row.person,
            row.unit,
            row.outcome,
            row.answer,
            row.answered_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.answered_at else "",
        ]
        for number, row in enumerate(rows, 1)
    ]
    sums: dict[str, list[int]] = {}
    for row in rows:
        of_unit = sums.setdefault(row.unit, [0, 0, 0])
        of_unit[0] += 1
        of_unit[1] += row.delivered
        of_unit[2] += row.answered_at is not None
    units: list[list[Cell]] = [[number, unit, *sums[unit]] for number, unit in enumerate(sorted(sums), 1)]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": clean(title), "created": now.replace(tzinfo=None)})
        sheet(book, say, "receipts", PEOPLE, people, title)
        sheet(book, say, "units", UNITS, units, title)
    return file.getvalue()
