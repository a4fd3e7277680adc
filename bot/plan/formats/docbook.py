"""Read the DocBook that antiword makes of an old Word document."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bot.plan.formats import grid
from bot.plan.formats.archive import tree
from bot.plan.formats.numbering import joined
from bot.plan.formats.numerals import numeral

NUMERATION = {"loweralpha": "lowerLetter", "upperalpha": "upperLetter", "lowerroman": "lowerRoman", "upperroman": "upperRoman"}
ABOUT = ("bookinfo", "articleinfo", "colspec", "footnote")


def read(data: bytes) -> str:
    """The text, a paragraph or a table row a line; BadDocument `document.broken`."""
    # The document type stands before the root and declares nothing of its own.
    return "\n".join(lines_of(tree(re.sub(rb"<!DOCTYPE[^\[>]{0,400}>", b"", data[:4000], count=1) + data[4000:]), 0))


def lines_of(element: Element, depth: int) -> Iterator[str]:
    """The lines of an element in order."""
    count = 0
    if depth > 60:
        return
    for child in element:
        if child.tag in ABOUT:
            continue
        if child.tag == "title":
            yield from filter(None, [grid.heading(min(depth, 6), text_of(child))])
        elif child.tag == "para" and child.find("informaltable") is None:
            yield from filter(None, [text_of(child)])
        elif child.tag == "listitem" and element.tag == "orderedlist":
            count += 1
            lines = list(lines_of(child, depth + 1))
            yield from [joined(numeral(count, NUMERATION.get(element.get("numeration", ""), "decimal")) + ".", line) for line in lines[:1]]
            yield from lines[1:]
        elif child.tag == "informaltable":
            rows = [[grid.paragraph(text_of(entry)) for entry in row.iter("entry")] for row in child.iter("row")]
            yield from [row[0] for row in rows if row] if all(len(row) < 2 for row in rows) else grid.table(rows)
        else:
            yield from lines_of(child, depth + 1)


def text_of(element: Element) -> str:
    """The words of an element in one line; the file's own line ends between wide characters are no blanks."""
    return grid.paragraph(re.sub(r"(?<=[\u2e80-\uffef])\n(?=[\u2e80-\uffef])", "", "".join(element.itertext()).strip()))
