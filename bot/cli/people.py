"""Commands for people: who may do what."""

from pathlib import Path
from typing import Annotated

import typer

from bot import enrolment, rosters
from bot.app import utc_now
from bot.cli.frame import Format, Setup, Shape, group, print_rows, show, with_read, with_store
from bot.errors import Refusal
from storage.store import Transaction

people_cli = group("people", "Who may do what.")
Days = Annotated[int, typer.Option(help="How long a code is good for.", min=1, max=365)]


@people_cli.command("invite")
def people_invite(
    context: typer.Context,
    rank: Annotated[str, typer.Option(help="teacher, principal, unit_administrator or administrator.")],
    unit: Annotated[str, typer.Option(help="Name or alias of a unit, or name of a group of units, of the register.")] = "",
    days: Days = 7,
    uses: Annotated[int, typer.Option(min=1, max=1000)] = 1,
) -> None:
    """Print a code that gives whoever sends `/start CODE` a rank and a unit."""
    setup: Setup = context.obj
    code = with_store(setup, lambda store: enrolment.invite(store, rank, unit, days, uses, utc_now()))
    show(setup.say("people.invited", code=code, days=days, uses=uses))


@people_cli.command("import")
def people_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with the columns name, rank and unit (姓名、身份、單位).")],
    days: Days = 30,
    look: Annotated[bool, typer.Option("--look", help="Only say what would be done, and what is wrong with which line.")] = False,
    format: Shape = Format.TEXT,
) -> None:
    """Make a code for everybody of a list, once each; where a line is wrong, all of them are named and nothing is done."""
    setup: Setup = context.obj
    invited, wrong, names = with_store(setup, lambda store: enrolment.import_people(store, file, setup.texts, days, utc_now(), look))
    if wrong:
        lines = [{"line": one.line, "wrong": setup.say(f"staff.wrong_{one.what}", word=one.word)} for one in wrong]
        print_rows(lines, format)
        raise Refusal("staff.wrong", file=file, count=len({one.line for one in wrong}))
    rows = [
        {
            "line": one.row.line,
            "name": one.row.name,
            "rank": one.row.rank.name.lower(),
            "unit": names.get(one.row.unit or 0, "") or one.row.group,
            "code": one.code,
        }
        for one in invited
    ]
    print_rows(rows, format)


@people_cli.command("list")
def people_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """Everybody the bot knows, with rank and unit."""

    async def work(db: Transaction) -> list[dict[str, object]]:
        return rosters.people(await db.people.every(), await db.units.every())

    print_rows(with_read(context.obj, work), format)
