"""People invited from the command line: one, or all of a list or none, on both databases."""

from pathlib import Path

import pytest

from bot.chat import Address
from bot.enrolment import import_people, invite
from bot.errors import BadDocument, Refusal
from bot.people import Rank, Scope, Unit
from bot.texts import load_texts
from storage.store import Store
from tests.storage.samples import NOW

TEXTS = load_texts()


@pytest.fixture
async def district(store: Store) -> Store:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "青禾區第一小學", "school", aliases=("第一小學",), groups=("東片",))], NOW)
    return store


async def redeemed(store: Store, code: str, chat: str) -> tuple[Rank, Scope, str]:
    async with store.begin() as db:
        person = (await db.people.meet(Address("web", chat), "", "", NOW)).person
        await db.people.redeem(code, person.id, NOW)
        found = await db.people.get(person.id)
    assert found is not None
    return found.rank, found.scope, found.group


async def test_one_is_invited_to_a_unit_by_its_alias_or_to_a_group(district: Store) -> None:
    code = await invite(district, "principal", "第一小學", 7, 1, NOW)
    assert await redeemed(district, code, "1") == (Rank.PRINCIPAL, Scope.UNIT, "")
    code = await invite(district, "unit administrator", "東片", 7, 1, NOW)
    assert await redeemed(district, code, "2") == (Rank.UNIT_ADMINISTRATOR, Scope.GROUP, "東片")
    for rank, unit, key in (
        ("principal", "火星小學", "unit.unknown"),
        ("king", "", "people.rank"),
        ("owner", "", "people.rank"),
        ("unit_administrator", "", "people.unit"),
    ):
        with pytest.raises(Refusal) as refused:
            await invite(district, rank, unit, 7, 1, NOW)
        assert refused.value.key == key


async def test_a_list_invites_everybody_or_nobody(district: Store, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("姓名,身份,單位\n林素琴,校長,第一小學\n周啟明,教師,\n", "utf-8")
    bad.write_text("姓名,身份,單位\n林素琴,校長,第一小學\n周啟明,國王,\n", "utf-8")
    invited, wrong, _ = await import_people(district, bad, TEXTS, 30, NOW, look=False)
    assert ([one.code for one in invited], [one.line for one in wrong]) == ([""], [3])
    invited, wrong, names = await import_people(district, good, TEXTS, 30, NOW, look=True)
    assert ([one.code for one in invited], wrong) == (["", ""], [])
    async with district.read() as db:
        assert await db.people.invitations(NOW) == []
    invited, _, names = await import_people(district, good, TEXTS, 30, NOW, look=False)
    assert [names.get(one.row.unit or 0) for one in invited] == ["青禾區第一小學", None]
    assert await redeemed(district, invited[0].code, "1") == (Rank.PRINCIPAL, Scope.UNIT, "")
    async with district.read() as db:
        assert len(await db.people.invitations(NOW)) == 1
        assert (await db.audit.recent(1))[0].action == "people import"
    with pytest.raises(BadDocument):
        await import_people(district, tmp_path / "nowhere.csv", TEXTS, 30, NOW, look=False)
