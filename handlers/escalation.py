"""A rectification that nobody of a unit takes note of goes to the unit's deputy, then back to whoever set it for the district."""

from datetime import UTC, datetime, timedelta

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.people import Person, Unit, covers, vouched
from handlers.room import Audience, Room, Services, Turn, numbers_of, unasked
from handlers.standing import named
from handlers.supervision import known, pressable, tell, told
from storage.rectifications import Progress, Rectification
from storage.store import Transaction
from storage.values import Cancelled, OutboxRow

ESCALATED = "rectify_escalated"
"""The kind of the rows that bring it further up."""

room = Room("escalation")


async def plan_escalation(db: Transaction, services: Services, kept: Rectification, unit: int, people: list[Person], now: datetime) -> None:
    """Owe the deputy, then the district, a word where nobody of the unit has taken note by then."""
    table = services.settings.escalation
    if table.deputy_hours:
        named_one = await db.rectifications.deputy(unit)
        deputy = await db.people.get(named_one) if named_one else None
        second = [deputy] if deputy is not None else people[1:2]
        await tell(db, second, ESCALATED, f"{kept.id}.deputy", now, now.astimezone(UTC) + timedelta(hours=table.deputy_hours))
    if table.district_hours and kept.person is not None:
        author = await db.people.get(kept.person)
        at = now.astimezone(UTC) + timedelta(hours=table.district_hours)
        await tell(db, [author] if author else [], ESCALATED, f"{kept.id}.district", now, at)


@room.composer(ESCALATED)
async def escalated(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """A rectification that nobody of the unit took note of, for the deputy or for whoever set it."""
    async with services.store.read() as db:
        found = await known(db, services, row.planned.reference)
        author = await db.people.get(found[0].person) if found and found[0].person else None
    if person is None or found is None or found[0].state is not Progress.SET or found[0].seen_at is not None:
        return Cancelled("somebody took note of it")
    kept, stand = found
    turn = unasked(person, row.planned.address, services, now)
    up = row.planned.reference.endswith(".district")
    lines = told(turn, services, kept, stand, author, "rectify.head_district" if up else "rectify.head_deputy")
    return Reply("\n".join(lines), () if up else pressable(turn, kept))


def unit_in_hand(turn: Turn, services: Services, number: int) -> Unit | None:
    """The unit of that id where this person may name its deputy: its own principal, and whoever has charge of it."""
    register = services.register()
    unit = next((unit for unit in register.units if unit.id == number), None)
    if unit is None:
        return None
    return unit if vouched(turn.person) == unit.id or covers(turn.person, unit.id, register) else None


@room.button("deputy", Audience.PRINCIPALS, personal=True)
async def deputy(turn: Turn, services: Services) -> Reply:
    """副手: the people of a unit to choose from; the reference is the unit's id."""
    (number,) = numbers_of(turn.args, 1)
    unit = unit_in_hand(turn, services, number)
    if unit is None:
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        own = [person for person in await db.people.every() if vouched(person) == unit.id]
        chosen = await db.rectifications.deputy(unit.id)
    if not own:
        return Reply(turn.say("escalation.nobody", unit=unit.name))
    now = next((person for person in own if person.id == chosen), None)
    line = turn.say("escalation.which", unit=unit.name, name=named(turn, now) if now else turn.say("escalation.none"))
    buttons = [Button(named(turn, person), Action("deputy_is", f"{unit.id}.{person.id}")) for person in own[:20]]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    if now is not None:
        rows.append((Button(turn.say("escalation.button_none"), Action("deputy_is", f"{unit.id}.0")),))
    return Reply(line, tuple(rows))


@room.button("deputy_is", Audience.PRINCIPALS, personal=True)
async def choose_deputy(turn: Turn, services: Services) -> Reply:
    """Keep who was chosen; 0 for nobody."""
    number, who = numbers_of(turn.args, 2)
    unit = unit_in_hand(turn, services, number)
    async with services.store.begin() as db:
        person = await db.people.get(who) if who else None
        if unit is None or (who and (person is None or vouched(person) != unit.id)):
            raise Refusal("desk.stale_button")
        await db.rectifications.set_deputy(unit.id, who or None)
        await db.audit.record(turn.person.id, "deputy", f"{unit.id} {who}", turn.now)
    key = "escalation.kept" if person else "escalation.dropped"
    return Reply(turn.say(key, unit=unit.name, name=named(turn, person)))
