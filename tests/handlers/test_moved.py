"""A new version moves, cancels and adds reminders and tells each follower once; an outage ends in one message a person, not a flood."""

from datetime import datetime, timedelta

from bot.app import sum_up
from bot.chat import Reply
from bot.plan.read import Context, read_plan
from storage.values import State
from tests.handlers.conftest import SHANGHAI, Talk

HEAD = "春季學期工作計劃\n\n一、活動\n\n"
KITES = "1.辦好比賽。2027年5月{day}日，區教研室舉行青年教師風箏繪畫大賽。\n\n"
PARADE = "2.辦好巡遊。2027年6月2日，各小學舉行校園花燈巡遊。\n\n"
CHOIR = "3.辦好合唱。2027年6月9日，各小學舉行童聲合唱展演。\n\n"


def shanghai(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=SHANGHAI)


async def release(talk: Talk, text: str) -> None:
    document = read_plan("kites.txt", (HEAD + text).encode(), Context(issuer="區教育局", year=2027))
    async with talk.app.store.begin() as db:
        imported = await db.plans.store_document(document, talk.clock())
        await db.plans.release(imported.stored.plan, talk.clock())
    await talk.app.shelves.look_now()
    await talk.app.plan_reminders()


async def queued(talk: Talk) -> dict[str, str]:
    """Local times of what waits, by key."""
    async with talk.app.store.read() as db:
        rows = [row for kind in ("remind", "moved") for row in await db.outbox.of_kind(kind)]
    waiting = [row.planned for row in rows if row.state is State.QUEUED]
    return {row.key: f"{row.not_before.astimezone(SHANGHAI):%m-%d %H:%M}" for row in waiting}


async def test_a_moved_day_moves_the_reminders_and_is_told_once(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, KITES.format(day=11) + PARADE)
    await talk("/follow 風箏繪畫大賽")
    await talk("/follow 花燈巡遊")
    assert sorted(value[:5] for value in (await queued(talk)).values()) == ["05-04", "05-10", "05-11", "05-26", "06-01", "06-02"]
    await release(talk, KITES.format(day=18) + PARADE)
    (told,) = await talk.send_due()
    assert told.text.splitlines() == [
        "計劃改了，與您跟進的事有關的有 1 處：",
        "1. 青年教師風箏繪畫大賽：2027年5月11日（週二） → 2027年5月18日（週二）",
    ]
    assert sorted(value[:5] for value in (await queued(talk)).values()) == ["05-11", "05-17", "05-18", "05-26", "06-01", "06-02"]
    await talk.app.plan_reminders()
    assert await talk.send_due() == []


async def test_what_is_dropped_is_told_and_announced_no_more_and_what_comes_is_told_to_who_follows_everything(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, KITES.format(day=11) + PARADE)
    await talk("/follow 花燈巡遊")
    ben = talk.as_("ben")
    await ben("/follow 全部")
    await release(talk, KITES.format(day=11) + CHOIR)
    told = {to.chat: message.text for to, message, _ in talk.channel.delivered[-2:]} if len(await talk.send_due()) == 2 else {}
    assert "校園花燈巡遊：計劃裏不再有這一項（原定：2027年6月2日（週三））" in told["anna"]
    assert "童聲合唱" not in told["anna"]
    assert "新增：童聲合唱展演（2027年6月9日（週三））" in told["ben"]
    assert "不再有" in told["ben"]
    talk.clock.set(shanghai(6, 2, 8, 1))
    assert [message for message in await talk.send_due() if "花燈" in message.text] == []


async def test_a_sentence_worded_anew_keeps_its_reminders_and_those_sent_are_not_sent_again(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, "1.檢修校舍。各校要在5月20日前完成教學樓電線的檢查和更換工作。\n\n")
    await talk("/follow 教學樓電線")
    before = await queued(talk)
    talk.clock.set(shanghai(5, 13, 8, 1))
    assert len(await talk.send_due()) == 1
    await release(talk, "1.檢修校舍。各校務必在5月20日前完成教學樓電線的檢查和更換工作並留存記錄。\n\n")
    assert await talk.send_due() == []
    after = await queued(talk)
    assert after.items() <= before.items()
    assert len(after) == len(before) - 1
    talk.clock.set(shanghai(5, 19, 8, 1))
    (message,) = await talk.send_due()
    assert "留存記錄" in message.text


async def test_a_version_taken_back_moves_everything_back_and_says_so(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, KITES.format(day=11))
    await talk("/follow 風箏繪畫大賽")
    first = await queued(talk)
    await release(talk, KITES.format(day=18))
    await talk.send_due()
    await release(talk, KITES.format(day=11))
    (told,) = await talk.send_due()
    assert "5月18日（週二） → 2027年5月11日（週二）" in told.text
    assert await queued(talk) == first


async def outage(talk: Talk, until: datetime) -> list[Reply]:
    """Nothing runs until then; afterwards the bot starts as it does."""
    talk.clock.set(until)
    await talk.app.sender.recover()
    await sum_up(talk.app.services, talk.clock())
    await talk.app.plan_reminders()
    return await talk.send_due()


async def test_after_a_night_what_is_of_use_comes_marked_as_late(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, KITES.format(day=11))
    await talk("/follow 風箏繪畫大賽")
    (late,) = await outage(talk, shanghai(5, 4, 20))
    assert late.text.startswith("〔遲到〕這條本該在2027年5月4日（週二） 08:00 發出。")
    assert "還有 7 天" in late.text


async def test_late_ones_keep_quiet_hours_unless_they_cannot_wait(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(talk, KITES.format(day=11))
    await talk("/follow 風箏繪畫大賽")
    assert await outage(talk, shanghai(5, 4, 23)) == []
    talk.clock.set(shanghai(5, 5, 7, 0))
    assert len(await talk.send_due()) == 1
    (urgent,) = await outage(talk, shanghai(5, 11, 22, 30))
    assert "就在今天" in urgent.text


async def test_a_month_of_outage_is_one_message_with_what_can_still_be_done_first(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    await release(
        talk, KITES.format(day=11) + PARADE + CHOIR + "4.讀書。各校要在6月30日前上報閱讀書目。\n\n5.體檢。各校5月完成教師體檢。\n"
    )
    await talk("/follow 風箏繪畫大賽")
    for name in ("花燈巡遊", "童聲合唱", "上報閱讀書目", "教師體檢"):
        await talk(f"/follow {name}")
    sent = await outage(talk, shanghai(6, 5, 9))
    (summary,) = [message for message in sent if "我停了一段時間" in message.text]
    assert summary.text.splitlines() == [
        "我停了一段時間，2027年5月1日（週六）以來有 2 件事沒能按時提醒您：",
        "已經過去：青年教師風箏繪畫大賽（2027年5月11日（週二））",
        "已經過去：各小學舉行校園花燈巡遊（2027年6月2日（週三））",
    ]
    rest = sorted(message.text.splitlines()[1] for message in sent if message is not summary)
    assert rest == ["提醒：童聲合唱展演，還有 4 天", "過時：教師體檢，計劃寫的「5月」已經過去 5 天"]
    assert await outage(talk, shanghai(6, 5, 9) + timedelta(minutes=1)) == []


async def test_much_that_is_late_but_of_use_is_gathered_too(talk: Talk) -> None:
    talk.clock.set(shanghai(4, 1, 10))
    names = ["朗誦", "書法", "舞蹈", "象棋", "跳遠"]
    rows = [f"{at}.第{at}項。2027年5月1{at}日，各校舉行{name}燈謎比賽。" for at, name in enumerate(names, 1)]
    await release(talk, "\n\n".join(rows))
    await talk("/follow 關鍵詞 燈謎")
    sent = await outage(talk, shanghai(5, 8, 21))
    (summary,) = sent
    lines = summary.text.splitlines()
    assert lines[0] == "我停了一段時間，2027年5月4日（週二）以來有 5 件事沒能按時提醒您："
    assert [line[:8] for line in lines[1:]] == [f"還來得及：{name}燈" for name in names]
