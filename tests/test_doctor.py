"""The doctor names what is wrong, says what to do, and shows no token; the command ends with 1 where anything is bad."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.chat import Address
from bot.doctor import Doctor, Finding, Level
from bot.people import Rank
from bot.settings import Channels, Database, Settings, Telegram, Web
from bot.texts import load_texts
from storage.lock import serving_lock
from storage.store import Store
from tests.storage.samples import planned
from tests.telegram.server import TelegramServer
from tests.test_cli import planbot

NOW = datetime.now(UTC)


def settings(url: str, telegram: Telegram | None = None) -> Settings:
    return Settings(database=Database(url), channels=Channels(Web(), telegram or Telegram()))


async def examined(wanted: Settings, now: datetime = NOW) -> dict[str, Finding]:
    return {finding.name: finding for finding in await Doctor(wanted, load_texts(), lambda: now).examine()}


async def test_an_empty_database_is_in_order_and_lacks_what_it_lacks(store: Store, database_url: str) -> None:
    found = await examined(settings(database_url), datetime.now(UTC))
    assert {name for name, finding in found.items() if finding.level is Level.BAD} == set()
    for name in ("服務", "負責人", "計劃"):
        assert found[name].level is Level.WARN
    for name in ("數據庫", "完整性", "操作記錄", "待發訊息", "時鐘", "Telegram"):
        assert found[name].level is Level.OK
    async with store.begin() as db:
        person = (await db.people.meet(Address("web", "1"), "", "", NOW)).person
        await db.people.set_rank(person.id, Rank.OWNER)
    assert (await examined(settings(database_url)))["負責人"].level is Level.OK


async def test_a_changed_audit_is_found(store: Store, database_url: str) -> None:
    async with store.begin() as db:
        await db.audit.record(None, "step", "1", NOW)
        await db.audit.record(None, "step", "2", NOW)
    async with store.begin() as db:
        if database_url.startswith("sqlite"):
            await db.connection.execute(text("DROP TRIGGER audit_no_update"))
        else:
            await db.connection.execute(text("DROP TRIGGER audit_no_change ON audit"))
        await db.connection.execute(text("UPDATE audit SET subject = '3' WHERE id = 2"))
    found = (await examined(settings(database_url)))["操作記錄"]
    assert (found.level, "第 2 行" in found.text) == (Level.BAD, True)


async def test_what_waits_too_long_and_what_is_in_doubt_is_named(store: Store, database_url: str) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned("a", not_before=NOW - timedelta(hours=2)), planned("b", not_before=NOW - timedelta(hours=3))], NOW)
        await db.outbox.claim(NOW - timedelta(hours=2, minutes=30), 1, timedelta(seconds=1), ("web",))
        await db.outbox.recover(NOW)
    found = await examined(settings(database_url))
    assert (found["待發訊息"].level, "120 分鐘" in found["待發訊息"].text) == (Level.WARN, True)
    assert (found["存疑訊息"].level, "1 條" in found["存疑訊息"].text) == (Level.WARN, True)


async def test_a_serving_process_is_seen_and_a_queue_that_stands_still_under_it_is_bad(
    tmp_path: Path, store: Store, database_url: str
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("a SQLite file is served by one process")
    async with store.begin() as db:
        await db.outbox.plan([planned("a", not_before=NOW - timedelta(hours=2))], NOW)
    async with serving_lock(database_url):
        found = await examined(settings(database_url))
    assert found["服務"].level is Level.OK
    assert found["待發訊息"].level is Level.BAD


async def test_a_clock_that_went_back_is_bad(store: Store, database_url: str) -> None:
    async with store.begin() as db:
        await db.audit.record(None, "step", "", NOW + timedelta(days=2))
    assert (await examined(settings(database_url)))["時鐘"].level is Level.BAD


async def test_years_without_announced_holidays_are_named(tmp_path: Path) -> None:
    wanted = settings(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}")
    known = next(year for year in range(2200, 2020, -1) if wanted.school_calendar.announced(year))
    levels = [
        (await examined(wanted, datetime(year, month, 20, tzinfo=UTC)))["校曆"].level
        for year, month in ((known - 1, 12), (known, 6), (known, 11), (known + 1, 1))
    ]
    assert levels == [Level.OK, Level.OK, Level.WARN, Level.BAD]


async def test_a_database_that_is_none_or_too_old_is_bad_and_nothing_else_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "planbot.db").write_bytes(b"garbage" * 1000)
    for name in ("planbot.db", "nowhere.db"):
        found = await examined(settings(f"sqlite+aiosqlite:///{tmp_path / name}"))
        assert found["數據庫"].level is Level.BAD
        assert "磁碟" in found
        assert "操作記錄" not in found


async def test_a_damaged_page_is_found(tmp_path: Path, store: Store, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("the pages of a server are the server's")
    async with store.begin() as db:
        for _ in range(300):
            await db.questions.record(None, "web", "誰負責？" * 20, "who", "answered", (), (), NOW)
    await store.close()
    with closing(sqlite3.connect(tmp_path / "planbot.db", isolation_level=None)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_questions_asked_at'").fetchone()[0]
        size = file.execute("PRAGMA page_size").fetchone()[0]
    whole = bytearray((tmp_path / "planbot.db").read_bytes())
    whole[(root - 1) * size + 100 : root * size] = bytes(size - 100)
    (tmp_path / "planbot.db").write_bytes(whole)
    found = (await examined(settings(database_url)))["完整性"]
    assert (found.level, "planbot db restore" in found.text) == (Level.BAD, True)


async def test_telegram_is_asked_and_the_token_is_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    url = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    async with TelegramServer() as server:
        good = Telegram(token=server.token, base_url=server.base_url)
        told = (await examined(settings(url, good)))["Telegram"]
        assert (told.level, "@" in told.text) == (Level.OK, True)
        bad = replace(good, token="424242:AAwrong-token-of-no-real-bot-at-all-0")
        refused = (await examined(settings(url, bad)))["Telegram"]
        assert (refused.level, "BotFather" in refused.text) == (Level.BAD, True)
    gone = (await examined(settings(url, good)))["Telegram"]
    assert gone.level is Level.BAD
    for finding in (told, refused, gone):
        assert server.token not in finding.text
        assert "wrong-token" not in finding.text


async def test_a_clock_that_differs_from_the_one_outside_is_bad(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ok": true, "result": {"username": "planbot_bot"}}'
        head = f"HTTP/1.1 200 OK\r\ndate: {format_datetime(NOW, usegmt=True)}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        wanted = settings(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}", Telegram(token="1:token-of-no-bot", base_url=base))
        assert (await examined(wanted))["時鐘"].level is Level.OK
        assert (await examined(wanted, NOW + timedelta(hours=3)))["時鐘"].level is Level.BAD
        assert (await examined(wanted, NOW - timedelta(minutes=2)))["時鐘"].level is Level.BAD


def test_the_commands_end_as_the_contract_says(tmp_path: Path) -> None:
    assert planbot(tmp_path, "db", "upgrade").returncode == 0
    well = planbot(tmp_path, "doctor", "--format", "json")
    assert well.returncode == 0, well.stderr
    assert '"level": "warn"' in well.stdout
    made = planbot(tmp_path, "db", "backup", "kept.planbot")
    assert (made.returncode, "SHA-256" in made.stdout) == (0, True)
    again = planbot(tmp_path, "db", "backup", "kept.planbot")
    assert (again.returncode, len(again.stderr.strip().splitlines())) == (2, 1)
    assert planbot(tmp_path, "db", "restore", "kept.planbot").returncode == 0
    (tmp_path / "planbot.db").write_bytes(b"garbage" * 1000)
    ill = planbot(tmp_path, "doctor")
    assert (ill.returncode, "Traceback" in ill.stderr) == (1, False)
    assert planbot(tmp_path, "db", "restore", "kept.planbot", "--replace").returncode == 0
    assert planbot(tmp_path, "doctor").returncode == 0
