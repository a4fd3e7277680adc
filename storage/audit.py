"""Who did what, for ever: rows are added and never changed, which triggers refuse and a chain of hashes shows."""

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import storable
from storage.marks import Marks
from storage.tables import audit

HEAD = "audit"
"""The mark that holds the chain's end, so that rows taken from the end are missed too."""
CHAIN_LOCK = 0x6175646974
"""The PostgreSQL advisory lock of whoever adds to the chain: `audit` in ASCII."""
BATCH = 2000
NUMBERS = re.compile(r"[A-Za-z0-9_.:, -]*", re.ASCII)
"""What a subject may be made of: numbers, keys and words of our own. What people write or are called is never recorded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed."""

    id: int
    who: int | None
    """Id of the person; None for the program itself and the command line."""
    action: str
    subject: str
    """What it was done to, by id or key; no names and no texts."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the chain."""

    rows: int
    broken: int | None = None
    """Id of the first row that does not follow from the one before it: it was changed, or one before it was removed."""
    short: bool = False
    """True where rows were removed from the end."""
    head: str = ""
    """The hash of the last row; who notes it elsewhere can tell later that nothing before it was touched."""

    @property
    def sound(self) -> bool:
        """True where nothing was changed or removed."""
        return self.broken is None and not self.short


def link(previous: str, who: int | None, action: str, subject: str, at: datetime) -> str:
    """The hash of a row: SHA-256 in hexadecimal over the hash of the row before it (empty for the first) and its own fields."""
    fields = (previous, "" if who is None else str(who), action, subject, at.astimezone(UTC).isoformat(timespec="microseconds"))
    return hashlib.sha256("\x1f".join(fields).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Audit:
    """The record of deeds, within one transaction."""

    connection: AsyncConnection
    _waiting: list[Entry] = field(default_factory=list)

    async def record(self, who: int | None, action: str, subject: str, now: datetime) -> None:
        """Add one deed when the transaction ends; `subject` holds ids and keys, never names or texts.

        ValueError for a naive time, and for a subject with characters that ids and keys do not have: the chain keeps it for ever.
        """
        if NUMBERS.fullmatch(subject) is None:
            raise ValueError(f"a deed is recorded by numbers, not by words: {action}")
        if now.utcoffset() is None:
            raise ValueError(f"a time without a zone cannot be kept: {now.isoformat()}")
        self._waiting.append(Entry(0, who, action, subject, now))

    async def write(self) -> None:
        """Add what waits, each row chained to the one before.

        Done last before a commit, because whoever holds the chain keeps the others waiting: it must wait for nobody itself.
        """
        waiting = tuple(self._waiting)
        self._waiting.clear()
        if not waiting:
            return
        if self.connection.dialect.name == "postgresql":
            await self.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
        last = select(audit.c.chain).order_by(audit.c.id.desc()).limit(1)
        chain = (await self.connection.execute(last)).scalar_one_or_none() or ""
        for one in waiting:
            # As the database keeps it, so that the hash can be taken again.
            action, subject = storable(one.action), storable(one.subject)
            chain = link(chain, one.who, action, subject, one.at)
            row = {"who": one.who, "action": action, "subject": subject, "at": one.at, "chain": chain}
            await self.connection.execute(insert(audit).values(row))
        await Marks(self.connection).set(HEAD, chain)

    async def about(self, subject: str) -> list[Entry]:
        """What was done to exactly this, the earliest first."""
        await self.write()
        rows = await self.connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
        return [Entry(row.id, row.who, row.action, row.subject, row.at) for row in rows]

    async def recent(self, limit: int, skip: int = 0) -> list[Entry]:
        """The last deeds, newest first, after `skip` of them."""
        await self.write()
        rows = await self.connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit).offset(skip))
        return [Entry(row.id, row.who, row.action, row.subject, row.at) for row in rows]

    async def count(self) -> int:
        """How many deeds there are."""
        await self.write()
        return int((await self.connection.execute(select(func.count()).select_from(audit))).scalar_one())

    async def head(self) -> str:
        """The hash of the last row, as it was kept when that was written; empty before the first."""
        return await Marks(self.connection).get(HEAD) or ""

    async def verify(self) -> Verdict:
        """Take every hash again, from the first row to the last."""
        await self.write()
        rows, chain = 0, ""
        async for row, kept in self._each():
            rows += 1
            if link(chain, row.who, row.action, row.subject, row.at) != kept:
                return Verdict(rows, broken=row.id, head=kept)
            chain = kept
        head = await Marks(self.connection).get(HEAD)
        return Verdict(rows, short=(head or "") != chain, head=chain)

    async def _each(self) -> AsyncIterator[tuple[Entry, str]]:
        after = 0
        while True:
            statement = select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(BATCH)
            found = (await self.connection.execute(statement)).all()
            for row in found:
                yield Entry(row.id, row.who, row.action, row.subject, row.at), row.chain
            if len(found) < BATCH:
                return
            after = found[-1].id
