"""Files to take away: a plan as a calendar, as a ledger or as data, and what an agenda shows as a calendar."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

from bot.ask.answer import Hit
from bot.ask.normal import script_of
from bot.chat import Action, Button, File, Reply
from bot.errors import Refusal
from bot.export import ics
from bot.export.entries import Entry, Say, Source, entries
from bot.export.files import FORMATS, plan_file
from bot.people import Rank
from bot.plan.model import Document
from bot.texts import Texts
from handlers import agenda
from handlers.room import Audience, Room, Services, Turn
from storage.values import StoredPlan

room = Room("export")


def speaker(texts: Texts, document: Document, fallback: str) -> Say:
    """The words of a file in the document's own script; in `fallback` where its script does not show, or where that is no Chinese."""
    language = {"hant": "zh-Hant", "hans": "zh-Hans"}.get(script_of(document.title + "".join(one.text for one in document.measures[:50])))
    chosen = language if language and fallback.startswith("zh") else fallback

    def say(key: str, /, **values: object) -> str:
        return texts.say(chosen, key, **values)

    return say


def source_of(stored: StoredPlan) -> Source:
    """A stored version as something to export, changed when it came into use or was corrected last."""
    times = [stored.released_at or stored.imported_at, *(mend.at for mend in stored.mends)]
    return Source(stored.document, stored.plan, stored.version, max(times))


def buttons(turn: Turn, plan: int, version: int) -> tuple[Button, ...]:
    """A button for each format of a version, for the list of plans."""
    return tuple(Button(turn.say(f"export.button_{format}"), Action("export", f"{plan}v{version}-{format}")) for format in FORMATS)


async def files(services: Services, stored: StoredPlan, formats: Iterable[str], language: str) -> tuple[File, ...]:
    """The files of a version in these formats."""
    async with services.store.read() as db:
        revision = await db.plans.revision()
    say = speaker(services.texts, stored.document, language)
    return tuple(
        [
            await asyncio.to_thread(plan_file, source_of(stored), format, say, services.calendar, services.now(), revision)
            for format in formats
        ]
    )


@room.button("export", Audience.STAFF)
async def export(turn: Turn, services: Services) -> Reply:
    """One version in one format; the reference is `3v2-ics`. Drafts are for administrators."""
    reference, _, format = turn.args.partition("-")
    plan, _, version = reference.partition("v")
    if format not in FORMATS or not (plan.isdecimal() and version.isdecimal() and len(reference) < 20):
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        stored = await db.plans.get(int(plan), int(version))
    if stored.released_at is None and turn.person.rank < Rank.ADMINISTRATOR:
        return Reply(turn.say("desk.denied"))
    made = await files(services, stored, [format], turn.language)
    key = f"export.done_{format}"
    return Reply(turn.say(key, title=stored.document.title, version=stored.version), files=made)


def of_hits(hits: Sequence[Hit]) -> list[Entry]:
    """What was found in the plans in use as entries, by document."""
    shelves = {(hit.shelf.plan, hit.shelf.version): hit.shelf for hit in hits}
    chosen = {key: {hit.measure.id for hit in hits if (hit.shelf.plan, hit.shelf.version) == key} for key in shelves}
    return [entry for key, shelf in shelves.items() for entry in entries(Source(shelf.document, shelf.plan, shelf.version), chosen[key])]


async def calendar_of(services: Services, hits: Sequence[Hit], name: str, language: str) -> File:
    """The calendar of some measures of the plans in use, such as an agenda or what somebody follows."""
    async with services.store.read() as db:
        revision = await db.plans.revision()
    say = speaker(services.texts, hits[0].shelf.document, language) if hits else partial(services.texts.say, language)
    content = await asyncio.to_thread(ics.calendar, of_hits(hits), name, say, services.calendar, services.now(), revision)
    return File("agenda.ics", ics.MIME, content)


@room.button("agenda_file")
async def agenda_file(turn: Turn, services: Services) -> Reply:
    """What an agenda shows, all its pages, as a calendar; the reference is `days.unit` as the agenda's own buttons have it."""
    name, _, number = turn.args.partition(".")
    days = agenda.window(name, turn.now.astimezone(services.settings.zone).date())
    unit = next((unit for unit in services.register().units if str(unit.id) == number), None)
    if days is None or (number and unit is None):
        raise Refusal("desk.stale_button")
    found, _ = agenda.entries(services, days, unit)
    if not found:
        return Reply(turn.say("agenda.none"))
    head = agenda.span_words(turn, days)
    if unit is not None:
        head = turn.say("agenda.of_unit", head=head, unit=unit.name)
    file = await calendar_of(services, found, head, turn.language)
    return Reply(turn.say("export.done_agenda", head=head, count=len(found)), files=(file,))
