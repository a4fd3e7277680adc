"""Telegram's side of the contract test: a person on a Telegram of our own, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.telegram import TelegramChannel, build
from bot.chat import Address
from bot.limits import Limits as PaceLimits
from bot.limits import Pace
from bot.settings import Telegram
from tests.channels.side import PATIENCE, Side
from tests.telegram import Limits, TelegramServer, User


class TelegramSide:
    """One person in a private chat with the bot."""

    def __init__(self, channel: TelegramChannel, server: TelegramServer, person: User) -> None:
        self.channel = channel
        self.server = server
        self.person = person
        self.address = Address("telegram", str(person.id))
        self.nowhere = Address("telegram", "77")

    async def ready(self) -> None:
        await self.server.until(lambda: self.server._poller is not None, "the bot asks for news", PATIENCE)

    async def leave(self) -> None:
        await self.server.refuse()
        await self.server.accept()

    async def say(self, text: str) -> None:
        await self.person.says(text)

    async def press(self, label: str) -> None:
        message = next(message for message in reversed(self._sent()) if label in message.buttons)
        self.toast = (await self.person.presses(message, label, PATIENCE)).text

    async def upload(self, name: str, data: bytes) -> None:
        await self.person.sends(name, data)

    async def sees(self, text: str) -> None:
        await self.server.until(lambda: text in getattr(self, "toast", "") or any(text in said for said in self.messages()), text, PATIENCE)

    def messages(self) -> list[str]:
        return [message.said for message in self._sent()]

    async def received(self, name: str) -> bytes:
        return next(message.file.data for message in self._sent() if message.file is not None and message.file.name == name)

    def _sent(self) -> list:  # type: ignore[type-arg]
        return [message for message in self.server.sent if message.chat.id == self.person.id and not message.deleted]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Side]:
    """A server without rates, a channel that polls it, and one person."""
    async with TelegramServer(Limits().unhurried()) as server:
        channel = build(Telegram(token=server.token, base_url=server.base_url), Pace(PaceLimits(0, 0, per_group_minute=0)))
        yield TelegramSide(channel, server, server.user("Anna"))
