"""What one browser session sees: its messages, the changes to them, and the open pages that are told of each change.

Everything here lives in memory and is bounded: messages a conversation, conversations, open pages. A message the bot starts is kept
for a session even while no page is open, so it is shown when the browser comes back. Times are aware and given by the caller.
"""

import asyncio
import json
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import Button
from bot.limits import Window

KEPT_ENTRIES = 200
KEPT_CHARACTERS = 300_000
KEPT_CHANGES = 100
KEPT_CONVERSATIONS = 2000
OPEN_STREAMS = 4
"""Pages of one session that are told of changes; browsers allow six connections to a server."""
QUIET_SECONDS = 15.0
"""After so long without a change a beat shows the page, and whatever stands between, that the connection lives."""
QUEUED_CHANGES = 1000
"""A page that does not read is let go; it asks again from the last change it saw."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as the page shows it."""

    id: str
    name: str
    mime: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the conversation."""

    id: str
    mine: bool
    """True for what the visitor said."""
    text: str
    at: datetime
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[Shown, ...] = ()
    edited: bool = False

    def plain(self) -> dict[str, Any]:
        """The entry as the page's script reads it; `at` in milliseconds since 1970."""
        return {
            "id": self.id,
            "mine": self.mine,
            "text": self.text,
            "at": int(self.at.timestamp() * 1000),
            "edited": self.edited,
            "buttons": [[_plain_button(button) for button in row] for row in self.buttons],
            "files": [{"id": file.id, "name": file.name, "mime": file.mime, "size": file.size} for file in self.files],
        }


def _plain_button(button: Button) -> dict[str, str]:
    safe = button.url.startswith(("https://", "http://", "page/"))
    return {
        "label": button.label,
        "action": button.action.pack() if button.action else "",
        "url": button.url if safe else "",
    }


class Stream:
    """One open page: server-sent frames waiting to be written; None ends it."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[str | None] = asyncio.Queue()

    def push(self, frame: str) -> None:
        """Queue a frame, or end the stream where the page has stopped reading."""
        if self.frames.qsize() < QUEUED_CHANGES:
            self.frames.put_nowait(frame)
        else:
            self.end()

    def end(self) -> None:
        """Let the page go once it has what is queued."""
        self.frames.put_nowait(None)


def frame(kind: str, value: object, number: str = "") -> str:
    """One server-sent event: its kind, its value as JSON on one line, and the id a page resumes from."""
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {kind}\ndata: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"


@dataclass(slots=True)
class Conversation:
    """One session: entries in order, recent changes for a page that resumes, and the pages open now."""

    epoch: str
    """Names this life of the conversation, so a page knows whether its last change is one of ours."""
    entries: OrderedDict[str, Entry] = field(default_factory=OrderedDict)
    changes: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_CHANGES))
    streams: list[Stream] = field(default_factory=list)
    seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    """Ids the page gave to what it sent; one that comes again is the same message."""
    number: int = 0
    waiting: int = 0
    """Messages and presses that the bot has not answered yet."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while one is answered, so answers come in the order of the questions."""
    window: Window = field(default_factory=lambda: Window(20, 10.0))

    def first_time(self, given: str) -> bool:
        """True for an id the page has not sent before, and remembers it."""
        if given in self.seen:
            return False
        self.seen[given] = None
        while len(self.seen) > KEPT_ENTRIES:
            self.seen.popitem(last=False)
        return True

    def put(self, entry: Entry) -> None:
        """Add an entry, or change the one with its id where it stands."""
        self.entries[entry.id] = entry
        written = sum(len(kept.text) for kept in self.entries.values())
        while len(self.entries) > 1 and (len(self.entries) > KEPT_ENTRIES or written > KEPT_CHARACTERS):
            written -= len(self.entries.popitem(last=False)[1].text)
        self._changed("put", entry.plain())

    def drop(self, identity: str) -> bool:
        """Take an entry away; False where there is none."""
        if self.entries.pop(identity, None) is None:
            return False
        self._changed("drop", {"id": identity})
        return True

    def toast(self, text: str) -> None:
        """A short notice over the chat."""
        self._changed("toast", {"text": text})

    def wait_for_answer(self, more: int) -> None:
        """Count what the bot still has to answer; open pages show that it is typing while any is left."""
        before, self.waiting = self.waiting, self.waiting + more
        if bool(before) != bool(self.waiting):
            self._tell(frame("typing", {"on": self.waiting > 0}))

    def open(self, after: str) -> Stream:
        """A new page: what it missed since the change `after`, or all there is where that is not known any more."""
        stream = Stream()
        missed = self._since(after)
        if missed is None:
            entries = [entry.plain() for entry in self.entries.values()]
            stream.push(frame("snapshot", {"epoch": self.epoch, "entries": entries}, f"{self.epoch}.{self.number}"))
        else:
            for change in missed:
                stream.push(change)
        stream.push(frame("typing", {"on": self.waiting > 0}))
        self.streams.append(stream)
        if len(self.streams) > OPEN_STREAMS:
            oldest = self.streams.pop(0)
            oldest.push(frame("bye", {}))
            oldest.end()
        return stream

    def close(self, stream: Stream) -> None:
        """The page is gone."""
        if stream in self.streams:
            self.streams.remove(stream)

    def _since(self, after: str) -> list[str] | None:
        epoch, _, number = after.partition(".")
        if epoch != self.epoch or not (number.isascii() and number.isdigit() and len(number) < 16) or int(number) > self.number:
            return None
        oldest = self.changes[0][0] if self.changes else self.number + 1
        return [change for at, change in self.changes if at > int(number)] if int(number) >= oldest - 1 else None

    def _changed(self, kind: str, value: object) -> None:
        self.number += 1
        change = frame(kind, value, f"{self.epoch}.{self.number}")
        self.changes.append((self.number, change))
        self._tell(change)

    def _tell(self, change: str) -> None:
        for stream in list(self.streams):
            stream.push(change)


class Conversations:
    """All sessions, the least recently used ones let go when there are too many."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)
        self._made = 0
        self._all: OrderedDict[str, Conversation] = OrderedDict()

    def __iter__(self) -> Iterator[Conversation]:
        return iter(list(self._all.values()))

    def of(self, session: str) -> Conversation:
        """The conversation of a session, begun where there is none."""
        conversation = self._all.get(session)
        if conversation is None:
            # An epoch of its own, so that a page cannot take up one conversation where it left another.
            conversation = self._all[session] = Conversation(secrets.token_hex(4))
            self._let_go()
        self._all.move_to_end(session)
        return conversation

    def drop(self, session: str) -> None:
        """Forget a conversation and let its pages go."""
        conversation = self._all.pop(session, None)
        for stream in conversation.streams if conversation else ():
            stream.end()

    def new_id(self) -> str:
        """An id for a message of the bot that no other life of the server gives."""
        self._made += 1
        return f"b{self.epoch}{self._made}"

    def _let_go(self) -> None:
        if len(self._all) <= KEPT_CONVERSATIONS:
            return
        for session, conversation in list(self._all.items())[:-1]:
            if not conversation.streams and not conversation.waiting:
                del self._all[session]
                return


async def frames_of(conversation: Conversation, after: str, goes_on: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
    """The changes of a conversation as they come, from the change `after` on, until its page is let go or `goes_on` says it is over."""
    stream = conversation.open(after)
    try:
        while True:
            try:
                change = await asyncio.wait_for(stream.frames.get(), QUIET_SECONDS)
            except TimeoutError:
                if not await goes_on():
                    return
                change = frame("beat", {})
            if change is None:
                return
            yield change
    finally:
        conversation.close(stream)
