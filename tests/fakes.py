"""Fakes for the network's edge only: a clock that is set by hand and a channel that keeps what it is given."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.chat import Abilities, Address, Desk, FileRef, Outcome, Receipt, Reply
from bot.limits import Lane


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time

    def set(self, time: datetime) -> None:
        self.time = time

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass(slots=True)
class RecordingChannel:
    """A channel without a network: what is delivered is kept, and what becomes of it can be ordered ahead."""

    name: str = "invented"
    abilities: Abilities = field(default_factory=Abilities)
    delivered: list[tuple[Address, Reply, str]] = field(default_factory=list)
    orders: list[Receipt] = field(default_factory=list)
    amended: list[tuple[Address, str, Reply]] = field(default_factory=list)
    recalled: list[tuple[Address, str]] = field(default_factory=list)
    young: bool = True
    """Whether messages can still be deleted."""
    governors: set[str] | None = None
    """Who decides in groups; None where the channel cannot tell."""
    linked: bool = True
    """Whether a link opens a private chat."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What may be fetched, by the file's remote id."""

    async def run(self, desk: Desk) -> None:
        await asyncio.Event().wait()

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        self.delivered.append((to, message, key))
        ordered = self.orders.pop(0) if self.orders else Receipt(Outcome.SENT)
        if ordered.outcome is not Outcome.SENT:
            return ordered
        held = tuple(file.remote or f"held-{file.name}" for file in message.files)
        return replace(ordered, remotes=(f"r{len(self.delivered)}",), files=held)

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        self.amended.append((to, remote, message))
        return Receipt(Outcome.SENT, (remote,))

    async def recall(self, to: Address, remote: str) -> Receipt:
        self.recalled.append((to, remote))
        return Receipt(Outcome.SENT if self.young else Outcome.FAILED)

    def opening(self, payload: str) -> str:
        return f"https://chat.example/bot?start={payload}" if self.linked else ""

    async def governs(self, group: Address, sender: str) -> bool | None:
        return sender in self.governors if self.governors is not None else None

    async def fetch(self, file: FileRef) -> bytes:
        return self.files[file.remote]
