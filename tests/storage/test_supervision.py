"""Applications, rectifications, deputies, feeds and digests: each step once, stale ones refused, what is void found no more."""

from datetime import date, timedelta

from bot.export.feed import Told
from storage.digests import KIND, Every, Held
from storage.extensions import Decision
from storage.rectifications import Progress
from storage.standings import Standing, Target
from storage.store import Store, Transaction
from storage.values import State
from tests.storage.samples import LEASE, NOW, WEB, after, document, planned

MAY = date(2030, 5, 20)


async def standing(db: Transaction) -> tuple[int, int, int]:
    """A state, the person who said it, and its unit."""
    stored = (await db.plans.store_document(document(), NOW)).stored
    unit = (await db.units.add("甲校", "school")).id
    person = (await db.people.meet(WEB, "甲老師", "", NOW)).person.id
    return (await db.standings.set(Target(stored.plan, 1, "m1", unit), Standing.OPEN, person, NOW)).id, person, unit


async def test_an_application_is_decided_once_and_a_new_one_takes_the_place_of_an_open_one(store: Store) -> None:
    async with store.begin() as db:
        stand, person, _ = await standing(db)
        first = await db.extensions.ask(stand, MAY, "雨", person, NOW)
        second = await db.extensions.ask(stand, MAY + timedelta(days=1), "還在下雨", person, after(hours=1))
        assert await db.extensions.decide(first.id, True, person, "", after(hours=2)) is None
        granted = await db.extensions.decide(second.id, True, person, "好", after(hours=2))
        assert granted is not None
        assert (granted.state, granted.answer, granted.judge) == (Decision.GRANTED, "好", person)
        assert await db.extensions.decide(second.id, False, person, "", after(hours=3)) is None
        assert [one.id for one in await db.extensions.of(stand)] == [first.id, second.id]
        assert await db.extensions.waiting() == []


async def test_a_rectification_moves_on_only_from_what_was_seen(store: Store) -> None:
    async with store.begin() as db:
        stand, person, unit = await standing(db)
        kept = await db.rectifications.order(stand, "補記錄", MAY, person, NOW)
        assert await db.rectifications.see(kept.id, person, after(minutes=1))
        assert not await db.rectifications.see(kept.id, person, after(minutes=2))
        moved = await db.rectifications.move(kept.id, kept.revision, Progress.REPORTED, after(hours=1))
        assert moved is not None
        assert moved.seen_at == after(minutes=1)
        assert await db.rectifications.move(kept.id, kept.revision, Progress.ACCEPTED, after(hours=2)) is None
        newer = await db.rectifications.order(stand, "再補", MAY, person, after(hours=3))
        assert [one.state for one in await db.rectifications.of(stand)] == [Progress.DROPPED, Progress.SET]
        assert newer.id != kept.id
        await db.rectifications.set_deputy(unit, person)
        await db.rectifications.set_deputy(unit, person)
        assert await db.rectifications.deputy(unit) == person
        await db.rectifications.set_deputy(unit, None)
        assert await db.rectifications.deputy(unit) is None


async def test_a_feed_is_found_by_its_key_alone_and_keeps_what_it_said(store: Store) -> None:
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        first = await db.feeds.make(person, "mine", NOW)
        second = await db.feeds.make(person, "mine", after(days=1))
        other = await db.feeds.make(person, "following", NOW)
        assert await db.feeds.find(first) is None
        held = await db.feeds.find(second)
        assert held is not None
        told = {"u@planbot": Told("u@planbot", "d", 3, NOW, "〔4月內〕科技節", MAY, MAY, after(days=2))}
        await db.feeds.hold(held.id)
        await db.feeds.tell(held.id, told)
        assert await db.feeds.told(held.id) == told
        await db.feeds.tell(held.id, {})
        assert await db.feeds.told(held.id) == {}
        assert await db.feeds.revoke(person) == 2
        assert await db.feeds.find(other) is None


async def test_a_reminder_waits_for_the_digest_that_may_contain_it_and_is_told_by_the_one_that_was_sent(store: Store) -> None:
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        await db.digests.choose(person, Every.DAY, NOW)
        await db.digests.choose(person, Every.WEEK, NOW)
        assert await db.digests.every() == {person: Every.WEEK}
        rows = [planned("r", person=person), planned("late", person=person, not_before=after(days=9))]
        digest = planned("digest:1", kind=KIND, reference=str(person), person=person)
        await db.outbox.plan([*rows, digest], NOW)
        (waiting,) = await db.outbox.owed(person, "remind", after(days=7))
        assert waiting.planned.key == "r"
        assert (await db.digests.held({waiting.id: person}, NOW)).get(waiting.id) is Held.WAIT
        assert await db.digests.held({waiting.id: None}, NOW) == {}
        await db.digests.contain("digest:1", [waiting.id])
        await db.digests.contain("digest:1", [waiting.id])
        claimed = await db.outbox.claim(NOW, 10, LEASE, ["web"])
        assert {row.state for row in claimed} == {State.SENDING}
        assert (await db.digests.held({waiting.id: person}, NOW)).get(waiting.id) is Held.WAIT
        await db.connection.exec_driver_sql("UPDATE outbox SET state = 'sent' WHERE key = 'digest:1'")
        assert (await db.digests.held({waiting.id: person}, NOW)).get(waiting.id) is Held.TOLD
        await db.connection.exec_driver_sql("UPDATE outbox SET state = 'failed' WHERE key = 'digest:1'")
        assert await db.digests.held({waiting.id: person}, NOW) == {}
        await db.digests.choose(person, None, NOW)
        assert await db.digests.of(person) is None
