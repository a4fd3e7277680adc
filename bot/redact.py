"""Neither secrets nor people reach a log: the token stands in the address of every request, and an error's words hold what was typed.

The record itself is cleaned where it is made, so a handler that is added later, a test's among them, sees nothing of it either. Of an
error its kind and where it happened are kept, not its words. Libraries that log what they carry, statements with their values or whole
messages, are not heard below INFO.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from bot.errors import BadSetting, BadStore, Refusal

BLOT = "‹secret›"
LEAST = 8
"""A part of a token that is shorter than this would blot out ordinary words."""


CARRIERS = ("aiosqlite", "httpcore", "multipart", "python_multipart", "sqlalchemy", "telegram", "websockets")
"""Libraries whose words for finding errors hold values."""
SHORT = 4
"""An error's words that are shorter than this would blot out ordinary words."""


def parts_of(token: str) -> tuple[str, ...]:
    """What must not be shown of a token: all of it, its percent-encoded form, and the half after the colon."""
    secret = token.partition(":")[2]
    shown = (token, token.replace(":", "%3A"), secret if len(secret) >= LEAST else "")
    return tuple(dict.fromkeys(part for part in shown if part))


def blot(text: str, secrets: tuple[str, ...]) -> str:
    """The text without the secrets."""
    for secret in secrets:
        text = text.replace(secret, BLOT)
    return text


def named(error: BaseException) -> str:
    """An error without what somebody may have typed: its kind, and of a refusal the key of its sentence.

    What is wrong with the configuration or the database is the operator's own and told in full.
    """
    if isinstance(error, (BadSetting, BadStore)):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__}: {error.key}" if isinstance(error, Refusal) else type(error).__name__


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, those in its group and those it came from."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*getattr(one, "exceptions", ()), one.__cause__, None if one.__suppress_context__ else one.__context__]


def traced(error: BaseException) -> str:
    """Where an error and those it came from happened, the last first."""
    parts = []
    for one in chain(error):
        place = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{place}{named(one)}" if place else named(one))
    return "\n\ncaused by\n\n".join(parts)


class CleanRecords:
    """A log record factory around another one; `secrets` may grow."""

    def __init__(self, inner: Callable[..., logging.LogRecord], secrets: tuple[str, ...]) -> None:
        self.inner = inner
        self.secrets = secrets

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Make the record; message and traceback are written out early where they hold a secret."""
        record = self.inner(*args, **kwargs)
        if isinstance(record.args, tuple):
            record.args = tuple(named(value) if isinstance(value, BaseException) else value for value in record.args)
        try:
            message = record.getMessage()
        except Exception:
            # A wrong format string: logging reports it when the record is emitted.
            return record
        clean = blot(message, self.secrets)
        error = record.exc_info[1] if record.exc_info else None
        for one in chain(error):
            # The event loop, for one, writes the error into the message too.
            words = [repr(one), str(one)] if len(str(one)) >= SHORT else [repr(one)]
            for word in words:
                clean = clean.replace(word, named(one))
        if clean != message:
            record.msg, record.args = clean, ()
        if error is not None:
            record.exc_info, record.exc_text = None, blot(traced(error), self.secrets)
        return record


def redact(token: str, *more: str) -> None:
    """Keep a token, other secrets and what people typed out of every log of this process from now on; calling it again is harmless."""
    for carrier in CARRIERS:
        logger = logging.getLogger(carrier)
        logger.setLevel(max(logger.level, logging.INFO))
    secrets = (*parts_of(token), *(secret for secret in more if len(secret) >= LEAST))
    factory = logging.getLogRecordFactory()
    if isinstance(factory, CleanRecords):
        factory.secrets = tuple(dict.fromkeys((*factory.secrets, *secrets)))
    else:
        logging.setLogRecordFactory(CleanRecords(factory, secrets))
