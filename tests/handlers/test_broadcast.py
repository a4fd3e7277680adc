"""Notices of the command line: what is refused before anything is kept, and what the orders become."""

import pytest

from bot.broadcast import Order, end_series, list_notices, send_notice
from bot.errors import Refusal
from bot.notice.asks import Ask, Wanted
from storage.values import NoticeState
from tests.handlers.conftest import Talk
from tests.handlers.test_notice import staff


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (Order(template="年會", text="好"), "template.unknown"),
        (Order("staff", "好", ask="everything"), "notice.unknown_ask"),
        (Order("staff", "好", until="2036-01-01"), "notice.nothing_asked"),
        (Order("staff", "好", ask="choice", options="一"), "notice.bad_options"),
        (Order("staff", "好", ask="survey", options="是、否"), "ballot.no_end"),
        (Order("staff", "{校慶}"), "notice.placeholder"),
        (Order("staff", "{活動：登月大會}"), "notice.no_value"),
        (Order("list:骨幹", "好"), "recipients.list"),
        (Order("rank:owner", "好"), "notice.reaches_nobody"),
        (Order("", "好"), "recipients.empty"),
        (Order("staff", "好", at="每學期開學第一天", ask="read", until="明天"), "notice.deadline_past"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(talk: Talk, order: Order, key: str) -> None:
    await staff(talk, 2)
    with pytest.raises(Refusal) as caught:
        await send_notice(talk.app, order, None)
    assert caught.value.key == key
    assert talk.app.services.texts.say("zh-Hant", key, **caught.value.values)
    assert await list_notices(talk.app) == []


async def test_a_template_stands_for_what_is_not_given_and_a_series_ends_once(talk: Talk) -> None:
    await staff(talk, 2)
    async with talk.app.store.begin() as db:
        await db.templates.keep("例會", "{學期}例會。", "staff", Wanted(Ask.CHOICE, ("參加", "請假")), None, talk.clock())
    done = await send_notice(talk.app, Order(template="例會", until="10月20日"), lambda told: told.people == 2)
    assert done is not None
    assert (done[0].text, done[0].wanted.options) == ("2026—2027學年第一學期例會。", ("參加", "請假"))
    assert await send_notice(talk.app, Order(template="例會"), lambda told: False) is None
    series = await send_notice(talk.app, Order(template="例會", at="每學期第2週週三"), None)
    assert series is not None
    assert series[0].state is NoticeState.SERIES
    assert await end_series(talk.app, series[0].id) == 2
    with pytest.raises(Refusal, match=r"series\.unknown"):
        await end_series(talk.app, series[0].id)
