"""A notice from its first word to the last receipt, as an administrator and the people it reaches live it."""

import io
import re
from collections.abc import Sequence

import openpyxl
import pytest

from bot.chat import Action, Address, Incoming, Outcome, Receipt, Reply
from bot.people import Rank
from tests.handlers.conftest import Talk, labels


async def staff(talk: Talk, count: int, rank: Rank = Rank.TEACHER) -> list[Talk]:
    people = [talk.as_(f"person{number}") for number in range(count)]
    for number, person in enumerate(people):
        async with talk.app.store.begin() as db:
            known = await db.people.meet(Address(talk.channel.name, person.sender), f"老師{number}", "", talk.clock())
            unit = (await db.units.every())[number % 3]
            await db.people.set_rank(known.person.id, rank, unit.id)
    return people


async def written(talk: Talk, text: str = "週五下午三點開會，請準時參加。") -> Reply:
    """The card of a draft for all staff."""
    await talk.become(Rank.ADMINISTRATOR)
    await talk("/notice")
    asked = await talk(text)
    return await talk.press(asked, "全體教職工")


async def sent(talk: Talk, ask: str = "", text: str = "週五下午三點開會。") -> Reply:
    """A confirmed notice; the reply to the confirmation."""
    card = await written(talk, text)
    if ask:
        card = await talk.press(await talk.press(card, "改回覆方式"), ask)
    return await talk.press(await talk.press(card, "發送"), "確認")


async def deliver(talk: Talk) -> list[Reply]:
    talk.clock.advance(seconds=31)
    return await talk.send_due()


async def test_from_the_first_word_to_the_last_receipt(talk: Talk) -> None:
    people = await staff(talk, 4)
    card = await written(talk)
    assert "全體教職工（5 人）" in card.text
    assert "週五下午三點開會" in card.text
    card = await talk.press(await talk.press(card, "改回覆方式"), "按「已閱」")
    preview = await talk.press(card, "看看樣子")
    sure = await talk.press(card, "發送")
    assert "5 人" in sure.text
    assert await talk.send_due() == []
    told = await talk.press(sure, "確認發給 5 人")
    assert await talk.send_due() == []
    messages = await deliver(talk)
    assert [message.text for message in messages] == [preview.text] * 5
    assert labels(messages[0]) == ["已閱"]
    board = await talk.press(told, "看進展")
    assert "送達 5／5 人" in board.text
    assert "已回覆 0 人，未回 5 人" in board.text
    got = await people[0].press(messages[1], "已閱")
    assert "收到" in got.text
    board = await talk("/report 1")
    assert "已回覆 1 人，未回 4 人" in board.text
    silent = await talk.press(board, "誰沒回")
    assert "老師0" not in silent.text
    assert "老師1" in silent.text


async def test_a_teacher_cannot_write_one_and_a_press_of_somebody_else_is_not_taken(talk: Talk) -> None:
    people = await staff(talk, 1)
    denied = await people[0]("/notice 明天放假")
    assert "權限" in denied.text
    card = await written(talk)
    assert "權限" in (await people[0].press(card, "發送")).text
    await talk.press(await talk.press(await talk.press(await talk.press(card, "改回覆方式"), "按「已閱」"), "發送"), "確認")
    messages = await deliver(talk)
    stranger = talk.as_("stranger")
    assert "不是發給您的" in (await stranger.press(messages[0], "已閱")).text
    assert "已回覆 0 人" in (await talk("/report 1")).text


@pytest.mark.parametrize(("asked", "label"), [("/join", ""), ("/invite", "教師"), ("", "改內容")])
async def test_notice_with_its_text_is_a_new_one_whatever_words_were_asked_for_before(talk: Talk, asked: str, label: str) -> None:
    card = await written(talk, "第一則")
    waiting = await talk(asked) if asked else card
    if label:
        await talk.press(waiting, label)
    await talk.press(await talk("/notice 第二則"), "全體教職工")
    async with talk.app.store.read() as db:
        assert [notice.text for notice in await db.notices.every()] == ["第二則", "第一則"]


async def test_confirmed_by_two_presses_it_goes_out_once(talk: Talk) -> None:
    await staff(talk, 2)
    sure = await talk.press(await written(talk), "發送")
    first = await talk.press(sure, "確認")
    second = await talk.press(sure, "確認")
    assert "秒後開始" in first.text
    assert "已經發出" in second.text
    assert len(await deliver(talk)) == 3
    assert await deliver(talk) == []


async def test_undo_within_the_pause_reaches_nobody(talk: Talk) -> None:
    await staff(talk, 2)
    told = await sent(talk)
    undone = await talk.press(told, "撤銷")
    assert "沒有發給任何人" in undone.text
    assert await deliver(talk) == []
    again = await talk.press(await talk.press(undone, "發送"), "確認")
    assert len(await deliver(talk)) == 3
    assert "已經發出" in (await talk.press(told, "撤銷")).text
    assert "不能再撤銷" in (await talk.press(again, "撤銷")).text


async def test_somebody_who_joined_before_the_last_press_makes_it_ask_again(talk: Talk) -> None:
    await staff(talk, 1)
    sure = await talk.press(await written(talk), "發送")
    await staff(talk, 2)
    card = await talk.press(sure, "確認")
    assert "3 人" in card.text
    assert await deliver(talk) == []


async def test_many_people_are_confirmed_by_typing_their_number(talk: Talk) -> None:
    await staff(talk, 101)
    sure = await talk.press(await written(talk), "發送")
    assert labels(sure) == []
    assert "沒有發出" in (await talk("好的")).text
    sure = await talk.press(await talk("/notice"), "週五")
    sure = await talk.press(sure, "發送")
    assert "秒後開始" in (await talk("102")).text
    assert len(await deliver(talk)) == 102


async def test_scheduled_it_waits_for_its_time(talk: Talk) -> None:
    await staff(talk, 1)
    card = await written(talk)
    await talk.press(card, "定時間")
    assert "沒看出是幾點" in (await talk("過幾天")).text
    assert "已經過了" in (await talk("今天早上8點")).text
    card = await talk("明天上午8點")
    assert "2026-10-13 08:00" in card.text
    told = await talk.press(await talk.press(card, "發送"), "確認")
    assert "2026-10-13 08:00" in told.text
    talk.clock.advance(hours=22)
    assert await talk.send_due() == []
    talk.clock.advance(hours=2)
    assert len(await talk.send_due()) == 2


async def test_pause_resume_and_stop_with_an_honest_count(talk: Talk) -> None:
    await staff(talk, 3)
    await sent(talk)
    board = await talk("/report 1")
    paused = await talk.press(board, "暫停")
    assert "4 人還沒發" in paused.text
    assert await deliver(talk) == []
    assert "請重新打開" in (await talk.press(board, "停止")).text
    resumed = await talk.press(paused, "繼續")
    assert "還有 4 人" in resumed.text
    stopped = await talk.press(resumed, "停止")
    assert "4 人不再收到" in stopped.text
    assert await deliver(talk) == []
    assert "送達 0／4 人" in stopped.text
    assert "沒有發出 4 人（已停止或取消）" in stopped.text


async def test_who_did_not_get_it_is_named_with_the_reason(talk: Talk) -> None:
    await staff(talk, 3)
    async with talk.app.store.begin() as db:
        await db.people.close(Address(talk.channel.name, "person2"), talk.clock(), "blocked")
    told = await sent(talk)
    assert "3 人" in told.text
    talk.channel.orders = [Receipt(Outcome.SENT), Receipt(Outcome.GONE, detail="blocked"), Receipt(Outcome.UNCERTAIN)]
    await deliver(talk)
    board = await talk("/report 1")
    for words in ("送達 1／4 人", "不確定是否送達 1 人", "未能送達 1 人", "沒有地址 1 人"):
        assert words in board.text
    trouble = await talk.press(board, "誰沒收到")
    assert re.search(r"老師2（.+）沒有地址", trouble.text)
    assert "屏蔽" in trouble.text
    # What is in doubt is not sent again by itself, only when a person says so, and then it says that it may be a repeat.
    assert await deliver(talk) == []
    await talk.press(board, "重發不確定的")
    again = await deliver(talk)
    assert len(again) == 1
    assert "可能重複" in again[0].text


async def test_those_who_have_not_answered_are_asked_again_but_not_at_once(talk: Talk) -> None:
    people = await staff(talk, 2)
    await sent(talk, "按「已閱」")
    messages = await deliver(talk)
    await people[1].press(messages[2], "已閱")
    board = await talk("/report 1")
    assert "分鐘再發" in (await talk.press(board, "再發給未回的人")).text
    talk.clock.advance(minutes=6)
    assert "再發給 2 人" in (await talk.press(await talk("/report 1"), "再發給未回的人")).text
    assert len(await deliver(talk)) == 2


@pytest.mark.parametrize(
    ("ask", "given", "kept", "wrong"),
    [("回一個數", "12人", "收到：12", "十幾個"), ("回一句話", "帶隊老師是李明", "收到：帶隊老師是李明", "字" * 201)],
)
async def test_a_number_or_a_line_is_asked_for_until_it_fits(talk: Talk, ask: str, given: str, kept: str, wrong: str) -> None:
    people = await staff(talk, 1)
    await sent(talk, ask)
    messages = await deliver(talk)
    await people[0].press(messages[1], "回覆")
    assert "請" in (await people[0](wrong)).text
    assert (await people[0](given)).text == kept
    assert "已回覆 1 人" in (await talk("/report 1")).text


async def test_an_anonymous_vote_is_told_when_it_is_over_and_from_five_on(talk: Talk) -> None:
    people = await staff(talk, 6)
    card = await written(talk)
    await talk.press(await talk.press(card, "改回覆方式"), "不記名投票")
    assert "2 至 8 個" in (await talk("滿意")).text
    for voters, told in ((4, "滿 5 票後"), (5, "　滿意：4 人（80%）\n　一般：1 人（20%）\n　不滿意：0 人（0%）")):
        card = await talk("滿意、一般、不滿意")
        assert "要先定截止" in (await talk.press(card, "發送")).text
        await talk.press(card, "定截止")
        card = await talk("後天")
        sent = await talk.press(await talk.press(card, "發送"), "確認")
        messages = await deliver(talk)
        for number, person in enumerate(people[:voters]):
            await person.press(messages[number + 1], "一般" if number == 4 else "滿意")
        assert "不能更改" in (await people[0].press(messages[1], "一般")).text
        assert "後公布" in (await talk.press(sent, "看進展")).text
        talk.clock.advance(days=3)
        assert told in (await talk.press(sent, "看進展")).text
        await talk.press(await talk.press(await written(talk, "再來一次"), "改回覆方式"), "不記名投票")


async def test_recipients_in_words(talk: Talk) -> None:
    await staff(talk, 3)
    await talk.become(Rank.ADMINISTRATOR)
    async with talk.app.store.read() as db:
        first, second, *_ = [unit.name for unit in await db.units.every()]
    await talk("/notice 請於今天下班前報送材料。")
    assert "名冊裏沒有「火星小學」" in (await talk("火星小學")).text
    card = await talk(f"{first}、{second}")
    assert "（2 人）" in card.text
    await talk.press(card, "改對象")
    card = await talk(f"全體教職工，不含{first}")
    assert f"（不含{first}）（3 人）" in card.text
    await talk.press(card, "改對象")
    assert "沒有叫「登月比賽」的活動" in (await talk("登月比賽的跟進者")).text


async def test_telephone_and_card_numbers_are_pointed_out(talk: Talk) -> None:
    card = await written(talk, "聯繫人王老師13800138000，證件11010519491231002X。")
    assert "2 處像是" in card.text
    assert "身份證號碼" in card.text
    assert "電話號碼" in card.text
    assert "處像是" not in (await written(talk, "按〔2026〕21號文，9月30日前報送50份，撥款200000元。")).text


async def test_an_author_who_lost_the_rank_sends_nothing_more(talk: Talk) -> None:
    await staff(talk, 2)
    await sent(talk)
    await talk.become(Rank.TEACHER)
    assert await deliver(talk) == []
    async with talk.app.store.read() as db:
        rows: Sequence[object] = [row.detail for row in await db.outbox.rows("notice", "1")]
    assert rows == ["its author may not send notices any more"] * 3


async def test_forged_and_stale_references_get_a_sentence(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    for verb in (
        "to",
        "draft",
        "change",
        "preview",
        "discard",
        "send",
        "confirm",
        "undo",
        "report",
        "silent",
        "trouble",
        "by_unit",
        "pause",
        "stop",
        "again",
        "doubt",
        "correct",
        "correct_sure",
        "recall",
        "recall_sure",
        "got",
        "give",
    ):
        for reference in ("", "x", "99999999999999999999", "1.2.3.4", "٣.1", "7.0", "7"):
            incoming = Incoming(Address(talk.channel.name, talk.sender), talk.sender, action=Action(verb, reference))
            reply = await talk.app.desk.answer(incoming)
            assert reply is not None
            assert reply.text
            assert "抱歉" not in reply.text, (verb, reference)


async def test_a_correction_changes_what_was_sent_and_reaches_who_waits_at_once(talk: Talk) -> None:
    await staff(talk, 3)
    await sent(talk, "按「已閱」", "週五開會。")
    talk.channel.orders = [
        Receipt(Outcome.SENT),
        Receipt(Outcome.SENT),
        Receipt(Outcome.UNCERTAIN),
        Receipt(Outcome.LATER, retry_after=600),
    ]
    await deliver(talk)
    await talk.press(await talk("/report 1"), "更正")
    read_back = await talk("週六開會。")
    assert "週六開會" in read_back.text
    assert await talk.send_due() == []
    told = await talk.press(read_back, "確定更正")
    assert "3 人" in told.text
    anew = await talk.send_due()
    # Two messages are known and change in place; the one in doubt has no known message, so the correction is sent.
    changed = [message for _, _, message in talk.channel.amended]
    assert len(changed) == 2
    assert [("更正" in message.text, "週六" in message.text) for message in (*changed, *anew)] == [(True, True)] * 3
    talk.clock.advance(minutes=11)
    (late,) = await talk.send_due()
    assert "週六" in late.text
    assert "更正" not in late.text
    assert "請重新打開" in (await talk.press(read_back, "確定更正")).text


async def test_a_recall_takes_messages_away_and_where_it_cannot_says_so(talk: Talk) -> None:
    people = await staff(talk, 1)
    await sent(talk, "按「已閱」")
    messages = await deliver(talk)
    sure = await talk.press(await talk("/report 1"), "撤回")
    talk.channel.young = False
    told = await talk.press(sure, "確定撤回")
    assert "涉及 2 人" in told.text
    await talk.send_due()
    assert len(talk.channel.recalled) == 2
    assert [message.text for _, _, message in talk.channel.amended] == ["〔已撤回〕"] * 2
    assert "失效" in (await people[0].press(messages[1], "已閱")).text
    assert "已撤回" in (await talk("/report 1")).text


async def test_a_recall_in_the_middle_ends_what_has_not_left(talk: Talk) -> None:
    await staff(talk, 3)
    await sent(talk)
    talk.channel.orders = [Receipt(Outcome.SENT), *[Receipt(Outcome.LATER, retry_after=60)] * 3]
    await deliver(talk)
    await talk.press(await talk.press(await talk("/report 1"), "撤回"), "確定撤回")
    talk.clock.advance(minutes=5)
    assert await talk.send_due() == []
    assert len(talk.channel.recalled) == 1


async def test_a_board_is_kept_up_to_date_in_place_and_not_too_often(talk: Talk) -> None:
    people = await staff(talk, 2)
    told = await sent(talk, "按「已閱」")
    await talk.press(told, "看進展", remote="b1")
    messages = await deliver(talk)
    await talk.app.refresh_boards()
    await talk.send_due()
    ((_, remote, board),) = talk.channel.amended
    assert remote == "b1"
    assert "送達 3／3 人" in board.text
    await people[0].press(messages[1], "已閱")
    for _ in range(3):
        await talk.app.refresh_boards()
    await talk.send_due()
    assert len(talk.channel.amended) == 1
    talk.clock.advance(seconds=3)
    await talk.app.refresh_boards()
    await talk.app.refresh_boards()
    await talk.send_due()
    assert len(talk.channel.amended) == 2
    assert "已回覆 1 人" in talk.channel.amended[-1][2].text
    talk.clock.advance(hours=1)
    await talk.app.refresh_boards()
    await talk.send_due()
    assert len(talk.channel.amended) == 2
    await talk.become(Rank.TEACHER)
    await people[1].press(messages[2], "已閱")
    talk.clock.advance(seconds=3)
    await talk.app.refresh_boards()
    await talk.send_due()
    assert len(talk.channel.amended) == 2


async def test_the_table_has_a_row_for_everybody_and_text_stays_text(talk: Talk) -> None:
    people = await staff(talk, 2)
    async with talk.app.store.begin() as db:
        await db.people.close(Address(talk.channel.name, "person1"), talk.clock(), "blocked")
    await sent(talk, "回一句話")
    messages = await deliver(talk)
    await people[0].press(messages[1], "回覆")
    await people[0]("=1+1")
    told = await talk.press(await talk("/report 1"), "匯出表格")
    book = openpyxl.load_workbook(io.BytesIO(told.files[0].data))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3
    assert [row[3] for row in rows] == ["已送達", "沒有地址", "已送達"]
    assert [row[4] for row in rows] == ["=1+1", None, None]
    assert book.worksheets[0]["E2"].data_type == "s"
    sums = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert sum(row[2] for row in sums) == 3
    assert sum(row[3] for row in sums) == 2
    assert sum(row[4] for row in sums) == 1


async def test_what_would_reach_nobody_is_refused_with_what_would_reach_somebody(talk: Talk) -> None:
    people = await staff(talk, 3)
    await talk.become(Rank.ADMINISTRATOR)
    await talk("/notice")
    await talk("週五開會。")
    empty = await talk("校長")
    assert "還沒有人加入，通知發不出去" in empty.text
    assert "全體教職工 4 人、教師 3 人、所有人（含訪客） 4 人" in empty.text
    assert "發送…" not in labels(empty)
    card = await talk.press(empty, "改發教師（3 人）")
    sure = await talk.press(card, "發送")
    async with talk.app.store.begin() as db:
        for person in people:
            await db.people.close(Address(talk.channel.name, person.sender), talk.clock(), "blocked")
    for late in (await talk.press(card, "發送"), await talk.press(sure, "確認")):
        assert "3 人都還收不到訊息，通知發不出去" in late.text
        assert "全體教職工 1 人" in late.text
    shown = await talk.press(late, "返回")
    assert "收不到訊息" in shown.text
    assert "發送…" not in labels(shown)
    assert await deliver(talk) == []
    assert "全體教職工（4 人）" in (await talk.press(shown, "改發全體教職工（1 人）")).text


async def test_what_was_stopped_is_no_failure_and_asked_again_it_says_so(talk: Talk) -> None:
    people = await staff(talk, 3)
    await sent(talk)
    board = await talk.press(await talk("/report 1"), "停止")
    assert "沒有發出 4 人（已停止或取消）" in board.text
    assert "未能送達" not in board.text
    await sent(talk, "按「已閱」")
    messages = await deliver(talk)
    await people[0].press(messages[1], "已閱")
    talk.clock.advance(minutes=5)
    await talk.press(await talk("/report 2"), "再發給未回")
    again = await talk.send_due()
    assert [message.text for message in again] == ["〔提醒〕您還沒有回覆這份通知。\n" + messages[1].text] * 3


async def test_five_minutes_are_counted_from_when_a_scheduled_one_left(talk: Talk) -> None:
    await staff(talk, 1)
    card = await talk.press(await talk.press(await written(talk), "改回覆方式"), "按「已閱」")
    await talk.press(card, "定時間")
    await talk.press(await talk.press(await talk("明天上午8點"), "發送"), "確認")
    talk.clock.advance(hours=23, minutes=1)
    assert len(await talk.send_due()) == 2
    board = await talk("/report 1")
    assert "請過 4 分鐘再發" in (await talk.press(board, "再發給未回")).text
    talk.clock.advance(minutes=4)
    assert "再發給 2 人" in (await talk.press(board, "再發給未回")).text
