"""Read .docx and .docm: body text in order with automatic numbers, headings by style, tables, text boxes, changes as accepted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bot.errors import BadDocument
from bot.plan.formats import grid
from bot.plan.formats.archive import Archive, blocks
from bot.plan.formats.numbering import W, joined, value, whole
from bot.plan.formats.styles import TITLE, Source, Style, heading_level, read_styles

TABLES = 2000
"""Tables of a document; one of two hundred pages has a hundred."""
WIDEST = 250
"""Columns of a table; a page has room for thirty."""
DEEP = 12
"""Tables within tables and boxes within boxes that are followed."""
SLACK = 140
"""Twentieths of a point: grid lines nearer than that are one, as tables drawn by hand have them."""
CONTENTS = re.compile(r"(?:toc|目录|目錄)(?: ?\d| heading)?", re.I)
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DROPPED = frozenset(W + name for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "pPr", "rPr", "sdtPr", "object"))


@dataclass(slots=True)
class Words:
    """What a paragraph says, with the boxes that hang on it."""

    text: str
    boxes: list[Element]
    joins: bool = False
    """Its end was deleted: the next paragraph goes on."""


def read(data: bytes) -> str:
    """The text of a document, a paragraph or a table row a line.

    BadDocument: `document.broken`, `document.unsafe`, `document.locked`, `document.tables` (more than TABLES).
    """
    archive = Archive(data)
    body = archive.read("word/document.xml")
    if body.count(b"<w:tbl>") + body.count(b"<w:tbl ") > TABLES:
        raise BadDocument("document.tables", limit=TABLES)
    source = read_styles(archive)
    source.titled = any(f'w:pStyle w:val="{key}"'.encode() in body for key, style in source.styles.items() if TITLE.fullmatch(style.name))
    lines: list[str] = []
    held = ""
    for block in blocks(body, W + "body"):
        for piece in blocks_of(block):
            if piece.tag == W + "tbl":
                lines += table(source, piece, 0)
                continue
            words = words_of(piece)
            said = label_and(source, piece, held + words.text)
            held = ""
            if words.joins:
                held = words.text
            else:
                lines += said
            for box in words.boxes:
                lines += flow(source, box, 1)
    return "\n".join([*lines, held] if held else lines)


def blocks_of(element: Element) -> Iterator[Element]:
    """The paragraphs and tables that an element of the body stands for; wrappers of content controls and changes are opened."""
    if element.tag in (W + "p", W + "tbl"):
        yield element
    elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "smartTag", W + "ins", W + "moveTo"):
        for child in element:
            yield from blocks_of(child)


def flow(source: Source, container: Element, depth: int) -> list[str]:
    """The lines of a box or of a cell that is a frame around paragraphs."""
    lines: list[str] = []
    for child in container:
        for piece in blocks_of(child):
            if piece.tag == W + "tbl":
                lines += table(source, piece, depth + 1)
            else:
                words = words_of(piece)
                lines += label_and(source, piece, words.text)
                for box in words.boxes if depth < DEEP else ():
                    lines += flow(source, box, depth + 1)
    return lines


def words_of(paragraph: Element) -> Words:
    """The visible text of a paragraph: insertions kept, deletions and field codes dropped, a line break as a newline."""
    said: list[str] = []
    boxes: list[Element] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in DROPPED:
            continue
        if tag == W + "txbxContent":
            boxes.append(element)
        elif tag == COMPATIBLE + "AlternateContent":
            chosen = element.find(COMPATIBLE + "Choice")
            stack += [chosen] if chosen is not None and len(chosen) else [one for one in element if one is not chosen]
        elif tag == W + "t" or tag.endswith("}t"):
            said.append(element.text or "")
        elif tag == W + "tab":
            said.append(" ")
        elif tag in (W + "br", W + "cr"):
            said.append("\n" if element.get(W + "type", "textWrapping") == "textWrapping" else "")
        elif tag == W + "noBreakHyphen":
            said.append("-")
        elif tag == W + "r" and hidden(element):
            continue
        else:
            stack += reversed(element)
    joins = paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None
    return Words("".join(said), boxes, joins)


def hidden(run: Element) -> bool:
    """True for text that is not shown."""
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(W + "val", "1") not in ("0", "false")


def label_and(source: Source, paragraph: Element, text: str, empty: bool = False) -> list[str]:
    """The lines of a paragraph with its number and heading mark; one without words gives none, or with `empty` its number."""
    properties = paragraph.find(W + "pPr")
    key = value(properties, "pStyle") or source.usual
    style = source.styles.get(key, Style())
    if CONTENTS.fullmatch(style.name):
        return []
    numbered = properties.find(W + "numPr") if properties is not None else None
    number = value(numbered, "numId") if numbered is not None and numbered.find(W + "numId") is not None else style.number
    level = whole(value(numbered, "ilvl"), -1)
    if level < 0:
        level = style.level if style.level is not None and style.level >= 0 else source.numbering.level_of(number, key)
    label = source.numbering.take(number, level)
    parts = [plain for part in text.split("\n") if (plain := grid.paragraph(part))]
    if not parts:
        return [label] if label and empty else []
    parts[0] = joined(label, parts[0])
    depth = heading_level(source, style, properties)
    if depth and len(parts) == 1:
        return [grid.heading(depth, parts[0])]
    return parts


def table(source: Source, element: Element, depth: int) -> list[str]:
    """The lines of a table; one of a single column is a frame around its paragraphs."""
    if depth > DEEP:
        return []
    edges = columns(element)
    rows: list[list[str]] = []
    framed: list[list[str]] = []
    for row in rows_of(element):
        place = grid_place(row, "gridBefore")
        said = [""] * edges[min(place, len(edges) - 1)] if edges else [""] * place
        for cell in cells_of(row):
            if len(said) >= WIDEST:
                break
            properties = cell.find(W + "tcPr")
            span = max(1, min(whole(value(properties, "gridSpan"), 1), 200))
            begin, place = place, place + span
            if edges:
                begin, end = (edges[min(edge, len(edges) - 1)] for edge in (begin, place))
                span = max(end - begin, 1)
            lines = cell_lines(source, cell, depth)
            framed.append(lines)
            below = properties is not None and properties.find(f"{W}vMerge") is not None and value(properties, "vMerge") != "restart"
            beside = properties is not None and value(properties, "hMerge", "-") == "continue"
            said.append(grid.DITTO if below else "" if beside else grid.cell(line.lstrip("#") for line in lines))
            said += [""] * (span - 1)
        said += [""] * ((edges[-1] if edges else 0) - len(said))
        rows.append(said)
    if all(len(row) <= 1 for row in rows):
        return [line for lines in framed for line in lines]
    return grid.table(rows)


def rows_of(element: Element) -> Iterator[Element]:
    """The rows that were not deleted."""
    for child in element:
        if child.tag == W + "tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from rows_of(child)


def cells_of(row: Element) -> Iterator[Element]:
    """The cells that were not deleted."""
    for child in row:
        if child.tag == W + "tc":
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml"):
            yield from cells_of(child)


def grid_place(row: Element, name: str) -> int:
    """How many columns a row leaves out at its beginning."""
    return max(0, min(whole(value(row.find(W + "trPr"), name), 0), 200))


def columns(element: Element) -> Sequence[int]:
    """For each line of the table's grid the column it begins, with lines that nearly coincide taken as one; empty without widths."""
    declared = element.find(W + "tblGrid")
    widths = [whole(column.get(W + "w", ""), 0) for column in declared] if declared is not None else []
    if not widths or min(widths) < 0 or max(widths) <= 0:
        return ()
    places, edge, kept, column = [0], 0, 0, 0
    for width in widths:
        edge += width
        if edge - kept > SLACK:
            kept, column = edge, column + 1
        places.append(column)
    return places


def cell_lines(source: Source, cell: Element, depth: int) -> list[str]:
    """The lines of a cell; tables in it are written row by row, their cells divided by blanks."""
    lines: list[str] = []
    for child in cell:
        for piece in blocks_of(child):
            if piece.tag == W + "tbl":
                lines += [line.replace("\t", " ") for line in table(source, piece, depth + 1)]
            else:
                words = words_of(piece)
                lines += label_and(source, piece, words.text, empty=True)
                for box in words.boxes if depth < DEEP else ():
                    lines += flow(source, box, depth + 1)
    return lines
