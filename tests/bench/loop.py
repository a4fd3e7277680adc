"""How long answering keeps the event loop from anything else: a heartbeat beside a desk that answers question after question."""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app import open_app
from bot.chat import Address, Incoming
from bot.settings import Database, Settings
from bot.settings import Incoming as Limits
from storage.migrate import upgrade
from storage.store import Store
from tests.bench.figures import Figure, middle, rare, report
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


@dataclass(frozen=True, slots=True)
class Held:
    """How late the beats came, in milliseconds: with nothing to do, while questions are answered, while changed plans are taken up."""

    idle: list[float]
    asked: list[float]
    renewed: list[float]
    answers: list[float]
    """Milliseconds of each answer."""


async def measure(url: str) -> Held:
    """Beats and answers of a serving process."""
    asked = questions(300)
    settings = replace(Settings(), database=Database(url=url), limits=Limits(0, 0, 0, 0))
    held = Held([], [], [], [])
    async with open_app(settings, now=lambda: NOW) as app:
        await app.shelves.serve()
        who = Address("bench", "1")

        async def answer() -> None:
            for at, question in enumerate(asked):
                began = time.perf_counter()
                await app.desk.answer(Incoming(who, "1", question, update=f"ask{at}"))
                held.answers.append((time.perf_counter() - began) * 1000)

        async def renew() -> None:
            async with app.store.begin() as db:
                await db.lore.add_synonym("紙鳶", "風箏", None, NOW)
            await app.shelves.look_now()

        await app.desk.answer(Incoming(who, "1", asked[0], update="first"))
        for gaps, work in ((held.idle, asyncio.sleep(2)), (held.asked, answer()), (held.renewed, renew())):
            stop = asyncio.Event()
            heart = asyncio.create_task(beat(gaps, stop))
            await work
            stop.set()
            await heart
    return held


def run() -> int:
    """Print the longest hold of the loop, idle and working; 0 or BROKEN."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(fill(url))
        held = asyncio.run(measure(url))
    beside = (("idle", max(held.idle)),)
    figures = [
        Figure("loop held while answering, longest", max(held.asked), "ms", beside, LONGEST),
        Figure("loop held while changed plans are taken up, longest", max(held.renewed), "ms", beside),
        Figure("answer through desk and database, median", middle(held.answers), "ms"),
        Figure("answer through desk and database, p99", rare(held.answers), "ms"),
    ]
    return report(f"event loop, {len(held.answers)} questions one after another, {SIZE:,} measures", figures)


if __name__ == "__main__":
    sys.exit(run())
