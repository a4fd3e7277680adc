"""Numbers and days that the forms of time are made of: numerals, months, weeks, the term that a text is about."""

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.calendar import SchoolCalendar
from bot.plan.model import Period

DIGITS = "〇一二三四五六七八九"
LONGEST_TERM = 200
"""Days; a plan for longer is about more than one term."""


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a text without full dates is read against."""

    year: int
    """The calendar year that 今年 means."""
    period: Period
    """The days the plan is for: a month without a year lies in them where it can."""
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    today: date | None = None
    """The day that 下周, 明天 count from; without it they stay unresolved."""
    month: tuple[int, int] | None = None
    """Year and month of the heading or row, for a bare 14日 or 第二周."""
    week: tuple[date, date] | None = None
    """The days of the week that a plan for one week is for, for a line that begins with 周一."""
    republic: bool = False
    """True where the document counts years of the Republic: its feasts are Taiwan's."""

    @property
    def term(self) -> tuple[date, date] | None:
        """The term that the text is about: the plan's, else that of the row's month or of today; None where nothing tells."""
        if (self.period.end - self.period.start).days <= LONGEST_TERM:
            return self.calendar.term(self.period.start)
        if self.month is not None:
            return self.calendar.term(date(*self.month, 20))
        return self.calendar.term(self.today) if self.today else None


def number(text: str) -> int:
    """The value of Arabic digits or of Chinese numerals up to 999 (十二, 廿五, 一百一十四, 二〇一四); ValueError for anything else."""
    if text.isdigit() and text.isascii():
        return int(text)
    text = text.translate({0x5EFF: "二十", 0x5345: "三十", 0x96F6: "〇", 0x4F: "〇", 0x6F: "〇", 0x30: "〇"})
    hundreds, mark, rest = text.partition("百")
    if mark:
        return 100 * DIGITS.index(hundreds or "一") + (number(rest.lstrip("〇")) if rest.strip("〇") else 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)
    return int("".join(str(DIGITS.index(one)) for one in text))


def month_days(year: int, month: int, last: int | None = None) -> tuple[date, date]:
    """First and last day of the months from `month` to `last` of a year."""
    last = last or month
    return date(year, month, 1), date(year, last, months.monthrange(year, last)[1])


def week_of_month(year: int, month: int, week: int) -> tuple[date, date]:
    """Monday to Sunday of the month's nth week; a week belongs to the month its Thursday lies in (as in ISO 8601)."""
    first = date(year, month, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    monday = thursday + timedelta(days=7 * (week - 1) - 3)
    return monday, monday + timedelta(days=6)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth weekday (0 Monday) of a month, -1 the last; ValueError where the month has none."""
    first, last = month_days(year, month)
    if nth < 0:
        return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    if day > last:
        raise ValueError(f"no weekday {weekday} number {nth} in {year}-{month}")
    return day


def placed(context: DateContext, month: int, day: int = 1) -> int:
    """The year in which a month and day without one lie: within the plan's days where they can, else as near as they can."""
    best, least = context.year, timedelta.max
    for year in sorted({context.period.start.year, context.year, context.period.end.year}, key=lambda one: (one != context.year, one)):
        here = date(year, month, min(day, months.monthrange(year, month)[1]))
        gap = max(context.period.start.replace(day=1) - here, here - context.period.end, timedelta(0))
        if gap < least:
            best, least = year, gap
    return best
