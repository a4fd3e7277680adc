"""Addresses that become one person's, leavers, posts handed over, and people who are forgotten, on both databases."""

import pytest
from sqlalchemy import text

from bot.chat import Address
from bot.errors import Refusal
from bot.limits import Lane
from bot.notice.asks import Ask, Wanted
from bot.people import Person, Rank, Scope, Unit
from storage.mailing import Recipient
from storage.membership import naming
from storage.store import Store, Transaction
from storage.tables import metadata
from storage.values import Expectation, Notice, State, Subject
from tests.storage.samples import NOW, after, planned

PHONE, PAGE, OTHER = Address("telegram", "700001"), Address("web", "session-anna"), Address("telegram", "700002")


async def somebody(db: Transaction, address: Address = PHONE, rank: Rank = Rank.GUEST, name: str = "林素琴") -> Person:
    person = (await db.people.meet(address, name, "", NOW)).person
    if rank:
        await db.people.set_rank(person.id, rank)
    return await again(db, person)


async def again(db: Transaction, person: Person) -> Person:
    found = await db.people.get(person.id)
    assert found is not None
    return found


async def sent_notice(db: Transaction, people: list[Person], ask: Ask = Ask.READ, author: int | None = None) -> Notice:
    draft = await db.notices.draft(author, "週五開會", NOW)
    draft = await db.notices.change(draft, wanted=Wanted(ask, (), None))
    reached = await db.people.reached()
    return await db.notices.confirm(draft, [Recipient(one.id, one.unit, reached.get(one.id)) for one in people], NOW, NOW)


def waiting(rows: list[object]) -> list[object]:
    return [row for row in rows if row.state in (State.QUEUED, State.HELD)]  # type: ignore[attr-defined]


def test_every_table_that_names_a_person_was_thought_of() -> None:
    """Whoever adds a table adds it here too, after reading `join`, `end`, `hand_over` and `forget`."""
    assert {f"{table.name}.{column}" for table, column in naming()} == {
        "addresses.person", "approvals.person", "boards.person", "curated.person", "deputies.person", "digests.person", "evidence.person",
        "extensions.judge", "extensions.person", "feedback.person", "feeds.person", "rectifications.person", "rectifications.seen_by",
        "list_members.person", "lists.person", "templates.person",
        "guesses.person", "habits.person", "handed_in.person", "invitations.author", "joins.person", "logins.person", "mends.person",
        "notice_answers.person", "notice_people.person", "notices.author", "outbox.person", "own_reminders.person",
        "questions.person", "redemptions.person", "standing_changes.person", "standings.person", "subscriptions.person",
        "synonyms.person", "web_sessions.person",
    }  # fmt: skip
    assert {table.name for table in metadata.sorted_tables if "chat" in table.c} == {
        "addresses", "boards", "conversations", "expectations", "outbox", "own_reminders", "questions", "subscriptions", "web_sessions"
    }  # fmt: skip


async def test_the_preferred_address_is_the_one_and_what_waits_goes_there(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        await db.people.meet(PAGE, "", "", after(minutes=1))
        await db.connection.execute(text(f"UPDATE addresses SET person = {person.id} WHERE channel = 'web'"))
        await db.subscriptions.follow(person.id, "event", "e1", PHONE, NOW)
        await db.outbox.plan([planned(person=person.id, address=PHONE)], NOW)
        assert (await db.people.reached())[person.id] == PHONE
        assert await db.addresses.prefer(person.id, PAGE)
        assert (await db.people.reached())[person.id] == PAGE
        assert await db.people.addresses(person.id) == [PAGE, PHONE]
        assert [row.planned.address for row in await db.outbox.rows("remind", "e1")] == [PAGE]
        followed, _ = await db.subscriptions.follow(person.id, "event", "e2", PHONE, NOW)
        assert {row.address for row in await db.subscriptions.of(person.id)} == {PAGE} == {followed.address}
        assert not await db.addresses.prefer(person.id, OTHER)
        assert not await db.addresses.prefer(person.id, Address("terminal", "1"))
        assert await db.people.close(PAGE, after(minutes=2), "blocked")
        assert (await db.people.reached())[person.id] == PHONE
        assert [row.planned.address for row in await db.outbox.rows("remind", "e1")] == [PHONE]


async def test_an_address_is_parted_but_never_the_last(store: Store) -> None:
    async with store.begin() as db:
        person, other = await somebody(db), await somebody(db, PAGE)
        assert not await db.addresses.drop(person.id, PHONE, NOW)
        await db.membership.join(person, other, NOW)
        assert await db.addresses.drop(person.id, PHONE, NOW)
        assert await db.people.addresses(person.id) == [PAGE]
        assert await db.people.find(PHONE) is None
        stranger = (await db.people.meet(PHONE, "", "", NOW)).person
        assert (stranger.id != person.id, stranger.rank) == (True, Rank.GUEST)


async def test_two_people_become_one_and_get_one_copy(store: Store) -> None:
    async with store.begin() as db:
        phone, page, third = (
            await somebody(db, PHONE, Rank.PRINCIPAL),
            await somebody(db, PAGE, Rank.TEACHER, "素琴"),
            await somebody(db, OTHER),
        )
        both = await sent_notice(db, [phone, page, third])
        one = await sent_notice(db, [page])
        for number, who in ((1, phone), (2, page)):
            await db.subscriptions.follow(who.id, "event", "both", PHONE, NOW)
            await db.subscriptions.follow(who.id, "event", f"e{number}", PAGE, NOW)
            row = planned(f"remind:{number}", person=who.id, kind="remind", reference="both", address=PAGE)
            await db.outbox.plan([row], NOW)
        await db.notices.answer(one, page.id, "read", NOW)
        question = await db.questions.record(page.id, "web", "誰？", "who", "answered", (), (), NOW)
        await db.membership.join(phone, page, NOW)
        assert await db.people.get(page.id) is None
        kept = await again(db, phone)
        assert (kept.rank, kept.name) == (Rank.PRINCIPAL, "林素琴")
        assert sorted(await db.people.addresses(phone.id), key=str) == [PHONE, PAGE]
        assert sorted(row.reference for row in await db.subscriptions.of(phone.id)) == ["both", "e1", "e2"]
        for notice, people in ((both, 2), (one, 1)):
            rows = waiting(await db.outbox.rows("notice", str(notice.id)))  # type: ignore[arg-type]
            assert len([row for row in rows if row.planned.person == phone.id]) == 1  # type: ignore[attr-defined]
            assert len(await db.notices.people(notice.id)) == people
        mine = [row for row in await db.outbox.rows("notice", str(one.id)) if row.state is State.QUEUED]
        assert [(row.planned.person, row.planned.address) for row in mine] == [(phone.id, PHONE)]
        assert [row.answer for row in await db.notices.people(one.id)] == ["read"]
        assert len(waiting(await db.outbox.rows("remind", "both"))) == 1  # type: ignore[arg-type]
        asked = await db.questions.get(question)
        assert asked is not None
        assert asked.person == phone.id


async def test_a_leaver_loses_rank_and_messages_at_once(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "青禾一小", "school")], NOW)
        unit = (await db.units.every())[0].id
        person = await somebody(db, PHONE)
        await db.people.set_rank(person.id, Rank.UNIT_ADMINISTRATOR, unit)
        person = await again(db, person)
        await db.outbox.plan([planned(person=person.id), planned("k2", person=None)], NOW)
        await db.subscriptions.follow(person.id, "event", "e1", PHONE, NOW)
        await db.conversations.expect(PHONE, PHONE.chat, Expectation("notice_text", "", NOW))
        code = await db.people.invite(Rank.TEACHER, unit, NOW, after(days=1), author=person.id)
        assert await db.membership.end(person, NOW) == 1
        left = await again(db, person)
        assert (left.rank, left.scope, left.unit, left.group) == (Rank.GUEST, Scope.NONE, None, "")
        assert await db.subscriptions.of(person.id) == []
        assert await db.conversations.expected(PHONE, PHONE.chat) is None
        assert [row.state for row in await db.outbox.rows("remind", "e1")] == [State.CANCELLED, State.QUEUED]
        other = await somebody(db, OTHER)
        assert await db.people.redeem(code, other.id, NOW) is None


async def test_the_last_owner_stays(store: Store) -> None:
    async with store.begin() as db:
        owner = await somebody(db, PHONE, Rank.OWNER)
        for ending in (db.membership.end(owner, NOW), db.membership.forget(owner, NOW), db.membership.spare(owner)):
            with pytest.raises(Refusal, match=r"people\.last_owner"):
                await ending
        second = await somebody(db, PAGE, Rank.OWNER)
        await db.membership.end(owner, NOW)
        with pytest.raises(Refusal, match=r"people\.last_owner"):
            await db.membership.end(second, NOW)


async def test_a_post_is_handed_over_with_what_it_still_owes(store: Store) -> None:
    async with store.begin() as db:
        await db.units.replace([Unit(0, "青禾一小", "school")], NOW)
        unit = (await db.units.every())[0].id
        old, new = await somebody(db, PHONE), await somebody(db, OTHER, Rank.TEACHER, "周啟明")
        await db.people.set_rank(old.id, Rank.PRINCIPAL, unit)
        old = await again(db, old)
        silent, answered, over = [await sent_notice(db, [old], author=old.id) for _ in range(3)]
        await db.notices.answer(answered, old.id, "read", NOW)
        await db.notices.stop(over, NOW)
        nothing = await sent_notice(db, [old], Ask.NOTHING)
        await db.subscriptions.follow(old.id, "event", "e1", PHONE, NOW)
        await db.outbox.plan([planned("r", person=old.id)], NOW)
        assert await db.membership.hand_over(old, new, NOW) == 1
        await db.membership.end(old, NOW)
        taken = await again(db, new)
        assert (taken.rank, taken.unit, taken.scope) == (Rank.PRINCIPAL, unit, Scope.UNIT)
        assert [(row.reference, row.address) for row in await db.subscriptions.of(new.id)] == [("e1", OTHER)]
        assert waiting(await db.outbox.rows("remind", "e1")) == []  # type: ignore[arg-type]
        assert [row.person for row in await db.notices.people(silent.id)] == [new.id]
        assert [row.person for row in await db.notices.people(answered.id)] == [old.id]
        assert [row.person for row in await db.notices.people(nothing.id)] == [old.id]
        rows = [
            (row.planned.person, row.planned.address) for row in await db.outbox.rows("notice", str(silent.id)) if row.state is State.QUEUED
        ]
        assert rows == [(new.id, OTHER)]
        assert {(await db.notices.get(one.id)).author for one in (silent, answered, over)} == {new.id}  # type: ignore[union-attr]


async def test_a_higher_rank_is_not_lowered_by_taking_over(store: Store) -> None:
    async with store.begin() as db:
        old, new = await somebody(db, PHONE, Rank.TEACHER), await somebody(db, OTHER, Rank.ADMINISTRATOR)
        await db.membership.hand_over(old, new, NOW)
        assert (await again(db, new)).rank is Rank.ADMINISTRATOR


async def everything(db: Transaction) -> str:
    """All rows of all tables as text."""
    held = [(await db.connection.execute(table.select())).all() for table in metadata.sorted_tables if table.name != "contents"]
    held.append((await db.connection.execute(text("SELECT data FROM contents"))).all())
    return str(held)


async def test_of_a_forgotten_person_nothing_is_left_but_numbers(store: Store) -> None:
    words = ("林素琴", "700001", "我的意見", "答得不對", "素琴的報告", "HANDED", "我想問")
    async with store.begin() as db:
        person, other = await somebody(db, PHONE, Rank.ADMINISTRATOR), await somebody(db, OTHER, name="周啟明")
        line, read = await sent_notice(db, [person, other], Ask.LINE, person.id), await sent_notice(db, [person, other])
        await db.notices.answer(line, person.id, "我的意見", NOW)
        await db.notices.answer(read, person.id, "read", NOW)
        await db.files.hand_in(read.id, person.id, "素琴的報告.txt", "text/plain", b"HANDED", NOW)
        question = await db.questions.record(person.id, "telegram", "我想問林素琴", "who", "unknown", (), (), NOW, chat="700001")
        await db.feedback.give(question, person.id, False, "wrong", NOW)
        await db.feedback.note(question, person.id, "答得不對", NOW)
        await db.conversations.remember(PHONE, PHONE.chat, Subject("我想問", (), NOW))
        await db.conversations.remember(Address("telegram", "-5"), PHONE.chat, Subject("我想問", (), NOW))
        await db.subscriptions.follow(person.id, "event", "e1", PHONE, NOW)
        await db.codes.show(person.id, after(minutes=9))
        await db.codes.missed(person.id, NOW)
        await db.notices.draft(person.id, "我的意見", NOW)
        await db.audit.record(person.id, "notice send", str(line.id), NOW)
        claimed = await db.outbox.claim(NOW, 1, after(minutes=1) - NOW, ("telegram",))
        assert claimed[0].planned.lane is Lane.NOTICE
        before = await everything(db)
        assert [word for word in words if word not in before] == []
    async with store.begin() as db:
        await db.membership.forget(await again(db, person), NOW)
    async with store.begin() as db:
        assert [word for word in words if word in await everything(db)] == []
        assert await db.people.get(person.id) is None
        assert [one.id for one in await db.people.every()] == [other.id]
        assert await db.people.find(PHONE) is None
        # Counts stay: it went to two, and one has read it.
        assert [(row.person, row.answer) for row in await db.notices.people(read.id)] == [(person.id, "read"), (other.id, None)]
        assert (await db.questions.get(question)).status == "unknown"  # type: ignore[union-attr]
        assert (await db.audit.verify()).sound
        assert (await db.audit.recent(1))[0].who == person.id
        new = (await db.people.meet(PHONE, "林素琴", "", NOW)).person
        assert (new.id != person.id, new.rank) == (True, Rank.GUEST)


async def test_codes_join_once_in_time_however_they_are_typed(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        first = await db.codes.show(person.id, after(minutes=10))
        code = await db.codes.show(person.id, after(minutes=10))
        assert len(code) == 9
        assert await db.codes.owner(first, NOW) is None
        assert await db.codes.owner(code.lower().replace("-", " "), NOW) == person.id
        assert await db.codes.owner(code, after(minutes=10)) is None
        assert code.replace("-", "") not in await everything(db)
        assert await db.codes.use(person.id, NOW)
        assert not await db.codes.use(person.id, NOW)


async def test_guessing_is_slowed_down_for_one_and_for_all(store: Store) -> None:
    async with store.begin() as db:
        person = await somebody(db)
        for second in range(5):
            assert not await db.codes.wait(person.id, after(seconds=second))
            await db.codes.missed(person.id, after(seconds=second))
        assert (await db.codes.wait(person.id, after(minutes=5))).total_seconds() == 600
        assert not await db.codes.wait(person.id, after(minutes=15, seconds=1))
        other = await somebody(db, OTHER)
        assert not await db.codes.wait(other.id, NOW, short=True)
        for number in range(7):
            crowd = await somebody(db, Address("web", f"crowd{number}"))
            for _ in range(5):
                await db.codes.missed(crowd.id, NOW)
        assert await db.codes.wait(other.id, after(seconds=5), short=True)
        assert not await db.codes.wait(other.id, after(seconds=5))
