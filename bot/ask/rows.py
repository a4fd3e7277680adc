"""What stands around a measure in a table or a list: the other cells of its row, which name its task or week; its line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ask import moments, normal
from bot.plan.model import Measure, Plan, Section

BARE = re.compile(r"[\d\s\-./~—－至、月日年周週第一二三四五六七八九十()（）全]*")
"""A cell of numbers and dates only, which names nothing."""
WEEKS = re.compile(r"(?:教学|学)?周(?:次|数|别)?")
VENUES = re.compile(r"(?:活动|会议|举办|举行|比赛|考试)?(?:地点|场地|会场|场所|场馆)")
"""What stands over a column of week numbers, and of venues, folded."""
MARKED = re.compile(r"[（(]?\d{1,2}[./月、,，)）．]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．月]|[①-⑳•·●○■◆※-]")
"""What an entry of a list begins with: a day or a number."""
LABEL = 40
"""A longer cell is a text of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a measure: what it is called by and all that it says."""

    label: str
    text: str
    key: str
    """Rows of the same label are parts of one task and share a key; a row without a label has its own."""
    weeks: frozenset[int] = frozenset()
    """The weeks of the term in the column of weeks."""
    venue: str = ""
    """What stands in the column of venues."""


def rows_of(plan: Plan, measures: Sequence[Measure]) -> Mapping[str, Row]:
    """Measure id -> its row, for those of these measures of a plan that stand in tables."""
    out: dict[str, Row] = {}
    for section in plan.sections:
        for item, text in ((0, section.text), *((part.item, part.text) for part in section.items)):
            if "\t" in text:
                out |= rows_in(measures, section, item, text)
            elif listed(text):
                out |= lines_in(measures, section, item, text)
    return out


def listed(text: str) -> bool:
    """True for a list of short lines (8/29 返校日), each of which is about something else than the next."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 3:
        return False
    short = sum(len(line) <= LABEL and "。" not in line[:-1] and bool(MARKED.match(line)) for line in lines)
    return short >= 0.8 * len(lines)


def lines_in(measures: Sequence[Measure], section: Section, item: int, text: str) -> dict[str, Row]:
    """The lines of a list as rows without a label."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    keys = [normal.key(line) for line in lines]
    out: dict[str, Row] = {}
    start = 0
    for measure in measures:
        if (measure.section, measure.item) != (section.section, item):
            continue
        words = normal.key(measure.text).strip()
        at = next((at for at in (*range(start, len(keys)), *range(start)) if words in keys[at]), None)
        if at is not None:
            start = at
            out[measure.id] = Row("", lines[at], f"line {at}")
    return out


def rows_in(measures: Sequence[Measure], section: Section, item: int, text: str) -> dict[str, Row]:
    """The rows of one table. A cell over several rows is written in its first one, so a short row takes its first cells from above."""
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.split("\n") if "\t" in line]
    keys = [normal.key(" ".join(line)) for line in lines]
    width, above = max(len(line) for line in lines), list[str]()
    full: list[list[str]] = []
    for line in lines:
        cells = [*above[: width - len(line)], *line]
        above = cells if len(cells) == width else above
        full.append(cells)
    owners = {owner.name for row in measures for owner in row.owners}
    week, venue = column(full, WEEKS), column(full, VENUES)
    out: dict[str, Row] = {}
    start = 0
    for measure in measures:
        if (measure.section, measure.item) != (section.section, item):
            continue
        words = normal.key(measure.text).strip()
        at = next((at for at in (*range(start, len(keys)), *range(start)) if words in keys[at]), None)
        if at is None:
            continue
        start = at
        names = [
            cell
            for cell in full[at]
            if len(cell) <= LABEL and not BARE.fullmatch(cell) and words not in normal.key(cell) and not owned(cell, owners)
        ]
        label = " ".join(dict.fromkeys(names))
        cells = [full[at][place] if 0 <= place < len(full[at]) else "" for place in (week, venue)]
        weeks = moments.numbers(normal.fold(cells[0]))
        out[measure.id] = Row(label, " ".join(dict.fromkeys(full[at])), label or f"row {at}", weeks, cells[1])
    return out


def column(lines: Sequence[Sequence[str]], head: re.Pattern[str]) -> int:
    """Where the column with this head stands in the first line, -1 where none does."""
    return next((at for at, cell in enumerate(lines[0]) if head.fullmatch(normal.fold(cell).replace(" ", ""))), -1) if lines else -1


def owned(cell: str, owners: set[str]) -> bool:
    """True where a cell only names owners."""
    return all(part in owners for part in re.split(r"[、,，;；\s]+", cell) if part)
