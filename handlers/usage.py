"""/usage: a week of questions in numbers, also sent to administrators every Monday; nobody who asked is named."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.ask import deixis
from bot.ask.clusters import Asked, clusters
from bot.chat import Action, Button, Reply
from bot.limits import Lane
from bot.people import Person, Rank
from handlers.room import Audience, Room, Services, Turn, unasked
from handlers.wording import leading, shorten, spoken
from storage.values import Cancelled, OutboxRow, Planned, Usage

KIND = "usage"
"""The kind of outbox row that brings the report."""
DAYS = 7
LATE = timedelta(days=2)
"""A report this late is of no use."""
MOST = 5
"""Questions and units that are named."""
LEAST = 2
"""A question that came but once is not repeated, because its words may tell who asked."""
CLUSTERED = 1000
"""Wordings that are put together; what lies beyond was asked once each."""

room = Room("usage")


@room.command("usage", Audience.ADMINISTRATORS, personal=True)
async def usage(turn: Turn, services: Services) -> Reply:
    """The last seven days; a number behind the command says how many."""
    days = int(turn.args) if turn.args.isascii() and turn.args.isdigit() and 0 < int(turn.args[:5]) <= 3650 else DAYS
    return await report(turn, services, turn.now - timedelta(days=days), turn.now + timedelta(microseconds=1))


async def report(turn: Turn, services: Services, since: datetime, until: datetime) -> Reply:
    """The report on the questions from `since` up to `until`, with a button to those that wait for an answer."""
    zone = services.settings.zone
    async with services.store.read() as db:
        found = await db.questions.usage(since, until)
        waiting = await db.questions.open(since, CLUSTERED)
    last = (until - timedelta(microseconds=1)).astimezone(zone)
    lines = [turn.say("usage.head", first=f"{since.astimezone(zone):%Y-%m-%d}", last=f"{last:%Y-%m-%d}")]
    if not found.asked:
        return Reply("\n".join([*lines, turn.say("usage.none")]))
    lines.append(turn.say("usage.asked", asked=found.asked, people=found.people))
    lines.append(turn.say("usage.answered", share=round(100 * found.answered / found.asked), refused=found.refused))
    lines.append(turn.say("usage.opinions", liked=found.liked, disliked=found.disliked, curated=found.curated))
    most = await asyncio.to_thread(often, services, found)
    if most:
        lines.append(turn.say("usage.most"))
        lines += [turn.say("usage.row", number=at, what=shorten(text, 40), count=count) for at, (text, count) in enumerate(most, 1)]
    units = owners(turn, services, found)
    if units:
        names = (turn.say("usage.unit", unit=name, count=count) for name, count in units)
        lines.append(turn.say("usage.units", units=turn.say("comma").join(names)))
    if not waiting:
        return Reply("\n".join(lines))
    lines.append(turn.say("usage.waiting", count=len(waiting)))
    days = max(1, -(-(turn.now - since) // timedelta(days=1)))
    return Reply("\n".join(lines), ((Button(turn.say("usage.button_gaps"), Action("gaps", f"{days}.0")),),))


def often(services: Services, found: Usage) -> list[tuple[str, int]]:
    """What was asked most, wordings of one question counted together."""
    # The number of a row (2, 第二個) is no question of its own.
    questions = [(text, count) for text, count in found.questions[:CLUSTERED] if deixis.row(text) is None]
    groups = clusters([Asked(at, text) for at, (text, _) in enumerate(questions)], services.library().lore)
    counted = [(questions[min(row.id for row in group.members)][0], sum(questions[row.id][1] for row in group.members)) for group in groups]
    return sorted((row for row in counted if row[1] >= LEAST), key=lambda row: -row[1])[:MOST]


def owners(turn: Turn, services: Services, found: Usage) -> Sequence[tuple[str, int]]:
    """The units that the answers given were about, most first; one that plans call by several names counts once, by the register's."""
    counted: Counter[str] = Counter()
    register = services.register()

    def known(name: str) -> str:
        units = register.members(name)
        # A group (各校) is counted by the name it goes by.
        return units[0].name if len(units) == 1 and name in (units[0].name, *units[0].aliases) else name

    for measure, count in found.measures:
        hit = services.library().find(measure)
        if hit is not None:
            counted.update({spoken(turn, known(owner.name)): count for owner in leading(hit.measure)})
    return counted.most_common(MOST)


async def plan_report(services: Services, now: datetime) -> int:
    """Owe every administrator the report on last week, once however often this runs; returns how many rows are new.

    It goes out on Monday at the hour of reminders; who was out of reach for two days does without it.
    """
    zone = services.settings.zone
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    hour, minute = (int(part) for part in services.settings.reminders.at.split(":"))
    at = datetime.combine(monday, time(hour, minute), zone)
    if now >= at + LATE:
        return 0
    last = monday - timedelta(days=DAYS)
    planned = []
    async with services.store.begin() as db:
        for person in await db.people.every():
            addresses = await db.people.addresses(person.id) if person.rank >= Rank.ADMINISTRATOR else []
            if addresses:
                key = f"{KIND}:{last:%Y%m%d}:{person.id}"
                planned.append(Planned(key, KIND, last.isoformat(), person.id, addresses[0], Lane.NOTICE, at, at + LATE))
        return await db.outbox.plan(planned, now)


@room.composer(KIND)
async def weekly(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word the report when it goes out; cancelled for who is no administrator any more and for a week without questions."""
    if person is None or person.rank < Rank.ADMINISTRATOR:
        return Cancelled("no administrator")
    zone = services.settings.zone
    monday = date.fromisoformat(row.planned.reference)
    since = datetime.combine(monday, time(), zone)
    until = datetime.combine(monday + timedelta(days=DAYS), time(), zone)
    async with services.store.read() as db:
        if not (await db.questions.usage(since, until)).asked:
            return Cancelled("nothing was asked")
    return await report(unasked(person, row.planned.address, services, now), services, since, until)
