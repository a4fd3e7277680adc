"""Who people are to the bot: ranks, and the person a message comes from."""

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """What somebody may do; a higher rank may all that a lower one may."""

    GUEST = 0
    TEACHER = 1
    PRINCIPAL = 2
    ADMINISTRATOR = 3
    OWNER = 4

    @classmethod
    def named(cls, name: str) -> "Rank | None":
        """The rank called so in English, or None."""
        return cls.__members__.get(name.strip().upper())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the bot knows, with the choices they made."""

    id: int
    rank: Rank
    name: str = ""
    unit: int | None = None
    """Id of the unit they belong to by invitation or say they belong to."""
    language: str = ""
    """Chosen language, empty while none is chosen."""
    script: str = ""
    """Script that quotations are shown in: `original`, `hant`, `hans`, or empty while not asked."""
    muted: bool = False


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
