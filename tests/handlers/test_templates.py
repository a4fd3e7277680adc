"""Templates and lists: kept, checked, used in chat and on the page, with what cannot be filled in or found told before anything is sent."""

import io

import xlsxwriter

from bot.chat import File, FileRef, Moved, Page
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, staff, written
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import filled, form_of, get, post
from tests.handlers.test_writing import refused, saved


def workbook(*rows: tuple[str, ...]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return held.getvalue()


async def test_a_draft_becomes_a_template_and_a_template_a_draft(talk: Talk) -> None:
    await staff(talk, 2)
    card = await written(talk, "{單位}：{活動：科技節}，{學期}，請於{截止}前報名。")
    card = await talk.press(await talk.press(card, "改回覆方式"), "按「已閱」")
    await talk.press(card, "存為範本")
    assert "1 至 30 字" in (await talk("字" * 31)).text
    kept = await talk("科技節報名")
    assert "已存為範本「科技節報名」" in kept.text
    shown = await talk.press(await talk.press(await talk("/notice"), "用範本"), "科技節報名")
    assert "回覆方式：按「已閱」" in shown.text
    card = await talk.press(shown, "用這個範本")
    assert card.text.startswith("通知草稿 2")
    # The end that its text speaks of is not set yet: it is refused before anything is sent.
    why = await talk.press(card, "發送")
    assert "{截止} 現在沒有可填的內容" in why.text
    await talk.press(await talk.press(why, "返回"), "定截止")
    card = await talk("10月15日")
    preview = await talk.press(card, "看看樣子")
    assert "2026—2027學年第一學期，請於2026年10月15日（週四）前報名。" in preview.text
    assert "{" not in preview.text
    await talk.press(await talk.press(card, "發送"), "確認")
    messages = await deliver(talk)
    assert preview.text in [message.text for message in messages]
    dropped = await talk.press(shown, "刪除範本")
    assert "已刪除" in dropped.text
    assert "已經不在" in (await talk.press(shown, "用這個範本")).text
    assert "送達 3／3 人" in (await talk("/report 2")).text


async def test_undone_its_placeholders_are_back_and_filled_for_the_new_day(talk: Talk) -> None:
    await staff(talk, 1)
    told = await talk.press(await talk.press(await written(talk, "{日期}停課。"), "發送"), "確認")
    undone = await talk.press(told, "撤銷")
    assert "{日期}停課。" in undone.text
    await talk.press(undone, "定時間")
    card = await talk("明天上午8點")
    await talk.press(await talk.press(card, "發送"), "確認")
    talk.clock.advance(days=1)
    assert [message.text for message in await talk.send_due()] == ["【通知】\n2026年10月13日（週二）停課。"] * 2


async def test_a_correction_is_filled_in_too_or_refused(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.press(await talk.press(await written(talk), "發送"), "確認")
    await deliver(talk)
    await talk.press(await talk("/report 1"), "更正")
    assert "{登月大會} 現在沒有可填的內容" in (await talk.press(await talk("{活動：登月大會}照常。"), "確定更正")).text
    await talk.press(await talk("/report 1"), "更正")
    await talk.press(await talk("{日期}停課。"), "確定更正")
    await talk.send_due()
    assert {message.text for _, _, message in talk.channel.amended} == {"〔更正〕以此為準\n【通知】\n2026年10月12日（週一）停課。"}


async def test_templates_on_the_page_are_checked_before_they_are_kept(talk: Talk) -> None:
    await talk.become(Rank.ADMINISTRATOR)
    new = filled(form_of(await get(talk, "templates"), "存範本"))
    page = await post(talk, "templates", new | {"name": "開學", "text": "{校慶}快樂"})
    assert isinstance(page, Page)
    assert "{校慶}" in page.notice
    assert filled(form_of(page, "存範本"))["text"] == "{校慶}快樂"
    assert isinstance(await post(talk, "templates", new | {"name": "開學", "text": "{學期}開學。"}), Moved)
    taken = await post(talk, "templates", new | {"name": "開學", "text": "別的"})
    assert isinstance(taken, Page)
    assert "已經有叫「開學」" in taken.notice
    change = filled(form_of(await get(talk, "templates"), "改這個範本"), name="新學期", text="{學期}到了。")
    assert isinstance(await post(talk, "templates", change), Moved)
    page = await get(talk, "templates")
    assert [block.quote for block in page.blocks if block.quote] == ["{學期}到了。"]
    moved = await post(talk, "templates", filled(form_of(page, "用這個範本")))
    assert isinstance(moved, Moved)
    assert "2026—2027學年第一學期到了。" in next(
        block.message.text for block in (await get(talk, moved.page, **moved.values)).blocks if block.message
    )


async def test_a_list_in_words_and_as_a_file_with_what_was_not_found(talk: Talk) -> None:
    await staff(talk, 6)
    await talk.become(Rank.ADMINISTRATOR)
    async with talk.app.store.read() as db:
        first, second, third, *_ = [unit.name for unit in await db.units.every()]
    await talk("/notice")
    asked = await talk.press(await talk("開會。"), "用名單")
    assert "姓名或單位" in asked.text
    assert "一個也沒找到：火星小學" in (await talk("火星小學")).text
    await talk.press(await talk.press(await talk("/notice"), "開會"), "改對象")
    await talk.press(talk.heard[-1], "用名單")
    card = await talk(f"老師0、老師1（{second}）、{third}、王五、老師2（{first}）")
    assert "找到 2 人、1 個單位" in card.text
    assert f"沒找到 2 個：王五（第 4 行）、老師2（{first}）（第 5 行）" in card.text
    assert "發給：名單「20261012 1」（4 人）" in card.text
    await talk.press(await talk.press(card, "改對象"), "用名單")
    talk.channel.files["roll"] = workbook(("序號", "姓名", "單位"), ("1", "老師3", ""), ("2", "", second), ("3", "老師九", ""))
    card = await talk("", files=(FileRef(talk.channel.name, "roll", "教研員.xlsx"),))
    assert "名單「教研員」已存：找到 1 人、1 個單位" in card.text
    assert "老師九（第 4 行）" in card.text
    await talk.press(await talk.press(card, "發送"), "確認")
    assert len(await deliver(talk)) == 3
    again = await talk.press(
        await talk.press(await talk.press(await talk("/notice 又一份"), "用名單"), "教研員（1 人、1 個單位）"), "改對象"
    )
    assert "發給誰" in again.text
    # A name that is said with 名單 before it is understood too.
    assert "發給：名單「教研員」（3 人）" in (await talk("名單教研員")).text
    assert "教研員（1 人、1 個單位）" in labels(await talk.press(talk.heard[-2], "用名單"))


async def test_lists_on_the_page(talk: Talk) -> None:
    await staff(talk, 3)
    await talk.become(Rank.ADMINISTRATOR)
    form = filled(form_of(await get(talk, "lists"), "存名單"))
    for values, files, why in (
        ({}, (), "名單是空的"),
        ({"words": "甲、乙"}, (), "一個也沒找到：甲 乙"),
        ({}, (File("名單.xlsx", "", b"PK broken"),), "名單.xlsx"),
        ({}, (File("名單.docx", "", b"\xd0\xcf\x11\xe0"),), "不是 CSV 或 XLSX"),
    ):
        page = await post(talk, "lists", form | values, *files)
        assert isinstance(page, Page)
        assert page.refused
        assert why in page.notice
    page = await post(talk, "lists", form | {"name": "骨幹，教師"}, File("名單.csv", "text/csv", "姓名\n老師0\n老師7\n".encode("gb18030")))
    assert isinstance(page, Page)
    assert "名單「骨幹 教師」已存：找到 1 人、0 個單位" in page.notice
    assert "老師7（第 3 行）" in page.notice
    draft = await saved(talk, to="list:骨幹 教師")
    assert "名單「骨幹 教師」（1 人）" in words(draft)
    page = await get(talk, "lists")
    assert isinstance(await post(talk, "lists", filled(form_of(page, "刪除名單"), sure="yes")), Moved)
    assert "沒有叫「骨幹 教師」的名單" in words(await get(talk, "write", notice="1"))
    assert "沒有叫「骨幹 教師」的名單" in (await refused(talk, filled(form_of(draft, "存草稿")))).notice
