"""Read Markdown: headings keep their marks, tables become rows, emphasis and links their words."""

import re

from bot.plan.formats import grid
from bot.plan.formats.text import read as read_text

RULER = re.compile(r"\s*\|?\s*:?-{1,200}:?\s*(?:\|\s*:?-{1,200}:?\s*){0,200}\|?\s*")
LIST = re.compile(r"(\s{0,12})[-*+]\s{1,8}(?=\S)")
LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)")
STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1")
LIGHT = re.compile(r"(?<![*0-9A-Za-z])\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*(?![*0-9A-Za-z])")


def read(data: bytes) -> str:
    """The text, a paragraph or a table row a line."""
    lines: list[str] = []
    rows: list[list[str]] = []
    for line in read_text(data).split("\n"):
        if line.lstrip().startswith("|") or (rows and line.count("|") >= len(rows[0]) - 1 > 0):
            if not RULER.fullmatch(line):
                rows.append(
                    [grid.paragraph(plain(cell)) for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]
                )
            continue
        lines += grid.table(rows)
        rows = []
        if not re.match(r"\s*(?:```|~~~)", line) and not re.fullmatch(r"\s*([-*_])(?:\s*\1){2,}\s*", line):
            lines.append(plain(LIST.sub(r"\1", re.sub(r"^\s*(?:>\s?)+", "", line), count=1)))
    return "\n".join([*lines, *grid.table(rows)])


def plain(text: str) -> str:
    """The words without the marks around them."""
    return LIGHT.sub(r"\1", STRONG.sub(r"\2", LINK.sub(r"\1", text))).replace("\\|", "|").replace("<br>", " ")
