"""👍 and 👎: kept once a person and answer, changed by the next press, with a reason or a remark."""

import pytest

from bot.chat import Action, Place
from storage.values import Opinion
from tests.handlers.conftest import Talk


async def kept(talk: Talk) -> list[Opinion]:
    async with talk.app.store.read() as db:
        return await db.feedback.on(range(50))


async def test_a_thumb_is_kept_with_question_answer_version_and_person(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    thanks = await talk.press(reply, "👍")
    assert (thanks.place, thanks.text) == (Place.TOAST, "謝謝，已記下。")
    await talk.press(reply, "👍")
    (opinion,) = await kept(talk)
    async with talk.app.store.read() as db:
        row = await db.questions.get(opinion.question)
    assert row is not None
    assert (opinion.good, row.question, len(row.measures), row.plans) == (True, "網絡設備檢修由誰負責？", 1, ((1, 1),))


async def test_a_dislike_asks_why_and_a_changed_mind_replaces_it(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    why = await talk.press(reply, "👎")
    assert (await kept(talk))[0].good is False
    noted = await talk.press(why, "單位錯")
    assert noted.place is Place.REPLACE
    assert "單位錯" in noted.text
    await talk.press(why, "日期錯")
    (opinion,) = await kept(talk)
    assert (opinion.good, opinion.reason) == (False, "date")
    await talk.press(reply, "👍")
    (opinion,) = await kept(talk)
    assert (opinion.good, opinion.reason) == (True, "")


async def test_another_reason_is_said_in_words(talk: Talk) -> None:
    why = await talk.press(await talk("網絡設備檢修由誰負責？"), "👎")
    assert "一句話" in (await talk.press(why, "其他")).text
    assert "記下" in (await talk("檢修改由總務處做了")).text
    (opinion,) = await kept(talk)
    assert (opinion.reason, opinion.note) == ("other", "檢修改由總務處做了")


async def test_a_question_taken_for_a_remark_is_asked_with_one_press(talk: Talk) -> None:
    why = await talk.press(await talk("網絡設備檢修由誰負責？"), "👎")
    await talk.press(why, "其他")
    remarked = await talk("科技節什麼時候？")
    answer = await talk.press(remarked, "新的問題")
    assert "4月" in answer.text.splitlines()[0]
    assert (await kept(talk))[0].note == ""
    assert "失效" in (await talk.press(remarked, "新的問題")).text


@pytest.mark.parametrize(
    "action", [Action("good", "99"), Action("bad", "x"), Action("wrong", "1.nothing"), Action("meant", ""), Action("good", "1")]
)
async def test_an_opinion_on_somebody_elses_answer_or_on_none_is_refused(talk: Talk, action: Action) -> None:
    await talk.as_("ben")("網絡設備檢修由誰負責？")
    reply = await talk._tell(action=action)
    assert "失效" in reply.text
    assert await kept(talk) == []


async def test_a_typed_dislike_asks_why_as_the_button_does(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    typed = await talk("👎")
    assert (await kept(talk))[0].good is False
    assert typed == await talk.press(reply, "👎")
    await talk.press(typed, "日期錯")
    assert (await kept(talk))[0].reason == "date"
