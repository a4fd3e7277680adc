"""The person's end of a channel, as the contract test uses it. Each `NAME_case.py` here gives one by `opened(folder)`."""

from pathlib import Path
from typing import Protocol

from bot.chat import Address, Channel

PATIENCE = 20.0
"""Seconds after which something awaited is taken as missing; nothing is awaited by time."""


class Side(Protocol):
    """One person in a private conversation over `channel`; the test runs the channel, the side only talks to it."""

    channel: Channel
    address: Address
    """Of the person."""
    nowhere: Address
    """An address of this channel that nobody has."""

    async def ready(self) -> None:
        """Return once the running channel brings messages in."""
        ...

    async def leave(self) -> None:
        """Close what the person holds open; tasks of the person's own end here."""
        ...

    async def say(self, text: str) -> None:
        """Type a message."""
        ...

    async def press(self, label: str) -> None:
        """Press the newest button of that label."""
        ...

    async def upload(self, name: str, data: bytes) -> None:
        """Send a file."""
        ...

    async def sees(self, text: str) -> None:
        """Return once a message or short notice that has `text` in it is shown; an error after PATIENCE."""
        ...

    def messages(self) -> list[str]:
        """The texts of the bot's messages shown so far, as they read now, in order; buttons left out."""
        ...

    async def received(self, name: str) -> bytes:
        """The bytes of a file the bot sent, as the person gets them."""
        ...


class Opened(Protocol):
    """What a case module offers as `opened`: an asynchronous context manager that yields a side; `folder` is a temporary one."""

    def __call__(self, folder: Path) -> "AsyncSide": ...


class AsyncSide(Protocol):
    """A side to be entered."""

    async def __aenter__(self) -> Side: ...

    async def __aexit__(self, *failure: object) -> bool | None: ...
