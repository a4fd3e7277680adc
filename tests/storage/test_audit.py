"""The audit is a chain: what is changed or taken away shows, on both databases, also with many writers at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from storage.audit import Verdict, link
from storage.migrate import migrate, upgrade
from storage.store import Store, Transaction
from tests.storage.samples import NOW, after
from tests.storage.test_migrations import plain_engine


async def unlock(db: Transaction) -> None:
    """What somebody who owns the database can do: take the triggers away."""
    if db.connection.dialect.name == "sqlite":
        for deed in ("update", "delete"):
            await db.connection.execute(text(f"DROP TRIGGER audit_no_{deed}"))
    else:
        await db.connection.execute(text("DROP TRIGGER audit_no_change ON audit"))


@pytest.fixture
async def written(store: Store) -> Store:
    async with store.begin() as db:
        for number in range(5):
            await db.audit.record(number or None, "release", f"plan {number}", after(minutes=number))
    return store


async def test_a_chain_that_nobody_touched_is_sound(written: Store) -> None:
    async with written.read() as db:
        verdict = await db.audit.verify()
        last = (await db.audit.recent(1))[0]
    assert (verdict.rows, verdict.sound) == (5, True)
    assert len(verdict.head) == 64
    assert (last.who, last.subject) == (4, "plan 4")


async def test_an_empty_chain_is_sound(store: Store) -> None:
    async with store.read() as db:
        assert await db.audit.verify() == Verdict(0)


@pytest.mark.parametrize(
    ("change", "broken", "short"),
    [
        ("UPDATE audit SET who = 9 WHERE id = 3", 3, False),
        ("UPDATE audit SET subject = 'plan 9' WHERE id = 1", 1, False),
        ("UPDATE audit SET at = '2030-03-04 05:06:08' WHERE id = 4", 4, False),
        ("UPDATE audit SET who = 1 WHERE id = 1", 1, False),
        ("DELETE FROM audit WHERE id = 1", 2, False),
        ("DELETE FROM audit WHERE id = 3", 4, False),
        ("DELETE FROM audit WHERE id = 5", None, True),
        ("DELETE FROM audit", None, True),
    ],
)
async def test_what_was_changed_or_taken_away_shows(written: Store, change: str, broken: int | None, short: bool) -> None:
    async with written.begin() as db:
        await unlock(db)
        await db.connection.execute(text(change))
    async with written.read() as db:
        verdict = await db.audit.verify()
    assert (verdict.broken, verdict.short, verdict.sound) == (broken, short, False)


async def test_many_writers_at_once_make_one_chain(store: Store) -> None:
    async def work(number: int) -> None:
        async with store.begin() as db:
            await db.audit.record(number, "first", "", NOW)
            await db.marks.set(f"mark {number % 3}", str(number))
            await db.audit.record(number, "second", "", NOW)

    await asyncio.gather(*(work(number) for number in range(24)))
    async with store.read() as db:
        assert (await db.audit.verify()) == Verdict(48, head=(await db.audit.verify()).head)
        deeds = [(entry.who, entry.action) for entry in await db.audit.recent(48)]
    assert all(first == (who, "first") for (who, _), first in zip(deeds[::2], deeds[1::2], strict=True))


async def test_nothing_is_recorded_of_what_was_undone(store: Store) -> None:
    async def fail() -> None:
        async with store.begin() as db:
            await db.audit.record(1, "release", "", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as db:
        assert (await db.audit.count(), await db.audit.recent(3)) == (0, [])


async def test_words_that_a_database_cannot_keep_do_not_break_the_chain(store: Store) -> None:
    async with store.begin() as db:
        await db.audit.record(1, "a\0b\ud800", "", NOW)
    async with store.read() as db:
        assert (await db.audit.verify()).sound


@pytest.mark.parametrize("words", ["校長名單", "topic 消防", "a\0b", "\ud800", "x@y", "①"])
async def test_what_people_write_or_are_called_is_not_recorded(store: Store, words: str) -> None:
    async with store.begin() as db:
        with pytest.raises(ValueError, match="by numbers"):
            await db.audit.record(1, "list keep", words, NOW)
    async with store.read() as db:
        assert await db.audit.count() == 0


async def test_rows_of_before_are_chained_by_the_migration(bare_url: str) -> None:
    engine = plain_engine(bare_url)
    with engine.begin() as connection:
        migrate(connection, "0010")
        for number in range(3):
            at = f"2030-03-04 05:06:07.89012{number}"
            values: dict[str, Any] = {"who": number or None, "subject": f"plan {number}", "at": at}
            zone = "" if connection.dialect.name == "sqlite" else "+00"
            connection.execute(
                text("INSERT INTO audit (who, action, subject, at) VALUES (:who, 'release', :subject, :at)"), values | {"at": at + zone}
            )
    engine.dispose()
    assert await upgrade(bare_url) is True
    store = Store(bare_url)
    await store.open()
    async with store.begin() as db:
        await db.audit.record(7, "retire", "plan 1", NOW)
    async with store.read() as db:
        verdict = await db.audit.verify()
        entries = await db.audit.recent(9)
    await store.close()
    assert (verdict.rows, verdict.sound) == (4, True)
    first = entries[-1]
    second = entries[-2]
    start = link("", first.who, first.action, first.subject, first.at)
    assert verdict.head == link(
        link(link(start, second.who, second.action, second.subject, second.at), 2, "release", "plan 2", entries[-3].at),
        7,
        "retire",
        "plan 1",
        NOW,
    )


async def test_the_chained_audit_is_still_only_added_to(bare_url: str) -> None:
    await upgrade(bare_url)
    engine = plain_engine(bare_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO audit (action, subject, at, chain) VALUES ('a', '', '2030-03-04 05:06:07', 'x')"))
    for change in ("UPDATE audit SET who = 2", "DELETE FROM audit"):
        with engine.connect() as connection, pytest.raises(Exception, match="only ever added to"):
            connection.execute(text(change))
    engine.dispose()
