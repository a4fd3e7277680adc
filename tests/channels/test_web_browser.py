"""The page in a real browser: asking, pressing, being told, losing the server, typing Chinese, on a phone and by keyboard."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, expect

from bot.channels.web import WebChannel
from bot.channels.web.session import Visit
from bot.chat import Action, Address, Button, File, Incoming, MenuEntry, Outcome, Place, Reply
from tests.channels.clerk import Clerk, echo
from tests.channels.page import a_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
ANSWER = Reply(
    "科技節定在五月十五日\n\n「五月十五日舉辦科技節，由電教站牽頭。」\n——《春季計劃》第一篇 三、2",
    ((Button("跟進", Action("follow", "7")), Button("記下", Action("note"))), (Button("官網", url="https://example.org/"),)),
)


def desk(incoming: Incoming) -> Reply:
    """Answers a question about the festival with buttons, and their presses."""
    match incoming.action:
        case Action("follow", "7"):
            return Reply("已跟進科技節", ((Button("取消跟進", Action("unfollow", "7")),),), place=Place.REPLACE)
        case Action("note"):
            return Reply("記下了", place=Place.TOAST)
    return ANSWER if "科技節" in incoming.text else echo(incoming)


@dataclass
class Site:
    """A page that is served, and that can be stopped and started again under the same address."""

    clerk: Clerk
    channel: WebChannel
    task: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        self.channel.bind()
        self.task = asyncio.create_task(self.channel.run(self.clerk))
        await self.channel.ready.wait()

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        self.task = None


@dataclass
class Watched:
    """A browser's window whose console and requests are written down."""

    page: Page
    context: BrowserContext
    site: Site
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    async def open(self) -> Page:
        await self.page.goto(self.site.channel.url)
        await expect(self.page.locator("#state.off")).to_have_count(0)
        return self.page

    async def ask(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")

    async def address(self) -> Address:
        cookies = await self.context.cookies()
        return Address("web", Visit(next(cookie["value"] for cookie in cookies if cookie["name"] == "planbot")).chat)


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    made = Site(Clerk(desk), a_page())
    await made.start()
    yield made
    await made.stop()


async def window(browser: Browser, site: Site, **options: object) -> Watched:
    chosen = {"locale": "zh-TW", "viewport": {"width": 1280, "height": 800}} | options
    context = await browser.new_context(**chosen)  # type: ignore[arg-type]
    context.set_default_timeout(15000)
    watched = Watched(await context.new_page(), context, site)

    def note(request: Request) -> None:
        watched.requests.append(request.url)

    watched.page.on("console", lambda message: watched.errors.append(message.text) if message.type in ("error", "warning") else None)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("request", note)
    return watched


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, site: Site) -> AsyncIterator[Watched]:
    """A wide window; nothing may go wrong in its console, and it may ask nobody but the page's own server."""
    made = await window(browser, site)
    yield made
    await made.context.close()
    assert made.errors == []
    assert [url for url in made.requests if not url.startswith(site.channel.url)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, site: Site) -> AsyncIterator[Watched]:
    made = await window(browser, site, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield made
    await made.context.close()
    assert made.errors == []


async def test_the_first_screen_greets_and_an_example_asks(watched: Watched) -> None:
    page = await watched.open()
    await expect(page.locator("#welcome h2")).to_be_visible()
    example = page.locator("#examples button").first
    said = await example.inner_text()
    await example.click()
    await expect(page.locator(".row.mine .bubble")).to_have_text(said)
    await expect(page.locator("#welcome")).to_be_hidden()
    assert (await watched.site.clerk.hears(1)).text == said


async def test_asking_and_reading_the_answer(watched: Watched) -> None:
    page = await watched.open()
    await watched.ask("科技節什麼時候辦")
    answer = page.locator(".row.bot").first
    await expect(answer.locator(".line.head")).to_have_text("科技節定在五月十五日")
    await expect(answer.locator(".line.quote")).to_have_text("「五月十五日舉辦科技節，由電教站牽頭。」")
    await expect(answer.locator(".line.source")).to_contain_text("第一篇 三、2")
    await expect(page.locator("#text")).to_have_value("")
    mine, bot = await page.locator(".row.mine .bubble").bounding_box(), await answer.locator(".bubble").bounding_box()
    assert mine
    assert bot
    assert mine["x"] > bot["x"]
    assert mine["x"] + mine["width"] > bot["x"] + bot["width"]
    link = answer.locator("a.key")
    assert await link.get_attribute("rel") == "noopener noreferrer"
    incoming = watched.site.clerk.heard[0]
    assert (incoming.language, incoming.address) == ("zh-TW", await watched.address())


async def test_buttons_change_their_message_or_tell_in_passing(watched: Watched) -> None:
    page = await watched.open()
    await watched.ask("科技節")
    await page.click("text=記下")
    await expect(page.locator("#toast")).to_have_text("記下了")
    # Once answered, the button may be pressed again.
    await expect(page.locator(".key.busy")).to_have_count(0)
    await page.click("text=記下")
    assert (await watched.site.clerk.hears(3)).action == Action("note")
    await page.get_by_role("button", name="跟進", exact=True).click()
    await expect(page.locator(".row.bot")).to_have_count(1)
    await expect(page.locator(".row.bot .bubble")).to_have_text("已跟進科技節")
    await page.get_by_role("button", name="取消跟進").click()
    await expect(page.locator(".row.bot").last).to_contain_text("pressed unfollow:7")


async def test_a_button_pressed_twice_in_haste_counts_once(watched: Watched) -> None:
    think = asyncio.Event()

    async def slowly(incoming: Incoming) -> Reply:
        if incoming.action:
            await think.wait()
        return desk(incoming)

    watched.site.clerk.answering = slowly
    page = await watched.open()
    await watched.ask("科技節")
    key = page.get_by_role("button", name="記下")
    await key.click()
    await expect(page.locator("#typing")).to_be_visible()
    await expect(key).to_have_attribute("aria-busy", "true")
    await key.click()
    think.set()
    await expect(page.locator("#toast")).to_be_visible()
    await expect(key).not_to_have_attribute("aria-busy", "true")
    await watched.ask("好")
    await expect(page.locator("#log .row.bot").last).to_contain_text("heard 好")
    assert [incoming.text or incoming.action for incoming in watched.site.clerk.heard] == ["科技節", Action("note"), "好"]


async def test_the_keyboard_alone_is_enough(watched: Watched) -> None:
    page = await watched.open()
    await page.keyboard.type("科技節")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("哪一天")
    await page.keyboard.press("Enter")
    assert (await watched.site.clerk.hears(1)).text == "科技節\n哪一天"
    await expect(page.locator(".key")).to_have_count(3)
    await page.keyboard.press("Shift+Tab")  # the menu
    await page.keyboard.press("Shift+Tab")  # the last button of the last message, a link
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.bot .bubble")).to_have_text("已跟進科技節")
    assert await page.evaluate("document.activeElement.textContent") == "取消跟進"


async def test_the_newest_messages_are_announced(watched: Watched) -> None:
    page = await watched.open()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await watched.ask("你好")
    await expect(page.get_by_role("log")).to_contain_text("heard 你好")


async def test_the_bot_is_seen_typing_while_it_thinks(watched: Watched) -> None:
    think = asyncio.Event()

    async def slowly(incoming: Incoming) -> Reply:
        await think.wait()
        return echo(incoming)

    watched.site.clerk.answering = slowly
    page = await watched.open()
    await watched.ask("想一想")
    await expect(page.locator("#typing")).to_be_visible()
    think.set()
    await expect(page.locator(".row.bot .bubble").first).to_have_text("heard 想一想")
    await expect(page.locator("#typing")).to_be_hidden()


async def test_a_reminder_appears_on_the_open_page_and_on_one_opened_later(watched: Watched) -> None:
    page = await watched.open()
    to = await watched.address()
    receipt = await watched.site.channel.deliver(to, Reply("明天是科技節"), "r1")
    assert receipt.outcome is Outcome.SENT
    await expect(page.locator(".row.bot .bubble")).to_have_text("明天是科技節")
    await page.goto("about:blank")
    await watched.site.channel.deliver(to, Reply("今天是科技節"), "r2")
    await watched.site.channel.amend(to, receipt.remotes[0], Reply("昨天說：明天是科技節"))
    await watched.open()
    await expect(page.locator(".row.bot .bubble")).to_have_text(["昨天說：明天是科技節", "今天是科技節"])
    await watched.site.channel.recall(to, receipt.remotes[0])
    await expect(page.locator(".row.bot .bubble")).to_have_text(["今天是科技節"])


async def test_a_restart_keeps_the_conversation_and_what_was_not_sent(browser: Browser) -> None:
    first = a_page()
    port = int(first.bind().rsplit(":", 1)[1].strip("/"))
    site = Site(Clerk(desk), first)
    await site.start()
    watched = await window(browser, site)
    page = await watched.open()
    await watched.ask("科技節")
    await expect(page.locator(".key")).to_have_count(3)
    session = await watched.address()
    await site.stop()
    await expect(page.locator("#state.off")).to_be_visible()
    await watched.ask("還在嗎")
    await expect(page.locator(".fate")).to_be_visible()
    # A new life of the server: it knows nothing of the conversation, only the browser does.
    site.channel = a_page(port)
    await site.start()
    await expect(page.locator("#state.off")).to_have_count(0)
    await expect(page.locator(".row.bot .bubble").last).to_have_text("heard 還在嗎")
    await expect(page.locator(".fate")).to_have_count(0)
    assert await watched.address() == session
    assert [incoming.text for incoming in site.clerk.heard] == ["科技節", "還在嗎"]
    await page.get_by_role("button", name="跟進", exact=True).click()
    await expect(page.locator(".row.bot .bubble").first).to_have_text("已跟進科技節")
    await expect(page.locator("#log .row")).to_have_count(4)
    await watched.context.close()
    await site.stop()
    assert [error for error in watched.errors if "ERR_" not in error] == []


async def test_a_question_survives_a_reload_without_a_server(browser: Browser) -> None:
    site = Site(Clerk(), a_page())
    await site.start()
    watched = await window(browser, site)
    page = await watched.open()
    await page.route("**/say", lambda route: route.abort())
    await watched.ask("別丟了我")
    await expect(page.locator(".row.mine .bubble")).to_have_text("別丟了我")
    await page.reload()
    await expect(page.locator(".row.mine .bubble")).to_have_text("別丟了我")
    await page.unroute("**/say")
    await expect(page.locator(".row.bot .bubble")).to_have_text("heard 別丟了我")
    assert len(site.clerk.heard) == 1
    await watched.context.close()
    await site.stop()


async def test_enter_while_a_word_is_being_composed_does_not_send(watched: Watched) -> None:
    page = await watched.open()
    keyboard = await watched.context.new_cdp_session(page)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await page.focus("#text")
    await keyboard.send("Input.imeSetComposition", {"text": "ke'ji'jie", "selectionStart": 9, "selectionEnd": 9})
    await keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    await keyboard.send("Input.insertText", {"text": "科學週"})
    await expect(page.locator("#text")).to_have_value("科學週")
    await expect(page.locator("#log .row")).to_have_count(0)
    await page.press("#text", "Enter")
    assert (await watched.site.clerk.hears(1)).text == "科學週"


async def test_a_phone_never_scrolls_sideways(phone: Watched) -> None:
    table = "http://example.org/" + "very-long-" * 30
    labels = tuple(Button(f"第{number}個很長很長的按鈕名稱", Action("do", str(number))) for number in range(6))
    phone.site.clerk.answering = lambda incoming: Reply(f"標題\n{table}\n" + "字" * 300, (labels, labels[:1]))
    page = await phone.open()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await phone.ask("w" * 300)
    await expect(page.locator(".key")).to_have_count(7)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.getElementById('talk').scrollWidth <= document.getElementById('talk').clientWidth")
    heights = await page.eval_on_selector_all("button:not([hidden])", "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(height for height in heights if height) >= 40


async def test_a_text_is_never_markup_and_the_policy_holds(browser: Browser, site: Site) -> None:
    watched = await window(browser, site)
    site.clerk.answering = lambda incoming: Reply("<img src=x onerror=window.taken=1>\n<script>window.taken=1</script>")
    page = await watched.open()
    await watched.ask("<b>粗</b>")
    await expect(page.locator(".row.mine .bubble")).to_have_text("<b>粗</b>")
    await expect(page.locator(".row.bot .bubble")).to_contain_text("<img src=x onerror=window.taken=1>")
    assert await page.locator(".bubble b, .bubble script, .bubble .text img").count() == 0
    inline = "() => { const made = document.createElement('script'); made.textContent = 'window.taken = 1'; document.head.append(made); }"
    with contextlib.suppress(Exception):
        await page.evaluate(inline)
    probe = "() => { const made = new Image(); made.src = 'http://127.0.0.1:9/x.png'; document.body.append(made); }"
    async with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        await page.evaluate(probe)
    assert await page.evaluate("window.taken") is None
    await watched.context.close()


async def test_files_both_ways(watched: Watched) -> None:
    data = b"BEGIN:VCALENDAR"

    async def answering(incoming: Incoming) -> Reply:
        taken = [await watched.site.channel.fetch(file) for file in incoming.files]
        assert taken == [b"1,2,3"]
        return Reply("收到", files=(File("五月.ics", "text/calendar", data), File("圖.png", "image/png", PICTURE)))

    watched.site.clerk.answering = answering
    page = await watched.open()
    await page.set_input_files("#file", files=[{"name": "名冊.csv", "mimeType": "text/csv", "buffer": b"1,2,3"}])
    await expect(page.locator(".row.mine .file .name")).to_have_text("名冊.csv")
    async with page.expect_download() as downloading:
        await page.locator(".row.bot a.file").click()
    download = await downloading.value
    assert download.suggested_filename == "五月.ics"
    assert (await asyncio.to_thread(Path(await download.path()).read_bytes)) == data
    await expect(page.locator(".row.bot .picture img")).to_have_js_property("naturalWidth", 1)


async def test_the_menu_offers_what_the_desk_offers(watched: Watched) -> None:
    watched.site.clerk.menu = (
        MenuEntry("agenda", {"zh-Hant": "這個月的安排", "en": "This month"}, 0),
        MenuEntry("audit", {"zh-Hant": "誰做了什麼"}, 3),
    )
    page = await watched.open()
    await page.click("#menu")
    await expect(page.get_by_role("menuitem")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("#choices")).to_be_hidden()
    await page.click("#menu")
    await page.get_by_role("menuitem", name="這個月的安排").click()
    assert (await watched.site.clerk.hears(1)).text == "/agenda"


async def test_two_tabs_show_the_same(watched: Watched) -> None:
    page = await watched.open()
    other = await watched.context.new_page()
    await other.goto(watched.site.channel.url)
    await expect(other.locator("#state.off")).to_have_count(0)
    await watched.ask("兩邊都看得到")
    await expect(other.locator(".row.mine .bubble")).to_have_text("兩邊都看得到")
    await expect(other.locator(".row.bot .bubble")).to_have_text("heard 兩邊都看得到")
    await expect(page.locator("#log .row")).to_have_count(2)


@pytest.mark.parametrize(
    ("locale", "language", "greeting"),
    [("zh-TW", "zh-Hant", "計劃"), ("zh-CN", "zh-Hans", "计划"), ("en-GB", "en", "plan"), ("fr-FR", "zh-Hant", "計劃")],
)
async def test_the_page_speaks_the_browsers_language(browser: Browser, site: Site, locale: str, language: str, greeting: str) -> None:
    watched = await window(browser, site, locale=locale)
    page = await watched.open()
    assert await page.evaluate("document.documentElement.lang") == language
    await expect(page.locator("#welcome h2")).to_have_text(re.compile(greeting))
    await watched.context.close()


async def test_it_is_dark_where_the_reader_wants_it_dark(browser: Browser, site: Site) -> None:
    seen = []
    for scheme in ("light", "dark"):
        watched = await window(browser, site, color_scheme=scheme)
        page = await watched.open()
        seen.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
        await watched.context.close()
    light, dark = (sum(int(part) for part in re.findall(r"\d+", colour)[:3]) for colour in seen)
    assert light > 600 > 150 > dark


async def test_old_messages_stay_in_sight_while_new_ones_come(watched: Watched) -> None:
    page = await watched.open()
    to = await watched.address()
    for number in range(20):
        await watched.site.channel.deliver(to, Reply(f"第{number}則\n" + "字" * 120), str(number))
    await expect(page.locator(".row.bot")).to_have_count(20)
    await page.locator("#talk").evaluate("talk => { talk.scrollTop = 0; }")
    await watched.site.channel.deliver(to, Reply("最新的一則"), "new")
    await expect(page.locator("#newest")).to_be_visible()
    assert await page.locator("#talk").evaluate("talk => talk.scrollTop") == 0
    await page.click("#newest")
    await expect(page.get_by_text("最新的一則")).to_be_in_viewport()
    await expect(page.locator("#newest")).to_be_hidden()
