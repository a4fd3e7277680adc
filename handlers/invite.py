"""Invitations: a rank for a unit, a group or the district, as a link and a QR picture; who may give it, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat import Action, Button, File, Place, Reply
from bot.draw.ticket import draw_ticket
from bot.errors import Refusal
from bot.people import Person, Rank, Scope, charge, grants
from bot.plan.units import Register
from handlers.receipt import local
from handlers.room import Audience, Room, Services, Turn, number_for, numbers_of
from handlers.wording import paging, rank_words, shorten
from storage.invitations import Open
from storage.values import Expectation

PAGE = 8
"""Units or invitations shown at once."""
DAYS, USES = (1, 7, 30), (1, 10, 50)
LABEL = 24
STAFF = Audience.UNIT_ADMINISTRATORS

room = Room("invite")


@dataclass(frozen=True, slots=True)
class Draft:
    """An invitation as it is put together; a button carries it in numbers."""

    rank: Rank
    unit: int | None = None
    group: str = ""
    days: int = 7
    uses: int = 1

    @property
    def ref(self) -> str:
        """What a button carries."""
        return f"{int(self.rank)}.{self.unit or 0}.{number_of(self.group)}.{self.days}.{self.uses}"


def number_of(group: str) -> int:
    """A number that a button carries for a group's name; 0 for none."""
    return number_for(group) if group else 0


def groups_of(person: Person, register: Register) -> list[str]:
    """The groups of units that are wholly in somebody's charge, by name."""
    mine = {unit.id for unit in charge(person, register)}
    found: dict[str, set[int]] = {}
    for unit in register.units:
        for group in unit.groups:
            found.setdefault(group, set()).add(unit.id)
    return sorted(group for group, units in found.items() if units <= mine)


def read_draft(turn: Turn, services: Services) -> Draft:
    """The draft of a button that was pressed; Refusal where it is out of date or the person may not give that."""
    rank, unit, group, days, uses = numbers_of(turn.args, 5)
    register = services.register()
    names = {number_of(name): name for one in register.units for name in one.groups}
    if rank not in set(map(int, Rank)) or days not in DAYS or uses not in USES or (group and group not in names):
        raise Refusal("desk.stale_button")
    if unit and register.unit(unit) is None:
        raise Refusal("desk.stale_button")
    draft = Draft(Rank(rank), unit or None, names.get(group, ""), days, uses)
    if draft.rank is Rank.UNIT_ADMINISTRATOR and not unit and not group:
        raise Refusal("desk.stale_button")
    if not grants(turn.person, draft.rank, draft.unit, draft.group, register):
        raise Refusal("invite.not_yours")
    return draft


def place_of(turn: Turn, services: Services, rank: Rank, unit: int | None, group: str) -> str:
    """What a rank is for, in words."""
    if rank >= Rank.ADMINISTRATOR:
        return turn.say("invite.district")
    return services.register().name(unit) or group or turn.say("invite.nowhere")


@room.command("invite", STAFF, personal=True)
async def invite(turn: Turn, services: Services) -> Reply:
    """Ask which rank to invite to; a way to the invitations that are open."""
    below = [rank for rank in Rank if Rank.GUEST < rank < turn.person.rank]
    ranks = [Button(rank_words(turn, rank), Action("invite_rank", f"{int(rank)}.0")) for rank in reversed(below)]
    async with services.store.read() as db:
        mine = _mine(turn, services, await db.people.invitations(turn.now))
    rows = [tuple(ranks[at : at + 2]) for at in range(0, len(ranks), 2)]
    if mine:
        rows.append((Button(turn.say("invite.button_open", count=len(mine)), Action("invites", "0")),))
    return Reply(turn.say("invite.which_rank"), tuple(rows))


@room.button("invite_rank", STAFF, personal=True)
async def which_place(turn: Turn, services: Services) -> Reply:
    """Ask for which unit or group; a name may be typed as well. A rank for the district, or one's only unit, needs no question."""
    number, page = numbers_of(turn.args, 2)
    if number not in set(map(int, Rank)) or not Rank.GUEST < Rank(number) < turn.person.rank:
        raise Refusal("desk.stale_button")
    rank = Rank(number)
    units = charge(turn.person, services.register())
    if rank is Rank.ADMINISTRATOR:
        return card(turn, services, Draft(rank))
    if turn.person.scope is Scope.UNIT and turn.person.rank < Rank.ADMINISTRATOR and len(units) == 1:
        return card(turn, services, Draft(rank, units[0].id))
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("invite_place", str(number), turn.now))
    return Reply(turn.say("invite.which_place", rank=rank_words(turn, rank)), tuple(_places(turn, services, rank, page)))


def _places(turn: Turn, services: Services, rank: Rank, page: int) -> list[tuple[Button, ...]]:
    register = services.register()
    units = charge(turn.person, register)
    rows: list[tuple[Button, ...]] = []
    if not page:
        groups = [
            Button(shorten(name, LABEL), Action("invite_card", Draft(rank, group=name).ref)) for name in groups_of(turn.person, register)
        ]
        rows += [tuple(groups[at : at + 2]) for at in range(0, len(groups), 2)]
        if turn.person.rank >= Rank.ADMINISTRATOR and rank is not Rank.UNIT_ADMINISTRATOR:
            rows.append((Button(turn.say("invite.nowhere"), Action("invite_card", Draft(rank).ref)),))
    shown = units[page * PAGE : (page + 1) * PAGE]
    buttons = [Button(shorten(unit.name, LABEL), Action("invite_card", Draft(rank, unit.id).ref)) for unit in shown]
    rows += [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    return [*rows, *paging(turn, "invite_rank", f"{int(rank)}.", page, len(units) > (page + 1) * PAGE)]


@room.words("invite_place", STAFF)
async def place_named(turn: Turn, services: Services) -> Reply:
    """The unit or group that was typed."""
    assert turn.expected is not None, "words come with what they were asked for"
    rank, register, words = Rank(int(turn.expected.reference)), services.register(), turn.args.strip()
    if any(words in unit.groups for unit in register.units):
        draft = Draft(rank, group=words)
    else:
        units = register.members(words)
        if len(units) != 1:
            raise Refusal("unit.unknown", name=shorten(words, LABEL))
        draft = Draft(rank, units[0].id)
    if not grants(turn.person, draft.rank, draft.unit, draft.group, register):
        raise Refusal("invite.not_yours")
    return card(turn, services, draft)


@room.button("invite_card", STAFF, personal=True)
async def card_pressed(turn: Turn, services: Services) -> Reply:
    """The invitation before it is made."""
    reply = card(turn, services, read_draft(turn, services))
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


def card(turn: Turn, services: Services, draft: Draft) -> Reply:
    """What would be invited to; how long and how many are changed by buttons."""
    place = place_of(turn, services, draft.rank, draft.unit, draft.group)
    text = turn.say("invite.card", rank=rank_words(turn, draft.rank), place=place, days=draft.days, uses=draft.uses)
    days = [
        Button(_chosen(turn.say("invite.days", days=days), days == draft.days), Action("invite_card", _with(draft, days=days)))
        for days in DAYS
    ]
    uses = [
        Button(_chosen(turn.say("invite.uses", uses=uses), uses == draft.uses), Action("invite_card", _with(draft, uses=uses)))
        for uses in USES
    ]
    make = (Button(turn.say("invite.button_make"), Action("invite_make", draft.ref)),)
    return Reply(text, (tuple(days), tuple(uses), make))


def _with(draft: Draft, days: int = 0, uses: int = 0) -> str:
    return Draft(draft.rank, draft.unit, draft.group, days or draft.days, uses or draft.uses).ref


def _chosen(label: str, chosen: bool) -> str:
    return f"● {label}" if chosen else label


@room.button("invite_make", STAFF, personal=True)
async def make(turn: Turn, services: Services) -> Reply:
    """Make the invitation: its link, its code and a picture to show or print. The code is shown this once."""
    draft = read_draft(turn, services)
    expires = turn.now + timedelta(days=draft.days)
    async with services.store.begin() as db:
        code = await db.people.invite(draft.rank, draft.unit, turn.now, expires, draft.uses, draft.group, turn.person.id)
        subject = f"{draft.rank.name.lower()} unit {draft.unit or 0} uses {draft.uses}"
        await db.audit.record(turn.person.id, "invite", subject, turn.now)
    rank, place = rank_words(turn, draft.rank), place_of(turn, services, draft.rank, draft.unit, draft.group)
    until = local(services, expires)
    links = services.openings(code)
    lines = [turn.say("invite.made", rank=rank, place=place), *links, turn.say("invite.code", code=code)]
    lines.append(turn.say("invite.until", until=until, uses=draft.uses))
    files: tuple[File, ...] = ()
    if links:
        under = (turn.say("invite.picture_place", place=place), turn.say("invite.until", until=until, uses=draft.uses))
        picture = draw_ticket(links[0], turn.say("invite.picture_title", rank=rank), under)
        files = (File(turn.say("invite.file") + ".png", "image/png", picture),)
    return Reply("\n".join(lines), files=files)


@room.button("invites", STAFF, personal=True)
async def invitations(turn: Turn, services: Services) -> Reply:
    """The invitations that still can be used and may be taken back by who asks."""
    return await _listed(turn, services, numbers_of(turn.args, 1)[0])


async def _listed(turn: Turn, services: Services, page: int) -> Reply:
    async with services.store.read() as db:
        mine = _mine(turn, services, await db.people.invitations(turn.now))
    shown = mine[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return Reply(turn.say("invite.none"), place=Place.REPLACE)
    lines = [turn.say("invite.head", count=len(mine))]
    for number, one in enumerate(shown, page * PAGE + 1):
        rank, place = rank_words(turn, one.rank), place_of(turn, services, one.rank, one.unit, one.group)
        until = local(services, one.expires)
        lines.append(turn.say("invite.row", number=number, rank=rank, place=place, used=one.used, uses=one.uses, until=until))
    buttons = [
        Button(turn.say("invite.button_end", number=number), Action("invite_end", f"{one.id}.{page}"))
        for number, one in enumerate(shown, page * PAGE + 1)
    ]
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    ways = paging(turn, "invites", "", page, len(mine) > (page + 1) * PAGE)
    return Reply("\n".join(lines), (*rows, *ways), place=Place.REPLACE)


def _mine(turn: Turn, services: Services, every: Sequence[Open]) -> list[Open]:
    """Those that somebody made or could have made."""
    person, register = turn.person, services.register()
    return [one for one in every if one.author == person.id or grants(person, one.rank, one.unit, one.group, register)]


@room.button("invite_end", STAFF, personal=True)
async def end(turn: Turn, services: Services) -> Reply:
    """Take an invitation back."""
    number, page = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        mine = _mine(turn, services, await db.people.invitations(turn.now))
        if number not in {one.id for one in mine}:
            raise Refusal("desk.stale_button")
        await db.people.revoke(number, turn.now)
        await db.audit.record(turn.person.id, "invite ended", str(number), turn.now)
    return await _listed(turn, services, page)
