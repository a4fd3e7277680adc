"""Compare two plans: what was kept, reworded, moved, extended, dropped or added, and whose owners, times and targets changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

from bot.plan.changes import Change, Kind, differences, shift, yeared
from bot.plan.likeness import NUMBER, WORD, Side, pairs_in
from bot.plan.model import Event, Measure, Plan
from bot.plan.pairing import Match, paired
from bot.plan.places import Places, ordered, place_title, places, section_title
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
    section: str = ""
    """The section it is told under: of the new side, or the old one where nothing of that is left."""

    @property
    def changed(self) -> bool:
        """True where there is anything to tell."""
        return self.fate is not Fate.KEPT or bool(self.changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and their rows in the order of the second; what was dropped stands in the section that its own became."""

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
    where = places(one, two, matches)
    years = shift(before, after)
    rows = tuple(one_row(match, one, two, where, years) for match in ordered(matches, where))
    return Comparison(tuple(before), tuple(after), rows)


def one_row(match: Match, one: Side, two: Side, where: Places, years: int) -> Row:
    """The row of a match: how it was worded and what changed."""
    old = tuple(one.measures[row] for row in match.before)
    new = tuple(two.measures[row] for row in match.after)
    fresh, section = where.section(match)
    title = section_title(section, two.plans if fresh else one.plans)
    if not old or not new:
        return Row(Fate.DROPPED if old else Fate.ADDED, old, new, 0.0, (), title)
    changes = list(differences(old, new, years))
    fate = worded(old, new, changes, years)
    if where.moved(match):
        was = place_title(old[0], where.before[match.before[0]], one.plans)
        changes.append(Change(Kind.PLACE, (was,), (place_title(new[0], where.after[match.after[0]], two.plans),)))
        fate = Fate.MOVED if fate is Fate.KEPT else fate
    likeness = 1.0 if fate in (Fate.KEPT, Fate.MOVED) else min(match.likeness, 0.99)
    return Row(fate, old, new, likeness, tuple(changes), title)


def worded(old: Sequence[Measure], new: Sequence[Measure], changes: Sequence[Change], years: int) -> Fate:
    """Kept, extended or reworded, leaving aside the words that `changes` tells of already and the years between the plans."""
    told = [change for change in changes if change.kind in (Kind.OWNER, Kind.TARGET)]
    first = bare(old, [text for change in told for text in change.before])
    second = bare(new, [text for change in told for text in change.after])
    if second in (first, yeared(first, years)):
        return Fate.KEPT
    own = pairs_in(first)
    held = len(own & pairs_in(second)) >= HELD * len(own)
    return Fate.EXTENDED if held and len(second) >= LONGER * len(first) else Fate.REWORDED


def bare(measures: Sequence[Measure], told: Sequence[str]) -> str:
    """The letters of these measures without the words of their dates and of the changes that are told."""
    words = "\n".join(NUMBER.sub("", fold(measure.text).lower()) for measure in measures)
    spans = [measure.date.text for measure in measures if measure.date is not None and measure.recurrence is None]
    for text in sorted({fold(text).lower() for text in (*spans, *told)}, key=len, reverse=True):
        words = words.replace(text, " ") if text else words
    return fold_words("".join(WORD.findall(words)))


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
