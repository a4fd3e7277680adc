"""Where somebody is reached: several addresses of one person, the one that messages go to, and joining another by a short code."""

from datetime import timedelta

from bot.chat import Action, Address, Button, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.people import Person
from handlers.room import Room, Services, Turn, number_for, numbers_of, unasked
from handlers.schedule import plan_anew
from handlers.start import minutes
from handlers.wording import rank_words
from storage.addresses import NOWHERE, Reach
from storage.codes import plain
from storage.store import Transaction
from storage.values import Cancelled, Expectation, OutboxRow, Planned

GOOD = timedelta(minutes=10)
"""How long a code joins."""
KIND = "joined"
"""The kind of the message that tells an address that another one was joined."""

room = Room("addresses")


def number_of(address: Address) -> int:
    """A number that a button carries for an address."""
    return number_for(f"{address.channel}\n{address.chat}")


def channel_words(turn: Turn, address: Address) -> str:
    """A channel's name in words."""
    key = f"addresses.channel_{address.channel}"
    return turn.say(key) if turn.texts.has(key) else address.channel


@room.command("addresses", personal=True)
@room.button("addresses", personal=True)
async def addresses(turn: Turn, services: Services) -> Reply:
    """The asker's addresses; which one messages go to is chosen by a button."""
    async with services.store.read() as db:
        reaches = await db.addresses.of(turn.person.id)
        goes = (await db.people.reached()).get(turn.person.id)
    lines = [turn.say("addresses.head")]
    buttons = []
    for number, one in enumerate(reaches, 1):
        since = one.since.astimezone(services.settings.zone).strftime("%Y-%m-%d")
        here = turn.say("addresses.here") if one.address == turn.incoming.address else ""
        marked = turn.say("addresses.goes") if one.address == goes else ""
        lines.append(turn.say("addresses.row", number=number, channel=channel_words(turn, one.address), since=since) + here + marked)
        buttons.append(_buttons(turn, number, one, goes, len(reaches)))
    lines.append(turn.say("addresses.foot"))
    rows = [row for row in buttons if row]
    return Reply("\n".join(lines), (*rows, (Button(turn.say("addresses.button_join"), Action("join_show")),)))


def _buttons(turn: Turn, number: int, one: Reach, goes: Address | None, count: int) -> tuple[Button, ...]:
    found = []
    if one.address != goes and one.address.channel not in NOWHERE:
        found.append(Button(turn.say("addresses.button_prefer", number=number), Action("prefer", str(number_of(one.address)))))
    if count > 1:
        found.append(Button(turn.say("addresses.button_drop", number=number), Action("part", str(number_of(one.address)))))
    return tuple(found)


async def _chosen(db: Transaction, turn: Turn) -> Address:
    number = numbers_of(turn.args, 1)[0]
    for one in await db.addresses.of(turn.person.id):
        if number_of(one.address) == number:
            return one.address
    raise Refusal("desk.stale_button")


@room.button("prefer", personal=True)
async def prefer(turn: Turn, services: Services) -> Reply:
    """Send what comes to another address of the same person, also what waits already."""
    async with services.store.begin() as db:
        address = await _chosen(db, turn)
        if not await db.addresses.prefer(turn.person.id, address):
            raise Refusal("desk.stale_button")
        await db.audit.record(turn.person.id, "address preferred", address.channel, turn.now)
    services.wake()
    return Reply(turn.say("addresses.preferred", channel=channel_words(turn, address)))


@room.button("part", personal=True)
async def part(turn: Turn, services: Services) -> Reply:
    """Part an address from the person; never the last one."""
    async with services.store.begin() as db:
        address = await _chosen(db, turn)
        if not await db.addresses.drop(turn.person.id, address, turn.now):
            raise Refusal("desk.stale_button")
        await db.audit.record(turn.person.id, "address parted", address.channel, turn.now)
    services.wake()
    return Reply(turn.say("addresses.parted", channel=channel_words(turn, address)))


@room.button("join_show", personal=True)
async def show(turn: Turn, services: Services) -> Reply:
    """A code to be typed at the other address."""
    async with services.store.begin() as db:
        code = await db.codes.show(turn.person.id, turn.now + GOOD)
        await db.audit.record(turn.person.id, "join code", "", turn.now)
    return Reply(turn.say("addresses.code", code=code, minutes=GOOD.seconds // 60))


@room.command("join", personal=True, listed=False)
async def join(turn: Turn, services: Services) -> Reply:
    """Take the code that the other address shows; asked for where it is missing."""
    if not turn.args:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("join", "", turn.now))
        return Reply(turn.say("addresses.which_code"))
    return await _look(turn, services)


@room.words("join")
async def join_named(turn: Turn, services: Services) -> Reply:
    """The code that was asked for."""
    return await _look(turn, services)


async def _owner(turn: Turn, db: Transaction) -> tuple[Person | None, timedelta]:
    """Whose code it is, or how long to wait; a wrong one is noted."""
    wait = await db.codes.wait(turn.person.id, turn.now, short=True)
    if wait:
        await db.audit.record(turn.person.id, "code not looked at", "", turn.now)
        return None, wait
    number = await db.codes.owner(turn.args, turn.now)
    if number is None:
        await db.codes.missed(turn.person.id, turn.now)
        await db.audit.record(turn.person.id, "bad code", "", turn.now)
        return None, wait
    return await db.people.get(number), wait


async def _look(turn: Turn, services: Services) -> Reply:
    async with services.store.begin() as db:
        other, wait = await _owner(turn, db)
        reaches = await db.addresses.of(other.id) if other is not None else []
    if wait:
        return Reply(turn.say("start.slow", minutes=minutes(wait)))
    if other is None:
        return Reply(turn.say("addresses.bad_code"))
    if other.id == turn.person.id:
        return Reply(turn.say("addresses.same"))
    code = plain(turn.args)[:16]
    channels = turn.say("comma").join(dict.fromkeys(channel_words(turn, one.address) for one in reaches))
    rank = rank_words(turn, max(other.rank, turn.person.rank))
    text = turn.say("addresses.sure", name=other.name or turn.say("notice.nameless"), channels=channels, rank=rank)
    return Reply(text, ((Button(turn.say("addresses.button_sure"), Action("join_sure", code)),),))


@room.button("join_sure", personal=True)
async def sure(turn: Turn, services: Services) -> Reply:
    """Make both one person: the one of higher rank stays, else the one whose code it was; every address is told."""
    async with services.store.begin() as db:
        other, wait = await _owner(turn, db)
        if other is None or other.id == turn.person.id or not await db.codes.use(other.id, turn.now):
            return Reply(turn.say("start.slow", minutes=minutes(wait)) if wait else turn.say("addresses.bad_code"))
        kept, merged = (turn.person, other) if turn.person.rank > other.rank else (other, turn.person)
        await db.membership.join(kept, merged, turn.now)
        await db.audit.record(kept.id, "joined", str(merged.id), turn.now)
        told = [
            one.address
            for one in await db.addresses.of(kept.id)
            if one.address != turn.incoming.address and one.address.channel not in NOWHERE
        ]
        rows = [
            Planned(
                f"{KIND}:{kept.id}:{merged.id}:{number}", KIND, turn.incoming.address.channel, kept.id, address, Lane.REMINDER, turn.now
            )
            for number, address in enumerate(told)
        ]
        await db.outbox.plan(rows, turn.now)
    await plan_anew(services, kept, turn.incoming.address, turn.now)
    services.wake()
    return Reply(turn.say("addresses.joined"), ((Button(turn.say("addresses.button_list"), Action("addresses")),),))


@room.composer(KIND)
async def joined(row: OutboxRow, person: Person | None, services: Services, now: object) -> Reply | Cancelled:
    """Tell an address that another one is the same person's now."""
    if person is None:
        return Cancelled("person gone")
    turn = unasked(person, row.planned.address, services, services.now())
    channel = channel_words(turn, Address(row.planned.reference, ""))
    return Reply(turn.say("addresses.told", channel=channel), ((Button(turn.say("addresses.button_list"), Action("addresses")),),))
