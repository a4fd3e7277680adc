"""Sending a notice: the ledger and the sender against our Telegram server, beside PTB's rate limiter and plain loops on the same server."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from telegram import Bot
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, Application, ExtBot

from bot.app import App, open_app
from bot.channels.telegram import build
from bot.chat import Address, Channel, Outcome, Receipt, Reply
from bot.limits import Lane, Limits, Pace
from bot.settings import Ask, Channels, Database, Settings, Telegram, TelegramLimits, Web
from storage.mailing import Recipient
from storage.migrate import upgrade
from storage.values import State
from tests.bench.far import Far, Tally, far
from tests.bench.figures import Figure, middle, rare, report
from tests.bench.material import demonstration
from tests.bench.recipients import populate
from tests.fakes import RecordingChannel

TEXT = "明日停課一天，請各位家長留意學校的通知。"
LOOK = 0.2
"""Seconds between two looks at how far a notice is."""
CHATS, ASKED, FAST, MEMORY, MANY = 1000, 300, 1000, 5000, 100_000
"""Private chats at the real limits, of the notice during which questions are put, without limits, in memory, of the large notice."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What sending cost the sender's process, in seconds."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Instant(RecordingChannel):
    """A channel in memory that answers at once and keeps only how many it got."""

    name: str = "telegram"
    count: int = 0

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        self.count += 1
        return Receipt(Outcome.SENT, (str(self.count),))


@asynccontextmanager
async def district(channel: Channel, pace: Pace, chats: Sequence[int]) -> AsyncIterator[tuple[App, list[Recipient]]]:
    """A database on the disk, synchronous as always, with the demonstration plans and a person of each chat; and the bot over it."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        settings = replace(Settings(), database=Database(url=url), channels=Channels(web=Web(enabled=False)), ask=Ask(embedding=False))
        async with open_app(settings, {channel.name: channel}, pace={channel.name: pace}) as app:
            recipients = await populate(app.store, chats)
            async with app.store.begin() as db:
                for document in demonstration():
                    stored = await db.plans.store_document(document, datetime.now(UTC))
                    await db.plans.release(stored.stored.plan, datetime.now(UTC))
            yield app, recipients


async def spread(app: App, recipients: Sequence[Recipient]) -> Spent:
    """Send a notice through the running bot, until everybody has it; ValueError where somebody has not."""
    now = datetime.now(UTC)
    began, busy = time.perf_counter(), time.process_time()
    async with app.store.begin() as db:
        draft = await db.notices.draft(None, TEXT, now)
        notice = await db.notices.confirm(draft, recipients, now, now, timedelta(hours=48))
    app.sender.wake()
    while True:
        await asyncio.sleep(LOOK)
        async with app.store.read() as db:
            counts = {count.state: count.count for count in await db.notices.counts(notice.id)}
        if not counts.keys() & {State.QUEUED, State.SENDING}:
            break
    spent = Spent(time.perf_counter() - began, time.process_time() - busy)
    if counts != {State.SENT: len(recipients)}:
        raise ValueError(f"not everybody has it: {counts}")
    return spent


@asynccontextmanager
async def serving(server: Far, limits: TelegramLimits) -> AsyncIterator[tuple[App, list[Recipient]]]:
    """The bot on Telegram, running."""
    table = Telegram(token=server.token, base_url=server.base_url, limits=limits)
    pace = Pace(Limits(limits.per_second, limits.per_chat_second, per_group_minute=limits.per_group_minute, reserve=limits.reserve))
    async with district(build(table, pace), pace, server.chats) as (app, recipients):
        running = asyncio.create_task(app.run())
        try:
            # Connected and with its menus set, as it is on any day but the first second.
            await asyncio.sleep(3)
            await asyncio.to_thread(server.tally)
            yield app, recipients
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def ours(limited: bool, count: int, questions: int = 0) -> tuple[Spent, Tally]:
    """Our sender, with the limits that are its default or with none."""
    limits = TelegramLimits() if limited else TelegramLimits(per_second=0, per_chat_second=0, per_group_minute=0)
    with far(count, limited) as server:
        async with serving(server, limits) as (app, recipients):
            if questions:
                server.ask(questions)
            spent = await spread(app, recipients)
            # In a thread, because the bot still has questions to answer.
            return spent, await asyncio.to_thread(server.tally)


async def theirs(limited: bool, count: int, work: Callable[[Far], Awaitable[None]]) -> tuple[Spent, Tally]:
    """A peer on a server of the same kind."""
    with far(count, limited) as server:
        began, busy = time.perf_counter(), time.process_time()
        await work(server)
        return Spent(time.perf_counter() - began, time.process_time() - busy), await asyncio.to_thread(server.tally)


def bot(server: Far) -> Bot:
    """PTB's bot on this server."""
    return Bot(server.token, base_url=f"{server.base_url}/bot")


async def limiter(server: Far) -> None:
    """PTB with its AIORateLimiter and its default limits, everything handed over at once as its manual says."""
    builder = Application.builder().token(server.token).base_url(f"{server.base_url}/bot").rate_limiter(AIORateLimiter(max_retries=20))
    app = builder.pool_timeout(120).connection_pool_size(32).build()
    async with app.bot as sender:
        assert isinstance(sender, ExtBot)
        await asyncio.gather(*(sender.send_message(chat, TEXT) for chat in server.chats))


async def loop(server: Far) -> None:
    """PTB's bare loop: one message after another, a 429 waited out."""
    async with bot(server) as sender:
        for chat in server.chats:
            while True:
                try:
                    await sender.send_message(chat, TEXT)
                    break
                except RetryAfter as error:
                    pause = error.retry_after
                    await asyncio.sleep(pause if isinstance(pause, int) else pause.total_seconds())


async def gathered(server: Far) -> None:
    """PTB with 32 messages at the same time, as many as our sender."""
    room = asyncio.Semaphore(32)

    async def one(sender: Bot, chat: int) -> None:
        async with room:
            await sender.send_message(chat, TEXT)

    async with Application.builder().token(server.token).base_url(f"{server.base_url}/bot").connection_pool_size(32).build().bot as sender:
        await asyncio.gather(*(one(sender, chat) for chat in server.chats))


async def broadcaster(server: Far) -> None:
    """The loop that aiogram's example of a broadcast uses, on plain HTTP: a message, then a twentieth of a second's pause."""
    async with httpx.AsyncClient() as client:
        for chat in server.chats:
            answer = await client.post(f"{server.base_url}/bot{server.token}/sendMessage", json={"chat_id": chat, "text": TEXT})
            answer.raise_for_status()
            await asyncio.sleep(0.05)


async def memory() -> Spent:
    """The ledger and the sender with a channel that answers at once."""
    channel = Instant()
    async with district(channel, Pace(Limits(0, 0, per_group_minute=0)), range(1, MEMORY + 1)) as (app, recipients):
        running = asyncio.create_task(app.run())
        try:
            return await spread(app, recipients)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def large_alone() -> tuple[float, float]:
    """The same in a fresh process, so that its memory is its own."""
    done = subprocess.run([sys.executable, "-m", "tests.bench.recipients", str(MANY), TEXT], check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


async def peers_at_their_pace() -> tuple[Tally, Tally]:
    """PTB's limiter and the broadcaster's loop, beside each other: both wait most of the time."""
    (_, one), (_, other) = await asyncio.gather(theirs(True, CHATS, limiter), theirs(True, CHATS, broadcaster))
    return one, other


async def measured() -> int:
    """Everything, one after another."""
    seconds, memory_held = large_alone()
    quick = await memory()
    free, _ = await ours(False, FAST)
    bare, _ = await theirs(False, FAST, loop)
    wide, _ = await theirs(False, FAST, gathered)
    _, paced = await ours(True, CHATS)
    _, asked = await ours(True, ASKED, questions=30)
    limited, slow = await peers_at_their_pace()

    def beside(value: Callable[[Tally], float]) -> tuple[tuple[str, float], ...]:
        return ("AIORateLimiter", value(limited)), ("loop", value(slow))

    def each(value: Callable[[Spent], float]) -> tuple[tuple[str, float], ...]:
        return ("PTB's loop", value(bare) / FAST * 1000), ("PTB, 32 at once", value(wide) / FAST * 1000)

    lifted = bare.wall / FAST * 1000
    figures = [
        Figure(f"{CHATS:,} private chats at the real limits", paced.seconds, "s", beside(lambda tally: tally.seconds), 38),
        Figure("most in any one second", paced.most, "", beside(lambda tally: tally.most), 29),
        Figure("answered with 429", paced.refused, "", beside(lambda tally: tally.refused), 0),
        Figure("answer to a question during a notice, median", middle(asked.answers), "ms"),
        Figure("answer to a question during a notice, p99", rare(asked.answers), "ms", (), 1000),
        Figure("over HTTP without limits, a message", free.wall / FAST * 1000, "ms", each(lambda spent: spent.wall), lifted),
        Figure("CPU time of a message over HTTP", free.cpu / FAST * 1000, "ms", each(lambda spent: spent.cpu)),
        Figure("ledger and sender without a network, a message", quick.wall / MEMORY * 1000, "ms", (), 1),
        Figure("CPU time of a message without a network", quick.cpu / MEMORY * 1000, "ms"),
        Figure(f"{MANY:,} recipients written to the ledger", seconds, "s", (), 5),
        Figure("memory of the whole process meanwhile", memory_held, "MB", (), 200),
    ]
    return report("sending a notice", figures)


def run() -> int:
    """Print the figures beside PTB's; 0 or BROKEN."""
    return asyncio.run(measured())


if __name__ == "__main__":
    sys.exit(run())
