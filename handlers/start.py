"""Beginning: who is this, which unit, which language, and where messages go."""

from dataclasses import replace
from datetime import timedelta

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.people import Unit
from bot.plan.units import key
from bot.texts import LANGUAGES
from handlers import follow
from handlers.room import Room, Services, Turn
from handlers.wording import paging, rank_words
from storage.values import Expectation

PAGE = 8
"""Units offered at once."""

room = Room("start")


@room.command("start", listed=False)
async def begin(turn: Turn, services: Services) -> Reply:
    """Greet; redeem an invitation, or go where a button of a group led."""
    payload = turn.args.strip()
    if payload and not turn.incoming.group:
        verb, _, reference = payload.partition("_")
        if verb == "follow" and services.library().find(reference):
            return await follow.begin(turn, services, reference)
        personal = next((command for command in services.commands if command.personal and command.name == verb), None)
        if personal is None:
            return await _redeem(turn, services, payload)
        if verb != "follow":
            reply = await personal.handler(replace(turn, args=""), services)
            if reply is not None:
                return reply
    lines = [turn.say("start.hello"), turn.say("start.examples"), where(turn, services)]
    return Reply("\n".join(lines), buttons(turn))


async def _redeem(turn: Turn, services: Services, code: str) -> Reply:
    async with services.store.begin() as db:
        wait = await db.codes.wait(turn.person.id, turn.now)
        invitation = None if wait else await db.people.redeem(code, turn.person.id, turn.now)
        await db.audit.record(turn.person.id, "redeemed" if invitation else "code not looked at" if wait else "bad code", "", turn.now)
        if invitation is None and not wait:
            await db.codes.missed(turn.person.id, turn.now)
    if wait:
        return Reply(turn.say("start.slow", minutes=minutes(wait)))
    if invitation is None:
        return Reply(turn.say("start.bad_code"))
    unit = services.register().name(invitation.unit, invitation.group)
    rank = rank_words(turn, invitation.rank)
    return Reply(turn.say("start.welcome_unit" if unit else "start.welcome", rank=rank, unit=unit), buttons(turn))


def minutes(wait: timedelta) -> int:
    """Whole minutes to wait, at least one."""
    return max(1, -int(-wait.total_seconds() // 60))


def where(turn: Turn, services: Services) -> str:
    """One sentence on where messages of this channel go."""
    return turn.say("start.abroad" if services.abroad(turn.incoming.address.channel) else "start.home")


def buttons(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """The first things to do."""
    return (
        (
            Button(turn.say("start.button_agenda"), Action("agenda", "month..0")),
            Button(turn.say("start.button_unit"), Action("units", "0")),
        ),
        (Button(turn.say("start.button_language"), Action("languages")), Button(turn.say("start.button_help"), Action("help"))),
    )


@room.command("settings", personal=True)
async def settings(turn: Turn, services: Services) -> Reply:
    """What is kept about the asker's choices, with buttons to change them."""
    unit = services.register().name(turn.person.unit, turn.say("settings.no_unit"))
    language = turn.say(f"language.{turn.person.language or turn.language}")
    script = turn.say(f"settings.script_{turn.person.script or 'original'}")
    lines = [
        turn.say("settings.head"),
        turn.say("settings.unit", unit=unit),
        turn.say("settings.language", language=language),
        turn.say("settings.script", script=script),
        turn.say("settings.rank", rank=rank_words(turn, turn.person.rank)),
        where(turn, services),
    ]
    change = (
        Button(turn.say("start.button_unit"), Action("units", "0")),
        Button(turn.say("start.button_language"), Action("languages")),
        Button(turn.say("settings.button_script"), Action("scripts")),
    )
    more = (
        Button(turn.say("addresses.button_list"), Action("addresses")),
        Button(turn.say("privacy.button"), Action("privacy")),
    )
    return Reply("\n".join(lines), (change, more))


async def ask_unit(turn: Turn, services: Services, page: int) -> Reply:
    """Offer the register's schools to choose from; in private its name may be typed as well."""
    units = [unit for unit in services.register().units if unit.kind not in ("office", "district")]
    if not units:
        return Reply(turn.say("unit.none"))
    if not turn.incoming.group:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("unit", "", turn.now))
    shown = units[page * PAGE : page * PAGE + PAGE]
    rows = [tuple(Button(unit.name, Action("unit", str(unit.id))) for unit in shown[i : i + 2]) for i in range(0, len(shown), 2)]
    rows += paging(turn, "units", "", page, len(units) > (page + 1) * PAGE)
    return Reply(turn.say("unit.which"), tuple(rows))


@room.button("units", personal=True)
async def units(turn: Turn, services: Services) -> Reply:
    """A page of units to choose from."""
    return await ask_unit(turn, services, int(turn.args) if turn.args.isdecimal() and len(turn.args) < 4 else 0)


@room.button("unit", personal=True)
async def choose_unit(turn: Turn, services: Services) -> Reply:
    """Keep the unit somebody says they belong to; it filters 我校 and gives no right."""
    unit: Unit | None = next((unit for unit in services.register().units if str(unit.id) == turn.args), None)
    if unit is None:
        raise Refusal("desk.stale_button")
    return await _keep_unit(turn, services, unit)


@room.words("unit")
async def unit_named(turn: Turn, services: Services) -> Reply | None:
    """The name or alias of one unit is kept; words that are none are a question, and answered."""
    said = key(turn.args)
    units = [unit for unit in services.register().units if said in map(key, (unit.name, *unit.aliases))]
    if len(units) == 1:
        return await _keep_unit(turn, services, units[0])
    find = next(command for command in services.commands if command.name == "find")
    return await find.handler(turn, services)


async def _keep_unit(turn: Turn, services: Services, unit: Unit) -> Reply:
    async with services.store.begin() as db:
        await db.people.set_unit(turn.person.id, unit.id)
    return Reply(turn.say("unit.kept", unit=unit.name), ((Button(turn.say("unit.button_mine"), Action("mine", "0")),),))


@room.button("languages", personal=True)
async def languages(turn: Turn, services: Services) -> Reply:
    """The languages to choose from, each by its own name."""
    row = tuple(Button(turn.texts.say(name, f"language.{name}"), Action("language", name)) for name in LANGUAGES)
    return Reply(turn.say("language.which"), (row,))


@room.button("language", personal=True)
async def choose_language(turn: Turn, services: Services) -> Reply:
    """Keep the chosen language."""
    if turn.args not in LANGUAGES:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.people.set_language(turn.person.id, turn.args)
    return Reply(turn.texts.say(turn.args, "language.kept"))


@room.button("scripts", personal=True)
async def scripts(turn: Turn, services: Services) -> Reply:
    """The scripts quotations may be shown in."""
    names = ("original", "hant", "hans")
    return Reply(
        turn.say("settings.which_script"), (tuple(Button(turn.say(f"settings.script_{name}"), Action("script", name)) for name in names),)
    )


@room.button("script", personal=True)
async def choose_script(turn: Turn, services: Services) -> Reply:
    """Keep the script quotations are shown in."""
    if turn.args not in ("original", "hant", "hans"):
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.people.set_script(turn.person.id, turn.args)
    return Reply(turn.say(f"answer.kept_{turn.args}"))
