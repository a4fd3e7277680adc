"""Count automatic numbers as a word processor does and give each paragraph the number its reader sees.

WordprocessingML keeps only "list 3, level 1" at a paragraph; what stands there is worked out from numbering.xml (ECMA-376 part 1, 17.9).
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bot.plan.formats.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9


def value(element: Element | None, name: str, default: str = "") -> str:
    """The `w:val` of the child `name`, the default where the child or its value is missing."""
    child = element.find(W + name) if element is not None else None
    return child.get(W + "val", default) if child is not None else default


def whole(text: str, default: int) -> int:
    """A whole number, the default for anything else."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` holds %1 … %9 where the numbers of levels go."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    """The level whose step starts this one again; None: any above it; 0: none."""
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = field(default_factory=dict)
    """List -> what it counts with, its own levels, the numbers it starts again from."""
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of(self, number: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style, 0 where none does."""
        base = self.lists.get(number)
        levels = self.abstract.get(base[0], {}) if base else {}
        return next((place for place, level in levels.items() if style and level.style == style), 0)

    def take(self, number: str, place: int) -> str:
        """Count a paragraph of the list and say its number; empty for a bullet, an unknown list and list 0."""
        if number not in self.lists or not 0 <= place < LEVELS:
            return ""
        base, own, starts = self.lists[number]
        levels = self.abstract.get(base, {}) | own
        counts = self.counts.setdefault(base, [None] * LEVELS)
        level = levels.get(place, Level())
        before = counts[place]
        if place in starts and (number, place) not in self.begun:
            counts[place] = starts[place]
        else:
            counts[place] = level.start if before is None else before + 1
        self.begun.add((number, place))
        for deeper in range(place + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or place < restart:
                counts[deeper] = None
        for higher in range(place):
            if counts[higher] is None:
                counts[higher] = levels.get(higher, Level()).start
        if level.format == "bullet":
            return ""

        def filled(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            count = counts[which] if which <= place else None
            format = "decimal" if level.legal else levels.get(which, Level()).format
            return "" if count is None else numeral(count, format)

        return re.sub(r"%([1-9])", filled, level.text).strip()


def read_level(element: Element, base: Level) -> Level:
    """A `w:lvl`."""
    return Level(
        whole(value(element, "start"), base.start),
        value(element, "numFmt", base.format),
        value(element, "lvlText", base.text),
        whole(value(element, "lvlRestart"), -1) if element.find(W + "lvlRestart") is not None else None,
        element.find(W + "isLgl") is not None and value(element, "isLgl", "1") not in ("0", "false"),
        value(element, "pStyle"),
    )


def read_numbering(root: Element | None, list_of_style: dict[str, str]) -> Numbering:
    """The lists that numbering.xml declares; `list_of_style` names the list of a numbering style."""
    found = Numbering()
    links: dict[str, str] = {}
    if root is None:
        return found
    for abstract in root.iter(W + "abstractNum"):
        key = abstract.get(W + "abstractNumId", "")
        found.abstract[key] = {
            place: read_level(level, Level())
            for level in abstract.iter(W + "lvl")
            if 0 <= (place := whole(level.get(W + "ilvl", ""), -1)) < LEVELS
        }
        if link := value(abstract, "numStyleLink"):
            links[key] = link
    for num in root.iter(W + "num"):
        base = value(num, "abstractNumId")
        own: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in num.iter(W + "lvlOverride"):
            place = whole(override.get(W + "ilvl", ""), -1)
            if (level := override.find(W + "lvl")) is not None:
                own[place] = read_level(level, found.abstract.get(base, {}).get(place, Level()))
            if override.find(W + "startOverride") is not None:
                starts[place] = whole(value(override, "startOverride"), 1)
        found.lists[num.get(W + "numId", "")] = (base, own, starts)
    for number, (base, own, starts) in list(found.lists.items()):
        linked = found.lists.get(list_of_style.get(links.get(base, ""), ""))
        if linked and linked[0] in found.abstract:
            found.lists[number] = (linked[0], linked[1] | own, starts)
    found.lists.pop("0", None)
    return found


def joined(label: str, text: str) -> str:
    """A number before its words, with a blank where the two would run together."""
    if not label or not text:
        return label or text
    runs = (label[-1].isalnum() and label[-1].isascii()) or (label[-1] == "." and text[0].isdigit())
    return f"{label} {text}" if runs else label + text
