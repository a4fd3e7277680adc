"""Killed at every state of a row and at random moments: nobody is lost, nothing comes twice unsaid, and doubt has names."""

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from storage.values import State
from tests.faults.town import LONG, PATIENCE, Town

PEOPLE, KILLS = (2000, 200) if LONG else (150, 5)
FEW = 12


@asynccontextmanager
async def blocked(town: Town) -> AsyncIterator[None]:
    """Nobody else can write what became of a row meanwhile."""
    if town.url.startswith("sqlite"):
        connection = sqlite3.connect(town.folder / "planbot.db", isolation_level=None, timeout=20)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()
        return
    async with await psycopg.AsyncConnection.connect(town.url.replace("+psycopg", "", 1)) as connection:
        await connection.execute("SELECT id FROM outbox WHERE state = 'sending' FOR UPDATE")
        yield
        await connection.rollback()


async def test_killed_before_it_took_effect(town: Town) -> None:
    await town.people(FEW)
    lost = town.server.fault("sendMessage", late=True, times=town.in_flight)
    lost.delivered = False
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: lost.met == town.in_flight, "the requests arrive", PATIENCE)
        await life.end()
    async with town.life():
        await town.over(notice)
    counts = await town.verdict(notice, town.in_flight)
    assert counts == {State.UNCERTAIN: town.in_flight, State.SENT: FEW - town.in_flight}


async def test_killed_before_it_was_answered(town: Town) -> None:
    await town.people(FEW)
    late = town.server.fault("sendMessage", late=True, times=town.in_flight)
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: late.met == town.in_flight and town.arrived == late.met, "the messages arrive", PATIENCE)
        await life.end()
    async with town.life():
        await town.over(notice)
    assert (await town.verdict(notice, town.in_flight))[State.UNCERTAIN] == town.in_flight
    assert town.arrived == FEW


async def test_killed_between_the_answer_and_the_ledger(town: Town) -> None:
    await town.people(FEW)
    gate = asyncio.Event()
    held = town.server.fault("sendMessage", gate=gate, times=town.in_flight)
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: held.met == town.in_flight, "the messages arrive", PATIENCE)
        async with blocked(town):
            gate.set()
            await town.server.until(lambda: len(town.server.called("sendMessage")) == town.in_flight, "they are answered", PATIENCE)
            await life.end()
    async with town.life():
        await town.over(notice)
    assert (await town.verdict(notice, town.in_flight))[State.UNCERTAIN] == town.in_flight
    assert town.arrived == FEW


@pytest.mark.parametrize(
    ("fault", "state", "ends"),
    [
        ({"status": 429, "retry_after": 4}, State.QUEUED, State.SENT),
        ({"status": 403, "description": "Forbidden: bot was blocked by the user"}, State.GONE, State.GONE),
        ({"status": 400, "description": "Bad Request: made to fail"}, State.FAILED, State.FAILED),
        ({"status": 502, "delivered": True}, State.UNCERTAIN, State.UNCERTAIN),
        ({"status": 200}, State.SENT, State.SENT),
    ],
)
async def test_killed_once_it_stands_in_the_ledger(town: Town, fault: dict[str, object], state: State, ends: State) -> None:
    await town.people(FEW)
    met = town.server.fault("sendMessage", times=0 if fault["status"] == 200 else 1, **fault)
    notice = await town.notice()
    async with town.life() as life:
        if state is State.QUEUED:
            await town.server.until(lambda: met.met == 1, "a request is refused", PATIENCE)
            await town.until(notice, lambda counts: counts[State.SENDING] == 0 and counts[State.QUEUED] > 0)
        else:
            await town.until(notice, lambda counts: counts[state] > 0)
        await life.end()
    async with town.life():
        await town.over(notice)
    counts = await town.verdict(notice, town.in_flight + (ends is State.UNCERTAIN))
    assert counts[ends] >= 1
    assert counts[State.SENT] >= FEW - town.in_flight - (ends is not State.SENT)


async def test_killed_while_it_is_paused_and_after_it_was_stopped(town: Town) -> None:
    await town.people(FEW)
    notice = await town.notice()
    async with town.store.begin() as db:
        notice, held = await db.notices.pause(notice)
    assert held == FEW
    other = await town.notice()
    async with town.store.begin() as db:
        other, ended = await db.notices.stop(other, datetime.now(UTC))
    assert ended == FEW
    async with town.life() as life:
        await town.server.until(lambda: town.server.called("deleteWebhook"), "it serves", PATIENCE)
        await life.end()
    async with town.store.begin() as db:
        notice, let_go = await db.notices.resume(notice)
    assert (town.arrived, let_go) == (0, FEW)
    async with town.life():
        await town.over(notice)
    assert await town.verdict(notice, 0) == {State.SENT: FEW}


async def test_after_an_outage_longer_than_it_is_good_for_it_is_not_sent_and_reported(town: Town) -> None:
    await town.people(FEW)
    notice = await town.notice(timedelta(hours=49), timedelta(hours=48))
    async with town.life():
        await town.until(notice, lambda counts: counts == {State.MISSED: FEW})
    async with town.store.read() as db:
        told = await db.notices.counts(notice.id)
    assert [(count.state, count.count) for count in told] == [(State.MISSED, FEW)]
    assert town.arrived == 0


@pytest.mark.timeout(1500)
async def test_killed_at_random_moments(town: Town) -> None:
    """Kill at a random message and a random instant after it, KILLS times; what is left goes out, and the verdict holds."""
    await town.people(PEOPLE)
    notice = await town.notice()
    chance = random.Random(20261124)
    stretch = 2 * PEOPLE // (KILLS + KILLS // 4 + 1) - town.in_flight
    for _ in range(KILLS):
        async with town.life() as life:
            wanted = town.arrived + chance.randint(1, max(2, stretch))
            with contextlib.suppress(AssertionError):
                await town.server.until(lambda wanted=wanted: town.arrived >= wanted, "messages arrive", 15)
            await asyncio.sleep(chance.random() * 0.02)
            await life.end()
    claims = await town.held(notice)
    async with town.life():
        taken = await town.taken_up(notice, claims)
        await town.over(notice, PATIENCE * 2)
    if LONG:
        assert taken < 10
    counts = await town.verdict(notice, town.in_flight * KILLS, f"{KILLS} times kill -9", taken)
    assert set(counts) <= {State.SENT, State.UNCERTAIN}
    assert counts.total() == PEOPLE


@pytest.mark.parametrize("graceful", [True, False])
async def test_rows_of_a_dead_process_are_taken_up_soon_after_a_restart(town: Town, graceful: bool) -> None:
    """At the lease that is the default; a process that is told to stop leaves nothing behind at all."""
    town.lease = 8
    await town.people(FEW)
    late = town.server.fault("sendMessage", late=True, times=town.in_flight)
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: late.met == town.in_flight, "the messages arrive", PATIENCE)
        status = await life.end(15 if graceful else 9)
        assert status == (0 if graceful else -9)
    if graceful:
        assert {row.state for row in await town.rows(notice)} <= {State.QUEUED, State.UNCERTAIN, State.SENT}
    claims = await town.held(notice)
    async with town.life():
        taken = await town.taken_up(notice, claims)
        await town.until(notice, lambda counts: counts[State.UNCERTAIN] == town.in_flight)
        await town.over(notice)
    if LONG:
        assert taken < 10
    await town.verdict(notice, town.in_flight, "told to stop" if graceful else "kill -9, started again", taken)
