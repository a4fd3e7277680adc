"""What the words of a rhythm fix beside its period: the day of the month, the end it is due at, the weekday, every second one."""

import re
from dataclasses import dataclass

from bot.plan.model import Recurrence
from bot.plan.periods import number
from bot.plan.script import fold

WEEKDAYS = "一二三四五六日"
SECOND = re.compile(r"[两双隔]")
HALF = re.compile(r"每半个?[月年]")
DAY_OF_MONTH = re.compile(r"月的?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
ENDS = re.compile(r"[月季度年期][底末]")
BEGINS = re.compile(r"[月季度年期]初")
PARTS = (("上旬", 1, 10), ("中旬", 11, 20), ("下旬", 21, 31))
WEEKDAY = re.compile(rf"每(?:个)?(?:周|星期|礼拜)([{WEEKDAYS}天])(?![{WEEKDAYS}次场节篇课题训文歌讲诗书查报会评练考])")
"""每周一 is Monday, but 每周一訓 and 每周一次 are once a week."""
SAFETY = re.compile(r"每(?:逢|个)?(?:年的?)?“?安全(?:教育|生产|宣传)?月|安全月(?:期间)?都")

THEREAFTER = re.compile(r"(?:此后|其后|之后|以后|今后|从此)[^,。;]{0,6}(?:每|按[月季])")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something comes back, and on which day of each period where the text says so."""

    every: str
    """`day`, `week`, `month`, `quarter`, `term`, `year`, `safety` (every safety month) or `irregular`."""
    step: int = 1
    """2 for every second period."""
    day: int = 0
    """Day of the month it is due on; 0 where not given, 31 for its last day."""
    weekday: int = -1
    """0 is Monday; -1 where not given."""
    last: bool = False
    """Due by the period's end (每季度末)."""


def rhythm(recurrence: Recurrence, sentence: str = "") -> Rhythm:
    """Read the words of a rhythm; `sentence` is where they stand, for what follows them decides what they mean."""
    words = fold(recurrence.text)
    step = 2 if SECOND.search(words) and recurrence.every in ("week", "month") else 1
    if recurrence.every == "month":
        day = DAY_OF_MONTH.search(words)
        if day:
            return Rhythm("month", step, min(31, number(day[1])))
        part = next((row for row in PARTS if row[0] in words), None)
        if part:
            return Rhythm("month", step, part[2])
        return Rhythm("month", step, last=bool(ENDS.search(words)))
    if recurrence.every == "week" and (weekday := WEEKDAY.search(fold(sentence) or words)):
        return Rhythm("week", step, weekday=(WEEKDAYS + "天").index(weekday[1]) % 7 if weekday[1] != "天" else 6)
    return Rhythm(recurrence.every, step, last=bool(ENDS.search(words)))


def keeps_safety_months(text: str) -> bool:
    """True where a sentence asks for something in every safety month (每個安全月)."""
    return SAFETY.search(fold(text)) is not None


def goes_on(text: str) -> bool:
    """True where a rhythm begins once the time that the sentence names is over (9月集中演練，此後每月一次)."""
    return THEREAFTER.search(fold(text)) is not None
