"""Rows that the database makes by itself from a list of people are what planning one by one would write."""

from datetime import UTC, datetime, timedelta

from bot.chat import Address
from bot.limits import Lane
from storage import mailing
from storage.mailing import Mailing, Recipient, plan_mailing
from storage.store import Store, Transaction
from storage.values import OutboxRow, Planned

NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)
ODD = "12\0\"'\ud800中"


async def readers(db: Transaction, count: int) -> list[Recipient]:
    found = []
    for number in range(count):
        address = Address("invented", f"{ODD}{number}")
        person = (await db.people.meet(address, f"老師{number}", "zh-hant", NOW)).person
        found.append(Recipient(person.id, None, address if number != 1 else None))
    return found


def told(rows: list[OutboxRow]) -> list[tuple[object, ...]]:
    return [(row.planned, row.state, row.token, row.attempts, row.repeat, row.remotes, row.detail, row.lease_until) for row in rows]


async def test_it_writes_what_planning_row_by_row_writes(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    async with store.begin() as db:
        people = await readers(db, 3)
        spread = Mailing("notice", "7", Lane.NOTICE, later, later + timedelta(days=2), "notice:7", ":1", parts=2)
        assert await plan_mailing(db.connection, spread, people, NOW) == 4
        made = await db.outbox.rows("notice", "7")
        singly = [
            Planned(f"notice:8:{one.person}:1", "notice", "8", one.person, one.address, Lane.NOTICE, later, later + timedelta(days=2), part)
            for one in people
            if one.address is not None
            for part in (1, 2)
        ]
        await db.outbox.plan(singly, NOW)
        planned = await db.outbox.rows("notice", "8")
    assert [(row.planned.key, row.planned.part) for row in made] == [(row.key.replace("8", "7", 1), row.part) for row in singly]
    as_seven = [(row.planned.address, row.planned.expires, *rest) for row, (_, *rest) in zip(planned, told(planned), strict=True)]
    assert [(row.planned.address, row.planned.expires, *rest) for row, (_, *rest) in zip(made, told(made), strict=True)] == as_seven


async def test_more_than_one_statement_brings_and_twice_is_once(store: Store) -> None:
    spread = Mailing("notice", "7", Lane.NOTICE, NOW, None, "notice:7")
    async with store.begin() as db:
        people = await readers(db, 3)
        many = [one for one in people if one.address] * (mailing.CHUNK // 2 + 1)
        assert await plan_mailing(db.connection, spread, many, NOW) == 2
        assert await plan_mailing(db.connection, spread, people, NOW) == 0
        assert await plan_mailing(db.connection, spread, [], NOW) == 0
        assert len(await db.outbox.rows("notice", "7")) == 2
