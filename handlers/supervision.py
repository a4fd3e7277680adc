"""Who answers for a unit and who decides about it, the rows of the ledger that tell them, and a rectification in words."""

from collections.abc import Iterable
from datetime import datetime

from bot.chat import Action, Button
from bot.limits import Lane
from bot.people import Person, Rank, Unit, covers, vouched
from handlers.room import Services, Turn
from handlers.standing import named
from handlers.wording import day, quotation
from storage.rectifications import Rectification
from storage.standings import Stand
from storage.store import Transaction
from storage.values import Planned


async def answerable(db: Transaction, unit: int) -> list[Person]:
    """Who answers for a unit: its principals and administrators, the highest rank first; its staff where it has none of these."""
    own = [person for person in await db.people.every() if vouched(person) == unit]
    heads = [person for person in own if person.rank >= Rank.PRINCIPAL]
    return sorted(heads or own, key=lambda person: (-person.rank, person.id))


async def judges(db: Transaction, services: Services, unit: int, without: int) -> list[Person]:
    """Who may decide what a unit asks for: all who have charge of it, but not whoever asks."""
    register = services.register()
    return [
        person
        for person in await db.people.every()
        if person.id != without and person.rank >= Rank.UNIT_ADMINISTRATOR and covers(person, unit, register)
    ]


async def tell(
    db: Transaction,
    people: Iterable[Person],
    kind: str,
    reference: str,
    now: datetime,
    at: datetime | None = None,
    expires: datetime | None = None,
) -> int:
    """Owe each of these people one message, worded by the room of that kind when it leaves; returns how many of them can be reached."""
    reached = await db.people.reached()
    rows = [
        Planned(f"{kind}:{reference}:{person.id}", kind, reference, person.id, reached[person.id], Lane.REMINDER, at or now, expires)
        for person in people
        if person.id in reached
    ]
    await db.outbox.plan(rows, now)
    return len(rows)


def unit_of(services: Services, stand: Stand) -> Unit | None:
    """The unit that a state is about; None where the register has it no more."""
    return next((unit for unit in services.register().units if unit.id == stand.target.unit), None)


async def known(db: Transaction, services: Services, reference: str) -> tuple[Rectification, Stand] | None:
    """The rectification behind `id.…` with the state it is about, or None."""
    number = reference.partition(".")[0]
    kept = await db.rectifications.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    stand = await db.standings.get(kept.standing) if kept else None
    return (kept, stand) if kept is not None and stand is not None else None


def told(turn: Turn, services: Services, kept: Rectification, stand: Stand, author: Person | None, head: str) -> list[str]:
    """What is to be put right, by when, by whom it was set and what it is about."""
    unit, hit = unit_of(services, stand), services.library().find(stand.target.measure)
    lines = [
        turn.say(head, unit=unit.name if unit else "", day=day(turn, kept.until)),
        turn.say("rectify.what", text=kept.text),
        turn.say("rectify.by", name=named(turn, author)),
    ]
    return [*lines, turn.say("rectify.about"), quotation(turn, turn.person, hit.measure.text)] if hit is not None else lines


def pressable(turn: Turn, kept: Rectification) -> tuple[tuple[Button, ...], ...]:
    """What a unit can press."""
    seen = [Button(turn.say("remind.noted"), Action("rectify_seen", str(kept.id)))] if kept.seen_at is None else []
    done = Button(turn.say("rectify.button_done"), Action("rectify_done", f"{kept.id}.{kept.revision}"))
    return ((*seen, done), (Button(turn.say("standing.button_evidence"), Action("evidence", str(kept.standing))),))
