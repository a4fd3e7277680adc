"""What people think of the answers they got: one opinion a person on each, the last one holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import feedback
from storage.values import Opinion


@dataclass(frozen=True, slots=True)
class Feedback:
    """The opinions, within one transaction."""

    connection: AsyncConnection

    async def give(self, question: int, person: int, good: bool, reason: str, now: datetime) -> bool:
        """Keep an opinion in place of the person's earlier one on this answer; True where it is the first.

        A note is kept with the dislike it was written to and dropped with it.
        """
        key = {"question": question, "person": person}
        values = {"good": good, "reason": reason, "at": now}
        statement = insert_into(self.connection, feedback).values(key | values | {"note": ""})
        new = await self.connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
        if new.rowcount == 1:
            return True
        dropped = {"note": ""} if good else {}
        where = and_(feedback.c.question == question, feedback.c.person == person)
        await self.connection.execute(update(feedback).where(where).values(values | dropped))
        return False

    async def note(self, question: int, person: int, note: str, now: datetime) -> bool:
        """Add the person's own words to their dislike; True where there was one."""
        where = and_(feedback.c.question == question, feedback.c.person == person, feedback.c.good.is_(False))
        return (await self.connection.execute(update(feedback).where(where).values(note=note, at=now))).rowcount == 1

    async def on(self, ids: Collection[int]) -> list[Opinion]:
        """The opinions on these questions, oldest first."""
        statement = select(feedback).where(feedback.c.question.in_(list(ids))).order_by(feedback.c.at, feedback.c.question)
        rows = await self.connection.execute(statement)
        return [Opinion(row.question, row.person, row.good, row.reason, row.note, row.at) for row in rows]
