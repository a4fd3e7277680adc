"""Writing a notice on the web page: the same drafts as in chat, with the same checks, shown as their readers will see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat import Block, Form, Kind, Link, Moved, Page, Request, hidden
from bot.chat import Field as Entry
from bot.errors import BadRecipients, Refusal
from bot.notice.asks import Ask, Wanted, asking, write_questions
from bot.notice.placeholders import OWN
from bot.notice.recipients import Selection, read_selection, write_selection
from bot.notice.rhythm import unpack
from handlers import checks, receipt
from handlers.attach import add, checked
from handlers.checks import OFFERED, TEXT
from handlers.departure import Departure, read_departure, read_end, rhythm_words, when_words
from handlers.dispatch import send, take_back
from handlers.draft import caution, counted, in_words, name_of, seen, would_reach
from handlers.lists import of
from handlers.placeholders import as_sent
from handlers.recipients import Chosen, choose, spoken
from handlers.room import Audience, Room, Services, Turn, numbers_of
from storage.files import MOST, Kept
from storage.lists import Roll
from storage.store import Transaction
from storage.values import Notice, NoticeState

IN_WORDS = "words"
"""The choice that says: as written in the field below."""
SAID = ("saved", "undone")

room = Room("writing")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form of a draft holds, read and found right."""

    text: str
    selection: str
    wanted: Wanted
    leaving: Departure


@room.page("write", Audience.ADMINISTRATORS)
async def write_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """A new notice, or a draft (`notice`): its form, how it will look, and the confirmation."""
    said, why, typed = turn.say(f"writing.{request.values['did']}") if request.values.get("did") in SAID else "", None, None
    if request.posted:
        try:
            return await _done(turn, request, services)
        except Refusal as refusal:
            said, why, typed = turn.say(refusal.key, **refusal.values), refusal, request.values
    draft, refused = await _asked_for(request, services), why is not None
    trail = (Link(turn.say("notices.title"), "notices"),)
    if isinstance(draft, Moved):
        if why is not None:
            # Of what went out meanwhile there is no form to go on with, only the reason.
            raise why
        return draft
    async with services.store.read() as db:
        rolls = await db.lists.every()
    if draft is None:
        form = Form("write", turn.say("writing.save"), _fields(turn, services, None, typed, rolls))
        return Page(turn.say("writing.title"), (Block(text=turn.say("writing.how"), forms=(form,)),), said, refused, trail)
    async with services.store.read() as db:
        files = await db.files.attached(draft.id)
        approval = await db.approvals.of(draft.id)
        blocks = [_preview(turn, services, draft, files), *await _confirmation(turn, services, db, draft)]
    if approval is not None and approval.revision == draft.revision:
        blocks.insert(1, Block(text=turn.say("writing.waits")))
    form = Form("write", turn.say("writing.save"), _fields(turn, services, draft, typed, rolls))
    blocks.append(Block(turn.say("notice.change_text"), forms=(form, *(_detaching(turn, draft, file) for file in files))))
    blocks.append(Block(forms=(_discarding(turn, draft),)))
    return Page(turn.say("writing.title_draft", id=draft.id), tuple(blocks), said, refused, trail)


async def _asked_for(request: Request, services: Services) -> Notice | Moved | None:
    """The draft that is asked for; None for a new one, the board where it went out. Refusal where there is none."""
    number = request.values.get("notice", "")
    if not number:
        return None
    async with services.store.read() as db:
        notice = await db.notices.get(numbers_of(number, 1)[0])
    if notice is None:
        raise Refusal("notice.gone")
    if notice.state is NoticeState.DRAFT:
        return notice
    return Moved("board" if notice.state.out else "series", {"notice": number})


def _fields(
    turn: Turn, services: Services, draft: Notice | None, typed: Mapping[str, str] | None, rolls: Sequence[Roll]
) -> tuple[Entry, ...]:
    """The fields of the form, with what was typed where that was refused."""
    now = dict(typed) if typed is not None else _written(turn, services, draft, rolls)
    groups = [("", turn.say("writing.to_none"))] if draft is None else []
    groups += [(write_selection(Selection((clause,))), turn.say(f"recipients.{name_of(clause)}")) for clause in OFFERED]
    groups += [(of(roll), turn.say("recipients.listed", name=roll.name)) for roll in rolls]
    groups.append((IN_WORDS, turn.say("writing.to_words")))

    names = turn.say("comma").join(f"{{{turn.say(f'notice.field_{name}')}}}" for name in OWN)
    hint = turn.say("writing.text_hint", fields=names)

    def text(name: str) -> Entry:
        return Entry(name, turn.say(f"writing.{name}"), now.get(name, ""), hint=turn.say(f"writing.{name}_hint"))

    return (
        *_hidden(draft, do="save"),
        Entry("text", turn.say("writing.text", limit=TEXT), now.get("text", ""), Kind.AREA, (), hint, True),
        Entry("to", turn.say("writing.to"), now.get("to", ""), Kind.CHOICE, tuple(groups)),
        text("words"),
        Entry("ask", turn.say("writing.ask"), now.get("ask", ""), Kind.CHOICE, tuple((ask, turn.say(f"notice.kind_{ask}")) for ask in Ask)),
        Entry("options", turn.say("writing.options"), now.get("options", ""), Kind.AREA, hint=turn.say("writing.options_hint")),
        text("until"),
        text("at"),
        Entry("file", turn.say("writing.files"), kind=Kind.FILE, hint=turn.say("writing.files_hint", most=MOST), many=True),
    )


def _written(turn: Turn, services: Services, draft: Notice | None, rolls: Sequence[Roll]) -> dict[str, str]:
    """A draft as the values of its form."""
    if draft is None:
        return {}
    offered = {write_selection(Selection((clause,))) for clause in OFFERED} | {of(roll) for roll in rolls}
    wanted = draft.wanted
    return {
        "text": draft.text,
        "to": draft.selection if draft.selection in offered else IN_WORDS if draft.selection else "",
        "words": "" if draft.selection in offered or not draft.selection else _words(turn, services, draft.selection),
        "ask": str(wanted.ask),
        "options": write_questions(wanted.questions, turn.say("comma")) or turn.say("comma").join(wanted.options),
        "until": receipt.local(services, wanted.until) if wanted.until else "",
        "at": rhythm_words(turn, unpack(draft.every)) if draft.every else receipt.local(services, draft.at) if draft.at else "",
    }


def _words(turn: Turn, services: Services, selection: str) -> str:
    """A selection as people write it where it is read the same again, else as the command line writes it."""
    words = in_words(turn, selection)
    try:
        return words if spoken(words, turn.texts, services) == read_selection(selection) else selection
    except BadRecipients:
        return selection


def _hidden(draft: Notice | None, **values: str) -> tuple[Entry, ...]:
    """What a form carries unseen: the draft as it was when the page was drawn, and what is to be done."""
    return (*(hidden(notice=draft.id, revision=draft.revision) if draft is not None else ()), *hidden(**values))


def _preview(turn: Turn, services: Services, draft: Notice, files: list[Kept]) -> Block:
    shown = receipt.shown(turn, services, as_sent(turn, services, draft))
    kept = tuple(file.as_file() for file in files)
    return Block(turn.say("writing.preview"), turn.say("writing.preview_how"), message=type(shown)(shown.text, shown.buttons, kept))


async def _confirmation(turn: Turn, services: Services, db: Transaction, draft: Notice) -> list[Block]:
    """Whom it goes to and when, with the form that sends it, or why it cannot be sent."""
    chosen: Chosen | None = None
    lines: list[str] = []
    forms: tuple[Form, ...] = ()
    try:
        chosen = await choose(db, services, read_selection(draft.selection)) if draft.selection else None
        lines += counted(turn, draft, chosen) if chosen else []
        lines.append(turn.say("notice.leaves", time=when_words(turn, services, draft)))
        lines += caution(turn, draft)
        forms = (_sending(turn, services, draft, (await checks.ready(turn, services, db, draft)).count),)
    except Refusal as refusal:
        lines.append(turn.say(refusal.key, **refusal.values))
        if refusal.key in ("notice.nobody", "notice.nobody_reached"):
            lines.append(would_reach(turn, await checks.reaching(db, services)))
    return [Block(turn.say("writing.confirm"), "\n".join(lines), forms=forms)]


def _sending(turn: Turn, services: Services, draft: Notice, count: int) -> Form:
    if count > services.settings.notices.typed_above:
        sure = Entry("typed", turn.say("writing.type_count", count=count), needed=True)
    else:
        sure = Entry("sure", turn.say("writing.sure", count=count), kind=Kind.TICK, needed=True)
    label = turn.say("writing.second") if services.settings.notices.approval else turn.say("writing.send", count=count)
    return Form("write", label, (*_hidden(draft, do="send", count=str(count)), sure), grave=True)


def _detaching(turn: Turn, draft: Notice, file: Kept) -> Form:
    return Form("write", turn.say("notice.detach", name=file.name), _hidden(draft, do="detach", file=str(file.id)))


def _discarding(turn: Turn, draft: Notice) -> Form:
    sure = Entry("sure", turn.say("writing.sure_discard"), kind=Kind.TICK, needed=True)
    return Form("write", turn.say("notice.discard"), (*_hidden(draft, do="discard"), sure), True, turn.say("notice.discard"))


async def _done(turn: Turn, request: Request, services: Services) -> Moved:
    values, do = request.values, request.values.get("do", "")
    if do == "save":
        return await _save(turn, request, services)
    if do not in ("send", "detach", "discard", "undo"):
        raise Refusal("desk.stale_button")
    reference = f"{values.get('notice', '')}.{values.get('revision', '')}"
    number, revision = numbers_of(reference, 2)
    if do == "send":
        return await _send(turn, request, services, number, revision)
    async with services.store.begin() as db:
        if do == "undo":
            draft = await take_back(turn, db, reference)
            return Moved("write", {"notice": str(draft.id), "did": "undone"})
        found = await seen(db, reference)
        if found is None:
            raise Refusal("notice.stale")
        if do == "detach":
            if await db.files.detach(found.id, numbers_of(values.get("file", ""), 1)[0]):
                await db.notices.change(found)
            return Moved("write", {"notice": str(found.id), "did": "saved"})
        if values.get("sure") != "yes":
            raise Refusal("sheet.tick")
        await db.notices.discard(found)
        await db.files.sweep()
        await db.audit.record(turn.person.id, "notice discard", str(found.id), turn.now)
    return Moved("notices", {"did": "discarded"})


async def _save(turn: Turn, request: Request, services: Services) -> Moved:
    """Keep what the form holds, all of it or nothing."""
    held = [(file.name or "file", *checked(file.name, file.mime, file.data)) for file in request.files]
    filled = _read(turn, request, services)
    async with services.store.begin() as db:
        if filled.selection:
            # An unknown unit or event is refused before anything is kept.
            await choose(db, services, read_selection(filled.selection))
        if request.values.get("notice"):
            draft = await seen(db, f"{request.values['notice']}.{request.values.get('revision', '')}")
            if draft is None:
                raise Refusal("notice.stale")
        else:
            draft = await db.notices.draft(turn.person.id, filled.text, turn.now)
        draft = await db.notices.change(draft, text=filled.text, selection=filled.selection, wanted=filled.wanted, **filled.leaving.change)
        await add(db, draft, held)
    return Moved("write", {"notice": str(draft.id), "did": "saved"})


def _read(turn: Turn, request: Request, services: Services) -> Filled:
    values = request.values
    text = checks.check_text(values.get("text", ""))
    to, words = values.get("to", ""), values.get("words", "").strip()
    grouped = to not in ("", IN_WORDS)
    if grouped and words:
        raise Refusal("writing.two_audiences")
    selection = read_selection(to) if grouped else spoken(words, turn.texts, services) if words else None
    if values.get("ask", "") not in {ask.value for ask in Ask}:
        raise Refusal("desk.stale_button")
    ask = Ask(values["ask"])
    wanted = asking(ask, values.get("options", ""))
    leave, end = values.get("at", "").strip(), values.get("until", "").strip()
    leaving = read_departure(leave, Wanted(), turn.now, services) if leave else Departure()
    until = read_end(end, leaving, turn.now, services) if end and ask is not Ask.NOTHING else None
    return Filled(text, write_selection(selection) if selection else "", replace(wanted, until=until), leaving)


async def _send(turn: Turn, request: Request, services: Services, number: int, revision: int) -> Moved:
    values = request.values
    (count,) = numbers_of(values.get("count", ""), 1)
    if count > services.settings.notices.typed_above:
        if values.get("typed", "").strip() != str(count):
            raise Refusal("notice.not_confirmed", count=count)
    elif values.get("sure") != "yes":
        raise Refusal("sheet.tick")
    sent, _ = await send(turn, services, number, revision, count)
    if sent.state is NoticeState.DRAFT:
        return Moved("notices", {"did": "asked_second"})
    if sent.state is NoticeState.SERIES:
        return Moved("series", {"notice": str(number)})
    return Moved("board", {"notice": str(number), "did": "sent_later" if sent.at is not None else "sent_now", "count": "0"})
