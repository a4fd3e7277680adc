"""What shows that a unit has done something: a note and files, and how its state came about."""

from collections.abc import Iterable

from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.people import Person
from handlers.handin import FETCHED
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.standing import buttons, clock, named, opened, state_words, turn_words
from handlers.wording import LABEL_LENGTH, near_day, quotation, shorten
from storage.files import Kept
from storage.standings import Changed, How
from storage.store import Transaction
from storage.values import Expectation

NOTE_LENGTH = 500
"""Characters of a note."""

room = Room("evidence")


@room.button("evidence", Audience.STAFF, personal=True)
async def ask_evidence(turn: Turn, services: Services) -> Reply:
    """Take a note or files as evidence with what somebody sends next."""
    (number,) = numbers_of(turn.args, 1)
    async with services.store.begin() as db:
        if await opened(turn, services, db, number) is None:
            raise Refusal("desk.stale_button")
        await expect_evidence(db, turn, number)
    return Reply(turn.say("standing.ask_evidence"))


async def expect_evidence(db: Transaction, turn: Turn, number: int) -> None:
    """Take the next words or files for this state."""
    wanted = Expectation("standing_evidence", str(number), turn.now)
    await db.conversations.expect(turn.incoming.address, turn.incoming.sender, wanted)


@room.words("standing_evidence", Audience.STAFF, files=True)
async def take_evidence(turn: Turn, services: Services) -> Reply:
    """A note and files that show what was done; more files may follow."""
    assert turn.expected is not None
    number = int(turn.expected.reference)
    note, names, count = turn.args.strip(), [], 0
    if len(note) > NOTE_LENGTH:
        return Reply(turn.say("standing.note_too_long", most=NOTE_LENGTH))
    fetched = []
    for file in turn.incoming.files:
        if file.size > FETCHED:
            return Reply(turn.say("file.too_large", limit=FETCHED // 1_000_000))
        data = await services.fetch(file)
        if not data:
            return Reply(turn.say("notice.empty_file", name=file.name))
        fetched.append((file.name or "file", file.mime, data))
    async with services.store.begin() as db:
        found = await opened(turn, services, db, number)
        if found is None:
            raise Refusal("desk.stale_button")
        stand, unit = found
        if note:
            stand = await db.standings.set(stand.target, stand.state, turn.person.id, turn.now, note, stand.until)
        for name, mime, data in fetched:
            count = await db.files.show(number, turn.person.id, name, mime, data, services.now())
            names.append(name)
        if fetched:
            await expect_evidence(db, turn, number)
        await db.audit.record(turn.person.id, "standing evidence", f"{number} files {len(fetched)}", turn.now)
    lines = [turn.say("standing.noted", unit=unit.name, note=note)] if note else []
    if names:
        lines.append(turn.say("standing.got_files", names=turn.say("comma").join(names), count=count))
    return Reply("\n".join(lines), (buttons(turn, stand),))


@room.button("standing", Audience.STAFF, personal=True)
async def show(turn: Turn, services: Services) -> Reply:
    """How far a unit is with a measure, what shows it and how it came about, for its own people and administrators."""
    (number,) = numbers_of(turn.args, 1)
    async with services.store.read() as db:
        found = await opened(turn, services, db, number)
        if found is None:
            raise Refusal("desk.stale_button")
        stand, unit = found
        steps = await db.standings.history(number)
        files = (await db.files.evidence([number])).get(number, [])
        people = {step.person: await db.people.get(step.person) for step in steps if step.person}
        former = None if services.library().find(stand.target.measure) else await db.plans.former(stand.target.measure)
    hit = services.library().find(stand.target.measure)
    text = hit.measure.text if hit else former.measure.text if former else ""
    lines = [turn.say("standing.head", unit=unit.name, state=state_words(turn, services, stand))]
    if text:
        lines.append(quotation(turn, turn.person, text))
    if stand.target.occasion:
        lines.append(turn.say("standing.about_turn", turn=turn_words(turn, stand.target.occasion)))
    if files:
        lines.append(turn.say("standing.files", names=turn.say("comma").join(file.name for file in files)))
    lines += [step_words(turn, services, step, people.get(step.person or 0)) for step in steps]
    rows = [buttons(turn, stand)]
    rows += [tuple(file_buttons(number, files)[at : at + 2]) for at in range(0, len(files), 2)]
    return Reply("\n".join(lines), tuple(rows))


def file_buttons(number: int, files: Iterable[Kept]) -> list[Button]:
    """A button for each file, which brings it."""
    return [Button(shorten(file.name, LABEL_LENGTH), Action("evidence_file", f"{number}.{file.id}")) for file in files]


@room.button("evidence_file", Audience.STAFF, personal=True)
async def bring_file(turn: Turn, services: Services) -> Reply:
    """One file of the evidence."""
    number, wanted = numbers_of(turn.args, 2)
    async with services.store.read() as db:
        found = await opened(turn, services, db, number)
        files = (await db.files.evidence([number])).get(number, []) if found else []
        file = next((file for file in files if file.id == wanted), None)
        data = await db.files.data(file.digest) if file else None
    if file is None or data is None:
        raise Refusal("desk.stale_button")
    return Reply(file.name, files=(file.as_file(data),))


def step_words(turn: Turn, services: Services, step: Changed, who: Person | None) -> str:
    """One step of a state's history in a line."""
    time = clock(turn, services, step.at)
    if step.how is How.CARRIED:
        return turn.say("standing.step_carried", time=time)
    until = near_day(turn, step.until) if step.until else ""
    state = turn.say(f"standing.state_{step.state.value}", until=until)
    key = "standing.step_undone" if step.how is How.UNDONE else "standing.step_note" if step.note else "standing.step"
    return turn.say(key, time=time, name=named(turn, who), state=state, note=step.note)
