"""Free questions: answered in conversation, with follow-ups that keep the subject or pick a row of the last answer."""

import asyncio
from dataclasses import replace

from bot.ask import deixis
from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.intents import understand
from bot.ask.normal import script_of
from bot.chat import Action, Button, Place, Reply, Suggestion
from bot.errors import Refusal
from bot.plan.wishes import wished
from handlers import mine, own, start
from handlers.agenda import concerns
from handlers.answers import PAGE, compose, grouped, listing, offered, shown, single
from handlers.gone import gone
from handlers.room import Room, Services, Turn
from handlers.wording import citation, headline, quotation, shorten, spoken, when, who
from storage.values import Question, Subject

FOLLOW_UP_MINUTES = 15
"""How long a conversation keeps its subject."""
GOOD, BAD = "👍", "👎"
REASONS = ("off", "part", "old", "unit", "date")
"""What may be wrong with an answer; `other` is said in words."""

room = Room("find")


@room.command("find")
async def find(turn: Turn, services: Services) -> Reply:
    """Answer a question; in a conversation the question before it is its subject."""
    question = turn.args.strip()
    if not question:
        return Reply(turn.say("find.empty"))
    word = question.lower().strip("!！。.~～ ")
    if word in turn.say("find.words_thanks").split(","):
        return Reply(turn.say("find.welcome"))
    if wished(question):
        return await own.read(turn, services, question)
    subject = await recall(turn, services)
    if not any(char.isalnum() for char in question):
        return await _sign(turn, services, question, subject)
    picked = deixis.row(question) if subject is not None and subject.asked else None
    if picked is not None and subject is not None:
        reply = await _row(turn, services, subject, picked)
        if reply is not None:
            return reply
    rest = deixis.own(question)
    if rest is not None:
        return await _own(turn, services, question, rest)
    today = turn.now.astimezone(services.settings.zone).date()
    read = understand(question, today)
    more = read.more or word in turn.say("find.words_more").split(",")
    if subject is not None and more and (reply := await _next(turn, services, subject)) is not None:
        return reply
    before = (subject.question, subject.measures) if subject else ("", ())
    answer = await asyncio.to_thread(services.library().ask, question, before[0], today=today, subject=before[1])
    answer, days = offered(answer, today, services.settings.calendar.region)
    # A question that leans on the one before keeps that one's words as the subject.
    words = subject.question if subject is not None and read.leans else question
    before_it = subject.asked if subject is not None and read.leans else None
    asked = await keep(turn, services, question, answer, words, before_it)
    return await asyncio.to_thread(compose, turn, services.library(), answer, asked, days, services.register())


async def _sign(turn: Turn, services: Services, sign: str, subject: Subject | None) -> Reply:
    """A message without a word: a typed thumb is an opinion of the last answer, all else asks for a question."""
    likes = [thumb == GOOD for thumb in (GOOD, BAD) if thumb in sign]
    if len(likes) != 1 or subject is None or not subject.asked:
        return Reply(turn.say("find.empty"))
    async with services.store.begin() as db:
        new = await db.feedback.give(subject.asked, turn.person.id, likes[0], "", turn.now)
        row = await db.questions.get(subject.asked)
    if not likes[0] and row is not None:
        return what_is_wrong(turn, row)
    return Reply(turn.say("opinion.thanks" if new else "opinion.changed"))


def what_is_wrong(turn: Turn, row: Question) -> Reply:
    """Ask, after a 👎 that is kept already, what is wrong with the answer."""
    buttons = [Button(turn.say(f"opinion.{reason}"), Action("wrong", f"{row.id}.{reason}")) for reason in (*REASONS, "other")]
    question = turn.say("opinion.which", question=shorten(row.question, 40))
    return Reply(question, tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)))


async def recall(turn: Turn, services: Services) -> Subject | None:
    """What the conversation is about; None after a quarter of an hour."""
    async with services.store.read() as db:
        subject = await db.conversations.recall(turn.incoming.address, turn.incoming.sender)
    return subject if subject is not None and (turn.now - subject.at).total_seconds() <= FOLLOW_UP_MINUTES * 60 else None


async def keep(turn: Turn, services: Services, question: str, answer: Answer, words: str, list_row: int | None = None) -> int:
    """Keep a question with what was shown, and what the conversation is about from now on; returns its row.

    Where one measure is shown of a list that was answered before (`list_row`), its rows go on being picked by number.
    """
    address, sender = turn.incoming.address, turn.incoming.sender
    hits = shown(answer)
    measures = tuple(hit.measure.id for hit in hits)
    async with services.store.begin() as db:
        asked = await db.questions.record(
            turn.person.id,
            address.channel,
            question,
            answer.kind.value,
            answer.status.value,
            measures,
            tuple(sorted({(hit.shelf.plan, hit.shelf.version) for hit in hits})),
            turn.now,
            chat=address.chat,
            curated=answer.curated or None,
        )
        if answer.curated:
            await db.lore.count_hit(answer.curated)
        if measures:
            seen = measures[:PAGE] if answer.kind is Kind.LIST else measures[:3]
            before = await db.questions.get(list_row) if list_row is not None and len(measures) == 1 else None
            row = before.id if before is not None and len(before.measures) > 1 else asked
            await db.conversations.remember(address, sender, Subject(words, seen, turn.now, row))
    return asked


async def _row(turn: Turn, services: Services, subject: Subject, picked: deixis.Row) -> Reply | None:
    """A row of the last answer in full; None where that answer had no rows to pick from."""
    async with services.store.read() as db:
        last = await db.questions.get(subject.asked or 0)
    if last is None or len(last.measures) < 2:
        return None
    at = picked.number - 1 if picked.number > 0 else len(last.measures) - 1
    if not 0 <= at < len(last.measures):
        return Reply(turn.say("find.no_row", count=len(last.measures)))
    hit = services.library().find(last.measures[at])
    if hit is None:
        return await gone(turn, services, last.measures[at])
    kind = Kind(last.kind) if picked.kind is Kind.WHAT and last.status == Status.AMBIGUOUS else picked.kind
    return await _one(turn, services, turn.args.strip(), hit, kind, last.id)


async def _one(turn: Turn, services: Services, question: str, hit: Hit, kind: Kind, list_row: int | None = None) -> Reply:
    """Answer with one measure that was picked; a follow-up speaks of it."""
    answer = Answer(question, kind, Status.ANSWERED, (hit,), script=script_of(question))
    asked = await keep(turn, services, question, answer, hit.measure.text, list_row)
    return single(turn, services.library(), (hit,), answer, asked, services.register())


async def _next(turn: Turn, services: Services, subject: Subject) -> Reply | None:
    """還有呢 or 更多 after a list: its next page, or that it is told to its end; None where the last answer was no list."""
    async with services.store.read() as db:
        last = await db.questions.get(subject.asked or 0)
    if last is None or last.kind != Kind.LIST or not subject.measures or subject.measures[-1] not in last.measures:
        return None
    page = last.measures.index(subject.measures[-1]) // PAGE + 1
    if page * PAGE >= len(last.measures):
        return Reply(turn.say("find.all_told", count=len(last.measures)))
    return await page_of(turn, services, last, page)


async def page_of(turn: Turn, services: Services, last: Question, page: int) -> Reply:
    """A page of a list that was answered before; what was told so far is what 還有呢 goes on from."""
    hits = tuple(hit for hit in map(services.library().find, last.measures) if hit is not None)
    if not hits:
        return await gone(turn, services, last.measures[0])
    page = max(0, min(page, (len(hits) - 1) // PAGE))
    async with services.store.begin() as db:
        subject = Subject(last.question, last.measures[: (page + 1) * PAGE], turn.now, last.id)
        await db.conversations.remember(turn.incoming.address, turn.incoming.sender, subject)
    return listing(turn, hits, last.id, page)


async def _own(turn: Turn, services: Services, question: str, rest: str) -> Reply:
    """A question about the asker's own unit: groups such as 各校 are read as it; asks for the unit where none is known."""
    register = services.register()
    unit = next((unit for unit in register.units if unit.id == turn.person.unit), None)
    if unit is None:
        return await start.ask_unit(turn, services, 0)
    today = turn.now.astimezone(services.settings.zone).date()
    read = understand(rest, today)
    if read.thin and not read.when and not any(read.place) and read.kind in (Kind.WHAT, Kind.LIST):
        return await mine.show(turn, services, unit, 0)
    answer = await asyncio.to_thread(services.library().ask, rest, today=today)
    if answer.status is not Status.ANSWERED or answer.kind not in (Kind.WHAT, Kind.LIST):
        answer = replace(answer, question=question)
        asked = await keep(turn, services, question, answer, rest)
        return compose(turn, services.library(), answer, asked, register=services.register())
    owned = tuple(hit for hit in answer.hits if concerns(services, hit, unit))
    hits = grouped(owned or answer.hits)
    answer = replace(answer, question=question, kind=Kind.LIST if len(hits) > 1 else answer.kind, hits=hits)
    asked = await keep(turn, services, question, answer, rest)
    key = "find.of_unit" if owned else "find.not_of_unit"
    head = turn.say(key, unit=spoken(turn, unit.name), count=len(hits))
    if len(hits) > 1:
        return listing(turn, hits, asked, 0, head)
    reply = single(turn, services.library(), hits, answer, asked, services.register())
    return reply if owned else replace(reply, text=f"{head}\n{reply.text}")


async def owned_row(turn: Turn, services: Services, reference: str) -> Question | None:
    """The question of that row, for whoever asked it or sits in the conversation where it was asked; None for everybody else."""
    if not (reference.isascii() and reference.isdigit() and len(reference) < 16):
        return None
    async with services.store.read() as db:
        row = await db.questions.get(int(reference))
    if row is None:
        return None
    address = turn.incoming.address
    return row if row.person == turn.person.id or (row.channel, row.chat) == (address.channel, address.chat) else None


@room.button("rows")
async def rows(turn: Turn, services: Services) -> Reply:
    """Another page of a list, in place of the one before; the reference is `row.page`."""
    reference, _, page = turn.args.partition(".")
    last = await owned_row(turn, services, reference)
    if last is None or not page.isdecimal() or len(page) > 4:
        raise Refusal("desk.stale_button")
    return replace(await page_of(turn, services, last, int(page)), place=Place.REPLACE)


@room.button("pick")
async def pick(turn: Turn, services: Services) -> Reply:
    """One of the choices was pressed: answer it. The reference is `kind-measure`, with `-row` where the question was kept."""
    kind, _, rest = turn.args.partition("-")
    measure_id, _, reference = rest.partition("-")
    hit = services.library().find(measure_id)
    if hit is None:
        return await gone(turn, services, measure_id)
    wanted = Kind(kind) if kind in {member.value for member in Kind} else Kind.WHAT
    row = await owned_row(turn, services, reference)
    if row is None or row.person != turn.person.id:
        return await _one(turn, services, hit.measure.text, hit, wanted)
    async with services.store.begin() as db:
        if row.status == Status.AMBIGUOUS:
            await db.questions.choose(row.id, measure_id, (hit.shelf.plan, hit.shelf.version))
        subject = Subject(hit.measure.text, (measure_id,), turn.now, row.id)
        await db.conversations.remember(turn.incoming.address, turn.incoming.sender, subject)
    answer = Answer(row.question, wanted, Status.ANSWERED, (hit,))
    return single(turn, services.library(), (hit,), answer, row.id, services.register())


@room.button("source")
async def source(turn: Turn, services: Services) -> Reply:
    """A measure with its neighbours and who and when as they were read from it."""
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


def suggestions(turn: Turn, services: Services, limit: int) -> list[Suggestion]:
    """Short answers to what is being typed, best first."""
    found = []
    for hit in services.library().suggest(turn.args, limit):
        text = "\n".join((headline(turn, hit, Kind.WHAT), quotation(turn, turn.person, hit.measure.text), citation(turn, hit)))
        found.append(Suggestion(hit.measure.id, headline(turn, hit, Kind.WHAT), shorten(hit.measure.text, 80), text))
    return found
