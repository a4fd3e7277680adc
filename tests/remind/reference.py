"""What a year of reminders ought to be, worked out day by day and slowly; nothing of bot/remind is used, so that both must be right.

A day is asked of everything that may be announced on it: is it so many days before a date, the opening of a vague time, the first
workday of a month of school?
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import SchoolCalendar
from bot.people import Unit
from bot.plan.model import DateRole, Document, Precision, Recurrence, Span
from bot.plan.units import Register

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Thing:
    """An event, or a measure without one."""

    id: str
    name: str
    kind: str
    text: str
    owners: tuple[str, ...]
    span: Span | None
    recurrence: Recurrence | None
    first: date
    last: date


@dataclass(frozen=True)
class Wanting:
    """What somebody wants: `by_name` where they follow things one by one."""

    days: tuple[int, ...]
    working: bool = False
    by_name: frozenset[str] = frozenset()
    school: Unit | None = None
    everything: bool = False
    words: str = ""


def things(documents: list[Document]) -> Iterator[Thing]:
    """One for each measure: its dated event if there is any, its first event else, itself where it names none."""
    for document in documents:
        for plan in document.plans:
            for measure in plan.measures:
                events = [event for event in plan.events if event.measure == measure.id]
                chosen = next((event for event in events if event.date), events[0] if events else None)
                owners = tuple(owner.name for owner in measure.owners)
                first, last = plan.period.start, plan.period.end
                if chosen is not None:
                    yield Thing(chosen.id, chosen.name, chosen.kind, measure.text, owners, chosen.date, chosen.recurrence, first, last)
                else:
                    yield Thing(measure.id, "", "measure", measure.text, owners, measure.date, measure.recurrence, first, last)


def wanted(thing: Thing, wanting: Wanting, register: Register) -> bool:
    if thing.id in wanting.by_name or wanting.everything:
        return True
    if wanting.words and (wanting.words in thing.text or wanting.words in thing.name):
        return True
    return wanting.school is not None and concerns(thing, wanting.school, register)


def concerns(thing: Thing, unit: Unit, register: Register) -> bool:
    return any(unit in register.members(owner) for owner in thing.owners)


def announced(thing: Thing, day: date, wanting: Wanting, unit: Unit | None, register: Register, calendar: SchoolCalendar) -> int:
    """How many announcements of a thing fall on a day for somebody of this unit."""
    named = thing.id in wanting.by_name
    mine = unit is not None and concerns(thing, unit, register)
    span = thing.span
    if span is not None and (span.role is DateRole.OBJECT or (span.start is None and span.end is None)):
        span = None
    every = thing.recurrence.every if thing.recurrence else ""
    if every in ("", "irregular"):
        usual = "quarter" if unit is not None and unit.kind == "kindergarten" else "month"
        every = usual if thing.kind == "drill" and span is None else ""
    if "此後每" in thing.text and span and span.end and every in ("week", "month", "quarter", "term"):
        if day > span.end:
            return int(first_workday_of_period(every, day, span.end + ONE, thing.last, calendar))
        every = ""
    if every == "day" or (every == "week" and not named):
        return int(opens_a_term(thing, span, day, calendar))
    roomy = span is None or span.role is DateRole.OPEN or (span.start and span.end and (span.end - span.start).days > 62)
    if every and every != "year" and roomy:
        first = span.start if span and span.start else thing.first
        last = span.end if span and span.end else thing.last
        return int(first_workday_of_period(every, day, first, last, calendar))
    if span is None:
        if every != "year":
            return 0
        return int(day == workday(thing.first, calendar)) + int(day == thing.last - 30 * ONE)
    ahead = [lead for lead in wanting.days if lead >= 0]
    after = [-lead for lead in wanting.days if lead < 0] if named or mine else []
    exact = span.precision in (Precision.DAY, Precision.DAYS)
    if span.role is DateRole.DEADLINE:
        assert span.end
        return before(span.end, day, ahead, wanting.working, calendar) + behind(span.end, day, after, wanting.working, calendar)
    assert span.start
    if exact and (span.role is DateRole.WHEN or span.precision is Precision.DAY):
        return before(span.start, day, ahead, wanting.working, calendar)
    end = span.end or span.start
    if span.role is DateRole.OPEN:
        return long_time(span.start, min(end, span.start + 31 * ONE), day, calendar)
    late = behind(end, day, after, wanting.working, calendar) if thing.kind in ("measure", "deadline", "inspection") else 0
    return long_time(span.start, end, day, calendar) + late


def before(day: date, today: date, leads: list[int], working: bool, calendar: SchoolCalendar) -> int:
    return sum(today == (back(day, lead, calendar) if working and lead else day - lead * ONE) for lead in set(leads))


def behind(day: date, today: date, leads: list[int], working: bool, calendar: SchoolCalendar) -> int:
    count = 0
    for lead in set(leads):
        on = day
        if working:
            for _ in range(lead):
                on += ONE
                while not calendar.is_workday(on):
                    on += ONE
        else:
            on += lead * ONE
        count += today == on
    return count


def back(day: date, lead: int, calendar: SchoolCalendar) -> date:
    for _ in range(lead):
        day -= ONE
        while not calendar.is_workday(day):
            day -= ONE
    return day


def workday(day: date, calendar: SchoolCalendar) -> date:
    while not calendar.is_workday(day):
        day += ONE
    return day


def long_time(first: date, last: date, today: date, calendar: SchoolCalendar) -> int:
    """The opening; of what is longer than a month also the middle, and a month before the end where that is a week after it."""
    days = (last - first).days
    count = int(today == (first if days <= 31 else workday(first, calendar)))
    if days > 31:
        middle = first + ((days + 1) // 2) * ONE
        count += today == middle
        count += today == last - 30 * ONE and last - 30 * ONE >= middle + 7 * ONE
    return count


def in_term(day: date, calendar: SchoolCalendar) -> tuple[date, date] | None:
    for year in (day.year - 2, day.year - 1, day.year):
        for first, last in (calendar.autumn_term(year), calendar.spring_term(year)):
            if first <= day <= last:
                return first, last
    return None


def opens_a_term(thing: Thing, span: Span | None, day: date, calendar: SchoolCalendar) -> bool:
    first = span.start if span and span.start else thing.first
    last = span.end if span and span.end else thing.last
    term = in_term(day, calendar)
    if term is None or not first <= day <= last or not calendar.is_workday(day):
        return False
    return not any(calendar.is_workday(one) for one in each(max(first, term[0]), day - ONE))


def first_workday_of_period(every: str, day: date, first: date, last: date, calendar: SchoolCalendar) -> bool:
    """Whether a day is the first workday of school of its week, month, quarter or term, within the days that count."""
    if not first <= day <= last or not calendar.is_workday(day) or in_term(day, calendar) is None:
        return False
    days = [
        one for one in same_period(every, day, calendar) if first <= one <= last and calendar.is_workday(one) and in_term(one, calendar)
    ]
    return days[0] == day and len(days) >= {"week": 2, "month": 5, "quarter": 15, "term": 20}[every]


def same_period(every: str, day: date, calendar: SchoolCalendar) -> list[date]:
    around = list(each(day - 210 * ONE, day + 210 * ONE))
    if every == "week":
        return [one for one in around if one.isocalendar()[:2] == day.isocalendar()[:2]]
    if every == "month":
        return [one for one in around if (one.year, one.month) == (day.year, day.month)]
    if every == "quarter":
        return [one for one in around if (one.year, (one.month - 1) // 3) == (day.year, (day.month - 1) // 3)]
    term = in_term(day, calendar)
    return [one for one in around if term and term[0] <= one <= term[1]]


def each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE
