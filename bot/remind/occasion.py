"""Which turn of a rhythm a day belongs to, so that what was done in October is open again in November."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import SchoolCalendar
from bot.plan.model import Measure, Period

COUNTED = ("month", "quarter", "term", "year")
"""Rhythms whose turns are waited for one by one; what is done every day or week is a habit, of which nobody reports each time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a measure is to be done: its name, as a state is kept under, and its days, the last included."""

    name: str
    first: date
    last: date


def occasion(measure: Measure, day: date, school: SchoolCalendar) -> str:
    """The turn that `day` falls into: `2026-10-12`, `2026-W42` (ISO 8601), `2026-10`, `2026-Q4`, `2026-1` (a term), `2026` (a school year).

    Empty for a measure without a rhythm or with an irregular one (不定期), which is done once.
    """
    every = measure.recurrence.every if measure.recurrence is not None else ""
    return turn_of(every, day, school).name


def turn_of(every: str, day: date, school: SchoolCalendar) -> Turn:
    """The turn of a rhythm that a day falls into, with its days by the calendar; without a name where the rhythm has no turns."""
    if every == "day":
        return Turn(day.isoformat(), day, day)
    if every == "week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Turn(f"{year}-W{week:02d}", monday, monday + timedelta(days=6))
    if every in ("month", "quarter"):
        size = 1 if every == "month" else 3
        month = (day.month - 1) // size * size + size
        name = f"{day:%Y-%m}" if size == 1 else f"{day.year}-Q{month // 3}"
        return Turn(name, date(day.year, month - size + 1, 1), date(day.year, month, monthrange(day.year, month)[1]))
    began = school.school_year(day)
    spring = school.spring_term(began)
    if every == "term":
        # A break belongs to the term before it: there what was not done in time is still caught up with.
        autumn = day < spring[0]
        return Turn(f"{began}-{1 if autumn else 2}", *(school.autumn_term(began) if autumn else spring))
    if every == "year":
        return Turn(str(began), school.autumn_term(began)[0], spring[1])
    return Turn("", day, day)


def turns(measure: Measure, period: Period, day: date, school: SchoolCalendar) -> tuple[Turn, ...]:
    """The turn of a measure that `day` falls into and the one before it, the earlier first, within the days of the plan and of school.

    Before its first turn that one alone. Empty for a measure without a rhythm that is waited for turn by turn.
    """
    every = measure.recurrence.every if measure.recurrence is not None else ""
    if every not in COUNTED:
        return ()
    span = measure.date
    timed = span is not None and span.acts and measure.recurrence is not None and span.text not in measure.recurrence.text
    first = (span.start if timed and span else None) or period.start
    last = (span.end if timed and span else None) or period.end
    found: list[Turn] = []
    at = max(first, min(day, last))
    while len(found) < 2 and at >= first:
        turn = turn_of(every, at, school)
        begin, end = max(turn.first, first), min(turn.last, last)
        if begin <= end and has_school(begin, end, school):
            found.append(Turn(turn.name, begin, end))
        at = turn.first - timedelta(days=1)
    return tuple(reversed(found))


def has_school(first: date, last: date, school: SchoolCalendar) -> bool:
    """Whether any of these days is one of a term; in a month of holidays nothing falls due."""
    day = first
    while day <= last:
        begin, end = school.term(day)
        if begin <= last and day <= end:
            return True
        day = end + timedelta(days=1)
    return False
