"""Whether a database is in order: its schema, its pages and references, its clock, and whether somebody serves it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.errors import BadStore
from storage.engine import begin_ourselves, database_file, parse, pragmas, refused
from storage.lock import serving_lock
from storage.revision import UPGRADE, found_revision, is_current
from storage.tables import audit, questions
from storage.turns import holder


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `trouble` is empty where all is in order."""

    revision: str
    trouble: str = ""
    """The first thing the database says is wrong with itself."""
    latest: datetime | None = None
    """The time of the newest thing in it, and on a server the server's own: a clock that is behind it is wrong."""


async def examine(url: str) -> Health:
    """Look through the whole database without changing it; BadStore where it cannot be opened or has another schema."""
    return await asyncio.to_thread(_examine, url)


async def served(url: str) -> bool:
    """Whether a process serves this database now."""
    if database_file(url) is not None:
        try:
            async with serving_lock(url):
                return False
        except BadStore as error:
            return error.key == "store.served"
    return await asyncio.to_thread(_held, url)


def _examine(url: str) -> Health:
    parsed, file = parse(url), database_file(url)
    if file is not None and not file.exists():
        raise BadStore("store.older", command=UPGRADE)
    engine: Any
    if file is not None:
        engine = create_engine(parsed.set(drivername="sqlite"), hide_parameters=True)
        begin_ourselves(engine, "BEGIN", (*pragmas(), "query_only = ON"))
    else:
        engine = create_engine(parsed, hide_parameters=True)
    try:
        with engine.connect() as connection:
            revision = found_revision(connection)
            if not is_current(revision):
                raise BadStore("store.older", command=UPGRADE)
            return Health(str(revision), _trouble(connection, file is not None), _latest(connection))
    except DBAPIError as error:
        raise refused(parsed, error) from None
    finally:
        engine.dispose()


def _trouble(connection: Connection, sqlite: bool) -> str:
    if not sqlite:
        return ""
    said = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
    if said != "ok":
        return str(said)
    loose = connection.execute(text("PRAGMA foreign_key_check")).first()
    return f"{loose[0]} → {loose[2]}" if loose else ""


def _latest(connection: Connection) -> datetime | None:
    times = [connection.execute(select(func.max(column))).scalar() for column in (audit.c.at, questions.c.asked_at)]
    if connection.dialect.name == "postgresql":
        times.append(connection.execute(text("SELECT now()")).scalar())
    return max((time.astimezone(UTC) for time in times if time is not None), default=None)


def _held(url: str) -> bool:
    engine = create_engine(parse(url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            return holder(connection) is not None
    finally:
        engine.dispose()
