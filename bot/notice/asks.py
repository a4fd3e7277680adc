"""What a notice asks of the people it reaches, and whether what they give fits."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import Refusal

LINE = 200
"""Characters of a reply in words."""
OPTIONS = range(2, 9)
"""How many choices a notice may offer."""
OPTION = 20
"""Characters of a choice."""
DIVIDED = re.compile(r"[、，,；;/\n]")
"""What stands between two choices."""


class Ask(StrEnum):
    """The kinds of what is asked for."""

    NOTHING = "nothing"
    READ = "read"
    """A press that says it was read."""
    CHOICE = "choice"
    """A press on one of some choices."""
    NUMBER = "number"
    """A number, such as how many will come."""
    LINE = "line"
    """A line of text."""
    FILE = "file"
    """One or more files, such as a form filled in."""
    CHECKIN = "checkin"
    """In a drill: safe, or in need of help."""
    SURVEY = "survey"
    """A choice that is counted and never tied to a person."""

    @property
    def pressed(self) -> bool:
        """True where a press answers it."""
        return self in (Ask.READ, Ask.CHOICE, Ask.CHECKIN, Ask.SURVEY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, the choices where there are any, and until when."""

    ask: Ask = Ask.NOTHING
    options: tuple[str, ...] = ()
    until: datetime | None = None
    """After this moment nothing more is taken."""


def read_options(text: str) -> tuple[str, ...]:
    """The choices that somebody lists, each once; Refusal where they are too few, too many or too long."""
    options = tuple(dict.fromkeys(option.strip() for option in DIVIDED.split(text) if option.strip()))
    if len(options) not in OPTIONS or any(len(option) > OPTION for option in options):
        raise Refusal("notice.bad_options", least=OPTIONS.start, most=OPTIONS.stop - 1, length=OPTION)
    return options


def fitting(wanted: Wanted, given: str) -> str | None:
    """What was given, as it is kept; None where it does not answer the question.

    A press gives the place of its choice (`0`); a number may be in full width and carry blanks; a line is cut of blanks around it.
    """
    given = given.strip()
    if wanted.ask is Ask.READ:
        return "read" if given in ("", "0", "read") else None
    if wanted.ask is Ask.CHECKIN:
        return {"0": "safe", "1": "help"}.get(given)
    if wanted.ask in (Ask.CHOICE, Ask.SURVEY):
        fits = given.isascii() and given.isdigit() and len(given) < 3 and int(given) < len(wanted.options)
        return given if fits else None
    if wanted.ask is Ask.NUMBER:
        plain = given.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
        found = re.fullmatch(r"(-?\d{1,9}(?:\.\d{1,3})?)\s*[^\d\s.]{0,2}", plain)
        return found[1] if found else None
    if wanted.ask is Ask.LINE:
        return given if 0 < len(given) <= LINE else None
    return None
