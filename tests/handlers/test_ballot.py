"""An anonymous questionnaire as people answer it, and what administrators learn of it and when."""

import re

from bot.chat import Action, Address, Place, Reply
from bot.people import Rank
from storage.tables import metadata
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, staff, written
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import get

QUESTIONS = "對午餐滿意嗎？滿意、一般、不滿意\n對校車滿意嗎？"


async def asked(talk: Talk, count: int) -> tuple[list[Talk], list[Reply]]:
    """A questionnaire that went to so many people; they and the messages, in the same order."""
    people = await staff(talk, count)
    card = await talk.press(await talk.press(await written(talk, "滿意度測評"), "改回覆方式"), "不記名問卷")
    card = await talk(QUESTIONS)
    assert "　2. 對校車滿意嗎？（滿意、一般、不滿意）" in card.text
    await talk.press(card, "定截止")
    card = await talk("10月16日")
    await talk.press(await talk.press(card, "發送"), "確認")
    await deliver(talk)
    got = {address.chat: message for address, message, _ in talk.channel.delivered}
    return people, [got[person.sender] for person in people]


async def vote(person: Talk, message: Reply, first: str, second: str) -> Reply:
    shown = await person.press(message, "作答")
    shown = await person.press(await person.press(shown, first), second)
    return await person.press(shown, "交卷")


async def test_without_an_end_it_cannot_be_sent(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.press(await talk.press(await written(talk), "改回覆方式"), "不記名問卷")
    assert "第 1 題沒有選項" in (await talk("滿意嗎？")).text
    card = await talk(QUESTIONS)
    assert "要先定截止" in (await talk.press(card, "發送")).text


async def test_answered_step_by_step_back_and_once(talk: Talk) -> None:
    people, messages = await asked(talk, 2)
    anna = people[0]
    shown = await anna.press(messages[0], "作答")
    assert shown.text == "第 1 題，共 2 題（不記名）\n對午餐滿意嗎？"
    assert shown.place is Place.NEW
    shown = await anna.press(shown, "不滿意")
    assert shown.place is Place.REPLACE
    shown = await anna.press(await anna.press(shown, "上一題"), "一般")
    back = await anna.press(shown, "滿意")
    assert "1. 對午餐滿意嗎？　一般\n2. 對校車滿意嗎？　滿意" in back.text
    assert "第 1 題" in (await anna.press(back, "從頭再答")).text
    done = await anna.press(back, "交卷")
    assert (done.text, done.place, done.buttons) == ("收到：已交卷", Place.REPLACE, ())
    for again in (await anna.press(back, "交卷"), await anna.press(messages[0], "作答")):
        assert "不能更改" in again.text
    stranger = talk.as_("stranger")
    assert "不是發給您的" in (await stranger.press(messages[0], "作答")).text
    for forged in ("1.9", "1.000", "1.٣", "x", "1.", "7.0"):
        reply = await people[1]._tell(action=Action("cast", forged))
        assert "收到" not in reply.text
    talk.clock.advance(days=5)
    assert "已過截止時間" in (await people[1].press(messages[1], "作答")).text


async def test_what_somebody_answered_stands_nowhere_beside_their_name(talk: Talk) -> None:
    people, messages = await asked(talk, 1)
    shown = await people[0].press(await people[0].press(messages[0], "作答"), "不滿意")
    back = await people[0].press(shown, "一般")
    async with talk.app.store.read() as db:
        for table in metadata.sorted_tables:
            for row in await db.connection.execute(table.select()):
                assert "不滿意" not in str(row) or table.name == "notices"
                assert "1.21" not in str(row)
    await people[0].press(back, "交卷")
    async with talk.app.store.read() as db:
        person = (await db.people.find(Address(talk.channel.name, people[0].sender))).id  # type: ignore[union-attr]
        given = [row for row in await db.notices.people(1) if row.person == person]
        assert [row.answer for row in given] == [""]
        assert sorted(value for _, value in await db.notices.votes(1)) == ["0.2", "1.1"]


async def test_results_are_told_when_it_is_over_and_no_small_unit_comes_out(talk: Talk) -> None:
    # Three schools in turn: 6, 6 and 5 people; the last one hands in only two.
    people, messages = await asked(talk, 17)
    for number, (person, message) in enumerate(zip(people, messages, strict=True)):
        if number % 3 < 2 or number < 6:
            await vote(person, message, "滿意" if number % 3 else "不滿意", "一般")
    board = await talk("/report 1")
    assert "結果在截止（2026-10-16 23:59）後公布" in board.text
    assert "滿意" not in board.text.replace("滿意度", "")
    assert "後公布" in (await talk.press(board, "各單位結果")).text
    assert "合計" not in words(await get(talk, "board", notice="1"))
    talk.clock.advance(days=5)
    assert "再發給未回的人" in labels(board)
    assert "已過截止時間" in (await talk.press(board, "再發給未回")).text
    board = await talk("/report 1")
    assert "再發給未回的人" not in labels(board)
    assert "1. 對午餐滿意嗎？\n　滿意：8 人（57%）\n　一般：0 人（0%）\n　不滿意：6 人（43%）" in board.text
    async with talk.app.store.read() as db:
        first, second, third = [unit.name for unit in await db.units.every()][:3]
    shown = await talk.press(board, "各單位結果")
    # The third has two votes: taken from the whole the others would give them away, so one more unit is with it.
    assert third not in shown.text
    assert ("其餘 2 個單位合計（8 票）" in shown.text, (first in shown.text) != (second in shown.text)) == (True, True)
    page = words(await get(talk, "board", notice="1"))
    assert "其餘 2 個單位合計|8|" in page
    assert "合計|14|8|0|6" in page


async def test_a_drills_tally_is_whole_after_every_press(talk: Talk) -> None:
    people = await staff(talk, 5)
    card = await written(talk, "防震演練")
    await talk.press(await talk.press(await talk.press(await talk.press(card, "改回覆方式"), "演練報平安"), "發送"), "確認")
    await deliver(talk)
    got = {address.chat: message for address, message, _ in talk.channel.delivered}
    for number, (person, label) in enumerate(zip(people, ("安全", "需要幫助", "安全", "安全", "需要幫助"), strict=True), 1):
        await person.press(got[person.sender], label)
        line = next(line for line in (await talk("/report 1")).text.splitlines() if line.startswith("安全"))
        safe, need, silent, total = (int(number) for number in re.findall(r"\d+", line))
        assert (safe + need + silent, total, safe + need) == (6, 6, number)
    # Somebody helped is safe now; they are counted once.
    await people[1].press(got[people[1].sender], "安全")
    assert "安全 4 人＋需要幫助 1 人＋還沒報 1 人＝共 6 人" in (await talk("/report 1")).text


async def test_numbers_are_summed(talk: Talk) -> None:
    people = await staff(talk, 3)
    await talk.become(Rank.ADMINISTRATOR)
    card = await talk.press(await talk.press(await written(talk, "幾人來？"), "改回覆方式"), "回一個數")
    await talk.press(await talk.press(card, "發送"), "確認")
    await deliver(talk)
    got = {address.chat: message for address, message, _ in talk.channel.delivered}
    for person, number in zip(people, ("12", "１２.5", "3人"), strict=True):
        await person.press(got[person.sender], "回覆")
        assert "收到" in (await person(number)).text
    board = await talk("/report 1")
    assert "合計 27.5（3 人回覆）" in board.text
    assert "各單位結果" not in labels(board)
