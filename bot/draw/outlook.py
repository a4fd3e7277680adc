"""The time ahead as a picture: the month with what falls on each day, and the weeks of the term by how full they are."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image, ImageDraw

from bot.draw.pen import BASE, FILL, INK, LINE, MARGIN, PAPER, SOFT, WIDTH, fit, font, png

CELL, HEAD, WEEK, LINES = 100, 34, 32, 8
"""Pixels: a day's height, the row of weekdays, a week of the term; and how many vague times are written out."""
LONG = 62
"""Days; a time longer than that says nothing of one month."""
SHOWN = 3
"""Lines in a day."""
CLASH, OFF, NOW = "#c0392b", "#f3f5f4", "#fff3cd"
FULL = "#e0a800"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that falls on days: on each of them where they are exact, else somewhere in that time."""

    title: str
    first: date
    last: date
    exact: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the term, from its Monday on."""

    name: str
    monday: date
    count: int
    """What falls into it on a day of its own."""
    full: bool
    clashes: tuple[date, ...]
    """Days on which more than one thing falls."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is written in the picture, in the reader's language."""

    title: str
    at: str
    weekdays: Sequence[str]
    """Monday first."""
    more: str
    """How many titles a day has besides, with `{count}`."""
    vague: str
    term: str
    full: str
    clash: str
    none: str


def draw_outlook(words: Words, month: date, marks: Sequence[Mark], weeks: Sequence[Week], today: date, days_off: Collection[date]) -> bytes:
    """A PNG of 1,000 pixels in width: the month of `month` as a sheet, what has but a vague time in it, and the weeks as given."""
    rows = month_rows(month)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    loose = [mark for mark in marks if not mark.exact and mark.first <= last and mark.last >= month.replace(day=1)]
    # What is nearest to a day comes first; what merely lasts the whole term says nothing of this month.
    loose = sorted((mark for mark in loose if (mark.last - mark.first).days <= LONG), key=lambda mark: mark.last - mark.first)
    vague = [mark.title for mark in loose[:LINES]]
    if len(loose) > LINES:
        vague[-1:] = [words.more.format(count=len(loose) - LINES + 1)]
    top = MARGIN + 78
    middle = top + HEAD + CELL * len(rows) + (30 + 26 * len(vague) if vague else 0)
    height = middle + (56 + WEEK * len(weeks) if weeks else 0) + MARGIN
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN - 8), fit(words.title, 30, WIDTH - 2 * MARGIN), INK, font(30))
    pen.text((MARGIN, MARGIN + 34), words.at, SOFT, font(18))
    draw_month(pen, top, words, month, [mark for mark in marks if mark.exact], today, days_off)
    at = top + HEAD + CELL * len(rows)
    if vague:
        pen.text((MARGIN, at + 8), words.vague, SOFT, font(18))
        for number, title in enumerate(vague):
            pen.text((MARGIN + 16, at + 34 + 26 * number), fit(f"· {title}", 17, WIDTH - 2 * MARGIN - 16), INK, font(17))
    if weeks:
        draw_weeks(pen, middle + 16, words, weeks, today)
    return png(image)


def month_rows(month: date) -> list[date]:
    """The Mondays of the weeks that touch a month."""
    first = month.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return [monday + timedelta(weeks=number) for number in range((last - monday).days // 7 + 1)]


def draw_month(
    pen: ImageDraw.ImageDraw, top: int, words: Words, month: date, marks: Sequence[Mark], today: date, days_off: Collection[date]
) -> None:
    """The sheet of a month: days off are shaded, today is lit, a day with more than one thing has its number in red."""
    width = (WIDTH - 2 * MARGIN) / 7
    for column, name in enumerate(words.weekdays):
        pen.text((MARGIN + width * (column + 0.5), top + HEAD / 2), name, SOFT, font(17), anchor="mm")
    for row, monday in enumerate(month_rows(month)):
        for column in range(7):
            day = monday + timedelta(days=column)
            left, upper = MARGIN + width * column, top + HEAD + CELL * row
            if day.month != month.month:
                continue
            ground = NOW if day == today else OFF if day in days_off else PAPER
            pen.rectangle((left, upper, left + width, upper + CELL), ground, LINE)
            own = [mark for mark in marks if mark.first <= day <= mark.last]
            pen.text((left + 7, upper + 5), str(day.day), CLASH if len(own) > 1 else SOFT, font(16))
            lines = written([mark.title for mark in own], int(width) - 12, words.more)
            for number, line in enumerate(lines):
                pen.text((left + 7, upper + 28 + 22 * number), line, INK, font(15))


def written(titles: Sequence[str], width: int, more: str) -> list[str]:
    """At most three lines for the titles of a day: one alone is wrapped, several have a line each, and those left over are counted."""
    if len(titles) == 1:
        lines: list[str] = []
        rest = titles[0]
        while rest and len(lines) < SHOWN:
            end = len(rest)
            while font(15).getlength(rest[:end]) > width:
                end -= 1
            last = len(lines) == SHOWN - 1
            lines.append(fit(rest, 15, width) if last else rest[:end])
            rest = rest[end:]
        return lines
    if len(titles) <= SHOWN:
        return [fit(title, 15, width) for title in titles]
    return [*(fit(title, 15, width) for title in titles[: SHOWN - 1]), more.format(count=len(titles) - SHOWN + 1)]


def draw_weeks(pen: ImageDraw.ImageDraw, top: int, words: Words, weeks: Sequence[Week], today: date) -> None:
    """A bar for each week, longer the more falls into it; full ones in yellow, days with more than one thing named in red."""
    pen.text((MARGIN, top), words.term, SOFT, font(18))
    most = max((week.count for week in weeks), default=0) or 1
    left, room = MARGIN + 250, WIDTH - 2 * MARGIN - 250 - 330
    for number, week in enumerate(weeks):
        upper = top + 32 + WEEK * number
        middle = upper + WEEK / 2
        sunday = week.monday + timedelta(days=6)
        if week.monday <= today <= sunday:
            pen.rectangle((MARGIN - 8, upper, WIDTH - MARGIN + 8, upper + WEEK), NOW)
        days = f"{week.monday.month}.{week.monday.day}–{sunday.month}.{sunday.day}"
        pen.text((MARGIN, middle), f"{week.name}  {days}", INK, font(17), anchor="lm")
        pen.rectangle((left, middle - 7, left + room, middle + 7), BASE)
        if week.count:
            pen.rectangle((left, middle - 7, left + room * week.count / most, middle + 7), FULL if week.full else FILL)
        pen.text((left + room + 12, middle), str(week.count or words.none), INK, font(17), anchor="lm")
        notes = [words.full] if week.full else []
        notes += [f"{words.clash} {'、'.join(f'{day.month}.{day.day}' for day in week.clashes)}"] if week.clashes else []
        pen.text((left + room + 52, middle), fit("  ".join(notes), 16, 270), CLASH if week.clashes else SOFT, font(16), anchor="lm")
