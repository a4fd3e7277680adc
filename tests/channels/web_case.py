"""The web page's side of the contract test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.web import WebChannel
from bot.chat import Address
from tests.channels.page import Visitor, a_page
from tests.channels.side import Side


class WebSide:
    """A visitor of the page."""

    def __init__(self, channel: WebChannel) -> None:
        self.channel = channel
        self.visitor = Visitor(channel.bind())
        self.nowhere = Address("web", "nobody")

    @property
    def address(self) -> Address:
        return Address("web", self.visitor.session)

    async def ready(self) -> None:
        await self.channel.ready.wait()
        await self.visitor.come()

    async def leave(self) -> None:
        await self.visitor.close()

    async def say(self, text: str) -> None:
        (await self.visitor.say(text)).raise_for_status()

    async def press(self, label: str) -> None:
        (await self.visitor.press(label)).raise_for_status()

    async def upload(self, name: str, data: bytes) -> None:
        (await self.visitor.upload(name, data)).raise_for_status()

    async def sees(self, text: str) -> None:
        await self.visitor.sees(text)

    def messages(self) -> list[str]:
        return self.visitor.texts()

    async def received(self, name: str) -> bytes:
        file = next(file for entry in self.visitor.shown.values() for file in entry["files"] if file["name"] == name)
        answer = await self.visitor.client.get(f"file/{file['id']}")
        return answer.raise_for_status().content


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Side]:
    """A page and one visitor."""
    side = WebSide(a_page())
    try:
        yield side
    finally:
        await side.leave()
