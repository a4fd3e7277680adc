"""Who wants one message a day or a week instead of single reminders, and which reminders such a message contains."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import digest_items, digests, outbox
from storage.values import State

KIND = "digest"
"""The kind of the rows that are digests; the reference is the person's id."""


class Every(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"


class Held(StrEnum):
    """What a digest does to a single reminder."""

    TOLD = "told"
    """It contains it and was sent."""
    WAIT = "wait"
    """It is about to leave and may contain it."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests, within one transaction."""

    connection: AsyncConnection

    async def of(self, person: int) -> Every | None:
        """How often somebody wants one; None for single reminders."""
        found = (await self.connection.execute(select(digests.c.every).where(digests.c.person == person))).scalar_one_or_none()
        return Every(found) if found else None

    async def every(self) -> dict[int, Every]:
        """Everybody who wants one."""
        rows = await self.connection.execute(select(digests).order_by(digests.c.person))
        return {row.person: Every(row.every) for row in rows}

    async def choose(self, person: int, every: Every | None, now: datetime) -> None:
        """Keep how often somebody wants one, or that they want single reminders."""
        if every is None:
            await self.connection.execute(delete(digests).where(digests.c.person == person))
            return
        statement = insert_into(self.connection, digests).values(person=person, every=every, since=now)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["person"], set_={"every": every}))

    async def contain(self, digest: str, rows: Collection[int]) -> None:
        """Note, before it leaves, which rows the digest of that key contains; in place of what it contained before."""
        await self.connection.execute(delete(digest_items).where(digest_items.c.digest == digest))
        if rows:
            await self.connection.execute(digest_items.insert(), [{"digest": digest, "row": row} for row in rows])

    async def held(self, row: int, person: int | None, now: datetime) -> Held | None:
        """What a digest does to a single reminder; None where it is to be sent by itself."""
        if person is None:
            return None
        containing = select(outbox.c.state).join(digest_items, digest_items.c.digest == outbox.c.key).where(digest_items.c.row == row)
        states = set((await self.connection.execute(containing)).scalars())
        if State.SENT in states:
            return Held.TOLD
        under_way = (State.QUEUED, State.SENDING, State.UNCERTAIN)
        if states & set(under_way):
            return Held.WAIT
        due = exists().where(
            outbox.c.kind == KIND, outbox.c.reference == str(person), outbox.c.state.in_((State.QUEUED, State.SENDING)),
            outbox.c.not_before <= now,
        )  # fmt: skip
        return Held.WAIT if not states and (await self.connection.execute(select(due))).scalar_one() else None
