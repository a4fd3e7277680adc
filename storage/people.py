"""The people the bot knows, the addresses they are reached at, and how they came by their rank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from bot.errors import Refusal
from bot.people import Person, Rank, Scope, vouched
from bot.texts import language_of
from storage import invitations
from storage.addresses import NOWHERE, Addresses
from storage.insert import insert_into
from storage.invitations import Invitation, Open
from storage.tables import addresses, conversations, expectations, outbox, own_reminders, people, subscriptions
from storage.values import Known, State


@dataclass(frozen=True, slots=True)
class People:
    """People and addresses, within one transaction."""

    connection: AsyncConnection

    async def meet(self, address: Address, name: str, language: str, now: datetime) -> Known:
        """The person behind a private address, made known as a guest where new; a closed address opens again.

        `language` is the client's tag; only a new person takes it for a start. A new name replaces the old one.
        """
        key = {"channel": address.channel, "chat": address.chat}
        statement = insert_into(self.connection, addresses).values(key | {"opened_at": now, "closed_why": "", "preferred": False})
        await self.connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
        # Held until the commit, so that first messages at once make one person also where the address was known without one.
        row = (await self.connection.execute(select(addresses).where(_at(addresses, address)).with_for_update())).one()
        if row.closed_at is not None:
            await self._address(address, closed_at=None, closed_why="")
        if row.person is not None:
            person = await self.get(row.person)
            if person is not None:
                if name and name != person.name:
                    await self._person(person.id, name=name)
                    person = await self.get(person.id) or person
                return Known(person, address, new=False)
        made = Person(0, Rank.GUEST, name, language=language_of(language))
        values = {
            "rank": int(made.rank),
            "name": made.name,
            "language": made.language,
            "script": made.script,
            "muted": made.muted,
            "scope": made.scope,
            "group": made.group,
            "met_at": now,
        }
        key_of = (await self.connection.execute(insert(people).values(values).returning(people))).one()
        await self._address(address, person=key_of.id)
        return Known(_person(key_of), address, new=True)

    async def find(self, address: Address) -> Person | None:
        """The person behind a private address, open or closed; None for strangers and groups."""
        statement = select(people).join(addresses, addresses.c.person == people.c.id).where(_at(addresses, address))
        row = (await self.connection.execute(statement)).one_or_none()
        return _person(row) if row else None

    async def get(self, person: int) -> Person | None:
        """The person of that id; None for nobody and for who is forgotten."""
        there = and_(people.c.id == person, people.c.forgotten_at.is_(None))
        row = (await self.connection.execute(select(people).where(there))).one_or_none()
        return _person(row) if row else None

    async def some(self, ids: Iterable[int]) -> dict[int, Person]:
        """Those of these ids who are known; at most a few hundred at a time, as many as SQLite takes values."""
        rows = await self.connection.execute(select(people).where(people.c.id.in_(set(ids))))
        return {row.id: _person(row) for row in rows}

    async def every(self) -> list[Person]:
        """Everybody, in the order they became known; who is forgotten is left out."""
        there = select(people).where(people.c.forgotten_at.is_(None)).order_by(people.c.id)
        return [_person(row) for row in await self.connection.execute(there)]

    async def addresses(self, person: int) -> list[Address]:
        """Where a person can be reached now: the address they prefer first, then the oldest."""
        return [reach.address for reach in await Addresses(self.connection).of(person)]

    async def reached(self) -> dict[int, Address]:
        """One open address of everybody who has one: the one they prefer, else the oldest."""
        open_ones = and_(addresses.c.person.is_not(None), addresses.c.closed_at.is_(None), addresses.c.channel.not_in(NOWHERE))
        order = (addresses.c.preferred, addresses.c.opened_at.desc(), addresses.c.channel.desc(), addresses.c.chat.desc())
        rows = await self.connection.execute(select(addresses).where(open_ones).order_by(*order))
        return {row.person: Address(row.channel, row.chat) for row in rows}

    async def set_rank(self, person: int, rank: Rank, unit: int | None = None, group: str = "") -> None:
        """Give a rank for a unit, a group of units or, with neither, for no place in particular (administrators: the district).

        Refusal `person.unknown` with `id`, as with every setting of a person.
        """
        await self._person(person, **invitations.granted(rank, unit, group))

    async def set_unit(self, person: int, unit: int | None) -> None:
        """Note the unit they say they belong to; Refusal `unit.vouched` where they were given one with their rank."""
        found = await self.get(person)
        if found is not None and vouched(found) not in (None, unit):
            raise Refusal("unit.vouched")
        await self._person(person, unit=unit)

    async def set_language(self, person: int, language: str) -> None:
        """Note the language they chose, empty for none."""
        await self._person(person, language=language)

    async def set_script(self, person: int, script: str) -> None:
        """Note the script they want quotations in."""
        await self._person(person, script=script)

    async def set_muted(self, person: int, muted: bool) -> None:
        """Note whether they want silence."""
        await self._person(person, muted=muted)

    async def know_group(self, address: Address, now: datetime) -> None:
        """Note a group's address, which has no person; a closed one opens again."""
        values = {"channel": address.channel, "chat": address.chat, "opened_at": now, "closed_why": "", "preferred": False}
        statement = insert_into(self.connection, addresses).values(values)
        opened = {"closed_at": None, "closed_why": ""}
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=["channel", "chat"], set_=opened, where=addresses.c.closed_at.is_not(None))
        )

    async def close(self, address: Address, now: datetime, why: str) -> bool:
        """Note that an address takes no more messages (blocked, left, deactivated); True where it was known and open.

        What waits for it goes to another address of the same person, where there is one.
        """
        where = and_(_at(addresses, address), addresses.c.closed_at.is_(None))
        closed = update(addresses).where(where).values(closed_at=now, closed_why=why, preferred=False).returning(addresses.c.person)
        row = (await self.connection.execute(closed)).one_or_none()
        if row is not None and row.person is not None:
            await Addresses(self.connection).fall_back(row.person, address)
        return row is not None

    async def move(self, old: Address, new: Address, now: datetime) -> None:
        """A conversation has a new id: everything tied to the old one, what waits to be sent included, follows it there."""
        if old == new:
            return
        row = (await self.connection.execute(select(addresses).where(_at(addresses, old)).with_for_update())).one_or_none()
        key = {"channel": new.channel, "chat": new.chat}
        kept = {"person": row.person if row else None, "opened_at": row.opened_at if row else now, "preferred": bool(row and row.preferred)}
        statement = insert_into(self.connection, addresses).values(key | kept | {"closed_why": ""})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"closed_at": None, "closed_why": ""}))
        await self.connection.execute(delete(addresses).where(_at(addresses, old)))
        for table in (conversations, expectations):
            await self.connection.execute(delete(table).where(_at(table, old)))
        for table in (subscriptions, own_reminders):
            await self.connection.execute(update(table).where(_at(table, old)).values(key))
        waiting = and_(_at(outbox, old), outbox.c.state.in_((State.QUEUED, State.HELD)))
        await self.connection.execute(update(outbox).where(waiting).values(key))

    async def invite(
        self, rank: Rank, unit: int | None, now: datetime, expires: datetime, uses: int = 1, group: str = "", author: int | None = None
    ) -> str:
        """A code of 128 random bits that gives the rank, for the unit or group where one is named, to `uses` people until `expires`.

        Only its hash is kept, so the code is shown once.
        """
        return await invitations.invite(self.connection, rank, unit, now, expires, uses, group, author)

    async def redeem(self, code: str, person: int, now: datetime) -> Invitation | None:
        """What the code gave the person; None for a code that is unknown, used up or over.

        A rank is never lowered, nor its unit changed by an invitation to a lower rank. The same person's second time counts no
        use and changes nothing.
        """
        return await invitations.redeem(self.connection, code, person, now)

    async def invitations(self, now: datetime) -> list[Open]:
        """The invitations that still can be used, newest first."""
        return await invitations.open_ones(self.connection, now)

    async def revoke(self, invitation: int, now: datetime) -> bool:
        """End an invitation; True where it was not ended before."""
        return await invitations.revoke(self.connection, invitation, now)

    async def owner_code(self, now: datetime, expires: datetime) -> str | None:
        """A code that makes its first user the owner, in place of any such code before; None where there is an owner."""
        return await invitations.owner_code(self.connection, now, expires)

    async def _person(self, person: int, **values: object) -> None:
        changed = await self.connection.execute(update(people).where(people.c.id == person).values(values))
        if changed.rowcount != 1:
            raise Refusal("person.unknown", id=person)

    async def _address(self, address: Address, **values: object) -> None:
        await self.connection.execute(update(addresses).where(_at(addresses, address)).values(values))


def _at(table: Table, address: Address) -> ColumnElement[bool]:
    return and_(table.c.channel == address.channel, table.c.chat == address.chat)


def _person(row: Row[Any]) -> Person:
    return Person(row.id, Rank(row.rank), row.name, row.unit, row.language, row.script, row.muted, Scope(row.scope), row.group)
