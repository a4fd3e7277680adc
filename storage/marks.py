"""Small lasting facts by name, and which deliveries of a channel were seen already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import marks, seen_updates

REMEMBERED = timedelta(days=3)
"""Telegram holds an undelivered update for a day; nothing is delivered again after that."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Lasting facts, within one transaction."""

    connection: AsyncConnection

    async def get(self, name: str) -> str | None:
        """The fact of that name, or None."""
        return (await self.connection.execute(select(marks.c.value).where(marks.c.name == name))).scalar_one_or_none()

    async def set(self, name: str, value: str) -> None:
        """Keep the fact in place of the one before."""
        statement = insert_into(self.connection, marks).values(name=name, value=value)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    async def first(self, channel: str, update: str, now: datetime) -> bool:
        """True the first time this delivery is seen; of two that ask at once, one gets True.

        A delivery is remembered for three days. An empty id tells nothing, so it is always the first.
        """
        if not update:
            return True
        statement = insert_into(self.connection, seen_updates).values(channel=channel, delivery=update, at=now)
        written = await self.connection.execute(statement.on_conflict_do_nothing(index_elements=["channel", "delivery"]))
        if written.rowcount != 1:
            return False
        await self.connection.execute(delete(seen_updates).where(seen_updates.c.at < now - REMEMBERED))
        return True
