"""How far units are with what the plans ask of them: a state for each measure, unit and turn of its rhythm, with all that led to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import standing_changes, standings


class Standing(StrEnum):
    """How far a unit is with a measure; without a row it is open."""

    OPEN = "open"
    DONE = "done"
    EXTENDED = "extended"
    """An administrator granted a later day."""
    RECTIFYING = "rectifying"
    """Something is to be put right by a day of its own (限期整改)."""


class How(StrEnum):
    """How a state came about."""

    SET = "set"
    UNDONE = "undone"
    CARRIED = "carried"
    """A new version of the plan words the sentence otherwise, and the state went on to what stands there now."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a state is about: a measure of a plan document, a unit, and the turn of the measure's rhythm (empty where it has none)."""

    plan: int
    version: int
    measure: str
    unit: int
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """A state as it is kept."""

    id: int
    target: Target
    """Its version is the one for which the measure was last looked up."""
    state: Standing
    note: str
    until: date | None
    """The day by which it is due now, where that is not the plan's."""
    person: int | None
    at: datetime
    revision: int
    """Grows with each change, so that a stale press is told from a fresh one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One step of a state's history."""

    state: Standing
    note: str
    until: date | None
    person: int | None
    at: datetime
    how: How
    former: str
    """Of a carried state: the id of the measure that it was about before."""


@dataclass(frozen=True, slots=True)
class Standings:
    """The states, within one transaction."""

    connection: AsyncConnection

    async def done(self, measures: Collection[str], units: Collection[int]) -> frozenset[tuple[str, int, str]]:
        """Which of these units have done which of these measures, as measure, unit and occasion."""
        rows = await self.connection.execute(
            select(standings.c.measure, standings.c.unit, standings.c.occasion).where(
                standings.c.measure.in_(tuple(measures)), standings.c.unit.in_(tuple(units)), standings.c.state == Standing.DONE
            )
        )
        return frozenset((row.measure, row.unit, row.occasion) for row in rows)

    async def every(self, units: Collection[int] | None = None) -> list[Stand]:
        """All states, or those of these units, oldest first."""
        statement = select(standings).order_by(standings.c.id)
        if units is not None:
            statement = statement.where(standings.c.unit.in_(tuple(units)))
        return [_stand(row) for row in await self.connection.execute(statement)]

    async def of(self, measure: str, unit: int, occasion: str = "") -> Stand | None:
        """The state of a measure for a unit; None where nothing was ever said."""
        where = and_(standings.c.measure == measure, standings.c.unit == unit, standings.c.occasion == occasion)
        row = (await self.connection.execute(select(standings).where(where))).one_or_none()
        return _stand(row) if row else None

    async def get(self, standing: int) -> Stand | None:
        """The state of that id, or None."""
        row = (await self.connection.execute(select(standings).where(standings.c.id == standing))).one_or_none()
        return _stand(row) if row else None

    async def set(
        self,
        target: Target,
        state: Standing,
        person: int | None,
        now: datetime,
        note: str = "",
        until: date | None = None,
        how: How = How.SET,
    ) -> Stand:
        """Enter a state and its step of the history."""
        key = {"measure": target.measure, "unit": target.unit, "occasion": target.occasion}
        said = {"state": state, "note": note, "until": until, "person": person, "at": now}
        fresh = {"plan": target.plan, "version": target.version, "revision": 1}
        statement = insert_into(self.connection, standings).values(key | said | fresh)
        again = said | {"plan": target.plan, "version": target.version, "revision": standings.c.revision + 1}
        written = statement.on_conflict_do_update(index_elements=list(key), set_=again).returning(standings)
        row = (await self.connection.execute(written)).one()
        await self._note(row.id, state, note, until, person, now, how)
        return _stand(row)

    async def undo(self, standing: int, revision: int, person: int | None, now: datetime) -> Stand | None:
        """Go back to the state before the last one; None where somebody changed it since `revision`."""
        row = (await self.connection.execute(select(standings).where(standings.c.id == standing).with_for_update())).one_or_none()
        if row is None or row.revision != revision:
            return None
        before = [step for step in await self.history(standing) if step.how is not How.CARRIED][:-1]
        last = before[-1] if before else None
        state, note, until = (last.state, last.note, last.until) if last else (Standing.OPEN, "", None)
        return await self.set(_stand(row).target, state, person, now, note, until, How.UNDONE)

    async def history(self, standing: int) -> list[Changed]:
        """How a state came about, the earliest step first."""
        where = standing_changes.c.standing == standing
        rows = await self.connection.execute(select(standing_changes).where(where).order_by(standing_changes.c.id))
        return [Changed(Standing(row.state), row.note, row.until, row.person, row.at, How(row.how), row.former) for row in rows]

    async def carry(self, plan: int, version: int, successors: Mapping[str, Collection[str]], now: datetime) -> int:
        """Take states on to the measures that stand for theirs in a new version; returns how many measures took one over.

        `successors` names for each former measure those of now: none for a sentence that was dropped, whose states stay as they are.
        A measure that was split gives its state to each part; where several became one, that one is done only when all were.
        """
        where = and_(standings.c.plan == plan, standings.c.measure.in_(tuple(successors)))
        rows = [_stand(row) for row in await self.connection.execute(select(standings).where(where).order_by(standings.c.id))]
        merging: dict[tuple[str, int, str], list[Stand]] = {}
        for row in rows:
            for measure in successors[row.target.measure]:
                merging.setdefault((measure, row.target.unit, row.target.occasion), []).append(row)
            looked = update(standings).where(standings.c.id == row.id).values(version=version)
            await self.connection.execute(looked)
        sources: dict[str, set[str]] = {}
        for former, measures in successors.items():
            for measure in measures:
                sources.setdefault(measure, set()).add(former)
        moved: set[int] = set()
        for (measure, unit, occasion), held in merging.items():
            if await self.of(measure, unit, occasion) is not None:
                # Somebody has spoken of the new sentence already, or another process was quicker.
                continue
            whole = {one.target.measure for one in held} == sources[measure]
            undone = [one for one in held if one.state is not Standing.DONE]
            best = undone[0] if undone else held[-1]
            state = best.state if whole or best.state is not Standing.DONE else Standing.OPEN
            if best.id not in moved:
                # The row itself goes on, so that its history, files and requests stay with it.
                moved.add(best.id)
                values = {"measure": measure, "version": version, "state": state, "revision": standings.c.revision + 1}
                await self.connection.execute(update(standings).where(standings.c.id == best.id).values(values))
                number = best.id
            else:
                fresh = {
                    "plan": plan, "version": version, "measure": measure, "unit": unit, "occasion": occasion, "state": state,
                    "note": best.note, "until": best.until, "person": best.person, "at": best.at, "revision": 1,
                }  # fmt: skip
                number = (await self.connection.execute(insert(standings).values(fresh).returning(standings.c.id))).scalar_one()
            await self._note(number, state, best.note, best.until, None, now, How.CARRIED, best.target.measure)
        return len(merging)

    async def _note(
        self,
        standing: int,
        state: Standing,
        note: str,
        until: date | None,
        person: int | None,
        now: datetime,
        how: How,
        former: str = "",
    ) -> None:
        step = {"standing": standing, "state": state, "note": note, "until": until, "person": person, "at": now}
        await self.connection.execute(insert(standing_changes).values(step | {"how": how, "former": former}))


def _stand(row: Row[Any]) -> Stand:
    target = Target(row.plan, row.version, row.measure, row.unit, row.occasion)
    return Stand(row.id, target, Standing(row.state), row.note, row.until, row.person, row.at, row.revision)
