"""How measures, owners and dates are put into words: as sure and as vague as the plan is."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.ask.answer import Hit, Kind
from bot.ask.figure import figures, papers
from bot.ask.normal import script_of
from bot.chat import Action, Button
from bot.people import Person, Rank
from bot.plan.model import Basis, DateRole, Measure, Owner, Precision, Role, Span, place
from bot.plan.script import converter
from handlers.room import Turn

HEAD_LENGTH = 30
"""Characters of a first line, about what a telephone shows of a message before it is opened."""
WIDE = 62
"""Days; a rhythm in a time longer than this is what people want to hear."""
NAMED = 2
"""Units that a first line names; the next line has all of them."""
LABEL_LENGTH = 22
"""Characters of a measure on a button."""


def paging(turn: Turn, verb: str, head: str, page: int, more: bool) -> list[tuple[Button, ...]]:
    """A row with the ways back and on, where there are any; `head` stands before the number of the page."""
    row = [Button(turn.say("page.back"), Action(verb, f"{head}{page - 1}"))] if page else []
    row += [Button(turn.say("page.more"), Action(verb, f"{head}{page + 1}"))] if more else []
    return [tuple(row)] if row else []


def rank_words(turn: Turn, rank: Rank) -> str:
    """A rank in words."""
    return turn.say(f"rank.{rank.name.lower()}")


def headline(turn: Turn, hit: Hit, kind: Kind, question: str = "") -> str:
    """The first line of an answer: the unit, the date, the figure or the paper that was asked for; what the plan lacks is said."""
    measure = hit.measure
    if kind is Kind.WHEN:
        return when(turn, measure)
    if kind is Kind.HOWMANY:
        found = figures(question, measure)
        return shorten(spoken(turn, turn.say("comma").join(found)), HEAD_LENGTH) if found else turn.say("answer.no_figure")
    if kind is Kind.DOCUMENT:
        named = papers(measure)
        return spoken(turn, named[0]) if named else turn.say("answer.no_paper")
    if kind is Kind.WHO:
        return who(turn, measure)
    name, time = who(turn, measure, short=True), brief(turn, measure)
    if not time:
        return who(turn, measure)
    both = turn.say("answer.both", who=name, when=time)
    return both if len(both) <= HEAD_LENGTH else name


def brief(turn: Turn, measure: Measure) -> str:
    """When a measure is to be done, or how often, in few words; empty where the plan does not say."""
    span = measure.date
    if measure.recurrence is not None and loose(span):
        return spoken(turn, measure.recurrence.text)
    if span is None or not span.acts:
        return ""
    return spoken(turn, span.text) if worded(span) else day_words(turn, span)


def loose(span: Span | None) -> bool:
    """True for no time, or one so wide that a rhythm within it says more (每月 in a plan of a year)."""
    if span is None or not span.acts:
        return True
    return span.start is not None and span.end is not None and (span.end - span.start).days > WIDE


def detail(turn: Turn, hit: Hit, kind: Kind) -> str:
    """A second line where the first could not hold all: the other units of a who question, the days of a vague time; else empty."""
    measure, span = hit.measure, hit.measure.date
    if kind is Kind.WHO:
        leads = leading(measure)
        rest = [turn.say("answer.all", name=names(turn, leads))] if len(leads) > NAMED else []
        return turn.say("semicolon").join([*rest, *filter(None, [others(turn, measure.owners, leads)])])
    if kind is Kind.WHEN and span is not None and span.role is DateRole.WHEN and span.start and span.end and worded(span):
        return turn.say("answer.span", start=short_day(turn, span.start), end=short_day(turn, span.end))
    if kind is Kind.DOCUMENT and len(named := papers(measure)) > 1:
        return turn.say("answer.papers", names=spoken(turn, turn.say("comma").join(named[1:])))
    if kind is Kind.WHAT and headline(turn, hit, kind) == who(turn, measure, short=True) and span is not None and span.acts:
        return turn.say("find.when", when=when(turn, measure))
    return ""


def leading(measure: Measure) -> list[Owner]:
    """The owners who answer for a measure: those who lead, else those who organise, else all."""
    for role in (Role.LEAD, Role.ORGANISE):
        found = [owner for owner in measure.owners if owner.role is role]
        if found:
            return found
    return list(measure.owners)


def names(turn: Turn, owners: Sequence[Owner]) -> str:
    """Units by name, one whom the text ties to the clause only by what stands before it marked so."""
    mixed = len({owner.basis for owner in owners}) > 1
    marked = []
    for owner in owners:
        name = spoken(turn, owner.name)
        marked.append(turn.say("answer.marked", name=name) if mixed and owner.basis is not Basis.EXPLICIT else name)
    return turn.say("comma").join(dict.fromkeys(marked))


def who(turn: Turn, measure: Measure, short: bool = False) -> str:
    """The units that answer for a measure with role and basis; who merely is said to be so where the text names nobody."""
    leads = leading(measure)
    if not leads:
        return turn.say("answer.nobody")
    shown = names(turn, leads[:NAMED])
    if len(leads) > NAMED:
        shown = turn.say("answer.several", name=shown, count=len(leads))
    basis = leads[0].basis
    if short:
        return turn.say("answer.unnamed", name=shown) if basis is Basis.IMPLIED else shown
    if basis in (Basis.IMPLIED, Basis.MENDED):
        return turn.say(f"answer.{basis.value}", name=shown)
    role = leads[0].role.value
    return turn.say(f"answer.{role}_{basis.value}", name=shown)


def others(turn: Turn, owners: tuple[Owner, ...], leads: Sequence[Owner] = ()) -> str:
    """The units that organise, support, join or supervise, by role, without those named before; empty where there are none."""
    parts = []
    for role in (Role.ORGANISE, Role.SUPPORT, Role.JOIN, Role.SUPERVISE):
        found = [spoken(turn, owner.name) for owner in owners if owner.role is role and owner not in leads]
        if found:
            parts.append(turn.say(f"answer.also_{role.value}", name=turn.say("comma").join(found)))
    return turn.say("semicolon").join(parts)


def when(turn: Turn, measure: Measure) -> str:
    """The time of a measure, with what the plan leaves open said as open."""
    span = measure.date
    if measure.recurrence is not None and loose(span):
        return turn.say("answer.recurs", words=spoken(turn, measure.recurrence.text))
    if span is not None and (span.start or span.end):
        if any(one.field == "date" for one in measure.mended):
            return turn.say("answer.mended_date", words=day_words(turn, span))
        if span.role is DateRole.OBJECT:
            return turn.say("answer.object", words=spoken(turn, span.text))
        if span.precision in (Precision.DAY, Precision.DAYS) or span.role is not DateRole.WHEN:
            return day_words(turn, span)
        return turn.say("answer.vague", words=spoken(turn, span.text) if worded(span) else day_words(turn, span))
    if span is not None:
        return turn.say("answer.vague", words=spoken(turn, span.text))
    return turn.say("answer.undated")


def worded(span: Span) -> bool:
    """True where a time is best said in the plan's own words (上半年, 4月中旬), because no day, month or year is what it means."""
    return span.precision not in (Precision.DAY, Precision.DAYS, Precision.MONTH, Precision.YEAR) or span.start is None or span.end is None


def day_words(turn: Turn, span: Span) -> str:
    """A date in words no more exact than the plan's: a day with its weekday, a month, or the plan's own phrase with its days."""
    if span.role is DateRole.DEADLINE and span.end:
        if span.precision is Precision.DAY:
            return turn.say("date.deadline", day=day(turn, span.end))
        return turn.say("date.until", text=spoken(turn, span.text), day=short_day(turn, span.end))
    if span.role is DateRole.OPEN and span.start:
        if span.precision is Precision.DAY:
            return turn.say("date.open", day=day(turn, span.start))
        return turn.say("date.open", day=month(turn, span.start)) if span.precision is Precision.MONTH else spoken(turn, span.text)
    if span.start is None or span.end is None:
        return spoken(turn, span.text)
    if span.start == span.end:
        return day(turn, span.start)
    if span.precision is Precision.MONTH:
        return month(turn, span.start)
    if span.precision is Precision.YEAR:
        return turn.say("date.year", year=span.start.year)
    if span.precision is Precision.DAYS:
        end = near_day(turn, span.end) if span.start.year == span.end.year else day(turn, span.end)
        return turn.say("date.range", start=day(turn, span.start), end=end)
    return turn.say("date.phrase", text=spoken(turn, span.text), start=short_day(turn, span.start), end=short_day(turn, span.end))


def day(turn: Turn, value: date) -> str:
    """A day with its weekday."""
    weekdays = turn.say("date.weekdays").split(",")
    return turn.say("date.day", year=value.year, month=value.month, day=value.day, weekday=weekdays[value.weekday()])


def near_day(turn: Turn, value: date) -> str:
    """A day with its weekday, its year being clear."""
    weekdays = turn.say("date.weekdays").split(",")
    return turn.say("date.near", month=value.month, day=value.day, weekday=weekdays[value.weekday()])


def short_day(turn: Turn, value: date) -> str:
    """A day in figures."""
    return turn.say("date.short", year=value.year, month=value.month, day=value.day)


def month(turn: Turn, value: date) -> str:
    """A month of a year."""
    names = turn.say("date.months").split(",")
    return turn.say("date.month", year=value.year, month=names[value.month - 1])


def shorten(text: str, length: int) -> str:
    """`text` in at most `length` characters, the last an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def spoken(turn: Turn, words: str) -> str:
    """Words of a plan inside a sentence of the bot's, in the script of that sentence; a quotation is never changed."""
    script = {"zh-Hant": "hant", "zh-Hans": "hans"}.get(turn.language)
    return convert(words, script) if script and script_of(words) not in ("", script) else words


def quoted(turn: Turn, text: str) -> str:
    """Words of a plan in a list, in the script the person chose for quotations; as they are where none was chosen."""
    script, own = turn.person.script, script_of(text)
    return convert(text, script) if script in ("hant", "hans") and own not in ("", script) else text


def quotation(turn: Turn, person: Person, text: str) -> str:
    """A sentence of the plan in quotation marks, in the script the person chose; a converted one says so."""
    script = script_of(text)
    if person.script in ("hant", "hans") and script and person.script != script:
        return turn.say("answer.quote_converted", text=convert(text, person.script))
    return turn.say("answer.quote", text=text)


def wants_choice(turn: Turn, hits: tuple[Hit, ...], script: str) -> bool:
    """True where a quotation's script differs from the question's and the person was not asked yet which to show."""
    return not turn.person.script and bool(script) and any(script_of(hit.measure.text) not in ("", script) for hit in hits)


def choice(turn: Turn, reference: str) -> tuple[Button, ...]:
    """The two buttons that ask, once, in which script quotations are to be shown.

    `reference` is the id of a measure, or `q` with `row.page` of a list.
    """
    script = "hans" if turn.language == "zh-Hans" else "hant"
    return (
        Button(turn.say(f"answer.show_{script}"), Action(f"show_{script}", reference)),
        Button(turn.say("answer.show_original"), Action("show_original", reference)),
    )


def citation(turn: Turn, hit: Hit) -> str:
    """Where a quotation stands: place, plan and, once there is more than one, the version."""
    return turn.say("answer.place", place=hit.place, plan=title(turn, hit), version=hit.shelf.version or 1)


def heading(turn: Turn, hit: Hit, words: Callable[[Turn, str], str] = spoken) -> str:
    """The section a measure stands in, with its number: `第一篇 三　師資隊伍`; `words` chooses the script of its title."""
    row = next((row for row in hit.plan.sections if row.section == hit.measure.section), None)
    number = place(hit.plan, hit.measure.section, 0)
    return turn.say("find.section", place=number, title=shorten(words(turn, row.title), LABEL_LENGTH)) if row and row.title else number


def title(turn: Turn, hit: Hit) -> str:
    """The plan's own title, or the document's where its plans are merely numbered."""
    return hit.plan.title if hit.plan.title and hit.plan.title != hit.plan.label else hit.shelf.document.title


def convert(text: str, script: str) -> str:
    """`text` in `hans` or `hant`; the caller says that it was converted."""
    converted: str = converter("t2s" if script == "hans" else "s2tw").convert(text)
    return converted
