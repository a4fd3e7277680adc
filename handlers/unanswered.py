"""/unanswered: what people asked in vain or disliked, put together, and answered by one tap, after which every asker is told.

A little longer than other files because each press leads to the next: the steps are read in the order in which an administrator takes them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ask.answer import Hit
from bot.ask.clusters import Asked, Cluster, clusters
from bot.ask.intents import understand
from bot.ask.lore import Curated, Lore, bare, match, shape
from bot.chat import Action, Address, Button, Place, Reply
from bot.errors import Refusal
from bot.limits import Lane
from bot.people import Person
from handlers.answers import under
from handlers.room import Audience, Room, Services, Turn, unasked
from handlers.wording import LABEL_LENGTH, citation, quotation, shorten
from storage.values import Cancelled, CuratedRow, Expectation, Opinion, OutboxRow, Planned, Question

KIND = "answered"
"""The kind of outbox row that tells an asker."""
DAYS = 30
"""How far back questions are looked at where no number is given."""
LIMIT = 1000
"""Questions looked at, the newest."""
PAGE = 5
"""Clusters shown at once."""
FOUND = 5
"""Measures offered to point at."""
WORDINGS = 6
"""Wordings of a cluster that are shown, and that get the answer word for word."""
KEPT = timedelta(days=14)
"""An answer is still news to its asker for so long."""
TEXT_LENGTH = 800
"""Characters of an answer in an administrator's own words."""
STAFF = Audience.ADMINISTRATORS

room = Room("unanswered")


@dataclass(frozen=True, slots=True)
class Gap:
    """A cluster with its questions and what was said of their answers."""

    cluster: Cluster
    rows: tuple[Question, ...]
    opinions: tuple[Opinion, ...]


async def gaps(services: Services, since: datetime) -> list[Gap]:
    """The open questions from `since` on as clusters, the largest first."""
    async with services.store.read() as db:
        rows = await db.questions.open(since, LIMIT)
        opinions = await db.feedback.on([row.id for row in rows])
    # Comparing every question with every other takes a while, and the bot goes on answering meanwhile.
    found = await asyncio.to_thread(clusters, [Asked(row.id, row.question) for row in rows], services.library().lore)
    by_id = {row.id: row for row in rows}
    disliked: dict[int, list[Opinion]] = {}
    for opinion in opinions:
        if not opinion.good:
            disliked.setdefault(opinion.question, []).append(opinion)
    made = []
    for cluster in found:
        ids = [row.id for row in cluster.members]
        made.append(Gap(cluster, tuple(by_id[one] for one in ids), tuple(said for one in ids for said in disliked.get(one, ()))))
    return made


async def gap_of(turn: Turn, services: Services, reference: str) -> Gap | None:
    """The cluster that holds this question, or None where it is settled by now."""
    if not (reference.isascii() and reference.isdigit() and len(reference) < 16):
        return None
    async with services.store.read() as db:
        row = await db.questions.get(int(reference))
    if row is None or row.settled:
        return None
    every = await gaps(services, min(row.at, turn.now - timedelta(days=DAYS)))
    return next((gap for gap in every if any(one.id == row.id for one in gap.rows)), None)


@room.command("unanswered", STAFF, personal=True)
async def unanswered(turn: Turn, services: Services) -> Reply:
    """What is open of the last days; a number behind the command says how many."""
    days = int(turn.args) if turn.args.isascii() and turn.args.isdigit() and 0 < int(turn.args[:5]) <= 3650 else DAYS
    return await show(turn, services, days, 0)


@room.button("gaps", STAFF, personal=True)
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another page; the reference is `days.page`."""
    days, _, page = turn.args.partition(".")
    if not (days.isdecimal() and page.isdecimal() and len(turn.args) < 12):
        raise Refusal("desk.stale_button")
    reply = await show(turn, services, int(days) or DAYS, int(page))
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


async def show(turn: Turn, services: Services, days: int, page: int) -> Reply:
    """One page of clusters, counted, with a button for each."""
    found = await gaps(services, turn.now - timedelta(days=days))
    if not found:
        return Reply(turn.say("gaps.none", days=days))
    page = max(0, min(page, (len(found) - 1) // PAGE))
    first = page * PAGE
    lines = [turn.say("gaps.head", days=days, count=len(found))]
    buttons = []
    for number, gap in enumerate(found[first : first + PAGE], first + 1):
        lines.append(turn.say("gaps.row", number=number, question=shorten(gap.cluster.label, 40), counts=counts(turn, gap)))
        buttons.append(Button(str(number), Action("gap", str(gap.cluster.newest))))
    paging = []
    if page:
        paging.append(Button(turn.say("find.back_page"), Action("gaps", f"{days}.{page - 1}")))
    if len(found) > first + PAGE:
        paging.append(Button(turn.say("find.next_page"), Action("gaps", f"{days}.{page + 1}")))
    lines.append(turn.say("gaps.choose"))
    return Reply("\n".join(lines), tuple(filter(None, (tuple(buttons), tuple(paging)))))


def counts(turn: Turn, gap: Gap) -> str:
    """How often it was asked in vain, how often disliked and why."""
    refused = sum(row.status == "unknown" for row in gap.rows)
    parts = [turn.say("gaps.refused", count=refused)] if refused else []
    if gap.opinions:
        reasons = list(dict.fromkeys(turn.say(f"opinion.{one.reason}") for one in gap.opinions if one.reason))
        parts.append(turn.say("gaps.disliked", count=len(gap.opinions)))
        parts += reasons
    return turn.say("comma").join(parts)


@room.button("gap", STAFF, personal=True)
async def view(turn: Turn, services: Services) -> Reply:
    """One cluster: its wordings, what was answered and why it was disliked, and what can be done."""
    gap = await gap_of(turn, services, turn.args)
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    # Of wordings that differ but in marks and script one is shown.
    texts = tuple({bare(text): text for text in reversed(gap.cluster.texts)}.values())[::-1]
    lines = [turn.say("gaps.asked", count=len(gap.rows))]
    lines += [turn.say("gaps.wording", text=shorten(text, 60)) for text in texts[:WORDINGS]]
    if len(texts) > WORDINGS:
        lines.append(turn.say("gaps.wordings", count=len(texts) - WORDINGS))
    given = next((row for row in gap.rows if row.measures), None)
    hit = services.library().find(given.measures[0]) if given else None
    if hit is not None:
        lines.append(turn.say("gaps.given", text=shorten(hit.measure.text, 60), place=hit.place))
    lines += [turn.say("gaps.note", text=shorten(one.note, 80)) for one in gap.opinions if one.note][:3]
    reference = str(gap.cluster.newest)
    doing = [Button(turn.say(f"gaps.{verb}"), Action(f"gap_{verb}", reference)) for verb in ("point", "write", "drop")]
    return Reply("\n".join(lines), (tuple(doing[:2]), (doing[2], Button(turn.say("gaps.back"), Action("gaps", f"{DAYS}.0")))))


@room.button("gap_point", STAFF, personal=True)
async def point(turn: Turn, services: Services) -> Reply:
    """Offer the measures nearest to the question, and look for others by words."""
    gap = await gap_of(turn, services, turn.args)
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    return await _offer(turn, services, gap, await asyncio.to_thread(services.library().suggest, gap.cluster.label, FOUND))


async def _offer(turn: Turn, services: Services, gap: Gap, hits: Sequence[Hit]) -> Reply:
    reference = str(gap.cluster.newest)
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("gap_search", reference, turn.now))
    lines = [turn.say("gaps.which", question=shorten(gap.cluster.label, 40))]
    for number, hit in enumerate(hits, 1):
        lines.append(turn.say("gaps.found", number=number, text=shorten(hit.measure.text, 60), place=hit.place))
    lines.append(turn.say("gaps.search"))
    buttons = tuple(Button(str(number), Action("gap_take", f"{reference}.{hit.measure.id}")) for number, hit in enumerate(hits, 1))
    return Reply("\n".join(lines), (buttons,) if buttons else ())


@room.words("gap_search", STAFF)
async def search(turn: Turn, services: Services) -> Reply:
    """Words to look for a measure by."""
    gap = await gap_of(turn, services, turn.expected.reference) if turn.expected else None
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    hits = await asyncio.to_thread(services.library().suggest, turn.args, FOUND)
    reply = await _offer(turn, services, gap, hits)
    return reply if hits else Reply(turn.say("gaps.nothing", words=shorten(turn.args, LABEL_LENGTH)))


@room.button("gap_take", STAFF, personal=True)
async def take(turn: Turn, services: Services) -> Reply:
    """A measure is the answer."""
    reference, _, measure = turn.args.partition(".")
    gap, hit = await gap_of(turn, services, reference), services.library().find(measure)
    if gap is None or hit is None:
        return Reply(turn.say("gaps.settled" if gap is None else "find.gone"))
    return await _settle(turn, services, gap, hit.measure.id, "")


@room.button("gap_write", STAFF, personal=True)
async def write(turn: Turn, services: Services) -> Reply:
    """Ask for an answer in words."""
    gap = await gap_of(turn, services, turn.args)
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    async with services.store.begin() as db:
        expectation = Expectation("gap_text", str(gap.cluster.newest), turn.now)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    return Reply(turn.say("gaps.say", question=shorten(gap.cluster.label, 40)))


@room.words("gap_text", STAFF)
async def read_back(turn: Turn, services: Services) -> Reply:
    """Read the answer back before anybody gets it; another text takes its place."""
    assert turn.expected is not None
    if len(turn.args) > TEXT_LENGTH:
        return Reply(turn.say("gaps.too_long", limit=TEXT_LENGTH))
    gap = await gap_of(turn, services, turn.expected.reference)
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    reference = str(gap.cluster.newest)
    async with services.store.begin() as db:
        expectation = Expectation("gap_text", reference, turn.now, turn.args)
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
    people = len({row.person for row in gap.rows if row.person is not None})
    lines = [turn.say("gaps.read", question=shorten(gap.cluster.label, 40)), turn.args, turn.say("gaps.sure", count=people)]
    return Reply("\n".join(lines), ((Button(turn.say("gaps.send"), Action("gap_send", reference)),),))


@room.button("gap_send", STAFF, personal=True)
async def send(turn: Turn, services: Services) -> Reply:
    """The text that was read back is the answer."""
    expected = turn.expected
    if expected is None or expected.verb != "gap_text" or expected.reference != turn.args or not expected.text:
        return Reply(turn.say("gaps.forgotten"))
    gap = await gap_of(turn, services, turn.args)
    return await _settle(turn, services, gap, "", expected.text) if gap else Reply(turn.say("gaps.settled"))


@room.button("gap_drop", STAFF, personal=True)
async def drop(turn: Turn, services: Services) -> Reply:
    """Nothing is to be answered; nobody is told."""
    gap = await gap_of(turn, services, turn.args)
    if gap is None:
        return Reply(turn.say("gaps.settled"))
    async with services.store.begin() as db:
        count = await db.questions.settle([row.id for row in gap.rows], turn.now)
        await db.audit.record(turn.person.id, "gap dropped", str(gap.cluster.newest), turn.now)
    return Reply(turn.say("gaps.dropped", count=count), ((Button(turn.say("gaps.back"), Action("gaps", f"{DAYS}.0")),),))


async def _settle(turn: Turn, services: Services, gap: Gap, measure: str, text: str) -> Reply:
    """Keep the answer for every wording, close the questions, and owe each asker one message."""
    asked = [row for row in gap.rows if row.person not in (None, turn.person.id)]
    last = {row.person: row for row in sorted(asked, key=lambda row: row.id)}
    planned = []
    async with services.store.begin() as db:
        answers = [await db.lore.curate(words, measure, text, turn.person.id, turn.now) for words in wordings(gap, services.library().lore)]
        await db.questions.settle([row.id for row in gap.rows], turn.now)
        for person, row in last.items():
            if person is None:
                continue
            address = reached(await db.people.addresses(person), row)
            if address is not None:
                planned.append(owed(row, answers[0], person, address, turn.now))
        await db.outbox.plan(planned, turn.now)
        await db.audit.record(turn.person.id, "gap answered", str(answers[0].id), turn.now)
    await services.renew()
    services.wake()
    key = "gaps.done" if planned else "gaps.done_alone"
    return Reply(turn.say(key, count=len(planned)), ((Button(turn.say("gaps.back"), Action("gaps", f"{DAYS}.0")),),))


def wordings(gap: Gap, known: Lore) -> list[str]:
    """The wordings that need an answer of their own, because that to the first would not be found for them."""
    kept: list[str] = []
    for text in gap.cluster.texts:
        rows = tuple(Curated(at, words, text="x") for at, words in enumerate(kept, 1))
        trial = Lore(known.synonyms, rows)
        if match(understand(text), [shape(understand(words), trial) for words in kept], trial) is None:
            kept.append(text)
    return kept[:WORDINGS]


def reached(addresses: Sequence[Address], row: Question) -> Address | None:
    """Where an asker is told: on the channel they asked on, else anywhere; None where every address is closed."""
    return next((one for one in addresses if one.channel == row.channel), addresses[0] if addresses else None)


def owed(row: Question, answer: CuratedRow, person: int, address: Address, now: datetime) -> Planned:
    """The message that one asker is owed: one for a question, however often it is answered."""
    key, reference = f"{KIND}:{row.id}:{person}", f"{row.id}.{answer.id}"
    return Planned(key, KIND, reference, person, address, Lane.NOTICE, now, now + KEPT)


@room.composer(KIND)
async def told(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """Word the answer to somebody who had asked in vain; cancelled where they forgot everything or the answer is gone."""
    if person is None:
        return Cancelled("person gone")
    if person.muted:
        return Cancelled("wants silence")
    question, _, answer = row.planned.reference.partition(".")
    async with services.store.read() as db:
        asked, curated = await db.questions.get(int(question)), await db.lore.get(int(answer))
    if asked is None or curated is None or asked.person != person.id:
        return Cancelled("question or answer gone")
    turn = unasked(person, row.planned.address, services, now)
    head = turn.say("gaps.told", question=shorten(asked.question, 60))
    if curated.text:
        return Reply("\n".join((head, curated.text, turn.say("find.by_hand"))))
    hit = services.library().find(curated.measure)
    if hit is None:
        return Cancelled("no plan in use has it")
    lines = [head, quotation(turn, person, hit.measure.text), citation(turn, hit), turn.say("find.by_hand")]
    return Reply("\n".join(lines), under(turn, services.library(), hit, "", 0))
