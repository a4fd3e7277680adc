"""Answers of the whole bot on the page, in a real browser: 更多 in place, thumbs with a reason, a list paged and picked from."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.app import App, open_app
from bot.intake import demonstrate
from bot.settings import Database, Settings
from storage.migrate import upgrade
from tests.channels.page import a_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Visit:
    """A page of the whole bot: what is said, pressed and shown last."""

    app: App
    page: Page

    async def ask(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).last.click()

    def shown(self, text: str) -> Locator:
        return self.page.locator(".line", has_text=text)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, tmp_path: Path) -> AsyncIterator[Visit]:
    """A telephone's window on the bot with the demonstration."""
    settings = Settings(database=Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"))
    await upgrade(settings.database.url)
    channel = a_page()
    async with open_app(settings, {channel.name: channel}) as app:
        await demonstrate(app.store, settings, date(2026, 10, 12), app.services.now())
        await app.shelves.look_now()
        channel.bind()
        task = asyncio.create_task(channel.run(app.desk))
        await channel.ready.wait()
        context = await browser.new_context(locale="zh-TW", viewport={"width": 390, "height": 844})
        context.set_default_timeout(15000)
        page = await context.new_page()
        await page.goto(channel.url)
        yield Visit(app, page)
        await context.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_more_opens_in_place_and_a_dislike_is_kept_with_its_reason(visit: Visit) -> None:
    await visit.ask("科技節什麼時候？")
    await expect(visit.shown("計劃未給出具體日期")).to_have_count(1)
    await visit.press("更多")
    await expect(visit.page.get_by_role("button", name="前後文")).to_be_visible()
    await expect(visit.shown("計劃未給出具體日期")).to_have_count(1)
    await visit.press("收起")
    await expect(visit.page.get_by_role("button", name="前後文")).to_have_count(0)
    await visit.press("👎 有誤")
    await visit.press("日期錯")
    await expect(visit.shown("已記下：日期錯")).to_be_visible()
    async with visit.app.store.read() as db:
        (row,) = await db.questions.recent(1)
        (opinion,) = await db.feedback.on([row.id])
    assert (opinion.good, opinion.reason) == (False, "date")


async def test_a_list_is_paged_in_place_and_a_row_picked_by_its_number(visit: Visit) -> None:
    await visit.ask("四月有哪些活動？")
    second = visit.page.locator(".line", has_text="2. ").first
    await expect(second).to_be_visible()
    words = (await second.inner_text())[3:12]
    await visit.press("下一頁")
    await expect(visit.shown("第 2 頁，共 2 頁")).to_be_visible()
    await expect(visit.shown("第 1 頁，共 2 頁")).to_have_count(0)
    await visit.ask("第二個")
    await expect(visit.page.locator(".quote", has_text=words)).to_be_visible()
