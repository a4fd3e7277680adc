"""Turn the outline of a plan into measures with their owners and times, and into events."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.plan import blocks, events, tables
from bot.plan import measures as cutting
from bot.plan.blocks import Block, Place
from bot.plan.columns import OFFICE
from bot.plan.dates import DateContext, find_dates
from bot.plan.headings import is_month
from bot.plan.labels import split_names
from bot.plan.marks import OUTER
from bot.plan.model import Basis, DateRole, Event, Measure, Owner, Precision, Recurrence, Role, Span
from bot.plan.owners import Text, Voice, named_subject, owners_of
from bot.plan.raw import Piece, RawPlan, RawSection
from bot.plan.rows import cell_time, row_time
from bot.plan.script import fold
from bot.plan.times import recurrence, when

GENERAL = re.compile(
    r"(?:(?:编制|制定|法令|法源)?依据(?:$|[:：])|缘起(?:$|[:：])|指导思想|总体要求|总体思路|工作思路|基本思路|形势分析|现状分析|基本情况|情况分析|学情分析|背景|工作回顾|(?:主要)?成绩|存在(?:的)?(?:主要)?问题|指导方针|工作方针|基本原则|工作原则)"
)
TIMED = re.compile(r"(?:\(|[:：])(?P<time>[^():：]{2,30})\)?[:。]?$")
"""A time in brackets or after a colon that closes a heading."""
OFFICE_HEAD = re.compile(rf"(?P<name>{OFFICE.pattern})(?:的?(?:主要|重点|各项)?工作(?:安排|计划|要点|内容|重点)?)?[:：]?")
ANNOUNCED = re.compile(
    r"(?:我[校园局院区县市镇乡]|本[校园局院]|学校|幼儿园|[一-鿿]{2,12}(?:局|处|办|会|中心))[^,。;]{0,6}(?:将|拟|决定|定于)[^,。;]{0,24}?"
    r"(?:举办|举行|开展|召开|组织|进行|实施|启动)(?!的)"
)
"""Somebody and what is to be done, in a sentence before the first heading."""
AS_FOLLOWS = re.compile(r",(?:现|特)[^,。;]{0,20}(?:如下|通知|安排)$")
"""What ends such a sentence and leads to the text (現將有關事項通知如下)."""
LONGEST = 1000
"""What is longer is no sentence that anybody wants quoted, in characters."""


@dataclass(slots=True)
class Draft:
    """A measure before it has its id."""

    start: int
    end: int
    body: int
    sentence: tuple[int, int]
    owners: tuple[Owner, ...]
    date: Span | None
    rhythm: Recurrence | None = None
    """What a label says of how often, where the words themselves say nothing."""


def of_place(source: Text, place: Place, context: DateContext) -> Iterator[Draft]:
    """The measures of one section or item, in the order of the text."""
    rows: list[tuple[int, int]] = []
    for piece in place.pieces:
        if piece.style == "table":
            rows.append((piece.start, piece.end))
            continue
        if rows:
            yield from of_table(source, rows, place, context)
            rows = []
        blocks.add(source, place, piece, context)
    if rows:
        yield from of_table(source, rows, place, context)
    # A label that covers the whole item makes the item a task, and its title the task's name.
    task = place.blocks[0] if place.blocks and all(block.owners for block in place.blocks) else None
    if place.title and task:
        whole = any(block.row for block in place.blocks)
        date = next((block.row for block in place.blocks if block.row), place.row) if whole else place.row
        date = when(source.text[place.title[0] : place.title[1]], context, row=date) or first_date(source, place, context)
        yield Draft(place.start, place.title[1], place.title[0], (place.start, place.title[1]), task.owners, date, place.rhythm)
    voice = Voice(home=place.home)
    intro: tuple[Owner, ...] = ()
    for block in place.blocks:
        if block.fresh:
            voice = Voice(intro, before=intro)
        voice.home = block.home or place.home
        said = list(of_block(source, block, voice, context))
        if source.folded[block.start : block.end].rstrip().endswith(":"):
            # 各校要做好以下工作: what only leads to a list is no measure, but its subject goes on through the list.
            intro = tuple(replace(owner, basis=Basis.INHERITED) for owner in voice.spoken)
            said = said[:-1]
        elif not block.fresh:
            intro = ()
        for draft in said:
            draft.rhythm = place.rhythm
            yield draft


def first_date(source: Text, place: Place, context: DateContext) -> Span | None:
    """The time that a task's own text gives first, for its title; a deadline is only that clause's."""
    for block in place.blocks[:1]:
        for cut in cutting.measures(source.folded, block.start, block.end, block.body):
            found = when(source.text[cut.body : cut.end], context)
            if found and found.acts and found.role is DateRole.WHEN:
                return found
    return None


def of_table(source: Text, rows: Sequence[tuple[int, int]], place: Place, context: DateContext) -> Iterator[Draft]:
    """The jobs of a table as measures."""
    for job in tables.jobs(source.text, source.folded, rows):
        row, here, rhythm = place.row, context, None
        if job.dates:
            said = [source.text[cell.start : cell.end] for cell in job.dates]
            row, here = row_time(said, place.row, context)
            rhythm = next((found for found in map(recurrence, said) if found), None)
            if rhythm and row is place.row and not row:
                # 每月25日前: what recurs does so in all of the plan's time.
                row = Span(rhythm.text, context.period.start, context.period.end, Precision.YEAR)
        if row and row.start:
            here = replace(here, month=(row.start.year, row.start.month))
        for start, end, body in job_parts(source.folded, job):
            text = source.text[body:end]
            owners = job.owners or place.home or (Owner(source.issuer, Role.LEAD, Basis.IMPLIED),)
            yield Draft(start, end, body, (job.start, job.end), owners, when(text, here, row=row), rhythm)


def job_parts(folded: str, job: tables.Job) -> Iterator[tuple[int, int, int]]:
    """A job as it is, or its sentences where they are more than two or too long for one."""
    end = job.end
    while end > job.body and folded[end - 1] in " ;,。\n":
        end -= 1
    inner = len(re.findall(r"[。!?]", folded[job.body : end]))
    if inner <= 1 and end - job.start <= cutting.LIMIT:
        if folded[job.body : end].strip():
            yield job.start, end, job.body
        return
    for cut in cutting.measures(folded, job.start, end, job.body):
        yield cut.start, cut.end, cut.body


def of_block(source: Text, block: Block, voice: Voice, context: DateContext) -> Iterator[Draft]:
    """The measures of running text; `voice` goes on from paragraph to paragraph of one item."""
    for cut in cutting.measures(source.folded, block.start, block.end, block.body):
        part = source.folded.rfind(";", max(cut.sentence[0], cut.body - LONGEST), cut.body)
        if part != voice.head_part:
            voice.head, voice.head_part = None, part
        owners = owners_of(source, cut, block.owners, voice)
        words = source.text[cut.body : cut.end]
        # The time at the front of a sentence is not that of a clause in which another acts.
        head = voice.head if voice.head is None or not named_subject(source.folded, cut.body, cut.end) else None
        date = when(words, context, row=block.row, head=head)
        if date and date.acts and not date.text.startswith("每") and words[:12].find(date.text[:2]) in (0, 1, 2):
            voice.head = date
        yield Draft(cut.start, cut.end, cut.body, cut.sentence, owners, date)


def of_plan(source: Text, plan: RawPlan) -> list[tuple[RawSection, int, Draft]]:
    """All measures of a plan with the section and item number they stand in, in the order of the text."""
    found = announced(source, plan)
    for section in speaking(plan.sections):
        row, context = heading_time(source, section.title, None, source.context)
        home = named_by(section.title)
        if section.pieces:
            place = Place(section.pieces, None, section.start, row, home)
            found += [(section, 0, draft) for draft in of_place(source, place, context)]
            home = leading(source, section.pieces[-1]) or home
        for item in section.items:
            title = source.text[item.title[0] : item.title[1]] if item.title else ""
            own, inner = heading_time(source, title, row, context)
            place = Place(item.pieces, None if item.month else item.title, item.start, own, named_by(title) or home)
            found += [(section, item.number, draft) for draft in of_place(source, place, inner)]
    return sorted(found, key=lambda one: one[2].start)


def announced(source: Text, plan: RawPlan) -> list[tuple[RawSection, int, Draft]]:
    """What the preamble announces that somebody will do (我校將於4月舉辦…), before the first section; grounds and aims are none."""
    start, end = plan.preamble
    opening = RawSection(0, "", "", start)
    found = []
    for line in re.compile(r"[^\n]+").finditer(source.folded, start, end):
        for draft in of_block(source, Block(line.start(), line.end(), line.start()), Voice(), source.context):
            if ANNOUNCED.search(source.folded, draft.body, draft.end):
                if formula := AS_FOLLOWS.search(source.folded, draft.body, draft.end):
                    draft.end = formula.start()
                found.append((opening, 0, draft))
    return found


def named_by(title: str) -> tuple[Owner, ...]:
    """The office that a heading is (教務處, 德育處工作安排), to which what stands under it belongs; none for any other heading."""
    words = fold(title).strip()
    found = OFFICE_HEAD.fullmatch(words)
    if not found and (organ := blocks.DUTIES.fullmatch(words + ":")) and blocks.is_organ(organ["name"]):
        found = organ
    return (Owner(title.strip()[found.start("name") : found.end("name")], Role.LEAD, Basis.INHERITED),) if found else ()


def leading(source: Text, piece: Piece) -> tuple[Owner, ...]:
    """The subject of a paragraph that only leads to the items after it (各校要做好以下工作:), none where it does not."""
    if source.folded[piece.end - 1] != ":":
        return ()
    begin = max(source.folded.rfind("。", piece.body, piece.end) + 1, piece.body)
    if (organ := blocks.DUTIES.fullmatch(source.folded, begin, piece.end)) and blocks.is_organ(organ["name"]):
        called = split_names(source.text[organ.start("name") : organ.end("name")], whole=True)
        return tuple(Owner(name, Role.LEAD, Basis.INHERITED) for name in called)
    found = named_subject(source.folded, begin, piece.end)
    names = split_names(source.text[found.start : found.end], whole=True) if found else ()
    return tuple(Owner(name, Role.LEAD, Basis.INHERITED) for name in names)


def speaking(sections: Sequence[RawSection]) -> Sequence[RawSection]:
    """The sections that say what is to be done; those on principles, the past or the grounds, and what stands under them, only if
    there are no others."""
    doing: list[RawSection] = []
    general: int | None = None
    for section in sections:
        depth = OUTER.index(section.line.style) if section.line and section.line.style in OUTER else -1
        if general is not None and depth > general:
            continue
        general = max(depth, 0) if GENERAL.match(fold(section.title)) else None
        if general is None:
            doing.append(section)
    return doing or sections


def heading_time(source: Text, title: str, outer: Span | None, context: DateContext) -> tuple[Span | None, DateContext]:
    """The time that a heading gives all that stands under it (二月份, 第三周, 動員階段（3月1日—15日）), and the month for bare days."""
    words = re.sub(r"\s", "", title)
    closing = TIMED.search(fold(words))
    if not is_month(fold(words)) and not closing:
        return outer, context
    timed = words if not closing or is_month(fold(words)) else words[closing.start("time") : closing.end("time")]
    found = find_dates(timed, context)
    if not found or found[0].start > 1 or (closing and not is_month(fold(words)) and found[-1].end < len(timed) - 2):
        return outer, context
    span = cell_time(timed[: found[-1].end] if closing else found[0].span.text, context)
    if span and span.start:
        return span, replace(context, month=(span.start.year, span.start.month))
    return span or outer, context


def sentence_of(text: str, draft: Draft) -> str:
    """The sentence around a measure; of one without end the measure itself."""
    start, end = draft.sentence
    return text[start:end].strip() if end - start <= LONGEST else text[draft.start : draft.end]


def identified(source: Text, plan: RawPlan, found: Sequence[tuple[RawSection, int, Draft]]) -> tuple[Measure, ...]:
    """The measures with ids that depend on issuer, plan, place and wording alone."""
    seen: dict[str, int] = {}
    result = []
    for section, item, draft in found:
        text = source.text[draft.start : draft.end]
        words = source.text[draft.body : draft.end]
        base = "\x1f".join((source.issuer, plan.title, str(section.number), str(item), re.sub(r"[\s\W_]", "", words)))
        seen[base] = seen.get(base, 0) + 1
        digest = hashlib.sha256(f"{base}\x1f{seen[base]}".encode()).hexdigest()[:12]
        result.append(
            Measure(
                digest, plan.number, section.number, item, text, draft.owners, draft.date, recurrence(words) or draft.rhythm,
                events.targets(words),
                events.documents(words), sentence_of(source.text, draft),
            )
        )  # fmt: skip
    return tuple(result)


def recurs(measure: Measure) -> bool:
    """True where the time of a measure is nothing but its rhythm."""
    return bool(measure.date and measure.recurrence and measure.date.text.startswith("每"))


def events_of(source: Text, plan: RawPlan, measures: Sequence[Measure], context: DateContext) -> tuple[Event, ...]:
    """The events that measures name; a dated measure that names none is an event by itself."""
    result: list[Event] = []
    seen: dict[str, int] = {}
    for measure in measures:
        dated = bool(measure.date and measure.date.acts)
        named = list(events.named(measure.text, dated))
        if not named and dated and not recurs(measure):
            name = events.title(measure.text)
            named = [(name, events.kind_of(name), 0, 0)] if len(name) >= 2 else []
        for name, kind, start, end in named:
            date = measure.date
            own = [one.span for one in find_dates(measure.text[start:end], context) if one.span.acts] if len(named) > 1 else []
            date = own[0] if own else date
            key = "\x1f".join((source.issuer, plan.title, name))
            seen[key] = seen.get(key, 0) + 1
            # The name alone, not the sentence: an event whose date is changed by a new version is still the one people follow.
            digest = hashlib.sha256(f"event\x1f{key}\x1f{seen[key]}".encode()).hexdigest()[:12]
            result.append(
                Event(
                    digest,
                    measure.plan,
                    measure.section,
                    measure.item,
                    name,
                    kind,
                    measure.text,
                    measure.id,
                    measure.owners,
                    date,
                    measure.recurrence,
                )
            )
    return tuple(result)
