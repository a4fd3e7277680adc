"""The files that are handed out for a plan, by the name of their format."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.calendar import SchoolCalendar
from bot.chat import File
from bot.export import data, ics, ledger
from bot.export.entries import Say, Source, clean, entries

FORMATS: Mapping[str, str] = MappingProxyType({"ics": ics.MIME, "xlsx": ledger.MIME, "json": data.MIME})
"""Format -> its media type."""
FORBIDDEN = frozenset('<>:"/\\|?*')


def plan_file(source: Source, format: str, say: Say, school: SchoolCalendar, now: datetime, sequence: int = 0, part: int = 0) -> File:
    """A document, or with `part` its plan of that number, as a file of one of FORMATS; `say` speaks the language of the file.

    KeyError for another format.
    """
    if part:
        plans = tuple(plan for plan in source.document.plans if plan.plan == part)
        source = replace(source, document=replace(source.document, plans=plans))
    mime = FORMATS[format]
    if format == "ics":
        content = ics.calendar(entries(source), source.document.title, say, school, now, sequence)
    elif format == "xlsx":
        content = ledger.workbook(source, say, now)
    else:
        content = data.data(source)
    return File(file_name(source, format), mime, content)


def file_name(source: Source, format: str) -> str:
    """The document's title and version as a name that every system takes."""
    title = "".join("_" if char in FORBIDDEN else char for char in clean(source.document.title) if char >= " ").strip(" .")[:60]
    version = f"-v{source.version}" if source.version else ""
    return f"{title or 'plan'}{version}.{format}"
