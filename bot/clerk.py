"""What the command line does with whole plans, from files or from the database: compare them, hand them out, roll them over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.ask.tables import groups
from bot.calendar import SchoolCalendar
from bot.chat import File
from bot.errors import Refusal
from bot.export.entries import Source
from bot.plan.compare import Comparison, Fate, compare
from bot.plan.model import Document, Measure, Plan, place
from bot.plan.rollover import needing, roll_over
from bot.plan.show import measure_data, span_data
from handlers.differences import Named, Say, lines_of, part_of
from handlers.export import source_of
from handlers.rollover import Rolled, keep_draft
from storage.store import Store

STORED = re.compile(r"(\d{1,9})(?:@(\d{1,9}))?(?:#(\d{1,3}))?")
PART = re.compile(r"(.+)#(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Reference:
    """A plan as the command line names it: a file or a number of the database, perhaps with a version and one of several plans."""

    path: Path | None = None
    plan: int = 0
    version: int | None = None
    part: int = 0


def reference(text: str) -> Reference:
    """Read `ID`, `ID@VERSION`, `FILE`, each perhaps with `#1` behind it; Refusal `compare.reference` for what is neither."""
    if stored := STORED.fullmatch(text):
        version = int(stored[2]) if stored[2] else None
        return Reference(None, int(stored[1]), version, int(stored[3] or 0))
    if Path(text).exists() or not (part := PART.fullmatch(text)):
        if not text.strip():
            raise Refusal("compare.reference", reference=text)
        return Reference(Path(text))
    return Reference(Path(part[1]), part=int(part[2]))


async def sides(store: Store | None, references: Sequence[Reference], documents: Mapping[Path, Document]) -> list[Named]:
    """What the references stand for; those without a file are looked up in the database. Refusal `plan.unknown`, `compare.no_part`."""
    found = []
    for one in references:
        if one.path is not None:
            found.append(part_of(documents[one.path], one.part))
        elif store is not None:
            async with store.read() as db:
                stored = await db.plans.get(one.plan, one.version)
            found.append(part_of(stored.document, one.part, stored.version, stored.plan))
    return found


def compare_text(before: Named, after: Named, say: Say) -> str:
    """The comparison as a person reads it: counts, then the changes under their sections."""
    return "\n".join(lines_of(say, before, after, compare(before.plans, after.plans, groups())))


def compare_data(before: Named, after: Named) -> dict[str, object]:
    """The comparison with every row, kept ones too, as dictionaries and lists."""
    comparison = compare(before.plans, after.plans, groups())
    return {
        "before": {"title": before.title, "version": before.version},
        "after": {"title": after.title, "version": after.version},
        "counts": {fate.value: comparison.count(fate) for fate in Fate},
        "rows": rows_data(comparison),
    }


def rows_data(comparison: Comparison) -> list[dict[str, object]]:
    """The rows: fate, likeness, the measures of both sides with their places, the changes."""
    return [
        {
            "fate": row.fate.value,
            "likeness": round(row.likeness, 3),
            "before": [placed(measure, comparison.before) for measure in row.before],
            "after": [placed(measure, comparison.after) for measure in row.after],
            "changes": [{"kind": one.kind.value, "before": list(one.before), "after": list(one.after)} for one in row.changes],
        }
        for row in comparison.rows
    ]


def placed(measure: Measure, plans: Sequence[Plan]) -> dict[str, object]:
    """A measure with the number of its plan and its place in words."""
    plan = next((one for one in plans if one.plan == measure.plan), None)
    where = place(plan, measure.section, measure.item) if plan else ""
    return {"plan": measure.plan, "place": where, **measure_data(measure)}


async def source(store: Store | None, reference: Reference, documents: Mapping[Path, Document]) -> tuple[Source, int]:
    """What a reference stands for, to be exported, and the revision of the plans; Refusal `plan.unknown`, `compare.no_part`."""
    if reference.path is not None or store is None:
        document = documents[reference.path or Path()]
        part_of(document, reference.part)
        return Source(document), 0
    async with store.read() as db:
        stored = await db.plans.get(reference.plan, reference.version)
        revision = await db.plans.revision()
    part_of(stored.document, reference.part)
    return source_of(stored), revision


def write(file: File, path: Path) -> None:
    """Write a file, whole or not at all; Refusal `export.unwritten`."""
    try:
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(file.data)
        beside.replace(path)
    except OSError as error:
        raise Refusal("export.unwritten", file=path, why=error.strerror or type(error).__name__) from None


def numbers(text: str, count: int) -> frozenset[int] | None:
    """Read `1,3,5-9` as numbers from 1 to `count`, `all` as None; Refusal `rollover.numbers`."""
    if text.strip().lower() == "all":
        return None
    found: set[int] = set()
    for part in text.replace("，", ",").replace("、", ",").split(","):
        first, dash, last = part.strip().partition("-")
        try:
            low, high = int(first), int(last if dash else first)
        except ValueError:
            raise Refusal("rollover.numbers", text=text, count=count) from None
        if not 1 <= low <= high <= count:
            raise Refusal("rollover.numbers", text=text, count=count)
        found |= set(range(low, high + 1))
    return frozenset(found)


async def roll(store: Store, wanted: Reference, calendar: SchoolCalendar, began: int | None, confirm: str | None, now: datetime) -> Rolled:
    """Propose a plan's dates for a new school year; with `confirm` (numbers, `all`, or empty for none) keep it as a draft.

    Refusal `plan.unknown`, `rollover.year`, `rollover.numbers`, `rollover.exists`.
    """
    async with store.read() as db:
        stored = await db.plans.get(wanted.plan, wanted.version)
    proposed = roll_over(stored.document, calendar, began)
    if confirm is None:
        return Rolled(stored, proposed)
    sure = numbers(confirm, len(needing(proposed.proposals))) if confirm.strip() else frozenset()
    made = roll_over(stored.document, calendar, began, sure)
    return Rolled(stored, made, await keep_draft(store, stored, made, now, None))


def rolled_data(rolled: Rolled) -> dict[str, object]:
    """The proposals as dictionaries and lists."""
    draft = rolled.draft
    return {
        "title": rolled.proposed.document.title,
        "holidays_announced": rolled.proposed.announced,
        "draft": {"id": draft.plan, "version": draft.version} if draft else None,
        "proposals": [
            {
                "number": one.number,
                "certain": one.certain,
                "measure": one.old.id,
                "text": one.new.text,
                "before": span_data(one.old.date),
                "options": [
                    {"date": span_data(option.span), "reasons": [reason.value for reason in option.reasons]} for option in one.options
                ],
            }
            for one in rolled.proposed.proposals
        ],
    }
