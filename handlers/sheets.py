"""The review on the web page: plans with an upload, one version with every sentence beside what was read, and corrections by form."""

from collections.abc import Sequence

from bot.chat import Badge, Block, Form, Kind, Link, Moved, Page, Request, Tone, hidden
from bot.chat import Field as Entry
from bot.errors import Refusal
from bot.plan.mend import Field, Value
from handlers import arrival, mending
from handlers.mending import Target
from handlers.plans import called, change, consequence, front, history, possible
from handlers.reading import (
    days_of,
    found_looks,
    may_change,
    summary,
    whole,
)  # fmt: skip
from handlers.room import Audience, Room, Services, Turn
from handlers.sentences import View, typed_form
from storage.values import PlanState, StoredPlan

TONES = {"explicit": Tone.GOOD, "mended": Tone.GOOD, "exact": Tone.GOOD, "deadline": Tone.GOOD}
STATES = {PlanState.RELEASED: Tone.GOOD, PlanState.DRAFT: Tone.LOOK}

room = Room("sheets")


@room.page("plans", Audience.ADMINISTRATORS)
async def plans_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """All plans, and a form that takes a file or a text."""
    notice, refused = "", False
    if request.posted:
        try:
            return await _taken(turn, request, services)
        except Refusal as refusal:
            notice, refused = turn.say(refusal.key, **refusal.values), True
    async with services.store.read() as db:
        shown = front(await db.plans.every(), turn.person.rank)[::-1]
    upload = Form(
        "plans",
        turn.say("sheet.read"),
        (
            Entry("file", turn.say("sheet.file"), kind=Kind.FILE),
            Entry("text", turn.say("sheet.or_text"), request.values.get("text", ""), Kind.AREA),
        ),
        grave=True,
    )
    blocks = [Block(turn.say("sheet.import"), forms=(upload,))]
    for stored in shown:
        days = days_of(turn, whole(stored.document.plans))
        found = found_looks(services, stored)
        badges = [Badge(turn.say(f"review.state_{stored.state.value}"), STATES.get(stored.state, Tone.PLAIN))]
        if found and may_change(stored):
            badges.append(Badge(turn.say("plans.button_looks", count=len(found)), Tone.LOOK))
        text = turn.say("sheet.plan_row", plan=stored.plan, version=stored.version, days=days, measures=len(stored.document.measures))
        link = Link(turn.say("sheet.open"), "review", {"plan": str(stored.plan), "version": str(stored.version)})
        blocks.append(Block(stored.document.title, text, badges=tuple(badges), links=(link,), card=True))
    if not shown:
        blocks.append(Block(text=turn.say("sheet.no_plans")))
    return Page(turn.say("sheet.plans"), tuple(blocks), notice, refused)


async def _taken(turn: Turn, request: Request, services: Services) -> Moved:
    """A file or a text becomes a draft."""
    text = request.values.get("text", "").strip()
    if request.files and request.files[0].data:
        document = await services.read(request.files[0].name, request.files[0].data)
    elif text:
        document = await services.read(turn.say("arrival.pasted_name"), text.encode())
    else:
        raise Refusal("sheet.nothing_sent")
    imported = await arrival.keep(turn, services, document)
    stored = imported.stored
    return Moved("review", {"plan": str(stored.plan), "version": str(stored.version), "did": f"import_{imported.outcome}"})


@room.page("review", Audience.ADMINISTRATORS)
async def review_page(turn: Turn, request: Request, services: Services) -> Page | Moved:
    """One version of a plan under review."""
    values = request.values
    try:
        plan, version = int(values.get("plan", "")[:9]), int(values.get("version", "")[:9])
    except ValueError:
        raise Refusal("sheet.which_plan") from None
    notice, refused = _said(turn, values.get("did", ""), version), False
    if request.posted:
        try:
            return await _done(turn, request, services, plan, version)
        except Refusal as refusal:
            notice, refused = turn.say(refusal.key, **refusal.values), True
    async with services.store.read() as db:
        stored = await db.plans.get(plan, version)
        versions = await db.plans.versions(plan)
        deeds = await history(turn, services, db, versions)
    view = View(turn, services, stored, values)
    found = found_looks(services, stored)
    show = values.get("show", "") if values.get("show") in ("looks", "all", "mends", "versions") else "looks" if found else "all"
    blocks = [_head(turn, services, stored), *_deeds(turn, services, stored, versions), _tabs(turn, stored, show, len(found))]
    if show == "mends":
        blocks += await view.mends()
    elif show == "versions":
        blocks.append(_versions(turn, versions, deeds))
    else:
        blocks += await view.sentences(show, found)
    return Page(stored.document.title, tuple(blocks), notice, refused, (Link(turn.say("sheet.plans"), "plans"),))


def _said(turn: Turn, did: str, version: int) -> str:
    """What was just done, from the address that a form led to; only words of ours."""
    key = f"sheet.did_{did}"
    return turn.say(key, version=version) if did and turn.texts.has(key) else ""


def _head(turn: Turn, services: Services, stored: StoredPlan) -> Block:
    state = Badge(turn.say(f"review.state_{stored.state.value}"), STATES.get(stored.state, Tone.PLAIN))
    lines = summary(turn, services, stored)[2:]
    rows = tuple((name, words, None) for name, words in mending.document_facts(turn, stored.document))
    forms = []
    if may_change(stored):
        written = {Field.TITLE: stored.document.title, Field.ISSUER: stored.document.issuer, Field.YEAR: str(stored.document.year)}
        for field, measure in mending.document_fields(stored.document):
            now = written.get(field, "")
            aim = Target(field, stored.plan, stored.version, measure, mending.seen_in(stored, Target(field, 0, 0, measure, 0)))
            label = turn.say(f"review.button_{field.value}") + (measure if len(stored.document.plans) > 1 else "")
            forms.append(typed_form(turn, stored, aim, label, now, {}))
    return Block(
        turn.say("sheet.version", plan=stored.plan, version=stored.version),
        "\n".join(lines),
        badges=(state,),
        facts=rows,
        forms=tuple(forms),
    )


def _deeds(turn: Turn, services: Services, stored: StoredPlan, versions: Sequence[StoredPlan]) -> list[Block]:
    """Release, retire, rollback: each says what will happen and wants a tick."""
    forms = []
    for verb in possible(stored, versions):
        fields = (
            *hidden(plan=stored.plan, version=stored.version, do=verb, stand=stored.stand),
            Entry("sure", consequence(turn, services, stored, versions, verb), kind=Kind.TICK, needed=True),
        )
        key = called(stored, verb)
        forms.append(Form("review", turn.say(f"plans.yes_{key}"), fields, True, turn.say(f"plans.button_{key}")))
    return [Block(forms=tuple(forms))] if forms else []


def _tabs(turn: Turn, stored: StoredPlan, show: str, looks: int) -> Block:
    at = {"plan": str(stored.plan), "version": str(stored.version)}
    labels = {
        "looks": turn.say("plans.button_looks", count=looks),
        "all": turn.say("plans.button_each"),
        "mends": turn.say("plans.button_mends", count=len(stored.mends) + len(stored.gone)),
        "versions": turn.say("plans.button_versions"),
    }
    return Block(links=tuple(Link(label, "review", at | {"show": name}, name == show) for name, label in labels.items()))


def _versions(turn: Turn, versions: Sequence[StoredPlan], deeds: Sequence[str]) -> Block:
    links = tuple(
        Link(turn.say("plans.version", version=row.version), "review", {"plan": str(row.plan), "version": str(row.version), "show": "all"})
        for row in versions
    )
    return Block(turn.say("plans.button_versions"), "\n".join(deeds), links=links)


async def _done(turn: Turn, request: Request, services: Services, plan: int, version: int) -> Page | Moved:
    """Do what a form asks for."""
    values = request.values
    at = {"plan": str(plan), "version": str(version)} | {name: values[name] for name in ("show", "page") if name in values}
    do = values.get("do", "")
    if do in ("release", "retire", "rollback"):
        stand = values.get("stand", "")
        if values.get("sure") != "yes" or not (stand.isascii() and stand.isdigit()):
            raise Refusal("sheet.tick")
        done = await change(turn, services, do, plan, version, int(stand[:9]))
        return Moved("review", {"plan": str(plan), "version": str(done.version), "show": "versions", "did": do})
    if do == "undo":
        mend = values.get("mend", "")
        if not (mend.isascii() and mend.isdigit()):
            raise Refusal("mend.undone")
        await mending.undo(turn, services, plan, version, int(mend[:9]))
        return Moved("review", at | {"did": "undo"})
    aim = mending.target(values.get("aim", ""))
    if (aim.plan, aim.version) != (plan, version):
        raise Refusal("desk.stale_button")
    async with services.store.read() as db:
        stored = await db.plans.get(plan, version)
    if do == "set":
        await mending.keep(turn, services, aim, mending.at_once(services, stored, aim))
    elif do == "mend" and values.get("value"):
        await mending.keep(turn, services, aim, mending.unwritten(values["value"]))
    elif do == "mend":
        value, said = mending.read(turn, services, stored, aim, values.get("words", ""))
        return _read_back(turn, stored, aim, value, said, values.get("words", ""), at)
    else:
        raise Refusal("desk.stale_button")
    return Moved("review", at | {"did": "mend_released" if stored.state is PlanState.RELEASED else "mend"})


def _read_back(turn: Turn, stored: StoredPlan, aim: Target, value: Value, said: str, words: str, at: dict[str, str]) -> Page:
    """How typed words were understood, to be kept or written again."""
    place = mending.find(stored, aim.measure)
    sent = hidden(**at, do="mend", aim=aim.pack(), value=mending.written(value))
    keep = Form("review", turn.say("mend.button_keep"), sent, grave=True)
    again = typed_form(turn, stored, aim, turn.say("mend.button_again"), words, {name: at[name] for name in ("show", "page") if name in at})
    block = Block(
        turn.say(f"mend.field_{aim.field.value}"),
        turn.say("mend.read_back", field=turn.say(f"mend.field_{aim.field.value}"), said=said),
        quote=place.measure.text if place else "",
        forms=(keep, again),
    )
    trail = (Link(turn.say("sheet.plans"), "plans"), Link(stored.document.title, "review", at))
    return Page(turn.say("sheet.check"), (block,), trail=trail)
