"""Secrets never reach a log: httpx logs the address of every request, and Telegram's addresses hold the token.

The record itself is cleaned where it is made, so a handler that is added later, a test's among them, sees no secret either.
"""

import logging
from collections.abc import Callable
from typing import Any

BLOT = "‹secret›"
LEAST = 8
"""A part of a token that is shorter than this would blot out ordinary words."""


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


class CleanRecords:
    """A log record factory around another one; `secrets` may grow."""

    def __init__(self, inner: Callable[..., logging.LogRecord], secrets: tuple[str, ...]) -> None:
        self.inner = inner
        self.secrets = secrets

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Make the record; message and traceback are written out early where they hold a secret."""
        record = self.inner(*args, **kwargs)
        try:
            message = record.getMessage()
        except Exception:
            # A wrong format string: logging reports it when the record is emitted.
            return record
        clean = blot(message, self.secrets)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0] is not None:
            trace = logging.Formatter().formatException(record.exc_info)
            if (clean := blot(trace, self.secrets)) != trace:
                record.exc_info, record.exc_text = None, clean
        return record


def redact(token: str, *more: str) -> None:
    """Keep a token and other secrets out of every log record of this process from now on; calling it again is harmless."""
    secrets = (*parts_of(token), *(secret for secret in more if len(secret) >= LEAST))
    factory = logging.getLogRecordFactory()
    if isinstance(factory, CleanRecords):
        factory.secrets = tuple(dict.fromkeys((*factory.secrets, *secrets)))
    else:
        logging.setLogRecordFactory(CleanRecords(factory, secrets))
