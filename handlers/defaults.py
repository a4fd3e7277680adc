"""/defaults: what the people of a rank follow without having asked, set by administrators."""

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Rank
from handlers.room import Audience, Room, Services, Turn
from handlers.schedule import plan_followers

RANKS = (Rank.TEACHER, Rank.PRINCIPAL, Rank.ADMINISTRATOR)
KINDS = ("school", "everything")

room = Room("defaults")


@room.command("defaults", Audience.ADMINISTRATORS, personal=True)
async def defaults(turn: Turn, services: Services) -> Reply:
    """What each rank follows, with buttons to switch it."""
    return await show(turn, services, Place.NEW)


async def show(turn: Turn, services: Services, where: Place) -> Reply:
    """The table of ranks and what they follow."""
    async with services.store.read() as db:
        stands = {(row.rank, row.kind) for row in await db.subscriptions.defaults()}
    lines, rows = [turn.say("defaults.head")], []
    for rank in RANKS:
        name = turn.say(f"rank.{rank.name.lower()}")
        said = [turn.say(f"follow.name_{kind}") for kind in KINDS if (int(rank), kind) in stands]
        lines.append(turn.say("defaults.row", rank=name, what=turn.say("comma").join(said) or turn.say("defaults.nothing")))
        buttons = []
        for kind in KINDS:
            on = (int(rank), kind) in stands
            lead = turn.say("defaults.button", rank=name, what=turn.say(f"follow.name_{kind}"))
            label = turn.say("follow.on" if on else "follow.off", lead=lead)
            buttons.append(Button(label, Action("default", f"{int(rank)}.{kind}")))
        rows.append(tuple(buttons))
    lines.append(turn.say("defaults.foot"))
    return Reply("\n".join(lines), tuple(rows), place=where)


@room.button("default", Audience.ADMINISTRATORS, personal=True)
async def switch(turn: Turn, services: Services) -> Reply:
    """Let a rank follow something, or not any more; who refused it by themselves keeps to that."""
    number, _, kind = turn.args.partition(".")
    if kind not in KINDS or number not in {str(int(rank)) for rank in RANKS}:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        stands = any((row.rank, row.kind) == (int(number), kind) for row in await db.subscriptions.defaults())
        await db.subscriptions.set_default(int(number), kind, not stands)
        await db.subscriptions.apply_defaults(turn.now)
        await db.audit.record(turn.person.id, "default taken" if stands else "default given", turn.args, turn.now)
    await plan_followers(services, turn.now)
    services.wake()
    return await show(turn, services, Place.REPLACE)
