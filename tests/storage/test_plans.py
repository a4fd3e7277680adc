"""Plans in versions: imported once, released one at a time, put back."""

from dataclasses import replace

import pytest

from bot.errors import Refusal
from bot.plan.model import Gap
from storage.store import Store
from storage.values import PlanState
from tests.storage.samples import NOW, after, document


async def imported(store: Store, *texts: str) -> list[str]:
    """Import each text as its own document and say what became of it."""
    outcomes = []
    for text in texts:
        async with store.begin() as db:
            outcomes.append((await db.plans.store_document(document(text), NOW)).outcome)
    return outcomes


async def released(store: Store) -> list[tuple[int, int]]:
    async with store.read() as db:
        return [(row.plan, row.version) for row in await db.plans.released()]


async def test_a_document_comes_back_as_it_went_in(store: Store) -> None:
    async with store.begin() as db:
        made = await db.plans.store_document(document(), NOW)
    async with store.read() as db:
        kept = await db.plans.get(made.stored.plan)
    assert made.outcome == "new"
    assert kept == made.stored
    assert (kept.document, kept.state, kept.imported_at, kept.released_at) == (document(), PlanState.DRAFT, NOW, None)


async def test_the_same_document_changes_nothing_and_a_changed_one_is_a_version(store: Store) -> None:
    assert await imported(store, "甲。", "甲。", "乙。", "乙。", "甲。") == ["new", "same", "version", "same", "version"]
    async with store.begin() as db:
        renamed = await db.plans.store_document(replace(document("甲。"), name="計劃 (1).txt"), after(days=1))
        assert renamed.outcome == "same"
        assert [row.version for row in await db.plans.every()] == [3, 2, 1]


async def test_script_and_blanks_of_the_title_make_no_other_plan(store: Store) -> None:
    async with store.begin() as db:
        first = await db.plans.store_document(document("甲。", title="青禾區 春季工作計劃"), NOW)
        second = await db.plans.store_document(document("乙。", title="青禾区春季工作计划"), NOW)
        third = await db.plans.store_document(document("丙。", title="青禾區秋季工作計劃"), NOW)
        other = await db.plans.store_document(document("丁。", issuer="白石區教育局"), NOW)
    assert [first.outcome, second.outcome, third.outcome, other.outcome] == ["new", "version", "new", "new"]
    assert second.stored.plan == first.stored.plan


async def test_a_new_reading_replaces_a_draft_but_not_a_released_version(store: Store) -> None:
    read_otherwise = replace(document(), plans=(replace(document().plans[0], gaps=(Gap("no date", 1, 0, "x"),)),))
    async with store.begin() as db:
        await db.plans.store_document(document(), NOW)
        updated = await db.plans.store_document(read_otherwise, after(days=1))
        assert (updated.outcome, updated.stored.version, updated.stored.document) == ("updated", 1, read_otherwise)
        await db.plans.release(1, NOW)
        again = await db.plans.store_document(document(), NOW)
        assert (again.outcome, again.stored.version) == ("version", 2)
        assert (await db.plans.get(1)).document == read_otherwise


async def test_releases_supersede_each_other_and_roll_back_one_by_one(store: Store) -> None:
    await imported(store, "甲。", "乙。", "丙。")
    async with store.begin() as db:
        for version in (1, 2, 3):
            await db.plans.release(1, after(days=version), version)
    assert await released(store) == [(1, 3)]
    async with store.begin() as db:
        assert (await db.plans.rollback(1, after(days=9))).version == 2
        assert (await db.plans.rollback(1, after(days=9))).version == 1
        with pytest.raises(Refusal, match=r"plan\.no_earlier\(id=1\)"):
            await db.plans.rollback(1, after(days=9))
        assert [row.state for row in await db.plans.every()] == ["superseded", "superseded", "released"]
    assert await released(store) == [(1, 1)]


async def test_release_takes_the_newest_draft_and_none_that_is_older_than_the_released_version(store: Store) -> None:
    await imported(store, "甲。", "乙。")
    async with store.begin() as db:
        kept = await db.plans.release(1, NOW)
        assert (kept.version, kept.state, kept.released_at) == (2, PlanState.RELEASED, NOW)
        assert (await db.plans.get(1, 1)).state is PlanState.SUPERSEDED
        with pytest.raises(Refusal, match=r"plan\.no_draft"):
            await db.plans.release(1, NOW)
        with pytest.raises(Refusal, match=r"plan\.no_earlier"):
            await db.plans.rollback(1, NOW)


async def test_a_retired_plan_answers_no_more_until_it_is_released_again(store: Store) -> None:
    await imported(store, "甲。")
    async with store.begin() as db:
        await db.plans.release(1, NOW)
        assert (await db.plans.retire(1, NOW)).state is PlanState.RETIRED
        assert (await db.plans.retire(1, NOW)).state is PlanState.RETIRED
        assert await db.plans.released() == []
        assert (await db.plans.release(1, NOW)).state is PlanState.RELEASED


async def test_unknown_plans_and_versions_are_refused(store: Store) -> None:
    await imported(store, "甲。")
    async with store.begin() as db:
        for call in (db.plans.get(7), db.plans.release(7, NOW), db.plans.retire(7, NOW), db.plans.rollback(7, NOW)):
            with pytest.raises(Refusal, match=r"plan\.unknown\(id=7\)"):
                await call
        with pytest.raises(Refusal, match=r"plan\.unknown"):
            await db.plans.get(1, 2)
        with pytest.raises(Refusal, match=r"plan\.unknown"):
            await db.plans.release(1, NOW, 2)


async def test_the_revision_grows_with_what_changes_answers_and_with_nothing_else(store: Store) -> None:
    async def grown() -> int:
        nonlocal seen
        async with store.read() as db:
            before, seen = seen, await db.plans.revision()
        return seen - before

    seen = 0
    assert await grown() == 0
    await imported(store, "甲。", "乙。")
    assert await grown() == 0
    for step in ("release", "rollback", "retire"):
        async with store.begin() as db:
            if step == "release":
                await db.plans.release(1, NOW, 1)
                await db.plans.release(1, NOW, 2)
                await db.plans.release(1, NOW, 2)
            else:
                await getattr(db.plans, step)(1, NOW)
        assert await grown() == (2 if step == "release" else 1)
