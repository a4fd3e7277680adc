"""The command line: what each command takes and prints; the work is done elsewhere.

Longer than other files because a command's options and their help stand where the command is; there is no logic to split off.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, cast

import typer

from bot import asking, broadcast, clerk, rosters
from bot.app import App, open_app, utc_now
from bot.channels.terminal import TerminalChannel
from bot.errors import Refusal
from bot.export.files import plan_file
from bot.intake import Sure, import_documents, import_units, read_files
from bot.people import Rank
from bot.plan.show import contract
from bot.redact import redact
from bot.serve import serve as serve_until_stopped
from bot.settings import Settings, load_settings
from bot.texts import Texts, load_texts
from handlers.export import speaker
from handlers.rollover import lines_of
from storage.migrate import upgrade
from storage.store import Store

T = TypeVar("T")
FAILED, REFUSED = 1, 2
USAGE = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""The library's error for words it cannot take, of which a bad parameter is one kind."""
DEFAULT_CONFIG = Path("config.toml")


class Format(StrEnum):
    """How data is printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class Export(StrEnum):
    """What a plan is exported as."""

    ICS = "ics"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Setup:
    """What every command starts from."""

    settings: Settings
    texts: Texts

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in the configured language."""
        return self.texts.say(self.settings.bot.language, key, **values)


cli = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="planbot: a work plan that answers for itself."
)
plan_cli, units_cli, people_cli, notice_cli, db_cli = (typer.Typer(no_args_is_help=True) for _ in range(5))
cli.add_typer(plan_cli, name="plan", help="Read, import and release plans.")
cli.add_typer(units_cli, name="units", help="The register of schools, offices and groups.")
cli.add_typer(people_cli, name="people", help="Who may do what.")
cli.add_typer(notice_cli, name="notice", help="Notices to many.")
cli.add_typer(db_cli, name="db", help="The database.")

Issuer = Annotated[str, typer.Option(help="The body the document speaks for.")]
Year = Annotated[int | None, typer.Option(help="The year that 今年 means.", min=1950, max=2200)]
Shape = Annotated[Format, typer.Option("--format", help="text, json or jsonl.")]


@cli.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Configuration; config.toml in this folder where there is one.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Logs of every step on standard error.")] = False,
) -> None:
    """What all commands share."""
    texts = load_texts()
    path = config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    settings = load_settings(path)
    logging.basicConfig(
        stream=sys.stderr, level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    if not verbose:
        for noisy in ("apscheduler", "httpx", "httpcore", "telegram", "alembic", "uvicorn", "asyncio"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
    redact(settings.channels.telegram.token, settings.channels.telegram.webhook_secret)
    context.obj = Setup(settings, texts)


def _with_store(setup: Setup, work: Callable[[Store], Awaitable[T]]) -> T:
    """Run `work` with the open database; on SQLite the schema is made where there is none."""

    async def go() -> T:
        if setup.settings.database.url.startswith("sqlite"):
            await upgrade(setup.settings.database.url)
        store = Store(setup.settings.database.url)
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(go())


@cli.command()
def serve(
    context: typer.Context,
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="Import and release the demonstration into an empty database.")
    ] = False,
) -> None:
    """Run every configured channel, the clock and the sender until stopped."""
    setup: Setup = context.obj
    asyncio.run(serve_until_stopped(setup.settings, setup.texts, lambda line: print(line, flush=True), demonstration))  # noqa: T201


@cli.command()
def chat(context: typer.Context) -> None:
    """A conversation in the terminal."""
    setup: Setup = context.obj

    async def go() -> None:
        if setup.settings.database.url.startswith("sqlite"):
            await upgrade(setup.settings.database.url)
        channel = TerminalChannel()
        async with open_app(setup.settings, {"terminal": channel}, texts=setup.texts) as app:
            await channel.run(app.desk)

    asyncio.run(go())


@cli.command()
def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="All words are one question.")] = None,
    file: Annotated[Path | None, typer.Option(help="Questions, a JSON object a line with id, q and, for a follow-up, prev.")] = None,
    plan: Annotated[list[Path] | None, typer.Option(help="Ask these documents and no database.")] = None,
    issuer: Issuer = "",
    year: Year = None,
    format: Shape = Format.TEXT,
) -> None:
    """Answer a question or a file of questions."""
    setup: Setup = context.obj
    if bool(question) == bool(file):
        raise Refusal("ask.what")
    asked = asking.read_questions(file) if file else [asking.Asked("", " ".join(question or ()))]
    documents = asyncio.run(read_files(plan or (), setup.settings, Sure(issuer, year), utc_now))
    library = asking.library_of(documents, setup.settings) if documents else _with_store(setup, asking.released)
    answers = asking.answer_all(library, asked, setup.settings, setup.texts)
    if format is Format.TEXT:
        _print("\n\n".join(str(answer["reply"]) for answer in answers))
    elif format is Format.JSON:
        _print(json.dumps(answers[0] if question else answers, ensure_ascii=False, indent=1))
    else:
        _print("\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers))


@plan_cli.command("show")
def plan_show(context: typer.Context, file: Path, issuer: Issuer = "", year: Year = None, format: Shape = Format.TEXT) -> None:
    """What would be imported; no database is touched."""
    setup: Setup = context.obj
    (document,) = asyncio.run(read_files([file], setup.settings, Sure(issuer, year), utc_now))
    if format is Format.TEXT:
        _print(rosters.describe(document, setup.say))
    else:
        _print(json.dumps(contract(document), ensure_ascii=False, indent=1 if format is Format.JSON else None))


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
    for imported in _with_store(setup, lambda store: import_documents(store, documents, utc_now(), release)):
        stored = imported.stored
        key = f"plan.import_{imported.outcome}"
        _print(setup.say(key, id=stored.plan, version=stored.version, title=stored.document.title, measures=len(stored.document.measures)))
        _print(rosters.inferred(stored.document, setup.say))
        if stored.released_at is None:
            _print(setup.say("plan.draft_hint", id=stored.plan))


def _change(context: typer.Context, verb: str, id: int) -> None:
    setup: Setup = context.obj

    async def work(store: Store) -> Any:
        async with store.begin() as db:
            changed = await getattr(db.plans, verb)(id, utc_now())
            await db.audit.record(None, f"plan {verb}", f"plan {id} version {changed.version}", utc_now())
            return changed

    stored = _with_store(setup, work)
    _print(setup.say(f"plan.done_{verb}", id=stored.plan, version=stored.version, title=stored.document.title))


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
    setup: Setup = context.obj

    async def work(store: Store) -> list[dict[str, object]]:
        async with store.read() as db:
            return rosters.plans(await db.plans.every())

    _print_rows(_with_store(setup, work), format)


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
        first, second = _with_store(setup, lambda store: clerk.sides(store, references, documents))
    if format is Format.TEXT:
        _print(clerk.compare_text(first, second, setup.say))
    else:
        _print(json.dumps(clerk.compare_data(first, second), ensure_ascii=False, indent=1 if format is Format.JSON else None))


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
        source, revision = _with_store(setup, lambda store: clerk.source(store, reference, {}))
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
    rolled = _with_store(setup, lambda store: clerk.roll(store, reference, school, year, wanted, utc_now()))
    if format is Format.TEXT:
        _print("\n".join(lines_of(setup.say, rolled)))
    else:
        _print(json.dumps(clerk.rolled_data(rolled), ensure_ascii=False, indent=1 if format is Format.JSON else None))


@units_cli.command("import")
def units_import(context: typer.Context, file: Path) -> None:
    """Replace the register by a CSV file: name, kind, parent, aliases, groups."""
    setup: Setup = context.obj
    added, changed, gone = _with_store(setup, lambda store: import_units(store, file, utc_now()))
    _print(setup.say("units.imported", added=added, changed=changed, gone=gone))


@units_cli.command("list")
def units_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The register."""
    setup: Setup = context.obj

    async def work(store: Store) -> list[dict[str, object]]:
        async with store.read() as db:
            return rosters.units(await db.units.every())

    _print_rows(_with_store(setup, work), format)


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

    code = _with_store(setup, work)
    _print(setup.say("people.invited", code=code, days=days, uses=uses))


@people_cli.command("list")
def people_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """Everybody the bot knows, with rank and unit."""
    setup: Setup = context.obj

    async def work(store: Store) -> list[dict[str, object]]:
        async with store.read() as db:
            return rosters.people(await db.people.every(), await db.units.every())

    _print_rows(_with_store(setup, work), format)


def _with_app(setup: Setup, work: Callable[[App], Awaitable[T]]) -> T:
    """Run `work` with the whole bot but its channels; on SQLite the schema is made where there is none."""

    async def go() -> T:
        if setup.settings.database.url.startswith("sqlite"):
            await upgrade(setup.settings.database.url)
        async with open_app(setup.settings, texts=setup.texts) as app:
            return await work(app)

    return asyncio.run(go())


@notice_cli.command("send")
def notice_send(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="everyone, staff, rank:principal, unit:NAME, followers:EVENT; a comma joins, ' - ' takes away.")],
    text: Annotated[str, typer.Option(help="The whole text.")],
    attach: Annotated[list[Path] | None, typer.Option(help="A picture or document that goes with it; may be repeated.")] = None,
    at: Annotated[str, typer.Option(help="When it leaves, such as '2026-11-30 09:00'; at once without it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="No question, and no pause to undo.")] = False,
    format: Shape = Format.TEXT,
) -> None:
    """Send a notice; the server that runs beside takes it from the ledger."""
    setup: Setup = context.obj

    def sure(told: broadcast.Told) -> bool:
        sample = "、".join(name for name in told.sample if name)
        return typer.confirm(setup.say("notice.question", count=told.people, unreachable=told.unreachable, sample=sample), err=True)

    done = _with_app(setup, lambda app: broadcast.send_notice(app, to, text, at, None if yes else sure, attach or ()))
    if done is None:
        raise Refusal("notice.not_sent")
    notice, told = done
    row = {"notice": notice.id, "people": told.people, "unreachable": told.unreachable, "leaves": told.leaves.isoformat()}
    if format is Format.TEXT:
        leaves = told.leaves.astimezone(setup.settings.zone).strftime("%Y-%m-%d %H:%M:%S")
        _print(setup.say("notice.ordered", id=notice.id, count=told.people - told.unreachable, unreachable=told.unreachable, time=leaves))
    else:
        _print(json.dumps(row, ensure_ascii=False))


@notice_cli.command("report")
def notice_report(context: typer.Context, id: int, format: Shape = Format.TEXT) -> None:
    """What became of a notice: numbers, and a row for everybody it is for."""
    setup: Setup = context.obj
    told = _with_app(setup, lambda app: broadcast.report_notice(app, id))
    if format is Format.JSON:
        _print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if format is Format.TEXT:
        states = " ".join(f"{name} {count}" for name, count in told["states"].items())
        _print(setup.say("notice.report", id=told["notice"], people=told["people"], states=states, answered=told["answered"]))
    _print_rows(told["rows"], format)


@notice_cli.command("list")
def notice_list(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The newest notices first."""
    _print_rows(_with_app(context.obj, broadcast.list_notices), format)


@cli.command()
def outbox(context: typer.Context, format: Shape = Format.TEXT) -> None:
    """The ledger: counts by state, the age of the oldest, uncertain rows by name."""
    setup: Setup = context.obj

    async def work(store: Store) -> dict[str, object]:
        async with store.read() as db:
            return rosters.backlog(await db.outbox.backlog(utc_now()))

    shown = _with_store(setup, work)
    _print(json.dumps(shown, ensure_ascii=False, indent=1) if format is not Format.TEXT else rosters.backlog_text(shown, setup.say))


@db_cli.command("upgrade")
def db_upgrade(context: typer.Context) -> None:
    """Bring the database to this program's schema."""
    setup: Setup = context.obj
    asyncio.run(upgrade(setup.settings.database.url))
    _print(setup.say("db.upgraded"))


def _print(text: str) -> None:
    print(text)  # noqa: T201


def _print_rows(rows: Sequence[dict[str, object]], format: Format) -> None:
    if format is Format.JSON:
        _print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            _print(json.dumps(row, ensure_ascii=False) if format is Format.JSONL else "\t".join(str(value) for value in row.values()))


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--config FILE` moved to the front, so that it may stand behind a command too."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument == "--config":
            front += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        elif argument.startswith("--config="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def main() -> NoReturn:
    """Run a command: 0 done, 1 the work failed, 2 wrong use or a refused input, each with one line on standard error."""
    texts = load_texts()
    status = 0
    try:
        status = cli(hoisted(sys.argv[1:]), standalone_mode=False) or 0
    except Refusal as refusal:
        language = "zh-Hant"
        if texts.has(refusal.key):
            _complain(texts.say(language, refusal.key, **refusal.values))
        else:
            _complain(str(refusal))
        status = REFUSED
    except USAGE as error:
        _complain(error.format_message().replace("\n", " "))
        status = REFUSED
    except typer.Exit as error:
        status = error.exit_code
    except typer.Abort:
        status = FAILED
    except KeyboardInterrupt:
        status = FAILED
    except BrokenPipeError:
        status = FAILED
    except Exception as error:
        logging.getLogger("planbot").debug("why", exc_info=True)
        _complain(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        status = FAILED
    sys.exit(status)


def _complain(sentence: str) -> None:
    print(f"planbot: {sentence}", file=sys.stderr)  # noqa: T201
