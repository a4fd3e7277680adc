"""What somebody wants to be reminded of in their own words: what, whom, and a moment, a rhythm or days before an event.

Longer than other files because the forms of a wish are one table, with the readers that each of them needs.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.plan.dates import DateContext, Found, find_dates
from bot.plan.model import Period
from bot.plan.moment import CLOCK, small_hours, time_of
from bot.plan.periods import month_days, number
from bot.plan.script import fold

MORNING = time(8)
"""The time of day where none is said."""
WEEKDAYS = "一二三四五六日"
N = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"

MARK = re.compile(
    r"(?:请|麻烦|记得|到时候?|届时|帮我|你|您)*提醒(?:一下|一声)?(?P<who>我们|我|全组|全体|大家|群里|本组|全群|各位|组员)?(?:一下|一声)?(?:的是|要|去|:|,|\s)*"
)
"""The words that ask to be reminded; whom they name decides who is."""
GROUP = ("我们", "全组", "全体", "大家", "群里", "本组", "全群", "各位", "组员")
EVERY = re.compile(
    rf"每(?P<step>两|二|2|双|隔)?个?(?:(?P<workday>工作日)|(?P<day>[天日])(?!常)|(?:周|星期|礼拜)的?(?:周|星期|礼拜)?(?:(?P<weekend>末)|(?P<weekdays>[{WEEKDAYS}天]+"
    rf"(?:[、和及,]?(?:周|星期|礼拜)?[{WEEKDAYS}天])*)(?![次个]))?|月的?(?:第(?P<nth>[一二三四五1-5])|(?P<last>最后一))个?"
    rf"(?:(?:周|星期|礼拜)(?P<nth_weekday>[{WEEKDAYS}天])|(?P<nth_workday>工作日)|(?P<nth_day>[天日]))|月的?(?P<month_day>{N})[日号]"
    rf"|月(?P<month_end>底|末)?初?|(?P<quarter>季)度?(?P<quarter_end>底|末)?初?|年的?(?P<year_month>{N})月(?P<year_day>{N})[日号])"
)
"""A rhythm of one's own: every day, workday, week on some days, month on a day or on its nth weekday or workday, year on a date."""
SOON = re.compile(rf"(?P<n>{N}|半)个?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟)(?:半)?(?:之后|以后|后)")
MONTH_END = re.compile(r"(?:本|这个?)?月[底末](?:之?前)?")
NEAR = (("明早", 1), ("明晨", 1), ("今早", 0))
WEEKEND = re.compile(r"(?P<next>下)?(?:这个?)?个?(?:周|星期)末")
PART = re.compile(r"(?P<part>早上|上午|中午|下午|傍晚|晚上|今晚|明晚)")
USUAL = {"早上": 8, "上午": 9, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 20, "今晚": 20, "明晚": 20}
"""The hour of a part of the day, where no hour is said."""
SAME = re.compile(r"(?:的)?(?:当天|当日|那天)")
DAY_ALONE = re.compile(rf"(?<![月\d])(?P<day>{N})[日号]")
WEEKDAY = re.compile(rf"(?<![上下本这每逢])(?:周|星期|礼拜)(?P<day>[{WEEKDAYS}天])")
NO_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]|[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号]")
BEFORE = (
    re.compile(
        rf"(?:在|于)?(?P<event>[^,。;]{{2,30}}?)(?:开始|举行|开幕|举办|截止)?(?:之|的)?前(?P<n>{N})个?(?P<unit>[天日周]|星期)(?:内|时)?"
    ),
    re.compile(rf"(?:在|于)?(?P<event>[^,。;]{{2,30}}?)(?:开始|举行|开幕|举办|截止)?的?(?P<n>{N})个?(?P<unit>[天日周]|星期)(?:之|以)?前"),
    re.compile(r"(?:在|于)?(?P<event>[^,。;]{2,30}?)(?:的)?(?P<same>当天|那天|当日)"),
)
AHEAD = re.compile(rf"提前(?P<n>{N})个?(?P<unit>[天日周]|星期)")
EDGES = " ,。;:、的把要去就请!?"


@dataclass(frozen=True, slots=True)
class Once:
    """At one moment, aware."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, at a local time."""

    every: str
    """`day`, `workday`, `week`, `month`, `quarter` or `year`."""
    at: time
    step: int = 1
    """2 for every second one, counted from the one in which it was set."""
    weekdays: tuple[int, ...] = ()
    """0 is Monday."""
    nth: int = 0
    """The nth weekday of the month (of `weekdays`), or its nth workday where there are none; -1 the last; 0 not so."""
    day: int = 0
    """Day of the month, its last where it has fewer."""
    month: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """So many days before an event of a plan, at a local time."""

    event: str
    """The words for it, as they were written."""
    days: int
    at: time


@dataclass(frozen=True, slots=True)
class Wish:
    """What to remind of, whom, and when."""

    what: str
    group: bool
    when: Once | Every | Before


def wished(text: str) -> bool:
    """True for a text that asks to be reminded and says of what or when."""
    mark = MARK.search(fold(text))
    return mark is not None and mark["who"] is not None and len(text) > len(mark[0]) + 1


def read_wish(text: str, now: datetime, zone: ZoneInfo) -> Wish:
    """Read a wish; Refusal `own.no_time`, `own.no_what`, `own.past` or `own.impossible` in a sentence for who wrote it."""
    written = " ".join(text.split())
    plain = fold(written)
    mark = MARK.search(plain)
    group = mark is not None and mark["who"] in GROUP
    if mark is not None:
        # The marker leaves a gap that no form of time reaches over.
        plain = plain[: mark.start()] + "\0" * len(mark[0]) + plain[mark.end() :]
    for reader in (_every, _before, _once):
        found = reader(plain, now, zone)
        if found is not None:
            when, spots = found
            what = _rest(written, plain, spots)
            if isinstance(when, Before):
                begin, end = _spot_of(plain, when.event)
                event = written[begin:end]
                return Wish(what or event, group, Before(event, when.days, when.at))
            if not what:
                raise Refusal("own.no_what")
            if isinstance(when, Once) and when.at <= now:
                raise Refusal("own.past")
            return Wish(what, group, when)
    raise Refusal("own.impossible" if NO_DAY.search(plain) else "own.no_time")


Read = tuple[Once | Every | Before, list[tuple[int, int]]]


def _every(plain: str, now: datetime, zone: ZoneInfo) -> Read | None:
    match = EVERY.search(plain)
    if match is None:
        return None
    at, spot = _clock(plain, match.end(), match.start())
    spots = [match.span(), *([spot] if spot else [])]
    step = 2 if match["step"] else 1
    today = now.astimezone(zone).date()
    if match["workday"]:
        return Every("workday", at, step), spots
    if match["day"]:
        return Every("day", at, step), spots
    if match["weekdays"] or match["weekend"]:
        days = {5} if match["weekend"] else {_weekday(sign) for sign in match["weekdays"] if sign in WEEKDAYS + "天"}
        return Every("week", at, step, tuple(sorted(days))), spots
    if match["nth"] or match["last"]:
        nth = -1 if match["last"] else _count(match["nth"])
        if match["nth_weekday"]:
            return Every("month", at, step, (_weekday(match["nth_weekday"]),), nth), spots
        if match["nth_workday"]:
            return Every("month", at, step, (), nth), spots
        return Every("month", at, step, day=31 if nth < 0 else nth), spots
    if match["month_day"] or match["month_end"]:
        day = _count(match["month_day"]) if match["month_day"] else 31
        if not 1 <= day <= 31:
            raise Refusal("own.impossible")
        return Every("month", at, step, day=day), spots
    if match["quarter"]:
        return Every("quarter", at, 1, day=31 if match["quarter_end"] else 1), spots
    if match["year_month"]:
        month, day = _count(match["year_month"]), _count(match["year_day"])
        if not (1 <= month <= 12 and 1 <= day <= month_days(2028, month)[1].day):
            raise Refusal("own.impossible")
        return Every("year", at, 1, day=day, month=month), spots
    if "月" in match[0]:
        return Every("month", at, step, day=1), spots
    if "年" in match[0]:
        return Every("year", at, 1, day=today.day, month=today.month), spots
    return Every("week", at, step, (today.weekday(),)), spots


def _before(plain: str, now: datetime, zone: ZoneInfo) -> Read | None:
    context = _context(now, zone)
    for pattern in BEFORE:
        match = pattern.search(plain.replace("\0", "。"))
        if match is None:
            continue
        # 國慶節前三天, 11月8日前三天: a day of the calendar, not an event of a plan.
        if any(one.start < match.end("event") <= one.end for one in find_dates(plain, context)):
            continue
        at, spot = _clock(plain, match.end(), match.start())
        groups = match.groupdict()
        days = 0 if groups.get("same") else _days(groups)
        return Before(match["event"], days, at), [match.span(), *([spot] if spot else [])]
    ahead = AHEAD.search(plain)
    if ahead is not None:
        at, spot = _clock(plain, ahead.end(), ahead.start())
        event = _rest(plain, plain, [ahead.span(), *([spot] if spot else [])])
        if len(event) >= 2:
            return Before(event, _days(ahead.groupdict()), at), [ahead.span(), *([spot] if spot else [])]
    return None


def _once(plain: str, now: datetime, zone: ZoneInfo) -> Read | None:
    soon = SOON.search(plain)
    if soon is not None:
        return Once(now + _span(soon)), [soon.span()]
    day, spot = _day(plain, now, zone)
    begin, end = spot if spot else (0, 0)
    at, clock = _clock(plain, end, begin) if spot else _clock(plain, 0, 0, anywhere=True)
    if day is None and clock is None:
        return None
    spots = [one for one in (spot, clock) if one]
    words = plain[clock[0] : clock[1]] if clock else ""
    today = now.astimezone(zone).date()
    if day is None and "明晚" in words:
        day = today + timedelta(days=1)
    elif day is None and "今晚" in words:
        day = today
    if day is not None:
        return Once(datetime.combine(day, at, zone) + timedelta(days=small_hours(words, at))), spots
    moment = datetime.combine(today, at, zone)
    return Once(moment if moment > now else moment + timedelta(days=1)), spots


def _day(plain: str, now: datetime, zone: ZoneInfo) -> tuple[date | None, tuple[int, int] | None]:
    """The first day that a text names, with its place."""
    today = now.astimezone(zone).date()
    context = _context(now, zone)
    found = [one for one in find_dates(plain, context) if (one.span.start or one.span.end) is not None]
    if found:
        first = found[0]
        day = first.span.start or first.span.end
        if day is not None and day < today and not re.search(r"\d{4}|今|昨|前天|上", plain[first.start : first.end]):
            # A feast of this year is over: the one of the next is meant.
            again: list[Found] = list(find_dates(plain, DateContext(today.year + 1, context.period, today=today)))
            day = next((one.span.start or one.span.end for one in again if one.start == first.start), day)
        same = SAME.match(plain, first.end)
        return day, (first.start, same.end() if same else first.end)
    for words, ahead in NEAR:
        if (place := plain.find(words)) >= 0:
            return today + timedelta(days=ahead), (place, place + len(words))
    if match := WEEKEND.search(plain):
        return today + timedelta(days=(5 - today.weekday()) % 7 + (7 if match["next"] else 0)), match.span()
    if match := MONTH_END.search(plain):
        return month_days(today.year, today.month)[1], match.span()
    if match := DAY_ALONE.search(plain):
        wanted = _count(match["day"])
        for later in range(3):
            year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
            last = month_days(year, month + 1)[1]
            if 1 <= wanted <= last.day and last.replace(day=wanted) >= today:
                return last.replace(day=wanted), match.span()
        raise Refusal("own.impossible")
    if match := WEEKDAY.search(plain):
        return today + timedelta(days=(_weekday(match["day"]) - today.weekday()) % 7), match.span()
    return None, None


def _clock(plain: str, after: int, before: int, anywhere: bool = False) -> tuple[time, tuple[int, int] | None]:
    """The time of day that stands right behind or before a day, or inside its words; the morning where none does."""
    match = CLOCK.search(plain) if anywhere else None
    if not anywhere:
        inside = [one for one in CLOCK.finditer(plain, before, after) if one.end() == after and _is_clock(one)]
        ahead = re.compile(r"[\s,的在]*").match(plain, after)
        behind = CLOCK.match(plain, ahead.end() if ahead else after)
        previous = [one for one in CLOCK.finditer(plain, 0, before) if one.end() == before and _is_clock(one)]
        match = next((one for one in (*inside, behind, *previous) if one is not None and _is_clock(one)), None)
        if match is None:
            gap = plain.find("\0", after)
            # 每周一提醒我下午三點交表: the time may stand behind the words that ask.
            rest = re.compile(r"\0+[\s,的在]*").match(plain, gap) if gap >= 0 else None
            match = CLOCK.match(plain, rest.end()) if rest else None
    if match is None or not _is_clock(match):
        inner, outer = PART.search(plain, before, after), re.compile(rf"[\s的]*{PART.pattern}").match(plain, after)
        if inner is not None:
            return time(USUAL[inner["part"]]), None
        return (time(USUAL[outer["part"]]), outer.span()) if outer else (MORNING, None)
    at = time_of(match)
    if at is None:
        raise Refusal("own.impossible")
    return at, match.span()


def _is_clock(match: re.Match[str]) -> bool:
    """A number alone is no time of day."""
    return bool(match["minute"]) or "点" in match[0]


def _context(now: datetime, zone: ZoneInfo) -> DateContext:
    today = now.astimezone(zone).date()
    return DateContext(today.year, Period(today, today + timedelta(days=364)), today=today)


def _span(match: re.Match[str]) -> timedelta:
    unit = {"小时": 60, "钟头": 60, "分钟": 1, "刻钟": 15}[match["unit"]]
    count = 0.5 if match["n"] == "半" else _count(match["n"])
    half = 0.5 if match["half"] or match[0].removesuffix("后").removesuffix("之").removesuffix("以").endswith("半") else 0
    return timedelta(minutes=(count + half) * unit)


def _days(groups: dict[str, str | None]) -> int:
    count = _count(groups["n"] or "1")
    return count * 7 if groups["unit"] in ("周", "星期") else count


def _count(words: str) -> int:
    try:
        return number(words.replace("两", "二"))
    except ValueError:
        raise Refusal("own.impossible") from None


def _weekday(sign: str) -> int:
    return 6 if sign == "天" else WEEKDAYS.index(sign)


def _spot_of(plain: str, words: str) -> tuple[int, int]:
    begin = plain.find(words)
    return (begin, begin + len(words)) if begin >= 0 else (0, 0)


def _rest(written: str, plain: str, spots: list[tuple[int, int]]) -> str:
    """What is left of the words without the times and the marker."""
    gone = set()
    for begin, end in spots:
        # 在下周五: the word that leads to a time goes with it.
        gone |= set(range(begin - 1 if begin and plain[begin - 1] in "在于" else begin, end))
    kept = "".join(sign for at, sign in enumerate(written) if at not in gone and plain[at] != "\0")
    folded = fold(kept)
    start = next((at for at, sign in enumerate(folded) if sign not in EDGES), len(folded))
    stop = next((at for at in range(len(folded), 0, -1) if folded[at - 1] not in EDGES), 0)
    return kept[start:stop].strip()
