"""Notices: confirmed once, undone only before anything left, held, ended, repeated; and what became of each person."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.chat import Address, Outcome, Receipt
from bot.errors import Refusal
from bot.notice.asks import Ask, Wanted
from bot.people import Unit
from storage.mailing import Recipient
from storage.store import Store, Transaction
from storage.values import Notice, NoticeState, Settlement, State
from tests.storage.samples import LEASE, NOW, after

READ = Wanted(Ask.READ)


async def crowd(db: Transaction, count: int) -> list[Recipient]:
    """So many people of two schools, all with an address but the last."""
    await db.units.replace([Unit(0, "第一小學", "school"), Unit(0, "第二小學", "school")], NOW)
    first, second = (unit.id for unit in await db.units.every())
    people = []
    for number in range(count):
        address = Address("web", f"p{number}")
        person = (await db.people.meet(address, "", "", NOW)).person.id
        people.append(Recipient(person, first if number % 2 else second, address if number + 1 < count else None))
    return people


async def confirmed(db: Transaction, people: list[Recipient], wanted: Wanted = READ) -> Notice:
    notice = await db.notices.draft(None, "明日停課一天。", NOW)
    notice = await db.notices.change(notice, selection="staff", wanted=wanted)
    return await db.notices.confirm(notice, people, after(seconds=30), NOW)


async def send(db: Transaction, *outcomes: Outcome) -> None:
    rows = await db.outbox.claim(after(minutes=1), len(outcomes), LEASE, ("web",))
    ends = [Settlement(row.id, row.token, Receipt(how, (f"r{row.id}",), detail=how)) for row, how in zip(rows, outcomes, strict=True)]
    await db.outbox.settle(ends, after(minutes=1))


async def standing(db: Transaction, notice: Notice) -> Counter[str]:
    return Counter(str(row.state.value if row.state else "unreachable") for row in await db.notices.people(notice.id))


async def test_what_became_of_each_person_is_told_and_adds_up(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 7)
        notice = await confirmed(db, people)
        await send(db, Outcome.SENT, Outcome.SENT, Outcome.FAILED, Outcome.GONE, Outcome.UNCERTAIN)
        assert await db.notices.answer(notice, people[0].person, "read", after(minutes=2))
    async with store.read() as db:
        told = await db.notices.people(notice.id)
        counts = await db.notices.counts(notice.id)
    states = [row.state for row in told]
    assert states == [State.SENT, State.SENT, State.FAILED, State.GONE, State.UNCERTAIN, State.QUEUED, None]
    assert [row.answer for row in told] == ["read", *[None] * 6]
    assert told[2].detail == "failed"
    assert sum(row.count for row in counts) == len(people)
    assert sum(row.count for row in counts if row.answered) == 1
    assert {row.unit for row in counts} == {people[0].unit, people[1].unit}


async def test_confirmed_twice_it_is_sent_once(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 4)
        draft = await db.notices.change(await db.notices.draft(None, "通知", NOW), selection="staff")
    results = await asyncio.gather(*(_confirm(store, draft, people) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, Refusal) and result.key == "notice.stale" for result in results) == 3
    async with store.read() as db:
        assert len(await db.outbox.rows("notice", str(draft.id))) == 3


async def _confirm(store: Store, draft: Notice, people: list[Recipient]) -> Notice:
    async with store.begin() as db:
        return await db.notices.confirm(draft, people, NOW, NOW)


async def test_undo_takes_everything_back_before_anything_left_and_nothing_after(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 4)
        notice = await confirmed(db, people)
        draft = await db.notices.undo(notice, NOW)
        assert draft.state is NoticeState.DRAFT
        assert await db.outbox.rows("notice", str(notice.id)) == []
        assert await db.notices.people(notice.id) == []
        notice = await db.notices.confirm(draft, people, NOW, NOW)
        await send(db, Outcome.SENT)
    with pytest.raises(Refusal, match=r"notice\.under_way"):
        async with store.begin() as db:
            await db.notices.undo(notice, NOW)
    async with store.read() as db:
        assert await standing(db, notice) == {"sent": 1, "queued": 2, "unreachable": 1}
        assert (await db.notices.get(notice.id)) == notice


async def test_a_held_notice_waits_and_goes_on_and_a_stopped_one_ends(store: Store) -> None:
    async with store.begin() as db:
        notice = await confirmed(db, await crowd(db, 6))
        await send(db, Outcome.SENT)
        notice, held = await db.notices.pause(notice)
        assert held == 4
        assert await db.outbox.claim(after(days=1), 9, LEASE, ("web",)) == []
        notice, back = await db.notices.resume(notice)
        assert back == 4
        await send(db, Outcome.SENT)
        notice, ended = await db.notices.stop(notice, after(minutes=3))
        assert ended == 3
        assert await db.outbox.claim(after(days=1), 9, LEASE, ("web",)) == []
        assert await standing(db, notice) == {"sent": 2, "cancelled": 3, "unreachable": 1}
        with pytest.raises(Refusal, match=r"notice\.stale"):
            await db.notices.resume(notice)


async def test_a_draft_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    async with store.begin() as db:
        draft = await db.notices.draft(None, "甲", NOW)
        changed = await db.notices.change(draft, text="乙")
        with pytest.raises(Refusal, match=r"notice\.stale"):
            await db.notices.change(draft, text="丙")
        with pytest.raises(Refusal, match=r"notice\.stale"):
            await db.notices.discard(draft)
        assert await db.notices.get(draft.id) == changed
        await db.notices.discard(changed)
        assert await db.notices.get(draft.id) is None


async def test_a_second_round_goes_to_those_named_and_not_too_soon(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 4)
        notice = await confirmed(db, people)
        await send(db, Outcome.SENT, Outcome.SENT, Outcome.SENT)
        await db.notices.answer(notice, people[0].person, "read", NOW)
        with pytest.raises(Refusal, match=r"notice\.too_soon"):
            await db.notices.again(notice, people[1:], timedelta(minutes=5), after(minutes=4))
        notice, rows = await db.notices.again(notice, people[1:], timedelta(minutes=5), after(minutes=5))
        assert rows == 2
        assert notice.rounds == 1
        # Who had it already still counts as having it while the second one waits.
        assert await standing(db, notice) == {"sent": 3, "unreachable": 1}


async def test_a_survey_counts_choices_and_forgets_who_made_them(store: Store) -> None:
    wanted = Wanted(Ask.SURVEY, ("滿意", "不滿意"))
    async with store.begin() as db:
        people = await crowd(db, 4)
        notice = await confirmed(db, people, wanted)
        assert await db.notices.answer(notice, people[0].person, "1", NOW)
        assert await db.notices.answer(notice, people[2].person, "1", NOW)
        assert not await db.notices.answer(notice, 9999, "1", NOW)
    with pytest.raises(Refusal, match=r"notice\.voted"):
        async with store.begin() as db:
            await db.notices.answer(notice, people[0].person, "0", NOW)
    async with store.read() as db:
        assert await db.notices.votes(notice.id) == {(people[0].unit, "1"): 2}
        assert {row.answer for row in await db.notices.people(notice.id)} == {"", None}


async def test_a_choice_can_be_changed_and_counts_once(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 3)
        notice = await confirmed(db, people, Wanted(Ask.CHOICE, ("來", "不來")))
        await db.notices.answer(notice, people[0].person, "0", NOW)
        await db.notices.answer(notice, people[0].person, "1", after(minutes=1))
        told = await db.notices.people(notice.id)
    assert [row.answer for row in told] == ["1", None, None]
    assert told[0].answered_at == after(minutes=1)
