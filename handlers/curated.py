"""/curated: the answers that administrators gave by hand, seen, changed and removed; one whose measure is gone is pointed out."""

import asyncio
from datetime import datetime

from bot.chat import Action, Address, Button, Place, Reply
from bot.limits import Lane
from bot.people import Person, Rank
from handlers.room import Audience, Room, Services, Turn, unasked
from handlers.wording import citation, quotation, shorten
from storage.values import Cancelled, CuratedRow, Expectation, OutboxRow, Planned

KIND = "orphan"
"""The kind of outbox row that points out an answer whose measure is gone."""
PAGE = 6
"""Answers shown at once."""
FOUND = 5
"""Measures offered to point at."""
TEXT_LENGTH = 800
"""Characters of an answer in words."""
STAFF = Audience.ADMINISTRATORS

room = Room("curated")


def orphaned(services: Services, row: CuratedRow) -> bool:
    """True where the answer is a measure that no plan in use has any more, so that the plans are searched instead."""
    return bool(row.measure) and services.library().find(row.measure) is None


@room.command("curated", STAFF, personal=True)
async def curated(turn: Turn, services: Services) -> Reply:
    """The answers, those first that need a look."""
    return await show(turn, services, 0)


@room.button("curated_page", STAFF, personal=True)
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another page, in place of the one before."""
    reply = await show(turn, services, int(turn.args) if turn.args.isdecimal() and len(turn.args) < 5 else 0)
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


async def show(turn: Turn, services: Services, page: int) -> Reply:
    """One page of answers, numbered, with how often each was given."""
    async with services.store.read() as db:
        rows = await db.lore.curated()
    if not rows:
        return Reply(turn.say("curated.none"))
    rows.sort(key=lambda row: not orphaned(services, row))
    page = max(0, min(page, (len(rows) - 1) // PAGE))
    first = page * PAGE
    lines = [turn.say("curated.head", count=len(rows))]
    buttons = []
    for number, row in enumerate(rows[first : first + PAGE], first + 1):
        key = "curated.row_lost" if orphaned(services, row) else "curated.row"
        lines.append(turn.say(key, number=number, question=shorten(row.question, 40), hits=row.hits))
        buttons.append(Button(str(number), Action("curated_view", str(row.id))))
    paging = []
    if page:
        paging.append(Button(turn.say("find.back_page"), Action("curated_page", str(page - 1))))
    if len(rows) > first + PAGE:
        paging.append(Button(turn.say("find.next_page"), Action("curated_page", str(page + 1))))
    return Reply("\n".join(lines), tuple(filter(None, (tuple(buttons), tuple(paging)))))


async def _row(services: Services, reference: str) -> CuratedRow | None:
    if not (reference.isascii() and reference.isdigit() and len(reference) < 16):
        return None
    async with services.store.read() as db:
        return await db.lore.get(int(reference))


@room.button("curated_view", STAFF, personal=True)
async def view(turn: Turn, services: Services) -> Reply:
    """One answer in full, with what can be done."""
    row = await _row(services, turn.args)
    if row is None:
        return Reply(turn.say("curated.gone"))
    lines = [turn.say("curated.question", question=row.question)]
    hit = services.library().find(row.measure) if row.measure else None
    if hit is not None:
        lines += [quotation(turn, turn.person, hit.measure.text), citation(turn, hit)]
    else:
        lines.append(row.text or turn.say("curated.lost"))
    lines.append(turn.say("curated.hits", hits=row.hits))
    return Reply("\n".join(lines), _actions(turn, row))


def _actions(turn: Turn, row: CuratedRow) -> tuple[tuple[Button, ...], ...]:
    verbs = ("point", "write", "remove")
    return (tuple(Button(turn.say(f"curated.{verb}"), Action(f"curated_{verb}", str(row.id))) for verb in verbs),)


@room.button("curated_point", STAFF, personal=True)
async def point(turn: Turn, services: Services) -> Reply:
    """Offer the measures nearest to the question, and look for others by words."""
    row = await _row(services, turn.args)
    return await _offer(turn, services, row, row.question) if row else Reply(turn.say("curated.gone"))


@room.words("curated_search", STAFF)
async def search(turn: Turn, services: Services) -> Reply:
    """Words to look for a measure by."""
    row = await _row(services, turn.expected.reference) if turn.expected else None
    return await _offer(turn, services, row, turn.args) if row else Reply(turn.say("curated.gone"))


async def _offer(turn: Turn, services: Services, row: CuratedRow, words: str) -> Reply:
    hits = await asyncio.to_thread(services.library().suggest, words, FOUND)
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("curated_search", str(row.id), turn.now))
    lines = [turn.say("gaps.which", question=shorten(row.question, 40))]
    for number, hit in enumerate(hits, 1):
        lines.append(turn.say("gaps.found", number=number, text=shorten(hit.measure.text, 60), place=hit.place))
    lines.append(turn.say("gaps.search"))
    buttons = tuple(Button(str(number), Action("curated_take", f"{row.id}.{hit.measure.id}")) for number, hit in enumerate(hits, 1))
    return Reply("\n".join(lines), (buttons,) if buttons else ())


@room.button("curated_take", STAFF, personal=True)
async def take(turn: Turn, services: Services) -> Reply:
    """Another measure is the answer from now on."""
    reference, _, measure = turn.args.partition(".")
    row, hit = await _row(services, reference), services.library().find(measure)
    if row is None or hit is None:
        return Reply(turn.say("curated.gone" if row is None else "find.gone"))
    return await _change(turn, services, row, hit.measure.id, "")


@room.button("curated_write", STAFF, personal=True)
async def write(turn: Turn, services: Services) -> Reply:
    """Ask for an answer in words."""
    row = await _row(services, turn.args)
    if row is None:
        return Reply(turn.say("curated.gone"))
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("curated_text", str(row.id), turn.now))
    return Reply(turn.say("gaps.say", question=shorten(row.question, 40)))


@room.words("curated_text", STAFF)
async def written(turn: Turn, services: Services) -> Reply:
    """The answer in words, in force at once; nobody is written to, so it is not read back."""
    row = await _row(services, turn.expected.reference) if turn.expected else None
    if row is None:
        return Reply(turn.say("curated.gone"))
    if len(turn.args) > TEXT_LENGTH:
        return Reply(turn.say("gaps.too_long", limit=TEXT_LENGTH))
    return await _change(turn, services, row, "", turn.args)


async def _change(turn: Turn, services: Services, row: CuratedRow, measure: str, text: str) -> Reply:
    async with services.store.begin() as db:
        await db.lore.curate(row.question, measure, text, turn.person.id, turn.now)
        await db.audit.record(turn.person.id, "curated changed", str(row.id), turn.now)
    await services.renew()
    return Reply(turn.say("curated.changed"), ((Button(turn.say("curated.list"), Action("curated_page", "0")),),))


@room.button("curated_remove", STAFF, personal=True)
async def remove(turn: Turn, services: Services) -> Reply:
    """Drop an answer; the plans are searched again for this question."""
    row = await _row(services, turn.args)
    if row is None:
        return Reply(turn.say("curated.gone"))
    async with services.store.begin() as db:
        await db.lore.remove_curated(row.id)
        await db.audit.record(turn.person.id, "curated removed", str(row.id), turn.now)
    await services.renew()
    return Reply(turn.say("curated.removed", question=shorten(row.question, 40)))


async def point_out(services: Services, now: datetime) -> int:
    """Owe every administrator one message for each answer whose measure a new version dropped; returns how many rows are new."""
    library = services.library()
    lost = [row for row in library.lore.curated if row.measure and library.find(row.measure) is None]
    if not lost or not library.shelves:
        return 0
    async with services.store.begin() as db:
        planned = []
        for person in await db.people.every():
            addresses = await db.people.addresses(person.id) if person.rank >= Rank.ADMINISTRATOR else []
            planned += [owed(row.id, row.measure, person, addresses[0], now) for row in lost if addresses]
        return await db.outbox.plan(planned, now)


def owed(answer: int, measure: str, person: Person, address: Address, now: datetime) -> Planned:
    """The message about one answer to one administrator; it is owed once for each measure that went."""
    return Planned(f"{KIND}:{answer}:{measure}:{person.id}", KIND, str(answer), person.id, address, Lane.NOTICE, now)


@room.composer(KIND)
async def pointed_out(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word it at the moment it goes out; cancelled where somebody has put it right or is no administrator any more."""
    if person is None or person.rank < Rank.ADMINISTRATOR:
        return Cancelled("no administrator")
    found = await _row(services, row.planned.reference)
    if found is None or not orphaned(services, found):
        return Cancelled("put right")
    turn = unasked(person, row.planned.address, services, now)
    text = turn.say("curated.orphan", question=shorten(found.question, 60))
    return Reply(text, _actions(turn, found))
