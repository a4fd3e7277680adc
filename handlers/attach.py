"""Pictures and documents that go with a notice: added to a draft in chat, taken off again, and shown to its author as they arrive."""

from collections.abc import Sequence
from datetime import timedelta

from bot.chat import Abilities, Action, Button, FileRef, Reply
from bot.errors import Refusal
from bot.limits import Lane
from handlers import receipt
from handlers.draft import attachments, draft_of, expect
from handlers.placeholders import as_sent
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import LABEL_LENGTH, shorten
from storage.files import MOST, Kept
from storage.store import Transaction
from storage.values import Notice, Planned

LARGEST = Abilities().upload_limit
"""Bytes of one attachment: what a channel sends."""
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How the pictures begin that a channel may show in place; what only calls itself one is sent as a document."""
PATIENCE = timedelta(minutes=10)
"""A preview that late is of no use."""

room = Room("attach")


@room.button("attach", Audience.ADMINISTRATORS, personal=True)
async def attach(turn: Turn, services: Services) -> Reply:
    """附件: what the draft has, each with a button to take it off, and the next files are taken for it."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await expect(db, turn, "attach", draft.id)
        return listed(turn, draft, await db.files.attached(draft.id))


@room.words("notice_attach", Audience.ADMINISTRATORS, files=True)
async def attached(turn: Turn, services: Services) -> Reply:
    """Files for a draft, one or several at a time, until the person goes on; words are answered with what is waited for."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        # Before anything can be refused: an album comes as a message a picture, and the next ones belong here too.
        await expect(db, turn, "attach", draft.id)
    held = await take(services, turn.incoming.files)
    async with services.store.begin() as db:
        return listed(turn, draft, await add(db, draft, held))


async def take(services: Services, files: Sequence[FileRef]) -> list[tuple[str, str, bytes]]:
    """The files of a message as name, media type and bytes; Refusal for one that is empty, too large or gone."""
    held = []
    for file in files:
        data = await services.fetch(file)
        held.append((file.name or "file", *checked(file.name, file.mime, data)))
    return held


def checked(name: str, mime: str, data: bytes) -> tuple[str, bytes]:
    """The media type that the bytes bear out, with the bytes. Refusal where there are none, or more than a channel sends."""
    if not data:
        raise Refusal("notice.empty_file", name=name)
    if len(data) > LARGEST:
        raise Refusal("file.too_large", limit=LARGEST // 1_000_000)
    found = next((kind for start, kind in PICTURES.items() if data.startswith(start)), "")
    plain = "application/octet-stream" if mime.startswith("image/") or not mime else mime
    return found or plain, data


async def add(db: Transaction, draft: Notice, held: Sequence[tuple[str, str, bytes]]) -> list[Kept]:
    """Keep files with a draft, which becomes another revision; returns all that it has."""
    for name, mime, data in held:
        await db.files.attach(draft.id, name, mime, data)
    if held:
        await db.notices.change(draft)
    return await db.files.attached(draft.id)


def listed(turn: Turn, draft: Notice, files: Sequence[Kept]) -> Reply:
    """What goes with a draft, and how to add to it or go on."""
    lines = [turn.say("notice.attach", id=draft.id, most=MOST)]
    if files:
        lines.append(attachments(turn, files))
    off = [
        (Button(turn.say("notice.detach", name=shorten(file.name, LABEL_LENGTH)), Action("detach", f"{draft.id}.{file.id}")),)
        for file in files
    ]
    return Reply("\n".join(lines), (*off, (Button(turn.say("notice.attached_all"), Action("draft", str(draft.id))),)))


@room.button("detach", Audience.ADMINISTRATORS, personal=True)
async def detach(turn: Turn, services: Services) -> Reply:
    """Take an attachment off a draft."""
    number, _, file = turn.args.partition(".")
    async with services.store.begin() as db:
        draft = await draft_of(db, number)
        if draft is None or not (file.isascii() and file.isdigit() and len(file) < 16):
            return Reply(turn.say("notice.gone"))
        if await db.files.detach(draft.id, int(file)):
            await db.notices.change(draft)
        await expect(db, turn, "attach", draft.id)
        return listed(turn, draft, await db.files.attached(draft.id))


@room.button("preview", Audience.ADMINISTRATORS, personal=True)
async def preview(turn: Turn, services: Services) -> Reply:
    """The notice as it will look, its attachments after it as its readers get them; the buttons answer nothing yet.

    The attachments go through the ledger, so that the channel holds them already when the notice leaves.
    """
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        files = await db.files.attached(draft.id)
        key = f"preview:{draft.id}:{turn.person.id}:{turn.now.timestamp():.3f}"
        address, late = turn.incoming.address, turn.now + PATIENCE
        rows = [
            Planned(key, receipt.PREVIEW, str(draft.id), turn.person.id, address, Lane.REMINDER, turn.now, late, part)
            for part, _ in enumerate(files, 1)
        ]
        await db.outbox.plan(rows, turn.now)
    if files:
        services.wake()
    return receipt.shown(turn, services, as_sent(turn, services, draft))
