"""Comparing plans: seconds of two long ones, and on shorter ones beside rapidfuzz, which likens every measure to every other."""

import random
import sys
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.ask.tables import groups
from bot.plan.compare import compare
from bot.plan.model import Measure, Plan
from tests.bench.figures import BROKEN, Figure, report, timed
from tests.bench.material import SEED, shelf

LONG, SHORT = 10_000, 2_000
LIMIT = 20.0
"""Seconds for two plans of LONG measures."""


def edited(plan: Plan, share: float = 0.3) -> tuple[Plan, dict[str, str]]:
    """A later version: a share of its measures lose or change some characters; and which new id each old one has."""
    dice = random.Random(SEED)
    measures: list[Measure] = []
    for measure in plan.measures:
        text = list(measure.text)
        if dice.random() < share:
            for _ in range(2):
                at = dice.randrange(len(text))
                text[at : at + 2] = dice.choice(("", "各校", "繼續"))
        measures.append(replace(measure, id=f"{measure.id}n", text="".join(text) or measure.text))
    return replace(plan, measures=tuple(measures)), {measure.id: f"{measure.id}n" for measure in plan.measures}


def right(before: Plan, after: Plan, became: dict[str, str]) -> float:
    """Share of the measures that are paired with what they became, in per cent."""
    rows = compare([before], [after], groups()).rows
    hits = sum(became[old.id] in {new.id for new in row.after} for row in rows for old in row.before)
    return 100 * hits / len(became)


def run() -> int:
    """Print seconds and shares; 0 or BROKEN."""
    figures = []
    for size, limit in ((LONG, LIMIT), (SHORT, None)):
        (plan,) = shelf(size).document.plans
        later, became = edited(plan)
        seconds, share = timed(lambda plan=plan, later=later, became=became: right(plan, later, became))
        peers: tuple[tuple[str, float], ...] = ()
        shares: tuple[tuple[str, float], ...] = ()
        if size == SHORT:
            texts = [[measure.text for measure in one.measures] for one in (plan, later)]
            theirs, scores = timed(lambda texts=texts: process.cdist(*texts, scorer=fuzz.ratio))
            best = scores.argmax(axis=1).tolist()
            hits = sum(later.measures[column].id == became[measure.id] for measure, column in zip(plan.measures, best, strict=True))
            peers, shares = (("rapidfuzz", theirs),), (("rapidfuzz", 100 * hits / size),)
        figures.append(Figure(f"two plans of {size} measures", seconds, "s", peers, limit))
        figures.append(Figure(f"two plans of {size} measures: paired rightly", share, "%", shares))
    return BROKEN if report("comparing plans", figures) else 0


if __name__ == "__main__":
    sys.exit(run())
