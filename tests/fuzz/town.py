"""The bot that is fuzzed: its desk, rooms and database are real, Telegram's library too; only its network answers by itself."""

import contextlib
import json
import logging
import resource
import shutil
import traceback
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from bot.app import App, open_app
from bot.channels.telegram import TelegramChannel, build
from bot.channels.telegram.feed import readable
from bot.channels.telegram.post import Post
from bot.chat import Address
from bot.intake import demonstrate
from bot.limits import Limits, Pace
from bot.people import Rank
from bot.settings import Channels, Database, Incoming, Settings, Telegram, Web
from bot.texts import load_texts
from storage.migrate import upgrade
from storage.values import State
from tests.fakes import Clock
from tests.handlers.conftest import MORNING

BOT = {"id": 42, "is_bot": True, "first_name": "planbot", "username": "planbot"}
PEOPLE = dict(enumerate((*[Rank.GUEST] * 10, *list(Rank) * 4), 1000))
"""Telegram's id of everybody who writes, with the rank they begin with."""
GROUPS = (-1001, -1002, -100300)


class Offline(BaseRequest):
    """Telegram's servers in a few lines: every request is right, every message gets a number."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, method: str, request_data: RequestData | None = None, **_: Any) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        values = request_data.parameters if request_data else {}
        result: Any = True
        if name == "getMe":
            result = BOT
        elif name.startswith(("send", "edit")) and name != "sendChatAction":
            # What Telegram would refuse is an error of ours.
            assert len(str(values.get("text", "")).encode("utf-16-le")) <= 2 * 4096
            assert name != "sendMessage" or str(values.get("text", "")).strip()
            self.number += 1
            result = {
                "message_id": self.number,
                "date": 1,
                "chat": {"id": values.get("chat_id", 1), "type": "private"},
                "from": BOT,
                "text": "x",
            }
            if name == "sendMediaGroup":
                result = [result]
        elif name == "getFile":
            return 400, json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: file is gone"}).encode()
        elif name == "getChatMember":
            return 400, json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: user not found"}).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


class Faults(logging.Handler):
    """Every error that the bot logs, by where it was raised."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        # What another program sent and what was left out for it is no fault of ours.
        if "could not be read and is left out" in record.getMessage() or "without a number" in record.getMessage():
            return
        where = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            ours = [frame for frame in traceback.extract_tb(record.exc_info[2]) if "/site-packages/" not in frame.filename]
            last = ours[-1] if ours else None
            place = f"{Path(last.filename).name}:{last.lineno}" if last else "?"
            where = f"{type(record.exc_info[1]).__name__} at {place}"
            self.first.setdefault(where, "".join(traceback.format_exception(record.exc_info[1]))[-3000:])
        self.found[where] += 1


@dataclass(slots=True)
class Town:
    """A running bot and what was seen of it."""

    app: App
    channel: TelegramChannel
    clock: Clock
    faults: Faults
    verbs: tuple[str, ...]
    commands: tuple[str, ...]
    deeds: int = 0
    """Rows of the audit trail when last looked at."""
    broken: list[str] = field(default_factory=list)

    async def deliver(self, raw: Any) -> None:
        """One update as Telegram's server sends it."""
        update = readable(raw)
        if update is not None:
            await self.channel._update(self.app.desk, Update.de_json(update, self.channel._app.bot))  # type: ignore[union-attr]

    async def check(self) -> None:
        """The state of the database: legal, grown, nobody promoted, nothing dangling."""
        async with self.app.store.read() as db:
            states = set((await db.connection.execute(text("SELECT DISTINCT state FROM outbox"))).scalars())
            dangling = (await db.connection.execute(text("PRAGMA foreign_key_check"))).all()
            verdict = await db.audit.verify()
            ranks = {number: person for number in PEOPLE if (person := await db.people.find(Address("telegram", str(number))))}
        if states - {state.value for state in State}:
            self.broken.append(f"outbox states {states}")
        if dangling:
            self.broken.append(f"dangling rows {dangling[:3]}")
        if not verdict.sound or verdict.rows < self.deeds:
            self.broken.append(f"audit trail {verdict}, {self.deeds} rows before")
        promoted = [number for number, person in ranks.items() if person.rank > PEOPLE[number]]
        if promoted:
            self.broken.append(f"promoted: {promoted}")
        self.deeds = verdict.rows


@contextlib.asynccontextmanager
async def town(folder: Path, limits: Incoming = Incoming(0, 0, 0, 0)) -> AsyncIterator[Town]:
    """The bot with the demonstration, people of every rank and two groups, on a fresh SQLite file."""
    settings = Settings(
        database=Database(f"sqlite+aiosqlite:///{folder / 'planbot.db'}"),
        limits=limits,
        channels=Channels(Web(port=0, public_url="http://plan.example.cn"), Telegram(token="1:offline")),
    )
    await upgrade(settings.database.url)
    clock, faults, offline = Clock(MORNING), Faults(), Offline()
    channel = build(settings.channels.telegram, Pace(Limits(0, 0, per_group_minute=0)))
    library = Application.builder().token("1:offline").request(offline).get_updates_request(Offline()).updater(None).job_queue(None).build()
    await library.initialize()
    channel._app, channel._post = library, Post(library.bot, channel._wire)
    logging.getLogger("planbot").addHandler(faults)
    try:
        async with open_app(settings, {"telegram": channel}, texts=load_texts(), now=clock) as app:
            await demonstrate(app.store, settings, MORNING.date(), MORNING)
            await app.shelves.look_now()
            for number, rank in PEOPLE.items():
                async with app.store.begin() as db:
                    person = (await db.people.meet(Address("telegram", str(number)), f"P{number}", "", clock())).person
                    await db.people.set_rank(person.id, rank)
            rooms = app.desk._rooms
            yield Town(app, channel, clock, faults, tuple(rooms.buttons), tuple(rooms.commands))
    finally:
        logging.getLogger("planbot").removeHandler(faults)
        await library.shutdown()


def resident() -> float:
    """Megabytes this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def emptied(folder: Path) -> Path:
    """The folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
