"""Putting off: a reminder comes once more, at a time its reader chose; a rhythm goes on as it was."""

from datetime import UTC, datetime, time, timedelta

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.people import Person
from bot.remind.planning import Habit, moment_of
from handlers.reminder import KEPT, OWN, SNOOZE, Due, buttons, known, origin_of, own_buttons, own_row, own_words, stand, words
from handlers.room import Room, Services, Turn, numbers_of, unasked
from handlers.schedule import KIND, habit
from handlers.wording import day
from storage.store import Transaction
from storage.values import Cancelled, OutboxRow, Planned

EVENING, MORNING = time(20), time(8)
LATER = ("hour", "evening", "tomorrow", "monday", "before")
"""What a reminder can be put off to."""

room = Room("snooze")


@room.button("later", personal=True)
async def later(turn: Turn, services: Services) -> Reply:
    """稍後: the times it can be put off to, those alone that are still to come."""
    async with services.store.read() as db:
        row = await own_row(db, turn, turn.args)
        wanted = habit(services, await db.subscriptions.habits(turn.person.id))
        times = await puttable(db, services, row, wanted, turn) if row is not None else {}
    if row is None:
        raise Refusal("desk.stale_button")
    offered = [Button(turn.say(f"remind.later_{name}"), Action("snooze", f"{row.id}.{LATER.index(name)}")) for name in times]
    return Reply(turn.say("remind.when_later"), tuple(tuple(offered[at : at + 2]) for at in range(0, len(offered), 2)))


async def puttable(db: Transaction, services: Services, row: OutboxRow, wanted: Habit, turn: Turn) -> dict[str, datetime]:
    """The moments a reminder can be put off to, by their names."""
    local = turn.now.astimezone(wanted.zone)
    today = local.date()
    found = {"hour": turn.now.astimezone(UTC) + timedelta(hours=1), "evening": moment_of(today, EVENING, wanted.zone)}
    found["tomorrow"] = moment_of(today + timedelta(days=1), MORNING, wanted.zone)
    found["monday"] = moment_of(today + timedelta(days=7 - today.weekday()), MORNING, wanted.zone)
    about = await _about(db, services, row)
    if about is not None:
        found["before"] = moment_of(about.moment.about - timedelta(days=3), MORNING, wanted.zone)
        if not about.moment.label[0].isdecimal() and not about.moment.label.startswith("due"):
            del found["before"]
    return {name: at for name, at in found.items() if at > turn.now and (name != "monday" or at != found["tomorrow"])}


async def _about(db: Transaction, services: Services, row: OutboxRow) -> Due | None:
    """What a reminder, or one put off, was about at first."""
    origin = await origin_of(db, row)
    if origin is None or origin.planned.kind != KIND:
        return None
    due = stand(await known(db, services, [origin]), services, origin)
    return due if isinstance(due, Due) else None


@room.button("snooze", personal=True)
async def snooze(turn: Turn, services: Services) -> Reply:
    """One of the times was chosen: the same reminder comes once more then; a rhythm goes on as it was."""
    number, choice = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        row = await own_row(db, turn, str(number))
        if row is None:
            raise Refusal("desk.stale_button")
        wanted = habit(services, await db.subscriptions.habits(turn.person.id))
        times = await puttable(db, services, row, wanted, turn)
        at = times.get(LATER[choice]) if choice < len(LATER) else None
        if at is None:
            return Reply(turn.say("remind.too_late"), place=Place.TOAST)
        key = f"{SNOOZE}:{row.id}:{at:%Y%m%d%H%M}"
        planned = Planned(key, SNOOZE, str(row.id), turn.person.id, row.planned.address, Lane.REMINDER, at, at + KEPT)
        await db.outbox.plan([planned], turn.now)
        await db.outbox.prove(turn.incoming.address, turn.incoming.remote, turn.now, row.planned.key)
        await db.audit.record(turn.person.id, "snoozed", str(row.id), turn.now)
    services.wake()
    local = at.astimezone(wanted.zone)
    return Reply(turn.say("remind.put_off", day=day(turn, local.date()), time=f"{local:%H:%M}"))


@room.composer(SNOOZE)
async def again(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word a reminder that was put off, as things stand now."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        due = await _about(db, services, row)
        origin = await origin_of(db, row)
        own = await db.own.get(int(origin.planned.reference)) if origin is not None and origin.planned.kind == OWN else None
    turn = unasked(person, row.planned.address, services, now)
    if own is not None and own.ended is None:
        lines = [turn.say("remind.again"), *own_words(turn, services, own, None)]
        return Reply("\n".join(lines), own_buttons(turn, row, own))
    if due is None:
        return Cancelled("nothing to remind of any more")
    lines = [turn.say("remind.again"), *words(turn, services, due, now)]
    return Reply("\n".join(lines), buttons(turn, services, row, due, person))
