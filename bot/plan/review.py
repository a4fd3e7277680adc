"""What an administrator is shown before a plan is released: its numbers, and the places that want a look."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.plan.marks import MARKERS
from bot.plan.model import Basis, DateRole, Document, Measure, Plan, Precision
from bot.plan.rollover import PROPOSED
from bot.plan.script import fold
from bot.plan.units import Register

EXACT = (Precision.DAY, Precision.DAYS)
KINDS = (PROPOSED, "two leads", "two dates", "unknown unit", "no lead", "no date", "no rhythm")
"""Kinds of what wants a look, those first that are likelier a mistake than a silence of the text."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A document in figures."""

    sections: int
    measures: int
    owners: Mapping[str, int]
    """Measures by the basis of their first lead: `explicit`, `inherited`, `implied`, `mended`."""
    dates: Mapping[str, int]
    """Measures by how exactly their time is given: `exact`, `vague`, `deadline`, `open`, `recurs`, `object`, `none`."""
    events: int
    targets: int
    documents: int


@dataclass(frozen=True, slots=True)
class Look:
    """A place that wants a look."""

    kind: str
    """One of KINDS, or another that the reader found."""
    plan: Plan
    measure: Measure
    text: str
    """What it is about: the sentence, an event's name, a unit's name."""


def bare(text: str) -> str:
    """A measure's text without the number it begins with, for rows that have numbers of their own."""
    folded = fold(text)
    found = next((found for _, pattern in MARKERS if (found := pattern.match(folded))), None)
    return (text[found.end() :] if found else text).strip() or text


def sureness(measure: Measure) -> str:
    """How sure it is who carries a measure: the basis of its first lead, `none` where nobody is named."""
    lead = measure.lead
    return lead.basis.value if lead else "none"


def exactness(measure: Measure) -> str:
    """How exactly a measure's time is given: `exact`, `vague`, `deadline`, `open`, `recurs`, `object` or `none`."""
    span = measure.date
    if span is None or (span.start is None and span.end is None):
        return "recurs" if measure.recurrence else "vague" if span else "none"
    if span.role is not DateRole.WHEN:
        return span.role.value
    return "exact" if span.precision in EXACT else "vague"


def numbers(document: Document) -> Numbers:
    """Count what was understood."""
    measures = document.measures
    return Numbers(
        sum(len(plan.sections) for plan in document.plans),
        len(measures),
        Counter(sureness(measure) for measure in measures),
        Counter(exactness(measure) for measure in measures),
        sum(len(plan.events) for plan in document.plans),
        sum(len(measure.targets) for measure in measures),
        len({paper for measure in measures for paper in measure.documents}),
    )


def looks(document: Document, register: Register, accepted: frozenset[tuple[str, str]] = frozenset()) -> tuple[Look, ...]:
    """What wants a look, the likeliest mistakes first: the gaps of reading, and units that the register does not know.

    `accepted`: the kind of what somebody found right, with the measure's id or, of an unknown unit, its name. Where there is no
    register, no unit is unknown.
    """
    found: list[Look] = []
    for plan in document.plans:
        by_text: dict[tuple[int, int, str], Measure] = {}
        for measure in plan.measures:
            by_text.setdefault((measure.section, measure.item, measure.text), measure)
        events = {(event.section, event.item, event.name): event.measure for event in reversed(plan.events)}
        by_id = {measure.id: measure for measure in plan.measures}
        for gap in plan.gaps:
            spot = (gap.section, gap.item, gap.text)
            measure_of = by_text.get(spot) or by_id.get(events.get(spot, ""))
            if measure_of is not None and gap.kind != "unknown unit":
                found.append(Look(gap.kind, plan, measure_of, gap.text))
        found += _unknown(plan, document, register)
    kept = [look for look in found if (look.text if look.kind == "unknown unit" else look.measure.id, look.kind) not in accepted]
    order = {kind: at for at, kind in enumerate(KINDS)}
    return tuple(sorted(kept, key=lambda look: order.get(look.kind, len(KINDS))))


def _unknown(plan: Plan, document: Document, register: Register) -> list[Look]:
    """Each name that the register does not know, once, at the first measure that has it."""
    seen: dict[str, Look] = {}
    if register.units:
        longer = {fold(alias): name for name, alias in document.aliases}
        for measure in plan.measures:
            for owner in measure.owners:
                called = (owner.name, longer.get(fold(owner.name), owner.name))
                stranger = owner.basis is not Basis.IMPLIED and document.issuer not in called and not any(map(register.members, called))
                if stranger:
                    seen.setdefault(owner.name, Look("unknown unit", plan, measure, owner.name))
    return list(seen.values())
