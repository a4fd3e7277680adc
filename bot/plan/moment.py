"""A moment to come, read from what somebody typed: a clock time of today or tomorrow, or a day with its time."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.plan.dates import DateContext, find_dates
from bot.plan.model import DateRole, Period, Span
from bot.plan.script import fold

CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|今晚|明晚|夜里|夜晚|半夜|深夜|午夜)?\s*(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*"
    r"(?:[:：](?P<minute>\d{2})|点(?P<half>半|(?P<spoken>\d{1,2})分?|钟|整)?)"
)
WEEKDAY = re.compile(r"(?<![上下本这每逢])(?:周|星期|礼拜)([一二三四五六日天])")
"""A day of the week alone is the next such day, today included."""
NUMERALS = {name: number for number, name in enumerate("零一二三四五六七八九十")} | {"两": 2}
AFTERNOON = ("下午", "傍晚")
NIGHT = ("晚上", "晚", "今晚", "明晚", "夜里", "夜晚", "半夜", "深夜", "午夜")
DAWN = 5
"""Hours of a night before this one are those after midnight (半夜2點)."""
LAST = time(23, 59)
"""The end of a day, so that it stays the day that was named."""


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment meant, aware; None where the text names no clock time. A time without a day is the next such time."""
    plain = fold(text)
    clock, hour = CLOCK.search(plain), read_clock(text)
    if clock is None or hour is None:
        return None
    today = now.astimezone(zone).date()
    day = _day(plain[: clock.start()] + " " + plain[clock.end() :], clock["part"] or "", today)
    if day is not None:
        return datetime.combine(day, hour, zone) + timedelta(days=small_hours(clock[0], hour))
    at = datetime.combine(today, hour, zone)
    return at if at > now else at + timedelta(days=1)


def read_clock(text: str) -> time | None:
    """The time of day that a text names first, such as 下午3點半; None where it names none."""
    clock = CLOCK.search(fold(text))
    return time_of(clock) if clock is not None else None


def time_of(clock: re.Match[str]) -> time | None:
    """The time of day of a match of CLOCK; None for none. 12 at night is the end of a day, 凌晨12點 its beginning."""
    hour, minute = hour_of(clock["hour"]), int(clock["minute"] or clock["spoken"] or (30 if clock["half"] == "半" else 0))
    part = clock["part"]
    if part in NIGHT and (hour, minute) == (12, 0):
        return LAST
    if part in (*NIGHT, "凌晨") and hour == 12:
        hour = 0
    elif (part in AFTERNOON and hour < 12) or (part in NIGHT and DAWN <= hour < 12) or (part == "中午" and hour < DAWN):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def small_hours(words: str, at: time) -> bool:
    """True where a time of day stands after the midnight of the night that its words name, and so on the day after (今晚1點)."""
    return at.hour < DAWN and any(word in words for word in NIGHT)


def read_deadline(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The last moment meant, aware; a day without a clock time lasts until its last minute. None where the text names no day or time."""
    at = read_moment(text, now, zone)
    if at is not None:
        return at
    plain, today = fold(text), now.astimezone(zone).date()
    day = _day(plain, "", today) or max((span.end for span in _spans(plain, today) if span.end is not None), default=None)
    return datetime.combine(day, LAST, zone) if day is not None else None


def read_due(text: str, today: date) -> date | None:
    """The day by which something is wanted in a sentence that may name other times too; None where it names none.

    A deadline says so itself (4月10日前), else it is the last day that is named, else the end of the last time.
    """
    plain = fold(text)
    spans = [span for span in _spans(plain, today) if span.end is not None]
    limits = [span for span in spans if span.role is DateRole.DEADLINE] or [span for span in spans if span.start == span.end]
    if limits:
        return limits[-1].end
    return _day(plain, "", today) or next((span.end for span in reversed(spans)), None)


def hour_of(words: str) -> int:
    """The hour that digits or numerals name; 99 for none."""
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return NUMERALS.get(words, 99)
    return (NUMERALS.get(tens, 1) if tens else 1) * 10 + NUMERALS.get(ones, 0)


def _day(rest: str, part: str, today: date) -> date | None:
    if "明晚" in part or "明天" in rest or "明日" in rest:
        return today + timedelta(days=1)
    if "后天" in rest:
        return today + timedelta(days=2)
    if "今晚" in part or "今天" in rest or "今日" in rest:
        return today
    found = [span for span in _spans(rest, today) if span.start is not None and span.start == span.end]
    if found:
        return found[0].start
    weekday = WEEKDAY.search(rest)
    return today + timedelta(days=("一二三四五六".find(weekday[1]) - today.weekday()) % 7) if weekday else None


def _spans(plain: str, today: date) -> list[Span]:
    context = DateContext(today.year, Period(today, today + timedelta(days=364)), today=today)
    return [one.span for one in find_dates(plain, context)]
