"""Sliding windows: how many requests may leave in a stretch of time, and when the next one may."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import IntEnum


class Lane(IntEnum):
    """Who goes first when the limit is near: answers before reminders before notices."""

    ANSWER = 0
    REMINDER = 1
    NOTICE = 2


STEPS = 10
"""What nobody waits for leaves evenly, a tenth of a second at a time: two bursts a second apart may arrive within one second."""


@dataclass(slots=True)
class Window:
    """At most `limit` marks in any `seconds`; time is the caller's monotonic clock in seconds."""

    limit: int
    seconds: float
    marks: deque[float] = field(default_factory=deque)

    def wait(self, now: float, reserve: int = 0) -> float:
        """Seconds until one more mark fits while `reserve` places stay free; 0 when it fits now."""
        while self.marks and self.marks[0] <= now - self.seconds:
            self.marks.popleft()
        allowed = max(1, self.limit - reserve)
        if len(self.marks) < allowed:
            return 0.0
        return self.marks[len(self.marks) - allowed] + self.seconds - now

    def mark(self, now: float) -> None:
        """Count one request that leaves now."""
        self.marks.append(now)


@dataclass(frozen=True, slots=True)
class Limits:
    """A channel's limits; 0 means none. Telegram's own: 30 a second, 1 a second a chat, 20 a minute a group."""

    per_second: int = 28
    per_chat_second: int = 1
    chat_burst: int = 3
    """How many messages to one chat may come at once before the rate of one a second holds."""
    per_group_minute: int = 18
    reserve: int = 1
    """Places a second kept free for answers; one that waits goes first anyway."""


class Pace:
    """One channel's limits and a halt for all of it; every request of the channel counts here.

    Pure: `wait` says how long, the caller sleeps and asks again, then calls `mark`.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.halted_until = 0.0
        self._overall = Window(limits.per_second, 1.0)
        self._brief = Window(-(-limits.per_second // STEPS), 1 / STEPS)
        self._chats: dict[str, Window] = {}
        self._groups: dict[str, Window] = {}

    def wait(self, chat: str, now: float, lane: Lane = Lane.ANSWER, group: bool = False) -> float:
        """Seconds until a request to `chat` may leave; 0 when it may now."""
        longest = max(0.0, self.halted_until - now)
        if self.limits.per_second:
            longest = max(longest, self._overall.wait(now, 0 if lane is Lane.ANSWER else self.limits.reserve))
            if lane is not Lane.ANSWER:
                longest = max(longest, self._brief.wait(now))
        if group and self.limits.per_group_minute and chat in self._groups:
            longest = max(longest, self._groups[chat].wait(now))
        if self.limits.per_chat_second and chat in self._chats:
            longest = max(longest, self._chats[chat].wait(now))
        return longest

    def mark(self, chat: str, now: float, group: bool = False) -> None:
        """Count one request to `chat` that leaves now."""
        if self.limits.per_second:
            self._overall.mark(now)
            self._brief.mark(now)
        if group and self.limits.per_group_minute:
            self._groups.setdefault(chat, Window(self.limits.per_group_minute, 60.0)).mark(now)
        if self.limits.per_chat_second:
            burst = max(1, self.limits.chat_burst)
            window = self._chats.setdefault(chat, Window(burst, burst / self.limits.per_chat_second))
            window.mark(now)
        if len(self._chats) > 4096:
            self._chats = {name: window for name, window in self._chats.items() if window.wait(now) or window.marks}

    def halt(self, seconds: float, now: float) -> None:
        """Stop everything for `seconds` (the channel answered 429); a halt is never shortened."""
        self.halted_until = max(self.halted_until, now + seconds)


class Verdict(IntEnum):
    """What becomes of something that came in."""

    PASS = 0
    TELL = 1
    """It is too much, and whoever sent it is told so."""
    SILENT = 2
    """It is too much, and they know."""


KEPT_SENDERS = 10_000


class Quota:
    """At most `limit` in any `seconds` from each sender (0: no limit); who sends more is told once in that time.

    Pure: time is the caller's monotonic clock. What is too much is not counted, so somebody who goes on sending gets through again
    at the allowed rate. Bounded: the senders least lately heard are forgotten.
    """

    def __init__(self, limit: int, seconds: float = 60.0) -> None:
        self._limit = limit
        self._seconds = seconds
        self._senders: OrderedDict[str, tuple[Window, float]] = OrderedDict()

    def judge(self, sender: str, now: float) -> Verdict:
        """Count one thing of `sender`, or say what is to be done about it."""
        if not self._limit:
            return Verdict.PASS
        window, told = self._senders.get(sender) or (Window(self._limit, self._seconds), now - self._seconds)
        verdict = Verdict.PASS
        if window.wait(now) > 0:
            verdict = Verdict.SILENT if now - told < self._seconds else Verdict.TELL
        else:
            window.mark(now)
        self._senders[sender] = (window, now if verdict is Verdict.TELL else told)
        self._senders.move_to_end(sender)
        if len(self._senders) > KEPT_SENDERS:
            self._senders.popitem(last=False)
        return verdict
