"""Divide the paragraphs of a place into blocks: running text with what the labels around it say of owners and times."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.plan import labels, names, persons
from bot.plan.dates import DateContext, find_dates
from bot.plan.marks import LISTED
from bot.plan.model import Basis, Owner, Precision, Recurrence, Span
from bot.plan.owners import Text
from bot.plan.raw import Piece
from bot.plan.tables import parts
from bot.plan.times import recurrence, when

MONTHLY = re.compile(r"(?:(?:19|20)\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?(?:[上中下]旬)?\s*:\s*")
"""A paragraph that begins so lists the jobs of a month."""
WEEKDAY = re.compile(r"(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?:\([^()]{1,12}\))?\s*[:：]\s*")
"""A paragraph that begins so lists the jobs of a day of the week that the plan or its heading is for."""
DUTIES = re.compile(
    r"(?P<name>[一-鿿()、]{2,20}?)的?(?:主要|工作|岗位|具体|安全)*(?:职责|分工|任务)(?:分工|任务)?(?:是|为|如下|包括)*\s*[:：]\s*"
)
"""An organ and what it has to do (宣傳組職責：1.…)."""
COUNTED = re.compile(r"(?P<name>[一-鿿()、]{2,16})[:：]\s*(?=1[.、)]|\(1\)|①|\(一\)|一是)")
"""An organ before a list in the same paragraph (總務處：1.…；2.…)."""
ASSIGNED = re.compile(
    r"(?P<job>[^:,。;\n]{3,30})(?<![长任员人组师挥])(?<!领导)(?<!地点)(?<!时间)(?<!电话)(?<!成员)(?<!作者)[:：]\s*(?P<who>[^:。;\n]{2,40})[。;]?"
)
"""A paragraph that is a job and the persons who do it (課題結題：趙雪梅)."""
HEADED = re.compile(r"[^,，、。;:\s]{2,8}:")
"""A paragraph that begins with what it is about (批改:…)."""
CLOSING = re.compile(
    rf"[(\[](?!(?:{'|'.join(words for words, _ in labels.LABELS)})\s*[:：])(?=[^()\[\]\n]{{2,60}}[)\]]\s*[。;]?\s*(?:\n|$))"
)
"""A bracket without a label that closes a paragraph: it may name who does it."""
TIMED = re.compile(r"时间|时限|期限|日期|节点")
CARD = re.compile(rf"(?<=[。;,\n])\s*(?:{labels.OTHER_LABEL.pattern}|{labels.LABEL_AT.pattern})")
"""A label in the middle of a paragraph: all up to the end of its sentence says something of the text before."""


@dataclass(slots=True)
class Block:
    """A stretch of running text with what labels around it say."""

    start: int
    end: int
    body: int
    owners: tuple[Owner, ...] = ()
    row: Span | None = None
    fresh: bool = False
    """True for a list entry, to which no earlier subject carries over."""
    home: tuple[Owner, ...] = ()
    """Who answers for it where nobody is named: the organ whose duties a line before it lists."""
    alone: bool = False
    """True for a line that says when something is and has nothing before it that it could date."""


@dataclass(slots=True)
class Place:
    """The pieces under one section or item."""

    pieces: Sequence[Piece]
    title: tuple[int, int] | None = None
    start: int = 0
    row: Span | None = None
    home: tuple[Owner, ...] = ()
    """Who does what stands here where nobody is named: the office that the heading names, or the subject that leads to a list."""
    blocks: list[Block] = field(default_factory=list)
    duty: tuple[Owner, ...] = ()
    """The organ whose duties the paragraphs that follow list."""
    rhythm: Recurrence | None = None
    """The rhythm that a label gives (時間:每季度1次)."""

    def bare(self) -> bool:
        """True where nothing stands before that a label could tell of."""
        return not self.title and all(block.alone for block in self.blocks)


def add(source: Text, place: Place, piece: Piece, context: DateContext) -> None:
    """Add a paragraph to its place as blocks."""
    folded = source.folded
    if labels.LABEL_AT.match(folded, piece.body, piece.end):
        label(place, piece.start, labels.labelled(source.text, folded, piece.body, piece.end))
    elif (said := labels.OTHER_LABEL.match(folded, piece.body, piece.end)) and TIMED.search(said["what"]) and place.bare():
        # With nothing before it that it could date, the line itself says what happens when (比賽時間:8月27日).
        place.blocks.append(Block(piece.start, piece.end, piece.body, (), place.row, fresh=True, alone=True))
    elif said:
        tell(source, place, place.blocks, piece.body, piece.end, context)
    elif (found := WEEKDAY.match(folded, piece.body, piece.end)) and (week := week_of(place.row, context)):
        place.blocks += of_weekday(source, piece, found, week)
    elif (organ := DUTIES.match(folded, piece.body, piece.end) or COUNTED.match(folded, piece.body, piece.end)) and is_organ(organ["name"]):
        place.blocks += of_organ(source, place, piece, organ)
    elif (task := ASSIGNED.fullmatch(folded, piece.body, piece.end)) and persons.listed(task["who"]):
        owners = labels.listed(source.text[task.start("who") : task.end("who")])
        place.blocks.append(Block(piece.start, piece.end, piece.body, owners, place.row, fresh=True))
    elif month := MONTHLY.match(folded, piece.body, piece.end):
        place.blocks += of_month(source, piece, month.end(), context)
    else:
        told = list(of_paragraph(source, place, piece, context))
        for block in told:
            block.home = place.duty
        place.blocks += told


def week_of(row: Span | None, context: DateContext) -> tuple[date, date] | None:
    """The week that the heading (`row`) or else the plan is for, None where neither is for one."""
    if row and row.start and row.end and (row.end - row.start).days < 8:
        return row.start, row.end
    return context.week


def of_weekday(source: Text, piece: Piece, found: re.Match[str], week: tuple[date, date]) -> Iterator[Block]:
    """The jobs of a paragraph such as 周一：1.… 2.…, each with that day of the week."""
    start, end = week
    day = start + timedelta(days=("一二三四五六日".find(found["day"].replace("天", "日")) - start.weekday()) % 7)
    row = Span(source.text[found.start() : found.end()].strip(" :："), day, day, Precision.DAY) if day <= end else None
    for begin, close, body in parts(source.folded, found.end(), piece.end):
        yield Block(begin, close, body, (), row, fresh=True)


def is_organ(name: str) -> bool:
    """True for the name (folded) of a unit or of people, none where a verb of doing or a class of things stands in it."""
    return names.is_name(name) or all(names.is_name(part) for part in name.split("、"))


def of_organ(source: Text, place: Place, piece: Piece, found: re.Match[str]) -> Iterator[Block]:
    """The duties of an organ that a paragraph names: explicit those beside the name, inherited those in the paragraphs that follow."""
    name = source.text[found.start("name") : found.end("name")]
    owners = tuple(Owner(one) for one in labels.split_names(name, whole=True))
    place.duty = tuple(replace(owner, basis=Basis.INHERITED) for owner in owners)
    for begin, close, body in parts(source.folded, found.end(), piece.end):
        yield Block(begin, close, body, owners, place.row, fresh=True)


def label(place: Place, start: int, owners: tuple[Owner, ...]) -> None:
    """Give the owners of a line of labels to the text since the last such line."""
    if not place.blocks or place.blocks[-1].owners:
        place.blocks.append(Block(start, start, start))
    for block in reversed(place.blocks):
        if block.owners:
            break
        block.owners = owners


def tell(source: Text, place: Place, blocks: Sequence[Block], start: int, end: int, context: DateContext) -> None:
    """Give the owners and the time that a run of labels (時間：…，責任科室：…) names to the blocks it stands after."""
    folded = source.folded
    marks = sorted(
        [(mark.start(), mark.end(), mark["what"]) for mark in labels.OTHER_LABEL.finditer(folded, start, end)]
        + [(mark.start(), mark.end(), "") for mark in labels.LABEL_AT.finditer(folded, start, end)]
    )
    for order, (_, begin, what) in enumerate(marks):
        close = marks[order + 1][0] if order + 1 < len(marks) else end
        if what and TIMED.search(what):
            span = when(source.text[begin:close], context)
            place.rhythm = place.rhythm or recurrence(source.text[begin:close])
            for block in blocks:
                block.row = block.row or span
            if not blocks:
                place.row = place.row or span
    owners = labels.labelled(source.text, folded, start, end)
    for block in blocks:
        block.owners = block.owners or owners


def of_month(source: Text, piece: Piece, begin: int, context: DateContext) -> Iterator[Block]:
    """The jobs of a paragraph such as 三月：1.… 2.…, each with that month."""
    found = find_dates(source.text[piece.body : begin], context)
    row = found[0].span if found else None
    for start, end, body in parts(source.folded, begin, piece.end):
        if (month := MONTHLY.match(source.folded, body, end)) and (found := find_dates(source.text[body : month.end()], context)):
            # 9月：…；10月：…: each month has its own jobs.
            row, start, body = found[0].span, month.end(), month.end()
        yield Block(start, end, body, (), row)


def of_paragraph(source: Text, place: Place, piece: Piece, context: DateContext) -> Iterator[Block]:
    """The text of a paragraph between bracketed labels (（責任單位：…）) and cards of labels, with what they name."""
    folded = source.folded
    start, body = piece.start, piece.body
    fresh = piece.style in LISTED or bool(HEADED.match(folded, piece.body, piece.end))
    here: list[Block] = []
    marks = [(mark.start(), mark.end(), True) for mark in labels.BRACKET.finditer(folded, piece.start, piece.end)]
    marks += [(mark.start(), mark.end(), True) for mark in CLOSING.finditer(folded, piece.body, piece.end)]
    marks += [(mark.start(), mark.start(), False) for mark in CARD.finditer(folded, piece.body, piece.end)]
    for first, inner, bracket in sorted(marks):
        if first < start:
            continue
        close = matching(folded, first, piece.end) if bracket else sentence_end(folded, first, piece.end)
        plain = () if not bracket or folded[first] not in "([" else labels.bracketed(source.text[first + 1 : close])
        if bracket and CLOSING.match(folded, first) and not plain:
            continue
        if plain and folded[body:first].strip(" 。;,"):
            # The bracket is part of the sentence it closes, as the document has it.
            here.append(Block(start, close + 1, body, plain, place.row, fresh=fresh))
            fresh = False
            start = body = min(close + 1, piece.end)
            continue
        if folded[body:first].strip(" 。;,"):
            here.append(Block(start, first, body, (), place.row, fresh=fresh))
            fresh = False
        last = here[-1:] or [block for block in place.blocks[-1:] if not block.owners]
        tell(source, place, last, inner, close, context)
        start = body = min(close + 1, piece.end)
    if start < piece.end and folded[start : piece.end].strip(" 。;,"):
        here.append(Block(start, piece.end, body, (), place.row, fresh=fresh))
    yield from here


def sentence_end(folded: str, start: int, end: int) -> int:
    """Where the sentence that holds `start` ends."""
    found = folded.find("。", start, end)
    return found if found >= 0 else end


def matching(folded: str, start: int, end: int) -> int:
    """Where the bracket that opens at `start` closes, `end` where it never does."""
    depth = 0
    for place in range(start, end):
        depth += (folded[place] in "([") - (folded[place] in ")]")
        if depth == 0:
            return place
    return end
