"""Read tab-separated tables: which column holds the time, the job and its owners, and the jobs of a cell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.plan.actors import LIKE_NAME, label_role, listed
from bot.plan.model import Owner, Role

# One row a kind of column, the head's words folded and without blanks; the first match counts.
COLUMNS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("skip", re.compile(r"序号?|编号|周次?|星期|节次|备注|说明|责任领导|分管领导|联系人|联系电话|经费|地点|参加(?:人员|对象)|对象")),
    (
        "owner",
        re.compile(
            r"(?:牵头|责任|主责|负责|主办|承办|配合|协办|协助|协同|参与|落实|实施|执行|督导|督查|督办|监督).{0,8}|(?:主管|经办|承担)?(?:单位|部门|处室|科室|年级|组别)"
        ),
    ),
    ("date", re.compile(r".{0,4}(?:日期|时间|月份|月|时限|期限|进度|节点|年月|起止)(?:安排|要求|表)?")),
    (
        "job",
        re.compile(r".{0,4}(?:措施|内容|安排|任务|事项|活动|要点|行事|计划|工作(?:要求|目标)?|举措|步骤|名称)(?:及?要求|与措施|安排)?"),
    ),
    ("topic", re.compile(r".{0,6}(?:项目|主题|重点|类别|板块|目标|分类|领域|指标)")),
)
# Of several columns with jobs the one that says most exactly what is to be done.
SHARP = ("措施", "举措", "内容", "事项", "安排", "任务", "活动", "行事", "要点", "工作")
COUNT = re.compile(r"(?:(?<=^)|(?<=[;；。、\s)）]))(?P<n>\d{1,2})\s*(?:[.、]|\))(?=\D|\d{1,4}\s*[月年日/-]|\d{2,})\s*")
MONTHLY = re.compile(r"(?:(?:19|20)\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
CLOCK_LIKE = re.compile(r"\d{1,4}(?:[-/.年]\d{1,2}|月)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: offsets without its outer blanks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a table, with the cells that say when and by whom."""

    start: int
    end: int
    body: int
    date: Cell | None
    owners: tuple[Owner, ...]
    topic: Cell | None = None


def cells(folded: str, start: int, end: int) -> tuple[Cell, ...]:
    """The cells of a row."""
    found, place = [], start
    for part in folded[start:end].split("\t"):
        begin = place + len(part) - len(part.lstrip())
        found.append(Cell(begin, max(begin, place + len(part.rstrip()))))
        place += len(part) + 1
    return tuple(found)


def column(head: str) -> str:
    """The kind of a column by its head, empty where the words name none."""
    plain = re.sub(r"\s", "", head)
    return next((kind for kind, pattern in COLUMNS if pattern.fullmatch(plain)), "")


def heads(folded: str, row: Sequence[Cell]) -> list[str] | None:
    """The kinds of the columns where a row is a table's head, else None."""
    words = [re.sub(r"\s", "", folded[cell.start : cell.end]) for cell in row]
    kinds = [column(word) if word else "skip" for word in words]
    known = sum(bool(kind) for kind, word in zip(kinds, words, strict=True) if word)
    if known < 2 or known < 0.6 * sum(map(bool, words)) or any(len(word) > 14 for word in words):
        return None
    if "job" not in kinds and "topic" in kinds:
        kinds = ["job" if kind == "topic" else kind for kind in kinds]
    jobs = [place for place, kind in enumerate(kinds) if kind == "job"]
    best = min(jobs, key=lambda place: (next((rank for rank, word in enumerate(SHARP) if word in words[place]), 99), -place), default=-1)
    return [("topic" if kind == "job" and place != best else kind) or "topic" for place, kind in enumerate(kinds)]


def guessed(folded: str, row: Sequence[Cell]) -> list[str]:
    """The kinds of the columns of a table without a head: the time by its look, the longest cell the job."""
    words = [folded[cell.start : cell.end] for cell in row]
    job = max(range(len(words)), key=lambda place: (not CLOCK_LIKE.match(words[place]), len(words[place])))
    return [
        "job" if place == job else "date" if CLOCK_LIKE.match(word) else "owner" if is_owner(word) else "skip"
        for place, word in enumerate(words)
    ]


def is_owner(words: str) -> bool:
    """True for a cell that holds nothing but names of units."""
    names = [name for name in re.split(r"[、,\s]+", words) if name]
    return bool(names) and all(len(name) <= 16 and LIKE_NAME.fullmatch(name) for name in names)


def jobs(text: str, folded: str, rows: Sequence[tuple[int, int]]) -> Iterator[Job]:
    """The jobs of consecutive rows (offsets), in order.

    A row with fewer cells than the head lacks its first ones: they are the spanned cells of the row before. A cell that is there but
    empty says nothing.
    """
    kinds: list[str] | None = None
    labels: list[str] = []
    last: dict[int, Cell] = {}
    for start, end in rows:
        row = cells(folded, start, end)
        if found := heads(folded, row):
            kinds, labels, last = found, [folded[cell.start : cell.end] for cell in row], {}
            continue
        if kinds is None or (not labels and len(row) > len(kinds)):
            kinds = guessed(folded, row)
        shift = max(0, len(kinds) - len(row))
        here = {place: cell for place, cell in last.items() if place < shift}
        here |= {shift + place: cell for place, cell in enumerate(row[: len(kinds)])}
        for place, kind in enumerate(kinds):
            # A month stands for all rows under it, so an empty cell below it was one with it.
            cell, above = here.get(place), last.get(place)
            if (
                kind == "date"
                and cell
                and above
                and cell.start >= cell.end
                and MONTHLY.fullmatch(re.sub(r"\s", "", folded[above.start : above.end]))
            ):
                here[place] = above
        last = here
        yield from of_row(text, folded, kinds, labels, here)


def of_row(text: str, folded: str, kinds: Sequence[str], labels: Sequence[str], here: dict[int, Cell]) -> Iterator[Job]:
    """The jobs of one row."""
    date = topic = None
    owners: list[Owner] = []
    for place, kind in enumerate(kinds):
        cell = here.get(place)
        if cell is None or cell.start >= cell.end:
            continue
        if kind == "date":
            date = cell
        elif kind == "topic":
            topic = topic or cell
        elif kind == "owner":
            role = label_role(re.sub(r"\s", "", labels[place])) if labels else Role.LEAD
            owners += listed(text[cell.start : cell.end], role)
    owners.sort(key=lambda owner: owner.role is not Role.LEAD)
    for place, kind in enumerate(kinds):
        cell = here.get(place)
        if kind == "job" and cell and cell.start < cell.end:
            for start, end, body in parts(folded, cell.start, cell.end):
                yield Job(start, end, body, date, tuple(dict.fromkeys(owners)), topic)


def parts(folded: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The jobs of a cell as (start, end, start of the words): numbered ones, else those that ； divides."""
    marks: list[re.Match[str]] = []
    for mark in COUNT.finditer(folded, start, end):
        if int(mark["n"]) == (int(marks[-1]["n"]) + 1 if marks else 1) and (marks or mark.start() == start):
            marks.append(mark)
    if marks:
        for place, mark in enumerate(marks):
            close = marks[place + 1].start() if place + 1 < len(marks) else end
            yield mark.start(), close, mark.end()
        return
    begin = start
    for mark in re.finditer(r";", folded[start:end]):
        if folded[begin : start + mark.start()].strip():
            yield begin, start + mark.start(), begin
        begin = start + mark.end()
    if folded[begin:end].strip():
        yield begin, end, begin
