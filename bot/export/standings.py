"""How far units are, as a workbook (督辦台賬): a row for each duty, and the sums by unit and by section."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from bot.export.entries import Say, clean
from bot.export.ledger import Cell, Column, sheet

DUTIES = (
    Column("number", 5, True), Column("unit", 18), Column("state", 9, True), Column("due", 10.5, True), Column("measure", 44),
    Column("time", 11), Column("turn", 12), Column("section", 18), Column("lead", 14), Column("plan", 16), Column("said", 10),
    Column("note", 20), Column("files", 16), Column("said_at", 15, True), Column("said_by", 9),
)  # fmt: skip
SUMS = ("overdue", "behind", "near", "done", "ahead", "undated", "earlier")


@dataclass(frozen=True, slots=True)
class Line:
    """One duty, in words."""

    unit: str
    light: str
    """One of SUMS."""
    due: date | None
    measure: str
    time: str
    turn: str
    section: str
    lead: str
    plan: str
    said: str
    note: str
    files: str
    said_at: str
    said_by: str


def standings(title: str, lines: Sequence[Line], say: Say, now: datetime) -> bytes:
    """The lines as XLSX bytes, as given, with the sums by unit and by section in the order they first come. `now` is aware."""
    rows: list[list[Cell]] = [
        [
            number, line.unit, say(f"board.word_{line.light}"), line.due, line.measure, line.time, line.turn, line.section, line.lead,
            line.plan, line.said, line.note, line.files, line.said_at, line.said_by,
        ]
        for number, line in enumerate(lines, 1)
    ]  # fmt: skip
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": clean(title), "created": now.replace(tzinfo=None)})
        sheet(book, say, "duties", DUTIES, rows, title)
        for name in ("unit", "section"):
            head = (Column("number", 5, True), Column(name, 34), Column("all", 8, True))
            columns = (*head, *(Column(f"sum_{one}", 11, True) for one in SUMS))
            sheet(book, say, f"by_{name}", columns, sums([(getattr(line, name), line.light) for line in lines]), title)
    return file.getvalue()


def sums(pairs: Sequence[tuple[str, str]]) -> list[list[Cell]]:
    """A row for each name: its number, all, and how many stand how."""
    found: dict[str, Counter[str]] = {}
    for name, light in pairs:
        found.setdefault(name, Counter())[light] += 1
    return [[number, name, count.total(), *(count[one] for one in SUMS)] for number, (name, count) in enumerate(found.items(), 1)]
