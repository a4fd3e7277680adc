"""Corrections of plans: rows are added, an undoing is a row too, and a change made on a stale view is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.plan.mend import Field, Mend, Spot, Value, stand, standing
from bot.plan.plain import dump, load
from storage.counting import alone, grow_revision
from storage.tables import mends, plan_versions
from storage.values import PlanState


@dataclass(frozen=True, slots=True)
class Mends:
    """The corrections of plans, within one transaction."""

    connection: AsyncConnection

    async def of(self, plan: int) -> list[Mend]:
        """Every row of a plan in the order they were made, undone ones and undoings too."""
        return (await mends_of(self.connection, [plan])).get(plan, [])

    async def keep(
        self, plan: int, version: int, field: Field, spot: Spot, value: Value, seen: int, person: int | None, now: datetime
    ) -> int:
        """Keep a correction made on a version; returns its id. It counts for that version and later ones.

        `seen` is the `stand` of the spot that the person looked at. Refusal `mend.stale` where somebody changed the same sentence since,
        `mend.closed` where the version is neither a draft nor in use, `plan.unknown` where there is none.
        """
        await alone(self.connection)
        released = await self._open(plan, version)
        if stand(await self.of(plan), spot) != seen:
            raise Refusal("mend.stale")
        return await self._add(plan, version, field, spot, value, person, now, released)

    async def undo(self, plan: int, version: int, mend: int, person: int | None, now: datetime) -> Mend:
        """Take a correction back from that version on and return it; what it replaced counts again.

        Refusal `mend.undone` where it does not count there (any more), else as with `keep`.
        """
        await alone(self.connection)
        released = await self._open(plan, version)
        rows = await self.of(plan)
        undone = next((row for row in standing(rows, version) if row.id == mend), None)
        if undone is None:
            raise Refusal("mend.undone")
        await self._add(plan, version, Field.UNDO, Spot(), Value(number=mend), person, now, released)
        return undone

    async def _open(self, plan: int, version: int) -> bool:
        """True for the version in use, False for a draft; Refusal for any other."""
        where = (plan_versions.c.plan == plan, plan_versions.c.version == version)
        state = (await self.connection.execute(select(plan_versions.c.state).where(*where))).scalar_one_or_none()
        if state is None:
            raise Refusal("plan.unknown", id=plan)
        if state not in (PlanState.DRAFT, PlanState.RELEASED):
            raise Refusal("mend.closed", version=version)
        return bool(state == PlanState.RELEASED)

    async def _add(
        self, plan: int, version: int, field: Field, spot: Spot, value: Value, person: int | None, now: datetime, released: bool
    ) -> int:
        row = {
            "plan": plan,
            "since": version,
            "field": field,
            "spot": dump(spot),
            "value": dump(value),
            "person": person,
            "made_at": now,
        }
        made = (await self.connection.execute(insert(mends).values(row).returning(mends.c.id))).scalar_one()
        if released:
            await grow_revision(self.connection)
        return int(made)


async def mends_of(connection: AsyncConnection, plans: Sequence[int]) -> dict[int, list[Mend]]:
    """The rows of several plans, by plan, each in the order they were made."""
    found: dict[int, list[Mend]] = {}
    if plans:
        statement = select(mends).where(mends.c.plan.in_(set(plans))).order_by(mends.c.id)
        for row in await connection.execute(statement):
            found.setdefault(row.plan, []).append(_mend(row))
    return found


def _mend(row: Row[Any]) -> Mend:
    return Mend(row.id, row.since, Field(row.field), load(row.spot, Spot), load(row.value, Value), row.person, row.made_at)
