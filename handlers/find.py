"""Free questions: who carries a measure, when it is, what it says, and what the plan does not say."""

from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.intents import understand
from bot.ask.library import Library
from bot.chat import Action, Button, Reply, Suggestion
from handlers import follow
from handlers.gone import gone
from handlers.room import Room, Services, Turn
from handlers.wording import (
    LABEL_LENGTH,
    choice,
    citation,
    convert,
    headline,
    others,
    quotation,
    shorten,
    wants_choice,
    when,
    who,
)
from storage.values import Subject

FOLLOW_UP_MINUTES = 15
"""How long a conversation keeps its subject."""
LIST_LENGTH = 8
"""Measures of a list shown at once."""

room = Room("find")


@room.command("find")
async def find(turn: Turn, services: Services) -> Reply:
    """Answer a question; in a conversation the question before it is its subject."""
    question = turn.args.strip()
    if not question:
        return Reply(turn.say("find.empty"))
    address, sender = turn.incoming.address, turn.incoming.sender
    async with services.store.read() as db:
        subject = await db.conversations.recall(address, sender)
    if subject is not None and (turn.now - subject.at).total_seconds() > FOLLOW_UP_MINUTES * 60:
        subject = None
    today = turn.now.astimezone(services.settings.zone).date()
    answer = services.library().ask(question, subject.question if subject else "", today=today, subject=subject.measures if subject else ())
    measures = tuple(hit.measure.id for hit in answer.hits)
    async with services.store.begin() as db:
        await db.questions.record(
            turn.person.id,
            address.channel,
            question,
            answer.kind.value,
            answer.status.value,
            measures[:10],
            tuple(sorted({(hit.shelf.plan, hit.shelf.version) for hit in answer.hits})),
            turn.now,
        )
        if measures:
            # A question that leans on the one before keeps that one's words as the subject.
            words = subject.question if subject is not None and understand(question, today).leans else question
            await db.conversations.remember(address, sender, Subject(words, measures[:3], turn.now))
    return compose(turn, services.library(), answer)


def compose(turn: Turn, library: Library, answer: Answer) -> Reply:
    """Word an answer: what was asked for first, then the sentence, then its place; or an honest no."""
    if answer.kind is Kind.CHAT:
        return Reply(turn.say("find.chat"))
    if not library.shelves:
        return Reply(turn.say("find.no_plan"))
    if answer.status is Status.UNKNOWN or not answer.hits:
        return unknown(turn, answer)
    if answer.status is Status.AMBIGUOUS:
        rows = tuple(
            (Button(shorten(hit.measure.text, LABEL_LENGTH), Action("pick", f"{answer.kind.value}-{hit.measure.id}")),)
            for hit in answer.hits[:3]
        )
        return Reply(turn.say("find.which"), rows)
    if answer.kind in (Kind.LIST, Kind.COMPARE) and len(answer.hits) > 1:
        return listing(turn, answer.hits, answer.kind)
    return single(turn, library, answer.hits, answer.kind, answer.script)


def single(turn: Turn, library: Library, hits: tuple[Hit, ...], kind: Kind, script: str = "") -> Reply:
    """One measure in full; where another plan speaks of the same, its place and first line below."""
    best = hits[0]
    lines = [headline(turn, best, kind), quotation(turn, turn.person, best.measure.text), citation(turn, best)]
    second = others(turn, best.measure.owners)
    if second and kind is Kind.WHO:
        lines.insert(1, second)
    for hit in hits[1:]:
        if hit.plan is not best.plan and hit.score >= best.score * 0.9:
            lines.append(turn.say("find.also", head=headline(turn, hit, kind), place=citation(turn, hit)))
            break
    buttons: list[tuple[Button, ...]] = []
    first = [Button(turn.say("find.source"), Action("source", best.measure.id))]
    if follow.followable(library, best.measure.id):
        first.insert(0, Button(turn.say("follow.button"), Action("follow", best.measure.id)))
    buttons.append(tuple(first))
    if wants_choice(turn, hits[:1], script):
        buttons.append(choice(turn, best.measure.id))
    return Reply("\n".join(lines), tuple(buttons))


def listing(turn: Turn, hits: tuple[Hit, ...], kind: Kind) -> Reply:
    """Several measures under their plans, each numbered, with who and when."""
    shown = hits[:LIST_LENGTH]
    lines = [turn.say("find.count", count=len(hits)) if kind is Kind.LIST else turn.say("find.compare")]
    plan = None
    for number, hit in enumerate(shown, 1):
        if hit.plan is not plan:
            plan = hit.plan
            lines.append(turn.say("find.plan", plan=citation(turn, hit)))
        lines.append(turn.say("find.row", number=number, text=hit.measure.text, who=who(turn, hit.measure, short=True)))
    if len(hits) > len(shown):
        lines.append(turn.say("find.rest", count=len(hits) - len(shown)))
    return Reply("\n".join(lines))


def unknown(turn: Turn, answer: Answer) -> Reply:
    """The honest no: what no plan has, and the nearest places to look at."""
    lines = [turn.say("find.unknown")]
    if answer.missing:
        words = convert(answer.missing, "hant") if turn.language == "zh-Hant" else answer.missing
        lines.append(turn.say("find.missing", words=words))
    rows = tuple((Button(shorten(hit.measure.text, LABEL_LENGTH), Action("pick", f"what-{hit.measure.id}")),) for hit in answer.near[:3])
    if rows:
        lines.append(turn.say("find.near"))
    return Reply("\n".join(lines), rows)


@room.button("pick")
async def pick(turn: Turn, services: Services) -> Reply:
    """One of the choices was pressed: answer it."""
    kind, _, measure_id = turn.args.rpartition("-")
    hit = services.library().find(measure_id)
    if hit is None:
        return await gone(turn, services, measure_id)
    address, sender = turn.incoming.address, turn.incoming.sender
    async with services.store.begin() as db:
        await db.conversations.remember(address, sender, Subject(hit.measure.text, (measure_id,), turn.now))
    asked = Kind(kind) if kind in {member.value for member in Kind} else Kind.WHAT
    return single(turn, services.library(), (hit,), asked)


@room.button("source")
async def source(turn: Turn, services: Services) -> Reply:
    """The sentence a measure stands in, with its neighbours and everything that was read from it."""
    hit = services.library().find(turn.args)
    if hit is None:
        return await gone(turn, services, turn.args)
    before, after = services.library().neighbours(turn.args)
    lines = [citation(turn, hit)]
    if before is not None and before.place == hit.place:
        lines.append(turn.say("find.before", text=before.measure.text))
    lines.append(quotation(turn, turn.person, hit.measure.text))
    if after is not None and after.place == hit.place:
        lines.append(turn.say("find.after", text=after.measure.text))
    lines += [turn.say("find.who", who=who(turn, hit.measure)), turn.say("find.when", when=when(turn, hit.measure))]
    return Reply("\n".join(lines))


async def _show(turn: Turn, services: Services, script: str) -> Reply:
    async with services.store.begin() as db:
        await db.people.set_script(turn.person.id, script)
        person = await db.people.get(turn.person.id)
    hit = services.library().find(turn.args)
    if hit is None or person is None:
        return Reply(turn.say("find.gone"))
    shown = [turn.say(f"answer.kept_{script}"), quotation(turn, person, hit.measure.text), citation(turn, hit)]
    return Reply("\n".join(shown))


@room.button("show_hant")
async def show_hant(turn: Turn, services: Services) -> Reply:
    """Keep the choice of traditional characters for quotations."""
    return await _show(turn, services, "hant")


@room.button("show_hans")
async def show_hans(turn: Turn, services: Services) -> Reply:
    """Keep the choice of simplified characters for quotations."""
    return await _show(turn, services, "hans")


@room.button("show_original")
async def show_original(turn: Turn, services: Services) -> Reply:
    """Keep the choice of the plan's own characters for quotations."""
    return await _show(turn, services, "original")


def suggestions(turn: Turn, services: Services, limit: int) -> list[Suggestion]:
    """Short answers to what is being typed, best first."""
    found = []
    for hit in services.library().suggest(turn.args, limit):
        text = "\n".join((headline(turn, hit, Kind.WHAT), quotation(turn, turn.person, hit.measure.text), citation(turn, hit)))
        found.append(Suggestion(hit.measure.id, headline(turn, hit, Kind.WHAT), shorten(hit.measure.text, 80), text))
    return found
