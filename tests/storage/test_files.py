"""Files: kept once however many hold them, handed in by name, and told apart by part in what became of a notice."""

import pytest

from bot.chat import Outcome
from bot.errors import Refusal
from storage.files import MOST
from storage.store import Store
from storage.values import State
from tests.storage.samples import NOW, after
from tests.storage.test_notices import READ, crowd, send


async def test_what_holds_the_same_is_kept_once_and_swept_with_the_last_holder(store: Store) -> None:
    async with store.begin() as db:
        first, second = await db.notices.draft(None, "一", NOW), await db.notices.draft(None, "二", NOW)
        (one,) = await db.files.attach(first.id, "a.pdf", "application/pdf", b"\x00same")
        (two,) = await db.files.attach(second.id, "b.pdf", "application/pdf", b"\x00same")
        assert one.digest == two.digest
        assert (one.size, await db.files.data(one.digest)) == (5, b"\x00same")
        await db.files.note_upload("web", one.digest, "held")
        await db.files.note_upload("web", "0" * 64, "of nothing")
        assert await db.files.held("web", [one.digest, "0" * 64]) == {one.digest: "held"}
        assert await db.files.held("telegram", [one.digest]) == {}
    async with store.begin() as db:
        assert not await db.files.detach(second.id, one.id)
        assert await db.files.detach(first.id, one.id)
        assert await db.files.data(one.digest) == b"\x00same"
        await db.notices.discard(second)
        await db.files.sweep()
        assert await db.files.data(one.digest) is None
        assert await db.files.held("web", [one.digest]) == {}


async def test_a_file_of_the_same_name_takes_the_place_of_the_one_before_and_the_number_is_bounded(store: Store) -> None:
    async with store.begin() as db:
        people = await crowd(db, 2)
        notice = await db.notices.draft(None, "報送材料", NOW)
        assert await db.files.hand_in(notice.id, people[0].person, "表", "", b"1", NOW) == 1
        assert await db.files.hand_in(notice.id, people[0].person, "表", "", b"2", after(minutes=1)) == 1
        for number in range(MOST - 1):
            await db.files.hand_in(notice.id, people[0].person, f"表{number}", "", b"x", NOW)
        assert await db.files.hand_in(notice.id, people[1].person, "表", "", b"3", NOW) == 1
        handed = await db.files.handed(notice.id)
        assert [await db.files.data(row.file.digest) for row in handed if row.file.name == "表"] == [b"2", b"3"]
        with pytest.raises(Refusal, match="enough_files"):
            await db.files.hand_in(notice.id, people[0].person, "多", "", b"x", NOW)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ((Outcome.SENT, Outcome.SENT), State.SENT),
        ((Outcome.SENT, Outcome.FAILED), State.FAILED),
        ((Outcome.SENT, Outcome.UNCERTAIN), State.UNCERTAIN),
        ((Outcome.GONE,), State.GONE),
        ((Outcome.SENT,), State.QUEUED),
        ((Outcome.UNCERTAIN,), State.UNCERTAIN),
    ],
)
async def test_a_person_has_a_notice_when_they_have_all_its_parts(store: Store, outcomes: tuple[Outcome, ...], told: State) -> None:
    async with store.begin() as db:
        people = (await crowd(db, 2))[:1]
        notice = await db.notices.draft(None, "明日停課一天。", NOW)
        await db.files.attach(notice.id, "a.pdf", "application/pdf", b"a")
        notice = await db.notices.change(notice, selection="staff", wanted=READ)
        notice = await db.notices.confirm(notice, people, NOW, NOW)
        for outcome in outcomes:
            await send(db, outcome)
        assert [row.state for row in await db.notices.people(notice.id)] == [told]
        assert sum(count.count for count in await db.notices.counts(notice.id)) == 1


async def test_held_and_ended_messages_are_counted_whole(store: Store) -> None:
    async with store.begin() as db:
        people = (await crowd(db, 4))[:3]
        notice = await db.notices.draft(None, "明日停課一天。", NOW)
        await db.files.attach(notice.id, "a.pdf", "application/pdf", b"a")
        notice = await db.notices.confirm(await db.notices.change(notice, selection="staff"), people, NOW, NOW)
        await send(db, Outcome.SENT)
        notice, held = await db.notices.pause(notice)
        assert held == 3
        notice, _ = await db.notices.resume(notice)
        await send(db, Outcome.SENT)
        _, ended = await db.notices.stop(notice, NOW)
        assert ended == 2
