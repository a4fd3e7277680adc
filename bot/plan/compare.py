"""Compare two plans: what was kept, reworded, moved, extended, dropped or added, and whose owners, times and targets changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

from bot.plan.changes import Change, Kind, differences, shift, yeared
from bot.plan.likeness import NUMBER, WORD, Side, headings_alike, pairs_in
from bot.plan.model import Event, Measure, Plan
from bot.plan.pairing import Match, paired
from bot.plan.script import fold, fold_words

HELD = 0.85
"""Share of the pairs of characters of the old wording that a longer new one has to keep to be the same, extended."""
LONGER = 1.15
"""How much longer than the old wording it has to be."""


class Fate(StrEnum):
    """What became of a measure."""

    KEPT = "kept"
    """Word for word, but perhaps for its date, owners or targets, which `changes` name."""
    REWORDED = "reworded"
    MOVED = "moved"
    """Kept, but in another section or in the company of another item."""
    EXTENDED = "extended"
    """The old wording with something more."""
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """Measures that are the same business: one each, none on one side, or several where one was split or several were merged."""

    fate: Fate
    before: tuple[Measure, ...]
    after: tuple[Measure, ...]
    likeness: float
    """0 to about 1; 1 where the words are the same."""
    changes: tuple[Change, ...] = ()

    @property
    def changed(self) -> bool:
        """True where there is anything to tell."""
        return self.fate is not Fate.KEPT or bool(self.changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and their rows in the order of the second, what was dropped after what stood before it."""

    before: tuple[Plan, ...]
    after: tuple[Plan, ...]
    rows: tuple[Row, ...]

    def count(self, fate: Fate) -> int:
        """How many rows have this fate."""
        return sum(row.fate is fate for row in self.rows)


@dataclass(frozen=True, slots=True)
class Successor:
    """What became of a measure or event that somebody knows by its id."""

    row: Row
    measure: Measure | None
    """The measure that stands for it now; None where it was dropped."""
    event: Event | None
    """For an event: the event that stands for it now, where that measure names one."""


def compare(before: Sequence[Plan], after: Sequence[Plan], synonyms: Sequence[Sequence[str]] = ()) -> Comparison:
    """Compare the measures of some plans with those of others: two versions, or two plans of one or of two documents.

    `synonyms` are groups of words that may stand for one another. Every measure of both sides is in exactly one row.
    """
    one, two = Side.of(before), Side.of(after)
    matches = paired(one, two, synonyms)
    moved = moves(one, two, matches)
    years = shift(before, after)
    rows = [(match, one_row(match, one, two, match in moved, years)) for match in matches]
    return Comparison(tuple(before), tuple(after), tuple(row for _, row in ordered(rows)))


def one_row(match: Match, one: Side, two: Side, moved: bool, years: int) -> Row:
    """The row of a match: how it was worded and what changed."""
    old = tuple(one.measures[row] for row in match.before)
    new = tuple(two.measures[row] for row in match.after)
    if not old or not new:
        return Row(Fate.DROPPED if old else Fate.ADDED, old, new, 0.0)
    changes = list(differences(old, new, years))
    fate = worded(old, new, changes, years)
    if moved:
        places = [where(side.measures[row], side.plan_of(row)) for side, row in ((one, match.before[0]), (two, match.after[0]))]
        changes.append(Change(Kind.PLACE, (places[0],), (places[1],)))
        fate = Fate.MOVED if fate is Fate.KEPT else fate
    return Row(fate, old, new, 1.0 if fate in (Fate.KEPT, Fate.MOVED) else min(match.likeness, 0.99), tuple(changes))


def worded(old: Sequence[Measure], new: Sequence[Measure], changes: Sequence[Change], years: int) -> Fate:
    """Kept, extended or reworded, leaving aside the words that `changes` tells of already and the years between the plans."""
    told = [change for change in changes if change.kind in (Kind.OWNER, Kind.TARGET)]
    first = yeared(bare(old, [text for change in told for text in change.before]), years)
    second = bare(new, [text for change in told for text in change.after])
    if first == second:
        return Fate.KEPT
    own = pairs_in(first)
    held = len(own & pairs_in(second)) >= HELD * len(own)
    return Fate.EXTENDED if held and len(second) >= LONGER * len(first) else Fate.REWORDED


def bare(measures: Sequence[Measure], told: Sequence[str]) -> str:
    """The letters of these measures without the words of their dates and of the changes that are told."""
    words = "\n".join(NUMBER.sub("", fold(measure.text).lower()) for measure in measures)
    spans = [measure.date.text for measure in measures if measure.date is not None]
    for text in sorted({fold(text).lower() for text in (*spans, *told)}, key=len, reverse=True):
        words = words.replace(text, " ") if text else words
    return fold_words("".join(WORD.findall(words)))


def where(measure: Measure, plan: Plan) -> str:
    """The title of the section that a measure stands in, with its item's number."""
    section = next((row for row in plan.sections if row.section == measure.section), None)
    title = f"{section.label}、{section.title}" if section and section.label else section.title if section else plan.title
    return f"{title}（{measure.item}）" if measure.item else title


def moves(one: Side, two: Side, matches: Sequence[Match]) -> set[Match]:
    """The matches whose measures left the section or the item that the others around them stayed in.

    Which section became which is voted by the matched measures, longer ones counting more, and by the headings; so a section that was
    only renumbered has not moved anything.
    """
    both = [match for match in matches if match.before and match.after]
    keys = [place_keys(side) for side in (one, two)]
    alike = headings_alike(one, two) if both else None
    found: set[Match] = set()
    for level in (0, 1):
        votes: dict[tuple[object, object], float] = {}
        for match in both:
            first, second = match.before[0], match.after[0]
            pair = keys[0][first][level], keys[1][second][level]
            assert alike is not None
            votes[pair] = votes.get(pair, 0.0) + len(one.measures[first].text) * (0.5 + alike[one.places[first], two.places[second]])
        partner: dict[object, object] = {}
        taken: set[object] = set()
        for (old, new), _ in sorted(votes.items(), key=lambda vote: -vote[1]):
            if old not in partner and new not in taken:
                partner[old] = new
                taken.add(new)
        for match in both:
            old, new = keys[0][match.before[0]][level], keys[1][match.after[0]][level]
            if partner.get(old) != new:
                found.add(match)
    return found


def place_keys(side: Side) -> list[tuple[tuple[int, int], tuple[int, int, int]]]:
    """For each measure its section and its item, numbered within all plans of the side."""
    rows = zip(side.sources, side.measures, strict=True)
    return [((at, measure.section), (at, measure.section, measure.item)) for at, measure in rows]


def ordered(rows: Sequence[tuple[Match, Row]]) -> list[tuple[Match, Row]]:
    """The rows in the order of the second side; a dropped one follows the row of the measure that stood before it."""
    key: dict[int, tuple[int, int, int]] = {}
    last = -1
    for at, (match, _) in enumerate(rows):
        if match.after:
            last = match.after[0] if match.before else last
            key[at] = match.after[0], 0, 0
        else:
            key[at] = last, 1, match.before[0]
    return [rows[at] for at in sorted(range(len(rows)), key=lambda at: key[at])]


def successor(comparison: Comparison, reference: str) -> Successor | None:
    """What became of the measure or event with this id of the first side; None where that side has none of that id.

    For an event: the event of the same id, else the one of the same name or kind that its measure's successors name.
    """
    event = next((one for plan in comparison.before for one in plan.events if one.id == reference), None)
    measure = event.measure if event is not None else reference
    row = next((row for row in comparison.rows if any(one.id == measure for one in row.before)), None)
    if row is None:
        return None
    if event is None:
        return Successor(row, closest(measure, row), None)
    ids = {one.id for one in row.after}
    events = [one for plan in comparison.after for one in plan.events]
    now = next((one for one in events if one.id == event.id), None)
    if now is None:
        mine = [one for one in events if one.measure in ids]
        named = [one for one in mine if fold(one.name) == fold(event.name)] or [one for one in mine if one.kind == event.kind]
        now = next(iter(named or mine), None)
    if now is not None and now.measure not in ids:
        # The event goes on although its old sentence went elsewhere: its own measure tells what became of it.
        row = next((one for one in comparison.rows if any(measure.id == now.measure for measure in one.after)), row)
    found = next((one for one in row.after if now is not None and one.id == now.measure), None)
    return Successor(row, found or closest(measure, row), now)


def closest(measure: str, row: Row) -> Measure | None:
    """The measure of a row that stands for an old one: the one of the same id, else the most alike."""
    old = next(one for one in row.before if one.id == measure)
    return max(row.after, key=lambda one: (one.id == measure, LCSseq.normalized_similarity(old.text, one.text)), default=None)
