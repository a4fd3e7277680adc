"""Why a measure was found, what a question was read as, and in which word a near miss differs."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.ask import evidence, normal, tables
from bot.ask.answer import Differs, Evidence, Kind, Understood
from bot.ask.catalog import Catalog
from bot.ask.intents import Question
from bot.ask.terms import pairs_of
from bot.plan import national

FAMILIES = {
    "clause": "words", "sentence": "words", "item": "words", "clause_bm25": "words", "sentence_bm25": "words", "item_bm25": "words",
    "run": "words", "fuzz": "spelling", "pair": "spelling", "head": "title", "unit": "unit", "month": "time", "season": "plan",
    "subject": "talk",
}  # fmt: skip
"""Column of the evidence -> the reason it belongs to; columns that are not here speak of the kind of question."""
LEAST = 0.005
"""A smaller share is no reason."""

PAST = re.compile("去年|上年|前年|上一年")
"""A plan speaks of what was before it (去年立項的課題), so the year is no reason that it does not answer."""
ONE = str.maketrans("一二三四五六七八九", "123456789")
"""高二 and 高2 are the same."""
ORDINAL = re.compile(r"第\d+(?:[次届期批轮季号](?!线)|(?![周天节条篇部章项点个学])[一-鿿]{2})")


def shares(rows: NDArray[np.float32], weights: NDArray[np.float32]) -> list[tuple[Evidence, ...]]:
    """For each candidate the shares of the reasons in its score, the weightiest first; what speaks against it is left out."""
    names, members = families()
    sums = np.maximum(0.0, rows * weights).astype(np.float64) @ members
    parts = sums / np.maximum(1e-12, sums.sum(axis=1, keepdims=True))
    return [
        tuple(Evidence(name, round(share, 3)) for share, name in sorted(zip(row, names, strict=True), reverse=True) if share > LEAST)
        for row in parts.tolist()
    ]


@cache
def families() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The names of the reasons, and which column of the evidence belongs to which: columns x reasons."""
    belongs = [FAMILIES.get(name, "meaning" if name.endswith("_near") else "kind") for name in evidence.FEATURES]
    names = tuple(dict.fromkeys(belongs))
    return names, np.array([[float(name == own) for name in names] for own in belongs])


def understood(question: Question, units: Sequence[str]) -> Understood:
    """What the question was read as."""
    when = question.when
    return Understood(
        tuple(word.strip("的地得了") for word in question.content.split() if not all(char in tables.patterns().function for char in word)),
        tuple(units), tuple(sorted(when.months)), tuple(sorted(when.years)), when.first, when.last,
        question.place, question.plans, question.aspects,
    )  # fmt: skip


def differs(catalog: Catalog, question: Question, best: int) -> tuple[Differs, ...]:
    """Words of one sort (小学, 中学) of which the question has one and the best entry, of the item that lacks it, another."""
    asked = plain(question.text)
    near = f"{catalog.clauses[best]} {catalog.sentences[int(catalog.sentence_of[best])]}"
    whole = catalog.items[int(catalog.item_of[best])]
    near, whole = near.translate(ONE), whole.translate(ONE)
    out = []
    for contrast in tables.patterns().contrasts:
        wanted = [word for word in contrast.words if word.translate(ONE) in asked]
        if not wanted:
            continue
        lacking = [word for word in wanted if not any(other.translate(ONE) in whole for other in (word, *contrast.covers.get(word, ())))]
        others = [word for word in contrast.words if word.translate(ONE) in near and word.translate(ONE) not in asked]
        if others and len(lacking) == len(wanted):
            out.append(Differs(lacking[0], others[0]))
    wanted_numbers = [match.group() for match in ORDINAL.finditer(asked)]
    for number in wanted_numbers:
        others = [
            match.group() for match in ORDINAL.finditer(near) if match.group().lstrip("第0123456789") == number.lstrip("第0123456789")
        ]
        if others and number not in whole:
            out.append(Differs(number, others[0]))
    return (*out, *another_day(catalog, question, best), *another_year(catalog, question, best))


def alien(catalog: Catalog, question: Question) -> str:
    """A word of one sort (高二, 大学) that the question has and that stands nowhere in the plans, where others of the sort do."""
    asked = plain(question.text)
    for contrast in tables.patterns().contrasts:
        wanted = [word for word in contrast.words if word.translate(ONE) in asked]
        named = any(stands(catalog, other) for word in wanted for other in (word, *contrast.covers.get(word, ())))
        if wanted and not named and any(stands(catalog, word) for word in contrast.words):
            return wanted[0]
    return ""


def stands(catalog: Catalog, word: str) -> bool:
    """True where the plans, or their titles, have every pair of a folded word's characters, numerals in either form."""
    forms = {word, word.translate(ONE)}
    return any(
        bool((part.at(np.array(list(pairs_of(form)), np.int64)) >= 0).all()) for part in (catalog.item, catalog.title) for form in forms
    )


def another_day(catalog: Catalog, question: Question, best: int) -> Iterator[Differs]:
    """A national day (全國中小學生安全教育日) that is asked for and that the best entry's item does not name, with the day that it has."""
    whole = catalog.items[int(catalog.item_of[best])]
    measure = catalog.entries[best].measure
    held = {row.name for _, _, row in national.places(normal.fold(f"{measure.text} {measure.sentence}"))}
    for _, _, row in national.places(normal.fold(question.text)):
        named = any(normal.key(name).replace(" ", "") in whole.replace(" ", "") for name in (row.name, *row.others))
        if row.name not in held and not named:
            yield Differs(row.name, next(iter(sorted(held)), measure.date.text if measure.date else measure.text[:12]))


def plain(text: str) -> str:
    """A text as contrasts are looked for in it: folded, without blanks, numerals as digits."""
    return normal.key(text).replace(" ", "").translate(ONE)


def another_year(catalog: Catalog, question: Question, best: int) -> tuple[Differs, ...]:
    """The year that the question names where the best entry's plan is of others and its text does not speak of it."""
    entry = catalog.entries[best]
    period, whole = entry.plan.period, catalog.items[int(catalog.item_of[best])]
    span = entry.measure.date
    own = {day.year for day in (period.start, period.end, *((span.start, span.end) if span else ())) if day is not None}
    past = bool(PAST.search(normal.fold(question.text)))
    named = [year for year in sorted(question.when.years) if not (past and year < min(own))]
    asked = [year for year in named if not min(own) <= year <= max(own) and str(year) not in whole]
    return tuple(Differs(str(year), str(period.start.year)) for year in asked[:1])


def lacks(catalog: Catalog, question: Question, mates: NDArray[np.int64]) -> str:
    """The property asked for that none of these entries gives, `count` for a figure; empty where nothing is lacking."""
    for name in question.aspects:
        if not catalog.gives[name][mates].any():
            return name
    if question.kind is not Kind.HOWMANY:
        return ""
    return "" if evidence.counted(catalog, mates, question).any() else "count"
