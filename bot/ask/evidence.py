"""How well each of the best candidates answers a question: a dozen numbers each, and their weighted sum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.ask import normal, tables
from bot.ask.answer import Kind
from bot.ask.catalog import Catalog
from bot.ask.index import Cells
from bot.ask.intents import Question
from bot.ask.meaning import NEAREST, Near
from bot.ask.moments import meets
from bot.ask.terms import Terms

FEATURES = (
    "clause", "sentence", "item", "head", "clause_bm25", "sentence_bm25", "item_bm25", "run", "fuzz", "pair",
    "who", "when", "howmany", "document", "list", "unit", "month", "season", "subject",
    "count", "sort", "aspect", "told", "deed", "clause_who", "clause_when", "often", "exact", "clause_gives", "itself",
    "clause_near", "sentence_near", "head_near",
)  # fmt: skip
"""Names of the evidence, in the order of the columns."""
MEANING = frozenset({"clause_near", "sentence_near", "head_near"})
"""Those of an embedding, 0 without one."""
TITLED = 0.8
"""How much a word that only the title of the plan has counts as being said by each of its measures."""
BEST = 160
"""How many candidates the costly comparisons look at."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates of a question with their evidence."""

    rows: NDArray[np.int64]
    """Entries of the catalog, best first."""
    table: NDArray[np.float32]
    """A row of FEATURES for each."""
    scores: NDArray[np.float32]
    covered: NDArray[np.float32]
    """For each candidate and each character of the content how well its item covers it, 0 to 1."""
    near: Near | None = None


def coverage(cells: Cells, terms: Terms, docs: NDArray[np.int64]) -> NDArray[np.float32]:
    """How well each of the texts covers each character of the content, 0 to 1: texts x characters."""
    covered = np.zeros((len(terms.content), len(docs)), np.float32)
    if len(terms.starts) and len(cells.rows):
        shares = np.logical_and.reduceat(cells.met(docs, len(terms.codes)), terms.starts, axis=0) * terms.covers[:, None]
        for share, first, last in zip(shares, terms.first[terms.starts].tolist(), terms.last[terms.starts].tolist(), strict=True):
            np.maximum(covered[first:last], share, out=covered[first:last])
    return covered.T


def runs(covered: NDArray[np.float32]) -> NDArray[np.float32]:
    """The longest stretch of characters that a text covers in full, in characters up to 8, over 8."""
    longest = np.zeros(len(covered), np.float32)
    current = np.zeros(len(covered), np.float32)
    for column in covered.T:
        current = np.where(column >= 0.9, current + 1, 0).astype(np.float32)
        longest = np.maximum(longest, current)
    return (np.minimum(longest, 8) / 8).astype(np.float32)


def months_of(catalog: Catalog, rows: NDArray[np.int64], question: Question) -> NDArray[np.float32]:
    """1 where the entry's date meets the time that is named (0.5 if wider than 45 days), -1 where it has another, 0 without one."""
    wanted, time = question.when, catalog.times
    if not wanted:
        return np.zeros(len(rows), np.float32)
    if wanted.weeks:
        weeks = time.weeks[rows]
        return np.where(weeks == 0, 0.0, np.where(weeks & sum(1 << week for week in wanted.weeks), 1.0, -1.0)).astype(np.float32)
    first, last, months = time.first[rows], time.last[rows], time.months[rows]
    fits = meets(wanted, first, last, months)
    if wanted.loose and not (fits & (first > 0)).any():
        return np.zeros(len(rows), np.float32)
    return np.where(first == 0, 0.0, np.where(fits, np.where(last - first <= 45, 1.0, 0.5), -1.0)).astype(np.float32)


def units_of(catalog: Catalog, rows: NDArray[np.int64], units: Sequence[str]) -> NDArray[np.float32]:
    """1 where an entry's owner is a unit that the question names, 0.5 where its clause speaks of it."""
    if not units:
        return np.zeros(len(rows), np.float32)
    out = owned(catalog, rows, lambda owner: any(unit in owner or owner in unit for unit in units)).astype(np.float32)
    for unit in units:
        others = np.flatnonzero(out == 0)
        if len(others) > BEST:
            others = others[np.isin(rows[others], catalog.clause.holding(unit))]
        out[[at for at in others.tolist() if unit in catalog.clauses[rows[at]]]] = 0.5
    return out


def owned(catalog: Catalog, rows: NDArray[np.int64], fits: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Whether an owner of each entry has a name that fits."""
    # Few sets of owners, many entries that have them.
    sets, back = np.unique(catalog.owners_of[rows], return_inverse=True)
    return np.array([any(map(fits, catalog.owners[at])) for at in sets.tolist()], np.bool_)[back]


def counted(catalog: Catalog, rows: NDArray[np.int64], question: Question) -> NDArray[np.bool_]:
    """Whether a clause gives a figure of what is counted (people, times, a share), any figure where that is not said."""
    wanted = [
        catalog.gives[count.name][rows]
        if count.name
        else np.fromiter((bool(count.gives.search(catalog.clauses[row])) for row in rows.tolist()), np.bool_, len(rows))
        for count in question.counts
    ]
    return np.any(wanted, axis=0) if wanted else catalog.fits["howmany"][rows] > 0


def sorted_of(catalog: Catalog, rows: NDArray[np.int64], question: Question) -> NDArray[np.bool_]:
    """Whether an owner is of the sort of body that is asked for (哪个科室); False where no sort is named."""
    if not question.sorts:
        return np.zeros(len(rows), np.bool_)
    return owned(catalog, rows, lambda owner: any(sort.gives.search(owner) for sort in question.sorts))


def weigh(
    catalog: Catalog,
    question: Question,
    terms: Terms,
    units: Sequence[str],
    allowed: NDArray[np.bool_] | None,
    subject: frozenset[int],
    seasons: NDArray[np.float32],
    near: Near | None = None,
) -> Weighed:
    """The best candidates of a question, best first.

    `subject`: rows of `catalog.items` that the talk is about; `seasons`: a value for each plan, 1 where the question hints at it.
    """
    in_clause, in_sentence, in_item, in_head, in_title = (
        part.cells(terms.codes) for part in (catalog.clause, catalog.sentence, catalog.item, catalog.head, catalog.title)
    )
    clause, sentence, item, head = (part.score(terms.shares) for part in (in_clause, in_sentence, in_item, in_head))
    glance = clause + sentence[catalog.sentence_of] + 0.7 * item[catalog.item_of] + 0.5 * head[catalog.item_of]
    if subject:
        glance = glance + np.isin(catalog.item_of, np.array(sorted(subject))) * np.float32(max(1.0, float(glance.max(initial=0.0))))
    if "issued" in question.aspects:
        # The day of a signature is asked for in words that it does not have.
        glance = glance + np.float32(0.001) * catalog.gives["issued"]
    if allowed is not None:
        glance = np.where(allowed, glance + 1e-6, -1.0).astype(np.float32)
    rows = best(glance)
    if near is not None:
        rows = np.union1d(rows, nearest(near.clause, allowed))
    if not len(rows):
        empty = np.zeros((0, len(FEATURES)), np.float32)
        return Weighed(rows, empty, empty[:, 0], np.zeros((0, len(terms.content)), np.float32), near)
    sentences, items = catalog.sentence_of[rows], catalog.item_of[rows]
    by_clause = coverage(in_clause, terms, rows)
    by_sentence = np.maximum(coverage(in_sentence, terms, sentences), by_clause)
    by_head = coverage(in_head, terms, items)
    by_item = np.maximum(coverage(in_item, terms, items), by_sentence)
    # A plan of one event (第三届科技节方案) names it in its title and hardly again.
    by_title = np.float32(TITLED) * coverage(in_title, terms, catalog.plan_of[rows])
    if by_title.any():
        said, beside = by_title > 0, np.zeros(by_title.shape, np.bool_)
        beside[:, 1:] = said[:, :-1]
        beside[:, :-1] |= said[:, 1:]
        by_title = by_title * beside  # a lone character of a title says nothing
        by_clause, by_sentence, by_item = (np.maximum(part, by_title) for part in (by_clause, by_sentence, by_item))
    total = max(1e-6, float(terms.loads.sum()))
    ideal = max(1e-6, ideal_of(in_item, terms))
    kind = question.kind.value
    query, texts = [terms.content.replace(" ", "")], [catalog.clauses[row] for row in rows.tolist()]
    table = np.zeros((len(rows), len(FEATURES)), np.float32)
    named = {
        "clause": by_clause @ terms.loads / total,
        "sentence": by_sentence @ terms.loads / total,
        "item": by_item @ terms.loads / total,
        "head": by_head @ terms.loads / total,
        "clause_bm25": clause[rows] / ideal,
        "sentence_bm25": sentence[sentences] / ideal,
        "item_bm25": item[items] / ideal,
        "run": runs(by_clause),
        "fuzz": process.cdist(query, texts, scorer=fuzz.partial_ratio)[0] / 100,
        "pair": process.cdist(query, texts, scorer=fuzz.ratio)[0] / 100,
        "unit": units_of(catalog, rows, units),
        "season": seasons[catalog.plan_of[rows]],
        "month": months_of(catalog, rows, question),
        "subject": np.isin(items, np.array(sorted(subject), np.int64)).astype(np.float32),
    }
    named["told"] = catalog.told[rows]
    if question.kind in (Kind.WHO, Kind.LIST, Kind.WHAT) and not question.aspects:
        # Days, places and numbers often stand beside what is to be done; who does it and what is done are measures.
        named["deed"] = (rows < catalog.measures).astype(np.float32)
    if question.kind is Kind.HOWMANY:
        named["count"] = counted(catalog, rows, question)
    if question.kind is Kind.WHO:
        named["sort"] = sorted_of(catalog, rows, question)
        named["clause_who"] = named["clause"] * catalog.fits["who"][rows]
    if question.aspects:
        named["aspect"] = np.mean([catalog.gives[name][rows] for name in question.aspects], axis=0)
    if question.kind is Kind.WHEN:
        named["clause_when"] = named["clause"] * catalog.fits["when"][rows]
        if question.often:
            named["often"] = catalog.fits["often"][rows]
        if question.exact:
            named["exact"] = catalog.fits["exact"][rows]
    if question.kind is Kind.WHEN or {"clock", "venue"}.intersection(question.aspects):
        asked = normal.fold(question.text)
        others = [word for word in tables.patterns().derived if word not in asked]
        named["itself"] = np.fromiter((not any(word in text for word in others) for text in texts), np.float32, len(rows))
    if question.aspects or question.kind is Kind.HOWMANY:
        named["clause_gives"] = named["clause"] * np.maximum(named.get("aspect", 0.0), named.get("count", 0.0))
    if near is not None:
        named |= {"clause_near": near.clause[rows], "sentence_near": near.sentence[sentences], "head_near": near.head[items]}
    if kind in catalog.fits:
        named[kind] = catalog.fits[kind][rows]
    for at, name in enumerate(FEATURES):
        if name in named:
            table[:, at] = named[name]
    scores = table @ vector(near is not None)
    order = np.argsort(-scores, kind="stable")
    return Weighed(rows[order], table[order], scores[order], by_item[order], near)


def ideal_of(cells: Cells, terms: Terms) -> float:
    """The score of a text that holds all of the question's own pairs, to measure others against."""
    own = np.array([kind in {"same", "single"} for kind in terms.kinds], np.bool_)
    rarity = np.where(cells.places >= 0, cells.rarity, 1.0)
    return float((terms.shares * rarity * own).sum()) * 0.6 + 0.3


def best(glance: NDArray[np.float32]) -> NDArray[np.int64]:
    """The entries above 0 that come first at a glance, in the order of the documents; of equal ones the earlier are taken."""
    rows = np.flatnonzero(glance > 0)
    if len(rows) <= BEST:
        return rows
    # Many are equal where little is asked, and a partition of equal values is slow.
    apart = np.arange(len(rows)) * 1e-12 - glance[rows].astype(np.float64)
    return np.sort(rows[np.argpartition(apart, BEST - 1)[:BEST]])


def nearest(clause: NDArray[np.float32], allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """The entries nearest in meaning, among those allowed."""
    values = clause if allowed is None else np.where(allowed, clause, np.float32(-np.inf))
    count = min(NEAREST, len(values))
    rows = np.argpartition(-values, count - 1)[:count].astype(np.int64)
    return rows[np.isfinite(values[rows])]


@cache
def vector(meaning: bool = False) -> NDArray[np.float32]:
    """The fitted weights in the order of FEATURES, of the set fitted with an embedding or without; not to be written to."""
    table = tables.weights(meaning)["rank"]
    weights = np.array([table.get(name, 0.0) for name in FEATURES], np.float32)
    weights.setflags(write=False)
    return weights
