"""The register on the web page: all units in a table, one by one in a form, new ones added."""

import hashlib

from bot.chat import Block, Field, Form, Kind, Link, Moved, Page, Request, Table, hidden
from bot.errors import Refusal
from bot.people import Unit
from handlers.register import in_groups, kind_words, kinds, named, others
from handlers.room import Audience, Room, Services, Turn

room = Room("unitpage")


@room.page("units", Audience.ADMINISTRATORS)
async def units_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """All units, or those that some words are found in; a form adds one."""
    notice, refused = "", False
    if request.posted and "name" in request.values:
        try:
            return await _added(turn, request, services)
        except Refusal as refusal:
            notice, refused = turn.say(refusal.key, **refusal.values), True
    words = request.values.get("words", "").strip()
    found = list(services.register().find(words)) if words else list(services.register().units)
    new = Form(
        "units",
        turn.say("unitpage.add"),
        (Field("name", turn.say("unitpage.name"), request.values.get("name", ""), needed=True), _kind_field(turn, services, "school")),
        summary=turn.say("unitpage.new"),
    )
    search = Form("units", turn.say("unitpage.find"), (Field("words", turn.say("unitpage.words"), words),))
    head = tuple(turn.say(f"unitpage.{name}") for name in ("name", "kind", "parent", "aliases", "groups"))
    rows = tuple((unit.name, kind_words(turn, unit.kind), unit.parent, others(turn, unit), in_groups(turn, unit)) for unit in found)
    links = tuple(Link(unit.name, "unit", {"unit": str(unit.id)}) for unit in found)
    text = turn.say("unitpage.count", count=len(found)) if found or not words else turn.say("register.nothing", words=words[:20])
    blocks = (Block(forms=(search, new)), Block(text=text, table=Table(head, rows, links) if found else None))
    return Page(turn.say("unitpage.units"), blocks, notice, refused)


async def _added(turn: Turn, request: Request, services: Services) -> Moved:
    names = named(turn, request.values.get("name", ""))
    if len(names) != 1:
        raise Refusal("unitpage.one_name")
    async with services.store.begin() as db:
        unit = await db.units.add(names[0], _kind(services, request.values.get("kind", "")))
        await db.audit.record(turn.person.id, "unit new", f"unit {unit.id}", turn.now)
    await services.renew()
    return Moved("unit", {"unit": str(unit.id), "did": "added"})


@room.page("unit", Audience.ADMINISTRATORS)
async def unit_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """One unit with what can be changed of it; what somebody changed meanwhile is not written over."""
    number = request.values.get("unit", "")
    async with services.store.read() as db:
        unit = await db.units.get(int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0)
    did = request.values.get("did", "")
    notice, refused = turn.say("unitpage.kept", name=unit.name) if did in ("added", "kept") else "", False
    if request.posted:
        try:
            return await _kept(turn, request, services, unit)
        except Refusal as refusal:
            notice, refused = turn.say(refusal.key, **refusal.values), True
    said = request.values if request.posted else {}
    mark = turn.say("comma")
    fields = (
        *hidden(unit=unit.id, stand=_stand(unit)),
        _kind_field(turn, services, said.get("kind", unit.kind)),
        Field("aliases", turn.say("unitpage.aliases"), said.get("aliases", mark.join(unit.aliases)), hint=turn.say("unitpage.hint")),
        Field("groups", turn.say("unitpage.groups"), said.get("groups", mark.join(unit.groups)), hint=turn.say("unitpage.hint")),
    )
    facts = ((turn.say("unitpage.parent"), unit.parent, None),) if unit.parent else ()
    block = Block(facts=facts, forms=(Form("unit", turn.say("unitpage.keep"), fields, grave=True),))
    return Page(unit.name, (block,), notice, refused, (Link(turn.say("unitpage.units"), "units"),))


async def _kept(turn: Turn, request: Request, services: Services, unit: Unit) -> Moved:
    """Write what was changed, all of it or nothing."""
    values = request.values
    if values.get("stand") != _stand(unit):
        raise Refusal("register.stale")
    aliases, groups = (named(turn, values.get(name, "").strip()) for name in ("aliases", "groups"))
    kind = _kind(services, values.get("kind", ""))
    async with services.store.begin() as db:
        if aliases != unit.aliases:
            await db.units.set_aliases(unit.id, aliases, unit.aliases)
            await db.audit.record(turn.person.id, "unit aliases", f"unit {unit.id}", turn.now)
        if groups != unit.groups:
            await db.units.set_groups(unit.id, groups, unit.groups)
            await db.audit.record(turn.person.id, "unit groups", f"unit {unit.id}", turn.now)
        if kind != unit.kind:
            await db.units.set_kind(unit.id, kind, unit.kind)
            await db.audit.record(turn.person.id, "unit kind", f"unit {unit.id}", turn.now)
    await services.renew()
    return Moved("unit", {"unit": str(unit.id), "did": "kept"})


def _stand(unit: Unit) -> str:
    """What a form was drawn from, so that a stale one is seen."""
    return hashlib.sha256(repr((unit.kind, unit.aliases, unit.groups)).encode()).hexdigest()[:16]


def _kind_field(turn: Turn, services: Services, chosen: str) -> Field:
    choices = tuple((kind, kind_words(turn, kind)) for kind in kinds(services))
    return Field("kind", turn.say("unitpage.kind"), chosen, Kind.CHOICE, choices)


def _kind(services: Services, kind: str) -> str:
    if kind not in kinds(services):
        raise Refusal("desk.stale_button")
    return kind
