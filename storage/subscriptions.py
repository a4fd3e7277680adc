"""What people and groups asked to be told of, what their rank follows unasked, and how they want to be reminded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, exists, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.insert import insert_into
from storage.tables import addresses, habits, people, rank_defaults, subscriptions
from storage.values import Habits, RankDefault, Subscription


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The subscriptions, within one transaction."""

    connection: AsyncConnection

    async def follow(
        self, person: int | None, kind: str, reference: str, address: Address, now: datetime, *, refused: bool = False
    ) -> tuple[Subscription, bool]:
        """Keep the wish and say whether it is new; it is answered at the address the person prefers, else at the newest one.

        Without a person it is a group's, at the group's address. A person's is tied to the unit and rank they have now. One that was
        refused, paused or came by rank is the person's own afterwards; `refused` keeps that they do not want it.
        """
        liked = and_(addresses.c.person == person, addresses.c.preferred, addresses.c.closed_at.is_(None))
        preferred = (await self.connection.execute(select(addresses).where(liked))).one_or_none() if person is not None else None
        to = {"channel": (preferred or address).channel, "chat": (preferred or address).chat}
        key = {"person": person, "kind": kind, "reference": reference}
        found = (await self.connection.execute(select(subscriptions).where(_of(person, kind, reference, address)))).one_or_none()
        values = key | to | {"created_at": now, "at": "", "refused": refused, "by_rank": False, "unit": None, "rank": 0}
        statement = insert_into(self.connection, subscriptions).values(values)
        if person is None:
            where = subscriptions.c.person.is_(None)
            statement = statement.on_conflict_do_nothing(index_elements=["channel", "chat", "kind", "reference"], index_where=where)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(key))
        await self.connection.execute(statement)
        changed: dict[str, Any] = to | {"refused": refused, "by_rank": False, "paused_until": None}
        if person is not None:
            changed |= {"unit": _at_present(people.c.unit, person), "rank": _at_present(people.c.rank, person)}
        moved = update(subscriptions).where(_of(person, kind, reference, address)).values(changed).returning(subscriptions)
        kept = _subscription((await self.connection.execute(moved)).one())
        return kept, found is None or found.refused

    async def unfollow(self, person: int | None, kind: str, reference: str, address: Address | None = None) -> bool:
        """Drop the wish; True where there was one. A group is named by its address."""
        gone = await self.connection.execute(delete(subscriptions).where(_of(person, kind, reference, address)))
        return gone.rowcount > 0

    async def drop(self, row: int) -> None:
        """Drop one; of one that came by rank it is kept that the person does not want it."""
        await self.connection.execute(delete(subscriptions).where(subscriptions.c.id == row, subscriptions.c.by_rank.is_(False)))
        await self.connection.execute(update(subscriptions).where(subscriptions.c.id == row).values(refused=True))

    async def change(self, row: int, **values: Any) -> Subscription | None:
        """Set `days`, `working`, `at` or `paused_until` of one; None where it is gone. It is no default of a rank afterwards."""
        statement = update(subscriptions).where(subscriptions.c.id == row).values(values | {"by_rank": False})
        found = (await self.connection.execute(statement.returning(subscriptions))).one_or_none()
        return _subscription(found) if found else None

    async def get(self, row: int) -> Subscription | None:
        """The one of that id, or None."""
        return next(iter(await self._where(subscriptions.c.id == row)), None)

    async def of(self, person: int) -> list[Subscription]:
        """A person's wishes, oldest first; what they refused too."""
        return await self._where(subscriptions.c.person == person)

    async def of_group(self, address: Address) -> list[Subscription]:
        """A group's wishes, oldest first."""
        return await self._where(and_(subscriptions.c.person.is_(None), _there(address)))

    async def of_many(self, persons: Collection[int]) -> list[Subscription]:
        """The wishes of these people, oldest first."""
        return await self._where(subscriptions.c.person.in_(persons))

    async def all_of(self, kind: str) -> list[Subscription]:
        """Everybody's wishes of one kind, oldest first."""
        return await self._where(subscriptions.c.kind == kind)

    async def persons(self) -> list[int]:
        """The people who follow anything."""
        mine = select(subscriptions.c.person).where(subscriptions.c.person.is_not(None), subscriptions.c.refused.is_(False)).distinct()
        return list((await self.connection.execute(mine.order_by(subscriptions.c.person))).scalars())

    async def of_groups(self) -> list[Subscription]:
        """The wishes of all groups, oldest first."""
        return await self._where(subscriptions.c.person.is_(None))

    async def units_of(self, persons: Collection[int]) -> dict[int, int]:
        """The units of those of these people who have one."""
        rows = await self.connection.execute(select(people.c.id, people.c.unit).where(people.c.id.in_(persons), people.c.unit.is_not(None)))
        return {row.id: row.unit for row in rows}

    async def habits_of(self, persons: Collection[int]) -> dict[int, Habits]:
        """How those of these people who chose want to be reminded."""
        rows = await self.connection.execute(select(habits).where(habits.c.person.in_(persons)))
        return {row.person: _habits(row) for row in rows}

    async def to(self, kind: str, reference: str) -> list[Subscription]:
        """The wishes for one thing, oldest first, without those that were refused."""
        where = and_(subscriptions.c.kind == kind, subscriptions.c.reference == reference, subscriptions.c.refused.is_(False))
        return await self._where(where)

    async def defaults(self) -> list[RankDefault]:
        """What ranks follow unasked."""
        rows = await self.connection.execute(select(rank_defaults).order_by(rank_defaults.c.rank, rank_defaults.c.kind))
        return [RankDefault(row.rank, row.kind, tuple(row.days) if row.days is not None else None) for row in rows]

    async def set_default(self, rank: int, kind: str, wanted: bool, days: Sequence[int] | None = None) -> None:
        """Let a rank follow `school` or `everything` unasked, or not any more."""
        await self.connection.execute(delete(rank_defaults).where(rank_defaults.c.rank == rank, rank_defaults.c.kind == kind))
        if wanted:
            await self.connection.execute(insert(rank_defaults).values(rank=rank, kind=kind, days=list(days) if days else None))

    async def apply_defaults(self, now: datetime) -> int:
        """Give everybody what their rank follows, where they neither have nor refused it, and take what it follows no more.

        One statement each, however many people; nothing for those without an open address. Returns how many were given or taken.
        """
        by_rank = exists().where(people.c.id == subscriptions.c.person, rank_defaults.c.rank == people.c.rank)
        stands = by_rank.where(rank_defaults.c.kind == subscriptions.c.kind)
        taken = await self.connection.execute(delete(subscriptions).where(subscriptions.c.by_rank.is_(True), ~stands))
        opened = (
            select(addresses.c.person, addresses.c.channel, addresses.c.chat)
            .where(addresses.c.person.is_not(None), addresses.c.closed_at.is_(None), addresses.c.channel != "terminal")
            .order_by(addresses.c.person, addresses.c.opened_at)
            .subquery()
        )
        first = ~exists().where(
            addresses.c.person == opened.c.person,
            addresses.c.closed_at.is_(None),
            addresses.c.channel != "terminal",
            or_(addresses.c.channel < opened.c.channel, and_(addresses.c.channel == opened.c.channel, addresses.c.chat < opened.c.chat)),
        )
        rows = (
            select(
                people.c.id, rank_defaults.c.kind, literal(""), opened.c.channel, opened.c.chat, rank_defaults.c.days,
                literal(""), literal(False), literal(True), people.c.unit, people.c.rank, literal(now, subscriptions.c.created_at.type),
            )
            .join(rank_defaults, rank_defaults.c.rank == people.c.rank)
            .join(opened, opened.c.person == people.c.id)
            .where(first)
        )  # fmt: skip
        names = (
            "person", "kind", "reference", "channel", "chat", "days", "at", "refused", "by_rank", "unit", "rank", "created_at",
        )  # fmt: skip
        statement = insert_into(self.connection, subscriptions).from_select(names, rows)
        given = await self.connection.execute(statement.on_conflict_do_nothing(index_elements=["person", "kind", "reference"]))
        return max(0, taken.rowcount) + max(0, given.rowcount)

    async def habits(self, person: int) -> Habits:
        """How a person wants to be reminded; the empty one where they chose nothing."""
        row = (await self.connection.execute(select(habits).where(habits.c.person == person))).one_or_none()
        return _habits(row) if row else Habits()

    async def set_habits(self, person: int, wanted: Habits) -> None:
        """Keep how a person wants to be reminded."""
        days = list(wanted.days) if wanted.days is not None else None
        values: dict[str, Any] = {"zone": wanted.zone, "quiet_from": wanted.quiet_from, "quiet_until": wanted.quiet_until, "at": wanted.at}
        values |= {"days": days, "working": wanted.working}
        statement = insert_into(self.connection, habits).values({"person": person} | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))

    async def _where(self, condition: ColumnElement[bool]) -> list[Subscription]:
        rows = await self.connection.execute(select(subscriptions).where(condition).order_by(subscriptions.c.id))
        return [_subscription(row) for row in rows]


def _at_present(column: Any, person: int) -> Any:
    found = select(column).where(people.c.id == person).scalar_subquery()
    return case((found.is_(None), 0), else_=found) if column is people.c.rank else found


def _there(address: Address) -> ColumnElement[bool]:
    return and_(subscriptions.c.channel == address.channel, subscriptions.c.chat == address.chat)


def _of(person: int | None, kind: str, reference: str, address: Address | None = None) -> ColumnElement[bool]:
    what = and_(subscriptions.c.kind == kind, subscriptions.c.reference == reference)
    if person is not None:
        return and_(what, subscriptions.c.person == person)
    if address is None:
        raise ValueError("a group is named by its address")
    return and_(what, subscriptions.c.person.is_(None), _there(address))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        row.id,
        row.person,
        row.kind,
        row.reference,
        Address(row.channel, row.chat),
        row.created_at,
        tuple(row.days) if row.days is not None else None,
        row.working,
        row.at,
        row.paused_until,
        row.refused,
        row.by_rank,
        row.unit,
        row.rank,
    )


def _habits(row: Row[Any]) -> Habits:
    days = tuple(row.days) if row.days is not None else None
    return Habits(row.zone, row.quiet_from, row.quiet_until, row.at, days, row.working)
