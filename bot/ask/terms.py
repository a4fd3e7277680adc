"""The words of a question as search terms: its own character pairs, synonyms, and other spellings of what no plan writes."""

import itertools
from collections.abc import Iterator, Mapping
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
    words: NDArray[np.int64]
    """Terms of one number make up one word, which a text has only with all of them."""
    kinds: tuple[str, ...]
    """`same`, `single`, `synonym`, `sound` or `shape` for each term."""


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
    written = dict(zip((at for at, _ in own), (vocabulary.at(np.array([code for _, code in own], np.int64)) >= 0).tolist(), strict=True))
    for at, code in own:
        share = FUNCTION if content[at] in function or content[at + 1] in function else 1.0
        if written[at]:
            rows.append(((code,), share, at, at + 2, "same"))
        elif not (content[at] in function and content[at + 1] in function):
            rows.extend(((like,), share * weight * 0.8, at, at + 2, "sound") for like, weight in sounds.like(content[at : at + 2]))
    rows.extend(repaired(content, written, vocabulary, function))
    for at, char in enumerate(content):
        if char.isalnum() and char not in function:
            rows.append(((ord(char) << SHIFT,), SINGLE, at, at + 1, "single"))
    for first, last, row in synonyms_in(content, lore):
        if last - first == 1 and (written.get(first) or written.get(first - 1)):
            continue
        for word, weight in row.items():
            codes = tuple(pairs_of(word))
            if (vocabulary.at(np.array(codes, np.int64)) >= 0).all():
                rows.append((codes, weight * (0.4 if len(word) == 1 else 1.0), first, last, "synonym"))
    return packed(content, load, np.array(loads, np.float32), rows)


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


def packed(content: str, load: NDArray[np.float32], told: NDArray[np.float32], rows: list[Row]) -> Terms:
    """Rows of words as arrays of terms; a word that came twice for the same characters keeps its greater weight.

    `load` is how much covering each character counts, `told` the same without regard to grammar.
    """
    best: dict[tuple[tuple[int, ...], int, int], tuple[float, str]] = {}
    for row, weight, start, end, kind in rows:
        if weight > best.get((row, start, end), (0.0, ""))[0]:
            best[row, start, end] = weight, kind
    words = list(best)
    sizes = np.array([len(codes) for codes, _, _ in words], np.int64)
    weights = np.array([best[word][0] for word in words], np.float32)
    starts = np.array([first for _, first, _ in words], np.int64)
    ends = np.array([last for _, _, last in words], np.int64)
    each = np.repeat(np.arange(len(words)), sizes)
    counts = np.array([told[first:last].max(initial=0.0) for first, last in zip(starts.tolist(), ends.tolist(), strict=True)], np.float32)
    shares = (weights * counts / np.maximum(sizes, 1)).astype(np.float32)
    codes = np.array([code for row, _, _ in words for code in row], np.int64)
    kinds = tuple(best[words[at]][1] for at in each.tolist())
    return Terms(content, load, codes, weights[each], shares[each], starts[each], ends[each], each, kinds)
