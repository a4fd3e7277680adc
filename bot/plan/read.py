"""Read a work plan: bytes become a Document with its plans, measures, owners, times and events."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from bot.calendar import SchoolCalendar
from bot.errors import BadDocument
from bot.plan import gather, infer
from bot.plan.dates import DateContext
from bot.plan.formats import read_bytes
from bot.plan.headings import document_title
from bot.plan.lexicon import DEED, VERB
from bot.plan.marks import lines
from bot.plan.model import Basis, Document, Event, Gap, Item, Measure, Plan, Role, Section
from bot.plan.outline import outline
from bot.plan.owners import Text
from bot.plan.raw import RawPlan, RawSection
from bot.plan.script import fold

FALLBACK_YEAR = 2000
"""The year of a document that names none and is read without one and without a day."""
SHORT_NAME = 4
"""Letters of an event's name up to which it is a kind of event rather than one event."""
DATABLE = ("competition", "festival", "drill", "training", "meeting")


@dataclass(frozen=True, slots=True)
class Context:
    """What the reader is told about a document."""

    issuer: str = ""
    """The body the document speaks for; inferred where empty."""
    year: int | None = None
    """The calendar year that 今年 means; inferred where None."""
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    today: date | None = None
    """The day of reading, whose year a document that names none is taken to mean."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What holds for a whole document and is looked for in it once, however many plans it has."""

    speaker: str
    level: str
    """The word for the issuer's level (區)."""
    republic: bool


def read_plan(name: str, data: bytes, context: Context | None = None) -> Document:
    """Read a document; what its bytes are chooses the reader, else the suffix of `name`.

    BadDocument: what `read_bytes` refuses, and `document.nothing` (no measure understood).
    """
    context = context or Context()
    name = PurePath(name).name
    text = read_bytes(name, data)
    folded = fold(text)
    raws = outline(text, folded)
    title = document_title(text, folded, list(lines(folded))) or raws[0].title
    issuer = context.issuer or infer.issuer(folded, text)
    fallback = context.today.year if context.today else FALLBACK_YEAR
    year = context.year if context.year is not None else infer.year(folded, fallback, fold(title))
    # The text's own shorter name for its issuer is how it would be quoted.
    short = infer.heading_name(folded, text)
    speaker = short if len(short) > 3 and fold(issuer).endswith(fold(short)) else issuer
    whole = Whole(speaker, infer.level_of(fold(speaker), folded), infer.republic(folded))
    plans = tuple(one_plan(text, folded, raw, whole, year, context, title) for raw in raws)
    if not any(understood(plan) for plan in plans):
        raise BadDocument("document.nothing", name=name)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Document(name, title, issuer, not context.issuer, year, context.year is None, digest, plans, infer.aliases(folded, text))


def understood(plan: Plan) -> bool:
    """True where a plan has measures and more than sentences: an outline, a unit that is named, a time, a target, a paper, or deeds.

    Deeds alone (加强…，开展…) tell a plan only from the second measure on, for any text has one.
    """
    outlined = len(plan.sections) > 1 or any(section.label or section.items for section in plan.sections)
    named = any(owner.basis is Basis.EXPLICIT for measure in plan.measures for owner in measure.owners)
    dated = any(measure.date and (measure.date.start or measure.date.end) for measure in plan.measures)
    said = dated or any(measure.recurrence or measure.targets or measure.documents for measure in plan.measures)
    deeds = sum(bool(VERB.search(words) or DEED.search(words)) for words in (fold(measure.text) for measure in plan.measures[:50]))
    return bool(plan.measures) and (outlined or named or said or deeds > 1)


def one_plan(text: str, folded: str, raw: RawPlan, whole: Whole, year: int, context: Context, title: str) -> Plan:
    """One plan of the document."""
    body = folded[raw.start : raw.end]
    preamble = text[raw.preamble[0] : raw.preamble[1]]
    heading = raw.title if raw.title != raw.label else title
    days = infer.period(fold(heading), fold(preamble), body, year, context.calendar, context.year is not None)
    dates = DateContext(year, days, context.calendar, republic=whole.republic)
    dates = replace(dates, week=infer.week(fold(heading), dates))
    source = Text(text, folded, whole.speaker, whole.level, dates)
    measures = gather.identified(source, raw, gather.of_plan(source, raw))
    happening = gather.events_of(source, raw, measures, dates)
    sections = tuple(one_section(text, section) for section in raw.sections)
    return Plan(
        raw.number,
        raw.title,
        raw.label,
        days,
        preamble,
        sections,
        measures,
        happening,
        gaps(measures, happening),
        text[slice(*raw.signature)],
    )


def one_section(text: str, raw: RawSection) -> Section:
    """A section with its items as the document writes them."""
    items = tuple(
        Item(
            item.number,
            text[item.title[0] : item.title[1]].strip() if item.title else "",
            "\n".join(text[piece.start : piece.end].strip() for piece in item.pieces),
        )
        for item in raw.items
    )
    return Section(raw.number, raw.title, items, "\n".join(text[piece.start : piece.end].strip() for piece in raw.pieces), raw.label)


REGULARLY = "定期"
"""Comes back, and how often is not said."""


def gaps(measures: Sequence[Measure], happening: Sequence[Event]) -> tuple[Gap, ...]:
    """What a person should look at: items in which nobody is named, events without a time or with two, measures with two leads.

    Each is told once: where nobody is named in all of the plan, that is one gap; the same two leads of an item are one.
    """
    found: list[Gap] = []
    places: dict[tuple[int, int], list[Measure]] = {}
    told: set[tuple[int, int, tuple[str, ...]]] = set()
    for measure in measures:
        places.setdefault((measure.section, measure.item), []).append(measure)
        leads = tuple(owner.name for owner in measure.owners if owner.role is Role.LEAD)
        if len(leads) > 1 and (key := (measure.section, measure.item, leads)) not in told:
            told.add(key)
            found.append(Gap("two leads", measure.section, measure.item, measure.text))
        if measure.recurrence is not None and fold(measure.recurrence.text) == REGULARLY:
            found.append(Gap("no rhythm", measure.section, measure.item, measure.text))
    nobody = [place for place, here in places.items() if all(map(unnamed, here))]
    if len(nobody) == len(places) > 1:
        nobody = nobody[:1]
    found += [Gap("no lead", section, item, places[section, item][0].text) for section, item in nobody]
    dates: dict[str, set[str]] = {}
    for event in happening:
        if event.date and event.date.acts:
            dates.setdefault(event.name, set()).add(f"{event.date.start}{event.date.end}")
    undated = {event.name: event for event in happening if event.kind in DATABLE and not event.recurrence and event.name not in dates}
    found += [Gap("no date", event.section, event.item, event.name) for event in undated.values()]
    # A name that comes again and again (班會, 升旗儀式) is a custom, one that comes twice may be one event with two dates.
    twice = {event.name: event for event in happening if len(dates.get(event.name, ())) == 2 and len(event.name) > SHORT_NAME}
    found += [Gap("two dates", event.section, event.item, event.name) for event in twice.values()]
    return tuple(sorted(found, key=lambda gap: (gap.section, gap.item)))


def unnamed(measure: Measure) -> bool:
    """True where the text names nobody who leads the measure."""
    return all(owner.basis is Basis.IMPLIED for owner in measure.owners if owner.role is Role.LEAD)
