"""How much the measures of two plans say the same: weighted character pairs of their words, of names they quote, of their headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.plan.model import Basis, Measure, Plan
from bot.plan.script import fold

Numbers = NDArray[np.int64]
Weights = NDArray[np.float64]

CANDIDATES = 16
"""Counterparts of a measure that are weighed against each other."""
POSTINGS = 60_000
"""Occurrences looked at for one measure, its rarest pairs first; only plans of many thousand measures reach it."""
LEAST = 0.1
"""Texts that are less alike than this have nothing to do with one another."""

QUOTED = re.compile(r"《[^《》]{2,60}》|“[^“”]{2,30}”")
WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"^\s*\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[).、]\s*(?!\d)|\s+(?=\D))")
"""A number that a measure was read with: it changes when another is added before."""
GRAMMAR = frozenset("的和与及并等在对将要为以各或其把向由也都于中上下内使让做好")
# What office prose says of any subject: it tells two measures of different subjects no more apart than grammar does.
OFFICE = (
    "进一步 不断 切实 努力 积极 认真 深入 扎实 加强 强化 加大 力度 提高 提升 增强 促进 推进 推动 发展 建设 工作 开展 组织 落实 贯彻 完善 "
    "健全 建立 实施 全面 继续 做好 抓好 确保 充分 发挥 作用 结合 根据 按照 依据 通过 利用 形式 活动 要求 精神 水平 能力 质量 教育 学校 "
    "不少于 不低于 以上 不超过 每学期 关于 通知 意见 办法 方案 制度 规定 规划 文件 印发 制定"
)
PLAIN = frozenset(OFFICE.split())
SAID = re.compile("(?:" + "|".join(sorted(PLAIN | GRAMMAR, key=len, reverse=True)) + ")+")
SLIGHT = 0.35
"""Weight of such pairs beside 1."""
EMPHASIS = 1.6
"""Weight of the pairs of names in quotation marks."""
SYNONYM = 0.8
"""Weight of what synonyms have in common."""


@dataclass(frozen=True, slots=True)
class Side:
    """The measures of one side of a comparison in order, with the plans they are of."""

    plans: tuple[Plan, ...]
    measures: tuple[Measure, ...]
    places: tuple[int, ...]
    """For each measure the number of its heading in `headings`."""
    headings: tuple[str, ...]
    sources: tuple[int, ...]
    """For each measure the number of its plan in `plans`."""

    def plan_of(self, row: int) -> Plan:
        """The plan that a measure is of."""
        return self.plans[self.sources[row]]

    @classmethod
    def of(cls, plans: Sequence[Plan]) -> "Side":
        """All measures of these plans."""
        measures: list[Measure] = []
        numbers: dict[tuple[int, int, int], int] = {}
        headings: list[str] = []
        places: list[int] = []
        sources: list[int] = []
        for at, plan in enumerate(plans):
            titles = {(section.section, 0): section.title for section in plan.sections}
            titles |= {
                (section.section, item.item): f"{section.title}\n{item.title}" for section in plan.sections for item in section.items
            }
            for measure in plan.measures:
                key = (at, measure.section, measure.item)
                if key not in numbers:
                    numbers[key] = len(headings)
                    headings.append(titles.get(key[1:], titles.get((measure.section, 0), "")))
                measures.append(measure)
                places.append(numbers[key])
                sources.append(at)
        return cls(tuple(plans), tuple(measures), tuple(places), tuple(headings), tuple(sources))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which measures of two sides may belong together: a row a candidate, ordered by `before`, best first."""

    before: Numbers
    after: Numbers
    score: Weights
    """0 to about 1: wording, with a little for the same heading, date and place in the order."""
    kept: Weights
    """Share of the first text's weight that the second has too."""
    covered: Weights
    """Share of the second text's weight that the first has too."""


def words_of(measure: Measure) -> str:
    """What a measure says, folded, without the words of its date and the names of its owners: new ones make no other measure."""
    words = NUMBER.sub("", fold(measure.text).lower())
    told = [measure.date.text] if measure.date is not None and measure.recurrence is None else []
    for text in told + sorted((owner.name for owner in measure.owners if owner.basis is Basis.EXPLICIT), key=len, reverse=True):
        if text:
            words = words.replace(fold(text).lower(), " ", 1)
    return words


def features(words: str, synonyms: "Synonyms") -> Iterator[tuple[str, float]]:
    """The pairs of characters of each run of letters, and marks for words that have synonyms, each with what it weighs here."""
    quoted = [match.span() for match in QUOTED.finditer(words)]
    for run in WORD.finditer(words):
        name = any(start <= run.start() < end for start, end in quoted)
        slight = slight_in(run[0])
        for at, (first, second) in enumerate(pairwise(run[0])):
            yield first + second, SLIGHT if at in slight else EMPHASIS if name else 1.0
        if len(run[0]) == 1:
            yield run[0], SLIGHT
        for mark in synonyms.marks(run[0]):
            yield mark, SYNONYM


def slight_in(run: str) -> set[int]:
    """Where pairs begin that lie within grammar and office prose altogether."""
    return {at for match in SAID.finditer(run) for at in range(match.start(), match.end() - 1)}


def pairs_in(words: str, telling: bool = False) -> set[str]:
    """The pairs of characters of a folded text, none across a mark; with `telling` without those of office prose."""
    found: set[str] = set()
    for run in WORD.findall(words):
        slight = slight_in(run) if telling else ()
        found |= {first + second for at, (first, second) in enumerate(pairwise(run)) if at not in slight}
    return found


class Synonyms:
    """Groups of words that say the same, found in a text by their first character."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        marks: dict[str, list[str]] = {}
        for number, group in enumerate(groups):
            plain = [fold(word).lower() for word in group]
            # A group with a word of office prose (舉辦, 開展) tells as little as that word does.
            for word in plain if PLAIN.isdisjoint(plain) else ():
                if len(word) > 1:
                    marks.setdefault(word, []).append(f"={number}")
        self._marks = marks
        self._starts: dict[str, list[str]] = {}
        for word in sorted(marks, key=len, reverse=True):
            self._starts.setdefault(word[0], []).append(word)

    def marks(self, run: str) -> Iterator[str]:
        """A mark for each group that a word of the text is of; of words that begin at one place the longest."""
        at = 0
        while at < len(run):
            for word in self._starts.get(run[at], ()):
                if run.startswith(word, at):
                    yield from self._marks[word]
                    at += len(word) - 1
                    break
            at += 1


@dataclass(frozen=True, slots=True)
class Matrix:
    """Texts by their features: those of text n are `codes[starts[n]:starts[n + 1]]`, each once."""

    starts: Numbers
    codes: Numbers

    @property
    def rows(self) -> Numbers:
        """The text that each code belongs to."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def matrices(texts: Sequence[Sequence[str]], synonyms: Synonyms) -> tuple[list[Matrix], Weights]:
    """Each list of texts as a matrix over one vocabulary, and the weight of each feature: rare ones and quoted names count for more."""
    vocabulary: dict[str, int] = {}
    telling: list[float] = []
    result = []
    for side in texts:
        starts, codes = [0], list[int]()
        for text in side:
            own: dict[int, None] = {}
            for feature, weight in features(text, synonyms):
                code = vocabulary.setdefault(feature, len(vocabulary))
                own[code] = None
                if code == len(telling):
                    telling.append(weight)
                elif weight > telling[code]:
                    telling[code] = weight
            codes += own
            starts.append(len(codes))
        result.append(Matrix(np.array(starts, np.int64), np.array(codes, np.int64)))
    frequency = np.ones(len(vocabulary))
    for matrix in result:
        frequency += np.bincount(matrix.codes, minlength=len(vocabulary))
    weights: Weights = np.log1p(sum(map(len, texts)) / frequency) * np.array(telling, np.float64)
    return result, weights


def headings_alike(before: Side, after: Side) -> Weights:
    """How alike the headings of two sides are, 0 to 1: a row for each of the first, a column for each of the second."""
    (one, two), weights = matrices([[fold(text) for text in side.headings] for side in (before, after)], Synonyms())
    dense = []
    for matrix in (one, two):
        rows = np.zeros((len(matrix.starts) - 1, len(weights)), np.float32)
        rows[matrix.rows, matrix.codes] = weights[matrix.codes]
        dense.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
    result: Weights = (dense[0] @ dense[1].T).astype(np.float64)
    return result


def candidates(before: Side, after: Side, groups: Sequence[Sequence[str]] = ()) -> Pairs:
    """The likeliest counterparts of each measure.

    `groups` are words that say the same. Time and memory grow with the occurrences of the rarer pairs, not with the product of the sides.
    """
    texts = [[words_of(measure) for measure in side.measures] for side in (before, after)]
    (one, two), weights = matrices(texts, Synonyms(groups))
    loads = [np.bincount(matrix.rows, weights[matrix.codes], len(matrix.starts) - 1) for matrix in (one, two)]
    order = np.argsort(two.codes, kind="stable")
    holders = two.rows[order]
    counts = np.bincount(two.codes, minlength=len(weights))
    ends = np.cumsum(counts)
    headings = headings_alike(before, after)
    places = np.array(after.places, np.int64)
    owners = [np.array([owner_of(measure) for measure in side.measures]) for side in (before, after)]
    days = [np.array([day_of(measure) for measure in side.measures], np.int64) for side in (before, after)]
    position = np.linspace(0, 1, len(after.measures))
    typical = float(np.median(weights)) if len(weights) else 1.0
    rows: list[tuple[Numbers, Numbers, Weights, Weights, Weights]] = []
    for row in range(len(before.measures)):
        codes = one.codes[one.starts[row] : one.starts[row + 1]]
        codes = codes[counts[codes] > 0]
        codes = codes[np.argsort(counts[codes], kind="stable")]
        codes = codes[: max(6, int(np.searchsorted(np.cumsum(counts[codes]), POSTINGS)))]
        if not len(codes):
            continue
        found = np.concatenate([holders[ends[code] - counts[code] : ends[code]] for code in codes.tolist()])
        shared = np.bincount(found, np.repeat(weights[codes], counts[codes]), len(after.measures))
        own, least = loads[0][row], np.minimum(loads[0][row], loads[1])
        # A short text that a long one holds is the same measure extended, unless it is so short that any long text would hold it.
        wording = 0.6 * 2 * shared / (own + loads[1] + 1e-9) + 0.4 * shared / (least + 4 * typical)
        near = np.flatnonzero(wording > LEAST)
        score = wording[near] + 0.1 * headings[before.places[row]][places[near]]
        score += 0.02 * (days[0][row] == days[1][near]) + 0.02 * (owners[0][row] == owners[1][near])
        score += 0.02 * (1 - np.abs(position[near] - row / max(1, len(before.measures) - 1)))
        best = np.argsort(-score, kind="stable")[:CANDIDATES]
        near, score = near[best], score[best]
        rows.append((np.full(len(near), row), near, score, shared[near] / (own + 1e-9), shared[near] / (loads[1][near] + 1e-9)))
    if not rows:
        empty = np.zeros(0)
        return Pairs(empty.astype(np.int64), empty.astype(np.int64), empty, empty, empty)
    firsts, seconds, scores, kept, covered = (np.concatenate([part[at] for part in rows]) for at in range(5))
    return Pairs(firsts, seconds, scores, kept, covered)


def day_of(measure: Measure) -> int:
    """Month and day of a measure's time as a number, 0 for none: dates of two years are compared without their years."""
    first = measure.date.first if measure.date is not None else None
    return first.month * 100 + first.day if first else 0


def owner_of(measure: Measure) -> str:
    """The folded name of a measure's lead."""
    return fold(measure.lead.name) if measure.lead else ""
