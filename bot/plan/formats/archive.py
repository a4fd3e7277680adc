"""Open the zipped XML of office documents with a limit on everything that such a file may claim."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from bot.errors import BadDocument

ENTRIES = 5000
"""Files in an archive; a document with a thousand pictures stays below it."""
LARGEST = 32_000_000
"""Unpacked bytes of one part; the text of a thousand pages takes a third of it."""
RATIO = 200
"""Unpacked over packed bytes of a part of some size; the XML of office programs stays below a hundred."""
SMALL = 4_000_000
"""Bytes below which the ratio says nothing."""
DEEP = 300
"""Elements within elements; a table in a box in a table has forty."""
CHUNK = 1 << 16
USUAL = {
    b"wordprocessingml/main": b"wordprocessingml/2006/main",
    b"spreadsheetml/main": b"spreadsheetml/2006/main",
    b"officeDocument/relationships": b"officeDocument/2006/relationships",
}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Archive:
    """The parts of a zip file by name; nothing is ever written to a disk."""

    def __init__(self, data: bytes) -> None:
        """Read the directory; BadDocument: `document.unsafe` for names and counts no office program writes, `document.broken`."""
        if data.count(b"PK\x01\x02") > ENTRIES:
            raise BadDocument("document.unsafe")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise BadDocument("document.broken") from None
        self.names = [info.filename for info in self._zip.infolist()]
        if any(re.search(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0", name) for name in self.names):
            raise BadDocument("document.unsafe")
        if len(set(self.names)) < len(self.names):
            raise BadDocument("document.unsafe")

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """A part's bytes, counted while they are unpacked.

        BadDocument: `document.unsafe` where it is larger than LARGEST or than its packed size allows, `document.locked` where it is
        encrypted, `document.broken` where it is missing or damaged.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            raise BadDocument("document.broken") from None
        if info.flag_bits & 1:
            raise BadDocument("document.locked")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadDocument("document.broken")
        most = min(LARGEST, max(SMALL, info.compress_size * RATIO))
        if info.file_size > most:
            raise BadDocument("document.unsafe")
        unpacked = bytearray()
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(CHUNK):
                    unpacked += chunk
                    if len(unpacked) > most:
                        raise BadDocument("document.unsafe")
        except BROKEN:
            raise BadDocument("document.broken") from None
        return usual(bytes(unpacked))

    def tree(self, name: str) -> ElementTree.Element:
        """A part as a tree of elements."""
        return tree(self.read(name))

    def optional(self, name: str) -> ElementTree.Element | None:
        """A part as a tree, None where there is none."""
        return self.tree(name) if name in self else None


def usual(data: bytes) -> bytes:
    """XML of the strict variant with the usual names of its vocabularies; anything else as it is."""
    if b"http://purl.oclc.org/ooxml/" in data[:4000]:
        for strict, name in USUAL.items():
            data = data.replace(b"http://purl.oclc.org/ooxml/" + strict, b"http://schemas.openxmlformats.org/" + name)
    return data


def check(data: bytes) -> bytes:
    """The XML itself, refused where it declares a document type: no office program does, and entities stand there."""
    if b"<!DOCTYPE" in data or b"<!\0D\0O\0C\0T\0Y\0P\0E" in data or b"\0<\0!\0D\0O\0C\0T\0Y\0P\0E" in data or b"<!ENTITY" in data:
        raise BadDocument("document.unsafe")
    return data


def tree(data: bytes) -> ElementTree.Element:
    """XML as a tree of elements; BadDocument `document.unsafe` or `document.broken`."""
    try:
        return ElementTree.fromstring(check(data))
    except (ElementTree.ParseError, ValueError, LookupError):
        raise BadDocument("document.broken") from None


def blocks(data: bytes, container: str) -> Iterator[ElementTree.Element]:
    """The children of the first element called `container`, one after the other, each forgotten when the next is asked for.

    BadDocument: `document.unsafe` where elements are nested deeper than DEEP, else as `tree`.
    """
    inside: ElementTree.Element | None = None
    depth = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(check(data)), ("start", "end")):
            if event == "start":
                if inside is not None:
                    depth += 1
                    if depth > DEEP:
                        raise BadDocument("document.unsafe")
                elif element.tag == container:
                    inside = element
            elif inside is not None:
                if element is inside:
                    return
                depth -= 1
                if depth == 0:
                    yield element
                    inside.clear()
    except (ElementTree.ParseError, ValueError, LookupError):
        raise BadDocument("document.broken") from None
