"""A whole database as one file, taken at one moment while others write; readable without this program, and for either database.

The file is gzip over lines of JSON: a head (format, revision, columns by table, last ids given out), a line `["table", [values]]` for
every row, and a foot with the count and the SHA-256 of all bytes before it.
"""

import asyncio
import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    create_engine,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from bot.errors import BadStore, Refusal
from storage.columns import Moment
from storage.engine import begin_ourselves, database_file, parse, pragmas, refused
from storage.revision import UPGRADE, found_revision, is_current

FORMAT = 1
BATCH, FEW = 500, 5
"""Rows read or written at once, and of tables that hold files."""
VERSIONS = "alembic_version"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    revision: str
    rows: int
    digest: str
    """SHA-256 of the file's lines, in hexadecimal."""
    content: int
    """The sum of the SHA-256 of every row's line, which is the same in whatever order a database gives them."""


@dataclass(slots=True)
class Tally:
    """Counts lines while they pass."""

    rows: int = 0
    content: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes, row: bool) -> None:
        """Count one line with its end of line."""
        self.hash.update(line)
        if row:
            self.rows += 1
            self.content = (self.content + int.from_bytes(hashlib.sha256(line).digest())) % 2**256


async def back_up(url: str, target: Path, now: datetime) -> Kept:
    """Write the database into a new file, the owner's alone; it appears whole or not at all.

    Refusal `backup.there` where there is a file already, `backup.unwritable`; BadStore as with `Store`.
    """
    return await asyncio.to_thread(_back_up, url, target, now)


def _back_up(url: str, target: Path, now: datetime) -> Kept:
    parsed = parse(url)
    file = database_file(url)
    if file is not None and not file.exists():
        raise BadStore("store.older", command=UPGRADE)
    if target.exists():
        raise Refusal("backup.there", file=target)
    if file is not None:
        engine = create_engine(parsed.set(drivername="sqlite"), hide_parameters=True)
        begin_ourselves(engine, "BEGIN", (*pragmas(), "query_only = ON"))
    else:
        engine = create_engine(parsed, hide_parameters=True, isolation_level="REPEATABLE READ")
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with engine.connect() as connection, connection.begin():
            revision = found_revision(connection)
            if not is_current(revision):
                raise BadStore("store.older", command=UPGRADE)
            with _opened(half) as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
                kept = _write(connection, str(revision), now, packed)
        half.rename(target)
        return kept
    except DBAPIError as error:
        raise refused(parsed, error) from None
    except OSError as error:
        raise Refusal("backup.unwritable", file=target, why=error.strerror or "") from None
    finally:
        half.unlink(missing_ok=True)
        engine.dispose()


def _opened(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _write(connection: Connection, revision: str, now: datetime, out: Any) -> Kept:
    tally = Tally()
    held = reflected(connection)
    tables = {table.name: [[column.name, kind_of(column)] for column in table.columns] for table in held.sorted_tables}
    head = {
        "planbot": FORMAT, "revision": revision, "made": now.astimezone(UTC).isoformat(), "tables": tables,
        "last": last_ids(connection, held),
    }  # fmt: skip
    tally_head = line_of(head)
    tally.add(tally_head, row=False)
    out.write(tally_head)
    for line in row_lines(connection, held):
        tally.add(line, row=True)
        out.write(line)
    digest = tally.hash.hexdigest()
    out.write(line_of({"rows": tally.rows, "digest": digest}))
    return Kept(revision, tally.rows, digest, tally.content)


def line_of(value: object) -> bytes:
    """A value as a line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def reflected(connection: Connection) -> MetaData:
    """The tables as the database has them, whatever its revision; those that others name come first."""
    found = MetaData()
    found.reflect(connection)
    if VERSIONS in found.tables:
        found.remove(found.tables[VERSIONS])
    return found


def kind_of(column: Column[Any]) -> str:
    """How a column's values are written: `time`, `date`, `bytes`, `json`, `flag` or `plain`."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (LargeBinary, "bytes"), (JSON, "json"), (Boolean, "flag"), ((DateTime, Moment), "time"), (Date, "date"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "plain")


def row_lines(connection: Connection, held: MetaData) -> Iterator[bytes]:
    """Every row of every table as a line."""
    for table in held.sorted_tables:
        kinds = [kind_of(column) for column in table.columns]
        # JSON is taken as it is written, so that JSON's null and the database's stay two things.
        wanted = [cast(column, Text) if kind == "json" else column for column, kind in zip(table.columns, kinds, strict=True)]
        rows = connection.execute(select(*wanted), execution_options={"yield_per": FEW if "bytes" in kinds else BATCH})
        for row in rows:
            yield line_of([table.name, [written(value, kind) for value, kind in zip(row, kinds, strict=True)]])


def written(value: Any, kind: str) -> Any:
    """A value as JSON can hold it."""
    if value is None:
        return None
    if kind == "time":
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat(timespec="microseconds")
    if kind == "date":
        return value.isoformat()
    return base64.b64encode(value).decode("ascii") if kind == "bytes" else value


def read(value: Any, kind: str, sqlite: bool) -> Any:
    """The value that `written` wrote, as the database takes it."""
    if value is None:
        return None
    if kind == "time":
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if sqlite else moment
    if kind == "date":
        return date.fromisoformat(value)
    return base64.b64decode(value) if kind == "bytes" else value


def counted(table: Table) -> bool:
    """True for a table whose ids the database gives out."""
    keys = list(table.primary_key.columns)
    return len(keys) == 1 and keys[0].name == "id" and not isinstance(keys[0].type, Text)


def last_ids(connection: Connection, held: MetaData) -> dict[str, int]:
    """The last id that each table gave out, also of rows that are gone, because ids are never given out twice."""
    if connection.dialect.name == "sqlite":
        if not connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first():
            return {}
        return {row.name: row.seq for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence")) if row.name in held.tables}
    found = {}
    for table in filter(counted, held.sorted_tables):
        named = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar()
        last = connection.execute(text(f"SELECT last_value FROM {named} WHERE is_called")).scalar() if named else None
        if last:
            found[table.name] = int(last)
    return found
