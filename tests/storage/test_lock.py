"""One serving process a SQLite file, by a lock that dies with it; everything else works beside it."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.errors import BadStore
from storage.lock import serving_lock
from storage.store import Store

ROOT = Path(__file__).parents[2]
SERVING = """
import asyncio, subprocess, sys
from storage.lock import serving_lock

async def serve(url):
    async with serving_lock(url):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        print("serving", flush=True)
        await asyncio.Event().wait()

asyncio.run(serve(sys.argv[1]))
"""


async def serving(url: str) -> asyncio.subprocess.Process:
    """Another process that serves the database, with a child of its own."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVING, url, cwd=ROOT, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"serving\n", (await process.communicate())[1].decode()
    return process


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_second_server_is_refused_until_the_first_is_dead(database_url: str, store: Store, tmp_path: Path) -> None:
    first = await serving(database_url)
    (tmp_path / "link.db").symlink_to(tmp_path / "planbot.db")
    for url in (database_url, f"sqlite+aiosqlite:///{tmp_path / 'link.db'}"):
        with pytest.raises(BadStore) as refusal:
            async with serving_lock(url):
                raise AssertionError("two servers on one file")
        assert (refusal.value.key, refusal.value.values["pid"]) == ("store.served", str(first.pid))
        assert refusal.value.values["file"] == tmp_path / "planbot.db"
    async with store.begin() as db:
        await db.marks.set("beside", "the server")
    first.kill()
    await first.communicate()
    async with serving_lock(database_url):
        assert (tmp_path / "planbot.db.lock").read_text() == str(os.getpid())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_lock_is_given_back_and_holds_within_one_process_too(database_url: str) -> None:
    for _ in range(2):
        async with serving_lock(database_url):
            with pytest.raises(BadStore, match=r"store\.served"):
                async with serving_lock(database_url):
                    raise AssertionError("two servers on one file")


async def test_a_lock_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadStore, match=r"store\.unusable\(where=.*planbot.db.lock"):
        async with serving_lock(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'planbot.db'}"):
            raise AssertionError("a lock in no folder")


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_on_postgresql_several_may_serve(database_url: str) -> None:
    async with serving_lock(database_url), serving_lock(database_url):
        store = Store(database_url)
        await store.open()
        async with store.begin() as db:
            await db.marks.set("beside", "two servers")
        async with store.read() as db:
            assert await db.marks.get("beside") == "two servers"
        await store.close()
