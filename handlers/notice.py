"""Writing a notice: the text, whom it is for, what it asks, until when, and when it leaves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.notice.asks import OPTIONS, QUESTIONS, Ask, asking
from bot.notice.recipients import Selection, write_selection
from handlers.attach import add, take
from handlers.checks import OFFERED, TEXT, check_text
from handlers.departure import leaving, read_departure, read_end
from handlers.draft import attachments, card, draft_of, expect, name_of, seen
from handlers.recipients import choose, spoken
from handlers.room import Audience, Room, Services, Turn
from handlers.wording import LABEL_LENGTH, shorten
from storage.values import Notice, NoticeState

room = Room("notice")


@room.command("notice", Audience.ADMINISTRATORS, personal=True)
async def begin(turn: Turn, services: Services) -> Reply:
    """`/notice` asks for the text and shows open drafts; `/notice TEXT` starts with the text."""
    if turn.args:
        # Whatever the next words were asked for: this is another notice.
        return await _write(turn, services, 0)
    async with services.store.begin() as db:
        await expect(db, turn, "text", 0)
        drafts = [row for row in await db.notices.every() if row.state is NoticeState.DRAFT][:5]
        series, templates = (await db.notices.series())[-5:], await db.templates.every()
    rows = [(Button(shorten(row.text, LABEL_LENGTH), Action("draft", str(row.id))),) for row in drafts]
    rows += [(Button(shorten(turn.say("notice.going") + row.text, LABEL_LENGTH), Action("series", str(row.id))),) for row in series]
    rows += [(Button(turn.say("template.button"), Action("templates")),)] if templates else []
    lines = [turn.say("notice.begin", limit=TEXT)] + ([turn.say("notice.drafts")] if drafts else [])
    return Reply("\n".join(lines), tuple(rows))


@room.words("notice_text", Audience.ADMINISTRATORS, long=True, files=True)
async def written(turn: Turn, services: Services) -> Reply:
    """The text of a new draft, or the new text of one; of a picture or document its caption, and the file goes with it."""
    assert turn.expected is not None
    return await _write(turn, services, int(turn.expected.reference))


async def _write(turn: Turn, services: Services, notice: int) -> Reply:
    text = turn.args.strip()
    if not text:
        async with services.store.begin() as db:
            await expect(db, turn, "text", notice)
        return Reply(turn.say("notice.text_first"))
    held = await take(services, turn.incoming.files)
    async with services.store.begin() as db:
        try:
            text = check_text(text)
        except Refusal as refusal:
            await expect(db, turn, "text", notice)
            return Reply(turn.say(refusal.key, **refusal.values))
        found = await db.notices.get(notice) if notice else None
        draft = await db.notices.change(found, text=text) if found else await db.notices.draft(turn.person.id, text, turn.now)
        if held:
            await add(db, draft, held)
            draft = await db.notices.get(draft.id) or draft
        if not draft.selection:
            await expect(db, turn, "to", draft.id)
            return to_whom(turn, draft)
        return await card(turn, services, db, draft)


def to_whom(turn: Turn, draft: Notice) -> Reply:
    """Ask whom it is for."""
    buttons = [
        Button(turn.say(f"recipients.{name_of(clause)}"), Action("to", f"{draft.id}.{place}")) for place, clause in enumerate(OFFERED)
    ]
    by_list = Button(turn.say("list.button"), Action("list", str(draft.id)))
    return Reply(turn.say("notice.to_whom"), (tuple(buttons[:2]), tuple(buttons[2:]), (by_list,)))


@room.button("to", Audience.ADMINISTRATORS, personal=True)
async def chose(turn: Turn, services: Services) -> Reply:
    """One of the offered groups of people, or the wish to choose again."""
    number, _, place = turn.args.partition(".")
    async with services.store.begin() as db:
        draft = await draft_of(db, number)
        if draft is None:
            raise Refusal("desk.stale_button")
        if not (place.isdecimal() and len(place) == 1 and int(place) < len(OFFERED)):
            await expect(db, turn, "to", draft.id)
            return to_whom(turn, draft)
        selection = write_selection(Selection((OFFERED[int(place)],)))
        return await card(turn, services, db, await db.notices.change(draft, selection=selection))


@room.words("notice_to", Audience.ADMINISTRATORS, files=True)
async def named(turn: Turn, services: Services) -> Reply:
    """Whom it is for, in words; what is not understood is asked for again. The further pictures of an album go with the draft."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await expect(db, turn, "to", draft.id)
    if turn.incoming.files:
        held = await take(services, turn.incoming.files)
        async with services.store.begin() as db:
            files = await add(db, draft, held)
        asked = to_whom(turn, draft)
        return Reply(f"{attachments(turn, files)}\n{asked.text}", asked.buttons)
    selection = spoken(turn.args, turn.texts, services)
    async with services.store.begin() as db:
        await choose(db, services, selection)
        await db.conversations.expected(turn.incoming.address, turn.incoming.sender)
        return await card(turn, services, db, await db.notices.change(draft, selection=write_selection(selection)))


@room.button("draft", Audience.ADMINISTRATORS, personal=True)
async def opened(turn: Turn, services: Services) -> Reply:
    """A draft, as it stands."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.args)
        return await card(turn, services, db, draft) if draft else Reply(turn.say("notice.gone"))


@room.button("change", Audience.ADMINISTRATORS, personal=True)
async def change(turn: Turn, services: Services) -> Reply:
    """What is to be changed: the reference is `id.text`, `id.ask`, `id.KIND`, `id.at`, `id.now`, `id.until` or `id.open`."""
    number, _, what = turn.args.partition(".")
    async with services.store.begin() as db:
        draft = await draft_of(db, number)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        if what == "text":
            await expect(db, turn, "text", draft.id)
            return Reply(turn.say("notice.new_text", limit=TEXT))
        if what == "at":
            await expect(db, turn, "at", draft.id)
            return Reply(turn.say("notice.when"), ((Button(turn.say("notice.at_once"), Action("change", f"{draft.id}.now")),),))
        if what == "now":
            return await card(turn, services, db, await db.notices.change(draft, at_once=True))
        if what == "until":
            await expect(db, turn, "until", draft.id)
            return Reply(turn.say("notice.until_when"), ((Button(turn.say("notice.open_end"), Action("change", f"{draft.id}.open")),),))
        if what == "open":
            return await card(turn, services, db, await db.notices.change(draft, wanted=replace(draft.wanted, until=None)))
        if what in (Ask.CHOICE, Ask.SURVEY, Ask.QUESTIONS):
            await expect(db, turn, what, draft.id)
            several = turn.say("ballot.write", most=QUESTIONS.stop - 1)
            return Reply(several if what == Ask.QUESTIONS else turn.say("notice.options", least=OPTIONS.start, most=OPTIONS.stop - 1))
        if what in {ask.value for ask in Ask}:
            return await card(turn, services, db, await db.notices.change(draft, wanted=asking(Ask(what), "", draft.wanted.until)))
        buttons = [Button(turn.say(f"notice.kind_{ask}"), Action("change", f"{draft.id}.{ask}")) for ask in Ask]
        return Reply(turn.say("notice.which_ask"), tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)))


@room.words("notice_choice", Audience.ADMINISTRATORS)
@room.words("notice_survey", Audience.ADMINISTRATORS)
@room.words("notice_questions", Audience.ADMINISTRATORS, long=True)
async def options(turn: Turn, services: Services) -> Reply:
    """The choices of a notice that asks for one or of an anonymous survey, or the questions of a questionnaire, one a line."""
    assert turn.expected is not None
    ask = Ask(turn.expected.verb.removeprefix("notice_"))
    return await _heard(turn, services, ask, lambda draft: {"wanted": asking(ask, turn.args, draft.wanted.until)})


async def _heard(turn: Turn, services: Services, what: str, read: Callable[[Notice], dict[str, Any]]) -> Reply:
    """Change a draft by what somebody wrote, as `read` understands it; what is refused is asked for again."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        try:
            change = read(draft)
        except Refusal as refusal:
            await expect(db, turn, what, draft.id)
            return Reply(turn.say(refusal.key, **refusal.values))
        return await card(turn, services, db, await db.notices.change(draft, **change))


@room.words("notice_until", Audience.ADMINISTRATORS)
async def limited(turn: Turn, services: Services) -> Reply:
    """Until when people may answer; what is no time to come, or before the notice leaves, is asked for again."""

    def read(draft: Notice) -> dict[str, Any]:
        return {"wanted": replace(draft.wanted, until=read_end(turn.args, leaving(draft), turn.now, services))}

    return await _heard(turn, services, "until", read)


@room.words("notice_at", Audience.ADMINISTRATORS)
async def timed(turn: Turn, services: Services) -> Reply:
    """When it is to leave; what is no time to come is asked for again."""
    return await _heard(turn, services, "at", lambda draft: read_departure(turn.args, draft.wanted, turn.now, services).change)


@room.button("discard", Audience.ADMINISTRATORS, personal=True)
async def discard(turn: Turn, services: Services) -> Reply:
    """Delete a draft."""
    async with services.store.begin() as db:
        draft = await seen(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.stale"))
        await db.notices.discard(draft)
        await db.files.sweep()
        await db.audit.record(turn.person.id, "notice discard", str(draft.id), turn.now)
    return Reply(turn.say("notice.discarded", id=draft.id))
