"""Read .pdf files that hold text: characters and ruling lines by PDFium, put together by `layout`."""

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise

import pypdfium2.raw as pdfium

from bot.errors import BadDocument
from bot.plan.formats.grid import LONGEST
from bot.plan.formats.layout import Page, text_of
from bot.plan.formats.lines import Glyph
from bot.plan.formats.ruling import Rule

PAGES = 600
OBJECTS = 20_000
"""Drawn things of a page that are looked at for lines."""
THIN = 3.0
"""Points; a filled box not thicker than that is a line."""
SPARSE = 20
"""Characters; a page with fewer and a picture is a scanned one."""
LOCKED = 4
"""FPDF_ERR_PASSWORD of FPDF_GetLastError."""
Turn = Callable[[float, float], tuple[float, float]]


def read(data: bytes) -> str:
    """The text of a document.

    BadDocument: `document.locked`, `document.broken` (no PDF, or cut off), `document.pages` (more than PAGES), `document.long`,
    `document.scan` (pictures of pages and no text).
    """
    # A reader of pages repairs a file that was cut off, and half a plan would be taken for the whole.
    if b"%%EOF" not in data[-2048:]:
        raise BadDocument("document.broken")
    with ExitStack() as stack:
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            raise BadDocument("document.locked" if pdfium.FPDF_GetLastError() == LOCKED else "document.broken")
        stack.callback(pdfium.FPDF_CloseDocument, document)
        count = pdfium.FPDF_GetPageCount(document)
        if count > PAGES:
            raise BadDocument("document.pages", limit=PAGES)
        pages: list[Page] = []
        scanned = left = 0
        for place in range(count):
            page, pictures = read_page(document, place, LONGEST - left)
            left += len(page.glyphs)
            scanned += pictures and sum(not glyph.text.isspace() for glyph in page.glyphs) < SPARSE
            pages.append(page)
    if scanned * 2 > count or all(glyph.text.isspace() for page in pages for glyph in page.glyphs):
        raise BadDocument("document.scan" if count else "document.broken")
    return text_of(pages)


def read_page(document: object, place: int, most: int) -> tuple[Page, bool]:
    """A page as it is seen, turned upright, and whether it holds a picture."""
    with ExitStack() as stack:
        page = pdfium.FPDF_LoadPage(document, place)
        if not page:
            raise BadDocument("document.broken")
        stack.callback(pdfium.FPDF_ClosePage, page)
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise BadDocument("document.broken")
        stack.callback(pdfium.FPDFText_ClosePage, text)
        quarter = pdfium.FPDFPage_GetRotation(page) % 4
        width, height, turn = turned(page, quarter)
        count = pdfium.FPDFText_CountChars(text)
        if count > most:
            raise BadDocument("document.long", limit=LONGEST)
        glyphs = tuple(glyphs_of(text, count, quarter, turn))
        rules, pictures = drawn(page, turn)
        return Page(width, height, glyphs, rules), pictures


def turned(page: object, quarter: int) -> tuple[float, float, Turn]:
    """Width and height of the page as it is shown, and the way there from its own space, in which y goes upwards."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box):
        raise BadDocument("document.broken")
    left, low = min(box.left, box.right), min(box.bottom, box.top)
    wide, high = abs(box.right - box.left), abs(box.top - box.bottom)
    if quarter == 1:
        return high, wide, lambda x, y: (y - low, x - left)
    if quarter == 2:
        return wide, high, lambda x, y: (wide - (x - left), y - low)
    if quarter == 3:
        return high, wide, lambda x, y: (high - (y - low), wide - (x - left))
    return wide, high, lambda x, y: (x - left, high - (y - low))


def glyphs_of(text: object, count: int, quarter: int, turn: Turn) -> Iterator[Glyph]:
    """The characters of a page that stand upright on it; slanted ones are stamps and watermarks."""
    box = pdfium.FS_RECTF()
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(text, place)
        if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or code in (0xFFFE, 0xFFFF):
            continue
        if pdfium.FPDFText_IsGenerated(text, place) == 1:
            continue
        # The angle is given clockwise.
        angle = (pdfium.FPDFText_GetCharAngle(text, place) + quarter * math.pi / 2) % (2 * math.pi)
        if min(angle, 2 * math.pi - angle) > 0.1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, place, box):
            continue
        (x0, y0), (x1, y1) = turn(box.left, box.top), turn(box.right, box.bottom)
        size = abs(y1 - y0) or 1.0
        yield Glyph(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), size, chr(code))


def drawn(page: object, turn: Turn) -> tuple[tuple[Rule, ...], bool]:
    """The ruling lines of a page, and whether it holds a picture."""
    rules: list[Rule] = []
    pictures = False
    matrix = pdfium.FS_MATRIX()
    count = pdfium.FPDFPage_CountObjects(page)
    for place in range(min(count, OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, place)
        sort = pdfium.FPDFPageObj_GetType(item)
        if sort == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures = True
        elif sort == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetMatrix(item, matrix):
            rules += rules_of(item, matrix, turn)
    return tuple(rules), pictures


def rules_of(path: object, matrix: object, turn: Turn) -> Iterator[Rule]:
    """The level and upright lines of a path: stroked ones, and filled boxes so thin that they look like lines."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = (getattr(matrix, name) for name in "abcdef")
    points: list[tuple[float, float]] = []
    pieces: list[list[tuple[float, float]]] = []
    for place in range(min(pdfium.FPDFPath_CountSegments(path), 2000)):
        segment = pdfium.FPDFPath_GetPathSegment(path, place)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = turn(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            points = []
            pieces.append(points)
        points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    for points in pieces:
        xs, ys = [one[0] for one in points], [one[1] for one in points]
        if not points:
            continue
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if min(x1 - x0, y1 - y0) <= THIN:
            upright = y1 - y0 > x1 - x0
            if upright:
                yield Rule(True, (x0 + x1) / 2, y0, y1)
            else:
                yield Rule(False, (y0 + y1) / 2, x0, x1)
        elif stroke.value:
            for (ax, ay), (bx, by) in pairwise(points):
                if abs(ax - bx) < 0.5:
                    yield Rule(True, ax, min(ay, by), max(ay, by))
                elif abs(ay - by) < 0.5:
                    yield Rule(False, ay, min(ax, bx), max(ax, bx))
