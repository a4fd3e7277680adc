"""Decide when a measure is to happen: which of the times in it counts, what the others are, and how often it recurs."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.plan.dates import DateContext, Found, find_dates, number
from bot.plan.model import DateRole, Precision, Recurrence, Span
from bot.plan.script import fold

# From exact to vague.
EXACT = {precision: place for place, precision in enumerate((
    Precision.DAY, Precision.DAYS, Precision.WEEK, Precision.TENDAY, Precision.MONTH, Precision.MONTHS, Precision.QUARTER, Precision.SEASON,
    Precision.BREAK, Precision.HALF, Precision.TERM, Precision.SCHOOLYEAR, Precision.YEAR, Precision.UNKNOWN,
))}  # fmt: skip
WIDE = (Precision.YEAR, Precision.SCHOOLYEAR, Precision.TERM, Precision.HALF, Precision.QUARTER)

NAMED = ("festival", "national", "opening", "edge")
"""Forms that name a day instead of giving it: where a text gives another time, they are what it is about."""

MOVED = re.compile(r"(?:推迟|延迟|延期|顺延|推后|延后|改期|调整|提前|改|移|统一)(?:到|至|于|为|在)")
POSTPONED = re.compile(r"推迟|延迟|延期|顺延|推后|延后")
PLANNED = re.compile(r"原(?:定|计划|拟|安排)(?:于|在)?\s*$")
# Verbs whose object a wide time belongs to (制定2014年…計劃), and what such an object is.
PAPERWORK = re.compile(
    r"(?:制[定订]|修订|编[制写印]|拟定|出台|起草|落实|贯彻|总结|根据|按照|依据|结合|对照|印发|发布|下发|部署|学习|传达|签订|完成|审核|巩固|借鉴|在|做好|开展|规划|分解|推荐|公布)[^,。;]{0,8}$"
)
PAPER = re.compile(
    r"[^,。;]{0,40}?(?:计划|方案|意见|要求|会议|大表|规划|路线图|经验|课题|精神|通知|审核|任务|目标|总结|预算|决算|清单|行事历|基础|指标|成果|数据|报告|考核结果|制度|要点|责任书|年鉴|档案|创建|立项|行动)"
)
PASTLIKE = re.compile(r"\s*(?:以来|来|[^,。;]{0,4}(?:立项|颁布|印发|发布|出台|启动|获得?|建成|评选出|命名|新建)[^,。;]{0,24}的)")
HOLIDAY = re.compile(r"(?:在|于|利用|放在|安排在|今年|本年)\s*$")

RHYTHMS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), every)
    for pattern, every in (
        (r"每[天日]", "day"),
        (
            r"每(?:一)?(?:个)?(?:周|星期)[一二三四五六日](?=[一二三四五六日]?[题训课文歌讲诗书查报会评练考])|每双?(?:个)?(?:周|星期|礼拜)(?:[一两二三](?=[一-鿿])[^一-十,。;次天]|[一二三四五六日天](?![次场节]))?|周周|一周一|每两周",
            "week",
        ),
        (r"每(?:半)?(?:个)?月(?:的?\d{1,2}[日号](?:之?前)?|[上中下]旬|底(?:之?前)?|初|末)?|按月|月月", "month"),
        (r"每(?:个)?季度?|按季度?", "quarter"),
        (r"每(?:个)?学期|按学期", "term"),
        (r"每(?:学)?年度?|年度|一年一度|每届|逐年", "year"),
        (r"不定(?:期|时)|定期|随机性?|经常性?地?|季节性", "irregular"),
    )
)
EVERY = re.compile(
    r"每(?:个|半|两|双|隔|\d|一)?(?:个)?(?:天|日(?!常)|周(?:[一二三四五六日](?:[、和及][周一二三四五六日]+)*)?|星期[一二三四五六日]?|月(?:底|初|末|\d{1,2}[日号]前?)?|季度?|学期|学年|年)(?!级|龄|段|轮|人|生)"
)
TIMES = re.compile(
    r"(?P<every>每(?:个)?(?:学期|季度|学年|年|月|周|星期))[^,。;]{0,16}?(?:(?:不(?:得)?少于|至少|不低于|不多于|最多)[^,。;\d一二三四五六七八九十两]{0,8})?(?P<n>\d{1,2}|[一二三四五六七八九十两]{1,2})\s*(?:次|场|节|篇|轮|期|个课时)"
)


def recurrence(text: str) -> Recurrence | None:
    """The rhythm a measure names, with how many times where it says so; None where it names none."""
    folded = re.sub(r"《[^《》]*》", lambda match: "\0" * len(match[0]), fold(text))
    for pattern, every in RHYTHMS:
        found = pattern.search(folded)
        if not found or (
            every == "year"
            and found[0] == "年度"
            and not folded[found.end() :].startswith(("推进计划", "计划", "总结", "考核", "检查", "评"))
        ):
            continue
        counted = TIMES.search(folded, found.start())
        if counted and counted.start() == found.start():
            times = 2 if counted["n"] == "两" else number(counted["n"])
            return Recurrence(text[counted.start() : counted.end()], every, times)
        return Recurrence(text[found.start() : found.end()], every)
    return None


def weigh(found: Found, folded: str, context: DateContext) -> Found:
    """The same time, marked as an object where it dates a thing that the clause merely speaks of."""
    before, after = folded[max(0, found.start - 14) : found.start], folded[found.end :]
    clause = re.split(r"[,。;:]", before)[-1]
    span = found.span
    if PLANNED.search(clause) or PASTLIKE.match(after):
        return mark(found)
    if span.role is DateRole.WHEN and span.end and span.end < context.period.start - timedelta(days=62):
        return mark(found)
    if span.precision in WIDE and span.role is DateRole.WHEN and PAPERWORK.search(clause) and PAPER.match(after):
        return mark(found)
    if span.precision in (Precision.YEAR, Precision.SCHOOLYEAR) and span.role is DateRole.WHEN and clause.strip():
        words = fold(span.text)
        if words.startswith("全年") or PAPER.match(re.split(r"[,。;]", after)[0][:16]):
            return mark(found)
    if re.match(r"去年|上年|上一年|前年", fold(span.text)) and span.precision is Precision.YEAR:
        return mark(found)
    if (
        found.form == "break"
        and span.role is DateRole.WHEN
        and span.start
        and not (HOLIDAY.search(clause) or re.search(r"期间|[中里]$", fold(span.text)) or not after or after[0] in ",。;")
    ):
        return mark(found)
    return found


def mark(found: Found) -> Found:
    """The same time as the date of a thing spoken of."""
    return replace(found, span=replace(found.span, role=DateRole.OBJECT))


def when(text: str, context: DateContext, row: Span | None = None, head: Span | None = None) -> Span | None:
    """The time of a measure: of its own words, of its row or month heading (`row`), or of the front of its sentence (`head`).

    A feast or a wide time in a row's job does not replace the row's own time; a day in it does. A postponed thing has its new time.
    None where nothing gives a time.
    """
    folded = fold(text)
    times = [weigh(found, folded, context) for found in find_dates(text, context)]
    moved = MOVED.search(folded)
    if moved and POSTPONED.search(folded) and (later := [found for found in times if found.start >= moved.start()]):
        times = later
    elif (late := POSTPONED.search(folded)) and not [found for found in times if found.start > late.start() and found.span.acts]:
        return Span(text[late.start() : late.end()], None, None, Precision.UNKNOWN)
    own = [found for found in times if found.span.role is not DateRole.OBJECT]
    if row is not None:
        return in_row(own, row, folded)
    dated = [found for found in own if found.span.start or found.span.end]
    if not dated and head is None and (yearly := re.search(r"每年", folded)) and (context.period.end - context.period.start).days > 400:
        # In a plan of several years what recurs every year goes on through all of them.
        return Span(text[yearly.start() : yearly.end()], context.period.start, context.period.end, Precision.YEAR)
    if not dated and head is None and not own and (rhythm := regular(folded)):
        return Span(text[rhythm.start() : rhythm.end()], context.period.start, context.period.end, Precision.YEAR)
    if not dated:
        return head or (own or times)[0].span if (own or times) else head
    plain = [found for found in dated if found.form not in NAMED and found.span.precision not in WIDE]
    plain += [found for found in dated if found.form in NAMED and (not plain or found.span.role is DateRole.DEADLINE)]
    plain = plain or dated
    deadlines = [found for found in plain if found.span.role is DateRole.DEADLINE]
    if deadlines:
        return deadlines[0].span
    best = min(plain, key=lambda found: (EXACT[found.span.precision], found.start))
    alike = [found for found in plain if found.span.precision is best.span.precision and found.span.role is DateRole.WHEN]
    if len(alike) > 1 and best.span.precision in (Precision.MONTH, Precision.DAY, Precision.DAYS):
        return spread(text, alike)
    return best.span


def regular(folded: str) -> re.Match[str] | None:
    """A rhythm (每周三, 每學期) that holds in all of the plan's time; not one that is part of a name (“每周一訓”)."""
    shown = re.sub(r"[“《][^”》]*[”》]", lambda match: "\0" * len(match[0]), folded)
    return EVERY.search(shown)


def spread(text: str, alike: Sequence[Found]) -> Span:
    """One span over several times of a kind (3月、10月), from the first to the last."""
    first = min(found.span.start for found in alike if found.span.start)
    last = max(found.span.end for found in alike if found.span.end)
    precision = Precision.MONTHS if alike[0].span.precision is Precision.MONTH else Precision.DAYS
    return Span(text[alike[0].start : alike[-1].end], first, last, precision)


def in_row(own: Sequence[Found], row: Span, folded: str) -> Span:
    """The time of a job in a row or under a month heading that has a time of its own."""
    for found in own:
        if found.span.precision is Precision.YEAR and found.span.text in ("全年", "整年") and found.start <= 4:
            return found.span
        if (
            found.form in NAMED
            or EXACT[found.span.precision] > EXACT[Precision.TENDAY]
            or EXACT[found.span.precision] >= EXACT[row.precision] + 2
        ):
            continue
        if found.span.role is DateRole.OPEN and row.precision is Precision.DAY:
            continue
        reach = timedelta(days=31 if folded[max(0, found.start - 1) : found.start] == "(" else 10)
        start, end = found.span.start or found.span.end, found.span.end or found.span.start
        first, last = row.start or row.end, row.end or row.start
        if not (start and end):
            continue
        if not (first and last) or (start <= last + reach and end >= first - reach):
            if EXACT[found.span.precision] <= EXACT[row.precision] or not first:
                return found.span
            if found.span.precision is Precision.DAYS and row.precision is Precision.DAY:
                return found.span
    return row
