"""/synonyms: words that mean the same in this district, added and removed in chat and in force at once."""

from bot.ask.lore import bare
from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from handlers.room import Audience, Room, Services, Turn
from storage.values import Expectation

PAGE = 10
"""Pairs shown at once."""
LONGEST = 20
"""Characters of a word; what is longer is a sentence."""
SIGNS = ("=", "＝")
STAFF = Audience.ADMINISTRATORS

room = Room("synonyms")


@room.command("synonyms", STAFF, personal=True)
async def synonyms(turn: Turn, services: Services) -> Reply:
    """The pairs; `/synonyms 教師交流 = 輪崗` adds one."""
    return await _add(turn, services, turn.args) if turn.args else await show(turn, services, 0)


@room.button("synonym_page", STAFF, personal=True)
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another page, in place of the one before."""
    reply = await show(turn, services, int(turn.args) if turn.args.isdecimal() and len(turn.args) < 5 else 0)
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


@room.button("synonym_new", STAFF, personal=True)
async def begin(turn: Turn, services: Services) -> Reply:
    """Ask for a pair."""
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("synonym", "", turn.now))
    return Reply(turn.say("synonyms.say"))


@room.words("synonym", STAFF)
async def said(turn: Turn, services: Services) -> Reply:
    """The pair that was asked for; what is wrong with it is said, and it may be typed again."""
    refused = wrong(turn, turn.args)
    if refused:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("synonym", "", turn.now))
        return Reply(refused)
    return await _add(turn, services, turn.args)


def _pair(text: str) -> list[str]:
    for sign in SIGNS[1:]:
        text = text.replace(sign, SIGNS[0])
    return [word.strip() for word in text.split(SIGNS[0])]


def wrong(turn: Turn, text: str) -> str:
    """What keeps `text` from being a pair `甲 = 乙`, in a sentence of its own; empty where it is one."""
    words = _pair(text)
    if len(words) != 2 or not all(words):
        return turn.say("synonyms.shape")
    word, other = words
    if max(len(word), len(other)) > LONGEST:
        return turn.say("synonyms.long", limit=LONGEST)
    if min(len(bare(word)), len(bare(other))) < 2:
        return turn.say("synonyms.short")
    return turn.say("synonyms.equal", word=word) if bare(word) == bare(other) else ""


async def _add(turn: Turn, services: Services, text: str) -> Reply:
    """Keep `甲 = 乙`; nothing is kept where something is wrong with it."""
    if refused := wrong(turn, text):
        return Reply(refused)
    word, other = _pair(text)
    async with services.store.begin() as db:
        new = await db.lore.add_synonym(word, other, turn.person.id, turn.now)
        if new:
            await db.audit.record(turn.person.id, "synonym added", "", turn.now)
    await services.renew()
    if not new:
        return Reply(turn.say("synonyms.known", word=word, other=other))
    return Reply(turn.say("synonyms.added", word=word, other=other), ((Button(turn.say("synonyms.list"), Action("synonym_page", "0")),),))


@room.button("synonym_gone", STAFF, personal=True)
async def remove(turn: Turn, services: Services) -> Reply:
    """Drop a pair; one press too many changes nothing."""
    async with services.store.begin() as db:
        gone = await db.lore.remove_synonym(int(turn.args)) if turn.args.isascii() and turn.args.isdigit() and len(turn.args) < 16 else None
        if gone is not None:
            await db.audit.record(turn.person.id, "synonym removed", turn.args, turn.now)
    await services.renew()
    if gone is None:
        raise Refusal("desk.stale_button")
    return Reply(turn.say("synonyms.removed", word=gone.word, other=gone.other))


async def show(turn: Turn, services: Services, page: int) -> Reply:
    """One page of pairs, each with a button to remove it."""
    async with services.store.read() as db:
        pairs = await db.lore.synonyms()
    new = (Button(turn.say("synonyms.new"), Action("synonym_new")),)
    if not pairs:
        return Reply(turn.say("synonyms.none"), (new,))
    page = max(0, min(page, (len(pairs) - 1) // PAGE))
    first = page * PAGE
    lines = [turn.say("synonyms.head", count=len(pairs))]
    buttons = []
    for number, pair in enumerate(pairs[first : first + PAGE], first + 1):
        lines.append(turn.say("synonyms.row", number=number, word=pair.word, other=pair.other))
        buttons.append(Button(turn.say("synonyms.remove", number=number), Action("synonym_gone", str(pair.id))))
    paging = []
    if page:
        paging.append(Button(turn.say("find.back_page"), Action("synonym_page", str(page - 1))))
    if len(pairs) > first + PAGE:
        paging.append(Button(turn.say("find.next_page"), Action("synonym_page", str(page + 1))))
    packed = [tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
    return Reply("\n".join(lines), (*packed, (*paging, *new)))
