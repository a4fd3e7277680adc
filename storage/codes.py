"""Short codes that join two addresses, and how guessing at codes of any kind is slowed down."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import guesses, joins, people

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are taken for one another: 0 and O, 1, I and L."""
LENGTH = 8
"""39 bits; with the limits below a code of ten minutes is hit once in some hundred million tries of that time."""
WITHIN = timedelta(minutes=15)
EACH = 5
"""Wrong codes of one person within that time."""
ALL = 40
"""Wrong codes of everybody together within that time; past it short codes have to wait."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes and wrong guesses, within one transaction."""

    connection: AsyncConnection

    async def show(self, person: int, expires: datetime) -> str:
        """A code that whoever types it until `expires` is joined to this person by, in place of their last one; only its hash is kept."""
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        await self.connection.execute(delete(joins).where(joins.c.person == person))
        await self.connection.execute(insert(joins).values(person=person, code_hash=hashed(code), expires_at=expires))
        return f"{code[:4]}-{code[4:]}"

    async def owner(self, code: str, now: datetime) -> int | None:
        """Id of the person whose code this is; None where there is no such code or it is over."""
        statement = select(joins).where(joins.c.code_hash == hashed(code), joins.c.expires_at > now)
        row = (await self.connection.execute(statement)).one_or_none()
        return row.person if row else None

    async def use(self, person: int, now: datetime) -> bool:
        """Use up the person's code; True for the first one who does so in time."""
        gone = await self.connection.execute(delete(joins).where(joins.c.person == person, joins.c.expires_at > now))
        return gone.rowcount == 1

    async def wait(self, person: int, now: datetime, short: bool = False) -> timedelta:
        """How long the person has to wait before another code of theirs is looked at; nothing where they need not.

        Guesses of all people together make only short codes wait, so that nobody can lock others out of their invitations.
        """
        await self.connection.execute(select(people.c.id).where(people.c.id == person).with_for_update())
        recent = guesses.c.at > now - WITHIN
        mine = await self._freed(recent, guesses.c.person == person, most=EACH)
        everybody = await self._freed(recent, most=ALL) if short else None
        freed = max((moment for moment in (mine, everybody) if moment is not None), default=None)
        return max(timedelta(), freed + WITHIN - now) if freed is not None else timedelta()

    async def missed(self, person: int, now: datetime) -> None:
        """Note a wrong code."""
        await self.connection.execute(insert(guesses).values(person=person, at=now))

    async def _freed(self, *where: ColumnElement[bool], most: int) -> datetime | None:
        """The time of the guess that has to grow old before another may be made; None where there are fewer than `most`."""
        times = select(guesses.c.at).where(*where).order_by(guesses.c.at.desc()).offset(most - 1).limit(1)
        found: datetime | None = (await self.connection.execute(times)).scalar_one_or_none()
        return found


def plain(code: str) -> str:
    """The letters and digits of a short code, however it was typed."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())


def hashed(code: str) -> str:
    """What is kept of a short code: the hash of its letters."""
    return hashlib.sha256(plain(code).encode()).hexdigest()
