"""The words of a question as search terms: its own character pairs, synonyms, and other spellings of what no plan writes."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ask import tables
from bot.ask.index import SHIFT, Codes, Postings, Sounds
from bot.ask.lore import Lore

SINGLE = 0.12
"""Weight of a single character beside a pair's 1."""
FUNCTION = 0.35
"""Weight of a pair with a character that is mostly grammar."""
ALONE = 2.5
"""How many times its weight a word that stands for one character covers it."""


Row = tuple[tuple[int, ...], float, int, int, str]
"""The codes of one word, its weight, the characters from and to, the kind."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look up: each term's code, weight, and which characters of the question it stands for."""

    content: str
    loads: NDArray[np.float32]
    """How much each character of `content` counts."""
    codes: Codes
    weights: NDArray[np.float32]
    """Weight of the word that a term belongs to."""
    shares: NDArray[np.float32]
    """The word's weight, times how much its characters count, divided among its terms."""
    first: NDArray[np.int64]
    """Where in `content` the characters begin that the term stands for."""
    last: NDArray[np.int64]
    """One after their end."""
    kinds: tuple[str, ...]
    """`same`, `single`, `synonym`, `sound` or `shape` for each term."""
    starts: NDArray[np.int64]
    """The first term of each word; a text has a word only with all its terms."""
    covers: NDArray[np.float32]
    """How well each word covers the characters it stands for, 0 to 1."""


def pair(one: str, two: str) -> int:
    """The code of two characters."""
    return ord(one) << SHIFT | ord(two)


def pairs_of(word: str) -> Iterator[int]:
    """The codes of a word's pairs; of its one character where it has but one."""
    if len(word) == 1:
        yield ord(word) << SHIFT
    for one, two in itertools.pairwise(word):
        if not one.isspace() and not two.isspace():
            yield pair(one, two)


def synonyms_in(content: str, lore: Lore) -> Iterator[tuple[int, int, Mapping[str, float]]]:
    """Where words of the synonym table stand in the content, with what they may be called; the longest at each place."""
    table, longest = lore.words, lore.longest
    for at in range(len(content)):
        for size in range(min(longest, len(content) - at), 0, -1):
            row = table.get(content[at : at + size])
            if row is not None:
                yield at, at + size, row
                break


def terms_of(content: str, loads: tuple[float, ...], vocabulary: Postings, sounds: Sounds, lore: Lore) -> Terms:
    """The search terms of a content, looked up against what the plans write."""
    function = tables.patterns().function
    load = np.array([value * (0.2 if char in function else 1.0) for char, value in zip(content, loads, strict=True)], np.float32)
    rows: list[Row] = []
    own = [(at, pair(one, two)) for at, (one, two) in enumerate(itertools.pairwise(content)) if one.isalnum() and two.isalnum()]
    other = [
        (first, last, word, weight, tuple(pairs_of(word)))
        for first, last, row in synonyms_in(content, lore)
        for word, weight in row.items()
    ]
    codes = np.array([*(code for _, code in own), *(code for row in other for code in row[4])], np.int64)
    there = dict(zip(codes.tolist(), (vocabulary.at(codes) >= 0).tolist(), strict=True))
    written = {at: there[code] for at, code in own}
    strange = [code for at, code in own if not there[code] and not (content[at] in function and content[at + 1] in function)]
    likes = dict(zip(strange, sounds.like(np.array(strange, np.int64)), strict=True)) if strange else {}
    for at, code in own:
        share = FUNCTION if content[at] in function or content[at + 1] in function else 1.0
        if there[code]:
            rows.append(((code,), share, at, at + 2, "same"))
        rows.extend(((like,), share * weight * 0.8, at, at + 2, "sound") for like, weight in likes.get(code, ()))
    rows.extend(repaired(content, written, vocabulary, function))
    for at, char in enumerate(content):
        if char.isalnum() and char not in function:
            rows.append(((ord(char) << SHIFT,), SINGLE, at, at + 1, "single"))
    for first, last, word, weight, parts in other:
        if last - first == 1 and (written.get(first) or written.get(first - 1)):
            continue
        if all(there[code] for code in parts):
            rows.append((parts, weight * (0.4 if len(word) == 1 else 1.0), first, last, "synonym"))
    return packed(content, load, loads, rows)


def repaired(content: str, written: Mapping[int, bool], vocabulary: Postings, function: frozenset[str]) -> Iterator[Row]:
    """Terms for one wrong character between right ones: pairs of the plans that fit both neighbours."""
    for at in range(1, len(content) - 1):
        left, char, right = content[at - 1], content[at], content[at + 1]
        if written.get(at - 1, True) or written.get(at, True) or char in function:
            continue
        low, high = np.searchsorted(vocabulary.terms, [ord(left) << SHIFT | 1, (ord(left) + 1) << SHIFT])
        middle = vocabulary.terms[low:high] & ((1 << SHIFT) - 1)
        fits = middle[vocabulary.at(middle << SHIFT | ord(right)) >= 0]
        for other in fits[:3].tolist():
            yield (pair(left, chr(other)),), 0.6, at - 1, at + 1, "shape"
            yield (other << SHIFT | ord(right),), 0.6, at, at + 2, "shape"


def packed(content: str, load: NDArray[np.float32], told: Sequence[float], rows: list[Row]) -> Terms:
    """Rows of words as arrays of terms; a word that came twice for the same characters keeps its greater weight.

    `load` is how much covering each character counts, `told` the same without regard to grammar.
    """
    best: dict[tuple[tuple[int, ...], int, int], tuple[float, str]] = {}
    for row, weight, start, end, kind in rows:
        if weight > best.get((row, start, end), (0.0, ""))[0]:
            best[row, start, end] = weight, kind
    words = [(row, first, last, *best[row, first, last]) for row, first, last in best if row]
    sizes = np.array([len(row) for row, *_ in words], np.int64)
    each = np.repeat(np.arange(len(words)), sizes)
    weights = np.array([word[3] for word in words], np.float32)
    first, last = (np.array([word[at] for word in words], np.int64) for at in (1, 2))
    counts = np.array([max(told[start:end], default=0.0) for _, start, end, _, _ in words], np.float32)
    shares = (weights * counts / sizes).astype(np.float32)
    codes = np.array([code for row, *_ in words for code in row], np.int64)
    kinds = tuple(word[4] for word in words for _ in word[0])
    full = weights.astype(np.float64) * np.where(last - first == 1, ALONE, 1.0)
    return Terms(
        content, load, codes, weights[each], shares[each], first[each], last[each], kinds,
        np.cumsum(sizes) - sizes, np.minimum(1.0, full).astype(np.float32),
    )  # fmt: skip
