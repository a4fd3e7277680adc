"""Following: what somebody wants to hear of is found by words or a button, kept for them or for their group, and promised.

Longer than other files because whatever begins and ends a wish stands in one place.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.ask.answer import Hit, Status
from bot.ask.library import Library
from bot.chat import Action, Address, Button, Reply
from bot.errors import Refusal
from bot.people import Person
from bot.plan.model import place
from bot.plan.script import fold
from bot.remind.coverage import NAMED, Wish
from bot.remind.planning import Schedule, schedule
from bot.remind.subjects import MEASURE, Subject
from handlers.gone import gone
from handlers.reminder import when_of
from handlers.room import Audience, Room, Services, Turn
from handlers.schedule import Planner, current, habit, plan_anew, planner, situation
from handlers.wording import LABEL_LENGTH, day, shorten, spoken
from storage.store import Transaction
from storage.values import Habits, Subscription

SHOWN = 6
"""Times that are told of what was followed; there may be many more."""
CHOICES = 3
RECENT = timedelta(minutes=15)
"""How long an answer is what is meant by words that name nothing."""

room = Room("follow")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who follows: a person, or the group that was spoken in."""

    person: Person | None
    address: Address

    @property
    def id(self) -> int | None:
        """The person's id; None for a group."""
        return self.person.id if self.person is not None else None


def holder(turn: Turn) -> Holder:
    """The group in a group, the person elsewhere."""
    if turn.incoming.group:
        return Holder(None, turn.incoming.address)
    return Holder(turn.person, Address(turn.incoming.address.channel, turn.incoming.sender))


async def may_decide(turn: Turn, services: Services) -> bool:
    """True in private, and in a group for those who decide there: its administrators, or where the channel cannot tell, principals."""
    if not turn.incoming.group:
        return True
    governs = await services.governs(turn.incoming.address, turn.incoming.sender)
    return governs if governs is not None else Audience.PRINCIPALS.admits(turn.person.rank)


def kind_of(subject: Subject) -> str:
    """The kind of subscription that names a subject."""
    return "measure" if subject.kind == MEASURE else "event"


def followable(library: Library, measure_id: str) -> bool:
    """True where a measure is or holds something with a time or a rhythm that can be waited for."""
    subject = current(library, (measure_id,))
    return subject is not None and subject.waits


@room.command("follow")
async def follow(turn: Turn, services: Services) -> Reply:
    """Find what is meant and follow it; ask where it is not clear. In a group its administrators do so for the group."""
    if not turn.args:
        rows = (*await spoken_of(turn, services), *(() if turn.incoming.group else (wide_buttons(turn),)))
        return Reply(turn.say("follow.empty"), rows)
    if not await may_decide(turn, services):
        return Reply(turn.say("follow.group_only"))
    wanted = meant(turn, services)
    if wanted is not None:
        return await begin_wish(turn, services, *wanted)
    today = turn.now.astimezone(services.settings.zone).date()
    answer = await asyncio.to_thread(services.library().ask, turn.args, today=today)
    found = [hit for hit in answer.hits if followable(services.library(), hit.measure.id)]
    topic = topic_button(turn, services, await planner(services, turn.now))
    if answer.status is Status.UNKNOWN or not found:
        if topic:
            return Reply(turn.say("follow.topic_only", words=shorten(turn.args, LABEL_LENGTH)), (topic,))
        return Reply(turn.say("follow.nothing", words=shorten(turn.args, LABEL_LENGTH)))
    if answer.status is Status.AMBIGUOUS and len(found) > 1:
        return Reply(turn.say("find.which"), (*_choices(services, found[:CHOICES]), *([topic] if topic else [])))
    reply = await begin(turn, services, found[0].measure.id)
    return Reply(reply.text, (*reply.buttons, topic) if topic else reply.buttons)


async def spoken_of(turn: Turn, services: Services) -> tuple[tuple[Button, ...], ...]:
    """The offer to follow what the answer just before was about, a button each."""
    async with services.store.read() as db:
        subject = await db.conversations.recall(turn.incoming.address, turn.incoming.sender)
    if subject is None or turn.now - subject.at > RECENT:
        return ()
    found = [current(services.library(), (measure,)) for measure in subject.measures[:CHOICES]]
    return tuple(
        (Button(turn.say("follow.this", name=spoken(turn, shorten(one.name, LABEL_LENGTH))), Action("follow", one.measure)),)
        for one in found
        if one is not None and one.waits
    )


def wide_buttons(turn: Turn) -> tuple[Button, ...]:
    """What can be followed without naming anything."""
    return tuple(Button(turn.say(f"follow.all_{kind}"), Action("follow_all", kind)) for kind in ("school", "everything"))


def meant(turn: Turn, services: Services) -> tuple[str, str] | None:
    """The kind and reference of a wish that words name outright: all of one's school, everything, a unit or group, a section, a topic."""
    said = turn.args.strip()
    for kind in ("school", "everything"):
        if said.lower() in turn.texts.words(f"follow.words_{kind}"):
            return kind, ""
    for word in turn.texts.words("follow.words_topic"):
        if said.lower().startswith(word) and len(said) > len(word):
            return "topic", topic_of(said[len(word) :])
    register = services.register()
    named = [unit for unit in register.units if fold(said) in {fold(name) for name in (unit.name, *unit.aliases)}]
    if len(named) == 1:
        return "unit", str(named[0].id)
    group = next((group for unit in register.units for group in unit.groups if fold(group) == fold(said)), None)
    if group is not None:
        return "unit", group
    for shelf in services.library().shelves:
        for plan in shelf.document.plans:
            for section in plan.sections:
                names = {place(plan, section.section, 0), section.title, f"{plan.label}{section.label}"}
                if fold(said).replace(" ", "") in {fold(name).replace(" ", "") for name in names if name}:
                    return "section", f"{shelf.plan}.{plan.plan}.{section.section}"
    return None


def topic_of(words: str) -> str:
    """Words as a topic keeps them: folded, at most five of them."""
    return " ".join(fold(words).lower().split()[:5])[:40]


def topic_button(turn: Turn, services: Services, planning: Planner) -> tuple[Button, ...]:
    """The offer to follow whatever speaks of these words, where more than one thing does."""
    topic = topic_of(turn.args)
    covered = planning.found.covered(Wish("topic", topic), None) if len(topic) >= 2 else ()
    action = f"topic.{topic}"
    if len(covered) < 2 or len(action.encode()) > 48:
        return ()
    words = spoken(turn, shorten(turn.args, 10))
    return (Button(turn.say("follow.topic_button", words=words, count=len(covered)), Action("follow_all", action)),)


def _choices(services: Services, hits: Iterable[Hit]) -> Iterable[tuple[Button, ...]]:
    for hit in hits:
        subject = current(services.library(), (hit.measure.id,))
        if subject is not None:
            yield (Button(shorten(subject.name, LABEL_LENGTH), Action("follow", hit.measure.id)),)


@room.button("follow", personal=True)
async def follow_pressed(turn: Turn, services: Services) -> Reply:
    """跟進 under an answer."""
    return await begin(turn, services, turn.args)


@room.button("follow_all")
async def follow_all(turn: Turn, services: Services) -> Reply:
    """Everything, all of one's school, or whatever speaks of some words."""
    kind, _, reference = turn.args.partition(".")
    if kind not in ("school", "everything", "topic") or (kind == "topic") != bool(reference):
        raise Refusal("desk.stale_button")
    if not await may_decide(turn, services):
        return Reply(turn.say("follow.group_only"))
    return await begin_wish(turn, services, kind, reference)


async def begin(turn: Turn, services: Services, reference: str) -> Reply:
    """Follow what the reference stands for and say what will be announced when; nothing is kept where the plan gives no time."""
    async with services.store.read() as db:
        root = await db.plannings.root(reference)
        subject = current(services.library(), (reference, *await db.plannings.known_as(root)))
    if subject is None:
        return await gone(turn, services, reference)
    name = spoken(turn, shorten(subject.name, LABEL_LENGTH * 2))
    if not subject.waits:
        return Reply(turn.say("follow.undated", name=name))
    who = holder(turn)
    async with services.store.begin() as db:
        root = await db.plannings.root(subject.id)
        kept, new = await db.subscriptions.follow(who.id, kind_of(subject), root, who.address, turn.now)
        habits = await _habits(db, who)
        if new:
            await db.audit.record(turn.person.id, "follow", root, turn.now)
    planning = await plan_anew(services, who.person, who.address, turn.now)
    wish = Wish(kept.kind, root, False, kept.days, kept.working, kept.at)
    unit = who.person.unit if who.person else None
    meant_to = situation(services, planning.found, subject, wish, unit)
    wanted = habit(services, habits, wish)
    plan = schedule(subject, wanted, services.calendar, meant_to, turn.now)
    lines = [turn.say("follow.done" if new else "follow.already", name=name), turn.say("follow.when", when=when_of(turn, subject))]
    lines += moments_told(turn, plan, subject, wanted.zone)
    stop = Button(turn.say("follow.stop"), Action("unfollow", root))
    return Reply("\n".join(lines), ((stop, Button(turn.say("follow.change"), Action("wish", str(kept.id)))),))


async def begin_wish(turn: Turn, services: Services, kind: str, reference: str) -> Reply:
    """Follow many things at once, and say how many of them will be announced and which comes first."""
    who = holder(turn)
    if kind == "school" and (who.person is None or who.person.unit is None):
        return Reply(turn.say("follow.no_school"), ((Button(turn.say("start.button_unit"), Action("units", "0")),),))
    async with services.store.begin() as db:
        kept, new = await db.subscriptions.follow(who.id, kind, reference, who.address, turn.now)
        habits = await _habits(db, who)
        if new:
            await db.audit.record(turn.person.id, "follow", f"{kind} {kept.id}", turn.now)
    planning = await plan_anew(services, who.person, who.address, turn.now)
    wish = Wish(kind, reference, False, kept.days, kept.working, kept.at)
    unit = who.person.unit if who.person else None
    found = planning.found.covered(wish, unit)
    wanted = habit(services, habits, wish)
    first = [
        (plan.ahead[0].at, subject)
        for subject in found
        if (plan := schedule(subject, wanted, services.calendar, situation(services, planning.found, subject, wish, unit), turn.now)).ahead
    ]
    name = wish_name(turn, services, kept)
    lines = [turn.say("follow.done" if new else "follow.already", name=name)]
    lines.append(turn.say("follow.many", count=len(found), ahead=len(first)) if found else turn.say("follow.nothing_yet"))
    if first:
        at, subject = min(first, key=lambda row: row[0])
        local = at.astimezone(wanted.zone)
        lines.append(turn.say("follow.first", name=spoken(turn, subject.name), day=day(turn, local.date()), time=f"{local:%H:%M}"))
    stop = Button(turn.say("follow.stop"), Action("wish_drop", str(kept.id)))
    return Reply("\n".join(lines), ((stop, Button(turn.say("follow.change"), Action("wish", str(kept.id)))),))


async def _habits(db: Transaction, who: Holder) -> Habits:
    return await db.subscriptions.habits(who.person.id) if who.person is not None else Habits()


def wish_name(turn: Turn, services: Services, one: Subscription, known: Sequence[str] = ()) -> str:
    """What a subscription is for, in words; `known`: the other ids of an event or measure."""
    if one.kind in NAMED:
        subject = current(services.library(), (one.reference, *known))
        return spoken(turn, shorten(subject.name, LABEL_LENGTH * 2)) if subject is not None else turn.say("follow.gone_name")
    if one.kind == "section":
        document, plan_number, number = (int(part) for part in one.reference.split("."))
        for shelf in services.library().shelves:
            for plan in shelf.document.plans if shelf.plan == document else ():
                section = next((row for row in plan.sections if row.section == number and plan.plan == plan_number), None)
                if section is not None:
                    title = spoken(turn, shorten(section.title, LABEL_LENGTH))
                    return turn.say("follow.name_section", place=place(plan, number, 0), title=title)
        return turn.say("follow.gone_name")
    if one.kind == "unit":
        unit = next((unit.name for unit in services.register().units if str(unit.id) == one.reference), one.reference)
        return turn.say("follow.name_unit", unit=unit)
    if one.kind == "topic":
        return turn.say("follow.name_topic", words=spoken(turn, one.reference))
    return turn.say(f"follow.name_{one.kind}")


def moments_told(turn: Turn, plan: Schedule, subject: Subject, zone: ZoneInfo) -> list[str]:
    """What will be announced when, and what is past already."""
    lines = []
    if plan.ahead:
        local: list[datetime] = [moment.at.astimezone(zone) for moment in plan.ahead]
        times = turn.say("comma").join(f"{day(turn, at.date())} {at:%H:%M}" for at in local[:SHOWN])
        lines.append(turn.say("follow.ahead_more" if len(local) > SHOWN else "follow.ahead", times=times, count=len(local)))
    last = subject.last
    if last is not None and last < turn.now.astimezone(zone).date():
        lines.append(turn.say("follow.over"))
    elif plan.past and plan.vague:
        lines.append(turn.say("follow.begun"))
    elif plan.past:
        lines.append(turn.say("follow.past", count=len(plan.past)))
    return lines


@room.button("unfollow")
async def unfollow(turn: Turn, services: Services) -> Reply:
    """不再提醒: stop hearing of one thing, whatever wider wish covers it; what was planned and not yet sent is cancelled."""
    if not await may_decide(turn, services):
        return Reply(turn.say("follow.group_only"))
    who = holder(turn)
    planning = await planner(services, turn.now)
    async with services.store.begin() as db:
        root = await db.plannings.root(turn.args)
        subject = current(services.library(), await db.plannings.known_as(root))
        mine = await db.subscriptions.of(who.person.id) if who.person else await db.subscriptions.of_group(who.address)
        stopped = False
        for kind in NAMED:
            stands = any((one.kind, one.reference) == (kind, root) and not one.refused for one in mine)
            if stands:
                stopped = await db.subscriptions.unfollow(who.id, kind, root, who.address) or stopped
        wider = [Wish(one.kind, one.reference) for one in mine if one.kind not in NAMED and not one.refused]
        unit = who.person.unit if who.person else None
        if subject is not None and any(planning.found.covers(wish, subject, unit) for wish in wider):
            _, stopped_wide = await db.subscriptions.follow(who.id, kind_of(subject), root, who.address, turn.now, refused=True)
            stopped = stopped or stopped_wide
        if stopped:
            await db.audit.record(turn.person.id, "unfollow", root, turn.now)
    await plan_anew(services, who.person, who.address, turn.now, planning)
    name = spoken(turn, shorten(subject.name, LABEL_LENGTH * 2)) if subject else ""
    return Reply(turn.say("follow.stopped" if stopped else "follow.not_followed", name=name))
