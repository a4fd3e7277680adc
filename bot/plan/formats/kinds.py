"""Tell what a file is by its bytes, because names lie: a web page called .doc, a .docx called .txt, a program called .pdf."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from bot.errors import BadDocument
from bot.plan.formats.archive import Archive

# One row a signature: where it stands, its bytes, and the key of the refusal.
REFUSED: Sequence[tuple[int, bytes, str]] = (
    (0, b"MZ", "document.program"),
    (0, b"\x7fELF", "document.program"),
    (0, b"\xcf\xfa\xed\xfe", "document.program"),
    (0, b"\xca\xfe\xba\xbe", "document.program"),
    (0, b"#!/", "document.program"),
    (0, b"Rar!", "document.archive"),
    (0, b"7z\xbc\xaf", "document.archive"),
    (0, b"\x1f\x8b", "document.archive"),
    (0, b"BZh", "document.archive"),
    (0, b"\xfd7zXZ", "document.archive"),
    (257, b"ustar", "document.archive"),
    (0, b"\x89PNG", "document.photo"),
    (0, b"\xff\xd8\xff", "document.photo"),
    (0, b"GIF8", "document.photo"),
    (0, b"II*\0", "document.photo"),
    (0, b"MM\0*", "document.photo"),
    (8, b"WEBP", "document.photo"),
    (4, b"ftyphei", "document.photo"),
    (4, b"ftypmif", "document.photo"),
    (4, b"ftypavif", "document.photo"),
)
PHOTOS = frozenset((".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif"))
OFFICE = frozenset((".doc", ".docx", ".docm", ".dot", ".dotx", ".wps", ".pdf", ".ofd", ".rtf", ".odt"))
SHEETS = frozenset((".xls", ".xlsx", ".xlsm", ".et", ".ods"))
"""Text under the suffix of an office format is read as the text it is: many a system exports a list so."""
# One row a zipped format: a part it must have, and the suffix of its reader.
PARTS: Sequence[tuple[str, str]] = (
    ("word/document.xml", ".docx"),
    ("xl/workbook.xml", ".xlsx"),
    ("OFD.xml", ".ofd"),
    ("ppt/presentation.xml", ".pptx"),
)
# One row a stream of the old office files: its name, and the suffix a converter knows it by.
STREAMS: Sequence[tuple[str, str]] = (("WordDocument", ".doc"), ("Workbook", ".xls"), ("Book", ".xls"))
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div|p|title|style)\b", re.I | re.S
)


def kind(name: str, data: bytes) -> str:
    """The suffix whose reader fits: by the bytes where they tell, else the name's own.

    BadDocument: `document.program`, `document.archive`, `document.photo`, `document.locked` (needs a password) and
    `document.legacy` (an old office format, to be converted first; `kind` is its suffix).
    """
    suffix = PurePath(name).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return zipped(data)
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise legacy(old(data, suffix))
    for place, signature, key in REFUSED:
        if data.startswith(signature, place):
            raise BadDocument(key)
    if suffix == ".bmp" and data.startswith(b"BM"):
        raise BadDocument("document.photo")
    return written(suffix, data)


def legacy(found: str) -> BadDocument:
    """The refusal of a format that has to be converted: what it is, and what to save it as."""
    return BadDocument("document.legacy", kind=found, better=".xlsx" if found in SHEETS else ".docx")


def zipped(data: bytes) -> str:
    """Which office format a zip file is, by the parts that each must have."""
    archive = Archive(data)
    for part, suffix in PARTS:
        if part in archive:
            return suffix
    if "content.xml" in archive and "mimetype" in archive:
        raise legacy(".ods" if b"spreadsheet" in archive.read("mimetype") else ".odt")
    raise BadDocument("document.archive")


def old(data: bytes, suffix: str) -> str:
    """Which old office format a compound file is, by the streams its directory names."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in data

    if holds("EncryptedPackage") and holds("EncryptionInfo"):
        raise BadDocument("document.locked")
    found = next((kind for stream, kind in STREAMS if holds(stream)), "")
    if found or suffix in (".wps", ".et"):
        return found or suffix
    raise BadDocument("document.unreadable")


def written(suffix: str, data: bytes) -> str:
    """What a file without a signature is: text of some sort, where its suffix lets one expect it."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if head.startswith(b"{\\rtf"):
        raise legacy(".rtf")
    if head.startswith(b"<?xml") and re.search(rb"<w:wordDocument|Word\.Document|Excel\.Sheet", head):
        raise legacy(".xls" if b"Excel.Sheet" in head else ".doc")
    if re.match(rb"(?:From|MIME-Version|Content-Type|Date|Subject|X-[\w-]+):", head, re.I) and b"multipart/related" in head:
        return ".mht"
    if b"<!DOCTYPE book PUBLIC" in head[:200]:
        return ".docbook"
    if HTML.match(head):
        return ".html"
    if suffix in SHEETS:
        return ".csv"
    return ".txt" if suffix in OFFICE or suffix in PHOTOS else suffix
