"""The counter that grows with whatever changes an answer, and the one lock that changes of plans pass through."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import counters

REVISION = "plans"
"""Its name: releases, corrections of what is released, and the register of units."""


async def grow_revision(connection: AsyncConnection) -> None:
    """Tell every process that what answers are made of has changed; seen when the transaction is committed."""
    statement = insert_into(connection, counters).values(name=REVISION, value=1)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1}))


async def revision(connection: AsyncConnection) -> int:
    """The counter's value; cheap to read."""
    found = await connection.execute(select(counters.c.value).where(counters.c.name == REVISION))
    return found.scalar_one_or_none() or 0


async def alone(connection: AsyncConnection) -> None:
    """Let imports, releases and corrections pass one at a time on PostgreSQL; SQLite has one writer anyway."""
    await connection.execute(select(counters.c.value).where(counters.c.name == REVISION).with_for_update())
