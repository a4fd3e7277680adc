"""Read .ofd (GB/T 33190): the text objects of each page with their places, put together to lines by `layout`."""

import re
from collections.abc import Iterator
from itertools import pairwise
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

from bot.errors import BadDocument
from bot.plan.formats.archive import Archive
from bot.plan.formats.grid import LONGEST
from bot.plan.formats.layout import Page, text_of
from bot.plan.formats.lines import Glyph
from bot.plan.formats.ruling import Rule

OFD = "{http://www.ofdspec.org/2016}"
POINTS = 72 / 25.4
"""Points of a millimetre, the unit of the format."""
PAGES = 600
DEEP = 20
A4 = (210.0, 297.0)


def read(data: bytes) -> str:
    """The text of all pages of all documents in the file.

    BadDocument: `document.broken`, `document.unsafe`, `document.locked`, `document.pages`, `document.long`, `document.scan` (pictures).
    """
    archive = Archive(data)
    if any(name.rsplit("/", 1)[-1] == "Encryptions.xml" for name in archive.names):
        raise BadDocument("document.locked")
    pages: list[Page] = []
    pictures = False
    count = 0
    for root in archive.tree("OFD.xml").iter(OFD + "DocRoot"):
        name = resolved("OFD.xml", root.text)
        document = archive.tree(name)
        usual = box_of(document.find(f"{OFD}CommonData/{OFD}PageArea")) or (0.0, 0.0, *A4)
        templates = {one.get("ID", ""): resolved(name, one.get("BaseLoc")) for one in document.iter(OFD + "TemplatePage")}
        for place in document.iter(OFD + "Page"):
            page = archive.tree(resolved(name, place.get("BaseLoc")))
            layers = [
                page,
                *(archive.tree(templates[key]) for one in page.iter(OFD + "Template") if (key := one.get("TemplateID", "")) in templates),
            ]
            width, height = (box_of(page.find(OFD + "Area")) or usual)[2:]
            glyphs: list[Glyph] = []
            rules: list[Rule] = []
            for layer in layers:
                pictures = pictures or next(layer.iter(OFD + "ImageObject"), None) is not None
                for sort in layer.iter(OFD + "TextObject"):
                    glyphs += glyphs_of(sort)
                for sort in layer.iter(OFD + "PathObject"):
                    rules += rules_of(sort)
            count += len(glyphs)
            pages.append(Page(width * POINTS, height * POINTS, glyphs, rules))
            if len(pages) > PAGES:
                raise BadDocument("document.pages", limit=PAGES)
            if count > LONGEST:
                raise BadDocument("document.long", limit=LONGEST)
    if not count:
        raise BadDocument("document.scan" if pictures else "document.empty")
    return text_of(pages)


def resolved(base: str, location: str | None) -> str:
    """The part that a location names, seen from the part it stands in; a leading slash means the file itself."""
    location = (location or "").strip()
    return location.lstrip("/") if location.startswith("/") else normpath(join(dirname(base), location))


def numbers(text: str | None) -> list[float]:
    """The numbers of a list in text; `g 3 0.5` stands for three times 0.5."""
    words = (text or "").split()[:20_000]
    found: list[float] = []
    place = 0
    while place < len(words) and len(found) < 20_000:
        if words[place] == "g" and place + 2 < len(words):
            found += [number(words[place + 2])] * min(int(number(words[place + 1])), 20_000)
            place += 3
        else:
            found.append(number(words[place]))
            place += 1
    return found


def number(text: str) -> float:
    """A number of reasonable size, 0 for anything else."""
    return float(text) if re.fullmatch(r"[-+]?\d{0,7}(?:\.\d{0,12})?", text) and re.search(r"\d", text) else 0.0


def box_of(area: Element | None) -> tuple[float, float, float, float] | None:
    """The physical box of a page, x, y, width and height in millimetres."""
    box = numbers(area.findtext(OFD + "PhysicalBox")) if area is not None else []
    return (box[0], box[1], box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None


def placed(element: Element) -> tuple[float, float, float, float, float, float]:
    """The matrix from an object's own space to the page: its CTM, then its boundary's corner."""
    boundary = numbers(element.get("Boundary"))
    x, y = boundary[:2] if len(boundary) == 4 else (0.0, 0.0)
    matrix = numbers(element.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + x, f + y


def glyphs_of(element: Element) -> Iterator[Glyph]:
    """The characters of a text object; those not upright are stamps and watermarks."""
    a, b, c, d, e, f = placed(element)
    if abs(b) > 0.1 * abs(a) or abs(c) > 0.1 * abs(d) or element.get("Visible") == "false" or number(element.get("Alpha", "255")) == 0:
        return
    size = number(element.get("Size", "")) or 1.0
    x = y = 0.0
    for code in element.iter(OFD + "TextCode"):
        x, y = (number(code.get(key, "")) if code.get(key) else old for key, old in (("X", x), ("Y", y)))
        beside, below = numbers(code.get("DeltaX")), numbers(code.get("DeltaY"))
        at, down = x, y
        text = code.text or ""
        for place, sign in enumerate(text):
            step = beside[place] if place < len(beside) else (size if ord(sign) > 0x2E80 else size / 2) if not beside and not below else 0.0
            wide = min(step, size) if step > 0 else size
            px, py = (a * at + c * down + e) * POINTS, (b * at + d * down + f) * POINTS
            high, broad = abs(d) * size * POINTS, abs(a) * wide * POINTS
            yield Glyph(px, py - 0.85 * high, px + broad, py + 0.15 * high, high, sign)
            at += step
            down += below[place] if place < len(below) else 0.0


def rules_of(element: Element) -> Iterator[Rule]:
    """The level and upright lines of a path."""
    a, b, c, d, e, f = placed(element)
    words = re.findall(r"[A-Za-z]|[-+.\d]+", (element.findtext(OFD + "AbbreviatedData") or "")[:20_000])
    points: list[tuple[float, float]] = []
    first = (0.0, 0.0)
    takes = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7}
    place = 0
    while place < len(words):
        command = words[place].upper()
        given = [number(word) for word in words[place + 1 : place + 1 + takes.get(command, 0)]]
        if command == "C":
            points.append(first)
        elif len(given) == takes.get(command, -1):
            x, y = given[-2:]
            point = ((a * x + c * y + e) * POINTS, (b * x + d * y + f) * POINTS)
            if command in ("M", "S"):
                yield from straight(points)
                points, first = [], point
            points.append(point)
        place += 1 + takes.get(command, 0)
    yield from straight(points)


def straight(points: list[tuple[float, float]]) -> Iterator[Rule]:
    """The lines of one stroke; a box as thin as a line is one."""
    if not points:
        return
    xs, ys = [one[0] for one in points], [one[1] for one in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if min(wide, high) <= 3.0:
        if high > wide:
            yield Rule(True, (min(xs) + max(xs)) / 2, min(ys), max(ys))
        else:
            yield Rule(False, (min(ys) + max(ys)) / 2, min(xs), max(xs))
        return
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ax - bx) < 0.5:
            yield Rule(True, ax, min(ay, by), max(ay, by))
        elif abs(ay - by) < 0.5:
            yield Rule(False, ay, min(ax, bx), max(ax, bx))
