"""The small aggregates: subscriptions, questions, audit, conversations, marks; and the column types under all of them."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.chat import Address
from storage.audit import Entry
from storage.store import Store
from storage.values import Subject
from tests.storage.samples import NOW, WEB, after


async def test_following_twice_is_one_wish_at_the_newest_address(store: Store) -> None:
    phone = Address("telegram", "100")
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        other = (await db.people.meet(phone, "", "", NOW)).person.id
        first, new = await db.subscriptions.follow(person, "event", "e1", WEB, NOW)
        second, again = await db.subscriptions.follow(person, "event", "e1", phone, after(days=1))
        third, _ = await db.subscriptions.follow(other, "event", "e1", phone, NOW)
        fourth, _ = await db.subscriptions.follow(other, "topic", "e1", phone, NOW)
        assert (new, again, second.id, second.address, second.created) == (True, False, first.id, phone, NOW)
        assert await db.subscriptions.of(other) == [third, fourth]
        assert await db.subscriptions.all_of("event") == [second, third]
        assert await db.subscriptions.to("event", "e1") == [second, third]
        assert await db.subscriptions.unfollow(person, "event", "e1")
        assert not await db.subscriptions.unfollow(person, "event", "e1")
        assert await db.subscriptions.to("event", "e1") == [third]


async def test_questions_are_kept_newest_first(store: Store) -> None:
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        await db.questions.record(None, "terminal", "何時開學?", "when", "unknown", (), (), NOW)
        key = await db.questions.record(person, "web", "誰負責?", "who", "answered", ("m1", "m2"), ((1, 2), (3, 1)), NOW)
        newest, oldest = await db.questions.recent(5)
        assert len(await db.questions.recent(1)) == 1
    assert (newest.id, newest.person, newest.channel, newest.question) == (key, person, "web", "誰負責?")
    assert (newest.kind, newest.status, newest.measures, newest.plans) == ("who", "answered", ("m1", "m2"), ((1, 2), (3, 1)))
    assert (oldest.person, oldest.measures, oldest.at) == (None, (), NOW)


async def test_text_that_a_database_would_refuse_is_kept_readable(store: Store) -> None:
    async with store.begin() as db:
        await db.questions.record(None, "web", "a\0b\ud800c", "chat", "unknown", (), (), NOW)
        assert (await db.questions.recent(1))[0].question == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 2", "DELETE FROM audit"])
async def test_the_audit_is_only_added_to(store: Store, change: str) -> None:
    async with store.begin() as db:
        await db.audit.record(1, "release", "plan:1", NOW)
        await db.audit.record(None, "backup", "", after(days=1))
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with store.begin() as db:
            await db.connection.execute(text(change))
    async with store.read() as db:
        assert await db.audit.recent(9) == [Entry(2, None, "backup", "", after(days=1)), Entry(1, 1, "release", "plan:1", NOW)]
        assert len(await db.audit.recent(1)) == 1


async def test_a_conversation_in_a_group_belongs_to_its_asker(store: Store) -> None:
    group = Address("telegram", "-5")
    async with store.begin() as db:
        await db.conversations.remember(group, "1", Subject("舊", (), NOW))
        await db.conversations.remember(group, "1", Subject("新", ("m1",), after(minutes=1)))
        await db.conversations.remember(group, "2", Subject("另", (), NOW))
        assert await db.conversations.recall(group, "1") == Subject("新", ("m1",), after(minutes=1))
        await db.conversations.forget(group, "1")
        assert await db.conversations.recall(group, "1") is None
        assert await db.conversations.recall(group, "2") == Subject("另", (), NOW)


async def test_marks_hold_the_last_value(store: Store) -> None:
    async with store.begin() as db:
        assert await db.marks.get("offset") is None
        await db.marks.set("offset", "1")
        await db.marks.set("offset", "2")
        assert await db.marks.get("offset") == "2"


async def test_a_delivery_is_new_once_and_forgotten_after_days(store: Store) -> None:
    async def first() -> bool:
        async with store.begin() as db:
            return await db.marks.first("telegram", "77", NOW)

    assert sum(await asyncio.gather(*(first() for _ in range(6)))) == 1
    async with store.begin() as db:
        assert await db.marks.first("web", "77", NOW)
        assert await db.marks.first("web", "", NOW)
        assert await db.marks.first("web", "", NOW)
        assert await db.marks.first("telegram", "78", after(days=4))
        assert await db.marks.first("telegram", "77", after(days=4))


async def test_times_keep_their_moment_and_naive_ones_are_refused(store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    local = datetime(2030, 3, 4, 7, 30, tzinfo=shanghai)
    async with store.begin() as db:
        await db.audit.record(1, "a", "", local)
        at = (await db.audit.recent(1))[0].at
        assert at == local
        assert at.tzinfo is UTC
        with pytest.raises(ValueError, match="without a zone"):
            await db.audit.record(1, "a", "", datetime(2030, 3, 4, 7, 30))
