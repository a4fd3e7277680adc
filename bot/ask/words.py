"""How common the words of a question are in Chinese at large: cut by the likeliest reading, with nouns told apart."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.ask import tables

LONGEST = 4
ALL = 26.0
"""Binary logarithm of how many words the frequencies were counted in."""
COMMON = 0.5
"""The rarity of characters in a row that belong to no listed word and among which there is grammar."""
ALONE = 14.0
"""What a character by itself costs in the cut, in bits: two of them more than any word that is listed."""


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of a text that is one word."""

    first: int
    last: int
    """One after its end."""
    rarity: float
    """0 for the commonest word, 1 for one that is not listed."""
    noun: bool
    """True for a noun, and for what is not listed: names and terms of a trade."""


@cache
def listed() -> Mapping[str, tuple[int, str]]:
    """Word -> binary logarithm of its count, and `n`, `v` or `o`; from `words.txt`."""
    out: dict[str, tuple[int, str]] = {}
    for line in resources.files("bot.ask").joinpath("words.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, count, size, text = line.split()
        step = int(size)
        for at in range(0, len(text), step):
            out[text[at : at + step]] = int(count), kind
    return out


def cut(text: str) -> Iterator[Word]:
    """The words of a folded text, two characters at least: the reading with the greatest product of frequencies.

    Characters in a row that belong to no listed word, and Latin letters and digits, make up one word.
    """
    table, function = listed(), tables.patterns().function
    best = [0.0, *[math.inf] * len(text)]
    back = list(range(-1, len(text)))
    for at in range(len(text)):
        for size in range(1, min(LONGEST, len(text) - at) + 1):
            row = table.get(text[at : at + size]) if size > 1 else None
            cost = ALL - row[0] if row else ALONE if size == 1 else math.inf
            if best[at] + cost < best[at + size]:
                best[at + size], back[at + size] = best[at] + cost, at
    ends = []
    at = len(text)
    while at > 0:
        ends.append((back[at], at))
        at = back[at]
    run = 0
    for first, last in [*reversed(ends), (len(text), len(text) + 2)]:
        if last - first == 1 and text[first].isalnum():
            run += 1
            continue
        if run > 1:
            named = not any(char in function for char in text[first - run : first])
            yield Word(first - run, first, 1.0 if named else COMMON, named)
        run = 0
        if last <= len(text) and last - first > 1:
            count, kind = table[text[first:last]]
            yield Word(first, last, (ALL - count) / ALL, kind == "n")
