"""How long answering keeps the event loop from anything else: a heartbeat beside a desk that answers question after question."""

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_app
from bot.chat import Address, Incoming
from bot.settings import Database, Settings
from storage.migrate import upgrade
from storage.store import Store
from tests.bench.figures import Figure, report
from tests.bench.material import questions, shelf

SIZE = 10_000
LONGEST = 20.0
"""Milliseconds; nothing may hold the loop longer."""
NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)


async def fill(url: str) -> None:
    """A database with one released plan of SIZE measures."""
    await upgrade(url)
    store = Store(url)
    await store.open()
    async with store.begin() as db:
        imported = await db.plans.store_document(shelf(SIZE).document, NOW)
        await db.plans.release(imported.stored.plan, NOW)
    await store.close()


async def beat(gaps: list[float], stop: asyncio.Event) -> None:
    """Note how late each beat of a millisecond comes, in milliseconds."""
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append((time.perf_counter() - began) * 1000 - 1)


async def measure(url: str) -> tuple[list[float], list[float], list[float]]:
    """Beats while idle, beats while questions are answered, and the milliseconds of each answer."""
    asked = questions(300)
    settings = replace(Settings(), database=Database(url=url))
    idle: list[float] = []
    busy: list[float] = []
    answers: list[float] = []
    async with open_app(settings, now=lambda: NOW) as app:
        who = Address("bench", "1")
        for at, question in enumerate(asked[:5]):
            await app.desk.answer(Incoming(who, "1", question, update=f"warm{at}"))
        for gaps, rows in ((idle, []), (busy, asked)):
            stop = asyncio.Event()
            heart = asyncio.create_task(beat(gaps, stop))
            if not rows:
                await asyncio.sleep(2)
            for at, question in enumerate(rows):
                began = time.perf_counter()
                await app.desk.answer(Incoming(who, "1", question, update=f"ask{at}"))
                answers.append((time.perf_counter() - began) * 1000)
            stop.set()
            await heart
    return idle, busy, answers


def run() -> int:
    """Print the longest hold of the loop, idle and answering; 0 or BROKEN."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(fill(url))
        idle, busy, answers = asyncio.run(measure(url))
    answers.sort()
    figures = [
        Figure("loop held while answering, longest", max(busy), "ms", (("idle", max(idle)),), LONGEST),
        Figure("answer through desk and database, median", answers[len(answers) // 2], "ms"),
        Figure("answer through desk and database, p99", answers[int(len(answers) * 0.99)], "ms"),
    ]
    return report(f"event loop, {len(answers)} questions one after another, {SIZE:,} measures", figures)


if __name__ == "__main__":
    sys.exit(run())
