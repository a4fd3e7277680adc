"""Corrections on their way in, from chat or page: typed words become a value that is read back, and a value becomes a row."""

import json
from dataclasses import dataclass

from bot.errors import Refusal
from bot.plan import typed
from bot.plan.dates import DateContext
from bot.plan.mend import Field, Mend, Spot, Value, spot_of, stand
from bot.plan.model import Document, Plan
from bot.plan.plain import dump, load
from bot.plan.review import KINDS
from handlers.reading import Place, days_of, found_looks, owner_words
from handlers.room import Services, Turn
from handlers.wording import day_words
from storage.values import StoredPlan

LONGEST = 200
"""Characters of a name or title that somebody types."""
WHOLE = (Field.TITLE, Field.ISSUER, Field.YEAR, Field.PERIOD)
"""Fields of the document, not of a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a correction is about, as a button or a form carries it."""

    field: Field
    plan: int
    version: int
    measure: str
    """Id of the measure; of a period the number of the plan (第一篇 = 1); empty for the document."""
    seen: int
    """The `stand` of the sentence when it was shown."""
    number: int = 0
    """Of a measure's events, which; of a gap, its place in the list of kinds."""

    def pack(self) -> str:
        """Dotted, for a button."""
        return f"{self.field.value}.{self.plan}.{self.version}.{self.measure}.{self.seen}.{self.number}"


def target(text: str) -> Target:
    """Read what `Target.pack` wrote; Refusal `desk.stale_button` for anything else."""
    parts = text.split(".")
    numbers = [parts[at] for at in (1, 2, 4, 5)] if len(parts) == 6 else [""]
    if parts[0] not in {field.value for field in Field} or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
        raise Refusal("desk.stale_button")
    plan, version, seen, number = map(int, numbers)
    return Target(Field(parts[0]), plan, version, parts[3], seen, number)


def find(stored: StoredPlan, measure: str) -> Place | None:
    """The measure of that id in a version."""
    for plan in stored.document.plans:
        for one in plan.measures:
            if one.id == measure:
                return Place(stored, plan, one)
    return None


def spot(stored: StoredPlan, aim: Target) -> Spot:
    """The spot that a target means; Refusal `mend.no_sentence` where the version does not hold it (any more)."""
    if aim.field is Field.PERIOD:
        return Spot(plan=int(aim.measure) if aim.measure.isdecimal() else 1)
    if aim.field in WHOLE:
        return Spot()
    at = find(stored, aim.measure)
    if at is None:
        raise Refusal("mend.no_sentence")
    # Among the sentences as they were read, so that one that was dropped does not shift those alike behind it.
    return spot_of(stored.read or stored.document, at.measure)


def context(services: Services, stored: StoredPlan, plan: Plan) -> DateContext:
    """What 今年 and a bare month mean in a plan."""
    return DateContext(stored.document.year, plan.period, services.calendar)


def read(turn: Turn, services: Services, stored: StoredPlan, aim: Target, words: str) -> tuple[Value, str]:
    """Typed words as the value of a field, and how they were understood, to be read back; Refusal `mend.unread_…` says what to type."""
    words = words.strip()
    if aim.field in WHOLE:
        return _of_document(turn, services, stored, aim, words)
    at = find(stored, aim.measure)
    if at is None:
        raise Refusal("mend.no_sentence")
    if aim.field is Field.OWNERS:
        owners = typed.owners(words)
        if not owners or any(len(owner.name) > LONGEST for owner in owners):
            raise Refusal("mend.unread_owners")
        said = owner_words(turn, owners)
        strangers = [owner.name for owner in owners if services.register().units and not services.register().members(owner.name)]
        if strangers:
            said += "\n" + turn.say("mend.strangers", names=turn.say("comma").join(strangers))
        return Value(owners=owners), said
    if aim.field is Field.DATE:
        if typed.no_date(words):
            return Value(), turn.say("review.no_date")
        span = typed.span(words, context(services, stored, at.plan))
        if span is None:
            raise Refusal("mend.unread_date", words=words[:40])
        said = day_words(turn, span)
        if span.first and not at.plan.period.start <= span.first <= at.plan.period.end:
            said += "\n" + turn.say("mend.outside", days=days_of(turn, at.plan.period))
        return Value(date=span), said
    if aim.field is Field.RECURRENCE:
        if typed.no_date(words):
            return Value(), turn.say("review.nothing")
        rhythm = typed.rhythm(words)
        if rhythm is None:
            raise Refusal("mend.unread_recurrence", words=words[:40])
        every = turn.say(f"review.every_{rhythm.every}")
        return Value(recurrence=rhythm), turn.say("mend.rhythm", words=rhythm.text, every=every)
    if aim.field is Field.EVENT:
        return _named_event(at, aim, words)
    raise Refusal("desk.stale_button")


def _named_event(at: Place, aim: Target, words: str) -> tuple[Value, str]:
    events = [event for event in at.plan.events if event.measure == at.measure.id]
    if aim.number >= len(events):
        raise Refusal("desk.stale_button")
    if not 2 <= len(words) <= LONGEST:
        raise Refusal("mend.unread_name", limit=LONGEST)
    renamed = [mend for mend in at.stored.mends if mend.field is Field.EVENT and mend.value.text == events[aim.number].name]
    former = renamed[-1].value.former if renamed else events[aim.number].name
    return Value(text=words, former=former), words


def _of_document(turn: Turn, services: Services, stored: StoredPlan, aim: Target, words: str) -> tuple[Value, str]:
    if aim.field is Field.YEAR:
        year = typed.year(words)
        if year is None:
            raise Refusal("mend.unread_year", words=words[:40])
        return Value(number=year), turn.say("date.year", year=year)
    if aim.field is Field.PERIOD:
        plan = next((plan for plan in stored.document.plans if str(plan.plan) == aim.measure), stored.document.plans[0])
        period = typed.period(words, context(services, stored, plan))
        if period is None:
            raise Refusal("mend.unread_period", words=words[:40])
        return Value(period=period), days_of(turn, period)
    if not 2 <= len(words) <= LONGEST:
        raise Refusal("mend.unread_name", limit=LONGEST)
    return Value(text=words), words


async def keep(turn: Turn, services: Services, aim: Target, value: Value) -> StoredPlan:
    """Write a correction and the record of it; returns the version as it is now. Refusals as with `Mends.keep`."""
    async with services.store.begin() as db:
        stored = await db.plans.get(aim.plan, aim.version)
        await db.mends.keep(aim.plan, aim.version, aim.field, spot(stored, aim), value, aim.seen, turn.person.id, turn.now)
        await db.audit.record(turn.person.id, f"mend {aim.field.value}", f"plan {aim.plan} version {aim.version}", turn.now)
        return await db.plans.get(aim.plan, aim.version)


async def undo(turn: Turn, services: Services, plan: int, version: int, mend: int) -> tuple[StoredPlan, Mend]:
    """Take a correction back and write the record of it."""
    async with services.store.begin() as db:
        undone = await db.mends.undo(plan, version, mend, turn.person.id, turn.now)
        await db.audit.record(turn.person.id, f"unmend {undone.field.value}", f"plan {plan} version {version}", turn.now)
        return await db.plans.get(plan, version), undone


def written(value: Value) -> str:
    """A value as text, for an expectation or a hidden field."""
    return json.dumps(dump(value), ensure_ascii=False)


def unwritten(text: str) -> Value:
    """Read what `written` wrote; Refusal `desk.stale_button` for anything else."""
    try:
        return load(json.loads(text), Value)
    except (ValueError, TypeError):
        raise Refusal("desk.stale_button") from None


def document_facts(turn: Turn, document: Document) -> list[tuple[str, str]]:
    """What is known of a document as a whole: names and words."""

    def how(inferred: bool) -> str:
        return turn.say("plan.is_inferred" if inferred else "plan.is_given")

    rows = [
        (turn.say("mend.field_title"), document.title),
        (turn.say("mend.field_issuer"), turn.say("review.sure", words=document.issuer, sure=how(document.issuer_inferred))),
        (turn.say("mend.field_year"), turn.say("review.sure", words=document.year, sure=how(document.year_inferred))),
    ]
    for plan in document.plans:
        rows.append((" ".join(part for part in (plan.label, turn.say("mend.field_period")) if part), days_of(turn, plan.period)))
    return rows


def document_fields(document: Document) -> list[tuple[Field, str]]:
    """The fields of a document that can be corrected, each with the measure part of its target."""
    return [(Field.TITLE, ""), (Field.ISSUER, ""), (Field.YEAR, ""), *((Field.PERIOD, str(plan.plan)) for plan in document.plans[:6])]


def seen_in(stored: StoredPlan, aim: Target) -> int:
    """The `stand` of what a target means, from a version that was just read."""
    return stand(stored.changes, spot(stored, aim))


def at_once(services: Services, stored: StoredPlan, aim: Target) -> Value:
    """The value of a correction that needs no words: no measure, or right as it stands; Refusal `desk.stale_button` for any other."""
    if aim.field not in (Field.DROP, Field.ACCEPT) or aim.number >= len(KINDS):
        raise Refusal("desk.stale_button")
    if aim.field is Field.DROP:
        return Value()
    kind = KINDS[aim.number]
    looked = next((look for look in found_looks(services, stored) if look.measure.id == aim.measure and look.kind == kind), None)
    return Value(text=kind, former=looked.text if looked and kind == "unknown unit" else "")
