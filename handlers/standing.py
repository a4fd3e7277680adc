"""完成: a unit has done what the plans ask of it, said by its own people and taken back by a press."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.ask.answer import Hit
from bot.calendar import SchoolCalendar
from bot.chat import Action, Button, Place, Reply
from bot.people import Person, Unit, covers, vouched
from bot.plan.model import Measure, Owner, Role
from bot.plan.units import Register
from bot.remind.occasion import occasion
from handlers.gone import gone
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import LABEL_LENGTH, near_day, shorten
from storage.standings import Stand, Standing, Target
from storage.store import Transaction

ANSWERING = (Role.LEAD, Role.ORGANISE, Role.JOIN)
"""Who has to do what a measure asks; who merely supports or supervises may say so, but nobody waits for it."""

room = Room("standing")


def owning(register: Register, measure: Measure) -> tuple[Unit, ...]:
    """The units that the measure names in any role, groups (各校) read as their members."""
    return members(register, measure.owners)


def answering(register: Register, measure: Measure) -> tuple[Unit, ...]:
    """The units of which it is expected that they do it: those that lead, organise or join; where the measure has none of these, all."""
    owners = [owner for owner in measure.owners if owner.role in ANSWERING] or measure.owners
    return members(register, owners)


def members(register: Register, owners: Iterable[Owner]) -> tuple[Unit, ...]:
    """The units that owners stand for, each once."""
    found = {unit.id: unit for owner in owners for unit in register.members(owner.name)}
    return tuple(found.values())


def today(services: Services, now: datetime) -> date:
    """The day in the district's zone."""
    return now.astimezone(services.settings.zone).date()


def may_say(person: Person, unit: Unit, register: Register) -> bool:
    """Whether a person may say how far a unit is: its own people, and whoever has charge of it."""
    return vouched(person) == unit.id or covers(person, unit.id, register)


def own_unit(register: Register, person: Person, measure: Measure) -> Unit | None:
    """The unit for which a person may say that the measure is done; None where theirs does not own it."""
    own = vouched(person)
    return next((unit for unit in owning(register, measure) if unit.id == own), None)


def done_button(turn: Turn, register: Register, measure: Measure, about: date | None = None, label: str = "") -> Button | None:
    """完成, for people of a unit that owns the measure; `about` is the day a reminder was about, which tells the turn of a rhythm."""
    if own_unit(register, turn.person, measure) is None:
        return None
    tail = f".{about:%Y%m%d}" if about else ""
    return Button(label or turn.say("standing.button_done"), Action("done", f"{measure.id}{tail}"))


async def finished_of(db: Transaction, school: SchoolCalendar, measures: Iterable[Measure], unit: int, about: date) -> set[str]:
    """The ids of those measures that a unit has done for the turn that `about` falls into."""
    turns = {measure.id: occasion(measure, about, school) for measure in measures}
    done = await db.standings.done(turns, [unit])
    return {name for name, when in turns.items() if (name, unit, when) in done}


@room.button("done", Audience.STAFF, personal=True)
async def done(turn: Turn, services: Services) -> Reply:
    """完成: kept for the presser's unit; the reference is `measure` or `measure.20261101`."""
    name, _, stamp = turn.args.partition(".")
    hit = services.library().find(name)
    if hit is None:
        return await gone(turn, services, name)
    unit = own_unit(services.register(), turn.person, hit.measure)
    if unit is None:
        return Reply(turn.say("standing.not_yours"), place=Place.TOAST)
    about = read_day(stamp) or today(services, turn.now)
    target = target_of(services, hit, unit, about)
    async with services.store.begin() as db:
        before = await db.standings.of(target.measure, target.unit, target.occasion)
        if before is not None and before.state is Standing.DONE:
            by = await db.people.get(before.person) if before.person else None
            line = turn.say("standing.already", unit=unit.name, name=named(turn, by), time=clock(turn, services, before.at))
            return Reply(line, (buttons(turn, before),))
        if before is not None and before.state is Standing.RECTIFYING:
            return Reply(turn.say("standing.rectifying", unit=unit.name))
        stand = await db.standings.set(target, Standing.DONE, turn.person.id, turn.now)
        await db.audit.record(turn.person.id, "standing done", f"{stand.id} {target.measure} {unit.id}", turn.now)
    services.wake()
    lines = [turn.say("standing.done", unit=unit.name, name=shorten(hit.measure.text, LABEL_LENGTH))]
    if target.occasion:
        lines.append(turn.say("standing.done_turn", turn=turn_words(turn, target.occasion)))
    lines.append(turn.say("standing.stops"))
    return Reply("\n".join(lines), (buttons(turn, stand),))


def target_of(services: Services, hit: Hit, unit: Unit, about: date) -> Target:
    """What a state of this unit and day is about."""
    return Target(hit.shelf.plan, hit.shelf.version, hit.measure.id, unit.id, occasion(hit.measure, about, services.calendar))


def read_day(stamp: str) -> date | None:
    """The day behind `20261101`; None for anything else."""
    try:
        return date.fromisoformat(stamp) if len(stamp) == 8 and stamp.isascii() and stamp.isdigit() else None
    except ValueError:
        return None


def turn_words(turn: Turn, when: str) -> str:
    """The turn of a rhythm as it is said: a day, a week, a month, a quarter, a term or a school year."""
    head, _, tail = when.partition("-")
    if not tail:
        return turn.say("standing.turn_year", year=head, next=int(head) + 1)
    if tail.startswith("W"):
        monday = date.fromisocalendar(int(head), int(tail[1:]), 1)
        return turn.say("standing.turn_week", day=near_day(turn, monday))
    if tail.startswith("Q"):
        return turn.say("standing.turn_quarter", year=head, number=tail[1:])
    if len(tail) == 1:
        return turn.say(f"standing.turn_term_{tail}", year=head, next=int(head) + 1)
    if len(tail) == 2:
        return turn.say("standing.turn_month", year=head, month=int(tail))
    return near_day(turn, date.fromisoformat(when))


def buttons(turn: Turn, stand: Stand) -> tuple[Button, ...]:
    """What can be done with a state just said: take it back, add what shows it, see how it came about."""
    found = []
    if stand.state is Standing.DONE:
        found.append(Button(turn.say("standing.button_undo"), Action("undone", f"{stand.id}.{stand.revision}")))
    found.append(Button(turn.say("standing.button_evidence"), Action("evidence", str(stand.id))))
    found.append(Button(turn.say("standing.button_history"), Action("standing", str(stand.id))))
    return tuple(found)


async def opened(turn: Turn, services: Services, db: Transaction, number: int) -> tuple[Stand, Unit] | None:
    """The state of that id with its unit where this person may speak for it, else None."""
    stand = await db.standings.get(number)
    unit = next((unit for unit in services.register().units if stand and unit.id == stand.target.unit), None)
    return (stand, unit) if stand is not None and unit is not None and may_say(turn.person, unit, services.register()) else None


@room.button("undone", Audience.STAFF, personal=True)
async def undo(turn: Turn, services: Services) -> Reply:
    """撤銷: the state before counts again, and so do the reminders."""
    number, revision = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        found = await opened(turn, services, db, number)
        stand = await db.standings.undo(number, revision, turn.person.id, turn.now) if found else None
        if found is None or stand is None:
            return Reply(turn.say("standing.stale"), place=Place.TOAST)
        await db.audit.record(turn.person.id, "standing undo", str(number), turn.now)
    return Reply(turn.say("standing.undone", unit=found[1].name), (buttons(turn, stand),))


def state_words(turn: Turn, services: Services, stand: Stand) -> str:
    """A state in a few words, with its day where it has one of its own."""
    until = near_day(turn, stand.until) if stand.until else ""
    return turn.say(f"standing.state_{stand.state.value}", until=until)


def named(turn: Turn, person: Person | None) -> str:
    """Somebody by name; who has none, or was forgotten, is a colleague."""
    return person.name if person and person.name else turn.say("standing.somebody")


def clock(turn: Turn, services: Services, at: datetime) -> str:
    """A moment as day and time of the district."""
    local = at.astimezone(services.settings.zone)
    return turn.say("standing.clock", month=local.month, day=local.day, time=f"{local:%H:%M}")
