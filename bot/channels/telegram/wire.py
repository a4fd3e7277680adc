"""Every request to Telegram leaves through here, so that all of them count in the one pace."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable

from bot.chat import Outcome, Receipt
from bot.limits import Lane, Pace

YIELD = 0.05
"""Seconds a lower lane lets pass while a higher one waits for its turn."""
SHUT = 0.5
"""Seconds between two looks at whether there is a connection."""
SOON = 1.0
"""Seconds; a request that must wait longer waits for its own chat and holds nobody up."""

log = logging.getLogger("planbot.telegram")


class Wire:
    """The turn-taking of one channel; the sender waits by the same pace before it calls, but only requests made here count."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._waiting: Counter[Lane] = Counter()

    async def turn(self, chat: str, lane: Lane, *, messages: int = 1, within: float | None = None) -> float:
        """Wait until a request to `chat` may leave, and count it as so many messages; returns 0.

        With `within`, the seconds still to wait are returned instead, and nothing is counted, where that is longer.
        """
        began = self._clock()
        group = chat.startswith("-")
        queued = False
        try:
            while True:
                now = self._clock()
                wait = self._pace.wait(chat, now, lane, group)
                if wait <= 0 and any(self._waiting[higher] for higher in Lane if higher < lane):
                    wait = YIELD
                if wait <= 0:
                    for _ in range(messages):
                        self._pace.mark(chat, now, group)
                    return 0.0
                if within is not None and now + wait > began + within:
                    return wait
                if not queued and wait <= SOON:
                    queued = True
                    self._waiting[lane] += 1
                await asyncio.sleep(wait)
        finally:
            if queued:
                self._waiting[lane] -= 1

    def free(self, chat: str) -> bool:
        """Count a request that is not worth waiting for; False, and nothing counted, where it would have to wait."""
        now = self._clock()
        if any(self._waiting.values()) or self._pace.wait(chat, now, Lane.NOTICE) > 0:
            return False
        self._pace.mark(chat, now)
        return True

    def closed(self) -> Receipt:
        """Not now, and for a moment nothing else either: there is no connection, so the ledger need not try row after row."""
        self._pace.halt(SHUT, self._clock())
        return Receipt(Outcome.LATER, retry_after=SHUT, detail="not connected")

    def halt(self, seconds: float) -> None:
        """Stop everything: Telegram answered 429."""
        log.warning("Telegram asks for a pause of %.0f s", seconds)
        self._pace.halt(seconds, self._clock())
