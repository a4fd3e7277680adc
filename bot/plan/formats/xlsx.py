"""Read .xlsx and .xlsm ledgers: every shown sheet, row and column, merged cells marked, numbers and dates as the sheet shows them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from bot.errors import BadDocument
from bot.plan.formats import grid
from bot.plan.formats.archive import Archive, blocks
from bot.plan.formats.figures import BUILT_IN, shown

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CELLS = 300_000
"""Cells with something in them in all sheets."""
WIDEST, LONGEST = 250, 100_000
"""Columns and rows of a sheet that are looked at."""
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Book:
    """What the sheets refer to."""

    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    """The number format of each cell style."""
    since_1904: bool = False


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet by row and column, counted from 0, and what is merged or not shown."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read(data: bytes) -> str:
    """The shown sheets in order, a row a line; BadDocument `document.broken`, `document.unsafe`, `document.locked`, `document.long`."""
    archive = Archive(data)
    book = archive.tree("xl/workbook.xml")
    about = book.find(S + "workbookPr")
    source = Book(read_texts(archive), read_formats(archive), about is not None and about.get("date1904") in ("1", "true"))
    lines: list[str] = []
    left = CELLS
    for name in sheets(archive, book):
        sheet = read_sheet(archive.read(name), source, left)
        left -= sum(len(row) for row in sheet.cells.values())
        lines += lines_of(sheet)
    return "\n".join(lines)


def sheets(archive: Archive, book: Element) -> Iterator[str]:
    """The parts of the shown sheets in the order of their tabs."""
    relations = archive.optional("xl/_rels/workbook.xml.rels")
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations} if relations is not None else {}
    for sheet in book.iter(S + "sheet"):
        target = targets.get(sheet.get(R + "id", ""), "")
        name = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if sheet.get("state", "visible") == "visible" and "worksheets/" in name and name in archive:
            yield name


def read_texts(archive: Archive) -> list[str]:
    """The shared texts, without the readings that may stand above characters."""
    if "xl/sharedStrings.xml" not in archive:
        return []
    return [words(one) for one in blocks(archive.read("xl/sharedStrings.xml"), S + "sst") if one.tag == S + "si"]


def words(element: Element) -> str:
    """The text of a shared or inline string."""
    return "".join(
        part.text or ""
        for child in element
        if child.tag in (S + "t", S + "r")
        for part in ([child] if child.tag == S + "t" else child.iter(S + "t"))
    )


def read_formats(archive: Archive) -> list[str]:
    """The number format of each cell style, in order."""
    root = archive.optional("xl/styles.xml")
    if root is None:
        return []
    own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iter(S + "numFmt")}
    styles = root.find(S + "cellXfs")
    ids = [one.get("numFmtId", "0") for one in styles] if styles is not None else []
    return [own.get(key, BUILT_IN.get(key, "")) for key in ids]


def read_sheet(data: bytes, source: Book, most: int) -> Sheet:
    """The cells of a sheet; BadDocument `document.long` where it has more than `most`."""
    sheet = Sheet()
    row_at = -1
    count = 0
    for block in blocks(data, S + "worksheet"):
        if block.tag == S + "cols":
            for column in block:
                if column.get("hidden") in ("1", "true"):
                    first, last = (number(column.get(edge, "")) for edge in ("min", "max"))
                    sheet.hidden_columns |= set(range(first - 1, min(last, WIDEST)))
        elif block.tag == S + "sheetData":
            for row in block:
                row_at = number(row.get("r", "")) - 1 if row.get("r") else row_at + 1
                if row_at >= LONGEST:
                    break
                if row.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.add(row_at)
                here: dict[int, str] = {}
                column_at = -1
                for cell in row:
                    match = PLACE.fullmatch(cell.get("r", ""))
                    column_at = column_of(match[1]) if match else column_at + 1
                    if column_at < WIDEST and (text := text_of(cell, source)):
                        here[column_at] = text
                if here:
                    sheet.cells[row_at] = here
                    count += len(here)
                if count > most:
                    raise BadDocument("document.long", limit=CELLS)
        elif block.tag == S + "mergeCells":
            for merge in block:
                if area := re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", merge.get("ref", "")):
                    sheet.merged.append((int(area[2]) - 1, column_of(area[1]), int(area[4]) - 1, column_of(area[3])))
    return sheet


def number(text: str) -> int:
    """A count of rows or columns, 0 where it is none."""
    return int(text) if re.fullmatch(r"\d{1,7}", text) else 0


def column_of(letters: str) -> int:
    """The column that letters name, A is 0."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


def text_of(cell: Element, source: Book) -> str:
    """What a cell shows; an error and an empty formula show nothing."""
    sort = cell.get("t", "n")
    if sort == "inlineStr":
        inline = cell.find(S + "is")
        return grid.paragraph(words(inline)) if inline is not None else ""
    value = cell.findtext(S + "v") or ""
    if sort == "s":
        place = number(value)
        return grid.paragraph(source.texts[place]) if value and place < len(source.texts) else ""
    if sort in ("e", "b"):
        return "" if sort == "e" else ("TRUE" if value == "1" else "FALSE")
    if sort == "str":
        return grid.paragraph(value)
    style = number(cell.get("s", "0"))
    format = source.formats[style] if style < len(source.formats) else ""
    return grid.paragraph(shown(value, format, source.since_1904))


def lines_of(sheet: Sheet) -> list[str]:
    """The rows of a sheet as lines; a merged area is written once, its other cells as continued."""
    spread: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in sheet.merged:
        bottom, right = min(bottom, max(sheet.cells, default=0) + 1), min(right, WIDEST)
        for row in range(top, bottom + 1):
            if row in sheet.cells or row == top:
                # What stands above may be in a row that is not shown.
                shown_above = any(one not in sheet.hidden_rows for one in range(top, row))
                kept = sheet.cells.get(top, {}).get(left, "") if not shown_above else grid.DITTO
                for column in range(left, right + 1):
                    spread[row, column] = kept if column == left else ""
    used = [
        column
        for column in range(max((max(row) for row in sheet.cells.values()), default=-1) + 1)
        if column not in sheet.hidden_columns and any(column in row for row in sheet.cells.values())
    ]
    rows: list[Sequence[str]] = []
    for row in sorted(sheet.cells):
        if row not in sheet.hidden_rows:
            rows.append([spread.get((row, column), sheet.cells[row].get(column, "")) for column in used])
    return grid.table(rows)
