"""What goes with a notice and what comes back: attachments, deadlines, and files handed in by unit."""

import io
import zipfile

from bot.chat import Abilities, Action, Address, FileRef, Incoming, Outcome, Receipt, Reply
from bot.export.bundle import Entry, paths, volumes
from bot.people import Rank
from handlers.handin import VOLUME
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_notice import deliver, staff, written

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


async def file(talk: Talk, name: str, data: bytes, mime: str = "application/pdf", text: str = "") -> Reply:
    """Send a file to the bot."""
    talk.channel.files[f"in-{talk.sender}-{name}-{len(data)}"] = data
    return await talk._tell(files=(FileRef(talk.channel.name, f"in-{talk.sender}-{name}-{len(data)}", name, len(data), mime),), text=text)


async def asking(talk: Talk, until: str = "") -> Reply:
    """The card of a draft that asks for files."""
    card = await talk.press(await talk.press(await written(talk, "請報送安全自查表。"), "改回覆方式"), "交檔案")
    if until:
        await talk.press(card, "定截止")
        card = await talk(until)
    return card


async def test_attachments_follow_the_text_uploaded_once_and_then_by_id(talk: Talk) -> None:
    await staff(talk, 3)
    card = await written(talk)
    asked = await talk.press(card, "附件")
    assert "最多 10 個" in asked.text
    assert "附件 1 個" in (await file(talk, "通知.pdf", b"%PDF-1.7 x")).text
    listed = await file(talk, "地圖.png", PNG, "image/png")
    assert "通知.pdf、地圖.png" in listed.text
    stale = card
    card = await talk.press(listed, "好了")
    assert "附件 2 個（0.1 MB）：通知.pdf、地圖.png" in card.text
    assert "剛才被改過" in (await talk.press(stale, "發送")).text
    preview = await talk.press(card, "看看樣子")
    shown = await talk.send_due()
    assert [(message.text, [held.data for held in message.files]) for message in shown] == [("", [b"%PDF-1.7 x"]), ("", [PNG])]
    await talk.press(await talk.press(card, "發送"), "確認發給 4 人")
    messages = await deliver(talk)
    assert len(messages) == 12
    by_person: dict[str, list[tuple[str, str, bytes]]] = {}
    for to, message, _ in talk.channel.delivered[-12:]:
        held = message.files[0] if message.files else None
        by_person.setdefault(to.chat, []).append((message.text, held.remote if held else "", held.data if held else b""))
    # The preview had both uploaded, so nobody's copy holds bytes, and everybody has them in order.
    assert list(by_person.values()) == [[(preview.text, "", b""), ("", "held-通知.pdf", b""), ("", "held-地圖.png", b"")]] * 4
    board = await talk("/report 1")
    assert "送達 4／4 人" in board.text


async def test_an_id_the_channel_lost_is_uploaded_again_and_a_lost_attachment_is_told(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.press(await written(talk), "附件")
    card = await talk.press(await file(talk, "表.docx", b"PK x"), "好了")
    await talk.press(card, "看看樣子")
    await talk.send_due()
    await talk.press(await talk.press(card, "發送"), "確認")
    lost = Receipt(Outcome.FAILED, detail="Bad Request: wrong file identifier specified")
    talk.channel.orders = [
        Receipt(Outcome.SENT),
        Receipt(Outcome.SENT),
        lost,
        Receipt(Outcome.SENT),
        Receipt(Outcome.FAILED, detail="refused"),
    ]
    await deliver(talk)
    # Whoever finds an upload under way comes again.
    talk.clock.advance(seconds=3)
    await talk.send_due()
    assert b"PK x" in [held.data for _, message, _ in talk.channel.delivered for held in message.files][1:]
    board = await talk("/report 1")
    # The text arrived and the attachment did not: that is no whole notice.
    assert "送達 1／2 人" in board.text
    assert "未能送達 1 人" in board.text


async def test_a_picture_with_words_starts_a_notice_and_its_album_goes_along(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.become(Rank.ADMINISTRATOR)
    await talk("/notice")
    assert "請先用文字" in (await file(talk, "a.png", PNG, "image/png")).text
    asked = await file(talk, "a.png", PNG, "image/png", text="明日停課一天。")
    assert "發給誰" in asked.text
    asked = await file(talk, "b.png", PNG + b"1", "image/png")
    assert "a.png、b.png" in asked.text
    card = await talk.press(asked, "全體教職工")
    assert "附件 2 個" in card.text
    less = await talk.press(await talk.press(card, "附件"), "去掉 a.png")
    assert "a.png" not in less.text
    assert "b.png" in less.text
    await talk.press(await talk.press(less, "好了"), "刪除")
    async with talk.app.store.read() as db:
        assert await db.files.attached(1) == []


async def test_what_cannot_go_along_gets_a_sentence_and_the_rest_still_counts(talk: Talk) -> None:
    await talk.press(await written(talk), "附件")
    assert "是空的" in (await file(talk, "空.txt", b"")).text
    large = FileRef(talk.channel.name, "x", "大.zip", Abilities().fetch_limit + 1)
    assert "20 MB" in (await talk._tell(files=(large,))).text
    assert "請發來圖片或檔案" in (await talk("等一下")).text
    for number in range(10):
        assert f"附件 {number + 1} 個" in (await file(talk, f"{number}.txt", b"x%d" % number)).text
    assert "最多收 10 個" in (await file(talk, "11.txt", b"more")).text


async def test_a_file_nobody_asked_for_is_still_a_plan_on_its_way_in(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.press(await written(talk), "附件")
    await talk("/help")
    reply = await file(talk, "計劃.txt", b"")
    assert "附件" not in reply.text


async def test_files_are_handed_in_until_the_end_and_come_as_one_archive_by_unit(talk: Talk) -> None:
    people = await staff(talk, 4)
    card = await asking(talk)
    await talk.press(card, "定截止")
    assert "沒看出是哪一天" in (await talk("儘快")).text
    assert "晚於發出時間" in (await talk("今天早上8點")).text
    card = await talk("10月14日")
    assert "截止：2026-10-14 23:59" in card.text
    await talk.press(await talk.press(card, "發送"), "確認")
    messages = await deliver(talk)
    assert "截止：2026-10-14 23:59" in messages[1].text
    assert labels(messages[1]) == ["回覆"]
    assert "請發來檔案" in (await people[0].press(messages[1], "回覆")).text
    assert "這裏要的是檔案" in (await people[0]("馬上")).text
    assert "您共交了 1 個" in (await file(people[0], "自查表.docx", b"first")).text
    assert "您共交了 1 個" in (await file(people[0], "自查表.docx", b"second")).text
    assert "您共交了 2 個" in (await file(people[0], "照片.jpg", b"picture")).text
    await people[3].press(messages[4], "回覆")
    await file(people[3], "自查表.docx", b"other school")
    board = await talk("/report 1")
    assert "已回覆 2 人，未回 3 人" in board.text
    got = await talk.press(board, "全部材料")
    async with talk.app.store.read() as db:
        first, second, third, *_ = [unit.name for unit in await db.units.every()]
    assert "已交的單位 1／3 個" in got.text
    assert second in got.text
    assert third in got.text
    with zipfile.ZipFile(io.BytesIO(got.files[0].data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {
        f"{first}/老師0/自查表.docx": b"second", f"{first}/老師0/照片.jpg": b"picture", f"{first}/老師3/自查表.docx": b"other school",
    }  # fmt: skip
    await people[1].press(messages[2], "回覆")
    talk.clock.set(talk.clock().replace(day=15, hour=0, minute=5))
    await people[1].press(messages[2], "回覆")
    assert "已過截止時間（2026-10-14 23:59）" in (await people[1].press(messages[2], "回覆")).text
    assert "權限" in (await people[1].press(board, "全部材料")).text


async def test_what_is_too_much_for_one_message_comes_in_several_archives(talk: Talk) -> None:
    entries = [Entry("甲校", "王", "表.docx", VOLUME // 2), Entry("甲校", "王", "表.DOCX", VOLUME // 2), Entry("乙/校", "..", "con.txt", 1)]
    assert volumes(entries, VOLUME) == [[0, 1], [2]]
    assert paths(entries) == ["甲校/王/表.docx", "甲校/王/表 (2).DOCX", "乙_校/_/_con.txt"]


async def test_who_it_was_not_for_hands_in_nothing_and_forged_references_get_a_sentence(talk: Talk) -> None:
    await staff(talk, 1)
    await talk.press(await talk.press(await asking(talk), "發送"), "確認")
    messages = await deliver(talk)
    stranger = talk.as_("stranger")
    await stranger.press(messages[0], "回覆")
    assert "不是發給您的" in (await file(stranger, "a.txt", b"a")).text
    for verb in ("attach", "detach", "bundle", "preview"):
        for reference in ("", "x", "9" * 20, "1.2.3", "٣.1", "7.0"):
            reply = await talk.app.desk.answer(
                Incoming(Address(talk.channel.name, talk.sender), talk.sender, action=Action(verb, reference))
            )
            assert reply is not None
            assert "抱歉" not in reply.text, (verb, reference)


async def test_each_reader_sees_their_own_name_and_unit(talk: Talk) -> None:
    await staff(talk, 2)
    await talk.become(Rank.ADMINISTRATOR)
    await talk("/notice")
    refused = await talk("{校名}的{姓名}：請報名。")
    assert "{校名}" in refused.text
    assert "{單位}" in refused.text
    card = await talk.press(await talk("{學校}的{姓名}：請報名。"), "全體教職工")
    await talk.press(await talk.press(card, "發送"), "確認")
    messages = await deliver(talk)
    async with talk.app.store.read() as db:
        first, second, *_ = [unit.name for unit in await db.units.every()]
    assert {message.text.splitlines()[1] for message in messages} == {
        "貴單位的同仁：請報名。", f"{first}的老師0：請報名。", f"{second}的老師1：請報名。",
    }  # fmt: skip
