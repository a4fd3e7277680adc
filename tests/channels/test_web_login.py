"""Logging in on the page: a link from the chat, once; the session's cookie, its end, and what it may and may not see."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.app import App, open_app
from bot.channels.web import WebChannel, build
from bot.channels.web.routes import LOGINS_MINUTE
from bot.channels.web.session import Visit, agent
from bot.channels.web.shelf import OWN_BYTES, Shelf
from bot.chat import Address, Incoming, Reply
from bot.limits import Limits, Pace
from bot.people import Rank
from bot.settings import Channels, Database, Settings, Web
from bot.texts import load_texts
from storage.migrate import upgrade
from tests.channels.clerk import Clerk
from tests.channels.page import a_page, new_id
from tests.channels.test_web import serving
from tests.fakes import Clock
from tests.handlers.conftest import MORNING

HOME = "http://plan.example.cn"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
COOKIE = "planbot_login"


@dataclass
class House:
    """The whole bot with its page under a public address, and somebody who writes from a phone."""

    app: App
    channel: WebChannel
    clock: Clock

    async def says(self, text: str, who: str = "7") -> Reply:
        reply = await self.app.desk.answer(Incoming(Address("telegram", who), who, text, language="zh-hant"))
        assert reply is not None
        return reply

    async def presses(self, reply: Reply, label: str, who: str = "7") -> Reply:
        action = next(button.action for row in reply.buttons for button in row if label in button.label)
        answer = await self.app.desk.answer(Incoming(Address("telegram", who), who, action=action))
        assert answer is not None
        return answer

    async def become(self, rank: Rank, who: str = "7") -> None:
        async with self.app.store.begin() as db:
            person = (await db.people.meet(Address("telegram", who), "", "", self.clock())).person
            await db.people.set_rank(person.id, rank)

    async def key(self, who: str = "7") -> str:
        """The token of a login link that the chat gives."""
        reply = await self.says("/web", who)
        url = reply.buttons[0][0].url
        assert url.startswith(f"{HOME}/page/login?key=")
        return url.partition("key=")[2]

    async def deeds(self) -> list[str]:
        async with self.app.store.read() as db:
            return [entry.action for entry in await db.audit.recent(30)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"), channels=Channels(Web(port=0, public_url=HOME)))
    await upgrade(settings.database.url)
    clock = Clock(MORNING)
    channel = build(settings.channels.web, load_texts(), Pace(Limits(0, 0, 0, 0)))
    async with open_app(settings, {"web": channel}, now=clock) as app, serving(channel, app.desk):  # type: ignore[arg-type]
        yield House(app, channel, clock)


@contextlib.asynccontextmanager
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"origin": HOME, "user-agent": FIREFOX, "accept-language": "zh-TW"}
    async with httpx.AsyncClient(base_url=house.channel.url, headers=headers, trust_env=False) as client:
        yield client


async def login(house: House, client: httpx.AsyncClient, who: str = "7") -> httpx.Response:
    return await client.post("page/login", data={"key": await house.key(who)})


async def test_the_link_shows_a_button_and_only_the_button_logs_in(house: House) -> None:
    await house.become(Rank.PRINCIPAL)
    key = await house.key()
    async with browser(house) as client:
        for _ in range(3):
            shown = await client.get("page/login", params={"key": key})
            assert shown.status_code == 200
            assert 'method="post" action="login"' in shown.text
            assert "set-cookie" not in shown.headers
        for method in ("HEAD", "OPTIONS", "PUT"):
            await client.request(method, "page/login", params={"key": key})
        entered = await client.post("page/login", data={"key": key})
        assert (entered.status_code, entered.headers["location"]) == (303, "../")
        assert "校長" in (await client.get("page/sessions")).text
    async with browser(house) as other:
        again = await other.post("page/login", data={"key": key})
        assert again.status_code == 403
        assert load_texts().say("zh-Hant", "page.login_dead") in again.text
        assert "set-cookie" not in again.headers
    assert {"login link", "logged in", "bad login"} <= set(await house.deeds())


async def test_a_link_of_ten_minutes_ago_is_dead(house: House) -> None:
    key = await house.key()
    house.clock.advance(minutes=10)
    async with browser(house) as client:
        assert (await client.post("page/login", data={"key": key})).status_code == 403


def whole_database(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("planbot.db*"))


async def test_the_cookie_is_new_http_only_and_no_part_of_it_is_in_the_database(house: House, tmp_path: Path) -> None:
    async with browser(house) as client:
        client.cookies.set(COOKIE, "A" * 43)
        entered = await login(house, client)
        cookie = entered.headers["set-cookie"]
        assert all(flag in cookie for flag in ("HttpOnly", "SameSite=lax", "Path=/"))
        secret = cookie.partition("=")[2].partition(";")[0]
        assert len(secret) == 43
        assert secret != "A" * 43
        assert (await client.post("say", json={"id": new_id(), "text": "/help"})).status_code == 202
    kept = whole_database(tmp_path)
    assert secret.encode() not in kept
    assert Visit(secret, member=True).chat.encode() in kept


def test_under_https_the_cookie_belongs_to_this_host_alone() -> None:
    from starlette.responses import Response

    from bot.channels.web.session import Cookies

    answer = Response()
    Cookies(secure=True, members=True).admit(answer, Visit("x" * 43, member=True), 60)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-planbot=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def test_who_is_logged_in_has_their_rank_in_talk_menu_and_pages_and_a_visitor_has_not(house: House) -> None:
    await house.become(Rank.ADMINISTRATOR)
    async with browser(house) as client, browser(house) as visitor:
        await visitor.post("hello")
        assert (await visitor.get("page/notices")).status_code == 404
        await login(house, client)
        assert (await client.get("page/notices")).status_code == 200
        assert "/notice" in (await client.get("menu")).text
        assert "/notice" not in (await visitor.get("menu")).text
        await house.become(Rank.TEACHER)
        assert (await client.get("page/notices")).status_code == 404


async def test_a_login_that_is_ended_in_the_chat_is_over_at_once_and_its_words_are_gone(house: House) -> None:
    await house.become(Rank.ADMINISTRATOR)
    async with browser(house) as client:
        await login(house, client)
        await client.post("hello")
        await client.post("say", json={"id": new_id(), "text": "/help"})
        listed = await house.says("/web")
        assert "Firefox · Windows" in listed.text
        assert "已登出" in (await house.presses(listed, "登出 1")).text
        secret = client.cookies[COOKIE]
        for path in ("menu", "events", "page/notices"):
            client.cookies.clear()
            answer = await client.get(path, headers={"cookie": f"{COOKIE}={secret}"})
            assert (answer.status_code, "Max-Age=0" in answer.headers["set-cookie"]) == (401, True)
        hello = await client.post("hello", headers={"cookie": f"{COOKIE}={secret}"})
        assert (hello.status_code, "Max-Age=0" in hello.headers["set-cookie"]) == (205, True)
    assert list(house.channel._exchange.conversations) == []
    assert "logged out" in await house.deeds()


async def test_ending_somebody_elses_login_is_refused(house: House) -> None:
    async with browser(house) as client, browser(house) as other:
        await login(house, client)
        await login(house, other, "8")
        action = next(button.action for row in (await house.says("/web")).buttons for button in row if button.action)
        refused = await house.app.desk.answer(Incoming(Address("telegram", "8"), "8", action=action, language="zh-hant"))
        assert refused is not None
        assert "失效" in refused.text
        page = (await other.get("page/sessions")).text
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token is not None
        answer = await other.post("page/sessions", data={"csrf": token[1], "session": action.ref if action else ""})
        assert answer.status_code == 409
        assert (await client.get("menu")).status_code == 200


async def test_the_page_lists_ones_logins_and_ends_them_with_a_form_of_its_own(house: House) -> None:
    async with browser(house) as client:
        await login(house, client)
        page = (await client.get("page/sessions")).text
        assert "這個瀏覽器" in page
        session = re.search(r'name="session" value="(\d+)"', page)
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert session is not None
        assert token is not None
        assert (await client.post("page/sessions", data={"session": session[1]})).status_code == 403
        ended = await client.post("page/sessions", data={"session": session[1], "csrf": token[1]})
        assert (ended.status_code, ended.headers["location"]) == (303, "sessions")
        assert (await client.get("page/sessions")).status_code == 401


async def test_an_unused_login_ends_by_itself(house: House) -> None:
    async with browser(house) as client:
        await login(house, client)
        house.clock.advance(hours=100)
        assert (await client.get("menu")).status_code == 200
        house.clock.advance(hours=100)
        assert (await client.get("menu")).status_code == 200
        house.clock.advance(hours=169)
        assert (await client.get("menu")).status_code == 401


async def test_ones_own_questions_are_shown_and_nobody_elses(house: House) -> None:
    await house.says("我的問題是什麼時候？")
    await house.says("他的秘密<script>在哪裏？", "8")
    async with browser(house) as client:
        await login(house, client)
        page = (await client.get("page/history")).text
        assert "我的問題" in page
        assert "秘密" not in page
        await login(house, client, "8")
        assert "他的秘密&lt;script&gt;" in (await client.get("page/history")).text


async def test_trying_keys_is_slowed_down_and_the_trail_stays_short(house: House) -> None:
    async with browser(house) as client:
        tries = [(await client.post("page/login", data={"key": f"{number:022}"})).status_code for number in range(LOGINS_MINUTE + 5)]
    assert tries == [403] * LOGINS_MINUTE + [429] * 5
    assert (await house.deeds()).count("bad login") == 5


async def test_a_visitor_of_the_page_gets_no_link_and_a_login_form_from_elsewhere_is_refused(house: House) -> None:
    async with browser(house) as client:
        visitor = Visit("0" * 32)
        reply = await house.app.desk.answer(Incoming(Address("web", visitor.chat), visitor.chat, "/web", language="zh-hant"))
        assert reply is not None
        assert reply.buttons == ()
        answer = await client.post("page/login", data={"key": await house.key()}, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403


async def test_without_a_public_address_there_is_no_login() -> None:
    clerk, made = Clerk(links={"k": True}), a_page()
    async with serving(made, clerk), httpx.AsyncClient(base_url=made.url, trust_env=False) as client:
        assert (await client.get("page/login", params={"key": "k"})).status_code == 404
        assert (await client.post("page/login", data={"key": "k"}, headers={"origin": made.url.rstrip("/")})).status_code == 404
        assert "page/login" not in (await client.get("")).text
        client.cookies.set(COOKIE, "A" * 43)
        assert (await client.get("menu")).status_code == 401
    assert clerk.links == {"k": True}


def test_who_sends_too_many_files_loses_their_own_and_nobody_elses() -> None:
    shelf = Shelf()
    others = shelf.put("a", "text/plain", b"x" * 10, "other")
    own = [shelf.put("b", "text/plain", b"y" * (OWN_BYTES // 4), "me") for _ in range(7)]
    assert [shelf.get(one) is not None for one in own] == [False] * 3 + [True] * 4
    assert shelf.get(others) is not None


async def test_under_https_every_answer_asks_for_https(house: House) -> None:
    made = a_page(public_url="https://plan.example.cn")
    async with serving(made, Clerk()), httpx.AsyncClient(base_url=made.url, trust_env=False) as client:
        assert (await client.get("health")).headers["strict-transport-security"] == "max-age=31536000"
    async with browser(house) as client:
        assert "strict-transport-security" not in (await client.get("health")).headers
        for path in ("page/sessions", "page/login", "page/login?key=x", "page/history"):
            answer = await client.get(path)
            assert answer.headers["cache-control"] == "no-store"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(header: str, words: str) -> None:
    assert agent(header) == words
