"""Lists for the operator: plans, units, people and the ledger as rows, and a document as it was understood."""

from collections.abc import Callable, Sequence

from bot.people import Person, Unit
from bot.plan.model import Document, Gap, Plan, Span, place
from bot.plan.review import exactness, sureness
from storage.values import Backlog, StoredPlan

Say = Callable[..., str]


def plans(stored: Sequence[StoredPlan]) -> list[dict[str, object]]:
    """A row a version: id, version, state, title, measures, times."""
    return [
        {
            "id": row.plan,
            "version": row.version,
            "state": row.state.value,
            "title": row.document.title,
            "issuer": row.document.issuer,
            "measures": len(row.document.measures),
            "imported": row.imported_at.isoformat(timespec="seconds"),
            "released": row.released_at.isoformat(timespec="seconds") if row.released_at else "",
        }
        for row in stored
    ]


def units(register: Sequence[Unit]) -> list[dict[str, object]]:
    """A row a unit in the columns of the register."""
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "kind": unit.kind,
            "parent": unit.parent,
            "aliases": ";".join(unit.aliases),
            "groups": ";".join(unit.groups),
        }
        for unit in register
    ]


def people(known: Sequence[Person], register: Sequence[Unit]) -> list[dict[str, object]]:
    """A row a person: id, rank, unit, name as the channel gives it."""
    names = {unit.id: unit.name for unit in register}
    return [{"id": row.id, "rank": row.rank.name.lower(), "unit": names.get(row.unit or 0, ""), "name": row.name} for row in known]


def backlog(numbers: Backlog) -> dict[str, object]:
    """The ledger in the shape of the contract."""
    return {
        "states": dict(numbers.states),
        "oldest_queued_s": numbers.oldest_queued_s,
        "uncertain": [
            {
                "key": row.planned.key,
                "channel": row.planned.address.channel,
                "chat": row.planned.address.chat,
                "person": row.planned.person,
                "kind": row.planned.kind,
            }
            for row in numbers.uncertain
        ],
    }


def backlog_text(shown: dict[str, object], say: Say) -> str:
    """The same as lines."""
    states = shown["states"]
    uncertain = shown["uncertain"]
    assert isinstance(states, dict)
    assert isinstance(uncertain, list)
    lines = [f"{name}\t{count}" for name, count in states.items()]
    lines.append(say("outbox.oldest", seconds=shown["oldest_queued_s"]))
    lines += [say("outbox.uncertain", **row) for row in uncertain]
    return "\n".join(lines)


def inferred(document: Document, say: Say) -> str:
    """Issuer and year, and whether they were said or inferred."""
    return say(
        "plan.inferred",
        issuer=document.issuer,
        issuer_how=say("plan.is_inferred" if document.issuer_inferred else "plan.is_given"),
        year=document.year,
        year_how=say("plan.is_inferred" if document.year_inferred else "plan.is_given"),
    )


def describe(document: Document, say: Say) -> str:
    """A document as it was understood: plans, places, measures with owners and dates, events, gaps."""
    lines = [document.title, inferred(document, say)]
    for plan in document.plans:
        lines += ["", say("plan.head", title=f"{plan.label} {plan.title}".strip(), start=plan.period.start, end=plan.period.end)]
        here = None
        for measure in plan.measures:
            if (measure.section, measure.item) != here:
                here = (measure.section, measure.item)
                section = next((row for row in plan.sections if row.section == measure.section), None)
                item = next((row.title for row in section.items if row.item == measure.item), "") if section else ""
                lines.append(f"{section.label if section else ''} {section.title if section else ''} {measure.item or ''} {item}".rstrip())
            named = (say(f"review.role_{owner.role.value}", names=owner.name) for owner in measure.owners)
            owners = say("review.sure", words=say("semicolon").join(named), sure=say(f"review.basis_{sureness(measure)}"))
            exact = "" if measure.date is None else f" ({say(f'review.date_{exactness(measure)}')})"
            lines.append(f"  - {measure.text}\n    {owners}{_time(measure.date)}{exact}")
        if plan.events:
            lines.append(say("plan.events"))
            lines += [f"  * {event.name}{_time(event.date)}" for event in plan.events]
        if plan.gaps:
            lines.append(say("plan.gaps", count=len(plan.gaps)))
            lines += [f"  ! {say('review.gap_' + gap.kind.replace(' ', '_'))} · {named_place(plan, gap)} · {gap.text}" for gap in plan.gaps]
    return "\n".join(lines)


def named_place(plan: Plan, gap: Gap) -> str:
    """Where a gap stands, as people cite it."""
    return place(plan, gap.section, gap.item)


def _time(span: Span | None) -> str:
    return f" · {span.text} [{span.start or ''}..{span.end or ''} {span.precision.value}, {span.role.value}]" if span else ""
