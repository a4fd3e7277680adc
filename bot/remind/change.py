"""What a new version of a plan changes for those who wait: two plannings beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.plan.script import fold
from bot.remind.subjects import Subject

ALIKE_HERE = 0.5
"""Share of common characters from which a sentence at the same place is taken for the same one reworded (as in bot/plan/succession.py)."""
ALIKE = 0.7
"""The same for a sentence that stands somewhere else."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A subject before and after; one side is None where it was added or dropped."""

    root: str
    """The lasting id."""
    before: Subject | None
    after: Subject | None

    @property
    def kind(self) -> str:
        """`moved`, `dropped`, `added`, or `kept` where time and rhythm are the same."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "dropped"
        return "kept" if _times(self.before) == _times(self.after) else "moved"


def _times(subject: Subject) -> tuple[object, ...]:
    span = subject.span if subject.span is not None and subject.span.acts else None
    rhythm = (subject.recurrence.every, fold(subject.recurrence.text)) if subject.recurrence else None
    return (span.start, span.end, span.role, span.precision) if span else None, rhythm


def shifts(before: Sequence[Subject], after: Sequence[Subject], roots: Mapping[str, str]) -> tuple[Shift, ...]:
    """What became of each subject of a document, and what is new, in the order of the new side and then what was dropped.

    `roots`: the lasting ids of those that were known by another id. A subject whose id went is looked for under the ids that came:
    the same name at the same place, else the sentence most alike.
    """
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    heirs = _heirs([one for key, one in old.items() if key not in new], [one for key, one in new.items() if key not in old])
    came_from = {heir.id: one for one, heir in heirs}
    found = []
    for key, subject in new.items():
        former = old.get(key) or came_from.get(key)
        root = former.id if former is not None else key
        found.append(Shift(roots.get(root, root), former, subject))
    gone = {one.id for one, _ in heirs} | set(new)
    found += [Shift(roots.get(key, key), one, None) for key, one in old.items() if key not in gone]
    return tuple(found)


def _heirs(went: Sequence[Subject], came: Sequence[Subject]) -> list[tuple[Subject, Subject]]:
    """Pairs of subjects that are the same business under another id, each in one pair at most, the likeliest first."""
    rated = [(rate, at, to) for at, one in enumerate(went) for to, other in enumerate(came) if (rate := _likeness(one, other)) > 0]
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for _, at, to in sorted(rated, key=lambda row: (-row[0], row[1], row[2])):
        if at not in taken_old and to not in taken_new:
            taken_old.add(at)
            taken_new.add(to)
            pairs.append((went[at], came[to]))
    return pairs


def _likeness(one: Subject, other: Subject) -> float:
    """0 where they are two things; else their likeness, a subject at its old place before others."""
    here = one.place == other.place
    if one.side != other.side:
        return 0.0
    if here and fold(one.name) == fold(other.name):
        return 2.0
    limit = ALIKE_HERE if here else ALIKE
    first, second = fold(one.text), fold(other.text)
    if min(len(first), len(second)) < limit * max(len(first), len(second)) / (2 - limit):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < limit or matcher.quick_ratio() < limit or (share := matcher.ratio()) < limit:
        return 0.0
    return share + (0.2 if here else 0.0)
