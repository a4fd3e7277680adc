"""Commands for the database."""

import asyncio

import typer

from bot.cli.frame import Setup, group, show
from storage.migrate import upgrade

db_cli = group("db", "The database.")


@db_cli.command("upgrade")
def db_upgrade(context: typer.Context) -> None:
    """Bring the database to this program's schema."""
    setup: Setup = context.obj
    asyncio.run(upgrade(setup.settings.database.url))
    show(setup.say("db.upgraded"))
