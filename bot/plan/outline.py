"""Find a document's plans, sections and items by the way they are numbered or headed.

A little longer than other files because one walk over the lines decides all three.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.plan.headings import (
    ATTACHED,
    PAPERWORK,
    STOP,
    TITLE,
    document_title,
    heading_end,
    heads,
    is_bare,
    is_last,
    is_month,
    is_part,
    is_short,
    noted,
    trimmed,
)  # fmt: skip
from bot.plan.marks import INNER, OUTER, Line, depth, lines
from bot.plan.measures import DOING
from bot.plan.raw import Numbers, Piece, RawItem, RawPlan, RawSection
from bot.plan.script import fold

RUN = 3
"""So many headings in a row without a text between them are no headings."""


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


@dataclass(slots=True)
class Growth:
    """What is known of a plan while its lines are read."""

    plan: RawPlan
    text: str
    folded: str
    section_styles: set[str]
    item_style: str
    bare: bool
    """True where lines without a number may head sections."""
    parts: bool
    """True where the names of parts (主要工作) head sections although others are numbered, in brackets."""
    top: int
    """The level of the outermost markdown headings, 0 where there are none."""
    section: RawSection | None = None
    item: RawItem | None = None
    early: list[Line] = field(default_factory=list)
    count: int = 0
    taken: Numbers = field(default_factory=Numbers)
    numbers: Numbers = field(default_factory=Numbers)


def fill(plan: RawPlan, text: str, folded: str, rows: Sequence[Line]) -> None:
    """Put the lines of a plan under its sections and items."""
    body = list(trimmed(rows, folded))
    if len(body) < len(rows):
        plan.signature = (rows[len(body)].start, rows[-1].end)
    rows = body
    section_styles, item_style = styles(rows)
    if months_outside(folded, rows, section_styles):
        section_styles, item_style = set(), next(style for style in OUTER if style in section_styles)
    levels = [row.level for row in rows if row.level and not row.style and not is_title(folded, row, plan.title)]
    top = min(levels, default=0)
    growth = Growth(plan, text, folded, section_styles, item_style, not section_styles, section_styles == {"bracket"}, top)
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        kind = kind_of(growth, row, after)
        if kind == "section":
            add_section(growth, row)
        elif kind == "early":
            growth.early.append(row)
        elif kind in ("month", "headed"):
            add_headed(growth, row, kind == "month")
        elif kind == "item":
            add_item(growth, row, after)
        else:
            section = growth.section or implied(growth)
            target = growth.item.pieces if growth.item else section.pieces
            note = noted(folded, row)
            target.append(Piece(note or row.start, row.end, note or row.body, row.style))
    close(growth)
    rejoin(plan, folded)
    deeds(plan, folded)


def kind_of(growth: Growth, row: Line, after: Line | None) -> str:
    """What a line is: a `section`, an `item`, a `month` inside a section, a `headed` item, `early` text before all of them, else `text`."""
    folded, section = growth.folded, growth.section
    if row.style in growth.section_styles:
        return "section"
    if row.style and row.style == growth.item_style:
        short = is_short(folded, row)
        if growth.bare and row.style == "dotted" and short and after is not None and heads(folded, after):
            return "section"
        return "text" if growth.item and growth.item.month else "item"
    if row.style:
        return "text"
    words = folded[row.start : row.end]
    if row.level and not is_title(folded, row, growth.plan.title):
        return "section" if row.level <= growth.top or section is None else "headed"
    if after is not None and section is not None and ATTACHED.fullmatch(words) and TITLE.search(words):
        return "section"
    if is_month(words) and after is not None:
        return "section" if growth.bare or section is None else "month"
    if after is not None and (growth.parts or (growth.bare and section is not None and after.style == "table")) and is_part(words):
        return "section"
    if growth.bare and after is not None and is_bare(folded, row, after, growth.plan.title if section is None else ""):
        # Under a month a line without a number is a job, unless it begins another table.
        if section is None or section.label or not is_month(folded[section.start : row.start].split("\n")[0].strip(" #*")):
            return "section"
        if TITLE.search(words) and not PAPERWORK.match(words):
            return "section"
    if section is None and not growth.item and not growth.plan.sections:
        return "early"
    return "text"


def is_title(folded: str, row: Line, title: str) -> bool:
    """True for the line that is the document's title."""
    return bool(title) and folded[row.start : row.end].strip("# *") == fold(title) and title[-1] not in STOP


def months_outside(folded: str, rows: Sequence[Line], section_styles: set[str]) -> bool:
    """True where the numbers begin again under every month, so that the months are the sections."""
    begun = 0
    month = False
    for row in rows:
        if not row.style and is_month(folded[row.start : row.end]):
            month = True
        elif row.style in section_styles:
            begun += month and row.number == 1
            month = False
    return begun >= 2


def add_section(growth: Growth, row: Line) -> None:
    """Begin a section with its heading; what follows the heading on its line is its first text."""
    folded, text = growth.folded, growth.text
    growth.count += 1
    numbered = row.style in growth.section_styles
    label = text[row.start : row.body].strip(" 、.，,") if row.style else ""
    section = RawSection(row.number if numbered and len(growth.section_styles) == 1 else growth.count, label, "", row.start)
    section.number = growth.taken.take(section.number)
    section.line = Piece(row.start, row.end, row.body, row.style) if row.style else None
    growth.plan.sections.append(section)
    growth.section, growth.item = section, None
    end = heading_end(folded, row.body, row.end, whole=True) if row.style else row.end
    end = row.end if end == row.body and is_short(folded, row) else end
    if end == row.body and row.style and row.end - row.body <= 12:
        end = row.end
    section.title = text[row.body : end].strip(" 。:：#*")
    if end < row.end and folded[end + 1 : row.end].strip():
        begin = end + 1 if end > row.body else row.body
        section.pieces.append(Piece(begin, row.end, begin, ""))


def add_headed(growth: Growth, row: Line, month: bool) -> None:
    """Begin an item whose title is its whole line: a month inside a section, or a lesser markdown heading."""
    section = growth.section or implied(growth)
    if not section.items:
        growth.numbers = Numbers()
    growth.item = RawItem(growth.numbers.take(growth.numbers.most + 1), row.start, (row.body, row.end), month=month)
    section.items.append(growth.item)


def add_item(growth: Growth, row: Line, after: Line | None) -> None:
    """Begin a numbered item; its first sentence is its title where it is a heading."""
    folded = growth.folded
    section = growth.section or implied(growth)
    if not section.items:
        growth.numbers = Numbers()
    growth.item = item = RawItem(growth.numbers.take(row.number), row.start, None)
    section.items.append(item)
    taken = {*growth.section_styles, growth.item_style}
    follows = after is not None and opens(folded, after, taken, growth.bare) and not is_last(folded, after)
    short = is_short(folded, row)
    end = heading_end(folded, row.body, row.end, whole=bool(follows and short and folded[row.end - 1] not in STOP))
    if end > row.body and end < row.end and not section.label and is_month(fold(section.title)):
        # In a list of a month's jobs several short ones may share a number.
        end = row.body if len(folded[end : row.end].strip(" 。:：")) <= 2 * (end - row.body) + 10 else end
    if end > row.body:
        item.title = (row.body, end)
        item.month = is_month(folded[row.body : end])
    if end < row.end and folded[end : row.end].strip(" 。:："):
        item.pieces.append(Piece(row.start if end == row.body else end + 1, row.end, row.body if end == row.body else end + 1, "item"))


def implied(growth: Growth) -> RawSection:
    """The section of a plan that has none: it is called what the plan is."""
    start = growth.early[-1].end if growth.early else growth.plan.start
    section = RawSection(growth.taken.take(growth.taken.most + 1), "", growth.plan.title, start)
    growth.plan.sections.append(section)
    growth.section = section
    return section


def close(growth: Growth) -> None:
    """Settle what stood before the first section: the preamble, or all of the plan's text where no section came."""
    folded, early = growth.folded, growth.early
    if growth.section is None and early:
        growth.early = []
        section = implied(growth)
        early = [row for row in early if not is_title(folded, row, growth.plan.title)]
        # Short lines around the sentences are headings and signatures, those among them jobs.
        said = [place for place, row in enumerate(early) if not (is_short(folded, row, 60) and folded[row.end - 1] not in STOP)]
        body = early[said[0] : said[-1] + 1] if said else early
        section.pieces += [Piece(row.start, row.end, row.body, row.style) for row in body]
        kept = {row.start for row in body}
        early = [row for row in early if row.start not in kept]
    while early and is_short(folded, early[0], 60) and folded[early[0].end - 1] not in STOP:
        early = early[1:]
    if early:
        growth.plan.preamble = (early[0].start, early[-1].end)


def rejoin(plan: RawPlan, folded: str) -> None:
    """Three lines in a row that look like headings and head nothing are text: they go to the section before or the first of them."""
    result: list[RawSection] = []
    run: list[RawSection] = []

    def settle() -> None:
        if len(run) >= RUN:
            home = None if DOING.match(fold(run[0].title)) else run[0]
            if home is None:
                home = result[-1] if result and not result[-1].items else RawSection(run[0].number, "", plan.title, run[0].start)
                if home not in result:
                    result.append(home)
            else:
                result.append(home)
            for one in run:
                if one is not home:
                    line = folded.find("\n", one.start)
                    home.pieces.append(
                        Piece(one.start, one.start + len(folded[one.start : line if line >= 0 else len(folded)].rstrip()), one.start, "")
                    )
                    home.pieces += one.pieces
                    home.items += one.items
        else:
            result.extend(run)
        run.clear()

    for section in plan.sections:
        bare = not section.label and not is_month(fold(section.title)) and not TITLE.search(fold(section.title))
        if not bare:
            settle()
            result.append(section)
            continue
        run.append(section)
        if section.pieces or section.items:
            settle()
    settle()
    plan.sections[:] = result


def deeds(plan: RawPlan, folded: str) -> None:
    """A numbered heading with nothing under it that says what to do is its section's text: 二、開展學雷鋒活動."""
    for place, section in enumerate(plan.sections):
        after = plan.sections[place + 1].line if place + 1 < len(plan.sections) else None
        line = section.line
        if line is None or section.pieces or section.items or (after and depth(after.style) > depth(line.style)):
            continue
        words = folded[line.body : line.end].rstrip("。;")
        if not is_month(words) and not is_part(words):
            section.pieces.append(line)


def opens(folded: str, after: Line, taken: set[str], bare_allowed: bool) -> bool:
    """True where the line after a short numbered one belongs to it as its text, so that the short one is its title."""
    return after.style not in taken and not is_month(folded[after.start : after.end]) and not (bare_allowed and after.level)
