"""How far units are, as a picture: a bar for each, red, yellow, blue and green by what is overdue, behind, near and done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PIL import Image, ImageDraw

from bot.draw.pen import BASE, INK, LINE, MARGIN, PAPER, SOFT, WIDTH, fit, font, png

COLOURS: Mapping[str, str] = MappingProxyType(
    {"overdue": "#c0392b", "behind": "#e0a800", "near": "#2f7fc1", "done": "#2e8b57", "rest": "#cfd8d4"}
)
"""The parts of a bar, in its order from the left."""
ROW, NAME, FIGURES = 34, 330, 90
"""Pixels: a row's height, the room of a name and that of the figures at the end."""
MOST = 150
"""Rows drawn one by one; the others are one row. A messenger takes pictures of 10,000 pixels in height and width together."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit or section: how many of its duties stand how, by the names of COLOURS."""

    name: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its duties."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Words:
    """What is written in the picture, in the reader's language."""

    title: str
    at: str
    """As of when."""
    legend: Mapping[str, str]
    """A word for each of COLOURS."""
    others: str
    """The row of those that are not drawn one by one."""


def draw_board(words: Words, bars: Sequence[Bar]) -> bytes:
    """A PNG of 1,000 pixels in width: the sums, then a bar for each row as given, all of one length."""
    shown = list(bars) if len(bars) <= MOST else [*bars[: MOST - 1], added(words.others, bars[MOST - 1 :])]
    whole = added("", bars)
    top = MARGIN + 140
    image = Image.new("RGB", (WIDTH, top + ROW * len(shown) + MARGIN), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN - 8), fit(words.title, 30, WIDTH - 2 * MARGIN), INK, font(30))
    pen.text((MARGIN, MARGIN + 36), words.at, SOFT, font(18))
    x = float(MARGIN)
    for name, colour in COLOURS.items():
        label = f"{words.legend[name]} {whole.parts.get(name, 0)}"
        pen.rounded_rectangle((x, MARGIN + 78, x + 18, MARGIN + 96), 4, colour)
        pen.text((x + 26, MARGIN + 87), label, INK, font(20), anchor="lm")
        x += 26 + font(20).getlength(label) + 32
    pen.line((MARGIN, top - 16, WIDTH - MARGIN, top - 16), LINE)
    for place, bar in enumerate(shown):
        draw_bar(pen, top + place * ROW, bar)
    return png(image)


def added(name: str, bars: Sequence[Bar]) -> Bar:
    """Several rows as one."""
    return Bar(name, {part: sum(bar.parts.get(part, 0) for bar in bars) for part in COLOURS})


def draw_bar(pen: ImageDraw.ImageDraw, top: int, bar: Bar) -> None:
    """One row: its name, its parts, and how many of all are done."""
    left, right, middle = MARGIN + NAME + 16, WIDTH - MARGIN - FIGURES, top + ROW // 2
    pen.text((MARGIN + NAME, middle), fit(bar.name, 18, NAME), INK, font(18), anchor="rm")
    pen.rectangle((left, middle - 9, right, middle + 9), BASE)
    for name, (first, last) in extents(bar, left, right).items():
        pen.rectangle((first, middle - 9, last - 1, middle + 9), COLOURS[name])
    pen.text((right + 12, middle), f"{bar.parts.get('done', 0)}/{bar.total}", INK, font(18), anchor="lm")


def extents(bar: Bar, left: int, right: int) -> dict[str, tuple[int, int]]:
    """From which pixel to which each part goes; the smallest part is still four pixels wide, so that one overdue among hundreds is seen."""
    present = [name for name in COLOURS if bar.parts.get(name)]
    if not present:
        return {}
    room = right - left - 4 * len(present)
    found, at, counted = {}, left, 0
    for number, name in enumerate(present, 1):
        counted += bar.parts[name]
        end = left + 4 * number + round(room * counted / bar.total)
        found[name] = (at, end)
        at = end
    return found
