"""A second person's word on a notice, where the district wants it: asked in chat, given by a press, and told to who wrote it."""

from datetime import datetime

from bot.chat import Action, Button, Reply
from bot.limits import Lane
from bot.notice.recipients import read_selection
from bot.people import Person, Rank
from handlers import checks, receipt
from handlers.departure import leaves, when_words
from handlers.dispatch import ASKED, after, release
from handlers.draft import asked as asked_of
from handlers.draft import attachments, counted
from handlers.placeholders import shown_text
from handlers.recipients import choose
from handlers.room import Audience, Room, Services, Turn, numbers_of, unasked
from storage.approvals import Approval
from storage.store import Transaction
from storage.values import Cancelled, Notice, NoticeState, OutboxRow, Planned

VERDICT = "notice_verdict"
"""The kind of the row that tells who asked what was decided; the reference is `id.approved` or `id.rejected`."""

room = Room("approval")


@room.composer(ASKED)
async def asked(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """The draft in full, with the two buttons; cancelled where it was decided or changed meanwhile."""
    if person is None or person.rank < Rank.ADMINISTRATOR:
        return Cancelled("may not approve any more")
    turn = unasked(person, row.planned.address, services, now)
    async with services.store.read() as db:
        draft, approval = await _standing(db, int(row.planned.reference))
        if draft is None or approval is None:
            return Cancelled("decided or changed meanwhile")
        author = await db.people.get(approval.person)
        chosen = await choose(db, services, read_selection(draft.selection))
        files = await db.files.attached(draft.id)
    name = (author.name if author else "") or turn.say("notice.nameless")
    lines = [turn.say("approval.head", id=draft.id, name=name), *counted(turn, draft, chosen)]
    later = draft.at is not None or draft.every
    lines.append(turn.say("notice.leaves", time=when_words(turn, services, draft) if later else turn.say("approval.at_once")))
    lines += asked_of(turn, draft.wanted)
    if draft.wanted.until is not None:
        lines.append(turn.say("notice.until", time=receipt.local(services, draft.wanted.until)))
    if files:
        lines.append(attachments(turn, files))
    lines += ["", shown_text(turn, services, draft, leaves(draft.at, draft.every, services, now))]
    at = f"{draft.id}.{draft.revision}"
    yes = Button(turn.say("approval.button_yes", count=approval.count), Action("approve", at))
    no = Button(turn.say("approval.button_no"), Action("reject", at))
    return Reply("\n".join(lines), ((Button(turn.say("notice.preview"), Action("preview", str(draft.id))),), (yes, no)))


async def _standing(db: Transaction, number: int) -> tuple[Notice | None, Approval | None]:
    """The draft and the request for it; both None where it was decided, changed or sent since."""
    draft, approval = await db.notices.get(number), await db.approvals.of(number)
    if draft is None or approval is None or draft.state is not NoticeState.DRAFT or draft.revision != approval.revision:
        return None, None
    return draft, approval


@room.button("approve", Audience.ADMINISTRATORS, personal=True)
async def approve(turn: Turn, services: Services) -> Reply:
    """批准: it leaves as it was asked for, to as many people as were shown."""
    return await _decide(turn, services, True)


@room.button("reject", Audience.ADMINISTRATORS, personal=True)
async def reject(turn: Turn, services: Services) -> Reply:
    """退回: it stays a draft."""
    return await _decide(turn, services, False)


async def _decide(turn: Turn, services: Services, good: bool) -> Reply:
    number, revision = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        draft, approval = await _standing(db, number)
        if draft is None or approval is None or draft.revision != revision:
            return Reply(turn.say("approval.stale"))
        if turn.person.id in (approval.person, draft.author):
            return Reply(turn.say("approval.own"))
        found = await checks.ready(turn, services, db, draft) if good else None
        if found and found.count != approval.count:
            return Reply(turn.say("approval.count", then=approval.count, now=found.count))
        if not await db.approvals.end(draft.id):
            return Reply(turn.say("approval.stale"))
        await db.audit.record(turn.person.id, f"notice {'approved' if good else 'rejected'}", str(draft.id), turn.now)
        reached = (await db.people.reached()).get(approval.person)
        if reached is not None:
            verdict = "approved" if good else "rejected"
            key = f"verdict:{draft.id}:{draft.revision}:{approval.at.timestamp():.0f}"
            row = Planned(key, VERDICT, f"{draft.id}.{verdict}", approval.person, reached, Lane.REMINDER, turn.now)
            await db.outbox.plan([row], turn.now)
        if found is None:
            services.wake()
            return Reply(turn.say("approval.rejected", id=draft.id))
        sent, said = await release(turn, services, db, found)
    services.wake()
    return Reply(turn.say("approval.approved", id=draft.id) + said, after(turn, sent))


@room.composer(VERDICT)
async def verdict(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """What the second person decided, for who asked."""
    if person is None:
        return Cancelled("person gone")
    number, _, decided = row.planned.reference.partition(".")
    turn = unasked(person, row.planned.address, services, now)
    door = Action("report", number) if decided == "approved" else Action("draft", number)
    label = turn.say("notice.board" if decided == "approved" else "notice.back")
    return Reply(turn.say(f"approval.told_{decided}", id=number), ((Button(label, door),),))
