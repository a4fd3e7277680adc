"""更多 under an answer: its neighbours, the other script, why it was given, where else the plans speak of it, what the asker thinks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.ask.answer import Answer, Hit, Kind, Status
from bot.ask.normal import script_of
from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.plan.national import NationalDay
from handlers import follow
from handlers.answers import choices, compose, listing, offered, shown, single, understood, with_days
from handlers.find import owned_row
from handlers.gone import gone
from handlers.room import Room, Services, Turn
from handlers.standing import done_button
from handlers.wording import convert, heading, headline, shorten, spoken, title
from storage.values import Question

ELSEWHERE = 5
"""Other places that are offered."""
SHARE = 0.05
"""A reason with less of the whole is left out."""

room = Room("more")


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept question with its answer as the plans in use give it now."""

    turn: Turn
    """In the script that the question was asked in."""
    row: Question
    answer: Answer
    hits: tuple[Hit, ...]
    """What was shown then and still stands."""
    days: tuple[NationalDay, ...]
    """The days of the whole country that are told with it."""


async def again(turn: Turn, services: Services, row: Question) -> tuple[Answer, tuple[Hit, ...], tuple[NationalDay, ...]]:
    """The answer to a kept question as the plans in use give it now, the hits that were shown then and still stand, and national days.

    Where the plans or the talk have moved on so that another answer comes out, what was shown then counts, and comes before that.
    """
    library = services.library()
    hits = tuple(hit for hit in map(library.find, row.measures) if hit is not None)
    today = row.at.astimezone(services.settings.zone).date()
    async with services.store.read() as db:
        subject = await db.conversations.recall(turn.incoming.address, turn.incoming.sender)
    region = services.settings.calendar.region

    async def asked(previous: str = "", measures: Sequence[str] = ()) -> tuple[Answer, tuple[NationalDay, ...]]:
        return offered(await asyncio.to_thread(library.ask, row.question, previous, today, measures), today, region)

    answer, days = await asked()
    if subject is not None and tuple(hit.measure.id for hit in shown(answer)) != row.measures:
        answer, days = await asked(subject.question, subject.measures)
    # What was refused then may be answered now: then that is what is shown.
    if tuple(hit.measure.id for hit in shown(answer)) == row.measures or not row.measures:
        return answer, shown(answer), days
    found = {hit.measure.id: hit for hit in (*answer.hits, *answer.near)}
    kept = tuple(found.get(hit.measure.id, hit) for hit in hits)
    others = tuple(hit for hit in answer.hits if hit.measure.id not in row.measures)
    before = Answer(row.question, Kind(row.kind), Status.ANSWERED, (*kept, *others), script=script_of(row.question))
    return before, kept, offered(before, today, region)[1]


async def _open(turn: Turn, services: Services) -> Opened | Reply:
    """The question that a button leads to; what is said of it is in the script it was asked in."""
    row = await owned_row(turn, services, turn.args)
    if row is None:
        raise Refusal("desk.stale_button")
    answer, hits, days = await again(turn, services, row)
    if not hits and not answer.told and answer.status is not Status.UNKNOWN:
        return await gone(turn, services, row.measures[0]) if row.measures else Reply(turn.say("find.gone"))
    asked_in = {"hant": "zh-Hant", "hans": "zh-Hans"}.get(script_of(row.question), turn.language)
    return Opened(replace(turn, language=asked_in), row, answer, hits, days)


def _worded(services: Services, opened: Opened) -> Reply:
    """The answer as it was first given."""
    turn, row, answer, hits = opened.turn, opened.row, opened.answer, opened.hits
    if answer.told or answer.kind is Kind.COMPARE or answer.status is Status.UNKNOWN:
        return compose(turn, services.library(), answer, row.id, opened.days, services.register())
    if answer.kind is Kind.LIST and len(hits) > 1:
        return listing(turn, hits, row.id, 0)
    return with_days(turn, single(turn, services.library(), hits, answer, row.id, services.register()), opened.days)


@room.button("more")
async def more(turn: Turn, services: Services) -> Reply:
    """The same answer with all that can be done with it, in place of the shorter one."""
    opened = await _open(turn, services)
    if isinstance(opened, Reply):
        return opened
    return await _with_menu(services, opened)


async def _with_menu(services: Services, opened: Opened) -> Reply:
    reply = await asyncio.to_thread(_worded, services, opened)
    return replace(reply, buttons=menu(services, opened), place=Place.REPLACE)


def menu(services: Services, opened: Opened) -> tuple[tuple[Button, ...], ...]:
    """All that can be done with an answer, two buttons a row."""
    turn, answer, hits, reference = opened.turn, opened.answer, opened.hits, str(opened.row.id)
    found: list[Button] = [Button(turn.say(f"opinion.{verb}"), Action(verb, reference)) for verb in ("good", "bad")]
    if hits and answer.kind not in (Kind.LIST, Kind.COMPARE):
        best = hits[0]
        found.append(Button(turn.say("more.context"), Action("source", best.measure.id)))
        if follow.followable(services.library(), best.measure.id):
            found.append(Button(turn.say("follow.button"), Action("follow", best.measure.id)))
        if done := done_button(turn, services.register(), best.measure):
            found += [done, Button(turn.say("duty.button_show"), Action("duty", f"{best.measure.id}.{turn.person.unit}"))]
    if (hits or answer.status is Status.UNKNOWN) and not answer.curated:
        found.append(Button(turn.say("more.why"), Action("why", reference)))
    scripts = {script_of(hit.measure.text) for hit in hits} - {""}
    if scripts:
        other = "hans" if _script(turn, scripts) == "hant" else "hant"
        found.append(Button(turn.say(f"more.{other}"), Action(other, reference)))
    if answer.kind is not Kind.LIST and hits:
        found.append(Button(turn.say("more.elsewhere"), Action("elsewhere", reference)))
    found.append(Button(turn.say("more.close"), Action("less", reference)))
    return tuple(tuple(found[at : at + 2]) for at in range(0, len(found), 2))


def _script(turn: Turn, scripts: set[str]) -> str:
    """The script that quotations are shown in now."""
    chosen = turn.person.script
    return chosen if chosen in ("hant", "hans") else next(iter(sorted(scripts)))


@room.button("less")
async def less(turn: Turn, services: Services) -> Reply:
    """The answer with its few buttons again."""
    opened = await _open(turn, services)
    if isinstance(opened, Reply):
        return opened
    return replace(await asyncio.to_thread(_worded, services, opened), place=Place.REPLACE)


async def _in_script(turn: Turn, services: Services, script: str) -> Reply:
    opened = await _open(turn, services)
    if isinstance(opened, Reply):
        return opened
    person = replace(opened.turn.person, script=script)
    reply = await _with_menu(services, replace(opened, turn=replace(opened.turn, person=person)))
    lines = [convert(line, script) for line in reply.text.split("\n")] if opened.answer.kind is Kind.LIST else [reply.text]
    return replace(reply, text="\n".join(lines))


@room.button("hant")
async def hant(turn: Turn, services: Services) -> Reply:
    """This answer with its quotations in traditional characters; nothing is kept."""
    return await _in_script(turn, services, "hant")


@room.button("hans")
async def hans(turn: Turn, services: Services) -> Reply:
    """This answer with its quotations in simplified characters; nothing is kept."""
    return await _in_script(turn, services, "hans")


@room.button("why")
async def why(turn: Turn, services: Services) -> Reply:
    """Why this answer: the words that met, and what weighed how much."""
    opened = await _open(turn, services)
    if isinstance(opened, Reply):
        return opened
    turn = opened.turn
    if not opened.hits:
        return Reply("\n".join(refused(turn, opened.answer)))
    best = opened.hits[0]
    lines = [turn.say("more.why_head", place=best.place)]
    words = [word for word in best.why if word != "title"]
    if words:
        lines.append(turn.say("more.why_words", words=spoken(turn, turn.say("comma").join(words))))
    reasons = [row for row in best.evidence if row.share >= SHARE][:4]
    for reason in reasons:
        lines.append(turn.say("more.share", reason=turn.say(f"reason.{reason.name}"), share=round(100 * reason.share)))
    if not reasons:
        lines.append(turn.say("more.why_talk"))
    lines += [turn.say("find.section_of", section=heading(turn, best)), turn.say("more.why_foot")]
    return Reply("\n".join(lines))


def refused(turn: Turn, answer: Answer) -> list[str]:
    """Why there was no answer: what was looked for, what no plan has, and how far the nearest place meets it."""
    lines = [turn.say("more.refused_head")]
    if words := understood(turn, answer):
        lines.append(turn.say("find.understood", words=words))
    if answer.missing:
        lines.append(turn.say("find.missing", words=spoken(turn, answer.missing)))
    for near in answer.near[:1]:
        met = [word for word in near.why if word != "title"]
        key = "more.refused_near" if met else "more.refused_far"
        lines.append(turn.say(key, place=near.place, words=spoken(turn, turn.say("comma").join(met))))
    return [*lines, turn.say("more.refused_foot")]


@room.button("elsewhere")
async def elsewhere(turn: Turn, services: Services) -> Reply:
    """Where else the plans speak of it, each with its first line, and a button for each."""
    opened = await _open(turn, services)
    if isinstance(opened, Reply):
        return opened
    turn, row, answer, hits = opened.turn, opened.row, opened.answer, opened.hits
    told = {hit.measure.id for hit in hits}
    rest = [hit for hit in answer.hits if hit.measure.id not in told][:ELSEWHERE]
    names = list(dict.fromkeys(title(turn, hit) for hit in (*hits, *rest)))
    if not rest:
        return Reply(turn.say("more.nowhere", plans=turn.say("comma").join(names)))
    lines = [turn.say("more.elsewhere_head")]
    for hit in rest:
        lines.append(
            turn.say("more.place", head=headline(turn, hit, answer.kind, row.question), place=hit.place, plan=shorten(title(turn, hit), 24))
        )
    return Reply("\n".join(lines), choices(turn, rest[:3], answer.kind, row.id))
