"""The serving process as an operator meets it: it starts, refuses in one line, ends in order, and survives being killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.chat import Address
from bot.limits import Lane
from bot.plan.read import Context, read_plan
from storage.migrate import upgrade
from storage.store import Store
from storage.values import Planned
from tests.telegram import Limits, TelegramServer

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
SHANGHAI = ZoneInfo("Asia/Shanghai")


@asynccontextmanager
async def serving(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`planbot serve` in `folder` with its config.toml; killed at the end where it still runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLANBOT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "serve",
        *arguments,
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_with(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while line := (await process.stdout.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"the process ended without {words!r}")


async def refusal(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(PATIENCE):
        _, errors = await process.communicate()
    assert process.returncode == 2, errors.decode()
    lines = [line for line in errors.decode().splitlines() if line.startswith("planbot: ")]
    assert len(lines) == 1
    assert "Traceback" not in errors.decode()
    return lines[0]


def configured(folder: Path, extra: str = "", port: int = 0) -> None:
    (folder / "config.toml").write_text(f"[channels.web]\nport = {port}\n{extra}", "utf-8")


async def test_it_serves_the_demonstration_and_ends_in_order(tmp_path: Path) -> None:
    configured(tmp_path)
    async with serving(tmp_path, "--demonstration") as first:
        assert "/start " in await line_with(first, "/start ")
        page = await line_with(first, "http://127.0.0.1:")
        assert page.strip().endswith("/")
        async with serving(tmp_path) as second:
            assert "planbot.db" in await refusal(second)
        first.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await first.wait() == 0
    async with serving(tmp_path, "--demonstration") as again:
        assert "示範" not in await line_with(again, "http://127.0.0.1:")


async def test_a_busy_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        configured(tmp_path, port=port)
        async with serving(tmp_path) as process:
            assert str(port) in await refusal(process)


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    import sqlite3

    url = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    await upgrade(url)
    connection = sqlite3.connect(tmp_path / "planbot.db")
    connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.commit()
    connection.close()
    configured(tmp_path)
    async with serving(tmp_path) as process:
        assert "from-the-future" in await refusal(process)


async def planted(folder: Path, server: TelegramServer, person: int) -> None:
    """A followed event of today whose announcement is due now."""
    today = datetime.now(SHANGHAI).date()
    text = f"春季學期工作計劃\n\n一、活動\n\n1.辦好比賽。{today.month}月{today.day}日，區教研室舉行青年教師風箏繪畫大賽。\n"
    document = read_plan("kites.txt", text.encode(), Context(issuer="區教育局", year=today.year))
    (event,) = [event for plan in document.plans for event in plan.events if "風箏" in event.name]
    now, url = datetime.now(UTC), f"sqlite+aiosqlite:///{folder / 'planbot.db'}"
    key = f"remind:{event.id}:{today:%Y%m%d}:0d:1"
    await upgrade(url)
    store = Store(url)
    await store.open()
    async with store.begin() as db:
        stored = await db.plans.store_document(document, now)
        await db.plans.release(stored.stored.plan, now)
        address = Address("telegram", str(person))
        known = await db.people.meet(address, "Anna", "zh-hant", now)
        assert known.person.id == 1
        await db.subscriptions.follow(1, "event", event.id, address, now)
        await db.outbox.plan([Planned(key, "remind", event.id, 1, address, Lane.REMINDER, now - timedelta(minutes=1))], now)
    await store.close()


async def states(folder: Path) -> dict[str, int]:
    store = Store(f"sqlite+aiosqlite:///{folder / 'planbot.db'}")
    await store.open()
    try:
        async with store.read() as db:
            return (await db.outbox.backlog(datetime.now(UTC))).states
    finally:
        await store.close()


async def test_killed_after_sending_it_repeats_nothing(tmp_path: Path) -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        configured(tmp_path, server.config())
        await planted(tmp_path, server, anna.id)
        async with serving(tmp_path) as process:
            assert "就在今天" in (await anna.hears(timeout=PATIENCE)).text
            async with asyncio.timeout(PATIENCE):
                sent = 0
                while sent != 1:
                    sent = (await states(tmp_path))["sent"]
            process.kill()
        async with serving(tmp_path):
            await anna.says("/following")
            assert "1 項" in (await anna.hears(timeout=PATIENCE)).text
        assert len([message for message in server.sent if "就在今天" in message.text]) == 1


async def test_killed_while_sending_it_repeats_once_and_says_so(tmp_path: Path) -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        configured(tmp_path, server.config())
        await planted(tmp_path, server, anna.id)
        server.fault("sendMessage", late=True, times=1)
        async with serving(tmp_path) as process:
            assert "就在今天" in (await anna.hears(timeout=PATIENCE)).text
            assert (await states(tmp_path))["sending"] == 1
            process.kill()
        async with serving(tmp_path):
            assert (await anna.hears(timeout=PATIENCE)).text.startswith("〔可能重複〕")
