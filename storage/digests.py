"""Who wants one message a day or a week instead of single reminders, and which reminders such a message contains."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import digest_items, digests, outbox
from storage.values import State

KIND = "digest"
"""The kind of the rows that are digests; the reference is the person's id."""


UNDER_WAY = {State.QUEUED, State.SENDING, State.UNCERTAIN}


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

    async def held(self, rows: Mapping[int, int | None], now: datetime) -> dict[int, Held]:
        """What digests do to single reminders, given as row and person; those left out are to be sent by themselves."""
        joined = select(digest_items.c.row, outbox.c.state).join(outbox, outbox.c.key == digest_items.c.digest)
        states: dict[int, set[str]] = {}
        for one in await self.connection.execute(joined.where(digest_items.c.row.in_(tuple(rows)))):
            states.setdefault(one.row, set()).add(one.state)
        persons = {str(person) for person in rows.values() if person is not None}
        due = select(outbox.c.reference).where(
            outbox.c.kind == KIND, outbox.c.reference.in_(persons), outbox.c.state.in_((State.QUEUED, State.SENDING)),
            outbox.c.not_before <= now,
        )  # fmt: skip
        leaving = set((await self.connection.execute(due)).scalars())
        found: dict[int, Held] = {}
        for row, person in rows.items():
            said = states.get(row, set())
            if person is not None and State.SENT in said:
                found[row] = Held.TOLD
            elif person is not None and (said & UNDER_WAY or (not said and str(person) in leaving)):
                found[row] = Held.WAIT
        return found
