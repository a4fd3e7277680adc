"""Plans and their versions: what there is, what was understood of each, and putting them in and out of use, with a second tap."""

from collections.abc import Sequence

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.people import Rank
from handlers import export
from handlers.reading import days_of, found_looks, may_change, name_of, named, summary, whole
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import shorten
from storage.store import Transaction
from storage.values import PlanState, StoredPlan

PAGE = 8
"""Plans shown at once."""
VERBS = ("release", "retire", "rollback")

room = Room("plans")


@room.command("plans", Audience.STAFF)
async def plans(turn: Turn, services: Services) -> Reply:
    """The plans in use; for administrators drafts too."""
    return await show_list(turn, services, 0)


@room.button("plans", Audience.STAFF)
async def plans_page(turn: Turn, services: Services) -> Reply:
    """Another page of the list."""
    return await show_list(turn, services, numbers_of(turn.args, 1)[0])


def front(versions: Sequence[StoredPlan], rank: Rank) -> list[StoredPlan]:
    """Of each plan the version to show: for administrators a waiting draft first, else the one in use; retired ones to them alone."""
    shown: list[StoredPlan] = []
    for plan in dict.fromkeys(row.plan for row in versions):
        rows = [row for row in versions if row.plan == plan]
        released = next((row for row in rows if row.state is PlanState.RELEASED), None)
        if rank >= Rank.ADMINISTRATOR:
            draft = next((row for row in rows if row.state is PlanState.DRAFT and (not released or row.version > released.version)), None)
            shown.append(draft or released or rows[0])
        elif released:
            shown.append(released)
    return shown


async def show_list(turn: Turn, services: Services, page: int) -> Reply:
    """One page of the plans, the newest first."""
    async with services.store.read() as db:
        shown = front(await db.plans.every(), turn.person.rank)[::-1]
    administrator = turn.person.rank >= Rank.ADMINISTRATOR
    extra: list[Button] = []
    if administrator:
        extra.append(Button(turn.say("arrival.button_paste"), Action("paste")))
        if services.pages(turn.incoming.address.channel):
            extra.append(Button(turn.say("plans.button_page"), url="page/plans"))
    if not shown:
        return Reply(turn.say("plans.none_yet" if administrator else "find.no_plan"), (tuple(extra),) if extra else ())
    rows = shown[page * PAGE : (page + 1) * PAGE]
    lines = [turn.say("plans.head", count=len(shown))]
    for number, stored in enumerate(rows, page * PAGE + 1):
        days = days_of(turn, whole(stored.document.plans))
        lines.append(turn.say("plans.row", number=number, name=name_of(turn, stored), days=days, measures=len(stored.document.measures)))
    if administrator:
        lines.append(turn.say("plans.how_to_import"))
    buttons: list[tuple[Button, ...]] = [
        (Button(shorten(f"{number}. {stored.document.title}", 24), Action("plan", f"{stored.plan}.{stored.version}")),)
        for number, stored in enumerate(rows, page * PAGE + 1)
    ]
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("plans", str(page - 1))))
    if len(shown) > (page + 1) * PAGE:
        paging.append(Button(turn.say("page.more"), Action("plans", str(page + 1))))
    if paging:
        buttons.append(tuple(paging))
    if extra:
        buttons.append(tuple(extra))
    return Reply("\n".join(lines), tuple(buttons))


@room.button("plan", Audience.STAFF)
async def plan_pressed(turn: Turn, services: Services) -> Reply:
    """One version: what was understood of it, and what can be done with it."""
    plan, version = numbers_of(turn.args, 2)
    async with services.store.read() as db:
        stored = await db.plans.get(plan, version)
    if turn.person.rank < Rank.ADMINISTRATOR and stored.state is not PlanState.RELEASED:
        raise Refusal("desk.stale_button")
    return await card(turn, services, stored)


async def card(turn: Turn, services: Services, stored: StoredPlan, head: str = "") -> Reply:
    """A version in words with its buttons."""
    lines = ([head] if head else []) + summary(turn, services, stored)
    files = export.buttons(turn, stored.plan, stored.version)
    if turn.person.rank < Rank.ADMINISTRATOR:
        return Reply("\n".join(lines[:-1] if stored.gone else lines), (files,))
    at = f"{stored.plan}.{stored.version}"
    found = found_looks(services, stored)
    rows: list[tuple[Button, ...]] = []
    if may_change(stored):
        first = [Button(turn.say("plans.button_each"), Action("each", f"{at}.0"))]
        if found:
            first.insert(0, Button(turn.say("plans.button_looks", count=len(found)), Action("looks", f"{at}.0")))
        rows.append(tuple(first))
        second = [Button(turn.say("plans.button_facts"), Action("facts", at))]
        if stored.mends or stored.gone:
            count = len(stored.mends) + len(stored.gone)
            second.append(Button(turn.say("plans.button_mends", count=count), Action("mends", f"{at}.0")))
        rows.append(tuple(second))
    async with services.store.read() as db:
        versions = await db.plans.versions(stored.plan)
    deeds = [
        Button(turn.say(f"plans.button_{called(stored, verb)}"), Action("ask_" + verb, f"{at}.{stored.stand}"))
        for verb in possible(stored, versions)
    ]
    if deeds:
        rows.append(tuple(deeds))
    last = [Button(turn.say("plans.button_versions"), Action("versions", f"{stored.plan}"))]
    if services.pages(turn.incoming.address.channel):
        last.append(Button(turn.say("plans.button_page"), url=f"page/review?plan={stored.plan}&version={stored.version}"))
    rows += [tuple(last), files]
    further = []
    if stored.version > 1:
        further.append(Button(turn.say("plans.button_compare"), Action("compare_versions", f"{stored.plan}v{stored.version}p0")))
    if stored.state is not PlanState.DRAFT:
        further.append(Button(turn.say("plans.button_rollover"), Action("rollover", f"{at}.0")))
    if further:
        rows.append(tuple(further))
    return Reply("\n".join(lines), tuple(rows))


def called(stored: StoredPlan, verb: str) -> str:
    """The last part of a deed's text keys: to retire what was never in use is to drop it."""
    return "drop" if verb == "retire" and stored.state is PlanState.DRAFT else verb


def possible(stored: StoredPlan, versions: Sequence[StoredPlan]) -> list[str]:
    """What can be done with a version as it stands: release, retire, rollback."""
    if stored.state is PlanState.DRAFT:
        released = next((row for row in versions if row.state is PlanState.RELEASED), None)
        return ["release", "retire"] if released is None or stored.version > released.version else []
    if stored.state is PlanState.RELEASED:
        earlier = any(row.state is PlanState.SUPERSEDED and row.released_at for row in versions)
        return ["retire", "rollback"] if earlier else ["retire"]
    if stored.state is PlanState.RETIRED and not any(row.state is PlanState.RELEASED for row in versions):
        return ["release"]
    return []


@room.button("versions", Audience.ADMINISTRATORS, personal=True)
async def versions(turn: Turn, services: Services) -> Reply:
    """The versions of a plan: when each was read, put in use and replaced, and by whom."""
    (plan,) = numbers_of(turn.args, 1)
    async with services.store.read() as db:
        rows = await db.plans.versions(plan)
        lines = [turn.say("plans.versions", title=rows[0].document.title, plan=plan), *await history(turn, services, db, rows)]
    buttons = [Button(turn.say("plans.version", version=row.version), Action("plan", f"{plan}.{row.version}")) for row in rows[:8]]
    return Reply("\n".join(lines), tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)))


async def history(turn: Turn, services: Services, db: Transaction, rows: Sequence[StoredPlan]) -> list[str]:
    """A line a version, and a line for each thing that was done with it, with who and when; the newest first."""
    lines = []
    for row in rows:
        state = turn.say(f"review.state_{row.state.value}")
        lines.append(turn.say("plans.version_row", version=row.version, state=state, measures=len(row.document.measures)))
        for entry in await db.audit.about(f"plan {row.plan} version {row.version}"):
            key = f"plans.deed_{entry.action.replace(' ', '_')}"
            if turn.texts.has(key):
                who = await db.people.get(entry.who) if entry.who else None
                day = entry.at.astimezone(services.settings.zone).strftime("%Y-%m-%d %H:%M")
                lines.append(turn.say("plans.deed", deed=turn.say(key), who=named(turn, who), day=day))
    return lines


async def confirm(turn: Turn, services: Services, verb: str) -> Reply:
    """Ask once more before a version goes in or out of use, and say what will happen."""
    plan, version, stand = numbers_of(turn.args, 3)
    async with services.store.read() as db:
        stored = await db.plans.get(plan, version)
        versions = await db.plans.versions(plan)
    check(stored, versions, verb, stand)
    text = f"{name_of(turn, stored)}\n{consequence(turn, services, stored, versions, verb)}"
    yes = Button(turn.say(f"plans.yes_{called(stored, verb)}"), Action(verb, turn.args))
    no = Button(turn.say("plans.no"), Action("plan", f"{plan}.{version}"))
    return Reply(text, ((yes, no),), place=Place.REPLACE)


def consequence(turn: Turn, services: Services, stored: StoredPlan, versions: Sequence[StoredPlan], verb: str) -> str:
    """What people will see once it is done."""
    released = next((row for row in versions if row.state is PlanState.RELEASED), None)
    if verb == "release":
        count = len(found_looks(services, stored))
        lines = [turn.say("plans.will_replace", version=released.version) if released else turn.say("plans.will_answer")]
        if count:
            lines.append(turn.say("plans.still_looks", count=count))
        return "\n".join(lines)
    if verb == "rollback":
        earlier = max(
            (row for row in versions if row.state is PlanState.SUPERSEDED and row.released_at),
            key=lambda row: row.released_at or row.imported_at,
        )
        return turn.say("plans.will_go_back", version=earlier.version)
    return turn.say("plans.will_drop" if stored.state is PlanState.DRAFT else "plans.will_retire")


def check(stored: StoredPlan, versions: Sequence[StoredPlan], verb: str, stand: int) -> None:
    """Refusal `plans.changed` where the version is not any more what the person saw."""
    if stored.stand != stand or verb not in possible(stored, versions):
        raise Refusal("plans.changed")


async def change(turn: Turn, services: Services, verb: str, plan: int, version: int, stand: int) -> StoredPlan:
    """Put a version in or out of use as it was seen, with the record of it; Refusal `plans.changed` where it is another by now."""
    async with services.store.begin() as db:
        check(await db.plans.get(plan, version), await db.plans.versions(plan), verb, stand)
        if verb == "release":
            done = await db.plans.release(plan, turn.now, version)
        elif verb == "retire":
            done = await db.plans.retire(plan, turn.now)
        else:
            done = await db.plans.rollback(plan, turn.now)
        await db.audit.record(turn.person.id, f"plan {verb}", f"plan {plan} version {done.version}", turn.now)
    services.wake()
    return done


async def changed(turn: Turn, services: Services, verb: str) -> Reply:
    """Do it, and show the plan as it stands now."""
    plan, version, stand = numbers_of(turn.args, 3)
    done = await change(turn, services, verb, plan, version, stand)
    head = turn.say(f"plan.done_{verb}", id=done.plan, version=done.version, title=done.document.title)
    reply = await card(turn, services, done, head)
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


@room.button("ask_release", Audience.ADMINISTRATORS, personal=True)
async def ask_release(turn: Turn, services: Services) -> Reply:
    """發布: asks once more."""
    return await confirm(turn, services, "release")


@room.button("release", Audience.ADMINISTRATORS, personal=True)
async def release(turn: Turn, services: Services) -> Reply:
    """The second tap."""
    return await changed(turn, services, "release")


@room.button("ask_retire", Audience.ADMINISTRATORS, personal=True)
async def ask_retire(turn: Turn, services: Services) -> Reply:
    """停用: asks once more."""
    return await confirm(turn, services, "retire")


@room.button("retire", Audience.ADMINISTRATORS, personal=True)
async def retire(turn: Turn, services: Services) -> Reply:
    """The second tap."""
    return await changed(turn, services, "retire")


@room.button("ask_rollback", Audience.ADMINISTRATORS, personal=True)
async def ask_rollback(turn: Turn, services: Services) -> Reply:
    """退回: asks once more."""
    return await confirm(turn, services, "rollback")


@room.button("rollback", Audience.ADMINISTRATORS, personal=True)
async def rollback(turn: Turn, services: Services) -> Reply:
    """The second tap."""
    return await changed(turn, services, "rollback")
