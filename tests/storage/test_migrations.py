"""The migrations make the tables that the program works with, in one piece, and refuse what they do not know."""

import asyncio
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from bot.errors import BadStore
from storage.engine import parse
from storage.migrate import migrate, upgrade
from storage.revision import MIGRATIONS, revisions
from storage.store import Store
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
UPGRADE = "import asyncio, sys; from storage.migrate import upgrade; print(asyncio.run(upgrade(sys.argv[1])))"


def plain_engine(url: str) -> Engine:
    """A synchronous engine for looking at a database from outside."""
    parsed = parse(url)
    return create_engine(parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed)


def tables_of(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of every table of ours."""
    with engine.connect() as connection:
        found = inspect(connection)
        return {
            name: (
                [(column["name"], str(column["type"]), column["nullable"], column["default"]) for column in found.get_columns(name)],
                found.get_pk_constraint(name),
                sorted(found.get_foreign_keys(name), key=str),
                sorted(found.get_unique_constraints(name), key=str),
                sorted(str(index | {"dialect_options": worded(index)}) for index in found.get_indexes(name)),
            )
            for name in sorted(set(found.get_table_names()) - {"alembic_version", "sqlite_sequence"})
        }


def files_in(folder: Path) -> list[str]:
    """The names of the files there."""
    return [file.name for file in folder.iterdir()]


def worded(index: Any) -> dict[str, str]:
    """The conditions of an index as text."""
    return {name: str(value) for name, value in index.get("dialect_options", {}).items()}


def numbered(file: Path) -> set[str]:
    """The tables of a SQLite file whose ids are never given out twice."""
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")}


async def test_the_tables_are_those_of_the_migrations(bare_url: str) -> None:
    await upgrade(bare_url)
    engine = plain_engine(bare_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_the_tables_are_those_of_the_migrations_to_the_last_index(database_url: str, tmp_path: Path) -> None:
    migrated, declared = plain_engine(database_url), create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    if migrated.dialect.name == "postgresql":
        found = tables_of(migrated)
        with migrated.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        metadata.create_all(migrated)
        assert tables_of(migrated) == found
    else:
        metadata.create_all(declared)
        assert tables_of(migrated) == tables_of(declared)
        assert numbered(tmp_path / "planbot.db") == numbered(tmp_path / "declared.db") != set()
    assert len(metadata.tables) == len(tables_of(migrated))
    migrated.dispose()
    declared.dispose()


def test_the_revisions_read_from_file_names_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert sorted(script.revision for script in scripts.walk_revisions()) == revisions()
    assert scripts.get_heads() == revisions()[-1:]


async def test_an_upgrade_makes_a_database_once(bare_url: str) -> None:
    assert await upgrade(bare_url) is True
    assert await upgrade(bare_url) is False
    store = Store(bare_url)
    await store.open()
    async with store.read() as db:
        assert await db.plans.revision() == 0
    await store.close()


async def test_two_upgrades_at_once_are_one(bare_url: str) -> None:
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-c", UPGRADE, bare_url]
    processes = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe) for _ in range(2)]
    ends = [await process.communicate() for process in processes]
    assert [errors for _, errors in ends] == [b"", b""]
    assert sorted(output for output, _ in ends) == [b"False\n", b"True\n"]


async def test_an_upgrade_that_fails_leaves_nothing_behind(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_way(connection: Any) -> None:
        migrate(connection)
        raise ZeroDivisionError

    monkeypatch.setattr("storage.migrate.migrate", half_way)
    with pytest.raises(ZeroDivisionError):
        await upgrade(bare_url)
    engine = plain_engine(bare_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    monkeypatch.undo()
    assert await upgrade(bare_url) is True


async def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    engine = plain_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (Store(database_url).open(), upgrade(database_url)):
        with pytest.raises(BadStore, match=r"store\.newer\(revision=9999\)"):
            await attempt
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


async def test_a_database_without_tables_is_told_which_command_to_run(bare_url: str, tmp_path: Path) -> None:
    with pytest.raises(BadStore, match=r"store\.older\(command=planbot db upgrade\)"):
        await Store(bare_url).open()
    assert files_in(tmp_path) == []


async def test_a_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    await upgrade(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}")
    assert stat.S_IMODE((tmp_path / "planbot.db").stat().st_mode) == 0o600
    with pytest.raises(BadStore, match=r"store\.no_folder\(folder=.*nowhere\)"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'planbot.db'}")


async def test_a_migration_that_leaves_loose_ends_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    await upgrade(url)
    engine = plain_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO redemptions VALUES (7, 7, '2030-01-01 00:00:00.000000')"))
        with pytest.raises(RuntimeError, match="2 rows that point nowhere, in redemptions"):
            migrate(connection)
    engine.dispose()


async def test_the_database_of_another_program_is_left_alone(bare_url: str) -> None:
    engine = plain_engine(bare_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE people (nickname TEXT)"))
    with pytest.raises(BadStore, match=r"people.*already exists"):
        await upgrade(bare_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["people"]
    engine.dispose()


async def test_ranks_of_before_keep_their_meaning_and_get_what_they_are_for(bare_url: str) -> None:
    engine = plain_engine(bare_url)
    added = "INSERT INTO people (id, rank, name, unit, language, script, muted, met_at) VALUES "
    with engine.begin() as connection:
        migrate(connection, "0009")
        connection.execute(
            text("INSERT INTO units VALUES (1, '甲校', 'school', '', '[]', '[]', 0), (2, '乙校', 'school', '', '[]', '[]', 1)")
        )
        # Their ids are their ranks; 5 and 6 are teachers too, 5 of the unit they were invited to, 6 of one they chose afterwards.
        rows = [(0, 0, "1"), (1, 1, "1"), (2, 2, "2"), (3, 3, "NULL"), (4, 4, "NULL"), (5, 1, "1"), (6, 1, "2")]
        for person, rank, unit in rows:
            connection.execute(text(f"{added} ({person}, {rank}, '', {unit}, '', '', false, '2030-01-01 00:00:00.000000')"))
        for invitation, rank in ((1, 1), (2, 3)):
            row = f"({invitation}, 'hash{invitation}', {rank}, 1, 5, '2030-01-01 00:00:00.000000', '2030-01-02 00:00:00.000000')"
            connection.execute(text(f"INSERT INTO invitations VALUES {row}"))
        connection.execute(
            text("INSERT INTO redemptions VALUES (1, 5, '2030-01-01 00:00:00.000000'), (1, 6, '2030-01-01 00:00:00.000000')")
        )
    assert await upgrade(bare_url) is True
    with engine.connect() as connection:
        people = connection.execute(text("SELECT id, rank, scope FROM people ORDER BY id")).all()
        ranks = connection.execute(text("SELECT rank FROM invitations ORDER BY id")).scalars().all()
    engine.dispose()
    assert [tuple(row) for row in people] == [
        (0, 0, ""), (1, 1, ""), (2, 2, ""), (3, 4, "district"), (4, 5, "district"), (5, 1, "unit"), (6, 1, "")
    ]  # fmt: skip
    assert ranks == [1, 4]
