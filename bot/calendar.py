"""The school calendar: school years, terms, weeks of a term, breaks and workdays, from configuration with defaults of the mainland."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from bot.errors import BadSetting

REGIONS = ("mainland", "none")
FARTHEST = 10_000
"""Workdays that can be counted at once, about forty years."""

STATUTORY = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Days off by law in every year, whatever is announced (全國年節及紀念日放假辦法), month and day; lunar ones are announced."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When terms begin and end, as (month, day), and which days are worked; the autumn term begins the school year."""

    autumn: tuple[int, int] = (9, 1)
    autumn_end: tuple[int, int] = (1, 31)
    spring: tuple[int, int] = (2, 15)
    spring_end: tuple[int, int] = (7, 15)
    zone: str = "Asia/Shanghai"
    region: str = "mainland"
    """Whose public holidays and make-up workdays count: `mainland`, or `none` for plain weeks."""
    terms: tuple[tuple[date, date], ...] = ()
    """Terms whose days differ from the rule, as first and last day; one that begins in July or later is an autumn term."""
    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def school_year(self, day: date) -> int:
        """The calendar year in which the school year of `day` began."""
        return day.year if day >= self.autumn_term(day.year)[0] else day.year - 1

    def year_span(self, began: int) -> tuple[date, date]:
        """First and last day of the school year that began in `began`."""
        return self.autumn_term(began)[0], self.autumn_term(began + 1)[0] - timedelta(days=1)

    def autumn_term(self, began: int) -> tuple[date, date]:
        """First and last day of the autumn term of the school year that began in `began`."""
        special = next((term for term in self.terms if term[0].year == began and term[0].month >= 7), None)
        return special or (date(began, *self.autumn), date(began + 1, *self.autumn_end))

    def spring_term(self, began: int) -> tuple[date, date]:
        """First and last day of the spring term of the school year that began in `began`."""
        special = next((term for term in self.terms if term[0].year == began + 1 and term[0].month < 7), None)
        return special or (date(began + 1, *self.spring), date(began + 1, *self.spring_end))

    def term(self, day: date) -> tuple[date, date]:
        """The term that `day` lies in; in a break the coming term."""
        began = self.school_year(day)
        for span in (self.autumn_term(began), self.spring_term(began), self.autumn_term(began + 1)):
            if day <= span[1]:
                return span
        raise AssertionError("a school year always has a coming term")

    def week(self, term: tuple[date, date], number: int) -> tuple[date, date]:
        """Monday and Sunday of a term's nth week; the first week is the one that has the term's first Monday-to-Friday day."""
        first = term[0]
        monday = first - timedelta(days=first.weekday()) if first.weekday() < 5 else first + timedelta(days=7 - first.weekday())
        monday += timedelta(weeks=number - 1)
        return monday, monday + timedelta(days=6)

    def winter_break(self, began: int) -> tuple[date, date]:
        """First and last day between the autumn and the spring term."""
        return self.autumn_term(began)[1] + timedelta(days=1), self.spring_term(began)[0] - timedelta(days=1)

    def summer_break(self, began: int) -> tuple[date, date]:
        """First and last day between the spring term and the next school year."""
        return self.spring_term(began)[1] + timedelta(days=1), self.year_span(began)[1]

    def announced(self, year: int) -> bool:
        """True where the public holidays and make-up workdays of that year are known here, or none count.

        The State Council announces them each November for the next year; before that, and without a newer package, a year counts as
        plain weeks, which the administrator should be told.
        """
        if self.region != "mainland":
            return True
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            return False
        return True

    def is_workday(self, day: date) -> bool:
        """True where offices and schools work: by `days_off` and `workdays`, else as announced, else Monday to Friday."""
        if day in self.days_off or day in self.workdays:
            return day in self.workdays
        if self.region == "mainland":
            try:
                return bool(chinese_calendar.is_workday(day))
            except NotImplementedError:
                if (day.month, day.day) in STATUTORY:
                    return False
        return day.weekday() < 5

    def add_workdays(self, day: date, count: int) -> date:
        """The workday `count` workdays after `day` (before it where negative); with 0 the day itself or the next workday.

        ValueError for more than FARTHEST workdays.
        """
        if abs(count) > FARTHEST:
            raise ValueError(f"{count} workdays are more than can be counted")
        step = timedelta(days=-1 if count < 0 else 1)
        if not count:
            while not self.is_workday(day):
                day += step
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day


def month_day(text: str, key: str) -> tuple[int, int]:
    """Read `9-1` or `09-01`; BadSetting names the key where it is no day of a year."""
    try:
        month, day = (int(part) for part in text.split("-"))
        date(2001, month, day)
    except ValueError:
        raise BadSetting("setting.bad_day", key=key, value=text) from None
    return month, day


def whole_days(texts: Iterable[str], key: str) -> frozenset[date]:
    """Read days such as `2027-02-06`; BadSetting names the key where one is none."""
    found = set()
    for text in texts:
        try:
            found.add(date.fromisoformat(text))
        except ValueError:
            raise BadSetting("setting.bad_date", key=key, value=text) from None
    return frozenset(found)


def term_days(texts: Sequence[str], key: str) -> tuple[tuple[date, date], ...]:
    """Read terms such as `2026-09-01/2027-01-22` (an ISO 8601 interval); BadSetting where one is none or ends before it begins."""
    found = []
    for text in texts:
        first, _, last = text.partition("/")
        try:
            span = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
        except ValueError:
            raise BadSetting("setting.bad_term", key=key, value=text) from None
        if not timedelta(0) < span[1] - span[0] < timedelta(days=250):
            raise BadSetting("setting.bad_term", key=key, value=text)
        found.append(span)
    return tuple(sorted(found))
