"""Find the times of a text: the forms in it, ranges joined, each with the role that the words beside it give."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.plan import festivals
from bot.plan.forms import ROWS, SIGNS, TO, DateContext, number, placed
from bot.plan.model import DateRole, Precision, Span
from bot.plan.script import fold

__all__ = ["DateContext", "Found", "find_dates", "number"]


@dataclass(frozen=True, slots=True)
class Found:
    """A time found in a text: offsets of its words and what they mean."""

    start: int
    end: int
    span: Span
    form: str
    """Name of the form (a row of FORMS), `festival` for the day of a feast."""


BEFORE = re.compile(
    r"\s*(?:日|号)?(?P<until>假期|放假|来临|到来|开学)?(?:之前|以前|前(?![往期进置述列后])|止(?!于)|截止|为止|完成)(?!夕|一[天日])"
)
EVE = re.compile(r"前一[天日]|前夜")
UNTIL = re.compile(r"(?:截至|截止(?:时间|日期)?(?:为|:|到|至|于)?|不迟于|不晚于|最迟|最晚)\s*(?:于|在|到|至)?$")
FROM = re.compile(r"\s*(?:日|号)?(?:起(?![草点步来到伏码飞源跑身])|开始(?!前)|以后|之后)")
LINK = rf"\s*(?:\([一二三四五六日]\))?{TO}"
HIDDEN = re.compile(r"《[^《》]{0,80}》|〔[^〕]{0,12}〕\s*\d+\s*号|\[(?:19|20)\d\d\]\s*\d+\s*号|\d{1,2}\s*-\s*\d{1,2}\s*(?:年级|岁|周岁)")


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
        day = festivals.day_of(row, placed(context, month))
        yield Found(match.start(), match.end(), Span(match[0], day, day, Precision.DAY), "festival")


def find_dates(text: str, context: DateContext) -> tuple[Found, ...]:
    """The times of a text in order, never overlapping, roles by the words around them; offsets and words are the text's own."""
    folded = fold(text)
    if not SIGNS.search(folded):
        return ()
    shown = HIDDEN.sub(lambda match: "\0" * len(match[0]), folded)
    chosen: list[Found] = []
    for found in sorted(matches(shown, context), key=lambda one: (one.start, -one.end)):
        if not chosen or found.start >= chosen[-1].end:
            chosen.append(found)
    if context.month is None and any(one.form == "month" for one in chosen) and re.search(r"\d日", shown):
        first = next(one.span.start for one in chosen if one.form == "month")
        if first:
            return find_dates(text, replace(context, month=(first.year, first.month)))
    return tuple(roled(one, text, shown, context) for one in joined(chosen, shown))


def joined(found: Sequence[Found], text: str) -> list[Found]:
    """Join neighbours that a dash, 至 or 到 makes one range."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        between = text[last.end : one.start] if last else ""
        if last and last.span.start and one.span.end and re.fullmatch(LINK, between) and last.span.start <= one.span.end:
            precision = last.span.precision if last.span.precision is not Precision.DAY else Precision.DAYS
            precision = Precision.MONTHS if precision is Precision.MONTH else precision
            result[-1] = Found(last.start, one.end, Span("", last.span.start, one.span.end, precision), last.form)
        else:
            result.append(one)
    return result


def roled(found: Found, text: str, folded: str, context: DateContext) -> Found:
    """The same time with its own words and the role that the words beside it give."""
    start, end = found.span.start, found.span.end
    role, stop = DateRole.WHEN, found.end
    if start and (eve := EVE.match(folded, stop)):
        start = end = start - timedelta(days=1)
        stop = eve.end()
    before = BEFORE.match(folded, stop)
    if before and before[0].strip() == "完成" and found.span.precision is not Precision.DAY:
        before = None
    if before and before[0].strip() == "完成":
        role = DateRole.DEADLINE if re.search(r"(?:于|在|须|应|要)$", folded[: found.start]) else role
    elif before:
        role, stop = DateRole.DEADLINE, before.end()
    elif UNTIL.search(folded[max(0, found.start - 10) : found.start]):
        role = DateRole.DEADLINE
    elif after := FROM.match(folded, stop):
        role, stop = DateRole.OPEN, after.end()
    if role is DateRole.DEADLINE and before and before["until"] == "开学" and start:
        end = start
    if role is DateRole.DEADLINE:
        start, end = (None, None) if found.form == "break" else (None, end)
    elif role is DateRole.OPEN and start:
        # The text names no end, so the plan's own end is as far as it can be said to hold.
        end = max(context.period.end, end or start)
    return Found(found.start, stop, Span(text[found.start : stop], start, end, found.span.precision, role), found.form)
