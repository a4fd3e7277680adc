"""Help: what can be asked, and the commands the asker may use, those for everybody first and the rest one press away."""

from dataclasses import replace

from bot.chat import Action, Button, Place, Reply
from handlers.room import Audience, Command, Room, Services, Turn

PAGE = 6
"""Commands shown at once, a line each; with what stands above and below them eight lines."""
SECTIONS = {"all": (Audience.EVERYONE,), "staff": (Audience.STAFF, Audience.PRINCIPALS, Audience.UNIT_ADMINISTRATORS), "office": ()}
"""Whose commands stand together; what no other has is the office's."""
PLAIN = ("find", "help")
"""They need no line: one types a question, and reads this already."""

room = Room("help")


@room.command("help")
async def help(turn: Turn, services: Services) -> Reply:
    """What can be asked and the commands for everybody; further ones are buttons."""
    return show(turn, services, "all", 0)


@room.button("help")
async def help_pressed(turn: Turn, services: Services) -> Reply:
    """The same behind a button, or the commands of a section; the reference is `section.page`."""
    name, _, page = turn.args.partition(".")
    if not turn.args:
        return await help(turn, services)
    number = int(page) if page.isdecimal() and len(page) < 3 else 0
    return replace(show(turn, services, name if name in SECTIONS else "all", number), place=Place.REPLACE)


def section_of(command: Command) -> str:
    """The section that a command belongs to."""
    return next((name for name, audiences in SECTIONS.items() if command.audience in audiences), "office")


def show(turn: Turn, services: Services, section: str, page: int) -> Reply:
    """A page of the commands of a section that this person may use here."""
    mine: dict[str, list[Command]] = {name: [] for name in SECTIONS}
    for command in services.commands:
        hidden = command.name in PLAIN or not command.listed or (turn.incoming.group and command.personal)
        if not hidden and command.audience.admits(turn.person.rank):
            mine[section_of(command)].append(command)
    rows = mine[section]
    page = max(0, min(page, (len(rows) - 1) // PAGE))
    lines = [turn.say("help.head" if section == "all" else f"help.section_{section}")]
    lines += [f"/{command.name} {turn.say(f'command.{command.name}.line')}" for command in rows[page * PAGE : (page + 1) * PAGE]]
    if section == "all":
        lines.append(turn.say("help.foot"))
    paging = [(at, key) for at, key in ((page - 1, "page.back"), (page + 1, "page.more")) if 0 <= at * PAGE < len(rows)]
    turning = tuple(Button(turn.say(key), Action("help", f"{section}.{at}")) for at, key in paging)
    others = tuple(
        Button(turn.say(f"help.button_{name}"), Action("help", name)) for name, found in mine.items() if found and name != section
    )
    return Reply("\n".join(lines), tuple(filter(None, (turning, others))))
