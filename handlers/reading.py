"""How a plan under review is put into words, for the chat and for the page: what was understood, how sure it is, what was corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.people import Person
from bot.plan.mend import Field, Mend, measure_at
from bot.plan.model import Measure, Owner, Period, Plan, Role, place
from bot.plan.review import Look, exactness, looks, numbers, sureness
from handlers.room import Services, Turn
from handlers.wording import day_words, short_day
from storage.values import PlanState, StoredPlan

BASES = ("explicit", "inherited", "implied", "mended")
DATES = ("exact", "vague", "deadline", "open", "recurs", "object", "none")
ROLES = (Role.LEAD, Role.ORGANISE, Role.SUPPORT, Role.JOIN, Role.SUPERVISE)


@dataclass(frozen=True, slots=True)
class Place:
    """A measure of a version with the plan it stands in."""

    stored: StoredPlan
    plan: Plan
    measure: Measure


def name_of(turn: Turn, stored: StoredPlan) -> str:
    """Title, number, version and state of a version."""
    state = turn.say(f"review.state_{stored.state.value}")
    return turn.say("review.name", title=stored.document.title, plan=stored.plan, version=stored.version, state=state)


def summary(turn: Turn, services: Services, stored: StoredPlan) -> list[str]:
    """What was understood of a version, in at most seven lines."""
    document, figures = stored.document, numbers(stored.document)
    issuer_how = turn.say("plan.is_inferred" if document.issuer_inferred else "plan.is_given")
    lines = [
        name_of(turn, stored),
        turn.say("review.issuer", issuer=document.issuer, how=issuer_how, days=days_of(turn, whole(document.plans))),
        turn.say(
            "review.counts", sections=figures.sections, measures=figures.measures, events=figures.events, targets=figures.targets,
            documents=figures.documents,
        ),
        turn.say("review.owners", counts=tally(turn, "basis", BASES, figures.owners)),
        turn.say("review.dates", counts=tally(turn, "date", DATES, figures.dates)),
        look_line(turn, found_looks(services, stored)),
    ]  # fmt: skip
    if stored.gone:
        lines.append(turn.say("review.gone", count=len(stored.gone)))
    return lines


def tally(turn: Turn, kind: str, names: Sequence[str], counts: Mapping[str, int]) -> str:
    """The counts that are not zero, each with its name."""
    told = [(turn.say(f"review.{kind}_{name}"), counts[name]) for name in names if counts.get(name)]
    return turn.say("comma").join(turn.say("review.count", name=name, count=count) for name, count in told)


def whole(plans: Sequence[Plan]) -> Period:
    """The days from the first to the last that any of these plans is for."""
    return Period(min(plan.period.start for plan in plans), max(plan.period.end for plan in plans))


def days_of(turn: Turn, period: Period) -> str:
    """The days of a plan in figures."""
    return f"{short_day(turn, period.start)}–{short_day(turn, period.end)}"


def found_looks(services: Services, stored: StoredPlan) -> tuple[Look, ...]:
    """What wants a look in a version, without what somebody found right."""
    accepted = set()
    for mend in stored.mends:
        if mend.field is Field.ACCEPT:
            measure = measure_at(stored.document, mend.spot)
            accepted.add((mend.value.former or (measure.id if measure else ""), mend.value.text))
    return looks(stored.document, services.register(), frozenset(accepted))


def look_line(turn: Turn, found: Sequence[Look]) -> str:
    """How many places want a look, by kind."""
    if not found:
        return turn.say("review.no_looks")
    kinds = dict.fromkeys(look.kind for look in found)
    parts = [turn.say("review.count", name=kind_words(turn, kind), count=sum(look.kind == kind for look in found)) for kind in kinds]
    return turn.say("review.looks", count=len(found), kinds=turn.say("comma").join(parts))


def kind_words(turn: Turn, kind: str) -> str:
    """What is the matter with a place; kinds that have no words of their own are called by their name."""
    key = f"review.gap_{kind.replace(' ', '_')}"
    return turn.say(key) if turn.texts.has(key) else kind


def place_of(plan: Plan, measure: Measure) -> str:
    """Where a measure stands."""
    return place(plan, measure.section, measure.item)


def owner_words(turn: Turn, owners: Sequence[Owner]) -> str:
    """The units by role, in words that can be typed back: 教研室牽頭；各校配合."""
    parts = []
    for role in ROLES:
        names = list(dict.fromkeys(owner.name for owner in owners if owner.role is role))
        if names:
            parts.append(turn.say(f"review.role_{role.value}", names=turn.say("comma").join(names)))
    return turn.say("semicolon").join(parts)


def date_words(turn: Turn, measure: Measure) -> str:
    """The time of a measure with its days, or that there is none."""
    span = measure.date
    if span is None:
        return turn.say("review.no_date")
    return day_words(turn, span) if span.start or span.end else span.text


def sure_words(turn: Turn, measure: Measure) -> str:
    """How sure it is who carries a measure."""
    return turn.say(f"review.basis_{sureness(measure)}")


def exact_words(turn: Turn, measure: Measure) -> str:
    """How exactly the time of a measure is given."""
    if any(one.field == "date" for one in measure.mended):
        return turn.say("review.basis_mended")
    return turn.say(f"review.date_{exactness(measure)}")


def facts(turn: Turn, at: Place) -> list[tuple[str, str, str]]:
    """Everything that was read from a measure: what it is, its words, and how sure they are (empty where there is no question)."""
    measure = at.measure
    rows = [
        (turn.say("review.fact_who"), owner_words(turn, measure.owners) or turn.say("answer.nobody"), sure_words(turn, measure)),
        (turn.say("review.fact_when"), date_words(turn, measure), exact_words(turn, measure)),
    ]
    if measure.recurrence:
        rows.append((turn.say("review.fact_recurrence"), measure.recurrence.text, ""))
    if measure.targets:
        rows.append((turn.say("review.fact_targets"), turn.say("comma").join(measure.targets), ""))
    if measure.documents:
        rows.append((turn.say("review.fact_documents"), turn.say("comma").join(measure.documents), ""))
    events = [event.name for event in at.plan.events if event.measure == measure.id]
    if events:
        rows.append((turn.say("review.fact_events"), turn.say("comma").join(events), ""))
    if measure.mended:
        former = [
            turn.say("review.former", name=turn.say(f"mend.field_{one.field}"), words=one.former or turn.say("review.nothing"))
            for one in measure.mended
        ]
        rows.append((turn.say("review.fact_former"), turn.say("semicolon").join(former), ""))
    return rows


def mend_words(turn: Turn, services: Services, mend: Mend, who: Person | None) -> str:
    """A correction in one line: what was changed to what, where, by whom and when."""
    value = mend.value
    if mend.field is Field.OWNERS:
        said = owner_words(turn, value.owners)
    elif mend.field is Field.DATE:
        said = value.date.text if value.date else turn.say("review.no_date")
    elif mend.field is Field.RECURRENCE:
        said = value.recurrence.text if value.recurrence else turn.say("review.nothing")
    elif mend.field is Field.PERIOD and value.period:
        said = days_of(turn, value.period)
    elif mend.field is Field.YEAR:
        said = str(value.number)
    elif mend.field is Field.ACCEPT:
        said = kind_words(turn, value.text)
    else:
        said = value.text
    field, key = turn.say(f"mend.field_{mend.field.value}"), "mend.row" if said else "mend.row_plain"
    day = mend.at.astimezone(services.settings.zone).strftime("%Y-%m-%d %H:%M")
    return turn.say(key, field=field, said=said, who=named(turn, who), day=day)


def named(turn: Turn, who: Person | None) -> str:
    """What somebody is called, the command line and people who are gone included."""
    return (who.name or turn.say("review.person", id=who.id)) if who else turn.say("review.program")


def may_change(stored: StoredPlan) -> bool:
    """True where a version can be corrected: a draft, or the one in use."""
    return stored.state in (PlanState.DRAFT, PlanState.RELEASED)
