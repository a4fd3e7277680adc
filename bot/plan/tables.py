"""Read tab-separated tables: the jobs of their cells, each with the cells that say when and the owners."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.plan.columns import DATELIKE, DITTO, Cell, Layout, cells, divided, fit, guessed, heads, refined, widened, with_jobs, words_of
from bot.plan.labels import listed, roles_of
from bot.plan.lexicon import DEED, VERB
from bot.plan.model import Owner, Role
from bot.plan.script import fold

COUNT = re.compile(
    r"(?:(?:(?<=^)|(?<=[;；。、\s)）:]))(?:(?P<n>\d{1,2})\s*(?:[.、]|\))(?=\D|\d{1,4}\s*[月年日/-]|\d{2,})|\((?P<p>\d{1,2})\))|(?P<c>[①-⑳]))\s*"
)
MONTHLY = re.compile(r"(?:(?:19|20)\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
LASTING = re.compile(rf"{MONTHLY.pattern}|第.{{1,3}}周")
"""A time that stands for all rows under it: a month or a week by its name."""
TIMES = ("week", "date")
JOBS = ("job", "line", "office")
GAP = re.compile(r"(?<=[一-鿿)”》。])\s+(?=[一-鿿“《])")


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a table, with the cells that say when (week first, then from the left) and by whom."""

    start: int
    end: int
    body: int
    dates: tuple[Cell, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under one head."""

    layout: Layout
    rows: tuple[tuple[Cell, ...], ...]


def grids(text: str, folded: str, rows: Sequence[tuple[int, int]]) -> Iterator[Grid]:
    """Consecutive rows (offsets) by the heads among them, each with its columns."""
    layout: Layout | None = None
    under: list[tuple[Cell, ...]] = []
    for start, end in rows:
        row = cells(folded, start, end)
        words = words_of(folded, row)
        if layout and not under and (finer := refined(layout, words, words_of(text, row))):
            layout = finer
        elif kinds := heads(words):
            if under:
                yield settled(folded, layout, under)
            layout, under = Layout(kinds, tuple(words_of(text, row))), []
        elif layout and not under and (finer := divided(layout, words, words_of(text, row))):
            layout = finer
        elif row:
            under.append(tuple(row))
    if under:
        yield settled(folded, layout, under)


def settled(folded: str, layout: Layout | None, rows: Sequence[tuple[Cell, ...]]) -> Grid:
    """The rows with columns that fit them."""
    words = [words_of(folded, row) for row in rows]
    layout = with_jobs(widened(layout, words), words) if layout else guessed(words)
    return Grid(layout, tuple(rows))


def jobs(text: str, folded: str, rows: Sequence[tuple[int, int]]) -> Iterator[Job]:
    """The jobs of consecutive rows (offsets), in order.

    A row with fewer cells than the head lacks its first ones, the spanned cells of the row before, unless its cells fit better
    elsewhere. A ditto mark says what the cell above says; an empty cell says nothing, but for the time, where a month or a
    week above stands for the rows under it.
    """
    for grid in grids(text, folded, rows):
        last: dict[int, Cell] = {}
        rows_here: list[tuple[dict[int, Cell], set[int]]] = []
        for row in grid.rows:
            here, fresh = aligned(folded, grid.layout.kinds, row, last)
            last = here
            rows_here.append((here, fresh))
        whole = dict(tasks(folded, grid.layout.kinds, rows_here))
        for place, (here, fresh) in enumerate(rows_here):
            if place in whole:
                yield from of_task(text, folded, grid.layout, here, whole[place])
            yield from of_row(text, folded, grid.layout, here, fresh)


def tasks(folded: str, kinds: Sequence[str], rows: Sequence[tuple[dict[int, Cell], set[int]]]) -> Iterator[tuple[int, bool]]:
    """The rows in which a task begins, each with whether all rows of the task have the same time.

    A task goes on in rows whose cell is empty, spanned or says the same once more; a short name of a field of work is none.
    """
    at = kinds.index("task") if "task" in kinds else -1
    said = ""
    begun: int | None = None
    times: list[str] = []
    for place, (here, fresh) in enumerate(rows if at >= 0 else ()):
        words = said_in(folded, here.get(at)) if at in fresh else ""
        if words and words != said:
            if begun is not None:
                yield begun, len(set(times)) == 1
            said, times, begun = words, [], place if is_task(words) else None
        times.append("|".join(said_in(folded, cell) for column, cell in sorted(here.items()) if kinds[column] in TIMES))
    if begun is not None:
        yield begun, len(set(times)) == 1


def said_in(folded: str, cell: Cell | None) -> str:
    """The words of a cell without blanks."""
    return re.sub(r"\s", "", folded[cell.start : cell.end]) if cell else ""


def is_task(words: str) -> bool:
    """True for words (folded) that say what is to be done or reached, false for the name of a field of work (德育工作)."""
    if VERB.search(words) or DEED.search(words) or re.search(r"\d", words):
        return len(words) > 3
    return len(words) > 4 and not re.fullmatch(r".{0,6}(?:工作|方面|领域|类|板块|管理|建设)", words)


def of_task(text: str, folded: str, layout: Layout, here: dict[int, Cell], timed: bool) -> Iterator[Job]:
    """The task that a row names beside its measures, with the row's owners and, where all its rows agree, its time."""
    kinds = layout.kinds
    cell = here[kinds.index("task")]
    mark = COUNT.match(folded, cell.start, cell.end)
    dates = [here[place] for kind in TIMES for place in sorted(here) if kinds[place] == kind and here[place].start < here[place].end]
    yield Job(cell.start, cell.end, mark.end() if mark else cell.start, tuple(dates) if timed else (), named(text, folded, layout, here))


def named(text: str, folded: str, layout: Layout, here: dict[int, Cell]) -> tuple[Owner, ...]:
    """The owners that a row's columns name, leads first."""
    kinds = layout.kinds
    columns = [place for place, kind in enumerate(kinds) if kind == "owner"]
    roles = dict(zip(columns, roles_of([fold(layout.labels[place]) for place in columns]), strict=True)) if layout.labels else {}
    owners = [
        owner
        for place, cell in sorted(here.items())
        if kinds[place] == "owner" and cell.start < cell.end
        for owner in listed(text[cell.start : cell.end], roles.get(place, Role.LEAD))
    ]
    return tuple(sorted(owners, key=lambda owner: owner.role is not Role.LEAD))


def aligned(folded: str, kinds: Sequence[str], row: Sequence[Cell], last: dict[int, Cell]) -> tuple[dict[int, Cell], set[int]]:
    """The cells of a row by column, and the columns that the row itself fills."""
    words = words_of(folded, row)
    spare = len(kinds) - len(row)
    shift = 0
    # A row that begins with its number lacks its last cells.
    if spare > 0 and not (kinds[0] == "skip" and re.fullmatch(r"\d{1,3}", words[0])):
        shift = max(range(spare, -1, -1), key=lambda by: sum(fit(kinds[by + place], word) for place, word in enumerate(words)))
    here = {place: cell for place, cell in last.items() if place < shift}
    fresh = set()
    for place, cell in enumerate(row[: len(kinds)]):
        at, word, above = shift + place, words[place], last.get(shift + place)
        said = folded[above.start : above.end] if above else ""
        if (word in DITTO and above) or (not word and above and kinds[at] in TIMES and LASTING.fullmatch(re.sub(r"\s", "", said))):
            here[at] = above
        else:
            here[at] = cell
            fresh.add(at)
    return here, fresh


def of_row(text: str, folded: str, layout: Layout, here: dict[int, Cell], fresh: set[int]) -> Iterator[Job]:
    """The jobs of one row; where its cells for jobs are empty the topic is the job."""
    kinds = layout.kinds
    filled = {place: cell for place, cell in here.items() if cell.start < cell.end}
    dates = [cell for kind in TIMES for place, cell in sorted(filled.items()) if kinds[place] == kind]
    owners = named(text, folded, layout, filled)
    said = [place for place in sorted(filled) if kinds[place] in JOBS and place in fresh]
    said = said or [place for place in sorted(filled) if kinds[place] == "topic" and place in fresh][-1:] if "task" not in kinds else said
    for place in said:
        cell = filled[place]
        if len(filled) == 1 and len(kinds) > 2 and DATELIKE.match(folded[cell.start : cell.end]):
            continue
        own = [Owner(layout.labels[place])] if kinds[place] == "office" else []
        for start, end, body in parts(folded, cell.start, cell.end):
            yield Job(start, end, body, tuple(dates), tuple(dict.fromkeys([*own, *owners])))


def count(mark: re.Match[str]) -> int:
    """The number that a mark in a cell writes."""
    return ord(mark["c"]) - ord("①") + 1 if mark["c"] else int(mark["n"] or mark["p"])


def parts(folded: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The jobs of a cell as (start, end, start of the words): numbered ones, else those that ； or a blank between words divides."""
    marks: list[re.Match[str]] = []
    for mark in COUNT.finditer(folded, start, end):
        first = mark.start() == start or folded[start : mark.start()].rstrip().endswith((":", "："))
        if count(mark) == (count(marks[-1]) + 1 if marks else 1) and (marks or first):
            marks.append(mark)
    if marks:
        for place, mark in enumerate(marks):
            close = marks[place + 1].start() if place + 1 < len(marks) else end
            yield mark.start(), close, mark.end()
        return
    begin = start
    for place in breaks(folded, start, end):
        if folded[begin:place].strip(" ;"):
            yield begin, place, begin
        begin = place + 1
    if folded[begin:end].strip(" ;"):
        yield begin, end, begin


def breaks(folded: str, start: int, end: int) -> list[int]:
    """Where a cell without numbers divides: at every ；, and at blanks where each stretch between them is long enough for a job."""
    found = [start + mark.start() for mark in re.finditer(";", folded[start:end])]
    gaps = [mark.start() for mark in GAP.finditer(folded, start, end)]
    bounds = [start, *sorted(found + gaps), end]
    if gaps and all(close - begin >= 6 for begin, close in itertools.pairwise(bounds)):
        found += gaps
    return sorted(found)
