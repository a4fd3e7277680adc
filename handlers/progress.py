"""The board on the web page: all units, one unit, a section or a measure, with a picture, and one duty with all that can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.ask.answer import Hit
from bot.chat import Badge, Block, Download, Link, Page, Request, Table, Tone
from bot.errors import Refusal
from bot.people import Unit
from bot.remind.lights import ORDER, Light
from handlers.board import VIEWS, found_for, plain_day
from handlers.duties import Duty, Section, by_measure, by_section, by_unit, in_charge, tally
from handlers.room import Audience, Room, Services, Turn
from handlers.standing import clock, state_words
from handlers.tables import chosen, drawn, workbook
from handlers.wording import citation, heading, title, when, who
from storage.standings import Standing

TONES: Mapping[Light, Tone] = {
    Light.OVERDUE: Tone.BAD,
    Light.BEHIND: Tone.LOOK,
    Light.NEAR: Tone.PLAIN,
    Light.DONE: Tone.GOOD,
}
"""How the ways to stand that are counted in badges look."""

room = Room("progress")


def wanted(request: Request, name: str) -> int:
    """A number of the address, 0 where it is none."""
    value = request.values.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


@room.page("progress", Audience.PRINCIPALS)
async def progress(turn: Turn, request: Request, services: Services) -> Page:
    """The board: the units in the reader's charge by unit or by section, or one unit, section or measure that was chosen."""
    units = in_charge(turn, services)
    if not units:
        raise Refusal("board.no_unit")
    number = wanted(request, "unit") or (units[0].id if len(units) == 1 else 0)
    unit = next((unit for unit in units if unit.id == number), None)
    if number and unit is None:
        raise Refusal("page.not_found")
    found = await found_for(turn, services, [unit] if unit else units)
    trail = (Link(turn.say("board.name"), "progress"),) if len(units) > 1 else ()
    if unit is not None:
        return Page(unit.name, tuple(of_unit(turn, services, unit, found)), trail=trail)
    hit = services.library().find(request.values.get("measure", ""))
    if hit is not None:
        mine = [duty for duty in found if duty.hit.measure.id == hit.measure.id]
        return Page(heading(turn, hit), tuple(of_measure(turn, services, hit, mine)), trail=trail)
    place = request.values.get("section", "")
    here = next(((key, mine) for key, mine in by_section(found) if key_of(key) == place), None)
    if here is not None:
        return Page(heading(turn, here[1][0].hit), tuple(of_section(turn, here[1])), trail=trail)
    return Page(turn.say("board.title", count=len(units)), tuple(whole(turn, services, found, request.values.get("view", ""))))


def key_of(key: Section) -> str:
    """A section as an address carries it."""
    return ".".join(map(str, key))


def head(turn: Turn, services: Services, found: Sequence[Duty], unit: int) -> Block:
    """The sums, as of now, with the ways to the table and the picture; 0 for all units."""
    values = {"unit": str(unit)} if unit else {}
    files = (
        Link(turn.say("board.button_table"), "progress_table", values),
        Link(turn.say("board.button_picture"), "progress_picture", values),
    )
    return replace(summed(turn, found), heading=turn.say("board.at", time=clock(turn, services, turn.now)), links=files)


def summed(turn: Turn, found: Sequence[Duty]) -> Block:
    """How many stand how: badges for what wants a look and what is done, a line for the rest."""
    count = tally(found)
    badges = tuple(Badge(f"{turn.say(f'board.word_{one}')} {count[one]}", tone) for one, tone in TONES.items())
    rest = [turn.say(f"board.count_{one}", count=count[one]) for one in ORDER if one not in TONES and count[one]]
    return Block(text=turn.say("comma").join(rest), badges=badges)


def whole(turn: Turn, services: Services, found: Sequence[Duty], view: str) -> list[Block]:
    """All units, by unit or by section."""
    view = view if view in VIEWS else "units"
    tabs = tuple(Link(turn.say(f"board.button_{name}"), "progress", {"view": name}, name == view) for name in VIEWS)
    if view == "units":
        rows = [(unit.name, Link(unit.name, "progress", {"unit": str(unit.id)}), mine) for unit, mine in by_unit(found)]
    else:
        rows = []
        for key, mine in by_section(found):
            name = f"{title(turn, mine[0].hit)}　{heading(turn, mine[0].hit)}"
            rows.append((name, Link(name, "progress", {"section": key_of(key)}), mine))
    table = Table(
        (turn.say("export.head_unit" if view == "units" else "export.head_section"), *sums_head(turn)),
        tuple((name, *sums(mine)) for name, _, mine in rows),
        tuple(link for _, link, _ in rows),
    )
    return [head(turn, services, found, 0), Block(links=tabs), Block(table=table), Block(picture=seen(turn, {}))]


def seen(turn: Turn, values: Mapping[str, str]) -> Link:
    """The picture under an address of its own each time, because a browser keeps what it has seen."""
    return Link(turn.say("board.picture_alt"), "progress_picture", {**values, "at": f"{turn.now:%Y%m%d%H%M%S}"})


def sums_head(turn: Turn) -> tuple[str, ...]:
    """The heads of the columns of sums."""
    return (*(turn.say(f"board.word_{one}") for one in ORDER), turn.say("export.head_all"))


def sums(found: Sequence[Duty]) -> tuple[str, ...]:
    """How many stand how, and all; nothing in place of a zero, which only hides the others."""
    count = tally(found)
    return (*(str(count[one] or "") for one in ORDER), str(len(found)))


def of_unit(turn: Turn, services: Services, unit: Unit, found: Sequence[Duty]) -> list[Block]:
    """Every duty of one unit, the most urgent first."""
    rows = sorted(found, key=lambda duty: duty.order)
    table = Table(
        tuple(turn.say(f"export.head_{name}") for name in ("measure", "state", "due", "said", "note")),
        tuple(
            (
                duty.hit.measure.text,
                turn.say(f"board.word_{duty.light}"),
                plain_day(turn, services, duty.due) if duty.due else "",
                state_words(turn, services, duty.stand) if duty.stand and duty.stand.state is not Standing.OPEN else "",
                duty.stand.note if duty.stand else "",
            )
            for duty in rows
        ),
        tuple(Link("", "duty", {"measure": duty.hit.measure.id, "unit": str(unit.id)}) for duty in rows),
    )
    return [head(turn, services, found, unit.id), Block(table=table), Block(picture=seen(turn, {"unit": str(unit.id)}))]


def of_section(turn: Turn, found: Sequence[Duty]) -> list[Block]:
    """The measures of a section with how its units stand."""
    rows = by_measure(found)
    table = Table(
        (turn.say("export.head_measure"), *sums_head(turn)),
        tuple((mine[0].hit.measure.text, *sums(mine)) for mine in rows),
        tuple(Link("", "progress", {"measure": mine[0].hit.measure.id}) for mine in rows),
    )
    return [summed(turn, found), Block(table=table)]


def of_measure(turn: Turn, services: Services, hit: Hit, found: Sequence[Duty]) -> list[Block]:
    """A measure and how each of its units stands."""
    rows = sorted(found, key=lambda duty: duty.order)
    table = Table(
        tuple(turn.say(f"export.head_{name}") for name in ("unit", "state", "due")),
        tuple(
            (duty.unit.name, turn.say(f"board.word_{duty.light}"), plain_day(turn, services, duty.due) if duty.due else "") for duty in rows
        ),
        tuple(Link("", "duty", {"measure": hit.measure.id, "unit": str(duty.unit.id)}) for duty in rows),
    )
    facts = (
        (turn.say("export.head_lead"), who(turn, hit.measure), None),
        (turn.say("export.head_time"), when(turn, hit.measure), None),
    )
    first = Block(text=citation(turn, hit), quote=hit.measure.text, facts=facts)
    return [first, summed(turn, found), Block(table=table)]


@room.page("progress_table", Audience.PRINCIPALS)
async def progress_table(turn: Turn, request: Request, services: Services) -> Download:
    """台賬 of a unit or of all."""
    return Download(await workbook(turn, services, known(turn, request, services)))


@room.page("progress_picture", Audience.PRINCIPALS)
async def progress_picture(turn: Turn, request: Request, services: Services) -> Download:
    """The picture of a unit or of all."""
    return Download(await drawn(turn, services, known(turn, request, services)))


def known(turn: Turn, request: Request, services: Services) -> tuple[Unit, ...]:
    """The units of the address; Refusal where they are not for the reader."""
    units = chosen(turn, services, wanted(request, "unit"))
    if not units:
        raise Refusal("page.not_found")
    return units
