"""The command line: what each command takes and prints, by subject; the work is done elsewhere."""

import logging
import sys
from collections.abc import Sequence
from typing import NoReturn, cast

import typer

from bot.cli import answering, database, notices, people, plans
from bot.cli.frame import cli
from bot.errors import Refusal
from bot.texts import BASE, load_texts

__all__ = ["answering", "cli", "database", "hoisted", "main", "notices", "people", "plans"]

FAILED, REFUSED = 1, 2
USAGE = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""The library's error for words it cannot take, of which a bad parameter is one kind."""


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
        _complain(texts.say(BASE, refusal.key, **refusal.values) if texts.has(refusal.key) else str(refusal))
        status = REFUSED
    except USAGE as error:
        _complain(error.format_message().replace("\n", " "))
        status = REFUSED
    except typer.Exit as error:
        status = error.exit_code
    except (typer.Abort, KeyboardInterrupt, BrokenPipeError):
        status = FAILED
    except Exception as error:
        logging.getLogger("planbot").debug("why", exc_info=True)
        _complain(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        status = FAILED
    sys.exit(status)


def _complain(sentence: str) -> None:
    print(f"planbot: {sentence}", file=sys.stderr)  # noqa: T201
