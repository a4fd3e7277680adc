"""Lists that a notice is for: typed in chat or uploaded as CSV or XLSX, what could not be found shown, kept under a name and used again."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from bot.chat import Action, Block, Button, Form, Kind, Link, Moved, Page, Reply, Request, hidden
from bot.chat import Field as Entry
from bot.errors import BadDocument, Refusal
from bot.notice.recipients import By, Clause, Selection, write_selection
from bot.notice.roll import Matched, Wish, match, tabled, typed
from bot.plan.formats import csv, xlsx
from handlers.draft import card, draft_of, expect
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.lists import Roll
from storage.store import Transaction

NAME = 30
"""Characters of a list's name."""
SHOWN = 10
"""Names that were not found and are told one by one."""
LARGEST = 5_000_000
"""Bytes of an uploaded list."""

room = Room("lists")


@room.button("list", Audience.ADMINISTRATORS, personal=True)
async def ask(turn: Turn, services: Services) -> Reply:
    """用名單: ask for a list, and offer those that are kept."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await expect(db, turn, "list", draft.id)
        kept = (await db.lists.every())[:8]
    rows = tuple((Button(_label(turn, one), Action("use_list", f"{draft.id}.{one.id}")),) for one in kept)
    return Reply(turn.say("list.ask"), rows)


def _label(turn: Turn, roll: Roll) -> str:
    return turn.say("list.label", name=roll.name, people=roll.people, units=roll.units)


@room.words("notice_list", Audience.ADMINISTRATORS, long=True, files=True)
async def given(turn: Turn, services: Services) -> Reply:
    """A list in words or as a file; it is kept, and the draft is for those that were found."""
    reference = turn.expected.reference if turn.expected else ""
    async with services.store.begin() as db:
        draft = await draft_of(db, reference)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await expect(db, turn, "list", draft.id)
    if turn.incoming.files:
        file = turn.incoming.files[0]
        if file.size > LARGEST:
            raise Refusal("file.too_large", limit=LARGEST // 1_000_000)
        wishes = await read(file.name, await services.fetch(file))
        name = PurePath(file.name).stem
    else:
        wishes, name = typed(turn.args), ""
    async with services.store.begin() as db:
        roll, found = await keep(turn, services, db, name, wishes)
        await db.conversations.expected(turn.incoming.address, turn.incoming.sender)
        draft = await db.notices.change(draft, selection=of(roll))
        shown = await card(turn, services, db, draft)
    return Reply("\n".join([*told(turn, roll, found), "", shown.text]), shown.buttons)


@room.button("use_list", Audience.ADMINISTRATORS, personal=True)
async def use(turn: Turn, services: Services) -> Reply:
    """A list that was kept before."""
    number, which = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        draft = await draft_of(db, str(number))
        roll = next((one for one in await db.lists.every() if one.id == which), None)
        if draft is None or roll is None:
            return Reply(turn.say("notice.gone"))
        return await card(turn, services, db, await db.notices.change(draft, selection=of(roll)))


def of(roll: Roll) -> str:
    """The selection that chooses those on a list."""
    return write_selection(Selection((Clause(By.LIST, roll.name),)))


async def read(name: str, data: bytes) -> list[Wish]:
    """The rows of an uploaded list; Refusal where it is empty, too large or neither CSV nor XLSX."""
    if not data:
        raise Refusal("notice.empty_file", name=name)
    if len(data) > LARGEST:
        raise Refusal("file.too_large", limit=LARGEST // 1_000_000)
    reader = xlsx.read if data.startswith(b"PK") else csv.read
    if not data.startswith(b"PK") and PurePath(name).suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise Refusal("list.format", name=name)
    try:
        text = await asyncio.to_thread(reader, data)
    except BadDocument as refusal:
        if refusal.key.startswith("document.") and "name" not in refusal.values:
            raise BadDocument(refusal.key, name=name, **refusal.values) from None
        raise
    return tabled(text.split("\n"))


async def keep(turn: Turn, services: Services, db: Transaction, name: str, wishes: Sequence[Wish]) -> tuple[Roll, Matched]:
    """Keep those of a list that are found under its name, or under one made of the day; Refusal where nobody is."""
    found = match(wishes, await db.people.every(), services.register())
    if not found.people and not found.units:
        raise Refusal("list.nobody", names=" ".join(wish.words for wish in [*found.missing, *found.several][:SHOWN]) or "-")
    # Signs that a selection is written with may not stand in a name.
    plain = " ".join(re.sub(r"[、，,；;|:：+\-]", " ", name).split())[:NAME]
    taken = {one.name for one in await db.lists.every()}
    today = turn.now.astimezone(services.settings.zone).strftime("%Y%m%d")
    plain = plain or next(made for number in range(1, 10_000) if (made := f"{today} {number}") not in taken)
    roll = await db.lists.keep(plain, found.people, found.units, turn.person.id or None, turn.now)
    await db.audit.record(turn.person.id or None, "list keep", f"{roll.id} people {roll.people} units {roll.units}", turn.now)
    return roll, found


def told(turn: Turn, roll: Roll, found: Matched) -> list[str]:
    """What was found, and what was not, by line."""
    lines = [turn.say("list.kept", name=roll.name, people=roll.people, units=roll.units)]
    for key, wishes in (("missing", found.missing), ("several", found.several)):
        if wishes:
            names = turn.say("comma").join(turn.say("list.wish", words=one.words, line=one.line) for one in wishes[:SHOWN])
            rest = turn.say("list.more", count=len(wishes) - SHOWN) if len(wishes) > SHOWN else ""
            lines.append(turn.say(f"list.{key}", count=len(wishes), names=names + rest))
    return lines


@room.page("lists", Audience.ADMINISTRATORS)
async def lists_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """All lists, a form for a new one, and what of the last one could not be found."""
    values, said, refused = request.values, "", False
    if request.posted:
        try:
            if values.get("do") == "drop":
                await _drop(turn, services, values)
                return Moved("lists")
            said = "\n".join(await _uploaded(turn, request, services))
        except Refusal as refusal:
            said, refused = turn.say(refusal.key, **refusal.values), True
    async with services.store.read() as db:
        kept = await db.lists.every()
    name = values.get("name", "") if refused else ""
    words = values.get("words", "") if refused else ""
    fields = (
        Entry("name", turn.say("list.name", most=NAME), name),
        Entry("file", turn.say("list.file"), kind=Kind.FILE, hint=turn.say("list.file_hint")),
        Entry("words", turn.say("list.words"), words, Kind.AREA, hint=turn.say("list.words_hint")),
    )
    blocks = [Block(turn.say("list.new"), turn.say("list.how"), forms=(Form("lists", turn.say("list.keep"), fields),))]
    for one in kept:
        sure = Entry("sure", turn.say("template.sure"), kind=Kind.TICK, needed=True)
        gone = Form("lists", turn.say("list.drop"), (*hidden(do="drop", id=one.id), sure), True, turn.say("list.drop"))
        blocks.append(Block(_label(turn, one), forms=(gone,), card=True))
    return Page(turn.say("list.title"), tuple(blocks), said, refused, (Link(turn.say("notices.title"), "notices"),))


async def _uploaded(turn: Turn, request: Request, services: Services) -> list[str]:
    name = request.values.get("name", "")
    if request.files:
        wishes = await read(request.files[0].name, request.files[0].data)
        name = name or PurePath(request.files[0].name).stem
    else:
        wishes = typed(request.values.get("words", ""))
    if not wishes:
        raise Refusal("list.empty")
    async with services.store.begin() as db:
        return told(turn, *await keep(turn, services, db, name, wishes))


async def _drop(turn: Turn, services: Services, values: Mapping[str, str]) -> None:
    if values.get("sure") != "yes":
        raise Refusal("sheet.tick")
    async with services.store.begin() as db:
        (number,) = numbers_of(values.get("id", ""), 1)
        if not await db.lists.drop(number):
            raise Refusal("notice.gone")
        await db.audit.record(turn.person.id, "list drop", str(number), turn.now)
