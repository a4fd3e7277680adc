"""What became of a notice: how many have it, who gave what, who not and why; and how to go on from there."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.chat import Action, Button, File, Place, Reply
from bot.export.ledger import MIME
from bot.export.receipts import Receipt, receipts
from bot.notice.asks import Ask
from bot.people import Rank
from handlers import receipt
from handlers.ballot import over
from handlers.passing import spread
from handlers.permission import may_see, seen_by
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.tally import COUNTED, FAILED, WAITING, figures, given, in_need
from handlers.wording import LABEL_LENGTH, paging, shorten
from storage.values import Count, Notice, NoticeState, State

PAGE = 8
"""Rows of a list shown at once."""
room = Room("report")


@room.command("report", Audience.UNIT_ADMINISTRATORS, personal=True)
async def reports(turn: Turn, services: Services) -> Reply:
    """`/report` lists the notices that went out, `/report 3` opens one."""
    if turn.args.isascii() and turn.args.isdigit() and len(turn.args) < 16:
        return await board(turn, services, int(turn.args))
    async with services.store.read() as db:
        sent = [row for row in await db.notices.every() if row.state.out and _listed(turn, row)][:PAGE]
    if not sent:
        return Reply(turn.say("report.none"))
    rows = tuple((Button(shorten(f"{row.id} {row.text}", LABEL_LENGTH), Action("report", str(row.id))),) for row in sent)
    return Reply(turn.say("report.which"), rows)


def _listed(turn: Turn, notice: Notice) -> bool:
    """The district's notices for administrators, what they passed on for others."""
    return notice.parent is None if turn.person.rank >= Rank.ADMINISTRATOR else may_see(turn.person, notice)


@room.button("report", Audience.UNIT_ADMINISTRATORS, personal=True)
async def opened(turn: Turn, services: Services) -> Reply:
    """The state of one notice, in place of the message pressed."""
    return await board(turn, services, numbers_of(turn.args, 1)[0])


async def board(turn: Turn, services: Services, number: int) -> Reply:
    """The state of a notice in numbers, with what can be done about it."""
    told = await told_of(turn, services, number)
    if told is None:
        return Reply(turn.say("notice.gone"))
    lines, doors = told
    place = Place.REPLACE if turn.incoming.action else Place.NEW
    if turn.incoming.action and turn.incoming.remote:
        # The pressed message becomes the board, and from now on it is kept up to date.
        incoming = turn.incoming
        async with services.store.begin() as db:
            await db.boards.put(number, turn.person.id, incoming.address, incoming.remote, incoming.group, digest(lines), turn.now)
    return Reply("\n".join([*lines, as_of(turn, services)]), doors, place=place)


def as_of(turn: Turn, services: Services) -> str:
    """The line that says how old a board is."""
    return turn.say("report.at", time=receipt.local(services, turn.now))


async def told_of(turn: Turn, services: Services, number: int) -> tuple[list[str], tuple[tuple[Button, ...], ...]] | None:
    """The lines of a notice's board and its buttons; None where no such notice went out, or it is not theirs to see."""
    async with services.store.read() as db:
        notice = await db.notices.get(number)
        counts = await db.notices.counts(number)
        votes = await db.notices.votes(number)
        people = await db.notices.people(number) if notice and notice.wanted.ask in COUNTED else []
        further = await spread(turn, services, db, notice) if notice else []
    if notice is None or not notice.state.out or not may_see(turn.person, notice):
        return None
    lines = [turn.say("report.head", id=notice.id, state=turn.say(f"report.state_{notice.state}")), *figures(turn, notice, counts)]
    lines += given(turn, services, notice, people, votes)
    if notice.wanted.ask is Ask.CHECKIN:
        lines[1:1] = await in_need(turn, services, people)
    lines += further
    doors = _doors(turn, notice, counts)
    if turn.person.rank >= Rank.ADMINISTRATOR and services.pages(turn.incoming.address.channel):
        doors += ((Button(turn.say("report.button_page"), url=f"page/board?notice={notice.id}"),),)
    return lines, doors


def digest(lines: Sequence[str]) -> str:
    """What a board shows, short enough to compare."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def possible(notice: Notice, counts: Sequence[Count], now: datetime) -> list[str]:
    """What can be done with a notice as it stands, of the deeds of handlers/control.py."""
    waiting = any(count.state in WAITING for count in counts)
    silent = notice.wanted.ask is not Ask.NOTHING and not over(notice, now) and any(not count.answered for count in counts)
    deeds = []
    if notice.state is NoticeState.SENT and waiting:
        deeds += ["pause", "stop"]
    elif notice.state is NoticeState.PAUSED:
        deeds += ["resume", "stop"]
    elif notice.state is NoticeState.SENT and silent:
        deeds.append("again")
    if notice.state is NoticeState.SENT and any(count.state is State.UNCERTAIN for count in counts):
        deeds.append("doubt")
    if notice.state in (NoticeState.SENT, NoticeState.PAUSED) and notice.parent is None:
        # What was passed on is corrected with the notice it passes on.
        deeds.append("correct")
    if notice.state in (NoticeState.SENT, NoticeState.PAUSED, NoticeState.STOPPED):
        deeds.append("recall")
    return deeds


def _doors(turn: Turn, notice: Notice, counts: Sequence[Count]) -> tuple[tuple[Button, ...], ...]:
    def door(name: str, verb: str) -> Button:
        return Button(turn.say(f"report.button_{name}"), Action(verb, f"{notice.id}.{notice.revision}"))

    silent = notice.wanted.ask is not Ask.NOTHING and any(not count.answered for count in counts)
    trouble = any(count.state in (*FAILED, State.UNCERTAIN, None) for count in counts)
    lists = []
    if silent:
        lists.append(Button(turn.say("report.button_silent"), Action("silent", f"{notice.id}.0")))
    if trouble:
        lists.append(Button(turn.say("report.button_trouble"), Action("trouble", f"{notice.id}.0")))
    units = Button(turn.say("report.button_units"), Action("by_unit", f"{notice.id}.0"))
    deeds = possible(notice, counts, turn.now)
    control = [door(name, name) for name in deeds if name not in ("correct", "recall")]
    mend = [door(name, name) for name in deeds if name in ("correct", "recall")]
    fresh = Button(turn.say("report.button_fresh"), Action("report", str(notice.id)))
    table = Button(turn.say("report.button_table"), Action("receipts", str(notice.id)))
    if notice.wanted.ask.secret:
        lists.append(Button(turn.say("ballot.button"), Action("results", f"{notice.id}.0")))
    bundle = (Button(turn.say("report.button_bundle"), Action("bundle", str(notice.id))),) if notice.wanted.ask is Ask.FILE else ()
    picture = Button(turn.say("report.button_picture"), Action("picture", str(notice.id)))
    return tuple(row for row in ((*lists, units), tuple(control), tuple(mend), (fresh, table, picture, *bundle)) if row)


@room.button("silent", Audience.UNIT_ADMINISTRATORS, personal=True)
async def silent(turn: Turn, services: Services) -> Reply:
    """Who has not answered, by name and unit."""
    return await _people(turn, services, "silent")


@room.button("trouble", Audience.UNIT_ADMINISTRATORS, personal=True)
async def trouble(turn: Turn, services: Services) -> Reply:
    """Who did not get it or may not have got it, and why."""
    return await _people(turn, services, "trouble")


async def _people(turn: Turn, services: Services, which: str) -> Reply:
    number, page = numbers_of(turn.args, 2)
    async with services.store.read() as db:
        notice = await seen_by(turn, db, number)
        reached = await db.notices.people(number)
        if which == "silent":
            rows = [row for row in reached if row.answered_at is None]
        else:
            rows = [row for row in reached if row.state is None or row.state in (*FAILED, State.UNCERTAIN)]
        start = page * PAGE
        shown = rows[start : start + PAGE]
        people = await db.people.some(row.person for row in shown)
    lines = [turn.say(f"report.list_{which}", id=notice.id, count=len(rows))]
    for place, row in enumerate(shown, start + 1):
        why = turn.say("report.why_none") if row.state is None else turn.say(f"report.why_{row.state}")
        lines.append(
            turn.say(
                "report.row",
                number=place,
                name=(people[row.person].name if row.person in people else "") or turn.say("notice.nameless"),
                unit=services.register().name(row.unit, turn.say("report.no_unit")),
                why=why,
            )
        )
    return Reply("\n".join(lines), _pages(turn, which, notice.id, page, len(rows) > start + PAGE), place=Place.REPLACE)


def _pages(turn: Turn, verb: str, number: int, page: int, more: bool) -> tuple[tuple[Button, ...], ...]:
    return (*paging(turn, verb, f"{number}.", page, more), (Button(turn.say("report.button_back"), Action("report", str(number))),))


@room.button("by_unit", Audience.UNIT_ADMINISTRATORS, personal=True)
async def by_unit(turn: Turn, services: Services) -> Reply:
    """For each unit how many have it and how many answered, the most behind first."""
    number, page = numbers_of(turn.args, 2)
    async with services.store.read() as db:
        notice = await seen_by(turn, db, number)
        counts = await db.notices.counts(number)
    order = sums(turn, services, notice, counts)
    asked = notice.wanted.ask is not Ask.NOTHING
    start = page * PAGE
    lines = [turn.say("report.by_unit", id=notice.id)]
    for name, total, sent, answered in order[start : start + PAGE]:
        key = "report.unit_asked" if asked else "report.unit_sent"
        lines.append(turn.say(key, unit=name, total=total, sent=sent, answered=answered))
    return Reply("\n".join(lines), _pages(turn, "by_unit", notice.id, page, len(order) > start + PAGE), place=Place.REPLACE)


def sums(turn: Turn, services: Services, notice: Notice, counts: Sequence[Count]) -> list[tuple[str, int, int, int]]:
    """For each unit its name, how many people it is for, how many have it and how many answered; the most behind first."""
    table: dict[int | None, list[int]] = {}
    for count in counts:
        row = table.setdefault(count.unit, [0, 0, 0])
        row[0] += count.count
        row[1] += count.count if count.state is State.SENT else 0
        row[2] += count.count if count.answered else 0
    place = 2 if notice.wanted.ask is not Ask.NOTHING else 1
    named = [(services.register().name(unit, turn.say("report.no_unit")), row) for unit, row in table.items()]
    return [(name, row[0], row[1], row[2]) for name, row in sorted(named, key=lambda pair: (pair[1][place] - pair[1][0], pair[0]))]


@room.button("receipts", Audience.UNIT_ADMINISTRATORS, personal=True)
async def table(turn: Turn, services: Services) -> Reply:
    """What became of it for everybody, as a workbook to keep or print."""
    async with services.store.read() as db:
        notice = await seen_by(turn, db, numbers_of(turn.args, 1)[0])
    file, count = await workbook(turn, services, notice)
    said = turn.say("report.table", id=notice.id, count=count, time=receipt.local(services, turn.now))
    return Reply(said, files=(file,))


async def workbook(turn: Turn, services: Services, notice: Notice) -> tuple[File, int]:
    """What became of a notice for everybody as XLSX, and for how many."""
    rows = await rows_of(turn, services, notice)
    title = turn.say("report.title", id=notice.id)
    data = await asyncio.to_thread(receipts, title, rows, turn.say, services.settings.zone, turn.now)
    return File(f"{title}.xlsx", MIME, data), len(rows)


async def rows_of(turn: Turn, services: Services, notice: Notice) -> list[Receipt]:
    """What became of a notice for everybody, in words."""
    async with services.store.read() as db:
        reached = await db.notices.people(notice.id)
        names = {person.id: person.name for person in await db.people.every()}
    return [
        Receipt(
            names.get(row.person) or turn.say("notice.nameless"),
            services.register().name(row.unit, turn.say("report.no_unit")),
            turn.say(f"report.why_{row.state}" if row.state else "report.why_none"),
            row.state is State.SENT,
            "" if row.answer is None else receipt.told(turn, notice, row.answer),
            row.answered_at,
        )
        for row in reached
    ]
