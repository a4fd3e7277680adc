"""👍 and 👎 under answers: kept with the question, the answer and the person; pressed again they change and never double."""

from dataclasses import replace

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from handlers.find import REASONS, find, owned_row, what_is_wrong
from handlers.room import Room, Services, Turn
from storage.values import Expectation

NOTE_LENGTH = 500
"""Characters of a remark that are kept."""

room = Room("opinion")


@room.button("good")
async def good(turn: Turn, services: Services) -> Reply:
    """👍: the answer helped."""
    row = await owned_row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        new = await db.feedback.give(row.id, turn.person.id, True, "", turn.now)
    return Reply(turn.say("opinion.thanks" if new else "opinion.changed"), place=Place.TOAST)


@room.button("bad")
async def bad(turn: Turn, services: Services) -> Reply:
    """👎: kept at once, then asks what is wrong."""
    row = await owned_row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.feedback.give(row.id, turn.person.id, False, "", turn.now)
    return what_is_wrong(turn, row)


@room.button("wrong")
async def wrong(turn: Turn, services: Services) -> Reply:
    """A reason was pressed; `other` asks for words."""
    reference, _, reason = turn.args.partition(".")
    row = await owned_row(turn, services, reference)
    if row is None or reason not in (*REASONS, "other"):
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.feedback.give(row.id, turn.person.id, False, reason, turn.now)
        if reason == "other":
            expectation = Expectation("wrong", str(row.id), turn.now)
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    if reason == "other":
        return Reply(turn.say("opinion.say"), place=Place.REPLACE)
    return Reply(turn.say("opinion.noted", reason=turn.say(f"opinion.{reason}")), place=Place.REPLACE)


@room.words("wrong")
async def note(turn: Turn, services: Services) -> Reply:
    """The remark to a dislike; what was meant as a question can be asked with one press."""
    assert turn.expected is not None
    row = await owned_row(turn, services, turn.expected.reference)
    if row is None:
        return await find(turn, services)
    async with services.store.begin() as db:
        await db.feedback.note(row.id, turn.person.id, turn.args[:NOTE_LENGTH], turn.now)
    button = Button(turn.say("opinion.question"), Action("meant", str(row.id)))
    return Reply(turn.say("opinion.remarked"), ((button,),))


@room.button("meant")
async def meant(turn: Turn, services: Services) -> Reply:
    """The remark was a question: take it back and answer it."""
    row = await owned_row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        own = [opinion for opinion in await db.feedback.on([row.id]) if opinion.person == turn.person.id and opinion.note]
        if own:
            await db.feedback.note(row.id, turn.person.id, "", turn.now)
    if not own:
        raise Refusal("desk.stale_button")
    return await find(replace(turn, args=own[0].note), services)
