"""A second person's approval: nothing leaves on one person's word, whichever way it is tried."""

from dataclasses import replace

import pytest

from bot.chat import Action, Moved, Reply
from bot.people import Rank
from bot.settings import Settings
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, staff, written
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import filled, form_of, get, post
from tests.handlers.test_writing import saved


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, notices=replace(settings.notices, approval=True))


@pytest.fixture
async def second(talk: Talk) -> Talk:
    other = talk.as_("second")
    await other.become(Rank.ADMINISTRATOR)
    return other


async def put_forward(talk: Talk) -> tuple[Reply, Reply]:
    """What the author is told, and what the second person gets."""
    card = await written(talk)
    told = await talk.press(await talk.press(card, "發送"), "確認")
    (request,) = await talk.send_due()
    return told, request


async def test_it_leaves_when_another_administrator_approves_and_its_author_is_told(talk: Talk, second: Talk) -> None:
    await staff(talk, 2)
    told, request = await put_forward(talk)
    assert "已送 1 位管理員審批" in told.text
    assert "待審批" in request.text
    assert "週五下午三點開會，請準時參加。" in request.text
    assert "（4 人）" in request.text
    assert await deliver(talk) == []
    assert "另一位管理員" in (await talk.press(request, "批准")).text
    approved = await second.press(request, "批准發給 4 人")
    assert "秒後開始" in approved.text
    (verdict,) = await talk.send_due()
    assert "已獲批准" in verdict.text
    assert "已有人處理" in (await second.press(request, "批准")).text
    assert len(await deliver(talk)) == 4
    assert await deliver(talk) == []


async def test_sent_back_it_stays_a_draft_and_may_be_put_forward_again(talk: Talk, second: Talk) -> None:
    await staff(talk, 1)
    _, request = await put_forward(talk)
    assert "已退回" in (await second.press(request, "退回")).text
    (verdict,) = await talk.send_due()
    assert "被退回" in verdict.text
    card = await talk.press(verdict, "返回")
    assert "通知草稿 1" in card.text
    assert "已有人處理" in (await second.press(request, "批准")).text
    talk.clock.advance(minutes=1)
    await talk.press(await talk.press(card, "發送"), "確認")
    (again,) = await talk.send_due()
    await second.press(again, "批准")
    assert len(await deliver(talk)) == 4


async def test_what_was_changed_since_is_not_approved_and_who_changed_it_cannot_approve_it(talk: Talk, second: Talk) -> None:
    await staff(talk, 1)
    _, request = await put_forward(talk)
    card = await second.press(await second("/notice"), "週五")
    await second.press(card, "改內容")
    card = await second("明天放假。")
    assert "改過" in (await second.press(request, "批准")).text
    await second.press(await second.press(card, "發送"), "確認")
    assert await deliver(talk) == []


async def test_without_a_second_person_and_with_more_people_than_shown_nothing_leaves(talk: Talk) -> None:
    await staff(talk, 1)
    card = await written(talk)
    assert "沒有別的管理員" in (await talk.press(await talk.press(card, "發送"), "確認")).text
    other = talk.as_("second")
    await other.become(Rank.ADMINISTRATOR)
    await talk.press(await talk.press(card, "發送"), "確認")
    (request,) = await talk.send_due()
    await staff(talk, 3)
    refused = await other.press(request, "批准")
    assert "送審時是 3 人，現在是 5 人" in refused.text
    assert await deliver(talk) == []


async def test_a_teacher_approves_nothing_and_forged_references_get_a_sentence(talk: Talk, second: Talk) -> None:
    people = await staff(talk, 1)
    _, request = await put_forward(talk)
    assert "權限" in (await people[0].press(request, "批准")).text
    for verb in ("approve", "reject"):
        for reference in ("", "x", "1", "1.9", "9" * 20, "٣.1", "1.2.3"):
            assert "抱歉" not in (await second._tell(action=Action(verb, reference))).text
    assert await deliver(talk) == []


async def test_a_correction_would_be_one_persons_word(talk: Talk, second: Talk) -> None:
    await staff(talk, 1)
    _, request = await put_forward(talk)
    await second.press(request, "批准")
    await deliver(talk)
    board = await talk("/report 1")
    await talk.press(board, "更正")
    read_back = await talk("明天放假。")
    assert "不能直接更正" in (await talk.press(read_back, "確定更正")).text
    assert talk.channel.amended == []
    assert "撤回" in "".join(labels(await talk("/report 1")))


async def test_from_the_page_it_waits_for_the_second_persons_word_too(talk: Talk, second: Talk) -> None:
    await staff(talk, 2)
    await talk.become(Rank.ADMINISTRATOR)
    page = await saved(talk, at="每學期開學第一天8點")
    moved = await post(talk, "write", filled(form_of(page, "送另一位管理員審批"), sure="yes"))
    assert isinstance(moved, Moved)
    assert "已送審" in (await get(talk, moved.page, **moved.values)).notice
    assert "正在等另一位管理員批准" in words(await get(talk, "write", notice="1"))
    (asked,) = await talk.send_due()
    assert "每學期開學第一天 08:00" in asked.text
    approved = await second.press(asked, "批准")
    assert "已定：每學期開學第一天" in approved.text
    async with talk.app.store.read() as db:
        assert [one.id for one in await db.notices.series()] == [1]
