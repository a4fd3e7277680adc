"""The asking part's data files, read once: question patterns, synonyms, the English glossary and the fitted weights."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bot.ask.normal import fold, key


@dataclass(frozen=True, slots=True)
class Patterns:
    """What questions look like, as compiled expressions over folded text."""

    kinds: Mapping[str, tuple[re.Pattern[str], ...]]
    """Question kind -> expressions, in the order of the file."""
    dialect: tuple[tuple[re.Pattern[str], str], ...]
    """Words of asking of the regions, with what replaces them."""
    english: Mapping[str, tuple[re.Pattern[str], ...]]
    """The same for English questions."""
    chat: tuple[re.Pattern[str], ...]
    noise: re.Pattern[str]
    """Greetings, openers, self-introductions and particles, which nothing is searched for."""
    words: re.Pattern[str]
    """Question words and verbs of asking, removed before the search."""
    function: frozenset[str]
    """Characters that are mostly grammar."""
    follow: tuple[re.Pattern[str], ...]
    """What begins or marks a question that leans on the one before."""
    more: re.Pattern[str]
    """還有呢: the rest of the last answer."""
    aspects: tuple["Aspect", ...]
    counts: tuple["Aspect", ...]
    """What is counted (people, shares, times, and by measure word whatever else) and what such a figure looks like."""
    properties: tuple[re.Pattern[str], ...]
    """Properties that have a name (工资), which only a text that speaks of them can give; an expression for each with its other names."""
    reasons: "Aspect"
    """A question for a reason or an opinion, and what a text that gives a reason looks like."""
    times: re.Pattern[str]
    """What a text that tells a time looks like beside dates: a span, a rhythm, before or after something."""
    sorts: tuple["Aspect", ...]
    """Sorts of bodies that a who question names (哪个科室), and what the name of such a one looks like."""
    latin_stop: frozenset[str]
    lexicon: tuple[str, ...]
    """Words that questions are made of, for reading typed pinyin."""
    plans: Mapping[str, re.Pattern[str]]
    """`spring`, `autumn`, `year`, `first`, `second` … -> how questions name such a plan."""
    seasons: Mapping[str, re.Pattern[str]]
    """The same where a question speaks of a season or term in passing."""
    derived: tuple[str, ...]
    """Words that make another thing of what they stand with: 籌備會 of a festival."""
    generic: re.Pattern[str]
    """Words that name no subject."""
    topics: tuple[str, ...]
    """Names of things in school life that a plan either speaks of by name or not at all, longest first."""
    contrasts: tuple["Contrast", ...]


@dataclass(frozen=True, slots=True)
class Aspect:
    """A property that can be asked for (a telephone number) and what a text that gives it looks like."""

    name: str
    """Empty where it is looked for when it is asked for and not beforehand."""
    asks: re.Pattern[str]
    gives: re.Pattern[str]

    said: re.Pattern[str] | None = None
    """What a text that speaks of such a one looks like, where a text can tell it without an owner."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Words of one sort, of which one is not another (小学, 中学)."""

    words: tuple[str, ...]
    covers: Mapping[str, tuple[str, ...]]
    """Word -> words that include it (初中: 中学, 中小学)."""


def data(name: str) -> dict[str, Any]:
    """One of the package's own TOML files as plain values."""
    return tomllib.loads(resources.files("bot.ask").joinpath(name).read_text(encoding="utf-8"))


def compiled(rows: list[str]) -> tuple[re.Pattern[str], ...]:
    """Each row as an expression."""
    return tuple(re.compile(row) for row in rows)


def either(rows: list[str]) -> re.Pattern[str]:
    """One expression that matches any of the rows, tried in their order."""
    return re.compile("|".join(f"(?:{row})" for row in rows))


@cache
def patterns() -> Patterns:
    """The question patterns of `patterns.toml`."""
    raw = data("patterns.toml")
    return Patterns(
        kinds={kind: compiled(rows) for kind, rows in raw["kinds"].items()},
        english={kind: compiled(rows) for kind, rows in raw["english"].items()},
        dialect=tuple((re.compile(row), word) for row, word in raw["dialect"]["words"]),
        chat=compiled(raw["chat"]["whole"]),
        noise=either(raw["noise"]["phrases"]),
        words=either(raw["words"]["phrases"]),
        function=frozenset(raw["function"]["chars"]),
        follow=compiled(raw["follow"]["marks"]),
        more=either(raw["follow"]["more"]),
        aspects=tuple(Aspect(name, either(row["asks"]), either(row["gives"])) for name, row in raw["aspects"].items()),
        counts=(
            *(Aspect(f"count {at}", re.compile(row["asks"]), re.compile(row["gives"])) for at, row in enumerate(raw["counts"])),
            *(counted(group.split()) for group in raw["classifiers"]["groups"]),
        ),
        properties=tuple(re.compile("|".join(row.split())) for row in raw["properties"]["names"]),
        reasons=Aspect("reason", either(raw["reasons"]["asks"]), either(raw["reasons"]["gives"])),
        times=either(raw["times"]["gives"]),
        sorts=tuple(
            Aspect("sort", re.compile(row["asks"]), re.compile(row["gives"]), re.compile(row["said"]) if "said" in row else None)
            for row in raw["sorts"]
        ),
        lexicon=tuple(raw["latin"]["lexicon"]),
        latin_stop=frozenset(raw["latin"]["stop"]),
        plans={name: either(rows) for name, rows in raw["plans"].items()},
        seasons={name: either(rows) for name, rows in raw["seasons"].items()},
        derived=tuple(raw["derived"]["words"]),
        generic=re.compile(raw["generic"]["words"]),
        contrasts=tuple(contrast_of(row) for row in raw["contrast"]),
        topics=tuple(sorted(raw["topics"]["names"], key=len, reverse=True)),
    )


def counted(group: Sequence[str]) -> Aspect:
    """Measure words that stand for one another: the question for a number of one (but 个), and a number of any."""
    words = "|".join(sorted(group, key=len, reverse=True))
    asked = "|".join(sorted((word for word in group if word != "个"), key=len, reverse=True))
    figure = f"[\\d一二三四五六七八九十百千万两半零]+(?:多|余|来)?(?:{words})"
    return Aspect("", re.compile(f"(?:多少|(?<!哪)几)(?:{asked})(?!月|学期)"), re.compile(figure))


def contrast_of(row: Mapping[str, Any]) -> Contrast:
    """A table of `words` and `covers` (`初中 = 中学 中小学`) as a value."""
    lines = [line.partition("=") for line in row.get("covers", [])]
    return Contrast(tuple(row["words"].split()), {name.strip(): tuple(wider.split()) for name, _, wider in lines})


@cache
def synonyms() -> Mapping[str, Mapping[str, float]]:
    """Word -> words that may stand for it in a plan, each with its weight (1 the same, less for a looser tie)."""
    table: dict[str, dict[str, float]] = {}
    raw = data("synonyms.toml")
    for group in raw["same"]["groups"]:
        words = [key(word) for word in group.split()]
        for word in words:
            for other in words:
                if other != word:
                    table.setdefault(word, {})[other] = 0.9
    for line in raw["toward"]["lines"]:
        source, _, target = line.partition("=")
        for word in source.split():
            for other in target.split():
                row = table.setdefault(key(word), {})
                if key(other) != key(word):
                    row[key(other)] = max(row.get(key(other), 0.0), 0.7)
    return {word: row for word, row in table.items() if row}


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """The groups of words that say the same, as the table has them."""
    return tuple(tuple(group.split()) for group in data("synonyms.toml")["same"]["groups"])


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """English word or phrase, lower case -> Chinese words to search for; an empty row is a word to pass over."""
    raw = data("english.toml")
    return {name: tuple(fold(word) for word in value.split()) for name, value in raw["words"].items()}


@cache
def weights(meaning: bool = False) -> Mapping[str, Mapping[str, float]]:
    """The fitted weights and thresholds of `weights.toml`, a table of numbers for each decision: with an embedding or without."""
    table: Mapping[str, Mapping[str, float]] = data("weights.toml")["meaning" if meaning else "plain"]
    return table
