"""Following: what is promised, what is sent at its time, once, also after a restart; and what is not promised."""

from datetime import date, datetime, timedelta

from bot.app import open_app
from bot.chat import Address, Outcome, Receipt
from bot.plan.read import Context, read_plan
from bot.settings import Settings
from storage.values import State
from tests.fakes import Clock, RecordingChannel
from tests.handlers.conftest import SHANGHAI, Talk, labels


def shanghai(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


async def test_an_event_on_a_day_is_promised_three_times_and_kept_three_times(talk: Talk) -> None:
    answer = await talk("教師課堂教學大賽什麼時候？")
    assert "5月23日" in answer.text
    reply = await talk.press(answer, "跟進")
    for time in ("2027年5月16日（週日） 08:00", "2027年5月22日（週六） 08:00", "2027年5月23日（週日） 08:00"):
        assert time in reply.text
    sent = []
    for day in range(10, 26):
        talk.clock.set(shanghai(2027, 5, day, 8, 1))
        sent += [(day, message.text.splitlines()[0]) for message in await talk.send_due()]
    assert [day for day, _ in sent] == [16, 22, 23]
    assert "還有 7 天" in sent[0][1]
    assert "就在今天" in sent[2][1]


async def test_a_vague_date_is_announced_once_at_its_opening_and_worded_as_vague(talk: Talk) -> None:
    answer = await talk("全省青少年科技節什麼時候？")
    assert "未給出具體日期" in answer.text.splitlines()[0]
    reply = await talk.press(answer, "跟進")
    assert "2027年4月1日（週四） 08:00" in reply.text
    assert "3月31日" not in reply.text
    talk.clock.set(shanghai(2027, 4, 1, 8, 1))
    (message,) = await talk.send_due()
    assert "計劃定在這段時間" in message.text
    assert "未給出具體日期" in message.text
    assert "科技節" in message.text
    assert await talk.send_due() == []


async def test_times_already_past_are_not_written_and_said_so(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 20))
    reply = await talk("/follow 教師課堂教學大賽")
    assert "1 個提醒時間已經過去" in reply.text
    async with talk.app.store.read() as db:
        states = (await db.outbox.backlog(talk.clock())).states
    assert states["queued"] == 2


async def test_an_event_that_is_over_promises_nothing(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 6, 20))
    reply = await talk("/follow 教師課堂教學大賽")
    assert "已經過去" in reply.text
    async with talk.app.store.read() as db:
        assert (await db.outbox.backlog(talk.clock())).states["queued"] == 0


async def test_following_twice_promises_once(talk: Talk) -> None:
    first = await talk("/follow 教師課堂教學大賽")
    second = await talk("/follow 教師課堂教學大賽")
    assert "已跟進" in first.text
    assert "已經在跟進" in second.text
    async with talk.app.store.read() as db:
        assert (await db.outbox.backlog(talk.clock())).states["queued"] == 3


async def test_the_list_shows_what_is_followed_and_stopping_cancels_it(talk: Talk) -> None:
    assert "還沒有跟進" in (await talk("/following")).text
    await talk("/follow 教師課堂教學大賽")
    listed = await talk("/following")
    assert "1 項" in listed.text
    card = await talk.press(listed, "第 1 項")
    assert "當天" in card.text
    stopped = await talk.press(card, "不再跟進")
    assert "不再提醒" in stopped.text
    talk.clock.set(shanghai(2027, 5, 23, 8, 1))
    assert await talk.send_due() == []
    async with talk.app.store.read() as db:
        assert (await db.outbox.backlog(talk.clock())).states["cancelled"] == 3
    assert "沒有在跟進" in (await talk.press(card, "不再跟進")).text


async def test_what_nobody_knows_cannot_be_followed(talk: Talk) -> None:
    assert "沒有找到" in (await talk("/follow 太空電梯驗收")).text
    assert "請寫出要跟進的活動" in (await talk("/follow")).text


async def test_what_goes_on_after_its_month_is_announced_every_month(talk: Talk) -> None:
    reply = await talk("/follow 安全演練月")
    assert "已經過去，不會再提醒" not in reply.text
    assert "2026年11月2日（週一） 08:00" in reply.text
    assert reply.text.count("計劃未給出具體日期") <= 1


async def test_without_words_what_was_just_answered_is_offered(talk: Talk) -> None:
    await talk("教師課堂教學大賽什麼時候？")
    offered = await talk("跟進")
    assert labels(offered)[0].startswith("跟進「教齡五年以下教師的課堂教學大賽")
    assert "已跟進" in (await talk.press(offered, labels(offered)[0])).text


async def test_a_restart_loses_and_repeats_nothing(talk: Talk, settings: Settings, clock: Clock) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    assert len(await talk.send_due()) == 1
    channel = RecordingChannel()
    async with open_app(settings, {channel.name: channel}, now=clock) as again:
        await again.plan_reminders()
        await again.sender.recover()
        await again.sender.drain()
        assert channel.delivered == []
        clock.set(shanghai(2027, 5, 22, 8, 1))
        await again.sender.drain()
        assert len(channel.delivered) == 1


async def test_a_reminder_missed_by_a_short_outage_is_sent_late_and_by_a_long_one_not_at_all(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.clock.set(shanghai(2027, 5, 16, 20))
    assert len(await talk.send_due()) == 1
    talk.clock.set(shanghai(2027, 5, 25))
    assert await talk.send_due() == []
    async with talk.app.store.read() as db:
        states = (await db.outbox.backlog(talk.clock())).states
    assert (states["sent"], states["missed"], states["queued"]) == (1, 2, 0)


async def test_a_row_proven_not_sent_is_tried_again_and_a_blocked_address_is_closed(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.channel.orders = [Receipt(Outcome.LATER, retry_after=30), Receipt(Outcome.SENT), Receipt(Outcome.GONE, detail="blocked")]
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    await talk.send_due()
    assert len(talk.channel.delivered) == 1
    talk.clock.advance(seconds=31)
    await talk.send_due()
    assert len(talk.channel.delivered) == 2
    talk.clock.set(shanghai(2027, 5, 22, 8, 1))
    await talk.send_due()
    async with talk.app.store.read() as db:
        states = (await db.outbox.backlog(talk.clock())).states
        person = await db.people.find(Address("invented", "anna"))
        assert person is not None
        assert await db.people.addresses(person.id) == []
    assert (states["sent"], states["gone"], states["queued"]) == (1, 1, 1)


async def test_an_uncertain_reminder_goes_out_once_more_and_says_so(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.channel.orders = [Receipt(Outcome.UNCERTAIN), Receipt(Outcome.UNCERTAIN)]
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    (first,) = await talk.send_due()
    assert "可能重複" not in first.text
    (second,) = await talk.send_due()
    assert second.text.startswith("〔可能重複〕")
    assert await talk.send_due() == []
    async with talk.app.store.read() as db:
        states = (await db.outbox.backlog(talk.clock())).states
    assert states["settled"] == 1


async def test_a_claim_whose_sender_died_becomes_uncertain_and_is_named(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    async with talk.app.store.begin() as db:
        claimed = await db.outbox.claim(talk.clock(), 10, timedelta(seconds=60), ("invented",))
    assert len(claimed) == 1
    assert await talk.send_due() == []
    talk.clock.advance(seconds=61)
    (message,) = await talk.send_due()
    assert message.text.startswith("〔可能重複〕")


async def test_a_new_version_with_another_day_moves_the_reminders(talk: Talk) -> None:
    text = "第一篇\n\n春季學期工作計劃\n\n一、活動\n\n1.辦好比賽。{year}年5月{day}日，區教研室舉行青年教師風箏繪畫大賽。\n"

    async def release(day: int) -> None:
        document = read_plan("kites.txt", text.format(year=2027, day=day).encode(), Context(issuer="區教育局", year=2027))
        async with talk.app.store.begin() as db:
            imported = await db.plans.store_document(document, talk.clock())
            await db.plans.release(imported.stored.plan, talk.clock())
        await talk.app.shelves.look_now()
        await talk.app.plan_reminders()

    await release(11)
    reply = await talk("/follow 風箏繪畫大賽")
    assert "2027年5月11日（週二） 08:00" in reply.text
    await release(18)
    talk.clock.set(shanghai(2027, 5, 11, 8, 1))
    moved = await talk.send_due()
    assert [("5月18日" in message.text, "還有 7 天" in message.text) for message in moved] == [(True, True)]
    talk.clock.set(shanghai(2027, 5, 18, 8, 1))
    (last,) = await talk.send_due()
    assert "就在今天" in last.text


async def test_the_press_on_a_reminder_is_taken_from_its_reader_alone(talk: Talk) -> None:
    await talk("/follow 教師課堂教學大賽")
    talk.clock.set(shanghai(2027, 5, 16, 8, 1))
    (message,) = await talk.send_due()
    assert labels(message) == ["知道了", "稍後", "不再提醒", "原文"]
    assert "已記下" in (await talk.press(message, "知道了")).text
    assert "失效" in (await talk.as_("ben").press(message, "知道了")).text


async def test_rows_of_everybody_are_planned_again_without_doubling(talk: Talk) -> None:
    for name in ("anna", "ben", "cai"):
        await talk.as_(name)("/follow 教師課堂教學大賽")
    await talk.app.plan_reminders()
    async with talk.app.store.read() as db:
        backlog = await db.outbox.backlog(talk.clock())
    assert backlog.states[State.QUEUED.value] == 9
    assert date(2027, 5, 16) > talk.clock().date()
