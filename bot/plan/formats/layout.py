"""From characters and ruling lines on pages to paragraphs and table rows, for formats that keep places and no text flow.

Coordinates are points, x to the right and y downwards.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.plan.formats import grid
from bot.plan.formats.lines import Glyph, Line, glued, lines_of, unit
from bot.plan.formats.ruling import Rule, Table, tables_of

WIDEST = 2.4
"""Characters from one line of a paragraph to the next at most."""
EDGE = 0.14
"""Part of a page's height at its top and bottom in which running heads and page numbers stand."""
NUMBER = re.compile(
    r"[\s\-—–―~·•.]*(?:第?\s*[\divxlc]+\s*[页頁]?|[页頁]\s*\d+)(?:\s*[,，/／\-共]\s*共?\s*\d+\s*[页頁]?)?[\s\-—–―~·•.]*", re.I
)
STOP = "。；！？：!?;:”」）)"
MARKER = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,4}[篇章节節条條部编編]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]\d{1,2}[)）]|\d{1,2}[、.．](?!\d)|[①-⑳]|附件|[一二三四五六七八九十]是)"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page."""

    width: float
    height: float
    glyphs: Sequence[Glyph]
    rules: Sequence[Rule] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What the lines of a document keep to: the margins, and the distance from one line to the next inside a paragraph."""

    left: float
    right: float
    pitch: float


Block = Line | Table


def text_of(pages: Sequence[Page]) -> str:
    """The text of all pages: heads, feet and page numbers dropped, broken lines joined, tables as rows."""
    laid = [blocks_of(page) for page in pages]
    repeated = running(pages, laid)
    kept = [[block for block in blocks if not (isinstance(block, Line) and is_running(block, page, repeated))] for page, blocks in
            zip(pages, laid, strict=True)]  # fmt: skip
    return "\n".join(flowed(pages, kept))


def blocks_of(page: Page) -> list[Block]:
    """The lines and tables of a page from top to bottom."""
    found = tables_of(page.rules)
    inside: list[list[Glyph]] = [[] for _ in found]
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        owner = next((place for place, table in enumerate(found) if table.holds(x, y)), None)
        (outside if owner is None else inside[owner]).append(glyph)
    blocks: list[Block] = list(lines_of(outside))
    for table, glyphs in zip(found, inside, strict=True):
        filled = filled_table(table, glyphs)
        if filled is None:
            blocks += lines_of(glyphs)
        else:
            blocks.append(filled)
    return sorted(blocks, key=lambda block: block.y0)


def filled_table(table: Table, glyphs: Sequence[Glyph]) -> Table | None:
    """The table with its words; None where it is a frame around running text, whose lines count as such."""
    cells: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        place = table.cell_at((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        cells.setdefault(table.owner[place], []).append(glyph)
    if len(set(table.owner.values())) < 2 or table.columns < 2:
        return None
    rows: list[list[str]] = []
    for row in range(table.rows):
        said: list[str] = []
        for column in range(table.columns):
            owner = table.owner[row, column]
            if owner == (row, column):
                said.append(cell_text(list(lines_of(cells.get(owner, ()))), table.right_of(owner)))
            else:
                said.append(grid.DITTO if owner[1] == column and owner[0] < row else "")
        rows.append(said)
    return Table(table.xs, table.ys, table.owner, tuple(map(tuple, rows)))


def cell_text(lines: Sequence[Line], right: float) -> str:
    """The lines of a cell: one that reaches the cell's edge goes on in the next, others are divided by a blank."""
    if not lines:
        return ""
    widest = max(line.x1 for line in lines)
    said = lines[0].text
    for before, line in pairwise(lines):
        full = before.x1 > min(right, widest + before.size) - 1.9 * before.size and before.x1 > widest - 1.2 * before.size
        said = glued(said, line.text) if full and not MARKER.match(line.text) else f"{said} {line.text}"
    return grid.paragraph(said)


def running(pages: Sequence[Page], laid: Sequence[Sequence[Block]]) -> frozenset[tuple[str, bool]]:
    """What repeats at the top or bottom of pages, numbers apart: (words, at the top)."""
    seen: Counter[tuple[str, bool]] = Counter()
    for page, blocks in zip(pages, laid, strict=True):
        seen.update({(pattern(line.text), top) for line in blocks if isinstance(line, Line) if (top := edge(line, page)) is not None})
    # Odd and even pages may differ, and a first page may have none.
    least = max(2, round(0.35 * len(pages)))
    return frozenset(key for key, count in seen.items() if count >= least)


def pattern(text: str) -> str:
    """The words with every number as one sign."""
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


def edge(line: Line, page: Page) -> bool | None:
    """True at the top of the page, False at its bottom, None in between."""
    if line.y1 < EDGE * page.height:
        return True
    return False if line.y0 > (1 - EDGE) * page.height else None


def is_running(line: Line, page: Page, repeated: frozenset[tuple[str, bool]]) -> bool:
    """True for a running head or foot and for a page number."""
    top = edge(line, page)
    return top is not None and ((pattern(line.text), top) in repeated or bool(NUMBER.fullmatch(line.text)))


def flowed(pages: Sequence[Page], laid: Sequence[Sequence[Block]]) -> Iterator[str]:
    """The blocks of all pages as lines of text: paragraphs joined over lines and pages, tables over pages."""
    frame = frame_of(laid)
    said, before = "", None
    rows: list[list[str]] = []
    page_end = False
    for blocks in laid:
        page_end = True
        for block in blocks:
            if isinstance(block, Table):
                if said:
                    yield said
                said, before = "", None
                here = [list(row) for row in block.cells]
                if rows and page_end and len(rows[0]) == block.columns:
                    go_on(rows, here)
                else:
                    yield from grid.table(rows)
                    rows = here
            else:
                yield from grid.table(rows)
                rows = []
                if before and goes_on(before, block, frame, new_page=page_end):
                    said = glued(said, block.text)
                else:
                    if said:
                        yield said
                    said = block.text
                before = block
            page_end = False
    yield from grid.table(rows)
    if said:
        yield said


def frame_of(laid: Sequence[Sequence[Block]]) -> Frame:
    """The margins and the pitch of a document's lines."""
    lines = [block for blocks in laid for block in blocks if isinstance(block, Line)]
    tables = [block for blocks in laid for block in blocks if isinstance(block, Table)]
    if not lines:
        return Frame(0.0, 0.0, 0.0)
    size = median(line.size for line in lines)
    # A page that is mostly table has few lines to tell the margin by.
    right = max(margin([line.x1 for line in lines], size, low=False), *(table.xs[-1] - 2 * size for table in tables), 0.0)
    steps = [
        line.middle - before.middle
        for blocks in laid
        for before, line in pairwise(blocks)
        if isinstance(before, Line) and isinstance(line, Line) and line.middle - before.middle > 0.8 * size
    ]
    return Frame(
        margin([line.x0 for line in lines], size, low=True), right, min(margin(steps, size, low=True), WIDEST * size) if steps else 0.0
    )


def margin(places: Sequence[float], size: float, low: bool) -> float:
    """The margin that lines keep to: the outermost place that several share, within a third of a character."""
    steps = Counter(round(place / (size / 3)) for place in places)
    often = [step for step, count in steps.items() if count >= max(2, 0.03 * len(places))] or list(steps)
    return (min(often) if low else max(often)) * size / 3


def goes_on(before: Line, line: Line, frame: Frame, new_page: bool) -> bool:
    """True where a line continues the paragraph of the one before.

    The line before must be full, for a paragraph's last line is short; the next must be of the same type, close below, and begin neither
    with a number nor, after the end of a sentence, with an indent.
    """
    size = before.size
    if abs(before.size - line.size) > 0.15 * size or before.x1 + unit(line) < frame.right - 1.2 * size:
        return False
    if not new_page and line.middle - before.middle > frame.pitch + 0.4 * size:
        return False
    if MARKER.match(line.text) or (before.text[-1] in "。；" and re.match(r"\d{1,2}[.．]\d", line.text)):
        return False
    indented = line.x0 > frame.left + 1.2 * size
    ended = before.text[-1] in STOP
    return not (indented and ended) and not (indented and line.x0 > before.x0 + 1.2 * size and line.x1 < frame.right - 2.2 * size)


def go_on(rows: list[list[str]], more: list[list[str]]) -> None:
    """Add the rows of a table that goes on on the next page: its head printed again goes, a row that the page cut in two is made whole."""
    heads = 0
    while heads < min(len(rows), len(more), 3) and rows[heads] == more[heads]:
        heads += 1
    more = more[heads:]
    if not more or not rows:
        return
    first, last = more[0], rows[-1]
    filled = [place for place, text in enumerate(first) if text and text != grid.DITTO]
    # A short first cell that stands alone heads the rows below it; what was cut had filled at least a line.
    cut = bool(filled) and len(filled) * 2 <= len(first) and all(len(last[place]) >= (1 if place else 8) for place in filled)
    if cut and all(not MARKER.match(first[place]) and last[place][-1:] not in "。；;" for place in filled):
        for place in filled:
            last[place] = glued(last[place], first[place])
        more = more[1:]
    elif filled and 0 not in filled:
        # The cells before the first filled one belong to a merged cell of the page before.
        for place in range(filled[0]):
            first[place] = grid.DITTO if rows[-1][place] else first[place]
    rows += more
