"""What an old button leads to once its sentence is no longer in use: when it stood, and what stands there now."""

from bot.chat import Action, Button, Reply
from handlers.room import Services, Turn
from handlers.wording import day, quotation


async def gone(turn: Turn, services: Services, reference: str) -> Reply:
    """Say that a measure or event stood in an earlier version, until when, and show its successor; never in the present tense."""
    async with services.store.read() as db:
        former = await db.plans.former(reference)
    if former is None:
        return Reply(turn.say("find.gone"))
    stored = former.stored
    if stored.ended_at is None:
        head = turn.say("former.before", version=stored.version)
    else:
        until = day(turn, stored.ended_at.astimezone(services.settings.zone).date())
        head = turn.say("former.until", version=stored.version, day=until)
    lines = [head, turn.say("former.was", text=quotation(turn, turn.person, former.measure.text))]
    if former.current is None:
        return Reply("\n".join([*lines, turn.say("former.retired")]))
    if former.successor is None:
        return Reply("\n".join([*lines, turn.say("former.nothing", version=former.current.version)]))
    lines += [
        turn.say("former.now", version=former.current.version),
        quotation(turn, turn.person, former.successor.text),
    ]
    return Reply("\n".join(lines), ((Button(turn.say("former.show"), Action("pick", f"what-{former.successor.id}")),),))
