"""The loop: what was asked in vain is answered once by hand and told to everybody who asked; synonyms; answers; a week in numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import open_app
from bot.chat import Action, Address, Reply
from bot.people import Rank
from bot.settings import Settings
from storage.values import State
from tests.fakes import Clock
from tests.handlers.conftest import Talk, labels

QUESTION = "食堂每餐收費多少錢？"
OTHER = "請問食堂每餐收费是多少钱"
ANSWER = "小學每餐十二元，以學校公示欄為準。"


@pytest.fixture
async def office(talk: Talk) -> Talk:
    """An administrator, after three people asked in vain."""
    for name, question in (("ben", QUESTION), ("carl", OTHER), ("dora", "校車早上幾點發車？")):
        await talk.as_(name)(question)
    await talk("/start")
    await talk.become(Rank.ADMINISTRATOR)
    return talk


async def answered(office: Talk) -> Reply:
    gap = await office.press(await office("/unanswered"), "1")
    await office.press(gap, "寫一段解答")
    return await office.press(await office(ANSWER), "發出")


@pytest.mark.parametrize("command", ["/unanswered", "/curated", "/synonyms", "/usage", "/synonyms 甲乙 = 丙丁"])
async def test_the_rooms_are_for_administrators(talk: Talk, command: str) -> None:
    await talk.become(Rank.PRINCIPAL)
    assert "權限" in (await talk(command)).text


GAP = ("gaps", "gap", "gap_point", "gap_take", "gap_write", "gap_send", "gap_drop")
CURATED = ("curated_page", "curated_view", "curated_point", "curated_write", "curated_take", "curated_remove")
SYNONYM = ("synonym_page", "synonym_new", "synonym_gone")


@pytest.mark.parametrize("verb", [*GAP, *CURATED, *SYNONYM])
async def test_a_forged_press_changes_nothing(office: Talk, verb: str) -> None:
    stranger = office.as_("ben")
    assert "權限" in (await stranger._tell(action=Action(verb, "1"))).text
    for reference in ("", "x", "99999", "1.2.3", "9" * 30, "1.000000000000"):
        reply = await office._tell(action=Action(verb, reference))
        assert "抱歉" not in reply.text
    async with office.app.store.read() as db:
        assert await db.lore.curated() == []


async def test_questions_asked_in_vain_are_put_together_and_counted(office: Talk) -> None:
    page = await office("/unanswered")
    rows = page.text.splitlines()
    assert "2 組" in rows[0]
    assert rows[1].startswith("1. ")
    assert "沒答上 2 次" in rows[1]
    gap = await office.press(page, "1")
    assert QUESTION in gap.text
    assert OTHER in gap.text
    assert labels(gap) == ["指定計劃原文", "寫一段解答", "不用解答", "回到列表"]


async def test_wordings_that_differ_in_marks_alone_are_shown_once(office: Talk) -> None:
    for text in ("泳池一次收多少錢？", "泳池一次收多少钱", "泳池一次收多少錢"):
        await office.as_("ben")(text)
    page = await office("/unanswered")
    row = next(line for line in page.text.splitlines() if "泳池" in line)
    assert "沒答上 3 次" in row
    gap = await office.press(page, row.partition(".")[0])
    assert "共問過 3 次" in gap.text
    assert gap.text.count("泳池") == 1


async def test_a_disliked_answer_is_open_with_its_reason_until_liked(office: Talk) -> None:
    ben = office.as_("ben")
    reply = await ben("網絡設備檢修由誰負責？")
    why = await ben.press(reply, "👎")
    await ben.press(why, "單位錯")
    await ben.press(why, "其他")
    await ben("現在歸信息中心管")
    page = await office("/unanswered")
    assert "網絡設備檢修由誰負責？（👎 1 次、其他）" in page.text
    gap = await office.press(page, next(line for line in page.text.splitlines() if "網絡設備" in line)[0])
    assert "現在歸信息中心管" in gap.text
    assert "當時回答：「區電化教育館" in gap.text
    await ben.press(reply, "👍")
    assert "網絡設備" not in (await office("/unanswered")).text


async def test_a_written_answer_is_read_back_and_told_to_every_asker_once(office: Talk) -> None:
    gap = await office.press(await office("/unanswered"), "1")
    await office.press(gap, "寫一段解答")
    await office("寫錯了")
    back = await office(ANSWER)
    assert ANSWER in back.text
    assert "2 人" in back.text
    done = await office.press(back, "發出")
    assert "2 人會收到" in done.text
    sent = await office.send_due()
    assert len(sent) == 2
    assert all(ANSWER in message.text and "由管理員解答" in message.text for message in sent)
    assert {address.chat for address, _, _ in office.channel.delivered} == {"ben", "carl"}
    assert "您問過「" + QUESTION in next(m.text for a, m, _ in office.channel.delivered if a.chat == "ben")
    assert "过时" in (await office.press(back, "發出")).text or "重新寫" in (await office.press(back, "發出")).text
    assert await office.send_due() == []
    assert "食堂" not in (await office("/unanswered")).text


async def test_the_next_one_who_asks_gets_the_answer_and_it_is_counted(office: Talk) -> None:
    await answered(office)
    for question in (QUESTION, OTHER, "飯堂每餐繳費多少錢呢？"):
        reply = await office.as_("emil")(question)
        assert reply.text.startswith(ANSWER)
        assert "管理員解答" in reply.text or "管理员解答" in reply.text
    page = await office("/curated")
    assert "用過 3 次" in page.text
    assert ANSWER not in (await office.as_("emil")("食堂由誰負責？")).text


async def test_an_asker_who_blocked_or_forgot_is_not_written_to(office: Talk) -> None:
    async with office.app.store.begin() as db:
        assert await db.people.close(Address("invented", "ben"), office.clock(), "blocked")
    done = await answered(office)
    assert "1 人會收到" in done.text
    async with office.app.store.begin() as db:
        carl = await db.people.find(Address("invented", "carl"))
        assert carl is not None
        await db.people.set_muted(carl.id, True)
    assert await office.send_due() == []
    async with office.app.store.read() as db:
        backlog = await db.outbox.backlog(office.clock())
    assert backlog.states[State.SENT] == 0


async def test_a_measure_is_pointed_at_after_a_search(office: Talk) -> None:
    gap = await office.press(await office("/unanswered"), "1")
    offered = await office.press(gap, "指定計劃原文")
    assert "哪一條可以回答" in offered.text
    found = await office("食堂管理專項督導")
    assert "食堂管理" in found.text.splitlines()[1]
    assert "2 人會收到" in (await office.press(found, "1")).text
    assert "食堂管理" in (await office.as_("ben")(QUESTION)).text
    sent = await office.send_due()
    assert all("食堂管理" in message.text and "出" in message.text for message in sent)
    assert "沒有找到" in (await _search(office, "𠮷𠮷𠮷")).text


async def _search(office: Talk, words: str) -> Reply:
    gap = await office.press(await office("/unanswered"), "1")
    await office.press(gap, "指定計劃原文")
    return await office(words)


async def test_a_dismissed_group_is_gone_and_nobody_is_told(office: Talk) -> None:
    page = await office("/unanswered")
    gap = await office.press(page, "1")
    assert "2 個問題" in (await office.press(gap, "不用解答")).text
    assert await office.send_due() == []
    assert "處理過" in (await office.press(page, "1")).text
    assert "1 組" in (await office("/unanswered")).text


async def test_old_questions_are_left_out(office: Talk) -> None:
    office.clock.advance(days=31)
    assert "沒有待解答" in (await office("/unanswered")).text
    assert "2 組" in (await office("/unanswered 60")).text


async def test_an_answer_whose_measure_a_new_version_drops_is_pointed_out_and_not_given(office: Talk) -> None:
    found = await _search(office, "食堂管理專項督導")
    await office.press(found, "1")
    await office.send_due()
    (row,) = office.app.services.library().lore.curated[:1]
    hit = office.app.services.library().find(row.measure)
    assert hit is not None
    document = hit.shelf.document
    plans = tuple(replace(plan, measures=tuple(one for one in plan.measures if one.id != row.measure)) for plan in document.plans)
    async with office.app.store.begin() as db:
        made = await db.plans.store_document(replace(document, digest="changed", plans=plans), office.clock())
        await db.plans.release(made.stored.plan, office.clock())
    await office.app.services.renew()
    (message,) = await office.send_due()
    assert "新版計劃裏沒有它了" in message.text
    await office.app.plan_reminders()
    assert await office.send_due() == []
    assert "⚠" in (await office("/curated")).text
    assert "管理員解答" not in (await office.as_("ben")(QUESTION)).text
    assert "已刪除" in (await office.press(message, "刪除")).text
    assert "還沒有管理員的解答" in (await office("/curated")).text


async def test_an_answer_is_changed_in_chat(office: Talk) -> None:
    await answered(office)
    view = await office.press(await office("/curated"), "1")
    assert ANSWER in view.text
    await office.press(view, "改寫")
    assert "太長" in (await office("長" * 801)).text
    await office.press(view, "改寫")
    assert "馬上生效" in (await office("每餐十三元。")).text
    assert (await office.as_("ben")(QUESTION)).text.startswith("每餐十三元。")


async def test_a_synonym_is_in_force_at_once_in_every_process(office: Talk, settings: Settings, clock: Clock) -> None:
    question = "紙上長城什麼時候？"
    async with open_app(settings, {}, now=clock) as other:
        assert "科技節" not in (await office.as_("ben")(question)).text
        assert "馬上生效" in (await office("/synonyms 紙上長城 ＝ 科技節")).text
        assert "科技節" in (await office.as_("ben")(question)).text
        await other.shelves.look_now()
        assert "科技节" in other.shelves.library.lore.words["纸上长城"]
    listed = await office("/synonyms")
    assert "1. 紙上長城 = 科技節" in listed.text
    assert "已刪除" in (await office.press(listed, "刪除 1")).text
    assert "失效" in (await office.press(listed, "刪除 1")).text
    assert "科技節" not in (await office.as_("ben")(question)).text


NO_PAIRS = {
    "輪崗": "甲 = 乙",
    "輪崗 =": "甲 = 乙",
    "a=b=c": "甲 = 乙",
    "輪 = 崗": "兩個字",
    "！！！ = ？？？": "兩個字",
    "輪崗 = 轮岗": "同一個詞",
    "輪" * 21 + " = 交流": "20 字",
}


@pytest.mark.parametrize(("text", "said"), NO_PAIRS.items())
async def test_a_pair_that_is_none_gets_a_sentence_and_is_not_kept(office: Talk, text: str, said: str) -> None:
    await office.press(await office("/synonyms"), "新增")
    assert said in (await office(text)).text
    async with office.app.store.read() as db:
        assert await db.lore.synonyms() == []
    assert "已添加" in (await office("教師交流 = 輪崗")).text


async def test_a_pair_is_kept_once(office: Talk) -> None:
    await office("/synonyms 教師交流 = 輪崗")
    assert "已經有了" in (await office("/synonyms 轮岗 = 教师交流")).text


async def test_the_weeks_report_counts_and_names_nobody(office: Talk) -> None:
    ben = office.as_("ben")
    await ben("科技節由誰組隊？", name="Ben Brook")
    await ben("科技節由誰組隊？", name="Ben Brook")
    reply = await office("/usage")
    assert "提問 5 次，來自 3 人" in reply.text
    assert "答上 40%，沒答上 3 次" in reply.text
    assert "1. 科技節由誰組隊？（2 次）" in reply.text or "科技節由誰組隊？（2 次）" in reply.text
    assert "電化教育館（2）" in reply.text
    assert "校車" not in reply.text
    assert "Ben" not in reply.text
    assert "校車" in (await office.press(reply, "去解答")).text


async def test_the_number_of_a_row_is_no_question_in_the_weeks_report(office: Talk) -> None:
    await office("5月有哪些活動？")
    for _ in range(3):
        await office("2")
    assert "2（3 次）" not in (await office("/usage")).text


async def test_the_report_is_sent_once_on_monday_to_administrators_only(office: Talk) -> None:
    await office.app.plan_reminders()
    assert await office.send_due() == []
    monday = office.clock() + timedelta(days=7)
    office.clock.set(monday.replace(hour=3))
    for _ in range(3):
        await office.app.plan_reminders()
    assert await office.send_due() == []
    office.clock.set(monday.replace(hour=8, minute=1))
    (report,) = await office.send_due()
    assert "2026-10-12 至 2026-10-18" in report.text
    assert [address.chat for address, _, _ in office.channel.delivered] == ["anna"]
    await office.app.plan_reminders()
    assert await office.send_due() == []


async def test_a_week_without_questions_sends_no_report(talk: Talk) -> None:
    await talk("/start")
    await talk.become(Rank.ADMINISTRATOR)
    talk.clock.advance(days=8)
    await talk.app.plan_reminders()
    assert await talk.send_due() == []
