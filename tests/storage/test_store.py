"""The door: what is refused at it, in words that help and betray nothing."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import BadStore
from storage.migrate import upgrade
from storage.store import Store
from tests.storage.samples import NOW, WEB

SECRET = "tr0ub4dor"


def closed_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://clerk:{secret}@127.0.0.1:{port}/plans",
        "postgresql://clerk:{secret}@127.0.0.1:{port}/plans",
        "postgresql://clerk@127.0.0.1:{port}/plans?password={secret}",
    ],
)
async def test_a_server_out_of_reach_is_named_without_its_password(address: str) -> None:
    port = closed_port()
    url = address.format(secret=SECRET, port=port)
    for attempt in (Store(url).open(), upgrade(url)):
        with pytest.raises(BadStore) as refusal:
            await attempt
        assert refusal.value.key == "store.unreachable"
        assert refusal.value.values["where"] == f"127.0.0.1:{port}/plans"
        assert refusal.value.values["why"]
        assert SECRET not in repr(refusal.value) + str(refusal.value.values)
        # What is printed with a traceback must not hold it either.
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__


@pytest.mark.postgres
async def test_a_database_the_server_does_not_have_is_named(postgres_url: str) -> None:
    with pytest.raises(BadStore, match=r"store\.unreachable.*nothere"):
        await Store(postgres_url.replace("/postgres?", "/nothere?")).open()


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "sqlite:///file:x?mode=memory", "mysql://a/b", "planbot.db", "x://["]
)
async def test_an_address_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(BadStore, match=r"^store\.url$"):
        Store(url)


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir or Madam, " * 400)
    before = file.read_bytes()
    url = f"sqlite+aiosqlite:///{file}"
    for attempt in (Store(url).open(), upgrade(url), Store(f"sqlite+aiosqlite:///{tmp_path}").open()):
        with pytest.raises(BadStore, match=r"store\.unusable"):
            await attempt
    assert file.read_bytes() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_writer_elsewhere_that_does_not_end_is_said_to_be_there(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0)
    store = Store(database_url)
    with closing(sqlite3.connect(database_url.partition("///")[2], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadStore, match=r"store\.busy\(where=.*planbot.db\)"):
            async with store.begin():
                raise AssertionError("a second writer was let in")
        async with store.read() as db:
            assert await db.marks.get("x") is None
    async with store.begin() as db:
        await db.marks.set("x", "1")
    await store.close()


async def test_a_read_transaction_writes_nothing(store: Store) -> None:
    async with store.read() as db:
        with pytest.raises(DBAPIError, match=r"(?i)read-?\s?only"):
            await db.marks.set("x", "1")
    async with store.begin() as db:
        assert await db.marks.get("x") is None
        await db.marks.set("x", "1")


async def test_errors_show_no_names_and_no_texts(store: Store) -> None:
    async with store.begin() as db:
        with pytest.raises(IntegrityError) as broken:
            await db.subscriptions.follow(99, "event", SECRET, WEB, NOW)
    assert "hide_parameters" in str(broken.value)
    assert str(broken.value).count(SECRET) == str(broken.value.orig).count(SECRET)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_commit_on_sqlite_is_on_the_disk(store: Store) -> None:
    for transaction in (store.begin, store.read):
        async with transaction() as db:
            settings = [
                (await db.connection.execute(text(f"PRAGMA {name}"))).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert settings == ["wal", 2, 1, 20_000]


async def test_plain_addresses_work_as_well(database_url: str) -> None:
    plain = database_url.replace("+aiosqlite", "").replace("+psycopg", "")
    store = Store(plain)
    await store.open()
    assert await upgrade(plain) is False
    await store.close()
    await store.close()
