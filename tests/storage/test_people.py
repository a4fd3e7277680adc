"""People, where they are reached, and how they came by their rank."""

import asyncio

import pytest
from sqlalchemy import text

from bot.chat import Address
from bot.errors import Refusal
from bot.people import Person, Rank, Scope, Unit
from storage.invitations import Invitation
from storage.store import Store, Transaction
from storage.values import Subject
from tests.storage.samples import NOW, WEB, after, planned

PHONE = Address("telegram", "100")
GROUP = Address("telegram", "-5")


async def known(db: Transaction, address: Address = WEB, name: str = "") -> int:
    return (await db.people.meet(address, name, "", NOW)).person.id


async def test_a_stranger_becomes_a_guest_and_stays_one_person(store: Store) -> None:
    async with store.begin() as db:
        first = await db.people.meet(PHONE, "林老師", "zh-tw", NOW)
        again = await db.people.meet(PHONE, "林主任", "en", after(days=1))
        other = await db.people.meet(Address("web", "100"), "", "", NOW)
        assert await db.people.find(PHONE) == again.person
        assert await db.people.find(Address("telegram", "101")) is None
        assert [person.id for person in await db.people.every()] == [first.person.id, other.person.id]
    assert (first.new, first.person.rank, first.person.language) == (True, Rank.GUEST, "zh-Hant")
    assert (again.new, again.person) == (False, Person(first.person.id, Rank.GUEST, "林主任", language="zh-Hant"))


@pytest.mark.parametrize("address_known", [False, True])
async def test_first_messages_at_once_make_one_person(store: Store, address_known: bool) -> None:
    if address_known:
        async with store.begin() as db:
            await db.people.know_group(PHONE, NOW)

    async def meet() -> int:
        async with store.begin() as db:
            return await known(db, PHONE)

    met = await asyncio.gather(*(meet() for _ in range(8)))
    assert len(set(met)) == 1
    async with store.read() as db:
        assert len(await db.people.every()) == 1


async def test_choices_are_kept_and_unknown_people_refused(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "青禾一小", "school")], NOW)
        unit = (await db.units.every())[0].id
        person = await known(db)
        await db.people.set_rank(person, Rank.TEACHER)
        await db.people.set_unit(person, unit)
        await db.people.set_language(person, "en")
        await db.people.set_script(person, "hans")
        await db.people.set_muted(person, True)
        assert await db.people.get(person) == Person(person, Rank.TEACHER, "", unit, "en", "hans", True)
        await db.people.set_unit(person, None)
        found = await db.people.get(person)
        assert found is not None
        assert found.unit is None
        with pytest.raises(Refusal, match=r"person.unknown\(id=99\)"):
            await db.people.set_rank(99, Rank.OWNER)


async def test_a_closed_address_is_not_offered_until_its_person_speaks_again(store: Store) -> None:
    async with store.begin() as db:
        person = await known(db, PHONE)
        assert await db.people.addresses(person) == [PHONE]
        assert await db.people.close(PHONE, NOW, "blocked")
        assert not await db.people.close(PHONE, NOW, "blocked")
        assert await db.people.addresses(person) == []
        assert await db.people.find(PHONE) is not None
        assert await known(db, PHONE) == person
        assert await db.people.addresses(person) == [PHONE]


async def test_a_group_has_an_address_and_no_person(store: Store) -> None:
    async with store.begin() as db:
        await db.people.know_group(GROUP, NOW)
        await db.people.close(GROUP, NOW, "left")
        await db.people.know_group(GROUP, NOW)
        assert await db.people.find(GROUP) is None
        assert await db.people.close(GROUP, NOW, "left")
        assert await db.people.every() == []


async def test_what_hangs_on_a_moved_conversation_follows_it(store: Store) -> None:
    moved = Address("telegram", "-1005")
    async with store.begin() as db:
        person = await known(db)
        await db.people.know_group(GROUP, NOW)
        await db.subscriptions.follow(person, "event", "e1", GROUP, NOW)
        await db.conversations.remember(GROUP, "100", Subject("q", (), NOW))
        await db.outbox.plan([planned("sent", address=GROUP), planned("queued", address=GROUP, not_before=after(hours=1))], NOW)
        claimed = await db.outbox.claim(NOW, 1, after(minutes=1) - NOW, ["telegram"])
        await db.people.move(GROUP, moved, NOW)
        await db.people.move(GROUP, moved, NOW)
        assert (await db.subscriptions.of(person))[0].address == moved
        assert await db.conversations.recall(GROUP, "100") is None
        rows = {row.planned.key: row.planned.address for row in await db.outbox.rows("remind", "e1")}
        assert rows == {"sent": GROUP, "queued": moved}
        assert [row.planned.key for row in claimed] == ["sent"]
        assert await db.people.close(moved, NOW, "left")
        assert not await db.people.close(GROUP, NOW, "left")


async def test_a_moved_private_address_keeps_its_person(store: Store) -> None:
    async with store.begin() as db:
        person = await known(db, PHONE)
        await db.people.move(PHONE, Address("telegram", "200"), NOW)
        assert await db.people.addresses(person) == [Address("telegram", "200")]
        assert await db.people.find(PHONE) is None


async def test_an_invitation_counts_its_users_and_ends(store: Store) -> None:
    async with store.begin() as db:
        people = [await known(db, Address("web", str(number))) for number in range(4)]
        code = await db.people.invite(Rank.TEACHER, None, NOW, after(days=1), uses=2)
        assert len(code) == 22
        given = Invitation(Rank.TEACHER, None)
        assert await db.people.redeem(code, people[0], NOW) == given
        assert await db.people.redeem(f" {code}\n", people[0], NOW) == given
        assert await db.people.redeem("nonsense", people[1], NOW) is None
        assert await db.people.redeem(code, people[1], after(days=1)) is None
        assert await db.people.redeem(code, people[1], NOW) == given
        assert await db.people.redeem(code, people[2], NOW) is None
        ranks = [person.rank for person in await db.people.every()]
    assert ranks == [Rank.TEACHER, Rank.TEACHER, Rank.GUEST, Rank.GUEST]


async def test_an_invitation_never_takes_away_and_a_lower_one_moves_nobody(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "甲校", "school"), Unit(0, "乙校", "school")], NOW)
        first, second = [unit.id for unit in await db.units.every()]
        person = await known(db)
        principal = await db.people.invite(Rank.PRINCIPAL, first, NOW, after(days=1))
        await db.people.redeem(principal, person, NOW)
        lower = await db.people.invite(Rank.TEACHER, second, NOW, after(days=1))
        assert await db.people.redeem(lower, person, NOW) == Invitation(Rank.TEACHER, second)
        assert await db.people.get(person) == Person(person, Rank.PRINCIPAL, "", first, scope=Scope.UNIT)
        await db.people.set_rank(person, Rank.GUEST)
        await db.people.redeem(principal, person, NOW)
        assert await db.people.get(person) == Person(person, Rank.GUEST, "", first)


async def test_a_rank_is_kept_with_what_it_is_for(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "甲校", "school", groups=("東片",)), Unit(0, "乙校", "school")], NOW)
        first, second = [unit.id for unit in await db.units.every()]
        person = await known(db)
        code = await db.people.invite(Rank.UNIT_ADMINISTRATOR, None, NOW, after(days=1), group="東片")
        assert await db.people.redeem(code, person, NOW) == Invitation(Rank.UNIT_ADMINISTRATOR, None, "東片")
        assert await db.people.get(person) == Person(person, Rank.UNIT_ADMINISTRATOR, scope=Scope.GROUP, group="東片")
        await db.people.set_unit(person, second)
        await db.people.set_rank(person, Rank.ADMINISTRATOR)
        assert await db.people.get(person) == Person(person, Rank.ADMINISTRATOR, unit=second, scope=Scope.DISTRICT)
        await db.people.set_rank(person, Rank.TEACHER, first)
        await db.people.set_unit(person, first)
        with pytest.raises(Refusal, match=r"unit\.vouched"):
            await db.people.set_unit(person, second)
        assert await db.people.get(person) == Person(person, Rank.TEACHER, unit=first, scope=Scope.UNIT)
        await db.people.set_rank(person, Rank.GUEST)
        await db.people.set_unit(person, second)


async def test_codes_are_kept_only_as_hashes(store: Store) -> None:
    async with store.begin() as db:
        code = await db.people.invite(Rank.TEACHER, None, NOW, after(days=1))
        kept = (await db.connection.execute(text("SELECT * FROM invitations"))).all()
    assert code not in str(kept)


async def test_there_is_one_owner_and_one_code_to_become_it(store: Store) -> None:
    async with store.begin() as db:
        person, other = await known(db), await known(db, PHONE)
        old = await db.people.owner_code(NOW, after(days=1))
        new = await db.people.owner_code(NOW, after(days=1))
        assert old is not None
        assert new is not None
        assert await db.people.redeem(old, person, NOW) is None
        assert await db.people.redeem(new, person, NOW) == Invitation(Rank.OWNER, None)
        assert await db.people.redeem(new, other, NOW) is None
        assert await db.people.owner_code(NOW, after(days=1)) is None


async def test_of_many_at_once_no_more_get_in_than_an_invitation_is_for(store: Store) -> None:
    async with store.begin() as db:
        people = [await known(db, Address("web", str(number))) for number in range(6)]
        code = await db.people.invite(Rank.TEACHER, None, NOW, after(days=1), uses=2)

    async def redeem(person: int) -> bool:
        async with store.begin() as db:
            return await db.people.redeem(code, person, NOW) is not None

    assert sum(await asyncio.gather(*(redeem(person) for person in people))) == 2
