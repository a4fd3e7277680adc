"""What is kept of somebody: said, handed over, gone for good; and what is over its time goes by itself."""

import json
from datetime import timedelta

from bot.people import Rank
from tests.handlers.conftest import Talk, button_of
from tests.handlers.test_invite import FIRST, forged, person
from tests.handlers.test_members import place


async def test_what_is_kept_is_said_with_the_days_of_the_settings(talk: Talk) -> None:
    reply = await talk("/privacy")
    assert "180 天" in reply.text
    assert "400 天" in reply.text
    assert "/forget" in reply.text
    assert (await talk.press(reply, "匯出")).files


async def test_everything_kept_of_a_person_is_handed_to_them_and_nothing_of_others(talk: Talk) -> None:
    ben, carl = talk.as_("ben"), talk.as_("carl")
    await place(ben, "林素琴", Rank.TEACHER, FIRST)
    await place(carl, "周啟明", Rank.TEACHER, FIRST)
    await ben("科技節什麼時候？")
    await carl("跳繩歸誰管？")
    await ben("/follow 科技節")
    await ben.press(await ben("/addresses"), "加入另一個位址")
    reply = await ben("/export")
    text, data = reply.files
    held = json.loads(data.data)
    assert held["people"][0]["name"] == "林素琴"
    assert held["addresses"][0]["chat"] == "ben"
    assert [row["question"] for row in held["questions"]] == ["科技節什麼時候？"]
    assert len(held["subscriptions"]) == 1
    assert "_hash" not in data.data.decode()
    assert held["joins"]
    assert "科技節什麼時候？" in text.data.decode()
    assert "【跟進】1 條" in text.data.decode()
    for file in (text, data):
        assert "周啟明" not in file.data.decode()
        assert "跳繩" not in file.data.decode()


async def test_whoever_wants_to_be_forgotten_is_a_stranger_afterwards(talk: Talk) -> None:
    ben = talk.as_("ben")
    await place(ben, "林素琴", Rank.TEACHER, FIRST)
    await ben("科技節什麼時候？")
    await ben("/follow 科技節")
    before = await person(ben)
    asked = await ben("/forget")
    assert "1 件跟進、1 個提問" in asked.text
    assert (await person(ben)).id == before.id
    assert "已經刪除" in (await ben.press(asked, "全部刪除")).text
    async with talk.app.store.read() as db:
        assert await db.people.get(before.id) is None
        assert all(row.question == "" for row in await db.questions.recent(5))
        assert (await db.audit.verify()).sound
        gone = await db.audit.recent(1)
    assert (gone[0].action, gone[0].who) == ("forgotten", before.id)
    again = button_of(asked, "全部刪除").action
    assert again is not None
    assert "失效" in (await forged(ben, again.verb, again.ref)).text
    after = await person(ben)
    assert (after.id != before.id, after.rank, after.name) == (True, Rank.GUEST, "")
    talk.clock.advance(days=400)
    assert not any(to.chat == "ben" for to, _, _ in talk.channel.delivered)


async def test_at_night_old_questions_become_counts(talk: Talk) -> None:
    await talk("科技節什麼時候？")
    talk.clock.time += timedelta(days=100)
    await talk("跳繩歸誰管？")
    talk.clock.time += timedelta(days=81)
    await talk.app.tidy()
    async with talk.app.store.read() as db:
        newest, oldest = await db.questions.recent(2)
        assert (newest.question, newest.person is None) == ("跳繩歸誰管？", False)
        assert (oldest.question, oldest.person, oldest.chat, oldest.status) == ("", None, "", "answered")
    await talk.app.tidy()
