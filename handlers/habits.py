"""How somebody always wants to be reminded: lead times, time of day, workdays, quiet hours and the zone they live in."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import process

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from handlers.digest import plan_digests
from handlers.follow import holder
from handlers.following import DAYS, TIMES, days_words, lead_words, read_time
from handlers.room import Room, Services, Turn
from handlers.schedule import habit, plan_anew
from storage.values import Expectation, Habits

QUIET = (("", ""), ("21:00", "07:00"), ("22:00", "07:00"), ("23:00", "06:30"), ("00:00", "00:00"))
"""Quiet hours that buttons offer: as the district has it, three stretches, none."""
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Europe/London", "America/New_York")
"""Zones that buttons offer; any other may be typed."""

room = Room("habits")


@room.button("habits", personal=True)
async def habits(turn: Turn, services: Services) -> Reply:
    """How the person wants to be reminded, with buttons to change it."""
    async with services.store.read() as db:
        mine = await db.subscriptions.habits(turn.person.id)
    return card(turn, services, mine, Place.NEW)


def card(turn: Turn, services: Services, mine: Habits, where: Place) -> Reply:
    """The habits as they are, and what can be changed."""
    wanted = habit(services, mine)
    quiet = wanted.quiet
    hours = turn.say("habits.quiet", start=f"{quiet[0]:%H:%M}", end=f"{quiet[1]:%H:%M}") if quiet else turn.say("habits.never_quiet")
    lines = [
        turn.say("habits.head"),
        turn.say("follow.how", days=days_words(turn, wanted.days, wanted.working), time=f"{wanted.time:%H:%M}"),
        hours,
        turn.say("habits.zone", zone=str(wanted.zone)),
    ]
    leads = [
        Button(
            turn.say("follow.on" if count in wanted.days else "follow.off", lead=lead_words(turn, count)),
            Action("habit_day", str(DAYS.index(count))),
        )
        for count in DAYS
    ]
    working = Button(turn.say("follow.to_calendar" if wanted.working else "follow.to_working"), Action("habit_working"))
    table = (
        tuple(leads[:4]),
        tuple(leads[4:]),
        (working, Button(turn.say("follow.set_time"), Action("habit_ask", "at"))),
        (
            Button(turn.say("habits.button_quiet"), Action("habit_ask", "quiet")),
            Button(turn.say("habits.button_zone"), Action("habit_ask", "zone")),
        ),
    )
    return Reply("\n".join(lines), table, place=where)


async def _keep(turn: Turn, services: Services, **values: object) -> Reply:
    async with services.store.begin() as db:
        mine = replace(await db.subscriptions.habits(turn.person.id), **values)  # type: ignore[arg-type]
        await db.subscriptions.set_habits(turn.person.id, mine)
        await db.audit.record(turn.person.id, "habits", ", ".join(values), turn.now)
    await plan_anew(services, turn.person, holder(turn).address, turn.now)
    await plan_digests(services, turn.now, turn.person.id)
    return card(turn, services, mine, Place.REPLACE if turn.incoming.action else Place.NEW)


@room.button("habit_day", personal=True)
async def day_pressed(turn: Turn, services: Services) -> Reply:
    """Switch one lead time on or off; the last one stays."""
    if not (turn.args.isascii() and turn.args.isdigit() and int(turn.args[:3]) < len(DAYS)):
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        mine = await db.subscriptions.habits(turn.person.id)
    days = set(habit(services, mine).days) ^ {DAYS[int(turn.args)]}
    if not days:
        return Reply(turn.say("follow.last_lead"), place=Place.TOAST)
    return await _keep(turn, services, days=tuple(sorted(days, reverse=True)))


@room.button("habit_working", personal=True)
async def working_pressed(turn: Turn, services: Services) -> Reply:
    """Count in workdays, or in days of the calendar again."""
    async with services.store.read() as db:
        mine = await db.subscriptions.habits(turn.person.id)
    return await _keep(turn, services, working=not habit(services, mine).working)


@room.button("habit_ask", personal=True)
async def ask(turn: Turn, services: Services) -> Reply:
    """Offer times, quiet hours or zones; another may be typed."""
    offered: Sequence[Button]
    if turn.args == "at":
        offered = [Button(at, Action("habit_at", at.replace(":", ""))) for at in TIMES]
    elif turn.args == "quiet":
        offered = [Button(_quiet_words(turn, row), Action("habit_quiet", str(at))) for at, row in enumerate(QUIET)]
    elif turn.args == "zone":
        offered = [Button(name, Action("habit_zone", str(at))) for at, name in enumerate(ZONES)]
    else:
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("habit", turn.args, turn.now))
    question = turn.say("follow.which_time") if turn.args == "at" else turn.say(f"habits.which_{turn.args}")
    return Reply(question, tuple(tuple(offered[at : at + 3]) for at in range(0, len(offered), 3)))


def _quiet_words(turn: Turn, row: tuple[str, str]) -> str:
    if not row[0]:
        return turn.say("habits.as_district")
    return turn.say("habits.none") if row[0] == row[1] else f"{row[0]}–{row[1]}"


@room.button("habit_at", personal=True)
async def at_pressed(turn: Turn, services: Services) -> Reply:
    """A time of day was chosen."""
    at = f"{turn.args[:2]}:{turn.args[2:]}"
    if at not in TIMES:
        raise Refusal("desk.stale_button")
    return await _keep(turn, services, at=at)


@room.button("habit_quiet", personal=True)
async def quiet_pressed(turn: Turn, services: Services) -> Reply:
    """Quiet hours were chosen."""
    if not (turn.args.isascii() and turn.args.isdigit() and int(turn.args[:3]) < len(QUIET)):
        raise Refusal("desk.stale_button")
    start, end = QUIET[int(turn.args)]
    return await _keep(turn, services, quiet_from=start, quiet_until=end)


@room.button("habit_zone", personal=True)
async def zone_pressed(turn: Turn, services: Services) -> Reply:
    """A zone was chosen."""
    if not (turn.args.isascii() and turn.args.isdigit() and int(turn.args[:3]) < len(ZONES)):
        raise Refusal("desk.stale_button")
    return await _keep(turn, services, zone=ZONES[int(turn.args)])


@room.words("habit")
async def typed(turn: Turn, services: Services) -> Reply:
    """A time of day, two of them for quiet hours, or a zone was typed; what is none of it gets one sentence."""
    about = turn.expected.reference if turn.expected is not None else ""
    if about == "at" and (at := read_time(turn.args)) is not None:
        return await _keep(turn, services, at=f"{at:%H:%M}")
    if about == "quiet":
        parts = [read_time(part) for part in turn.args.replace("–", "-").replace("—", "-").split("-")]
        if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
            return await _keep(turn, services, quiet_from=f"{parts[0]:%H:%M}", quiet_until=f"{parts[1]:%H:%M}")
    if about == "zone":
        name = turn.args.strip().replace(" ", "_")
        try:
            return await _keep(turn, services, zone=ZoneInfo(name).key)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = process.extractOne(name, ZONES)
            return Reply(turn.say("habits.bad_zone", zone=turn.args[:40], near=near[0] if near else ZONES[0]))
    return Reply(turn.say("follow.bad_time") if about == "at" else turn.say("habits.bad_quiet"))
