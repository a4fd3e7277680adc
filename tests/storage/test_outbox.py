"""The ledger: planned once, claimed by one, settled with proof, and never in doubt about what is in doubt."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.chat import Address, Outcome, Receipt
from bot.limits import Lane
from storage.store import Store, Transaction
from storage.values import OutboxRow, Settlement, State
from tests.storage.samples import LEASE, NOW, WEB, after, planned

PHONE = Address("telegram", "100")
BOTH = ("web", "telegram")


async def claim(db: Transaction, limit: int = 99, now: datetime = NOW) -> list[OutboxRow]:
    return await db.outbox.claim(now, limit, LEASE, BOTH)


def ended(row: OutboxRow, outcome: Outcome = Outcome.SENT, *remotes: str, retry_at: datetime | None = None) -> Settlement:
    return Settlement(row.id, row.token, Receipt(outcome, remotes, detail=outcome.value), retry_at)


def keys(rows: Sequence[OutboxRow]) -> list[str]:
    return [f"{row.planned.key}{row.planned.part}" for row in rows]


async def states(db: Transaction) -> list[str]:
    return [row.state.value for row in await db.outbox.rows("remind", "e1")]


async def test_planning_twice_is_harmless_and_a_row_comes_back_as_planned(store: Store) -> None:
    rows = [planned("a", address=PHONE, lane=Lane.NOTICE, expires=after(days=1)), planned("a", 2), planned("b")]
    async with store.begin() as db:
        assert await db.outbox.plan([], NOW) == 0
        assert await db.outbox.plan(rows[:2], NOW) == 2
        assert await db.outbox.plan(reversed(rows), NOW) == 1
        assert await db.outbox.plan([planned("a", address=WEB, not_before=after(days=9))], NOW) == 0
        kept = await db.outbox.rows("remind", "e1")
    assert [row.planned for row in kept] == rows
    assert kept[0] == OutboxRow(kept[0].id, rows[0], State.QUEUED, "", 0, False, (), "", None, None)


async def test_ten_thousand_rows_are_planned_in_one_call(store: Store) -> None:
    rows = [planned(f"k{number:05}", reference=f"r{number % 100}") for number in range(10_000)]
    async with store.begin() as db:
        assert await db.outbox.plan(rows, NOW) == 10_000
    async with store.begin() as db:
        assert await db.outbox.plan(rows, NOW) == 0
        assert (await db.outbox.backlog(NOW)).states["queued"] == 10_000
        assert len(await claim(db, 1200)) == 1200


async def test_claims_come_by_lane_then_time_then_id(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan(
            [
                planned("c", not_before=after(seconds=-1)),
                planned("d"),
                planned("e"),
                planned("a", lane=Lane.ANSWER),
                planned("z", lane=Lane.NOTICE, not_before=after(days=-3)),
                planned("later", not_before=after(seconds=1)),
                planned("over", expires=NOW),
                planned("foreign", address=Address("wecom", "1")),
            ],
            NOW,
        )
        assert keys(await claim(db, 0)) == []
        assert keys(await claim(db, 3)) == ["a1", "c1", "d1"]
        assert keys(await claim(db)) == ["e1", "z1"]
        assert keys(await db.outbox.claim(NOW, 9, LEASE, ["wecom"])) == ["foreign1"]
        assert keys(await db.outbox.claim(NOW, 9, LEASE, [])) == []


async def test_a_claim_is_a_token_and_a_lease(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned("a"), planned("b")], NOW)
        (first,) = await claim(db, 1)
        (second,) = await claim(db, 1)
        assert await db.outbox.get(first.id) == first
    assert (first.state, first.attempts, first.lease_until) == (State.SENDING, 1, NOW + LEASE)
    assert len(first.token) == 32
    assert first.token != second.token


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SENT, State.SENT),
        (Outcome.FAILED, State.FAILED),
        (Outcome.GONE, State.GONE),
        (Outcome.UNCERTAIN, State.UNCERTAIN),
    ],
)
async def test_an_end_is_entered_once(store: Store, outcome: Outcome, state: State) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned()], NOW)
        (row,) = await claim(db)
        assert await db.outbox.settle([ended(row, outcome, "7", "8")], after(seconds=2)) == 1
        assert await db.outbox.settle([ended(row, Outcome.LATER)], after(seconds=3)) == 0
        kept = await db.outbox.get(row.id)
        assert kept is not None
    assert (kept.state, kept.token, kept.remotes, kept.detail) == (state, "", ("7", "8"), outcome.value)
    assert (kept.lease_until, kept.settled_at) == (None, after(seconds=2))


async def test_what_was_proven_not_sent_waits_for_its_time(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned()], NOW)
        (row,) = await claim(db)
        assert await db.outbox.settle([ended(row, Outcome.LATER, retry_at=after(seconds=9))], NOW) == 1
        assert await claim(db, now=after(seconds=8)) == []
        (again,) = await claim(db, now=after(seconds=9))
    assert (again.attempts, again.repeat, again.planned.not_before) == (2, False, after(seconds=9))
    assert again.token not in ("", row.token)


async def test_many_ends_are_counted_without_the_refused_ones(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned(f"k{number}") for number in range(32)], NOW)
        rows = await claim(db)
        forged = [Settlement(row.id, "0" * 32, Receipt(Outcome.SENT)) for row in rows[:4]]
        mixed = [ended(row, Outcome.LATER if row.id % 2 else Outcome.SENT) for row in rows[4:]]
        assert await db.outbox.settle([*forged, *mixed], NOW) == 28
        assert (await db.outbox.backlog(NOW)).states["sending"] == 4


async def test_a_late_end_of_a_lost_claim_is_refused(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned()], NOW)
        (lost,) = await claim(db)
        assert await db.outbox.recover(after(seconds=59)) == []
        (doubted,) = await db.outbox.recover(after(seconds=60))
        assert (doubted.id, doubted.state, doubted.lease_until) == (lost.id, State.UNCERTAIN, None)
        assert await db.outbox.settle([ended(lost)], after(seconds=61)) == 0
        assert await db.outbox.resend(lost.id, after(seconds=62))
        assert await db.outbox.settle([ended(lost)], after(seconds=63)) == 0
        (taken,) = await claim(db, now=after(seconds=64))
        assert await db.outbox.settle([ended(lost)], after(seconds=65)) == 0
        assert await db.outbox.cancel_claimed([(lost.id, lost.token, "late")], after(seconds=65)) == 0
        assert await db.outbox.settle([ended(taken)], after(seconds=66)) == 1


async def test_a_resend_is_marked_as_a_repeat_and_only_doubt_is_resent(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned()], NOW)
        (row,) = await claim(db)
        assert not await db.outbox.resend(row.id, NOW)
        await db.outbox.settle([ended(row, Outcome.UNCERTAIN)], NOW)
        assert await db.outbox.resend(row.id, after(seconds=5))
        assert not await db.outbox.settle_uncertain(row.id, NOW)
        (again,) = await claim(db, now=after(seconds=5))
        assert (again.repeat, again.attempts) == (True, 2)
        await db.outbox.settle([ended(again, Outcome.UNCERTAIN)], NOW)
        assert await db.outbox.settle_uncertain(row.id, NOW)
        assert await states(db) == ["settled"]


async def test_a_part_waits_for_the_part_before_it(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned("a", 2), planned("a", 1), planned("a", 3), planned("b", 1)], NOW)
        first, other = await claim(db)
        assert keys([first, other]) == ["a1", "b1"]
        assert await claim(db) == []
        await db.outbox.settle([ended(first, Outcome.UNCERTAIN), ended(other)], NOW)
        assert await claim(db) == []
        assert await db.outbox.next_due(NOW) is None
        await db.outbox.settle_uncertain(first.id, NOW)
        (second,) = await claim(db)
        await db.outbox.settle([ended(second)], NOW)
        assert keys(await claim(db)) == ["a3"]


@pytest.mark.parametrize("loss", ["failed", "gone", "cancelled", "missed"])
async def test_the_parts_after_a_lost_one_are_not_sent(store: Store, loss: str) -> None:
    expires = after(minutes=1) if loss == "missed" else None
    async with store.begin() as db:
        await db.outbox.plan([planned("a", 1, expires=expires), planned("a", 2), planned("a", 3), planned("b", 2)], NOW)
        if loss == "missed":
            await db.outbox.overdue(after(minutes=1))
        else:
            (row,) = await claim(db)
            if loss == "cancelled":
                assert await db.outbox.cancel_claimed([(row.id, row.token, "unfollowed")], NOW) == 1
            else:
                await db.outbox.settle([ended(row, Outcome(loss))], NOW)
        assert await states(db) == [loss, "cancelled", "cancelled", "queued"]


async def test_a_cancelled_claim_keeps_its_reason(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned()], NOW)
        (row,) = await claim(db)
        assert await db.outbox.cancel_claimed([(row.id, "forged", "x")], NOW) == 0
        assert await db.outbox.cancel_claimed([(row.id, row.token, "retired")], NOW) == 1
        kept = await db.outbox.get(row.id)
        assert kept is not None
        assert (kept.state, kept.detail, kept.settled_at, kept.token) == (State.CANCELLED, "retired", NOW, "")
        assert await db.outbox.plan([planned()], NOW) == 0


async def test_what_is_withdrawn_is_planned_anew_at_its_new_time(store: Store) -> None:
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        rows = [planned("a", person=person), planned("b"), planned("c", reference="e2"), planned("d", not_before=after(days=-1))]
        await db.outbox.plan(rows, NOW)
        (sending,) = await claim(db, 1)
        assert await db.outbox.cancel("remind", "e1", person) == 1
        assert await db.outbox.cancel("remind", "e1") == 1
        assert await db.outbox.cancel("remind", "e1") == 0
        assert await claim(db, now=after(days=-1)) == []
        moved = [planned(key, person=person, address=PHONE, not_before=after(days=1)) for key in "abd"]
        assert await db.outbox.plan(moved, NOW) == 2
        again = await claim(db, now=after(days=1))
    assert keys([sending]) == ["d1"]
    assert [row.planned for row in again if row.planned.reference == "e1"] == moved[:2]


async def test_what_is_too_late_by_its_own_rule_is_missed(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned("a", expires=after(hours=1)), planned("b", expires=after(hours=2)), planned("c")], NOW)
        (row,) = await claim(db, 1)
        assert await db.outbox.overdue(after(minutes=59)) == []
        assert await db.outbox.overdue(after(hours=1)) == []
        (missed,) = await db.outbox.overdue(after(hours=2))
        assert (missed.planned.key, missed.state, missed.settled_at) == ("b", State.MISSED, after(hours=2))
        assert await states(db) == ["sending", "missed", "queued"]
        assert row.planned.key == "a"


async def test_a_press_proves_delivery(store: Store) -> None:
    async with store.begin() as db:
        await db.outbox.plan([planned("a"), planned("b"), planned("c"), planned("d")], NOW)
        cut, silent, sending = await claim(db, 3)
        await db.outbox.settle([ended(cut, Outcome.UNCERTAIN, "51"), ended(silent, Outcome.UNCERTAIN)], NOW)
        assert not await db.outbox.prove(PHONE, "51", NOW)
        assert not await db.outbox.prove(WEB, "52", NOW)
        assert not await db.outbox.prove(WEB, "53", NOW, key="d")
        assert await db.outbox.prove(WEB, "51", after(seconds=3))
        assert await db.outbox.resend(silent.id, NOW)
        assert await db.outbox.prove(WEB, "52", after(seconds=3), key="b")
        assert await db.outbox.prove(WEB, "53", after(seconds=3), key="c")
        assert await db.outbox.settle([ended(sending, Outcome.UNCERTAIN)], NOW) == 0
        rows = await db.outbox.rows("remind", "e1")
    assert [(row.state.value, row.remotes) for row in rows] == [
        ("sent", ("51",)),
        ("sent", ("52",)),
        ("sent", ("53",)),
        ("queued", ()),
    ]
    assert rows[0].settled_at == after(seconds=3)


async def test_the_clock_is_told_what_comes_next(store: Store) -> None:
    async with store.begin() as db:
        assert await db.outbox.next_due(NOW) is None
        await db.outbox.plan([planned("far", not_before=after(days=2), lane=Lane.ANSWER)], NOW)
        await db.outbox.plan([planned("near", not_before=after(days=1), lane=Lane.NOTICE)], NOW)
        await db.outbox.plan([planned("phone", not_before=after(hours=1), address=PHONE)], NOW)
        assert await db.outbox.next_due(NOW) == after(hours=1)
        assert await db.outbox.next_due(NOW, ["web"]) == after(days=1)
        assert await db.outbox.next_due(NOW, []) is None
        await claim(db, now=after(hours=1))
        assert await db.outbox.next_due(NOW) == after(hours=1) + LEASE


async def test_the_ledger_in_numbers(store: Store) -> None:
    async with store.begin() as db:
        empty = await db.outbox.backlog(NOW)
        assert set(empty.states) == {state.value for state in State}
        assert (sum(empty.states.values()), empty.oldest_queued_s, empty.uncertain) == (0, 0, ())
        await db.outbox.plan([planned("a"), planned("b", not_before=after(seconds=10)), planned("c", not_before=after(days=1))], NOW)
        (row,) = await claim(db)
        await db.outbox.settle([ended(row, Outcome.UNCERTAIN)], NOW)
        backlog = await db.outbox.backlog(after(seconds=75))
    assert (backlog.states["queued"], backlog.states["uncertain"], backlog.oldest_queued_s) == (2, 1, 65)
    assert [row.planned.key for row in backlog.uncertain] == ["a"]


async def test_unknown_rows_are_none(store: Store) -> None:
    async with store.begin() as db:
        assert await db.outbox.get(1) is None
        assert not await db.outbox.resend(1, NOW)
        assert await db.outbox.rows("remind", "nothing") == []
