"""延期申請 and 限期整改: who may ask, who decides, what both sides are told, and who hears of it when nobody takes note."""

from bot.chat import Action, Outcome, Receipt, Reply
from bot.people import Rank
from storage.extensions import Decision
from storage.rectifications import Progress
from storage.standings import Standing
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_board import APRIL, administrator
from tests.handlers.test_follow import shanghai
from tests.handlers.test_standing import of_school

SCHOOL = "禾溪區第一小學"


def last_to(talk: Talk, who: str) -> Reply:
    """The last message that somebody was sent."""
    return next(message for to, message, _ in reversed(talk.channel.delivered) if to.chat == who)


async def overdue(talk: Talk) -> Reply:
    """The most urgent duty of somebody's school."""
    return await talk.press(await talk("/board"), "1")


async def asked(talk: Talk, principal: Talk, words: str = "延到5月20日，場地還在維修") -> Reply:
    await principal.press(await overdue(principal), "申請延期")
    back = await principal(words)
    assert "5月20日" in back.text
    sent = await principal.press(back, "送出申請")
    await talk.send_due()
    return sent


async def test_an_extension_is_read_back_granted_and_told_with_its_trace(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    assert "1 位管理員" in (await asked(talk, principal)).text
    told = last_to(talk, "anna")
    assert SCHOOL in told.text
    assert "場地還在維修" in told.text
    await chief.press(told, "批准")
    await talk.send_due()
    assert "批准了" in last_to(talk, "p").text
    async with talk.app.store.read() as db:
        (stand,) = await db.standings.every()
        (kept,) = await db.extensions.of(stand.id)
        deeds = [entry.action for entry in await db.audit.recent(20)]
    assert (stand.state, stand.until, stand.note) == (Standing.EXTENDED, kept.until, "延到5月20日，場地還在維修")
    assert (kept.state, kept.answer) == (Decision.GRANTED, "")
    assert {"extension asked", "extension granted"} <= set(deeds)
    card = Action("duty", f"{stand.target.measure}.{stand.target.unit}")
    assert "未到期（5月20日）" in (await principal._tell(action=card)).text
    again = await chief.press(told, "批准")
    assert "已經有了結果" in again.text
    talk.clock.set(shanghai(2027, 5, 21, 9))
    assert "🔴逾期（5月20日）" in (await principal._tell(action=card)).text


async def test_a_verdict_in_doubt_comes_once_more_and_says_so(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    await asked(talk, await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL))
    await chief.press(last_to(talk, "anna"), "批准")
    talk.channel.orders.append(Receipt(Outcome.UNCERTAIN))
    first = await talk.send_due()
    second = await talk.send_due()
    assert [message.text.startswith("〔可能重複〕") for message in (*first, *second)] == [False, True]
    assert "批准了" in second[0].text


async def test_a_refusal_brings_its_reason_back_and_changes_nothing(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    await asked(talk, principal)
    await chief.press(last_to(talk, "anna"), "不批准")
    done = await chief("已經延過一次了")
    assert "沒有批准" in done.text
    await talk.send_due()
    assert "已經延過一次了" in last_to(talk, "p").text
    async with talk.app.store.read() as db:
        (stand,) = await db.standings.every()
        steps = [step.note for step in await db.standings.history(stand.id)]
    assert stand.state is Standing.OPEN
    assert ["申請延到" in steps[0], "沒有批准。已經延過一次了" in steps[1]] == [True, True]


async def test_a_day_that_is_none_or_no_later_is_asked_again(talk: Talk) -> None:
    talk.clock.set(APRIL)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    await principal.press(await overdue(principal), "申請延期")
    assert "沒看出" in (await principal("場地還在維修")).text
    assert "不比原來的期限晚" in (await principal("今天")).text
    assert "太遠" in (await principal("3月1日")).text
    assert "送出申請" in labels(await principal("延到5月20日"))


async def test_nobody_decides_what_their_own_unit_asks_for(talk: Talk) -> None:
    talk.clock.set(APRIL)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.UNIT_ADMINISTRATOR)
    sent = await asked(talk, principal)
    assert "沒有管理員能收到" in sent.text
    async with talk.app.store.read() as db:
        (kept,) = await db.extensions.waiting()
    assert "自己單位" in (await principal._tell(action=Action("extend_grant", str(kept.id)))).text


async def rectified(talk: Talk, chief: Talk) -> Reply:
    """A rectification set by an administrator, as its unit gets it."""
    await chief.press(await chief.press(await chief.press(await chief("/board"), SCHOOL), "1"), "限期整改")
    back = await chief("補齊3月的演練記錄，4月10日前")
    assert "4月10日" in back.text
    await chief.press(back, "發出")
    await talk.send_due()
    return last_to(talk, "p")


async def test_a_rectification_is_reported_sent_back_and_accepted(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    message = await rectified(talk, chief)
    assert "補齊3月的演練記錄" in message.text
    assert (await principal.press(message, "知道了")).text == "好的，已記下。"
    await principal.press(message, "整改完成")
    await talk.send_due()
    await chief.press(last_to(talk, "anna"), "退回")
    await talk.send_due()
    back = last_to(talk, "p")
    assert "被退回" in back.text
    await principal.press(back, "整改完成")
    await talk.send_due()
    await chief.press(last_to(talk, "anna"), "驗收通過")
    await talk.send_due()
    assert "驗收通過" in last_to(talk, "p").text
    async with talk.app.store.read() as db:
        (stand,) = await db.standings.every()
        (kept,) = await db.rectifications.of(stand.id)
    assert (stand.state, kept.state) == (Standing.DONE, Progress.ACCEPTED)
    before = len(talk.channel.delivered)
    talk.clock.set(shanghai(2027, 4, 12, 9))
    await talk.send_due()
    assert len(talk.channel.delivered) == before


async def test_a_unit_is_reminded_before_and_on_the_day_and_its_own_people_cannot_call_it_done(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    message = await rectified(talk, chief)
    await principal.press(message, "知道了")
    heads = []
    for day in (9, 10, 11):
        talk.clock.set(shanghai(2027, 4, day, 8, 1))
        await talk.send_due()
        heads.append(last_to(talk, "p").text.splitlines()[0])
    assert ["明天" in heads[0], "今天" in heads[1], "過期" in heads[2]] == [True, True, True]
    async with talk.app.store.read() as db:
        (stand,) = await db.standings.every()
    duty = await principal._tell(action=Action("duty", f"{stand.target.measure}.{stand.target.unit}"))
    assert "限期整改，4月10日（週六）前" in duty.text
    assert "完成" not in labels(duty)
    pressed = await principal._tell(action=Action("done", stand.target.measure))
    assert "整改完成" in pressed.text


async def test_what_nobody_acknowledges_goes_to_the_deputy_and_then_back_to_the_district(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    deputy = await of_school(talk.as_("d"), SCHOOL, Rank.TEACHER)
    await deputy("/start")
    chosen = await principal.press(await principal("/board"), "副手")
    (row,) = chosen.buttons
    await principal._tell(action=row[1].action)
    await rectified(talk, chief)
    assert all(to.chat != "d" for to, _, _ in talk.channel.delivered)
    talk.clock.advance(hours=25)
    await talk.send_due()
    assert "轉給您" in last_to(talk, "d").text
    talk.clock.advance(hours=24)
    await talk.send_due()
    assert "還沒有人確認收到" in last_to(talk, "anna").text


async def test_an_acknowledgement_keeps_it_from_going_further(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    principal = await of_school(talk.as_("p"), SCHOOL, Rank.PRINCIPAL)
    await of_school(talk.as_("q"), SCHOOL, Rank.PRINCIPAL)
    await principal.press(await rectified(talk, chief), "知道了")
    before = len(talk.channel.delivered)
    talk.clock.advance(hours=49)
    await talk.send_due()
    assert len(talk.channel.delivered) == before
