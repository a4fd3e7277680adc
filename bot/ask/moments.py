"""Which time a question names, by the grammar that reads plans, and which entries meet it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.ask.normal import number
from bot.calendar import SchoolCalendar
from bot.plan.dates import DateContext, Found, find_dates
from bot.plan.model import DateRole, Period, Precision
from bot.plan.periods import month_days
from bot.plan.times import NAMED

NARROW = (Precision.DAY, Precision.DAYS, Precision.WEEK, Precision.TENDAY, Precision.UNKNOWN)
TERMLIKE = (Precision.TERM, Precision.SCHOOLYEAR)
YEARED = re.compile(r"\d{4}|民国|\d{3}\s*(?:年|学年|[./])|^(?:明年|来年|去年|上年|上一年|前年|后年)")
OWN = re.compile(r"^(?:今年|本年|当年|全年|整年|年内|年度内|[本这新该全整])(?!周|星期|礼拜|个?月)")
"""本學期, 今年: the time of the plan at hand, which sets nothing apart."""

# What asking has that plans have not: the edges of any term, and rough parts of a year; months that it means.
EDGES = (
    (re.compile(r"期末|学期末|学期结束|放假前"), (1, 6, 7)),
    (re.compile(r"期中"), (4, 5, 10, 11)),
    (re.compile(r"开学|学期初|期初"), (2, 3, 8, 9)),
)
PARTS: Sequence[tuple[re.Pattern[str], tuple[int, ...]]] = tuple(
    (re.compile(pattern), months)
    for pattern, months in (
        (r"年底|年末|岁末|year end|end of the year", (12,)),
        (r"年初", (1, 2)),
        (r"暑假|暑期|summer (?:holidays?|break|vacation)", (7, 8)),
        (r"寒假|winter (?:holidays?|break|vacation)", (1, 2)),
        (r"上半年|first half", (1, 2, 3, 4, 5, 6)),
        (r"下半年|second half", (7, 8, 9, 10, 11, 12)),
        (r"(?:first|1st) quarter|\bq1\b", (1, 2, 3)),
        (r"(?:second|2nd) quarter|\bq2\b", (4, 5, 6)),
        (r"(?:third|3rd) quarter|\bq3\b", (7, 8, 9)),
        (r"(?:fourth|4th|last) quarter|\bq4\b", (10, 11, 12)),
    )
)
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = rf"(?P<month>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
NTH = r"\s*(?:st|nd|rd|th)?"
SECOND = NAME.replace("month", "month2")
ENGLISH_DAY = re.compile(rf"\b(?:{NAME}\s+(?P<day>\d{{1,2}}){NTH}\b|(?P<day2>\d{{1,2}}){NTH}\s+(?:of\s+)?{SECOND})")
# May is also a verb: it is a month where nothing follows that would make it one.
ENGLISH_MONTH = re.compile(rf"\b{NAME}(?!\s+(?:i|we|you|they|he|she|it|be|have)\b)")
ENGLISH_NEAR = re.compile(rf"\b(?P<which>this|next|last)\s+(?P<unit>week|month|{'|'.join(DAYS)})\b|\b(?P<near>today|tomorrow|yesterday)\b")
ENGLISH_WHICH = re.compile(r"\b(?:this|next|last)\b")
BARE_WEEKDAY = re.compile(
    r"(?<![上下本这每逢一二三四五六七八九十个\d])(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])(?![一二三四五六日天]|[训题会例])"
)
WEEKEND = re.compile(r"(?P<which>下|本|这)?个?周末")
NTH_WEEK = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
TERM_WEEK = re.compile(rf"(?<!月)(?<!月的)第(?P<weeks>{NTH_WEEK}(?:\s*[、,，和至~—-]+\s*第?{NTH_WEEK})*)(?:教学|学)?周(?![年岁期])")
"""第5周, 第7、13、17周, 第2-4周: weeks by their number in the term; 十月第二周 is a week of a month."""
MOST_WEEKS = 30
"""No term has more."""
BARE_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d|\s*(?:年|学年|[-—~至/.]\s*\d))")


@dataclass(frozen=True, slots=True)
class When:
    """The time a question names: months of any year, years, days of any year, or days between two ends; all that it has must be met."""

    months: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    days: tuple[tuple[int, int], tuple[int, int]] | None = None
    """First and last (month, day) of any year, where the question names days without a year."""
    weeks: frozenset[int] = frozenset()
    """Weeks of the term by number."""
    loose: bool = False
    """True for 下學期 and the like, which mean the plan's time as well as today's: where nothing meets it, it says nothing."""

    def __bool__(self) -> bool:
        return bool(self.months or self.years or self.first or self.days or self.weeks)


def context_of(today: date | None, calendar: SchoolCalendar) -> DateContext:
    """What a question's words are read against: the school year of today, or any year."""
    day = today or date(2001, 3, 1)
    period = Period(*calendar.year_span(calendar.school_year(day))) if today else Period(date(2001, 1, 1), date(2001, 12, 31))
    return DateContext(day.year, period, calendar, today)


def when_of(folded: str, today: date | None, calendar: SchoolCalendar | None = None) -> When:
    """The time that a folded question names; 下周, 明天 need `today`, without it they name none.

    A year, a term or school year by number and what counts from today are days of the civil calendar; a month, a day, a feast or a
    quarter without a year are the same in any year, for the plan asked may be of another one.
    """
    calendar = calendar or SchoolCalendar()
    months: set[int] = {month for pattern, named in (*EDGES, *PARTS) if pattern.search(folded) for month in named}
    years: set[int] = {int(match["year"]) for match in BARE_YEAR.finditer(folded)}
    ends: list[tuple[date, date]] = list(near(folded, today)) if today else []
    days: list[tuple[date, date]] = list(english_days(folded))
    loose = False
    months |= {month_of(match["month"]) for match in ENGLISH_MONTH.finditer(folded)}
    for found in find_dates(folded, context_of(today, calendar)):
        start, end = found.span.start or found.span.end, found.span.end
        if start is None or end is None or OWN.match(found.span.text):
            continue
        if found.span.role is DateRole.OPEN:
            end = month_days(start.year, start.month)[1]
        if found.form == "relative" or found.span.precision in TERMLIKE:
            if today or YEARED.search(found.span.text):
                ends.append((start, end))
                loose |= not (found.form == "relative" or YEARED.search(found.span.text))
        elif found.span.precision is Precision.YEAR:
            years |= set(range(start.year, end.year + 1)) if YEARED.search(found.span.text) else set()
        elif YEARED.search(found.span.text):
            years |= {start.year, end.year}
            months |= covered(start, end)
            days += [(start, end)] if narrow(found) else []
        elif found.form not in ("opening", "edge") and not (found.form == "week" and "月" not in found.span.text):
            months |= covered(start, end)
            days += [(start, end)] if narrow(found) else []
    months |= {month for start, end in days for month in covered(start, end)}
    one = days[0] if len(days) == 1 else None
    return When(
        frozenset(months), frozenset(years),
        min((start for start, _ in ends), default=None), max((end for _, end in ends), default=None),
        ((one[0].month, one[0].day), (one[1].month, one[1].day)) if one else None, weeks_of(folded), loose,
    )  # fmt: skip


def weeks_of(folded: str) -> frozenset[int]:
    """The weeks of a term that a folded text names by number."""
    return frozenset(week for match in TERM_WEEK.finditer(folded) for week in numbers(match["weeks"]))


def numbers(text: str) -> frozenset[int]:
    """Week numbers in digits or Chinese numerals, `2-4` as all from the first to the last; what is no week of a term is left out."""
    out: list[int] = []
    through = False
    for word in re.findall(rf"{NTH_WEEK}|[至~—-]", text):
        if word in "至~—-":
            through = True
            continue
        week = int(word) if word.isdecimal() else number(word) or 0
        if 0 < week <= MOST_WEEKS:
            out.extend(range(out[-1] + 1, week) if through and out else ())
            out.append(week)
        through = False
    return frozenset(out)


def narrow(found: Found) -> bool:
    """True for a time of days or weeks; a deadline is only its month, for what ends then may begin before."""
    return found.span.precision in NARROW and found.span.role is DateRole.WHEN


def covered(start: date, end: date) -> set[int]:
    """The months from a day to another."""
    count = min(12, (end.year - start.year) * 12 + end.month - start.month + 1)
    return {(start.month - 1 + step) % 12 + 1 for step in range(count)}


def month_of(name: str) -> int:
    """The number of an English month or its short form."""
    return next(number for number, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))


def english_days(folded: str) -> Iterator[tuple[date, date]]:
    """Days such as `december 4th` or `4 december`, of a leap year that stands for any."""
    for match in ENGLISH_DAY.finditer(folded):
        try:
            day = date(2000, month_of(match["month"] or match["month2"]), int(match["day"] or match["day2"]))
        except ValueError:
            continue
        yield day, day


def near(folded: str, today: date) -> Iterator[tuple[date, date]]:
    """The days of `next week`, of a weekday without a week (the next one, today included) and of a weekend."""
    monday = today - timedelta(days=today.weekday())
    for match in ENGLISH_NEAR.finditer(folded):
        if word := match["near"]:
            day = today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[word])
            yield day, day
            continue
        step = {"this": 0, "next": 1, "last": -1}[match["which"]]
        if match["unit"] == "week":
            yield monday + timedelta(weeks=step), monday + timedelta(weeks=step, days=6)
        elif match["unit"] == "month":
            whole = today.year * 12 + today.month - 1 + step
            yield month_days(whole // 12, whole % 12 + 1)
        else:
            day = monday + timedelta(weeks=step, days=DAYS.index(match["unit"]))
            yield day, day
    for match in WEEKEND.finditer(folded):
        saturday = monday + timedelta(days=5, weeks=match["which"] == "下")
        yield saturday, saturday + timedelta(days=1)
    for match in BARE_WEEKDAY.finditer(folded):
        weekday = min("一二三四五六日天".index(match["wd"]), 6)
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
        yield day, day


@lru_cache(maxsize=1024)
def without(words: str) -> str:
    """The words of a question without those that name a time; a feast stays, for it is also what a question may be about."""
    out, place = [], 0
    for found in find_dates(words, context_of(None, SchoolCalendar())):
        if found.form in NAMED:
            continue
        out.append(words[place : found.start])
        place = found.end
    text = " ".join((*out, words[place:]))
    for pattern in (
        *(pattern for pattern, _ in PARTS),
        TERM_WEEK,
        WEEKEND,
        BARE_WEEKDAY,
        ENGLISH_NEAR,
        ENGLISH_DAY,
        ENGLISH_MONTH,
        ENGLISH_WHICH,
    ):
        text = pattern.sub(" ", text)
    return text


def meets(when: When, first: NDArray[np.int64], last: NDArray[np.int64], months: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which entries have a time that meets `when`: `first` and `last` as day ordinals, `months` as bits (bit 1 January).

    Days of any year are met in the year an entry begins or ends in.
    """
    fits = np.ones(len(first), np.bool_)
    if when.first and when.last:
        fits &= (first <= when.last.toordinal()) & (last >= when.first.toordinal())
    if when.months:
        fits &= (months & sum(1 << month for month in when.months)) > 0
    if when.years:
        ends = [(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()) for year in when.years]
        fits &= np.any([(first <= end) & (last >= start) for start, end in ends], axis=0)
    if when.days and fits.any():
        for at in np.flatnonzero(fits).tolist():
            years = range(date.fromordinal(max(1, int(first[at]))).year - 1, date.fromordinal(max(1, int(last[at]))).year + 1)
            fits[at] = any(
                start <= last[at] and end >= first[at] for start, end in (of_year(when.days, year) for year in years if year > 0)
            )
    return fits


def of_year(days: tuple[tuple[int, int], tuple[int, int]], year: int) -> tuple[int, int]:
    """Days of any year as ordinals of one; 29 February is the 28th where there is none."""
    (month, day), (second, until) = days
    start = min(day, month_days(year, month)[1].day)
    after = year + ((second, until) < (month, day))
    return date(year, month, start).toordinal(), date(after, second, min(until, month_days(after, second)[1].day)).toordinal()
