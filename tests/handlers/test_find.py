"""Questions in conversation: what is said first, what is quoted, what is asked back, and what is refused."""

from dataclasses import replace

import pytest

from bot.chat import Action
from tests.handlers.conftest import Talk, button_of, labels


async def test_who_when_and_what_begin_with_what_was_asked(talk: Talk) -> None:
    who = await talk("網絡設備檢修由誰負責？")
    assert "電化教育館" in who.text.splitlines()[0]
    when = await talk("學期末的質量監測是哪幾天？")
    assert "7月3日" in when.text.splitlines()[0]
    assert "7月5日" in when.text.splitlines()[0]
    for reply in (who, when):
        assert len(reply.text.splitlines()[0]) <= 45
        assert "「" in reply.text
        assert "出處：" in reply.text
        assert len(reply.text.splitlines()) <= 8


async def test_a_question_in_simplified_is_answered_in_simplified_and_asked_once_for_the_script(talk: Talk) -> None:
    reply = await talk("网络设备检修归谁管？")
    assert "出处：" in reply.text
    assert "網絡設備" in reply.text
    kept = await talk.press(reply, "引文显示简体")
    assert "网络设备" in kept.text
    assert "转换" in kept.text
    again = await talk("网络设备检修归谁管？")
    assert "网络设备" in again.text
    assert "转换" in again.text
    assert not [label for label in labels(again) if "引文" in label]


async def test_an_unnamed_owner_is_said_to_be_unnamed(talk: Talk) -> None:
    reply = await talk("暑假期間的領導帶班值守歸誰管？")
    assert "未點名" in reply.text or "承上文" in reply.text


async def test_a_follow_up_keeps_the_subject_for_a_quarter_of_an_hour(talk: Talk) -> None:
    first = await talk("科技節由誰組隊？")
    assert "電化教育館" in first.text
    second = await talk("那什麼時候？")
    assert "4月" in second.text.splitlines()[0]
    talk.clock.advance(minutes=16)
    assert (await talk("那什麼時候？")).text != second.text


async def test_one_persons_subject_is_not_anothers(talk: Talk) -> None:
    await talk("科技節由誰組隊？")
    other = await talk.as_("ben")("那什麼時候？")
    assert "科技節" not in other.text


@pytest.mark.parametrize("question", ["局長的手機號碼是多少？", "食堂每餐收多少錢？", "校車早上幾點發車？"])
async def test_what_the_plan_cannot_know_is_refused(talk: Talk, question: str) -> None:
    reply = await talk(question)
    assert reply.text.startswith("計劃裏沒有寫這件事")


async def test_what_was_not_found_is_said_in_the_script_of_the_question(talk: Talk) -> None:
    assert "局長" in (await talk("局長的電話號碼是多少？")).text
    assert "局长" in (await talk("局长的电话号码是多少？")).text


async def test_the_source_shows_the_neighbours_and_what_was_read(talk: Talk) -> None:
    reply = await talk("網絡設備檢修由誰負責？")
    source = await talk.press(reply, "原文")
    assert "誰：" in source.text
    assert "時間：" in source.text
    assert "出處：" in source.text


async def test_every_question_is_kept_with_what_was_answered(talk: Talk) -> None:
    await talk("科技節由誰組隊？")
    await talk("局長的手機號碼是多少？")
    async with talk.app.store.read() as db:
        kept = await db.questions.recent(10)
    assert {row.status for row in kept} == {"answered", "unknown"}


@pytest.mark.parametrize("text", ["", "   ", "/find", "？？？", "🙂", "\u202e\u200b", "'; DROP TABLE plans; --", "a" * 1999, "第" * 1999])
async def test_odd_texts_get_an_answer_and_no_apology(talk: Talk, text: str) -> None:
    reply = await talk(text)
    assert reply.text
    assert "抱歉" not in reply.text


async def test_too_long_a_text_is_told_so(talk: Talk) -> None:
    assert "太長" in (await talk("科" * 2001)).text


async def test_an_old_button_says_until_when_its_sentence_stood_and_what_stands_there_now(talk: Talk) -> None:
    reply = await talk("科技節什麼時候？")
    source = button_of(reply, "原文")
    assert source.action is not None
    hit = talk.app.services.library().find(source.action.ref)
    assert hit is not None
    document = hit.shelf.document
    moved = replace(hit.measure, id="0123456789ab", text=hit.measure.text.replace("4月", "5月中旬"))
    plan = replace(hit.plan, measures=tuple(moved if one.id == hit.measure.id else one for one in hit.plan.measures))
    plans = tuple(plan if one.plan == plan.plan else one for one in document.plans)
    async with talk.app.store.begin() as db:
        made = await db.plans.store_document(replace(document, digest="changed", plans=plans), talk.clock())
        await db.plans.release(made.stored.plan, talk.clock())
    await talk.app.shelves.look_now()
    old = await talk.press(reply, "原文")
    assert "第 1 版" in old.text
    assert "2026年10月12日" in old.text
    assert old.text.index(hit.measure.text) < old.text.index("現在（第 2 版）") < old.text.index("5月中旬")
    assert "5月中旬" in (await talk.press(old, "現在的寫法")).text
    follow = await talk._tell(action=Action("follow", source.action.ref))
    assert "已不再適用" in follow.text
