"""Logins: one use, one person, an end by time and by hand, and nothing in the database that lets anybody in."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.chat import Address
from bot.limits import Lane
from bot.people import Rank
from storage.sessions import Session
from storage.store import Store, Transaction
from storage.values import Planned
from tests.storage.samples import NOW

IDLE, LONGEST = timedelta(days=7), timedelta(days=30)
PHONE = Address("telegram", "7")


def browser(name: str = "1") -> Address:
    return Address("web", f"s{name * 40}")


async def somebody(db: Transaction, chat: str = "7") -> int:
    person = (await db.people.meet(Address("telegram", chat), "", "", NOW)).person
    await db.people.set_rank(person.id, Rank.PRINCIPAL)
    return person.id


async def login(db: Transaction, person: int, at: Address, now: datetime = NOW) -> Session:
    token = await db.sessions.link(person, now, now + timedelta(minutes=10))
    assert await db.sessions.redeem(token, at, "Firefox · Windows", now, IDLE, LONGEST) == person
    session = await db.sessions.current(at, now)
    assert session is not None
    return session


async def test_a_link_logs_its_person_in_once_and_gives_the_browser_their_rank(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        token = await db.sessions.link(person, NOW, NOW + timedelta(minutes=10))
        assert await db.people.find(browser()) is None
        assert await db.sessions.redeem(token, browser(), "", NOW, IDLE, LONGEST) == person
        assert await db.sessions.redeem(token, browser("2"), "", NOW, IDLE, LONGEST) is None
        found = await db.people.find(browser())
        assert found is not None
        assert (found.id, found.rank) == (person, Rank.PRINCIPAL)
        assert await db.people.find(browser("2")) is None


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "\ud800", "%00", "' OR 1=1"])
async def test_a_guess_is_nothing(store: Store, token: str) -> None:
    async with store.begin() as db:
        await db.sessions.link(await somebody(db), NOW, NOW + timedelta(minutes=10))
        assert await db.sessions.redeem(token, browser(), "", NOW, IDLE, LONGEST) is None


async def test_a_link_is_dead_after_its_time_and_when_a_newer_one_is_asked_for(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        old = await db.sessions.link(person, NOW, NOW + timedelta(minutes=10))
        new = await db.sessions.link(person, NOW, NOW + timedelta(minutes=10))
        assert await db.sessions.redeem(old, browser(), "", NOW, IDLE, LONGEST) is None
        assert await db.sessions.redeem(new, browser(), "", NOW + timedelta(minutes=10), IDLE, LONGEST) is None


async def test_of_two_browsers_at_once_one_gets_in(store: Store) -> None:
    async with store.begin() as db:
        token = await db.sessions.link(await somebody(db), NOW, NOW + timedelta(minutes=10))

    async def one(name: str) -> int | None:
        async with store.begin() as db:
            return await db.sessions.redeem(token, browser(name), "", NOW, IDLE, LONGEST)

    got = await asyncio.gather(*(one(name) for name in "abcd"))
    assert sum(person is not None for person in got) == 1


async def test_a_login_ends_when_it_is_not_used_and_in_the_end_in_any_case(store: Store) -> None:
    async with store.begin() as db:
        session = await login(db, await somebody(db), browser())
        assert await db.sessions.current(browser(), NOW + IDLE - timedelta(seconds=1)) is not None
        assert await db.sessions.current(browser(), NOW + IDLE) is None
        now = NOW
        while now < NOW + LONGEST:
            assert await db.sessions.current(browser(), now) is not None
            await db.sessions.note(session, now, IDLE)
            now += IDLE - timedelta(hours=1)
        assert await db.sessions.current(browser(), NOW + LONGEST) is None
        assert await db.sessions.end_over(NOW + LONGEST) == 1
        assert await db.people.find(browser()) is None


async def test_who_is_logged_out_is_nobody_there_and_what_waits_goes_to_the_phone(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        session = await login(db, person, browser())
        await db.subscriptions.follow(person, "event", "e1", browser(), NOW)
        await db.outbox.plan([Planned("k", "remind", "e1", person, browser(), Lane.REMINDER, NOW)], NOW)
        stranger = await somebody(db, "8")
        assert not await db.sessions.end(stranger, session.id)
        assert await db.sessions.end(person, session.id)
        assert not await db.sessions.end(person, session.id)
        assert await db.sessions.current(browser(), NOW) is None
        assert await db.people.find(browser()) is None
        assert [row.address for row in await db.subscriptions.of(person)] == [PHONE]
        assert [row.planned.address for row in await db.outbox.rows("remind", "e1")] == [PHONE]


async def test_an_address_that_is_taken_from_its_person_is_no_login_any_more(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        await login(db, person, browser())
        assert await db.addresses.drop(person, browser(), NOW)
        assert await db.sessions.current(browser(), NOW) is None


async def test_a_leaver_is_logged_out_everywhere_and_nothing_is_left_of_who_is_forgotten(store: Store) -> None:
    async with store.begin() as db:
        number = await somebody(db)
        for name in "12":
            await login(db, number, browser(name))
        await db.sessions.link(number, NOW, NOW + timedelta(minutes=10))
        person = await db.people.get(number)
        assert person is not None
        await db.membership.end(person, NOW)
        assert await db.sessions.of(number, NOW) == []
        await login(db, number, browser("3"))
        await db.membership.forget(person, NOW)
        left = [(await db.connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() for table in ("logins", "web_sessions")]
        assert left == [0, 0]


async def test_no_token_is_in_the_database(store: Store) -> None:
    async with store.begin() as db:
        token = await db.sessions.link(await somebody(db), NOW, NOW + timedelta(minutes=10))
        kept = str((await db.connection.execute(text("SELECT * FROM logins"))).all())
        assert len(token) >= 22
        assert token not in kept
