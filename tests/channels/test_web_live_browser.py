"""A page that looks for news, in a real browser: it changes by itself, leaves what somebody is at work in, and does without a script."""

import asyncio

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from bot.chat import Block, Button, Download, Field, File, Form, Link, Page, Reply
from tests.channels.clerk import Clerk
from tests.channels.page import a_page
from tests.channels.test_web import serving
from tests.channels.test_web_browser import PICTURE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PNG = Download(File("圖.png", "image/png", PICTURE))


def board(count: int, *, of: str = "a", every: int = 1) -> Page:
    correct = Form("board", "更正", (Field("text", "全文", "週五開會。"),), summary="更正")
    return Page(
        "通知 1",
        (
            Block(message=Reply("【通知】\n週五開會。", ((Button("已閱"), Button("不參加")),))),
            Block("進展", f"送達 {count}／9 人", live=True),
            Block(f"還剩 {9 - count}", forms=(correct,), live=True),
            Block(picture=Link("進展圖", "progress", {"of": of}), live=True),
        ),
        every=every,
    )


async def at_home(context: BrowserContext, url: str) -> None:
    page = await context.new_page()
    await page.goto(url)
    async with asyncio.timeout(20):
        while not await context.cookies():
            await page.wait_for_load_state("networkidle")
    await page.close()


async def test_it_changes_by_itself_but_not_where_somebody_writes(browser: Browser) -> None:
    clerk = Clerk(pages={"board": board(1), "progress": PNG})
    channel = a_page()
    async with serving(channel, clerk):
        context = await browser.new_context(locale="zh-TW", viewport={"width": 360, "height": 740})
        await at_home(context, channel.url)
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(f"{channel.url}page/board?notice=1")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.evaluate("window.mark = 'the same page'")
        await page.locator("summary").click()
        await page.get_by_label("全文").fill("週六")
        clerk.pages = {"board": board(5, of="b"), "progress": PNG}
        await expect(page.get_by_text("送達 5／9 人")).to_be_visible()
        await expect(page.locator("img.drawn")).to_have_attribute("src", "progress?of=b")
        assert await page.get_by_label("全文").input_value() == "週六"
        await expect(page.get_by_text("還剩 8")).to_be_visible()
        await page.locator("summary").click()
        await page.evaluate("document.activeElement.blur()")
        await expect(page.get_by_text("還剩 4")).to_be_visible()
        # Once the page says so it looks no more.
        clerk.pages = {"board": board(9, every=0), "progress": PNG}
        await expect(page.get_by_text("送達 9／9 人")).to_be_visible()
        assert await page.evaluate("window.mark") == "the same page"
        assert said == []
        await context.close()


async def test_a_server_that_is_gone_is_told_and_found_again(browser: Browser) -> None:
    clerk = Clerk(pages={"board": board(1), "progress": PNG})
    channel = a_page()
    context = await browser.new_context(locale="zh-TW")
    page = await context.new_page()
    async with serving(channel, clerk):
        await at_home(context, channel.url)
        await page.goto(f"{channel.url}page/board?notice=1")
        await expect(page.get_by_text("送達 1／9 人")).to_be_visible()
    await expect(page.locator("#lost")).to_be_visible()
    clerk.pages = {"board": board(2), "progress": PNG}
    async with serving(channel, clerk):
        await expect(page.get_by_text("送達 2／9 人")).to_be_visible(timeout=20_000)
        await expect(page.locator("#lost")).to_be_hidden()
        await context.close()


async def test_without_scripts_it_is_loaded_again(browser: Browser) -> None:
    clerk = Clerk(pages={"board": board(1), "progress": PNG})
    channel = a_page()
    async with serving(channel, clerk):
        context = await browser.new_context(locale="zh-TW", java_script_enabled=False)
        page = await context.new_page()
        await page.goto(f"{channel.url}page/board?notice=1")
        await expect(page.get_by_text("送達 1／9 人")).to_be_visible()
        clerk.pages = {"board": board(3), "progress": PNG}
        await page.reload()
        await expect(page.get_by_text("送達 3／9 人")).to_be_visible()
        await expect(page.get_by_text("不參加")).to_be_visible()
        await context.close()
