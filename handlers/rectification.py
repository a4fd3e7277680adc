"""限期整改: whoever has charge of a unit sets it something to put right by a day; it acknowledges, reports, and that is accepted or not."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Person, covers, vouched
from bot.plan.moment import read_due
from bot.remind.planning import moment_of
from handlers.duty import duty_of, sought, target
from handlers.escalation import plan_escalation
from handlers.extension import confirmed, expect
from handlers.room import Audience, Room, Services, Turn, numbers_of, unasked
from handlers.schedule import clock_time
from handlers.standing import today
from handlers.supervision import answerable, known, pressable, tell, told, unit_of
from handlers.wording import day, quotation
from storage.rectifications import Progress, Rectification
from storage.standings import Standing, Target
from storage.values import Cancelled, OutboxRow

SET, TOLD = "rectify", "rectify_told"
"""The kinds of the rows that bring a rectification to its unit, and its report to whoever set it."""
LENGTH = 500
"""Characters of what is to be put right."""
REMINDED = (1, 0, -1)
"""Days before its day at which a unit is reminded of it; the last one when it is over."""

room = Room("rectification")


@room.button("rectify", Audience.UNIT_ADMINISTRATORS, personal=True)
async def ask(turn: Turn, services: Services) -> Reply:
    """限期整改: what is to be put right and until when is written next; the reference is `measure.unit`."""
    found = await sought(turn, services, turn.args)
    if isinstance(found, Reply):
        return found
    if not covers(turn.person, found[1].id, services.register()):
        return Reply(turn.say("desk.denied"), place=Place.TOAST)
    async with services.store.begin() as db:
        await expect(db, turn, "rectify", turn.args)
    return Reply(turn.say("rectify.how", unit=found[1].name))


@room.words("rectify", Audience.UNIT_ADMINISTRATORS)
@room.words("rectify_sure", Audience.UNIT_ADMINISTRATORS)
async def written(turn: Turn, services: Services) -> Reply:
    """What was written, or other words in place of those read back; read back before it is sent."""
    assert turn.expected is not None
    found = await sought(turn, services, turn.expected.reference)
    if isinstance(found, Reply):
        return found
    text, wrong = turn.args.strip(), ""
    until = read_due(text, today(services, turn.now))
    if len(text) > LENGTH:
        wrong = turn.say("standing.note_too_long", most=LENGTH)
    elif until is None:
        wrong = turn.say("rectify.which_day")
    elif until < today(services, turn.now):
        wrong = turn.say("rectify.past_day", day=day(turn, until))
    async with services.store.begin() as db:
        if wrong or until is None:
            await expect(db, turn, "rectify", turn.expected.reference)
            return Reply(wrong)
        await expect(db, turn, "rectify_sure", turn.expected.reference, (until, text))
        people = await answerable(db, found[1].id)
    lines = [
        turn.say("rectify.read_back", unit=found[1].name, day=day(turn, until), count=len(people)),
        turn.say("rectify.what", text=text),
        turn.say("rectify.about"),
        quotation(turn, turn.person, found[0].measure.text),
    ]
    send = Button(turn.say("rectify.button_send"), Action("rectify_send"))
    return Reply("\n".join(lines), ((send, Button(turn.say("extension.button_again"), Action("rectify", turn.expected.reference))),))


@room.button("rectify_send", Audience.UNIT_ADMINISTRATORS, personal=True)
async def send(turn: Turn, services: Services) -> Reply:
    """Keep it and bring it to the unit."""
    reference, until, text = confirmed(turn, "rectify_sure")
    found = await sought(turn, services, reference)
    if isinstance(found, Reply):
        return found
    if not covers(turn.person, found[1].id, services.register()):
        return Reply(turn.say("desk.denied"), place=Place.TOAST)
    duty = await duty_of(turn, services, *found)
    if duty is None:
        return Reply(turn.say("board.not_theirs", unit=found[1].name))
    count = await order(turn, services, target(services, duty, turn), until, text)
    return Reply(turn.say("rectify.sent" if count else "rectify.nobody", unit=duty.unit.name, count=count, day=day(turn, until)))


async def order(turn: Turn, services: Services, about: Target, until: date, text: str) -> int:
    """Set a rectification and owe its unit the message, the reminders and, where configured, the way up; returns whom it reaches."""
    async with services.store.begin() as db:
        stand = await db.standings.set(about, Standing.RECTIFYING, turn.person.id, turn.now, text, until)
        kept = await db.rectifications.order(stand.id, text, until, turn.person.id, turn.now)
        people = await answerable(db, about.unit)
        count = await tell(db, people, SET, f"{kept.id}.set", turn.now)
        for days, at in reminders(services, kept, turn.now):
            await tell(db, people, SET, f"{kept.id}.{days}", turn.now, at, at + timedelta(days=2))
        await plan_escalation(db, services, kept, about.unit, people, turn.now)
        await db.audit.record(turn.person.id, "rectification set", f"{kept.id} {stand.id}", turn.now)
    services.wake()
    return count


def reminders(services: Services, kept: Rectification, now: datetime) -> list[tuple[str, datetime]]:
    """When a unit is reminded, with the name of each time; times that are past are left out."""
    at = clock_time(services.settings.reminders.at)
    found = [(f"d{days}", moment_of(kept.until - timedelta(days=days), at, services.settings.zone)) for days in REMINDED]
    return [(name.replace("-", "over"), moment) for name, moment in found if moment > now]


@room.composer(SET)
async def to_unit(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """A rectification, or a reminder of it, for who answers for the unit; cancelled once it was reported or replaced."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        found = await known(db, services, row.planned.reference)
        author = await db.people.get(found[0].person) if found and found[0].person else None
    if found is None or found[0].state is not Progress.SET:
        return Cancelled("reported, accepted or dropped")
    kept, stand = found
    if vouched(person) != stand.target.unit:
        return Cancelled("belongs to the unit no more")
    turn = unasked(person, row.planned.address, services, now)
    label = row.planned.reference.partition(".")[2]
    lines = told(turn, services, kept, stand, author, f"rectify.head_{label if label in ('set', 'd1', 'd0') else 'over'}")
    return Reply("\n".join(lines), pressable(turn, kept))


@room.button("rectify_seen", Audience.STAFF, personal=True)
async def see(turn: Turn, services: Services) -> Reply:
    """知道了: it goes no further up."""
    async with services.store.begin() as db:
        found = await known(db, services, turn.args)
        if found is None or vouched(turn.person) != found[1].target.unit:
            raise Refusal("desk.stale_button")
        await db.outbox.prove(turn.incoming.address, turn.incoming.remote, turn.now)
        if await db.rectifications.see(found[0].id, turn.person.id, turn.now):
            await db.audit.record(turn.person.id, "rectification seen", str(found[0].id), turn.now)
    return Reply(turn.say("remind.thanks"), place=Place.TOAST)


@room.button("rectify_done", Audience.STAFF, personal=True)
async def report(turn: Turn, services: Services) -> Reply:
    """整改完成: whoever set it is asked to accept it."""
    number, revision = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        found = await known(db, services, str(number))
        if found is None or vouched(turn.person) != found[1].target.unit:
            raise Refusal("desk.stale_button")
        await db.rectifications.see(number, turn.person.id, turn.now)
        moved = await db.rectifications.move(number, revision, Progress.REPORTED, turn.now) if found[0].state is Progress.SET else None
        if moved is None:
            return Reply(turn.say("rectify.changed"), place=Place.TOAST)
        author = await db.people.get(moved.person) if moved.person else None
        await tell(db, [author] if author else [], TOLD, f"{moved.id}.{moved.revision}", turn.now)
        await db.audit.record(turn.person.id, "rectification reported", str(number), turn.now)
    services.wake()
    button = Button(turn.say("standing.button_evidence"), Action("evidence", str(moved.standing)))
    return Reply(turn.say("rectify.reported"), ((button,),))


@room.composer(TOLD)
async def to_author(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """A unit's report for who set the rectification."""
    async with services.store.read() as db:
        found = await known(db, services, row.planned.reference)
        files = (await db.files.evidence([found[1].id])).get(found[1].id, []) if found else []
    if person is None or found is None or found[0].state is not Progress.REPORTED:
        return Cancelled("accepted or sent back already")
    kept, stand = found
    turn = unasked(person, row.planned.address, services, now)
    lines = told(turn, services, kept, stand, person, "rectify.head_reported")
    if files:
        lines.append(turn.say("standing.files", names=turn.say("comma").join(file.name for file in files)))
    at = f"{kept.id}.{kept.revision}"
    rows = (
        (
            Button(turn.say("rectify.button_accept"), Action("rectify_ok", at)),
            Button(turn.say("rectify.button_back"), Action("rectify_no", at)),
        ),
        (Button(turn.say("standing.button_history"), Action("standing", str(stand.id))),),
    )
    return Reply("\n".join(lines), rows)


@room.button("rectify_ok", Audience.UNIT_ADMINISTRATORS, personal=True)
async def accept(turn: Turn, services: Services) -> Reply:
    """驗收: the measure counts as done."""
    return await judge(turn, services, Progress.ACCEPTED)


@room.button("rectify_no", Audience.UNIT_ADMINISTRATORS, personal=True)
async def send_back(turn: Turn, services: Services) -> Reply:
    """退回: it stays to be put right by its day."""
    return await judge(turn, services, Progress.SET)


async def judge(turn: Turn, services: Services, state: Progress) -> Reply:
    """Accept a report or send it back, once, and tell the unit."""
    number, revision = numbers_of(turn.args, 2)
    async with services.store.begin() as db:
        found = await known(db, services, str(number))
        if found is None or not covers(turn.person, found[1].target.unit, services.register()):
            raise Refusal("desk.stale_button")
        moved = await db.rectifications.move(number, revision, state, turn.now) if found[0].state is Progress.REPORTED else None
        if moved is None:
            return Reply(turn.say("rectify.changed"), place=Place.TOAST)
        stand = found[1]
        if state is Progress.ACCEPTED:
            note = turn.texts.say(services.settings.bot.language, "rectify.note_accepted")
            await db.standings.set(stand.target, Standing.DONE, turn.person.id, turn.now, note)
        people = await answerable(db, stand.target.unit)
        label = "accepted" if state is Progress.ACCEPTED else "back"
        await tell(db, people, f"{SET}_{label}", f"{moved.id}.{moved.revision}", turn.now)
        await db.audit.record(turn.person.id, f"rectification {label}", str(number), turn.now)
    services.wake()
    unit = unit_of(services, stand)
    return Reply(turn.say(f"rectify.did_{label}", unit=unit.name if unit else ""))


async def result(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """What became of a report, for the unit."""
    async with services.store.read() as db:
        found = await known(db, services, row.planned.reference)
        author = await db.people.get(found[0].person) if found and found[0].person else None
    if person is None or found is None or str(found[0].revision) != row.planned.reference.partition(".")[2]:
        return Cancelled("something else came of it")
    kept, stand = found
    turn = unasked(person, row.planned.address, services, now)
    label = "accepted" if kept.state is Progress.ACCEPTED else "back"
    buttons = () if kept.state is Progress.ACCEPTED else pressable(turn, replace(kept, seen_at=now))
    return Reply("\n".join(told(turn, services, kept, stand, author, f"rectify.head_{label}")), buttons)


room.composer(f"{SET}_accepted")(result)
room.composer(f"{SET}_back")(result)
