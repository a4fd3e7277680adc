"""Corrections in the database: kept, replaced, undone, refused on a stale view, and what became of a superseded sentence."""

from dataclasses import replace

import pytest

from bot.chat import Address
from bot.errors import Refusal
from bot.plan.mend import Field, Spot, Value, spot_of
from bot.plan.model import Basis, Owner
from storage.store import Store
from storage.values import StoredPlan
from tests.storage.samples import NOW, after, document

OFFICE = Value(owners=(Owner("語委辦"),))


async def imported(store: Store, text: str = "各校於5月舉行朗讀比賽。", release: bool = False) -> StoredPlan:
    async with store.begin() as db:
        stored = (await db.plans.store_document(document(text), NOW)).stored
        return await db.plans.release(stored.plan, NOW, stored.version) if release else stored


async def keep(store: Store, stored: StoredPlan, seen: int = 0, value: Value = OFFICE, person: int | None = None) -> int:
    spot = spot_of(stored.document, stored.document.measures[0])
    async with store.begin() as db:
        return await db.mends.keep(stored.plan, stored.version, Field.OWNERS, spot, value, seen, person, NOW)


async def owners(store: Store, plan: int, version: int | None = None) -> list[str]:
    async with store.read() as db:
        return [owner.name for owner in (await db.plans.get(plan, version)).document.measures[0].owners]


async def test_a_mend_is_in_every_reading_of_the_plan_from_its_version_on(store: Store) -> None:
    stored = await imported(store)
    made = await keep(store, stored)
    async with store.begin() as db:
        person = (await db.people.meet(Address("web", "a"), "", "", NOW)).person
        found = await db.plans.get(stored.plan)
        assert (found.stand, [mend.id for mend in found.mends], found.gone) == (made, [made], ())
        assert found.document.measures[0].owners[0].basis is Basis.MENDED
        await db.plans.release(stored.plan, NOW)
        assert (await db.plans.released())[0].document == found.document
        assert (await db.plans.store_document(document(), NOW)).outcome == "same"
        again = await db.plans.store_document(replace(document(), digest="other"), NOW)
        assert again.stored.document.measures[0].owners[0].name == "語委辦"
    value = Value(owners=(Owner("教研室"),))
    await keep(store, again.stored, made, value, person.id)
    assert await owners(store, stored.plan, 1) == ["語委辦"]
    assert await owners(store, stored.plan, 2) == ["教研室"]
    async with store.read() as db:
        last = (await db.mends.of(stored.plan))[-1]
        assert (last.person, last.at, last.since) == (person.id, NOW, 2)


async def test_a_mend_whose_sentence_is_gone_is_named(store: Store) -> None:
    stored = await imported(store)
    await keep(store, stored)
    changed = await imported(store, "各校於6月舉行寫字比賽。")
    assert (changed.plan, changed.version) == (stored.plan, 2)
    assert (changed.mends, [mend.spot.words for mend in changed.gone]) == ((), ["各校於5月舉行朗讀比賽。"])


async def test_of_two_who_look_at_the_same_the_second_is_told(store: Store) -> None:
    stored = await imported(store)
    made = await keep(store, stored)
    with pytest.raises(Refusal, match=r"mend\.stale"):
        await keep(store, stored, seen=0)
    other = spot_of(stored.document, stored.document.measures[1])
    async with store.begin() as db:
        await db.mends.keep(stored.plan, 1, Field.DROP, other, Value(), 0, None, NOW)
    assert await keep(store, stored, seen=made) > made


async def test_undoing_brings_back_what_was_read_and_is_done_once(store: Store) -> None:
    stored = await imported(store)
    made = await keep(store, stored)
    async with store.begin() as db:
        assert (await db.mends.undo(stored.plan, 1, made, None, NOW)).id == made
        with pytest.raises(Refusal, match=r"mend\.undone"):
            await db.mends.undo(stored.plan, 1, made, None, NOW)
    assert await owners(store, stored.plan) == ["各校", "教研室"]
    with pytest.raises(Refusal, match=r"mend\.stale"):
        await keep(store, stored, seen=made)


async def test_what_is_over_takes_no_mends(store: Store) -> None:
    stored = await imported(store, release=True)
    await imported(store, "各校於6月舉行寫字比賽。", release=True)
    with pytest.raises(Refusal, match=r"mend\.closed\(version=1\)"):
        await keep(store, stored)
    async with store.begin() as db:
        with pytest.raises(Refusal, match=r"plan\.unknown"):
            await db.mends.keep(9, 1, Field.TITLE, Spot(), Value(text="x"), 0, None, NOW)


async def test_answers_change_with_a_mend_of_the_version_in_use_and_not_with_one_of_a_draft(store: Store) -> None:
    async def revision() -> int:
        async with store.read() as db:
            return await db.plans.revision()

    stored = await imported(store)
    before = await revision()
    made = await keep(store, stored)
    assert await revision() == before
    async with store.begin() as db:
        await db.plans.release(stored.plan, NOW)
    before = await revision()
    made = await keep(store, stored, made)
    assert await revision() == before + 1
    async with store.begin() as db:
        await db.mends.undo(stored.plan, 1, made, None, NOW)
    assert await revision() == before + 2


async def test_a_superseded_sentence_knows_until_when_it_stood_and_what_took_its_place(store: Store) -> None:
    old = await imported(store, "各校於5月舉行朗讀比賽。", release=True)
    async with store.begin() as db:
        newer = document("各校於6月上旬舉行朗讀比賽。")
        first, second = newer.plans[0].measures
        measures = (replace(first, id="n1"), second)
        plan = replace(newer.plans[0], measures=measures)
        made = await db.plans.store_document(replace(newer, plans=(plan,)), after(days=1))
        assert await db.plans.former("m1") is None
        await db.plans.release(made.stored.plan, after(days=2))
    async with store.read() as db:
        former = await db.plans.former("m1")
        by_event = await db.plans.former("e1")
        assert await db.plans.former("%") is None
        assert await db.plans.former("zz") is None
    assert former is not None
    assert (former.stored.version, former.stored.ended_at, former.measure.text) == (1, after(days=2), "各校於5月舉行朗讀比賽。")
    assert former.current is not None
    assert (former.current.version, former.successor) == (2, measures[0])
    assert by_event is not None
    assert by_event.measure.id == "m1"
    async with store.begin() as db:
        await db.plans.retire(old.plan, after(days=3))
        gone = await db.plans.former("n1")
    assert gone is not None
    assert (gone.stored.version, gone.stored.ended_at, gone.current, gone.successor) == (2, after(days=3), None, None)


async def test_a_version_that_answers_again_has_no_end(store: Store) -> None:
    await imported(store, "甲於5月舉行朗讀比賽。", release=True)
    await imported(store, "乙於5月舉行朗讀比賽。", release=True)
    async with store.begin() as db:
        back = await db.plans.rollback(1, after(days=4))
        ended = await db.plans.get(1, 2)
    assert (back.version, back.ended_at, ended.ended_at) == (1, None, after(days=4))
