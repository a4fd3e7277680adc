"""Letters typed instead of characters: pinyin and initials read as the words that the plans and questions use."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ask import index, normal, pinyin, tables

EACH = 14
"""How many characters of the plans are tried for a syllable."""
LOOK = 300
"""How many places are looked at for initials."""
SHORTEST = 3
"""Fewer letters than this are no initials: too many words begin so."""
SPOKEN = {
    "0": ("ling",),
    "1": ("yi",),
    "2": ("er", "liang"),
    "3": ("san",),
    "4": ("si",),
    "5": ("wu",),
    "6": ("liu",),
    "7": ("qi",),
    "8": ("ba",),
    "9": ("jiu",),
}
"""Digits as they are spoken; texts come here with their numerals as digits."""
LATIN = re.compile(r"[a-zü]+(?:[ '][a-zü]+)*")


@dataclass(frozen=True, slots=True)
class Speller:
    """What letters may stand for: the characters of the plans by syllable, their pairs, and the plans' initials in a row."""

    chars: Mapping[str, tuple[str, ...]]
    pairs: index.Postings
    lexicon: NDArray[np.int64]
    """Sorted codes of the pairs in words that questions use."""
    words: frozenset[str]
    """Characters that stand alone in questions."""
    joined: str
    letters: str
    """Of the same length as `joined`: the first letter of each character's syllable."""


def speller(texts: Sequence[str], postings: index.Postings) -> Speller:
    """Learn the plans' spelling from their texts (through `normal.key`) and the postings of those texts."""
    words = [*tables.patterns().lexicon, *(word for word in tables.synonyms() if len(word) > 1)]
    lexicon = {ord(one) << index.SHIFT | ord(two) for word in words for one, two in itertools.pairwise(word)}
    counts: Counter[str] = Counter(dict.fromkeys("".join(tables.patterns().lexicon), 1))
    spread = np.diff(postings.starts)
    for code, count in zip(postings.terms.tolist(), spread.tolist(), strict=True):
        if not code & ((1 << index.SHIFT) - 1):
            counts[chr(code >> index.SHIFT)] += count
    rows: dict[str, list[str]] = {}
    asked = frozenset("".join(tables.patterns().lexicon))
    for char, _ in counts.most_common():
        for reading in SPOKEN.get(char, ()) or pinyin.readings().get(char, ()):
            row = rows.setdefault(reading, [])
            if len(row) < EACH or char in asked:
                row.append(char)
    joined = "\n".join(texts)
    alone = frozenset(word for word in tables.patterns().lexicon if len(word) == 1)
    return Speller(
        {name: tuple(row) for name, row in rows.items()}, postings, np.array(sorted(lexicon), np.int64), alone, joined, lettered(joined)
    )


def lettered(joined: str) -> str:
    """The first letter of each character's usual syllable; `.` for what has none."""
    exact, _ = pinyin.codes()
    first = np.array([ord(".")] + [ord(name[0]) for name in pinyin.syllables()], np.uint8)
    points = index.points(joined)
    inside = (points >= pinyin.FIRST) & (points <= pinyin.LAST)
    letters = first[exact[np.where(inside, points, pinyin.FIRST) - pinyin.FIRST]]
    return np.where(inside, letters, ord(".")).astype(np.uint8).tobytes().decode("ascii")


def decoded(text: str, known: Speller) -> str:
    """The question with typed pinyin and initials as characters; empty where it has neither (English stays English)."""
    folded = normal.fold(text)
    stop, glossary = tables.patterns().latin_stop, tables.glossary()
    mixed = any(normal.han(char) for char in folded)
    if not mixed and not pinyin.typed(folded, stop):
        return ""

    def read(match: re.Match[str]) -> str:
        words = re.findall(r"[a-zü]+", match.group().replace("'", ""))
        if mixed and (all(word in glossary or word in stop for word in words) or sum(map(len, words)) < SHORTEST):
            return match.group()
        out: list[str] = []
        run: list[str] = []
        ends: set[int] = set()
        for word in words:
            parts = pinyin.split(word.replace("ü", "v"))
            if parts and (not mixed or len(word) > SHORTEST or len(words) > 1):
                run.extend(parts)
                ends.add(len(run))
                continue
            out.append(spelled(run, ends, known))
            run, ends = [], set()
            out.append(begun(word, known) or word)
        out.append(spelled(run, ends, known))
        return " ".join(part for part in out if part)

    result = LATIN.sub(read, folded)
    return result if result != folded else ""


def spelled(run: Sequence[str], ends: set[int], known: Speller) -> str:
    """The likeliest characters for syllables: those whose pairs the plans or questions use (Viterbi over pairs).

    `ends` are the counts of syllables after which the typist left a blank; pairs across one count a little less.
    """
    if not run:
        return ""
    options = [known.chars.get(name, (name,)) for name in run]
    alone = [np.array([0.8 if char in known.words else -0.02 * at for at, char in enumerate(row)]) for row in options]
    score = alone[0]
    back: list[NDArray[np.int64]] = []
    for at in range(1, len(run)):
        left, right = options[at - 1], options[at]
        codes = ties(left, right)
        place = known.pairs.at(codes.ravel()).reshape(codes.shape)
        seen = (
            np.where(place >= 0, np.diff(known.pairs.starts)[np.maximum(place, 0)], 0) if len(known.pairs.terms) else np.zeros(codes.shape)
        )
        listed = known.lexicon[np.minimum(np.searchsorted(known.lexicon, codes), len(known.lexicon) - 1)] == codes
        gain = np.where(seen > 0, 1.0 + 0.5 * np.log1p(seen), 0.0) + np.where(listed, 2.2, 0.0)
        step = score[:, None] + gain * (0.8 if at in ends and len(ends) < len(run) else 1.0) + alone[at][None, :]
        back.append(step.argmax(axis=0))
        score = step.max(axis=0)
    best = [int(score.argmax())]
    for row in reversed(back):
        best.append(int(row[best[-1]]))
    return "".join(chars[at] for chars, at in zip(options, reversed(best), strict=True))


def ties(left: Sequence[str], right: Sequence[str]) -> NDArray[np.int64]:
    """The code of every character on the left with every one on the right; 0 where one is a syllable that no character was found for."""
    one, two = (np.array([ord(char) if len(char) == 1 else 0 for char in side], np.int64) for side in (left, right))
    return np.where((one > 0)[:, None] & (two > 0)[None, :], one[:, None] << index.SHIFT | two[None, :], 0)


def begun(word: str, known: Speller) -> str:
    """The two likeliest words of the plans whose initials these are, empty where there are none."""
    if len(word) < SHORTEST or "i" in word or "u" in word or "v" in word:
        return ""
    found: Counter[str] = Counter()
    at = known.letters.find(word)
    for _ in range(LOOK):
        if at < 0:
            break
        edge = at == 0 or known.letters[at - 1] == "." or known.joined[at - 1] in tables.patterns().function
        found[known.joined[at : at + len(word)]] += 2 if edge else 1
        at = known.letters.find(word, at + 1)
    return " ".join(text for text, _ in found.most_common(2))
