"""Sending a notice: the last word of whoever wrote it, and the pause in which it can be taken back."""

from datetime import datetime, timedelta
from itertools import islice

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.notice.rhythm import moments, unpack
from bot.people import Rank
from handlers import checks, receipt
from handlers.departure import when_words
from handlers.draft import card, counted, draft_of, elsewhere, expect, seen, would_reach
from handlers.permission import may_see
from handlers.recipients import Chosen
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.approvals import Approval
from storage.store import Transaction
from storage.terms import AHEAD, Fate
from storage.values import Notice, NoticeState, Planned

ASKED = "notice_approval"
"""The kind of the rows that ask for a second person's approval; the reference is the notice's id."""

room = Room("dispatch")


@room.button("send", Audience.ADMINISTRATORS, personal=True)
async def ready(turn: Turn, services: Services) -> Reply:
    """Show what is about to happen and ask for the last word: a press, or with many people their number."""
    async with services.store.begin() as db:
        draft = await seen(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.stale"))
        try:
            found = await checks.ready(turn, services, db, draft)
        except Refusal as refusal:
            return await refused(turn, services, db, draft, refusal)
        count = found.count
        lines = [turn.say("notice.sure", count=count, time=when_words(turn, services, draft))]
        lines += counted(turn, draft, found.chosen)[1:]
        if count > services.settings.notices.typed_above:
            await expect(db, turn, "count", draft.id, f"{draft.revision}.{count}")
            return Reply("\n".join([*lines, turn.say("notice.type_count", count=count)]))
    confirm = Button(turn.say("notice.confirm", count=count), Action("confirm", f"{draft.id}.{draft.revision}.{count}"))
    return Reply("\n".join(lines), ((confirm, Button(turn.say("notice.back"), Action("draft", str(draft.id)))),))


async def refused(turn: Turn, services: Services, db: Transaction, draft: Notice, refusal: Refusal) -> Reply:
    """Why a draft cannot be sent, with the way back to it and, where it would reach nobody, to whom it could go."""
    lines, ways = [turn.say(refusal.key, **refusal.values)], []
    if refusal.key in ("notice.nobody", "notice.nobody_reached"):
        ways = await checks.reaching(db, services)
        lines.append(would_reach(turn, ways))
    back = (Button(turn.say("notice.back"), Action("draft", str(draft.id))),)
    return Reply("\n".join(lines), (*elsewhere(turn, draft, ways), back))


@room.words("notice_count", Audience.ADMINISTRATORS)
async def typed(turn: Turn, services: Services) -> Reply:
    """The number of people, typed to confirm a large notice."""
    expected = turn.expected
    assert expected is not None
    revision, _, count = expected.text.partition(".")
    if turn.args.strip() != count:
        return Reply(
            turn.say("notice.not_confirmed", count=count), ((Button(turn.say("notice.back"), Action("draft", expected.reference)),),)
        )
    return await dispatch(turn, services, int(expected.reference), int(revision), int(count))


@room.button("confirm", Audience.ADMINISTRATORS, personal=True)
async def confirmed(turn: Turn, services: Services) -> Reply:
    """The last word on a small notice."""
    return await dispatch(turn, services, *numbers_of(turn.args, 3))


async def dispatch(turn: Turn, services: Services, number: int, revision: int, count: int) -> Reply:
    """Send what was confirmed; what cannot be sent as it was shown is shown again."""
    try:
        sent, said = await send(turn, services, number, revision, count)
    except Refusal as refusal:
        async with services.store.begin() as db:
            draft = await draft_of(db, str(number))
            if draft is None:
                return Reply(turn.say(refusal.key, **refusal.values))
            if refusal.key == "notice.recounted":
                shown = await card(turn, services, db, draft)
                return Reply(turn.say(refusal.key, **refusal.values) + "\n\n" + shown.text, shown.buttons)
            return await refused(turn, services, db, draft, refusal)
    return Reply(said, after(turn, sent) if sent.state is not NoticeState.DRAFT else ())


async def send(turn: Turn, services: Services, number: int, revision: int, count: int) -> tuple[Notice, str]:
    """Send the draft of that revision to as many people as were shown; returns it as it stands then and the sentence that says so.

    Refusal where it changed, cannot leave as it is, or is for more or fewer people by now (`notice.recounted`).
    """
    async with services.store.begin() as db:
        draft = await seen(db, f"{number}.{revision}")
        if draft is None:
            raise Refusal("notice.stale")
        found = await checks.ready(turn, services, db, draft)
        if found.count != count:
            # Somebody joined or left meanwhile: what is confirmed has to be what was shown.
            raise Refusal("notice.recounted", then=count, now=found.count)
        if services.settings.notices.approval:
            sent, said = draft, await ask_second(turn, services, db, draft, found.chosen)
        else:
            sent, said = await release(turn, services, db, found)
    services.wake()
    return sent, said


async def release(turn: Turn, services: Services, db: Transaction, found: checks.Ready) -> tuple[Notice, str]:
    """Confirm a draft that may leave; returns it with the sentence that says when it leaves, and for how many."""
    pause = timedelta(seconds=services.settings.notices.undo_seconds)
    sent = await confirm(services, db, found, pause, turn.person.id, turn.now)
    reachable = found.count - len(found.chosen.unreachable)
    if sent.every:
        return sent, turn.say("notice.every_set", when=when_words(turn, services, sent), count=reachable)
    if sent.at is not None:
        return sent, turn.say("notice.scheduled", count=reachable, time=receipt.local(services, max(sent.at, turn.now + pause)))
    return sent, turn.say("notice.leaving", count=reachable, seconds=services.settings.notices.undo_seconds)


async def confirm(services: Services, db: Transaction, found: checks.Ready, pause: timedelta, person: int | None, now: datetime) -> Notice:
    """Enter a draft that may leave into the ledger, not before `pause` is over; of every term its terms are planned instead."""
    draft = found.draft
    if draft.every:
        sent = await db.notices.repeat(draft, now)
        ahead = moments(unpack(draft.every), services.calendar, services.settings.zone, now)
        await db.terms.plan(sent.id, islice(ahead, AHEAD))
    else:
        lasts = timedelta(hours=services.settings.notices.expire_hours)
        sent = await db.notices.confirm(draft, found.chosen.recipients, max(now + pause, found.leaves), now, lasts, found.text)
    await db.audit.record(person, "notice send", f"{sent.id} people {found.count}", now)
    return sent


async def ask_second(turn: Turn, services: Services, db: Transaction, draft: Notice, chosen: Chosen) -> str:
    """Ask the other administrators who can be reached to approve a draft as it is; Refusal where there are none."""
    reached = await db.people.reached()
    others = [
        person
        for person in await db.people.every()
        if person.rank >= Rank.ADMINISTRATOR and person.id not in (turn.person.id, draft.author) and person.id in reached
    ]
    if not others:
        raise Refusal("approval.nobody")
    await db.approvals.ask(Approval(draft.id, draft.revision, len(chosen.people), turn.person.id, turn.now))
    rows = [
        Planned(
            f"approval:{draft.id}:{draft.revision}:{turn.now.timestamp():.0f}:{person.id}", ASKED, str(draft.id), person.id,
            reached[person.id], Lane.REMINDER, turn.now,
        )
        for person in others
    ]  # fmt: skip
    await db.outbox.plan(rows, turn.now)
    await db.audit.record(turn.person.id, "notice approval asked", f"{draft.id} people {len(chosen.people)}", turn.now)
    return turn.say("approval.asked", id=draft.id, count=len(others))


def after(turn: Turn, sent: Notice) -> tuple[tuple[Button, ...], ...]:
    """What can be done once it is confirmed."""
    undo = Button(turn.say("notice.undo"), Action("undo", f"{sent.id}.{sent.revision}"))
    look = Action("series" if sent.state is NoticeState.SERIES else "report", str(sent.id))
    return ((undo, Button(turn.say("notice.board"), look)),)


@room.button("undo", Audience.UNIT_ADMINISTRATORS, personal=True)
async def undo(turn: Turn, services: Services) -> Reply:
    """Take a confirmed notice back before anything of it left."""
    async with services.store.begin() as db:
        draft = await take_back(turn, db, turn.args)
        if draft.parent is not None:
            # There is nothing to change in what is passed on, so no draft of it stays.
            await db.notices.discard(draft)
            await db.files.sweep()
            return Reply(turn.say("passing.undone"))
        shown = await card(turn, services, db, draft)
    return Reply(turn.say("notice.undone") + "\n" + shown.text, shown.buttons)


async def take_back(turn: Turn, db: Transaction, reference: str) -> Notice:
    """Make the notice `id.revision` a draft again; Refusal where it changed since, or something of it left already."""
    sent = await seen(db, reference, (NoticeState.SENT, NoticeState.PAUSED, NoticeState.SERIES))
    if sent is None:
        raise Refusal("notice.stale")
    if not may_see(turn.person, sent):
        raise Refusal("desk.denied")
    if any(one.state is not Fate.PLANNED for one in await db.terms.of(sent.id)):
        raise Refusal("notice.under_way", id=sent.id)
    await db.terms.drop(sent.id)
    draft = await db.notices.undo(sent, turn.now)
    await db.audit.record(turn.person.id, "notice undo", str(sent.id), turn.now)
    return draft
