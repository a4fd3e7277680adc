"""/calendar: what one follows and what one's school has to do, as a file or as an address that a calendar subscribes to."""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial

from bot.ask.answer import Hit
from bot.chat import Action, Block, Button, Download, File, Form, Link, Moved, Page, Reply, Request, hidden
from bot.errors import Refusal
from bot.export.feed import feed, revised
from bot.export.ics import MIME
from bot.people import Person
from handlers import mine
from handlers.export import calendar_of, of_hits, speaker
from handlers.room import Audience, Room, Services, Turn
from handlers.schedule import coverage, followers, wishes
from handlers.standing import today
from handlers.wording import near_day
from storage.feeds import Feed

KINDS = ("following", "mine")
"""The lists that there are calendars of."""
ETAG = 32
"""Characters of a content's digest that name it."""

room = Room("calendar")


async def hits_of(services: Services, person: Person, kind: str) -> list[Hit]:
    """The measures of a person's list that a calendar may show, in the order of the plans."""
    library = services.library()
    if kind == "mine":
        unit = next((unit for unit in services.register().units if unit.id == person.unit), None)
        return mine.duties(services, unit, today(services, services.now())) if unit is not None else []
    async with services.store.read() as db:
        roots = await db.plannings.roots()
        chunk = await followers(db, [person.id])
    if not chunk:
        return []
    found = await asyncio.to_thread(coverage, services, roots)
    measures = {subject.measure for subject, _ in found.decide(wishes(chunk[0].wishes), chunk[0].unit).values()}
    return [hit for hit in map(library.find, sorted(measures)) if hit is not None]


def public(services: Services) -> str:
    """The page's address as programs reach it, without its last slash; empty where it answers on this machine only."""
    web = services.settings.channels.web
    return web.public_url.rstrip("/") if web.enabled else ""


@room.command("calendar", personal=True)
async def calendar(turn: Turn, services: Services) -> Reply:
    """The two ways to have it in a calendar, and what each is good for."""
    async with services.store.read() as db:
        feeds = await db.feeds.of(turn.person.id)
    lines = [turn.say("calendar.head"), turn.say("calendar.file")]
    rows = [tuple(Button(turn.say(f"calendar.button_file_{kind}"), Action("calendar_file", kind)) for kind in KINDS)]
    if public(services):
        lines += [turn.say("calendar.feed"), turn.say("calendar.alarms")]
        rows.append(tuple(Button(turn.say(f"calendar.button_feed_{kind}"), Action("calendar_feed", kind)) for kind in KINDS))
        if feeds:
            lines.append(turn.say("calendar.have", lists=lists(turn, services, feeds)))
            rows.append((Button(turn.say("calendar.button_revoke"), Action("calendar_revoke")),))
    else:
        lines.append(turn.say("calendar.not_public"))
    return Reply("\n".join(lines), tuple(rows))


def lists(turn: Turn, services: Services, feeds: Sequence[Feed]) -> str:
    """The lists that are subscribed to, each with the day its address was made."""
    made = [
        turn.say("calendar.made", name=turn.say(f"calendar.name_{one.kind}"), day=near_day(turn, today(services, one.made)))
        for one in feeds
    ]
    return turn.say("comma").join(made)


def known(kind: str) -> str:
    """The list of that name; Refusal for none of ours."""
    if kind not in KINDS:
        raise Refusal("desk.stale_button")
    return kind


@room.button("calendar_file", personal=True)
async def as_file(turn: Turn, services: Services) -> Reply:
    """A list as a file to import once."""
    kind = known(turn.args)
    file = await ics_file(turn, services, kind)
    if file is None:
        return Reply(turn.say(f"calendar.none_{kind}"))
    return Reply(turn.say("calendar.given", name=turn.say(f"calendar.name_{kind}")), files=(file,))


async def ics_file(turn: Turn, services: Services, kind: str) -> File | None:
    """The file of a list; None where nothing is in it."""
    hits = await hits_of(services, turn.person, kind)
    return await calendar_of(services, hits, turn.say(f"calendar.name_{kind}"), turn.language) if hits else None


@room.button("calendar_feed", personal=True)
async def as_feed(turn: Turn, services: Services) -> Reply:
    """A new address to subscribe to, shown this once; an earlier one of the same list is void."""
    kind = known(turn.args)
    if not public(services):
        return Reply(turn.say("calendar.not_public"))
    address = await made(turn, services, kind)
    lines = [
        turn.say("calendar.address", name=turn.say(f"calendar.name_{kind}")),
        address,
        turn.say("calendar.keep"),
        turn.say("calendar.alarms"),
    ]
    return Reply("\n".join(lines), ((Button(turn.say("calendar.button_revoke"), Action("calendar_revoke")),),))


async def made(turn: Turn, services: Services, kind: str) -> str:
    """A new address of a person's list."""
    async with services.store.begin() as db:
        key = await db.feeds.make(turn.person.id, kind, turn.now)
        await db.audit.record(turn.person.id, "feed made", kind, turn.now)
    return f"{public(services)}/feed/{key}.ics"


@room.button("calendar_revoke", personal=True)
async def revoke(turn: Turn, services: Services) -> Reply:
    """停用: every address of this person is void."""
    return Reply(turn.say("calendar.revoked", count=await revoked(turn, services)))


async def revoked(turn: Turn, services: Services) -> int:
    """Make a person's addresses void; returns how many."""
    async with services.store.begin() as db:
        count = await db.feeds.revoke(turn.person.id)
        await db.audit.record(turn.person.id, "feed revoked", str(count), turn.now)
    return count


@room.by_key("feed")
async def fetched(request: Request, services: Services) -> Download | None:
    """A list as the program that subscribes to it gets it; None for a key that is none, or was revoked."""
    key = request.values.get("key", "")
    async with services.store.read() as db:
        held = await db.feeds.find(key)
        person = await db.people.get(held.person) if held else None
        told = await db.feeds.told(held.id) if held else {}
    if held is None or person is None:
        return None
    hits = await hits_of(services, person, held.kind)
    language = person.language or services.settings.bot.language
    say = speaker(services.texts, hits[0].shelf.document, language) if hits else partial(services.texts.say, language)
    now, entries = services.now(), of_hits(hits)
    if await asyncio.to_thread(revised, entries, say, services.calendar, told, now) != told:
        async with services.store.begin() as db:
            await db.feeds.hold(held.id)
            told = await asyncio.to_thread(revised, entries, say, services.calendar, await db.feeds.told(held.id), now)
            await db.feeds.tell(held.id, told)
    name = services.texts.say(language, f"calendar.name_{held.kind}")
    content = await asyncio.to_thread(feed, entries, name, say, services.calendar, told)
    return Download(File("planbot.ics", MIME, content), hashlib.sha256(content).hexdigest()[:ETAG])


@room.page("calendar", Audience.EVERYONE)
async def page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """The same on the page."""
    address = ""
    if request.posted:
        if request.values.get("do") == "revoke":
            await revoked(turn, services)
            return Moved("calendar")
        if not public(services):
            raise Refusal("calendar.not_public")
        address = await made(turn, services, known(request.values.get("list", "")))
    async with services.store.read() as db:
        feeds = await db.feeds.of(turn.person.id)
    files = tuple(Link(turn.say(f"calendar.button_file_{kind}"), "calendar_file", {"list": kind}) for kind in KINDS)
    blocks = [Block(turn.say("calendar.heading_file"), turn.say("calendar.file"), links=files)]
    if public(services):
        forms = [Form("calendar", turn.say(f"calendar.button_feed_{kind}"), hidden(list=kind)) for kind in KINDS]
        if feeds:
            forms.append(Form("calendar", turn.say("calendar.button_revoke"), hidden(do="revoke")))
        lines = [turn.say("calendar.feed"), *([turn.say("calendar.have", lists=lists(turn, services, feeds))] if feeds else [])]
        blocks.append(Block(turn.say("calendar.heading_feed"), "\n".join(lines), quote=address, forms=tuple(forms)))
        if address:
            blocks.append(Block(text=turn.say("calendar.keep")))
        blocks.append(Block(text=turn.say("calendar.alarms")))
    else:
        blocks.append(Block(turn.say("calendar.heading_feed"), turn.say("calendar.not_public")))
    return Page(turn.say("calendar.title"), tuple(blocks))


@room.page("calendar_file", Audience.EVERYONE)
async def file_page(turn: Turn, request: Request, services: Services) -> Download:
    """The file of a list over the page."""
    kind = known(request.values.get("list", ""))
    file = await ics_file(turn, services, kind)
    if file is None:
        raise Refusal(f"calendar.none_{kind}")
    return Download(file)
