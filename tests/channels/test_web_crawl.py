"""The whole bot's page in a real browser as each rank: every page and every link on it, watched for errors and for requests elsewhere."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Error

from bot.app import App, open_app
from bot.channels.web import WebChannel, build
from bot.channels.web.session import new_member
from bot.chat import Address
from bot.intake import demonstrate
from bot.limits import Limits, Pace
from bot.people import Rank
from bot.settings import Channels, Database, Incoming, Settings, Web
from bot.texts import load_texts
from storage.migrate import upgrade
from tests.channels.test_web import serving
from tests.fakes import Clock
from tests.handlers.conftest import MORNING

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST = 45
"""Pages of one rank."""
NAME = "<x-canary onload='alert(1)'>\u202e名"


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[tuple[App, WebChannel]]:
    web = Web(port=0, public_url="http://plan.example.cn")
    settings = Settings(Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"), channels=Channels(web), limits=Incoming(0, 0, 0, 0))
    await upgrade(settings.database.url)
    channel = build(web, load_texts(), Pace(Limits(0, 0, 0, 0)))
    async with open_app(settings, {"web": channel}, now=Clock(MORNING)) as app, serving(channel, app.desk):  # type: ignore[arg-type]
        await demonstrate(app.store, settings, MORNING.date(), MORNING)
        await app.shelves.look_now()
        yield app, channel


async def logged_in(app: App, channel: WebChannel, context: BrowserContext, rank: Rank) -> None:
    """Give the browser the cookie of somebody of that rank, whose name and question are markup."""
    visit, now = new_member(), MORNING
    async with app.store.begin() as db:
        person = (await db.people.meet(Address("telegram", str(int(rank))), NAME, "", now)).person
        await db.people.set_rank(person.id, rank)
        token = await db.sessions.link(person.id, now, now + timedelta(minutes=10))
        await db.sessions.redeem(token, Address("web", visit.chat), "Chrome · Linux", now, timedelta(days=1), timedelta(days=1))
        await db.questions.record(person.id, "telegram", f"{NAME}什麼時候？", "when", "unknown", (), (), now)
    await context.add_cookies([{"name": "planbot_login", "value": visit.cookie, "url": channel.url, "httpOnly": True, "sameSite": "Lax"}])


@pytest.mark.parametrize("rank", [None, *Rank], ids=lambda rank: rank.name.lower() if rank is not None else "nobody")
async def test_every_page_as_every_rank(house: tuple[App, WebChannel], browser: Browser, rank: Rank | None) -> None:
    app, channel = house
    errors: list[str] = []
    hosts: set[str] = set()
    context = await browser.new_context(locale="zh-TW")
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(context.close)
        if rank is not None:
            await logged_in(app, channel, context, rank)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(f"script: {error}"))
        # That a page is not for this rank (404) or cannot do what was asked (409) is remarked on the console as well.
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" and "Failed to load" not in said.text else None)
        page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))
        page.on("response", lambda got: errors.append(f"{got.status} {got.url}") if got.status >= 500 else None)
        waiting = ["", "page/login", "page/login?key=x", *sorted({f"page/{name}" for room in app.desk._rooms.rooms for name in room.pages})]
        seen: set[str] = set()
        opened = 0
        while waiting and opened < MOST:
            target = waiting.pop(0)
            if target in seen:
                continue
            seen.add(target)
            with contextlib.suppress(Error):
                # A file to keep is no page: there the browser goes nowhere and says so.
                before = len(errors)
                answer = await page.goto(urljoin(channel.url, target), wait_until="load")
                opened += 1
                if answer is not None and not answer.headers.get("content-type", "").startswith("text/html"):
                    # A picture opened by itself: the browser's own frame around it has a style, which its policy forbids.
                    del errors[before:]
                    continue
            assert await page.locator("x-canary").count() == 0, target
            assert "\u202e" not in await page.content(), target
            found = await page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            near = [link.removeprefix(channel.url) for link in found if link.startswith(channel.url)]
            waiting += [link.partition("#")[0] for link in near if link.partition("?")[0] not in {one.partition("?")[0] for one in seen}]
        assert opened > 3
    assert errors == []
    assert hosts == {urlsplit(channel.url).netloc}
