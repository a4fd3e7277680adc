"""The questions people asked and what became of them, so that gaps in plan and program show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import questions


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its outcome."""

    id: int
    person: int | None
    channel: str
    question: str
    kind: str
    status: str
    measures: tuple[str, ...]
    plans: tuple[tuple[int, int], ...]
    """Plan and version of each document the answer came from."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions asked, within one transaction."""

    connection: AsyncConnection

    async def record(
        self,
        person: int | None,
        channel: str,
        question: str,
        kind: str,
        status: str,
        measures: Sequence[str],
        plans: Sequence[tuple[int, int]],
        now: datetime,
    ) -> int:
        """Keep one question; returns its id."""
        values = {
            "person": person,
            "channel": channel,
            "question": question,
            "kind": kind,
            "status": status,
            "measures": list(measures),
            "plans": [list(pair) for pair in plans],
            "asked_at": now,
        }
        written = await self.connection.execute(insert(questions).values(values).returning(questions.c.id))
        return int(written.scalar_one())

    async def recent(self, limit: int) -> list[Question]:
        """The last questions, newest first."""
        rows = await self.connection.execute(select(questions).order_by(questions.c.id.desc()).limit(limit))
        return [
            Question(
                row.id,
                row.person,
                row.channel,
                row.question,
                row.kind,
                row.status,
                tuple(row.measures),
                tuple((plan, version) for plan, version in row.plans),
                row.asked_at,
            )
            for row in rows
        ]
