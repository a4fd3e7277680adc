"""完成: who may press it, what it stops, what shows it, and what becomes of it when the plan changes."""

from dataclasses import replace

from bot.chat import Address, FileRef, Place
from bot.people import Rank
from bot.plan.model import Document
from storage.standings import How, Standing
from storage.store import Store
from tests.handlers.conftest import Talk, button_of, labels
from tests.handlers.test_follow import shanghai


async def of_school(talk: Talk, name: str, rank: Rank = Rank.TEACHER) -> Talk:
    """Somebody who belongs to the unit of that name."""
    async with talk.app.store.begin() as db:
        person = (await db.people.meet(Address(talk.channel.name, talk.sender), "", "", talk.clock())).person
        unit = await db.units.named(name)
        assert unit is not None
        if rank is Rank.GUEST:
            await db.people.set_unit(person.id, unit.id)
        else:
            await db.people.set_rank(person.id, rank, unit.id)
    return talk


async def test_done_under_a_reminder_stops_the_others_of_the_same_school_and_of_no_other(talk: Talk) -> None:
    first = await of_school(talk.as_("a"), "禾溪區第一小學")
    colleague = await of_school(talk.as_("b"), "禾溪區第一小學")
    other = await of_school(talk.as_("c"), "禾溪區第二小學")
    for one in (first, colleague, other):
        answer = await one("3月的緊急疏散演練什麼時候？")
        await one.press(answer, "跟進")
    talk.clock.set(shanghai(2027, 3, 22, 8, 1))
    sent = await talk.send_due()
    assert len(sent) == 3
    reminder = next(message for to, message, _ in talk.channel.delivered if to.chat == "a")
    reply = await first.press(reminder, "完成")
    assert "禾溪區第一小學完成了" in reply.text
    before = len(talk.channel.delivered)
    talk.clock.set(shanghai(2027, 3, 28, 8, 1))
    await talk.send_due()
    assert {to.chat for to, _, _ in talk.channel.delivered[before:]} == {"c"}


async def test_only_people_of_an_owning_unit_are_offered_it(talk: Talk) -> None:
    teacher = await of_school(talk.as_("a"), "禾溪區第一小學")
    guest = await of_school(talk.as_("g"), "禾溪區第一小學", Rank.GUEST)
    asked = "3月的緊急疏散演練誰負責？"
    assert "完成" in labels(await teacher(asked))
    assert "完成" not in labels(await guest(asked))
    stranger = await of_school(talk.as_("s"), "禾溪區電化教育館")
    assert "完成" not in labels(await stranger(asked))
    button = button_of(await teacher(asked), "完成")
    assert button.action is not None
    pressed = await stranger._tell(action=button.action)
    assert pressed.place is Place.TOAST
    async with talk.app.store.read() as db:
        assert await db.standings.every() == []


async def test_undone_it_is_open_again_and_a_second_press_says_who_was_first(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    two = await of_school(talk.as_("b"), "禾溪區第一小學")
    answer = await one("3月的緊急疏散演練誰負責？")
    said = await one.press(answer, "完成")
    again = await two.press(await two("3月的緊急疏散演練誰負責？"), "完成")
    assert "已由" in again.text
    await two.press(again, "撤銷")
    stale = await one.press(said, "撤銷")
    assert stale.place is Place.TOAST
    async with talk.app.store.read() as db:
        (stand,) = await db.standings.every()
        assert stand.state is Standing.OPEN


async def test_a_note_and_files_are_shown_with_the_way_it_came_about(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    said = await one.press(await one("3月的緊急疏散演練誰負責？"), "完成")
    await one.press(said, "補說明或附件")
    talk.channel.files["f1"] = b"\x89PNG"
    files = (FileRef(talk.channel.name, "f1", "演練.png", 4, "image/png"),)
    took = await one("全校 812 人參加", files=files)
    assert "演練.png" in took.text
    shown = await one.press(took, "經過")
    assert "全校 812 人參加" in shown.text
    brought = await one.press(shown, "演練.png")
    assert brought.files[0].data == b"\x89PNG"


async def test_my_school_marks_what_is_done(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    page = await one("/mine")
    await one.press(page, "完成 1")
    after = await one("/mine")
    assert "1. ✓ 已完成" in after.text
    assert "完成 1" not in labels(after)


def reworded(document: Document, measure: str) -> Document:
    """The document with one sentence worded otherwise."""
    plans = []
    for plan in document.plans:
        measures = tuple(
            replace(one, id="f" * 12, text=one.text + "演練情況報區教育局備案。") if one.id == measure else one for one in plan.measures
        )
        plans.append(replace(plan, measures=measures))
    return replace(document, plans=tuple(plans), digest="0" * 64)


async def test_a_new_version_of_the_plan_keeps_what_was_done_and_says_so(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    said = await one.press(await one("3月的緊急疏散演練誰負責？"), "完成")
    store: Store = talk.app.store
    async with store.read() as db:
        (stand,) = await db.standings.every()
        stored = await db.plans.get(stand.target.plan)
    async with store.begin() as db:
        draft = await db.plans.store_document(reworded(stored.document, stand.target.measure), talk.clock())
        await db.plans.release(draft.stored.plan, talk.clock(), draft.stored.version)
    await talk.app.services.renew()
    await talk.app.services.renew()
    async with store.read() as db:
        (now,) = await db.standings.every()
        history = await db.standings.history(now.id)
    assert (now.target.measure, now.state, now.target.version) == ("f" * 12, Standing.DONE, draft.stored.version)
    assert history[-1].how is How.CARRIED
    shown = await one.press(said, "經過")
    assert "狀態沿用" in shown.text
