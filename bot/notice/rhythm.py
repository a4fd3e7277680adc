"""Every term: when in a term a notice leaves, read from words and kept as words that are read again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import SchoolCalendar
from bot.plan.moment import NUMERALS, read_clock
from bot.plan.script import fold

EVERY = re.compile(r"每(?:个)?学期|各学期|every term", re.IGNORECASE)
WEEK = re.compile(r"第\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:个)?(?:教学)?周\s*(?:的)?\s*(?:(?:周|星期|礼拜)?([一二三四五六日天]))?")
COUNT = r"\d{1,2}|[一二三四五六七八九十两]{1,3}"
ANCHORS = "开学|期初|学期末|期末|学期结束|放假"
SPAN = re.compile(rf"(?P<anchor>{ANCHORS})(?:之|以)?(?P<side>前|后)\s*(?P<count>{COUNT})\s*(?P<unit>天|日|周|个星期)")
ENDS = ("学期末", "期末", "学期结束", "放假")
LAST = re.compile(r"期末|学期结束|放假|最后一天|last day", re.IGNORECASE)
ENGLISH_WEEK = re.compile(r"week (\d{1,2}),? (mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
ENGLISH_SPAN = re.compile(r"(\d{1,2}) days? (before|after) it (begin|end)s", re.IGNORECASE)
DAYS = "montuewedthufrisatsun"
KEPT = re.compile(r"(start|end|week)([+-]?\d{1,3})(?:\.(\d))? (\d{2}):(\d{2})")
MORNING = time(8)
"""The hour where none is named."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One moment of every term."""

    anchor: str
    """`start` and `end`: the term's first and last day; `week`: a week of it."""
    number: int
    """Days from the anchor, or which week."""
    weekday: int = 0
    """Of a week: Monday is 0."""
    clock: time = MORNING

    def pack(self) -> str:
        """`start+0 08:00`, `end-7 08:00`, `week2.0 09:30`, as `unpack` reads it."""
        where = f"week{self.number}.{self.weekday}" if self.anchor == "week" else f"{self.anchor}{self.number:+d}"
        return f"{where} {self.clock:%H:%M}"

    def day(self, term: tuple[date, date], calendar: SchoolCalendar) -> date:
        """The day of a term that is meant."""
        if self.anchor == "week":
            return calendar.week(term, self.number)[0] + timedelta(days=self.weekday)
        return term[self.anchor == "end"] + timedelta(days=self.number)


def unpack(packed: str) -> Rhythm:
    """A rhythm as it is kept; ValueError for anything else."""
    found = KEPT.fullmatch(packed)
    if found is None:
        raise ValueError(f"no rhythm: {packed}")
    return Rhythm(found[1], int(found[2]), int(found[3] or 0), time(int(found[4]), int(found[5])))


def read_rhythm(text: str) -> Rhythm | None:
    """Read 每學期開學第一天上午8點, 每學期第2週週三 9:00, 每學期開學前3天, 每學期期末前一週; None for what does not begin with every term.

    A day that is not understood is the first day of the term. Weeks are those of the school calendar.
    """
    plain = fold(text).strip()
    begins = EVERY.match(plain)
    if begins is None:
        return None
    rest = plain[begins.end() :]
    clock = read_clock(rest) or MORNING
    if week := WEEK.search(rest):
        return Rhythm("week", _number(week[1]), "一二三四五六日".find((week[2] or "一").replace("天", "日")), clock)
    if week := ENGLISH_WEEK.search(rest):
        return Rhythm("week", int(week[1]), DAYS.index(week[2].lower()) // 3, clock)
    if span := SPAN.search(rest):
        days = _number(span["count"]) * (7 if span["unit"] in ("周", "个星期") else 1)
        return Rhythm("end" if span["anchor"] in ENDS else "start", -days if span["side"] == "前" else days, clock=clock)
    if span := ENGLISH_SPAN.search(rest):
        days = int(span[1]) * (-1 if span[2].lower() == "before" else 1)
        return Rhythm("end" if span[3].lower() == "end" else "start", days, clock=clock)
    return Rhythm("end" if LAST.search(rest) else "start", 0, clock=clock)


def _number(words: str) -> int:
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.replace("两", "二").partition("十")
    return (NUMERALS.get(tens, 1) if tens else 1) * 10 + NUMERALS.get(ones, 0) if ten else NUMERALS.get(tens, 0)


def moments(rhythm: Rhythm, calendar: SchoolCalendar, zone: ZoneInfo, after: datetime) -> Iterator[tuple[date, datetime]]:
    """The first day of each term and the moment that is meant in it, from the first after `after` on, without end."""
    began = calendar.school_year(after.astimezone(zone).date()) - 1
    while True:
        for term in (calendar.autumn_term(began), calendar.spring_term(began)):
            at = datetime.combine(rhythm.day(term, calendar), rhythm.clock, zone)
            if at > after:
                yield term[0], at
        began += 1
