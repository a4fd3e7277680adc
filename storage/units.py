"""The register of schools, offices and groups, replaced as a whole from its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.people import Unit
from storage.counting import alone, grow_revision
from storage.tables import units


@dataclass(frozen=True, slots=True)
class Units:
    """The register, within one transaction."""

    connection: AsyncConnection

    async def replace(self, register: Sequence[Unit], now: datetime) -> tuple[int, int, int]:
        """Make the register this one; returns how many units are new, changed and removed.

        Units are told apart by name and keep their id; the ids given are not looked at. People of a removed unit have none
        afterwards, and invitations to it are void. ValueError where a name comes twice.
        """
        wanted = {unit.name: _values(unit, place) for place, unit in enumerate(register)}
        if len(wanted) != len(register):
            raise ValueError("a register in which no name comes twice is wanted; reading one refuses others")
        rows = (await self.connection.execute(select(units))).all()
        kept = {row.name: row for row in rows}
        removed = [row.id for row in rows if row.name not in wanted]
        added = [values for name, values in wanted.items() if name not in kept]
        changed = [
            values | {"at_id": kept[name].id}
            for name, values in wanted.items()
            if name in kept and any(getattr(kept[name], column) != value for column, value in values.items())
        ]
        if removed:
            await self.connection.execute(delete(units).where(units.c.id.in_(removed)))
        if added:
            await self.connection.execute(insert(units), added)
        for values in changed:
            key = values.pop("at_id")
            await self.connection.execute(update(units).where(units.c.id == key).values(values))
        if removed or added or changed:
            await grow_revision(self.connection)
        return len(added), len(changed), len(removed)

    async def every(self) -> list[Unit]:
        """All units in the order of their table."""
        rows = await self.connection.execute(select(units).order_by(units.c.position, units.c.id))
        return [_unit(row) for row in rows]

    async def get(self, unit: int) -> Unit:
        """The unit of that id; Refusal `register.gone`."""
        row = (await self.connection.execute(select(units).where(units.c.id == unit))).one_or_none()
        if row is None:
            raise Refusal("register.gone")
        return _unit(row)

    async def set_aliases(self, unit: int, aliases: Sequence[str], former: Sequence[str]) -> Unit:
        """Give a unit other names in place of `former`; Refusal `register.stale` where it has others by now, `register.gone`."""
        return await self._set(unit, "aliases", list(aliases), list(former))

    async def set_groups(self, unit: int, groups: Sequence[str], former: Sequence[str]) -> Unit:
        """Put a unit into these groups in place of `former`; refused as `set_aliases` is."""
        return await self._set(unit, "groups", list(groups), list(former))

    async def set_kind(self, unit: int, kind: str, former: str) -> Unit:
        """Make a unit one of another kind; refused as `set_aliases` is."""
        return await self._set(unit, "kind", kind, former)

    async def _set(self, unit: int, column: str, value: object, former: object) -> Unit:
        await alone(self.connection)
        if _values(await self.get(unit), 0)[column] != former:
            raise Refusal("register.stale")
        await self.connection.execute(update(units).where(units.c.id == unit).values({column: value}))
        await grow_revision(self.connection)
        return await self.get(unit)

    async def add(self, name: str, kind: str) -> Unit:
        """A new unit at the end of the register; Refusal `register.taken` where there is one of that name."""
        await alone(self.connection)
        if await self.named(name) is not None:
            raise Refusal("register.taken", name=name)
        last = (await self.connection.execute(select(func.max(units.c.position)))).scalar_one_or_none()
        values = _values(Unit(0, name, kind), 0 if last is None else last + 1)
        row = (await self.connection.execute(insert(units).values(values).returning(units))).one()
        await grow_revision(self.connection)
        return _unit(row)

    async def named(self, name: str) -> Unit | None:
        """The unit of exactly that name, or None; aliases are the register's business."""
        row = (await self.connection.execute(select(units).where(units.c.name == name))).one_or_none()
        return _unit(row) if row else None


def _values(unit: Unit, place: int) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "aliases": list(unit.aliases),
        "groups": list(unit.groups),
        "position": place,
    }


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.id, row.name, row.kind, row.parent, tuple(row.aliases), tuple(row.groups))
