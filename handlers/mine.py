"""我校: what the asker's own unit has to do, with 各校 and other groups read as their members."""

from datetime import date

from bot.ask.answer import Hit
from bot.chat import Action, Button, Reply
from bot.people import Unit
from handlers import start
from handlers.agenda import concerns, entries, window
from handlers.room import Room, Services, Turn
from handlers.standing import done_button, finished_of
from handlers.wording import day_words, shorten

PAGE = 8
"""Measures shown at once."""

room = Room("mine")


def duties(services: Services, unit: Unit, today: date) -> list[Hit]:
    """All measures that concern the unit: those of this month first, then the dated ones ahead, the undated, and what is over."""
    month = window("month", today)
    assert month is not None
    near = {hit.measure.id for hit in entries(services, month, unit)[0]}
    library = services.library()
    every = (library.find(measure.id) for shelf in library.shelves for measure in shelf.document.measures)
    found = [hit for hit in every if hit and concerns(services, hit, unit)]

    def order(hit: Hit) -> tuple[int, date]:
        span = hit.measure.date
        if hit.measure.id in near:
            return 0, (span.first if span and span.first else today)
        if span is None or not span.acts or span.first is None:
            return 2, date.max
        over = span.end is not None and span.end < today
        return (3 if over else 1), span.first

    return sorted(found, key=order)


@room.command("mine", personal=True)
async def mine(turn: Turn, services: Services) -> Reply:
    """What the asker's unit has to do; asks for the unit where none is known."""
    unit = next((unit for unit in services.register().units if unit.id == turn.person.unit), None)
    if unit is None:
        return await start.ask_unit(turn, services, 0)
    return await show(turn, services, unit, 0)


@room.button("mine", personal=True)
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another page; the reference is its number."""
    unit = next((unit for unit in services.register().units if unit.id == turn.person.unit), None)
    if unit is None:
        return await start.ask_unit(turn, services, 0)
    return await show(turn, services, unit, int(turn.args) if turn.args.isdecimal() and len(turn.args) < 5 else 0)


async def show(turn: Turn, services: Services, unit: Unit, page: int) -> Reply:
    """One page of a unit's measures, with what it has done marked so, and 完成 by number for its people."""
    today = turn.now.astimezone(services.settings.zone).date()
    found = duties(services, unit, today)
    if not found:
        return Reply(turn.say("mine.none", unit=unit.name))
    first = page * PAGE
    lines = [turn.say("mine.head", unit=unit.name, count=len(found))]
    async with services.store.read() as db:
        done = await finished_of(db, services.calendar, [hit.measure for hit in found[first : first + PAGE]], unit.id, today)
    pressed = []
    for number, hit in enumerate(found[first : first + PAGE], first + 1):
        span = hit.measure.date
        time = day_words(turn, span) if span is not None and span.acts else turn.say("mine.undated")
        over = span is not None and span.acts and span.end is not None and span.end < today
        key = "mine.row_done" if hit.measure.id in done else "mine.row_over" if over else "mine.row"
        label = turn.say("standing.button_done_number", number=number)
        if hit.measure.id not in done and (button := done_button(turn, services.register(), hit.measure, label=label)):
            pressed.append(button)
        lines.append(turn.say(key, number=number, time=time, text=shorten(hit.measure.text, 60), group=", ".join(_as(services, unit, hit))))
    buttons = []
    if page:
        buttons.append(Button(turn.say("page.back"), Action("mine", str(page - 1))))
    if len(found) > first + PAGE:
        buttons.append(Button(turn.say("page.more"), Action("mine", str(page + 1))))
    rows = [tuple(pressed[at : at + 4]) for at in range(0, len(pressed), 4)]
    if not page and unit.id == turn.person.unit:
        buttons.append(Button(turn.say("agenda.button_calendar"), Action("calendar_file", "mine")))
    return Reply("\n".join(lines), tuple(filter(None, (*rows, tuple(buttons)))))


def _as(services: Services, unit: Unit, hit: Hit) -> list[str]:
    """The owner's words under which the unit is meant (各校)."""
    register = services.register()
    return list(dict.fromkeys(owner.name for owner in hit.measure.owners if register.concerns(owner.name, unit)))
