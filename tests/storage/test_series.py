"""Templates, terms and lists on both databases: kept under one name, planned once, settled by one of two who come at once."""

import asyncio
from datetime import date

from bot.notice.asks import Ask, Wanted
from storage.store import Store
from storage.terms import Fate, Occurrence
from storage.values import NoticeState
from tests.storage.samples import NOW, after
from tests.storage.test_notices import crowd

SPRING, AUTUMN = date(2027, 2, 15), date(2027, 9, 1)


async def series(store: Store) -> int:
    async with store.begin() as db:
        draft = await db.notices.draft(None, "{學期}開學。", NOW)
        draft = await db.notices.change(draft, selection="staff", every="start+0 08:00")
        await db.notices.repeat(draft, NOW)
        assert await db.terms.plan(draft.id, [(SPRING, after(days=100)), (AUTUMN, after(days=300))]) == 2
    return draft.id


async def test_a_term_is_planned_once_takes_another_time_and_keeps_what_became_of_it(store: Store) -> None:
    number = await series(store)
    async with store.begin() as db:
        await db.terms.plan(number, [(SPRING, after(days=107)), (AUTUMN, after(days=300))])
        assert await db.terms.due(after(days=106)) == []
        (due,) = await db.terms.due(after(days=107))
        assert due == Occurrence(number, SPRING, after(days=107), Fate.PLANNED, None)
        assert await db.terms.settle(due, Fate.SENT)
        made = await db.notices.draft(None, "開學。", NOW)
        await db.terms.note(due, Fate.SENT, made.id)
        await db.terms.plan(number, [(SPRING, after(days=120))])
        assert [(one.at, one.state, one.made) for one in await db.terms.of(number)] == [
            (after(days=107), Fate.SENT, made.id),
            (after(days=300), Fate.PLANNED, None),
        ]
        assert await db.terms.drop(number) == 1
        assert [one.term for one in await db.terms.of(number)] == [SPRING]
        assert [one.id for one in await db.notices.series()] == [number]
        notice = await db.notices.get(number)
        assert notice is not None
        assert (await db.notices.end(notice)).state is NoticeState.ENDED
        assert await db.notices.series() == []


async def test_of_two_who_settle_a_term_at_once_one_does(store: Store) -> None:
    await series(store)
    async with store.read() as db:
        (due,) = await db.terms.due(after(days=100))

    async def take() -> bool:
        async with store.begin() as db:
            return await db.terms.settle(due, Fate.SENT)

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_a_draft_leaves_once_or_every_term_and_its_words_come_back_when_it_is_undone(store: Store) -> None:
    async with store.begin() as db:
        draft = await db.notices.draft(None, "{日期}停課。", NOW)
        draft = await db.notices.change(draft, selection="staff", every="start+0 08:00")
        draft = await db.notices.change(draft, at=after(days=1))
        assert (draft.every, draft.at) == ("", after(days=1))
        draft = await db.notices.change(draft, every="end-7 08:00")
        assert (draft.every, draft.at) == ("end-7 08:00", None)
        draft = await db.notices.change(draft, at_once=True)
        sent = await db.notices.confirm(draft, await crowd(db, 2), after(seconds=30), NOW, text="明天停課。")
        assert sent.text == "明天停課。"
        undone = await db.notices.undo(sent, NOW)
        assert (undone.text, undone.every, undone.at) == ("{日期}停課。", "", None)
        sent = await db.notices.confirm(undone, [], after(seconds=30), NOW)
        assert (await db.notices.undo(sent, NOW)).text == "{日期}停課。"


async def test_templates_and_lists_take_the_place_of_those_of_their_name(store: Store) -> None:
    async with store.begin() as db:
        people = [one.person for one in await crowd(db, 3)]
        units = [unit.id for unit in await db.units.every()]
        first = await db.templates.keep("開學", "舊", "", Wanted(Ask.READ), people[0], NOW)
        again = await db.templates.keep("開學", "新", "staff", Wanted(Ask.CHOICE, ("來", "不來")), None, after(days=1))
        assert (again.id, again.text, again.wanted.options) == (first.id, "新", ("來", "不來"))
        assert await db.templates.named("開學") == again
        assert await db.templates.drop(first.id)
        assert not await db.templates.drop(first.id)
        roll = await db.lists.keep("骨幹", people, [], None, NOW)
        assert await db.lists.keep("骨幹", people[:1], units, None, after(days=1)) == roll.__class__(roll.id, "骨幹", 1, 2)
        await db.lists.keep("空", [], [], None, NOW)
        assert await db.lists.members("骨幹") == ({people[0]}, set(units))
        assert [(one.name, one.people, one.units) for one in await db.lists.every()] == [("骨幹", 1, 2), ("空", 0, 0)]
        # A unit that leaves the register leaves the list.
        await db.units.replace([], NOW)
        assert await db.lists.members("骨幹") == ({people[0]}, set())
        assert await db.lists.drop(roll.id)
        assert await db.lists.members("骨幹") is None
