"""How a notice was answered, as a picture: the sum over time, and each unit's share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from bot.draw.pen import BASE, FILL, INK, LINE, MARGIN, PAPER, SOFT, WIDTH, fit, font, png

GRAPH, ROW = 300, 40
"""Pixels: the height of the curve, and of a unit's row."""
UNITS = 24
"""Units drawn one by one; the others are one row."""
NAME = 260
"""Pixels of a unit's name."""
STEPS = (1, 2, 5)
"""A scale counts in these and their tenfolds."""


@dataclass(frozen=True, slots=True)
class Share:
    """One unit: how many people it is for, and how many have answered or, where nothing is asked, have it."""

    unit: str
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class Words:
    """What is written in the picture, in the reader's language."""

    title: str
    over_time: str
    by_unit: str
    others: str
    """The row of the units that are not drawn one by one."""
    at: str
    """As of when."""


def draw_progress(
    words: Words, begun: datetime, moments: Sequence[datetime], shares: Sequence[Share], zone: ZoneInfo, now: datetime
) -> bytes:
    """A PNG of 1,000 pixels in width: the curve of `moments` (aware, in any order) from `begun` on, and a bar for each unit as given."""
    shown = list(shares) if len(shares) <= UNITS else [*shares[: UNITS - 1], _rest(words.others, shares[UNITS - 1 :])]
    height = MARGIN * 2 + 100 + GRAPH + 60 + ROW * len(shown)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN - 8), fit(words.title, 30, WIDTH - 2 * MARGIN), INK, font(30))
    pen.text((MARGIN, MARGIN + 36), words.at, SOFT, font(18))
    top = MARGIN + 100
    pen.text((MARGIN, top - 32), words.over_time, SOFT, font(20))
    _curve(
        pen,
        (MARGIN + 60, top + 10, WIDTH - MARGIN - 30, top + GRAPH - 40),
        begun,
        sorted(moments),
        sum(row.total for row in shares),
        zone,
        now,
    )
    top += GRAPH + 20
    pen.text((MARGIN, top), words.by_unit, SOFT, font(20))
    for place, share in enumerate(shown):
        _bar(pen, top + 40 + place * ROW, share)
    return png(image)


def _rest(name: str, shares: Sequence[Share]) -> Share:
    return Share(name, sum(row.total for row in shares), sum(row.done for row in shares))


def _curve(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    begun: datetime,
    moments: Sequence[datetime],
    total: int,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """The sum over time as steps, on a scale that ends with everybody."""
    left, top, right, bottom = box
    # Once everybody has answered nothing happens any more; a picture of less than ten minutes would show noise.
    end = max(begun + timedelta(minutes=10), now if len(moments) < total else (moments or [now])[-1])
    span = (end - begun).total_seconds()

    def place(moment: datetime, count: int) -> tuple[float, float]:
        share = min(1.0, max(0.0, (moment - begun).total_seconds() / span))
        return left + (right - left) * share, bottom - (bottom - top) * count / max(1, total)

    for count in ticks(total):
        y = place(begun, count)[1]
        pen.line((left, y, right, y), LINE)
        pen.text((left - 12, y), str(count), SOFT, font(16), anchor="rm")
    points = [place(begun, 0)]
    for count, moment in enumerate(moments, 1):
        points += [place(moment, count - 1), place(moment, count)]
    points.append(place(end, len(moments)))
    pen.polygon([*points, (points[-1][0], bottom), (left, bottom)], BASE)
    pen.line(points, FILL, 3)
    form = "%H:%M" if begun.astimezone(zone).date() == end.astimezone(zone).date() else "%m-%d %H:%M"
    for part, anchor in ((0, "lt"), (1, "mt"), (2, "mt"), (3, "mt"), (4, "rt")):
        moment = begun + timedelta(seconds=span * part / 4)
        x = place(moment, 0)[0]
        pen.line((x, bottom, x, bottom + 6), SOFT)
        pen.text((x, bottom + 12), moment.astimezone(zone).strftime(form), SOFT, font(16), anchor=anchor)


def ticks(total: int) -> list[int]:
    """Whole numbers from 0 to `total` for a scale: even steps of 1, 2 or 5 times a power of ten, at most six, the last one `total`."""
    step = next(base * 10**power for power in range(10) for base in STEPS if total <= 5 * base * 10**power)
    even = list(range(0, total + 1, step))
    # A step too near to the end would be written over it.
    return [count for count in even if total - count >= step / 2] + [total] if total else [0]


def _bar(pen: ImageDraw.ImageDraw, top: int, share: Share) -> None:
    left, right, middle = MARGIN + NAME + 20, WIDTH - MARGIN - 110, top + ROW // 2
    pen.text((MARGIN + NAME, middle), fit(share.unit, 18, NAME), INK, font(18), anchor="rm")
    pen.rounded_rectangle((left, middle - 9, right, middle + 9), 9, BASE)
    if share.done and share.total:
        # The least share still is a dot that can be seen.
        pen.rounded_rectangle((left, middle - 9, max(left + 18, left + (right - left) * share.done / share.total), middle + 9), 9, FILL)
    pen.text((right + 14, middle), f"{share.done}/{share.total}", INK, font(18), anchor="lm")
