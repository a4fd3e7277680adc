"""Divide HTML into tags and text, in time linear in its length whatever it holds, and build a tree of what a reader sees."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

DEEP = 100
"""Elements within elements; what is nested deeper belongs to the hundredth."""
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"))
UNSEEN = frozenset((
    "head", "script", "style", "template", "noscript", "svg", "iframe", "object", "select", "textarea", "button", "nav", "footer", "aside",
    "xml",
))  # fmt: skip
RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
"""Elements whose text is no markup, up to their end tag."""
CLOSES: Mapping[str, frozenset[str]] = {
    "li": frozenset(("li",)),
    "dd": frozenset(("dd", "dt")),
    "dt": frozenset(("dd", "dt")),
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("td", "th", "tr")),
    "tbody": frozenset(("td", "th", "tr", "tbody", "thead", "tfoot")),
}
"""An element that begins ends these where they were left open, up to the list or table around it."""
WALLS = frozenset(("table", "ul", "ol", "dl"))
BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table", "ul", "caption", "tr", "td", "th", "tbody",
    "thead", "tfoot",
))  # fmt: skip
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
ATTRIBUTE = re.compile(r"""([^\s"'>/=]{1,60})(?:\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]*)))?""")
HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all", re.I)


@dataclass(slots=True)
class Node:
    """An element with its children: elements and texts in order."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def nodes(self) -> Iterator["Node"]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Node))

    def holds(self, tag: str) -> bool:
        """True where an element of that tag is somewhere inside."""
        stack = list(self.nodes)
        while stack:
            node = stack.pop()
            if node.tag == tag:
                return True
            stack += node.nodes
        return False


def tokens(text: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """`("text", words, {})`, `("open", tag, attributes)` and `("close", tag, {})` in order; comments and declarations go."""
    place, size = 0, len(text)
    # Where the text has no further mark of a kind it is not looked for again: that keeps unclosed ones from costing a search each.
    gone: set[str] = set()

    def after(mark: str, start: int) -> int:
        if mark in gone:
            return size
        found = text.find(mark, start)
        if found < 0:
            gone.add(mark)
            return size
        return found + len(mark)

    while place < size:
        start = text.find("<", place)
        if start < 0:
            yield "text", html.unescape(text[place:]), {}
            return
        if start > place:
            yield "text", html.unescape(text[place:start]), {}
        if text.startswith("<!--", start) and not text.startswith(("<!-->", "<!--->"), start):
            place = after("-->", start + 4)
        elif text.startswith(("<!", "<?"), start):
            place = after(">", start)
        elif match := TAG.match(text, start):
            end = tag_end(text, match.end())
            tag = match[2].lower().rpartition(":")[2] if match[2].lower().startswith(("html:",)) else match[2].lower()
            if match[1]:
                yield "close", tag, {}
            else:
                inner = text[match.end() : end]
                yield "open", tag, {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in ATTRIBUTE.finditer(inner)}
                if inner.endswith("/") and tag not in VOID and tag not in BLOCKS:
                    yield "close", tag, {}
            place = min(end + 1, size)
            if not match[1] and tag in RAW:
                close = re.compile(rf"</{tag}", re.I).search(text, place) if tag not in gone else None
                if close is None:
                    gone.add(tag)
                place = close.start() if close else place
        else:
            yield "text", "<", {}
            place = start + 1


def tag_end(text: str, start: int) -> int:
    """Where the `>` of a tag stands, those in quotes left out; within 20,000 characters, else right there."""
    limit = min(len(text), start + 20_000)
    place = start
    while place < limit:
        found = re.compile(r"[>\"']").search(text, place, limit)
        if found is None:
            break
        if found[0] == ">":
            return found.start()
        close = text.find(found[0], found.end(), limit)
        place = close + 1 if close >= 0 else found.end()
    bare = text.find(">", start, limit)
    return bare if bare >= 0 else limit


def parse(text: str) -> Node:
    """The tree of what is seen: scripts, styles, hidden parts, navigation and the like left out."""
    root = Node("html")
    stack = [root]
    unseen = 0
    skipped = ""
    for sort, what, attributes in tokens(text):
        if skipped:
            unseen += (sort == "open" and what == skipped) - (sort == "close" and what == skipped)
            if unseen == 0 or (skipped == "head" and sort == "open" and what == "body"):
                skipped, unseen = "", 0
            continue
        if sort == "text":
            stack[-1].children.append(what)
        elif sort == "close":
            close(stack, what)
        elif what not in VOID and (what in UNSEEN or "hidden" in attributes or HIDDEN.search(attributes.get("style", ""))):
            skipped, unseen = what, 1
        else:
            for inner in (what,) if what in CLOSES else ():
                end_open(stack, CLOSES[inner])
            if what in BLOCKS and stack[-1].tag == "p":
                stack.pop()
            node = Node(what, attributes)
            stack[-1].children.append(node)
            if what not in VOID and len(stack) < DEEP:
                stack.append(node)
    return root


def close(stack: list[Node], tag: str) -> None:
    """End the nearest open element of that tag and those in it; a table's end is not looked for beyond its own table."""
    for place in range(len(stack) - 1, 0, -1):
        if stack[place].tag == tag:
            del stack[place:]
            return
        if stack[place].tag == "table" and tag in ("td", "th", "tr", "p", "div", "span", "tbody", "thead", "tfoot"):
            return


def end_open(stack: list[Node], tags: frozenset[str]) -> None:
    """End the elements of these tags that were left open in the list or table at hand."""
    for place in range(len(stack) - 1, 0, -1):
        if stack[place].tag in WALLS:
            return
        if stack[place].tag in tags:
            del stack[place:]
