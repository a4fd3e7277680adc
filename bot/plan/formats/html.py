"""Read web pages and what offices save as such: headings, paragraphs, numbered lists and tables with spans, in any charset."""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy

from bot.errors import BadDocument
from bot.plan.formats import grid
from bot.plan.formats.markup import BLOCKS, Node, parse
from bot.plan.formats.numbering import joined
from bot.plan.formats.numerals import numeral
from bot.plan.formats.text import CONTROL, MARKS, decode

CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.I)
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "utf-16": "utf-8", "unicode": "utf-8"}
"""A page's own word for its charset, and the one that holds it whole; a page that can be searched for the word is no UTF-16."""
SPANS = 100
LISTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
STYLES = (("cjk-ideographic", "chineseCounting"), ("chinese-informal", "chineseCounting"), ("cjk-earthly-branch", "ideographZodiac"),
          ("cjk-heavenly-stem", "ideographTraditional"))  # fmt: skip
WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f“”‘’…—"
TABLES = 2000
MARKED = 5
"""Characters of a page for one of its text at most, marks and all."""
Open = dict[int, tuple[int, str]]
"""Column -> for how many rows a cell above still goes on, and its mark."""
TAGS = 400_000
"""Marks of a page; the pages that word processors write have fifty thousand in a hundred sheets."""


def read(data: bytes) -> str:
    """The text of a page, a paragraph or a table row a line; BadDocument `document.unreadable`, `document.tables`."""
    text = CONTROL.sub(" ", page(data))
    if len(text) > MARKED * grid.LONGEST:
        raise BadDocument("document.long", limit=grid.LONGEST)
    if len(re.findall(r"<table\b", text, re.I)) > TABLES:
        raise BadDocument("document.tables", limit=TABLES)
    if text.count("<") > TAGS:
        raise BadDocument("document.unsafe")
    return "\n".join(lines_of(parse(text)))


def read_saved(data: bytes) -> str:
    """The text of a page saved with its pictures in one file (.mht)."""
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            return read(body if isinstance(body, bytes) else b"")
    raise BadDocument("document.unreadable")


def page(data: bytes) -> str:
    """The page as text: a byte order mark decides, then what the page says of itself where that fits, then our own ladder."""
    named = CHARSET.search(data[:4096])
    if named and not data.startswith(tuple(mark for mark, _ in MARKS)):
        charset = named[1].decode("ascii", "replace").lower()
        try:
            return data.decode(WIDER.get(charset, charset))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data)


def lines_of(node: Node) -> list[str]:
    """The lines of an element: its blocks in order, running text between them as paragraphs."""
    lines: list[str] = []
    said: list[str] = []

    def end() -> None:
        for text in "".join(said).split("\n"):
            if plain := spaced(text):
                lines.append(plain)
        said.clear()

    def walk(inner: Node) -> None:
        for child in inner.children:
            if isinstance(child, str):
                said.append(child if inner.tag == "pre" else re.sub(r"[ \t\r\n\f]+", " ", broken(child)))
            elif child.tag == "br":
                said.append("\n")
            elif re.fullmatch(r"h[1-6]", child.tag):
                end()
                lines.append(grid.heading(int(child.tag[1]), spaced(" ".join(lines_of(child)))))
            elif child.tag == "table":
                end()
                lines.extend(table(child))
            elif child.tag == "ol":
                end()
                lines.extend(numbered(child))
            elif child.tag in BLOCKS:
                end()
                walk(child)
                end()
            else:
                walk(child)

    walk(node)
    end()
    return [line for line in lines if line]


def broken(text: str) -> str:
    """The text without the line ends that the file has between two wide characters, where no blank is meant."""
    return re.sub(rf"(?<=[{WIDE}])[ \t]{{0,20}}\r?\n[ \t]{{0,20}}(?=[{WIDE}])", "", text)


def spaced(text: str) -> str:
    """One line without outer blanks; the hard blanks that pages indent with go too."""
    return grid.paragraph(re.sub(r" {2,}", " ", text.replace("\xa0", " "))).strip("\u3000 ")


def numbered(node: Node) -> Iterator[str]:
    """The entries of a numbered list with the numbers a browser shows."""
    style = node.attributes.get("style", "")
    format = next((name for css, name in STYLES if css in style), LISTS.get(node.attributes.get("type", ""), "decimal"))
    bare = "list-style" in style and "none" in style
    count = whole(node.attributes.get("start", ""), 1) - 1
    for child in node.nodes:
        if child.tag != "li":
            yield from lines_of(child)
            continue
        count = whole(child.attributes.get("value", ""), count + 1)
        label = "" if bare else numeral(count, format) + ("." if format == "decimal" or "Letter" in format or "Roman" in format else "、")
        lines = lines_of(child)
        if lines:
            yield joined(label, lines[0])
            yield from lines[1:]


def table(node: Node) -> list[str]:
    """The lines of a table; one that holds tables or has one column only places things on the page, so its cells are read in order."""
    rows = list(rows_of(node))
    if node.holds("table") or all(sum(1 for _ in cells_of(row)) <= 1 for row in rows):
        outside = [child for child in node.nodes if child.tag == "caption"]
        return [line for part in [*outside, *(cell for row in rows for cell in cells_of(row))] for line in lines_of(part)]
    lines = [line for child in node.nodes if child.tag == "caption" for line in lines_of(child)]
    return lines + grid.table(spread(rows))


def rows_of(node: Node) -> Iterator[Node]:
    """The rows of a table, those of its groups included."""
    for child in node.nodes:
        if child.tag == "tr":
            yield child
        elif child.tag not in ("caption", "table"):
            yield from rows_of(child)


def cells_of(row: Node) -> Iterator[Node]:
    """The cells of a row."""
    return (child for child in row.nodes if child.tag in ("td", "th"))


def spread(rows: Sequence[Node]) -> list[list[str]]:
    """The cells at their places in the grid, spans marked where they go on."""
    lines: list[list[str]] = []
    above: Open = {}
    for row in rows:
        said: list[str] = []
        below: Open = {}
        for cell in cells_of(row):
            go_on(said, above, below)
            if len(said) >= SPANS:
                break
            wide = min(max(whole(cell.attributes.get("colspan", ""), 1), 1), SPANS)
            high = whole(cell.attributes.get("rowspan", ""), 1)
            high = len(rows) if high == 0 else min(max(high, 1), len(rows))
            for place in range(wide):
                if high > 1:
                    below[len(said)] = (high - 1, "" if place else grid.DITTO)
                said.append("" if place else grid.cell(line.lstrip("#") for line in lines_of(cell)))
        for place in sorted(above):
            said += [""] * (place - len(said))
            go_on(said, above, below)
        above = below
        lines.append(said)
    return lines


def go_on(said: list[str], above: Open, below: Open) -> None:
    """Add the cells that come down from rows above at this place, and leave them open where they go further down."""
    while len(said) in above:
        left, mark = above[len(said)]
        if left > 1:
            below[len(said)] = (left - 1, mark)
        said.append(mark)


def whole(text: str, default: int) -> int:
    """A whole number, the default for anything else."""
    return int(text) if re.fullmatch(r"\s?-?\d{1,6}\s?", text) else default
