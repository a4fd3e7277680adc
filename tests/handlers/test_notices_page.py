"""Notices on the page, through the desk: the list, one notice with its tables, what its forms do, and the proof to print."""

import io
import zipfile

import openpyxl

from bot.chat import Action, Address, Download, Moved, Page, Request
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_attachments import asking, file
from tests.handlers.test_notice import deliver, sent, staff
from tests.handlers.test_sheets import filled, form_of, get, post


def words(page: Page) -> str:
    """All that a page shows, forms aside."""
    parts = [page.title, page.notice]
    for block in page.blocks:
        parts += [block.heading, block.text, block.quote, *(badge.text for badge in block.badges)]
        parts += [f"{name} {value}" for name, value, _ in block.facts] + [link.label for link in block.links]
        if block.table:
            parts += ["|".join(row) for row in (block.table.head, *block.table.rows)]
    return "\n".join(parts)


async def download(talk: Talk, name: str, **values: str) -> bytes:
    opened = await talk.app.desk.open(Request(name, Address(talk.channel.name, talk.sender), values))
    assert isinstance(opened, Download)
    return opened.file.data


async def test_the_list_and_a_notice_by_unit_and_by_person(talk: Talk) -> None:
    people = await staff(talk, 4)
    await sent(talk, "按「已閱」", "週五開會。\n請帶材料。")
    messages = await deliver(talk)
    await people[1].press(messages[2], "已閱")
    shown = words(await get(talk, "notices"))
    assert "週五開會。\n請帶材料。" in shown
    assert "發給：全體教職工" in shown
    page = await get(talk, "board", notice="1")
    async with talk.app.store.read() as db:
        first, second, *_ = [unit.name for unit in await db.units.every()]
    rows = next(block.table for block in page.blocks if block.table).rows
    # The most behind first: two of the first school have not answered, the one of the second has.
    assert rows[0] == (first, "2", "2", "0")
    assert rows[-1] == (second, "1", "1", "1")
    each = words(await get(talk, "board", notice="1", show="people"))
    assert f"老師1|{second}|" in each
    assert "老師1" not in words(await get(talk, "board", notice="1", show="silent"))
    book = openpyxl.load_workbook(io.BytesIO(await download(talk, "receipts", notice="1")))
    assert len(book.sheetnames) == 2


async def test_its_forms_hold_correct_and_take_back_and_refuse_what_is_stale(talk: Talk) -> None:
    await staff(talk, 2)
    await sent(talk, "按「已閱」")
    page = await get(talk, "board", notice="1")
    hold = filled(form_of(page, "暫停"))
    moved = await post(talk, "board", hold)
    assert isinstance(moved, Moved)
    held = await get(talk, "board", **moved.values)
    assert "已暫停" in words(held)
    assert "3" in held.notice
    assert await deliver(talk) == []
    stale = await post(talk, "board", hold)
    assert isinstance(stale, Page)
    assert stale.refused
    assert "重新打開" in stale.notice
    stop = filled(form_of(held, "停止"))
    untold = await post(talk, "board", stop)
    assert isinstance(untold, Page)
    assert untold.refused
    assert isinstance(await post(talk, "board", filled(form_of(held, "繼續"))), Moved)
    assert len(await talk.send_due()) == 3
    page = await get(talk, "board", notice="1")
    correct = filled(form_of(page, "更正"), sure="yes")
    assert correct["text"] == "週五下午三點開會。"
    assert isinstance(empty := await post(talk, "board", correct | {"text": " "}), Page)
    assert empty.refused
    assert isinstance(await post(talk, "board", correct | {"text": "週六開會。"}), Moved)
    await talk.send_due()
    assert ["週六" in message.text for _, _, message in talk.channel.amended] == [True] * 3
    page = await get(talk, "board", notice="1")
    assert isinstance(await post(talk, "board", filled(form_of(page, "撤回"), sure="yes")), Moved)
    await talk.send_due()
    assert len(talk.channel.recalled) == 3
    assert "已撤回" in words(await get(talk, "board", notice="1"))


async def test_the_proof_has_the_text_the_time_the_post_the_numbers_and_a_row_for_everybody(talk: Talk) -> None:
    people = await staff(talk, 3)
    await sent(talk, "按「已閱」")
    messages = await deliver(talk)
    await people[0].press(messages[1], "已閱")
    proof = words(await get(talk, "proof", notice="1"))
    for part in (
        "送達證明",
        "週五下午三點開會。",
        "確認時間 2026-10-12 09:00",
        "發送人身份 管理員",
        "送達 4／4 人",
        "已回覆 1 人，未回 3 人",
    ):
        assert part in proof
    table = next(block.table for block in (await get(talk, "proof", notice="1")).blocks if block.table)
    assert len(table.rows) == 4
    assert [row[-2:] for row in table.rows if row[1] == "老師0"] == [("已閱", "2026-10-12 09:00")]


async def test_what_was_handed_in_is_downloaded_whole(talk: Talk) -> None:
    people = await staff(talk, 1)
    await talk.press(await talk.press(await asking(talk), "發送"), "確認")
    messages = await deliver(talk)
    nothing = await get(talk, "handed", notice="1")
    assert nothing.refused
    await people[0].press(messages[1], "回覆")
    await file(people[0], "表.docx", b"x")
    with zipfile.ZipFile(io.BytesIO(await download(talk, "handed", notice="1"))) as archive:
        assert [name.rpartition("/")[2] for name in archive.namelist()] == ["表.docx"]


async def test_in_a_drill_those_who_need_help_stand_first_by_name(talk: Talk) -> None:
    people = await staff(talk, 3)
    await sent(talk, "演練報平安")
    messages = await deliver(talk)
    await people[0].press(messages[1], "安全")
    talk.clock.advance(minutes=1)
    await people[2].press(messages[3], "需要幫助")
    board = await talk("/report 1")
    async with talk.app.store.read() as db:
        unit = [unit.name for unit in await db.units.every()][2]
    lines = board.text.splitlines()
    assert lines[1:3] == ["⚠ 需要幫助 1 人：", f"　老師2（{unit}）09:01"]
    assert "安全 1 人＋需要幫助 1 人＋還沒報 2 人＝共 4 人" in lines
    assert f"老師2（{unit}）" in words(await get(talk, "board", notice="1"))


async def test_the_pages_are_for_administrators_and_forged_addresses_get_a_sentence(talk: Talk) -> None:
    people = await staff(talk, 1)
    await sent(talk)
    for name in ("notices", "board", "proof", "receipts", "handed"):
        address = Address(talk.channel.name, people[0].sender)
        assert await talk.app.desk.open(Request(name, address, {"notice": "1"})) is None
    await talk.become(Rank.ADMINISTRATOR)
    for name in ("board", "proof", "receipts", "handed"):
        for notice in ("", "x", "9" * 30, "7", "٣"):
            assert (await get(talk, name, notice=notice)).refused
    forged = await post(talk, "board", {"notice": "1", "do": "drop", "revision": "2"})
    assert isinstance(forged, Page)
    assert forged.refused
    assert labels(await talk("/report 1"))[-1] != "在頁面上看"


async def test_a_picture_comes_under_the_board_of_answers_or_of_deliveries(talk: Talk) -> None:
    people = await staff(talk, 3)
    await sent(talk, "按「已閱」")
    messages = await deliver(talk)
    await people[0].press(messages[1], "已閱")
    reply = await talk.press(await talk("/report 1"), "看圖")
    assert (reply.files[0].name, reply.files[0].mime) == ("通知1進展.png", "image/png")
    assert reply.files[0].data.startswith(b"\x89PNG")
    await sent(talk)
    await deliver(talk)
    unasked = await talk.press(await talk("/report 2"), "看圖")
    assert unasked.files[0].data != reply.files[0].data
    assert "已經不在" in (await talk._tell(action=Action("picture", "9"))).text
