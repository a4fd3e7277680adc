"""One duty: a measure for one unit, with how it stands and all that can be done about it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.ask.answer import Hit
from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Unit, covers, vouched
from bot.remind.lights import Light
from handlers.board import due_words, found_for, placed
from handlers.duties import Duty, in_charge
from handlers.gone import gone
from handlers.room import Audience, Room, Services, Turn
from handlers.standing import clock, may_say, named, state_words, target_of, today, turn_words
from handlers.wording import citation, quotation, when
from storage.standings import Standing, Target

room = Room("duty")


async def sought(turn: Turn, services: Services, reference: str) -> tuple[Hit, Unit] | Reply:
    """The measure and unit of `measure.unit` where the presser may see them, else what to say instead."""
    name, _, number = reference.partition(".")
    hit = services.library().find(name)
    if hit is None:
        return await gone(turn, services, name)
    units = {unit.id: unit for unit in in_charge(turn, services)}
    unit = units.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if unit is None:
        raise Refusal("desk.stale_button")
    return hit, unit


async def duty_of(turn: Turn, services: Services, hit: Hit, unit: Unit) -> Duty | None:
    """How a measure stands for a unit; None where the plan does not give it to that unit."""
    return next((duty for duty in await found_for(turn, services, [unit]) if duty.hit.measure.id == hit.measure.id), None)


def target(services: Services, duty: Duty, turn: Turn) -> Target:
    """What is said about a duty is said about the turn that it is judged by."""
    today_of = target_of(services, duty.hit, duty.unit, today(services, turn.now))
    return replace(today_of, occasion=duty.occasion or ("" if duty.due is not None else today_of.occasion))


@room.button("duty", Audience.STAFF, personal=True)
async def show(turn: Turn, services: Services) -> Reply:
    """A duty with its sentence, its state and what can be done; the reference is `measure.unit`."""
    found = await sought(turn, services, turn.args)
    if isinstance(found, Reply):
        return found
    duty = await duty_of(turn, services, *found)
    return await card(turn, services, duty) if duty is not None else Reply(turn.say("board.not_theirs", unit=found[1].name))


async def card(turn: Turn, services: Services, duty: Duty, said: str = "") -> Reply:
    """A duty in full; `said` is what just happened."""
    stand, hit = duty.stand, duty.hit
    lines = [said] if said else []
    lines.append(
        turn.say("duty.head", unit=duty.unit.name, light=turn.say(f"board.light_{duty.light}"), due=due_words(turn, services, duty))
    )
    lines += [quotation(turn, turn.person, hit.measure.text), turn.say("find.when", when=when(turn, hit.measure)), citation(turn, hit)]
    if duty.occasion:
        lines.append(turn.say("standing.about_turn", turn=turn_words(turn, duty.occasion)))
    if stand is not None and stand.state is not Standing.OPEN:
        async with services.store.read() as db:
            by = await db.people.get(stand.person) if stand.person else None
        time = clock(turn, services, stand.at)
        lines.append(turn.say("duty.said", state=state_words(turn, services, stand), name=named(turn, by), time=time))
        if stand.note:
            lines.append(turn.say("duty.note", note=stand.note))
    reference = f"{hit.measure.id}.{duty.unit.id}"
    rows: list[tuple[Button, ...]] = []
    setting = covers(turn.person, duty.unit.id, services.register())
    rectifying = stand is not None and stand.state is Standing.RECTIFYING
    if duty.light is not Light.DONE and (setting or (may_say(turn.person, duty.unit, services.register()) and not rectifying)):
        rows.append((Button(turn.say("standing.button_done"), Action("duty_done", reference)),))
    if stand is not None:
        undo = (Button(turn.say("standing.button_undo"), Action("undone", f"{stand.id}.{stand.revision}")),)
        rows.append(
            (
                *(undo if stand.state is Standing.DONE else ()),
                Button(turn.say("standing.button_history"), Action("standing", str(stand.id))),
            )
        )
    if duty.light is not Light.DONE:
        asking = (
            [Button(turn.say("duty.button_extend"), Action("extend", reference))]
            if vouched(turn.person) == duty.unit.id and duty.due
            else []
        )
        ordering = [Button(turn.say("duty.button_rectify"), Action("rectify", reference))] if setting else []
        rows += [(*asking, *ordering)] if asking or ordering else []
    rows.append((Button(turn.say("board.button_back"), Action("board_unit", f"{duty.unit.id}.0")),))
    return Reply("\n".join(lines), tuple(rows), place=placed(turn))


@room.button("duty_done", Audience.PRINCIPALS, personal=True)
async def done(turn: Turn, services: Services) -> Reply:
    """An administrator or a principal says that a unit has done something."""
    found = await sought(turn, services, turn.args)
    if isinstance(found, Reply):
        return found
    duty = await duty_of(turn, services, *found)
    if duty is None or not may_say(turn.person, duty.unit, services.register()):
        return Reply(turn.say("standing.not_yours"), place=Place.TOAST)
    rectifying = duty.stand is not None and duty.stand.state is Standing.RECTIFYING
    if rectifying and not covers(turn.person, duty.unit.id, services.register()):
        return Reply(turn.say("standing.rectifying", unit=duty.unit.name))
    if duty.light is not Light.DONE:
        await say_done(turn, services, [duty])
        duty = await duty_of(turn, services, *found) or duty
    return await card(turn, services, duty, turn.say("duty.done", unit=duty.unit.name))


async def say_done(turn: Turn, services: Services, found: Sequence[Duty]) -> None:
    """Enter 完成 for these duties."""
    async with services.store.begin() as db:
        for duty in found:
            stand = await db.standings.set(target(services, duty, turn), Standing.DONE, turn.person.id, turn.now)
            await db.audit.record(turn.person.id, "standing done", f"{stand.id} {duty.hit.measure.id} {duty.unit.id}", turn.now)


@room.button("duty_all", Audience.ADMINISTRATORS, personal=True)
async def ask_all(turn: Turn, services: Services) -> Reply:
    """全部記為完成: asked once more, with how many units it is for."""
    open_ones = await undone(turn, services, turn.args)
    if not open_ones:
        return Reply(turn.say("duty.none_open"), place=Place.TOAST)
    sure = Button(turn.say("duty.button_sure", count=len(open_ones)), Action("duty_every", f"{turn.args}.{len(open_ones)}"))
    back = Button(turn.say("board.button_back"), Action("board_measure", f"{turn.args}.0"))
    return Reply(turn.say("duty.ask_all", count=len(open_ones)), ((sure, back),), place=placed(turn))


async def undone(turn: Turn, services: Services, measure: str) -> list[Duty]:
    """The duties of a measure that are not done."""
    found = await found_for(turn, services, in_charge(turn, services))
    return [duty for duty in found if duty.hit.measure.id == measure and duty.light is not Light.DONE]


@room.button("duty_every", Audience.ADMINISTRATORS, personal=True)
async def every(turn: Turn, services: Services) -> Reply:
    """Enter 完成 for every unit that was shown; the reference is `measure.count`."""
    name, _, count = turn.args.partition(".")
    open_ones = await undone(turn, services, name)
    if str(len(open_ones)) != count:
        return Reply(turn.say("duty.changed"), place=Place.TOAST)
    await say_done(turn, services, open_ones)
    back = Button(turn.say("board.button_back"), Action("board_measure", f"{name}.0"))
    return Reply(turn.say("duty.all_done", count=count), ((back,),), place=placed(turn))
