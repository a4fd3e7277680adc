"""The serving process killed while it plans reminders and while it sends them: everybody is reminded, and what may be a repeat says so."""

import asyncio
import contextlib
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat import Address
from bot.plan.read import Context, read_plan
from storage.values import OutboxRow, State
from tests.faults.town import LONG, PATIENCE, Town
from tests.handlers.conftest import SHANGHAI

PEOPLE, KILLS = (2000, 60) if LONG else (120, 4)
TABLE = '[reminders]\nat = "00:00"\ndays_before = [1]\nquiet = []\n'
NAME = "風箏繪畫大賽"


async def planted(town: Town) -> None:
    """Everybody follows an event of tomorrow, and nothing was planned since yesterday."""
    now = datetime.now(UTC)
    day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    text = f"學期工作計劃\n\n一、活動\n\n1.辦好比賽。{day.year}年{day.month}月{day.day}日，區教研室舉行青年教師{NAME}。\n"
    document = read_plan("kites.txt", text.encode(), Context(issuer="區教育局", year=day.year))
    (event,) = [event for plan in document.plans for event in plan.events if NAME in event.name]
    async with town.store.begin() as db:
        imported = await db.plans.store_document(document, now)
        await db.plans.release(imported.stored.plan, now)
        await db.marks.set("remind.until", (now - timedelta(days=2)).isoformat())
        for chat, person in town.chats.items():
            await db.subscriptions.follow(person, "event", event.id, Address("telegram", str(chat)), now)


async def rows(town: Town) -> list[OutboxRow]:
    async with town.store.read() as db:
        return await db.outbox.of_kind("remind")


async def until(town: Town, wanted: int) -> None:
    """Wait until so many reminders are written or sent."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(15):
            while len(await rows(town)) + town.arrived < wanted:  # noqa: ASYNC110  another process writes them
                await asyncio.sleep(0.01)


async def ended(town: Town) -> Counter[State]:
    """Wait until nothing waits or is under way."""
    counts: Counter[State] = Counter()
    async with asyncio.timeout(PATIENCE * (4 if LONG else 1)):
        while True:
            counts = Counter(row.state for row in await rows(town))
            if sum(counts.values()) == len(town.chats) and not {State.QUEUED, State.SENDING, State.UNCERTAIN} & set(counts):
                return counts
            await asyncio.sleep(0.1)


@pytest.mark.timeout(1500)
async def test_killed_while_it_plans_and_sends(town: Town) -> None:
    town.tables = TABLE
    await town.people(PEOPLE)
    await planted(town)
    chance = random.Random(6)
    for number in range(KILLS):
        async with town.life() as life:
            await until(town, 1 + number * 2 * PEOPLE // KILLS)
            await asyncio.sleep(chance.random() * 0.05)
            await life.end()
    async with town.life():
        counts = await ended(town)
    assert set(counts) <= {State.SENT, State.SETTLED}
    got: dict[int, list[str]] = {}
    for message in town.server.sent:
        if NAME in message.said:
            got.setdefault(message.chat.id, []).append(message.said)
    assert set(got) == set(town.chats)
    assert [texts for texts in got.values() if sum(not text.startswith("〔可能重複〕") for text in texts) > 1] == []
    assert sum(len(texts) - 1 for texts in got.values()) <= town.in_flight * KILLS
