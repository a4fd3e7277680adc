"""How a duty stands on a day: done, near (blue), behind (yellow) or overdue (red), no surer than the plan gives its time."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.calendar import SchoolCalendar
from bot.plan.model import Measure, Period
from bot.remind.occasion import Turn, turns


class Light(StrEnum):
    """How a duty stands; the order is the order of urgency."""

    OVERDUE = "overdue"
    """Past its day by more than is let pass, or past a day that an administrator set."""
    BEHIND = "behind"
    """Past its day; a vague time is past when its last day is."""
    NEAR = "near"
    """Due within days."""
    AHEAD = "ahead"
    UNDATED = "undated"
    """The plan gives no day by which it is to be done, or it is a habit that nobody reports."""
    EARLIER = "earlier"
    """It was due before the plan came into use here, and nobody said anything of it."""
    DONE = "done"


ORDER = tuple(Light)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a duty is near, and from when on overdue, in days."""

    near: int = 7
    overdue: int = 7


def due_day(measure: Measure, period: Period) -> date | None:
    """The last day on which a measure is in time; None where the plan gives none.

    What is open at its end (9月起) and what merely the whole plan's time bounds has none either.
    """
    span = measure.date
    if span is None or not span.acts or span.end is None:
        return None
    whole = span.start is not None and span.start <= period.start and span.end >= period.end
    return None if whole else span.end


def waited_for(measure: Measure, period: Period, day: date, school: SchoolCalendar) -> tuple[Turn, ...]:
    """The turns by which a measure is judged on a day: of a rhythm the turn before and the present one, else the one there is."""
    found = turns(measure, period, day, school)
    if found or (measure.recurrence is not None and measure.recurrence.every != "irregular"):
        return found
    due = due_day(measure, period)
    return (Turn("", due, due),) if due is not None else ()


def light(due: date, day: date, thresholds: Thresholds, *, granted: bool = False) -> Light:
    """How a duty that is not done stands; `granted`: its day was set by an administrator, and past it is overdue at once."""
    if due < day:
        late = granted or due + timedelta(days=thresholds.overdue) < day
        return Light.OVERDUE if late else Light.BEHIND
    return Light.NEAR if due <= day + timedelta(days=thresholds.near) else Light.AHEAD
