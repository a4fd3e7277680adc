"""Buttons that are called by their numbers: kept when a list is shown, picked by a bare number that is typed after it."""

from datetime import datetime, timedelta

from bot.ask import deixis
from bot.ask.answer import Kind
from bot.chat import Action, Reply
from handlers.room import Services, Turn


async def keep(turn: Turn, services: Services, reply: Reply) -> None:
    """Keep the numbered buttons (`2`, `2. …`) of a reply that has any: they are what a number means from now on."""
    found = []
    for button in (button for row in reply.buttons for button in row):
        number, dot, _ = button.label.partition(".")
        if button.action is not None and number.isascii() and number.isdigit() and (dot or number == button.label):
            found.append(f"{int(number)} {button.action.pack()}")
    if found:
        async with services.store.begin() as db:
            await db.conversations.offer(turn.incoming.address, turn.incoming.sender, found, turn.now)


async def picked(turn: Turn, services: Services, within: timedelta) -> tuple[Action, datetime] | None:
    """The button that a bare number means and when it was shown; None where the list shown last has no such one, or is older."""
    incoming = turn.incoming
    row = deixis.row(incoming.text) if incoming.action is None and not incoming.files else None
    if row is None or row.kind is not Kind.WHAT:
        return None
    async with services.store.read() as db:
        subject = await db.conversations.recall(incoming.address, incoming.sender)
    if subject is None or turn.now - subject.at > within:
        return None
    choices = dict(choice.partition(" ")[::2] for choice in subject.choices)
    found = choices.get(str(row.number) if row.number > 0 else next(reversed(choices), ""))
    action = Action.unpack(found) if found else None
    return (action, subject.at) if action else None
