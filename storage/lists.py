"""Lists of people and units under a name, as somebody for whom a notice is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import list_members, lists

MOST = 50
"""Lists that are shown."""


@dataclass(frozen=True, slots=True)
class Roll:
    """A list by its name, with how many people and units stand on it."""

    id: int
    name: str
    people: int
    units: int


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists, within one transaction."""

    connection: AsyncConnection

    async def keep(self, name: str, people: Collection[int], units: Collection[int], person: int | None, now: datetime) -> Roll:
        """Keep a list, in place of one of that name."""
        values = {"person": person, "at": now}
        statement = insert_into(self.connection, lists).values(values | {"name": name})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
        number = (await self.connection.execute(select(lists.c.id).where(lists.c.name == name))).scalar_one()
        await self.connection.execute(delete(list_members).where(list_members.c.list == number))
        rows = [{"list": number, "person": one, "unit": None} for one in people]
        rows += [{"list": number, "person": None, "unit": one} for one in units]
        if rows:
            await self.connection.execute(insert(list_members), rows)
        return Roll(number, name, len(people), len(units))

    async def members(self, name: str) -> tuple[set[int], set[int]] | None:
        """The ids of the people and of the units of a list; None where there is none of that name."""
        number = (await self.connection.execute(select(lists.c.id).where(lists.c.name == name))).scalar_one_or_none()
        if number is None:
            return None
        rows = (await self.connection.execute(select(list_members).where(list_members.c.list == number))).all()
        return {row.person for row in rows if row.person is not None}, {row.unit for row in rows if row.unit is not None}

    async def every(self) -> list[Roll]:
        """The lists, the newest first."""
        people, units = func.count(list_members.c.person).label("people"), func.count(list_members.c.unit).label("units")
        statement = select(lists.c.id, lists.c.name, people, units).outerjoin(list_members, list_members.c.list == lists.c.id)
        rows = await self.connection.execute(
            statement.group_by(lists.c.id, lists.c.name, lists.c.at).order_by(lists.c.at.desc()).limit(MOST)
        )
        return [Roll(row.id, row.name, row.people, row.units) for row in rows]

    async def drop(self, number: int) -> bool:
        """Delete a list; True where it was there. Notices that went out stay as they are."""
        return (await self.connection.execute(delete(lists).where(lists.c.id == number))).rowcount == 1
