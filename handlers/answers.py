"""An answer becomes a reply: what was asked for first, then the plan's sentence, then its place; or an honest no."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.ask import normal
from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.intents import understand
from bot.ask.library import Library
from bot.chat import Action, Button, Reply
from bot.plan.national import NationalDay, named_in, places
from bot.plan.units import Register
from handlers import follow, sides
from handlers.agenda import national_name
from handlers.room import Turn
from handlers.standing import done_button
from handlers.wording import (
    LABEL_LENGTH,
    brief,
    choice,
    citation,
    day,
    detail,
    heading,
    headline,
    quotation,
    quoted,
    shorten,
    spoken,
    title,
    wants_choice,
    who,
)

PAGE = 8
"""Rows of a list shown at once."""
ROW_LENGTH = 70
"""Characters of a measure in a row; its number brings the whole."""
ALSO = 0.5
"""Another plan speaks of the same where its measure is at least so sure, compared with the best."""
ALSO_LENGTH = 40
"""Characters of what another plan says."""


def shown(answer: Answer) -> tuple[Hit, ...]:
    """The hits that a reply to this answer shows, in its order: all rows of a list, the choices, one of each plan that speaks."""
    if answer.kind is Kind.LIST and answer.status is Status.ANSWERED:
        return grouped(answer.hits)
    if answer.kind is Kind.COMPARE and answer.status is Status.ANSWERED:
        return sides.compared(answer.hits)
    if answer.status is Status.AMBIGUOUS:
        return answer.hits[:3]
    best = answer.hits[:1]
    if not best or answer.curated or answer.understood.plans or any(answer.understood.place):
        return best
    plans = {id(best[0].plan)}
    for hit in answer.hits[1:]:
        if id(hit.plan) not in plans and hit.score >= best[0].score * ALSO and len(best) < 3:
            plans.add(id(hit.plan))
            best = (*best, hit)
    return best


def grouped(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits by plan and section: the plan of the best one first, inside a plan in the order of the document."""
    plans: dict[int, list[Hit]] = {}
    for hit in hits:
        plans.setdefault(id(hit.plan), []).append(hit)
    order = {measure.id: at for row in plans.values() for at, measure in enumerate(row[0].plan.measures)}
    last = len(order)

    def spot(hit: Hit) -> tuple[int, int, int]:
        # A sentence that is no measure comes after the measures of its place.
        return hit.measure.section, hit.measure.item, order.get(hit.measure.id, last)

    return tuple(hit for row in plans.values() for hit in sorted(row, key=spot))


def offered(answer: Answer, today: date, region: str) -> tuple[Answer, tuple[NationalDay, ...]]:
    """The days of the whole country that a when question names and no plan dates, never told as the plan's.

    The answer becomes a no where such a day is all that was asked for and what was found does not speak of it.
    """
    named = named_in(answer.question, today) if answer.kind is Kind.WHEN and region == "mainland" and not answer.curated else ()
    if not named:
        return answer, ()
    best = answer.hits[0].measure if answer.status is Status.ANSWERED and answer.hits else None
    if best is not None and {row.name for row in named_in(f"{best.text}{best.sentence}", today)} & {row.name for row in named}:
        return answer, () if best.date is not None and best.date.acts else named
    if best is not None and bare_day(answer.question):
        return replace(answer, status=Status.UNKNOWN, near=answer.hits[:3], hits=()), named
    return answer, named if best is None else ()


def bare_day(question: str) -> bool:
    """True where a question names a day of the country and nothing that happens on it."""
    folded, kept, at = normal.fold(question), [], 0
    for start, end, _ in places(folded):
        kept.append(folded[at:start])
        at = end
    return understand("".join([*kept, folded[at:]])).thin


def compose(
    turn: Turn,
    library: Library,
    answer: Answer,
    asked: int = 0,
    days: Sequence[NationalDay] = (),
    register: Register | None = None,
) -> Reply:
    """Word an answer. `asked` is the row of the question, which its buttons lead to; without it they are left out.

    `days`: what `offered` found, told after the plan's own words and marked as not the plan's. With the `register` people of a unit that
    owns the measure get 完成.
    """
    return with_days(turn, _composed(turn, library, answer, asked, register), days)


def with_days(turn: Turn, reply: Reply, days: Sequence[NationalDay]) -> Reply:
    """A reply with the days of the whole country below its first line."""
    if not days:
        return reply
    told = [turn.say("find.national", name=national_name(turn, row), time=_national_time(turn, row)) for row in days[:2]]
    head, newline, rest = reply.text.partition("\n")
    return replace(reply, text="\n".join([head, *told]) + newline + rest)


def _national_time(turn: Turn, row: NationalDay) -> str:
    start = day(turn, row.start)
    return start if row.start == row.end else turn.say("date.range", start=start, end=day(turn, row.end))


def _composed(turn: Turn, library: Library, answer: Answer, asked: int, register: Register | None) -> Reply:
    if answer.kind is Kind.CHAT:
        return Reply(turn.say("find.chat"))
    if answer.told:
        return Reply(f"{answer.told}\n{turn.say('find.by_hand')}", opinion(turn, asked, ()))
    if not library.shelves:
        return Reply(turn.say("find.no_plan"))
    if answer.status is Status.UNKNOWN or not answer.hits:
        return unknown(turn, answer, asked)
    hits = shown(answer)
    if answer.status is Status.AMBIGUOUS:
        return Reply(turn.say("find.which"), choices(turn, hits, answer.kind, asked))
    if answer.kind is Kind.LIST and len(hits) > 1:
        return listing(turn, hits, asked, 0)
    if answer.kind is Kind.COMPARE:
        return Reply("\n".join(sides.lines_of(turn, hits)), opinion(turn, asked, ()))
    return single(turn, library, hits, answer, asked, register)


def single(turn: Turn, library: Library, hits: Sequence[Hit], answer: Answer, asked: int = 0, register: Register | None = None) -> Reply:
    """One measure in full; where other plans speak of the same, what they say below."""
    best, kind = hits[0], answer.kind
    lines = [headline(turn, best, kind, answer.question), detail(turn, best, kind), quotation(turn, turn.person, best.measure.text)]
    lines.append(citation(turn, best))
    for near in answer.differs[:1]:
        lines.insert(0, turn.say("find.differs", asked=_contrast(turn, near.asked), planned=_contrast(turn, near.planned)))
    for hit in hits[1:]:
        head, text = headline(turn, hit, kind, answer.question), shorten(hit.measure.text, ALSO_LENGTH)
        lines.append(turn.say("find.also", head=head, text=text, place=citation(turn, hit)))
    if answer.curated:
        lines.append(turn.say("find.by_hand"))
    return Reply("\n".join(filter(None, lines)), under(turn, library, best, answer.script, asked, register))


def under(
    turn: Turn, library: Library, hit: Hit, script: str, asked: int, register: Register | None = None
) -> tuple[tuple[Button, ...], ...]:
    """The buttons under one measure: at most four and 更多."""
    following = follow.followable(library, hit.measure.id)
    pressed = [Button(turn.say("follow.button"), Action("follow", hit.measure.id))] if following else []
    done = done_button(turn, register, hit.measure) if register is not None else None
    pressed += [done] if done else []
    if not wants_choice(turn, (hit,), script):
        return opinion(turn, asked, pressed)
    more = [Button(turn.say("find.more"), Action("more", str(asked)))] if asked else []
    return tuple(filter(None, (choice(turn, hit.measure.id), (*pressed, *more))))


def opinion(turn: Turn, asked: int, before: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """One row: what stands before, 👍, 👎 and 更多."""
    if not asked:
        return (tuple(before),) if before else ()
    good, bad = (Button(turn.say(f"opinion.{verb}"), Action(verb, str(asked))) for verb in ("good", "bad"))
    return ((*before, good, bad, Button(turn.say("find.more"), Action("more", str(asked)))),)


def choices(turn: Turn, hits: Sequence[Hit], kind: Kind, asked: int) -> tuple[tuple[Button, ...], ...]:
    """A button for each measure that may be meant."""
    tail = f"-{asked}" if asked else ""
    return tuple(
        (Button(shorten(spoken(turn, hit.measure.text), LABEL_LENGTH), Action("pick", f"{kind.value}-{hit.measure.id}{tail}")),)
        for hit in hits
    )


def listing(turn: Turn, hits: Sequence[Hit], asked: int, page: int, head: str = "") -> Reply:
    """One page of the rows under their plans and sections, numbered through all pages."""
    first = page * PAGE
    part = hits[first : first + PAGE]
    lines = [head or turn.say("find.count", count=len(hits))]
    plan = section = None
    for number, hit in enumerate(part, first + 1):
        if hit.plan is not plan:
            plan, section = hit.plan, None
            lines.append(turn.say("find.plan", plan=quoted(turn, title(turn, hit)), version=hit.shelf.version or 1))
        if hit.measure.section != section:
            section = hit.measure.section
            lines.append(heading(turn, hit, quoted))
        lines.append(row(turn, number, hit))
    if any(quoted(turn, hit.measure.text) != hit.measure.text for hit in part):
        lines.append(turn.say("find.converted"))
    if len(hits) > PAGE:
        lines.append(turn.say("find.page", page=page + 1, pages=-(-len(hits) // PAGE)))
    if not asked:
        return Reply("\n".join(lines))
    if len(hits) > 1:
        lines.append(turn.say("find.number"))
    paging = []
    if page:
        paging.append(Button(turn.say("find.back_page"), Action("rows", f"{asked}.{page - 1}")))
    if len(hits) > first + PAGE:
        paging.append(Button(turn.say("find.next_page"), Action("rows", f"{asked}.{page + 1}")))
    script = {"zh-Hant": "hant", "zh-Hans": "hans"}.get(turn.language, "")
    asking = (choice(turn, f"q{asked}.{page}"),) if wants_choice(turn, tuple(part), script) else ()
    return Reply("\n".join(lines), (*asking, (*paging, Button(turn.say("find.more"), Action("more", str(asked))))))


def row(turn: Turn, number: int, hit: Hit) -> str:
    """A measure in one line: what, who and, where the plan says so, when."""
    name, time = who(turn, hit.measure, short=True), brief(turn, hit.measure)
    if time:
        name = turn.say("answer.both", who=name, when=time)
    return turn.say("find.row", number=number, text=shorten(quoted(turn, hit.measure.text), ROW_LENGTH), who=name)


def unknown(turn: Turn, answer: Answer, asked: int = 0) -> Reply:
    """The honest no: what was understood, what no plan has, what the nearest place speaks of instead, and the nearest places."""
    lines = [turn.say(f"find.lacks_{answer.lacks}") if answer.lacks else turn.say("find.unknown")]
    if words := understood(turn, answer):
        lines.append(turn.say("find.understood", words=words))
    if answer.missing:
        lines.append(turn.say("find.missing", words=spoken(turn, answer.missing)))
    for near in answer.differs[:1]:
        lines.append(turn.say("find.differs", asked=_contrast(turn, near.asked), planned=_contrast(turn, near.planned)))
    rows = choices(turn, answer.near[:3], Kind.WHAT, asked)
    if rows:
        lines.append(turn.say("find.near"))
    more = ((Button(turn.say("find.more"), Action("more", str(asked))),),) if asked else ()
    return Reply("\n".join(lines), (*rows, *more))


def _contrast(turn: Turn, word: str) -> str:
    """A word that differs; a year, which comes in digits, as a year."""
    return turn.say("date.year", year=word) if word.isdecimal() else spoken(turn, word)


def understood(turn: Turn, answer: Answer) -> str:
    """What the question was read as: its words, and the time and place it names; empty where nothing was made out."""
    read = answer.understood
    parts = [spoken(turn, turn.say("comma").join(read.words[:6]))] if read.words else []
    named_place = zip(("plan", "section", "item"), read.place, strict=True)
    place = "".join(turn.say(f"find.in_{name}", number=number) for name, number in named_place if number)
    if place:
        parts.append(place)
    months = turn.say("date.months").split(",")
    years = [turn.say("date.year", year=year) for year in read.years]
    named = [turn.say("find.in_month", month=months[number - 1]) for number in read.months[:3]]
    days = [turn.say("date.range", start=f"{read.first:%Y-%m-%d}", end=f"{read.last:%Y-%m-%d}")] if read.first and read.last else []
    if years or named or days:
        parts.append(turn.say("find.when", when=turn.say("comma").join([*years, *named, *days])))
    return turn.say("semicolon").join(parts)
