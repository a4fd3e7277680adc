"""/board: how far the units are, for administrators all of them and for principals their own, with a way down to each measure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.ask.answer import Hit
from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Rank, Unit
from bot.remind.lights import ORDER, Light
from bot.remind.subjects import DEFINITE
from handlers.duties import URGENT, Duty, Section, by_measure, by_section, by_unit, duties, in_charge, tally, unowned
from handlers.gone import gone
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.standing import clock, today
from handlers.wording import heading, shorten, spoken, title, who

PAGE = 8
"""Rows shown at once."""
NAME = 16
"""Characters of a unit on a button."""
VIEWS = ("units", "sections")

room = Room("board")


@room.command("board", Audience.PRINCIPALS, personal=True)
async def board(turn: Turn, services: Services) -> Reply:
    """The district by unit, or the asker's own unit."""
    return await overview(turn, services, "units", 0)


@room.button("board", Audience.PRINCIPALS, personal=True)
async def board_page(turn: Turn, services: Services) -> Reply:
    """Another page or view; the reference is `units.0` or `sections.0`."""
    view, _, page = turn.args.partition(".")
    if view not in VIEWS:
        raise Refusal("desk.stale_button")
    return await overview(turn, services, view, *numbers_of(page, 1))


async def found_for(turn: Turn, services: Services, units: Sequence[Unit]) -> list[Duty]:
    """The duties of these units as they stand today."""
    async with services.store.read() as db:
        return await duties(db, services, units, today(services, turn.now))


def placed(turn: Turn) -> Place:
    """A pressed board changes in place; a called one is new."""
    return Place.REPLACE if turn.incoming.action else Place.NEW


async def overview(turn: Turn, services: Services, view: str, page: int) -> Reply:
    """All units in the asker's charge by unit or by section; who has charge of one unit sees that one."""
    units = in_charge(turn, services)
    if not units:
        return Reply(turn.say("board.no_unit"))
    if len(units) == 1:
        return await unit_view(turn, services, units[0], page, alone=True)
    found = await found_for(turn, services, units)
    if not found:
        return Reply(turn.say("board.nothing"))
    lines = [turn.say("board.head", count=len(units), time=clock(turn, services, turn.now)), *counts(turn, tally(found))]
    if turn.person.rank >= Rank.ADMINISTRATOR and page == 0 and (count := unowned(services)):
        lines.append(turn.say("board.unowned", count=count))
    lines.append(turn.say(f"board.by_{view}"))
    first, buttons = page * PAGE, []
    if view == "units":
        rows = by_unit(found)
        for number, (unit, mine) in enumerate(rows[first : first + PAGE], first + 1):
            lines.append(turn.say("board.row", number=number, name=unit.name, lights=lights(turn, mine)))
            buttons.append(Button(f"{number} {shorten(unit.name, NAME)}", Action("board_unit", f"{unit.id}.0")))
        total = len(rows)
    else:
        parts = by_section(found)
        plan = 0
        for number, (key, mine) in enumerate(parts[first : first + PAGE], first + 1):
            name = heading(turn, mine[0].hit)
            if key[0] != plan:
                plan = key[0]
                lines.append(turn.say("find.plan", plan=title(turn, mine[0].hit), version=mine[0].hit.shelf.version or 1))
            lines.append(turn.say("board.row", number=number, name=name, lights=lights(turn, mine)))
            buttons.append(Button(f"{number} {shorten(name, NAME)}", Action("board_section", reference(key, 0))))
        total = len(parts)
    doors = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    doors += paging(turn, "board", f"{view}.", page, total)
    other = next(name for name in VIEWS if name != view)
    doors.append((Button(turn.say(f"board.button_{other}"), Action("board", f"{other}.0")), *ways(turn, 0)))
    if services.pages(turn.incoming.address.channel):
        doors.append((Button(turn.say("board.button_page"), url="page/progress"),))
    return Reply("\n".join(lines), tuple(doors), place=placed(turn))


def ways(turn: Turn, unit: int) -> tuple[Button, ...]:
    """The same as a picture and as a table; 0 for all units."""
    return (
        Button(turn.say("board.button_picture"), Action("board_picture", str(unit))),
        Button(turn.say("board.button_table"), Action("board_table", str(unit))),
    )


def paging(turn: Turn, verb: str, head: str, page: int, total: int) -> list[tuple[Button, ...]]:
    """Back and forth; `head` stands before the number of the page."""
    found = []
    if page:
        found.append(Button(turn.say("page.back"), Action(verb, f"{head}{page - 1}")))
    if total > (page + 1) * PAGE:
        found.append(Button(turn.say("page.more"), Action(verb, f"{head}{page + 1}")))
    return [tuple(found)] if found else []


def counts(turn: Turn, found: Counter[Light]) -> list[str]:
    """Two lines: what wants a look and what is done, and the rest by name where there is any."""
    lines = [" ".join(turn.say(f"board.count_{one}", count=found[one]) for one in (*URGENT, Light.DONE))]
    rest = [turn.say(f"board.count_{one}", count=found[one]) for one in (Light.AHEAD, Light.UNDATED, Light.EARLIER) if found[one]]
    return [*lines, turn.say("comma").join(rest)] if rest else lines


def lights(turn: Turn, found: Sequence[Duty]) -> str:
    """A row's duties in few signs: those that want a look, and how many of all are done."""
    count = tally(found)
    parts = [turn.say(f"board.sign_{one}", count=count[one]) for one in URGENT if count[one]]
    return " ".join([*parts, turn.say("board.sign_done", count=count[Light.DONE], total=len(found))])


def reference(key: Section, page: int) -> str:
    """A section and a page as a button carries them."""
    return ".".join(map(str, (*key, page)))


@room.button("board_unit", Audience.PRINCIPALS, personal=True)
async def board_unit(turn: Turn, services: Services) -> Reply:
    """One unit's measures; the reference is `unit.page`."""
    number, page = numbers_of(turn.args, 2)
    units = in_charge(turn, services)
    unit = next((unit for unit in units if unit.id == number), None)
    if unit is None:
        raise Refusal("desk.stale_button")
    return await unit_view(turn, services, unit, page, alone=len(units) == 1)


async def unit_view(turn: Turn, services: Services, unit: Unit, page: int, *, alone: bool = False) -> Reply:
    """The measures of one unit, the most urgent first, with a button for each."""
    found = sorted(await found_for(turn, services, [unit]), key=lambda duty: duty.order)
    if not found:
        return Reply(turn.say("board.nothing_for", unit=unit.name))
    lines = [turn.say("board.unit", unit=unit.name, time=clock(turn, services, turn.now)), *counts(turn, tally(found))]
    first, buttons = page * PAGE, []
    for number, duty in enumerate(found[first : first + PAGE], first + 1):
        lines.append(duty_row(turn, services, number, duty))
        buttons.append(Button(str(number), Action("duty", f"{duty.hit.measure.id}.{unit.id}")))
    doors = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    doors += paging(turn, "board_unit", f"{unit.id}.", page, len(found))
    back = () if alone else (Button(turn.say("board.button_back"), Action("board", "units.0")),)
    doors.append((*back, *ways(turn, unit.id), Button(turn.say("escalation.button"), Action("deputy", str(unit.id)))))
    return Reply("\n".join(lines), tuple(doors), place=placed(turn))


def duty_row(turn: Turn, services: Services, number: int, duty: Duty) -> str:
    """One duty in a line: how it stands, by when, and what it is."""
    due = due_words(turn, services, duty)
    text = shorten(spoken(turn, duty.hit.measure.text), 48)
    return turn.say("board.duty", number=number, light=turn.say(f"board.light_{duty.light}"), due=due, text=text)


def due_words(turn: Turn, services: Services, duty: Duty) -> str:
    """By when a duty is due, in the plan's own words where those are no day; empty where there is none."""
    if duty.due is None:
        return ""
    span = duty.hit.measure.date
    own = duty.stand is not None and duty.stand.until is not None
    vague = not own and not duty.occasion and span is not None and span.start is not None and span.precision not in DEFINITE
    if vague and span is not None:
        return turn.say("board.due_vague", words=spoken(turn, span.text), day=plain_day(turn, services, duty.due))
    return turn.say("board.due", day=plain_day(turn, services, duty.due))


def plain_day(turn: Turn, services: Services, day: date) -> str:
    """A day in few characters, with its year where that is not the present one."""
    key = "board.day" if day.year == today(services, turn.now).year else "board.day_of_year"
    return turn.say(key, year=day.year, month=day.month, day=day.day)


@room.button("board_section", Audience.PRINCIPALS, personal=True)
async def board_section(turn: Turn, services: Services) -> Reply:
    """The measures of one section over all units; the reference is `plan.part.section.page`."""
    *place, page = numbers_of(turn.args, 4)
    found = [
        duty
        for duty in await found_for(turn, services, in_charge(turn, services))
        if [duty.hit.shelf.plan, duty.hit.measure.plan, duty.hit.measure.section] == place
    ]
    if not found:
        raise Refusal("desk.stale_button")
    lines = [heading(turn, found[0].hit), *counts(turn, tally(found))]
    rows = by_measure(found)
    first, buttons = page * PAGE, []
    for number, mine in enumerate(rows[first : first + PAGE], first + 1):
        text = shorten(spoken(turn, mine[0].hit.measure.text), 40)
        lines.append(turn.say("board.row", number=number, name=text, lights=lights(turn, mine)))
        buttons.append(Button(str(number), Action("board_measure", f"{mine[0].hit.measure.id}.0")))
    doors = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    doors += paging(turn, "board_section", turn.args.rpartition(".")[0] + ".", page, len(rows))
    doors.append((Button(turn.say("board.button_back"), Action("board", "sections.0")),))
    return Reply("\n".join(lines), tuple(doors), place=placed(turn))


@room.button("board_measure", Audience.PRINCIPALS, personal=True)
async def board_measure(turn: Turn, services: Services) -> Reply:
    """One measure over all its units; the reference is `measure.page`."""
    name, _, tail = turn.args.partition(".")
    (page,) = numbers_of(tail, 1)
    hit = services.library().find(name)
    if hit is None:
        return await gone(turn, services, name)
    return await measure_view(turn, services, hit, page)


async def measure_view(turn: Turn, services: Services, hit: Hit, page: int) -> Reply:
    """A measure and how each unit of it stands, the most urgent first."""
    found = [duty for duty in await found_for(turn, services, in_charge(turn, services)) if duty.hit.measure.id == hit.measure.id]
    found.sort(key=lambda duty: duty.order)
    lines = [turn.say("answer.quote", text=hit.measure.text), turn.say("find.who", who=who(turn, hit.measure)), *counts(turn, tally(found))]
    first, buttons = page * PAGE, []
    for number, duty in enumerate(found[first : first + PAGE], first + 1):
        line = turn.say("board.unit_row", number=number, light=turn.say(f"board.light_{duty.light}"), unit=duty.unit.name)
        lines.append(line + due_words(turn, services, duty))
        buttons.append(Button(str(number), Action("duty", f"{hit.measure.id}.{duty.unit.id}")))
    doors = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    doors += paging(turn, "board_measure", f"{hit.measure.id}.", page, len(found))
    last = [Button(turn.say("board.button_back"), Action("board_section", reference(section_of(hit), 0)))]
    if turn.person.rank >= Rank.ADMINISTRATOR and any(duty.light is not Light.DONE for duty in found):
        last.append(Button(turn.say("duty.button_all"), Action("duty_all", hit.measure.id)))
    doors.append(tuple(last))
    return Reply("\n".join(lines), tuple(doors), place=placed(turn))


def section_of(hit: Hit) -> Section:
    """The section a measure stands in."""
    return hit.shelf.plan, hit.measure.plan, hit.measure.section


def legend(turn: Turn) -> list[tuple[Light, str]]:
    """Every way to stand with its word, the most urgent first."""
    return [(one, turn.say(f"board.light_{one}")) for one in ORDER]
