"""Commands that answer: the server, a conversation in the terminal, questions without one."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot import asking
from bot.app import open_app, utc_now
from bot.channels.terminal import TerminalChannel
from bot.cli.frame import Format, Issuer, Setup, Shape, Year, cli, prepare, show, with_store
from bot.errors import Refusal
from bot.intake import Sure, read_files
from bot.serve import serve as serve_until_stopped
from bot.settings import Incoming


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
        await prepare(setup)
        channel = TerminalChannel()
        # Whoever sits at this machine needs no protection from themselves, and may pipe a thousand questions in.
        settings = replace(setup.settings, limits=Incoming(0, 0, 0, 0))
        async with open_app(settings, {"terminal": channel}, texts=setup.texts) as app:
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
    library = asking.library_of(documents, setup.settings) if documents else with_store(setup, asking.released)
    answers = asking.answer_all(library, asked, setup.settings, setup.texts)
    if format is Format.TEXT:
        show("\n\n".join(str(answer["reply"]) for answer in answers))
    elif format is Format.JSON:
        show(json.dumps(answers[0] if question else answers, ensure_ascii=False, indent=1))
    else:
        show("\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers))
