"""Who people are to the bot: ranks and how far they reach, the person a message comes from, and the units of the district."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol


class Rank(IntEnum):
    """What somebody may do; a higher rank may all that a lower one may."""

    GUEST = 0
    TEACHER = 1
    PRINCIPAL = 2
    UNIT_ADMINISTRATOR = 3
    """Has the charge of a unit or a group of units."""
    ADMINISTRATOR = 4
    """Has the charge of the district."""
    OWNER = 5

    @classmethod
    def named(cls, name: str) -> "Rank | None":
        """The rank called so in English, its words joined by a blank, a hyphen or an underscore; or None."""
        return cls.__members__.get(name.strip().upper().replace(" ", "_").replace("-", "_"))


class Scope(StrEnum):
    """How far somebody's rank reaches, as it was given to them."""

    NONE = ""
    """Nobody has vouched for where they belong; a unit they name themselves gives no right."""
    UNIT = "unit"
    GROUP = "group"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the bot knows, with the choices they made."""

    id: int
    rank: Rank
    name: str = ""
    unit: int | None = None
    """Id of the unit they belong to: as it was given to them where `scope` is UNIT, else as they say."""
    language: str = ""
    """Chosen language, empty while none is chosen."""
    script: str = ""
    """Script that quotations are shown in: `original`, `hant`, `hans`, or empty while not asked."""
    muted: bool = False
    scope: Scope = Scope.NONE
    group: str = ""
    """Name of the group of units their rank is for, where `scope` is GROUP."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A school, kindergarten, office or group of the register."""

    id: int
    name: str
    kind: str
    """`school`, `kindergarten`, `office`, `district` or another word of the register."""
    parent: str = ""
    """Name of the unit it belongs to, empty at the top."""
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Names of the groups it is in, such as a supervision area (督學責任區)."""


class Units(Protocol):
    """The units of the district, as a register holds them."""

    @property
    def units(self) -> Sequence[Unit]:
        """All units, in the register's order."""
        ...


def vouched(person: Person) -> int | None:
    """Id of the unit that the person was given with a rank; None where they only say so themselves."""
    return person.unit if person.scope is Scope.UNIT and person.rank > Rank.GUEST else None


def charge(person: Person, register: Units) -> tuple[Unit, ...]:
    """The units in the person's charge: all for administrators, their own with those below it or their group's for unit administrators."""
    if person.rank >= Rank.ADMINISTRATOR:
        return tuple(register.units)
    if person.rank < Rank.UNIT_ADMINISTRATOR:
        return ()
    if person.scope is Scope.GROUP:
        return tuple(unit for unit in register.units if person.group and person.group in unit.groups)
    if person.scope is not Scope.UNIT:
        return ()
    inside = {unit.name for unit in register.units if unit.id == person.unit}
    while below := {unit.name for unit in register.units if unit.parent in inside} - inside:
        inside |= below
    return tuple(unit for unit in register.units if unit.name in inside)


def covers(person: Person, unit: int | None, register: Units) -> bool:
    """True where what concerns the unit of that id is in the person's charge; what concerns no unit is the district's."""
    if person.rank >= Rank.ADMINISTRATOR:
        return True
    return unit is not None and any(unit == own.id for own in charge(person, register))


def grants(person: Person, rank: Rank, unit: int | None, group: str, register: Units) -> bool:
    """True where the person may give `rank` for that unit, group or (with neither) the district: only below their own, in their charge.

    A group is in the charge of a unit administrator where all its units are.
    """
    if not Rank.GUEST < rank < person.rank:
        return False
    if person.rank >= Rank.ADMINISTRATOR:
        return True
    members = {one.id for one in register.units if group and group in one.groups}
    if unit is None:
        return bool(members) and all(covers(person, one, register) for one in members)
    return covers(person, unit, register)
