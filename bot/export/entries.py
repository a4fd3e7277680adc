"""What is exported: measures with all that a reader needs beside them, from a whole document or a choice of its measures."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.plan.model import Document, Event, Gap, Item, Measure, Owner, Plan, Role, Section, place

Say = Callable[..., str]
"""Words of the language that the file is to speak: a key of `lang/*.toml` and its values."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it stands: where it is kept and since when."""

    document: Document
    plan: int = 0
    """Number of the plan document; 0 for a file that is in no database."""
    version: int = 0
    changed: datetime | None = None
    """Aware: when this version came into use, or was imported."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure with where it stands and the events that it names."""

    source: Source
    plan: Plan
    measure: Measure
    events: tuple[Event, ...]

    @property
    def place(self) -> str:
        """`第二篇 三、6`."""
        return place(self.plan, self.measure.section, self.measure.item)

    @property
    def section(self) -> Section | None:
        """The section it stands in."""
        return next((row for row in self.plan.sections if row.section == self.measure.section), None)

    @property
    def item(self) -> Item | None:
        """The item it stands in."""
        section = self.section
        return next((row for row in section.items if row.item == self.measure.item), None) if section else None

    @property
    def title(self) -> str:
        """The plan's own title, or the document's where its plans are merely numbered."""
        return self.plan.title if self.plan.title and self.plan.title != self.plan.label else self.source.document.title


def entries(source: Source, only: Collection[str] | None = None) -> list[Entry]:
    """An entry for each measure of a document in its order; with `only` for the measures of these ids."""
    found = []
    for plan in source.document.plans:
        events: dict[str, list[Event]] = {}
        for event in plan.events:
            events.setdefault(event.measure, []).append(event)
        found += [
            Entry(source, plan, measure, tuple(events.get(measure.id, ())))
            for measure in plan.measures
            if only is None or measure.id in only
        ]
    return found


def gaps_of(source: Source) -> list[tuple[Plan, Gap]]:
    """What a person should look at in a document, with the plan it stands in."""
    return [(plan, gap) for plan in source.document.plans for gap in plan.gaps]


def owners_by(owners: Collection[Owner], *roles: Role) -> list[Owner]:
    """The owners of these roles, each name once."""
    return list({owner.name: owner for owner in reversed(list(owners)) if owner.role in roles}.values())[::-1]


def owner_lines(owners: Collection[Owner], say: Say) -> list[str]:
    """A line for each role: `牽頭：區教研室（明列）`."""
    lines = []
    for role in Role:
        held = owners_by(owners, role)
        if held:
            names = say("comma").join(
                say("export.owner", name=owner.name, basis=say(f"export.basis_{owner.basis.value}")) for owner in held
            )
            lines.append(say("export.line", name=say(f"export.role_{role.value}"), value=names))
    return lines


def clean(text: str) -> str:
    """The text without control characters, which no file format of ours may hold; a line's end is one `\\n`."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in whole
        if (char >= " " and char not in "\x7f\u2028\u2029\ufffe\uffff" and not "\ud800" <= char <= "\udfff") or char in "\n\t"
    )
