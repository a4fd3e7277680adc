"""What all commands share: the options before a command, the open database, and how data is printed."""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.app import App, open_app
from bot.redact import redact
from bot.settings import Settings, load_settings
from bot.texts import Texts, load_texts
from storage.migrate import upgrade
from storage.store import Store, Transaction

T = TypeVar("T")
DEFAULT_CONFIG = Path("config.toml")

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="planbot: a work plan that answers for itself."
)


class Format(StrEnum):
    """How data is printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Setup:
    """What every command starts from."""

    settings: Settings
    texts: Texts
    config: Path | None
    """The file the settings are from; None where they are the defaults."""

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in the configured language."""
        return self.texts.say(self.settings.bot.language, key, **values)


Issuer = Annotated[str, typer.Option(help="The body the document speaks for.")]
Year = Annotated[int | None, typer.Option(help="The year that 今年 means.", min=1950, max=2200)]
Shape = Annotated[Format, typer.Option("--format", help="text, json or jsonl.")]


def group(name: str, help: str) -> typer.Typer:
    """A group of commands under one word."""
    made = typer.Typer(no_args_is_help=True)
    cli.add_typer(made, name=name, help=help)
    return made


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
    context.obj = Setup(settings, texts, path)


async def prepare(setup: Setup) -> None:
    """On SQLite the schema is made where there is none; on PostgreSQL that is left to `db upgrade`."""
    if setup.settings.database.url.startswith("sqlite"):
        await upgrade(setup.settings.database.url)


def with_store(setup: Setup, work: Callable[[Store], Awaitable[T]]) -> T:
    """Run `work` with the open database; on SQLite the schema is made where there is none."""

    async def go() -> T:
        await prepare(setup)
        store = Store(setup.settings.database.url)
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(go())


def with_read(setup: Setup, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run `work` with one moment of the database."""

    async def go(store: Store) -> T:
        async with store.read() as db:
            return await work(db)

    return with_store(setup, go)


def with_app(setup: Setup, work: Callable[[App], Awaitable[T]]) -> T:
    """Run `work` with the whole bot but its channels; on SQLite the schema is made where there is none."""

    async def go() -> T:
        await prepare(setup)
        async with open_app(setup.settings, texts=setup.texts) as app:
            return await work(app)

    return asyncio.run(go())


def show(text: str) -> None:
    """Print data on standard output."""
    print(text)  # noqa: T201


def print_rows(rows: Sequence[dict[str, object]], format: Format) -> None:
    """Print rows: one a line with tabs between the values, or as JSON."""
    if format is Format.JSON:
        show(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            show(json.dumps(row, ensure_ascii=False) if format is Format.JSONL else "\t".join(str(value) for value in row.values()))
