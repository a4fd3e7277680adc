"""An invented channel with the abilities of WeCom, to prove that such a one fits: lengths in bytes, no edit, an answer within 5 s or
by a later message, and messages beyond the rate dropped in silence.

`Cloud` is the network's edge, with a clock of its own that moves only when somebody sleeps on it; `InventedChannel` is a channel
like any other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.chat import Abilities, Action, Address, Desk, FileRef, Incoming, Outcome, Receipt, Reply
from bot.chat.cut import cut, measure
from bot.errors import Refusal
from bot.limits import Lane, Limits, Pace, Window
from tests.channels.side import PATIENCE, Side

ABILITIES = Abilities(
    text_limit=2048, text_unit="bytes", edit=False, recall=False, upload_limit=20_000_000, fetch_limit=20_000_000, answer_within=5.0
)
Card = tuple[tuple[str, Action], ...]
Receiver = Callable[[Incoming], Awaitable[str]]


@dataclass
class Cloud:
    """The service: people, what they were shown, and its rules."""

    members: frozenset[str] = frozenset({"zhao"})
    per_minute: int = 30
    now: float = 1000.0
    """Seconds of its own clock."""
    impatient: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the 5 s of an answer are over."""
    receiver: Receiver | None = None
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    shown: list[tuple[str, Card]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    dropped: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    rate: Window = field(default_factory=lambda: Window(30, 60.0))

    async def sleep(self, seconds: float) -> None:
        """Let so much of the cloud's time pass."""
        self.now += seconds
        await asyncio.sleep(0)

    async def callback(self, incoming: Incoming) -> None:
        """A member's message goes to the bot; an empty answer is none."""
        assert self.receiver is not None
        answer = await self.receiver(incoming)
        if answer:
            await self._show(answer, ())

    async def push(self, member: str, text: str, card: Card = ()) -> str:
        """The service's sending call: an error word for what it refuses, `ok` for what it takes, which it may drop all the same."""
        if member not in self.members:
            return "invalid user"
        if measure(text, "bytes") > ABILITIES.text_limit:
            return "too long"
        if self.rate.wait(self.now):
            self.dropped += 1
            return "ok"
        self.rate.mark(self.now)
        await self._show(text, card)
        return "ok"

    async def push_file(self, member: str, name: str, data: bytes) -> None:
        async with self.news:
            self.files[name] = data
            self.news.notify_all()

    async def _show(self, text: str, card: Card) -> None:
        async with self.news:
            self.shown.append((text, card))
            self.news.notify_all()


class InventedChannel:
    """The adapter, as one for WeCom would be."""

    name = "invented"
    abilities = ABILITIES

    def __init__(self, cloud: Cloud, pace: Pace) -> None:
        self._cloud = cloud
        self._pace = pace
        self._late: set[asyncio.Task[None]] = set()

    async def run(self, desk: Desk) -> None:
        """Take callbacks until cancelled; answers that are late are sent when they are there."""

        async def receive(incoming: Incoming) -> str:
            answering = asyncio.ensure_future(desk.answer(incoming))
            given_up = asyncio.ensure_future(self._cloud.impatient.wait())
            await asyncio.wait({answering, given_up}, return_when=asyncio.FIRST_COMPLETED)
            given_up.cancel()
            plain = answering.done() and (reply := answering.result()) and not reply.buttons and not reply.files
            if plain and reply and measure(reply.text, "bytes") <= ABILITIES.text_limit:
                return reply.text
            task = asyncio.create_task(self._send_late(incoming.address, answering))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return ""

        self._cloud.receiver = receive
        self._cloud.connected.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._cloud.receiver = None
            for task in self._late:
                task.cancel()
            await asyncio.gather(*self._late, return_exceptions=True)

    async def _send_late(self, to: Address, answering: "asyncio.Future[Reply | None]") -> None:
        reply = await answering
        if reply is not None:
            await self.deliver(to, reply, "")

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        """Push in pieces; what it knows no place for (replace, toast) is a message like any other."""
        remotes: list[str] = []
        card = tuple((button.label, button.action) for row in message.buttons for button in row if button.action)
        pieces = cut(message.text, ABILITIES.text_limit, ABILITIES.text_unit)
        for number, piece in enumerate(pieces, 1):
            # The service answers `ok` to what it drops, so the pace is kept here or nowhere.
            while seconds := self._pace.wait(to.chat, self._cloud.now, group=True):
                await self._cloud.sleep(seconds)
            self._pace.mark(to.chat, self._cloud.now, group=True)
            word = await self._cloud.push(to.chat, piece, card if number == len(pieces) else ())
            if word != "ok":
                return Receipt(Outcome.FAILED, tuple(remotes), detail=word)
            remotes.append(f"{key}.{number}")
        for file in message.files:
            await self._cloud.push_file(to.chat, file.name, file.data)
        return Receipt(Outcome.SENT, tuple(remotes) or (key,))

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """A corrected message is a new one."""
        return await self.deliver(to, message, remote)

    async def recall(self, to: Address, remote: str) -> Receipt:
        return Receipt(Outcome.FAILED, detail="nothing can be taken back")

    async def fetch(self, file: FileRef) -> bytes:
        data = self._cloud.files.get(file.remote)
        if data is None:
            raise Refusal("channel.file_gone", name=file.name)
        return data


class InventedSide:
    """The member zhao."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.channel = InventedChannel(self.cloud, Pace(Limits(per_second=0, per_chat_second=0, per_group_minute=30)))
        self.address = Address("invented", "zhao")
        self.nowhere = Address("invented", "qian")
        self._sent = 0

    async def ready(self) -> None:
        await self.cloud.connected.wait()

    async def leave(self) -> None:
        pass

    async def say(self, text: str) -> None:
        await self._call(text=text)

    async def press(self, label: str) -> None:
        action = next(action for _, card in reversed(self.cloud.shown) for name, action in card if name == label)
        await self._call(action=action)

    async def upload(self, name: str, data: bytes) -> None:
        self.cloud.files["media"] = data
        await self._call(files=(FileRef("invented", "media", name, len(data)),))

    async def sees(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE), self.cloud.news:
            await self.cloud.news.wait_for(lambda: any(text in said for said in self.messages()))

    def messages(self) -> list[str]:
        return [text for text, _ in self.cloud.shown]

    async def received(self, name: str) -> bytes:
        async with asyncio.timeout(PATIENCE), self.cloud.news:
            await self.cloud.news.wait_for(lambda: name in self.cloud.files)
        return self.cloud.files[name]

    async def _call(self, text: str = "", action: Action | None = None, files: tuple[FileRef, ...] = ()) -> None:
        self._sent += 1
        update = f"u{self._sent}"
        await self.cloud.callback(
            Incoming(self.address, self.address.chat, text=text, action=action, files=files, remote=update, update=update)
        )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Side]:
    """The cloud and one member."""
    yield InventedSide()
