"""Writing a notice by forms on the page, through the desk: the same drafts and checks as in chat."""

from dataclasses import replace

from bot.chat import Address, File, Form, Moved, Page, Request
from bot.people import Rank
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, staff
from tests.handlers.test_notices_page import words
from tests.handlers.test_sheets import filled, form_of, get, post


async def saved(talk: Talk, *files: File, **typed: str) -> Page:
    """A new draft with what was typed, as the page shows it then."""
    form = form_of(await get(talk, "write"), "存草稿")
    moved = await post(talk, "write", filled(form, **({"text": "週五開會。", "to": "staff", "ask": "read"} | typed)), *files)
    assert isinstance(moved, Moved), moved.notice
    return await get(talk, moved.page, **moved.values)


def sending(page: Page) -> Form:
    return form_of(page, "發給")


async def refused(talk: Talk, values: dict[str, str], *files: File) -> Page:
    page = await post(talk, "write", values, *files)
    assert isinstance(page, Page)
    assert page.refused
    return page


async def test_from_the_form_to_everybody_as_it_was_shown(talk: Talk) -> None:
    people = await staff(talk, 3)
    await talk.become(Rank.ADMINISTRATOR)
    picture = File("路線.png", "image/png", b"\x89PNG\r\n\x1a\n1")
    page = await saved(talk, picture, File("表.docx", "", b"x"), text="{姓名}：週五開會。", until="10月15日")
    shown = next(block.message for block in page.blocks if block.message)
    assert [file.name for file in shown.files] == ["路線.png", "表.docx"]
    assert labels(shown) == ["已閱"]
    assert "全體教職工（4 人）" in words(page)
    untold = await refused(talk, filled(sending(page)))
    assert "勾" in untold.notice
    moved = await post(talk, "write", filled(sending(page), sure="yes"))
    assert isinstance(moved, Moved)
    board = await get(talk, moved.page, **moved.values)
    assert "30 秒後開始發出" in board.notice
    # One uploads an attachment, the others come back for it.
    count = len(await deliver(talk))
    while more := len(await deliver(talk)):
        count += more
    assert count == 12
    mine = [message for address, message, _ in talk.channel.delivered if address.chat == people[0].sender]
    assert mine[0].text == shown.text.replace("同仁：", "老師0：")
    assert [file.name for message in mine for file in message.files] == ["路線.png", "表.docx"]
    assert "收到" in (await people[0].press(mine[0], "已閱")).text
    again = await refused(talk, filled(sending(page), sure="yes"))
    assert "重新打開" in again.notice


async def test_a_draft_of_the_page_goes_on_in_chat_and_back(talk: Talk) -> None:
    await staff(talk, 2)
    await talk.become(Rank.ADMINISTRATOR)
    await saved(talk, to="words", words="各校，不含禾溪區第二小學", ask="choice", options="參加、不參加", at="明天上午8點")
    card = await talk.press(await talk("/notice"), "週五開會")
    for part in ("各校（不含禾溪區第二小學）", "選一項 參加、不參加", "2026-10-13 08:00"):
        assert part in card.text
    card = await talk.press(await talk.press(card, "改回覆方式"), "回一個數")
    page = await get(talk, "write", notice="1")
    form = filled(form_of(page, "存草稿"))
    assert form["ask"] == "number"
    assert form["words"] == "各校（不含禾溪區第二小學）"
    # Kept as it stands it is the same draft.
    assert isinstance(await post(talk, "write", form), Moved)
    async with talk.app.store.read() as db:
        draft = await db.notices.get(1)
    assert draft is not None
    assert draft.selection == "unit:各校 - unit:禾溪區第二小學"
    stale = await refused(talk, form)
    assert "重新打開" in stale.notice


async def test_what_cannot_be_is_refused_with_all_that_was_typed_and_nothing_is_kept(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.become(Rank.ADMINISTRATOR)
    good = filled(form_of(await get(talk, "write"), "存草稿"), text="開會。", to="staff", ask="read")
    for wrong, why in (
        ({"text": " "}, "沒有內容"),
        ({"text": "字" * 3001}, "最多 3000 字"),
        ({"text": "請到{地點}。"}, "{地點}"),
        ({"to": "words", "words": "火星小學"}, "火星小學"),
        ({"words": "各校"}, "只留一個"),
        ({"ask": "choice", "options": "只有一個"}, "選項要有"),
        ({"until": "過幾天"}, "沒看出是哪一天"),
        ({"at": "過幾天"}, "沒看出是幾點"),
        ({"at": "今天早上8點"}, "已經過了"),
        ({"at": "10月20日 9:00", "until": "10月15日"}, "截止時間要晚於發出時間"),
        ({"ask": "everything"}, "按鈕"),
    ):
        page = await refused(talk, good | wrong)
        assert why in page.notice
        kept = filled(form_of(page, "存草稿"))
        assert all(kept[name] == value for name, value in wrong.items() if name != "ask")
    assert "空的" in (await refused(talk, good, File("空.txt", "", b""))).notice
    async with talk.app.store.read() as db:
        assert await db.notices.every() == []


async def test_many_people_are_confirmed_by_typing_their_number_and_it_can_be_taken_back(talk: Talk) -> None:
    talk.app.services = replace(
        talk.app.services, settings=replace(talk.app.settings, notices=replace(talk.app.settings.notices, typed_above=3))
    )
    talk.app.desk._services = talk.app.services
    await staff(talk, 4)
    await talk.become(Rank.ADMINISTRATOR)
    page = await saved(talk)
    form = sending(page)
    assert "沒有輸入 5" in (await refused(talk, filled(form, typed="4"))).notice
    await staff(talk, 5)
    assert "剛才是 5 人，現在是 6 人" in (await refused(talk, filled(form, typed="5"))).notice
    page = await get(talk, "write", notice="1")
    moved = await post(talk, "write", filled(sending(page), typed="6"))
    assert isinstance(moved, Moved)
    board = await get(talk, moved.page, **moved.values)
    back = await post(talk, "write", filled(form_of(board, "撤銷")))
    assert isinstance(back, Moved)
    page = await get(talk, back.page, **back.values)
    assert "沒有發給任何人" in page.notice
    assert await deliver(talk) == []
    assert isinstance(await post(talk, "write", filled(sending(page), typed="6")), Moved)
    assert len(await deliver(talk)) == 6
    board = await get(talk, "board", notice="1")
    assert "撤銷，改回草稿" not in [form.submit for block in board.blocks for form in block.forms]
    assert board.every == 10


async def test_attachments_come_off_and_a_draft_is_deleted_with_a_tick(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.become(Rank.ADMINISTRATOR)
    page = await saved(talk, File("表.docx", "", b"x"))
    moved = await post(talk, "write", filled(form_of(page, "去掉 表.docx")))
    assert isinstance(moved, Moved)
    page = await get(talk, "write", notice="1")
    assert [block.message.files for block in page.blocks if block.message] == [()]
    assert "勾" in (await refused(talk, filled(form_of(page, "刪除")))).notice
    moved = await post(talk, "write", filled(form_of(page, "刪除"), sure="yes"))
    assert isinstance(moved, Moved)
    assert "草稿已刪除" in (await get(talk, moved.page, **moved.values)).notice
    gone = await talk.app.desk.open(Request("write", Address(talk.channel.name, talk.sender), {"notice": "1"}))
    assert isinstance(gone, Page)
    assert gone.refused


async def test_it_is_for_administrators_and_what_reaches_nobody_cannot_be_confirmed(talk: Talk) -> None:
    people = await staff(talk, 1)
    request = Request("write", Address(talk.channel.name, people[0].sender), {"do": "save", "text": "放假", "ask": "nothing"}, True)
    assert await talk.app.desk.open(request) is None
    await talk.become(Rank.ADMINISTRATOR)
    page = await saved(talk, to="rank:principal")
    assert "還沒有人加入，通知發不出去" in words(page)
    assert "全體教職工 2 人" in words(page)
    assert not [
        form for block in page.blocks for form in block.forms if "sure" in [field.name for field in form.fields] and not form.summary
    ]


async def test_the_picture_of_a_board_has_another_address_when_it_shows_something_else(talk: Talk) -> None:
    people = await staff(talk, 2)
    await talk.become(Rank.ADMINISTRATOR)
    await post(talk, "write", filled(sending(await saved(talk)), sure="yes"))

    async def picture() -> dict[str, str]:
        page = await get(talk, "board", notice="1")
        return dict(next(block.picture for block in page.blocks if block.picture).values)

    assert (await get(talk, "board", notice="1")).every == 3
    messages = await deliver(talk)
    before = await picture()
    assert before == await picture()
    await people[0].press(messages[0], "已閱")
    assert before != await picture()
