"""After an outage: what is over is told in one message a person, and so is what still counts where there is much of it; never a flood."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat import Action, Address, Button, Reply
from bot.limits import Lane
from bot.people import Person
from bot.remind.planning import waking
from bot.remind.subjects import Subject
from handlers.reminder import OWN, SNOOZE, nobody, origin_of, when_of
from handlers.room import Room, Services, Turn, unasked
from handlers.schedule import KIND as REMIND
from handlers.schedule import current, habit
from handlers.wording import LABEL_LENGTH, day, shorten, spoken
from storage.store import Transaction
from storage.values import Cancelled, Habits, OutboxRow, Planned, Postponed, State

KIND = "missed"
"""The kind of outbox row that sums up."""
GATHERED = (REMIND, SNOOZE, OWN)
"""The kinds of row that are summed up."""
TARDY = timedelta(hours=1)
"""What could not leave for so long is gathered where there is much of it."""
USEFUL = timedelta(days=30)
SHOWN = 12
"""Lines of one message."""
PEOPLE = 500
"""People summed up in one transaction."""

room = Room("missed")


async def sum_up(services: Services, now: datetime) -> int:
    """Owe each person one message on what came too late, and on what is late but still of use where there is much; how many are owed.

    A row that was summed up carries the key of the message that tells of it, in the same commit, so that none is told twice or never.
    """
    count = 0
    while True:
        async with services.store.begin() as db:
            lost = await db.outbox.untold(GATHERED, PEOPLE)
            late = await db.outbox.tardy(GATHERED, now - TARDY, now, services.settings.reminders.gathered_above, PEOPLE)
            rows: dict[Address | int, list[OutboxRow]] = {}
            for row in (*lost, *late):
                rows.setdefault(row.planned.person or row.planned.address, []).append(row)
            if not rows:
                return count
            planned = []
            for holder, mine in rows.items():
                name = holder if isinstance(holder, int) else f"{holder.channel}/{holder.chat}"
                key = f"{KIND}:{max(row.id for row in mine)}:{name}"
                await db.outbox.gather([row.id for row in mine], key, now)
                to = mine[0].planned
                planned.append(Planned(key, KIND, key, to.person, to.address, Lane.REMINDER, now, now + USEFUL))
            count += await db.outbox.plan(planned, now)


@room.composer(KIND)
async def missed(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled | Postponed:
    """Word the summary: first what can still be done, then what is over, each thing once."""
    if person is None and row.planned.person is not None:
        return Cancelled("person gone")
    async with services.store.read() as db:
        wanted = habit(services, await db.subscriptions.habits(person.id) if person is not None else Habits())
        awake = waking(now, wanted)
        if awake > now:
            return Postponed(awake, "quiet hours")
        rows = await db.outbox.gathered(row.planned.key)
        turn = unasked(person or nobody(services), row.planned.address, services, now)
        told = await lines_of(db, turn, services, rows, now.astimezone(wanted.zone).date(), now)
    if not told:
        return Cancelled("nothing of it is in use any more")
    since = min(one.planned.not_before for one in rows).astimezone(wanted.zone).date()
    lines = [turn.say("missed.head", since=day(turn, since), count=len(told)), *told[:SHOWN]]
    if len(told) > SHOWN:
        lines.append(turn.say("missed.rest", count=len(told) - SHOWN))
    return Reply("\n".join(lines), ((Button(turn.say("start.button_agenda"), Action("agenda", "month..0")),),))


async def lines_of(db: Transaction, turn: Turn, services: Services, rows: Sequence[OutboxRow], today: date, now: datetime) -> list[str]:
    """A line for each thing, what can still be done first."""
    found: dict[str, tuple[bool, date, str]] = {}
    for row in rows:
        origin = await origin_of(db, row)
        if origin is None:
            continue
        if origin.planned.kind == OWN:
            own = await db.own.get(int(origin.planned.reference))
            if own is not None:
                at = row.planned.not_before.astimezone(services.settings.zone)
                found[f"own {own.id}"] = (True, at.date(), turn.say("missed.own", text=shorten(own.text, 40), day=day(turn, at.date())))
            continue
        subject = current(services.library(), await db.plannings.known_as(origin.planned.reference))
        if subject is not None and not await _told_since(db, row, origin.planned.reference, now):
            past = is_over(subject, today)
            name = spoken(turn, shorten(subject.name, LABEL_LENGTH * 2))
            line = turn.say("missed.over" if past else "missed.open", name=name, when=when_of(turn, subject))
            found[subject.id] = (past, subject.last or today, line)
    return [text for _, _, text in sorted(found.values())]


async def _told_since(db: Transaction, row: OutboxRow, root: str, now: datetime) -> bool:
    """True where a later reminder of the same thing came or comes by itself, so that it need not be told here."""
    later = [one for one in await db.outbox.of_holder(REMIND, root, row.planned.person, row.planned.address) if one.id != row.id]
    due = (State.SENT, State.SENDING, State.QUEUED)
    return any(row.planned.not_before <= one.planned.not_before <= now and one.state in due for one in later)


def is_over(subject: Subject, today: date) -> bool:
    """True where its time lies behind; what comes back is never over."""
    return subject.last is not None and subject.last < today
