"""The terminal's side of the contract test: a pipe to type into and paper that is printed on."""

import asyncio
import io
import os
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.terminal import READER, TerminalChannel
from bot.chat import Address
from tests.channels.side import PATIENCE, Side


class Paper(io.StringIO):
    """What is printed, and a wait for more of it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self.printed: list[str] = []
        self.more = asyncio.Event()

    def write(self, text: str) -> int:
        self.printed.append(text)
        self.more.set()
        return super().write(text)

    async def shows(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while text not in self.getvalue():
                self.more.clear()
                await self.more.wait()


class TerminalSide:
    """Somebody at the keyboard."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        self._keys = os.fdopen(writing, "w", encoding="utf-8", buffering=1)
        self._lines = os.fdopen(reading, encoding="utf-8")
        self.paper = Paper()
        self.folder = folder
        self.channel = TerminalChannel(self._lines, self.paper, folder=folder)
        self.address = Address("terminal", "local")
        self.nowhere = Address("terminal", "nobody")

    async def ready(self) -> None:
        pass

    async def leave(self) -> None:
        self._keys.close()
        for thread in threading.enumerate():
            if thread.name == READER:
                thread.join(PATIENCE)
        self._lines.close()

    async def say(self, text: str) -> None:
        self._keys.write(text + "\n")

    async def press(self, label: str) -> None:
        numbers: list[str] = re.findall(r"\[(\d+)\] " + re.escape(label), self.paper.getvalue())
        await self.say(numbers[-1])

    async def upload(self, name: str, data: bytes) -> None:
        raise AssertionError("a terminal sends no files")

    async def sees(self, text: str) -> None:
        await self.paper.shows(text)

    def messages(self) -> list[str]:
        return [text.rstrip("\n") for text in self.paper.printed if text.strip() and not text.startswith("  [")]

    async def received(self, name: str) -> bytes:
        await self.paper.shows(name)
        return (self.folder / name).read_bytes()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Side]:
    """A terminal and somebody at it."""
    side = TerminalSide(folder)
    try:
        yield side
    finally:
        await side.leave()
