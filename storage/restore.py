"""A backup put back, into either database: read through and checked first, checked again when it is there, whole or not at all."""

import asyncio
import gzip
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, URL, Connection, MetaData, Table, Text, bindparam, create_engine, func, insert, select, text
from sqlalchemy import cast as as_type
from sqlalchemy.exc import DBAPIError

from bot.errors import BadStore, Refusal
from storage.backup import BATCH, FEW, FORMAT, VERSIONS, Kept, Tally, counted, kind_of, read, reflected, row_lines
from storage.engine import begin_ourselves, database_file, parse, pragmas, refused
from storage.lock import serving_lock
from storage.migrate import UPGRADE_LOCK, migrate
from storage.revision import found_revision, revisions
from storage.tables import metadata
from storage.turns import holder

SMALL = ("counters", "marks", "seen_updates", "rank_defaults")
"""Tables that are filled without anybody's doing."""


async def restore(url: str, source: Path, replace: bool) -> Kept:
    """Put a backup in the place of an empty database or, with `replace`, of any; brings it to this program's schema.

    Refusal `backup.damaged` for a file that is none or not whole, `backup.newer`, `backup.not_empty` without `replace`; BadStore
    `store.served` while a process serves the database. Where it is refused or fails, the database is as it was.
    """
    async with serving_lock(url):
        return await asyncio.to_thread(_restore, url, source, replace)


def _restore(url: str, source: Path, replace: bool) -> Kept:
    parsed, file = parse(url), database_file(url)
    head, kept = check(source)
    if kept.revision not in revisions():
        raise Refusal("backup.newer", revision=kept.revision)
    try:
        if file is not None:
            return _into_file(parsed, file, source, head, kept, replace)
        return _into_server(parsed, source, head, kept, replace)
    except DBAPIError as error:
        raise refused(parsed, error) from None


def check(source: Path) -> tuple[dict[str, Any], Kept]:
    """Read a backup through; its head and what it holds. Refusal `backup.damaged` where anything is missing or changed."""
    tally, head, foot = Tally(), b"", b""
    try:
        with gzip.open(source, "rb") as lines:
            for line in lines:
                if not head:
                    head = line
                    tally.add(line, row=False)
                    continue
                if foot:
                    tally.add(foot, row=True)
                foot = line
        first, last = json.loads(head), json.loads(foot)
        sound = first["planbot"] == FORMAT and last == {"rows": tally.rows, "digest": tally.hash.hexdigest()}
        revision = str(first["revision"])
    except FileNotFoundError:
        raise Refusal("backup.gone", file=source) from None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        raise Refusal("backup.damaged", file=source) from None
    if not sound:
        raise Refusal("backup.damaged", file=source)
    return first, Kept(revision, tally.rows, last["digest"], tally.content)


def _into_file(url: URL, file: Path, source: Path, head: dict[str, Any], kept: Kept, replace: bool) -> Kept:
    if file.exists() and not replace:
        engine = _engine(url)
        try:
            with engine.begin() as connection:
                _refuse_full(connection)
        finally:
            engine.dispose()
    half = file.with_name(f".{file.name}.restoring")
    _remove(half)
    try:
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadStore("store.unusable", where=half, why=error.strerror) from None
    try:
        engine = _engine(url.set(database=str(half)))
        try:
            with engine.begin() as connection:
                _fill(connection, source, head, kept)
        finally:
            engine.dispose()
        with closing(sqlite3.connect(half)) as made:
            made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            made.execute("PRAGMA journal_mode = DELETE")
        _take_place(half, file)
    finally:
        _remove(half)
    return kept


def _take_place(half: Path, file: Path) -> None:
    """Put the new file in the place of the old one, whose log of writes must not be taken for the new one's."""
    if file.exists():
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as old:
            try:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                old.execute("PRAGMA locking_mode = EXCLUSIVE")
                old.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise BadStore("store.busy", where=file) from None
            except sqlite3.DatabaseError:
                # What stands there is no database any more, which may be why a backup is put back.
                pass
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    half.replace(file)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _into_server(url: URL, source: Path, head: dict[str, Any], kept: Kept, replace: bool) -> Kept:
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
            if (pid := holder(connection)) is not None:
                raise BadStore("store.served", file=url.database, pid=pid)
            if not replace:
                _refuse_full(connection)
            for name in (*metadata.tables, VERSIONS):
                connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
            connection.execute(text("DROP FUNCTION IF EXISTS audit_refuse CASCADE"))
            _fill(connection, source, head, kept)
    finally:
        engine.dispose()
    return kept


def _engine(url: URL) -> Any:
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True)
    begin_ourselves(engine, "BEGIN IMMEDIATE", pragmas(foreign_keys=False))
    return engine


def _refuse_full(connection: Connection) -> None:
    if found_revision(connection) is None:
        return
    for table in reflected(connection).sorted_tables:
        if table.name not in SMALL and connection.execute(select(table).limit(1)).first() is not None:
            raise Refusal("backup.not_empty", table=table.name)


def _fill(connection: Connection, source: Path, head: dict[str, Any], kept: Kept) -> None:
    """Make the schema of the backup, put the rows in, see that they are all there, and bring it to the newest schema."""
    migrate(connection, kept.revision)
    held = reflected(connection)
    tables = {table.name: [[column.name, kind_of(column)] for column in table.columns] for table in held.sorted_tables}
    if tables != head["tables"]:
        raise Refusal("backup.damaged", file=source)
    for table in held.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            connection.execute(table.delete())
    for name, rows in _batches(source, held):
        _insert(connection, held.tables[name], rows)
    _count_on(connection, held, head["last"])
    again = Tally()
    for line in row_lines(connection, held):
        again.add(line, row=True)
    if (again.rows, again.content) != (kept.rows, kept.content):
        raise RuntimeError("the restored rows are not those of the backup")
    if kept.revision != revisions()[-1]:
        migrate(connection)


def _batches(source: Path, held: MetaData) -> Iterator[tuple[str, list[list[Any]]]]:
    name, rows = "", list[list[Any]]()
    most = {table.name: FEW if "bytes" in map(kind_of, table.columns) else BATCH for table in held.sorted_tables}
    with gzip.open(source, "rb") as lines:
        next(lines)
        for line in lines:
            value = json.loads(line)
            if isinstance(value, dict):
                break
            if rows and (value[0] != name or len(rows) >= most[name]):
                yield name, rows
                rows = []
            name = value[0]
            rows.append(value[1])
    if rows:
        yield name, rows


def _insert(connection: Connection, table: Table, rows: list[list[Any]]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    kinds = {column.name: kind_of(column) for column in table.columns}
    places = {
        name: as_type(bindparam(f"v_{name}", type_=Text()), Text if sqlite else JSON) if kind == "json" else bindparam(f"v_{name}")
        for name, kind in kinds.items()
    }
    values = [{f"v_{name}": read(value, kind, sqlite) for value, (name, kind) in zip(row, kinds.items(), strict=True)} for row in rows]
    connection.execute(insert(table).values(places), values)


def _count_on(connection: Connection, held: MetaData, last: dict[str, int]) -> None:
    """Go on giving out ids where the backup's database stopped."""
    for table in filter(counted, held.sorted_tables):
        number = last.get(table.name)
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            if number:
                connection.execute(
                    text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": table.name, "seq": number}
                )
        elif number:
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :seq)"), {"name": table.name, "seq": number})
