"""The people in somebody's charge: who they are, another rank, an end of their membership, and a post handed over."""

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Person, Rank, covers, grants, vouched
from bot.plan.units import key
from handlers.invite import place_of
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.schedule import plan_anew
from handlers.wording import paging, rank_words, shorten
from storage.store import Transaction
from storage.values import Expectation

PAGE = 8
LABEL = 20
STAFF = Audience.UNIT_ADMINISTRATORS

room = Room("members")


def may(turn: Turn, services: Services, other: Person) -> bool:
    """True where somebody may end or change the membership of another: the owner of all, others of whom is below them in their charge."""
    if turn.person.rank is Rank.OWNER:
        return True
    return other.rank < turn.person.rank and covers(turn.person, vouched(other), services.register())


def named(turn: Turn, person: Person) -> str:
    """A person's name, or that none is known."""
    return person.name or turn.say("members.nameless", id=person.id)


@room.command("people", STAFF, personal=True)
async def people(turn: Turn, services: Services) -> Reply:
    """The staff in the asker's charge; with words those whose name or unit has them, guests too."""
    return await listed(turn, services, 0, turn.args.strip())


@room.button("people", STAFF, personal=True)
async def page(turn: Turn, services: Services) -> Reply:
    """Another page of the staff."""
    reply = await listed(turn, services, numbers_of(turn.args, 1)[0], "")
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


async def listed(turn: Turn, services: Services, number: int, words: str) -> Reply:
    """A page of people, each behind a button with its number."""
    async with services.store.read() as db:
        everybody = await db.people.every()
    mine = [one for one in everybody if (may(turn, services, one) or one.id == turn.person.id) and (words or one.rank > Rank.GUEST)]
    if words:
        units = {unit.id for unit in services.register().find(words)}
        mine = [one for one in mine if key(words) in key(one.name) or one.unit in units]
    mine.sort(key=lambda one: (-one.rank, one.unit or 0, one.id))
    if not mine:
        return Reply(turn.say("members.nobody"))
    shown = mine[number * PAGE : (number + 1) * PAGE] or mine[:PAGE]
    lines = [turn.say("members.head", count=len(mine))]
    lines += [turn.say("members.row", number=at, who=_line(turn, services, one)) for at, one in enumerate(shown, number * PAGE + 1)]
    buttons = [Button(str(at), Action("member", str(one.id))) for at, one in enumerate(shown, number * PAGE + 1)]
    rows = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    if not words:
        rows += paging(turn, "people", "", number, (number + 1) * PAGE < len(mine))
    return Reply("\n".join(lines), tuple(rows))


def _line(turn: Turn, services: Services, person: Person) -> str:
    place = place_of(turn, services, person.rank, person.unit, person.group)
    if person.rank < Rank.ADMINISTRATOR and person.unit is not None and vouched(person) is None:
        place = turn.say("members.says", place=place)
    return turn.say("members.line", name=named(turn, person), rank=rank_words(turn, person.rank), place=place)


async def _other(db: Transaction, turn: Turn, services: Services, number: int, self_too: bool = False) -> Person:
    """The person of that id; Refusal where there is none or they are not in the asker's charge, looked up now."""
    other = await db.people.get(number)
    if other is None:
        raise Refusal("desk.stale_button")
    if not may(turn, services, other) and not (self_too and other.id == turn.person.id):
        raise Refusal("members.not_yours")
    return other


@room.button("member", STAFF, personal=True)
async def member(turn: Turn, services: Services) -> Reply:
    """One person, with what can be done about their membership."""
    async with services.store.read() as db:
        other = await _other(db, turn, services, numbers_of(turn.args, 1)[0], self_too=True)
        reaches = await db.addresses.of(other.id)
    lines = [_line(turn, services, other), turn.say("members.reached" if reaches else "members.unreached", count=len(reaches))]
    rows = []
    if other.id != turn.person.id and other.rank > Rank.GUEST:
        unit, group = vouched(other), other.group
        ranks = [rank for rank in Rank if rank is not other.rank and grants(turn.person, rank, unit, group, services.register())]
        ranks = [rank for rank in ranks if rank is not Rank.UNIT_ADMINISTRATOR or unit is not None or group]
        buttons = [
            Button(turn.say("members.button_rank", rank=rank_words(turn, rank)), Action("member_rank", f"{other.id}.{int(rank)}"))
            for rank in ranks
        ]
        rows += [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    if other.rank > Rank.GUEST:
        last = [Button(turn.say("members.button_hand"), Action("member_hand", str(other.id)))]
        if other.id != turn.person.id:
            last.append(Button(turn.say("members.button_end"), Action("member_end", str(other.id))))
        rows.append(tuple(last))
    return Reply("\n".join(lines), tuple(rows))


@room.button("member_rank", STAFF, personal=True)
async def change_rank(turn: Turn, services: Services) -> Reply:
    """Give another rank for the same place."""
    number, rank = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        other = await _other(db, turn, services, number)
        unit = vouched(other)
        if rank not in set(map(int, Rank)) or not grants(turn.person, Rank(rank), unit, other.group, services.register()):
            raise Refusal("members.not_yours")
        await db.membership.spare(other)
        await db.people.set_rank(other.id, Rank(rank), unit, other.group)
        await db.audit.record(turn.person.id, "rank changed", f"{other.id} {Rank(rank).name.lower()}", turn.now)
        changed = await db.people.get(other.id) or other
    return Reply(turn.say("members.changed", who=_line(turn, services, changed)))


@room.button("member_end", STAFF, personal=True)
async def ask_end(turn: Turn, services: Services) -> Reply:
    """Ask once more before a membership ends."""
    async with services.store.begin() as db:
        other = await _other(db, turn, services, numbers_of(turn.args, 1)[0])
        await db.membership.spare(other)
    sure = (Button(turn.say("members.button_end_sure"), Action("member_end_sure", str(other.id))),)
    return Reply(turn.say("members.ask_end", who=_line(turn, services, other)), (sure,))


@room.button("member_end_sure", STAFF, personal=True)
async def end(turn: Turn, services: Services) -> Reply:
    """End a membership: the rank is gone at once, and what would still be sent to them is withdrawn."""
    async with services.store.begin() as db:
        other = await _other(db, turn, services, numbers_of(turn.args, 1)[0])
        count = await db.membership.end(other, turn.now)
        await db.audit.record(turn.person.id, "membership ended", str(other.id), turn.now)
    return Reply(turn.say("members.ended", name=named(turn, other), count=count))


@room.button("member_hand", STAFF, personal=True)
async def ask_successor(turn: Turn, services: Services) -> Reply:
    """Ask who takes the post over."""
    async with services.store.begin() as db:
        other = await _other(db, turn, services, numbers_of(turn.args, 1)[0], self_too=True)
        waiting = Expectation("successor", str(other.id), turn.now)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, waiting)
    return Reply(turn.say("members.which_successor", who=_line(turn, services, other)))


@room.words("successor", STAFF)
async def successor_named(turn: Turn, services: Services) -> Reply:
    """The people who have that name, each behind a button."""
    assert turn.expected is not None, "words come with what they were asked for"
    async with services.store.read() as db:
        other = await _other(db, turn, services, int(turn.expected.reference), self_too=True)
        everybody = await db.people.every()
    found = [one for one in everybody if key(turn.args) in key(one.name) and _may_follow(turn, services, other, one)][:PAGE]
    if not found:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, turn.expected)
        return Reply(turn.say("members.no_successor", name=shorten(turn.args, LABEL)))
    lines = [turn.say("members.ask_hand", who=_line(turn, services, other))]
    lines += [turn.say("members.row", number=at, who=_line(turn, services, one)) for at, one in enumerate(found, 1)]
    rows = [
        (Button(turn.say("members.button_to", number=at), Action("member_to", f"{other.id}.{one.id}")),) for at, one in enumerate(found, 1)
    ]
    return Reply("\n".join(lines), tuple(rows))


def _may_follow(turn: Turn, services: Services, leaver: Person, successor: Person) -> bool:
    """Whether somebody may be given a post: staff in the asker's charge. A guest is who they say they are, so they are invited first."""
    if successor.id == leaver.id or successor.rank is Rank.GUEST:
        return False
    if successor.id == turn.person.id:
        return True
    return successor.rank <= turn.person.rank and covers(turn.person, vouched(successor), services.register())


@room.button("member_to", STAFF, personal=True)
async def hand_over(turn: Turn, services: Services) -> Reply:
    """Give the post to the successor and end the leaver's membership, all or nothing."""
    old, new = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        leaver = await _other(db, turn, services, old, self_too=True)
        successor = await db.people.get(new)
        if successor is None or not _may_follow(turn, services, leaver, successor):
            raise Refusal("members.not_yours")
        asked = await db.membership.hand_over(leaver, successor, turn.now)
        await db.membership.end(leaver, turn.now)
        await db.audit.record(turn.person.id, "post handed over", f"{leaver.id} {successor.id}", turn.now)
        taken = await db.people.get(successor.id) or successor
        address = (await db.people.reached()).get(taken.id)
    if address is not None:
        await plan_anew(services, taken, address, turn.now)
    services.wake()
    return Reply(turn.say("members.handed", name=named(turn, leaver), who=_line(turn, services, taken), count=asked))
