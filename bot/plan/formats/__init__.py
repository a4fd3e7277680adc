"""The readers that turn a file's bytes into text, chosen by suffix."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType

from bot.errors import BadDocument
from bot.plan.formats.text import read_text

Reader = Callable[[bytes], str]
"""Bytes to text: a paragraph or a table row a line, cells divided by a tab; BadDocument where that cannot be done."""

READERS: Mapping[str, Reader] = MappingProxyType({".txt": read_text, ".md": read_text, ".text": read_text, "": read_text})


def read_bytes(name: str, data: bytes) -> str:
    """The text of the file `name`; BadDocument where no reader knows the suffix or the bytes cannot be read."""
    suffix = PurePath(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise BadDocument("document.format", name=PurePath(name).name, suffix=suffix, known=" ".join(key for key in READERS if key))
    try:
        return reader(data)
    except BadDocument as error:
        raise BadDocument(error.key, name=PurePath(name).name, **error.values) from None
