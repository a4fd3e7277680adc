"""What a new version of a plan changes is told to whom it concerns, once: a day that moved, what was dropped, what came."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat import Action, Button, Reply
from bot.limits import Lane
from bot.people import Person
from bot.remind.change import Shift, shifts
from bot.remind.coverage import Coverage
from bot.remind.planning import waking
from bot.remind.record import digest, shift_data, shift_from, subject_data, subject_from
from bot.remind.subjects import Subject, subjects
from handlers.reminder import nobody, when_of
from handlers.room import Room, Services, Turn, unasked
from handlers.schedule import CHUNK, Follower, followers, groups, habit, wishes
from handlers.schedule import KIND as REMIND
from handlers.standing import today
from handlers.wording import LABEL_LENGTH, shorten, spoken
from storage.values import Cancelled, OutboxRow, Planned, Planning, Postponed

KIND = "moved"
"""The kind of outbox row that tells of changes."""
USEFUL = timedelta(days=14)
"""How long it is of use to tell of a change."""
SHOWN = 10
"""Changes of one message."""

room = Room("moved")


async def observe(services: Services, now: datetime) -> int:
    """Compare the plans in use with what was last planned on; withdraw the reminders of what moved or went, and keep what is to be told.

    All of it in one transaction a plan, and only where this process holds the plans that the database has in use. Returns how many
    plans had changed.
    """
    revision = services.revision()
    present = {shelf.plan: list(subjects(shelf.document, shelf.plan)) for shelf in services.library().shelves}
    names = await asyncio.to_thread(lambda: {plan: digest(rows) for plan, rows in present.items()})
    async with services.store.read() as db:
        known = await db.plannings.digests()
    changed = [plan for plan in {*names, *known} if names.get(plan) != known.get(plan)]
    count = 0
    for plan in sorted(changed):
        count += await _observe(services, revision, plan, present.get(plan, []), names.get(plan), now)
    return count


async def _observe(services: Services, revision: int, plan: int, rows: Sequence[Subject], name: str | None, now: datetime) -> bool:
    async with services.store.read() as db:
        before, roots = (await db.plannings.every()).get(plan), await db.plannings.roots()
    changes: tuple[Shift, ...] = ()
    if before is not None:
        changes = await asyncio.to_thread(shifts, [subject_from(row) for row in before.subjects], rows, roots)
    async with services.store.begin() as db:
        await db.plannings.alone()
        stands = (await db.plannings.digests()).get(plan)
        if await db.plans.revision() != revision or stands != (before.digest if before is not None else None):
            return False
        if name is None:
            await db.plannings.forget(plan)
        else:
            await db.plannings.keep(Planning(plan, name, tuple(subject_data(row) for row in rows)))
        await db.plannings.tie({one.after.id: one.root for one in changes if one.after is not None and one.after.id != one.root})
        told = [one for one in changes if one.kind != "kept"]
        await db.outbox.withdraw_all(REMIND, [one.root for one in told])
        if told:
            await db.plannings.note_shift(plan, [shift_data(one) for one in told], now)
    return True


async def tell(services: Services, now: datetime) -> int:
    """Owe everybody whom a change concerns a message on it; returns how many rows are new. Harmless to repeat."""
    async with services.store.read() as db:
        waiting = await db.plannings.untold()
        persons = await db.subscriptions.persons() if waiting else []
        crowd = await groups(db) if waiting else []
    written = 0
    for shift in waiting:
        changes = [shift_from(row) for row in shift.changes]
        sides = both_sides(services, changes)
        for at in range(0, len(persons) + 1, CHUNK):
            async with services.store.read() as db:
                chunk = await followers(db, persons[at : at + CHUNK])
            rows = [
                owed(shift.id, one, now)
                for one in (*chunk, *(crowd if at == 0 else ()))
                if concerning(changes, sides, one, today(services, now))
            ]
            if rows:
                async with services.store.begin() as db:
                    written += await db.outbox.plan(rows, now)
    if waiting:
        async with services.store.begin() as db:
            await db.plannings.end_telling([shift.id for shift in waiting], now)
    return written


def owed(shift: int, follower: Follower, now: datetime) -> Planned:
    """The row that tells a follower of a change."""
    key = f"{KIND}:{shift}:{follower.holder}"
    return Planned(key, KIND, str(shift), follower.person, follower.address, Lane.REMINDER, now, now + USEFUL)


def both_sides(services: Services, changes: Sequence[Shift]) -> tuple[Coverage, Coverage]:
    """What the changed subjects were and what they are, each to be asked whom it concerns."""
    register = services.register()
    old = [(one.before, one.root) for one in changes if one.before is not None]
    new = [(one.after, one.root) for one in changes if one.after is not None]
    first, second = (Coverage([one for one, _ in side], register, {one.id: root for one, root in side}) for side in (old, new))
    return first, second


def concerning(changes: Sequence[Shift], sides: tuple[Coverage, Coverage], follower: Follower, day: date) -> list[Shift]:
    """The changes that concern a follower, without those of what is over either way."""
    mine = wishes(follower.wishes)
    roots = {root for side in sides for root in side.decide(mine, follower.unit)}
    return [one for one in changes if one.root in roots and not over(one, day)]


def over(shift: Shift, day: date) -> bool:
    """True where both what was and what is now lie behind."""
    lasts = [side.last or side.period.end for side in (shift.before, shift.after) if side is not None]
    return all(last < day for last in lasts)


@room.composer(KIND)
async def moved(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled | Postponed:
    """Word what changed for this reader, as they follow it now."""
    if person is None and row.planned.person is not None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        shift = await db.plannings.shift(int(row.planned.reference))
        found = (
            await followers(db, [person.id])
            if person is not None
            else [one for one in await groups(db) if one.address == row.planned.address]
        )
    if shift is None or not found:
        return Cancelled("nothing is followed any more")
    awake = waking(now, habit(services, found[0].habits))
    if awake > now:
        return Postponed(awake, "quiet hours")
    changes = [shift_from(data) for data in shift.changes]
    mine = concerning(changes, both_sides(services, changes), found[0], today(services, now))
    if not mine:
        return Cancelled("it does not concern them any more")
    turn = unasked(person or nobody(services), row.planned.address, services, now)
    lines = [turn.say("moved.head", count=len(mine))]
    lines += [told(turn, number, one) for number, one in enumerate(mine[:SHOWN], 1)]
    if len(mine) > SHOWN:
        lines.append(turn.say("moved.rest", count=len(mine) - SHOWN))
    buttons = [
        Button(turn.say("moved.open", number=number), Action("source", one.after.measure))
        for number, one in enumerate(mine[:SHOWN], 1)
        if one.after is not None
    ]
    return Reply("\n".join(lines), tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)))


def told(turn: Turn, number: int, shift: Shift) -> str:
    """One change in a line: from when to when, or that it is gone or new."""
    side = shift.after or shift.before
    assert side is not None
    name = spoken(turn, shorten(side.name, LABEL_LENGTH * 2))
    if shift.before is None or shift.after is None:
        return turn.say(f"moved.{shift.kind}", number=number, name=name, when=when_of(turn, side))
    return turn.say("moved.moved", number=number, name=name, before=when_of(turn, shift.before), after=when_of(turn, shift.after))
