"""Notices of every term: made when their time comes, seen with the next terms and those that are over, and ended."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.chat import Action, Address, Block, Button, Form, Kind, Link, Moved, Page, Place, Reply, Request, hidden
from bot.chat import Field as Entry
from bot.errors import Refusal
from bot.limits import Lane
from bot.notice.rhythm import moments, unpack
from bot.people import Person, Rank
from handlers import checks
from handlers.departure import rhythm_words
from handlers.dispatch import confirm
from handlers.draft import in_words, seen
from handlers.receipt import local
from handlers.room import Audience, Room, Services, Turn, numbers_of, unasked
from handlers.wording import shorten
from storage.store import Transaction
from storage.terms import AHEAD, Fate, Occurrence
from storage.values import Cancelled, Notice, NoticeState, OutboxRow, Planned

TOLD = "term_told"
"""The kind of the row that tells the author that a term's notice did not leave; the reference is `series.draft`, 0 where it is too late."""

room = Room("series")


async def make_due(services: Services, now: datetime) -> int:
    """Plan the coming terms of every series, and send what is due; returns how many notices went out."""
    async with services.store.read() as db:
        series = await db.notices.series()
    if not series:
        return 0
    async with services.store.begin() as db:
        for notice in series:
            ahead = moments(unpack(notice.every), services.calendar, services.settings.zone, now)
            await db.terms.plan(notice.id, islice(ahead, AHEAD))
        due = await db.terms.due(now)
    sent = 0
    for occurrence in due:
        async with services.store.begin() as db:
            sent += await _make(services, db, occurrence, now)
    if due:
        services.wake()
    return sent


async def _make(services: Services, db: Transaction, occurrence: Occurrence, now: datetime) -> bool:
    """Make the notice of one term: sent, or a draft that waits with its author told why. True where it went out."""
    series = await db.notices.get(occurrence.notice)
    if series is None or series.state is not NoticeState.SERIES:
        return False
    late = now - occurrence.at > timedelta(hours=services.settings.notices.expire_hours)
    # Before anything is made of it: of two processes that come at once one waits here, and then finds it done.
    if not await db.terms.settle(occurrence, Fate.MISSED if late else Fate.SENT):
        return False
    if late:
        await _tell(services, db, series, 0, occurrence, now)
        return False
    author = await db.people.get(series.author) if series.author is not None else None
    turn = unasked(author or Person(0, Rank.OWNER), Address("", ""), services, now)
    made = await db.notices.draft(series.author, series.text, now)
    until = await _end(db, series, occurrence)
    made = await db.notices.change(made, selection=series.selection, wanted=replace(series.wanted, until=until))
    await db.files.copy(series.id, made.id)
    try:
        if series.author is not None and (author is None or author.rank < Rank.ADMINISTRATOR):
            raise Refusal("notice.author_gone")
        made = await db.notices.get(made.id) or made
        await confirm(services, db, await checks.ready(turn, services, db, made), timedelta(0), series.author, now)
    except Refusal:
        await db.terms.note(occurrence, Fate.REFUSED, made.id)
        await _tell(services, db, series, made.id, occurrence, now)
        return False
    await db.terms.note(occurrence, Fate.SENT, made.id)
    return True


async def _end(db: Transaction, series: Notice, occurrence: Occurrence) -> datetime | None:
    """Until when this term's notice may be answered: as long after it leaves as the first one's."""
    first = (await db.terms.of(series.id))[0]
    return None if series.wanted.until is None else occurrence.at + (series.wanted.until - first.at)


async def _tell(services: Services, db: Transaction, series: Notice, draft: int, occurrence: Occurrence, now: datetime) -> None:
    reached = (await db.people.reached()).get(series.author) if series.author is not None else None
    if reached is not None:
        key = f"{TOLD}:{series.id}:{occurrence.term.isoformat()}"
        await db.outbox.plan([Planned(key, TOLD, f"{series.id}.{draft}", series.author, reached, Lane.REMINDER, now)], now)


@room.composer(TOLD)
async def told(row: OutboxRow, person: Person | None, services: Services, now: datetime) -> Reply | Cancelled:
    """That a term's notice did not go out, and why."""
    if person is None:
        return Cancelled("person gone")
    number, made = numbers_of(row.planned.reference, 2)
    turn = unasked(person, row.planned.address, services, now)
    look = (Button(turn.say("series.look"), Action("series", str(number))),)
    if not made:
        return Reply(turn.say("series.missed_told", id=number), (look,))
    async with services.store.read() as db:
        draft = await db.notices.get(made)
        if draft is None or draft.state is not NoticeState.DRAFT:
            return Cancelled("sent or deleted meanwhile")
        why = ""
        try:
            await checks.ready(turn, services, db, draft)
        except Refusal as refusal:
            why = turn.say(refusal.key, **refusal.values)
    opening = (Button(turn.say("notice.back"), Action("draft", str(made))),)
    return Reply("\n".join(filter(None, (turn.say("series.refused_told", id=number, draft=made), why))), (opening, look))


@room.button("series", Audience.ADMINISTRATORS, personal=True)
async def opened(turn: Turn, services: Services) -> Reply:
    """A notice of every term: when, whom for, the next ones and those that are over."""
    return await _card(turn, services, numbers_of(turn.args, 1)[0])


async def _card(turn: Turn, services: Services, number: int) -> Reply:
    notice, lines, made = await _told_of(turn, services, number)
    buttons = [(Button(turn.say("notices.row", id=one), Action("report", str(one))),) for one in made[-3:]]
    if notice.state is NoticeState.SERIES:
        buttons.append((Button(turn.say("series.end"), Action("end_series", f"{number}.{notice.revision}")),))
    head = turn.say("series.head", id=number, state=turn.say(f"report.state_{notice.state}"))
    place = Place.REPLACE if turn.incoming.action else Place.NEW
    return Reply("\n".join([head, turn.say("answer.quote", text=shorten(notice.text, 120)), *lines]), tuple(buttons), place=place)


async def _told_of(turn: Turn, services: Services, number: int) -> tuple[Notice, list[str], list[int]]:
    """A series, its lines, and the ids of the notices that went out of it; Refusal where it is none."""
    async with services.store.read() as db:
        notice = await db.notices.get(number)
        terms = await db.terms.of(number)
    if notice is None or notice.state not in (NoticeState.SERIES, NoticeState.ENDED):
        raise Refusal("notice.gone")
    lines = [
        turn.say("notices.to", to=in_words(turn, notice.selection)),
        turn.say("notice.leaves", time=rhythm_words(turn, unpack(notice.every))),
    ]
    lines += [turn.say(f"series.term_{one.state}", time=local(services, one.at), id=one.made or 0) for one in terms]
    return notice, lines, [one.made for one in terms if one.made is not None and one.state is Fate.SENT]


@room.button("end_series", Audience.ADMINISTRATORS, personal=True)
async def end(turn: Turn, services: Services) -> Reply:
    """Ask before it goes out no more."""
    number, _ = numbers_of(turn.args, 2)
    sure = Button(turn.say("series.end_sure"), Action("end_series_sure", turn.args))
    return Reply(turn.say("series.ending", id=number), ((sure, Button(turn.say("notice.back"), Action("series", str(number)))),))


@room.button("end_series_sure", Audience.ADMINISTRATORS, personal=True)
async def end_sure(turn: Turn, services: Services) -> Reply:
    """It goes out no more; what went out stays."""
    dropped = await end_series(turn, services, turn.args)
    shown = await _card(turn, services, numbers_of(turn.args, 2)[0])
    return replace(shown, text=turn.say("series.ended", count=dropped) + "\n" + shown.text)


async def end_series(turn: Turn, services: Services, reference: str) -> int:
    """End the series `id.revision`; returns how many planned terms that drops. Refusal where it changed since."""
    async with services.store.begin() as db:
        notice = await seen(db, reference, (NoticeState.SERIES,))
        if notice is None:
            raise Refusal("notice.stale")
        return await close(db, notice, turn.person.id, turn.now)


async def close(db: Transaction, series: Notice, person: int | None, now: datetime) -> int:
    """Let a notice of every term go out no more; returns how many planned terms that drops."""
    await db.notices.end(series)
    await db.audit.record(person, "notice end", str(series.id), now)
    return await db.terms.drop(series.id)


@room.page("series", Audience.ADMINISTRATORS)
async def series_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """The same on the page, with the form that ends it and, as long as none went out, the one that makes it a draft again."""
    values, said, refused = request.values, "", False
    (number,) = numbers_of(values.get("notice", ""), 1)
    if request.posted:
        try:
            if values.get("sure") != "yes":
                raise Refusal("sheet.tick")
            count = await end_series(turn, services, f"{number}.{values.get('revision', '')}")
            return Moved("series", {"notice": str(number), "did": "ended", "count": str(count)})
        except Refusal as refusal:
            said, refused = turn.say(refusal.key, **refusal.values), True
    elif values.get("did") == "ended" and values.get("count", "") in ("0", "1", "2"):
        said = turn.say("series.ended", count=int(values["count"]))
    notice, lines, made = await _told_of(turn, services, number)
    forms: list[Form] = []
    if notice.state is NoticeState.SERIES:
        at = hidden(notice=notice.id, revision=notice.revision)
        if not made:
            forms.append(Form("write", turn.say("writing.undo"), (*at, *hidden(do="undo"))))
        sure = Entry("sure", turn.say("series.sure"), kind=Kind.TICK, needed=True)
        forms.append(Form("series", turn.say("series.end"), (*at, sure), True, turn.say("series.end")))
    links = tuple(Link(turn.say("notices.row", id=one), "board", {"notice": str(one)}) for one in made)
    head = turn.say("series.head", id=number, state=turn.say(f"report.state_{notice.state}"))
    block = Block(text="\n".join(lines), quote=notice.text, links=links, forms=tuple(forms))
    return Page(head, (block,), said, refused, (Link(turn.say("notices.title"), "notices"),))
