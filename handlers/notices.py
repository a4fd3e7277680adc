"""Notices on the web page: all of them, how one goes with what can be done about it, and a proof of delivery to print."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.chat import Badge, Block, Download, Form, Kind, Link, Moved, Page, Request, Table, Tone, hidden
from bot.chat import Field as Entry
from bot.errors import Refusal
from bot.export.receipts import Receipt
from bot.notice.asks import Ask
from bot.notice.ballots import LEAST
from handlers import handin, receipt
from handlers.ballot import tables
from handlers.checks import TEXT, check_text
from handlers.control import DEEDS, act
from handlers.draft import in_words
from handlers.passing import spread
from handlers.picture import drawn
from handlers.report import digest, possible, rows_of, sums, workbook
from handlers.room import Audience, Room, Services, Turn
from handlers.tally import WAITING, figures, given, in_need
from storage.values import Notice, NoticeState, State

TONES = {NoticeState.DRAFT: Tone.LOOK, NoticeState.SENT: Tone.GOOD, NoticeState.PAUSED: Tone.LOOK, NoticeState.SERIES: Tone.GOOD}
SHOWN = ("units", "people", "silent")
UNSENT = (State.QUEUED, State.HELD, None)
"""As long as everybody is in one of these, a notice can be made a draft again."""
BUSY, CALM = 3, 10
"""Seconds between two looks of an open board while messages go out, and afterwards."""
GRAVE = ("stop", "recall", "correct")
"""What is asked for with a tick as well."""

room = Room("notices")


@room.page("notices", Audience.ADMINISTRATORS)
async def notices_page(turn: Turn, request: Request, services: Services) -> Page:
    """The newest notices, with the way to each."""
    async with services.store.read() as db:
        found = [notice for notice in await db.notices.every() if notice.parent is None]
    did = request.values.get("did", "")
    said = turn.say(f"writing.{did}") if did in ("discarded", "asked_second") else ""
    ways = (("writing.new", "write"), ("template.title", "templates"), ("list.title", "lists"))
    blocks = [Block(text=turn.say("notices.how"), links=tuple(Link(turn.say(key), page) for key, page in ways))]
    for notice in found:
        state = Badge(turn.say(f"report.state_{notice.state}"), TONES.get(notice.state, Tone.PLAIN))
        draft = notice.state is NoticeState.DRAFT
        leads = "write" if draft else "board" if notice.state.out else "series"
        link = Link(turn.say("writing.go_on" if draft else "notice.board"), leads, {"notice": str(notice.id)})
        lines = [
            _when(turn, services, notice),
            *([turn.say("notices.to", to=in_words(turn, notice.selection))] if notice.selection else []),
        ]
        blocks.append(
            Block(
                turn.say("notices.row", id=notice.id),
                "\n".join(line for line in lines if line),
                badges=(state,),
                quote=notice.text,
                links=(link,),
                card=True,
            )
        )
    if not found:
        blocks.append(Block(text=turn.say("report.none")))
    return Page(turn.say("notices.title"), tuple(blocks), said)


def _when(turn: Turn, services: Services, notice: Notice) -> str:
    return turn.say("notices.confirmed", time=receipt.local(services, notice.confirmed_at)) if notice.confirmed_at else ""


async def _asked_for(request: Request, services: Services) -> Notice:
    """The notice that went out under this number; Refusal where there is none."""
    number = request.values.get("notice", "")
    known = number.isascii() and number.isdigit() and len(number) < 16
    async with services.store.read() as db:
        notice = await db.notices.get(int(number)) if known else None
    if notice is None or not notice.state.out:
        raise Refusal("notice.gone")
    return notice


@room.page("board", Audience.ADMINISTRATORS)
async def board_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """How one notice goes: numbers, by unit, person by person, and forms for what can be done."""
    notice = await _asked_for(request, services)
    said, refused = _said(turn, request, services), False
    if request.posted:
        try:
            return await _done(turn, request, services, notice)
        except Refusal as refusal:
            said, refused = turn.say(refusal.key, **refusal.values), True
            notice = await _asked_for(request, services)
    async with services.store.read() as db:
        counts = await db.notices.counts(notice.id)
        votes = await db.notices.votes(notice.id)
        people = await db.notices.people(notice.id)
        files = await db.files.attached(notice.id)
        further = await spread(turn, services, db, notice)
    lines = await in_need(turn, services, people) if notice.wanted.ask is Ask.CHECKIN else []
    lines += figures(turn, notice, counts)
    lines += given(turn, services, notice, people, votes)
    lines += further
    facts = [
        (turn.say("notices.fact_to"), in_words(turn, notice.selection), None),
        (turn.say("notices.fact_ask"), turn.say(f"notice.kind_{notice.wanted.ask}"), None),
    ]
    if notice.wanted.until is not None:
        facts.append((turn.say("notices.fact_until"), receipt.local(services, notice.wanted.until), None))
    if files:
        facts.append((turn.say("notice.change_files"), turn.say("comma").join(file.name for file in files), None))
    at = {"notice": str(notice.id)}
    ways = [Link(turn.say("notices.proof"), "proof", at), Link(turn.say("report.button_table"), "receipts", at)]
    if notice.wanted.ask is Ask.FILE:
        ways.append(Link(turn.say("report.button_bundle"), "handed", at))
    show = request.values.get("show", "") if request.values.get("show") in SHOWN else "units"
    tabs = tuple(Link(turn.say(f"notices.show_{name}"), "board", at | {"show": name}, name == show) for name in SHOWN)
    rows = await rows_of(turn, services, notice) if show != "units" else []
    table = _units(turn, sums(turn, services, notice, counts)) if show == "units" else _people(turn, services, rows, show)
    state = Badge(turn.say(f"report.state_{notice.state}"), TONES.get(notice.state, Tone.PLAIN))
    forms = [_form(turn, notice, deed) for deed in possible(notice, counts, turn.now)]
    if notice.state in (NoticeState.SENT, NoticeState.PAUSED) and all(count.state in UNSENT for count in counts):
        forms.insert(0, Form("write", turn.say("writing.undo"), _at(notice, "undo")))
    seen = Link(turn.say("picture.alt", id=notice.id), "notice_picture", at | {"of": digest(lines)})
    blocks: tuple[Block, ...] = (
        Block(_when(turn, services, notice), badges=(state,), quote=notice.text, facts=tuple(facts)),
        Block(turn.say("notices.progress", time=receipt.local(services, turn.now)), "\n".join(lines), links=tuple(ways), live=True),
        Block(forms=tuple(forms), live=True),
        Block(picture=seen, live=True),
        Block(links=tabs),
        Block(table=table, live=True),
    )
    found = [Block(title, table=shown) for title, shown in tables(turn, services, notice, votes)] if notice.wanted.ask.secret else []
    if found:
        blocks = (*blocks, Block(turn.say("ballot.title"), turn.say("ballot.by_unit", id=notice.id, least=LEAST)), *found)
    every = 0 if refused else BUSY if any(count.state in WAITING for count in counts) else CALM
    trail = (Link(turn.say("notices.title"), "notices"),)
    return Page(turn.say("notices.row", id=notice.id), blocks, said, refused, trail, every)


@room.page("notice_picture", Audience.ADMINISTRATORS)
async def progress_picture(turn: Turn, request: Request, services: Services) -> Download:
    """How a notice is answered over time and by unit, as a picture. Its address changes with what it shows."""
    return Download(await drawn(turn, services, await _asked_for(request, services)))


def _said(turn: Turn, request: Request, services: Services) -> str:
    """What was just done, from the address a form led to; only words of ours."""
    did, count = request.values.get("did", ""), request.values.get("count", "")
    if did in ("sent_now", "sent_later"):
        return turn.say(f"writing.{did}", seconds=services.settings.notices.undo_seconds)
    return (
        turn.say(f"report.done_{did}", count=int(count)) if did in DEEDS and count.isascii() and count.isdigit() and len(count) < 9 else ""
    )


def _form(turn: Turn, notice: Notice, deed: str) -> Form:
    fields = [*_at(notice, deed)]
    if deed == "correct":
        fields.append(Entry("text", turn.say("report.correct", id=notice.id, limit=TEXT), notice.text, Kind.AREA, needed=True))
    if deed in GRAVE:
        fields.append(Entry("sure", turn.say(f"notices.sure_{deed}"), kind=Kind.TICK, needed=True))
    label = turn.say(f"report.button_{deed}")
    return Form("board", label, tuple(fields), deed in GRAVE, label if deed in GRAVE else "")


def _at(notice: Notice, deed: str) -> tuple[Entry, ...]:
    return hidden(notice=notice.id, revision=notice.revision, do=deed)


async def _done(turn: Turn, request: Request, services: Services, notice: Notice) -> Moved:
    values = request.values
    deed, revision, text = values.get("do", ""), values.get("revision", ""), values.get("text", "").strip()
    if deed not in DEEDS or not (revision.isascii() and revision.isdigit() and len(revision) < 9):
        raise Refusal("desk.stale_button")
    if deed in GRAVE and values.get("sure") != "yes":
        raise Refusal("sheet.tick")
    if deed == "correct":
        text = check_text(text)
    count = await act(turn, services, notice.id, int(revision), deed, text)
    return Moved("board", {"notice": str(notice.id), "did": deed, "count": str(count)})


def _units(turn: Turn, rows: Sequence[tuple[str, int, int, int]]) -> Table:
    head = tuple(turn.say(f"notices.column_{name}") for name in ("unit", "people", "delivered", "answered"))
    return Table(head, tuple((name, str(total), str(sent), str(answered)) for name, total, sent, answered in rows))


def _people(turn: Turn, services: Services, rows: Sequence[Receipt], show: str) -> Table:
    head = tuple(turn.say(f"notices.column_{name}") for name in ("number", "person", "unit", "outcome", "answer", "time"))
    shown = [row for row in rows if show != "silent" or row.answered_at is None]
    return Table(
        head,
        tuple(
            (
                str(number),
                row.person,
                row.unit,
                row.outcome,
                row.answer,
                receipt.local(services, row.answered_at) if row.answered_at else "",
            )
            for number, row in enumerate(shown, 1)
        ),
    )


@room.page("proof", Audience.ADMINISTRATORS)
async def proof_page(turn: Turn, request: Request, services: Services) -> Page:
    """A proof of delivery to print: the text, when and by whom, the numbers, and a row for everybody."""
    notice = await _asked_for(request, services)
    async with services.store.read() as db:
        author = await db.people.get(notice.author) if notice.author is not None else None
        counts = await db.notices.counts(notice.id)
        files = await db.files.attached(notice.id)
    rows = await rows_of(turn, services, notice)
    outcomes = Counter(row.outcome for row in rows)
    issuer = turn.say("notices.by_line") if author is None else turn.say(f"notices.rank_{author.rank.name.lower()}")
    facts: list[tuple[str, str, Badge | None]] = [
        (turn.say("notices.fact_number"), str(notice.id), None),
        (turn.say("notices.fact_author"), issuer, None),
        (turn.say("notices.fact_confirmed"), _time(services, notice.confirmed_at), None),
        (turn.say("notices.fact_to"), in_words(turn, notice.selection), None),
        (turn.say("notices.fact_ask"), turn.say(f"notice.kind_{notice.wanted.ask}"), None),
    ]
    if notice.wanted.until is not None:
        facts.append((turn.say("notices.fact_until"), _time(services, notice.wanted.until), None))
    if files:
        facts.append((turn.say("notice.change_files"), turn.say("comma").join(file.name for file in files), None))
    if notice.changes:
        facts.append((turn.say("notices.fact_changes"), turn.say("notices.changed", count=notice.changes), None))
    numbers = figures(turn, notice, counts)
    if len(outcomes) > 1:
        numbers.append(
            turn.say("comma").join(turn.say("notices.outcome", outcome=outcome, count=count) for outcome, count in outcomes.most_common())
        )
    blocks = (
        Block(quote=notice.text, facts=tuple(facts)),
        Block(turn.say("notices.progress", time=receipt.local(services, turn.now)), "\n".join(numbers)),
        Block(turn.say("notices.show_people"), turn.say("notices.print"), table=_people(turn, services, rows, "people")),
    )
    trail = (Link(turn.say("notices.row", id=notice.id), "board", {"notice": str(notice.id)}),)
    return Page(turn.say("notices.proof_title", id=notice.id), blocks, trail=trail)


def _time(services: Services, moment: datetime | None) -> str:
    return receipt.local(services, moment) if moment else ""


@room.page("receipts", Audience.ADMINISTRATORS)
async def receipts_file(turn: Turn, request: Request, services: Services) -> Download:
    """The rows as a workbook."""
    file, _ = await workbook(turn, services, await _asked_for(request, services))
    return Download(file)


@room.page("handed", Audience.ADMINISTRATORS)
async def handed_file(turn: Turn, request: Request, services: Services) -> Download:
    """All files that were handed in, as one archive however large."""
    notice = await _asked_for(request, services)
    async with services.store.read() as db:
        handed = await db.files.handed(notice.id)
    if not handed:
        raise Refusal("report.no_files", id=notice.id)
    (file,) = await handin.archives(turn, services, notice, handed, sum(row.file.size for row in handed))
    return Download(file)
