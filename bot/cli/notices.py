"""Commands for what goes out: notices to many, and the ledger."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import broadcast, rosters
from bot.app import utc_now
from bot.cli.frame import Format, Setup, Shape, cli, group, print_rows, show, with_app, with_read
from bot.errors import Refusal
from storage.store import Transaction

notice_cli = group("notice", "Notices to many.")


@notice_cli.command("send")
def notice_send(
    context: typer.Context,
    to: Annotated[
        str, typer.Option(help="everyone, staff, rank:principal, unit:NAME, followers:EVENT, list:NAME; a comma joins, ' - ' takes away.")
    ] = "",
    text: Annotated[str, typer.Option(help="The whole text.")] = "",
    template: Annotated[str, typer.Option(help="A template by name; what is given beside it comes first.")] = "",
    ask: Annotated[str, typer.Option(help="nothing, read, choice, number, line, file, checkin, survey or questions.")] = "",
    options: Annotated[str, typer.Option(help="What a choice or survey offers, parted by commas; of questions a line each.")] = "",
    until: Annotated[str, typer.Option(help="The last moment to answer, such as '2026-11-30 17:00'.")] = "",
    attach: Annotated[list[Path] | None, typer.Option(help="A picture or document that goes with it; may be repeated.")] = None,
    at: Annotated[str, typer.Option(help="When it leaves, such as '2026-11-30 09:00' or '每學期開學第一天8點'; at once without it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="No question, and no pause to undo.")] = False,
    format: Shape = Format.TEXT,
) -> None:
    """Send a notice; the server that runs beside takes it from the ledger."""
    setup: Setup = context.obj

    def time(told: broadcast.Told) -> str:
        return told.leaves.astimezone(setup.settings.zone).strftime("%Y-%m-%d %H:%M:%S")

    def sure(told: broadcast.Told) -> bool:
        sample = "、".join(name for name in told.sample if name)
        said = {"count": told.people, "unreachable": told.unreachable, "sample": sample}
        if told.every:
            return typer.confirm(setup.say("notice.question_every", every=told.every, time=time(told), **said), err=True)
        return typer.confirm(setup.say("notice.question", **said), err=True)

    order = broadcast.Order(to, text, at, ask, options, until, template, tuple(attach or ()))
    done = with_app(setup, lambda app: broadcast.send_notice(app, order, None if yes else sure))
    if done is None:
        raise Refusal("notice.not_sent")
    notice, told = done
    row = {"notice": notice.id, "people": told.people, "unreachable": told.unreachable, "leaves": told.leaves.isoformat()}
    if format is not Format.TEXT:
        show(json.dumps(row | ({"every": told.every} if told.every else {}), ensure_ascii=False))
    elif told.every:
        show(setup.say("notice.ordered_every", id=notice.id, every=told.every, time=time(told)))
    else:
        reachable = told.people - told.unreachable
        show(setup.say("notice.ordered", id=notice.id, count=reachable, unreachable=told.unreachable, time=time(told)))


@notice_cli.command("end")
def notice_end(context: typer.Context, id: int) -> None:
    """Let a notice of every term go out no more; what went out stays."""
    setup: Setup = context.obj
    show(setup.say("series.ended", count=with_app(setup, lambda app: broadcast.end_series(app, id))))


@notice_cli.command("report")
def notice_report(context: typer.Context, id: int, format: Shape = Format.TEXT) -> None:
    """What became of a notice: numbers, and a row for everybody it is for."""
    setup: Setup = context.obj
    told = with_app(setup, lambda app: broadcast.report_notice(app, id))
    if format is Format.JSON:
        show(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if format is Format.TEXT:
        states = " ".join(f"{name} {count}" for name, count in told["states"].items())
        show(setup.say("notice.report", id=told["notice"], people=told["people"], states=states, answered=told["answered"]))
    print_rows(told["rows"], format)


@notice_cli.command("list")
def notice_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The newest notices first."""
    print_rows(with_app(context.obj, broadcast.list_notices), format)


@cli.command()
def outbox(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The ledger: counts by state, the age of the oldest, uncertain rows by name."""
    setup: Setup = context.obj

    async def work(db: Transaction) -> dict[str, object]:
        return rosters.backlog(await db.outbox.backlog(utc_now()))

    shown = with_read(setup, work)
    show(json.dumps(shown, ensure_ascii=False, indent=1) if format is not Format.TEXT else rosters.backlog_text(shown, setup.say))
