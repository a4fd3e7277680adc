"""What people asked to be told of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.insert import insert_into
from storage.tables import subscriptions
from storage.values import Subscription


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The subscriptions, within one transaction."""

    connection: AsyncConnection

    async def follow(self, person: int, kind: str, reference: str, address: Address, now: datetime) -> tuple[Subscription, bool]:
        """Keep the wish and say whether it is new; one that stands already is answered at the newest address from now on."""
        key = {"person": person, "kind": kind, "reference": reference}
        to = {"channel": address.channel, "chat": address.chat}
        statement = insert_into(self.connection, subscriptions).values(key | to | {"created_at": now})
        written = await self.connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
        moved = update(subscriptions).where(_of(person, kind, reference)).values(to).returning(subscriptions)
        return _subscription((await self.connection.execute(moved)).one()), written.rowcount == 1

    async def unfollow(self, person: int, kind: str, reference: str) -> bool:
        """Drop the wish; True where there was one."""
        gone = await self.connection.execute(delete(subscriptions).where(_of(person, kind, reference)))
        return gone.rowcount > 0

    async def of(self, person: int) -> list[Subscription]:
        """A person's wishes, oldest first."""
        return await self._where(subscriptions.c.person == person)

    async def all_of(self, kind: str) -> list[Subscription]:
        """Everybody's wishes of one kind, oldest first."""
        return await self._where(subscriptions.c.kind == kind)

    async def to(self, kind: str, reference: str) -> list[Subscription]:
        """The wishes for one thing, oldest first."""
        return await self._where(and_(subscriptions.c.kind == kind, subscriptions.c.reference == reference))

    async def _where(self, condition: ColumnElement[bool]) -> list[Subscription]:
        rows = await self.connection.execute(select(subscriptions).where(condition).order_by(subscriptions.c.id))
        return [_subscription(row) for row in rows]


def _of(person: int, kind: str, reference: str) -> ColumnElement[bool]:
    return and_(subscriptions.c.person == person, subscriptions.c.kind == kind, subscriptions.c.reference == reference)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(row.id, row.person, row.kind, row.reference, Address(row.channel, row.chat), row.created_at)
