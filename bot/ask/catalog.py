"""All measures of a library in one row, with the texts around them indexed and their properties as arrays."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ask import index, moments, normal, spelling, tables
from bot.ask.answer import Shelf
from bot.ask.remarks import remarks
from bot.ask.rows import Row, rows_of
from bot.plan.model import Basis, Measure, Plan, Precision, Role, place

COUNTS = re.compile(
    r"(?<![\d:/~第.—-])\d+(\.\d+)?(?![\d.]*[\d年月日号点:/~—-]|周(?!次)|级)%?[个名次所家项届场篇节课时人件份支期倍万学元间本]?"
)
NUMBERED = re.compile(r"^[\s\d一二三四五六七八九十()]*(?=\D)")
"""The number before a title, in folded words."""
RHYTHM = re.compile(
    "每(?!个?(?:人|校|园|班|家|名|位|所|村|户|组|层|间|套|台))|定期|逐[日周月年]|隔[天周月年]|[日周月季年]度?[内]?[1-9两]次"
)
"""How often something comes back, in folded words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure with where it stands."""

    measure: Measure
    plan: Plan
    shelf: Shelf
    place: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is searched. Arrays have a value for each entry unless they say otherwise."""

    entries: tuple[Entry, ...]
    """All measures in the order of the documents, then the remarks of all plans."""
    measures: int
    """How many of the entries are measures."""
    clauses: tuple[str, ...]
    """Folded text of each entry."""
    sentences: tuple[str, ...]
    """Folded, each once; `sentence_of` leads to them."""
    items: tuple[str, ...]
    """Folded text of each item with its titles, each once; `item_of` leads to them."""
    heads: tuple[str, ...]
    """Folded titles over each item."""
    sentence_of: NDArray[np.int64]
    item_of: NDArray[np.int64]
    plan_of: NDArray[np.int64]
    clause: index.Postings
    sentence: index.Postings
    item: index.Postings
    head: index.Postings
    """Of the section and item titles, a row for each item."""
    title: index.Postings
    """Of the titles of the documents and plans, a row for each plan."""
    sounds: index.Sounds
    fits: dict[str, NDArray[np.float32]]
    """How well an entry can answer a kind of question: `who`, `when` (`often`, `exact`), `howmany`, `document`, `list`."""
    spelling: spelling.Speller
    times: "Times"
    plans: tuple[tuple[Shelf, Plan], ...]
    owners: tuple[frozenset[str], ...]
    """Folded names of owners that lead a measure together, each set once; `owners_of` leads to them."""
    owners_of: NDArray[np.int32]
    names: frozenset[str]
    """All folded names of owners."""
    spots: NDArray[np.int32]
    """Plan, section and item of each entry as its document numbers them: 3 x entries."""
    told: NDArray[np.float32]
    """1 where an entry says more than the titles over it, 0 where it is a title itself."""
    gives: dict[str, NDArray[np.bool_]]
    """Aspect, sort of figure -> whether the entry's clause gives it."""


def texts_of(plan: Plan) -> dict[tuple[int, int], tuple[str, str]]:
    """Section and item (0 for the section itself) -> the titles over the place, and its whole text."""
    out: dict[tuple[int, int], tuple[str, str]] = {}
    for row in plan.sections:
        if (row.section, 0) in out:
            continue
        out[row.section, 0] = row.title, row.text
        for part in row.items:
            out.setdefault((row.section, part.item), (f"{row.title}\n{part.title}", part.text))
    return out


def catalog(shelves: Sequence[Shelf]) -> Catalog:
    """Lay out and index the measures of these documents; 100,000 take some seconds."""
    entries: list[Entry] = []
    plans: list[tuple[Shelf, Plan]] = []
    clauses: list[str] = []
    sentences: dict[tuple[int, str], int] = {}
    items: dict[tuple[int, int, int, str], int] = {}
    heads: list[str] = []
    bodies: list[list[str]] = []
    sentence_of: list[int] = []
    item_of: list[int] = []
    plan_of: list[int] = []
    lines: list[Row | None] = []
    deeds = 0
    for kind in (True, False):
        numbers = itertools.count()
        for shelf, plan in ((source, plan) for source in shelves for plan in source.document.plans):
            number = next(numbers)
            if kind:
                plans.append((shelf, plan))
            measures = plan.measures if kind else tuple(remarks(plan, shelf.document.year))
            deeds += len(measures) if kind else 0
            places: dict[tuple[int, int], str] = {}
            table, texts = rows_of(plan, measures), texts_of(plan)
            for measure in measures:
                spot = (measure.section, measure.item)
                if spot not in places:
                    places[spot] = place(plan, *spot)
                line = table.get(measure.id)
                row = items.setdefault((number, *spot, line.key if line else ""), len(items))
                if row == len(heads):
                    head, body = texts.get(spot) or texts.get((measure.section, 0), ("", ""))
                    head, body = (head, body) if line is None else (line.label or head, line.text)
                    heads.append(normal.key(head))
                    bodies.append([normal.key(f"{head}\n{body}")] if body else [normal.key(head)])
                words = normal.key(measure.text)
                sentence = words if measure.sentence in ("", measure.text) else normal.key(measure.sentence)
                if not bodies[row][0].endswith(words) and words not in bodies[row][0]:
                    bodies[row].append(sentence)
                entries.append(Entry(measure, plan, shelf, places[spot]))
                clauses.append(words)
                sentence_of.append(sentences.setdefault((row, sentence), len(sentences)))
                item_of.append(row)
                plan_of.append(number)
                lines.append(line)
    whole = [" ".join(dict.fromkeys(parts)) for parts in bodies]
    said = [text for _, text in sentences]
    item, clause = index.posted(whole), index.posted(clauses)
    folded = [normal.fold(entry.measure.text) for entry in entries]
    owners: dict[frozenset[str], int] = {}
    owners_of = [owners.setdefault(frozenset(normal.fold(owner.name) for owner in entry.measure.owners), len(owners)) for entry in entries]
    return Catalog(
        tuple(entries), deeds, tuple(clauses), tuple(said), tuple(whole), tuple(heads),
        np.array(sentence_of, np.int64), np.array(item_of, np.int64), np.array(plan_of, np.int64),
        clause, index.posted(said), item, index.posted(heads), titles(plans), index.heard(item.terms),
        fits(entries, clauses), spelling.speller([*heads, *clauses], clause), times(entries, folded, lines, heads, item_of),
        tuple(plans), tuple(owners), np.array(owners_of, np.int32), frozenset(name for row in owners for name in row), spots(entries),
        told(clauses, heads, item_of),
        gives(folded, lines),
    )  # fmt: skip


def spots(entries: Sequence[Entry]) -> NDArray[np.int32]:
    """Plan, section and item of each entry: 3 x entries."""
    rows = [(entry.measure.plan, entry.measure.section, entry.measure.item) for entry in entries]
    return np.array(rows, np.int32).reshape(-1, 3).T.copy()


def titles(plans: Sequence[tuple[Shelf, Plan]]) -> index.Postings:
    """What each plan is called, which each of its measures is about."""
    return index.posted([normal.key(f"{shelf.document.title}\n{plan.title}") for shelf, plan in plans])


@dataclass(frozen=True, slots=True)
class Times:
    """When each entry acts, as day ordinals (0 without a date) and as bits of months (bit 1 January) and of weeks of the term."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    months: NDArray[np.int64]
    weeks: NDArray[np.int64]


def times(
    entries: Sequence[Entry], folded: Sequence[str], lines: Sequence[Row | None], heads: Sequence[str], item_of: Sequence[int]
) -> Times:
    """The dates of the entries as arrays; a deadline or an open end is the one day that it names.

    The weeks are those of the entry's row, else those that its text, else those that the title over it names by number.
    """
    table = np.zeros((4, len(entries)), np.int64)
    for at, entry in enumerate(entries):
        span = entry.measure.date
        first, last = (span.start or span.end, span.end or span.start) if span else (None, None)
        if first is not None and last is not None:
            count = min(12, (last.year - first.year) * 12 + last.month - first.month + 1)
            bits = sum(1 << (first.month - 1 + step) % 12 + 1 for step in range(count))
            table[:3, at] = first.toordinal(), last.toordinal(), bits
        line = lines[at]
        weeks = (line.weeks if line else frozenset()) or moments.weeks_of(folded[at])
        table[3, at] = sum(1 << week for week in weeks or moments.weeks_of(heads[item_of[at]]))
    return Times(*table)


def told(clauses: Sequence[str], heads: Sequence[str], item_of: Sequence[int]) -> NDArray[np.float32]:
    """1 where an entry says more than the titles over it, 0 where it is a title itself, with or without its number."""
    bare = (NUMBERED.sub("", words).strip() for words in clauses)
    return np.array([float(words not in heads[row]) for words, row in zip(bare, item_of, strict=True)], np.float32)


def gives(folded: Sequence[str], lines: Sequence[Row | None]) -> dict[str, NDArray[np.bool_]]:
    """For each property and sort of figure that can be asked for whether each entry's own text gives it, a venue also in its row."""
    return {
        aspect.name: np.fromiter(
            (
                bool(aspect.gives.search(text) or (aspect.name == "venue" and line and line.venue))
                for text, line in zip(folded, lines, strict=True)
            ),
            np.bool_,
            len(folded),
        )
        for aspect in (*tables.patterns().aspects, *tables.patterns().counts)
        if aspect.name
    }


def fits(entries: Sequence[Entry], clauses: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """For each kind of question how well each entry can answer it, 0 to 1."""
    measures = [entry.measure for entry in entries]

    def column(values: list[float]) -> NDArray[np.float32]:
        return np.array(values, np.float32)

    basis = {Basis.EXPLICIT: 1.0, Basis.MENDED: 1.0, Basis.INHERITED: 0.5, Basis.IMPLIED: 0.0}
    roles = {Role.JOIN: 0.4, Role.SUPERVISE: 0.6, Role.SUPPORT: 0.8}
    days = {Precision.DAY: 1.0, Precision.DAYS: 1.0, Precision.WEEK: 0.7, Precision.TENDAY: 0.7, Precision.MONTH: 0.4}
    return {
        "who": column([max((basis[owner.basis] * roles.get(owner.role, 1.0) for owner in row.owners), default=0.0) for row in measures]),
        "often": column(
            [1.0 if row.recurrence is not None or RHYTHM.search(clause) else 0.0 for row, clause in zip(measures, clauses, strict=True)]
        ),
        "exact": column([days.get(row.date.precision, 0.2) if row.date is not None else 0.0 for row in measures]),
        "when": column([1.0 if row.date is not None else 0.7 if row.recurrence is not None else 0.0 for row in measures]),
        "howmany": column([1.0 if COUNTS.search(clause) else 0.0 for clause in clauses]),
        "document": column([1.0 if row.documents or "《" in row.text else 0.0 for row in measures]),
        "list": column([min(1.0, (row.text.count("、") + row.text.count("”“")) / 2) for row in measures]),
    }
