"""A moment to come, read from what somebody typed: a clock time of today or tomorrow, or a day with its time."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.plan.dates import DateContext, find_dates
from bot.plan.model import Period
from bot.plan.script import fold

CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|今晚|明晚)?\s*(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3})\s*"
    r"(?:[:：](?P<minute>\d{2})|点(?P<half>半|(?P<spoken>\d{1,2})分?|钟|整)?)"
)
NUMERALS = {name: number for number, name in enumerate("零一二三四五六七八九十")}
AFTERNOON = ("下午", "傍晚", "晚上", "晚", "今晚", "明晚")


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment meant, aware; None where the text names no clock time. A time without a day is the next such time."""
    plain = fold(text)
    clock = CLOCK.search(plain)
    if clock is None:
        return None
    hour, minute = _hour(clock["hour"]), int(clock["minute"] or clock["spoken"] or (30 if clock["half"] == "半" else 0))
    if clock["part"] in AFTERNOON and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return None
    today = now.astimezone(zone).date()
    day = _day(plain[: clock.start()] + " " + plain[clock.end() :], clock["part"] or "", today)
    if day is not None:
        return datetime.combine(day, time(hour, minute), zone)
    at = datetime.combine(today, time(hour, minute), zone)
    return at if at > now else at + timedelta(days=1)


def _hour(words: str) -> int:
    if words.isdigit():
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
    context = DateContext(today.year, Period(today, today + timedelta(days=364)), today=today)
    found = [one.span for one in find_dates(rest, context) if one.span.start is not None and one.span.start == one.span.end]
    return found[0].start if found else None
