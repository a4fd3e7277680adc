"""延期申請: units ask for a later day; each is decided once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import extensions


class Decision(StrEnum):
    """Where an application stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Extension:
    """An application as it is kept."""

    id: int
    standing: int
    until: date
    """The day that is asked for."""
    reason: str
    state: Decision
    person: int | None
    at: datetime
    judge: int | None
    judged_at: datetime | None
    answer: str
    """What the judge wrote; empty where nothing."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """The applications, within one transaction."""

    connection: AsyncConnection

    async def ask(self, standing: int, until: date, reason: str, person: int, now: datetime) -> Extension:
        """Keep an application; one that was not decided yet gives way to the new one."""
        open_ones = (extensions.c.standing == standing, extensions.c.state == Decision.ASKED)
        withdrawn = {"state": Decision.REFUSED, "judge": person, "judged_at": now}
        await self.connection.execute(update(extensions).where(*open_ones).values(withdrawn))
        values = {
            "standing": standing,
            "until": until,
            "reason": reason,
            "state": Decision.ASKED,
            "person": person,
            "at": now,
            "answer": "",
        }
        return _extension((await self.connection.execute(insert(extensions).values(values).returning(extensions))).one())

    async def decide(self, extension: int, granted: bool, judge: int, answer: str, now: datetime) -> Extension | None:
        """Grant or refuse; None where it was decided or withdrawn already."""
        decided = {"state": Decision.GRANTED if granted else Decision.REFUSED, "judge": judge, "judged_at": now, "answer": answer}
        where = (extensions.c.id == extension, extensions.c.state == Decision.ASKED)
        row = (await self.connection.execute(update(extensions).where(*where).values(decided).returning(extensions))).one_or_none()
        return _extension(row) if row else None

    async def get(self, extension: int) -> Extension | None:
        """The application of that id, or None."""
        row = (await self.connection.execute(select(extensions).where(extensions.c.id == extension))).one_or_none()
        return _extension(row) if row else None

    async def of(self, standing: int) -> list[Extension]:
        """All applications for a state, the earliest first."""
        rows = await self.connection.execute(select(extensions).where(extensions.c.standing == standing).order_by(extensions.c.id))
        return [_extension(row) for row in rows]

    async def waiting(self) -> list[Extension]:
        """All that are not decided, the earliest first."""
        rows = await self.connection.execute(select(extensions).where(extensions.c.state == Decision.ASKED).order_by(extensions.c.id))
        return [_extension(row) for row in rows]


def _extension(row: Row[Any]) -> Extension:
    return Extension(
        row.id, row.standing, row.until, row.reason, Decision(row.state), row.person, row.at, row.judge, row.judged_at, row.answer
    )
