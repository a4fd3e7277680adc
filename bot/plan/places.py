"""Where the measures of two plans stand: which section and item of the one became which of the other, and what left its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.plan.likeness import Side, headings_alike
from bot.plan.model import Measure, Plan
from bot.plan.pairing import Match

Key = tuple[int, int, int]
"""Number of the plan within its side, section and item; -1 for the item where a whole section is meant."""
ALIKE = 0.8
"""Likeness from which headings alone make two sections the same."""


@dataclass(frozen=True, slots=True)
class Places:
    """What became of the sections and items of one side in the other."""

    before: tuple[Key, ...]
    """The place of each measure of the first side."""
    after: tuple[Key, ...]
    became: dict[Key, Key]
    """Sections and items of the first side by those of the second; one to one, without those that are gone."""

    def moved(self, match: Match) -> bool:
        """True where the measures of a match left the section or the item that the others around them stayed in."""
        old, new = self.before[match.before[0]], self.after[match.after[0]]
        return self.became.get(old) != new or self.became.get(section_of(old)) != section_of(new)

    def section(self, match: Match) -> tuple[bool, Key]:
        """The section a match is told under: of the new side (True), or of the old one (False) where that became none."""
        if match.after:
            return True, section_of(self.after[match.after[0]])
        old = section_of(self.before[match.before[0]])
        return (True, self.became[old]) if old in self.became else (False, old)


def places(one: Side, two: Side, matches: Sequence[Match]) -> Places:
    """Vote which section and which item became which: the matched measures, longer ones counting more, and the headings.

    So a section that was only renumbered has not moved anything.
    """
    before, after = (
        tuple((at, measure.section, measure.item) for at, measure in zip(side.sources, side.measures, strict=True)) for side in (one, two)
    )
    votes: dict[tuple[Key, Key], float] = {}
    if before and after:
        alike = headings_alike(one, two)
        for match in matches:
            if match.before and match.after:
                first, second = match.before[0], match.after[0]
                weight = len(one.measures[first].text) * (0.5 + alike[one.places[first], two.places[second]])
                for pair in ((before[first], after[second]), (section_of(before[first]), section_of(after[second]))):
                    votes[pair] = votes.get(pair, 0.0) + weight
        spots = [{number: key for key, number in zip(keys, side.places, strict=True)} for keys, side in ((before, one), (after, two))]
        for old, new in np.argwhere(alike > ALIKE).tolist():
            pair = section_of(spots[0][old]), section_of(spots[1][new])
            votes[pair] = votes.get(pair, 0.0) + 1.0
    return Places(before, after, elected(votes))


def elected(votes: dict[tuple[Key, Key], float]) -> dict[Key, Key]:
    """The pairs of most votes, each side of a pair once."""
    became: dict[Key, Key] = {}
    taken: set[Key] = set()
    for (old, new), _ in sorted(votes.items(), key=lambda vote: -vote[1]):
        if old not in became and new not in taken:
            became[old] = new
            taken.add(new)
    return became


def section_of(key: Key) -> Key:
    """The section of a place."""
    return key[0], key[1], -1


def ordered(matches: Iterable[Match], where: Places) -> list[Match]:
    """The matches by the sections of the second side; what was dropped follows the measure that it stood behind."""
    rank = {key: float(at) for at, key in reversed(list(enumerate(map(section_of, where.after))))}
    last: dict[tuple[bool, Key], int] = {}
    keys: list[tuple[float, int, int, int, Match]] = []
    previous = -1.0
    for number, match in enumerate(matches):
        section = where.section(match)
        if match.after:
            if match.before:
                last[section] = match.after[0]
                previous = rank[section[1]]
            keys.append((rank[section[1]], match.after[0], 0, number, match))
        else:
            at = rank[section[1]] if section[0] else previous + 0.5
            keys.append((at, last.get(section, -1), 1, number, match))
    return [match for *_, match in sorted(keys, key=lambda key: key[:4])]


def section_title(key: Key, plans: Sequence[Plan]) -> str:
    """A section as people cite it (第二篇 三、…), the label only where there are several plans; a plan without sections by its title."""
    plan = plans[key[0]]
    section = next((row for row in plan.sections if row.section == key[1]), None)
    if section is None:
        return plan.title
    title = f"{section.label}、{section.title}" if section.label else section.title
    return f"{plan.label} {title}" if plan.label and len(plans) > 1 else title


def place_title(measure: Measure, key: Key, plans: Sequence[Plan]) -> str:
    """The section that a measure stands in, with its item's number."""
    title = section_title(key, plans)
    return f"{title}（{measure.item}）" if measure.item else title
