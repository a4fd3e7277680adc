"""An answer as the plain object that `planbot ask --format jsonl` prints."""

from typing import Any

from bot.ask.answer import Answer, Hit, Kind
from bot.plan.model import Basis, Owner, Role, Span

FEW = 5


def as_contract(answer: Answer) -> dict[str, Any]:
    """The object of one question without `id` and `reply`; best answer first, up to five, all of them for lists and comparisons."""
    hits = answer.hits if answer.kind in (Kind.LIST, Kind.COMPARE) else answer.hits[:FEW]
    return {
        "question": answer.question,
        "kind": answer.kind.value,
        "status": answer.status.value,
        "answers": [hit_object(hit) for hit in hits],
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """One measure found, leading owners first; those that the text does not name come last."""
    measure = hit.measure
    owners = sorted(measure.owners, key=lambda owner: (owner.basis is Basis.IMPLIED, owner.role is not Role.LEAD))
    return {
        "measure": measure.id, "plan": measure.plan, "plan_title": hit.plan.title, "section": measure.section, "item": measure.item,
        "place": hit.place, "text": measure.text, "owners": [owner_object(owner) for owner in owners],
        "date": None if measure.date is None else span_object(measure.date), "score": hit.score,
    }  # fmt: skip


def owner_object(owner: Owner) -> dict[str, str]:
    """A unit with what it does and how the text ties it to the measure."""
    return {"name": owner.name, "role": owner.role.value, "basis": owner.basis.value}


def span_object(span: Span) -> dict[str, str | None]:
    """A time in the text's words with its days in ISO form; an open or unknown end is None."""
    start, end = (None if day is None else day.isoformat() for day in (span.start, span.end))
    return {
        "text": span.text, "start": start, "end": end, "precision": span.precision.value, "role": span.role.value,
    }  # fmt: skip
