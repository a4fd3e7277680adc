"""What the forms of Chinese times mean: each function turns a match of a row of `forms` into the days it covers."""

import re
from datetime import date, timedelta

from bot.plan import lunar
from bot.plan.model import Precision
from bot.plan.periods import DateContext, month_days, nth_weekday, number, placed, week_of_month

Days = tuple[date | None, date | None, Precision]

OFFSETS = {"明": 1, "来": 1, "次": 1, "翌": 1, "下": 1, "去": -1, "上": -1, "前": -2, "后": 2}
TAILS = {
    "上旬": (1, 10), "初": (1, 10), "上中旬": (1, 20), "上、中旬": (1, 20), "中旬": (11, 20), "中": (11, 20), "中期": (11, 20),
    "中下旬": (11, 31), "中、下旬": (11, 31), "下旬": (21, 31), "底": (21, 31), "末": (21, 31),
}  # fmt: skip
WEEKDAYS = "一二三四五六日天"
LONGEST_RANGE = 45
"""Days between two dotted numbers that may still be two days."""
NEAR_YEARS = 6
"""How far a bare year of the Republic's count may lie from the document's year."""


def year_of(match: re.Match[str], context: DateContext) -> int | None:
    """The year that a match of YEAR names, None where it names none; ValueError for a number that is no year here."""
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if groups.get("cy"):
        return number(groups["cy"])
    if groups.get("croc"):
        return number(groups["croc"]) + 1911
    if groups.get("roc"):
        year = int(groups["roc"]) + 1911
        if abs(year - context.year) > NEAR_YEARS and not re.match(
            r"\s*(?:\d{1,2}\s*月|\d{1,2}[./-]\d|学年)", match.string[match.end("roc") + 1 :]
        ):
            raise ValueError(f"{groups['roc']}年 is a number of years")
        return year
    if groups.get("yy"):
        year = 2000 + int(groups["yy"])
        if abs(year - context.year) > 3:
            raise ValueError(f"{groups['yy']} is no year near {context.year}")
        return year
    if word := groups.get("word"):
        return context.year + OFFSETS.get(word[0], 0)
    return None


def month_number(text: str) -> int:
    """The number of a month; 元月 is January."""
    return 1 if text == "元" else number(text)


def later_year(match: re.Match[str], year: int, month: int, second: int) -> int:
    """The year of a range's second end: as named, else the next one where its month comes earlier."""
    if named := match.groupdict().get("y2"):
        return int(named) if named.isdecimal() else year + 1
    return year + (second < month)


def a_day(match: re.Match[str], context: DateContext) -> Days:
    """A month and a day, perhaps to a second day or a second month and day; ValueError where the second is before the first."""
    part = match.groupdict()
    month, day = month_number(part["m"] or part["cm"]), number(part["d"] or part["cd"])
    year = year_of(match, context) or placed(context, month, day)
    start = date(year, month, day)
    if not part.get("d2"):
        return start, start, Precision.DAY
    second = month_number(part.get("m2") or part["m"])
    end = date(later_year(match, year, month, second), second, number(part["d2"]))
    if end < start:
        raise ValueError(f"{end} is before {start}")
    return start, end, Precision.DAYS if end > start else Precision.DAY


def a_slashed_day(match: re.Match[str], context: DateContext) -> Days | None:
    """A day such as 8/25; what may be a fraction (學生的1/3) must not stand within words."""
    month, day = int(match["m"]), int(match["d"])
    before = match.string[match.start() - 1 : match.start()]
    alone = match["d2"] is None and match[0].endswith(match["d"])
    if alone and month < day <= 10 and "一" <= before <= "鿿" and before not in "于在至到自从起周":
        return None
    return a_day(match, context)


def a_dotted_range(match: re.Match[str], context: DateContext) -> Days:
    """Two days written as numbers with dots or dashes (9.1-9.7); ValueError where they lie too far apart to be two days."""
    start, end, precision = a_day(match, context)
    if start and end and (end - start).days > LONGEST_RANGE:
        raise ValueError("too far apart")
    return start, end, precision


def a_lunar_day(match: re.Match[str], context: DateContext) -> Days | None:
    """A day of the lunar calendar (農曆正月十五, 臘月廿三), perhaps to a second day of the same month."""
    part = match.groupdict()
    name = part["lm"] or part.get("lm_") or ""
    month = {"正": 1, "冬": 11, "腊": 12}.get(name) or number(name)
    days = [number(part[key].removeprefix("初")) for key in ("ld", "ld2") if part.get(key)]
    period = context.period
    best = None
    for year in range(period.start.year - 1, period.end.year + 1):
        first = lunar.civil(year, month, days[0], bool(part.get("leap")))
        if first is None:
            continue
        gap = max(period.start - first, first - period.end, timedelta(0))
        if best is None or gap < best[0]:
            best = (gap, first)
    if best is None:
        return None
    end = best[1] + timedelta(days=days[-1] - days[0])
    return best[1], end, Precision.DAY if len(days) == 1 else Precision.DAYS


def bare_day(match: re.Match[str], context: DateContext) -> Days | None:
    """A day of the month that the heading or the words before name."""
    if context.month is None:
        return None
    start, end = (date(*context.month, number(one)) for one in (match["d"], match.groupdict().get("d2") or match["d"]))
    return start, end, Precision.DAY if start == end else Precision.DAYS


def a_month(match: re.Match[str], context: DateContext) -> Days:
    """A month, a third of one, or several months."""
    part = match.groupdict()
    month, tail = month_number(part["m"]), (part.get("t") or "").removeprefix("月")
    year = year_of(match, context) or placed(context, month)
    start, end = month_days(year, month)
    if part.get("m2"):
        second = month_number(part["m2"])
        end = month_days(later_year(match, year, month, second), second)[1]
        return start, end.replace(day=min(TAILS[tail][1], end.day)) if tail else end, Precision.MONTHS
    if tail:
        return start.replace(day=TAILS[tail][0]), end.replace(day=min(TAILS[tail][1], end.day)), Precision.TENDAY
    return start, end, Precision.MONTH


def some_months(match: re.Match[str], context: DateContext) -> Days | None:
    """Months in a list (3、5、9月): from the first to the last; one number at the very front of more words is a place in an enumeration."""
    front = match.string[: match.start()].rstrip(" \t")
    opens = not front or front[-1] in "\n。;"
    month, second = (month_number(re.sub(r"\s*月份?", "", match[key])) for key in ("m", "m2"))
    listed = "月" in match["m"] or second == month + 1 or match[0].count("、") > 1
    if opens and not listed and match.end() < len(match.string.rstrip()):
        return None
    if second == month:
        raise ValueError("one month twice")
    year = year_of(match, context) or placed(context, month)
    return month_days(year, month)[0], month_days(year + (second < month), second)[1], Precision.MONTHS


def a_tenday(match: re.Match[str], context: DateContext) -> Days | None:
    """A third of the month that the heading or row names (下旬)."""
    if context.month is None:
        return None
    start, end = month_days(*context.month)
    first, last = TAILS[match["t"].removeprefix("月")]
    return start.replace(day=first), end.replace(day=min(last, end.day)), Precision.TENDAY


def a_week(match: re.Match[str], context: DateContext) -> Days | None:
    """The nth week of a month or of the term, perhaps to a later week, or a day of it."""
    part = match.groupdict()
    week = number(part["w"])
    last = number(part["w2"]) if part.get("w2") else week
    if not 1 <= week <= last <= 30:
        return None
    if part.get("m") or (context.month and last <= 5 and "教学" not in match[0] and not part.get("open")):
        month = number(part["m"]) if part.get("m") else (context.month or (0, 0))[1]
        year = year_of(match, context) or (context.month[0] if not part.get("m") and context.month else placed(context, month))
        if last > 5:
            return None
        first, end = week_of_month(year, month, week)[0], week_of_month(year, month, last)[1]
    else:
        term = context.term
        if term is None:
            return None
        first, end = context.calendar.week(term, week)[0], context.calendar.week(term, last)[1]
    if wd := part.get("wd"):
        day = first + timedelta(days=6 if wd in "日天" else WEEKDAYS.index(wd))
        return day, day, Precision.DAY
    return first, end, Precision.WEEK


def weekday_of_month(match: re.Match[str], context: DateContext) -> Days:
    """The nth or last weekday of a month (3月最后一个星期一)."""
    month, weekday = number(match["m"]), min(WEEKDAYS.index(match["wd"]), 6)
    year = year_of(match, context) or placed(context, month)
    day = nth_weekday(year, month, -1 if match["w"] == "最后" else number(match["w"].removeprefix("第")), weekday)
    return day, day, Precision.DAY


def a_part(match: re.Match[str], context: DateContext) -> Days:
    """A half, a quarter or a season of a year."""
    part = match.groupdict()
    year = year_of(match, context)
    if half := part.get("half"):
        first = 1 if half == "上" else 7
        return (*month_days(year or placed(context, first + 3), first, first + 5), Precision.HALF)
    if quarter := part.get("quarter"):
        first = 3 * number(quarter) - 2
        year = year or placed(context, first + 1)
        if part.get("q2"):
            last = 3 * number(part["q2"])
            if last <= first + 2:
                raise ValueError("the second quarter is not after the first")
            return (*month_days(year, first, last), Precision.MONTHS)
        if match.groupdict().get("t"):
            return (*month_days(year, first + 2), Precision.MONTH)
        return (*month_days(year, first, first + 2), Precision.QUARTER)
    if "冬明" in match[0] or "冬今" in match[0]:
        began = context.year - ("去冬" in match[0])
        return date(began, 12, 1), date(began + 1, 5, 31), Precision.SEASON
    first = {"春": 3, "夏": 6, "秋": 9, "冬": 12}[part["season"]]
    start = date(year or placed(context, first), first, 1)
    end = month_days(start.year + (first == 12), (first + 1) % 12 + 1)[1]
    return start, end, Precision.SEASON


def a_year(match: re.Match[str], context: DateContext) -> Days:
    """A calendar year, its beginning or its end, or the years from one to another."""
    part = match.groupdict()
    year = year_of(match, context) or context.year
    if part.get("y2"):
        return date(year, 1, 1), date(int(part["y2"]), 12, 31), Precision.YEAR
    tail = part.get("t") or ""
    if tail in ("末", "底"):
        return (*month_days(year, 12), Precision.MONTH)
    if tail == "初":
        return (*month_days(year, 1), Precision.MONTH)
    return (*month_days(year, 1, 12), Precision.YEAR)


def turn_of_year(match: re.Match[str], context: DateContext) -> Days:
    """歲末年初: the last month of the year and the first of the next."""
    return date(context.year, 12, 1), date(context.year + 1, 1, 31), Precision.MONTHS


def five_years(match: re.Match[str], context: DateContext) -> Days:
    """The years of a five-year plan (“十四五”期间), its first or its last year; from the third on they follow each other since 1966."""
    count = number(match["plan"])
    start = 1966 + 5 * (count - 3) if count > 2 else 1953 + 5 * (count - 1)
    if match["t"] in ("末", "期末", "收官之年"):
        return (*month_days(start + 4, 1, 12), Precision.YEAR)
    if match["t"] in ("初", "开局之年"):
        return (*month_days(start, 1, 12), Precision.YEAR)
    return date(start, 1, 1), date(start + 4, 12, 31), Precision.YEAR


def within(match: re.Match[str], context: DateContext) -> Days:
    """So many years from the beginning of the plan."""
    count, start = number(match["n"].replace("两", "二")), context.period.start
    return start, start.replace(year=start.year + count, day=min(start.day, 28)) - timedelta(days=start.day > 28 or 1), Precision.YEAR


def relative(match: re.Match[str], context: DateContext) -> Days:
    """A day, week or month counted from today."""
    part, today = match.groupdict(), context.today
    unit = Precision.WEEK if part.get("week") and not part.get("wd") else Precision.MONTH if part.get("moon") else Precision.DAY
    if today is None:
        return None, None, unit
    if word := part.get("near"):
        day = today + timedelta(days={"今": 0, "当": 0, "明": 1, "后": 2, "昨": -1, "前": -2}.get(word[0], 3))
        return day, day, unit
    if count := part.get("n"):
        size = {"周": 7, "星期": 7}.get(part["step"], 1)
        day = today + timedelta(days=number(count.replace("两", "二")) * size)
        return day, day, unit
    words = part.get("week") or part.get("moon") or "本"
    step = OFFSETS.get(words[0], 0) * len(words)
    if part.get("moon"):
        whole = today.month - 1 + step
        start, end = month_days(today.year + whole // 12, whole % 12 + 1)
        if part.get("d"):
            day = start.replace(day=number(part["d"]))
            return day, day, Precision.DAY
        if tail := (part.get("t") or "").removeprefix("月"):
            return start.replace(day=TAILS[tail][0]), end.replace(day=min(TAILS[tail][1], end.day)), Precision.TENDAY
        return start, end, unit
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * step)
    if wd := part.get("wd"):
        day = monday + timedelta(days=min(WEEKDAYS.index(wd), 6))
        return day, day, unit
    return monday, monday + timedelta(days=6), unit


def unknown(match: re.Match[str], context: DateContext) -> Days:
    """A time that the text itself leaves open."""
    return None, None, Precision.UNKNOWN
