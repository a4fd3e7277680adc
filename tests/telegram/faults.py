"""Faults on demand: what goes wrong with the next request, and the error that a refused request answers with."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


class ApiError(Exception):
    """An answer with `ok` false, as the Bot API words it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad(description: str) -> ApiError:
    """400, the usual refusal."""
    return ApiError(400, f"Bad Request: {description}")


WORDS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


@dataclass(slots=True)
class Fault:
    """What goes wrong, how often, and with which requests."""

    method: str = ""
    """Empty: every method but getUpdates."""
    chat: int | None = None
    times: int = 1
    """How many requests it meets; -1: all until `lift`."""
    status: int = 0
    description: str = ""
    retry_after: int = 0
    cut: bool = False
    """The connection breaks instead of an answer."""
    late: bool = False
    """No answer as long as the client waits; implies `delivered`."""
    delivered: bool = False
    """The request takes effect although its answer is lost or an error."""
    gate: asyncio.Event | None = None
    """The request takes effect and is answered well, but not before this is set."""
    met: int = 0
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, chat: int | None) -> bool:
        """True where this request is to fail."""
        if self.times == 0 or (self.chat is not None and self.chat != chat):
            return False
        return self.method == method if self.method else method != "getUpdates"

    def meet(self) -> None:
        """Count one request."""
        self.met += 1
        self.times -= self.times > 0
        self.happened.set()

    def lift(self) -> None:
        """End it."""
        self.times = 0

    def error(self) -> ApiError:
        """The answer where `status` is set."""
        words = self.description or WORDS.get(self.status, "Bad Request: made to fail")
        if self.status == 429:
            words = self.description or f"Too Many Requests: retry after {self.retry_after}"
        return ApiError(self.status, words, **({"retry_after": self.retry_after} if self.retry_after else {}))
