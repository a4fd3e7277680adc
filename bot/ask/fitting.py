"""Fitting the answer weights and thresholds to lessons.

The model is linear, so fitting is two small convex problems: a softmax over the candidates of each question for the ranking (listwise
loss, Cao et al. 2007) and a logistic regression for whether the plans answer at all. Both are solved by plain gradient steps from a
fixed start, so the same questions give the same weights.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.ask import doubts
from bot.ask.evidence import FEATURES, MEANING
from bot.ask.lessons import Floats, Lesson

STEPS = 400
RATE = 0.05
UNKNOWN = 0.12
"""The share of questions that plans do not answer, for the threshold."""
VAIN = 1.25
"""An answer to what the plans do not say misleads; a refusal of what they say still shows the three nearest places."""
HOLD = 0.004
"""How strongly weights are held near zero (L2)."""
HELD = 0.0002
"""The same for the weights of what speaks for and against answering."""


def fit_rank(lessons: Sequence[Lesson], meaning: bool = False) -> Floats:
    """Weights that make the right candidates likely under a softmax: half the loss for the place, half for the clause; none negative."""
    free = np.array([meaning or name not in MEANING for name in FEATURES], np.float64)
    most = max((len(row.table) for row in lessons), default=1)
    table = np.zeros((len(lessons), most, len(FEATURES)), np.float32)
    there = np.zeros((len(lessons), most), np.bool_)
    rights = np.zeros((2, len(lessons), most), np.float32)
    for at, row in enumerate(lessons):
        size = len(row.table)
        table[at, :size], there[at, :size] = row.table, True
        rights[0, at, :size], rights[1, at, :size] = row.place, row.clause
    load = np.array([row.load for row in lessons], np.float32)
    load /= max(1e-9, float(load.sum()))
    weights = free.copy()
    moment, speed = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        score = np.where(there, table @ weights.astype(np.float32), -1e9)
        chance = np.exp(score - score.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        share = chance * rights
        share /= np.maximum(share.sum(axis=2, keepdims=True), 1e-12)
        pull = (chance - share.mean(axis=0)) * load[:, None]
        slope = np.einsum("qc,qcf->f", pull, table).astype(np.float64) + HOLD * weights
        moment = 0.9 * moment + 0.1 * slope
        speed = 0.999 * speed + 0.001 * slope * slope
        weights -= RATE * (moment / (1 - 0.9**step)) / (np.sqrt(speed / (1 - 0.999**step)) + 1e-8)
        weights = np.maximum(weights, 0.0) * free
    return weights


def fit_trust(rows: Floats, known: NDArray[np.bool_], loads: Floats, names: Sequence[str]) -> Floats:
    """Weights of a logistic regression that tells what the plans answer; both classes weigh the same, `loads` within each.

    What speaks for answering gets no weight below 0, what speaks against none above: a sign that only these documents have does not
    carry over to others.
    """
    low = np.array([0.0 if name in doubts.FOR else -np.inf for name in names])
    high = np.array([0.0 if name in doubts.AGAINST else np.inf for name in names])
    share = np.where(known, 0.5 * loads / max(1e-9, loads[known].sum()), 0.5 * loads / max(1e-9, loads[~known].sum()))
    weights = np.zeros(rows.shape[1])
    for _ in range(6000):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -60, 60)))
        weights = np.clip(weights - 1.5 * (rows.T @ (share * (chance - known)) + HELD * weights), low, high)
    return weights


def threshold() -> float:
    """The chance from which answering costs less than refusing.

    `fit_trust` gives both classes the same weight, so its odds are those of a question that is as likely to have an answer as not;
    at UNKNOWN they shrink by as much, and VAIN says how many answers withheld one quoted in vain outweighs (Elkan 2001, theorem 1).
    """
    odds = VAIN * UNKNOWN / (1 - UNKNOWN)
    return odds / (1 + odds)


def margin(rows: Sequence[tuple[float, bool, bool]]) -> float:
    """How close two scores must be for asking back: where as many questions as can be are right at once or, asked back, hold what is right.

    Of those that are as good but for five in a thousand the smallest. `rows`: for each question the lead of its best place, whether that
    is right, and whether one of the first three is.
    """
    grid = np.arange(0.0, 1.01, 0.02)
    gain = np.array([sum(2.0 * first if lead >= at else 1.0 * among for lead, first, among in rows) for at in grid])
    return float(grid[gain >= gain.max() - 0.005 * len(rows)][0])
