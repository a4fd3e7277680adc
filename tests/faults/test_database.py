"""The database away: PostgreSQL stopped and started, a SQLite file held by another process, a disk that is full."""

import asyncio
import contextlib
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.migrate import upgrade
from storage.values import State
from tests.conftest import FASTER, in_memory, server_programs
from tests.faults.town import LONG, PATIENCE, Nursery, Town, founded
from tests.telegram import Limits, TelegramServer

PEOPLE = 300 if LONG else 60
OUTAGE = 60.0 if LONG else 2.0

pytestmark = pytest.mark.timeout(400)


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server of this test's own, which can be stopped and started."""

    programs: Path
    folder: Path
    user: str | None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def call(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *words]
        done = subprocess.run(command, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 0, f"{program}: {done.stderr.decode()}"

    def start(self) -> None:
        # A commit that the server has not written down yet would be lost with it: the ledger asks for the server's own default.
        settings = [setting for setting in FASTER if not setting.startswith("synchronous_commit")]
        options = " ".join([f"-k {self.folder} -c listen_addresses=''", *(f"-c {setting}" for setting in settings)])
        self.call("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}", f"--options={options}")

    def stop(self) -> None:
        self.call("pg_ctl", "stop", "--wait", "--mode=immediate")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    programs = server_programs()
    if programs is None:
        pytest.skip("a PostgreSQL that can be stopped needs its programs (initdb, pg_ctl) on this machine")
    folder = Path(tempfile.mkdtemp(prefix="planbot-pg-", dir=in_memory()))
    folder.chmod(0o755)
    user = None
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    made = Cluster(programs, folder, user)
    made.call("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    made.start()
    yield made
    with contextlib.suppress(AssertionError):
        made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def town_on(url: str, folder: Path, forking: Nursery, told: Callable[[str, object], None]) -> AsyncIterator[Town]:
    await upgrade(url)
    async with TelegramServer(Limits().unhurried()) as server, founded(server, url, folder, forking, told) as made:
        yield made


@pytest.mark.postgres
async def test_postgresql_is_stopped_and_started(
    cluster: Cluster, tmp_path: Path, forking: Nursery, record_property: Callable[[str, object], None]
) -> None:
    async with town_on(cluster.url, tmp_path, forking, record_property) as town:
        await town.people(PEOPLE)
        slow = town.server.fault("sendMessage", late=True, times=1)
        notice = await town.notice()
        async with town.life():
            await town.server.until(lambda: town.arrived > 10, "it sends", PATIENCE)
            await asyncio.to_thread(cluster.stop)
            stopped = town.arrived
            await asyncio.sleep(OUTAGE)
            # What had been claimed may still leave; nothing else can, for a claim is a committed row.
            assert town.arrived - stopped <= town.in_flight
            left = town.arrived
            await asyncio.to_thread(cluster.start)
            began = time.monotonic()
            await town.server.until(lambda: town.arrived > left, "it goes on", PATIENCE * 2)
            taken = time.monotonic() - began
            await town.over(notice, PATIENCE * 2)
        if LONG:
            assert taken < 60
        assert slow.met == 1
        await town.verdict(notice, town.in_flight + 1, f"stopped for {OUTAGE:.0f} s", taken)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_is_held_by_another_process(town: Town) -> None:
    """For longer than a writer waits, in the long form."""
    await town.people(PEOPLE)
    notice = await town.notice()
    async with town.life():
        await town.server.until(lambda: town.arrived > 10, "it sends", PATIENCE)
        connection = sqlite3.connect(town.folder / "planbot.db", isolation_level=None, timeout=20)
        connection.execute("BEGIN IMMEDIATE")
        held = town.arrived
        await asyncio.sleep(OUTAGE)
        assert town.arrived - held <= town.in_flight
        left = town.arrived
        connection.execute("ROLLBACK")
        connection.close()
        began = time.monotonic()
        await town.server.until(lambda: town.arrived > left, "it goes on", PATIENCE * 2)
        taken = time.monotonic() - began
        await town.over(notice, PATIENCE * 2)
    if LONG:
        assert taken < 60
    assert await town.verdict(notice, 0, f"held for {OUTAGE:.0f} s", taken) == {State.SENT: PEOPLE}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_the_disk_is_full(
    small_disk: Path, sqlite_template: Path, tmp_path: Path, forking: Nursery, record_property: Callable[[str, object], None]
) -> None:
    shutil.copy(sqlite_template, small_disk / "planbot.db")
    async with town_on(f"sqlite+aiosqlite:///{small_disk / 'planbot.db'}", tmp_path, forking, record_property) as town:
        await town.people(PEOPLE)
        notice = await town.notice()
        async with town.life() as life:
            await town.server.until(lambda: town.arrived > 10, "it sends", PATIENCE)
            fill(small_disk / "ballast")
            await life.writes("store.unusable")
            left = town.arrived
            await asyncio.sleep(1)
            assert town.arrived - left <= town.in_flight
            left = town.arrived
            (small_disk / "ballast").unlink()
            began = time.monotonic()
            await town.server.until(lambda: town.arrived > left, "it goes on", PATIENCE)
            taken = time.monotonic() - began
            await town.over(notice)
        assert await town.verdict(notice, 0, "the disk was full", taken) == {State.SENT: PEOPLE}


def fill(file: Path) -> None:
    """Take all the room that is left."""
    with file.open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        for size in (65536, 4096):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(bytes(size))
