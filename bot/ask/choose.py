"""From weighed candidates to an answer: answered, two close ones to choose from, or an honest no."""

import itertools
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.ask import evidence, reasons, tables
from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.catalog import Catalog
from bot.ask.evidence import FEATURES, Weighed, vector
from bot.ask.intents import Question
from bot.ask.terms import Terms, pair

FEW = 5
"""How many hits an answer holds that is neither list nor comparison."""
DOUBTS = ("bias", "item", "low", "clause", "mass", "topic", "aspect", "differs", "unowned", "unsorted", "none", "gap", "near")
"""Names of the evidence for and against answering; `near` with an embedding only."""
MANY = 40
"""How many a list holds at most."""


def logistic(value: float) -> float:
    """The logistic function, safe for any value."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def answer(catalog: Catalog, question: Question, terms: Terms, weighed: Weighed, subject: frozenset[int]) -> Answer:
    """The answer to a question whose candidates are weighed, best first."""
    known = tables.weights(weighed.near is not None)["choose"]
    found = Answer(
        question.text, question.kind, Status.UNKNOWN, script=question.script, subject=question.content,
        missing=missing(catalog, question, terms),
    )  # fmt: skip
    if not len(weighed.rows):
        return found
    best = int(weighed.rows[0])
    chance = trust(catalog, question, terms, weighed, subject)
    each = one_each(catalog, weighed)
    found = replace(
        found, lacks=reasons.lacks(catalog, question, mates(catalog, weighed)), differs=reasons.differs(catalog, question, best)
    )
    if chance < known["answer"]:
        return replace(found, near=hits(catalog, terms, weighed, each[:3], chance))
    if close(catalog, question, weighed, each, known["margin"], subject):
        return replace(found, status=Status.AMBIGUOUS, hits=hits(catalog, terms, weighed, each[:3], chance))
    chosen = picked(catalog, question, weighed, each, known["keep"])
    return replace(found, status=Status.ANSWERED, hits=hits(catalog, terms, weighed, chosen, chance))


def mates(catalog: Catalog, weighed: Weighed) -> NDArray[np.int64]:
    """The candidates that stand in the item of the best one, up to six."""
    same: NDArray[np.int64] = weighed.rows[catalog.item_of[weighed.rows] == catalog.item_of[weighed.rows[0]]]
    return same[:6]


def one_each(catalog: Catalog, weighed: Weighed) -> list[int]:
    """The best candidate of each item, best first, as places in `weighed.rows`."""
    _, first = np.unique(catalog.item_of[weighed.rows], return_index=True)
    return sorted(first.tolist())


def picked(catalog: Catalog, question: Question, weighed: Weighed, each: list[int], keep: float) -> list[int]:
    """Which candidates an answer shows, best first; where several plans speak, the best of each comes early.

    `each`: the best candidate of each item.
    """
    top = float(weighed.scores[0])
    plans = catalog.plan_of[weighed.rows]
    if question.kind is Kind.COMPARE:
        leaders: dict[int, list[int]] = {}
        for at in each:
            leaders.setdefault(int(plans[at]), []).append(at)
        sides = sorted(leaders.values(), key=lambda row: row[0])
        return [row[turn] for turn in range(2) for row in sides if len(row) > turn][:MANY]
    if question.kind is Kind.LIST and question.whole:
        return list(range(len(weighed.rows)))[:MANY]
    if question.kind is Kind.LIST:
        good = [at for at in range(len(weighed.rows)) if weighed.scores[at] >= keep * top]
        first = [at for at in each if weighed.scores[at] >= keep * top]
        return list(dict.fromkeys([*first[:3], *good]))[:MANY]
    others = [at for at in each[1:] if plans[at] != plans[0] and weighed.scores[at] >= keep * top]
    lead = [0]
    for at in others:
        if all(plans[at] != plans[taken] for taken in lead):
            lead.append(at)
    return list(dict.fromkeys([*lead[:3], *each]))[:FEW]


def close(catalog: Catalog, question: Question, weighed: Weighed, each: list[int], margin: float, subject: frozenset[int]) -> bool:
    """True where asking back is fairer than choosing: the two best are close, or one word is all there is and several items have it.

    `each`: the best candidate of each item.
    """
    if question.kind in (Kind.LIST, Kind.COMPARE) or len(each) < 2:
        return False
    first, second = each[0], each[1]
    plans = catalog.plan_of[weighed.rows]
    if plans[first] != plans[second] and len(each) == 2:
        return False
    word = sum(char.isalnum() and char not in tables.patterns().function for char in question.content) <= 3
    if word and not subject and question.kind in (Kind.WHO, Kind.WHEN, Kind.HOWMANY):
        column = FEATURES.index("clause")
        return sum(bool(weighed.table[at, column] >= 0.9) for at in each[:3]) > 1
    return bool(plans[first] == plans[second] and weighed.scores[first] - weighed.scores[second] < margin)


def trust(catalog: Catalog, question: Question, terms: Terms, weighed: Weighed, subject: frozenset[int]) -> float:
    """The chance that the plans answer the question at all, from how well the best candidate covers it and what is asked."""
    against = doubts(catalog, question, terms, weighed, subject)
    return logistic(sum(tables.weights(weighed.near is not None)["trust"].get(name, 0.0) * value for name, value in against.items()))


def doubts(catalog: Catalog, question: Question, terms: Terms, weighed: Weighed, subject: frozenset[int]) -> dict[str, float]:
    """The evidence for and against answering, by name."""
    row, best, same = weighed.table[0], weighed.rows[0], mates(catalog, weighed)
    named = bool(subject) or any(question.place) or (question.thin and float(row[FEATURES.index("month")]) > 0)
    item = 1.0 if named else float(row[FEATURES.index("item")])
    text = catalog.items[int(catalog.item_of[best])]
    covered = [bool(value >= 0.5) for value in weighed.covered[0]]
    grammar = tables.patterns().function
    met = stretches(covered, terms.content)
    unmet = stretches([not inside and char not in grammar for inside, char in zip(covered, terms.content, strict=True)], terms.content)
    strange = any(name in question.content and not spoken_of(name, text) for name in tables.patterns().topics)
    return {
        "bias": 1.0,
        "item": item,
        "low": max(0.0, 0.4 - item) / 0.4,
        "clause": float(row[FEATURES.index("clause")]),
        "mass": 1.0 if named else min(1.0, item * float(terms.loads.sum()) / 8),
        "topic": float(strange),
        "aspect": float(bool(reasons.lacks(catalog, question, same))),
        "unowned": float(question.kind is Kind.WHO and not catalog.fits["who"][same].any()),
        "unsorted": float(bool(question.sorts) and not evidence.sorted_of(catalog, same, question).any()),
        "none": float(not named and not met),
        "gap": 0.0 if named else min(6, max(map(len, unmet), default=0)) / 6,
        "near": weighed.near.best if weighed.near is not None else 0.0,
        "differs": float(bool(reasons.differs(catalog, question, int(best)))),
    }


def spoken_of(name: str, text: str) -> bool:
    """True where a text has a name or a word of the synonym table for it."""
    return name in text or any(other in text for other in tables.synonyms().get(name, ()))


def stretches(flags: list[bool], text: str, least: int = 2) -> list[str]:
    """The parts of a text where the flags hold, each at least `least` characters."""
    out, start = [], None
    for at, flag in enumerate([*flags, False]):
        inside = flag and text[at].isalnum() if at < len(text) else False
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            if at - start >= least:
                out.append(text[start:at])
            start = None
    return out


def hits(catalog: Catalog, terms: Terms, weighed: Weighed, chosen: list[int], chance: float) -> tuple[Hit, ...]:
    """Candidates as hits, with the words that met and what spoke for them; `chosen` are places in `weighed.rows`."""
    evidence = reasons.shares(weighed.table[chosen], vector(weighed.near is not None))
    covered, titled = weighed.covered[chosen] >= 0.5, weighed.table[chosen, FEATURES.index("head")] > 0.3
    behind = (weighed.scores[chosen] - weighed.scores[0]).tolist()
    out = []
    for at, flags, head, gap, shares in zip(chosen, covered.tolist(), titled.tolist(), behind, evidence, strict=True):
        entry = catalog.entries[int(weighed.rows[at])]
        score = max(0.0, min(1.0, chance * math.exp(min(0.0, gap))))
        why = (*dict.fromkeys(stretches(flags, terms.content)),)[:6]
        why = (*why, "title") if head else why
        out.append(Hit(entry.measure, entry.plan, entry.shelf, entry.place, round(score, 4), why, shares))
    return tuple(out)


def missing(catalog: Catalog, question: Question, terms: Terms) -> str:
    """The words of the question that no plan has, joined by 、."""
    content, function = terms.content, tables.patterns().function
    if len(content) < 2:
        return ""
    codes = np.array([pair(one, two) for one, two in itertools.pairwise(content)], np.int64)
    there = catalog.item.at(codes) >= 0
    lacking = [
        not (at > 0 and there[at - 1]) and not (at < len(there) and there[at]) and content[at] not in function for at in range(len(content))
    ]
    for kind, first, last in zip(terms.kinds, terms.first.tolist(), terms.last.tolist(), strict=True):
        if kind != "single":
            lacking[first:last] = [False] * (last - first)
    return "、".join(stretches(lacking, content))
