"""The demonstration of one invented district: two plans laid out for the school year of a day, and its register of units.

The register names 14 schools and kindergartens, which is what the plans mean by all units of the district, and beside them
four offices (kind `office`), so that owners and invitations can name those too.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from bot.calendar import SchoolCalendar

PLANS = ("spring-plan.txt", "year-plan.txt")


@dataclass(frozen=True, slots=True)
class Sample:
    """A demonstration document as a file: its name and its UTF-8 bytes."""

    name: str
    data: bytes


def lay_out(today: date, calendar: SchoolCalendar) -> tuple[Sample, ...]:
    """Both plans dated for the school year of `today`; once its spring term is over, for the coming one, so that they never expire."""
    began = calendar.school_year(today)
    if today > calendar.spring_term(began)[1]:
        began += 1
    return tuple(Sample(name, _dated(_read(name), began)) for name in PLANS)


def units() -> bytes:
    """The register as CSV in UTF-8: name, kind, parent, aliases, groups; several aliases or groups of a cell are parted by `;`."""
    return _read("units.csv").encode()


def _dated(text: str, began: int) -> bytes:
    return text.replace("{autumn_year}", str(began)).replace("{spring_year}", str(began + 1)).encode()


@cache
def _read(name: str) -> str:
    return (files("bot.samples") / name).read_text("utf-8")
