"""Plans on their way in: an administrator sends a file or pastes a text, and gets a draft with what was understood of it."""

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.plan.model import Document
from handlers import plans
from handlers.room import Audience, Room, Services, Turn
from storage.values import Expectation, Import

PASTED_LIMIT = 400_000
"""Characters of a pasted plan; a long one comes in many messages."""

room = Room("arrival")


@room.upload(Audience.ADMINISTRATORS, personal=True)
async def upload(turn: Turn, services: Services) -> Reply:
    """Read the files that were sent, each as its own draft; of one file the whole card, of several a line each."""
    files = turn.incoming.files
    if len(files) == 1:
        data = await services.fetch(files[0])
        document = await services.read(files[0].name or turn.say("arrival.unnamed"), data)
        imported = await keep(turn, services, document)
        return await plans.card(turn, services, imported.stored, said(turn, imported))
    lines = []
    for file in files:
        imported = await keep(turn, services, await services.read(file.name, await services.fetch(file)))
        lines.append(said(turn, imported))
    return Reply("\n".join(lines), ((Button(turn.say("arrival.button_list"), Action("plans", "0")),),))


async def keep(turn: Turn, services: Services, document: Document) -> Import:
    """Keep a document as a draft with the record of it."""
    async with services.store.begin() as db:
        imported = await db.plans.store_document(document, turn.now)
        stored = imported.stored
        await db.audit.record(turn.person.id, f"import {imported.outcome}", f"plan {stored.plan} version {stored.version}", turn.now)
    return imported


def said(turn: Turn, imported: Import) -> str:
    """What became of an import, in one line."""
    stored = imported.stored
    return turn.say(f"arrival.{imported.outcome}", name=stored.document.name, plan=stored.plan, version=stored.version)


@room.button("paste", Audience.ADMINISTRATORS, personal=True)
async def paste(turn: Turn, services: Services) -> Reply:
    """貼上文字: wait for the text, which may come in several messages."""
    await wait(turn, services, "")
    return Reply(turn.say("arrival.paste"))


async def wait(turn: Turn, services: Services, text: str) -> None:
    """Take the next words for (the rest of) a plan."""
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("pasted", "", turn.now, text))


@room.words("pasted", Audience.ADMINISTRATORS, long=True)
async def pasted(turn: Turn, services: Services) -> Reply:
    """A piece of a pasted plan: kept until the person says that it is all."""
    before = turn.expected.text if turn.expected else ""
    text = f"{before}\n{turn.args}" if before else turn.args
    if len(text) > PASTED_LIMIT:
        return Reply(turn.say("arrival.too_much", limit=PASTED_LIMIT))
    await wait(turn, services, text)
    done = Button(turn.say("arrival.button_read"), Action("read"))
    return Reply(turn.say("arrival.piece", count=len(text)), ((done,),))


@room.button("read", Audience.ADMINISTRATORS, personal=True)
async def read(turn: Turn, services: Services) -> Reply:
    """That is all: read what was pasted."""
    if turn.expected is None or turn.expected.verb != "pasted" or not turn.expected.text:
        raise Refusal("desk.stale_button")
    document = await services.read(turn.say("arrival.pasted_name"), turn.expected.text.encode())
    imported = await keep(turn, services, document)
    return await plans.card(turn, services, imported.stored, said(turn, imported))
