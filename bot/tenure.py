"""Which channels are this process's to send on, and until when: all of them for good, until a turn is told."""

import time
from collections.abc import Collection, Mapping

from bot.limits import Pace

TAKING_OVER = 1.0
"""Seconds: the longest stretch but a group's minute in which a channel counts what was sent."""


class Tenure:
    """The turns of a process among several, by the monotonic clock, which no one can set."""

    def __init__(self, paces: Mapping[str, Pace]) -> None:
        self._paces = paces
        self._until = dict.fromkeys(paces, float("inf"))
        self._taken: set[str] = set()

    def turn(self, channel: str, until: float) -> None:
        """A channel is this process's until that monotonic second; 0: not at all, it is another process's turn.

        Who takes over begins a second later, since the one before may have used up the channel's limits just now.
        """
        now = time.monotonic()
        if self._until[channel] <= now < until:
            self._taken.add(channel)
            if until < float("inf") and self._paces[channel].limits.per_second:
                self._paces[channel].halt(TAKING_OVER, now)
        self._until[channel] = until

    def foreign(self) -> tuple[str, ...]:
        """The channels that are another process's."""
        now = time.monotonic()
        return tuple(name for name, until in self._until.items() if until <= now)

    def taken(self) -> frozenset[str]:
        """The channels taken over whose rows were not taken up yet."""
        return frozenset(self._taken.difference(self.foreign()))

    def took_up(self, channels: Collection[str]) -> None:
        """Their rows were taken up."""
        self._taken.difference_update(channels)
