"""Two serving processes: on SQLite the second is turned away, on PostgreSQL one polls and sends and the other takes over."""

import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.values import State
from tests.faults.town import LONG, PATIENCE, Nursery, Town, founded
from tests.telegram import Limits, TelegramServer

POSTGRESQL = pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
REAL = {"per_second": 28, "per_chat_second": 1, "per_group_minute": 18}
WAITS = "waits and takes over"
MANY = 400 if LONG else 70


@pytest.fixture
async def hurried(database_url: str, tmp_path: Path, forking: Nursery) -> AsyncIterator[Town]:
    """A town whose Telegram has its real limits."""
    async with TelegramServer(Limits()) as server, founded(server, database_url, tmp_path, forking) as made:
        yield made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_second_one_on_a_file_is_turned_away(town: Town) -> None:
    await town.people(40)
    notice = await town.notice()
    async with town.life():
        await town.server.until(lambda: town.arrived > 0, "the first one sends", PATIENCE)
        async with town.life("second") as second:
            assert await second.end(0) == 2
        assert second.wrote("planbot.db")
        await town.over(notice)
    assert await town.verdict(notice, 0) == {State.SENT: 40}
    assert town.refused == []


@POSTGRESQL
async def test_two_keep_the_pace_of_one_and_the_second_takes_over(hurried: Town) -> None:
    town = hurried
    await town.people(MANY)
    async with town.life("first", **REAL) as first:
        await town.server.until(lambda: town.server.called("deleteWebhook"), "the first one serves", PATIENCE)
        async with town.life("second", **REAL) as second:
            await second.writes(WAITS)
            notice = await town.notice()
            await town.server.until(lambda: town.arrived >= MANY // 2, "half of it arrives", PATIENCE)
            await first.end()
            taken = await town.taken_up(notice, await town.held(notice))
            before = town.arrived
            await town.server.until(lambda: town.arrived > before, "the second one goes on", PATIENCE)
            if LONG:
                assert taken < 60
            await town.over(notice)
            async with town.life("third", **REAL) as third:
                await third.writes(WAITS)
                assert await second.end(signal.SIGTERM) == 0
                served = len(town.server.called("deleteWebhook"))
                await town.server.until(lambda: len(town.server.called("deleteWebhook")) > served, "the third one serves", PATIENCE)
    await town.verdict(notice, town.in_flight, "one of two killed, both stopped in turn", taken)
    assert [call for call in town.refused if call.status == 429] == []


@POSTGRESQL
@pytest.mark.timeout(600)
async def test_killed_while_one_that_hangs_holds_rows(town: Town) -> None:
    """The one that hangs loses its turn, others come and are killed, and when it wakes it sends nothing any more."""
    people, kills = (400, 20) if LONG else (60, 1)
    await town.people(people)
    lost = town.server.fault("sendMessage", late=True, times=town.in_flight)
    lost.delivered = False
    notice = await town.notice()
    async with town.life("hanging") as hanging:
        await town.server.until(lambda: lost.met == town.in_flight, "its requests arrive", PATIENCE)
        hanging.stop()
        for _ in range(kills):
            async with town.life("other") as life:
                wanted = town.arrived + people // (2 * kills)
                with contextlib.suppress(AssertionError):
                    await town.server.until(lambda wanted=wanted: town.arrived >= wanted, "messages arrive", PATIENCE)
                await life.end()
        claims = await town.held(notice)
        async with town.life("last"):
            taken = await town.taken_up(notice, claims)
            await town.over(notice)
            if LONG:
                assert taken < 60
            arrived = town.arrived
            hanging.go_on()
            await hanging.writes(WAITS)
            assert town.arrived == arrived
    await town.verdict(notice, town.in_flight * (kills + 1), f"one hangs, another killed {kills} times", taken)
