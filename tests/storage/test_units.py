"""The register is replaced as a whole, and what hangs on its units survives where it may."""

import pytest

from bot.people import Rank, Unit
from storage.store import Store
from tests.storage.samples import NOW, WEB, after

SCHOOL = Unit(0, "青禾一小", "school", "青禾區", ("一小", "青小"), ("第一責任區",))
OFFICE = Unit(0, "教研室", "office")


async def test_units_come_back_with_ids_in_the_order_of_the_table(store: Store) -> None:
    async with store.begin() as db:
        assert await db.units.replace([SCHOOL, OFFICE], NOW) == (2, 0, 0)
        school, office = await db.units.every()
        assert (school.name, school.parent, school.aliases, school.groups) == ("青禾一小", "青禾區", ("一小", "青小"), ("第一責任區",))
        assert await db.units.named("教研室") == office
        assert await db.units.named("一小") is None


async def test_a_second_import_counts_what_it_changed_and_keeps_ids(store: Store) -> None:
    changed = Unit(0, "青禾一小", "school", "青禾區", ("一小",))
    async with store.begin() as db:
        await db.units.replace([SCHOOL, OFFICE], NOW)
        before = {unit.name: unit.id for unit in await db.units.every()}
        assert await db.units.replace([SCHOOL, OFFICE], NOW) == (0, 0, 0)
        revision = await db.plans.revision()
        assert await db.units.replace([changed, Unit(0, "青禾幼兒園", "kindergarten")], NOW) == (1, 1, 1)
        assert await db.plans.revision() == revision + 1
        after_import = {unit.name: unit.id for unit in await db.units.every()}
    assert after_import["青禾一小"] == before["青禾一小"]
    assert after_import["青禾幼兒園"] not in before.values()


async def test_a_removed_unit_leaves_its_people_without_one_and_voids_its_invitations(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([SCHOOL], NOW)
        unit = (await db.units.every())[0].id
        person = (await db.people.meet(WEB, "", "", NOW)).person.id
        await db.people.set_unit(person, unit)
        code = await db.people.invite(Rank.PRINCIPAL, unit, NOW, after(days=1))
        await db.units.replace([OFFICE], NOW)
    async with store.begin() as db:
        found = await db.people.get(person)
        assert found is not None
        assert found.unit is None
        assert await db.people.redeem(code, person, NOW) is None


async def test_a_name_given_twice_is_refused(store: Store) -> None:
    async with store.begin() as db:
        with pytest.raises(ValueError, match="no name comes twice"):
            await db.units.replace([OFFICE, SCHOOL, OFFICE], NOW)
