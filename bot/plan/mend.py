"""Corrections that people make to what was read: kept apart from the document, found again by the sentence, applied to every reading."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache

from bot.plan.marks import MARKERS
from bot.plan.model import Basis, Document, Event, Gap, Measure, Mended, Owner, Period, Plan, Recurrence, Span
from bot.plan.read import gaps
from bot.plan.redate import dated_in
from bot.plan.rollover import PROPOSED
from bot.plan.script import fold


class Field(StrEnum):
    """What a mend corrects; the last five speak of the document, or of an earlier mend."""

    OWNERS = "owners"
    DATE = "date"
    RECURRENCE = "recurrence"
    DROP = "drop"
    """The sentence is no measure."""
    EVENT = "event"
    """An event's name."""
    ACCEPT = "accept"
    """A gap that is right as it stands."""
    TITLE = "title"
    ISSUER = "issuer"
    YEAR = "year"
    PERIOD = "period"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Spot:
    """The sentence a mend is about: its own characters first, the place where they stood where several are alike."""

    words: str = ""
    """Text of the measure; empty for the document as a whole."""
    plan: int = 0
    section: int = 0
    item: int = 0
    nth: int = 1
    """Which of the measures of these words at this place, from 1."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a field is to be; each field reads its own part, `None` and empty meaning that there is none."""

    owners: tuple[Owner, ...] = ()
    date: Span | None = None
    recurrence: Recurrence | None = None
    period: Period | None = None
    text: str = ""
    """A title, an issuer, an event's new name, the kind of a gap."""
    former: str = ""
    """The event's name as it was read."""
    number: int = 0
    """A year, or the id of the mend that is undone."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One correction with who made it and when."""

    id: int
    """Grows; of two mends of the same thing the later counts."""
    since: int
    """The version it was made on; earlier ones are not touched by it."""
    field: Field
    spot: Spot
    value: Value
    person: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """A document with its mends applied, and what became of each that counts."""

    document: Document
    applied: tuple[Mend, ...] = ()
    gone: tuple[Mend, ...] = ()
    """Their sentence stands nowhere in this document; they wait for one in which it does."""


@cache
def key(words: str) -> str:
    """A sentence as it is found again: its number, script, width, blanks and marks do not matter."""
    folded = fold(words).strip()
    numbered = next((found for _, pattern in MARKERS if (found := pattern.match(folded))), None)
    bare = re.sub(r"[\s\W_]", "", folded[numbered.end() :] if numbered else folded).casefold()
    return bare or re.sub(r"\s", "", folded)


def spot_of(document: Document, measure: Measure) -> Spot:
    """Where a measure stands, for a mend of it."""
    nth = 0
    for other in document.measures:
        if _place(other) == _place(measure) and key(other.text) == key(measure.text):
            nth += 1
            if other.id == measure.id:
                break
    return Spot(measure.text, measure.plan, measure.section, measure.item, max(nth, 1))


def measure_at(document: Document, spot: Spot) -> Measure | None:
    """The measure that a spot means: of the same words, at the same place where there is one, else where the sentence moved to."""
    alike = [measure for measure in document.measures if key(measure.text) == key(spot.words)]
    here = [measure for measure in alike if _place(measure) == (spot.plan, spot.section, spot.item)]
    if here:
        return here[min(spot.nth, len(here)) - 1]
    near = [measure for measure in alike if measure.plan == spot.plan]
    return next(iter(near or alike), None)


def standing(mends: Iterable[Mend], version: int) -> tuple[Mend, ...]:
    """The mends that count for a version, the earliest first: not undone, not replaced by a later one of the same thing."""
    kept: dict[int, Mend] = {}
    for mend in sorted(mends, key=lambda one: one.id):
        if mend.since > version:
            continue
        if mend.field is Field.UNDO:
            kept.pop(mend.value.number, None)
        else:
            kept[mend.id] = mend
    last = {subject(mend): mend.id for mend in kept.values()}
    return tuple(mend for mend in kept.values() if last[subject(mend)] == mend.id)


def subject(mend: Mend) -> tuple[object, ...]:
    """What a mend is about; two of the same subject replace each other."""
    part = {Field.EVENT: mend.value.former, Field.ACCEPT: mend.value.text}.get(mend.field, "")
    spot = mend.spot
    return (mend.field, part, key(spot.words), spot.plan, spot.section, spot.item, spot.nth)


def stand(mends: Iterable[Mend], spot: Spot | None = None) -> int:
    """The number of the last change, of one sentence where `spot` is given; 0 before the first. It tells a stale view from a fresh one."""
    mends = list(mends)
    if spot is None:
        return max((mend.id for mend in mends), default=0)
    here = {mend.id for mend in mends if _same(mend.spot, spot)}
    undone = {mend.id for mend in mends if mend.field is Field.UNDO and mend.value.number in here}
    return max(here | undone, default=0)


def apply(document: Document, mends: Sequence[Mend], version: int = 1) -> Result:
    """The document as people have corrected it; without mends it is the same object."""
    counted = standing(mends, version)
    if not counted:
        return Result(document)
    changes: dict[str, list[Mend]] = {}
    applied: list[Mend] = []
    gone: list[Mend] = []
    whole = document
    for mend in counted:
        if mend.field in (Field.TITLE, Field.ISSUER, Field.YEAR, Field.PERIOD):
            if mend.field is Field.PERIOD and all(plan.plan != mend.spot.plan for plan in document.plans):
                gone.append(mend)
                continue
            whole = _of_document(whole, mend)
            applied.append(mend)
            continue
        found = measure_at(document, mend.spot)
        if found is None:
            gone.append(mend)
        else:
            changes.setdefault(found.id, []).append(mend)
            applied.append(mend)
    plans = tuple(_of_plan(plan, changes) for plan in whole.plans)
    return Result(replace(whole, plans=plans), tuple(applied), tuple(gone))


def _of_plan(plan: Plan, changes: dict[str, list[Mend]]) -> Plan:
    touched = {measure.id for measure in plan.measures} & changes.keys()
    if not touched:
        return plan
    dropped = {one for one in touched if any(mend.field is Field.DROP for mend in changes[one])}
    old = {measure.id: measure for measure in plan.measures}
    measures = {one.id: _of_measure(one, changes.get(one.id, ())) for one in plan.measures if one.id not in dropped}
    events = tuple(
        _of_event(event, old[event.measure], measures[event.measure], changes.get(event.measure, ())) if event.measure in touched else event
        for event in plan.events
        if event.measure not in dropped
    )
    kept = tuple(measures.values())
    accepted = [
        (mend.value.text, old[one].section, old[one].item, {old[one].text, *(event.name for event in events if event.measure == one)})
        for one in touched
        for mend in changes[one]
        if mend.field is Field.ACCEPT
    ]
    # What a person has yet to confirm is known to the plan alone; it is settled by accepting it, by another date, or with its measure.
    settled = {
        (old[one].section, old[one].item, old[one].text)
        for one in touched
        for mend in changes[one]
        if mend.field in (Field.DATE, Field.DROP)
    }
    waiting = [gap for gap in plan.gaps if gap.kind == PROPOSED and (gap.section, gap.item, gap.text) not in settled]
    left = tuple(gap for gap in (*gaps(kept, events), *waiting) if not _accepted(gap, accepted))
    return replace(plan, measures=kept, events=events, gaps=left)


def _accepted(gap: Gap, accepted: Sequence[tuple[str, int, int, set[str]]]) -> bool:
    return any((gap.kind, gap.section, gap.item) == one[:3] and gap.text in one[3] for one in accepted)


def _of_measure(measure: Measure, mends: Sequence[Mend]) -> Measure:
    for mend in mends:
        note = (*measure.mended, Mended(mend.field.value, _said(measure, mend.field)))
        if mend.field is Field.OWNERS:
            owners = tuple(replace(owner, basis=Basis.MENDED) for owner in mend.value.owners)
            measure = replace(measure, owners=owners, mended=note)
        elif mend.field is Field.DATE:
            measure = replace(measure, date=mend.value.date, mended=note)
        elif mend.field is Field.RECURRENCE:
            measure = replace(measure, recurrence=mend.value.recurrence, mended=note)
    return measure


def _said(measure: Measure, field: Field) -> str:
    """What was read from the text, in its words."""
    if field is Field.OWNERS:
        return "、".join(owner.name for owner in measure.owners)
    if field is Field.DATE:
        return measure.date.text if measure.date else ""
    return measure.recurrence.text if measure.recurrence else ""


def _of_event(event: Event, old: Measure, new: Measure, mends: Sequence[Mend]) -> Event:
    """The event with what its measure got: its own date only where that was the measure's."""
    for mend in mends:
        if mend.field is Field.EVENT and mend.value.former == event.name:
            event = replace(event, name=mend.value.text)
    if old.owners != new.owners:
        event = replace(event, owners=new.owners)
    if old.date != new.date and event.date == old.date:
        event = replace(event, date=new.date)
    if old.recurrence != new.recurrence:
        event = replace(event, recurrence=new.recurrence)
    return event


def _of_document(document: Document, mend: Mend) -> Document:
    value = mend.value
    if mend.field is Field.TITLE:
        # A document of one plan is called like it.
        alone = len(document.plans) == 1 and document.plans[0].title == document.title
        plans = (replace(document.plans[0], title=value.text),) if alone else document.plans
        return replace(document, title=value.text, plans=plans)
    if mend.field is Field.ISSUER:
        return _issued(document, value.text)
    if mend.field is Field.PERIOD and value.period is not None:
        period = value.period
        plans = tuple(replace(plan, period=period) if plan.plan == mend.spot.plan else plan for plan in document.plans)
        return replace(document, plans=plans)
    if mend.field is Field.YEAR:
        return dated_in(document, value.number)
    return document


def _issued(document: Document, issuer: str) -> Document:
    """The same document issued by another body, which then answers for what names nobody."""

    def of(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
        return tuple(replace(owner, name=issuer) if owner.basis is Basis.IMPLIED else owner for owner in owners)

    plans = tuple(
        replace(
            plan,
            measures=tuple(replace(measure, owners=of(measure.owners)) for measure in plan.measures),
            events=tuple(replace(event, owners=of(event.owners)) for event in plan.events),
        )
        for plan in document.plans
    )
    return replace(document, issuer=issuer, issuer_inferred=False, plans=plans)


def _place(measure: Measure) -> tuple[int, int, int]:
    return measure.plan, measure.section, measure.item


def _same(one: Spot, other: Spot) -> bool:
    return key(one.words) == key(other.words) and (one.plan, one.section, one.item, one.nth) == (
        other.plan,
        other.section,
        other.item,
        other.nth,
    )
