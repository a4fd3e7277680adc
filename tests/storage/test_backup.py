"""A backup taken while others write comes back whole, in either database; what is damaged, full or served is refused."""

import asyncio
import gzip
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.chat import Address
from bot.errors import BadStore, Refusal
from bot.people import Rank, Unit
from storage.backup import Kept, back_up
from storage.lock import serving_lock
from storage.migrate import migrate, upgrade
from storage.restore import check, restore
from storage.store import Store
from storage.tables import metadata
from storage.turns import Turn
from tests.conftest import BOTH, made
from tests.storage.samples import NOW, after, document, planned
from tests.storage.test_migrations import files_in, plain_engine

HOME = Address("telegram", "700001")


@pytest.fixture(params=BOTH)
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """The address of another database, without a schema."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    else:
        yield from made(request.getfixturevalue("postgres_url"))


async def fill(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "青禾一小", "school", aliases=("一小",), groups=("東片",))], NOW)
        person = (await db.people.meet(HOME, "林素琴", "zh-hant", NOW)).person
        await db.people.set_rank(person.id, Rank.TEACHER, (await db.units.every())[0].id)
        await db.plans.store_document(document(), NOW)
        await db.outbox.plan([planned(person=person.id, address=HOME)], NOW)
        draft = await db.notices.draft(person.id, "週五\n開會", NOW)
        await db.files.attach(draft.id, "表.txt", "text/plain", bytes(range(256)))
        await db.subscriptions.follow(person.id, "event", "e1", HOME, NOW)
        await db.audit.record(person.id, "notice send", "1", NOW)
        gone = await db.notices.draft(person.id, "", NOW)
        await db.notices.discard(gone)


def rows_of(url: str) -> dict[str, list[str]]:
    engine = plain_engine(url)
    with engine.connect() as connection:
        found = {table.name: sorted(str(tuple(row)) for row in connection.execute(table.select())) for table in metadata.sorted_tables}
    engine.dispose()
    return found


async def test_everything_comes_back_in_either_database(store: Store, database_url: str, other_url: str, tmp_path: Path) -> None:
    await fill(store)
    kept = await back_up(database_url, tmp_path / "backup", NOW)
    assert check(tmp_path / "backup")[1] == kept
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert await restore(other_url, tmp_path / "backup", replace=False) == kept
    assert rows_of(other_url) == rows_of(database_url)
    assert kept.rows == sum(map(len, rows_of(database_url).values()))
    again = await back_up(other_url, tmp_path / "again", NOW)
    assert (again.rows, again.content) == (kept.rows, kept.content)
    opened = Store(other_url)
    await opened.open()
    async with opened.begin() as db:
        assert (await db.audit.verify()).sound
        # The id of the discarded draft is not given out again.
        assert (await db.notices.draft(None, "", NOW)).id == 3
        with pytest.raises(Exception, match="only ever added to"):
            await db.connection.execute(text("DELETE FROM audit"))
    await opened.close()


async def test_a_backup_is_of_one_moment_while_others_write(store: Store, database_url: str, tmp_path: Path) -> None:
    await fill(store)
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            async with store.begin() as db:
                await db.marks.set("left", str(number))
                await db.marks.set("right", str(number))
                await db.audit.record(None, "step", str(number), NOW)
        return number

    async def take() -> list[Kept]:
        try:
            return [await back_up(database_url, tmp_path / f"backup{number}", NOW) for number in range(3)]
        finally:
            stop.set()

    written, _ = await asyncio.gather(write(), take())
    assert written > 1
    for number in range(3):
        lines = [json.loads(line) for line in gzip.decompress((tmp_path / f"backup{number}").read_bytes()).splitlines()]
        marks = {row[1][0]: row[1][1] for row in lines[1:-1] if row[0] == "marks"}
        assert marks.get("left") == marks.get("right")
        steps = [row for row in lines[1:-1] if row[0] == "audit" and row[1][2] == "step"]
        assert len(steps) == int(marks.get("left", 0))


async def test_a_full_database_is_replaced_only_when_that_is_said(store: Store, database_url: str, tmp_path: Path) -> None:
    await fill(store)
    await back_up(database_url, tmp_path / "backup", NOW)
    before = rows_of(database_url)
    async with store.begin() as db:
        await db.marks.set("later", "1")
        await db.people.meet(Address("web", "w"), "後來的人", "", after(days=1))
    await store.close()
    with pytest.raises(Refusal, match=r"backup\.not_empty"):
        await restore(database_url, tmp_path / "backup", replace=False)
    assert len(rows_of(database_url)["people"]) == 2
    await restore(database_url, tmp_path / "backup", replace=True)
    assert rows_of(database_url) == before
    if database_url.startswith("sqlite"):
        left = set(files_in(tmp_path))
        assert left <= {"planbot.db", "planbot.db.lock", "planbot.db-wal", "planbot.db-shm", "backup"}
        assert stat.S_IMODE((tmp_path / "planbot.db").stat().st_mode) == 0o600


async def test_nothing_is_restored_under_a_serving_process(store: Store, database_url: str, tmp_path: Path) -> None:
    await back_up(database_url, tmp_path / "backup", NOW)
    if database_url.startswith("sqlite"):
        async with serving_lock(database_url):
            with pytest.raises(BadStore, match=r"store\.served"):
                await restore(database_url, tmp_path / "backup", replace=True)
    else:
        turn = Turn(store._engines.writer, "web")
        assert await turn.hold()
        with pytest.raises(BadStore, match=r"store\.served"):
            await restore(database_url, tmp_path / "backup", replace=True)
        await turn.close()
    await store.close()
    await restore(database_url, tmp_path / "backup", replace=True)


async def test_a_backup_of_before_is_brought_to_the_newest_schema(
    bare_url: str, other_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = plain_engine(bare_url)
    with engine.begin() as connection:
        migrate(connection, "0010")
        connection.execute(text("INSERT INTO audit (action, subject, at) VALUES ('a', '', '2030-01-01 00:00:00.000000')"))
    engine.dispose()
    with pytest.raises(BadStore, match=r"store\.older"):
        await back_up(bare_url, tmp_path / "backup", NOW)
    monkeypatch.setattr("storage.backup.is_current", lambda revision: True)
    assert (await back_up(bare_url, tmp_path / "backup", NOW)).revision == "0010"
    await restore(other_url, tmp_path / "backup", replace=False)
    opened = Store(other_url)
    await opened.open()
    async with opened.read() as db:
        assert ((await db.audit.verify()).rows, (await db.audit.verify()).sound) == (1, True)
    await opened.close()


async def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    url, target = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}", f"sqlite+aiosqlite:///{tmp_path / 'target.db'}"
    await upgrade(url)
    await back_up(url, tmp_path / "backup", NOW)
    with pytest.raises(Refusal, match=r"backup\.there"):
        await back_up(url, tmp_path / "backup", NOW)
    whole = (tmp_path / "backup").read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    wrong = {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "no gzip": b"SELECT 1",
        "a line less": gzip.compress(b"".join(lines[:1] + lines[2:])),
        "no end": gzip.compress(b"".join(lines[:-1])),
        "changed": gzip.compress(b"".join(lines).replace(b'["counters",["plans",0]]', b'["counters",["plans",9]]')),
        "another program's": gzip.compress(b'{"a": 1}\n{"b": 2}\n'),
    }
    assert wrong["changed"] != gzip.compress(b"".join(lines))
    for name, data in wrong.items():
        (tmp_path / "wrong").write_bytes(data)
        with pytest.raises(Refusal, match=r"backup\.damaged"):
            await restore(target, tmp_path / "wrong", replace=False)
        assert not (tmp_path / "target.db").exists(), name
    with pytest.raises(Refusal, match=r"backup\.gone"):
        await restore(target, tmp_path / "nowhere", replace=False)
    with pytest.raises(Refusal, match=r"backup\.unwritable"):
        await back_up(url, tmp_path / "no" / "folder", NOW)


async def test_a_file_that_is_no_database_any_more_is_replaced(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"
    await upgrade(url)
    before = rows_of(url)
    await back_up(url, tmp_path / "backup", NOW)
    (tmp_path / "planbot.db").write_bytes(b"garbage" * 1000)
    await restore(url, tmp_path / "backup", replace=True)
    opened = Store(url)
    await opened.open()
    await opened.close()
    assert rows_of(url) == before
