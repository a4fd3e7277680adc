"""A whole bot on a real SQLite file with the demonstration plans, spoken to through its desk."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import App, open_app
from bot.chat import Address, Button, Incoming, Reply
from bot.intake import demonstrate
from bot.people import Rank
from bot.settings import Database, Reminders, Settings
from storage.store import Store
from tests.conftest import in_thread
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


async def hush(store: Store) -> None:
    """Note that holidays nobody announced yet were told of, so that what is sent is sent for another reason."""
    async with store.begin() as db:
        for year in (MORNING.year, MORNING.year + 1, MORNING.year + 2):
            await db.marks.set(f"unannounced.{year}", MORNING.isoformat())


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture(scope="session")
def demonstrated(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demonstration in use, to be copied: its plans are read once for all tests."""
    file = tmp_path_factory.mktemp("demonstrated") / "template.db"
    shutil.copy(sqlite_template, file)

    async def fill() -> None:
        store = Store(f"sqlite+aiosqlite:///{file}")
        await store.open()
        try:
            await demonstrate(store, Settings(), MORNING.date(), MORNING)
            await hush(store)
        finally:
            await store.close()

    in_thread(fill())
    return file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Reminders of a year and more are written down at once, so that no test has to wait for a night."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    return Settings(database=Database(url), reminders=Reminders(horizon_days=400))


@pytest.fixture
async def talk(demonstrated: Path, tmp_path: Path, settings: Settings, clock: Clock) -> AsyncIterator[Talk]:
    shutil.copy(demonstrated, tmp_path / "planbot.db")
    channel = RecordingChannel()
    async with open_app(settings, {channel.name: channel}, now=clock) as app:
        await app.shelves.look_now()
        yield Talk(app, channel, clock)
