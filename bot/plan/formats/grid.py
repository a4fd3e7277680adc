"""Paragraphs and tables as lines: a row a line, cells divided by a tab, a merged cell marked where it goes on."""

import re
from collections.abc import Iterable, Sequence

LONGEST = 1_000_000
"""Characters of a document's text, about a thousand pages."""
DITTO = "〃"
"""Stands in a cell that continues the one above it; a cell that continues the one to its left is empty."""


def paragraph(text: str) -> str:
    """The text in one line: tabs and line ends become blanks, outer blanks go."""
    return re.sub(r"[\s\x1c-\x1f\x85]*[\n\r\t\v\f\u2028\u2029][\s\x1c-\x1f\x85]*", " ", text).strip()


def cell(paragraphs: Iterable[str]) -> str:
    """The paragraphs of a cell in one line, divided by a blank."""
    return " ".join(filter(None, map(paragraph, paragraphs)))


def heading(level: int, text: str) -> str:
    """A heading of level 1 to 6 with its mark; a whole paragraph that only carries a heading's style stays a paragraph."""
    plain = paragraph(text)
    if not plain or len(plain) > 80 or re.search(r"[。；;！!？?].", plain):
        return plain
    return f"{'#' * min(max(level, 1), 6)} {plain}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines of equal width; rows without a word go, and one whose words all stand in its first cell is a paragraph."""
    width = max((len(row) for row in rows), default=0)
    lines = []
    for row in rows:
        filled = [place for place, text in enumerate(row) if text]
        if not any(row[place] != DITTO for place in filled):
            continue
        lines.append(row[0] if filled == [0] else "\t".join((*row, *[""] * (width - len(row)))))
    return lines
