"""Going on with a notice that went out: hold it, end it, send it again, correct it, take it back."""

from dataclasses import replace
from datetime import timedelta

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from handlers.checks import TEXT, check_text
from handlers.permission import may_see
from handlers.placeholders import completed
from handlers.receipt import local
from handlers.report import board
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.mailing import Recipient
from storage.outcomes import KIND
from storage.store import Transaction
from storage.values import Expectation, Notice, NoticeState, State

DEEDS = ("pause", "resume", "stop", "again", "doubt", "correct", "recall")
"""What can be done with a notice that went out."""

FOLLOWED = {
    "stop": (NoticeState.SENT, NoticeState.PAUSED),
    "recall": (NoticeState.SENT, NoticeState.PAUSED, NoticeState.STOPPED),
    "correct": (NoticeState.SENT, NoticeState.PAUSED),
}
"""What befalls a notice that was passed on with the one it passes on, and in which states it can."""

room = Room("control")


@room.button("pause", Audience.UNIT_ADMINISTRATORS, personal=True)
async def pause(turn: Turn, services: Services) -> Reply:
    """Hold what has not left yet."""
    return await _control(turn, services, "pause")


@room.button("resume", Audience.UNIT_ADMINISTRATORS, personal=True)
async def resume(turn: Turn, services: Services) -> Reply:
    """Go on with what was held."""
    return await _control(turn, services, "resume")


@room.button("stop", Audience.UNIT_ADMINISTRATORS, personal=True)
async def stop(turn: Turn, services: Services) -> Reply:
    """End it for those who have not got it yet."""
    return await _control(turn, services, "stop")


@room.button("again", Audience.UNIT_ADMINISTRATORS, personal=True)
async def again(turn: Turn, services: Services) -> Reply:
    """Send it once more to those who have not answered."""
    return await _control(turn, services, "again")


@room.button("doubt", Audience.UNIT_ADMINISTRATORS, personal=True)
async def doubt(turn: Turn, services: Services) -> Reply:
    """Send once more, marked as a possible repeat, what may not have arrived."""
    return await _control(turn, services, "doubt")


@room.button("recall", Audience.UNIT_ADMINISTRATORS, personal=True)
async def recall(turn: Turn, services: Services) -> Reply:
    """Ask before what was sent is taken back."""
    number, _ = numbers_of(turn.args, 2)
    sure = Button(turn.say("report.button_recall_sure"), Action("recall_sure", turn.args))
    return Reply(turn.say("report.recall_sure", id=number), ((sure, Button(turn.say("notice.back"), Action("report", str(number)))),))


@room.button("recall_sure", Audience.UNIT_ADMINISTRATORS, personal=True)
async def recall_sure(turn: Turn, services: Services) -> Reply:
    """Take back what was sent, where the channel can; elsewhere it reads that it was taken back."""
    return await _control(turn, services, "recall")


@room.button("correct", Audience.ADMINISTRATORS, personal=True)
async def correct(turn: Turn, services: Services) -> Reply:
    """Ask for the corrected text of a notice that went out."""
    number, _ = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        expectation = Expectation("notice_corrected", turn.args, turn.now)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    return Reply(turn.say("report.correct", id=number, limit=TEXT))


@room.words("notice_corrected", Audience.ADMINISTRATORS, long=True)
async def corrected(turn: Turn, services: Services) -> Reply:
    """The corrected text: shown once more, with the button that sends it."""
    assert turn.expected is not None
    text = turn.args
    async with services.store.begin() as db:
        kept, wrong = turn.expected.reference, ""
        try:
            text = check_text(text)
        except Refusal as refusal:
            wrong = turn.say(refusal.key, **refusal.values)
        expectation = Expectation("notice_corrected" if wrong else "notice_to_correct", kept, turn.now, "" if wrong else text)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    if wrong:
        return Reply(wrong)
    sure = Button(turn.say("report.button_correct_sure"), Action("correct_sure", kept))
    back = Button(turn.say("notice.back"), Action("report", kept.partition(".")[0]))
    return Reply(turn.say("report.correct_sure", text=text), ((sure, back),))


@room.button("correct_sure", Audience.ADMINISTRATORS, personal=True)
async def correct_sure(turn: Turn, services: Services) -> Reply:
    """Send the correction that was read back just now."""
    expected = turn.expected
    if expected is None or expected.verb != "notice_to_correct" or expected.reference != turn.args or not expected.text:
        return Reply(turn.say("notice.stale"))
    return await _control(turn, services, "correct", expected.text)


async def _control(turn: Turn, services: Services, what: str, text: str = "") -> Reply:
    number, revision = numbers_of(turn.args, 2)
    count = await act(turn, services, number, revision, what, text)
    told = await board(turn, services, number)
    return Reply(turn.say(f"report.done_{what}", count=count) + "\n" + told.text, told.buttons, place=told.place)


async def act(turn: Turn, services: Services, number: int, revision: int, what: str, text: str = "") -> int:
    """Do one of DEEDS with a notice as it was at that revision; returns how many people it concerns. Refusal where it changed since."""
    async with services.store.begin() as db:
        notice = await db.notices.get(number)
        if notice is None or notice.revision != revision:
            raise Refusal("notice.stale")
        if not may_see(turn.person, notice) or (what == "correct" and notice.parent is not None):
            raise Refusal("desk.denied")
        count = await _done(db, services, notice, what, text, turn)
        for child in await db.notices.passed(notice.id) if what in FOLLOWED else ():
            # What was passed on goes the way of what it passes on, as far as it still can.
            if child.state in FOLLOWED[what]:
                count += await _done(db, services, child, what, text, turn)
        await db.audit.record(turn.person.id, f"notice {what}", f"{notice.id} rows {count}", turn.now)
    services.wake()
    return count


async def _done(db: Transaction, services: Services, notice: Notice, what: str, text: str, turn: Turn) -> int:
    if what == "pause":
        return (await db.notices.pause(notice))[1]
    if what == "resume":
        return (await db.notices.resume(notice))[1]
    if what == "stop":
        return (await db.notices.stop(notice, turn.now))[1]
    if what == "recall":
        return (await db.notices.recall(notice, turn.now))[1]
    if what == "correct" and services.settings.notices.approval:
        # Another text would go out on one person's word.
        raise Refusal("approval.no_correction")
    if what == "correct":
        text = completed(turn, services, replace(notice, text=text), turn.now)
        return (await db.notices.correct(notice, text, turn.now))[1]
    if what == "doubt":
        rows = [row for row in await db.outbox.rows(KIND, str(notice.id)) if row.state is State.UNCERTAIN]
        return sum([await db.outbox.resend(row.id, turn.now) for row in rows])
    if notice.wanted.until is not None and turn.now > notice.wanted.until:
        raise Refusal("notice.too_late", time=local(services, notice.wanted.until))
    reached = await db.people.reached()
    silent = [row for row in await db.notices.people(notice.id) if row.answered_at is None and row.state is State.SENT]
    people = [Recipient(row.person, row.unit, reached.get(row.person)) for row in silent]
    wait = timedelta(minutes=services.settings.notices.again_minutes)
    lasts = timedelta(hours=services.settings.notices.expire_hours)
    return (await db.notices.again(notice, people, wait, turn.now, lasts))[1]
