"""When a followed date is announced: moments worked out from the date, its precision and the rules of the settings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.plan.model import DateRole, Precision, Span

DEFINITE = (Precision.DAY, Precision.DAYS)


@dataclass(frozen=True, slots=True)
class Rule:
    """How far ahead and at what time of day; `late` is how long a moment is still of use."""

    days_before: tuple[int, ...]
    at: time
    zone: ZoneInfo
    late: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """One announcement: `label` is `7d`, `1d`, `0d` or `open`, `about` the day it is about, `at` when it is sent."""

    label: str
    about: date
    at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments still ahead and those already past; `vague` where the date is not a day."""

    ahead: tuple[Moment, ...]
    past: tuple[Moment, ...]
    vague: bool


def definite(span: Span) -> bool:
    """True where the date names a day to count back from: a day, the first of several days, or a deadline's last day."""
    return span.precision in DEFINITE or (span.role is DateRole.DEADLINE and span.end is not None)


def moments(span: Span, rule: Rule) -> tuple[Moment, ...]:
    """All moments of a date in order: some days before a day, one at the opening of a vaguer date; none for a date that does not act."""
    day = span.end if span.role is DateRole.DEADLINE else span.start
    if day is None or not span.acts:
        return ()
    if not definite(span):
        at = datetime.combine(day, rule.at, rule.zone)
        closing = datetime.combine((span.end or day) + timedelta(days=1), time(), rule.zone)
        return (Moment("open", day, at, min(closing, at + max(rule.late, timedelta(days=7)))),)
    ends = datetime.combine(day + timedelta(days=1), time(), rule.zone)
    times = [
        (days, datetime.combine(day - timedelta(days=days), rule.at, rule.zone)) for days in sorted(set(rule.days_before), reverse=True)
    ]
    # A late one gives way to the next, so that nobody is told the same thing twice after an outage.
    nexts = [at for _, at in times[1:]] + [ends]
    return tuple(
        Moment(f"{days}d", day, at, min(ends, following, at + rule.late)) for (days, at), following in zip(times, nexts, strict=True)
    )


def schedule(span: Span, rule: Rule, now: datetime) -> Schedule:
    """Split the moments of `span` at `now` (aware); what is past is told, never written."""
    every = moments(span, rule)
    return Schedule(
        tuple(moment for moment in every if moment.at > now),
        tuple(moment for moment in every if moment.at <= now),
        not definite(span),
    )


def reminder_key(reference: str, moment: Moment, person: int) -> str:
    """The lasting key of one reminder; a moved date makes new keys, so the old rows are told apart."""
    return f"remind:{reference}:{moment.about:%Y%m%d}:{moment.label}:{person}"
