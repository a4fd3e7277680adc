"""Find the times of a text: the forms in it, ranges joined, each with the role that the words beside it give."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.plan import festivals, national
from bot.plan.forms import COUNT, ROWS, SIGNS, TO, WEEKDAY, YEAR
from bot.plan.model import DateRole, Precision, Span
from bot.plan.periods import DateContext, number, placed
from bot.plan.readings import year_of
from bot.plan.script import fold

__all__ = ["DateContext", "Found", "find_dates", "number"]


@dataclass(frozen=True, slots=True)
class Found:
    """A time found in a text: offsets of its words and what they mean."""

    start: int
    end: int
    span: Span
    form: str
    """Name of the form (a row of FORMS), `festival` for the day of a feast, `national` for a named day of the country."""


BEFORE = re.compile(
    r"[”\"]?\s*(?:日|号)?(?P<until>假期|放假|来临|到来|开学|来到)?(?:之前|以前|前(?![往期进置述列后沿景]|提(?![交出报供]|醒|请))|止(?!于)|截止|截稿|为止|完成)(?!夕|一[天日])"
)
EVE = re.compile(rf"[”\"]?(?:之)?前(?:夕|夜|(?P<n>{COUNT})(?:个)?(?P<unit>天|日|周|星期)(?![内之]))")
WEEK_AFTER = re.compile(rf"[”\"]?(?:节|小?长?假期?|放假)?后的?第(?P<n>{COUNT})个?(?:教学)?周")
UNTIL = re.compile(
    r"(?:截至|截[止稿](?:时间|日期)?(?:为|是|:|到|至|于)?|不迟于|不晚于|不得晚于|不得迟于|至迟|最迟|最晚|(?:即日|现在|今日)起?(?:至|到)|赶在|止于)\s*(?:于|在|到|至)?$"
)
FROM = re.compile(
    r"[”\"]?\s*(?:日|号)?(?:起(?![草点步来到伏码飞源跑身])|开始(?!前)|以后|之后|(?:节|假|假期)?后(?=[,。;、)]|$|第|的?[一二两三1-3]个?[周天]|上班|开学|返校))"
)
YEAR_END = re.compile(rf"{YEAR}的?[“\"]?")
LINK = re.compile(rf"(?:{WEEKDAY})?\s*(?:起|开始)?{TO}")
SAME = re.compile(r"[”\"]?\s*(?:国际|全国|国家|世界|是|为|即)?[“\"(]?")
"""What stands between the number and the name of one feast (“六一”國際兒童節)."""
HIDDEN = re.compile(
    r"《[^《》]{0,80}》|〔[^〕]{0,12}〕\s*\d+\s*号|\[(?:19|20)\d\d\]\s*\d+\s*号|\d{1,2}\s*-\s*\d{1,2}\s*(?:年级|岁|周岁|个?月龄)"
    r"|(?:19|20)\d\d年(?:修[订正]|版)"
)
RANGE = "…"
"""Words of a joined range until its own are known."""
NAMES = ("festival", "national")
# 1.2月24日: the number of a list runs into the day behind it.
NUMBERED = re.compile(r"(?:(?<=^)|(?<=[\s;。]))\d{1,2}\s*\.(?=\s*(?:\d{1,2}(?:\s*[-—~至、]\s*\d{1,2})?\s*月|(?:19|20)\d\d\s*年))")
BEFORE_DAY = ("festival", "national", "opening", "break")
"""Forms of which 前 means the days before, not up to the end."""


def matches(text: str, context: DateContext) -> Iterator[Found]:
    """Every form at every place of a folded text, overlapping ones too."""
    for form, pattern, read in ROWS:
        for match in pattern.finditer(text):
            try:
                days = read(match, context)
            except (ValueError, OverflowError):
                continue
            if days:
                words = match[0].rstrip()
                yield Found(match.start(), match.start() + len(words), Span(words, *days), form)
    for match in festivals.FESTIVAL.finditer(text):
        row = int((match.lastgroup or "f0")[1:])
        month = (festivals.day_of(row, context.year) or date(context.year, 2, 1)).month
        start, year = year_before(text, match.start(), context)
        day = festivals.day_of(row, year or placed(context, month))
        if context.republic and (elsewhere := festivals.republic_day(match[0])):
            day = date(year or placed(context, *elsewhere), *elsewhere)
        yield Found(start, match.end(), Span(text[start : match.end()], day, day, Precision.DAY), "festival")
    for begin, end, row_of_day in () if context.republic else national.places(text):
        if end - begin < 3:
            # 清明, 中秋: whether these are days is a matter of the words beside them, which FESTIVALS knows.
            continue
        start, year = year_before(text, begin, context)
        hint = national.in_year(row_of_day, context.year)
        found = hint and national.in_year(row_of_day, year or placed(context, hint.start.month, hint.start.day))
        if found and found.start.month == found.end.month and (found.end - found.start).days < 8:
            precision = Precision.DAY if found.start == found.end else Precision.WEEK
            yield Found(start, end, Span(text[start:end], found.start, found.end, precision), "national")


def year_before(text: str, place: int, context: DateContext) -> tuple[int, int | None]:
    """Where the year before a feast begins and which it is (2027年春节); the feast's own place and None where there is none."""
    for match in YEAR_END.finditer(text, max(0, place - 8), place):
        if match.end() == place:
            try:
                return match.start(), year_of(match, context)
            except ValueError:
                break
    return place, None


def find_dates(text: str, context: DateContext) -> tuple[Found, ...]:
    """The times of a text in order, never overlapping, roles by the words around them; offsets and words are the text's own."""
    folded = fold(text)
    if not SIGNS.search(folded):
        return ()
    shown = NUMBERED.sub(blank, HIDDEN.sub(blank, folded))
    chosen: list[Found] = []
    last = 0
    for found in sorted(matches(shown, context), key=lambda one: (one.start, -one.end)):
        if found.start < last:
            continue
        # 2月1日（農曆十二月十六）: the bracket says the same day once more.
        if not (chosen and found.form == "lunar" and shown[chosen[-1].end : found.start].strip() == "("):
            chosen.append(found)
        last = found.end
    if context.month is None and any(one.form == "month" for one in chosen) and re.search(r"\d日", shown):
        first = next(one.span.start for one in chosen if one.form == "month")
        if first:
            return find_dates(text, replace(context, month=(first.year, first.month)))
    told: list[Found] = []
    for one in joined(chosen, shown):
        # The words of a role may hold a time of their own (寒假開學前).
        if not told or one.start >= told[-1].end:
            told.append(roled(one, text, shown, context))
    return tuple(told)


def blank(match: re.Match[str]) -> str:
    """As many characters that no form has as the match is long."""
    return "\0" * len(match[0])


def joined(found: Sequence[Found], text: str) -> list[Found]:
    """Join neighbours that a dash, 至 or 到 makes one range."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        between = text[last.end : one.start] if last else ""
        linked = LINK.fullmatch(between) or (not between and last and last.span.precision is one.span.precision is Precision.TENDAY)
        if last and last.span.start and one.span.end and linked and last.span.start <= one.span.end:
            precision = last.span.precision if last.span.precision is not Precision.DAY else Precision.DAYS
            precision = Precision.MONTHS if precision is Precision.MONTH else precision
            result[-1] = Found(last.start, one.end, Span(RANGE, last.span.start, one.span.end, precision), last.form)
        elif last and is_same_feast(last, one) and SAME.fullmatch(between):
            result[-1] = replace(last, end=one.end)
        else:
            result.append(one)
    return result


def is_same_feast(one: Found, other: Found) -> bool:
    """True where two names mean one day; a day in figures keeps its own words, for the name after it is what is done then."""
    return one.form in NAMES and other.form in NAMES and one.span.start == other.span.start and one.span.end == other.span.end


def roled(found: Found, text: str, folded: str, context: DateContext) -> Found:
    """The same time with its own words and the role that the words beside it give."""
    start, end, precision = found.span.start, found.span.end, found.span.precision
    role, stop = DateRole.WHEN, found.end
    if found.span.text == RANGE and (until := re.compile("止|为止").match(folded, stop)):
        stop = until.end()
    before = BEFORE.match(folded, stop)
    if before and before[0].strip() == "完成" and precision is not Precision.DAY:
        before = None
    if start and (eve := EVE.match(folded, stop)):
        # 學期結束前一周 counts from the end, 國慶前一周 from the day.
        base = end + timedelta(days=1) if end and found.form in ("term", "edge", "break") and precision is Precision.UNKNOWN else start
        start, end, precision = days_before(base, eve, precision)
        stop = eve.end()
    elif start and found.form in NAMES and (after := WEEK_AFTER.match(folded, stop)):
        # How many days are off is not said, so the week may begin at once or a week later.
        start += timedelta(days=1, weeks=number(after["n"].replace("两", "二")) - 1)
        end, precision, stop = start + timedelta(days=13), Precision.UNKNOWN, after.end()
    elif before and before[0].strip() == "完成":
        role = DateRole.DEADLINE if re.search(r"(?:于|在|须|应|要)$", folded[: found.start]) else role
    elif before:
        role, stop = DateRole.DEADLINE, before.end()
    elif UNTIL.search(folded[max(0, found.start - 10) : found.start]):
        role = DateRole.DEADLINE
    elif after := FROM.match(folded, stop):
        role, stop = DateRole.OPEN, after.end()
    if role is DateRole.DEADLINE:
        early = before and "前" in before[0] and is_before_day(found, folded, before["until"] or "")
        start, end = None, start - timedelta(days=1) if early and start and start > date.min else end
    elif role is DateRole.OPEN and start:
        # The text names no end, so the plan's own end is as far as it can be said to hold.
        end = max(context.period.end, end or start)
    return Found(found.start, stop, Span(text[found.start : stop], start, end, precision, role), found.form)


def is_before_day(found: Found, folded: str, until: str) -> bool:
    """True where 前 means up to the day before the time begins (國慶前, 9月開學前), not up to its end (3月底前, 寒假開學前)."""
    if until == "开学":
        return found.form != "break"
    return found.form in BEFORE_DAY or until in ("假期", "放假") or folded.endswith("开学", found.start, found.end)


def days_before(start: date, eve: re.Match[str], precision: Precision) -> tuple[date, date, Precision]:
    """The days that 前一天, 前两周 or 前夕 means before a day."""
    if not eve["n"]:
        return start - timedelta(days=7 if eve[0].endswith("夕") else 1), start - timedelta(days=1), Precision.UNKNOWN
    count = number(eve["n"].replace("两", "二"))
    if eve["unit"] in "天日":
        return start - timedelta(days=count), start - timedelta(days=1), Precision.DAY if count == 1 else Precision.DAYS
    return start - timedelta(weeks=count), start - timedelta(days=1), Precision.UNKNOWN
