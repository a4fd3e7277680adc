"""Reminders in one's own words: read back, kept by a press, kept their time; in groups by those who decide there."""

from datetime import datetime

import pytest

from bot.chat import Address, Reply
from bot.people import Rank
from tests.handlers.conftest import SHANGHAI, Talk, labels


def shanghai(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


async def test_a_moment_is_read_back_kept_and_comes_once(talk: Talk) -> None:
    reply = await talk("提醒我下周五下午三點交科技節報名表")
    assert reply.text.splitlines() == [
        "我這樣記，對嗎？提醒：您",
        "什麼時候：2026年10月23日（週五） 15:00",
        "什麼事：交科技節報名表",
    ]
    assert labels(reply) == ["確認", "改"]
    assert "記下了" in (await talk.press(reply, "確認")).text
    talk.clock.set(shanghai(2026, 10, 23, 15, 1))
    (message,) = await talk.send_due()
    assert message.text.splitlines()[0] == "提醒您：交科技節報名表"
    assert labels(message) == ["知道了", "稍後", "取消這條"]
    assert await talk.send_due() == []


async def test_nothing_is_kept_without_the_press_and_the_press_counts_once(talk: Talk) -> None:
    reply = await talk("提醒我明天下午三點交表")
    await talk("科技節什麼時候？")
    assert "沒有記下" in (await talk.press(reply, "確認")).text
    assert "還沒有自己的提醒" in (await talk("/remind")).text


async def test_what_is_read_back_wrongly_is_said_anew(talk: Talk) -> None:
    reply = await talk("提醒我明天下午三點交表")
    assert "重新說一遍" in (await talk.press(reply, "改")).text
    again = await talk("提醒我後天下午三點交表")
    assert "2026年10月14日（週三） 15:00" in again.text


async def test_a_rhythm_goes_on_however_often_it_is_put_off(talk: Talk) -> None:
    reply = await talk("每月第一個周一提醒我開例會")
    assert "什麼時候：每月第 1 個週一 08:00" in reply.text
    await talk.press(reply, "確認")
    talk.clock.set(shanghai(2026, 11, 2, 8, 1))
    (message,) = await talk.send_due()
    choices = await talk.press(message, "稍後")
    assert labels(choices) == ["一小時後", "今晚 8:00", "明早 8:00", "下週一 8:00"]
    assert "2026年11月2日（週一） 09:01" in (await talk.press(choices, "一小時後")).text
    talk.clock.set(shanghai(2026, 11, 2, 9, 2))
    (again,) = await talk.send_due()
    assert again.text.splitlines()[:2] == ["〔您讓我稍後再提醒〕", "提醒您：開例會"]
    talk.clock.set(shanghai(2026, 12, 7, 8, 1))
    assert len(await talk.send_due()) == 1


async def test_what_was_put_off_into_an_outage_is_told_afterwards(talk: Talk) -> None:
    await talk.press(await talk("提醒我明天下午三點交表"), "確認")
    talk.clock.set(shanghai(2026, 10, 13, 15, 1))
    (message,) = await talk.send_due()
    await talk.press(await talk.press(message, "稍後"), "一小時後")
    talk.clock.set(shanghai(2026, 10, 20, 9))
    await talk.app.sweep()
    (told,) = await talk.send_due()
    assert "您自己記下的：交表（2026年10月13日" in told.text


async def test_days_before_an_event_follow_the_event(talk: Talk) -> None:
    reply = await talk("教學大塞前三天提醒我準備教具")
    assert "課堂教學大賽」前 3 天，08:00" in reply.text
    assert "最近一次：2027年5月20日（週四） 08:00" in reply.text
    await talk.press(reply, "確認")
    talk.clock.set(shanghai(2027, 5, 20, 8, 1))
    (message,) = await talk.send_due()
    assert "提醒您：準備教具" in message.text
    assert "2027年5月23日" in message.text


async def test_an_event_without_a_day_counts_from_its_first_day_and_says_so(talk: Talk) -> None:
    reply = await talk("科技節前三天提醒我")
    assert "2027年3月29日（週一） 08:00" in reply.text
    assert "從第一天往前算" in reply.text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("提醒我2026年9月1日交表", "已經過去"),
        ("提醒我2月30日交表", "沒有這一天"),
        ("明天提醒我", "要提醒什麼事"),
        ("提醒我交表", "什麼時候提醒"),
        ("太空電梯典禮前三天提醒我", "沒有找到有日期的"),
        ("提醒我明天下午三点交表", "我这样记"),
    ],
)
async def test_what_cannot_be_read_gets_one_sentence(talk: Talk, text: str, answer: str) -> None:
    assert answer in (await talk(text)).text


async def test_what_was_set_is_listed_and_dropped(talk: Talk) -> None:
    await talk.press(await talk("每天早上7點提醒我打卡"), "確認")
    await talk.press(await talk("提醒我明天下午三點交表"), "確認")
    listed = await talk("/remind")
    assert "2 條" in listed.text
    assert "1. 2026年10月13日（週二） 07:00｜打卡" in listed.text
    assert "已取消：打卡" in (await talk.press(listed, "取消 1")).text
    talk.clock.set(shanghai(2026, 10, 13, 7, 1))
    assert await talk.send_due() == []
    assert "1 條" in (await talk("/remind")).text


async def say_in_group(talk: Talk, text: str) -> Reply:
    return await talk(text, address=Address(talk.channel.name, "-100"), group=True)


async def test_a_group_is_reminded_where_its_administrators_say_so(talk: Talk) -> None:
    talk.channel.governors = {"anna"}
    ben = talk.as_("ben")
    assert "由群管理員來定" in (await say_in_group(ben, "每月第一個周一提醒全組開消防演練")).text
    reply = await say_in_group(talk, "每月第一個周一提醒全組開消防演練")
    assert "提醒：本群" in reply.text
    await talk.press(reply, "確認", address=Address(talk.channel.name, "-100"), group=True)
    talk.clock.set(shanghai(2026, 11, 2, 8, 1))
    await talk.send_due()
    to, message, _ = talk.channel.delivered[-1]
    assert to.chat == "-100"
    assert message.text.splitlines()[0] == "提醒大家：開消防演練"
    assert message.buttons == ()


async def test_in_a_group_what_is_personal_leads_to_the_private_chat(talk: Talk) -> None:
    reply = await say_in_group(talk, "提醒我明天下午三點交表")
    assert reply.private
    assert "交表" not in reply.text


async def test_a_principal_decides_where_the_channel_knows_no_administrators(talk: Talk) -> None:
    assert "由群管理員來定" in (await say_in_group(talk, "每月第一個周一提醒全組開消防演練")).text
    await talk.become(Rank.PRINCIPAL)
    assert "提醒：本群" in (await say_in_group(talk, "每月第一個周一提醒全組開消防演練")).text
