"""延期申請: a unit asks for a later day and says why; who has charge of it grants or refuses, and both are told."""

from datetime import date, datetime, timedelta

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Person, covers
from bot.plan.moment import read_due
from bot.remind.lights import Light
from handlers.duty import duty_of, sought, target
from handlers.room import Audience, Room, Services, Turn, numbers_of, unasked
from handlers.standing import may_say, named, today
from handlers.supervision import judges, tell, unit_of
from handlers.wording import day, quotation, shorten
from storage.extensions import Decision, Extension
from storage.standings import Stand, Standing, Target
from storage.store import Transaction
from storage.values import Cancelled, Expectation, OutboxRow

ASKED, TOLD = "extension", "extension_told"
"""The kinds of the rows that bring an application to its judges, and the verdict back."""
LENGTH = 300
"""Characters of an application."""

FARTHEST = timedelta(days=300)
"""A day further off is one of this year that is past, read as the next year's."""

room = Room("extension")


@room.button("extend", Audience.STAFF, personal=True)
async def ask(turn: Turn, services: Services) -> Reply:
    """申請延期: the new day and the reason are written next; the reference is `measure.unit`."""
    found = await sought(turn, services, turn.args)
    if isinstance(found, Reply):
        return found
    duty = await duty_of(turn, services, *found)
    if duty is None or duty.light is Light.DONE or not may_say(turn.person, duty.unit, services.register()):
        return Reply(turn.say("extension.not_open"), place=Place.TOAST)
    if duty.due is None:
        return Reply(turn.say("extension.no_day"), place=Place.TOAST)
    async with services.store.begin() as db:
        await expect(db, turn, "extension", turn.args)
    return Reply(turn.say("extension.how", name=shorten(duty.hit.measure.text, 30), day=day(turn, duty.due)))


async def expect(db: Transaction, turn: Turn, verb: str, reference: str, read_back: tuple[date, str] | None = None) -> None:
    """Take somebody's next words or press for this; `read_back`: the day and words that a press confirms (`confirmed`)."""
    text = f"{read_back[0]:%Y%m%d}{read_back[1]}" if read_back is not None else ""
    await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation(verb, reference, turn.now, text))


def confirmed(turn: Turn, verb: str) -> tuple[str, date, str]:
    """The reference, day and words that were read back and are now to be sent; Refusal for a button of another time."""
    if turn.expected is None or turn.expected.verb != verb:
        raise Refusal("desk.stale_button")
    return turn.expected.reference, date.fromisoformat(turn.expected.text[:8]), turn.expected.text[8:]


@room.words("extension", Audience.STAFF)
@room.words("extension_sure", Audience.STAFF)
async def written(turn: Turn, services: Services) -> Reply:
    """The day and the reason, or others in place of those read back; read back before they are sent."""
    assert turn.expected is not None
    found = await sought(turn, services, turn.expected.reference)
    if isinstance(found, Reply):
        return found
    duty = await duty_of(turn, services, *found)
    if duty is None or duty.due is None:
        return Reply(turn.say("extension.not_open"))
    until, wrong = wanted_day(turn, services, duty.due)
    if until is None:
        async with services.store.begin() as db:
            await expect(db, turn, "extension", turn.expected.reference)
        return Reply(wrong)
    async with services.store.begin() as db:
        await expect(db, turn, "extension_sure", turn.expected.reference, (until, turn.args.strip()))
    lines = [
        turn.say("extension.read_back", unit=duty.unit.name, day=day(turn, until)),
        quotation(turn, turn.person, duty.hit.measure.text),
        turn.say("extension.reason", reason=turn.args.strip()),
    ]
    send = Button(turn.say("extension.button_send"), Action("extend_send"))
    again = Button(turn.say("extension.button_again"), Action("extend", turn.expected.reference))
    return Reply("\n".join(lines), ((send, again),))


def wanted_day(turn: Turn, services: Services, due: date) -> tuple[date | None, str]:
    """The day that the words ask for, or what is wrong with them."""
    text = turn.args.strip()
    if len(text) > LENGTH:
        return None, turn.say("standing.note_too_long", most=LENGTH)
    until = read_due(text, today(services, turn.now))
    if until is None:
        return None, turn.say("extension.which_day")
    if until <= max(due, today(services, turn.now)):
        return None, turn.say("extension.too_early", day=day(turn, until))
    if until > today(services, turn.now) + FARTHEST:
        return None, turn.say("extension.too_far", day=day(turn, until))
    return until, ""


@room.button("extend_send", Audience.STAFF, personal=True)
async def send(turn: Turn, services: Services) -> Reply:
    """Bring the application to those who decide."""
    reference, until, reason = confirmed(turn, "extension_sure")
    found = await sought(turn, services, reference)
    if isinstance(found, Reply):
        return found
    duty = await duty_of(turn, services, *found)
    if duty is None or duty.light is Light.DONE or not may_say(turn.person, duty.unit, services.register()):
        return Reply(turn.say("extension.not_open"), place=Place.TOAST)
    return Reply(await apply(turn, services, target(services, duty, turn), until, reason))


async def apply(turn: Turn, services: Services, about: Target, until: date, reason: str) -> str:
    """Keep the application and tell the judges; returns what to say."""
    async with services.store.begin() as db:
        before = await db.standings.of(about.measure, about.unit, about.occasion)
        state, held = (before.state, before.until) if before else (Standing.OPEN, None)
        note = turn.say("extension.note_asked", day=day(turn, until), reason=reason)
        stand = await db.standings.set(about, state, turn.person.id, turn.now, note, held)
        kept = await db.extensions.ask(stand.id, until, reason, turn.person.id, turn.now)
        count = await tell(db, await judges(db, services, about.unit, turn.person.id), ASKED, str(kept.id), turn.now)
        await db.audit.record(turn.person.id, "extension asked", f"{kept.id} {stand.id}", turn.now)
    services.wake()
    return turn.say("extension.sent", count=count) if count else turn.say("extension.nobody")


@room.composer(ASKED)
async def application(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """An application for who decides; cancelled once it is decided."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        kept = await db.extensions.get(int(row.planned.reference))
        stand = await db.standings.get(kept.standing) if kept else None
        asker = await db.people.get(kept.person) if kept and kept.person else None
    unit = unit_of(services, stand) if stand else None
    hit = services.library().find(stand.target.measure) if stand else None
    if kept is None or stand is None or unit is None or kept.state is not Decision.ASKED:
        return Cancelled("decided or gone")
    if not covers(person, unit.id, services.register()):
        return Cancelled("may not decide it any more")
    turn = unasked(person, row.planned.address, services, now)
    lines = [turn.say("extension.head", unit=unit.name, name=named(turn, asker), day=day(turn, kept.until))]
    if hit is not None:
        lines.append(quotation(turn, person, hit.measure.text))
    lines.append(turn.say("extension.reason", reason=kept.reason))
    rows: list[tuple[Button, ...]] = [
        (
            Button(turn.say("extension.button_grant"), Action("extend_grant", str(kept.id))),
            Button(turn.say("extension.button_refuse"), Action("extend_refuse", str(kept.id))),
        )
    ]
    if hit is not None:
        rows.append((Button(turn.say("duty.button_show"), Action("duty", f"{hit.measure.id}.{unit.id}")),))
    return Reply("\n".join(lines), tuple(rows))


@room.button("extend_grant", Audience.UNIT_ADMINISTRATORS, personal=True)
async def grant(turn: Turn, services: Services) -> Reply:
    """批准: the new day counts from now on."""
    return await decide(turn, services, *numbers_of(turn.args, 1), granted=True)


@room.button("extend_refuse", Audience.UNIT_ADMINISTRATORS, personal=True)
async def refuse(turn: Turn, services: Services) -> Reply:
    """不批准: the reason may be written next; without one the press alone decides nothing."""
    (number,) = numbers_of(turn.args, 1)
    async with services.store.begin() as db:
        kept = await db.extensions.get(number)
        if kept is None or kept.state is not Decision.ASKED:
            return Reply(turn.say("extension.decided"), place=Place.TOAST)
        await expect(db, turn, "extension_refused", str(number))
    plain = Button(turn.say("extension.button_plain"), Action("extend_no", str(number)))
    return Reply(turn.say("extension.why_not"), ((plain,),))


@room.button("extend_no", Audience.UNIT_ADMINISTRATORS, personal=True)
async def refuse_plainly(turn: Turn, services: Services) -> Reply:
    """Refused without a reason."""
    return await decide(turn, services, *numbers_of(turn.args, 1), granted=False)


@room.words("extension_refused", Audience.UNIT_ADMINISTRATORS)
async def refused(turn: Turn, services: Services) -> Reply:
    """Refused with the reason that was written."""
    assert turn.expected is not None
    if len(turn.args) > LENGTH:
        return Reply(turn.say("standing.note_too_long", most=LENGTH))
    return await decide(turn, services, int(turn.expected.reference), granted=False, answer=turn.args.strip())


async def decide(turn: Turn, services: Services, number: int, *, granted: bool, answer: str = "") -> Reply:
    """Enter the verdict, once, and tell who asked."""
    async with services.store.begin() as db:
        kept = await db.extensions.get(number)
        stand = await db.standings.get(kept.standing) if kept else None
        if kept is None or stand is None or kept.state is not Decision.ASKED:
            return Reply(turn.say("extension.decided"), place=Place.TOAST)
        if kept.person == turn.person.id or not covers(turn.person, stand.target.unit, services.register()):
            return Reply(turn.say("extension.own"), place=Place.TOAST)
        await settle(db, turn, kept, stand, granted, answer)
        asker = await db.people.get(kept.person) if kept.person else None
        if asker is not None:
            await tell(db, [asker], TOLD, str(kept.id), turn.now)
    services.wake()
    key = "extension.granted" if granted else "extension.refused"
    unit = unit_of(services, stand)
    return Reply(turn.say(key, unit=unit.name if unit else "", day=day(turn, kept.until)))


async def settle(db: Transaction, turn: Turn, kept: Extension, stand: Stand, granted: bool, answer: str) -> None:
    """Write the verdict with its trace in the history and in the audit."""
    await db.extensions.decide(kept.id, granted, turn.person.id, answer, turn.now)
    if granted and stand.state is not Standing.DONE:
        await db.standings.set(stand.target, Standing.EXTENDED, turn.person.id, turn.now, kept.reason, kept.until)
    elif not granted:
        note = turn.say("extension.note_refused", day=day(turn, kept.until), answer=answer)
        await db.standings.set(stand.target, stand.state, turn.person.id, turn.now, note, stand.until)
    await db.audit.record(turn.person.id, f"extension {'granted' if granted else 'refused'}", f"{kept.id} {stand.id}", turn.now)


@room.composer(TOLD)
async def verdict(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """What was decided, for who asked."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        kept = await db.extensions.get(int(row.planned.reference))
        stand = await db.standings.get(kept.standing) if kept else None
    if kept is None or stand is None or kept.state is Decision.ASKED:
        return Cancelled("gone")
    turn = unasked(person, row.planned.address, services, now)
    hit = services.library().find(stand.target.measure)
    key = "extension.told_granted" if kept.state is Decision.GRANTED else "extension.told_refused"
    lines = [turn.say(key, day=day(turn, kept.until))]
    if hit is not None:
        lines.append(quotation(turn, person, hit.measure.text))
    if kept.answer:
        lines.append(turn.say("extension.reason", reason=kept.answer))
    return Reply("\n".join(lines))
