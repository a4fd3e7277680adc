"""What two plans say of the thing that a question compares: the measures that the comparison of whole plans pairs, and what changed."""

from collections.abc import Sequence
from dataclasses import replace

from bot.ask import normal
from bot.ask.answer import Hit
from bot.ask.tables import groups
from bot.plan.compare import Row, compare
from bot.plan.model import Measure, place
from handlers.differences import change_words
from handlers.room import Turn
from handlers.wording import brief, quotation, shorten, title, who

SIDES = 2
"""Plans that a comparison sets side by side."""
ALIKE = 0.5
"""Both plans speak of the thing itself where the less sure measure has more than this share of its words that the other has."""
NEAR = 40
"""Characters of what a plan says that does not speak of the thing itself."""


def compared(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The best hit of each of the first plans, the earlier plan first."""
    sides: dict[int, Hit] = {}
    for hit in hits:
        sides.setdefault(id(hit.plan), hit)
    return tuple(sorted(list(sides.values())[:SIDES], key=lambda hit: hit.plan.period.start))


def lines_of(turn: Turn, hits: Sequence[Hit]) -> list[str]:
    """Both sides with their sentences and what changed; where but one plan speaks of it, or each of something else, that is said.

    `hits`: what `compared` gives. It compares the two plans as wholes, which takes some 20 ms at 80 measures each.
    """
    if len(hits) < SIDES:
        return [turn.say("find.one_side"), *side(turn, hits[0])]
    before, after, row = paired(hits[0], hits[1])
    if row is not None:
        changes = [words for change in row.changes for words in change_words(turn.say, change)]
        key = "find.compare" if changes else "find.reworded" if before.measure.text != after.measure.text else "find.alike"
        return [turn.say(key, count=len(changes)), *side(turn, before), *side(turn, after), *changes]
    less, best = sorted(hits, key=lambda hit: hit.score)
    if shared(best, less) <= ALIKE:
        near = turn.say("find.other_near", plan=title(turn, less), place=less.place, text=shorten(less.measure.text, NEAR))
        return [turn.say("find.one_named"), *side(turn, best), near]
    lines = [turn.say("find.apart")]
    for hit in hits:
        name, time = who(turn, hit.measure, short=True), brief(turn, hit.measure) or turn.say("answer.undated")
        lines += [*side(turn, hit), turn.say("answer.both", who=name, when=time)]
    return lines


def shared(best: Hit, less: Hit) -> float:
    """Of the words that met the question, in pairs of characters, and that the one measure has: the share that the other has too."""
    asked = {word[at : at + 2] for word in best.why for at in range(len(word) - 1) if word != "title"}
    own, other = ({pair for pair in asked if pair in normal.key(hit.measure.text)} for hit in (best, less))
    return len(own & other) / len(own) if own else 1.0


def paired(one: Hit, two: Hit) -> tuple[Hit, Hit, Row | None]:
    """The surer of two hits, with the measure of the other plan that is the same business, and how they compare; None where none is."""
    best = max(one, two, key=lambda hit: hit.score)
    for row in compare((one.plan,), (two.plan,), groups()).rows:
        own, other = (row.before, row.after) if best is one else (row.after, row.before)
        if other and any(measure.id == best.measure.id for measure in own):
            if best is one:
                return one, _other(two, other), row
            return _other(one, other), two, row
    return one, two, None


def _other(hit: Hit, measures: Sequence[Measure]) -> Hit:
    """The hit itself where its measure is among these, else the first of them as one."""
    if any(measure.id == hit.measure.id for measure in measures):
        return hit
    measure = measures[0]
    return replace(hit, measure=measure, place=place(hit.plan, measure.section, measure.item))


def side(turn: Turn, hit: Hit) -> list[str]:
    """What one plan says: its name and place, and the sentence."""
    head = turn.say("find.plan", plan=title(turn, hit), version=hit.shelf.version or 1)
    return [f"{head} {hit.place}", quotation(turn, turn.person, hit.measure.text)]
