"""Which subscription makes a person hear of a subject: the most specific one that covers it decides, also where it says no."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.people import Unit
from bot.plan.script import fold
from bot.plan.units import Register
from bot.remind.subjects import Subject

KINDS = ("event", "measure", "section", "topic", "unit", "school", "everything")
"""What can be followed, from specific to wide."""
NAMED = ("event", "measure")
"""Kinds that name the subject itself."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription as far as it decides what is announced; `reference` as in `covers`."""

    kind: str
    reference: str
    refused: bool = False
    """The person does not want to hear of it, whatever else covers it."""
    days: tuple[int, ...] | None = None
    """None for the person's habit, as with the two below."""
    working: bool | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The subjects of the plans in use, and which of them a wish covers; what was worked out once is kept."""

    subjects: Sequence[Subject]
    register: Register
    roots: Mapping[str, str] = field(default_factory=dict)
    """The first id of subjects that were known by another before, by the present one."""
    found: dict[tuple[str, str, int], tuple[Subject, ...]] = field(default_factory=dict)
    of_unit: dict[int, frozenset[str]] = field(default_factory=dict)

    def root(self, subject: Subject) -> str:
        """The lasting id of a subject."""
        return self.roots.get(subject.id, subject.id)

    def covered(self, wish: Wish, unit: int | None) -> tuple[Subject, ...]:
        """The subjects that a wish of somebody of this unit covers, in the order of the plans."""
        key = (wish.kind, wish.reference, (unit or 0) if wish.kind == "school" else 0)
        if key not in self.found:
            self.found[key] = tuple(subject for subject in self.subjects if self.covers(wish, subject, unit))
        return self.found[key]

    def covers(self, wish: Wish, subject: Subject, unit: int | None) -> bool:
        """Whether a wish is about a subject.

        References: the lasting id of an event or measure; `document.plan.section`; words that all stand in its name or text; the id of
        a unit of the register, or the name of a group of units; nothing for one's own school and for everything.
        """
        if wish.kind in NAMED:
            return wish.reference in (self.root(subject), subject.id)
        if subject.side:
            return False
        if wish.kind == "section":
            return subject.section == wish.reference
        if wish.kind == "topic":
            text = fold(f"{subject.name} {subject.text}").lower()
            return all(word in text for word in fold(wish.reference).lower().split())
        if wish.kind == "unit":
            return bool({one.id for one in self.meant(wish.reference)} & {one.id for name in subject.owners for one in self.members(name)})
        if wish.kind == "school":
            return unit is not None and subject.id in self.concerning(unit)
        return wish.kind == "everything"

    def meant(self, reference: str) -> Iterable[Unit]:
        """The units that a reference stands for: one by its id, or the members of a group by its name."""
        if reference.isascii() and reference.isdigit():
            return (unit for unit in self.register.units if unit.id == int(reference))
        return self.register.members(reference)

    def members(self, name: str) -> tuple[Unit, ...]:
        """The units of the register that an owner's name stands for."""
        return self.register.members(name)

    def concerning(self, unit: int) -> frozenset[str]:
        """The ids of the subjects that a unit of the register has a part in."""
        if unit not in self.of_unit:
            mine = next((one for one in self.register.units if one.id == unit), None)
            names = {name for subject in self.subjects for name in subject.owners} if mine else set()
            meaning = {name for name in names if mine is not None and self.register.concerns(name, mine)}
            self.of_unit[unit] = frozenset(subject.id for subject in self.subjects if meaning & set(subject.owners))
        return self.of_unit[unit]

    def decide(self, wishes: Sequence[Wish], unit: int | None) -> dict[str, tuple[Subject, Wish]]:
        """For each subject that somebody hears of, by its lasting id, the wish that decides: the most specific, of equals the first."""
        decided: dict[str, tuple[Subject, Wish]] = {}
        for wish in sorted(wishes, key=lambda wish: KINDS.index(wish.kind)):
            for subject in self.covered(wish, unit):
                decided.setdefault(self.root(subject), (subject, wish))
        return {key: row for key, row in decided.items() if not row[1].refused}
