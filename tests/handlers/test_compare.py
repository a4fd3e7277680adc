"""/compare as staff meet it: plans found by rough names, versions by buttons, pages, and drafts that only administrators see."""

import re
from datetime import date

import pytest

from bot.calendar import SchoolCalendar
from bot.chat import Address, Page, Request
from bot.people import Rank
from bot.plan.read import read_plan
from bot.samples import lay_out
from tests.handlers.conftest import Talk, labels

SPRING = lay_out(date(2026, 10, 12), SchoolCalendar())[0].data.decode()
CHANGED = (
    SPRING.replace("各校要在3月底前完成本校章程", "各校要在4月底前完成本校章程")
    .replace("區教育局人事科負責審核", "區教育局財務科負責審核")
    .replace("；嚴禁任何單位以平台名義向學生收費", "")
    .replace("收到反映後5個工作日內答覆", "收到反映後5個工作日內答覆；區電化教育館要開通匿名留言的網頁")
)


async def store(talk: Talk, text: str, release: bool = True) -> None:
    async with talk.app.store.begin() as db:
        imported = await db.plans.store_document(read_plan("spring-plan.txt", text.encode()), talk.clock())
        assert imported.outcome == "version"
        if release:
            await db.plans.release(imported.stored.plan, talk.clock(), imported.stored.version)
    await talk.app.shelves.look_now()


async def test_it_is_for_staff(talk: Talk) -> None:
    assert "沒有使用這項功能的權限" in (await talk("/compare")).text
    await talk.become(Rank.TEACHER)
    assert "權限" not in (await talk("/compare")).text


async def test_two_plans_by_rough_names_or_buttons(talk: Talk) -> None:
    await talk.become(Rank.TEACHER)
    for words in ("/compare 春季 學年", "對照 春季和學年度", "/compare 春季学期计划，学年度计划"):
        reply = await talk(words)
        assert re.search(r"春季學期教育工作計劃（第1版） → .*學年度教育工作計劃（第1版）", reply.text), words
        assert re.search(r"新增 \d+ 項.*取消 \d+ 項.*改寫 \d+ 項", reply.text)
    asked = await talk("/compare 春季")
    assert "要與哪一份對照" in asked.text
    chosen = await talk.press(asked, "學年度")
    assert chosen.text == reply.text
    more = await talk.press(chosen, "更多")
    assert more.text.splitlines()[:2] == chosen.text.splitlines()[:2]
    assert more.text != chosen.text
    assert (await talk.press(more, "上一頁")).text == chosen.text


async def test_versions_say_what_changed_and_hide_what_did_not(talk: Talk) -> None:
    await talk.become(Rank.PRINCIPAL)
    await store(talk, CHANGED)
    asked = await talk("/compare 春季")
    reply = await talk.press(asked, "新舊版本")
    assert re.search(r"新增 1 項、取消 1 項、只改日期、單位或指標 2 項；其餘 \d+ 項不變。", reply.text)
    assert "改了日期：3月底前 → 4月底前" in reply.text
    assert "換了負責單位：區教育局人事科 → 區教育局財務科" in reply.text
    assert "取消：嚴禁任何單位以平台名義向學生收費" in reply.text
    assert "新增：區電化教育館要開通匿名留言的網頁" in reply.text
    assert "田徑運動會" not in reply.text
    assert labels(reply) == ["不變的也列出"]
    everything = await talk.press(reply, "不變的也列出")
    assert "更多" in labels(everything)
    assert (await talk.press(everything, "只看改動")).text == reply.text


async def test_drafts_are_compared_by_administrators_only(talk: Talk) -> None:
    await store(talk, CHANGED, release=False)
    await talk.become(Rank.PRINCIPAL)
    assert not any("新舊版本" in label for label in labels(await talk("/compare")))
    await talk.become(Rank.ADMINISTRATOR)
    reply = await talk.press(await talk("/compare"), "新舊版本")
    assert "改了日期：3月底前 → 4月底前" in reply.text
    await talk.become(Rank.PRINCIPAL)
    assert (await talk.press(everything_of(talk), "新舊版本")).text.startswith("這個按鈕已經失效")


def everything_of(talk: Talk) -> object:
    return next(reply for reply in reversed(talk.heard) if any("新舊版本" in label for label in labels(reply)))


@pytest.mark.parametrize(
    "reference", ["", "1v1p0", "1v1p0-9v9p9-0-c", "1v1p0-2v1p0-x-c", "x-y-z", "1v1p0-2v1p0-999999-c", "1v1p9-2v1p0-0-c"]
)
async def test_a_forged_or_old_button_is_refused(talk: Talk, reference: str) -> None:
    await talk.become(Rank.TEACHER)
    reply = await talk("/compare")
    button = next(button for row in reply.buttons for button in row)
    assert button.action is not None
    action = type(button.action)("compare", reference)
    assert (await talk._tell(action=action)).text.startswith("這個按鈕已經失效")


async def test_a_name_no_plan_has_offers_the_plans(talk: Talk) -> None:
    await talk.become(Rank.TEACHER)
    reply = await talk("/compare 消防條例彙編")
    assert "沒有找到叫「消防條例彙編」的計劃" in reply.text
    assert any("學年度" in label for label in labels(reply))


async def test_the_page_offers_every_version_and_lists_the_changes_by_section(talk: Talk) -> None:
    await store(talk, CHANGED)
    who = Address(talk.channel.name, talk.sender)
    await talk.become(Rank.GUEST)
    assert await talk.app.desk.open(Request("compare", who)) is None
    await talk.become(Rank.TEACHER)
    empty = await talk.app.desk.open(Request("compare", who))
    assert isinstance(empty, Page)
    (form,) = empty.blocks[0].forms
    assert len(empty.blocks) == 1
    assert [value for value, _ in form.fields[0].choices] == ["1v2p0", "1v1p0", "2v1p0"]
    page = await talk.app.desk.open(Request("compare", who, {"before": "1v1p0", "after": "1v2p0"}))
    assert isinstance(page, Page)
    tables = {block.heading: block.table.rows for block in page.blocks if block.table}
    assert list(tables) == ["一、理順學校治理，讓資源流向薄弱處", "五、培養一支願教善教的隊伍", "六、用好數字資源"]
    (dropped,) = tables["六、用好數字資源"]
    assert dropped == ("取消", "", "嚴禁任何單位以平台名義向學生收費", "")
    assert "改了日期：3月底前 → 4月底前" in [row[3] for row in tables["一、理順學校治理，讓資源流向薄弱處"]]
    whole = await talk.app.desk.open(Request("compare", who, {"before": "1v1p0", "after": "1v2p0", "all": "1"}))
    assert isinstance(whole, Page)
    assert sum(len(block.table.rows) for block in whole.blocks if block.table) > 70
    odd = await talk.app.desk.open(Request("compare", who, {"before": "9v9p9", "after": "x"}))
    assert isinstance(odd, Page)
    assert len(odd.blocks) == 1
