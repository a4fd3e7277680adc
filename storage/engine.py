"""From a database address to engines: SQLite with one writer and transactions of our own making, PostgreSQL through psycopg."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import BadStore

BUSY_SECONDS = 20
"""How long a writer waits for another process to finish."""
CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How long PostgreSQL may take to answer at all (seconds), and after how long a connection to a machine that fell silent is given up
(the last in milliseconds; by itself Linux waits a quarter of an hour)."""
COUNTED = {"preserve_rowcount": True}
"""Inserts say how many rows they wrote, on PostgreSQL too."""
READERS = 5
"""Connections for reading a SQLite file at the same time, a thread each."""


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine for write transactions and one for read transactions."""

    writer: AsyncEngine
    reader: AsyncEngine

    async def dispose(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        if self.reader.sync_engine.pool is not self.writer.sync_engine.pool:
            await self.reader.dispose()


def parse(url: str) -> URL:
    """The address as SQLAlchemy knows it; BadStore for one that names no file or no database we work with."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadStore("store.url") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:") or "mode" in parsed.query or str(parsed.database).startswith("file:"):
            raise BadStore("store.url")
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise BadStore("store.url")


def database_file(url: str) -> Path | None:
    """The SQLite file of an address, symbolic links followed; None for PostgreSQL."""
    parsed = parse(url)
    return Path(str(parsed.database)).resolve() if parsed.get_backend_name() == "sqlite" else None


def described(url: URL) -> str:
    """Where the database is, in words that hold no password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.normalized_query.get("host", ("localhost",))[0]
    return f"{host}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def refused(url: URL, error: DBAPIError | PoolTimeout) -> BadStore:
    """What to tell a person when a connection or a transaction could not be had; never with the password."""
    where = described(url)
    if isinstance(error, PoolTimeout):
        return BadStore("store.busy", where=where)
    why = (str(error.orig).strip().splitlines() or [""])[0]
    for secret in (url.password, *url.normalized_query.get("password", ())):
        if secret:
            why = why.replace(str(secret), "***")
    if url.get_backend_name() != "sqlite":
        return BadStore("store.unreachable", where=where, why=why)
    return BadStore("store.busy", where=where) if "locked" in why else BadStore("store.unusable", where=where, why=why)


def open_engines(url: URL) -> Engines:
    """Engines for the address; nothing is connected yet. Errors never show parameters, for they hold names and texts."""
    if url.get_backend_name() == "sqlite":
        # One writing connection puts the writers of this process in a fair line, so only other processes make it wait.
        writer = create_async_engine(url, hide_parameters=True, execution_options=COUNTED, pool_size=1, max_overflow=0, pool_timeout=60)
        reader = create_async_engine(url, hide_parameters=True, pool_size=READERS, max_overflow=0, pool_timeout=60)
        begin_ourselves(writer.sync_engine, "BEGIN IMMEDIATE", pragmas())
        begin_ourselves(reader.sync_engine, "BEGIN", (*pragmas(), "query_only = ON"))
        return Engines(writer, reader)
    waiting = {name: value for name, value in CONNECTION.items() if name not in url.query}
    engine = create_async_engine(
        url,
        hide_parameters=True,
        execution_options=COUNTED,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=5,
        connect_args=waiting,
    )
    # A reader sees one moment, as on SQLite, however many statements it makes.
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(engine, snapshot)


def pragmas(foreign_keys: bool = True) -> tuple[str, ...]:
    """What every SQLite connection is set to: a commit is on the disk when it returns."""
    return (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )


def begin_ourselves(engine: Any, begin: str, settings: tuple[str, ...]) -> None:
    """Take transactions out of the driver's hands, which begins them late and not for reading (SQLAlchemy, "Transactions with SQLite")."""

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
