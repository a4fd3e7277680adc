"""What ranks follow unasked, who decides in groups, and what administrators are told of years that are not announced."""

from datetime import datetime

from bot.chat import Address
from bot.people import Rank
from storage.values import State
from tests.handlers.conftest import SHANGHAI, Talk, labels


def shanghai(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


async def test_an_administrator_lets_principals_follow_their_school_and_each_may_refuse(talk: Talk) -> None:
    assert "您目前沒有使用這項功能的權限" in (await talk("/defaults")).text
    await talk.become(Rank.ADMINISTRATOR)
    ben, cai = talk.as_("ben"), talk.as_("cai")
    for one in (ben, cai):
        await one.become(Rank.PRINCIPAL)
        await one("/following")
    async with talk.app.store.begin() as db:
        second = await db.units.named("禾溪區第二小學")
        assert second is not None
        for name in ("ben", "cai"):
            person = await db.people.find(Address(talk.channel.name, name))
            assert person is not None
            await db.people.set_unit(person.id, second.id)
    table = await talk("/defaults")
    table = await talk.press(table, "校長：我校所有的事")
    assert "校長：我校所有的事" in table.text
    assert "我校所有的事（按職務預設）" in (await ben("/following")).text
    card = await talk.as_("cai").press(await cai("/following"), "第 1 項")
    await cai.press(card, "不再跟進")
    await talk.app.plan_reminders()
    assert "還沒有跟進" in (await cai("/following")).text
    talk.clock.set(shanghai(2027, 3, 15, 8, 1))
    await talk.app.sender.recover()
    await talk.send_due()
    assert {to.chat for to, message, _ in talk.channel.delivered if "參賽作品" in message.text} == {"ben"}
    await talk.press(table, "✓ 校長：我校所有的事")
    assert "還沒有跟進" in (await ben("/following")).text


async def test_in_a_group_its_administrators_decide_what_is_followed(talk: Talk) -> None:
    group = Address(talk.channel.name, "-7")
    talk.channel.governors = {"anna"}
    refused = await talk.as_("ben")("/follow 教師課堂教學大賽", address=group, group=True)
    assert "由群管理員決定" in refused.text
    reply = await talk("/follow 教師課堂教學大賽", address=group, group=True)
    assert "2027年5月16日" in reply.text
    assert "本群跟進了 1 項" in (await talk("/following", address=group, group=True)).text
    assert "還沒有跟進" in (await talk("/following")).text
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    (message,) = await talk.send_due()
    to, _, _ = talk.channel.delivered[-1]
    assert to == group
    assert labels(message) == ["跟進", "原文"]


async def test_lead_times_time_of_day_and_a_pause_are_changed_by_buttons(talk: Talk) -> None:
    reply = await talk("/follow 教師課堂教學大賽")
    card = await talk.press(reply, "更改")
    assert "前 7 天、前 1 天、當天" in card.text
    card = await talk.press(card, "前 30 天")
    card = await talk.press(card, "✓ 前 1 天")
    assert "前 30 天、前 7 天、當天" in card.text
    times = await talk.press(card, "幾點提醒")
    card = await talk("19:30")
    assert "19:30" in card.text
    assert "07:00" in labels(times)
    async with talk.app.store.read() as db:
        waiting = [row.planned.not_before.astimezone(SHANGHAI) for row in await db.outbox.of_kind("remind") if row.state is State.QUEUED]
    assert [f"{at:%m-%d %H:%M}" for at in sorted(waiting)] == ["04-23 19:30", "05-16 19:30", "05-23 19:30"]
    card = await talk.press(await talk.press(card, "暫停"), "一個月")
    assert "暫停到2026年11月11日" in card.text
    assert "恢復提醒" in labels(card)


async def test_refusing_one_thing_leaves_the_rest_of_a_wider_wish(talk: Talk) -> None:
    await talk("/follow 關鍵詞 大賽")
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    message = next(message for message in await talk.send_due() if "教學大賽" in message.text)
    assert "不再提醒" in (await talk.press(message, "不再提醒")).text
    talk.clock.set(shanghai(2027, 5, 22, 8, 1))
    assert not any("教學大賽" in message.text for message in await talk.send_due())
    assert "1 項" in (await talk("/following")).text


async def test_habits_are_the_rule_of_everything_that_has_none_of_its_own(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    habits = await talk.press(await talk("/following"), "我的提醒習慣")
    assert "安靜時段：22:00–07:00" in habits.text
    habits = await talk.press(habits, "前 14 天")
    assert "前 14 天" in habits.text
    await talk.press(habits, "時區")
    assert "最接近的是" in (await talk("Asia/Shangai")).text
    await talk.press(habits, "安靜時段")
    assert "21:30–06:30" in (await talk("21:30-06:30")).text
    async with talk.app.store.read() as db:
        waiting = [row for row in await db.outbox.of_kind("remind") if row.state is State.QUEUED]
    assert len(waiting) == 4


async def test_a_year_that_is_not_announced_is_told_to_administrators_once(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    talk.clock.set(shanghai(2030, 1, 5))
    for _ in range(2):
        await talk.app.plan_reminders()
    sent = [message.text for message in await talk.send_due()]
    assert sum("放假和調休安排" in text for text in sent) == len({text for text in sent if "放假和調休安排" in text})
    assert any("2030 年的放假和調休安排我這裏還沒有" in text for text in sent)


async def test_hand_over_gives_a_post_to_its_next_holder(talk: Talk) -> None:
    ben = talk.as_("ben")
    await ben("/following")
    async with talk.app.store.begin() as db:
        anna = await db.people.meet(Address(talk.channel.name, "anna"), "", "", talk.clock())
        heir = await db.people.find(Address(talk.channel.name, "ben"))
        assert heir is not None
    await talk("/follow 教師課堂教學大賽")
    async with talk.app.store.begin() as db:
        await db.membership.hand_over(anna.person, heir, talk.clock())
    await talk.app.plan_reminders()
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    await talk.send_due()
    assert [to.chat for to, _, _ in talk.channel.delivered] == ["ben"]
