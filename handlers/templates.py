"""Templates of notices: kept from a draft or written on the page, checked before they are kept, and used wherever notices are written."""

from dataclasses import replace

from bot.chat import Action, Block, Button, Form, Kind, Link, Moved, Page, Reply, Request, hidden
from bot.chat import Field as Entry
from bot.errors import Refusal
from bot.notice.asks import Wanted
from handlers.checks import TEXT, check_text
from handlers.draft import asked, card, draft_of, expect, in_words
from handlers.notice import to_whom
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import LABEL_LENGTH, shorten
from storage.store import Transaction
from storage.templates import Template
from storage.values import Notice

NAME = 30
"""Characters of a template's name."""

room = Room("templates")


def checked_name(name: str) -> str:
    """The name in one line; Refusal where it is empty or too long."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME:
        raise Refusal("template.name", most=NAME)
    return name


@room.button("templates", Audience.ADMINISTRATORS, personal=True)
async def listed(turn: Turn, services: Services) -> Reply:
    """範本: all of them, each with a button."""
    async with services.store.read() as db:
        found = await db.templates.every()
    rows = tuple((Button(shorten(one.name, LABEL_LENGTH), Action("template", str(one.id))),) for one in found)
    return Reply(turn.say("template.which" if found else "template.none"), rows)


@room.button("template", Audience.ADMINISTRATORS, personal=True)
async def shown(turn: Turn, services: Services) -> Reply:
    """One template in full, to be used or deleted."""
    async with services.store.read() as db:
        found = await _get(db, turn.args)
    lines = [turn.say("template.head", name=found.name), turn.say("answer.quote", text=found.text), *about(turn, found)]
    use = Button(turn.say("template.use"), Action("use_template", str(found.id)))
    drop = Button(turn.say("template.drop"), Action("drop_template", str(found.id)))
    return Reply("\n".join(lines), ((use, drop), (Button(turn.say("notice.back"), Action("templates")),)))


def about(turn: Turn, template: Template) -> list[str]:
    """What a template asks for, and whom it is for where it says."""
    return asked(turn, template.wanted) + ([turn.say("notices.to", to=in_words(turn, template.selection))] if template.selection else [])


async def _get(db: Transaction, reference: str) -> Template:
    found = await db.templates.get(numbers_of(reference, 1)[0])
    if found is None:
        raise Refusal("template.gone")
    return found


@room.button("use_template", Audience.ADMINISTRATORS, personal=True)
async def used(turn: Turn, services: Services) -> Reply:
    """A new draft from a template; whom it is for is asked where the template does not say."""
    async with services.store.begin() as db:
        draft = await use(turn, db, await _get(db, turn.args))
        if draft.selection:
            return await card(turn, services, db, draft)
        await expect(db, turn, "to", draft.id)
        return to_whom(turn, draft)


async def use(turn: Turn, db: Transaction, template: Template) -> Notice:
    """A new draft from a template."""
    draft = await db.notices.draft(turn.person.id, template.text, turn.now)
    return await db.notices.change(draft, selection=template.selection, wanted=template.wanted)


@room.button("drop_template", Audience.ADMINISTRATORS, personal=True)
async def drop(turn: Turn, services: Services) -> Reply:
    """Delete a template; what was made of it stays."""
    return Reply(turn.say("template.dropped", name=(await _drop(turn, services, turn.args)).name))


async def _drop(turn: Turn, services: Services, reference: str) -> Template:
    async with services.store.begin() as db:
        found = await _get(db, reference)
        await db.templates.drop(found.id)
        await db.audit.record(turn.person.id, "template drop", str(found.id), turn.now)
    return found


@room.button("keep_template", Audience.ADMINISTRATORS, personal=True)
async def keep(turn: Turn, services: Services) -> Reply:
    """存為範本: ask for its name."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.args)
        if draft is None:
            return Reply(turn.say("notice.gone"))
        await expect(db, turn, "template", draft.id)
    return Reply(turn.say("template.ask_name", most=NAME))


@room.words("notice_template", Audience.ADMINISTRATORS)
async def named(turn: Turn, services: Services) -> Reply:
    """The name of a template that is made of a draft; one of that name is replaced."""
    async with services.store.begin() as db:
        draft = await draft_of(db, turn.expected.reference if turn.expected else "")
        if draft is None:
            return Reply(turn.say("notice.gone"))
        try:
            name = checked_name(turn.args)
        except Refusal as refusal:
            await expect(db, turn, "template", draft.id)
            return Reply(turn.say(refusal.key, **refusal.values))
        kept = await _keep(turn, db, name, draft.text, draft.selection, draft.wanted)
        shown = await card(turn, services, db, draft)
    return Reply(turn.say("template.kept", name=kept.name) + "\n\n" + shown.text, shown.buttons)


async def _keep(turn: Turn, db: Transaction, name: str, text: str, selection: str, wanted: Wanted) -> Template:
    plain = replace(wanted, until=None)
    kept = await db.templates.keep(name, check_text(text), selection, plain, turn.person.id, turn.now)
    await db.audit.record(turn.person.id, "template keep", str(kept.id), turn.now)
    return kept


@room.page("templates", Audience.ADMINISTRATORS)
async def templates_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """All templates, each to be used, changed or deleted, and a form for a new one."""
    values, said, refused = request.values, "", False
    if request.posted:
        try:
            return await _done(turn, request, services)
        except Refusal as refusal:
            said, refused = turn.say(refusal.key, **refusal.values), True
    async with services.store.read() as db:
        found = await db.templates.every()
    typed = values if refused and values.get("do") == "keep" else {}
    blocks = [
        Block(
            turn.say("template.new"),
            turn.say("template.how", limit=TEXT),
            forms=(_form(turn, typed.get("name", ""), typed.get("text", "")),),
        )
    ]
    for one in found:
        use = Form("templates", turn.say("template.use"), hidden(do="use", id=one.id), grave=True)
        change = _form(turn, one.name, one.text, turn.say("template.change"), str(one.id))
        sure = Entry("sure", turn.say("template.sure"), kind=Kind.TICK, needed=True)
        gone = Form("templates", turn.say("template.drop"), (*hidden(do="drop", id=one.id), sure), True, turn.say("template.drop"))
        blocks.append(Block(one.name, "\n".join(about(turn, one)), quote=one.text, forms=(use, change, gone), card=True))
    return Page(turn.say("template.title"), tuple(blocks), said, refused, (Link(turn.say("notices.title"), "notices"),))


def _form(turn: Turn, name: str, text: str, summary: str = "", number: str = "") -> Form:
    title = Entry("name", turn.say("template.ask_name", most=NAME), name, needed=True)
    area = Entry("text", turn.say("writing.text", limit=TEXT), text, Kind.AREA, needed=True)
    return Form("templates", turn.say("template.keep"), (*hidden(do="keep", id=number), title, area), summary=summary)


async def _done(turn: Turn, request: Request, services: Services) -> Moved:
    values, do = request.values, request.values.get("do", "")
    if do == "drop":
        if values.get("sure") != "yes":
            raise Refusal("sheet.tick")
        await _drop(turn, services, values.get("id", ""))
        return Moved("templates")
    async with services.store.begin() as db:
        if do == "use":
            draft = await use(turn, db, await _get(db, values.get("id", "")))
            return Moved("write", {"notice": str(draft.id)})
        if do != "keep":
            raise Refusal("desk.stale_button")
        former = await _get(db, values["id"]) if values.get("id") else None
        name = checked_name(values.get("name", ""))
        if (there := await db.templates.named(name)) is not None and (former is None or there.id != former.id):
            raise Refusal("template.taken", name=name)
        selection, wanted = (former.selection, former.wanted) if former else ("", Wanted())
        if former is not None and former.name != name:
            await db.templates.drop(former.id)
        await _keep(turn, db, name, values.get("text", ""), selection, wanted)
    return Moved("templates")
