"""Drafts of notices that wait for a second person: who asked, and for which revision and how many people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import approvals


@dataclass(frozen=True, slots=True)
class Approval:
    """A request that stands."""

    notice: int
    revision: int
    """The draft as it was asked for; changed since, it has to be asked for again."""
    count: int
    """How many people it was to go to."""
    person: int
    """Who asked."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Approvals:
    """The requests, within one transaction."""

    connection: AsyncConnection

    async def ask(self, approval: Approval) -> None:
        """Keep a request in place of an older one for the same notice."""
        key = {"notice": approval.notice}
        values = {"revision": approval.revision, "readers": approval.count, "person": approval.person, "at": approval.at}
        statement = insert_into(self.connection, approvals).values(key | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def of(self, notice: int) -> Approval | None:
        """The request for a notice, or None."""
        row = (await self.connection.execute(select(approvals).where(approvals.c.notice == notice))).one_or_none()
        return Approval(row.notice, row.revision, row.readers, row.person, row.at) if row else None

    async def end(self, notice: int) -> bool:
        """Drop a request that was decided; True for the one who does, so that of two decisions at once one counts."""
        return (await self.connection.execute(delete(approvals).where(approvals.c.notice == notice))).rowcount == 1
