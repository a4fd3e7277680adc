"""What became of one sentence: the measure of a newer document that took its place.

`bot.plan.compare` weighs all measures of both sides against each other and knows of splits, merges and moves, but takes seconds for two
plans of some hundred measures. A pressed button asks for one sentence within a transaction; that one alone is looked for here.
"""

from difflib import SequenceMatcher

from bot.plan.mend import key
from bot.plan.model import Document, Measure, Plan

ALIKE_HERE = 0.5
"""Share of common characters from which a sentence at the same place is taken for the same one reworded."""
ALIKE = 0.7
"""The same for a sentence that stands somewhere else."""


def found_in(document: Document, reference: str) -> tuple[Plan, Measure] | None:
    """The measure of that id, or the one that the event of that id comes from, with its plan; None where the document has neither."""
    for plan in document.plans:
        wanted = next((event.measure for event in plan.events if event.id == reference), reference)
        measure = next((measure for measure in plan.measures if measure.id == wanted), None)
        if measure is not None:
            return plan, measure
    return None


def successor(measure: Measure, document: Document) -> Measure | None:
    """The measure that stands for `measure` now: the same words, else the most alike at its place, else the most alike anywhere."""
    words = key(measure.text)
    same = [other for other in document.measures if key(other.text) == words]
    here = [other for other in same if _place(other) == _place(measure)]
    if same:
        return (here or same)[0]
    best: tuple[float, Measure] | None = None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(words)
    for other in document.measures:
        limit = ALIKE_HERE if _place(other) == _place(measure) else ALIKE
        matcher.set_seq1(key(other.text))
        if matcher.real_quick_ratio() < limit or matcher.quick_ratio() < limit:
            continue
        share = matcher.ratio()
        # Of two alike, the one at the old place.
        score = share + (0.2 if limit == ALIKE_HERE else 0.0)
        if share >= limit and (best is None or score > best[0]):
            best = score, other
    return best[1] if best else None


def _place(measure: Measure) -> tuple[int, int, int]:
    return measure.plan, measure.section, measure.item
