"""限期整改: what a unit has to put right by a day of its own, until that is accepted; and who answers for a unit beside its head."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import deputies, rectifications


class Progress(StrEnum):
    """Where a rectification stands."""

    SET = "set"
    REPORTED = "reported"
    """The unit says that it is done."""
    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Rectification:
    """A rectification as it is kept."""

    id: int
    standing: int
    text: str
    until: date
    state: Progress
    person: int | None
    """Who set it."""
    at: datetime
    seen_by: int | None
    seen_at: datetime | None
    """When somebody of the unit acknowledged it."""
    changed_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Rectifications:
    """The rectifications, within one transaction."""

    connection: AsyncConnection

    async def order(self, standing: int, text: str, until: date, person: int, now: datetime) -> Rectification:
        """Set one; an older one for the same state that is not accepted gives way to it."""
        open_ones = (rectifications.c.standing == standing, rectifications.c.state.in_((Progress.SET, Progress.REPORTED)))
        dropped = {"state": Progress.DROPPED, "changed_at": now, "revision": rectifications.c.revision + 1}
        await self.connection.execute(update(rectifications).where(*open_ones).values(dropped))
        values = {
            "standing": standing, "text": text, "until": until, "state": Progress.SET, "person": person, "at": now, "changed_at": now,
            "revision": 1,
        }  # fmt: skip
        return _rectification((await self.connection.execute(insert(rectifications).values(values).returning(rectifications))).one())

    async def move(self, rectification: int, revision: int, state: Progress, now: datetime) -> Rectification | None:
        """Bring it to another state; None where somebody changed it since `revision`."""
        where = (rectifications.c.id == rectification, rectifications.c.revision == revision)
        values = {"state": state, "changed_at": now, "revision": revision + 1}
        row = (await self.connection.execute(update(rectifications).where(*where).values(values).returning(rectifications))).one_or_none()
        return _rectification(row) if row else None

    async def see(self, rectification: int, person: int, now: datetime) -> bool:
        """Note that somebody of the unit acknowledged it; True where they were the first."""
        where = and_(rectifications.c.id == rectification, rectifications.c.seen_at.is_(None))
        changed = await self.connection.execute(update(rectifications).where(where).values(seen_by=person, seen_at=now))
        return changed.rowcount == 1

    async def get(self, rectification: int) -> Rectification | None:
        """The one of that id, or None."""
        row = (await self.connection.execute(select(rectifications).where(rectifications.c.id == rectification))).one_or_none()
        return _rectification(row) if row else None

    async def of(self, standing: int) -> list[Rectification]:
        """All for a state, the earliest first."""
        rows = await self.connection.execute(
            select(rectifications).where(rectifications.c.standing == standing).order_by(rectifications.c.id)
        )
        return [_rectification(row) for row in rows]

    async def deputy(self, unit: int) -> int | None:
        """Who answers for a unit where its head does not, or None."""
        found = await self.connection.execute(select(deputies.c.person).where(deputies.c.unit == unit))
        return found.scalar_one_or_none()

    async def set_deputy(self, unit: int, person: int | None) -> None:
        """Name the one who answers for a unit where its head does not, or nobody."""
        if person is None:
            await self.connection.execute(delete(deputies).where(deputies.c.unit == unit))
            return
        statement = insert_into(self.connection, deputies).values(unit=unit, person=person)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["unit"], set_={"person": person}))


def _rectification(row: Row[Any]) -> Rectification:
    return Rectification(
        row.id, row.standing, row.text, row.until, Progress(row.state), row.person, row.at, row.seen_by, row.seen_at, row.changed_at,
        row.revision,
    )  # fmt: skip
