"""Who did what, for ever: rows are added and never changed, which triggers of the database enforce."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import audit


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
class Audit:
    """The record of deeds, within one transaction."""

    connection: AsyncConnection

    async def record(self, who: int | None, action: str, subject: str, now: datetime) -> None:
        """Add one deed; `subject` holds ids and keys, never names or texts."""
        await self.connection.execute(insert(audit).values(who=who, action=action, subject=subject, at=now))

    async def about(self, subject: str) -> list[Entry]:
        """What was done to exactly this, the earliest first."""
        rows = await self.connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
        return [Entry(row.id, row.who, row.action, row.subject, row.at) for row in rows]

    async def recent(self, limit: int) -> list[Entry]:
        """The last deeds, newest first."""
        rows = await self.connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
        return [Entry(row.id, row.who, row.action, row.subject, row.at) for row in rows]
