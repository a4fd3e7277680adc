"""The paragraph styles of a word document: what they inherit, their lists, and which of them head the text."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bot.plan.formats.archive import Archive
from bot.plan.formats.numbering import Numbering, W, read_numbering, value, whole

HEADING = re.compile(r"(?:heading|標題|标题) ?([1-9])", re.I)
TITLE = re.compile(r"title|標題|标题", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it inherits."""

    name: str = ""
    outline: int | None = None
    number: str = ""
    level: int | None = None


@dataclass(slots=True)
class Source:
    """What paragraphs refer to."""

    styles: dict[str, Style] = field(default_factory=dict)
    usual: str = ""
    numbering: Numbering = field(default_factory=Numbering)
    titled: bool = False
    """A paragraph has the style of a title, so that headings begin one level below."""


def read_styles(archive: Archive) -> Source:
    """The paragraph styles and lists; a document without either has none."""
    source = Source()
    root = archive.optional("word/styles.xml")
    declared = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")} if root is not None else {}
    lists: dict[str, str] = {}
    for key, element in declared.items():
        if element.get(W + "type") == "numbering":
            lists[key] = value(element.find(f"{W}pPr/{W}numPr"), "numId")
        if element.get(W + "type") == "paragraph":
            source.styles[key] = inherited(declared, element)
            if element.get(W + "default") in ("1", "true"):
                source.usual = key
    source.numbering = read_numbering(archive.optional("word/numbering.xml"), lists)
    return source


def inherited(declared: dict[str, Element], element: Element) -> Style:
    """A style filled from those it is based on."""
    name = value(element, "name")
    outline: int | None = None
    number, level = "", None
    for _ in range(20):
        outline = whole(value(element.find(W + "pPr"), "outlineLvl"), -1) if outline in (None, -1) else outline
        numbered = element.find(f"{W}pPr/{W}numPr")
        if numbered is not None and not number:
            number = value(numbered, "numId")
            level = whole(value(numbered, "ilvl"), -1)
        above = declared.get(value(element, "basedOn"))
        if above is None:
            break
        element = above
    return Style(name, outline if outline is not None and outline >= 0 else None, number, level)


def heading_level(source: Source, style: Style, properties: Element | None) -> int:
    """The level of a heading, 0 for a paragraph: the title is 1, headings follow it."""
    if TITLE.fullmatch(style.name):
        return 1
    below = 1 if source.titled else 0
    if found := HEADING.fullmatch(style.name):
        return int(found[1]) + below
    own = whole(value(properties, "outlineLvl"), -1)
    outline = own if own >= 0 else style.outline
    return outline + 1 + below if outline is not None and 0 <= outline < 9 else 0
