"""The audit in plain words: who did what when, newest first, and whether anything of it was changed."""

from bot.chat import Action, Button, Place, Reply
from handlers.room import Audience, Room, Services, Turn, numbers_of
from handlers.wording import paging, shorten
from storage.audit import Entry

PAGE = 12
SUBJECT = 60
"""Characters of what a deed was done to."""

room = Room("trail")


@room.command("audit", Audience.ADMINISTRATORS, personal=True)
async def audit(turn: Turn, services: Services) -> Reply:
    """The newest deeds."""
    return await listed(turn, services, 0)


@room.button("audit", Audience.ADMINISTRATORS, personal=True)
async def page(turn: Turn, services: Services) -> Reply:
    """Another page."""
    reply = await listed(turn, services, numbers_of(turn.args, 1)[0])
    return Reply(reply.text, reply.buttons, place=Place.REPLACE)


async def listed(turn: Turn, services: Services, number: int) -> Reply:
    """A page of deeds with who did them, by name where the person is known still."""
    async with services.store.read() as db:
        count = await db.audit.count()
        entries = await db.audit.recent(PAGE, number * PAGE)
        people = await db.people.some(entry.who for entry in entries if entry.who is not None)
    names = {who: person.name for who, person in people.items()}
    lines = [turn.say("audit.head", count=count)]
    for entry in entries:
        time = entry.at.astimezone(services.settings.zone).strftime("%m-%d %H:%M")
        lines.append(turn.say("audit.row", id=entry.id, time=time, who=_who(turn, entry, names), deed=deed_words(turn, entry)))
    check = (Button(turn.say("audit.button_check"), Action("audit_check")),)
    return Reply("\n".join(lines), (*paging(turn, "audit", "", number, (number + 1) * PAGE < count), check))


def _who(turn: Turn, entry: Entry, names: dict[int, str]) -> str:
    if entry.who is None:
        return turn.say("audit.program")
    return shorten(names.get(entry.who, ""), 12) or turn.say("audit.nobody", id=entry.who)


def deed_words(turn: Turn, entry: Entry) -> str:
    """A deed in words, with the numbers it was about; a deed that has no words yet as it was written."""
    key = f"audit.deed_{entry.action.replace(' ', '_')}"
    deed = turn.say(key) if turn.texts.has(key) else entry.action
    return f"{deed} {shorten(' '.join(_word(turn, part) for part in entry.subject.split()), SUBJECT)}".strip()


def _word(turn: Turn, part: str) -> str:
    """A part of what a deed was about: words that the rows use in the reader's language, numbers as they are."""
    keys = (f"audit.word_{part}", f"rank.{part}")
    return next((turn.say(key) for key in keys if turn.texts.has(key)), part)


@room.button("audit_check", Audience.ADMINISTRATORS, personal=True)
async def check(turn: Turn, services: Services) -> Reply:
    """Whether a row was changed or taken away."""
    async with services.store.read() as db:
        verdict = await db.audit.verify()
    if verdict.sound:
        return Reply(turn.say("audit.sound", rows=verdict.rows, head=verdict.head[:16] or "-"))
    if verdict.broken is not None:
        return Reply(turn.say("audit.broken", row=verdict.broken))
    return Reply(turn.say("audit.short", rows=verdict.rows))
