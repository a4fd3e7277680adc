"""Several at once, in one process and in many: nothing is done twice, lost, half done or refused as locked."""

import asyncio
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bot.chat import Outcome, Receipt
from storage.store import Store
from storage.values import Settlement
from tests.storage.samples import LEASE, NOW, planned

ROOT = Path(__file__).parents[2]

WRITER = """
import asyncio, sys
from storage.store import Store

async def write(url, name):
    store = Store(url)
    await store.open()
    for _ in range(40):
        async with store.begin() as db:
            value = int(await db.marks.get("count") or 0)
            await db.marks.set("count", str(value + 1))
            await db.marks.set(name, str(value + 1))
    await store.close()

asyncio.run(write(*sys.argv[1:]))
"""

DYING = """
import asyncio, sys
from storage.store import Store
from tests.storage.samples import NOW, document, planned

async def write(url):
    store = Store(url)
    await store.open()
    async with store.begin() as db:
        await db.plans.store_document(document(), NOW)
        await db.outbox.plan([planned(f"k{number}") for number in range(2000)], NOW)
        print("written", flush=True)
        await asyncio.Event().wait()

asyncio.run(write(sys.argv[1]))
"""


async def program(code: str, *words: str) -> asyncio.subprocess.Process:
    """Another Python process running `code` in the project."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, *words, cwd=ROOT, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_writers_of_many_processes_wait_for_each_other(database_url: str) -> None:
    processes = [await program(WRITER, database_url, f"writer {number}") for number in range(3)]
    ends = await asyncio.gather(*(process.communicate() for process in processes))
    assert [(process.returncode, errors) for process, (_, errors) in zip(processes, ends, strict=True)] == [(0, b"")] * 3
    store = Store(database_url)
    async with store.read() as db:
        assert await db.marks.get("count") == "120"
    await store.close()


async def test_writers_of_one_process_wait_in_line(store: Store, database_url: str) -> None:
    beside = Store(database_url)

    async def add(through: Store, number: int) -> None:
        async with through.begin() as db:
            await db.outbox.plan([planned(f"k{number}"), planned("shared")], NOW)

    await asyncio.gather(*(add(through, number) for number in range(30) for through in (store, beside)))
    async with store.read() as db:
        assert (await db.outbox.backlog(NOW)).states["queued"] == 31
    await beside.close()


async def test_a_reader_sees_one_moment_and_waits_for_no_writer(store: Store) -> None:
    async with store.read() as reader:
        assert await reader.marks.get("x") is None
        async with store.begin() as writer:
            await writer.marks.set("x", "1")
            assert await reader.marks.get("x") is None
        assert await reader.marks.get("x") is None
    async with store.read() as reader:
        assert await reader.marks.get("x") == "1"


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_two_open_claims_share_nothing_and_wait_for_nothing(store: Store, database_url: str) -> None:
    beside = Store(database_url)
    async with store.begin() as db:
        await db.outbox.plan([planned(f"k{number}") for number in range(10)], NOW)
    async with store.begin() as one, beside.begin() as other:
        first = await one.outbox.claim(NOW, 6, LEASE, ["web"])
        second = await other.outbox.claim(NOW, 6, LEASE, ["web"])
    assert (len(first), len(second)) == (6, 4)
    assert not {row.id for row in first} & {row.id for row in second}
    await beside.close()


async def test_claimers_at_once_never_double(store: Store, database_url: str) -> None:
    beside = Store(database_url)
    async with store.begin() as db:
        rows = [planned(f"k{number}", part) for number in range(60) for part in (1, 2)]
        assert await db.outbox.plan(rows, NOW) == 120
    sent: list[int] = []

    async def send(through: Store) -> None:
        held: list[Settlement] = []
        idle = 0
        # A part may wait for one that the other still sends, so one empty claim is not yet the end.
        while idle < 20:
            async with through.begin() as db:
                assert await db.outbox.settle(held, NOW) == len(held)
                claimed = await db.outbox.claim(NOW, 7, LEASE, ["web"])
            held = [Settlement(row.id, row.token, Receipt(Outcome.SENT)) for row in claimed]
            sent.extend(row.id for row in claimed)
            idle = 0 if claimed else idle + 1

    await asyncio.gather(send(store), send(beside), send(store), send(beside))
    assert len(sent) == 120
    assert max(Counter(sent).values()) == 1
    async with store.read() as db:
        assert (await db.outbox.backlog(NOW)).states["sent"] == 120
    await beside.close()


async def test_two_who_plan_the_same_at_once_write_it_once(store: Store, database_url: str) -> None:
    beside = Store(database_url)
    rows = [planned(f"k{number}") for number in range(300)]

    async def plan(through: Store, backwards: bool) -> int:
        async with through.begin() as db:
            return await db.outbox.plan(reversed(rows) if backwards else rows, NOW)

    written = await asyncio.gather(*(plan(through, backwards) for backwards in (True, False) for through in (store, beside)))
    assert sum(written) == 300
    await beside.close()


async def test_a_killed_process_leaves_nothing_half_done(store: Store, database_url: str) -> None:
    process = await program(DYING, database_url)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"written\n", (await process.communicate())[1].decode()
    process.kill()
    await process.communicate()
    async with store.begin() as db:
        assert await db.plans.every() == []
        assert (await db.outbox.backlog(NOW)).states["queued"] == 0
        await db.outbox.plan([planned("k1")], NOW)
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.partition("///")[2])) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_cancelled_task_undoes_its_transaction_and_frees_the_writer(store: Store) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with store.begin() as db:
            await db.marks.set("x", "1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as db:
        assert await db.marks.get("x") is None
        await db.marks.set("x", "2")


async def test_an_exception_undoes_all_of_a_transaction(store: Store) -> None:
    async def fail() -> None:
        async with store.begin() as db:
            await db.marks.set("x", "1")
            await db.outbox.plan([planned()], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as db:
        assert await db.marks.get("x") is None
        assert await db.outbox.get(1) is None
