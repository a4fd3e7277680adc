"""The forms of Chinese times as a table: what each looks like and which days it covers.

Longer than other files because the table and the readers of its rows belong together.
"""

import calendar as months
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.calendar import SchoolCalendar
from bot.plan.model import Period, Precision

Days = tuple[date | None, date | None, Precision]
DIGITS = "〇一二三四五六七八九"


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


def number(text: str) -> int:
    """The value of Arabic digits or of Chinese numerals up to 99 (十二, 廿五, 二〇一四); ValueError for anything else."""
    text = text.translate({0x5EFF: "二十", 0x5345: "三十", 0x3007: "〇"})
    if text.isdigit() and text.isascii():
        return int(text)
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


N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
WORDS = r"今年|本年度?|当年|明年|来年|次年|去年|上年度?|上一年度?|前年|后年|下一年度?"
YEAR = (
    r"(?:(?P<y>(?:19|20)\d\d)\s*年度?|(?P<cy>[一二][〇一二三四五六七八九]{3})年度?|(?:民国)?(?<!\d)(?P<roc>9\d|1[0-4]\d)\s*年度?|"
    rf"(?P<word>{WORDS}))"
)
SCHOOLYEAR = r"(?:(?<!\d)(?P<s>(?:19|20)\d\d|9\d|1[0-4]\d)(?:\s*[-—~至/]+\s*(?:(?:19|20)\d\d|\d\d|1[0-4]\d))?\s*学年度?)"
OFFSETS = {"明": 1, "来": 1, "次": 1, "下": 1, "去": -1, "上": -1, "前": -2, "后": 2}
TO = r"\s*(?:-{1,4}|—{1,2}|~{1,2}|至|到)\s*"
# 初 and 中 are also the beginning of another word: 7月初评, 5月中考.
TAIL = r"(?P<t>上旬|中旬|下旬|月?初(?![评中赛审级选试步高一二三])|月?底|月?末|中(?![考学小旬高国级职期心央]))?"
TAILS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}
WEEKDAYS = "一二三四五六日天"
CLOCK = (
    r"(?:\s*(?:上午|下午|中午|晚上|早上|晚)?\s*\d{0,2}[一二三四五六七八九十]{0,3}"
    r"(?:[点时](?:半|一刻|\d{1,2}分?|[一二三四五六七八九十]{1,3}分)?|:\d\d))?"
)


def year_of(match: re.Match[str], context: DateContext) -> int | None:
    """The year that a match of YEAR names, None where it names none."""
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if groups.get("cy"):
        return number(groups["cy"])
    if groups.get("roc"):
        return int(groups["roc"]) + 1911
    if word := groups.get("word"):
        return context.year + OFFSETS.get(word[0], 0)
    return None


def placed(context: DateContext, month: int, day: int = 1) -> int:
    """The year in which a month and day without one lie: within the plan's days where they can, else as near as they can."""
    best, least = context.year, timedelta.max
    for year in sorted({context.period.start.year, context.year, context.period.end.year}, key=lambda one: (one != context.year, one)):
        here = date(year, month, min(day, months.monthrange(year, month)[1]))
        gap = max(context.period.start.replace(day=1) - here, here - context.period.end, timedelta(0))
        if gap < least:
            best, least = year, gap
    return best


def a_day(match: re.Match[str], context: DateContext) -> Days:
    """A month and a day, perhaps to a second day or a second month and day."""
    part = match.groupdict()
    month, day = number(part["m"] or part["cm"]), number(part["d"] or part["cd"])
    year = year_of(match, context) or placed(context, month, day)
    start = date(year, month, day)
    if not part.get("d2"):
        return start, start, Precision.DAY
    second = number(part.get("m2") or part["m"])
    end = date(year + (second < month), second, number(part["d2"]))
    return start, end, Precision.DAYS


def bare_day(match: re.Match[str], context: DateContext) -> Days | None:
    """A day of the month that the heading or the words before name."""
    if context.month is None:
        return None
    start, end = (date(*context.month, number(one)) for one in (match["d"], match.groupdict().get("d2") or match["d"]))
    return start, end, Precision.DAY if start == end else Precision.DAYS


def a_month(match: re.Match[str], context: DateContext) -> Days:
    """A month, a third of one, or several months."""
    part = match.groupdict()
    month, tail = number(part["m"]), (part.get("t") or "").removeprefix("月")
    year = year_of(match, context) or placed(context, month)
    start, end = month_days(year, month)
    if part.get("m2"):
        second = number(part["m2"])
        later = int(part["y2"]) if part.get("y2") else year + (second < month)
        end = month_days(later, second)[1]
        return (start, end, Precision.MONTHS) if not tail else (start, end.replace(day=min(TAILS[tail][1], end.day)), Precision.MONTHS)
    if tail:
        return start.replace(day=TAILS[tail][0]), end.replace(day=min(TAILS[tail][1], end.day)), Precision.TENDAY
    return start, end, Precision.MONTH


def a_week(match: re.Match[str], context: DateContext) -> Days | None:
    """The nth week of a month or of the term."""
    part = match.groupdict()
    week = number(part["w"])
    if part.get("m") or context.month:
        month = number(part["m"]) if part.get("m") else (context.month or (0, 0))[1]
        year = year_of(match, context) or (context.month[0] if not part.get("m") and context.month else placed(context, month))
        return (*week_of_month(year, month, week), Precision.WEEK) if week <= 5 else None
    if (context.period.end - context.period.start).days > 170:
        return None
    monday = context.period.start - timedelta(days=context.period.start.weekday()) + timedelta(days=7 * (week - 1))
    return monday, monday + timedelta(days=6), Precision.WEEK


def weekday_of_month(match: re.Match[str], context: DateContext) -> Days:
    """The nth or last weekday of a month (3月最后一个星期一)."""
    month, weekday = number(match["m"]), WEEKDAYS.index(match["wd"]) % 7
    year = year_of(match, context) or placed(context, month)
    day = nth_weekday(year, month, -1 if match["w"] == "最后" else number(match["w"].removeprefix("第")), weekday)
    return day, day, Precision.DAY


def a_term(match: re.Match[str], context: DateContext) -> Days:
    """A term or a school year: by its year, or as this, next and last."""
    part, calendar = match.groupdict(), context.calendar
    began = calendar.school_year(context.period.start)
    if part.get("s"):
        began = int(part["s"]) + (1911 if len(part["s"]) < 4 else 0)
    elif year := year_of(match, context):
        began = year - ("春" in match[0])
    which, term = part.get("which") or "", part.get("term") or ""
    if "学年" in match[0] and not term:
        began += OFFSETS.get(which, 0)
        return (*calendar.year_span(began), Precision.SCHOOLYEAR)
    spring = "春" in term or "二" in term or "2" in term or term[:1] == "下"
    if which:
        autumn_first = calendar.autumn_term(began)
        spring = context.period.start > autumn_first[1]
        if OFFSETS.get(which, 0):
            spring, began = not spring, began + (spring if which == "下" else spring - 1 if not spring else 0)
    start, end = calendar.spring_term(began) if spring else calendar.autumn_term(began)
    if (tail := part.get("t")) in ("初", "开学初"):
        return start, start + timedelta(days=20), Precision.UNKNOWN
    if tail in ("末", "结束", "底"):
        return end - timedelta(days=20), end, Precision.UNKNOWN
    return start, end, Precision.TERM


def a_part(match: re.Match[str], context: DateContext) -> Days:
    """A half, a quarter or a season of a year."""
    part = match.groupdict()
    year = year_of(match, context)
    if half := part.get("half"):
        first = 1 if half == "上" else 7
        return (*month_days(year or placed(context, first + 3), first, first + 5), Precision.HALF)
    if quarter := part.get("quarter"):
        first = 3 * number(quarter) - 2
        return (*month_days(year or placed(context, first + 1), first, first + 2), Precision.QUARTER)
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


def within(match: re.Match[str], context: DateContext) -> Days:
    """So many years or months from the beginning of the plan."""
    count, start = number(match["n"]), context.period.start
    if match["unit"] == "年":
        return start, start.replace(year=start.year + count, day=min(start.day, 28)) - timedelta(days=start.day > 28 or 1), Precision.YEAR
    whole = start.month - 1 + count
    return start, date(start.year + whole // 12, whole % 12 + 1, 1) - timedelta(days=1), Precision.MONTHS


def a_break(match: re.Match[str], context: DateContext) -> Days:
    """The winter or the summer holidays of the plan's school year; 寒暑假 is two stretches, so it stays open."""
    calendar, began = context.calendar, context.calendar.school_year(context.period.start)
    year = year_of(match, context)
    if "寒" in match[0] and "暑" in match[0]:
        return None, None, Precision.BREAK
    if "寒" in match[0]:
        return (*calendar.winter_break(year - 1 if year else began), Precision.BREAK)
    return (*calendar.summer_break(year - 1 if year else began), Precision.BREAK)


def relative(match: re.Match[str], context: DateContext) -> Days:
    """A day, week or month counted from today."""
    part, today = match.groupdict(), context.today
    unit = Precision.WEEK if part.get("week") and not part.get("wd") else Precision.MONTH if part.get("moon") else Precision.DAY
    if today is None:
        return None, None, unit
    if word := part.get("near"):
        day = today + timedelta(days={"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}.get(word[0], 3))
        return day, day, unit
    if count := part.get("n"):
        day = today + timedelta(days=number(count) * (7 if part["step"] in ("周", "星期") else 1))
        return day, day, unit
    step = OFFSETS.get((part.get("week") or part.get("moon") or "本")[0], 0)
    if part.get("moon"):
        whole = today.month - 1 + step
        return (*month_days(today.year + whole // 12, whole % 12 + 1), unit)
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * step)
    if part.get("wd"):
        day = monday + timedelta(days=WEEKDAYS.index(part["wd"]) % 7 if part["wd"] not in "日天" else 6)
        return day, day, unit
    return monday, monday + timedelta(days=6), unit


def unknown(match: re.Match[str], context: DateContext) -> Days:
    """A time that the text itself leaves open."""
    return None, None, Precision.UNKNOWN


ODD = r"(?<![\d一二三四五六七八九十廿第每/.])"
# Slashed and dotted numbers are as often parts and versions, so they need a neighbour that makes them a day.
DAYWORD = r"(?=[”\"]|[^,。;“”\"\d]{0,12}(?:日|节|周))"
SLASHED = r"(?![\d/.%]|\s*(?:以上|以下|的|左右|多|强))"
FORMS: Sequence[tuple[str, str, Callable[[re.Match[str], DateContext], Days | None]]] = (
    ("day", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{N})\s*月份?\s*(?P<d>{N})\s*[日号]?{TO}(?:(?P<m2>{N})\s*月\s*)?(?P<d2>{N})\s*[日号]", a_day),
    ("day", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{N})\s*月\s*(?P<d>{N})\s*[日号]{CLOCK}", a_day),
    (
        "day",
        rf"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)(?:{TO}(?:(?P<m2>\d{{1,2}})[-/.])?(?P<d2>\d{{1,2}})(?!\d))?",
        a_day,
    ),
    ("day", r"(?<!\d)(?P<roc>1[0-4]\d)[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d)", a_day),
    ("day", rf"{ODD}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){SLASHED}(?:{TO}(?:(?P<m2>\d{{1,2}})/)?(?P<d2>\d{{1,2}}){SLASHED})?", a_day),
    (
        "festival",
        rf"(?:{ODD}(?P<m>\d{{1,2}})[·.](?P<d>\d{{1,2}})|{ODD}(?P<cm>{N})·(?P<cd>{N}))(?![\d·.%]){DAYWORD}",
        a_day,
    ),
    ("day", r"(?<=\()(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?:(?:-|—|~|至|到)(?:(?P<m2>\d{1,2})\.)?(?P<d2>\d{1,2}))?(?=\))", a_day),
    ("month", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{N})月?份?(?:{TO}|、)(?:(?P<y2>(?:19|20)\d\d)年)?(?P<m2>{N})月份?{TAIL}", a_month),
    ("weekday", rf"(?:{YEAR})?{ODD}(?P<m>{N})月份?的?(?P<w>最后|第{N})一?个?(?:星期|周)(?P<wd>[{WEEKDAYS}])", weekday_of_month),
    ("week", rf"(?:{YEAR})?{ODD}(?P<m>{N})月份?的?第?(?P<w>{N})个?(?:周|星期)(?![{WEEKDAYS}年岁])", a_week),
    ("month", rf"(?:{YEAR}\s*)?{ODD}(?P<m>{N})\s*月份?{TAIL}(?!\d)", a_month),
    ("month", r"(?<![\d-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?![\d-])", a_month),
    ("bare", rf"(?<![\d月年-])(?P<d>\d{{1,2}})[日号]?{TO}(?P<d2>\d{{1,2}})日", bare_day),
    ("bare", r"(?<![\d月年-])(?P<d>\d{1,2})日(?![游志])", bare_day),
    ("week", rf"第(?P<w>{N})(?:教学)?周(?![{WEEKDAYS}年岁])", a_week),
    ("term", rf"{SCHOOLYEAR}(?P<term>第?[一二12上下]学期|[春秋]季?学期)?", a_term),
    ("term", rf"{YEAR}的?(?P<term>[春秋]季?学期)", a_term),
    ("term", r"(?P<which>[本这新下上该])(?:一|个)?学期(?P<t>开学初|初|末|结束|底)?", a_term),
    ("term", r"(?P<which>[本新下上该])(?:一|个)?学年度?", a_term),
    ("term", r"(?<!年级)(?<!学年度)(?P<term>第[一二12]学期|[春秋]季?学期)", a_term),
    ("half", rf"(?:{YEAR})?(?P<half>[上下])半年", a_part),
    ("quarter", rf"(?<!每)(?:{YEAR})?第?(?P<quarter>[一二三四1-4])季度", a_part),
    ("season", rf"{YEAR}(?P<season>[春夏秋冬])季?(?!学|运)", a_part),
    ("year", r"(?P<y>(?:19|20)\d\d)年?\s*(?:-|—|~|至|到)+\s*(?P<y2>(?:19|20)\d\d)年", a_year),
    ("year", rf"{YEAR}(?P<t>[末底初内])?(?![级龄轮])", a_year),
    ("year", r"(?<![\d多两几近每整全学青少成老幼壮同百千周])年(?:(?P<t>[底末初])|内|度内)(?![一二三])", a_year),
    ("year", r"全年(?![级龄段])", a_year),
    ("within", rf"(?<![\d第])(?P<n>{N})(?:个(?=月))?(?P<unit>年)[之以]?内", within),
    ("break", rf"(?:{YEAR})?(?:寒、?暑假|寒假[和及、与]暑假|寒假|暑假|暑期)(?:期间|中|里)?", a_break),
    ("relative", rf"(?<![一-鿿])(?P<near>今天|明天|后天|大后天|昨天|前天){CLOCK}", relative),
    ("relative", rf"(?P<n>{N})(?:个)?(?P<step>天|日|周|星期)[之以]?后", relative),
    (
        "relative",
        rf"(?P<week>[本这下上])一?个?(?:周|星期)(?P<wd>[{WEEKDAYS}](?![{WEEKDAYS}\d]))?(?!年|期|岁|边|转|到|全|密|报){CLOCK}",
        relative,
    ),
    ("relative", r"(?P<moon>[本下上])个?月(?!球|亮|饼|刊)", relative),
    ("open", r"时间待定|待定|另行通知|另行安排|近日|近期", unknown),
)
ROWS = tuple((form, re.compile(pattern), read) for form, pattern, read in FORMS)
# A cheap look before the table: without one of these no form can match.
SIGNS = re.compile(
    r"\d|年|月|学期|季度|[寒暑]|节|[五六七八十三]·?[一四八]|元旦|除夕|元宵|清明|端午|中秋|国庆|重阳|周|星期|天|待定|另行|近[日期]"
)
