"""Reviewing a plan in chat: places that want a look, every measure beside its sentence, and corrections with a read-back."""

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.plan.mend import Field, Value
from bot.plan.review import KINDS, bare, sureness
from handlers import mending, plans
from handlers.mending import Target
from handlers.reading import Place as At
from handlers.reading import (
    date_words,
    facts,
    found_looks,
    kind_words,
    may_change,
    mend_words,
    name_of,
    place_of,
    sure_words,
)
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import brief, quotation, shorten, who
from storage.values import Expectation, PlanState, StoredPlan

PAGE = 7
"""Rows shown at once, a line each."""
TYPED = (Field.OWNERS, Field.DATE, Field.RECURRENCE, Field.EVENT, *mending.WHOLE)

room = Room("review")


async def stored_at(services: Services, plan: int, version: int) -> StoredPlan:
    """A version, as people corrected it."""
    async with services.store.read() as db:
        return await db.plans.get(plan, version)


@room.button("looks", Audience.ADMINISTRATORS, personal=True)
async def looks(turn: Turn, services: Services) -> Reply:
    """The places that want a look, a page of them."""
    plan, version, page = numbers_of(turn.args, 3)
    stored = await stored_at(services, plan, version)
    found = found_looks(services, stored)
    if not found:
        return await plans.card(turn, services, stored, turn.say("review.no_looks"))
    shown = found[page * PAGE : (page + 1) * PAGE] or found[:PAGE]
    lines = [turn.say("review.looks_head", count=len(found), title=shorten(stored.document.title, 24))]
    for number, look in enumerate(shown, 1):
        where, text = place_of(look.plan, look.measure), shorten(bare(look.text), 50)
        lines.append(turn.say("review.look_row", number=number, kind=kind_words(turn, look.kind), place=where, text=text))
    rows = numbered(stored, [look.measure.id for look in shown])
    return Reply("\n".join(lines), (*rows, *paging(turn, "looks", stored, page, len(found))))


@room.button("each", Audience.ADMINISTRATORS, personal=True)
async def each(turn: Turn, services: Services) -> Reply:
    """Every measure in the order of the text, a page of them, each with who and when and how sure that is."""
    plan, version, page = numbers_of(turn.args, 3)
    stored = await stored_at(services, plan, version)
    measures = [At(stored, part, measure) for part in stored.document.plans for measure in part.measures]
    shown = measures[page * PAGE : (page + 1) * PAGE] or measures[:PAGE]
    lines = [turn.say("review.each_head", count=len(measures), title=shorten(stored.document.title, 24))]
    for number, at in enumerate(shown, 1):
        name = who(turn, at.measure, short=True)
        if sureness(at.measure) == "inherited":
            name = turn.say("review.sure", words=name, sure=sure_words(turn, at.measure))
        when = date_words(turn, at.measure) if at.measure.date is not None else brief(turn, at.measure) or turn.say("review.no_date")
        lines.append(turn.say("review.each_row", number=number, text=shorten(bare(at.measure.text), 50), who=name, when=when))
    rows = numbered(stored, [at.measure.id for at in shown])
    return Reply("\n".join(lines), (*rows, *paging(turn, "each", stored, page, len(measures))))


def numbered(stored: StoredPlan, measures: list[str]) -> list[tuple[Button, ...]]:
    """A button with its number for each row that is shown."""
    buttons = [
        Button(str(number), Action("one", f"{stored.plan}.{stored.version}.{measure}")) for number, measure in enumerate(measures, 1)
    ]
    return [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]


def paging(turn: Turn, verb: str, stored: StoredPlan, page: int, count: int) -> list[tuple[Button, ...]]:
    """Back, forth, and to the plan."""
    at = f"{stored.plan}.{stored.version}"
    row = []
    if page:
        row.append(Button(turn.say("page.back"), Action(verb, f"{at}.{page - 1}")))
    if count > (page + 1) * PAGE:
        row.append(Button(turn.say("page.more"), Action(verb, f"{at}.{page + 1}")))
    row.append(Button(turn.say("review.to_plan"), Action("plan", at)))
    return [tuple(row)]


@room.button("one", Audience.ADMINISTRATORS, personal=True)
async def one(turn: Turn, services: Services) -> Reply:
    """One measure beside its sentence."""
    head, _, measure = turn.args.rpartition(".")
    plan, version = numbers_of(head, 2)
    return await measure_card(turn, services, await stored_at(services, plan, version), measure)


async def measure_card(turn: Turn, services: Services, stored: StoredPlan, measure: str, head: str = "") -> Reply:
    """Everything read from one sentence, how sure it is, and buttons to correct it."""
    at = mending.find(stored, measure)
    if at is None:
        raise Refusal("mend.no_sentence")
    lines = ([head] if head else []) + [
        turn.say("review.where", place=place_of(at.plan, at.measure), plan=stored.plan, version=stored.version),
        quotation(turn, turn.person, at.measure.text),
    ]
    for name, words, sure in facts(turn, at):
        lines.append(turn.say("review.fact_sure" if sure else "review.fact", name=name, words=words, sure=sure))
    found = found_looks(services, stored)
    kinds = list(dict.fromkeys(look.kind for look in found if look.measure.id == measure))
    if kinds:
        lines.append(turn.say("review.look_at", kinds=turn.say("comma").join(kind_words(turn, kind) for kind in kinds)))
    rows: list[tuple[Button, ...]] = []
    if may_change(stored):
        seen = mending.seen_in(stored, Target(Field.DROP, stored.plan, stored.version, measure, 0))

        def button(field: Field, number: int = 0, verb: str = "mend", label: str = "") -> Button:
            aim = Target(field, stored.plan, stored.version, measure, seen, number)
            return Button(label or turn.say(f"review.button_{field.value}"), Action(verb, aim.pack()))

        rows.append((button(Field.OWNERS), button(Field.DATE)))
        events = [event for event in at.plan.events if event.measure == measure]
        rows.append((button(Field.RECURRENCE), *(button(Field.EVENT, number) for number in range(len(events[:1])))))
        accepted = []
        for kind in kinds[:2]:
            label = turn.say("review.button_accept", kind=kind_words(turn, kind))
            if kind in KINDS:
                accepted.append(button(Field.ACCEPT, KINDS.index(kind), "set", label))
        rows.append((button(Field.DROP, verb="set"), *accepted))
        if "unknown unit" in kinds:
            known = Button(turn.say("register.button"), Action("stranger", f"{stored.plan}.{stored.version}.{measure}"))
            rows.append((known,))
    back = f"{stored.plan}.{stored.version}"
    last = [Button(turn.say("review.to_plan"), Action("plan", back))]
    if found:
        last.insert(0, Button(turn.say("plans.button_looks", count=len(found)), Action("looks", f"{back}.0")))
    rows.append(tuple(last))
    return Reply("\n".join(lines), tuple(rows))


@room.button("facts", Audience.ADMINISTRATORS, personal=True)
async def document_facts(turn: Turn, services: Services) -> Reply:
    """Title, issuer, year and days of a document, each a tap away from being corrected."""
    plan, version = numbers_of(turn.args, 2)
    stored = await stored_at(services, plan, version)
    document = stored.document
    told = (turn.say("review.fact", name=name, words=words) for name, words in mending.document_facts(turn, document))
    lines = [name_of(turn, stored), *told]
    buttons = []
    for field, measure in mending.document_fields(document):
        seen = mending.seen_in(stored, Target(field, plan, version, measure, 0))
        aim = Target(field, plan, version, measure, seen)
        label = turn.say(f"review.button_{field.value}") + (measure if len(document.plans) > 1 else "")
        buttons.append(Button(label, Action("mend", aim.pack())))
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons[:9]), 3)]
    return Reply("\n".join(lines), (*rows, (Button(turn.say("review.to_plan"), Action("plan", turn.args)),)))


@room.button("mend", Audience.ADMINISTRATORS, personal=True)
async def mend(turn: Turn, services: Services) -> Reply:
    """Ask for the words of a correction."""
    aim = mending.target(turn.args)
    if aim.field not in TYPED:
        raise Refusal("desk.stale_button")
    mending.spot(await stored_at(services, aim.plan, aim.version), aim)
    async with services.store.begin() as db:
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("mend", turn.args, turn.now))
    return Reply(turn.say(f"mend.ask_{aim.field.value}"))


@room.words("mend", Audience.ADMINISTRATORS)
async def mend_typed(turn: Turn, services: Services) -> Reply:
    """Read the words of a correction and read them back; what cannot be read may be typed again."""
    assert turn.expected is not None, "words come with what they were asked for"
    aim = mending.target(turn.expected.reference)
    stored = await stored_at(services, aim.plan, aim.version)
    try:
        value, said = mending.read(turn, services, stored, aim, turn.args)
    except Refusal as refusal:
        async with services.store.begin() as db:
            await db.conversations.expect(turn.incoming.address, turn.incoming.sender, Expectation("mend", aim.pack(), turn.now))
        return Reply(turn.say(refusal.key, **refusal.values))
    async with services.store.begin() as db:
        kept = Expectation("mend", aim.pack(), turn.now, mending.written(value))
        await db.conversations.expect(turn.incoming.address, turn.incoming.sender, kept)
    again = Button(turn.say("mend.button_again"), Action("mend", aim.pack()))
    buttons = (Button(turn.say("mend.button_keep"), Action("keep", aim.pack())), again)
    return Reply(turn.say("mend.read_back", field=turn.say(f"mend.field_{aim.field.value}"), said=said), (buttons,))


@room.button("keep", Audience.ADMINISTRATORS, personal=True)
async def keep(turn: Turn, services: Services) -> Reply:
    """Keep a correction that was read back."""
    aim = mending.target(turn.args)
    waiting = turn.expected
    if waiting is None or waiting.verb != "mend" or waiting.reference != turn.args or not waiting.text:
        raise Refusal("desk.stale_button")
    return await kept(turn, services, aim, mending.unwritten(waiting.text))


@room.button("set", Audience.ADMINISTRATORS, personal=True)
async def set_at_once(turn: Turn, services: Services) -> Reply:
    """What needs no words: a sentence that is no measure, a place that is right as it stands. It can be undone."""
    aim = mending.target(turn.args)
    stored = await stored_at(services, aim.plan, aim.version)
    return await kept(turn, services, aim, mending.at_once(services, stored, aim))


async def kept(turn: Turn, services: Services, aim: Target, value: Value) -> Reply:
    """Write it, and show what there is now."""
    stored = await mending.keep(turn, services, aim, value)
    key = "mend.kept_released" if stored.state is PlanState.RELEASED else "mend.kept"
    head = turn.say(key, field=turn.say(f"mend.field_{aim.field.value}"))
    if aim.field in mending.WHOLE or aim.field is Field.DROP:
        reply = await plans.card(turn, services, stored, head)
    else:
        reply = await measure_card(turn, services, stored, aim.measure, head)
    undo = Button(turn.say("mend.button_undo"), Action("unmend", f"{aim.plan}.{aim.version}.{stored.stand}"))
    return Reply(reply.text, ((undo,), *reply.buttons), place=Place.NEW)


@room.button("mends", Audience.ADMINISTRATORS, personal=True)
async def mends(turn: Turn, services: Services) -> Reply:
    """The corrections in a version, the latest first, then those whose sentence it does not hold; each can be undone."""
    plan, version, page = numbers_of(turn.args, 3)
    stored = await stored_at(services, plan, version)
    rows = [*stored.mends[::-1], *stored.gone[::-1]]
    shown = rows[page * PAGE : (page + 1) * PAGE] or rows[:PAGE]
    if not shown:
        return await plans.card(turn, services, stored, turn.say("mend.none"))
    lines = [turn.say("mend.list", count=len(rows), name=name_of(turn, stored))]
    buttons = []
    async with services.store.read() as db:
        for number, made in enumerate(shown, 1):
            who = await db.people.get(made.person) if made.person else None
            lines.append(f"{number}. {mend_words(turn, services, made, who)}")
            if made.spot.words:
                key = "mend.of_gone" if made in stored.gone else "mend.of"
                lines.append(turn.say(key, text=shorten(bare(made.spot.words), 40)))
            buttons.append(Button(turn.say("mend.button_undo_one", number=number), Action("unmend", f"{plan}.{version}.{made.id}")))
    grouped = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    return Reply("\n".join(lines), (*grouped, *paging(turn, "mends", stored, page, len(rows))))


@room.button("unmend", Audience.ADMINISTRATORS, personal=True)
async def unmend(turn: Turn, services: Services) -> Reply:
    """Take a correction back."""
    plan, version, made = numbers_of(turn.args, 3)
    stored, undone = await mending.undo(turn, services, plan, version, made)
    head = turn.say("mend.is_undone", field=turn.say(f"mend.field_{undone.field.value}"))
    return await plans.card(turn, services, stored, head)
