"""What reminders were last planned on, under which ids things were known before, what new versions changed, and own reminders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.counting import alone
from storage.insert import insert_into
from storage.tables import own_reminders, plannings, shifts, threads
from storage.values import OwnReminder, Planning, StoredShift


@dataclass(frozen=True, slots=True)
class Plannings:
    """The memory of planning, within one transaction."""

    connection: AsyncConnection

    async def alone(self) -> None:
        """Let what changes plans or this memory pass one at a time."""
        await alone(self.connection)

    async def every(self) -> dict[int, Planning]:
        """What was planned on, by plan document."""
        rows = await self.connection.execute(select(plannings))
        return {row.plan: Planning(row.plan, row.digest, tuple(row.subjects)) for row in rows}

    async def digests(self) -> dict[int, str]:
        """The digest of what was planned on, by plan document; cheap to read."""
        rows = await self.connection.execute(select(plannings.c.plan, plannings.c.digest))
        return {row.plan: row.digest for row in rows}

    async def keep(self, planning: Planning) -> None:
        """Note what is planned on from now on."""
        values = {"digest": planning.digest, "subjects": list(planning.subjects)}
        statement = insert_into(self.connection, plannings).values({"plan": planning.plan} | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["plan"], set_=values))

    async def forget(self, plan: int) -> None:
        """Nothing of this document is planned on any more."""
        await self.connection.execute(delete(plannings).where(plannings.c.plan == plan))

    async def roots(self) -> dict[str, str]:
        """The first id of everything that was known by another id before."""
        return {row.id: row.root for row in await self.connection.execute(select(threads))}

    async def known_as(self, root: str) -> list[str]:
        """The ids that something was known by, its first before the others."""
        return (await self.known([root]))[root]

    async def known(self, roots: Iterable[str]) -> dict[str, list[str]]:
        """The same of many things, by their first ids."""
        found = {root: [root] for root in roots}
        for row in await self.connection.execute(select(threads).where(threads.c.root.in_(tuple(found))).order_by(threads.c.id)):
            found[row.root].append(row.id)
        return found

    async def root(self, reference: str) -> str:
        """The lasting id of what is known by this one."""
        found = await self.connection.execute(select(threads.c.root).where(threads.c.id == reference))
        return found.scalar_one_or_none() or reference

    async def tie(self, pairs: Mapping[str, str]) -> None:
        """Note that these ids stand for what was first known by another."""
        for reference, root in sorted(pairs.items()):
            statement = insert_into(self.connection, threads).values(id=reference, root=root)
            await self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"root": root}))

    async def note_shift(self, plan: int, changes: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Keep what a new version changed, to be told; returns its number."""
        values = {"plan": plan, "changes": [dict(change) for change in changes], "made_at": now}
        return int((await self.connection.execute(insert(shifts).values(values).returning(shifts.c.id))).scalar_one())

    async def untold(self) -> list[StoredShift]:
        """Changes of which not everybody is owed a message yet, oldest first."""
        return [
            _shift(row) for row in await self.connection.execute(select(shifts).where(shifts.c.told_at.is_(None)).order_by(shifts.c.id))
        ]

    async def shift(self, number: int) -> StoredShift | None:
        """The change of that number, or None."""
        row = (await self.connection.execute(select(shifts).where(shifts.c.id == number))).one_or_none()
        return _shift(row) if row else None

    async def end_telling(self, numbers: Iterable[int], now: datetime) -> None:
        """Everybody is owed the message of these changes."""
        await self.connection.execute(update(shifts).where(shifts.c.id.in_(tuple(numbers))).values(told_at=now))


@dataclass(frozen=True, slots=True)
class OwnReminders:
    """Reminders in people's own words, within one transaction."""

    connection: AsyncConnection

    async def add(self, person: int, address: Address, text: str, rule: Mapping[str, Any], now: datetime) -> OwnReminder:
        """Keep one."""
        values = {"person": person, "channel": address.channel, "chat": address.chat, "text": text, "rule": dict(rule), "created_at": now}
        row = (await self.connection.execute(insert(own_reminders).values(values).returning(own_reminders))).one()
        return _own(row)

    async def get(self, row: int) -> OwnReminder | None:
        """The one of that id, or None."""
        return next(iter(await self._where(own_reminders.c.id == row)), None)

    async def of(self, person: int) -> list[OwnReminder]:
        """A person's that are not over, oldest first."""
        return await self._where((own_reminders.c.person == person) & own_reminders.c.ended_at.is_(None))

    async def every(self) -> list[OwnReminder]:
        """Everybody's that are not over, oldest first."""
        return await self._where(own_reminders.c.ended_at.is_(None))

    async def change(self, row: int, **values: Any) -> None:
        """Set `paused_until` or `rule`."""
        await self.connection.execute(update(own_reminders).where(own_reminders.c.id == row).values(values))

    async def end(self, row: int, now: datetime) -> bool:
        """It is over; True where it was not."""
        where = (own_reminders.c.id == row) & own_reminders.c.ended_at.is_(None)
        return (await self.connection.execute(update(own_reminders).where(where).values(ended_at=now))).rowcount > 0

    async def _where(self, condition: ColumnElement[bool]) -> list[OwnReminder]:
        rows = await self.connection.execute(select(own_reminders).where(condition).order_by(own_reminders.c.id))
        return [_own(row) for row in rows]


def _shift(row: Row[Any]) -> StoredShift:
    return StoredShift(row.id, row.plan, tuple(row.changes), row.made_at)


def _own(row: Row[Any]) -> OwnReminder:
    address = Address(row.channel, row.chat)
    return OwnReminder(row.id, row.person, address, row.text, dict(row.rule), row.created_at, row.paused_until, row.ended_at)
