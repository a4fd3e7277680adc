"""Commands for the database, and the doctor."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.app import utc_now
from bot.cli.frame import Format, Setup, Shape, cli, group, print_rows, show
from bot.doctor import Doctor, Level
from storage.backup import back_up
from storage.migrate import upgrade
from storage.restore import restore

db_cli = group("db", "The database.")


@cli.command()
def doctor(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """Look at settings, database, channels and machine: ok, warn or bad a line, with what to do; status 1 where anything is bad."""
    setup: Setup = context.obj
    findings = asyncio.run(Doctor(setup.settings, setup.texts, utc_now, setup.config).examine())
    if format is Format.TEXT:
        show("\n".join(f"{finding.level:<4}  {finding.name}：{finding.text}" for finding in findings))
    else:
        print_rows([asdict(finding) for finding in findings], format)
    if any(finding.level is Level.BAD for finding in findings):
        raise typer.Exit(1)


@db_cli.command("upgrade")
def db_upgrade(context: typer.Context) -> None:
    """Bring the database to this program's schema."""
    setup: Setup = context.obj
    asyncio.run(upgrade(setup.settings.database.url))
    show(setup.say("db.upgraded"))


@db_cli.command("backup")
def db_backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write the whole database into a file, as it is at one moment; a server may go on meanwhile."""
    setup: Setup = context.obj
    kept = asyncio.run(back_up(setup.settings.database.url, file, utc_now()))
    show(setup.say("backup.made", file=file, rows=kept.rows, digest=kept.digest))


@db_cli.command("restore")
def db_restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup, of SQLite or PostgreSQL.")],
    replace: Annotated[bool, typer.Option("--replace", help="In place of what the database holds, which is lost.")] = False,
) -> None:
    """Put a backup into the database of the configuration; refused while a process serves it, or where it is not empty."""
    setup: Setup = context.obj
    kept = asyncio.run(restore(setup.settings.database.url, file, replace))
    show(setup.say("backup.restored", file=file, rows=kept.rows, digest=kept.digest))
