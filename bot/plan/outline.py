"""Find a document's plans, sections and items by the way they are numbered or headed."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.plan.marks import INNER, OUTER, Line, lines
from bot.plan.script import fold

STOP = "。！？!?;；"
MONTH = re.compile(
    r"(?:(?:(?:19|20)\d\d|1[0-4]\d)\s*年\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?(?:至(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?)?"
    r"(?:[上中下]旬)?(?:工作(?:安排|要点|重点)?)?[:：]?|第(?:\d{1,2}|[一二三四五六七八九十]{1,3})周.{0,24}"
)
TITLE = re.compile(
    r"(?:计划|要点|方案|行事历|安排|意见|工作表|项目表|总结|一览表|清单|台账|规划|思路|日程|历)(?:表|书)?(?:\([^()]{1,12}\))?(?:\d{1,2}篇)?$"
)
NOTE = re.compile(r"(?:附件?|注|备注|说明|抄送|印发|主送|联系人|联系电话|来源|作者|时间|导语|发布)\s*[一二三四五六七八九十\d]*\s*[:：]")
SIGNATURE = re.compile(r"(?:(?:19|20)\d\d|[一二][〇一二三四五六七八九]{3})\s*年\s*\S{1,3}月\s*\S{1,3}日")


@dataclass(slots=True)
class Piece:
    """A stretch of text under one place: a paragraph, a list entry or a table row."""

    start: int
    end: int
    body: int
    style: str


@dataclass(slots=True)
class Numbers:
    """The numbers given out so far; one that comes again gets the number after the largest."""

    seen: set[int] = field(default_factory=set)
    most: int = 0

    def take(self, number: int) -> int:
        """The number itself where it is new, else the one after the largest."""
        number = self.most + 1 if number in self.seen else number
        self.seen.add(number)
        self.most = max(self.most, number)
        return number


@dataclass(slots=True)
class RawItem:
    """An item while it is put together."""

    number: int
    start: int
    title: tuple[int, int] | None
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class RawSection:
    """A section while it is put together; `heading` is the text of its heading line."""

    number: int
    label: str
    title: str
    start: int
    pieces: list[Piece] = field(default_factory=list)
    items: list[RawItem] = field(default_factory=list)


@dataclass(slots=True)
class RawPlan:
    """A plan while it is put together."""

    number: int
    label: str
    title: str
    start: int
    end: int
    preamble: tuple[int, int] = (0, 0)
    sections: list[RawSection] = field(default_factory=list)


def is_short(folded: str, line: Line, limit: int = 40) -> bool:
    """True where a line's words look like a heading: short, no sentence in it, not ending in a mark that goes on."""
    words = folded[line.body : line.end].strip()
    return 0 < len(words) <= limit and not re.search(rf"[{STOP}](?!$)|[:,、]$", words) and not NOTE.match(words)


def heading_end(folded: str, start: int, end: int, whole: bool = False) -> int:
    """Where the heading at the front of a stretch ends, `start` where it has none.

    A heading is a first sentence that more text follows (or, with `whole`, that stands alone), short, in one piece, without
    a time, a paper or somebody who is to do it.
    """
    stop = re.compile(r"[。：:!?;\n]").search(folded, start, end)
    close = stop.start() if stop else end
    words = folded[start:close]
    follows = bool(stop) and bool(folded[close + 1 : end].strip(" \n"))
    if not words.strip() or not (follows or whole) or (stop and stop[0] in ";!?"):
        return start
    if len(words) > 45 or re.search(
        r"《|\d月|[一-十]月[^度]|前完成|%|请|应当|必须|原定|推迟|第[一二三]周|为“|[上下]半年|本学期|下学期|^(?:各校|各学校|各单位|各部门|各园|各幼儿园|针对|为了?|根据|按照|依据)",
        words,
    ):
        return start
    return close


def outline(text: str, folded: str) -> list[RawPlan]:
    """Divide a text into plans, sections and items; there is always at least one plan, perhaps without sections."""
    rows = list(lines(folded))
    parts = [row for row in rows if row.style == "part" and len(folded[row.body : row.end]) <= 40]
    title = document_title(text, folded, rows)
    if not parts:
        plan = RawPlan(1, "", title, 0, len(text))
        fill(plan, text, folded, rows)
        return [plan]
    plans = []
    starts = [row.start for row in rows]
    for order, part in enumerate(parts):
        end = parts[order + 1].start if order + 1 < len(parts) else len(text)
        words = text[part.body : part.end].strip()
        label = text[part.start : part.body].strip(" :：、.")
        plan = RawPlan(order + 1, label, words or label, part.end, end)
        fill(plan, text, folded, rows[bisect_left(starts, part.end) : bisect_left(starts, end)])
        plans.append(plan)
    return plans


def document_title(text: str, folded: str, rows: Sequence[Line]) -> str:
    """The first heading-like line that names a kind of plan, else the first short line, else nothing."""
    head = [row for row in rows[:20] if not row.style and is_short(folded, row, 60)]
    for row in head:
        if TITLE.search(folded[row.start : row.end]):
            return text[row.start : row.end].strip("# *")
    return text[head[0].start : head[0].end].strip("# *") if head and head[0] is rows[0] else ""


def styles(rows: Sequence[Line]) -> tuple[set[str], str]:
    """Which styles number sections and which one numbers items in these lines."""
    present = {row.style for row in rows}
    outer = [style for style in OUTER if style in present]
    if "decimal" in present:
        return {*outer, *(("dotted",) if not outer else ())}, "decimal"
    inner = next((style for style in INNER if style in present), "")
    if len(outer) > 1 and inner not in ("dotted",):
        return set(outer[:-1]), outer[-1]
    return set(outer), inner


def fill(plan: RawPlan, text: str, folded: str, rows: Sequence[Line]) -> None:
    """Put the lines of a plan under its sections and items."""
    section_styles, item_style = styles(rows)
    bare_allowed = not section_styles
    rows = list(trimmed(rows, folded))
    section: RawSection | None = None
    item: RawItem | None = None
    early: list[Line] = []
    count = 0
    taken = Numbers()
    numbers = Numbers()
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        short = is_short(folded, row)
        bare = bare_allowed and not row.style and after is not None and is_bare(folded, row, after, plan.title if section is None else "")
        if bare and section is not None and MONTH.fullmatch(section.title.strip()) and not section.label:
            # Under a month a line without a number is a job, unless it begins another table.
            bare = bool(MONTH.fullmatch(folded[row.start : row.end]) or TITLE.search(folded[row.start : row.end]))
        chapter = bare_allowed and row.style == item_style == "dotted" and short and after is not None and heads(folded, row, after)
        if row.style in section_styles or bare or chapter:
            count += 1
            numbered = row.style in section_styles
            label = text[row.start : row.body].strip(" 、.，,") if row.style else ""
            section = RawSection(row.number if numbered and len(section_styles) == 1 else count, label, "", row.start)
            section.number = taken.take(section.number)
            plan.sections.append(section)
            item = None
            close = heading_end(folded, row.body, row.end, whole=True) if numbered or row.style else row.end
            close = row.end if close == row.body and short else close
            section.title = text[row.body : close].strip(" 。:：#*")
            if close < row.end and folded[close + 1 : row.end].strip():
                begin = close + 1 if close > row.body else row.body
                section.pieces.append(Piece(begin, row.end, begin, ""))
        elif section is None and (section_styles or bare_allowed) and not row.style and not (item or plan.sections):
            early.append(row)
        elif row.style == item_style and item_style:
            if section is None:
                section = implied(plan, early, taken)
            item = RawItem(row.number, row.start, None)
            if not section.items:
                numbers = Numbers()
            item.number = numbers.take(item.number)
            section.items.append(item)
            follows = after is not None and opens(folded, after, {*section_styles, item_style}, bare_allowed) and not is_last(folded, after)
            close = heading_end(folded, row.body, row.end, whole=bool(follows and short and folded[row.end - 1] not in STOP))
            if close > row.body:
                item.title = (row.body, close)
            if close < row.end and folded[close : row.end].strip(" 。:："):
                item.pieces.append(
                    Piece(row.start if close == row.body else close + 1, row.end, row.body if close == row.body else close + 1, "item")
                )
        else:
            if section is None:
                section = implied(plan, early, taken)
            target = item.pieces if item else section.pieces
            target.append(Piece(row.start, row.end, row.body, row.style))
    if section is None and early:
        section = implied(plan, [], taken)
        body = [row for row in early if not (is_short(folded, row, 60) and folded[row.end - 1] not in STOP)] or early
        section.pieces += [Piece(row.start, row.end, row.body, row.style) for row in body]
        kept = {row.start for row in body}
        early = [row for row in early if row.start not in kept]
    while early and is_short(folded, early[0], 60) and folded[early[0].end - 1] not in STOP:
        early.pop(0)
    if early:
        plan.preamble = (early[0].start, early[-1].end)


def implied(plan: RawPlan, early: Sequence[Line], taken: Numbers) -> RawSection:
    """The section of a plan that has none: it is called what the plan is."""
    section = RawSection(taken.take(taken.most + 1), "", plan.title, early[-1].end if early else plan.start)
    plan.sections.append(section)
    return section


def is_bare(folded: str, row: Line, after: Line, title: str) -> bool:
    """True where a line without a number is a heading: a month or week, or a short line that other text follows."""
    words = folded[row.start : row.end]
    if MONTH.fullmatch(words):
        return True
    if title and words == fold(title):
        return False
    return (
        len(words) >= 4
        and is_short(folded, row, 30)
        and words[-1] not in STOP + "."
        and (words[-1] != ")" or bool(TITLE.search(words)))
        and (after.style != "table")
        and not is_label(words)
    )


def opens(folded: str, after: Line, taken: set[str], bare_allowed: bool) -> bool:
    """True where the line after a short numbered one belongs to it as its text, so that the short one is its title."""
    return after.style not in taken and not (bare_allowed and MONTH.fullmatch(folded[after.start : after.end]))


def is_label(words: str) -> bool:
    """True for a line such as 责任单位:… that says something of the lines around it."""
    return bool(re.match(r"[^:：,。]{2,10}[:：]", words))


def heads(folded: str, row: Line, after: Line) -> bool:
    """True where a numbered short line heads further headings and no text of its own."""
    return not after.style and is_bare(folded, after, after, "") and not MONTH.fullmatch(folded[after.start : after.end])


def is_last(folded: str, row: Line) -> bool:
    """True for a line that can only close a document: a date or a note."""
    return bool(SIGNATURE.fullmatch(folded[row.start : row.end]) or NOTE.match(folded[row.start : row.end]))


def trimmed(rows: Sequence[Line], folded: str) -> Sequence[Line]:
    """The lines without the signature, date and notes at the end."""
    end = len(rows)
    while end > 1 and not rows[end - 1].style:
        words = folded[rows[end - 1].start : rows[end - 1].end]
        signed = end < len(rows) or is_last(folded, rows[end - 1])
        if not (
            is_last(folded, rows[end - 1]) or (signed and len(words) <= 24 and words[-1] not in STOP) or re.fullmatch(r"\(.*\)", words)
        ):
            break
        end -= 1
    return rows[:end]
