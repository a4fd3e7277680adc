"""States of measures: entered, asked for, taken back, and taken on to a new version without losing or inventing any."""

import pytest

from storage.standings import How, Standing, Target
from storage.store import Store
from storage.values import StoredPlan
from tests.storage.samples import NOW, WEB, after, document


async def two_units(store: Store) -> tuple[StoredPlan, int, int]:
    """A plan in use, and two schools."""
    async with store.begin() as db:
        stored = (await db.plans.store_document(document(), NOW)).stored
        stored = await db.plans.release(stored.plan, NOW)
        return stored, (await db.units.add("甲校", "school")).id, (await db.units.add("乙校", "school")).id


async def test_done_is_kept_for_a_unit_and_a_turn_of_the_rhythm(store: Store) -> None:
    stored, one, two = await two_units(store)
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "甲老師", "", NOW)).person.id
        await db.standings.set(Target(stored.plan, 1, "m1", one, "2030-05"), Standing.DONE, person, NOW)
        await db.standings.set(Target(stored.plan, 1, "m2", one), Standing.DONE, person, NOW)
        await db.standings.set(Target(stored.plan, 1, "m2", two), Standing.EXTENDED, person, NOW)
    async with store.read() as db:
        assert await db.standings.done(["m1", "m2"], [one, two]) == {("m1", one, "2030-05"), ("m2", one, "")}
        assert await db.standings.done(["m1"], [two]) == frozenset()
        assert await db.standings.done([], [one]) == frozenset()
        assert await db.standings.of("m1", one, "2030-06") is None


async def test_undo_goes_back_to_the_state_before_and_refuses_a_stale_press(store: Store) -> None:
    stored, one, _ = await two_units(store)
    target = Target(stored.plan, 1, "m2", one)
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        granted = await db.standings.set(target, Standing.EXTENDED, person, NOW, "雨天", NOW.date())
        said = await db.standings.set(target, Standing.DONE, person, after(hours=1))
        assert await db.standings.undo(said.id, granted.revision, person, after(hours=2)) is None
        back = await db.standings.undo(said.id, said.revision, person, after(hours=2))
        assert back is not None
        assert (back.state, back.note, back.until, back.id) == (Standing.EXTENDED, "雨天", NOW.date(), said.id)
        history = await db.standings.history(said.id)
    assert [(step.state, step.how) for step in history] == [
        (Standing.EXTENDED, How.SET),
        (Standing.DONE, How.SET),
        (Standing.EXTENDED, How.UNDONE),
    ]


async def test_a_state_goes_on_to_the_sentence_that_stands_for_its_own(store: Store) -> None:
    stored, one, two = await two_units(store)
    async with store.begin() as db:
        first = await db.standings.set(Target(stored.plan, 1, "m1", one), Standing.DONE, None, NOW, "已辦")
        dropped = await db.standings.set(Target(stored.plan, 1, "m2", two), Standing.DONE, None, NOW)
        assert await db.standings.carry(stored.plan, 2, {"m1": ["n1"], "m2": []}, after(days=1)) == 1
        now = await db.standings.of("n1", one)
        left = await db.standings.of("m2", two)
        assert now is not None
        assert left is not None
        assert (now.id, now.state, now.note, now.target.version) == (first.id, Standing.DONE, "已辦", 2)
        assert (left.id, left.state, left.target.version) == (dropped.id, Standing.DONE, 2)
        last = (await db.standings.history(first.id))[-1]
        assert (last.how, last.former, last.at) == (How.CARRIED, "m1", after(days=1))
        assert await db.standings.carry(stored.plan, 2, {"m1": ["n1"]}, after(days=2)) == 0


@pytest.mark.parametrize("both", [True, False])
async def test_what_became_one_sentence_is_done_when_all_of_it_was(store: Store, both: bool) -> None:
    stored, one, _ = await two_units(store)
    async with store.begin() as db:
        await db.standings.set(Target(stored.plan, 1, "m1", one), Standing.DONE, None, NOW)
        if both:
            await db.standings.set(Target(stored.plan, 1, "m2", one), Standing.DONE, None, NOW)
        await db.standings.carry(stored.plan, 2, {"m1": ["n"], "m2": ["n"]}, after(days=1))
        merged = await db.standings.of("n", one)
    assert merged is not None
    assert merged.state is (Standing.DONE if both else Standing.OPEN)


async def test_each_part_of_a_split_sentence_takes_the_state(store: Store) -> None:
    stored, one, _ = await two_units(store)
    async with store.begin() as db:
        await db.standings.set(Target(stored.plan, 1, "m1", one), Standing.DONE, None, NOW)
        assert await db.standings.carry(stored.plan, 2, {"m1": ["n1", "n2"]}, after(days=1)) == 2
        assert await db.standings.done(["n1", "n2", "m1"], [one]) == {("n1", one, ""), ("n2", one, "")}


async def test_files_that_show_something_are_kept_once_by_name(store: Store) -> None:
    stored, one, _ = await two_units(store)
    async with store.begin() as db:
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        stand = await db.standings.set(Target(stored.plan, 1, "m1", one), Standing.DONE, person, NOW)
        assert await db.files.show(stand.id, person, "照片.jpg", "image/jpeg", b"one", NOW) == 1
        assert await db.files.show(stand.id, person, "照片.jpg", "image/jpeg", b"two", NOW) == 1
        await db.files.sweep()
        (kept,) = (await db.files.evidence([stand.id]))[stand.id]
        assert (kept.name, await db.files.data(kept.digest)) == ("照片.jpg", b"two")
