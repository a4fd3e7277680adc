"""/digest: one message a day or a week in place of the single reminders that it contains."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import Action, Address, Button, File, Place, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.people import Person, vouched
from bot.remind.planning import moment_of
from handlers.calendar import KINDS, hits_of
from handlers.duties import URGENT, duties, tally
from handlers.outlook import picture
from handlers.reminder import headline, known, stand, when_of
from handlers.room import Room, Services, Turn, unasked
from handlers.schedule import KIND as REMIND
from handlers.schedule import habit
from handlers.standing import today
from handlers.wording import day, month, near_day
from storage.digests import KIND, Every
from storage.store import Transaction
from storage.values import Cancelled, Habits, OutboxRow, Planned

AHEAD = {Every.DAY: 3, Every.WEEK: 9}
"""Days up to which digests are written ahead; planning comes by every night."""
LENGTH = {Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}
USEFUL = {Every.DAY: timedelta(hours=12), Every.WEEK: timedelta(days=2)}
"""How late a digest is still of use; past that the single reminders go by themselves."""
BEFORE = timedelta(minutes=1)
"""A digest leaves before the reminders it stands for, so that none of them is under way already."""
SHOWN = 15
"""Lines of one digest."""

room = Room("digest")


def occasions(every: Every, habits: Habits, services: Services, now: datetime) -> list[datetime]:
    """When the next digests are due: every day, or every Monday, at the time at which somebody wants to be reminded."""
    wanted = habit(services, habits)
    first = now.astimezone(wanted.zone).date()
    days = [first + timedelta(days=at) for at in range(AHEAD[every])]
    found = [moment_of(one, wanted.time, wanted.zone) for one in days if every is Every.DAY or one.weekday() == 0]
    return [at for at in found if at - BEFORE > now]


def rows(services: Services, person: int, every: Every, habits: Habits, address: Address, now: datetime) -> list[Planned]:
    """The digests that somebody is owed in the next days."""
    return [
        Planned(key_of(person, at), KIND, str(person), person, address, Lane.REMINDER, at - BEFORE, at + USEFUL[every])
        for at in occasions(every, habits, services, now)
    ]


def key_of(person: int, at: datetime) -> str:
    """The lasting key of a digest."""
    return f"digest:{person}:{at.astimezone(UTC):%Y%m%dT%H%M}"


async def plan_digests(services: Services, now: datetime, person: int | None = None) -> int:
    """Write the digests of everybody, or of one person anew after a change; returns how many are new."""
    async with services.store.begin() as db:
        wanted = await db.digests.every()
        if person is not None:
            await db.outbox.cancel(KIND, str(person))
            wanted = {name: every for name, every in wanted.items() if name == person}
        reached = await db.people.reached() if wanted else {}
        habits = await db.subscriptions.habits_of(list(wanted)) if wanted else {}
        planned = [
            row
            for name, every in wanted.items()
            if name in reached
            for row in rows(services, name, every, habits.get(name) or Habits(), reached[name], now)
        ]
        return await db.outbox.plan(planned, now)


@room.command("digest", personal=True)
async def digest(turn: Turn, services: Services) -> Reply:
    """How one is reminded: one by one, once a day or once a week."""
    async with services.store.read() as db:
        every, habits = await db.digests.of(turn.person.id), await db.subscriptions.habits(turn.person.id)
    return card(turn, services, every, habits)


def card(turn: Turn, services: Services, every: Every | None, habits: Habits, place: Place = Place.NEW) -> Reply:
    """What is chosen, and what else there is."""
    chosen = every.value if every else "none"
    at = f"{habit(services, habits).time:%H:%M}"
    buttons = tuple(Button(turn.say(f"digest.button_{name}"), Action("digest", name)) for name in ("day", "week", "none") if name != chosen)
    return Reply("\n".join([turn.say(f"digest.now_{chosen}", time=at), turn.say("digest.how")]), (buttons,), place=place)


@room.button("digest", personal=True)
async def choose(turn: Turn, services: Services) -> Reply:
    """One by one, once a day or once a week from now on."""
    if turn.args not in ("day", "week", "none"):
        raise Refusal("desk.stale_button")
    every = None if turn.args == "none" else Every(turn.args)
    async with services.store.begin() as db:
        await db.digests.choose(turn.person.id, every, turn.now)
        habits = await db.subscriptions.habits(turn.person.id)
        await db.audit.record(turn.person.id, "digest", turn.args, turn.now)
    await plan_digests(services, turn.now, turn.person.id)
    services.wake()
    return card(turn, services, every, habits, Place.REPLACE if turn.incoming.action else Place.NEW)


@room.composer(KIND)
async def compose(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """What somebody would be reminded of until the next digest, and how their school stands; nothing to say is no message."""
    if person is None:
        return Cancelled("person gone")
    turn = unasked(person, row.planned.address, services, now)
    start = datetime.strptime(row.planned.key.rpartition(":")[2], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    async with services.store.read() as db:
        every, habits = await db.digests.of(person.id), await db.subscriptions.habits(person.id)
        wanted = habit(services, habits)
        local = start.astimezone(wanted.zone)
        if every is None or (local.hour, local.minute) != (wanted.time.hour, wanted.time.minute):
            return Cancelled("wants none, or at another time")
        lines, contained = await reminders(db, turn, services, start + LENGTH[every], wanted.zone)
        state = await stands(db, turn, services) if every is Every.WEEK or lines else ""
    if not lines and not state:
        return Cancelled("nothing to say")
    async with services.store.begin() as db:
        await db.digests.contain(row.planned.key, contained)
    first = local.date()
    head = turn.say(f"digest.head_{every.value}", day=day(turn, first), last=near_day(turn, first + timedelta(days=6)))
    if len(lines) > SHOWN:
        lines = [*lines[: SHOWN - 1], turn.say("digest.more", count=len(lines) - SHOWN + 1)]
    text = "\n".join([head, *(lines or [turn.say("digest.nothing_ahead")]), *([state] if state else [])])
    buttons = (
        Button(turn.say("start.button_agenda"), Action("agenda", "month..0")),
        Button(turn.say("unit.button_mine"), Action("mine", "0")),
        Button(turn.say("digest.button_change"), Action("digest_card")),
    )
    files: tuple[File, ...] = ()
    if every is Every.WEEK or first.weekday() == 0:
        # Once a week is enough of a picture; one every morning would only be scrolled past.
        files = (await weeks_ahead(turn, services, first),)
    return Reply(text, (buttons,), files=files)


async def reminders(db: Transaction, turn: Turn, services: Services, until: datetime, zone: ZoneInfo) -> tuple[list[str], list[int]]:
    """The reminders that wait until then, a line each under their days, and the rows they stand for."""
    lines: list[str] = []
    contained: list[int] = []
    last: date | None = None
    # Those being sent too: one that is claimed at the same time waits for the digest (storage/digests.py).
    waiting = await db.outbox.owed(turn.person.id, REMIND, until)
    found = await known(db, services, waiting)
    for row in waiting:
        due = stand(found, services, row)
        if isinstance(due, Cancelled):
            continue
        on = max(row.planned.not_before, turn.now).astimezone(zone)
        if on.date() != last:
            last = on.date()
            lines.append(turn.say("digest.day", day=near_day(turn, last)))
        what = headline(turn, due, on).removeprefix(turn.say("digest.prefix"))
        lines.append(turn.say("digest.line", what=what, when=when_of(turn, due.subject)))
        contained.append(row.id)
    return lines, contained


async def stands(db: Transaction, turn: Turn, services: Services) -> str:
    """How the reader's school stands, in one line; empty where nothing wants a look."""
    own = vouched(turn.person)
    units = [unit for unit in services.register().units if unit.id == own]
    if not units:
        return ""
    count = tally(await duties(db, services, units, today(services, turn.now)))
    parts = [turn.say(f"board.count_{one}", count=count[one]) for one in URGENT if count[one]]
    return turn.say("digest.stands", unit=units[0].name, lights=" ".join(parts)) if parts else ""


async def weeks_ahead(turn: Turn, services: Services, first: date) -> File:
    """The month and the weeks ahead of what somebody follows, and of what their school has to do."""
    found = {hit.measure.id: hit for kind in KINDS for hit in await hits_of(services, turn.person, kind)}
    return await picture(turn, services, list(found.values()), month(turn, first), first)


@room.button("digest_card", personal=True)
async def show_card(turn: Turn, services: Services) -> Reply:
    """設定 under a digest."""
    return await digest(turn, services)
