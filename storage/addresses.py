"""Where people are reached: the addresses of each, the one they prefer, and what waits to be sent when that changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.notices import TIED
from storage.tables import addresses, outbox, own_reminders, subscriptions
from storage.values import State

NOWHERE = ("terminal",)
"""Channels that are no place to send to: nobody may sit there."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One address of a person."""

    address: Address
    since: datetime
    preferred: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """The open addresses of people, within one transaction."""

    connection: AsyncConnection

    async def of(self, person: int) -> list[Reach]:
        """Where a person can be reached now: the address they prefer first, then the oldest."""
        mine = and_(addresses.c.person == person, addresses.c.closed_at.is_(None))
        order = (addresses.c.preferred.desc(), addresses.c.opened_at, addresses.c.channel, addresses.c.chat)
        rows = await self.connection.execute(select(addresses).where(mine).order_by(*order))
        return [Reach(Address(row.channel, row.chat), row.opened_at, row.preferred) for row in rows]

    async def prefer(self, person: int, address: Address) -> bool:
        """Send what the person gets to this address from now on, also what waits already; False where it is not theirs or no such place."""
        if address.channel in NOWHERE or address not in [reach.address for reach in await self.of(person)]:
            return False
        theirs = update(addresses).where(addresses.c.person == person)
        here = and_(addresses.c.channel == address.channel, addresses.c.chat == address.chat)
        await self.connection.execute(theirs.where(addresses.c.preferred).values(preferred=False))
        await self.connection.execute(theirs.where(here).values(preferred=True))
        await self.redirect(person, address)
        return True

    async def drop(self, person: int, address: Address, now: datetime) -> bool:
        """Part an address from its person; what waits for it goes to another one. False where it is not theirs or is their last.

        Whoever writes from there afterwards is somebody new.
        """
        reaches = [reach.address for reach in await self.of(person)]
        if address not in reaches or len(reaches) < 2:
            return False
        here = and_(addresses.c.channel == address.channel, addresses.c.chat == address.chat)
        parted = {"person": None, "preferred": False, "closed_at": now, "closed_why": "parted"}
        await self.connection.execute(update(addresses).where(here).values(parted))
        await self.fall_back(person, address)
        return True

    async def fall_back(self, person: int, lost: Address) -> Address | None:
        """What waits for an address that takes no more goes to the next one of the same person; returns that, None without one."""
        other = next(
            (reach.address for reach in await self.of(person) if reach.address != lost and reach.address.channel not in NOWHERE), None
        )
        if other is not None:
            await self.redirect(person, other, lost)
        return other

    async def redirect(self, person: int, to: Address, only: Address | None = None) -> None:
        """What the person follows, and what waits to be sent to them (with `only`: at that address), goes to `to`."""
        waits = and_(outbox.c.state.in_((State.QUEUED, State.HELD)), outbox.c.kind.not_in(TIED))
        for table, waiting in ((subscriptions, true()), (own_reminders, true()), (outbox, waits)):
            where = and_(table.c.person == person, waiting)
            if only is not None:
                where = and_(where, table.c.channel == only.channel, table.c.chat == only.chat)
            await self.connection.execute(update(table).where(where).values(channel=to.channel, chat=to.chat))
