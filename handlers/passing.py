"""Passing a notice on: the administrator of a unit gives what they received to their own people, who answer to them and to the district."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.chat import Action, Button, Place, Reply
from bot.errors import Refusal
from bot.notice.recipients import By, Clause, Selection, write_selection
from bot.people import Rank, charge, vouched
from handlers import receipt
from handlers.checks import check_reach
from handlers.dispatch import after
from handlers.draft import counted
from handlers.recipients import Chosen
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.tally import passed_line
from storage.mailing import Recipient
from storage.store import Transaction
from storage.values import Notice, NoticeState

room = Room("passing")


@dataclass(frozen=True, slots=True)
class Passing:
    """What somebody could pass on, and to whom."""

    root: Notice
    """The district's notice, also where it reached them passed on."""
    selection: str
    chosen: Chosen


async def passing(turn: Turn, services: Services, db: Transaction, number: int) -> Passing:
    """The notice and those of the person's own people who have not got it; Refusal where they may not, or everybody has it."""
    notice = await db.notices.get(number)
    gone = (NoticeState.RECALLED, NoticeState.STOPPED)
    if notice is None or not notice.state.out or notice.state in gone or not await db.notices.is_for(number, turn.person.id):
        raise Refusal("notice.gone")
    root = await db.notices.get(notice.parent) if notice.parent is not None else notice
    if root is None or root.state in gone:
        raise Refusal("notice.gone")
    if root.wanted.until is not None and root.wanted.until <= turn.now:
        raise Refusal("notice.too_late", time=receipt.local(services, root.wanted.until))
    own = charge(turn.person, services.register())
    if turn.person.rank >= Rank.ADMINISTRATOR or not own:
        raise Refusal("passing.nothing")
    units = {unit.id for unit in own}
    families = [root.id, *(one.id for one in await db.notices.passed(root.id) if one.state is not NoticeState.RECALLED)]
    have = await db.notices.readers(families)
    people = tuple(
        person for person in await db.people.every()
        if vouched(person) in units and person.id not in have and person.id != turn.person.id
    )  # fmt: skip
    if not people:
        raise Refusal("passing.everybody")
    reached = await db.people.reached()
    recipients = tuple(Recipient(person.id, person.unit, reached.get(person.id)) for person in people)
    chosen = check_reach(Chosen(people, recipients))
    name = turn.person.group or next(unit.name for unit in own if unit.id == turn.person.unit)
    selection = write_selection(Selection((Clause(By.UNIT, name),)))
    return Passing(root, selection, chosen)


@room.button("pass_on", Audience.UNIT_ADMINISTRATORS, personal=True)
async def ready(turn: Turn, services: Services) -> Reply:
    """轉給本單位: whom it would go to, and the button that sends it."""
    (number,) = numbers_of(turn.args, 1)
    async with services.store.read() as db:
        found = await passing(turn, services, db, number)
    count = len(found.chosen.people)
    lines = [turn.say("passing.sure", count=count), *counted(turn, replace(found.root, selection=found.selection), found.chosen)]
    sure = Button(turn.say("passing.confirm", count=count), Action("pass_sure", f"{number}.{count}"))
    return Reply("\n".join(lines), ((sure,),))


@room.button("pass_sure", Audience.UNIT_ADMINISTRATORS, personal=True)
async def confirmed(turn: Turn, services: Services) -> Reply:
    """Pass it on to as many people as were shown; it can be undone for the same while as any notice."""
    number, count = numbers_of(turn.args, 2)
    pause = timedelta(seconds=services.settings.notices.undo_seconds)
    lasts = timedelta(hours=services.settings.notices.expire_hours)
    async with services.store.begin() as db:
        found = await passing(turn, services, db, number)
        if len(found.chosen.people) != count:
            raise Refusal("notice.recounted", then=count, now=len(found.chosen.people))
        root = found.root
        made = await db.notices.draft(turn.person.id, root.text, turn.now, root.id)
        made = await db.notices.change(made, selection=found.selection, wanted=root.wanted)
        await db.files.copy(root.id, made.id)
        made = await db.notices.confirm(made, found.chosen.recipients, turn.now + pause, turn.now, lasts)
        await db.audit.record(turn.person.id, "notice pass on", f"{root.id} as {made.id} people {count}", turn.now)
    services.wake()
    said = turn.say("passing.leaving", count=count - len(found.chosen.unreachable), seconds=services.settings.notices.undo_seconds)
    return Reply(said, after(turn, made), place=Place.REPLACE)


async def spread(turn: Turn, services: Services, db: Transaction, notice: Notice) -> list[str]:
    """How far a notice was passed on: all together, then who passed it on to how many; nothing where nobody did."""
    children = [one for one in await db.notices.passed(notice.id) if one.state.out]
    if not children:
        return []
    names = await db.people.some(child.author for child in children if child.author is not None)
    rows: list[tuple[str, Sequence[int]]] = []
    for child in children:
        counts = await db.notices.counts(child.id)
        author = names.get(child.author or 0)
        unit = (author.group or services.register().name(author.unit)) if author else ""
        name = (author.name if author else "") or turn.say("notice.nameless")
        rows.append((f"{unit} {name}".strip(), passed_line(counts)))
    sums = [sum(row[place] for _, row in rows) for place in range(3)]
    lines = [turn.say("passing.spread", times=len(rows), people=sums[0], sent=sums[1], answered=sums[2])]
    return lines + [turn.say("passing.row", who=who, people=row[0], sent=row[1], answered=row[2]) for who, row in rows]
