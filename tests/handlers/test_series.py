"""A notice of every term: planned ahead by the school calendar, made for whoever is there then, missed, refused and ended."""

from datetime import datetime

from bot.chat import Moved, Reply
from bot.people import Rank
from storage.terms import Fate, Occurrence
from tests.handlers.conftest import SHANGHAI, Talk, labels
from tests.handlers.test_notice import deliver, staff, written
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import filled, form_of, get, post
from tests.handlers.test_writing import saved, sending


async def every(talk: Talk, when: str = "每學期開學第一天上午8點", text: str = "{學期}開學了。", until: str = "") -> Reply:
    """A series that is confirmed; the reply to the confirmation."""
    card = await written(talk, text)
    if until:
        await talk.press(await talk.press(await talk.press(card, "改回覆方式"), "按「已閱」"), "定截止")
    await talk.press(card, "定時間")
    card = await talk(when)
    if until:
        await talk.press(card, "定截止")
        card = await talk(until)
    return await talk.press(await talk.press(card, "發送"), "確認")


async def terms(talk: Talk, number: int = 1) -> list[Occurrence]:
    async with talk.app.store.read() as db:
        return await db.terms.of(number)


async def until(talk: Talk, *moment: int) -> list[Reply]:
    """What is sent by that moment."""
    talk.clock.set(datetime(*moment, tzinfo=SHANGHAI))  # type: ignore[misc,arg-type]
    await talk.app.sweep()
    return await talk.send_due()


async def test_each_term_it_goes_to_whoever_is_there_then_with_its_own_words(talk: Talk) -> None:
    await staff(talk, 2)
    told = await every(talk)
    assert "每學期開學第一天 08:00（接下來：2027-02-15 08:00、2027-09-01 08:00）" in told.text
    assert [one.state for one in await terms(talk)] == [Fate.PLANNED] * 2
    assert await deliver(talk) == []
    assert await until(talk, 2027, 2, 15, 7, 59) == []
    await staff(talk, 4)
    messages = await until(talk, 2027, 2, 15, 8, 0)
    assert [message.text for message in messages] == ["【通知】\n2026—2027學年第二學期開學了。"] * 5
    assert await until(talk, 2027, 2, 15, 8, 1) == []
    assert [one.state for one in await terms(talk)] == [Fate.SENT, Fate.PLANNED, Fate.PLANNED]
    autumn = await until(talk, 2027, 9, 1, 8, 0)
    assert {message.text for message in autumn} == {"【通知】\n2027—2028學年第一學期開學了。"}
    assert "送達 5／5 人" in (await talk("/report 3")).text
    assert "不能再撤銷" in (await talk.press(told, "撤銷")).text


async def test_its_end_is_as_long_after_it_leaves_as_the_first_time(talk: Talk) -> None:
    people = await staff(talk, 1)
    await every(talk, until="2027-02-18 17:00")
    await until(talk, 2027, 2, 15, 8, 0)
    messages = await until(talk, 2027, 9, 1, 8, 0)
    assert all("截止：2027-09-04 17:00" in message.text for message in messages)
    await until(talk, 2027, 9, 4, 17, 1)
    assert "已過截止時間" in (await people[0].press(messages[0], "已閱")).text


async def test_it_is_made_a_draft_again_or_ended_and_then_nothing_goes_out(talk: Talk) -> None:
    await staff(talk, 1)
    undone = await talk.press(await every(talk), "撤銷")
    assert "草稿還在" in undone.text
    assert await terms(talk) == []
    await talk.press(await talk.press(undone, "發送"), "確認")
    card = await talk.press(await talk("/notice"), "每學期發的")
    assert "　2027-02-15 08:00　到時發出" in card.text
    await until(talk, 2027, 2, 15, 8, 0)
    card = await talk.press(await talk("/notice"), "每學期發的")
    assert "　2027-02-15 08:00　已發（通知 2）" in card.text
    ended = await talk.press(await talk.press(card, "結束"), "確定結束")
    assert "已結束，取消了定好的 2 次" in ended.text
    assert "確定結束" not in labels(ended)
    assert await until(talk, 2027, 9, 1, 8, 0) == []
    assert "重新打開" in (await talk.press(await talk.press(card, "結束"), "確定結束")).text


async def test_what_cannot_leave_waits_as_a_draft_and_its_author_is_told_why(talk: Talk) -> None:
    await staff(talk, 1)
    await every(talk, text="{活動：科技節}見。")
    async with talk.app.store.begin() as db:
        for stored in await db.plans.released():
            await db.plans.retire(stored.plan, talk.clock())
    await talk.app.shelves.look_now()
    (message,) = await until(talk, 2027, 2, 15, 8, 0)
    assert "這學期的一份沒有發出，草稿 2 還在" in message.text
    assert "{科技節} 現在沒有可填的內容" in message.text
    card = await talk.press(message, "返回")
    assert "{活動：科技節}見。" in card.text
    assert [one.state for one in await terms(talk)] == [Fate.REFUSED, Fate.PLANNED, Fate.PLANNED]
    # Too late after an outage of three days it is not sent at all.
    (late,) = await until(talk, 2027, 9, 4, 9, 0)
    assert "過時沒有發出" in late.text
    assert [one.state for one in await terms(talk)][:2] == [Fate.REFUSED, Fate.MISSED]


async def test_it_is_set_on_the_page_shown_there_and_ended_with_a_tick(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.become(Rank.ADMINISTRATOR)
    page = await saved(talk, at="每學期第2週週三下午3點")
    assert "每學期第2週星期三 15:00（接下來：2027-02-24 15:00" in words(page)
    form = filled(form_of(page, "存草稿"))
    assert isinstance(await post(talk, "write", form), Moved)
    page = await get(talk, "write", notice="1")
    assert filled(form_of(page, "存草稿"))["at"] == form["at"]
    moved = await post(talk, "write", filled(sending(page), sure="yes"))
    assert isinstance(moved, Moved)
    assert moved.page == "series"
    page = await get(talk, "series", notice="1")
    assert "到時發出" in words(page)
    assert "每學期發" in words(await get(talk, "notices"))
    untold = await post(talk, "series", filled(form_of(page, "結束")))
    assert not isinstance(untold, Moved)
    moved = await post(talk, "series", filled(form_of(page, "結束"), sure="yes"))
    assert isinstance(moved, Moved)
    assert "已結束，取消了定好的 2 次" in (await get(talk, moved.page, **moved.values)).notice
