"""A room's page in a real browser: its forms arrive from this origin, and it fits a telephone."""

import asyncio

import pytest
from playwright.async_api import Browser

from bot.chat import Badge, Block, Field, Form, Kind, Moved, Page
from tests.channels.clerk import Clerk
from tests.channels.page import a_page
from tests.channels.test_web import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIELDS = (Field("aim", value="owners.3.1", kind=Kind.HIDDEN), Field("words", "誰負責", "各校牽頭", hint="例如：教研室牽頭", needed=True))
UPLOAD = Form("plans", "讀取", (Field("file", "計劃檔案", kind=Kind.FILE), Field("text", "文字", kind=Kind.AREA)))
CARD = Block(
    "二、1",
    quote="1.舉辦中學生籃球聯賽，" * 9,
    badges=(Badge("未點名"),),
    forms=(Form("review", "看看", FIELDS, summary="改誰負責"),),
    card=True,
)


async def test_forms_arrive_with_their_fields_and_their_file(browser: Browser) -> None:
    clerk = Clerk(pages={"review": Page("計劃", (CARD, Block(forms=(UPLOAD,)))), "plans": Moved("review", {"plan": "3"})})
    channel = a_page()
    async with serving(channel, clerk):
        context = await browser.new_context(locale="zh-TW", viewport={"width": 360, "height": 740})
        page = await context.new_page()
        await page.goto(channel.url)
        async with asyncio.timeout(20):
            while not await context.cookies():
                await page.wait_for_load_state("networkidle")
        await page.goto(f"{channel.url}page/review?plan=3")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.get_by_text("改誰負責").click()
        await page.get_by_label("誰負責").fill("教研室牽頭")
        async with page.expect_navigation():
            await page.get_by_role("button", name="看看").click()
        sent = clerk.requests[-1]
        assert (sent.posted, sent.values) == (True, {"aim": "owners.3.1", "words": "教研室牽頭"})
        await page.locator("input[type=file]").set_input_files(
            [{"name": "計劃.txt", "mimeType": "text/plain", "buffer": "一、安全".encode()}]
        )
        async with page.expect_navigation():
            await page.get_by_role("button", name="讀取").click()
        upload = next(request for request in clerk.requests if request.name == "plans")
        assert [(file.name, file.data.decode()) for file in upload.files] == [("計劃.txt", "一、安全")]
        assert page.url.endswith("/page/review?plan=3")
        await context.close()
