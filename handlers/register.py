"""The register in chat: units found by name and changed, and names of a plan that it does not know yet taken up."""

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

KINDS = ("school", "kindergarten", "office")
"""The usual kinds of units; a register may have others besides."""

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
    if services.pages(turn.incoming.address.channel):
        paging.append(Button(turn.say("plans.button_page"), url="page/units"))
    return Reply("\n".join(lines), (*rows, tuple(paging)) if paging else tuple(rows))


def others(turn: Turn, unit: Unit) -> str:
    """The other names of a unit, or that it has none."""
    return turn.say("comma").join(unit.aliases) or turn.say("register.no_alias")


@room.button("register_unit", Audience.ADMINISTRATORS, personal=True)
async def unit_pressed(turn: Turn, services: Services) -> Reply:
    """One unit with its kind, other names and groups, each a tap away from being changed."""
    async with services.store.read() as db:
        unit = await db.units.get(numbers_of(turn.args, 1)[0])
    return card(turn, services, unit)


def card(turn: Turn, services: Services, unit: Unit, head: str = "") -> Reply:
    """A unit in words with its buttons."""
    lines = [head] if head else []
    lines += [turn.say("register.name_kind", name=unit.name, kind=kind_words(turn, unit.kind))]
    if unit.parent:
        lines.append(turn.say("register.parent", parent=unit.parent))
    lines += [turn.say("register.names", names=others(turn, unit)), turn.say("register.groups", groups=in_groups(turn, unit))]
    ways = ("names", "groups", "kind")
    buttons = [Button(turn.say(f"register.button_{way}"), Action(f"register_{way}", str(unit.id))) for way in ways]
    last = [Button(turn.say("register.button_all"), Action("register", "0"))]
    if services.pages(turn.incoming.address.channel):
        last.append(Button(turn.say("plans.button_page"), url=f"page/unit?unit={unit.id}"))
    return Reply("\n".join(lines), (tuple(buttons), tuple(last)))


def in_groups(turn: Turn, unit: Unit) -> str:
    """The groups of a unit, or that it is in none."""
    return turn.say("comma").join(unit.groups) or turn.say("register.no_group")


def kind_words(turn: Turn, kind: str) -> str:
    """What a kind of unit is called; a kind of the district's own by its name."""
    return turn.say(f"register.kind_{kind}") if kind in KINDS else kind


def kinds(services: Services) -> tuple[str, ...]:
    """The kinds that a unit may be of: the usual ones and those that the register has besides."""
    return tuple(dict.fromkeys((*KINDS, *(unit.kind for unit in services.register().units))))


@room.button("register_names", Audience.ADMINISTRATORS, personal=True)
async def ask_names(turn: Turn, services: Services) -> Reply:
    """Wait for the other names of a unit."""
    return await ask(turn, services, "aliases")


@room.button("register_groups", Audience.ADMINISTRATORS, personal=True)
async def ask_groups(turn: Turn, services: Services) -> Reply:
    """Wait for the groups of a unit."""
    return await ask(turn, services, "groups")


async def ask(turn: Turn, services: Services, what: str) -> Reply:
    """Wait for names that take the place of those a unit has; `what` is `aliases` or `groups`."""
    async with services.store.begin() as db:
        unit = await db.units.get(numbers_of(turn.args, 1)[0])
        former = unit.aliases if what == "aliases" else unit.groups
        waiting = Expectation(what, str(unit.id), turn.now, "\n".join(former))
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, waiting)
    now = others(turn, unit) if what == "aliases" else in_groups(turn, unit)
    return Reply(turn.say(f"register.ask_{what}", name=unit.name, now=now))


@room.words("aliases", Audience.ADMINISTRATORS)
async def aliases(turn: Turn, services: Services) -> Reply:
    """The other names of a unit, in place of those before; refused where somebody changed them meanwhile."""
    unit, names, former = await typed(turn, services)
    async with services.store.begin() as db:
        changed = await db.units.set_aliases(unit, names, former)
        await db.audit.record(turn.person.id, "unit aliases", f"unit {unit}", turn.now)
    return card(turn, services, changed, turn.say("register.kept", name=changed.name, names=others(turn, changed)))


@room.words("groups", Audience.ADMINISTRATORS)
async def groups(turn: Turn, services: Services) -> Reply:
    """The groups of a unit, in place of those before; refused where somebody changed them meanwhile."""
    unit, names, former = await typed(turn, services)
    async with services.store.begin() as db:
        changed = await db.units.set_groups(unit, names, former)
        await db.audit.record(turn.person.id, "unit groups", f"unit {unit}", turn.now)
    return card(turn, services, changed, turn.say("register.kept_groups", name=changed.name, groups=in_groups(turn, changed)))


async def typed(turn: Turn, services: Services) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """The unit that words came for, the names in them, and those that the person saw before."""
    assert turn.expected is not None, "words come with what they were asked for"
    former = tuple(filter(None, turn.expected.text.split("\n")))
    return int(turn.expected.reference), named(turn, turn.args), former


def named(turn: Turn, text: str) -> tuple[str, ...]:
    """The names in a text; none where it is the word for none."""
    return () if text in turn.texts.words("register.words_none") else split(text)


@room.button("register_kind", Audience.ADMINISTRATORS, personal=True)
async def ask_kind(turn: Turn, services: Services) -> Reply:
    """The kinds that a unit may be of."""
    async with services.store.read() as db:
        unit = await db.units.get(numbers_of(turn.args, 1)[0])
    rows = kind_buttons(turn, services, "register_set", f"{unit.id}.")
    return Reply(turn.say("register.ask_kind", name=unit.name), rows)


def kind_buttons(turn: Turn, services: Services, verb: str, before: str = "") -> tuple[tuple[Button, ...], ...]:
    """A button for each kind; its reference is the kind's place among them and the name it has there, so a stale one is seen."""
    every = kinds(services)
    buttons = [Button(kind_words(turn, kind), Action(verb, f"{before}{at}.{kind[:8]}")) for at, kind in enumerate(every)]
    return tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))


def kind_of(services: Services, reference: str) -> str:
    """The kind that a button of `kind_buttons` means; Refusal `desk.stale_button`."""
    at, _, name = reference.partition(".")
    every = kinds(services)
    kind = every[int(at)] if at.isdecimal() and len(at) < 4 and int(at) < len(every) else ""
    if not kind or kind[:8] != name:
        raise Refusal("desk.stale_button")
    return kind


@room.button("register_set", Audience.ADMINISTRATORS, personal=True)
async def kind_set(turn: Turn, services: Services) -> Reply:
    """A unit is of another kind."""
    reference, _, rest = turn.args.partition(".")
    kind = kind_of(services, rest)
    async with services.store.begin() as db:
        before = await db.units.get(numbers_of(reference, 1)[0])
        unit = await db.units.set_kind(before.id, kind, before.kind)
        await db.audit.record(turn.person.id, "unit kind", f"unit {unit.id}", turn.now)
    return card(turn, services, unit, turn.say("register.kept_kind", name=unit.name, kind=kind_words(turn, kind)))


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
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("stranger", "new", turn.now, name))
        return Reply(turn.say("register.ask_kind", name=name), kind_buttons(turn, services, "register_new"))
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


@room.button("register_new", Audience.ADMINISTRATORS, personal=True)
async def add_new(turn: Turn, services: Services) -> Reply:
    """A name of a plan becomes a unit of this kind."""
    waiting = turn.expected
    if waiting is None or (waiting.verb, waiting.reference) != ("stranger", "new"):
        raise Refusal("desk.stale_button")
    kind = kind_of(services, turn.args)
    async with services.store.begin() as db:
        unit = await db.units.add(waiting.text, kind)
        await db.audit.record(turn.person.id, "unit new", f"unit {unit.id}", turn.now)
    return card(turn, services, unit, turn.say("register.added", name=unit.name))
