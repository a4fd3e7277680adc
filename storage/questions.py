"""The questions people asked and what became of them, so that gaps in plan and program show."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import feedback, questions
from storage.values import Question, Usage


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
        *,
        chat: str = "",
        curated: int | None = None,
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
            "chat": chat,
            "curated": curated,
        }
        written = await self.connection.execute(insert(questions).values(values).returning(questions.c.id))
        return int(written.scalar_one())

    async def get(self, question: int) -> Question | None:
        """The question of that id, or None."""
        row = (await self.connection.execute(select(questions).where(questions.c.id == question))).one_or_none()
        return _question(row) if row else None

    async def choose(self, question: int, measure: str, plan: tuple[int, int]) -> None:
        """Note which of the choices was meant: the question counts as answered by it."""
        values = {"status": "answered", "measures": [measure], "plans": [list(plan)]}
        await self.connection.execute(update(questions).where(questions.c.id == question).values(values))

    async def recent(self, limit: int) -> list[Question]:
        """The last questions, newest first."""
        rows = await self.connection.execute(select(questions).order_by(questions.c.id.desc()).limit(limit))
        return [_question(row) for row in rows]

    async def of(self, person: int, limit: int) -> list[Question]:
        """The last questions of one person, newest first; small talk and what was forgotten are left out."""
        theirs = and_(questions.c.person == person, questions.c.kind != "chat", questions.c.question != "")
        rows = await self.connection.execute(select(questions).where(theirs).order_by(questions.c.id.desc()).limit(limit))
        return [_question(row) for row in rows]

    async def open(self, since: datetime, limit: int) -> list[Question]:
        """The refused and disliked questions from `since` on that nobody settled yet, newest first."""
        disliked = exists().where(and_(feedback.c.question == questions.c.id, feedback.c.good.is_(false())))
        where = and_(
            questions.c.asked_at >= since,
            questions.c.settled_at.is_(None),
            questions.c.kind != "chat",
            or_(and_(questions.c.status == "unknown", questions.c.curated.is_(None)), disliked),
        )
        rows = await self.connection.execute(select(questions).where(where).order_by(questions.c.id.desc()).limit(limit))
        return [_question(row) for row in rows]

    async def settle(self, ids: Collection[int], now: datetime) -> int:
        """Note that these questions were answered by hand or dismissed; returns how many were open until now."""
        where = and_(questions.c.id.in_(list(ids)), questions.c.settled_at.is_(None))
        return (await self.connection.execute(update(questions).where(where).values(settled_at=now))).rowcount

    async def usage(self, since: datetime, until: datetime) -> Usage:
        """The questions from `since` up to but not at `until` in numbers; small talk does not count."""
        within = and_(questions.c.asked_at >= since, questions.c.asked_at < until, questions.c.kind != "chat")
        rows = [_question(row) for row in await self.connection.execute(select(questions).where(within).order_by(questions.c.id))]
        opinions = select(feedback.c.good, func.count().label("number")).join(questions, questions.c.id == feedback.c.question)
        counted = {row.good: row.number for row in await self.connection.execute(opinions.where(within).group_by(feedback.c.good))}
        answered = [row for row in rows if row.status == "answered" or row.curated is not None]
        return Usage(
            asked=len(rows),
            answered=len(answered),
            refused=sum(row.status == "unknown" and row.curated is None for row in rows),
            disliked=counted.get(False, 0),
            liked=counted.get(True, 0),
            curated=sum(row.curated is not None for row in rows),
            people=len({row.person for row in rows if row.person is not None}),
            questions=tuple(Counter(row.question for row in rows).most_common()),
            measures=tuple(Counter(row.measures[0] for row in answered if row.measures).most_common()),
        )


def _question(row: Row[Any]) -> Question:
    return Question(
        row.id,
        row.person,
        row.channel,
        row.question,
        row.kind,
        row.status,
        tuple(row.measures),
        tuple((plan, version) for plan, version in row.plans),
        row.asked_at,
        row.chat or "",
        row.curated,
        row.settled_at is not None,
    )
