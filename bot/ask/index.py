"""The search index: postings of character pairs as numpy arrays, BM25-weighted, with the sounds of every pair."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ask import pinyin

Codes = NDArray[np.int64]
"""Character pairs, each `first << 21 | second`; a single character has `second` 0."""
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
SHIFT = 21
K1, LENGTH = 1.2, 0.5
"""BM25's saturation and how much length counts (Robertson and Zaragoza 2009, 3.3); LENGTH is below 0.75 as clauses vary less."""


def points(text: str) -> NDArray[np.int64]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)


def worth(chars: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where a code point is a letter, a digit or a Han character that can be searched for."""
    digit = (chars >= 48) & (chars <= 57)
    letter = (chars >= 97) & (chars <= 122)
    wide = (chars >= 0x3400) & (chars <= 0x9FFF)
    return digit | letter | wide | (chars >= 0x20000)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which texts hold which character pair, and how much that counts."""

    size: int
    """How many texts."""
    terms: Codes
    """Sorted."""
    starts: NDArray[np.int64]
    """Of length terms + 1: the slice of `rows` and `gains` of each term."""
    rows: Rows
    gains: Scores
    """BM25's term weight without the inverse document frequency, 0 to 1."""
    rarity: Scores
    """Inverse document frequency of each term, divided by its greatest possible value: 0 to 1."""

    def at(self, codes: Codes) -> NDArray[np.int64]:
        """Each code's place in `terms`, or -1."""
        if not len(self.terms):
            return np.full(len(codes), -1, np.int64)
        place = np.minimum(self.terms.searchsorted(codes), len(self.terms) - 1)
        return np.where(self.terms[place] == codes, place, -1)

    def holding(self, word: str) -> Rows:
        """The texts that may hold a word of at least two characters: those with its rarest pair; no others do."""
        chars = points(word)
        good = worth(chars)
        codes = chars[:-1][good[:-1] & good[1:]] << SHIFT | chars[1:][good[:-1] & good[1:]]
        if not len(codes):
            return np.arange(self.size, dtype=np.int32)
        places = self.at(codes)
        if (places < 0).any():
            return np.zeros(0, np.int32)
        place = places[np.argmax(self.rarity[places])]
        return self.rows[self.starts[place] : self.starts[place + 1]]

    def cells(self, codes: Codes) -> "Cells":
        """Where these codes stand."""
        places = self.at(codes)
        there = np.flatnonzero(places >= 0)
        starts, ends = self.starts[places[there]], self.starts[places[there] + 1]
        parts = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        if not parts:
            return Cells(self.size, places, there, np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(len(codes), np.float32))
        return Cells(
            self.size, places, np.repeat(there, ends - starts), np.concatenate([self.rows[part] for part in parts]),
            np.concatenate([self.gains[part] for part in parts]), np.where(places >= 0, self.rarity[places], np.float32(0)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts that hold the terms of a question: a value for each term and text that has it, those of a term together."""

    size: int
    """How many texts there are."""
    places: NDArray[np.int64]
    """Each term's place in the postings, or -1."""
    term: NDArray[np.int64]
    """Which term of the question; not decreasing."""
    rows: Rows
    gains: Scores
    rarity: Scores
    """Of each term, 0 where no text has it."""

    def score(self, weights: Scores) -> Scores:
        """The sum of weight x rarity x gain over the terms for every text; `weights` has a value for each term."""
        total = np.zeros(self.size, np.float32)
        np.add.at(total, self.rows, self.gains * (weights * self.rarity)[self.term])
        return total

    def met(self, docs: NDArray[np.int64], terms: int) -> NDArray[np.bool_]:
        """Which of the terms each of these texts has: terms x texts."""
        column = np.full(self.size, -1, np.int32)
        column[docs] = np.arange(len(docs), dtype=np.int32)
        found = column[self.rows]
        inside = np.flatnonzero(found >= 0)
        out = np.zeros((terms, len(docs)), np.bool_)
        out[self.term[inside], found[inside]] = True
        # Of a text that stands here more than once only the last is filled in.
        return out[:, column[docs]]


def posted(texts: Sequence[str]) -> Postings:
    """Postings of texts that went through `normal.key`."""
    joined = points("\n".join(texts) + "\n") if texts else np.zeros(0, np.int64)
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    good = worth(joined)
    both = good[:-1] & good[1:] if len(joined) else np.zeros(0, np.bool_)
    codes = np.concatenate([(joined[:-1][both] << SHIFT) | joined[1:][both], joined[good] << SHIFT])
    docs = np.concatenate([owner[:-1][both], owner[good]]) if len(joined) else np.zeros(0, np.int64)
    # Code and text in one number, so that one sort puts the cells in order.
    wide = len(texts).bit_length()
    cells = codes << wide | docs
    cells.sort()
    begins = np.flatnonzero(np.diff(cells, prepend=-1))
    counts = np.diff(begins, append=len(cells))
    codes, docs = cells[begins] >> wide, cells[begins] & ((1 << wide) - 1)
    heads = np.flatnonzero(np.diff(codes, prepend=-1))
    terms, starts = codes[heads], np.append(heads, len(codes))
    spread = np.diff(starts)
    mean = max(1.0, float(lengths.mean())) if len(texts) else 1.0
    norm = K1 * (1 - LENGTH + LENGTH * lengths / mean)
    gains = counts * (K1 + 1) / (counts + norm[docs]) / (K1 + 1)
    rarity = np.log1p((len(texts) - spread + 0.5) / (spread + 0.5)) / np.log1p(max(1, len(texts)) / 0.5)
    return Postings(len(texts), terms, starts, docs.astype(np.int32), gains.astype(np.float32), rarity.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Sounds:
    """The pairs of a vocabulary by how they sound, for words written with other characters of the same sound."""

    codes: Codes
    exact: NDArray[np.int64]
    """Sorted sound of each pair, two syllable codes in one number."""
    exact_order: NDArray[np.int64]
    loose: NDArray[np.int64]
    loose_order: NDArray[np.int64]

    def like(self, codes: Codes, limit: int = 6) -> list[tuple[tuple[int, float], ...]]:
        """For each pair those that sound like it with a weight: 0.85 the same, 0.6 where zh/z or n/ng are merged."""
        exact, loose = sounding(codes)
        out: list[tuple[tuple[int, float], ...]] = [()] * len(codes)
        for keys, order, wanted, weight in ((self.loose, self.loose_order, loose, 0.6), (self.exact, self.exact_order, exact, 0.85)):
            first, last = keys.searchsorted(wanted), keys.searchsorted(wanted, "right")
            for at in np.flatnonzero((wanted > 0) & (last > first)).tolist():
                found = self.codes[order[first[at] : min(last[at], first[at] + limit)]]
                out[at] = tuple((code, weight) for code in found.tolist())
        return out

    def spelled(self, first: int, second: int) -> Codes:
        """All pairs whose syllable codes are these."""
        wanted = first << 16 | second
        return self.codes[self.exact_order[np.searchsorted(self.exact, wanted) : np.searchsorted(self.exact, wanted, "right")]]


def sounding(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sound of each pair, exact and with loose sounds merged; 0 where a character has none."""
    exact, loose = pinyin.codes()
    first, second = codes >> SHIFT, codes & ((1 << SHIFT) - 1)
    inside = (first >= pinyin.FIRST) & (first <= pinyin.LAST) & (second >= pinyin.FIRST) & (second <= pinyin.LAST)
    one, two = np.where(inside, first, pinyin.FIRST) - pinyin.FIRST, np.where(inside, second, pinyin.FIRST) - pinyin.FIRST
    words, spelled, merged = pinyin.pair_codes()
    if len(words):
        place = np.minimum(np.searchsorted(words, codes), len(words) - 1)
        listed = words[place] == codes
    sharp = np.where(listed, spelled[place], exact[one].astype(np.int64) << 16 | exact[two])
    soft = np.where(listed, merged[place], loose[one].astype(np.int64) << 16 | loose[two])
    return np.where(inside, sharp, 0), np.where(inside, soft, 0)


def heard(codes: Codes) -> Sounds:
    """The sounds of the pairs among a vocabulary's codes."""
    pairs = codes[(codes & ((1 << SHIFT) - 1)) > 0]
    exact, loose = sounding(pairs)
    by_exact, by_loose = np.argsort(exact, kind="stable"), np.argsort(loose, kind="stable")
    return Sounds(pairs, exact[by_exact], by_exact, loose[by_loose], by_loose)
