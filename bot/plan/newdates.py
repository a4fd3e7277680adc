"""The time in a later year that corresponds to a time of a plan: by what it is named for, its term, its week, its weekday or its date."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.calendar import SchoolCalendar
from bot.plan import festivals, national
from bot.plan.changes import later, yeared
from bot.plan.dates import DateContext, find_dates
from bot.plan.model import DateRole, Measure, Period, Precision, Span
from bot.plan.script import fold

EXACT = (Precision.DAY, Precision.DAYS)
RULES = ("weekday", "week", "festival", "national", "opening", "lunar")
"""Forms of time that give the day of any year by themselves."""
ROC_YEAR = re.compile(r"(?<!\d)1[0-4]\d(?=\s*學?学?年)")
WEEKDAY = re.compile(r"((?:星期|周|週|礼拜|禮拜)|[(（])([一二三四五六日天])(?![一二三四五六日天])")
CORE = re.compile(r"^(?:全国|国家|世界|国际|中国)|(?:宣传)?(?:教育)?[日节周月]$")
"""What a sentence may leave out of a day's name: 防災減災教育 on 12 May is held for 全国防灾减灾日."""
WEEKDAYS = "一二三四五六日"
AFTER_DAY = re.compile(r"[日号號](?!.*[日号號])")


class Reason(StrEnum):
    """Why a time in the new year is the one that corresponds."""

    VAGUE = "vague"
    """The same month, term or season; the plan leaves the day open and so does the proposal."""
    RULE = "rule"
    """The words are a rule by themselves: 3月最後一個星期一, 第三周, 開學後兩週內."""
    FESTIVAL = "festival"
    """A feast, by the sun or by the moon."""
    NATIONAL = "national"
    """A day that the whole country keeps."""
    TERM = "term"
    """The first or last day of a term."""
    MONTH = "month"
    """The first or last day of a month."""
    WEEK = "week"
    """The same week of the term, and the same day of it."""
    WEEKDAY = "weekday"
    """The same day of the week, nearest to the old date."""
    DATE = "date"
    """The same day of the month."""
    WORKDAY = "workday"
    """Shifted to a workday, because the old day was one and the new is none."""


@dataclass(frozen=True, slots=True)
class Option:
    """A time that a measure may have in the new year."""

    span: Span
    reasons: tuple[Reason, ...]


def middle(period: Period) -> date:
    """A day in the middle of a period, whatever day its first term began."""
    return period.start + (period.end - period.start) / 2


def retitled(title: str, years: int) -> str:
    """A title with its years so many later, those of the Republic of China too; numbers of papers stay."""
    return ROC_YEAR.sub(lambda match: str(int(match[0]) + years), yeared(title, years))


def rolled_period(period: Period, calendar: SchoolCalendar, years: int) -> Period:
    """The same term, school year or days so many years later."""
    began = calendar.school_year(middle(period))
    for span in (calendar.autumn_term, calendar.spring_term, calendar.year_span):
        if (period.start, period.end) == span(began):
            return Period(*span(began + years))
    start, end = later(period.start, years), later(period.end, years)
    assert start is not None
    assert end is not None
    return Period(start, end)


def certain(option: Option) -> bool:
    """True where the words of the plan fix the new time."""
    return (
        bool({Reason.VAGUE, Reason.RULE, Reason.FESTIVAL, Reason.NATIONAL} & set(option.reasons)) and Reason.WORKDAY not in option.reasons
    )


def options_of(measure: Measure, here: DateContext, there: DateContext, years: int) -> tuple[Option, ...]:
    """The times a measure may have in the new year, the likeliest first; none where it has no time to be carried out."""
    span = measure.date
    if span is None or not span.acts:
        return ()
    words = retitled(span.text, years)
    if (span.start, span.end) == (here.period.start, here.period.end):
        return (Option(replace(span, text=words, start=there.period.start, end=there.period.end), (Reason.VAGUE,)),)
    read = find_dates(words, there)
    found = read[0] if len(read) == 1 else None
    start, end = later(span.start, years), later(span.end, years)
    ruled = found is not None and found.form in RULES
    if span.precision not in EXACT or ruled:
        if found is not None and agrees(found.span, span):
            reason = {"festival": Reason.FESTIVAL, "lunar": Reason.FESTIVAL, "national": Reason.NATIONAL}.get(
                found.form, Reason.RULE if span.precision in (*EXACT, Precision.WEEK) else Reason.VAGUE
            )
            return (Option(replace(found.span, text=words), (reason,)),)
        return (Option(replace(span, text=words, start=start, end=end), (Reason.VAGUE,)),)
    first = span.start or span.end
    assert first is not None
    if named := kept_day(f"{measure.text}\n{measure.sentence}", first, years):
        return (at(span, named[0], years, there, (named[1],)),)
    return day_options(span, first, here, there, years)


def agrees(new: Span, old: Span) -> bool:
    """True where what was read of the words alone is the same kind of time as the old one."""
    return new.precision is old.precision and (new.start is None) == (old.start is None) and (new.end is None) == (old.end is None)


def kept_day(text: str, day: date, years: int) -> tuple[date, Reason] | None:
    """The day that a feast or a named day in the same sentence has in the new year, where it is the sentence's day in the old one."""
    folded = fold(text)
    for match in festivals.FESTIVAL.finditer(folded):
        feast = int((match.lastgroup or "f0")[1:])
        if festivals.day_of(feast, day.year) == day and (new := festivals.day_of(feast, day.year + years)):
            return new, Reason.FESTIVAL
    for row in national.rows():
        old, kept = national.in_year(row, day.year), national.in_year(row, day.year + years)
        if old and kept and old.start == day and CORE.sub("", row.name) in folded:
            return kept.start, Reason.NATIONAL
    return None


def day_options(span: Span, first: date, here: DateContext, there: DateContext, years: int) -> tuple[Option, ...]:
    """The options of a day that no rule fixes: by the term, by the month's edge, by the weekday, by the date; deadlines by their date."""
    calendar = here.calendar
    same = later(first, years)
    assert same is not None
    began = calendar.school_year(first)
    edges = [day for term in (calendar.autumn_term, calendar.spring_term) for day in term(began)]
    chosen: list[tuple[date, tuple[Reason, ...]]] = []
    week = same_week(first, calendar, years)
    if week is not None and span.precision is Precision.DAYS and a_week(span):
        chosen.append((week, (Reason.WEEK,)))
    elif first in edges:
        news = [day for term in (calendar.autumn_term, calendar.spring_term) for day in term(began + years)]
        chosen.append((news[edges.index(first)], (Reason.TERM,)))
    elif span.role is not DateRole.WHEN and first.day == 1:
        chosen.append((same, (Reason.MONTH,)))
    elif span.role is not DateRole.WHEN and (next_day := first + timedelta(days=1)).day == 1:
        chosen.append((next_day.replace(year=next_day.year + years) - timedelta(days=1), (Reason.MONTH,)))
    elif span.role is DateRole.DEADLINE:
        chosen.append(shifted(same, first, calendar, -1, (Reason.DATE,)))
    else:
        chosen.append(shifted(near_weekday(same, first.weekday()), first, calendar, 1, (Reason.WEEKDAY,)))
        chosen.append(shifted(same, first, calendar, 1, (Reason.DATE,)))
        # What is set for a feast is more likely meant for that day than for that weekday.
        if any(festivals.day_of(row, first.year) == first for row in range(len(festivals.FESTIVALS))):
            chosen.reverse()
    if week is not None and span.role is not DateRole.DEADLINE:
        chosen.append((week, (Reason.WEEK,)))
    unique = dict(reversed(chosen))
    return tuple(at(span, day, years, there, unique[day]) for day in dict.fromkeys(day for day, _ in chosen))


def a_week(span: Span) -> bool:
    """True for the five to seven days that a row of a calendar of weeks stands for."""
    days = (span.end - span.start).days if span.start and span.end else 0
    return span.start is not None and 4 <= days <= 6 and span.start.weekday() in (0, 6)


def same_week(day: date, calendar: SchoolCalendar, years: int) -> date | None:
    """The day of the same week of the term so many school years later; None in the holidays."""
    began = calendar.school_year(day)
    for term in (calendar.autumn_term, calendar.spring_term):
        old, new = term(began), term(began + years)
        if calendar.week(old, 1)[0] - timedelta(days=1) <= day <= old[1]:
            return calendar.week(new, 1)[0] + (day - calendar.week(old, 1)[0])
    return None


def near_weekday(day: date, weekday: int) -> date:
    """The day of that weekday nearest to `day`, in the same month where the nearest is not."""
    near = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
    if near.month != day.month:
        near += timedelta(days=7 if near < day else -7)
    return near


def shifted(day: date, old: date, calendar: SchoolCalendar, step: int, reasons: tuple[Reason, ...]) -> tuple[date, tuple[Reason, ...]]:
    """The day, or the next (step 1) or last (step -1) workday where the old day was a workday and this is none."""
    if not calendar.is_workday(old) or calendar.is_workday(day):
        return day, reasons
    return calendar.add_workdays(day, step), (*reasons, Reason.WORKDAY)


def at(span: Span, day: date, years: int, there: DateContext, reasons: tuple[Reason, ...]) -> Option:
    """The span with its first day (a deadline's last) at `day`, as long as it was, in words that say so."""
    first = span.start or span.end
    assert first is not None
    move = day - first
    start = day if span.start else None
    end = span.end
    if end is not None:
        # An open end is the plan's own.
        end = there.period.end if span.role is DateRole.OPEN else end + move
    words = worded(span.text, first, day, start or end, end if span.precision is Precision.DAYS else None, years, there)
    return Option(replace(span, text=words, start=start, end=end), reasons)


def worded(text: str, old: date, new: date, start: date | None, end: date | None, years: int, there: DateContext) -> str:
    """The words of a day with the new day in them: the old ones where they say it already, else rewritten from the month to the day."""
    words = retitled(text, years)
    read = find_dates(words, there)
    if len(read) == 1 and (read[0].span.start or read[0].span.end) == new and (end is None or read[0].span.end == end):
        return weekdayed(words, new)
    begin = f"{new.month}月{new.day}日"
    if end is not None and end != start:
        begin += f"至{end.month}月{end.day}日" if end.month != new.month else f"至{end.day}日"
    year = re.match(r"\s*((?:19|20)\d\d\s*年|民[國国]\s*\d{2,3}\s*年|\d{3}\s*年)", words)
    stop = AFTER_DAY.search(words)
    tail = words[stop.end() :] if stop else "".join(re.findall(r"(?:之?前|以前|起|止)$", words))
    return weekdayed(f"{year[0] if year else ''}{begin}{tail}", new)


def weekdayed(words: str, day: date) -> str:
    """The words with the weekday that the day has, where they name one."""
    return WEEKDAY.sub(lambda match: match[1] + WEEKDAYS[day.weekday()], words, count=1)
