"""A notice to very many written to the ledger, in a process that holds nothing else, so that its memory is its own."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, text

from bot.chat import Address
from storage.mailing import Recipient
from storage.migrate import upgrade
from storage.store import Store
from storage.tables import addresses, people


async def populate(store: Store, chats: Sequence[int]) -> list[Recipient]:
    """Make a person of each chat, in the database itself: each is a copy of the first."""
    now = datetime.now(UTC)
    listed = text("SELECT key AS place, value AS chat FROM json_each(:chats) WHERE key > 0")
    async with store.begin() as db:
        first = (await db.people.meet(Address("telegram", str(chats[0])), "老師", "zh-hant", now)).person.id

        def copies(table: Table, special: dict[str, str]) -> str:
            names = [column.name for column in table.columns]
            row = ", ".join(special.get(name, f'one."{name}"') for name in names)
            into = ", ".join(f'"{name}"' for name in names)
            return f"INSERT INTO {table.name} ({into}) SELECT {row} FROM (SELECT * FROM {table.name} LIMIT 1) one, ({listed.text}) given"

        bound = {"chats": json.dumps(list(chats))}
        await db.connection.execute(text(copies(people, {"id": f"{first} + place"})), bound)
        await db.connection.execute(text(copies(addresses, {"chat": "CAST(given.chat AS TEXT)", "person": f"{first} + place"})), bound)
    return [Recipient(first + place, None, Address("telegram", str(chat))) for place, chat in enumerate(chats)]


def forget_peak() -> None:
    """Let the most memory be counted from now on (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The most megabytes of memory this process has held (Linux)."""
    found = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(found.split()[1]) / 1e3


async def large(many: int, words: str) -> tuple[float, float]:
    """Seconds that writing a notice to so many takes, and the most megabytes the process holds meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        store = Store(url)
        await store.open()
        recipients = await populate(store, range(1, many + 1))
        forget_peak()
        now = datetime.now(UTC)
        began = time.perf_counter()
        async with store.begin() as db:
            draft = await db.notices.draft(None, words, now)
            await db.notices.confirm(draft, recipients, now, now, timedelta(hours=48))
        seconds = time.perf_counter() - began
        await store.close()
    return seconds, peak()


if __name__ == "__main__":
    print(*asyncio.run(large(int(sys.argv[1]), sys.argv[2])))  # noqa: T201
