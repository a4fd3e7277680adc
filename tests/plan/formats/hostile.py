"""Documents made to hurt whoever opens them, by name: file name, bytes, and the key of the sentence they are refused with."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping

from reportlab.pdfgen.canvas import Canvas

from tests.plan.formats.small import packed, print_out, word

DOCUMENT = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(inner: str, before: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {W}><w:body>{inner}</w:body></w:document>'


def zip_bomb() -> bytes:
    """300 MB of one letter in 0.3 MB."""
    return bomb(300)


def bomb(megabytes: int) -> bytes:
    target = io.BytesIO()
    start, end = body("<w:p><w:r><w:t>|</w:t></w:r></w:p>").encode().split(b"|")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(DOCUMENT, "w") as part:
        part.write(start)
        for _ in range(megabytes):
            part.write(b"A" * 1_000_000)
        part.write(end)
    return target.getvalue()


def lying_bomb() -> bytes:
    """The same, its directory saying that it unpacks to a thousand bytes."""
    data = bytearray(bomb(100))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def quoted_bomb() -> bytes:
    """Many parts, each within bounds, all of them asked for."""
    page = '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016">' + "<ofd:x/>" * 3_000_000 + "</ofd:Page>"
    pages = "".join(f'<ofd:Page ID="{place}" BaseLoc="p{place}.xml"/>' for place in range(40))
    parts: dict[str, str | bytes] = {
        "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>d.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "d.xml": f'<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>{pages}</ofd:Pages></ofd:Document>',
    }
    return packed(parts | {f"p{place}.xml": page for place in range(2)})


def many_entries() -> bytes:
    return packed({DOCUMENT: body(""), **{f"word/media/{place}.png": b"" for place in range(20_000)}})


def nested() -> bytes:
    inner = packed({"plan.docx": word()})
    return packed({f"{place}.zip": inner for place in range(10)})


def traversal() -> bytes:
    return packed({DOCUMENT: body(""), "../../etc/cron.d/planbot": b"* * * * * root true"})


def twice() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(DOCUMENT, body("<w:p><w:r><w:t>一、各校要開展檢查。</w:t></w:r></w:p>"))
        archive.NameToInfo.clear()
        archive.writestr(DOCUMENT, body("<w:p><w:r><w:t>二、另一份。</w:t></w:r></w:p>"))
    return target.getvalue()


LAUGHS = '<!DOCTYPE a [<!ENTITY a0 "哈">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def laughs() -> bytes:
    return packed({DOCUMENT: body("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", LAUGHS)})


def laughs_wide() -> bytes:
    text = body("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", LAUGHS).replace("UTF-8", "UTF-16")
    return packed({DOCUMENT: text.encode("utf-16")})


def outside() -> bytes:
    return packed({DOCUMENT: body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", OUTSIDE)})


def outside_sheet() -> bytes:
    return packed({"xl/workbook.xml": f'<?xml version="1.0"?>{OUTSIDE}<workbook>&x;</workbook>'})


def deep() -> bytes:
    return packed({DOCUMENT: body("<w:sdt>" * 200_000 + "</w:sdt>" * 200_000)})


def tables() -> bytes:
    return packed({DOCUMENT: body("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" * 10_000)})


def web_tables() -> bytes:
    return ("<html><body>" + "<table><tr><td>一<td>二</table>" * 10_000).encode()


def wide_cells() -> bytes:
    return ("<html><table>" + ("<tr>" + "<td rowspan=65000 colspan=1000>一" * 100) * 300).encode()


def encrypted_word() -> bytes:
    """What Word writes for a document with a password: a compound file with two streams of these names."""
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\0" * 2000


def encrypted_zip() -> bytes:
    data = bytearray(word())
    place = data.index(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def encrypted_pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, encrypt="secret")
    canvas.drawString(100, 100, "plan")
    canvas.save()
    return target.getvalue()


def empty_pages() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    for _ in range(2000):
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scan() -> bytes:
    """Pages that hold nothing but a picture."""
    target = io.BytesIO()
    canvas = Canvas(target)
    for _ in range(3):
        canvas.drawInlineImage(_picture(), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _picture() -> object:
    from PIL import Image

    return Image.new("L", (50, 70), 200)


def heavy_stream() -> bytes:
    """A page whose drawing unpacks from a few kilobytes to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b"0 0 m 1 1 l S\n" * 20_000) for _ in range(1000)) + packer.flush()
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R>>endobj\n",
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(stream) + stream + b"\nendstream endobj\n",
    ]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF"


PROGRAM = b"MZ\x90\x00\x03" + bytes(range(256)) * 40
HOSTILE: Mapping[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("plan.docx", zip_bomb, "document.unsafe"),
    "zip bomb that lies": ("plan.docx", lying_bomb, "document.broken"),
    "parts by the dozen": ("plan.ofd", quoted_bomb, "document.unsafe"),
    "20,000 entries": ("plan.docx", many_entries, "document.unsafe"),
    "archives in an archive": ("plan.zip", nested, "document.archive"),
    "archive called docx": ("plan.docx", nested, "document.archive"),
    "path out of the archive": ("plan.docx", traversal, "document.unsafe"),
    "one name twice": ("plan.docx", twice, "document.unsafe"),
    "entities": ("plan.docx", laughs, "document.unsafe"),
    "entities in UTF-16": ("plan.docx", laughs_wide, "document.unsafe"),
    "external entity": ("plan.docx", outside, "document.unsafe"),
    "external entity of a sheet": ("plan.xlsx", outside_sheet, "document.unsafe"),
    "200,000 deep": ("plan.docx", deep, "document.unsafe"),
    "10,000 tables": ("plan.docx", tables, "document.tables"),
    "10,000 tables of a page": ("plan.html", web_tables, "document.tables"),
    "cells over everything": ("plan.html", wide_cells, "document.nothing"),
    "password of Word": ("plan.docx", encrypted_word, "document.locked"),
    "password of a zip": ("plan.docx", encrypted_zip, "document.locked"),
    "password of a PDF": ("plan.pdf", encrypted_pdf, "document.locked"),
    "2,000 pages": ("plan.pdf", empty_pages, "document.pages"),
    "scan": ("plan.pdf", scan, "document.scan"),
    "heavy drawing": ("plan.pdf", heavy_stream, "document.hungry"),
    "half a docx": ("plan.docx", lambda: word()[: len(word()) // 2], "document.broken"),
    "half a PDF": ("plan.pdf", lambda: print_out()[:-1000], "document.broken"),
    "program called docx": ("plan.docx", lambda: PROGRAM, "document.program"),
    "program called txt": ("plan.txt", lambda: PROGRAM, "document.program"),
    "photograph called pdf": ("plan.pdf", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 5000, "document.photo"),
    "photograph": ("plan.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 5000, "document.photo"),
    "one line of 19 MB": ("plan.txt", lambda: ("各校要開展安全檢查，" * 640_000).encode(), "document.long"),
    "one line of a page": ("plan.html", lambda: ("<html><p>" + "各校要開展安全檢查，" * 640_000).encode(), "document.long"),
    "100 MB of one line": ("plan.txt", lambda: b"a" * 100_000_000, "document.too_large"),
    "only marks": ("plan.html", lambda: b"<html>" + b"<" * 4_500_000, "document.unsafe"),
    "bytes": ("plan.txt", lambda: bytes(range(256)) * 8000, "document.unreadable"),
    "presentation": ("plan.pptx", lambda: packed({"ppt/presentation.xml": "<p/>"}), "document.format"),
}
