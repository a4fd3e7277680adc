"""Readings of characters: syllable codes for homophones, and reading letters typed instead of characters."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

FIRST, LAST = 0x3400, 0x9FFF
"""The characters that have a reading here."""
LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
"""Sounds that many speakers do not tell apart."""


def plain(reading: str) -> str:
    """A reading without its tone, `ü` as `v`."""
    marks = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(char for char in marks if not unicodedata.combining(char))


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Character -> its syllables without tones, the usual one first."""
    table = {}
    for point, text in PINYIN_DICT.items():
        if FIRST <= point <= LAST:
            table[chr(point)] = tuple(dict.fromkeys(plain(part) for part in text.split(",")))
    return table


@cache
def syllables() -> tuple[str, ...]:
    """All syllables of Mandarin, sorted; a syllable's code is its place here plus 1."""
    return tuple(
        sorted(
            {
                row
                for rows in readings().values()
                for row in rows
                if (row.isascii() and row.isalpha() and len(row) > 1) or row in {"a", "e", "o"}
            }
        )
    )


@cache
def merged() -> dict[str, int]:
    """Syllable with loose sounds merged -> its code."""
    return {name: at + 1 for at, name in enumerate(dict.fromkeys(softened(name) for name in syllables()))}


@cache
def numbers() -> dict[str, int]:
    """Syllable -> its code."""
    return {name: at + 1 for at, name in enumerate(syllables())}


@cache
def pair_codes() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Two-character words as sorted codes (`first << 21 | second`), their sounds exact and merged (two codes, 16 bits each)."""
    number, soft = numbers(), merged()
    rows = sorted(
        (
            (ord(word[0]) << 21 | ord(word[1])),
            number.get(one, 0) << 16 | number.get(two, 0),
            soft.get(softened(one), 0) << 16 | soft.get(softened(two), 0),
        )
        for word, (one, two) in pairs().items()
    )
    table = np.array(rows, np.int64).reshape(-1, 3)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


@cache
def codes() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Code point - FIRST -> the usual syllable's code, exact and with loose sounds merged; 0 where there is none."""
    number, soft = numbers(), merged()
    exact = np.zeros(LAST - FIRST + 1, np.uint16)
    loose = np.zeros(LAST - FIRST + 1, np.uint16)
    for char, rows in readings().items():
        code = number.get(rows[0], 0)
        exact[ord(char) - FIRST] = code
        loose[ord(char) - FIRST] = soft.get(softened(rows[0]), 0) if code else 0
    return exact, loose


def softened(syllable: str) -> str:
    """The syllable with sounds merged that many speakers do not tell apart (`zhang` and `zan` alike)."""
    for hard, soft in LOOSE:
        if hard in {"zh", "ch", "sh"}:
            syllable = soft + syllable[2:] if syllable.startswith(hard) else syllable
        elif syllable.endswith(hard):
            syllable = syllable[: -len(hard)] + soft
    return syllable


@cache
def pairs() -> dict[str, tuple[str, str]]:
    """Two-character words of the dictionary -> their two syllables."""
    return {word: (plain(rows[0][0]), plain(rows[1][0])) for word, rows in PHRASES_DICT.items() if len(word) == 2}


def sound(text: str) -> list[str]:
    """A syllable for each character (two-character words by the dictionary), empty for what is no Han character."""
    rows = [readings().get(char, ("",))[0] for char in text]
    words, at = pairs(), 0
    while at < len(text) - 1:
        word = words.get(text[at : at + 2])
        if word:
            rows[at], rows[at + 1] = word
        at += 2 if word else 1
    return rows


def split(letters: str) -> list[str] | None:
    """Letters typed as one word cut into syllables, as few and long as can be; None where they are none.

    `huodong` becomes `huo dong`; initials such as `kjj` give None.
    """
    known = frozenset(syllables())
    best: list[list[str] | None] = [None] * (len(letters) + 1)
    best[0] = []
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            head = best[start]
            if head is not None and letters[start:end] in known:
                here = best[end]
                if here is None or (len(head) + 1,) < (len(here),):
                    best[end] = [*head, letters[start:end]]
    return best[len(letters)]


def initials(text: str) -> str:
    """The first letter of each character's syllable (`名师` `ms`); other characters stay."""
    return "".join((row[0] if row else char) for row, char in zip(sound(text), text, strict=True))


def typed(text: str, stop: frozenset[str]) -> list[list[str] | str]:
    """A Latin text as typed pinyin: a list of syllables for each word, or the word itself where it is none.

    An empty list where the text reads as English: most of its words are in `stop` or are no syllables.
    """
    words = re.findall(r"[a-zü]+|\d+", text.lower().replace("'", ""))
    rows: list[list[str] | str] = [split(word.replace("ü", "v")) or word for word in words]
    letters = sum(len(word) for word in words if not word.isdecimal())
    syllabic = sum(len(word) for word, row in zip(words, rows, strict=True) if isinstance(row, list))
    english = sum(word in stop for word in words)
    if not letters or english * 3 > len(words) or (syllabic * 2 < letters and len(words) > 2):
        return []
    return rows


def known(rows: Sequence[list[str] | str]) -> bool:
    """True where at least one word is made of syllables."""
    return any(isinstance(row, list) for row in rows)
