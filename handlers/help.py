"""Help: what can be asked, and the commands the asker may use."""

from bot.chat import Reply
from handlers.room import Room, Services, Turn

room = Room("help")


@room.command("help")
async def help(turn: Turn, services: Services) -> Reply:
    """The commands this person may use, a line each."""
    lines = [turn.say("help.head")]
    for command in services.commands:
        if command.listed and command.audience.admits(turn.person.rank) and not (turn.incoming.group and command.personal):
            lines.append(f"/{command.name} {turn.say(f'command.{command.name}.line')}")
    lines.append(turn.say("help.foot"))
    return Reply("\n".join(lines))


@room.button("help")
async def help_pressed(turn: Turn, services: Services) -> Reply:
    """The same behind a button."""
    return await help(turn, services)
