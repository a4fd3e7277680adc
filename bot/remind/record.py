"""Subjects and shifts as plain data, so that a later planning can be compared with an earlier one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.plan.model import DateRole, Period, Precision, Recurrence, Span
from bot.remind.change import Shift
from bot.remind.subjects import Subject


def subject_data(subject: Subject) -> dict[str, Any]:
    """A subject as JSON takes it."""
    span, recurrence = subject.span, subject.recurrence
    return {
        "id": subject.id,
        "measure": subject.measure,
        "document": subject.document,
        "place": list(subject.place),
        "name": subject.name,
        "kind": subject.kind,
        "text": subject.text,
        "owners": list(subject.owners),
        "span": span and [span.text, _iso(span.start), _iso(span.end), span.precision.value, span.role.value],
        "recurrence": recurrence and [recurrence.text, recurrence.every, recurrence.times],
        "period": [_iso(subject.period.start), _iso(subject.period.end)],
        "side": subject.side,
    }


def subject_from(data: Mapping[str, Any]) -> Subject:
    """The subject that `subject_data` made the data of."""
    span, recurrence = data["span"], data["recurrence"]
    first, last = (date.fromisoformat(day) for day in data["period"])
    plan, section, item = data["place"]
    return Subject(
        data["id"],
        data["measure"],
        data["document"],
        (plan, section, item),
        data["name"],
        data["kind"],
        data["text"],
        tuple(data["owners"]),
        Span(span[0], _day(span[1]), _day(span[2]), Precision(span[3]), DateRole(span[4])) if span else None,
        Recurrence(*recurrence) if recurrence else None,
        Period(first, last),
        data["side"],
    )


def shift_data(shift: Shift) -> dict[str, Any]:
    """A shift as JSON takes it."""
    before, after = (side and subject_data(side) for side in (shift.before, shift.after))
    return {"root": shift.root, "before": before, "after": after}


def shift_from(data: Mapping[str, Any]) -> Shift:
    """The shift that `shift_data` made the data of."""
    before, after = (subject_from(side) if side else None for side in (data["before"], data["after"]))
    return Shift(data["root"], before, after)


def digest(subjects: Sequence[Subject]) -> str:
    """Names what is planned on: the same for the same subjects in the same order."""
    words = json.dumps([subject_data(subject) for subject in subjects], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
