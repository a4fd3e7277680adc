"""The numbering styles of plans, and the lines of a text with what they begin with."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.plan.periods import number

N = r"[一二三四五六七八九十百〇]{1,4}"
FORMAL = str.maketrans("壹贰叁参肆伍陆柒捌玖拾", "一二三三四五六七八九十")
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

# One row a numbering style, outermost first: its name and what a line in it begins with (the text is folded).
MARKERS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("part", re.compile(rf"第(?P<n>{N}|\d{{1,2}})篇[\s:、.,]*")),
    ("chapter", re.compile(rf"第(?P<n>{N}|\d{{1,2}})(?:章|部分|编|节)[\s:、.,]*")),
    ("formal", re.compile(r"(?P<n>[壹贰叁参肆伍陆柒捌玖拾]{1,3})[、.,]\s*")),
    ("hanzi", re.compile(rf"(?P<n>{N})[、.,](?!\s*[一二三四五六七八九十]{{1,3}}(?:年级|[、是]))\s*")),
    ("bracket", re.compile(rf"[(\[](?P<n>{N})[)\]][、.,]?\s*")),
    ("decimal", re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})[\s、.](?!\d)\s*")),
    ("dotted", re.compile(r"(?P<n>\d{1,3})(?:[.、](?!\d)|、)\s*")),
    ("half", re.compile(r"(?P<n>\d{1,2})\)[、.]?\s*")),
    ("alpha", re.compile(r"(?P<n>[a-zA-Z])[、.)](?=[^a-zA-Z.\s])\s*")),
    ("paren", re.compile(r"[(\[](?P<n>\d{1,2})[)\]][、.]?\s*")),
    ("circle", re.compile(rf"(?P<n>[{CIRCLES}])[、.]?\s*")),
)
DATED = re.compile(r"(?P<n>\d{1,2})\.(?=(?:\d{2,4}年|\d{1,2}月))")
"""A dotted number before a date (1.113年2月): a marker where it is the first or continues the count."""
TIGHT = re.compile(r"(?P<n>\d{1,3})\.(?=\d)")
"""A dotted number before a digit (11.121项目): a marker only where it continues the count."""
OUTER = ("chapter", "formal", "hanzi", "bracket")
INNER = ("dotted", "half", "paren", "circle", "alpha")
LISTED = (*INNER, "bullet")
"""Styles of the entries of a list inside a place."""
BULLET = re.compile(r"(?:[·▲△▶►■□◆◇★☆※➢➤✓✔√]|[*-](?=\s))+\s*")
"""Signs before an entry of a list without numbers (the text is folded)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without its outer blanks."""

    start: int
    end: int
    style: str = ""
    """Numbering style, `table` for a row, `bare` for a heading without number, empty for a paragraph."""
    number: int = 0
    label: str = ""
    body: int = 0
    """Where the words after the number begin."""
    level: int = 0
    """How many # a markdown heading begins with."""


def value(style: str, text: str) -> int:
    """The number a marker writes; of a decimal one the last part."""
    if style == "formal":
        return number(text.translate(FORMAL))
    if style == "alpha":
        return ord(text.lower()) - ord("a") + 1
    if style == "circle":
        return CIRCLES.index(text) + 1
    return number(text.rsplit(".", 1)[-1])


def depth(style: str) -> int:
    """How deep a style of numbering lies, the outermost being 0."""
    return OUTER.index(style) if style in OUTER else len(OUTER)


def lines(folded: str) -> Iterator[Line]:
    """The lines that hold something, with what they begin with."""
    expected = 0
    for match in re.finditer(r"[^\n]+", folded):
        raw = match[0]
        sharps = re.match(r"\s*(#{1,6})", raw)
        level = len(sharps[1]) if sharps else 0
        bullet = BULLET.match(raw.lstrip(" >"))
        front = (len(raw) - len(raw.lstrip(" >")) + bullet.end()) if bullet and not sharps else len(raw) - len(raw.lstrip(" #*>"))
        start, end = match.start() + front, match.start() + len(raw.rstrip(" *") if raw.rstrip().endswith("**") else raw.rstrip())
        if start >= end:
            continue
        if "\t" in raw.strip(" "):
            yield Line(match.start(), match.end(), "table", body=match.start())
            continue
        for style, pattern in MARKERS:
            if found := pattern.match(folded, start, end):
                try:
                    count = value(style, found["n"])
                except (ValueError, IndexError):
                    continue
                expected = count + 1 if style == "dotted" else expected
                yield Line(start, end, style, count, found[0].strip(" .、:"), found.end(), level)
                break
        else:
            dated, tight = DATED.match(folded, start, end), TIGHT.match(folded, start, end)
            begun = bool(dated and int(dated["n"]) == 1)
            if tight and (begun or (expected and int(tight["n"]) == expected)):
                expected = 2 if begun else expected + 1
                yield Line(start, end, "dotted", expected - 1, tight[0].strip(" ."), tight.end())
            else:
                yield Line(start, end, "bullet" if bullet and not sharps else "", body=start, level=level)
