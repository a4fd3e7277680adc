"""In which script quotations are shown: asked once under an answer or a list, kept for ever after."""

from dataclasses import replace

from bot.chat import Place, Reply
from handlers.find import owned_row, page_of
from handlers.room import Room, Services, Turn
from handlers.wording import citation, quotation

room = Room("scripts")


async def _show(turn: Turn, services: Services, script: str) -> Reply:
    """Keep a choice of script, and show what it was asked under in it: a measure, or the page of a list (`q` with `row.page`)."""
    reference, _, page = turn.args.removeprefix("q").partition(".")
    last = await owned_row(turn, services, reference) if turn.args.startswith("q") else None
    async with services.store.begin() as db:
        await db.people.set_script(turn.person.id, script)
        person = await db.people.get(turn.person.id)
    kept = turn.say(f"answer.kept_{script}")
    if last is not None and person is not None and page.isdecimal() and len(page) < 5:
        shown_so = await page_of(replace(turn, person=person), services, last, int(page))
        return replace(shown_so, text=f"{kept}\n{shown_so.text}", place=Place.REPLACE)
    hit = services.library().find(turn.args)
    if hit is None or person is None:
        return Reply(turn.say("find.gone"))
    return Reply("\n".join([kept, quotation(turn, person, hit.measure.text), citation(turn, hit)]))


@room.button("show_hant")
async def show_hant(turn: Turn, services: Services) -> Reply:
    """Keep the choice of traditional characters for quotations."""
    return await _show(turn, services, "hant")


@room.button("show_hans")
async def show_hans(turn: Turn, services: Services) -> Reply:
    """Keep the choice of simplified characters for quotations."""
    return await _show(turn, services, "hans")


@room.button("show_original")
async def show_original(turn: Turn, services: Services) -> Reply:
    """Keep the choice of the plan's own characters for quotations."""
    return await _show(turn, services, "original")
