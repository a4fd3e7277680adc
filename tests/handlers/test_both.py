"""One story through the loop on both databases: asked in vain, disliked, taught, answered, told, asked again."""

from dataclasses import replace
from datetime import date

from bot.app import open_app
from bot.intake import demonstrate
from bot.people import Rank
from bot.settings import Database, Settings
from tests.fakes import Clock, RecordingChannel
from tests.handlers.conftest import Talk, hush


async def test_the_loop_holds_on_every_database(database_url: str, settings: Settings, clock: Clock) -> None:
    settings = replace(settings, database=Database(database_url))
    channel = RecordingChannel()
    async with open_app(settings, {channel.name: channel}, now=clock) as app:
        await demonstrate(app.store, settings, date(2026, 10, 12), clock())
        await hush(app.store)
        await app.shelves.look_now()
        anna = Talk(app, channel, clock)
        ben = anna.as_("ben")
        await ben("食堂每餐收費多少錢？")
        why = await ben.press(await ben("網絡設備檢修由誰負責？"), "👎")
        await ben.press(why, "過時")
        listed = await ben("四月有哪些活動？")
        assert "第 2 頁" in (await ben.press(listed, "下一頁")).text
        await anna("/start")
        await anna.become(Rank.ADMINISTRATOR)
        page = await anna("/unanswered")
        assert "2 組" in page.text
        assert "過時" in page.text
        number = next(line for line in page.text.splitlines() if "食堂" in line)[0]
        await anna.press(await anna.press(page, number), "寫一段解答")
        assert "1 人會收到" in (await anna.press(await anna("十二元。"), "發出")).text
        (told,) = await anna.send_due()
        assert "十二元。" in told.text
        assert (await ben("飯堂每餐繳費多少錢？")).text.startswith("十二元。")
        assert "馬上生效" in (await anna("/synonyms 紙上長城 = 科技節")).text
        assert "科技節" in (await ben("紙上長城什麼時候？")).text
        assert "用過 1 次" in (await anna("/curated")).text
        assert "用管理員解答 1 次" in (await anna("/usage")).text
