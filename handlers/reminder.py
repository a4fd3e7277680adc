"""A reminder: worded when it leaves, with the plan, the rights and the wishes of that moment, and what can be pressed under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ask.answer import Hit
from bot.chat import Action, Address, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Person, Rank, Unit
from bot.plan.model import DateRole
from bot.remind.coverage import Coverage, Wish
from bot.remind.occasion import occasion
from bot.remind.planning import Habit, Moment, Situation, moments, reminder_key, waking
from bot.remind.subjects import Subject, definite
from handlers.room import Composed, Room, Services, Turn, one_by_one, unasked
from handlers.room import Due as Claimed
from handlers.schedule import KIND, Follower, current, followers, habit, situation, wishes
from handlers.standing import done_button
from handlers.wording import LABEL_LENGTH, citation, day, day_words, leading, quotation, shorten, spoken, who
from storage.digests import Held
from storage.store import Transaction
from storage.values import Cancelled, OutboxRow, OwnReminder, Postponed

SNOOZE, OWN = "snooze", "own"
"""The kinds of outbox row that bring a reminder once more, when its reader asked for it, and one in somebody's own words."""
LATE = timedelta(minutes=10)
"""From when on a reminder says that it comes late."""
MOMENT = timedelta(minutes=1)
"""How long a reminder waits for a digest that may contain it."""
KEPT = timedelta(days=2)
"""How long a reminder that was put off is of use."""
TASKS = 2
"""Things that the reader's unit has to do, beside the one that the reminder is about."""

room = Room("reminder")


@dataclass(frozen=True, slots=True)
class Due:
    """What a row of the ledger is about, as things stand now."""

    root: str
    subject: Subject
    hit: Hit
    wish: Wish
    moment: Moment
    habit: Habit
    meant: Situation


@dataclass(frozen=True, slots=True)
class Known:
    """What rows of reminders are judged by, read at once for all of them."""

    subjects: Mapping[str, Subject | None]
    """What the plans in use have under each lasting id."""
    followers: Mapping[int | Address, Follower]
    """Whom the rows are for: people by their ids, groups by their addresses."""
    done: frozenset[tuple[str, int, str]]
    """Measure, unit and turn of what the followers' units have done."""


async def known(db: Transaction, services: Services, rows: Sequence[OutboxRow]) -> Known:
    """Read what these rows are judged by."""
    names = await db.plannings.known(row.planned.reference for row in rows)
    subjects = {root: current(services.library(), ids) for root, ids in names.items()}
    persons = {row.planned.person for row in rows if row.planned.person is not None}
    found: dict[int | Address, Follower] = {one.person: one for one in await followers(db, sorted(persons)) if one.person is not None}
    for to in {row.planned.address for row in rows if row.planned.person is None}:
        found[to] = Follower(None, None, to, await db.subscriptions.of_group(to))
    units = {one.unit for one in found.values() if one.unit is not None}
    done = await db.standings.done({subject.measure for subject in subjects.values() if subject is not None}, units)
    return Known(subjects, found, done)


def stand(held: Known, services: Services, row: OutboxRow) -> Due | Cancelled:
    """What a reminder is about now; cancelled where the plan has it no more, at another time, or nobody waits for it."""
    root = row.planned.reference
    subject = held.subjects[root]
    hit = services.library().find(subject.measure) if subject is not None else None
    if subject is None or hit is None:
        return Cancelled("no plan in use has it")
    follower = held.followers.get(row.planned.person or row.planned.address)
    if follower is None:
        return Cancelled("not followed any more")
    found = Coverage((subject,), services.register(), {subject.id: root})
    decided = found.decide(wishes(follower.wishes), follower.unit).get(root)
    if decided is None:
        return Cancelled("not followed any more")
    wish = decided[1]
    wanted, meant = habit(services, follower.habits, wish), situation(services, found, subject, wish, follower.unit)
    for moment in moments(subject, wanted, services.calendar, meant):
        if reminder_key(root, moment, follower.holder) == row.planned.key:
            paused = next((one.paused_until for one in follower.wishes if (one.kind, one.reference) == (wish.kind, wish.reference)), None)
            if paused is not None and moment.at < paused:
                return Cancelled("paused")
            # A drill that the plan gives no rhythm is held again, whatever was done before.
            once = moment.label == "each" and (subject.recurrence is None or subject.recurrence.every == "irregular")
            if not once and (hit.measure.id, follower.unit, occasion(hit.measure, moment.about, services.calendar)) in held.done:
                return Cancelled("the unit has done it")
            return Due(root, subject, hit, wish, moment, wanted, meant)
    return Cancelled("the date has moved")


@room.composer_of_many(KIND)
async def compose(due: Sequence[Claimed], services: Services, now: datetime) -> list[Composed | Exception]:
    """Word reminders as they leave."""
    rows = [row for row, _ in due]
    async with services.store.read() as db:
        found = await known(db, services, rows)
        held = await db.digests.held({row.id: row.planned.person for row in rows}, now)

    async def one(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled | Postponed:
        return worded(row, person, services, now, stand(found, services, row), held.get(row.id))

    return [*await one_by_one(one)(due, services, now)]


def worded(
    row: OutboxRow, person: Person | None, services: Services, now: datetime, due: Due | Cancelled, held: Held | None
) -> Reply | Cancelled | Postponed:
    """One reminder, or put off to the end of the reader's quiet hours where it comes late and can wait until then."""
    if person is None and row.planned.person is not None:
        return Cancelled("person gone")
    if isinstance(due, Cancelled):
        return due
    if held is Held.TOLD:
        return Cancelled("in the digest")
    if held is Held.WAIT and now + MOMENT < due.moment.expires:
        return Postponed(now + MOMENT, "the digest goes first")
    late = now - due.moment.at > LATE
    awake = waking(now, due.habit)
    if late and awake > now and awake < due.moment.expires:
        return Postponed(awake, "quiet hours")
    turn = unasked(person or nobody(services), row.planned.address, services, now)
    lines = words(turn, services, due, now)
    if late:
        at = due.moment.at.astimezone(due.habit.zone)
        lines.insert(0, turn.say("remind.late", day=day(turn, at.date()), time=f"{at:%H:%M}"))
    return Reply("\n".join(lines), buttons(turn, services, row, due, person))


def nobody(services: Services) -> Person:
    """Whom a message to a group is worded for."""
    return Person(0, Rank.GUEST, language=services.settings.bot.language)


def words(turn: Turn, services: Services, due: Due, now: datetime) -> list[str]:
    """What, when and how sure, who is responsible, what the reader's unit has to do, the sentence and its place."""
    lines = [
        headline(turn, due, now),
        turn.say("find.when", when=when_of(turn, due.subject)),
        turn.say("find.who", who=who(turn, due.hit.measure)),
    ]
    unit = next((one for one in services.register().units if one.id == turn.person.unit), None)
    if unit is not None:
        lines += tasks(turn, services, due, unit)
    lines += [quotation(turn, turn.person, due.hit.measure.text), citation(turn, due.hit)]
    own_rhythm = due.subject.recurrence is not None and due.subject.recurrence.every != "irregular"
    if due.moment.label == "each" and not own_rhythm:
        lines.append(turn.say("remind.national_drill"))
    if unit is not None and nudged(due, services, unit):
        lines.append(turn.say("remind.nudge"))
    return lines


def headline(turn: Turn, due: Due, now: datetime) -> str:
    """The first line: the name, and how long until then or since."""
    label, name = due.moment.label, spoken(turn, shorten(due.subject.name, LABEL_LENGTH * 2))
    today = now.astimezone(due.habit.zone).date()
    days = (due.moment.about - today).days
    deadline = due.subject.span is not None and due.subject.span.role is DateRole.DEADLINE
    if label.startswith("late"):
        said = spoken(turn, due.subject.span.text) if due.subject.span is not None and not deadline else ""
        return turn.say("remind.past" if said else "remind.overdue", name=name, days=-days, words=said)
    if label in ("open", "middle", "close", "each"):
        span = due.subject.span
        rhythm = due.subject.recurrence
        cyclic = rhythm is not None and (label == "each" or span is None or not span.acts)
        said = rhythm.text if cyclic and rhythm is not None else span.text if span else ""
        last = due.subject.last or due.subject.period.end
        if not said:
            return turn.say("remind.each", name=name)
        if cyclic:
            label = "close_each" if label == "close" else "each"
        return turn.say(f"remind.{label}_words", name=name, words=spoken(turn, said), days=(last - today).days)
    if days > 0:
        return turn.say("remind.deadline_ahead" if deadline or label.startswith("due") else "remind.ahead", name=name, days=days)
    return turn.say("remind.deadline_today" if deadline or label.startswith("due") else "remind.today", name=name)


def when_of(turn: Turn, subject: Subject) -> str:
    """The time of a subject, as vague as the plan; a rhythm in the plan's words."""
    span = subject.span if subject.span is not None and subject.span.acts else None
    if subject.recurrence is not None and (span is None or not definite(span)):
        said = spoken(turn, subject.recurrence.text)
        if span is not None and span.text != subject.recurrence.text:
            said = f"{day_words(turn, span)}{turn.say('semicolon')}{said}"
        return turn.say("answer.recurs", words=said)
    return _span(turn, subject)


def _span(turn: Turn, subject: Subject) -> str:
    span = subject.span
    if span is None or not span.acts:
        return turn.say("answer.undated")
    said = day_words(turn, span)
    return said if definite(span) or span.role is not DateRole.WHEN else turn.say("answer.vague", words=said)


def tasks(turn: Turn, services: Services, due: Due, unit: Unit) -> list[str]:
    """What the unit has to do: its part in this sentence, else what the same place of the plan asks of it."""
    register, measure = services.register(), due.hit.measure
    mine = [owner.name for owner in measure.owners if register.concerns(owner.name, unit)]
    if mine:
        return [
            turn.say("remind.mine", unit=unit.name, group=spoken(turn, mine[0])) if mine[0] != unit.name else turn.say("remind.is_mine")
        ]
    beside = [
        other.text
        for other in due.hit.plan.measures
        if (other.section, other.item) == (measure.section, measure.item)
        and other.id != measure.id
        and measure.item
        and any(register.concerns(owner.name, unit) for owner in other.owners)
    ]
    return [turn.say("remind.task", unit=unit.name, text=shorten(text, 60)) for text in beside[:TASKS]]


def nudged(due: Due, services: Services, unit: Unit) -> bool:
    """True for the unit that leads something without a day, when its time begins."""
    span = due.subject.span
    vague = span is not None and span.acts and span.role is DateRole.WHEN and not definite(span)
    return vague and any(services.register().members(owner.name) == (unit,) for owner in leading(due.hit.measure))


def buttons(turn: Turn, services: Services, row: OutboxRow, due: Due, person: Person | None) -> tuple[tuple[Button, ...], ...]:
    """What can be pressed under a reminder; a group gets what is nobody's own."""
    source = Button(turn.say("find.source"), Action("source", due.hit.measure.id))
    if person is None:
        return ((Button(turn.say("follow.button"), Action("follow", due.hit.measure.id)), source),)
    done = done_button(turn, services.register(), due.hit.measure, due.moment.about)
    return (
        (
            *([done] if done else []),
            Button(turn.say("remind.noted"), Action("noted", str(row.id))),
            Button(turn.say("remind.later"), Action("later", str(row.id))),
        ),
        (Button(turn.say("follow.stop"), Action("unfollow", due.root)), source),
    )


@room.button("noted", personal=True)
async def noted(turn: Turn, services: Services) -> Reply:
    """知道了 under a reminder: the press is kept as proof that it arrived."""
    async with services.store.begin() as db:
        row = await own_row(db, turn, turn.args)
        if row is None:
            raise Refusal("desk.stale_button")
        await db.outbox.prove(turn.incoming.address, turn.incoming.remote, turn.now, row.planned.key)
        await db.audit.record(turn.person.id, "noted", str(row.id), turn.now)
    return Reply(turn.say("remind.thanks"), place=Place.TOAST)


async def own_row(db: Transaction, turn: Turn, reference: str) -> OutboxRow | None:
    """The row of the ledger that was sent to this person, or None."""
    row = await db.outbox.get(int(reference)) if reference.isascii() and reference.isdigit() and len(reference) < 16 else None
    return row if row is not None and row.planned.person == turn.person.id else None


async def origin_of(db: Transaction, row: OutboxRow) -> OutboxRow | None:
    """The reminder that a row put off stands for, through all puttings-off; a row that was not put off itself."""
    found: OutboxRow | None = row
    while found is not None and found.planned.kind == SNOOZE:
        found = await db.outbox.get(int(found.planned.reference))
    return found


def own_words(turn: Turn, services: Services, own: OwnReminder, subject: Subject | None) -> list[str]:
    """A reminder of one's own: the words it was set in, and the event it hangs on."""
    lines = [turn.say("own.head_group" if own.rule.get("group") else "own.head", text=own.text)]
    if subject is not None:
        lines.append(turn.say("own.event", name=spoken(turn, shorten(subject.name, LABEL_LENGTH)), when=when_of(turn, subject)))
    lines.append(turn.say("own.set", day=day(turn, own.created.astimezone(services.settings.zone).date())))
    return lines


def own_buttons(turn: Turn, row: OutboxRow, own: OwnReminder) -> tuple[tuple[Button, ...], ...]:
    """What can be pressed under a reminder of one's own."""
    noted, put_off = Action("noted", str(row.id)), Action("later", str(row.id))
    first = (Button(turn.say("remind.noted"), noted), Button(turn.say("remind.later"), put_off))
    return (first, (Button(turn.say("own.drop"), Action("own_stop", str(own.id))),))
