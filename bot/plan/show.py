"""A document as plain data, in the shape that `plan show --format json` prints."""

from bot.plan.model import Document, Event, Measure, Owner, Plan, Recurrence, Span


def contract(document: Document) -> dict[str, object]:
    """The document as dictionaries and lists: dates as ISO days or None, nothing left out where it is empty."""
    return {
        "name": document.name,
        "title": document.title,
        "issuer": document.issuer,
        "issuer_inferred": document.issuer_inferred,
        "year": document.year,
        "year_inferred": document.year_inferred,
        "digest": document.digest,
        "plans": [plan_data(plan) for plan in document.plans],
    }


def plan_data(plan: Plan) -> dict[str, object]:
    """One plan with its sections, measures, events and gaps."""
    return {
        "plan": plan.plan,
        "title": plan.title,
        "label": plan.label,
        "period": {"start": plan.period.start.isoformat(), "end": plan.period.end.isoformat()},
        "sections": [
            {
                "section": section.section,
                "title": section.title,
                "label": section.label,
                "items": [{"item": item.item, "title": item.title} for item in section.items],
            }
            for section in plan.sections
        ],
        "measures": [measure_data(measure) for measure in plan.measures],
        "events": [event_data(event) for event in plan.events],
        "gaps": [{"kind": gap.kind, "section": gap.section, "item": gap.item, "text": gap.text} for gap in plan.gaps],
    }


def measure_data(measure: Measure) -> dict[str, object]:
    """One measure."""
    return {
        "id": measure.id,
        "section": measure.section,
        "item": measure.item,
        "text": measure.text,
        "owners": owner_data(measure.owners),
        "date": span_data(measure.date),
        "recurrence": recurrence_data(measure.recurrence),
        "targets": list(measure.targets),
        "documents": list(measure.documents),
    }


def event_data(event: Event) -> dict[str, object]:
    """One event."""
    return {
        "id": event.id,
        "name": event.name,
        "kind": event.kind,
        "section": event.section,
        "item": event.item,
        "text": event.text,
        "measure": event.measure,
        "date": span_data(event.date),
        "owners": owner_data(event.owners),
        "recurrence": recurrence_data(event.recurrence),
    }


def owner_data(owners: tuple[Owner, ...]) -> list[dict[str, str]]:
    """Owners by name, role and basis."""
    return [{"name": owner.name, "role": owner.role.value, "basis": owner.basis.value} for owner in owners]


def span_data(span: Span | None) -> dict[str, str | None] | None:
    """A time with its words, or None."""
    if span is None:
        return None
    return {
        "text": span.text,
        "start": span.start.isoformat() if span.start else None,
        "end": span.end.isoformat() if span.end else None,
        "precision": span.precision.value,
        "role": span.role.value,
    }


def recurrence_data(recurrence: Recurrence | None) -> dict[str, str | int | None] | None:
    """A rhythm with its words, or None."""
    return {"text": recurrence.text, "every": recurrence.every, "times": recurrence.times} if recurrence else None
