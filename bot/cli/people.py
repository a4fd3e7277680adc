"""Commands for people: who may do what."""

from datetime import timedelta
from typing import Annotated

import typer

from bot import rosters
from bot.app import utc_now
from bot.cli.frame import Format, Setup, Shape, group, print_rows, show, with_store
from bot.errors import Refusal
from bot.people import Rank
from storage.store import Store

people_cli = group("people", "Who may do what.")


@people_cli.command("invite")
def people_invite(
    context: typer.Context,
    rank: Annotated[str, typer.Option(help="teacher, principal, unit_administrator or administrator.")],
    unit: Annotated[str, typer.Option(help="Name of a unit or of a group of units of the register.")] = "",
    days: Annotated[int, typer.Option(help="How long the code is good for.", min=1, max=365)] = 7,
    uses: Annotated[int, typer.Option(min=1, max=1000)] = 1,
) -> None:
    """Print a code that gives whoever sends `/start CODE` a rank and a unit."""
    setup: Setup = context.obj
    named = Rank.named(rank)
    if named is None or named in (Rank.GUEST, Rank.OWNER):
        raise Refusal("people.rank", rank=rank)

    async def work(store: Store) -> str:
        async with store.begin() as db:
            found = await db.units.named(unit) if unit else None
            group = unit if any(unit in one.groups for one in await db.units.every()) else ""
            if unit and found is None and not group:
                raise Refusal("unit.unknown", name=unit)
            if named is Rank.UNIT_ADMINISTRATOR and not unit:
                raise Refusal("people.unit", rank=rank)
            await db.audit.record(None, "invite", named.name.lower(), utc_now())
            until = utc_now() + timedelta(days=days)
            return await db.people.invite(named, found.id if found else None, utc_now(), until, uses, "" if found else group)

    code = with_store(setup, work)
    show(setup.say("people.invited", code=code, days=days, uses=uses))


@people_cli.command("list")
def people_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """Everybody the bot knows, with rank and unit."""
    setup: Setup = context.obj

    async def work(store: Store) -> list[dict[str, object]]:
        async with store.read() as db:
            return rosters.people(await db.people.every(), await db.units.every())

    print_rows(with_store(setup, work), format)
