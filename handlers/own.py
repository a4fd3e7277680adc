"""/remind: what somebody wants to be reminded of in their own words, read back before it is kept."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from bot.chat import Action, Address, Button, Place, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.people import Person
from bot.plan.script import fold
from bot.plan.wishes import Before, Every, Once, Wish, read_wish
from bot.remind.own import rule_data, times
from bot.remind.subjects import Subject
from handlers.follow import may_decide
from handlers.reminder import KEPT, LATE, OWN, nobody, own_buttons, own_words, when_of
from handlers.room import Room, Services, Turn, unasked
from handlers.schedule import current, horizon, reached, zone_of
from handlers.wording import LABEL_LENGTH, day, shorten, spoken
from storage.store import Transaction
from storage.values import Cancelled, Expectation, Habits, OutboxRow, OwnReminder, Planned

ALIKE = 70
"""Share in percent of an event's name that the words for it must meet."""
CHOICES = 3
LONGEST = 200
"""Characters of what to be reminded of."""
MOST = 100
"""Reminders of one's own that one person may have at once."""

room = Room("own")


@room.command("remind")
async def remind(turn: Turn, services: Services) -> Reply:
    """Read a wish back; without words, what was set before."""
    return await read(turn, services, turn.args) if turn.args else await listing(turn, services)


async def read(turn: Turn, services: Services, text: str, event: str = "") -> Reply:
    """Read a wish and say it back; what cannot be read gets one sentence. `event`: the measure chosen where several were meant."""
    zone = await _zone(turn, services)
    try:
        wish = read_wish(text, turn.now, zone)
    except Refusal as refusal:
        return Reply(turn.say(refusal.key, **refusal.values))
    if turn.incoming.group and not wish.group:
        return Reply(turn.say("desk.private"), ((Button(turn.say("desk.private_button")),),), private=True, link="remind")
    if wish.group and not await may_decide(turn, services):
        return Reply(turn.say("own.group_decides"))
    subject: Subject | None = None
    if isinstance(wish.when, Before):
        found = [current(services.library(), (event,))] if event else await meant(services, wish.when.event)
        named = [one for one in found if one is not None]
        if not named:
            return Reply(turn.say("own.no_event", words=shorten(wish.when.event, LABEL_LENGTH)))
        if len(named) > 1:
            await _expect(turn, services, text, "")
            rows = tuple((Button(shorten(one.name, LABEL_LENGTH), Action("own_event", one.measure)),) for one in named[:CHOICES])
            return Reply(turn.say("find.which"), rows)
        subject = named[0]
    rule = rule_data(wish.when, turn.now.astimezone(zone).date(), subject.id if subject else "")
    first = next(times(rule, turn.now, turn.now + timedelta(days=800), zone, services.calendar, day_of(subject)), None)
    if first is None:
        return Reply(turn.say("own.past"))
    await _expect(turn, services, text, subject.measure if subject else "")
    local = first.astimezone(zone)
    lines = [
        turn.say("own.read", who=turn.say("own.group" if wish.group and turn.incoming.group else "own.me")),
        turn.say("own.when", when=when_words(turn, wish, subject)),
        turn.say("own.what", what=shorten(wish.what, LONGEST)),
    ]
    if not isinstance(wish.when, Once):
        lines.append(turn.say("own.first", day=day(turn, local.date()), time=f"{local:%H:%M}"))
    if subject is not None and subject.span is not None and day_of(subject) != subject.span.end:
        lines.append(turn.say("own.from_first_day", when=when_of(turn, subject)))
    if wish.group and not turn.incoming.group:
        lines.append(turn.say("own.group_in_group"))
    return Reply(
        "\n".join(lines), ((Button(turn.say("own.keep"), Action("own_keep")), Button(turn.say("own.change"), Action("own_change"))),)
    )


async def _zone(turn: Turn, services: Services) -> ZoneInfo:
    async with services.store.read() as db:
        return zone_of(services, await db.subscriptions.habits(turn.person.id))


async def _expect(turn: Turn, services: Services, text: str, event: str) -> None:
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("own", event, turn.now, text))


async def meant(services: Services, words: str) -> list[Subject]:
    """The events with a time that words may mean, typos allowed; several only where they are alike."""
    today = services.now().astimezone(services.settings.zone).date()
    answer = await asyncio.to_thread(services.library().ask, words, today=today)
    wanted = fold(words)
    rated: dict[str, tuple[float, Subject]] = {}
    for hit in (*answer.hits, *answer.near):
        subject = current(services.library(), (hit.measure.id,))
        if subject is not None and day_of(subject) is not None:
            rate = max(fuzz.partial_ratio(wanted, fold(subject.name)), fuzz.partial_ratio(wanted, fold(subject.text)) - 10)
            rated.setdefault(subject.id, (rate, subject))
    for happening in services.library().happenings:
        subject = current(services.library(), (happening.event.id,))
        if subject is not None and day_of(subject) is not None and wanted in fold(subject.name):
            rated[subject.id] = (101.0, subject)
    best = max((rate for rate, _ in rated.values()), default=0.0)
    return [subject for rate, subject in rated.values() if rate >= max(ALIKE, best - 5)]


def day_of(subject: Subject | None) -> date | None:
    """The first day of a subject, a deadline's last; None where it has none."""
    if subject is None or subject.span is None or not subject.span.acts:
        return None
    return subject.span.start or subject.span.end


def when_words(turn: Turn, wish: Wish, subject: Subject | None) -> str:
    """The time of a wish in words."""
    when = wish.when
    if isinstance(when, Once):
        return f"{day(turn, when.at.date())} {when.at:%H:%M}"
    if isinstance(when, Before):
        name = spoken(turn, shorten(subject.name, LABEL_LENGTH)) if subject else when.event
        return turn.say("own.before" if when.days else "own.same_day", event=name, days=when.days, time=f"{when.at:%H:%M}")
    said = turn.say(f"own.every_{_form(when)}", days=_weekdays(turn, when), nth=abs(when.nth), day=when.day, month=when.month)
    said = turn.say("own.alternate", said=said) if when.step == 2 else said
    return f"{said} {when.at:%H:%M}"


def _form(when: Every) -> str:
    if when.every == "quarter":
        return "quarter_first" if when.day == 1 else "quarter_last"
    if when.every != "month":
        return when.every
    if not when.nth:
        return "month_last" if when.day == 31 else "month_day"
    kind = "weekday" if when.weekdays else "workday"
    return f"last_{kind}" if when.nth < 0 else f"nth_{kind}"


def _weekdays(turn: Turn, when: Every) -> str:
    names = turn.say("date.weekdays").split(",")
    return turn.say("comma").join(names[number] for number in when.weekdays)


@room.words("own")
async def worded_anew(turn: Turn, services: Services) -> Reply | None:
    """The next words after a reading-back: another wording of the wish, or a question like any other."""
    try:
        read_wish(turn.args, turn.now, await _zone(turn, services))
    except Refusal:
        find = next(command for command in services.commands if command.name == "find")
        return await find.handler(turn, services)
    return await read(turn, services, turn.args)


@room.button("own_event")
async def event_chosen(turn: Turn, services: Services) -> Reply:
    """Which event was meant."""
    if turn.expected is None or turn.expected.verb != "own":
        return Reply(turn.say("own.stale"))
    return await read(turn, services, turn.expected.text, turn.args)


@room.button("own_change")
async def change(turn: Turn, services: Services) -> Reply:
    """改: say it anew."""
    await _expect(turn, services, "", "")
    return Reply(turn.say("own.say_anew"))


@room.button("own_keep")
async def keep(turn: Turn, services: Services) -> Reply:
    """確認: keep what was read back, as it was read then."""
    expected = turn.expected
    if expected is None or expected.verb != "own" or not expected.text:
        return Reply(turn.say("own.stale"))
    zone = await _zone(turn, services)
    try:
        wish = read_wish(expected.text, expected.at, zone)
    except Refusal as refusal:
        return Reply(turn.say(refusal.key, **refusal.values))
    if isinstance(wish.when, Once) and wish.when.at <= turn.now:
        return Reply(turn.say("own.past"))
    group = wish.group and turn.incoming.group
    if group and not await may_decide(turn, services):
        return Reply(turn.say("own.group_decides"))
    subject = current(services.library(), (expected.reference,)) if expected.reference else None
    address = turn.incoming.address if group else Address(turn.incoming.address.channel, turn.incoming.sender)
    async with services.store.begin() as db:
        if len(await db.own.of(turn.person.id)) >= MOST:
            return Reply(turn.say("own.too_many", most=MOST))
        root = await db.plannings.root(subject.id) if subject is not None else ""
        rule = rule_data(wish.when, expected.at.astimezone(zone).date(), root)
        own = await db.own.add(turn.person.id, address, shorten(wish.what, LONGEST), rule | {"group": group}, turn.now)
        await db.outbox.plan(rows_of(services, own, zone, turn.now, horizon(services, turn.now), day_of(subject)), turn.now)
        await db.audit.record(turn.person.id, "own reminder", str(own.id), turn.now)
    services.wake()
    return Reply(turn.say("own.kept"), ((Button(turn.say("own.drop"), Action("own_stop", str(own.id))),),))


def rows_of(
    services: Services, own: OwnReminder, zone: ZoneInfo, since: datetime, until: datetime, about: date | None
) -> Iterator[Planned]:
    """The rows of a reminder of one's own after one time and up to another."""
    for at in times(own.rule, since, until, zone, services.calendar, about):
        key = f"{OWN}:{own.id}:{at:%Y%m%d%H%M}"
        lasts = timedelta(days=1) if own.rule["kind"] == "every" else KEPT
        yield Planned(key, OWN, str(own.id), own.person, own.address, Lane.REMINDER, at, at + lasts)


async def plan_own(services: Services, now: datetime) -> int:
    """Write what everybody's own reminders ask for up to the horizon; what stands already is left alone. Returns how many rows are new."""
    async with services.store.read() as db:
        since = min(now, await reached(db, now))
        every = await db.own.every()
        habits = await db.subscriptions.habits_of({own.person for own in every})
        known = await db.plannings.known(own.rule["subject"] for own in every if own.rule["kind"] == "before")
    rows: list[Planned] = []
    for own in every:
        about = day_of(current(services.library(), known.get(own.rule.get("subject", ""), ())))
        rows += rows_of(services, own, zone_of(services, habits.get(own.person) or Habits()), since, horizon(services, now), about)
    if not rows:
        return 0
    async with services.store.begin() as db:
        return await db.outbox.plan(rows, now)


@room.composer(OWN)
async def own_reminder(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word a reminder of one's own when it leaves; cancelled where it was dropped or its event has another day by now."""
    if person is None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        own = await db.own.get(int(row.planned.reference))
        if own is None or own.ended is not None:
            return Cancelled("dropped")
        zone = zone_of(services, await db.subscriptions.habits(person.id))
        subject = await _subject(db, services, own)
        if own.rule["kind"] == "before":
            due = times(own.rule, now - timedelta(days=60), now + timedelta(days=60), zone, services.calendar, day_of(subject))
            if row.planned.key not in {f"{OWN}:{own.id}:{at:%Y%m%d%H%M}" for at in due}:
                return Cancelled("the date has moved")
    crowd = bool(own.rule.get("group"))
    turn = unasked(nobody(services) if crowd else person, row.planned.address, services, now)
    lines = own_words(turn, services, own, subject)
    at = datetime.strptime(row.planned.key.rpartition(":")[2], "%Y%m%d%H%M").replace(tzinfo=UTC)
    if now - at > LATE:
        local = at.astimezone(zone)
        lines.insert(0, turn.say("remind.late", day=day(turn, local.date()), time=f"{local:%H:%M}"))
    return Reply("\n".join(lines), () if crowd else own_buttons(turn, row, own))


async def _subject(db: Transaction, services: Services, own: OwnReminder) -> Subject | None:
    if own.rule["kind"] != "before":
        return None
    return current(services.library(), await db.plannings.known_as(own.rule["subject"]))


async def listing(turn: Turn, services: Services) -> Reply:
    """What the person set for themselves, each with its next time and a button to drop it; how to set another."""
    zone = await _zone(turn, services)
    async with services.store.read() as db:
        mine = [(own, await _subject(db, services, own)) for own in await db.own.of(turn.person.id)]
    rows = []
    for own, subject in mine:
        at = next(times(own.rule, turn.now, turn.now + timedelta(days=800), zone, services.calendar, day_of(subject)), None)
        if at is not None:
            rows.append((at.astimezone(zone), own))
    if not rows:
        return Reply(turn.say("own.none"))
    lines, buttons = [turn.say("own.list", count=len(rows))], []
    for number, (at, own) in enumerate(sorted(rows, key=lambda row: row[0])[:10], 1):
        lines.append(turn.say("own.row", number=number, day=day(turn, at.date()), time=f"{at:%H:%M}", text=shorten(own.text, 40)))
        buttons.append(Button(turn.say("own.drop_number", number=number), Action("own_stop", str(own.id))))
    lines.append(turn.say("own.how"))
    return Reply("\n".join(lines), tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)))


@room.button("own_stop", personal=True)
async def stop(turn: Turn, services: Services) -> Reply:
    """Drop a reminder of one's own; what was planned and not yet sent is cancelled."""
    number = int(turn.args) if turn.args.isascii() and turn.args.isdigit() and len(turn.args) < 10 else 0
    async with services.store.begin() as db:
        own = await db.own.get(number)
        if own is None or own.person != turn.person.id or not await db.own.end(number, turn.now):
            return Reply(turn.say("own.gone"), place=Place.TOAST)
        await db.outbox.cancel(OWN, str(number))
        await db.audit.record(turn.person.id, "own reminder dropped", str(number), turn.now)
    return Reply(turn.say("own.stopped", text=shorten(own.text, 40)))
