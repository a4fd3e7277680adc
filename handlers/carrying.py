"""States of measures go on when a new version of a plan words their sentences otherwise."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from bot.plan.compare import Comparison, closest, compare
from bot.plan.succession import found_in
from handlers.room import Services
from storage.standings import Stand
from storage.values import PlanState, StoredPlan


async def carry_all(services: Services, now: datetime) -> int:
    """Take every state whose sentence no plan in use has on to what stands in its place now; returns how many measures took one over.

    Harmless to repeat: a state is looked up once for each version that comes into use.
    """
    library = services.library()
    in_use = {shelf.plan: shelf.version for shelf in library.shelves}
    async with services.store.read() as db:
        stands = [
            one
            for one in await db.standings.every()
            if one.target.plan in in_use and one.target.version != in_use[one.target.plan] and library.find(one.target.measure) is None
        ]
        versions = {plan: await db.plans.versions(plan) for plan in {one.target.plan for one in stands}}
    count = 0
    for plan, stored in versions.items():
        current = next((row for row in stored if row.state is PlanState.RELEASED), None)
        if current is None:
            continue
        successors: dict[str, tuple[str, ...]] = {}
        for former, measures in by_version(stored, [one for one in stands if one.target.plan == plan]):
            comparison = await asyncio.to_thread(compare, former.document.plans, current.document.plans)
            successors |= followed_by(comparison, measures)
        async with services.store.begin() as db:
            count += await db.standings.carry(plan, current.version, successors, now)
    return count


def by_version(stored: Iterable[StoredPlan], stands: Iterable[Stand]) -> list[tuple[StoredPlan, set[str]]]:
    """The measures of these states by the last version that held them while it was in use."""
    once = [row for row in stored if row.released_at is not None and row.state is not PlanState.RELEASED]
    once.sort(key=lambda row: (row.ended_at is not None, row.ended_at, row.version), reverse=True)
    found: dict[int, tuple[StoredPlan, set[str]]] = {}
    for measure in {one.target.measure for one in stands}:
        holder = next((row for row in once if found_in(row.document, measure) is not None), None)
        if holder is not None:
            found.setdefault(holder.version, (holder, set()))[1].add(measure)
    return list(found.values())


def followed_by(comparison: Comparison, measures: set[str]) -> dict[str, tuple[str, ...]]:
    """For each of these measures, and those that became one with them, the measures that stand for it now."""
    found: dict[str, tuple[str, ...]] = {}
    for row in comparison.rows:
        before = [one.id for one in row.before]
        if measures.isdisjoint(before):
            continue
        for name in before:
            heir = closest(name, row)
            found[name] = tuple(one.id for one in row.after) if len(before) == 1 else ((heir.id,) if heir else ())
    return found
