"""Reminders: how late they leave, idle and busy, and what planning them costs, beside APScheduler's date jobs."""

import asyncio
import contextlib
import itertools
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert

from bot.app import App, open_app
from bot.chat import Abilities, Address, FileRef, Incoming, Receipt, Reply
from bot.chat.talk import Outcome
from bot.intake import demonstrate
from bot.limits import Lane
from bot.plan.wishes import Once
from bot.remind.own import rule_data
from bot.settings import Ask, Database, Reminders, Settings
from handlers.own import rows_of
from handlers.schedule import plan_followers
from storage.migrate import upgrade
from storage.store import Store
from storage.tables import addresses, people, subscriptions
from tests.bench.figures import Figure, middle, rare, report
from tests.bench.material import questions

DUE = 200
"""Reminders that fall due while lateness is measured, over SPREAD seconds."""
SPREAD = 6.0
FOLLOWERS = 10_000
EACH = 3
"""Events that each of them follows."""
CROWD = 100_000
JOBS = 2_000
"""Date jobs of the peer in a SQL store, which takes too long for more; its figures are for one reminder."""
RATE = 10.0
"""Questions a second that a busy bot answers meanwhile."""
LATEST = 2.0
"""Seconds; no more than one reminder of a hundred may be later."""
NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)


@dataclass
class Sink:
    """A channel that notes when each message came."""

    name: str = "sink"
    abilities: Abilities = field(default_factory=Abilities)
    came: dict[str, float] = field(default_factory=dict)

    async def run(self, desk: object) -> None:
        await asyncio.Event().wait()

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        self.came[key] = time.time()
        return Receipt(Outcome.SENT, (key,))

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        return Receipt(Outcome.SENT)

    async def recall(self, to: Address, remote: str) -> Receipt:
        return Receipt(Outcome.SENT)

    async def fetch(self, file: FileRef) -> bytes:
        raise NotImplementedError

    async def governs(self, group: Address, sender: str) -> bool | None:
        return None

    def opening(self, payload: str) -> str:
        return ""


async def made(url: str) -> None:
    """A database with the demonstration in use."""
    await upgrade(url)
    store = Store(url)
    await store.open()
    await demonstrate(store, Settings(), NOW.date(), NOW)
    await store.close()


@asynccontextmanager
async def opened(folder: str, name: str, channel: Sink, now: Callable[[], datetime], days: int = 45, **table: Any) -> AsyncIterator[App]:
    """A bot on a database of its own."""
    url = f"sqlite+aiosqlite:///{Path(folder) / name}.db"
    await made(url)
    settings = Settings(database=Database(url), ask=Ask(embedding=False), reminders=Reminders(horizon_days=days, **table))
    async with open_app(settings, {channel.name: channel}, now=now) as app:
        await app.shelves.look_now()
        yield app


async def ask_on(app: App, answers: list[float], stop: asyncio.Event) -> None:
    """Answer RATE questions a second until told to stop; notes the milliseconds from when each came to its answer."""
    who, asked = Address("sink", "asker"), questions(50)
    start = time.perf_counter()
    for at in itertools.count():
        came = start + at / RATE
        await asyncio.sleep(max(0.0, came - time.perf_counter()))
        if stop.is_set():
            return
        await app.desk.answer(Incoming(who, "asker", asked[at % 50], update=f"q{start}{at}"))
        answers.append((time.perf_counter() - came) * 1000)


@contextlib.asynccontextmanager
async def busy(app: App, wanted: bool) -> AsyncIterator[list[float]]:
    """While inside, the bot answers questions, where wanted."""
    answers: list[float] = []
    stop = asyncio.Event()
    task = asyncio.create_task(ask_on(app, answers, stop)) if wanted else None
    try:
        yield answers
    finally:
        stop.set()
        if task is not None:
            await task


def moments(begin: float) -> list[float]:
    """Seconds since the epoch at which reminders are due."""
    chance = random.Random(11)
    return sorted(begin + chance.random() * SPREAD for _ in range(DUE))


async def lateness(folder: str, loaded: bool) -> tuple[list[float], list[float], list[float]]:
    """Seconds late of our reminders, of the peer's jobs in memory and in SQL, each beside the same load."""
    sink = Sink()
    async with opened(folder, f"late{loaded}", sink, lambda: datetime.now(UTC)) as app:
        begin = time.time() + 3
        due: dict[str, float] = {}
        async with app.store.begin() as db:
            person = (await db.people.meet(Address("sink", "1"), "", "", datetime.now(UTC))).person
            rows = []
            for moment in moments(begin):
                at = datetime.fromtimestamp(moment, UTC)
                own = await db.own.add(person.id, Address("sink", "1"), "交表", rule_data(Once(at), at.date()), datetime.now(UTC))

                for row in rows_of(app.services, own, app.settings.zone, at - timedelta(days=1), at + timedelta(days=1), None):
                    rows.append(row)
                    due[row.key] = moment
            await db.outbox.plan(rows, datetime.now(UTC))
        sending = asyncio.create_task(app.sender.run())
        async with busy(app, loaded):
            await asyncio.sleep(max(0.0, begin + SPREAD - time.time()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(30):
                    while len(due.keys() & sink.came.keys()) < DUE:  # noqa: ASYNC110  the sink is a channel and tells nobody
                        await asyncio.sleep(0.1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        ours = [sink.came[key] - moment for key, moment in due.items() if key in sink.came]
        assert len(ours) == DUE, f"{DUE - len(ours)} reminders did not come"
        theirs = [await peer(app, folder, store, loaded) for store in ("memory", "sql")]
    return ours, theirs[0], theirs[1]


CAME: dict[str, float] = {}
"""When each job of the peer ran; a job of a SQL store names a function of a module."""


async def note(name: str) -> None:
    """The peer's job."""
    CAME[name] = time.time()


async def peer(app: App, folder: str, kind: str, loaded: bool) -> list[float]:
    """Seconds late of APScheduler's date jobs beside the same load; without its grace, which would drop what is a second late."""
    CAME.clear()
    store = MemoryJobStore() if kind == "memory" else SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / f'jobs{loaded}.db'}")
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC, job_defaults={"misfire_grace_time": None, "max_instances": 3})
    scheduler.start(paused=True)
    begin = time.time() + 4
    due = {f"j{at}": moment for at, moment in enumerate(moments(begin))}
    for name, moment in due.items():
        scheduler.add_job("tests.bench.reminding:note", "date", run_date=datetime.fromtimestamp(moment, UTC), args=[name], id=name)
    scheduler.resume()
    async with busy(app, loaded):
        await asyncio.sleep(max(0.0, begin + SPREAD - time.time()) + 3)
    scheduler.shutdown(wait=False)
    import tests.bench.reminding as module

    return [module.CAME[name] - moment for name, moment in due.items() if name in module.CAME]


async def enlist(store: Store, count: int, references: list[str]) -> None:
    """So many people who follow some events each."""
    async with store.begin() as db:
        link = db.connection
        for begin in range(0, count, 5000):
            batch = range(begin + 1, min(begin + 5000, count) + 1)
            base = {"rank": 1, "language": "", "script": "", "muted": False, "met_at": NOW, "scope": "", "group": ""}
            await link.execute(insert(people), [{"id": n + 100, "name": f"p{n}"} | base for n in batch])
            await link.execute(
                insert(addresses),
                [
                    {"channel": "sink", "chat": f"c{n}", "person": n + 100, "opened_at": NOW, "closed_why": "", "preferred": False}
                    for n in batch
                ],
            )
            rest = {"channel": "sink", "at": "", "refused": False, "by_rank": False, "rank": 1, "created_at": NOW, "kind": "event"}
            rows = [
                {"person": n + 100, "reference": reference, "chat": f"c{n}"} | rest
                for n in batch
                for reference in random.Random(n).sample(references, min(EACH, len(references)))
            ]
            await link.execute(insert(subscriptions), rows)


async def planning(folder: str) -> tuple[float, int, float]:
    """Seconds to plan a year for FOLLOWERS, how many rows that is, and seconds to plan it again with nothing new."""
    async with opened(folder, "year", Sink(), lambda: NOW, 366) as app:
        dated = [row.event.id for row in app.services.library().happenings if row.event.date is not None and row.event.date.acts]
        await enlist(app.store, FOLLOWERS, dated)
        began = time.perf_counter()
        rows = await plan_followers(app.services, NOW)
        first = time.perf_counter() - began
        began = time.perf_counter()
        assert await plan_followers(app.services, NOW) == 0
        return first, rows, time.perf_counter() - began


def scheduled(folder: str, kind: str) -> float:
    """Seconds that APScheduler takes to take up one date job."""
    store = MemoryJobStore() if kind == "memory" else SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'plan.db'}")
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    count = FOLLOWERS * EACH if kind == "memory" else JOBS

    async def fill() -> float:
        scheduler.start(paused=True)
        chance = random.Random(3)
        began = time.perf_counter()
        for at in range(count):
            day = NOW + timedelta(days=30 + chance.random() * 300)
            scheduler.add_job("tests.bench.reminding:note", "date", run_date=day, args=[str(at)], id=str(at))
        taken = time.perf_counter() - began
        scheduler.shutdown(wait=False)
        return taken

    return asyncio.run(fill()) / count


async def crowd(folder: str) -> tuple[float, list[float], list[float]]:
    """Seconds to write a reminder of one event for CROWD people, and the milliseconds of answers meanwhile and before."""
    async with opened(folder, "crowd", Sink(), lambda: NOW, 366, days_before=(0,), days_after=()) as app:
        event = next(row.event.id for row in app.services.library().happenings if "田徑" in row.event.name)
        await enlist(app.store, CROWD, [event])
        async with busy(app, True) as before:
            await asyncio.sleep(5)
        async with busy(app, True) as answers:
            began = time.perf_counter()
            rows = await plan_followers(app.services, NOW)
            taken = time.perf_counter() - began
        assert rows == CROWD
        return taken, before, answers


def run() -> int:
    """Print the figures, each part as soon as it is measured; 0 or BROKEN."""
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, loaded in (("idle", False), ("busy", True)):
            ours, memory, sql = asyncio.run(lateness(folder, loaded))
            peers = [("APScheduler, memory", memory), ("APScheduler, SQL", sql)]
            figures = [Figure("late, median", middle(ours), "s", tuple((who, middle(rows)) for who, rows in peers))]
            figures.append(Figure("late, p99", rare(ours), "s", tuple((who, rare(rows)) for who, rows in peers), LATEST))
            worst = max(worst, report(f"reminders, {DUE} due over {SPREAD:.0f} s, the bot {name}", figures))
        first, rows, again = asyncio.run(planning(folder))
        memory_row, sql_row = scheduled(folder, "memory"), scheduled(folder, "sql")
        peers_row = (("APScheduler, memory", memory_row * 1e6), ("APScheduler, SQL", sql_row * 1e6))
        figures = [
            Figure(f"a year, {rows:,} reminders", first, "s"),
            Figure("the same again, nothing new", again, "s"),
            Figure("one reminder", first / rows * 1e6, "us", peers_row),
        ]
        report(f"planning for {FOLLOWERS:,} followers", figures)
        taken, before, answers = asyncio.run(crowd(folder))
        figures = [
            Figure("reminders written", taken, "s"),
            Figure("answers meanwhile, p99", rare(answers), "ms", (("without", rare(before)),)),
            Figure("answers meanwhile, longest", max(answers), "ms", (("without", max(before)),)),
        ]
        report(f"one event, {CROWD:,} people", figures)
    return worst


if __name__ == "__main__":
    sys.exit(run())
