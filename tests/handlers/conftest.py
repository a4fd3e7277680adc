"""A whole bot on a real SQLite file with the demonstration plans, spoken to through its desk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import App, open_app
from bot.chat import Address, Button, Incoming, Reply
from bot.intake import demonstrate
from bot.people import Rank
from bot.settings import Database, Settings
from storage.migrate import upgrade
from tests.fakes import Clock, RecordingChannel

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)


@dataclass(slots=True)
class Talk:
    """A person who speaks to the bot: `await talk("…")`, `await talk.press(reply, "跟進")`."""

    app: App
    channel: RecordingChannel
    clock: Clock
    sender: str = "anna"
    language: str = ""
    count: int = 0
    heard: list[Reply] = field(default_factory=list)
    others: dict[str, "Talk"] = field(default_factory=dict)

    async def __call__(self, text: str, **more: object) -> Reply:
        return await self._tell(text=text, **more)

    async def press(self, reply: Reply, label: str, **more: object) -> Reply:
        button = button_of(reply, label)
        assert button.action is not None
        packed = type(button.action).unpack(button.action.pack())
        return await self._tell(action=packed, **more)

    async def _tell(self, **what: object) -> Reply:
        self.count += 1
        values: dict[str, object] = {
            "address": Address(self.channel.name, self.sender),
            "sender": self.sender,
            "language": self.language,
            "update": f"{self.sender}-{self.count}",
            **what,
        }
        reply = await self.app.desk.answer(Incoming(**values))  # type: ignore[arg-type]
        assert reply is not None
        self.heard.append(reply)
        return reply

    def as_(self, sender: str, language: str = "") -> "Talk":
        """Somebody else on the same channel; the same one for the same name."""
        return self.others.setdefault(sender, Talk(self.app, self.channel, self.clock, sender, language))

    async def become(self, rank: Rank) -> None:
        async with self.app.store.begin() as db:
            person = await db.people.meet(Address(self.channel.name, self.sender), "", "", self.clock())
            await db.people.set_rank(person.person.id, rank)

    async def send_due(self) -> list[Reply]:
        """Let the sender send all that is due now; returns what it sent."""
        before = len(self.channel.delivered)
        await self.app.sender.recover()
        await self.app.sender.drain()
        return [message for _, message, _ in self.channel.delivered[before:]]


def button_of(reply: Reply, label: str) -> Button:
    found = [button for row in reply.buttons for button in row if label in button.label]
    assert found, f"no button {label}: {[[button.label for button in row] for row in reply.buttons]}"
    return found[0]


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"))


@pytest.fixture
async def talk(settings: Settings, clock: Clock) -> AsyncIterator[Talk]:
    await upgrade(settings.database.url)
    channel = RecordingChannel()
    async with open_app(settings, {channel.name: channel}, now=clock) as app:
        await demonstrate(app.store, settings, date(2026, 10, 12), clock())
        await app.shelves.look_now()
        yield Talk(app, channel, clock)
