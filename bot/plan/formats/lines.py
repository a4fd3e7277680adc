"""Characters at their places put together to lines of print, and lines to longer ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

UNIT = re.compile(r"[\s“‘「『（《〈]*(?:[!-~]{1,40}|.)[，。、；：！？”’」』）》〉…%]*")
"""The first piece of a line that no program breaks: a word or number, or a character, with the marks that close it."""
LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box and the size of its type."""

    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print."""

    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    text: str

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.y0 + self.y1) / 2


def lines_of(glyphs: Sequence[Glyph]) -> Iterator[Line]:
    """Characters put together to lines by their height, from left to right; a wide gap is a blank."""
    ordered = sorted(glyphs, key=lambda glyph: (glyph.y0 + glyph.y1) / 2)
    row: list[Glyph] = []
    middle = 0.0
    for glyph in ordered:
        here = (glyph.y0 + glyph.y1) / 2
        if row and here - middle > 0.5 * max(row[-1].size, 0.1):
            yield from one_line(row)
            row = []
        middle = here if not row else middle + (here - middle) / (len(row) + 1)
        row.append(glyph)
    if row:
        yield from one_line(row)


def one_line(row: Sequence[Glyph]) -> Iterator[Line]:
    """The line of these characters, none where they are blanks; the same one printed twice for boldness counts once."""
    seen = [glyph for glyph in row if glyph.text.strip()]
    if not seen:
        return
    size = median(glyph.size for glyph in seen)
    said: list[str] = []
    last: Glyph | None = None
    blank = False
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        if not glyph.text.strip():
            blank = True
            continue
        if last and glyph.text == last.text and abs(glyph.x0 - last.x0) < 0.15 * size:
            continue
        if last:
            gap = glyph.x0 - last.x1
            latin = last.text.isascii() and glyph.text.isascii() and (last.text.isalnum() or last.text in ",.;:)")
            if gap > 0.75 * size or ((latin or blank) and gap > 0.12 * size):
                said.append(" ")
        said.append(glyph.text)
        last, blank = glyph, False
    yield Line(
        min(glyph.x0 for glyph in seen),
        max(glyph.x1 for glyph in seen),
        min(glyph.y0 for glyph in seen),
        max(glyph.y1 for glyph in seen),
        size,
        "".join(said),
    )


def unit(line: Line) -> float:
    """How wide the first piece of a line is that no program breaks: a word or number, or a character, with the marks that close it."""
    match = UNIT.match(line.text)
    return sum(0.55 if sign.isascii() else 1.0 for sign in match[0]) * line.size if match else 0.0


def glued(said: str, more: str) -> str:
    """Two lines of a paragraph as one: words of letters keep a blank, characters none."""
    if said and more and LATIN.match(said[-1]) and LATIN.match(more[0]):
        return f"{said} {more}"
    return said + more
