"""Writing a notice: the text, whom it is for, what it asks, when; seen first as it will look, confirmed, and for a while undone."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat import Action, Button, Reply
from bot.notice.asks import OPTION, OPTIONS, Ask, Wanted
from bot.notice.caution import found_in
from bot.notice.recipients import By, Clause, Selection, read_selection, write_selection
from bot.plan.moment import read_moment
from handlers import receipt
from handlers.recipients import Chosen, choose, spoken
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import LABEL_LENGTH, shorten
from storage.store import Transaction
from storage.values import Expectation, Notice, NoticeState

TEXT = 3000
"""Characters of a notice; it has to arrive as one message on every channel."""
SAMPLE = 3
"""Names shown of those it goes to."""
DIVIDED = re.compile(r"[、，,；;/\n]")
"""What stands between two choices."""
OFFERED = (Clause(By.STAFF), Clause(By.RANK, "principal"), Clause(By.RANK, "teacher"), Clause(By.EVERYONE))

room = Room("notice")


@room.command("notice", Audience.ADMINISTRATORS, personal=True)
async def begin(turn: Turn, services: Services) -> Reply:
    """`/notice` asks for the text and shows open drafts; `/notice TEXT` starts with the text."""
    if turn.args:
        return await written(turn, services)
    async with services.store.begin() as db:
        await _expect(db, turn, "text", 0)
        drafts = [row for row in await db.notices.every() if row.state is NoticeState.DRAFT][:5]
    rows = tuple((Button(shorten(row.text, LABEL_LENGTH), Action("draft", str(row.id))),) for row in drafts)
    lines = [turn.say("notice.begin", limit=TEXT)] + ([turn.say("notice.drafts")] if rows else [])
    return Reply("\n".join(lines), rows)


@room.words("notice_text", Audience.ADMINISTRATORS, long=True)
async def written(turn: Turn, services: Services) -> Reply:
    """The text of a new draft, or the new text of one."""
    text = turn.args.strip()
    notice = int(turn.expected.reference) if turn.expected else 0
    async with services.store.begin() as db:
        if len(text) > TEXT:
            await _expect(db, turn, "text", notice)
            return Reply(turn.say("notice.too_long", limit=TEXT, length=len(text)))
        found = await db.notices.get(notice) if notice else None
        draft = await db.notices.change(found, text=text) if found else await db.notices.draft(turn.person.id, text, turn.now)
        if not draft.selection:
            await _expect(db, turn, "to", draft.id)
            return to_whom(turn, draft)
        return await card(turn, services, db, draft)


def to_whom(turn: Turn, draft: Notice) -> Reply:
    """Ask whom it is for."""
    buttons = [Button(turn.say(f"recipients.{_name(clause)}"), Action("to", f"{draft.id}.{place}")) for place, clause in enumerate(OFFERED)]
    return Reply(turn.say("notice.to_whom"), (tuple(buttons[:2]), tuple(buttons[2:])))


def _name(clause: Clause) -> str:
    return clause.value or str(clause.by)


@room.button("to", Audience.ADMINISTRATORS, personal=True)
async def chose(turn: Turn, services: Services) -> Reply:
    """One of the offered groups of people, or the wish to choose again."""
    number, _, place = turn.args.partition(".")
    async with services.store.begin() as db:
        draft = await _draft(db, number)
        if draft is None:
            return Reply(turn.say("desk.stale_button"))
        if not (place.isdigit() and len(place) == 1 and int(place) < len(OFFERED)):
            await _expect(db, turn, "to", draft.id)
            return to_whom(turn, draft)
        selection = write_selection(Selection((OFFERED[int(place)],)))
        return await card(turn, services, db, await db.notices.change(draft, selection=selection))


@room.words("notice_to", Audience.ADMINISTRATORS)
async def named(turn: Turn, services: Services) -> Reply:
    """Whom it is for, in words; what is not understood is asked for again."""
    async with services.store.begin() as db:
        draft = await _draft(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await _expect(db, turn, "to", draft.id)
    selection = spoken(turn.args, turn.texts, services)
    async with services.store.begin() as db:
        await choose(db, services, selection)
        await db.conversations.expected(turn.incoming.address, turn.incoming.sender)
        return await card(turn, services, db, await db.notices.change(draft, selection=write_selection(selection)))


@room.button("draft", Audience.ADMINISTRATORS, personal=True)
async def opened(turn: Turn, services: Services) -> Reply:
    """A draft, as it stands."""
    async with services.store.begin() as db:
        draft = await _draft(db, turn.args)
        return await card(turn, services, db, draft) if draft else Reply(turn.say("notice.gone"))


@room.button("change", Audience.ADMINISTRATORS, personal=True)
async def change(turn: Turn, services: Services) -> Reply:
    """What is to be changed: the reference is `id.text`, `id.ask`, `id.KIND`, `id.at` or `id.now`."""
    number, _, what = turn.args.partition(".")
    async with services.store.begin() as db:
        draft = await _draft(db, number)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        if what == "text":
            await _expect(db, turn, "text", draft.id)
            return Reply(turn.say("notice.new_text", limit=TEXT))
        if what == "at":
            await _expect(db, turn, "at", draft.id)
            return Reply(turn.say("notice.when"), ((Button(turn.say("notice.at_once"), Action("change", f"{draft.id}.now")),),))
        if what == "now":
            return await card(turn, services, db, await db.notices.change(draft, at_once=True))
        if what in (Ask.CHOICE, Ask.SURVEY):
            await _expect(db, turn, f"{what}", draft.id)
            return Reply(turn.say("notice.options", least=OPTIONS.start, most=OPTIONS.stop - 1))
        if what in {ask.value for ask in Ask}:
            return await card(turn, services, db, await db.notices.change(draft, wanted=Wanted(Ask(what))))
        buttons = [Button(turn.say(f"notice.kind_{ask}"), Action("change", f"{draft.id}.{ask}")) for ask in Ask]
        return Reply(turn.say("notice.which_ask"), tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)))


@room.words("notice_choice", Audience.ADMINISTRATORS)
async def choices(turn: Turn, services: Services) -> Reply:
    """The choices of a notice that asks for one."""
    return await _options(turn, services, Ask.CHOICE)


@room.words("notice_survey", Audience.ADMINISTRATORS)
async def ballot(turn: Turn, services: Services) -> Reply:
    """The choices of an anonymous survey."""
    return await _options(turn, services, Ask.SURVEY)


async def _options(turn: Turn, services: Services, ask: Ask) -> Reply:
    options = tuple(dict.fromkeys(option.strip() for option in DIVIDED.split(turn.args) if option.strip()))
    async with services.store.begin() as db:
        draft = await _draft(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        if len(options) not in OPTIONS or any(len(option) > OPTION for option in options):
            await _expect(db, turn, str(ask), draft.id)
            return Reply(turn.say("notice.bad_options", least=OPTIONS.start, most=OPTIONS.stop - 1, length=OPTION))
        return await card(turn, services, db, await db.notices.change(draft, wanted=Wanted(ask, options)))


@room.words("notice_at", Audience.ADMINISTRATORS)
async def timed(turn: Turn, services: Services) -> Reply:
    """When it is to leave; what is no time to come is asked for again."""
    at = read_moment(turn.args, turn.now, services.settings.zone)
    async with services.store.begin() as db:
        draft = await _draft(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        if at is None or at <= turn.now:
            await _expect(db, turn, "at", draft.id)
            return Reply(turn.say("notice.no_time" if at is None else "notice.past"))
        return await card(turn, services, db, await db.notices.change(draft, at=at))


async def card(turn: Turn, services: Services, db: Transaction, draft: Notice) -> Reply:
    """A draft with everything that is set, and what can be done with it."""
    chosen = await choose(db, services, read_selection(draft.selection)) if draft.selection else None
    lines = [turn.say("notice.card", id=draft.id), turn.say("answer.quote", text=shorten(draft.text, 120))]
    if chosen is not None:
        lines += counted(turn, draft, chosen)
    lines.append(
        turn.say("notice.asks", what=turn.say(f"notice.kind_{draft.wanted.ask}"), options=turn.say("comma").join(draft.wanted.options))
    )
    lines.append(turn.say("notice.leaves", time=receipt.local(services, draft.at) if draft.at else turn.say("notice.at_once")))
    warned = [kind for kind, _ in found_in(draft.text)]
    if warned:
        kinds = turn.say("comma").join(dict.fromkeys(turn.say(f"notice.caution_{kind}") for kind in warned))
        lines.append(turn.say("notice.caution", count=len(warned), kinds=kinds))
    return Reply("\n".join(lines), _doors(turn, draft, chosen))


def counted(turn: Turn, draft: Notice, chosen: Chosen) -> list[str]:
    """How many people it goes to, some of them by name, and how many cannot be reached."""
    names = turn.say("comma").join(person.name or turn.say("notice.nameless") for person in chosen.people[:SAMPLE])
    lines = [turn.say("notice.to", to=in_words(turn, draft.selection), count=len(chosen.people))]
    if names:
        lines.append(turn.say("notice.sample", names=names))
    if chosen.unreachable:
        lines.append(turn.say("notice.unreachable", count=len(chosen.unreachable)))
    return lines


def in_words(turn: Turn, selection: str) -> str:
    """A selection as people say it."""
    read = read_selection(selection)

    def phrase(clause: Clause) -> str:
        if clause.by is By.FOLLOWERS:
            return turn.say("recipients.followers", name=clause.value)
        if clause.by in (By.UNIT, By.PERSON):
            return clause.value
        return turn.say(f"recipients.{_name(clause)}")

    words = turn.say("comma").join(phrase(clause) for clause in read.plus)
    without = turn.say("comma").join(phrase(clause) for clause in read.minus)
    return turn.say("recipients.without", all=words, without=without) if without else words


def _doors(turn: Turn, draft: Notice, chosen: Chosen | None) -> tuple[tuple[Button, ...], ...]:
    number = draft.id
    send = Button(turn.say("notice.send"), Action("send", f"{number}.{draft.revision}"))
    return (
        (
            Button(turn.say("notice.change_text"), Action("change", f"{number}.text")),
            Button(turn.say("notice.change_to"), Action("to", str(number))),
        ),
        (
            Button(turn.say("notice.change_ask"), Action("change", f"{number}.ask")),
            Button(turn.say("notice.change_at"), Action("change", f"{number}.at")),
        ),
        (
            Button(turn.say("notice.preview"), Action("preview", str(number))),
            *((send,) if chosen is not None and chosen.people else ()),
            Button(turn.say("notice.discard"), Action("discard", f"{number}.{draft.revision}")),
        ),
    )


@room.button("preview", Audience.ADMINISTRATORS, personal=True)
async def preview(turn: Turn, services: Services) -> Reply:
    """The notice as it will look; its buttons answer nothing yet."""
    async with services.store.read() as db:
        draft = await _draft(db, turn.args)
    return receipt.shown(turn, services, draft) if draft else Reply(turn.say("notice.gone"))


@room.button("discard", Audience.ADMINISTRATORS, personal=True)
async def discard(turn: Turn, services: Services) -> Reply:
    """Delete a draft."""
    async with services.store.begin() as db:
        draft = await _seen(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.stale"))
        await db.notices.discard(draft)
        await db.audit.record(turn.person.id, "notice discard", str(draft.id), turn.now)
    return Reply(turn.say("notice.discarded", id=draft.id))


@room.button("send", Audience.ADMINISTRATORS, personal=True)
async def ready(turn: Turn, services: Services) -> Reply:
    """Show what is about to happen and ask for the last word: a press, or with many people their number."""
    async with services.store.begin() as db:
        draft = await _seen(db, turn.args)
        if draft is None or not draft.selection:
            return Reply(turn.say("notice.stale"))
        chosen = await choose(db, services, read_selection(draft.selection))
        count = len(chosen.people)
        if not count:
            return Reply(turn.say("notice.nobody"))
        lines = [turn.say("notice.sure", count=count, time=receipt.local(services, draft.at) if draft.at else turn.say("notice.at_once"))]
        lines += counted(turn, draft, chosen)[1:]
        if count > services.settings.notices.typed_above:
            await _expect(db, turn, "count", draft.id, f"{draft.revision}.{count}")
            return Reply("\n".join([*lines, turn.say("notice.type_count", count=count)]))
    confirm = Button(turn.say("notice.confirm", count=count), Action("confirm", f"{draft.id}.{draft.revision}.{count}"))
    return Reply("\n".join(lines), ((confirm, Button(turn.say("notice.back"), Action("draft", str(draft.id)))),))


@room.words("notice_count", Audience.ADMINISTRATORS)
async def typed(turn: Turn, services: Services) -> Reply:
    """The number of people, typed to confirm a large notice."""
    expected = turn.expected
    assert expected is not None
    revision, _, count = expected.text.partition(".")
    if turn.args.strip() != count:
        return Reply(
            turn.say("notice.not_confirmed", count=count), ((Button(turn.say("notice.back"), Action("draft", expected.reference)),),)
        )
    return await dispatch(turn, services, int(expected.reference), int(revision), int(count))


@room.button("confirm", Audience.ADMINISTRATORS, personal=True)
async def confirmed(turn: Turn, services: Services) -> Reply:
    """The last word on a small notice."""
    parts = turn.args.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return Reply(turn.say("desk.stale_button"))
    notice, revision, count = (int(part) for part in parts)
    return await dispatch(turn, services, notice, revision, count)


async def dispatch(turn: Turn, services: Services, number: int, revision: int, count: int) -> Reply:
    """Send what was confirmed: the draft of that revision, to as many people as were shown."""
    undo = timedelta(seconds=services.settings.notices.undo_seconds)
    async with services.store.begin() as db:
        draft = await db.notices.get(number)
        if draft is None or draft.state is not NoticeState.DRAFT or draft.revision != revision:
            return Reply(turn.say("notice.stale"))
        chosen = await choose(db, services, read_selection(draft.selection))
        if len(chosen.people) != count:
            # Somebody joined or left meanwhile: what is confirmed has to be what was shown.
            return await card(turn, services, db, draft)
        leaves = max(turn.now + undo, draft.at or turn.now)
        sent = await db.notices.confirm(draft, chosen.recipients, leaves, turn.now)
        await db.audit.record(turn.person.id, "notice send", f"{sent.id} people {count}", turn.now)
    services.wake()
    return Reply(_announced(turn, services, draft, leaves, chosen), _after(turn, sent))


def _announced(turn: Turn, services: Services, draft: Notice, leaves: datetime, chosen: Chosen) -> str:
    reachable = len(chosen.people) - len(chosen.unreachable)
    if draft.at is not None:
        return turn.say("notice.scheduled", count=reachable, time=receipt.local(services, leaves))
    return turn.say("notice.leaving", count=reachable, seconds=services.settings.notices.undo_seconds)


def _after(turn: Turn, sent: Notice) -> tuple[tuple[Button, ...], ...]:
    undo = Button(turn.say("notice.undo"), Action("undo", f"{sent.id}.{sent.revision}"))
    return ((undo, Button(turn.say("notice.board"), Action("report", str(sent.id)))),)


@room.button("undo", Audience.ADMINISTRATORS, personal=True)
async def undo(turn: Turn, services: Services) -> Reply:
    """Take a confirmed notice back before anything of it left."""
    async with services.store.begin() as db:
        sent = await _seen(db, turn.args, (NoticeState.SENT, NoticeState.PAUSED))
        if sent is None:
            return Reply(turn.say("notice.stale"))
        draft = await db.notices.undo(sent, turn.now)
        await db.audit.record(turn.person.id, "notice undo", str(sent.id), turn.now)
        shown = await card(turn, services, db, draft)
    return Reply(turn.say("notice.undone") + "\n" + shown.text, shown.buttons)


async def _draft(db: Transaction, reference: str) -> Notice | None:
    """The draft with this id; None where it is none (any more)."""
    number = reference.partition(".")[0]
    notice = await db.notices.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    return notice if notice is not None and notice.state is NoticeState.DRAFT else None


async def _seen(db: Transaction, reference: str, states: Sequence[NoticeState] = (NoticeState.DRAFT,)) -> Notice | None:
    """The notice `id.revision` as it was when the button was drawn; None where it changed since."""
    number, _, revision = reference.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in (number, revision)):
        return None
    notice = await db.notices.get(int(number))
    return notice if notice is not None and notice.state in states and notice.revision == int(revision) else None


async def _expect(db: Transaction, turn: Turn, what: str, notice: int, text: str = "") -> None:
    expectation = Expectation(f"notice_{what}", str(notice), turn.now, text)
    await db.conversations.expect(turn.incoming.address, turn.incoming.sender, expectation)
