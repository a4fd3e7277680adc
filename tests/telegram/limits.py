"""The limits of the real Bot API, and the counting that answers 429.

Sources: the Bot API manual (sendMessage, answerInlineQuery, getFile, sendMediaGroup, deleteMessage) and the bots FAQ ("My bot is
hitting limits"). The manual gives no number for the burst to one chat; five is what this server allows.
"""

from collections import deque
from dataclasses import dataclass, field, replace

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server refuses; 0 lifts a rate. Lengths in UTF-16 units, sizes in bytes, times in seconds."""

    per_second: int = 30
    per_chat_second: float = 1.0
    chat_burst: int = 5
    per_group_minute: int = 20
    text: int = 4096
    caption: int = 1024
    entities: int = 100
    callback_data: int = 64
    buttons: int = 100
    toast: int = 200
    inline_results: int = 50
    album: tuple[int, int] = (2, 10)
    fetch: int = 20 * MEGABYTE
    upload: int = 50 * MEGABYTE
    photo: int = 10 * MEGABYTE
    delete_within: float = 48 * 3600.0
    query_lives: float = 60.0
    """An inline query or a press not answered for so long can no longer be answered."""

    def unhurried(self) -> "Limits":
        """The same sizes with all rates lifted, for tests of speed."""
        return replace(self, per_second=0, per_chat_second=0.0, per_group_minute=0)


@dataclass(slots=True)
class Bucket:
    """A chat's budget: `capacity` at once, then `rate` a second."""

    capacity: float
    rate: float
    level: float = field(init=False)
    since: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.capacity

    def wait(self, now: float, weight: int) -> float:
        """Seconds until `weight` more fit; an album heavier than the bucket passes when it is full."""
        self.level = min(self.capacity, self.level + (now - self.since) * self.rate)
        self.since = now
        missing = min(weight, self.capacity) - self.level
        return missing / self.rate if missing > 1e-9 else 0.0

    def take(self, weight: int) -> None:
        """Count `weight`."""
        self.level -= weight


@dataclass(slots=True)
class Rates:
    """All that was let through lately; times are the caller's monotonic seconds."""

    limits: Limits
    overall: deque[float] = field(default_factory=deque)
    groups: dict[int, deque[float]] = field(default_factory=dict)
    chats: dict[int, Bucket] = field(default_factory=dict)

    def admit(self, chat: int, group: bool, weight: int, now: float) -> float:
        """Count `weight` messages to `chat` and return 0, or count nothing and return the seconds to wait."""
        limits = self.limits
        waits = [0.0]
        if limits.per_second:
            waits.append(_over(self.overall, now, 1.0, limits.per_second, weight))
        in_group = self.groups.setdefault(chat, deque()) if group and limits.per_group_minute else None
        if in_group is not None:
            waits.append(_over(in_group, now, 60.0, limits.per_group_minute, weight))
        bucket = None
        if limits.per_chat_second:
            bucket = self.chats.setdefault(chat, Bucket(limits.chat_burst, limits.per_chat_second, since=now))
            waits.append(bucket.wait(now, weight))
        if max(waits) > 0:
            return max(waits)
        for _ in range(weight):
            self.overall.append(now)
            if in_group is not None:
                in_group.append(now)
        if bucket is not None:
            bucket.take(weight)
        return 0.0


def _over(marks: deque[float], now: float, seconds: float, limit: int, weight: int) -> float:
    while marks and marks[0] <= now - seconds:
        marks.popleft()
    excess = len(marks) + min(weight, limit) - limit
    return marks[excess - 1] + seconds - now if excess > 0 else 0.0
