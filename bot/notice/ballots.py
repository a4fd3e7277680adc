"""Results of an anonymous survey: whole only where enough people stand behind every figure, and behind every difference of two.

Source of the rule: cell suppression with complementary suppression, as statistical offices protect small groups (Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5
"""Ballots behind every figure that is shown, and behind every group that the shown ones leave over."""

Tally = tuple[Counter[int], ...]
"""For each question how often each choice was made."""


@dataclass(frozen=True, slots=True)
class Group:
    """The ballots of some units together."""

    units: tuple[int, ...]
    """Ids; 0 for people without a unit."""
    ballots: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Results:
    """What may be shown; the groups are disjoint and add up to the whole."""

    whole: Group | None
    """None where fewer than LEAST voted."""
    units: tuple[Group, ...]
    """Units of their own, by id."""
    rest: Group | None
    """The other units together, where there are any."""


def results(votes: Mapping[tuple[int, str], int], questions: int) -> Results:
    """Group ballots so that nobody's can be told: `votes` counts by unit and `question.choice` (one number where there is one question).

    A unit with fewer than LEAST ballots is shown with others only. Where those others would together be fewer than LEAST, so that they
    came out by taking the shown units from the whole, the smallest shown unit joins them.
    """
    tallies: dict[int, Tally] = {}
    for (unit, value), count in votes.items():
        question, dot, choice = value.rpartition(".")
        tally = tallies.setdefault(unit, tuple(Counter() for _ in range(questions)))
        tally[int(question) if dot else 0][int(choice)] += count
    sizes = {unit: tally[0].total() for unit, tally in tallies.items()}
    if sum(sizes.values()) < LEAST:
        return Results(None, (), None)
    shown = sorted((unit for unit, size in sizes.items() if size >= LEAST), key=lambda unit: (sizes[unit], unit))
    hidden = [unit for unit, size in sizes.items() if size < LEAST]
    while hidden and shown and sum(sizes[unit] for unit in hidden) < LEAST:
        hidden.append(shown.pop(0))
    rest = _together(sorted(hidden), tallies, questions) if hidden and shown else None
    whole = _together(sorted(sizes), tallies, questions)
    return Results(whole, tuple(_together([unit], tallies, questions) for unit in sorted(shown)), rest)


def _together(units: list[int], tallies: Mapping[int, Tally], questions: int) -> Group:
    sums = tuple(sum((tallies[unit][place] for unit in units), Counter()) for place in range(questions))
    return Group(tuple(units), sums[0].total(), sums)
