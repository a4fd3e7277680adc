"""What is kept of somebody and why, in plain words; all of it as a file; and gone for good where they want that."""

import json
from typing import Any

from bot.chat import Action, Button, File, Reply
from bot.errors import Refusal
from handlers.room import Room, Services, Turn

SHOWN = 400
"""Rows of one kind in the readable file; the other file has all of them."""
LONGEST = 200
"""Characters of one value in the readable file."""

room = Room("privacy")


@room.command("privacy", personal=True)
@room.button("privacy", personal=True)
async def privacy(turn: Turn, services: Services) -> Reply:
    """What is kept, why, how long, and how to have it or be rid of it."""
    kept = services.settings.privacy
    questions = turn.say("privacy.questions", days=kept.question_days) if kept.question_days else turn.say("privacy.questions_ever")
    messages = turn.say("privacy.messages", days=kept.message_days) if kept.message_days else turn.say("privacy.messages_ever")
    where = turn.say("start.abroad" if services.abroad(turn.incoming.address.channel) else "start.home")
    lines = [turn.say("privacy.head"), questions, messages, turn.say("privacy.audit"), turn.say("privacy.foot"), where]
    buttons = (
        Button(turn.say("privacy.button_export"), Action("export_mine")),
        Button(turn.say("privacy.button_forget"), Action("forget")),
    )
    return Reply("\n".join(lines), (buttons,))


@room.command("export", personal=True)
@room.button("export_mine", personal=True)
async def export(turn: Turn, services: Services) -> Reply:
    """All that is kept of the asker, once to be read and once as data."""
    async with services.store.begin() as db:
        held = await db.membership.account(turn.person.id)
        await db.audit.record(turn.person.id, "exported", "", turn.now)
    name = turn.say("privacy.file")
    files = (
        File(f"{name}.txt", "text/plain", "\ufeff".encode() + readable(turn, held).encode()),
        File(f"{name}.json", "application/json", json.dumps(held, ensure_ascii=False, indent=1).encode()),
    )
    return Reply(turn.say("privacy.exported", count=sum(map(len, held.values()))), files=files)


def readable(turn: Turn, held: dict[str, list[dict[str, Any]]]) -> str:
    """What is held as text: a heading for each kind, a paragraph for each row."""
    lines = [turn.say("privacy.readable", time=turn.now.strftime("%Y-%m-%d %H:%M UTC"))]
    for table, rows in held.items():
        key = f"privacy.table_{table}"
        lines += ["", turn.say("privacy.kind", name=turn.say(key) if turn.texts.has(key) else table, count=len(rows))]
        for row in rows[:SHOWN]:
            values = [f"{name}: {str(value)[:LONGEST]}" for name, value in row.items() if value not in (None, "", [], {})]
            lines.append("- " + "; ".join(values))
        if len(rows) > SHOWN:
            lines.append(turn.say("privacy.rest", count=len(rows) - SHOWN))
    return "\n".join(lines) + "\n"


@room.command("forget", personal=True)
@room.button("forget", personal=True)
async def forget(turn: Turn, services: Services) -> Reply:
    """Say what will be gone and ask once more."""
    async with services.store.begin() as db:
        await db.membership.spare(turn.person)
        held = await db.membership.account(turn.person.id)
    followed = len(held.get("subscriptions", ())) + len(held.get("own_reminders", ()))
    text = turn.say("privacy.sure", questions=len(held.get("questions", ())), followed=followed, addresses=len(held.get("addresses", ())))
    return Reply(text, ((Button(turn.say("privacy.button_sure"), Action("forget_sure", str(turn.person.id))),),))


@room.button("forget_sure", personal=True)
async def forget_sure(turn: Turn, services: Services) -> Reply:
    """Remove all that names the asker. A button of before they were forgotten once says nothing of who they are now."""
    if turn.args != str(turn.person.id):
        raise Refusal("desk.stale_button")
    async with services.store.begin() as db:
        await db.membership.forget(turn.person, turn.now)
        await db.audit.record(turn.person.id, "forgotten", "", turn.now)
    return Reply(turn.say("privacy.forgotten"))
