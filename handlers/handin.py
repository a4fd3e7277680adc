"""Files that a notice asks for: people send them before its end, and an administrator gets all of them, named by unit and person."""

import asyncio

from bot.chat import Action, Button, File, Reply
from bot.export.bundle import Entry, archive, paths, volumes
from bot.notice.asks import Ask
from handlers import receipt
from handlers.permission import seen_by
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.files import HandedIn
from storage.store import Transaction
from storage.values import Expectation, Notice, NoticeState

FETCHED = 20_000_000
"""Bytes of one file that is taken; what Telegram hands to a bot (Bot API, getFile)."""
VOLUME = 45_000_000
"""Bytes of files in one archive, so that every channel sends it."""
MIME = "application/zip"

room = Room("handin")


@room.words("notice_files", files=True)
async def given(turn: Turn, services: Services) -> Reply:
    """The files that a notice asked for, one or several at a time; words are answered with what is waited for."""
    assert turn.expected is not None
    number = int(turn.expected.reference)
    async with services.store.begin() as db:
        notice = await _open(db, turn, services, number)
        if isinstance(notice, str):
            return Reply(notice)
        await wait(db, turn, number)
    if not turn.incoming.files:
        return Reply(turn.say("notice.wrong_file"))
    names, count = [], 0
    for file in turn.incoming.files:
        if file.size > FETCHED:
            return Reply(turn.say("file.too_large", limit=FETCHED // 1_000_000))
        data = await services.fetch(file)
        if not data:
            return Reply(turn.say("notice.empty_file", name=file.name))
        name = file.name or "file"
        async with services.store.begin() as db:
            # Looked at again: fetching takes a while. What was sent in time counts, however long it takes to come in.
            again = await _open(db, turn, services, number)
            if isinstance(again, str):
                return Reply(again)
            count = await db.files.hand_in(number, turn.person.id, name, file.mime, data, services.now())
            await db.notices.answer(again, turn.person.id, str(count), services.now())
        names.append(name)
    return Reply(turn.say("notice.got_files", names=turn.say("comma").join(names), count=count))


async def wait(db: Transaction, turn: Turn, notice: int) -> None:
    """Take the next files for this notice."""
    expectation = Expectation("notice_files", str(notice), turn.now)
    await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)


async def _open(db: Transaction, turn: Turn, services: Services, number: int) -> Notice | str:
    """The notice where it still takes files of this person; else the sentence that says why not."""
    notice = await db.notices.get(number)
    if notice is None or notice.wanted.ask is not Ask.FILE or notice.state in (NoticeState.DRAFT, NoticeState.RECALLED):
        return turn.say("notice.gone")
    if not await db.notices.is_for(number, turn.person.id):
        return turn.say("notice.not_yours")
    return receipt.too_late(turn, services, notice) or notice


@room.button("bundle", Audience.UNIT_ADMINISTRATORS, personal=True)
async def bundle(turn: Turn, services: Services) -> Reply:
    """全部材料: what came in as an archive, or as several where one would be too large to send; and which units are missing."""
    async with services.store.read() as db:
        notice = await seen_by(turn, db, numbers_of(turn.args, 1)[0])
        handed = await db.files.handed(notice.id)
    if notice.wanted.ask is not Ask.FILE:
        return Reply(turn.say("notice.gone"))
    back = ((Button(turn.say("report.button_back"), Action("report", turn.args)),),)
    if not handed:
        return Reply(turn.say("report.no_files", id=notice.id), back)
    files = await archives(turn, services, notice, handed, VOLUME)
    return Reply(await summary(turn, services, notice, handed), back, files)


async def archives(turn: Turn, services: Services, notice: Notice, handed: list[HandedIn], limit: int) -> tuple[File, ...]:
    """What came in as ZIP files of at most `limit` bytes each."""
    async with services.store.read() as db:
        names = {person.id: person.name for person in await db.people.every()}
        units = {row.person: row.unit for row in await db.notices.people(notice.id)}
    entries = [
        Entry(
            services.register().name(units.get(row.person), turn.say("report.no_unit")),
            names.get(row.person) or turn.say("notice.nameless"),
            row.file.name,
            row.file.size,
        )
        for row in handed
    ]
    where = paths(entries)
    parts = volumes(entries, limit)
    made = []
    for number, places in enumerate(parts, 1):
        held = []
        for place in places:
            async with services.store.read() as db:
                held.append((where[place], await db.files.data(handed[place].file.digest) or b""))
        data = await asyncio.to_thread(archive, iter(held), turn.now.astimezone(services.settings.zone))
        title = turn.say("report.bundle_title", id=notice.id) + (f"-{number}" if len(parts) > 1 else "")
        made.append(File(f"{title}.zip", MIME, data))
    return tuple(made)


async def summary(turn: Turn, services: Services, notice: Notice, handed: list[HandedIn]) -> str:
    """How many units have handed in and which have not."""
    async with services.store.read() as db:
        people = await db.notices.people(notice.id)
    gave = {row.person for row in handed}
    wanted = {row.unit for row in people if row.unit}
    received = {row.unit for row in people if row.unit and row.person in gave}
    missing = sorted(filter(None, map(services.register().name, wanted - received)))
    lines = [
        turn.say("report.bundle", id=notice.id, files=len(handed), people=len(gave), time=receipt.local(services, turn.now)),
        turn.say("report.bundle_units", received=len(received), total=len(wanted)),
    ]
    if missing:
        lines.append(turn.say("report.bundle_missing", units=turn.say("comma").join(missing)))
    return "\n".join(lines)
