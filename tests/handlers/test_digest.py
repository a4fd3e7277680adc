"""/digest: one message in place of the single reminders it contains, none where there is nothing to say, nothing lost where it fails."""

from bot.chat import Outcome, Receipt
from bot.people import Rank
from storage.digests import KIND
from storage.values import State
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_follow import shanghai
from tests.handlers.test_standing import of_school

CONTEST = "教師課堂教學大賽什麼時候？"
"""On 23 May 2027: announced on 16, 22 and 23 May."""


async def following(talk: Talk, every: str) -> None:
    """Somebody who follows a contest and wants digests."""
    await talk.press(await talk(CONTEST), "跟進")
    await talk.press(await talk("/digest"), every)


async def sent_until(talk: Talk, first: int, last: int) -> list[tuple[int, str]]:
    """Day and text of all that is sent on the mornings of these days of May."""
    found = []
    for day in range(first, last + 1):
        for minute in (0, 1, 2):
            talk.clock.set(shanghai(2027, 5, day, 8, minute))
            if minute == 0:
                await talk.app.plan_reminders()
            found += [(day, message.text) for message in await talk.send_due()]
    return found


async def test_a_daily_digest_takes_the_place_of_the_reminders_it_contains(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 10, 9))
    await following(talk, "每天一條")
    sent = await sent_until(talk, 11, 24)
    assert [day for day, _ in sent] == [16, 22, 23]
    assert all(text.startswith("今天要留意的") for _, text in sent)
    assert "還有 7 天" in sent[0][1]
    assert "就在今天" in sent[2][1]


async def test_a_weekly_digest_has_the_week_a_picture_and_leaves_the_week_quiet(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 9, 9))
    await following(talk, "每週一條")
    sent = await sent_until(talk, 10, 23)
    assert [day for day, _ in sent] == [10, 17]
    assert "5月16日" in sent[0][1]
    assert "5月22日" in sent[1][1]
    (picture,) = next(message for _, message, key in talk.channel.delivered if key.startswith("digest")).files
    assert picture.data.startswith(b"\x89PNG")


async def test_what_is_followed_after_the_digest_left_is_reminded_by_itself(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 16, 9))
    await talk.press(await talk("/digest"), "每週一條")
    assert await sent_until(talk, 17, 17) == []
    await talk.press(await talk(CONTEST), "跟進")
    sent = await sent_until(talk, 18, 23)
    assert [day for day, _ in sent] == [22, 23]
    assert all(text.startswith("提醒") for _, text in sent)


async def test_where_the_digest_cannot_be_sent_the_reminders_go_by_themselves(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 15, 9))
    await following(talk, "每天一條")
    talk.channel.orders.append(Receipt(Outcome.FAILED, detail="bad request"))
    sent = await sent_until(talk, 16, 16)
    assert sent[0][1].startswith("今天要留意的")
    assert sent[1][1].startswith("提醒")
    assert len(sent) == 2


async def test_in_doubt_neither_is_lost_and_one_is_marked(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 15, 9))
    await following(talk, "每天一條")
    talk.channel.orders.append(Receipt(Outcome.UNCERTAIN))
    sent = [text for _, text in await sent_until(talk, 16, 16)]
    assert len(sent) == 2
    assert sent[1].startswith("〔可能重複〕")
    assert "今天要留意的" in sent[1]


async def test_back_to_single_reminders_nothing_waits_any_more(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 15, 9))
    await following(talk, "每天一條")
    await talk.press(await talk("/digest"), "一條一條")
    async with talk.app.store.read() as db:
        assert all(row.state is not State.QUEUED for row in await db.outbox.rows(KIND, "1"))
    sent = await sent_until(talk, 16, 16)
    assert [text.startswith("提醒") for _, text in sent] == [True]


async def test_a_school_that_is_behind_is_told_so_once_a_week(talk: Talk) -> None:
    talk.clock.set(shanghai(2027, 5, 9, 9))
    principal = await of_school(talk.as_("p"), "禾溪區第一小學", Rank.PRINCIPAL)
    await principal.press(await principal("/digest"), "每週一條")
    sent = await sent_until(talk, 10, 16)
    assert [day for day, _ in sent] == [10]
    assert "禾溪區第一小學：🔴逾期" in sent[0][1]
    assert "這一週沒有要提醒的事" in sent[0][1]
    assert "改提醒方式" in labels(talk.channel.delivered[-1][1])
