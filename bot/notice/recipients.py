"""Whom a notice is for: a selection written in words, and the people it chooses."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BadRecipients
from bot.people import Person, Rank, Scope, vouched
from bot.plan.units import Register, key


class By(StrEnum):
    """What a clause of a selection chooses people by."""

    EVERYONE = "everyone"
    """Everybody the bot knows, guests too."""
    STAFF = "staff"
    """Everybody who was given a rank."""
    RANK = "rank"
    UNIT = "unit"
    """Staff of a unit or of the units a group has, and those who have the charge of that group."""
    FOLLOWERS = "followers"
    """People who follow an event."""
    PERSON = "person"
    """One person by id."""
    LIST = "list"
    """People and units of a list that was kept under a name."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One way of choosing people, with its value (a rank, a name, an id) where it has one."""

    by: By
    value: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """People chosen by any clause of `plus` and by none of `minus`."""

    plus: tuple[Clause, ...]
    minus: tuple[Clause, ...] = ()


SIGN = re.compile(r"\s+(?P<sign>[+-])\s+|\s*[,，;；]\s*")
LIST = re.compile(r"\s*[、|]\s*")
PARTS = re.compile(r"[、，,；;+＋]|以及|\s+and\s+|\s*[和及]\s*")


def read_selection(text: str) -> Selection:
    """Read `staff`, `rank:principal`, `unit:第一小學、第二小學 + followers:科技節 - person:12`.

    `+` and `-` stand between blanks, a comma means `+`; several values of one clause are parted by `、`. BadRecipients for what is
    empty, unknown or only takes away.
    """
    pieces: list[tuple[str, str]] = []
    sign, begin = "+", 0
    for mark in SIGN.finditer(text):
        pieces.append((sign, text[begin : mark.start()]))
        sign, begin = mark["sign"] or "+", mark.end()
    pieces.append((sign, text[begin:]))
    plus: list[Clause] = []
    minus: list[Clause] = []
    for sign, part in pieces:
        if part.strip():
            (plus if sign == "+" else minus).extend(_clauses(part.strip()))
    if not plus:
        raise BadRecipients("recipients.empty")
    return Selection(tuple(dict.fromkeys(plus)), tuple(dict.fromkeys(minus)))


def parts(text: str) -> list[str]:
    """The names that people list in words, with 、, commas, 和 or `and` between them."""
    return [part.strip() for part in PARTS.split(text) if part.strip()]


def write_selection(selection: Selection) -> str:
    """The words that `read_selection` reads as this selection."""
    words = " + ".join(_written(clause) for clause in selection.plus)
    return words + "".join(f" - {_written(clause)}" for clause in selection.minus)


def select(
    selection: Selection,
    people: Sequence[Person],
    register: Register,
    followers: Callable[[str], Collection[int]],
    lists: Callable[[str], tuple[Collection[int], Collection[int]]] = lambda name: ((), ()),
) -> tuple[Person, ...]:
    """The chosen people, each once, in the order given.

    `followers` tells the ids of the people who follow what a name means, `lists` the ids of the people and units on a list.
    BadRecipients where a unit is not in the register.
    """
    plus, minus = (_ids(clauses, people, register, followers, lists) for clauses in (selection.plus, selection.minus))
    chosen = plus - minus
    return tuple(person for person in people if person.id in chosen)


def _clauses(words: str) -> list[Clause]:
    head, colon, rest = words.partition(":") if ":" in words else words.partition("：")
    try:
        by = By(head.strip().lower())
    except ValueError:
        raise BadRecipients("recipients.unknown", words=words) from None
    if by in (By.EVERYONE, By.STAFF):
        if colon:
            raise BadRecipients("recipients.unknown", words=words)
        return [Clause(by)]
    values = [value.strip() for value in LIST.split(rest) if value.strip()]
    if not values:
        raise BadRecipients("recipients.valueless", words=words)
    for value in values:
        if by is By.RANK and Rank.named(value) is None:
            raise BadRecipients("recipients.rank", rank=value, known=", ".join(rank.name.lower() for rank in Rank))
        if by is By.PERSON and not (value.isascii() and value.isdigit() and len(value) < 16):
            raise BadRecipients("recipients.unknown", words=words)
    return [Clause(by, value) for value in values]


def _written(clause: Clause) -> str:
    return f"{clause.by}:{clause.value}" if clause.value else str(clause.by)


def _ids(
    clauses: Sequence[Clause],
    people: Sequence[Person],
    register: Register,
    followers: Callable[[str], Collection[int]],
    lists: Callable[[str], tuple[Collection[int], Collection[int]]],
) -> set[int]:
    found: set[int] = set()
    for clause in clauses:
        if clause.by is By.EVERYONE:
            found |= {person.id for person in people}
        elif clause.by is By.STAFF:
            found |= {person.id for person in people if person.rank > Rank.GUEST}
        elif clause.by is By.RANK:
            found |= {person.id for person in people if person.rank is Rank.named(clause.value)}
        elif clause.by is By.UNIT:
            units = {unit.id for unit in register.members(clause.value)}
            if not units:
                raise BadRecipients("recipients.unit", name=clause.value)
            # Which unit somebody only says they belong to nobody has confirmed: what is for a unit goes to its staff.
            found |= {person.id for person in people if vouched(person) in units}
            found |= {person.id for person in people if person.scope is Scope.GROUP and key(person.group) == key(clause.value)}
        elif clause.by is By.FOLLOWERS:
            found |= set(followers(clause.value))
        elif clause.by is By.LIST:
            listed, units_listed = lists(clause.value)
            found |= set(listed) | {person.id for person in people if vouched(person) in units_listed}
        else:
            found.add(int(clause.value))
    return found
