"""Bring a database to the newest schema, in one transaction that also keeps a second upgrade waiting."""

import asyncio
import os
from typing import Any

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.errors import BadStore
from storage.engine import begin_ourselves, database_file, parse, pragmas, refused
from storage.revision import MIGRATIONS, found_revision, is_current

UPGRADE_LOCK = 0x706C616E626F74
"""The PostgreSQL advisory lock of an upgrade: `planbot` in ASCII."""


async def upgrade(url: str) -> bool:
    """Upgrade, making the SQLite file where there is none; True where anything changed.

    BadStore for a newer database, a folder that is not there, a file that is no database, a server out of reach.
    """
    return await asyncio.to_thread(_upgrade, url)


def _upgrade(url: str) -> bool:
    parsed = parse(url)
    file = database_file(url)
    if file is not None and not file.exists():
        if not file.parent.is_dir():
            raise BadStore("store.no_folder", folder=file.parent)
        try:
            # It holds names and addresses, so it is the owner's alone; the files SQLite puts beside it follow its mode.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise BadStore("store.unusable", where=file, why=error.strerror) from None
    engine = _engine(parsed)
    try:
        with engine.begin() as connection:
            if file is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
            if is_current(found_revision(connection)):
                return False
            migrate(connection)
            return True
    except DBAPIError as error:
        raise refused(parsed, error) from None
    finally:
        engine.dispose()


def _engine(url: URL) -> Any:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True)
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True)
    # Changing a table of SQLite means copying and dropping it, which with foreign keys on would delete what points to it.
    begin_ourselves(engine, "BEGIN IMMEDIATE", pragmas(foreign_keys=False))
    return engine


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations in the connection's transaction; what does not hold together afterwards is refused (RuntimeError)."""
    # Alembic takes a while to load and a database that is up to date does not need it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere, in {broken[0][0]}")
