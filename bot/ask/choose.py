"""From weighed candidates to an answer: answered, two close ones to choose from, or an honest no."""

import itertools
import math
from dataclasses import replace

import numpy as np

from bot.ask import reasons, tables
from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.catalog import Catalog
from bot.ask.doubts import doubts, mates, stretches, trust, unsaid
from bot.ask.evidence import FEATURES, Weighed, vector
from bot.ask.intents import Question
from bot.ask.terms import Terms, pair

FEW = 5
"""How many hits an answer holds that is neither list nor comparison."""
MANY = 40
"""How many a list holds at most."""


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
    against = doubts(catalog, question, terms, weighed, subject)
    chance = trust(against, weighed.near is not None)
    each = one_each(catalog, weighed)
    lacks = reasons.lacks(catalog, question, mates(catalog, weighed)) or unsaid(against)
    found = replace(found, lacks=lacks, differs=reasons.differs(catalog, question, best) if against["differs"] else ())
    if chance < known["answer"]:
        return replace(found, near=hits(catalog, terms, weighed, each[:3], chance))
    if close(catalog, question, weighed, each, known["margin"], subject):
        return replace(found, status=Status.AMBIGUOUS, hits=hits(catalog, terms, weighed, each[:3], chance))
    chosen = picked(catalog, question, weighed, each, known["keep"])
    return replace(found, status=Status.ANSWERED, hits=hits(catalog, terms, weighed, chosen, chance))


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
        column, fit = FEATURES.index("clause"), FEATURES.index(question.kind.value)
        return sum(bool(weighed.table[at, column] >= 0.9 and weighed.table[at, fit] > 0) for at in each[:3]) > 1
    return bool(plans[first] == plans[second] and weighed.scores[first] - weighed.scores[second] < margin)


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
