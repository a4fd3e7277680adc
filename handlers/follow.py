"""Following: an event or a dated measure is kept in mind for a person, and announced in good time."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.ask.answer import Hit, Status
from bot.ask.library import Library
from bot.chat import Action, Address, Button, Place, Reply
from bot.limits import Lane
from bot.people import Person
from bot.plan.model import Span
from bot.remind.planning import Rule, Schedule, definite, reminder_key, schedule
from handlers.gone import gone
from handlers.room import Room, Services, Turn, unasked
from handlers.standing import done_button, finished
from handlers.wording import LABEL_LENGTH, citation, day, day_words, quotation, shorten, who
from storage.values import Cancelled, OutboxRow, Planned, Subscription

KIND = "event"
"""The kind of subscription and of outbox row that this room owns."""

room = Room("follow")


@dataclass(frozen=True, slots=True)
class Followed:
    """What a reference stands for in the plans in use."""

    reference: str
    name: str
    span: Span | None
    hit: Hit


def followed(library: Library, reference: str) -> Followed | None:
    """The event or measure behind a reference; None where no plan in use has it any more."""
    happening = library.happening(reference)
    if happening is not None:
        hit = library.find(happening.event.measure)
        return Followed(reference, happening.event.name, happening.event.date, hit) if hit else None
    hit = library.find(reference)
    if hit is None:
        return None
    happening = library.event_of(reference)
    if happening is not None:
        return Followed(happening.event.id, happening.event.name, happening.event.date or hit.measure.date, hit)
    return Followed(reference, shorten(hit.measure.text, LABEL_LENGTH), hit.measure.date, hit)


def followable(library: Library, measure_id: str) -> bool:
    """True where a measure is or holds something with a time that can be waited for."""
    found = followed(library, measure_id)
    return found is not None and found.span is not None and found.span.acts


def rule(services: Services) -> Rule:
    """The district's rule: days ahead, time of day, zone and how late is still of use."""
    table = services.settings.reminders
    hour, minute = (int(part) for part in table.at.split(":"))
    return Rule(table.days_before, time(hour, minute), services.settings.zone, timedelta(hours=table.late_hours))


def rows(services: Services, subscription: Subscription, found: Followed, now: datetime) -> list[Planned]:
    """The outbox rows that a subscription asks for from `now` on."""
    if found.span is None:
        return []
    return [
        Planned(
            key=reminder_key(found.reference, moment, subscription.person),
            kind=KIND,
            reference=subscription.reference,
            person=subscription.person,
            address=subscription.address,
            lane=Lane.REMINDER,
            not_before=moment.at,
            expires=moment.expires,
        )
        for moment in schedule(found.span, rule(services), now).ahead
    ]


async def plan_all(services: Services, now: datetime) -> int:
    """Write the reminders of every subscription again; what stands already is left alone. Returns how many rows are new."""
    async with services.store.read() as db:
        subscriptions = await db.subscriptions.all_of(KIND)
    planned: list[Planned] = []
    for subscription in subscriptions:
        found = followed(services.library(), subscription.reference)
        if found is not None:
            planned += rows(services, subscription, found, now)
    if not planned:
        return 0
    async with services.store.begin() as db:
        return await db.outbox.plan(planned, now)


@room.command("follow", personal=True)
async def follow(turn: Turn, services: Services) -> Reply:
    """Find what is meant and follow it; ask where it is not clear."""
    if not turn.args:
        return Reply(turn.say("follow.empty"))
    today = turn.now.astimezone(services.settings.zone).date()
    answer = await asyncio.to_thread(services.library().ask, turn.args, today=today)
    found = [hit for hit in answer.hits if followable(services.library(), hit.measure.id)]
    if answer.status is Status.UNKNOWN or not found:
        return Reply(turn.say("follow.nothing", words=shorten(turn.args, LABEL_LENGTH)))
    if answer.status is Status.AMBIGUOUS and len(found) > 1:
        return Reply(turn.say("find.which"), tuple(_choices(services, found[:3])))
    return await begin(turn, services, found[0].measure.id)


def _choices(services: Services, hits: Iterable[Hit]) -> Iterable[tuple[Button, ...]]:
    for hit in hits:
        found = followed(services.library(), hit.measure.id)
        if found is not None:
            yield (Button(shorten(found.name, LABEL_LENGTH), Action("follow", hit.measure.id)),)


@room.button("follow", personal=True)
async def follow_pressed(turn: Turn, services: Services) -> Reply:
    """跟進 under an answer."""
    return await begin(turn, services, turn.args)


async def begin(turn: Turn, services: Services, reference: str) -> Reply:
    """Follow what the reference stands for and say what will be announced when; nothing is kept where the plan gives no time."""
    found = followed(services.library(), reference)
    if found is None:
        return await gone(turn, services, reference)
    if found.span is None or not found.span.acts:
        return Reply(turn.say("follow.undated", name=found.name))
    address = Address(turn.incoming.address.channel, turn.incoming.sender)
    async with services.store.begin() as db:
        subscription, new = await db.subscriptions.follow(turn.person.id, KIND, found.reference, address, turn.now)
        await db.outbox.plan(rows(services, subscription, found, turn.now), turn.now)
        if new:
            await db.audit.record(turn.person.id, "follow", found.reference, turn.now)
    services.wake()
    plan = schedule(found.span, rule(services), turn.now)
    lines = [turn.say("follow.done" if new else "follow.already", name=found.name), turn.say("follow.when", when=when_of(turn, found))]
    lines += moments_told(turn, services, plan, found.span)
    return Reply("\n".join(lines), ((Button(turn.say("follow.stop"), Action("unfollow", found.reference)),),))


def when_of(turn: Turn, found: Followed) -> str:
    """The time of what is followed, in the plan's vagueness."""
    if found.span is None:
        return turn.say("answer.undated")
    words = day_words(turn, found.span)
    return words if definite(found.span) else turn.say("answer.vague", words=words)


def moments_told(turn: Turn, services: Services, plan: Schedule, span: Span) -> list[str]:
    """What will be announced when, and what is past already."""
    zone = services.settings.zone
    lines = []
    if plan.ahead:
        times = [f"{day(turn, at.date())} {at:%H:%M}" for at in (moment.at.astimezone(zone) for moment in plan.ahead)]
        lines.append(turn.say("follow.ahead", times=turn.say("comma").join(times)))
    last = span.end or span.start
    over = last is not None and last < turn.now.astimezone(zone).date()
    if over:
        lines.append(turn.say("follow.over"))
    elif plan.past and plan.vague:
        lines.append(turn.say("follow.begun"))
    elif plan.past:
        lines.append(turn.say("follow.past", count=len(plan.past)))
    return lines


@room.button("unfollow", personal=True)
async def unfollow(turn: Turn, services: Services) -> Reply:
    """Stop following; what was planned and not yet sent is cancelled."""
    async with services.store.begin() as db:
        stopped = await db.subscriptions.unfollow(turn.person.id, KIND, turn.args)
        await db.outbox.cancel(KIND, turn.args, turn.person.id)
        if stopped:
            await db.audit.record(turn.person.id, "unfollow", turn.args, turn.now)
    found = followed(services.library(), turn.args)
    name = found.name if found else ""
    return Reply(turn.say("follow.stopped" if stopped else "follow.not_followed", name=name))


@room.command("following", personal=True)
async def following(turn: Turn, services: Services) -> Reply:
    """What this person follows, each with its time and a button to stop."""
    async with services.store.read() as db:
        subscriptions = await db.subscriptions.of(turn.person.id)
    entries = [(row, followed(services.library(), row.reference)) for row in subscriptions if row.kind == KIND]
    if not entries:
        return Reply(turn.say("follow.none"))
    lines = [turn.say("follow.list", count=len(entries))]
    buttons = []
    for number, (row, found) in enumerate(entries, 1):
        if found is None:
            lines.append(turn.say("follow.row_gone", number=number))
        else:
            lines.append(turn.say("follow.row", number=number, name=found.name, when=when_of(turn, found)))
        label = turn.say("follow.stop_number", number=number)
        buttons.append(Button(label, Action("unfollow", row.reference)))
    return Reply("\n".join(lines), tuple(tuple(buttons[i : i + 4]) for i in range(0, len(buttons), 4)))


@room.composer(KIND)
async def reminder(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word a reminder at the moment it goes out; cancelled where nobody waits for it or the plan has another date by now."""
    if person is None:
        return Cancelled("person gone")
    found = followed(services.library(), row.planned.reference)
    if found is None or found.span is None:
        return Cancelled("no plan in use has it")
    async with services.store.read() as db:
        wanted = any(sub.kind == KIND and sub.reference == row.planned.reference for sub in await db.subscriptions.of(person.id))
    if not wanted:
        return Cancelled("not followed any more")
    moments = schedule(found.span, rule(services), now - timedelta(days=400)).ahead
    current = next((moment for moment in moments if reminder_key(found.reference, moment, person.id) == row.planned.key), None)
    if current is None:
        return Cancelled("the date has moved")
    turn = unasked(person, row.planned.address, services, now)
    async with services.store.read() as db:
        if await finished(db, services, found.hit.measure, person.unit, current.about):
            return Cancelled("the unit has done it")
    today = now.astimezone(services.settings.zone).date()
    days = (current.about - today).days
    if not definite(found.span):
        head = turn.say("remind.open", name=found.name)
    elif days > 0:
        head = turn.say("remind.ahead", name=found.name, days=days)
    else:
        head = turn.say("remind.today", name=found.name)
    lines = [
        head,
        turn.say("find.when", when=when_of(turn, found)),
        turn.say("find.who", who=who(turn, found.hit.measure)),
        quotation(turn, person, found.hit.measure.text),
        citation(turn, found.hit),
    ]
    if row.repeat:
        lines.insert(0, turn.say("remind.repeat"))
    buttons = [
        Button(turn.say("remind.noted"), Action("noted", str(row.id))),
        Button(turn.say("find.source"), Action("source", found.hit.measure.id)),
        Button(turn.say("follow.stop"), Action("unfollow", row.planned.reference)),
    ]
    if done := done_button(turn, services.register(), found.hit.measure, current.about):
        buttons.insert(0, done)
    return Reply("\n".join(lines), (tuple(buttons),))


@room.button("noted", personal=True)
async def noted(turn: Turn, services: Services) -> Reply:
    """知道了 under a reminder: the press is kept as proof that it arrived."""
    async with services.store.begin() as db:
        row = await db.outbox.get(int(turn.args)) if turn.args.isdigit() and len(turn.args) < 16 else None
        if row is None or row.planned.person != turn.person.id:
            return Reply(turn.say("desk.stale_button"), place=Place.TOAST)
        await db.outbox.prove(turn.incoming.address, turn.incoming.remote, turn.now, row.planned.key)
        await db.audit.record(turn.person.id, "noted", str(row.id), turn.now)
    return Reply(turn.say("remind.thanks"), place=Place.TOAST)
