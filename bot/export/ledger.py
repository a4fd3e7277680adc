"""The ledger (台賬): a workbook with a row for each measure, its events and its gaps on sheets of their own."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.export.entries import Entry, Say, Source, clean, entries, gaps_of, owners_by
from bot.plan.model import DateRole, Event, Owner, Role, Span, place

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its head and its width in characters of a Latin font (a Chinese one takes two)."""

    head: str
    width: float
    centred: bool = False


MEASURES = (
    Column("number", 5, True), Column("plan", 7, True), Column("section", 14), Column("item", 14), Column("measure", 40),
    Column("lead", 14), Column("others", 12), Column("basis", 6, True), Column("time", 11), Column("start", 10.5, True),
    Column("end", 10.5, True), Column("targets", 12), Column("documents", 16), Column("events", 14), Column("note", 12),
)  # fmt: skip
EVENTS = (
    Column("number", 5, True), Column("event", 28), Column("kind", 9, True), Column("time", 14), Column("start", 10.5, True),
    Column("end", 10.5, True), Column("lead", 18), Column("place", 12), Column("measure", 46), Column("note", 14),
)  # fmt: skip
GAPS = (Column("number", 5, True), Column("gap", 20), Column("place", 14), Column("text", 90))
LINE = 13.5
"""Points of a line of text at 10 points."""
HIGHEST = 400
"""Points of a row; Excel takes 409."""

Cell = str | int | date | None


def workbook(source: Source, say: Say, now: datetime) -> bytes:
    """The document as XLSX bytes: measures, events and gaps, each with a head that stays, filters, and set up to be printed on A4.

    Text stays text: a cell that begins like a formula is a string and marked as one. `now` is aware and becomes the time of creation.
    """
    rows = entries(source)
    file = io.BytesIO()
    # A fixed time of creation: the same plan gives the same bytes.
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"title": clean(source.document.title), "author": clean(source.document.issuer), "created": now.replace(tzinfo=None)}
        )
        sheet(
            book,
            say,
            "measures",
            MEASURES,
            [measure_row(number, entry, say) for number, entry in enumerate(rows, 1)],
            source.document.title,
        )
        happening = [(entry, event) for entry in rows for event in entry.events]
        sheet(book, say, "events", EVENTS, [event_row(number, *one, say) for number, one in enumerate(happening, 1)], source.document.title)
        missing: list[list[Cell]] = [
            [number, gap_words(gap.kind, say), place(plan, gap.section, gap.item), gap.text]
            for number, (plan, gap) in enumerate(gaps_of(source), 1)
        ]
        sheet(book, say, "gaps", GAPS, missing, source.document.title)
    return file.getvalue()


def sheet(book: xlsxwriter.Workbook, say: Say, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], title: str) -> None:
    """One sheet of a workbook, with the title on every printed page."""
    page = book.add_worksheet(say(f"export.sheet_{name}"))
    look: dict[str, object] = {"border": 1, "border_color": "#BFBFBF", "valign": "top", "text_wrap": True, "font_size": 10}
    head = book.add_format(look | {"bold": True, "bg_color": "#E7EEF7", "align": "center", "valign": "vcenter"})
    plain, centred = book.add_format(look), book.add_format(look | {"align": "center"})
    text, day = book.add_format(look | {"quote_prefix": True}), book.add_format(look | {"align": "center", "num_format": "yyyy-mm-dd"})
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, say(f"export.head_{column.head}"), head)
    for row, values in enumerate(rows, 1):
        # Not every reader fits heights to wrapped text by itself.
        lines = max(height(value, column.width) for value, column in zip(values, columns, strict=True))
        page.set_row(row, min(HIGHEST, LINE * lines + 3))
        for at, value in enumerate(values):
            write(page, row, at, value, centred if columns[at].centred else plain, text, day)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.set_header(f"&L{printed(title)}&R{printed(say(f'export.sheet_{name}'))}")
    page.set_footer("&C&P / &N")


def height(value: Cell, width: float) -> int:
    """Lines that a value takes in a column; a Chinese character is about two wide."""
    if not isinstance(value, str):
        return 1
    widths = (sum(1.9 if char > "\u2e7f" else 1 for char in part) for part in clean(value).split("\n"))
    return sum(max(1, ceil(wide / width)) for wide in widths)


def write(page: Worksheet, row: int, column: int, value: Cell, look: Format, text: Format, day: Format) -> None:
    """One cell: a number, a day, or words that are never taken for a formula."""
    if isinstance(value, date):
        # The calendar of a workbook begins in 1900.
        if value.year >= 1900:
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
        else:
            page.write_string(row, column, value.isoformat(), look)
    elif isinstance(value, int):
        page.write_number(row, column, value, look)
    elif value:
        words = clean(value)[:LONGEST]
        page.write_string(row, column, words, text if words[:1] in tuple("=+-@\t\n") else look)
    else:
        page.write_blank(row, column, None, look)


def measure_row(number: int, entry: Entry, say: Say) -> list[Cell]:
    """The cells of a measure."""
    measure, section, item = entry.measure, entry.section, entry.item
    leads = owners_by(measure.owners, Role.LEAD, Role.ORGANISE)
    others = [owner for owner in measure.owners if owner.role not in (Role.LEAD, Role.ORGANISE)]
    notes = [say("export.recurs", words=measure.recurrence.text)] if measure.recurrence else []
    if measure.date is not None and measure.date.role is DateRole.OBJECT:
        notes.append(say("export.object"))
    notes += [say("export.mended", former=one.former or say("export.nothing")) for one in measure.mended]
    return [
        number,
        entry.plan.label or entry.plan.plan,
        f"{section.label}、{section.title}" if section and section.label else section.title if section else "",
        f"{item.item}. {item.title}".strip(" .") if item and item.title else str(measure.item or ""),
        measure.text,
        named(leads, say),
        say("semicolon").join(say("export.line", name=say(f"export.role_{owner.role.value}"), value=owner.name) for owner in others),
        say("comma").join(dict.fromkeys(say(f"export.basis_{owner.basis.value}") for owner in leads)),
        measure.date.text if measure.date else "",
        *days(measure.date),
        say("comma").join(measure.targets),
        say("comma").join(measure.documents),
        say("comma").join(event.name for event in entry.events),
        say("semicolon").join(notes),
    ]


def event_row(number: int, entry: Entry, event: Event, say: Say) -> list[Cell]:
    """The cells of an event."""
    return [
        number,
        event.name,
        say(f"export.kind_{event.kind}"),
        event.date.text if event.date else "",
        *days(event.date),
        named(owners_by(event.owners, Role.LEAD, Role.ORGANISE), say),
        entry.place,
        event.text,
        say("export.recurs", words=event.recurrence.text) if event.recurrence else "",
    ]


def named(owners: Sequence[Owner], say: Say) -> str:
    """The names of leading owners."""
    return say("comma").join(owner.name for owner in owners)


def days(span: Span | None) -> tuple[date | None, date | None]:
    """First and last day of a time that a measure is to be carried out; none for a date that is merely spoken of."""
    return (span.start, span.end) if span is not None and span.acts else (None, None)


def gap_words(kind: str, say: Say) -> str:
    """The kind of a gap in words."""
    return say(f"export.gap_{kind.replace(' ', '_')}")


def printed(text: str) -> str:
    """Words for a header: an ampersand is a code there."""
    return clean(text).replace("&", "&&").replace("\n", " ")[:80]
