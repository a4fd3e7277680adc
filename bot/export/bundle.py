"""Files of many as ZIP archives: a folder a unit, in it a folder a person."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.export.files import FORBIDDEN

RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))])
"""Names that Windows keeps for devices, with any ending (Microsoft, Naming Files, Paths, and Namespaces)."""
LENGTH = 80
"""Characters of one name within a path, so that a path of three stays within what Windows unpacks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file on its way into an archive."""

    unit: str
    person: str
    name: str
    size: int


def volumes(entries: Sequence[Entry], limit: int) -> list[list[int]]:
    """The places of `entries` in as few archives as hold at most `limit` bytes each, in order; one that alone is larger stands alone."""
    made: list[list[int]] = []
    used = 0
    for place, entry in enumerate(entries):
        if not made or used + entry.size > limit:
            made.append([])
            used = 0
        made[-1].append(place)
        used += entry.size
    return made


def paths(entries: Sequence[Entry]) -> list[str]:
    """Where each stands in the archive: unit/person/name, safe on every system and never twice, also where only case differs."""
    taken: set[str] = set()
    found = []
    for entry in entries:
        folder = f"{safe(entry.unit)}/{safe(entry.person)}"
        stem, dot, ending = safe(entry.name).rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (ending, "")
        names = (f"{folder}/{stem}{f' ({number})' if number > 1 else ''}{ending}" for number in range(1, len(entries) + 2))
        path = next(name for name in names if name.casefold() not in taken)
        taken.add(path.casefold())
        found.append(path)
    return found


def archive(files: Iterator[tuple[str, bytes]], now: datetime) -> bytes:
    """A ZIP archive of files given as path and bytes; `now` is the time written beside each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for path, data in files:
            entry = zipfile.ZipInfo(path, now.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            held.writestr(entry, data)
    return out.getvalue()


def safe(name: str) -> str:
    """A name that every system takes as one part of a path."""
    plain = "".join("_" if char in FORBIDDEN or not char.isprintable() else char for char in name).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > LENGTH:
        plain = stem[: LENGTH - len(ending) - 1] + dot + ending if stem and len(ending) < 10 else plain[:LENGTH]
    return f"_{plain}" if plain.partition(".")[0].casefold() in RESERVED else plain or "_"
