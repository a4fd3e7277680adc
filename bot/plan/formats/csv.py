"""Read lists with a delimiter (.csv, .tsv and what systems export as .xls), in whatever encoding offices save them."""

import csv
import io
from collections import Counter

from bot.errors import BadDocument
from bot.plan.formats import grid
from bot.plan.formats.text import read as read_text

DELIMITERS = ",\t;|，"
ROWS = 50_000


def read(data: bytes) -> str:
    """The rows as lines; BadDocument `document.unreadable`, `document.long`."""
    text = read_text(data)
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)):
            rows.append([grid.paragraph(cell) for cell in row])
            if len(rows) > ROWS:
                raise BadDocument("document.long", limit=ROWS)
    except csv.Error:
        raise BadDocument("document.broken") from None
    used = max((place + 1 for row in rows for place, cell in enumerate(row) if cell), default=0)
    return "\n".join(grid.table([row[:used] for row in rows]))


def delimiter(text: str) -> str:
    """The sign that stands as often in most of the first lines, quoted text left out; the comma where none does."""
    counts: dict[str, Counter[int]] = {sign: Counter() for sign in DELIMITERS}
    # The odd parts between quotation marks are quoted.
    bare = "".join(part for place, part in enumerate(text[:20_000].split('"')) if place % 2 == 0)
    for line in bare.split("\n")[:50]:
        for sign in DELIMITERS:
            if here := line.count(sign):
                counts[sign][here] += 1
    best = max(DELIMITERS, key=lambda sign: max(counts[sign].values(), default=0))
    return best if counts[best] else ","
