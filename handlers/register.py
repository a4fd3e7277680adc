"""The register in chat: units found by name, their other names edited, and names of a plan that it does not know yet taken up."""

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.people import Unit
from handlers import mending
from handlers.reading import found_looks
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import shorten
from storage.values import Expectation

PAGE = 8
"""Units shown at once."""
LONGEST = 60
"""Characters of a name."""

room = Room("register")


@room.command("units", Audience.ADMINISTRATORS, personal=True)
async def units(turn: Turn, services: Services) -> Reply:
    """`/units`, or with a part of a name, an alias or a group."""
    return await listed(turn, services, 0, turn.args.strip())


@room.button("register", Audience.ADMINISTRATORS, personal=True)
async def register_page(turn: Turn, services: Services) -> Reply:
    """Another page of all units."""
    return await listed(turn, services, numbers_of(turn.args, 1)[0], "")


async def listed(turn: Turn, services: Services, page: int, words: str) -> Reply:
    """A page of the register, or the units that the words are found in, in either script."""
    known = list(services.register().find(words)) if words else list(services.register().units)
    if not known:
        return Reply(turn.say("register.nothing", words=shorten(words, 20)) if words else turn.say("unit.none"))
    shown = known[page * PAGE : (page + 1) * PAGE] or known[:PAGE]
    lines = [turn.say("register.head", count=len(known))]
    lines += [turn.say("register.row", number=number, name=unit.name, names=others(turn, unit)) for number, unit in enumerate(shown, 1)]
    buttons = [Button(str(number), Action("register_unit", str(unit.id))) for number, unit in enumerate(shown, 1)]
    rows = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("register", str(page - 1))))
    if not words and len(known) > (page + 1) * PAGE:
        paging.append(Button(turn.say("page.more"), Action("register", str(page + 1))))
    return Reply("\n".join(lines), (*rows, tuple(paging)) if paging else tuple(rows))


def others(turn: Turn, unit: Unit) -> str:
    """The other names of a unit, or that it has none."""
    return turn.say("comma").join(unit.aliases) or turn.say("register.no_alias")


@room.button("register_unit", Audience.ADMINISTRATORS, personal=True)
async def unit_pressed(turn: Turn, services: Services) -> Reply:
    """One unit with its other names and groups; the next words replace the names."""
    async with services.store.read() as db:
        unit = await db.units.get(numbers_of(turn.args, 1)[0])
    return await ask(turn, services, unit)


async def ask(turn: Turn, services: Services, unit: Unit) -> Reply:
    """Show a unit and wait for its other names."""
    waiting = Expectation("aliases", str(unit.id), turn.now, "\n".join(unit.aliases))
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, waiting)
    groups = turn.say("comma").join(unit.groups) or turn.say("register.no_group")
    return Reply(turn.say("register.unit", name=unit.name, names=others(turn, unit), groups=groups))


@room.words("aliases", Audience.ADMINISTRATORS)
async def aliases(turn: Turn, services: Services) -> Reply:
    """The other names of a unit, in place of those before; refused where somebody changed them meanwhile."""
    assert turn.expected is not None, "words come with what they were asked for"
    former = tuple(filter(None, turn.expected.text.split("\n")))
    names = () if turn.args in turn.texts.words("register.words_none") else split(turn.args)
    async with services.store.begin() as db:
        unit = await db.units.set_aliases(int(turn.expected.reference), names, former)
        await db.audit.record(turn.person.id, "unit aliases", f"unit {unit.id}", turn.now)
    return Reply(turn.say("register.kept", name=unit.name, names=others(turn, unit)))


def split(text: str) -> tuple[str, ...]:
    """Names between commas of any kind; Refusal `register.bad_name` for one that is too long."""
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    names = tuple(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))
    if any(len(name) > LONGEST for name in names):
        raise Refusal("register.bad_name", limit=LONGEST)
    return names


@room.button("stranger", Audience.ADMINISTRATORS, personal=True)
async def stranger(turn: Turn, services: Services) -> Reply:
    """A name of a plan that the register does not know: ask whose other name it is, or whether it is a unit of its own."""
    head, _, measure = turn.args.rpartition(".")
    plan, version = numbers_of(head, 2)
    async with services.store.read() as db:
        stored = await db.plans.get(plan, version)
    name = next((look.text for look in found_looks(services, stored) if look.kind == "unknown unit" and look.measure.id == measure), None)
    if name is None or mending.find(stored, measure) is None:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("stranger", "", turn.now, name))
    return Reply(turn.say("register.whose", name=name))


@room.words("stranger", Audience.ADMINISTRATORS)
async def stranger_named(turn: Turn, services: Services) -> Reply:
    """The unit that has the name as another one, or the word for a new unit."""
    assert turn.expected is not None, "words come with what they were asked for"
    name = turn.expected.text
    if turn.args in turn.texts.words("register.words_new"):
        async with services.store.begin() as db:
            unit = await db.units.add(name, "office")
            await db.audit.record(turn.person.id, "unit new", f"unit {unit.id}", turn.now)
        return Reply(turn.say("register.added", name=name))
    found = services.register().members(turn.args)
    if len(found) != 1:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, turn.expected)
        return Reply(turn.say("register.which", words=shorten(turn.args, 20)))
    async with services.store.begin() as db:
        unit = await db.units.get(found[0].id)
        unit = await db.units.set_aliases(unit.id, (*unit.aliases, name), unit.aliases)
        await db.audit.record(turn.person.id, "unit aliases", f"unit {unit.id}", turn.now)
    return Reply(turn.say("register.kept", name=unit.name, names=others(turn, unit)))
