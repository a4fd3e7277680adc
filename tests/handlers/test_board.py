"""The board: who sees which units, what counts as late, the way down to one duty, and the same as table, picture and page."""

import io

import openpyxl
from PIL import Image

from bot.chat import Action, Address, Download, Page, Request
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_follow import shanghai
from tests.handlers.test_sheets import filled, form_of, get, post
from tests.handlers.test_standing import of_school

APRIL = shanghai(2027, 4, 2, 9)


async def administrator(talk: Talk) -> Talk:
    await talk.become(Rank.ADMINISTRATOR)
    return talk


async def test_the_district_by_unit_down_to_one_duty_that_an_administrator_marks(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    board = await chief("/board")
    assert "18 個單位" in board.text
    assert "🟡滯後" in board.text
    unit = await chief.press(board, "1 ")
    number = next(line for line in unit.text.splitlines() if line.startswith("1. 🔴逾期"))
    duty = await chief.press(unit, "1")
    assert "🔴逾期" in duty.text
    done = await chief.press(duty, "完成")
    assert "🟢完成" in done.text
    again = await chief.press(done, "返回")
    assert number not in again.text
    undone = await chief.press(done, "撤銷")
    assert "已撤銷" in undone.text


async def test_a_principal_sees_the_school_they_were_given_and_a_teacher_nothing(talk: Talk) -> None:
    talk.clock.set(APRIL)
    principal = await of_school(talk.as_("p"), "禾溪區第二小學", Rank.PRINCIPAL)
    board = await principal("/board")
    assert board.text.startswith("禾溪區第二小學")
    assert "返回" not in labels(board)
    async with talk.app.store.read() as db:
        other = await db.units.named("禾溪區第一小學")
    assert other is not None
    for verb, reference in (("board_unit", f"{other.id}.0"), ("board_table", str(other.id)), ("board_picture", str(other.id))):
        assert (await principal._tell(action=Action(verb, reference))).text == "這個按鈕已經失效，請重新提問。"
    teacher = await of_school(talk.as_("t"), "禾溪區第二小學")
    assert "沒有使用這項功能的權限" in (await teacher("/board")).text


async def test_whoever_only_says_where_they_belong_sees_no_board(talk: Talk) -> None:
    await talk.become(Rank.PRINCIPAL)
    async with talk.app.store.begin() as db:
        person = await db.people.find(Address(talk.channel.name, talk.sender))
        unit = await db.units.named("禾溪區第一小學")
        assert person is not None
        assert unit is not None
        await db.people.set_unit(person.id, unit.id)
    assert "第一小學" not in (await talk("/board")).text


async def test_what_was_due_before_the_plan_came_into_use_is_not_called_late(talk: Talk) -> None:
    chief = await administrator(talk)
    # The demonstration came into use on 12 October.
    board = await chief("/board")
    assert "🔴逾期 0" in board.text
    assert "啟用前已到期" in board.text


async def test_a_measure_is_marked_for_all_units_that_were_shown_and_for_no_others(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    sections = await chief.press(await chief("/board"), "按篇目")
    measure = await chief.press(await chief.press(sections, "1 "), "1")
    assert "🟡滯後 9" in measure.text
    asked = await chief.press(measure, "全部記為完成")
    other = await of_school(talk.as_("a"), "禾溪區第一小學")
    mine = await other("各校什麼時候完成章程的年度修訂？")
    await other.press(mine, "完成")
    stale = await chief.press(asked, "確定")
    assert "重新打開" in stale.text
    asked = await chief.press(measure, "全部記為完成")
    await chief.press(asked, "確定，8 個單位")
    async with talk.app.store.read() as db:
        assert len(await db.standings.every()) == 9


async def test_a_monthly_duty_is_open_again_in_the_next_month(talk: Talk) -> None:
    talk.clock.set(APRIL)
    one = await of_school(talk.as_("a"), "禾溪區第一小學", Rank.PRINCIPAL)
    answer = await one("各校每月開展應急演練幾次？")
    said = await one.press(answer, "完成")
    assert "2027年4月的一次" in said.text
    talk.clock.set(shanghai(2027, 5, 3, 9))
    said = await one.press(await one("各校每月開展應急演練幾次？"), "完成")
    assert "2027年5月的一次" in said.text


async def test_table_and_picture_have_a_row_for_each(talk: Talk) -> None:
    talk.clock.set(APRIL)
    chief = await administrator(talk)
    board = await chief("/board")
    (table,) = (await chief.press(board, "台賬")).files
    book = openpyxl.load_workbook(io.BytesIO(table.data))
    assert [sheet.title for sheet in book] == ["督辦台賬", "按單位", "按篇目"]
    duties = list(book["督辦台賬"].values)
    late = sum(row[2] == "逾期" for row in duties)
    assert f"🔴逾期 {late} " in board.text
    assert sum(int(row[3] or 0) for row in list(book["按單位"].values)[1:]) == late
    (picture,) = (await chief.press(board, "看圖")).files
    image = Image.open(io.BytesIO(picture.data))
    assert image.width == 1000


async def test_the_page_leads_down_to_a_duty_and_its_form_marks_it(talk: Talk) -> None:
    talk.clock.set(APRIL)
    await administrator(talk)
    page = await get(talk, "progress")
    table = next(block.table for block in page.blocks if block.table)
    assert len(table.rows) == 18
    unit = await get(talk, "progress", **table.links[0].values)
    rows = next(block.table for block in unit.blocks if block.table)
    duty = await get(talk, "duty", **rows.links[0].values)
    moved = await post(talk, "duty", filled(form_of(duty, "完成")))
    after = await get(talk, moved.page, **moved.values)
    assert isinstance(after, Page)
    assert after.blocks[0].badges[0].text == "完成"
    assert [form.submit for form in after.blocks[1].forms] == ["撤銷"]
    for name in ("progress_table", "progress_picture"):
        opened = await talk.app.desk.open(Request(name, Address(talk.channel.name, talk.sender), {}))
        assert isinstance(opened, Download)
