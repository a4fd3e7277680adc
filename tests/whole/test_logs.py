"""A whole run with everything logged at DEBUG, errors included, and searched for people, words, codes and secrets."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import text

from bot.app import App
from bot.errors import BadStore, Refusal
from bot.people import Rank
from bot.redact import redact
from bot.settings import Channels, Database, Settings, Telegram, Web
from handlers import find
from handlers.room import Services, Turn
from storage.migrate import upgrade
from tests.fakes import Clock
from tests.handlers.conftest import MORNING
from tests.telegram.server import TelegramServer
from tests.whole.test_telegram import running

NAME, QUESTION, NOTICE, TYPED = "林素琴甲乙丙", "我家孩子的跳繩比賽是哪一天", "週五的會議改到三樓小禮堂", "十三號樓的老王"


@dataclass(slots=True)
class Run:
    """A running bot whose logs are kept."""

    app: App
    server: TelegramServer
    caplog: pytest.LogCaptureFixture


@pytest.fixture
def restored() -> Iterator[None]:
    """What `redact` does is for a process; other tests begin as before."""
    factory = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(factory)


@pytest.fixture
async def run(tmp_path: Path, caplog: pytest.LogCaptureFixture, restored: None) -> AsyncIterator[Run]:
    caplog.set_level(logging.DEBUG)
    async with TelegramServer() as server:
        redact(server.token)
        settings = Settings(
            database=Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"),
            channels=Channels(Web(enabled=False), Telegram(token=server.token, base_url=server.base_url)),
        )
        await upgrade(settings.database.url)
        async with running(settings, Clock(MORNING), server) as app:
            yield Run(app, server, caplog)


async def test_nothing_of_people_or_secrets_is_logged_in_a_whole_run(run: Run) -> None:
    anna, ben = run.server.user(NAME), run.server.user("周啟明甲乙丙")
    await anna.says("/start")
    await anna.hears()
    async with run.app.store.begin() as db:
        person = (await db.people.every())[0]
        await db.people.set_rank(person.id, Rank.ADMINISTRATOR)
    await anna.says(QUESTION)
    await anna.hears()
    await anna.says("/notice")
    await anna.hears()
    await anna.says(NOTICE)
    await anna.hears()
    await anna.says("/invite")
    chosen = await anna.hears()
    await anna.presses(chosen, "教師")
    places = await anna.hears()
    await anna.presses(places, "不指定單位")
    await run.server.until(lambda: "生成邀請" in places.buttons, "the card stands in place of the question")
    await anna.presses(places, "生成邀請")
    await anna.hears()
    code = re.search(r"/start ([\w-]{22})", " ".join(str(call.values) for call in run.server.calls))
    assert code is not None
    await ben.says(f"/start {code[1]}")
    await ben.hears()
    await ben.says(f"/start {TYPED}")
    await ben.hears()
    await ben.says("/addresses")
    await ben.presses(await ben.hears(), "加入另一個位址")
    join = re.search(r"/join (\S{9})", (await ben.hears()).text)
    assert join is not None
    await anna.says(f"/join {join[1]}")
    await anna.hears()

    async def fail(turn: Turn, services: Services) -> NoReturn:
        async with services.store.begin() as db:
            try:
                await db.connection.execute(text("INSERT INTO people (name, nothing) VALUES (:name, 1)"), {"name": turn.args})
            except Exception as error:
                raise ValueError(f"could not keep {turn.args} of {turn.person.name}") from error
        raise AssertionError

    command = find.room.commands["find"]
    run.app.desk._rooms.commands["find"] = replace(command, handler=fail)  # type: ignore[index]
    await ben.says(TYPED)
    assert "抱歉" in (await ben.hears()).text
    failing = asyncio.get_running_loop().create_future()
    failing.set_exception(ValueError(f"lost {TYPED}"))
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %r", failing, exc_info=failing.exception())
    await ben.says("/forget")
    await ben.presses(await ben.hears(), "全部刪除")
    await ben.hears()
    said = run.caplog.text
    assert "a room failed" in said
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert "OperationalError" in said
    secrets = [
        NAME,
        "周啟明",
        QUESTION,
        "跳繩比賽",
        NOTICE,
        TYPED,
        code[1],
        join[1],
        join[1].replace("-", ""),
        run.server.token,
        run.server.token[7:],
    ]
    assert [secret for secret in secrets if secret in said] == []
    numbers = [str(anna.id), str(ben.id)]
    assert [number for number in numbers if len(number) > 3 and re.search(rf"\b{number}\b", said)] == []


def test_an_error_is_logged_by_kind_and_place(caplog: pytest.LogCaptureFixture, restored: None) -> None:
    caplog.set_level(logging.DEBUG)
    redact("1:abcdefghijkl")
    log = logging.getLogger("planbot.test")
    try:
        try:
            int(TYPED)
        except ValueError as error:
            raise KeyError(NAME) from error
    except KeyError:
        log.exception("it failed")
    log.error("%s: %s", "web", Refusal("unit.unknown", name=TYPED))
    log.error("%s", BadStore("store.busy", where="planbot.db"))
    log.error("group", exc_info=ExceptionGroup(TYPED, [ValueError(NAME), OSError(TYPED)]))
    log.error("secret 1:abcdefghijkl in the middle")
    assert [word for word in (TYPED, NAME, "abcdefghijkl") if word in caplog.text] == []
    for word in ("KeyError", "ValueError", "test_logs.py", "unit.unknown", "planbot.db", "OSError", "ExceptionGroup"):
        assert word in caplog.text


def test_nothing_the_code_logs_takes_words_of_people() -> None:
    """Every value that our own code logs is one of the names that stand for numbers, kinds and keys."""
    root = Path(__file__).parents[2]
    found = set()
    for folder in ("bot", "handlers", "storage"):
        for path in (root / folder).rglob("*.py"):
            for call in re.findall(r"\blog\.(?:debug|info|warning|error|exception)\((.*?)\)\n", path.read_text("utf-8"), re.S):
                found |= set(
                    re.findall(
                        r"\b(text|name|label|question|incoming\.text|turn\.args|person\.name|chat)\b(?![\"'(])",
                        re.sub(r'"[^"]*"', "", call),
                    )
                )
    assert found <= {"name"}
