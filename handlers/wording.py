"""How measures, owners and dates are put into words: as sure and as vague as the plan is."""

from datetime import date
from functools import cache

from opencc import OpenCC

from bot.ask.answer import Hit, Kind
from bot.ask.normal import script_of
from bot.chat import Action, Button
from bot.people import Person
from bot.plan.model import Basis, DateRole, Measure, Owner, Precision, Role, Span
from handlers.room import Turn

HEAD_LENGTH = 30
"""Characters of a first line, about what a telephone shows of a message before it is opened."""
LABEL_LENGTH = 22
"""Characters of a measure on a button."""


def headline(turn: Turn, hit: Hit, kind: Kind) -> str:
    """The first line of an answer: the unit, the date, the figure or the paper that was asked for."""
    measure = hit.measure
    if kind is Kind.WHEN:
        return when(turn, measure)
    if kind is Kind.HOWMANY and measure.targets:
        return shorten(turn.say("comma").join(measure.targets), HEAD_LENGTH)
    if kind is Kind.DOCUMENT and measure.documents:
        return measure.documents[0]
    if kind is Kind.WHO or measure.date is None or not measure.date.acts:
        return who(turn, measure)
    return turn.say("answer.both", who=who(turn, measure, short=True), when=day_words(turn, measure.date))


def who(turn: Turn, measure: Measure, short: bool = False) -> str:
    """The units that answer for a measure with role and basis; who merely is said to be so where the text names nobody."""
    leads = [owner for owner in measure.owners if owner.role in (Role.LEAD, Role.ORGANISE)] or list(measure.owners)
    if not leads:
        return turn.say("answer.nobody")
    names = turn.say("comma").join(dict.fromkeys(owner.name for owner in leads[:3]))
    if short:
        return names
    if leads[0].basis is Basis.IMPLIED:
        return turn.say("answer.implied", name=names)
    if leads[0].basis is Basis.INHERITED:
        return turn.say("answer.inherited", name=names)
    if leads[0].role is Role.ORGANISE:
        return turn.say("answer.organise", name=names)
    return turn.say("answer.lead", name=names)


def others(turn: Turn, owners: tuple[Owner, ...]) -> str:
    """The units that support, join or supervise, by role; empty where there are none."""
    parts = []
    for role in (Role.SUPPORT, Role.JOIN, Role.SUPERVISE):
        names = [owner.name for owner in owners if owner.role is role]
        if names:
            parts.append(turn.say(f"answer.{role.value}", name=turn.say("comma").join(names)))
    return turn.say("semicolon").join(parts)


def when(turn: Turn, measure: Measure) -> str:
    """The time of a measure, with what the plan leaves open said as open."""
    span = measure.date
    if span is not None and (span.start or span.end):
        words = day_words(turn, span)
        if span.role is DateRole.OBJECT:
            return turn.say("answer.object", words=words)
        if span.precision in (Precision.DAY, Precision.DAYS) or span.role is not DateRole.WHEN:
            return words
        return turn.say("answer.vague", words=words)
    if measure.recurrence is not None:
        return turn.say("answer.recurs", words=measure.recurrence.text)
    if span is not None:
        return turn.say("answer.vague", words=span.text)
    return turn.say("answer.undated")


def day_words(turn: Turn, span: Span) -> str:
    """A date in words no more exact than the plan's: a day with its weekday, a month, or the plan's own phrase with its days."""
    if span.role is DateRole.DEADLINE and span.end:
        return turn.say("date.deadline", day=day(turn, span.end))
    if span.role is DateRole.OPEN and span.start:
        return turn.say("date.open", day=month(turn, span.start) if span.precision is Precision.MONTH else day(turn, span.start))
    if span.start is None or span.end is None:
        return span.text
    if span.start == span.end:
        return day(turn, span.start)
    if span.precision is Precision.MONTH:
        return month(turn, span.start)
    if span.precision is Precision.YEAR:
        return turn.say("date.year", year=span.start.year)
    if span.precision is Precision.DAYS:
        return turn.say("date.range", start=day(turn, span.start), end=day(turn, span.end))
    return turn.say("date.phrase", text=span.text, start=short_day(turn, span.start, span.end), end=short_day(turn, span.end, None))


def day(turn: Turn, value: date) -> str:
    """A day with its weekday."""
    weekdays = turn.say("date.weekdays").split(",")
    return turn.say("date.day", year=value.year, month=value.month, day=value.day, weekday=weekdays[value.weekday()])


def short_day(turn: Turn, value: date, other: date | None) -> str:
    """A day without its weekday, and without its year where `other` names it."""
    return turn.say("date.short", year=value.year, month=value.month, day=value.day)


def month(turn: Turn, value: date) -> str:
    """A month of a year."""
    names = turn.say("date.months").split(",")
    return turn.say("date.month", year=value.year, month=names[value.month - 1])


def shorten(text: str, length: int) -> str:
    """`text` in at most `length` characters, the last an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def quotation(turn: Turn, person: Person, text: str) -> str:
    """A sentence of the plan in quotation marks, in the script the person chose; a converted one says so."""
    script = script_of(text)
    if person.script in ("hant", "hans") and script and person.script != script:
        return turn.say("answer.quote_converted", text=convert(text, person.script))
    return turn.say("answer.quote", text=text)


def wants_choice(turn: Turn, hits: tuple[Hit, ...], script: str) -> bool:
    """True where a quotation's script differs from the question's and the person was not asked yet which to show."""
    return not turn.person.script and bool(script) and any(script_of(hit.measure.text) not in ("", script) for hit in hits)


def choice(turn: Turn, measure_id: str) -> tuple[Button, ...]:
    """The two buttons that ask, once, in which script quotations are to be shown."""
    script = "hans" if turn.language == "zh-Hans" else "hant"
    return (
        Button(turn.say(f"answer.show_{script}"), Action(f"show_{script}", measure_id)),
        Button(turn.say("answer.show_original"), Action("show_original", measure_id)),
    )


def citation(turn: Turn, hit: Hit) -> str:
    """Where a quotation stands: place, plan and, once there is more than one, the version."""
    return turn.say("answer.place", place=hit.place, plan=title(turn, hit), version=hit.shelf.version or 1)


def title(turn: Turn, hit: Hit) -> str:
    """The plan's own title, or the document's where its plans are merely numbered."""
    return hit.plan.title if hit.plan.title and hit.plan.title != hit.plan.label else hit.shelf.document.title


@cache
def _converter(script: str) -> OpenCC:
    return OpenCC("t2s" if script == "hans" else "s2tw")


def convert(text: str, script: str) -> str:
    """`text` in `hans` or `hant`; the caller says that it was converted."""
    converted: str = _converter(script).convert(text)
    return converted
