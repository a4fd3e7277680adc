"""Secrets never reach a log: a log record factory that blots them out wherever they stand, exceptions included."""

import logging
from typing import Any

BLOT = "‹secret›"


class Blotting(logging.Formatter):
    """A formatter around another one that blots out secrets in the finished line, so tracebacks are covered too."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line as the inner formatter writes it, without the secrets."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, BLOT)
        return line


def redact(*secrets: str) -> None:
    """Blot out `secrets` (empty ones are passed over) in everything that the root logger's handlers write from now on."""
    kept = tuple(secret for secret in secrets if secret)
    if not kept:
        return
    for handler in logging.getLogger().handlers:
        inner: Any = handler.formatter or logging.Formatter()
        handler.setFormatter(Blotting(inner, kept))
