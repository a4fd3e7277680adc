"""A notice to many through the real process: killed in the middle again and again, and from the command line beside the server."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.chat import Address
from bot.notice.asks import Ask, Wanted
from bot.people import Rank
from storage.migrate import upgrade
from storage.store import Store
from storage.values import State
from tests.telegram import Limits, TelegramServer
from tests.test_cli import planbot
from tests.whole.test_process import PATIENCE, configured, line_with, serving

PEOPLE = 80
KILLS = 2


async def opened(folder: Path) -> Store:
    store = Store(f"sqlite+aiosqlite:///{folder / 'planbot.db'}")
    await store.open()
    return store


async def people(folder: Path, ids: list[int]) -> None:
    await upgrade(f"sqlite+aiosqlite:///{folder / 'planbot.db'}")
    store = await opened(folder)
    async with store.begin() as db:
        for number in ids:
            known = await db.people.meet(Address("telegram", str(number)), f"老師{number}", "zh-hant", datetime.now(UTC))
            await db.people.set_rank(known.person.id, Rank.TEACHER)
    await store.close()


async def states(folder: Path) -> dict[int, State]:
    """The state of each person's row by their chat."""
    store = await opened(folder)
    async with store.read() as db:
        rows = await db.outbox.rows("notice", "1")
    await store.close()
    return {int(row.planned.address.chat): row.state for row in rows}


def arrived(server: TelegramServer) -> int:
    return sum("停課" in message.text for message in server.sent)


async def test_killed_in_the_middle_nobody_is_lost_and_nobody_has_it_twice(tmp_path: Path) -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        users = [server.user(f"P{number}") for number in range(PEOPLE)]
        configured(tmp_path, server.config() + "[sender]\nin_flight = 8\nlease_seconds = 60\n")
        await people(tmp_path, [user.id for user in users])
        done = await asyncio.to_thread(planbot, tmp_path, "notice", "send", "--to", "staff", "--text", "明日停課一天。", "--yes")
        assert done.returncode == 0, done.stderr
        assert f"{PEOPLE} 人" in done.stdout
        for kill in range(KILLS):
            wanted = (kill + 1) * PEOPLE // (KILLS + 2)
            async with serving(tmp_path) as process:
                async with asyncio.timeout(PATIENCE):
                    while arrived(server) < wanted:
                        await server.world.changed()
                process.kill()
        async with serving(tmp_path) as process:
            await line_with(process, "http://127.0.0.1:")
            async with asyncio.timeout(PATIENCE):
                under_way = True
                while under_way:
                    under_way = bool({State.QUEUED, State.SENDING} & set((await states(tmp_path)).values()))
        got = Counter(message.chat.id for message in server.sent if "停課" in message.text)
        ended = await states(tmp_path)
        assert set(ended) == {user.id for user in users}
        assert set(got.values()) == {1}
        # Whoever is sent has it, whoever has it not is in doubt by name, and a kill leaves at most what was in flight in doubt.
        doubt = {chat for chat, state in ended.items() if state is State.UNCERTAIN}
        assert {chat for chat, state in ended.items() if state is State.SENT} == set(ended) - doubt
        assert set(ended) - set(got) <= doubt
        assert len(doubt) <= 8 * KILLS
        report = await asyncio.to_thread(planbot, tmp_path, "notice", "report", "1", "--format", "json")
        told = json.loads(report.stdout)
        assert told["people"] == PEOPLE
        assert sum(told["states"].values()) == PEOPLE
        assert told["states"].get("uncertain", 0) == len(doubt)


async def test_the_command_line_asks_first_and_refuses_in_one_line(tmp_path: Path) -> None:
    configured(tmp_path)
    await people(tmp_path, [1, 2])
    for arguments, words in (
        (("--to", "unit:火星小學", "--text", "好"), "火星小學"),
        (
            ("--to", "rank:owner", "--text", "好"),
            "沒有一人收得到訊息，通知沒有發出。現在發得到的 --to：staff (2), rank:teacher (2), everyone (2)",
        ),
        (("--to", "staff", "--text", "好", "--at", "2001-01-01 09:00"), "已經過了"),
    ):
        done = await asyncio.to_thread(planbot, tmp_path, "notice", "send", *arguments, "--yes")
        assert done.returncode == 2, done.stderr
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    listed = await asyncio.to_thread(planbot, tmp_path, "notice", "list")
    assert listed.stdout == ""
    missing = await asyncio.to_thread(planbot, tmp_path, "notice", "report", "7")
    assert missing.returncode == 2
    asked = await asyncio.to_thread(planbot, tmp_path, "notice", "send", "--to", "staff", "--text", "好")
    assert asked.returncode != 0
    assert "2 人" in asked.stderr
    assert (await asyncio.to_thread(planbot, tmp_path, "notice", "list")).stdout == ""


async def test_an_attachment_is_uploaded_once_and_everybody_gets_it_after_the_text(tmp_path: Path) -> None:
    document = tmp_path / "安全自查表.txt"
    document.write_text("一、門窗\n二、消防", "utf-8")
    async with TelegramServer(Limits().unhurried()) as server:
        users = [server.user(f"P{number}") for number in range(12)]
        configured(tmp_path, server.config())
        await people(tmp_path, [user.id for user in users])
        arguments = ("notice", "send", "--to", "staff", "--text", "請填報。", "--attach", str(document), "--yes")
        missing = await asyncio.to_thread(planbot, tmp_path, *arguments[:-2], str(tmp_path / "沒有.txt"), "--yes")
        assert missing.returncode == 2
        assert "沒有.txt" in missing.stderr
        done = await asyncio.to_thread(planbot, tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
        async with serving(tmp_path):
            async with asyncio.timeout(PATIENCE):
                while sum(message.file is not None for message in server.sent) < len(users):
                    await server.world.changed()
        got: dict[int, list[str]] = {}
        for message in server.sent:
            got.setdefault(message.chat.id, []).append(message.file.name if message.file else message.text)
        assert set(got) == {user.id for user in users}
        assert {tuple(parts) for parts in got.values()} == {("【通知】\n請填報。", "安全自查表.txt")}
        assert len({message.file.id for message in server.sent if message.file}) == 1


async def test_the_command_line_takes_a_template_and_a_time_of_every_term_and_ends_it(tmp_path: Path) -> None:
    configured(tmp_path)
    await people(tmp_path, [1, 2])
    store = await opened(tmp_path)
    async with store.begin() as db:
        await db.templates.keep("例會", "{學期}例會。", "staff", Wanted(Ask.CHOICE, ("參加", "請假")), None, datetime.now(UTC))
    await store.close()
    sent = ("--template", "例會", "--until", "2036-01-01 17:00", "--format", "json")
    done = await asyncio.to_thread(planbot, tmp_path, "notice", "send", *sent, "--yes")
    assert json.loads(done.stdout)["people"] == 2
    done = await asyncio.to_thread(planbot, tmp_path, "notice", "send", "--template", "例會", "--at", "每學期第2週週三 9:30", "--yes")
    assert "每學期第2週星期三 09:30" in done.stdout
    done = await asyncio.to_thread(planbot, tmp_path, "notice", "end", "2")
    assert "取消了定好的 2 次" in done.stdout
    store = await opened(tmp_path)
    async with store.read() as db:
        notice = await db.notices.get(1)
    await store.close()
    assert notice is not None
    assert (notice.wanted.options, notice.text.endswith("學期例會。")) == (("參加", "請假"), True)
