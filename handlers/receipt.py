"""A notice as it reaches people, and what they give back: a press, a choice, a number, a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.notice.asks import LINE, Ask, fitting
from bot.notice.placeholders import fill
from bot.people import Person, Rank
from handlers.permission import may_send
from handlers.room import Composed, Due, Room, Services, Turn, numbers_of, one_by_one, unasked
from storage.files import MOST, Kept
from storage.notices import CHANGE, RECALL, round_of
from storage.outcomes import KIND
from storage.values import Amended, Cancelled, Expectation, Notice, NoticeState, OutboxRow, Recalled

PREVIEW = "notice_preview"
"""The kind of the rows that show the author of a draft its attachments; the reference is the notice's id."""

room = Room("receipt")


def shown(turn: Turn, services: Services, notice: Notice) -> Reply:
    """A notice exactly as somebody gets it."""
    lines = [turn.say("notice.head" if notice.parent is None else "passing.head"), addressed(turn, services, notice.text)]
    wanted = notice.wanted
    if wanted.ask is not Ask.NOTHING:
        lines.append(turn.say(f"notice.ask_{wanted.ask}"))
    if wanted.until is not None:
        lines.append(turn.say("notice.until", time=local(services, wanted.until)))
    rows = presses(turn, notice)
    if turn.person.rank is Rank.UNIT_ADMINISTRATOR and notice.state.out:
        rows += ((Button(turn.say("passing.button"), Action("pass_on", str(notice.id))),),)
    return Reply("\n".join(lines), rows)


def addressed(turn: Turn, services: Services, text: str) -> str:
    """A notice's text with the reader's own name and unit where it asks for them."""
    unit = services.register().name(turn.person.unit, turn.say("notice.your_unit"))
    return fill(text, {"name": turn.person.name or turn.say("notice.colleague"), "unit": unit})


def presses(turn: Turn, notice: Notice) -> tuple[tuple[Button, ...], ...]:
    """The buttons that answer a notice, two in a row."""
    wanted = notice.wanted
    if wanted.ask is Ask.READ:
        labels = [turn.say("notice.read")]
    elif wanted.ask is Ask.CHECKIN:
        labels = [turn.say("notice.safe"), turn.say("notice.help")]
    elif wanted.ask in (Ask.CHOICE, Ask.SURVEY):
        labels = list(wanted.options)
    elif wanted.ask is Ask.QUESTIONS:
        return ((Button(turn.say("ballot.begin"), Action("ballot", f"{notice.id}.")),),)
    elif wanted.ask in (Ask.NUMBER, Ask.LINE, Ask.FILE):
        return ((Button(turn.say("notice.reply"), Action("give", str(notice.id))),),)
    else:
        return ()
    buttons = [Button(label, Action("got", f"{notice.id}.{place}")) for place, label in enumerate(labels)]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def local(services: Services, moment: datetime) -> str:
    """A moment in the district's zone, to the minute."""
    return moment.astimezone(services.settings.zone).strftime("%Y-%m-%d %H:%M")


@room.composer_of_many(KIND)
async def compose(due: Sequence[Due], services: Services, now: datetime) -> list[Composed | Exception]:
    """Word notices as they leave, or their attachments, which are the parts after the first.

    Cancelled where it was ended, its reader is gone or its author may not send notices any more.
    """
    known: dict[int, Shared] = {}
    async with services.store.read() as db:
        for number in {int(row.planned.reference) for row, _ in due}:
            notice = await db.notices.get(number)
            author = await db.people.get(notice.author) if notice and notice.author is not None else None
            later = notice and any(row.planned.part > 1 for row, _ in due)
            known[number] = Shared(notice, author, await db.files.attached(number) if later else [])

    async def one(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
        return worded(row, person, services, now, known[int(row.planned.reference)])

    return [*await one_by_one(one)(due, services, now)]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all rows of a notice are worded from."""

    notice: Notice | None
    author: Person | None
    attached: Sequence[Kept]


def worded(row: OutboxRow, person: Person | None, services: Services, now: datetime, shared: Shared) -> Reply | Cancelled:
    """One person's part of a notice."""
    notice, author = shared.notice, shared.author
    if person is None:
        return Cancelled("person gone")
    if notice is None or notice.state in (NoticeState.STOPPED, NoticeState.RECALLED):
        return Cancelled("notice ended")
    if notice.author is not None and (author is None or not may_send(author, person, notice, services)):
        return Cancelled("its author may not send notices any more")
    if row.planned.part > 1:
        return part_of(shared.attached, row.planned.part)
    turn = unasked(person, row.planned.address, services, now)
    reply = shown(turn, services, notice)
    if round_of(row.planned.key):
        reply = replace(reply, text=f"{turn.say('notice.reminded')}\n{reply.text}")
    return reply


@room.composer(PREVIEW)
async def previewed(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """An attachment of a draft, for its author."""
    async with services.store.read() as db:
        attached = await db.files.attached(int(row.planned.reference))
    return part_of(attached, row.planned.part + 1)


def part_of(attached: Sequence[Kept], part: int) -> Reply | Cancelled:
    """The attachment that goes out as part `part` of a notice; the text is part 1."""
    if part - 2 >= len(attached):
        return Cancelled("the attachment is gone")
    return Reply("", files=(attached[part - 2].as_file(),))


async def _about(row: OutboxRow, person: Person | None, services: Services) -> tuple[Person, Notice, str] | Cancelled:
    """Whom a change or recall is for, the notice it is about, and the message it concerns; empty where nobody knows which it is."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        notice = await db.notices.get(int(row.planned.reference))
        first = await db.outbox.get(int(row.planned.key.rpartition(":")[2]))
    if notice is None or first is None:
        return Cancelled("notice gone")
    return person, notice, first.remotes[0] if first.remotes else ""


@room.composer(CHANGE)
async def changed(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Amended | Cancelled:
    """A corrected notice in place of what was sent; sent anew, and said to be a correction, where that message is not known."""
    about = await _about(row, person, services)
    if isinstance(about, Cancelled):
        return about
    reader, notice, remote = about
    if notice.state is NoticeState.RECALLED:
        return Cancelled("recalled")
    turn = unasked(reader, row.planned.address, services, now)
    reply = shown(turn, services, notice)
    reply = replace(reply, text=f"{turn.say('notice.corrected')}\n{reply.text}")
    return Amended(remote, reply) if remote else reply


@room.composer(RECALL)
async def recalled(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Recalled | Cancelled:
    """A notice taken away; where the channel cannot, it says that it was taken back."""
    about = await _about(row, person, services)
    if isinstance(about, Cancelled):
        return about
    reader, _, remote = about
    if not remote:
        return Cancelled("nobody knows which message it was")
    return Recalled(remote, Reply(unasked(reader, row.planned.address, services, now).say("notice.recalled")))


def too_late(turn: Turn, services: Services, notice: Notice) -> str:
    """That a notice takes nothing any more; empty where it does."""
    until = notice.wanted.until
    return turn.say("notice.too_late", time=local(services, until)) if until is not None and turn.now > until else ""


async def take(turn: Turn, services: Services, notice: int, given: str) -> Reply:
    """Keep what somebody gave; the press or reply also proves that the notice arrived."""
    async with services.store.begin() as db:
        found = await db.notices.get(notice)
        if found is None or not found.state.out or found.state is NoticeState.RECALLED:
            raise Refusal("desk.stale_button")
        if turn.incoming.remote:
            await db.outbox.prove(turn.incoming.address, turn.incoming.remote, turn.now)
        if late := too_late(turn, services, found):
            return Reply(late, place=_place(turn))
        value = fitting(found.wanted, given)
        if value is None:
            return Reply(turn.say(f"notice.wrong_{found.wanted.ask}", limit=LINE), place=_place(turn))
        if not await db.notices.answer(found, turn.person.id, value, turn.now):
            return Reply(turn.say("notice.not_yours"), place=Place.TOAST)
    return Reply(turn.say("notice.taken", value=told(turn, found, value)), place=_place(turn))


def told(turn: Turn, notice: Notice, value: str) -> str:
    """What somebody gave, in words."""
    if notice.wanted.ask in (Ask.READ, Ask.CHECKIN):
        return turn.say(f"notice.{value}")
    if notice.wanted.ask.secret:
        return turn.say("notice.secret" if notice.wanted.ask is Ask.SURVEY else "ballot.done")
    if notice.wanted.ask is Ask.CHOICE:
        return notice.wanted.options[int(value)]
    if notice.wanted.ask is Ask.FILE:
        return turn.say("notice.handed", count=value)
    return value


def _place(turn: Turn) -> Place:
    return Place.TOAST if turn.incoming.action else Place.NEW


@room.button("got")
async def got(turn: Turn, services: Services) -> Reply:
    """A press under a notice: read, a choice, safe, a vote."""
    notice, _, value = turn.args.partition(".")
    (number,) = numbers_of(notice, 1)
    try:
        return await take(turn, services, number, value)
    except Refusal as refusal:
        return Reply(turn.say(refusal.key, **refusal.values), place=Place.TOAST)


@room.button("give", personal=True)
async def give(turn: Turn, services: Services) -> Reply:
    """回覆 under a notice that asks for a number or a line: the next words are taken for it."""
    async with services.store.begin() as db:
        notice = await db.notices.get(numbers_of(turn.args, 1)[0])
        if notice is None or notice.wanted.ask not in (Ask.NUMBER, Ask.LINE, Ask.FILE) or notice.state is NoticeState.RECALLED:
            raise Refusal("desk.stale_button")
        if late := too_late(turn, services, notice):
            return Reply(late)
        asked = "notice_files" if notice.wanted.ask is Ask.FILE else "notice_reply"
        expectation = Expectation(asked, str(notice.id), turn.now)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    return Reply(turn.say(f"notice.now_{notice.wanted.ask}", most=MOST))


@room.words("notice_reply")
async def replied(turn: Turn, services: Services) -> Reply:
    """The number or line that a notice asked for; one that does not fit is asked for again."""
    assert turn.expected is not None
    reply = await take(turn, services, int(turn.expected.reference), turn.args)
    async with services.store.begin() as db:
        notice = await db.notices.get(int(turn.expected.reference))
        if notice is not None and fitting(notice.wanted, turn.args) is None:
            again = Expectation("notice_reply", turn.expected.reference, turn.now)
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, again)
    return reply
