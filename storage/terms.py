"""Notices of every term: a row for each term, planned ahead, that says what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import notice_terms

AHEAD = 2
"""Terms that are planned ahead."""


class Fate(StrEnum):
    """What became of one term's notice."""

    PLANNED = "planned"
    SENT = "sent"
    REFUSED = "refused"
    """It could not go out as it was; the draft waits."""
    MISSED = "missed"
    """The bot was not there until it was too late."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One term of a notice of every term."""

    notice: int
    term: date
    """The term's first day, which names it."""
    at: datetime
    state: Fate
    made: int | None
    """Id of the notice made from it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The occurrences, within one transaction."""

    connection: AsyncConnection

    async def plan(self, notice: int, moments: Iterable[tuple[date, datetime]]) -> int:
        """Plan a notice for these terms; one that is planned already takes the new time, one that is over stays. Returns how many."""
        values = [
            {"notice": notice, "term": term.isoformat(), "at": at, "state": Fate.PLANNED, "made": None}
            for term, at in moments
        ]  # fmt: skip
        if not values:
            return 0
        statement = insert_into(self.connection, notice_terms)
        planned = notice_terms.c.state == Fate.PLANNED
        statement = statement.on_conflict_do_update(index_elements=["notice", "term"], set_={"at": statement.excluded.at}, where=planned)
        return (await self.connection.execute(statement, values)).rowcount

    async def of(self, notice: int) -> list[Occurrence]:
        """The terms of a notice in order."""
        rows = await self.connection.execute(select(notice_terms).where(notice_terms.c.notice == notice).order_by(notice_terms.c.at))
        return [_occurrence(row) for row in rows]

    async def due(self, now: datetime) -> list[Occurrence]:
        """What is planned for now or earlier, oldest first."""
        where = and_(notice_terms.c.state == Fate.PLANNED, notice_terms.c.at <= now)
        rows = await self.connection.execute(select(notice_terms).where(where).order_by(notice_terms.c.at, notice_terms.c.notice))
        return [_occurrence(row) for row in rows]

    async def settle(self, occurrence: Occurrence, state: Fate) -> bool:
        """Say what became of a planned term; False where somebody else was quicker."""
        where = and_(
            notice_terms.c.notice == occurrence.notice, notice_terms.c.term == occurrence.term.isoformat(),
            notice_terms.c.state == Fate.PLANNED,
        )  # fmt: skip
        return (await self.connection.execute(update(notice_terms).where(where).values(state=state))).rowcount == 1

    async def note(self, occurrence: Occurrence, state: Fate, made: int) -> None:
        """Say which notice a term became, for whoever settled it in this transaction."""
        where = and_(notice_terms.c.notice == occurrence.notice, notice_terms.c.term == occurrence.term.isoformat())
        await self.connection.execute(update(notice_terms).where(where).values(state=state, made=made))

    async def drop(self, notice: int) -> int:
        """Delete what is still planned; returns how many terms."""
        where = and_(notice_terms.c.notice == notice, notice_terms.c.state == Fate.PLANNED)
        return (await self.connection.execute(delete(notice_terms).where(where))).rowcount


def _occurrence(row: Row[Any]) -> Occurrence:
    return Occurrence(row.notice, date.fromisoformat(row.term), row.at, Fate(row.state), row.made)
