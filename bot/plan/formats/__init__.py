"""The readers that turn a file's bytes into text, chosen by what the bytes are and, where they do not tell, by suffix."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType

from bot.errors import BadDocument
from bot.plan.formats.grid import LONGEST
from bot.plan.formats.kinds import kind

Reader = Callable[[bytes], str]
"""Bytes to text: a paragraph or a table row a line, cells divided by a tab; BadDocument where that cannot be done."""

# Suffix -> the module of this package whose `read` is its Reader; a module is imported when a file needs it.
READERS: Mapping[str, str] = MappingProxyType({
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "md",
    ".docx": "docx",
    ".docm": "docx",
    ".html": "html",
    ".htm": "html",
    ".mht": "mht",
    ".mhtml": "mht",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".csv": "csv",
    ".tsv": "csv",
})  # fmt: skip
MADE: Mapping[str, str] = MappingProxyType({".docbook": "docbook"})
"""What a converter of old formats makes."""


def known() -> str:
    """The suffixes that can be read, for people."""
    return " ".join(suffix for suffix in READERS if suffix)


def read_bytes(name: str, data: bytes) -> str:
    """The text of the file `name`; BadDocument where no reader knows what it is or its bytes cannot be read.

    What `kind` and the readers refuse, and `document.format` (no reader), `document.empty`, `document.long` (more than LONGEST).
    """
    name = PurePath(name).name
    try:
        if not data.strip(b"\0\r\n\t "):
            raise BadDocument("document.empty")
        suffix = kind(name, data)
        module = READERS.get(suffix) or MADE.get(suffix)
        if module is None:
            raise BadDocument("document.format", suffix=suffix, known=known())
        reader: Reader = import_module(f"{__name__}.{module}").read
        text = reader(data)
        if len(text) > LONGEST:
            raise BadDocument("document.long", limit=LONGEST)
        if not text.strip():
            raise BadDocument("document.empty")
        return text
    except BadDocument as error:
        raise BadDocument(error.key, **error.values | {"name": name}) from None
