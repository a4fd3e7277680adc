"""A town with a notice: people at our Telegram, a database, serving processes that come and go, and the verdict on what became of it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chat import Address
from bot.notice.asks import Wanted
from storage.mailing import Recipient
from storage.store import Store
from storage.values import Notice, OutboxRow, State
from tests.telegram import TelegramServer
from tests.telegram.server import Call

ROOT = Path(__file__).parent.parent.parent
LONG = os.environ.get("PLANBOT_FAULTS") == "long"
"""Set by `make faults`: 2,000 people, 200 kills, and how soon things happen is asserted too."""
PATIENCE = 60.0
TEXT = "明日停課一天。"
UNDER_WAY = {State.QUEUED, State.SENDING}


@dataclass(slots=True)
class Nursery:
    """The process that forks serving processes."""

    process: subprocess.Popen[str]

    async def order(self, words: str) -> int:
        return await asyncio.to_thread(self._order, words)

    def _order(self, words: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@dataclass(slots=True)
class Life:
    """One serving process."""

    nursery: Nursery
    pid: int
    log: Path
    ended: int | None = None

    def wrote(self, words: str) -> bool:
        """Whether these words stand in its log."""
        return words in self.log.read_text("utf-8")

    async def writes(self, words: str) -> None:
        """Wait for these words in its log."""
        async with asyncio.timeout(PATIENCE):
            while not self.wrote(words):  # noqa: ASYNC110  a log tells nobody when it grows
                await asyncio.sleep(0.05)

    def stop(self) -> None:
        """Make it stand still, as a machine that hangs."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after it stood still."""
        os.kill(self.pid, signal.SIGCONT)

    async def end(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        if self.ended is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            self.ended = await self.nursery.order(f"wait {self.pid}")
        return self.ended


@dataclass(slots=True)
class Town:
    """What the tests of faults work with."""

    server: TelegramServer
    url: str
    folder: Path
    nursery: Nursery
    store: Store
    in_flight: int = 4
    lease: int = 2
    chats: dict[int, int] = field(default_factory=dict)
    """The person of each chat."""
    tables: str = ""
    """Further tables of the configuration."""
    told: Callable[[str, object], None] = lambda _name, _value: None
    """Takes what the table of the long run shows."""

    async def people(self, count: int) -> None:
        now = datetime.now(UTC)
        async with self.store.begin() as db:
            for number in range(count):
                chat = self.server.user(f"P{number}").id
                known = await db.people.meet(Address("telegram", str(chat)), f"老師{number}", "zh-hant", now)
                self.chats[chat] = known.person.id

    async def notice(
        self,
        due: timedelta = timedelta(),
        lasts: timedelta | None = None,
        author: int | None = None,
        attached: bytes = b"",
        wanted: Wanted | None = None,
    ) -> Notice:
        """Confirm a notice for everybody, due so long ago."""
        now = datetime.now(UTC)
        recipients = [Recipient(person, None, Address("telegram", str(chat))) for chat, person in self.chats.items()]
        async with self.store.begin() as db:
            draft = await db.notices.draft(author, TEXT, now)
            if wanted is not None:
                draft = await db.notices.change(draft, wanted=wanted)
            if attached:
                await db.files.attach(draft.id, "plan.pdf", "application/pdf", attached)
                draft = await db.notices.get(draft.id) or draft
            return await db.notices.confirm(draft, recipients, now - due, now, lasts)

    @asynccontextmanager
    async def life(self, name: str = "first", **more: object) -> AsyncIterator[Life]:
        """A serving process, killed at the end where it still runs; `more` are its Telegram limits."""
        config, log = self.folder / f"{name}.toml", self.folder / f"{name}.log"
        limits = {"per_second": 0, "per_chat_second": 0, "per_group_minute": 0} | more
        config.write_text(
            f'[database]\nurl = "{self.url}"\n[channels.web]\nenabled = false\n[ask]\nembedding = false\n'
            f"[sender]\nin_flight = {self.in_flight}\nlease_seconds = {self.lease}\n{self.server.config()}"
            "[channels.telegram.limits]\n" + "".join(f"{key} = {value}\n" for key, value in limits.items()) + self.tables,
            "utf-8",
        )
        log.touch()
        life = Life(self.nursery, await self.nursery.order(f"serve {config} {log}"), log)
        try:
            yield life
        finally:
            await life.end()

    @property
    def arrived(self) -> int:
        """Messages of the bot so far, edits not counted."""
        return len(self.server.world.messages)

    @property
    def refused(self) -> list[Call]:
        """Requests of the bot that went over a limit of Telegram's or were one poller too many."""
        return [call for call in self.server.calls if call.status in (409, 429)]

    async def rows(self, notice: Notice) -> list[OutboxRow]:
        async with self.store.read() as db:
            return await db.outbox.rows("notice", str(notice.id))

    async def until(self, notice: Notice, found: Callable[[Counter[State]], bool], patience: float = PATIENCE) -> Counter[State]:
        """Look at the ledger until its counts by state are as wanted."""
        counts: Counter[State] = Counter()
        try:
            async with asyncio.timeout(patience):
                while True:
                    counts = Counter(row.state for row in await self.rows(notice))
                    if found(counts):
                        return counts
                    # The processes that are waited for need the machine too.
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"not within {patience} s: {dict(counts)}") from None

    async def held(self, notice: Notice) -> dict[int, str]:
        """The claims that stand, as row and token: of a dead process where no other serves."""
        return {row.id: row.token for row in await self.rows(notice) if row.state is State.SENDING}

    async def taken_up(self, notice: Notice, claims: dict[int, str]) -> float:
        """Wait until none of these claims stands any more; returns the seconds that took."""
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            while claims.items() & (await self.held(notice)).items():  # noqa: ASYNC110  a ledger tells nobody
                await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def over(self, notice: Notice, patience: float = PATIENCE) -> Counter[State]:
        """Wait until nothing of it waits or is under way."""
        return await self.until(notice, lambda counts: not UNDER_WAY & {state for state, count in counts.items() if count}, patience)

    async def verdict(self, notice: Notice, most_uncertain: int, done: str = "", taken_up: float | None = None) -> Counter[State]:
        """Nobody lost, nothing twice, and whoever is in doubt is named; returns the counts by state.

        `done` and the seconds after which rows were `taken_up` are for the table of the long run.
        """
        rows = await self.rows(notice)
        got = Counter(message.chat.id for message in self.server.sent if TEXT in message.said)
        assert {int(row.planned.address.chat) for row in rows} == set(self.chats)
        sent = {int(row.planned.address.chat) for row in rows if row.state is State.SENT}
        assert sent - set(got) == set()
        otherwise = (State.FAILED, State.GONE, State.MISSED, State.CANCELLED)
        told_otherwise = {int(row.planned.address.chat) for row in rows if row.state in otherwise}
        assert told_otherwise & set(got) == set()
        doubt = {row.id: row for row in rows if row.state is State.UNCERTAIN}
        lost = len(set(self.chats) - sent - told_otherwise - {int(row.planned.address.chat) for row in doubt.values()})
        doubled = sum(count - 1 for count in got.values())
        figures = {"done": done, "people": len(self.chats), "lost": lost, "doubled": doubled, "uncertain": len(doubt)}
        self.told("faults", figures | {"taken up": taken_up})
        assert lost == 0
        assert [chat for chat, count in got.items() if count > 1] == []
        assert set(got) - sent == {int(row.planned.address.chat) for row in doubt.values()} & set(got)
        assert len(doubt) <= most_uncertain
        async with self.store.read() as db:
            named = {row.id: row.planned.person for row in (await db.outbox.backlog(datetime.now(UTC))).uncertain}
        assert {number: named.get(number) for number in doubt} == {
            number: self.chats[int(row.planned.address.chat)] for number, row in doubt.items()
        }
        return Counter(row.state for row in rows)


@contextlib.contextmanager
def nursery(environment: dict[str, str] | None = None) -> Iterator[Nursery]:
    """The process that forks serving processes, with these variables besides."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLANBOT_")}
    clean |= {"PYTHONPATH": str(ROOT)} | (environment or {})
    words = (sys.executable, "-m", "tests.faults.nursery")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean, cwd=ROOT, text=True) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE)


@asynccontextmanager
async def founded(
    server: TelegramServer, url: str, folder: Path, nursery: Nursery, told: Callable[[str, object], None] = lambda _name, _value: None
) -> AsyncIterator[Town]:
    """A town without people yet."""
    store = Store(url)
    await store.open()
    try:
        yield Town(server, url, folder, nursery, store, told=told)
    finally:
        await store.close()
