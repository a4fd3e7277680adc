"""Take a plan to a new school year: for every date the day that corresponds to it, by rule, with the reason, for a person to confirm."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.calendar import SchoolCalendar
from bot.errors import Refusal
from bot.plan.changes import yeared
from bot.plan.dates import DateContext
from bot.plan.model import Document, Event, Gap, Measure, Plan, Span
from bot.plan.newdates import Option, certain, middle, options_of, retitled, rolled_period

PROPOSED = "proposed date"
"""Kind of the gap that an exact date leaves until a person confirms it."""
FARTHEST = 10
"""School years a plan can be taken ahead."""
YEAR_BEFORE = re.compile(r"(?:19|20)\d\d\s*年\s*$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dated measure with its time in the new year; the first option is the one proposed."""

    number: int
    """From 1 for those that a person should confirm; 0 for those that are right by rule."""
    old: Measure
    new: Measure
    """As the draft has it."""
    options: tuple[Option, ...]

    @property
    def certain(self) -> bool:
        """True where the words themselves give the new time, so that there is nothing to choose."""
        return self.number == 0


@dataclass(frozen=True, slots=True)
class RollOver:
    """The draft of the new year's plan and the proposals in it, in its order."""

    document: Document
    proposals: tuple[Proposal, ...]
    announced: bool
    """False where the public holidays of the new year are not known yet, so that workdays are plain weekdays."""


def roll_over(
    document: Document,
    calendar: SchoolCalendar,
    began: int | None = None,
    confirmed: Collection[int] | None = (),
    chosen: Mapping[int, int] = MappingProxyType({}),
) -> RollOver:
    """The document for the school year that begins in `began`, by default the one after its own.

    Its sentences stay as they are but for the words of dates, and of years in titles. Every exact date that no rule fixes is a proposal:
    until its number is in `confirmed` (None confirms all) the draft holds a gap of the kind PROPOSED for it. Refusal `rollover.year`.
    `chosen`: number of a proposal -> which of its options a person took (0 the first); it stands first then, and is confirmed.
    """
    own = min(calendar.school_year(middle(plan.period)) for plan in document.plans)
    years = (own + 1 if began is None else began) - own
    if not 1 <= years <= FARTHEST:
        raise Refusal("rollover.year", year=own + years, first=own + 1, last=own + FARTHEST)
    proposals: list[Proposal] = []
    sure = None if confirmed is None else frozenset((*confirmed, *chosen))
    plans = tuple(rolled_plan(plan, document, calendar, years, sure, proposals, chosen) for plan in document.plans)
    digest = hashlib.sha256(f"rollover\x1f{document.digest}\x1f{own + years}".encode()).hexdigest()
    new = replace(document, title=retitled(document.title, years), year=document.year + years, digest=digest, plans=plans)
    last = max(plan.period.end for plan in plans)
    return RollOver(new, tuple(proposals), all(calendar.announced(year) for year in range(own + years, last.year + 1)))


def rolled_plan(
    plan: Plan,
    document: Document,
    calendar: SchoolCalendar,
    years: int,
    confirmed: Collection[int] | None,
    proposals: list[Proposal],
    chosen: Mapping[int, int] = MappingProxyType({}),
) -> Plan:
    """One plan of the document in the new year; its proposals are added to `proposals`."""
    period = rolled_period(plan.period, calendar, years)
    here = DateContext(document.year, plan.period, calendar)
    there = DateContext(document.year + years, period, calendar)
    title = retitled(plan.title, years)
    measures: list[Measure] = []
    gaps = [gap for gap in plan.gaps if gap.kind != PROPOSED]
    renamed: dict[str, Measure] = {}
    seen: dict[str, int] = {}
    for old in plan.measures:
        options = options_of(old, here, there, years)
        open_ = bool(options) and (len(options) > 1 or not certain(options[0]))
        number = 1 + sum(not one.certain for one in proposals) if open_ else 0
        if 0 < chosen.get(number, 0) < len(options):
            taken = options[chosen[number]]
            options = (taken, *(option for option in options if option is not taken))
        new = old
        if options and old.date is not None:
            new = replace(old, text=redated(old.text, old.date, options[0].span, years), date=options[0].span)
        base = "\x1f".join((document.issuer, title, str(old.section), str(old.item), re.sub(r"[\s\W_]", "", new.text)))
        seen[base] = seen.get(base, 0) + 1
        new = replace(new, id=hashlib.sha256(f"{base}\x1f{seen[base]}".encode()).hexdigest()[:12], mended=())
        measures.append(new)
        renamed[old.id] = new
        if options:
            proposals.append(Proposal(number, old, new, options))
            if open_ and confirmed is not None and number not in confirmed:
                gaps.append(Gap(PROPOSED, new.section, new.item, new.text))
    texts: dict[tuple[int, int], dict[str, str]] = {}
    for old in plan.measures:
        if old.text != renamed[old.id].text:
            texts.setdefault((old.section, old.item), {})[old.text] = renamed[old.id].text
    measures = [replace(one, sentence=rewritten(one.sentence, texts.get((one.section, one.item), {}))) for one in measures]
    events = rolled_events(plan, document.issuer, title, renamed, here, there, years)
    sections = tuple(
        replace(
            section,
            text=rewritten(section.text, texts.get((section.section, 0), {})),
            items=tuple(replace(item, text=rewritten(item.text, texts.get((section.section, item.item), {}))) for item in section.items),
        )
        for section in plan.sections
    )
    gaps.sort(key=lambda gap: (gap.section, gap.item))
    return replace(
        plan, title=title, period=period, sections=sections, measures=tuple(measures), events=events, gaps=tuple(gaps),
        preamble=yeared(plan.preamble, years),
    )  # fmt: skip


def redated(text: str, old: Span, new: Span, years: int) -> str:
    """A sentence with the new words of its date, and the year right before them where the date was read without it (2026年年末)."""
    if not old.text or old.text not in text:
        return text
    before, _, after = text.partition(old.text)
    return YEAR_BEFORE.sub(lambda match: yeared(match[0], years), before) + new.text + after


def rewritten(text: str, texts: dict[str, str]) -> str:
    """A text with the sentences that got other dates."""
    for old, new in texts.items():
        text = text.replace(old, new)
    return text


def rolled_events(
    plan: Plan, issuer: str, title: str, renamed: dict[str, Measure], here: DateContext, there: DateContext, years: int
) -> tuple[Event, ...]:
    """The events with the times of their measures, or their own where they have one."""
    old = {measure.id: measure for measure in plan.measures}
    seen: dict[str, int] = {}
    result = []
    for event in plan.events:
        measure = renamed[event.measure]
        before = old[event.measure].date
        span = measure.date
        if event.date != before:
            options = options_of(replace(old[event.measure], date=event.date), here, there, years)
            span = options[0].span if options else event.date
        name = event.name.replace(event.date.text, span.text) if event.date and event.date.text and span else event.name
        key = "\x1f".join((issuer, title, name))
        seen[key] = seen.get(key, 0) + 1
        identity = hashlib.sha256(f"event\x1f{key}\x1f{seen[key]}".encode()).hexdigest()[:12]
        result.append(replace(event, id=identity, name=name, text=measure.text, measure=measure.id, date=span))
    return tuple(result)


def needing(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals that a person should confirm."""
    return [proposal for proposal in proposals if not proposal.certain]
