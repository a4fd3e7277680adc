"""Reminders are planned: who follows what, how they want it, and the ledger's rows that follow from it."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.ask.library import Library
from bot.chat import Address
from bot.limits import Lane
from bot.people import Person
from bot.remind.coverage import NAMED, Coverage, Wish
from bot.remind.planning import Habit, Moment, Situation, moments, reminder_key
from bot.remind.subjects import Subject, of_event, of_measure, subjects
from handlers.room import Services
from storage.store import Transaction
from storage.values import Habits, Planned, Subscription

KIND = "remind"
"""The kind of outbox row that reminds of a plan."""
CHUNK = 500
"""Followers whose rows are worked out and written at once; between two chunks answers have their turn."""
UNTIL = "remind.until"
"""The mark that holds up to when the last planning reached."""
KINDERGARTEN = "kindergarten"


@dataclass(frozen=True, slots=True)
class Follower:
    """A person or a group with what they follow."""

    person: int | None
    unit: int | None
    address: Address
    wishes: Sequence[Subscription]
    habits: Habits = field(default_factory=Habits)

    @property
    def holder(self) -> str:
        """Names the follower in keys."""
        return str(self.person) if self.person is not None else f"{self.address.channel}/{self.address.chat}"


def current(library: Library, references: Iterable[str]) -> Subject | None:
    """What a plan in use has under one of these ids of an event or measure; of a measure the event that it names."""
    for reference in references:
        happening = library.happening(reference)
        if happening is not None:
            first = library.event_of(happening.event.measure)
            side = first is not None and first.event.id != happening.event.id
            return of_event(happening.event, happening.plan, happening.shelf.plan, side)
        hit = library.find(reference)
        if hit is not None:
            named = library.event_of(reference)
            return of_event(named.event, hit.plan, hit.shelf.plan) if named else of_measure(hit.measure, hit.plan, hit.shelf.plan)
    return None


def coverage(services: Services, roots: dict[str, str]) -> Coverage:
    """All that can be waited for in the plans in use."""
    found = [subject for shelf in services.library().shelves for subject in subjects(shelf.document, shelf.plan)]
    return Coverage(found, services.register(), roots)


def wishes(follower: Sequence[Subscription]) -> list[Wish]:
    """Subscriptions as values of the pure core, in the order they were made."""
    return [Wish(one.kind, one.reference, one.refused, one.days, one.working, one.at) for one in follower]


def clock_time(text: str) -> time:
    """Read `08:00`; ValueError for what is none."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def zone_of(services: Services, habits: Habits) -> ZoneInfo:
    """The zone somebody lives in, the district's where they named none."""
    try:
        return ZoneInfo(habits.zone) if habits.zone else services.settings.zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return services.settings.zone


def habit(services: Services, habits: Habits, wish: Wish | None = None) -> Habit:
    """How somebody wants to hear of something: by that wish, else as they always want it, else as the district has it."""
    table = services.settings.reminders
    days = wish.days if wish is not None and wish.days is not None else habits.days
    working = wish.working if wish is not None and wish.working is not None else habits.working
    at = (wish.at if wish is not None else "") or habits.at or table.at
    quiet = (habits.quiet_from, habits.quiet_until) if habits.quiet_from else table.quiet
    return Habit(
        days if days is not None else (*table.days_before, *(-day for day in table.days_after)),
        clock_time(at),
        zone_of(services, habits),
        table.working_days if working is None else working,
        (clock_time(quiet[0]), clock_time(quiet[1])) if len(quiet) == 2 and quiet[0] != quiet[1] else None,
    )


def situation(services: Services, found: Coverage, subject: Subject, wish: Wish, unit: int | None) -> Situation:
    """What a subject means to somebody of this unit."""
    mine = next((one for one in services.register().units if one.id == unit), None)
    if wish.kind == "unit" and mine is None:
        mine = next(iter(found.meant(wish.reference)), None)
    concerned = unit is not None and subject.id in found.concerning(unit)
    return Situation(wish.kind in NAMED, concerned, mine is not None and mine.kind == KINDERGARTEN)


@dataclass(slots=True)
class Planner:
    """Works out rows for many followers; moments of the same subject and habit are worked out once."""

    services: Services
    found: Coverage
    since: datetime
    until: datetime
    known: dict[tuple[str, Habit, Situation], tuple[Moment, ...]] = field(default_factory=dict)

    def moments(self, subject: Subject, wanted: Habit, meant: Situation) -> tuple[Moment, ...]:
        """The announcements of a subject to whoever wants them so."""
        key = (subject.id, wanted, meant)
        if key not in self.known:
            self.known[key] = moments(subject, wanted, self.services.calendar, meant)
        return self.known[key]

    def rows(self, follower: Follower) -> Iterator[Planned]:
        """What a follower is owed after `since` and up to `until`."""
        paused = {(one.kind, one.reference): one.paused_until for one in follower.wishes if one.paused_until is not None}
        to = {(one.kind, one.reference): one.address for one in follower.wishes}
        habits: dict[Wish, Habit] = {}
        for root, (subject, wish) in self.found.decide(wishes(follower.wishes), follower.unit).items():
            if wish not in habits:
                habits[wish] = habit(self.services, follower.habits, wish)
            since = max(self.since, paused.get((wish.kind, wish.reference)) or self.since)
            for moment in self.moments(subject, habits[wish], situation(self.services, self.found, subject, wish, follower.unit)):
                if since < moment.at <= self.until:
                    key = reminder_key(root, moment, follower.holder)
                    address = to[(wish.kind, wish.reference)]
                    yield Planned(key, KIND, root, follower.person, address, Lane.REMINDER, moment.at, moment.expires)


async def followers(db: Transaction, persons: Sequence[int]) -> list[Follower]:
    """These people with what they follow."""
    mine: dict[int, list[Subscription]] = {}
    for one in await db.subscriptions.of_many(persons):
        if one.person is not None:
            mine.setdefault(one.person, []).append(one)
    units = await db.subscriptions.units_of(persons)
    habits = await db.subscriptions.habits_of(persons)
    return [Follower(person, units.get(person), rows[0].address, rows, habits.get(person) or Habits()) for person, rows in mine.items()]


async def groups(db: Transaction) -> list[Follower]:
    """All groups with what they follow."""
    found: dict[Address, list[Subscription]] = {}
    for one in await db.subscriptions.of_groups():
        found.setdefault(one.address, []).append(one)
    return [Follower(None, None, address, rows) for address, rows in found.items()]


def horizon(services: Services, now: datetime) -> datetime:
    """Up to when rows are written ahead."""
    return now + timedelta(days=services.settings.reminders.horizon_days)


async def planner(services: Services, now: datetime, since: datetime | None = None) -> Planner:
    """A planner for the plans in use, from now on or from an earlier moment."""
    async with services.store.read() as db:
        roots = await db.plannings.roots()
    found = await asyncio.to_thread(coverage, services, roots)
    return Planner(services, found, since or now, horizon(services, now))


async def reached(db: Transaction, now: datetime) -> datetime:
    """Up to when the last planning wrote rows; now where there was none."""
    mark = await db.marks.get(UNTIL)
    return datetime.fromisoformat(mark) if mark else now


async def plan_followers(services: Services, now: datetime) -> int:
    """Write what everybody is owed up to the horizon; what stands already is left alone. Returns how many rows are new.

    Where the last planning is longer ago than it reached, what fell in between is written too: too late is told, not forgotten.
    """
    async with services.store.read() as db:
        last = await reached(db, now)
        persons = await db.subscriptions.persons()
        crowd = await groups(db)
    planning = await planner(services, now, min(now, last))
    written = await write(services, planning, crowd, now)
    for at in range(0, len(persons), CHUNK):
        async with services.store.read() as db:
            chunk = await followers(db, persons[at : at + CHUNK])
        written += await write(services, planning, chunk, now)
    async with services.store.begin() as db:
        await db.marks.set(UNTIL, max(planning.until, last).astimezone(UTC).isoformat())
    return written


async def write(services: Services, planning: Planner, chunk: Sequence[Follower], now: datetime) -> int:
    """Write what these followers are owed in one transaction; worked out beside the event loop."""
    planned = await asyncio.to_thread(lambda: [row for follower in chunk for row in planning.rows(follower)])
    if not planned:
        return 0
    async with services.store.begin() as db:
        return await db.outbox.plan(planned, now)


async def plan_anew(services: Services, person: Person | None, group: Address, now: datetime, planning: Planner | None = None) -> Planner:
    """After a change of what somebody follows, or how: withdraw what waits and write what they are owed now.

    Returns the planner used, which is the one given where the caller has one.
    """
    planning = planning or await planner(services, now)
    async with services.store.begin() as db:
        await db.outbox.withdraw(KIND, person.id if person else None, group)
        if person is not None:
            chunk = await followers(db, [person.id])
        else:
            chunk = [one for one in await groups(db) if one.address == group]
        await db.outbox.plan([row for follower in chunk for row in planning.rows(follower)], now)
    services.wake()
    return planning
