"""Commands for plans and for the register of units."""

import asyncio
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import clerk, outlook, rosters
from bot.app import utc_now
from bot.cli.frame import Format, Issuer, Setup, Shape, Year, group, print_rows, show, with_read, with_store
from bot.errors import Refusal
from bot.export.files import plan_file
from bot.intake import Sure, import_documents, import_units, read_files
from bot.plan.show import contract
from handlers.export import speaker
from handlers.rollover import lines_of
from storage.store import Store, Transaction

plan_cli = group("plan", "Read, import and release plans.")
units_cli = group("units", "The register of schools, offices and groups.")


class Export(StrEnum):
    """What a plan is exported as."""

    ICS = "ics"
    XLSX = "xlsx"
    JSON = "json"


@plan_cli.command("show")
def plan_show(context: typer.Context, file: Path, issuer: Issuer = "", year: Year = None, format: Shape = Format.TEXT) -> None:
    """What would be imported; no database is touched."""
    setup: Setup = context.obj
    (document,) = asyncio.run(read_files([file], setup.settings, Sure(issuer, year), utc_now))
    if format is Format.TEXT:
        show(rosters.describe(document, setup.say))
    else:
        show(json.dumps(contract(document), ensure_ascii=False, indent=1 if format is Format.JSON else None))


@plan_cli.command("import")
def plan_import(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument()],
    release: Annotated[bool, typer.Option("--release", help="Put in use at once.")] = False,
    issuer: Issuer = "",
    year: Year = None,
) -> None:
    """Import documents as drafts; the same document again changes nothing, a changed one becomes a new version."""
    setup: Setup = context.obj
    documents = asyncio.run(read_files(files, setup.settings, Sure(issuer, year), utc_now))
    for imported in with_store(setup, lambda store: import_documents(store, documents, utc_now(), release)):
        stored = imported.stored
        key = f"plan.import_{imported.outcome}"
        show(setup.say(key, id=stored.plan, version=stored.version, title=stored.document.title, measures=len(stored.document.measures)))
        show(rosters.inferred(stored.document, setup.say))
        if stored.released_at is None:
            show(setup.say("plan.draft_hint", id=stored.plan))


def _change(context: typer.Context, verb: str, id: int) -> None:
    setup: Setup = context.obj

    async def work(store: Store) -> Any:
        async with store.begin() as db:
            changed = await getattr(db.plans, verb)(id, utc_now())
            await db.audit.record(None, f"plan {verb}", f"plan {id} version {changed.version}", utc_now())
            return changed

    stored = with_store(setup, work)
    show(setup.say(f"plan.done_{verb}", id=stored.plan, version=stored.version, title=stored.document.title))


@plan_cli.command("release")
def plan_release(context: typer.Context, id: int) -> None:
    """Put a plan's draft in use."""
    _change(context, "release", id)


@plan_cli.command("retire")
def plan_retire(context: typer.Context, id: int) -> None:
    """Take a plan out of use."""
    _change(context, "retire", id)


@plan_cli.command("rollback")
def plan_rollback(context: typer.Context, id: int) -> None:
    """Put the version before the present one in use again."""
    _change(context, "rollback", id)


@plan_cli.command("list")
def plan_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """All plans with their versions."""

    async def work(db: Transaction) -> list[dict[str, object]]:
        return rosters.plans(await db.plans.every())

    print_rows(with_read(context.obj, work), format)


@plan_cli.command("reminders")
def plan_reminders(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument()],
    issuer: Issuer = "",
    year: Year = None,
    kindergarten: Annotated[bool, typer.Option("--kindergarten", help="As kindergartens are reminded of drills.")] = False,
    format: Shape = Format.TEXT,
) -> None:
    """Everything that would be announced of these documents to whoever follows it by name; no database is touched."""
    setup: Setup = context.obj
    documents = asyncio.run(read_files(files, setup.settings, Sure(issuer, year), utc_now))
    rows = outlook.outlook(documents, setup.settings, setup.texts, kindergarten)
    if format is Format.TEXT:
        show(outlook.lines(rows, setup.say))
    else:
        print_rows(rows, format)


@plan_cli.command("compare")
def plan_compare(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="A file, a plan's number or NUMBER@VERSION; #1 behind it is the first of several plans.")],
    after: Annotated[str, typer.Argument(help="The same for the newer one.")],
    issuer: Issuer = "",
    year: Year = None,
    format: Shape = Format.TEXT,
) -> None:
    """What became of the measures of a plan in another version or another plan."""
    setup: Setup = context.obj
    references = [clerk.reference(text) for text in (before, after)]
    paths = list(dict.fromkeys(one.path for one in references if one.path is not None))
    documents = dict(zip(paths, asyncio.run(read_files(paths, setup.settings, Sure(issuer, year), utc_now)), strict=True))
    if all(one.path is not None for one in references):
        first, second = asyncio.run(clerk.sides(None, references, documents))
    else:
        first, second = with_store(setup, lambda store: clerk.sides(store, references, documents))
    if format is Format.TEXT:
        show(clerk.compare_text(first, second, setup.say))
    else:
        show(json.dumps(clerk.compare_data(first, second), ensure_ascii=False, indent=1 if format is Format.JSON else None))


@plan_cli.command("export")
def plan_export(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(help="A plan's number, NUMBER@VERSION or a file; #1 behind it is the first of several plans.")],
    format: Annotated[Export, typer.Option("--format", help="ics, xlsx or json.")],
    output: Annotated[Path | None, typer.Option(help="Where to write it; standard output without.")] = None,
    issuer: Issuer = "",
    year: Year = None,
) -> None:
    """A plan as a calendar, a ledger or data."""
    setup: Setup = context.obj
    reference = clerk.reference(plan)
    if reference.path is not None:
        (document,) = asyncio.run(read_files([reference.path], setup.settings, Sure(issuer, year), utc_now))
        source, revision = asyncio.run(clerk.source(None, reference, {reference.path: document}))
    else:
        source, revision = with_store(setup, lambda store: clerk.source(store, reference, {}))
    if output is None and format is Export.XLSX and sys.stdout.isatty():
        raise Refusal("export.terminal")
    say = speaker(setup.texts, source.document, setup.settings.bot.language)
    file = plan_file(source, format.value, say, setup.settings.school_calendar, utc_now(), revision, reference.part)
    if output is None:
        sys.stdout.buffer.write(file.data)
    else:
        clerk.write(file, output)
        print(setup.say("export.written", file=output, size=len(file.data)), file=sys.stderr)  # noqa: T201


@plan_cli.command("rollover")
def plan_rollover(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(help="A plan's number or NUMBER@VERSION.")],
    year: Annotated[int | None, typer.Option(help="The year in which the new school year begins; the next one without.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Keep it as a draft whose open dates wait to be confirmed.")] = False,
    confirm: Annotated[str | None, typer.Option(help="Keep it as a draft with these dates confirmed: all, or 1,3,5-9.")] = None,
    format: Shape = Format.TEXT,
) -> None:
    """Propose a plan's dates for a new school year; nothing is released."""
    setup: Setup = context.obj
    reference = clerk.reference(plan)
    if reference.path is not None:
        raise Refusal("rollover.number", plan=plan)
    wanted = confirm if confirm is not None else "" if draft else None
    school = setup.settings.school_calendar
    rolled = with_store(setup, lambda store: clerk.roll(store, reference, school, year, wanted, utc_now()))
    if format is Format.TEXT:
        show("\n".join(lines_of(setup.say, rolled)))
    else:
        show(json.dumps(clerk.rolled_data(rolled), ensure_ascii=False, indent=1 if format is Format.JSON else None))


@units_cli.command("import")
def units_import(context: typer.Context, file: Path) -> None:
    """Replace the register by a CSV file: name, kind, parent, aliases, groups."""
    setup: Setup = context.obj
    added, changed, gone = with_store(setup, lambda store: import_units(store, file, utc_now()))
    show(setup.say("units.imported", added=added, changed=changed, gone=gone))


@units_cli.command("list")
def units_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The register."""

    async def work(db: Transaction) -> list[dict[str, object]]:
        return rosters.units(await db.units.every())

    print_rows(with_read(context.obj, work), format)
