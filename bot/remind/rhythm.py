"""The occurrences of what comes back: each month, quarter or term in which school is held, breaks left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import SchoolCalendar
from bot.plan.national import national_days
from bot.plan.periods import month_days
from bot.plan.rhythms import Rhythm, keeps_safety_months, rhythm
from bot.remind.subjects import DRILL, Subject

FEWEST = {"month": 5, "quarter": 15, "term": 20, "week": 2, "safety": 1}
"""Workdays of school that a period must hold within the plan's days to be one of its occurrences: a month or a quarter that is break but
for some days is none."""
SAFETY = ("安全生产月",)
"""National months of safety, by their official names (bot/plan/national.toml)."""
SAFETY_WEEK = (3, 9, 11)
"""Months that schools keep for safety besides: March (the day of safety education of pupils), September and November (fire protection)."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that something comes back: the school days of the period, and the day it is due where the text names one."""

    first: date
    last: date
    due: date | None = None


def rhythm_of(subject: Subject, kindergarten: bool) -> Rhythm | None:
    """The rhythm that counts for a subject; None where it comes but once or at no known time.

    Drills without a rhythm of their own are held every month in schools and every quarter in kindergartens
    (中小學幼兒園應急疏散演練指南, 教基一廳〔2014〕2號, 第二條).
    """
    if subject.recurrence is not None and subject.recurrence.every != "irregular":
        return rhythm(subject.recurrence, subject.text)
    if keeps_safety_months(subject.text):
        return Rhythm("safety")
    dated = subject.span is not None and subject.span.acts
    if subject.kind == DRILL and not dated:
        return Rhythm("quarter" if kindergarten else "month")
    return None


def occurrences(found: Rhythm, first: date, last: date, calendar: SchoolCalendar) -> Iterator[Occurrence]:
    """The occurrences between two days (both included), in order; nothing for a rhythm of days, which nobody is reminded of."""
    seen = 0
    for start, end in periods(found, first, last, calendar):
        days = school_days(max(start, first), min(end, last), calendar)
        working = [day for day in days if calendar.is_workday(day)]
        if len(working) < FEWEST.get(found.every, 1):
            continue
        seen += 1
        if found.step == 2 and seen % 2 == 0:
            continue
        due = due_day(found, start, end, working)
        yield Occurrence(due, days[-1]) if found.every == "week" and due is not None else Occurrence(working[0], days[-1], due)


def due_day(found: Rhythm, start: date, end: date, working: list[date]) -> date | None:
    """The day of a period that the text names, moved to the workday before it where it is none; None where it names none."""
    wanted = None
    if found.every == "week" and found.weekday >= 0:
        wanted = start + timedelta(days=found.weekday)
    elif found.day:
        wanted = min(start + timedelta(days=found.day - 1), end)
    elif found.last:
        wanted = end
    if wanted is None:
        return None
    return next((day for day in reversed(working) if day <= wanted), working[0])


def periods(found: Rhythm, first: date, last: date, calendar: SchoolCalendar) -> Iterator[tuple[date, date]]:
    """The calendar's periods that touch these days, in order."""
    if found.every == "week":
        monday = first - timedelta(days=first.weekday())
        while monday <= last:
            yield monday, monday + timedelta(days=6)
            monday += timedelta(weeks=1)
    elif found.every == "term":
        yield from terms(first, last, calendar)
    elif found.every in ("month", "quarter", "safety"):
        size = 3 if found.every == "quarter" else 1
        year, month = first.year, (first.month - 1) // size * size + 1
        while date(year, month, 1) <= last:
            if found.every != "safety" or is_safety_month(year, month):
                yield month_days(year, month, month + size - 1)
            year, month = (year, month + size) if month + size <= 12 else (year + 1, 1)


def is_safety_month(year: int, month: int) -> bool:
    """True for the months that schools keep for safety."""
    start, end = month_days(year, month)
    named = {day.name for day in national_days(start, end) if (day.start, day.end) == (start, end)}
    return month in SAFETY_WEEK or bool(named & set(SAFETY))


def terms(first: date, last: date, calendar: SchoolCalendar) -> list[tuple[date, date]]:
    """The terms that touch these days, in order."""
    began = range(calendar.school_year(first) - 1, calendar.school_year(last) + 1)
    every = [term(year) for year in began for term in (calendar.autumn_term, calendar.spring_term)]
    return [(start, end) for start, end in every if start <= last and end >= first]


def school_days(first: date, last: date, calendar: SchoolCalendar) -> list[date]:
    """The days of terms between two days, both included."""
    found = []
    for start, end in terms(first, last, calendar) if first <= last else ():
        day = max(first, start)
        while day <= min(last, end):
            found.append(day)
            day += timedelta(days=1)
    return found
