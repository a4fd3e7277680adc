"""Working days of a year whose holidays are not announced yet are counted as plain weeks, which administrators are told once."""

from datetime import datetime, timedelta

from bot.chat import Reply
from bot.limits import Lane
from bot.people import Person, Rank
from handlers.room import Room, Services, unasked
from handlers.schedule import horizon
from storage.values import Cancelled, OutboxRow, Planned

KIND = "unannounced"
"""The kind of outbox row that tells."""
USEFUL = timedelta(days=30)

room = Room("unannounced")


async def point_out_years(services: Services, now: datetime) -> int:
    """Owe each administrator one message on each year that reminders reach into and whose holidays are not known; how many are new."""
    zone = services.settings.zone
    years = range(now.astimezone(zone).year, horizon(services, now).astimezone(zone).year + 1)
    unknown = [year for year in years if not services.calendar.announced(year)]
    if not unknown:
        return 0
    async with services.store.begin() as db:
        told = [year for year in unknown if await db.marks.get(f"{KIND}.{year}") is None]
        people = [person for person in await db.people.every() if person.rank >= Rank.ADMINISTRATOR] if told else []
        reached = await db.people.reached() if people else {}
        rows = []
        for year in told:
            for to, address in ((person.id, reached.get(person.id)) for person in people):
                if address is not None:
                    rows.append(Planned(f"{KIND}:{year}:{to}", KIND, str(year), to, address, Lane.NOTICE, now, now + USEFUL))
            if any(person.id in reached for person in people):
                await db.marks.set(f"{KIND}.{year}", now.isoformat())
        return await db.outbox.plan(rows, now)


@room.composer(KIND)
async def unannounced(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word it when it leaves; cancelled where the holidays are known by then."""
    if person is None or person.rank < Rank.ADMINISTRATOR:
        return Cancelled("no administrator")
    if services.calendar.announced(int(row.planned.reference)):
        return Cancelled("announced by now")
    turn = unasked(person, row.planned.address, services, now)
    return Reply(turn.say("defaults.unannounced", year=row.planned.reference))
