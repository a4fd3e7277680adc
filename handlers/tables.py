"""The board as a picture and as a table (台賬), in chat and on the page."""

import asyncio
from collections.abc import Sequence

from bot.chat import File, Reply
from bot.draw.board import Bar, Words, draw_board
from bot.errors import Refusal
from bot.export.files import FORBIDDEN
from bot.export.ledger import MIME
from bot.export.standings import Line, standings
from bot.people import Unit
from bot.remind.lights import ORDER
from handlers.board import found_for
from handlers.duties import URGENT, Duty, by_section, by_unit, in_charge, tally
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.standing import clock, named, state_words, turn_words
from handlers.wording import heading, leading, title
from storage.standings import Standing

room = Room("tables")


def chosen(turn: Turn, services: Services, number: int) -> tuple[Unit, ...]:
    """The unit of that id where the person may see it, all they may see for 0."""
    return tuple(unit for unit in in_charge(turn, services) if number in (0, unit.id))


def head(turn: Turn, services: Services, units: Sequence[Unit]) -> str:
    """What a table or picture of these units is called."""
    if len(units) == 1:
        return turn.say("board.unit", unit=units[0].name, time=clock(turn, services, turn.now))
    return turn.say("board.head", count=len(units), time=clock(turn, services, turn.now))


@room.button("board_picture", Audience.PRINCIPALS, personal=True)
async def picture(turn: Turn, services: Services) -> Reply:
    """看圖: a bar for each unit, or for each section of one unit; the reference is the unit's id, 0 for all."""
    units = chosen(turn, services, *numbers_of(turn.args, 1))
    if not units:
        raise Refusal("desk.stale_button")
    return Reply(head(turn, services, units), files=(await drawn(turn, services, units),))


async def drawn(turn: Turn, services: Services, units: Sequence[Unit]) -> File:
    """The picture as PNG."""
    found = await found_for(turn, services, units)
    if len(units) > 1:
        rows = [(unit.name, mine) for unit, mine in by_unit(found)]
    else:
        rows = [(heading(turn, mine[0].hit), mine) for _, mine in by_section(found)]
    legend = {str(one): turn.say(f"board.word_{one}") for one in (*URGENT, "done")} | {"rest": turn.say("board.word_rest")}
    name = units[0].name if len(units) == 1 else turn.say("board.title", count=len(units))
    words = Words(name, turn.say("board.at", time=clock(turn, services, turn.now)), legend, turn.say("board.others"))
    data = await asyncio.to_thread(draw_board, words, [bar(label, mine) for label, mine in rows])
    return File(f"{turn.say('board.file')}.png", "image/png", data)


def bar(name: str, found: Sequence[Duty]) -> Bar:
    """The duties of a unit or section as parts of a bar."""
    count = tally(found)
    parts = {str(one): count[one] for one in (*URGENT, ORDER[-1])}
    return Bar(name, parts | {"rest": len(found) - sum(parts.values())})


@room.button("board_table", Audience.PRINCIPALS, personal=True)
async def table(turn: Turn, services: Services) -> Reply:
    """台賬 as XLSX; the reference is the unit's id, 0 for all."""
    units = chosen(turn, services, *numbers_of(turn.args, 1))
    if not units:
        raise Refusal("desk.stale_button")
    return Reply(head(turn, services, units), files=(await workbook(turn, services, units),))


async def workbook(turn: Turn, services: Services, units: Sequence[Unit]) -> File:
    """The duties of these units as a workbook, unit by unit, the most urgent first."""
    found = sorted(await found_for(turn, services, units), key=lambda duty: (duty.unit.id, duty.order))
    stands = [duty.stand for duty in found if duty.stand is not None]
    async with services.store.read() as db:
        files = await db.files.evidence([stand.id for stand in stands])
        people = {person.id: person for person in await db.people.every()}
    lines = []
    for duty in found:
        stand, measure = duty.stand, duty.hit.measure
        spoken_of = stand is not None and stand.state is not Standing.OPEN
        lines.append(
            Line(
                duty.unit.name,
                str(duty.light),
                duty.due,
                measure.text,
                measure.date.text if measure.date else measure.recurrence.text if measure.recurrence else "",
                turn_words(turn, duty.occasion) if duty.occasion else "",
                heading(turn, duty.hit),
                turn.say("comma").join(owner.name for owner in leading(measure)),
                title(turn, duty.hit),
                state_words(turn, services, stand) if stand and spoken_of else "",
                stand.note if stand else "",
                turn.say("comma").join(file.name for file in files.get(stand.id, [])) if stand else "",
                clock(turn, services, stand.at) if stand and spoken_of else "",
                named(turn, people.get(stand.person or 0)) if stand and spoken_of else "",
            )
        )
    name = head(turn, services, units)
    data = await asyncio.to_thread(standings, name, lines, lambda key, /, **values: turn.say(key, **values), turn.now)
    stamp = f"{turn.now.astimezone(services.settings.zone):%Y%m%d}"
    unit = f"{units[0].name}-" if len(units) == 1 else ""
    safe = "".join("_" if char in FORBIDDEN else char for char in f"{unit}{turn.say('board.file')}-{stamp}")
    return File(f"{safe}.xlsx", MIME, data)
