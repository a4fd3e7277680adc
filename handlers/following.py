"""/following: all that somebody follows, each to be looked at, changed, paused or dropped by buttons; and how they always want it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.remind.coverage import NAMED
from bot.remind.planning import moment_of
from handlers.follow import Holder, holder, may_decide, wish_name
from handlers.reminder import when_of
from handlers.room import Room, Services, Turn
from handlers.schedule import clock_time, current, habit, plan_anew, wishes
from handlers.wording import day
from storage.values import Expectation, Habits, Subscription

PAGE = 8
"""Subscriptions listed at once."""
DAYS = (30, 14, 7, 3, 1, 0, -1)
"""The lead times that buttons offer; -1 is the day after something was due."""
TIMES = ("07:00", "08:00", "12:00", "18:00", "20:00")

room = Room("following")


async def mine_of(turn: Turn, services: Services, who: Holder) -> tuple[list[Subscription], dict[str, list[str]]]:
    """What somebody follows, with the other ids of what is named."""
    async with services.store.read() as db:
        rows = await db.subscriptions.of(who.person.id) if who.person else await db.subscriptions.of_group(who.address)
        rows = [row for row in rows if not row.refused]
        known = await db.plannings.known(row.reference for row in rows if row.kind in NAMED)
    return rows, known


@room.command("following")
async def following(turn: Turn, services: Services) -> Reply:
    """What this person, or in a group the group, follows."""
    return await show(turn, services, 0)


@room.button("wishes")
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another page; the reference is its number."""
    return await show(turn, services, int(turn.args) if turn.args.isdecimal() and len(turn.args) < 5 else 0, Place.REPLACE)


async def show(turn: Turn, services: Services, page: int, where: Place = Place.NEW) -> Reply:
    """One page of what is followed, a button each."""
    who = holder(turn)
    rows, known = await mine_of(turn, services, who)
    if not rows:
        return Reply(turn.say("follow.none"), place=where)
    first = page * PAGE
    lines = [turn.say("follow.list_group" if who.person is None else "follow.list", count=len(rows))]
    buttons = []
    for number, row in enumerate(rows[first : first + PAGE], first + 1):
        lines.append(turn.say("follow.row", number=number, name=line_of(turn, services, row, known.get(row.reference, ()))))
        buttons.append(Button(turn.say("follow.open_number", number=number), Action("wish", str(row.id))))
    table = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("wishes", str(page - 1))))
    if len(rows) > first + PAGE:
        paging.append(Button(turn.say("page.more"), Action("wishes", str(page + 1))))
    if paging:
        table.append(tuple(paging))
    if who.person is not None:
        keep = Button(turn.say("agenda.button_calendar"), Action("calendar_file", "following"))
        table.append((Button(turn.say("follow.habits"), Action("habits", "")), keep))
    return Reply("\n".join(lines), tuple(table), place=where)


def line_of(turn: Turn, services: Services, row: Subscription, known: Sequence[str]) -> str:
    """A subscription in one line: its name, and its time or that it is paused or came by rank."""
    name = wish_name(turn, services, row, known)
    if row.kind in NAMED:
        subject = current(services.library(), (row.reference, *known))
        if subject is not None:
            name = turn.say("follow.timed", name=name, when=when_of(turn, subject))
    if row.paused_until is not None and row.paused_until > turn.now:
        until = row.paused_until.astimezone(services.settings.zone).date()
        return turn.say("follow.paused", name=name, day=day(turn, until))
    return turn.say("follow.by_rank", name=name) if row.by_rank else name


async def _row(turn: Turn, services: Services, reference: str) -> Subscription | None:
    """The subscription of that id, where it is the speaker's or their group's."""
    if not (reference.isascii() and reference.isdigit() and len(reference) < 10):
        return None
    async with services.store.read() as db:
        row = await db.subscriptions.get(int(reference))
    who = holder(turn)
    if row is None or row.refused:
        return None
    return row if row.person == who.id and (row.person is not None or row.address == who.address) else None


@room.button("wish")
async def wish(turn: Turn, services: Services) -> Reply:
    """One subscription with all that can be changed about it."""
    row = await _row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    return await card(turn, services, row)


async def card(turn: Turn, services: Services, row: Subscription, where: Place = Place.NEW) -> Reply:
    """What is followed, how it is announced, and the buttons to change that."""
    async with services.store.read() as db:
        known = await db.plannings.known_as(row.reference) if row.kind in NAMED else []
        habits = await db.subscriptions.habits(row.person) if row.person is not None else Habits()
    wanted = habit(services, habits, wishes([row])[0])
    lines = [
        line_of(turn, services, row, known),
        turn.say("follow.how", days=days_words(turn, wanted.days, wanted.working), time=f"{wanted.time:%H:%M}"),
    ]
    number = str(row.id)
    leads = [
        Button(
            turn.say("follow.on" if count in wanted.days else "follow.off", lead=lead_words(turn, count)),
            Action("wish_day", f"{number}.{DAYS.index(count)}"),
        )
        for count in DAYS
    ]
    working = Button(turn.say("follow.to_calendar" if wanted.working else "follow.to_working"), Action("wish_working", number))
    pause = (
        Button(turn.say("follow.resume"), Action("wish_pause", f"{number}.0"))
        if row.paused_until is not None and row.paused_until > turn.now
        else Button(turn.say("follow.pause"), Action("wish_rest", number))
    )
    table = (
        tuple(leads[:4]),
        tuple(leads[4:]),
        (working, Button(turn.say("follow.set_time"), Action("wish_times", number))),
        (pause, Button(turn.say("follow.drop"), Action("wish_drop", number))),
    )
    return Reply("\n".join(lines), table, place=where)


def lead_words(turn: Turn, count: int) -> str:
    """A lead time in words."""
    if count < 0:
        return turn.say("follow.lead_after")
    return turn.say("follow.lead_day") if count == 0 else turn.say("follow.lead_before", days=count)


def days_words(turn: Turn, days: Sequence[int], working: bool) -> str:
    """Lead times in words, the earliest first."""
    said = turn.say("comma").join(lead_words(turn, count) for count in sorted(days, reverse=True))
    return turn.say("follow.in_working", days=said) if working else said


async def _change(turn: Turn, services: Services, number: str, **values: Any) -> Reply:
    """Change a subscription, plan anew and show it."""
    row = await _row(turn, services, number)
    if row is None:
        raise Refusal("desk.stale_button")
    if not await may_decide(turn, services):
        return Reply(turn.say("follow.group_only"))
    async with services.store.begin() as db:
        changed = await db.subscriptions.change(row.id, **values)
        await db.audit.record(turn.person.id, "changed following", f"{row.kind} {row.id}", turn.now)
    if changed is None:
        raise Refusal("desk.stale_button")
    await plan_anew(services, turn.person if row.person is not None else None, row.address, turn.now)
    return await card(turn, services, changed, Place.REPLACE)


@room.button("wish_day")
async def wish_day(turn: Turn, services: Services) -> Reply:
    """Switch one lead time on or off; the last one stays."""
    number, _, place = turn.args.partition(".")
    row = await _row(turn, services, number)
    if row is None or not (place.isdecimal() and int(place) < len(DAYS)):
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        habits = await db.subscriptions.habits(row.person) if row.person is not None else Habits()
    days = set(habit(services, habits, wishes([row])[0]).days) ^ {DAYS[int(place)]}
    if not days:
        return Reply(turn.say("follow.last_lead"), place=Place.TOAST)
    return await _change(turn, services, number, days=sorted(days, reverse=True))


@room.button("wish_working")
async def wish_working(turn: Turn, services: Services) -> Reply:
    """Count in workdays, or in days of the calendar again."""
    row = await _row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        habits = await db.subscriptions.habits(row.person) if row.person is not None else Habits()
    return await _change(turn, services, turn.args, working=not habit(services, habits, wishes([row])[0]).working)


@room.button("wish_times")
async def wish_times(turn: Turn, services: Services) -> Reply:
    """The times of day that are offered; another may be typed."""
    row = await _row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    if not turn.incoming.group:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("wish_time", turn.args, turn.now))
    offered = tuple(Button(at, Action("wish_time", f"{row.id}.{at.replace(':', '')}")) for at in TIMES)
    return Reply(turn.say("follow.which_time"), (offered,))


@room.button("wish_time")
async def wish_time(turn: Turn, services: Services) -> Reply:
    """A time of day was chosen."""
    number, _, digits = turn.args.partition(".")
    at = f"{digits[:2]}:{digits[2:]}"
    if at not in TIMES:
        raise Refusal("desk.stale_button")
    return await _change(turn, services, number, at=at)


@room.words("wish_time")
async def time_typed(turn: Turn, services: Services) -> Reply:
    """A time of day was typed."""
    at = read_time(turn.args)
    if at is None or turn.expected is None:
        return Reply(turn.say("follow.bad_time"))
    return await _change(turn, services, turn.expected.reference, at=f"{at:%H:%M}")


def read_time(text: str) -> time | None:
    """A time of day as people type it: 7:30, 19:00; None for anything else."""
    hour, colon, minute = text.strip().replace("\uff1a", ":").partition(":")
    try:
        return clock_time(f"{hour}:{minute}") if colon and len(minute) == 2 else None
    except ValueError:
        return None


@room.button("wish_rest")
async def wish_rest(turn: Turn, services: Services) -> Reply:
    """Until when to pause."""
    row = await _row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    offered = [Button(turn.say(f"follow.pause_{name}"), Action("wish_pause", f"{row.id}.{name}")) for name in ("week", "month", "term")]
    return Reply(turn.say("follow.until_when"), (tuple(offered),))


@room.button("wish_pause")
async def wish_pause(turn: Turn, services: Services) -> Reply:
    """Pause until a day, or go on."""
    number, _, name = turn.args.partition(".")
    return await _change(turn, services, number, paused_until=pause_end(turn, services, name))


def pause_end(turn: Turn, services: Services, name: str) -> datetime | None:
    """The end of a pause: in a week, in a month, when the next term begins; None to go on at once."""
    today = turn.now.astimezone(services.settings.zone).date()
    calendar = services.calendar
    began = calendar.school_year(today)
    term = next(
        start for start, _ in (calendar.autumn_term(began), calendar.spring_term(began), calendar.autumn_term(began + 1)) if start > today
    )
    days = {"week": today + timedelta(days=7), "month": today + timedelta(days=30), "term": term}
    return moment_of(days[name], time(), services.settings.zone) if name in days else None


@room.button("wish_drop")
async def wish_drop(turn: Turn, services: Services) -> Reply:
    """Follow it no more; what was planned and not yet sent is cancelled."""
    row = await _row(turn, services, turn.args)
    if row is None:
        return Reply(turn.say("follow.not_followed"))
    if not await may_decide(turn, services):
        return Reply(turn.say("follow.group_only"))
    async with services.store.begin() as db:
        known = await db.plannings.known_as(row.reference) if row.kind in NAMED else []
        await db.subscriptions.drop(row.id)
        await db.audit.record(turn.person.id, "unfollow", f"{row.kind} {row.id}", turn.now)
    await plan_anew(services, turn.person if row.person is not None else None, row.address, turn.now)
    name = await asyncio.to_thread(wish_name, turn, services, row, known)
    return Reply(turn.say("follow.stopped", name=name))
