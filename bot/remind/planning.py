"""When a subject is announced: moments worked out from its date, how exact that is, its rhythm, and what the person chose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.calendar import SchoolCalendar
from bot.plan.model import DateRole, Precision, Span
from bot.remind.rhythm import Occurrence, occurrences, rhythm_of, terms
from bot.remind.subjects import Subject, definite

LONG = 31
"""Days; a vaguer time that is longer is announced in its middle and towards its end too (上半年)."""
CLOSING = 30
"""Days before the end of a long time at which it is announced for the last time."""
APART = 7
"""Days that the announcements of a long time are at least apart."""
RHYTHM_AHEAD = 7
"""Days; what comes back is not announced earlier than this before the day it is due."""
OVERDUE = timedelta(days=7)
"""How long it is of use to say that something is overdue."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person wants to be reminded."""

    days: tuple[int, ...]
    """How many days ahead; 0 is the day itself, -1 the day after it was due."""
    at: time
    zone: ZoneInfo
    working: bool = False
    """Count workdays, with the make-up workdays of the year, instead of days of the calendar."""
    quiet: tuple[time, time] | None = None
    """From when until when nothing is sent that can wait, perhaps over midnight."""

    @property
    def time(self) -> time:
        """The time of day of what is planned: the chosen one, or the end of the quiet hours where it lies in them."""
        return self.quiet[1] if self.quiet is not None and within(self.at, self.quiet) else self.at


@dataclass(frozen=True, slots=True)
class Situation:
    """What a subject means to a person: whether they follow it by name, whether their unit has to do it, and which kind of unit."""

    named: bool = True
    concerned: bool = False
    kindergarten: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One announcement: `label` says which (`7d`, `2w` in workdays, `0d`, `late1d`, `open`, `middle`, `close`, `each`, `due3d`)."""

    label: str
    about: date
    """The day it is about."""
    at: datetime
    """When it is sent, in UTC."""
    expires: datetime
    """From when on it is of no use."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments still ahead and those already past; `vague` where the date is not a day."""

    ahead: tuple[Moment, ...]
    past: tuple[Moment, ...]
    vague: bool


def within(moment: time, quiet: tuple[time, time]) -> bool:
    """True where a time of day lies in the quiet hours; their end does not."""
    start, end = quiet
    return start <= moment < end if start <= end else moment >= start or moment < end


def waking(at: datetime, habit: Habit) -> datetime:
    """The first moment from `at` on that is not in the quiet hours."""
    local = at.astimezone(habit.zone)
    if habit.quiet is None or not within(local.timetz().replace(tzinfo=None), habit.quiet):
        return at
    day = local.date() + timedelta(days=1) if local.time() >= habit.quiet[1] else local.date()
    return moment_of(day, habit.quiet[1], habit.zone)


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local day and time in UTC; of a time that comes twice the first, of one that a clock jumps over the moment it jumps at."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def moments(subject: Subject, habit: Habit, calendar: SchoolCalendar, situation: Situation) -> tuple[Moment, ...]:
    """All announcements of a subject in the order of time.

    A day or a deadline is announced some days ahead, a vague time from its first day on, a long one at its opening, in its middle and a
    month before its end; what comes back at the opening of each period or some days before it is due. What is overdue is said to those
    who follow it by name and to the unit that has to do it.
    """
    span = subject.span if subject.span is not None and subject.span.acts else None
    found = rhythm_of(subject, situation.kindergarten)
    if found is not None and not subject.goes_on and found.every in ("day", "week") and not (situation.named and found.every == "week"):
        # Nobody who merely follows a whole plan wants to hear of it every week, nor anybody every day.
        return openings_of_terms(subject, habit, calendar)
    if found is not None and found.every not in ("year", "irregular") and wide(span) and not subject.goes_on:
        first, last = bounds(subject)
        return tuple(moment for one in occurrences(found, first, last, calendar) for moment in of_occurrence(one, habit, calendar))
    if span is None:
        first, last = subject.period.start, subject.period.end
        return of_long(first, last, habit, calendar, closing_only=True) if found is not None and found.every == "year" else ()
    own = of_span(span, habit, calendar, situation, subject.kind)
    if found is None or not subject.goes_on or span.end is None:
        return own
    # 9月集中演練，此後每月一次: the time itself, and then the rhythm until the plan ends.
    after = occurrences(found, span.end + timedelta(days=1), subject.period.end, calendar)
    return (*own, *(moment for one in after for moment in of_occurrence(one, habit, calendar)))


def wide(span: Span | None) -> bool:
    """True where a time leaves room for a rhythm: none, an open one, or one longer than two months."""
    if span is None or span.role is DateRole.OPEN:
        return True
    return span.start is not None and span.end is not None and (span.end - span.start).days > 2 * LONG


def bounds(subject: Subject) -> tuple[date, date]:
    """The days within which a rhythm counts: those of its own time, else those of its plan."""
    span = subject.span if subject.span is not None and subject.span.acts else None
    start = span.start if span is not None and span.start else subject.period.start
    return start, span.end if span is not None and span.end else subject.period.end


def openings_of_terms(subject: Subject, habit: Habit, calendar: SchoolCalendar) -> tuple[Moment, ...]:
    """One announcement at the first workday of each term for what comes every day or week."""
    first, last = bounds(subject)
    found = []
    for start, end in terms(first, last, calendar):
        day = calendar.add_workdays(max(start, first), 0)
        if day <= min(end, last):
            found.append(Moment("open", day, moment_of(day, habit.time, habit.zone), day_end(day + timedelta(days=6), habit)))
    return tuple(found)


def of_occurrence(one: Occurrence, habit: Habit, calendar: SchoolCalendar) -> Sequence[Moment]:
    """The announcements of one time that something comes back."""
    if one.due is None:
        return (Moment("each", one.first, moment_of(one.first, habit.time, habit.zone), day_end(one.last, habit)),)
    days = [day for day in habit.days if 0 <= day <= RHYTHM_AHEAD] or [0]
    return counted(one.due, days, habit, calendar, "due")


def of_span(span: Span, habit: Habit, calendar: SchoolCalendar, situation: Situation, kind: str) -> tuple[Moment, ...]:
    """The announcements of a time that comes once."""
    first = span.start or span.end
    assert first is not None
    last = span.end or first
    alert = situation.named or situation.concerned
    if span.role is DateRole.DEADLINE:
        ahead = counted(last, [day for day in habit.days if day >= 0], habit, calendar)
        return (*ahead, *overdue(last, habit, calendar, alert))
    if span.role is DateRole.OPEN:
        if span.precision is Precision.DAY:
            return tuple(counted(first, [day for day in habit.days if day >= 0], habit, calendar))
        return of_long(first, min(last, first + timedelta(days=LONG)), habit, calendar)
    if definite(span):
        return tuple(counted(first, [day for day in habit.days if day >= 0], habit, calendar))
    tasks = overdue(last, habit, calendar, alert and kind in ("measure", "deadline", "inspection"))
    return (*of_long(first, last, habit, calendar), *tasks)


def counted(first: date, days: Sequence[int], habit: Habit, calendar: SchoolCalendar, prefix: str = "") -> list[Moment]:
    """Announcements so many days or workdays before `first`; each is of use until the next, the last until that day ends.

    That something which goes on for days began yesterday is no news.
    """
    rows = []
    for count in sorted(set(days), reverse=True):
        day = calendar.add_workdays(first, -count) if habit.working and count else first - timedelta(days=count)
        rows.append((f"{prefix}{count}{'w' if habit.working else 'd'}", moment_of(day, habit.time, habit.zone)))
    ends = [at for _, at in rows[1:]] + [day_end(first, habit)] if rows else []
    return [Moment(label, first, at, end) for (label, at), end in zip(rows, ends, strict=True)]


def overdue(last: date, habit: Habit, calendar: SchoolCalendar, alert: bool) -> list[Moment]:
    """Announcements after something was due, to those whom it concerns."""
    found = []
    for count in sorted({-day for day in habit.days if day < 0}) if alert else ():
        day = calendar.add_workdays(last, count) if habit.working else last + timedelta(days=count)
        at = moment_of(day, habit.time, habit.zone)
        found.append(Moment(f"late{count}{'w' if habit.working else 'd'}", last, at, at + OVERDUE))
    return [replace(one, expires=min(one.expires, following.at)) for one, following in pairwise(found)] + found[-1:]


def of_long(first: date, last: date, habit: Habit, calendar: SchoolCalendar, closing_only: bool = False) -> tuple[Moment, ...]:
    """A vague time from its first day on; a long one also in its middle and a month before its end, where that is some days later.

    What takes months need not open on a holiday: a long one is announced on its first workday.
    """
    length = (last - first).days
    days = [("open", first if length <= LONG else calendar.add_workdays(first, 0))]
    if length > LONG:
        middle, close = first + timedelta(days=(length + 1) // 2), last - timedelta(days=CLOSING)
        if not closing_only:
            days.append(("middle", middle))
        if close >= days[-1][1] + timedelta(days=APART):
            days.append(("close", close))
    ends = [moment_of(day, habit.time, habit.zone) for _, day in days[1:]] + [day_end(last, habit)]
    return tuple(Moment(label, first, moment_of(day, habit.time, habit.zone), end) for (label, day), end in zip(days, ends, strict=True))


def day_end(day: date, habit: Habit) -> datetime:
    """The end of a local day."""
    return moment_of(day + timedelta(days=1), time(), habit.zone)


def schedule(subject: Subject, habit: Habit, calendar: SchoolCalendar, situation: Situation, now: datetime) -> Schedule:
    """Split the moments of a subject at `now` (aware); what is past is told, never written."""
    every = moments(subject, habit, calendar, situation)
    return Schedule(
        tuple(moment for moment in every if moment.at > now),
        tuple(moment for moment in every if moment.at <= now),
        subject.span is None or not definite(subject.span),
    )


def reminder_key(subject: str, moment: Moment, holder: str) -> str:
    """The lasting key of one reminder; a moved date makes new keys, so the old rows are told apart."""
    return f"remind:{subject}:{moment.about:%Y%m%d}:{moment.label}:{holder}"
