"""Which measure of one plan became which of another: an assignment over likeness, then parts that were split off or merged."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.plan.likeness import WORD, Pairs, Side, candidates, pairs_in, words_of
from bot.plan.model import Measure
from bot.plan.script import fold

ALIKE = 0.3
"""Likeness from which two measures are taken for one; below it are pairs that merely share a subject."""
STEP = 0.004
"""Smallest rise of a price in the auction; no pair is worse than the best assignment by more."""
PART = 0.45
"""Share of a text that another must hold, beyond what that one's counterpart accounts for, to be a part of it."""
SAYING = 5
"""Pairs of characters, office prose left aside, that a text needs to be found again in another."""


@dataclass(frozen=True, slots=True)
class Match:
    """Numbers of measures on both sides that are the same business; one side is empty for what has no counterpart."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    likeness: float = 0.0


def paired(before: Side, after: Side, groups: Sequence[Sequence[str]] = ()) -> list[Match]:
    """Every measure of both sides in exactly one match, in the order of the first side, then what only the second has."""
    same = identical(before, after)
    pairs = candidates(without(before, same.keys()), without(after, set(same.values())), groups)
    rest = [row for row in range(len(before.measures)) if row not in same]
    others = sorted(set(range(len(after.measures))) - set(same.values()))
    offers: dict[int, list[tuple[int, float]]] = {}
    for row, column, score in zip(pairs.before.tolist(), pairs.after.tolist(), pairs.score.tolist(), strict=True):
        if score > ALIKE:
            offers.setdefault(row, []).append((column, score - ALIKE))
    one_to_one = assigned(offers)
    scores = {(row, column): score for row, offer in offers.items() for column, score in offer}
    matches = {rest[row]: [others[column]] for row, column in one_to_one.items()} | {row: [column] for row, column in same.items()}
    likeness = {rest[row]: scores[row, column] + ALIKE for row, column in one_to_one.items()} | dict.fromkeys(same, 1.0)
    merged = {row: [row] for row in matches}
    taken = {column for columns in matches.values() for column in columns}
    partner = {columns[0]: row for row, columns in matches.items()}
    for row, column, _ in parts(pairs, before.measures, after.measures, rest, others, matches, partner):
        holder = partner.get(column)
        if row in matches and column not in taken and len(merged[row]) == 1:
            matches[row].append(column)
            taken.add(column)
        elif row not in matches and holder is not None and len(matches[holder]) == 1 and row not in merged[holder]:
            merged[holder].append(row)
    joined = {row for rows in merged.values() for row in rows}
    result = []
    for row in range(len(before.measures)):
        if row in matches:
            result.append(Match(tuple(sorted(merged[row])), tuple(sorted(matches[row])), likeness[row]))
        elif row not in joined:
            result.append(Match((row,), ()))
    return result + [Match((), (column,)) for column in range(len(after.measures)) if column not in taken]


def identical(before: Side, after: Side) -> dict[int, int]:
    """Measures of the same words, paired in order: those under the same heading and with the same time first."""
    result: dict[int, int] = {}
    taken: set[int] = set()
    for precise in (True, False):
        waiting: dict[tuple[object, ...], deque[int]] = {}
        for side, rows in ((after, taken), (before, result)):
            for row, measure in enumerate(side.measures):
                if row in rows:
                    continue
                time = measure.date.text if measure.date else ""
                letters = "".join(WORD.findall(words_of(measure)) or WORD.findall(fold(measure.text)))
                key = (letters, *((side.headings[side.places[row]], time) if precise else ()))
                if side is after:
                    waiting.setdefault(key, deque()).append(row)
                elif key[0] and (queue := waiting.get(key)):
                    result[row] = queue.popleft()
        taken = set(result.values())
    return result


def without(side: Side, rows: Set[int]) -> Side:
    """A side less some of its measures."""
    kept = [row for row in range(len(side.measures)) if row not in rows]
    measures = tuple(side.measures[row] for row in kept)
    places, sources = (tuple(values[row] for row in kept) for values in (side.places, side.sources))
    return Side(side.plans, measures, places, side.headings, sources)


def assigned(offers: Mapping[int, Sequence[tuple[int, float]]]) -> dict[int, int]:
    """The one-to-one assignment of greatest value among the offers (row -> columns with what each is worth, above 0).

    The forward auction of Bertsekas (1988): each row bids for the column that is worth most to it after its price; a row that finds
    nothing above 0 stays out. The result is within STEP a row of the optimum.
    """
    prices: dict[int, float] = {}
    holder: dict[int, int] = {}
    waiting = deque(offers)
    while waiting:
        row = waiting.popleft()
        best, value, second = -1, 0.0, 0.0
        for column, worth in offers[row]:
            net = worth - prices.get(column, 0.0)
            if net > value:
                best, value, second = column, net, value
            elif net > second:
                second = net
        if best < 0:
            continue
        prices[best] = prices.get(best, 0.0) + value - second + STEP
        if best in holder:
            waiting.append(holder[best])
        holder[best] = row
    return {row: column for column, row in holder.items()}


def parts(
    pairs: Pairs,
    before: Sequence[Measure],
    after: Sequence[Measure],
    rest: Sequence[int],
    others: Sequence[int],
    matches: Mapping[int, Sequence[int]],
    partner: Mapping[int, int],
) -> Iterator[tuple[int, int, float]]:
    """Measures without a counterpart that another measure holds besides its own: (before, after, share), the surest first."""
    found = []
    table = zip(pairs.before.tolist(), pairs.after.tolist(), pairs.kept.tolist(), pairs.covered.tolist(), strict=True)
    for low, high, kept, covered in table:
        row, column = rest[low], others[high]
        if row not in matches and column in partner and kept >= PART:
            share = beyond(before[row], after[column], before[partner[column]])
        elif row in matches and column not in partner and covered >= PART:
            share = beyond(after[column], before[row], after[matches[row][0]])
        else:
            continue
        if share >= PART:
            found.append((row, column, share))
    return iter(sorted(found, key=lambda one: -one[2]))


def beyond(part: Measure, whole: Measure, other: Measure) -> float:
    """Share of the pairs of `part` that stand in `whole` and not in `other`, the counterpart that `whole` has already."""
    own = pairs_in(words_of(part), telling=True)
    return len((own & pairs_in(words_of(whole))) - pairs_in(words_of(other))) / max(SAYING, len(own))
