"""Days that the whole country keeps: offered beside the plans as such, never as something a plan says."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.plan import festivals
from bot.plan.periods import month_days, nth_weekday, week_of_month
from bot.plan.script import fold

NAMED = re.compile(r"日|节|月|周|旦|春|清明|端午|中秋|国庆|重阳")
"""A text without any of these names no such day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a row of national.toml fixes its day in a year; 0 and empty where it does not use a field."""

    month: int = 0
    day: int = 0
    days: int = 1
    until: tuple[int, int] = (0, 0)
    weekday: int = 0
    nth: int = 0
    week: int = 0
    week_of: tuple[int, int] = (0, 0)
    feast: str = ""

    def in_year(self, year: int) -> tuple[date, date] | None:
        """First and last day in that year; None for a lunar feast outside the tables."""
        if self.feast:
            day = festivals.moving(self.feast, year)
            return (day, day) if day else None
        if any(self.week_of):
            day = date(year, *self.week_of)
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        if self.weekday:
            day = nth_weekday(year, self.month, self.nth, self.weekday - 1)
            return day, day
        if self.week:
            return week_of_month(year, self.month, self.week)
        if not self.day:
            return month_days(year, self.month)
        first = date(year, self.month, self.day)
        return first, date(year, *self.until) if any(self.until) else first + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of national.toml."""

    name: str
    english: str
    source: str
    since: int
    rule: Rule
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NationalDay:
    """A named day, week or month of one year, both ends included."""

    name: str
    """Official name in simplified characters."""
    english: str
    start: date
    end: date
    source: str
    """What established it: a law, a decision, a notice."""


@cache
def rows() -> tuple[Row, ...]:
    """The table, in the order of the file."""
    table = tomllib.loads((files("bot.plan") / "national.toml").read_text("utf-8"))
    return tuple(_row(entry) for entry in table["day"])


def _row(entry: Mapping[str, Any]) -> Row:
    about = {"name", "english", "source", "since", "others"}
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items() if key not in about}
    rule = Rule(**fields)
    return Row(entry["name"], entry["english"], entry["source"], entry["since"], rule, tuple(entry.get("others", ())))


def in_year(row: Row, year: int) -> NationalDay | None:
    """The day of a row in a year; None before it was established or where the tables do not reach."""
    span = row.rule.in_year(year) if year >= row.since else None
    return NationalDay(row.name, row.english, *span, row.source) if span else None


def national_days(first: date, last: date) -> tuple[NationalDay, ...]:
    """The days that begin or run between two days (both included), earlier and shorter ones first."""
    found = [
        day
        for year in range(first.year, last.year + 1)
        for row in rows()
        if (day := in_year(row, year)) and day.start <= last and day.end >= first
    ]
    return tuple(sorted(found, key=lambda day: (day.start, day.end, day.name)))


def named_in(text: str, today: date, year: int | None = None) -> tuple[NationalDay, ...]:
    """The days that a text names, in either script: of `year`, else the next that is not over on `today`.

    Of names that lie in each other (國家安全教育日 in 全民國家安全教育日) the longest counts; 防災減災日活動 names the day too.
    """
    folded = fold(text)
    if not NAMED.search(folded):
        return ()
    found: list[NationalDay] = []
    for _, _, row in places(folded):
        days = (in_year(row, one) for one in ((year,) if year else (today.year, today.year + 1)))
        day = next((day for day in days if day and (year or day.end >= today)), None)
        if day and day not in found:
            found.append(day)
    return tuple(found)


def places(folded: str) -> Iterator[tuple[int, int, Row]]:
    """Where a folded text names rows of the table, the longest name at each place."""
    for match in _names().finditer(folded):
        yield match.start(), match.end(), _table()[match[0]]


@cache
def _table() -> Mapping[str, Row]:
    return {name: row for row in rows() for name in (row.name, *row.others)}


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_table(), key=len, reverse=True))))
