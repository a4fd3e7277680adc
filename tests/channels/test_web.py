"""The page's server over HTTP: its door, its limits, its memory, and what it hands to the desk."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.channels.web import WebChannel, build
from bot.channels.web.conversation import KEPT_CHARACTERS, KEPT_CONVERSATIONS, KEPT_ENTRIES, OPEN_STREAMS
from bot.channels.web.exchange import ABILITIES, MOST_WAITING
from bot.channels.web.session import Visit
from bot.channels.web.words import WORDS, asked_language
from bot.chat import (
    STALE,
    Action,
    Address,
    Block,
    Button,
    Download,
    File,
    FileRef,
    Incoming,
    MenuEntry,
    Outcome,
    Page,
    Place,
    Reply,
    Table,
)
from bot.errors import BadSetting, Refusal
from bot.limits import Limits, Pace
from bot.settings import Web
from bot.texts import LANGUAGES, load_texts
from tests.channels.clerk import Clerk, echo
from tests.channels.page import Visitor, a_page, new_id

NEAR = "127.0.0.1"


@contextlib.asynccontextmanager
async def serving(channel: WebChannel, clerk: Clerk) -> AsyncIterator["asyncio.Task[None]"]:
    channel.bind()
    running = asyncio.create_task(channel.run(clerk))
    await channel.ready.wait()
    try:
        yield running
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
async def channel(clerk: Clerk) -> AsyncIterator[WebChannel]:
    made = a_page()
    async with serving(made, clerk):
        yield made


@pytest.fixture
async def visitor(channel: WebChannel) -> AsyncIterator[Visitor]:
    made = Visitor(channel.url)
    await made.come()
    yield made
    await made.close()


@pytest.fixture
async def stranger(channel: WebChannel) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks HTTP by hand: no cookie, no Origin."""
    async with httpx.AsyncClient(base_url=channel.url, trust_env=False) as client:
        yield client


def host(channel: WebChannel) -> str:
    return channel.url.removeprefix("http://").strip("/")


# The door


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"],
)
async def test_behind_a_proxy_the_page_is_shut(stranger: httpx.AsyncClient, header: str) -> None:
    answer = await stranger.get("health", headers={header: "for=1.2.3.4", "accept-language": "en"})
    assert answer.status_code == 403
    assert answer.text == load_texts().say("en", "page.behind_proxy")


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.5:8080", "user@localhost", ""]
)
async def test_another_name_is_refused(stranger: httpx.AsyncClient, name: str) -> None:
    answer = await stranger.get("", headers={"host": name})
    assert answer.status_code in (400, 403)
    if answer.status_code == 403:
        assert answer.text == load_texts().say("zh-Hant", "page.wrong_host")


@pytest.mark.parametrize("name", ["localhost:9", "LOCALHOST", "127.0.0.1", "[::1]:8080"])
async def test_this_machines_names_are_served(stranger: httpx.AsyncClient, name: str) -> None:
    assert (await stranger.get("", headers={"host": name})).status_code == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", ""])
@pytest.mark.parametrize("path", ["hello", "say", "press", "file"])
async def test_a_post_from_elsewhere_is_refused(stranger: httpx.AsyncClient, clerk: Clerk, path: str, origin: str | None) -> None:
    headers = {"cookie": f"planbot={'a' * 32}", "content-type": "application/json"} | ({} if origin is None else {"origin": origin})
    answer = await stranger.post(path, headers=headers, content=b'{"id": "c00000000000000000", "text": "x"}')
    assert answer.status_code == 403
    assert answer.text == load_texts().say("zh-Hant", "page.wrong_origin")
    assert clerk.heard == []


async def test_every_answer_has_the_strict_headers(stranger: httpx.AsyncClient, channel: WebChannel) -> None:
    for path, status in (("", 200), ("static/page.js", 200), ("nowhere", 404), ("events", 401)):
        answer = await stranger.get(path)
        assert answer.status_code == status
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
    assert "<style" not in (page := (await stranger.get("")).text)
    assert " style=" not in page
    assert "<script>" not in page
    assert "http://" not in page
    assert "https://" not in page


async def test_a_proxy_is_welcome_with_a_public_url() -> None:
    made = a_page(public_url="https://plan.example.cn/")
    async with serving(made, Clerk()), httpx.AsyncClient(base_url=made.url, trust_env=False) as client:
        assert (await client.get("", headers={"host": "plan.example.cn:443"})).status_code == 200
        through = {"host": "plan.example.cn", "x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https"}
        assert (await client.get("", headers=through)).status_code == 200
        hello = await client.post("hello", headers=through | {"origin": "https://plan.example.cn"})
        assert hello.status_code == 204
        assert "; secure" in hello.headers["set-cookie"].lower()
        # A proxy that hands on its own name for the machine behind it.
        assert (await client.post("hello", headers={"origin": "https://plan.example.cn"})).status_code == 204
        assert (await client.get("", headers={"host": "other.example.cn"})).status_code == 403
        assert (await client.post("hello", headers=through | {"origin": "http://plan.example.cn"})).status_code == 403


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.9", "::"])
def test_the_whole_network_needs_a_public_url(address: str) -> None:
    with pytest.raises(BadSetting) as caught:
        build(Web(host=address), load_texts(), Pace(Limits()))
    assert caught.value.key == "web.needs_public_url"
    build(Web(host=address, public_url="http://plan.example.cn"), load_texts(), Pace(Limits()))


@pytest.mark.parametrize("address", ["plan.example.cn", "ftp://plan.example.cn", "https://", "https://a:b@plan.example.cn", "http://[::1"])
def test_a_public_url_must_be_one(address: str) -> None:
    with pytest.raises(BadSetting) as caught:
        build(Web(public_url=address), load_texts(), Pace(Limits()))
    assert caught.value.key == "web.bad_public_url"


def test_a_busy_port_is_said_before_anything_runs() -> None:
    with socket.create_server((NEAR, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting) as caught:
            a_page(port).bind()
    assert caught.value.key == "web.port_busy"
    assert caught.value.values["port"] == port


async def test_run_refuses_a_busy_port_too() -> None:
    with socket.create_server((NEAR, 0)) as taken, pytest.raises(BadSetting):
        await a_page(taken.getsockname()[1]).run(Clerk())


async def test_signals_stay_with_the_program() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    made = a_page()
    async with serving(made, Clerk()), httpx.AsyncClient(base_url=made.url, trust_env=False) as client:
        assert (await client.get("health")).status_code == 200
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_the_page_can_run_again_after_it_was_stopped(clerk: Clerk) -> None:
    made = a_page()
    async with serving(made, clerk):
        url = made.url
        visitor = Visitor(url)
        await visitor.come()
        await visitor.say("一")
        await visitor.sees("heard 一")
    assert not made.ready.is_set()
    async with serving(made, clerk):
        assert made.url == url
        again = Visitor(url)
        again.client.cookies = visitor.client.cookies
        await again.come()
        await again.next()
        assert again.texts() == ["heard 一"]
        await again.close()
    await visitor.close()


# Sessions


async def test_a_new_visitor_gets_a_strict_cookie_of_128_bits_and_keeps_it(stranger: httpx.AsyncClient, channel: WebChannel) -> None:
    assert "set-cookie" not in (await stranger.get("")).headers
    origin = {"origin": channel.url.rstrip("/")}
    cookie = (await stranger.post("hello", headers=origin)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    session = stranger.cookies["planbot"]
    assert len(bytes.fromhex(session)) == 16
    assert (await stranger.post("hello", headers=origin)).headers["set-cookie"].startswith(f"planbot={session};")
    stranger.cookies.clear()
    await stranger.post("hello", headers=origin)
    assert stranger.cookies["planbot"] != session


@pytest.mark.parametrize("cookie", ["", "planbot=", "planbot=short", f"planbot={'g' * 32}", f"planbot={'a' * 33}"])
async def test_without_a_session_nothing_is_taken(stranger: httpx.AsyncClient, channel: WebChannel, clerk: Clerk, cookie: str) -> None:
    headers = {"origin": channel.url.rstrip("/"), "cookie": cookie}
    assert (await stranger.post("say", headers=headers, json={"id": new_id(), "text": "x"})).status_code == 401
    assert (await stranger.get("events", headers={"cookie": cookie})).status_code == 401
    assert (await stranger.get("menu", headers={"cookie": cookie})).status_code == 401
    assert clerk.heard == []


async def test_visitors_do_not_see_each_other(channel: WebChannel, visitor: Visitor, clerk: Clerk) -> None:
    clerk.answering = lambda incoming: Reply("秘密", files=(File("秘.txt", "text/plain", b"secret"),))
    await visitor.say("給我")
    await visitor.sees("秘密")
    file = next(file for entry in visitor.shown.values() for file in entry["files"])
    other = Visitor(channel.url)
    await other.come()
    await other.next()
    assert other.shown == {}
    assert (await visitor.client.get(f"file/{file['id']}")).content == b"secret"
    assert (await other.client.get(f"file/{file['id']}")).status_code == 404
    await other.close()


# What is said


async def test_the_language_and_the_ids_reach_the_desk(channel: WebChannel, clerk: Clerk) -> None:
    visitor = Visitor(channel.url, **{"accept-language": "en;q=0.5, zh-HK, zh;q=0.9"})
    await visitor.come()
    given = new_id()
    await visitor.say("  你好 \n", given)
    incoming = await clerk.hears(1)
    assert incoming == Incoming(Address("web", visitor.session), visitor.session, text="你好", language="zh-HK", remote=given, update=given)
    await visitor.close()


async def test_a_second_try_of_the_same_message_is_the_same_message(visitor: Visitor, clerk: Clerk) -> None:
    given = new_id()
    assert [(await visitor.say("一次", given)).status_code for _ in range(3)] == [202] * 3
    await visitor.say("完")
    await visitor.sees("heard 完")
    assert [incoming.text for incoming in clerk.heard] == ["一次", "完"]
    assert visitor.texts(mine=True) == ["一次", "完"]


async def test_answers_come_in_the_order_of_the_questions(visitor: Visitor, clerk: Clerk) -> None:
    first = asyncio.Event()

    async def answering(incoming: Incoming) -> Reply:
        if incoming.text == "慢":
            await first.wait()
        return echo(incoming)

    clerk.answering = answering
    await visitor.say("慢")
    await visitor.say("快")
    first.set()
    await visitor.sees("heard 快")
    assert visitor.texts() == ["heard 慢", "heard 快"]


async def test_a_crash_in_one_answer_leaves_the_next_one(visitor: Visitor, clerk: Clerk, caplog: pytest.LogCaptureFixture) -> None:
    def answering(incoming: Incoming) -> Reply:
        if incoming.text == "壞":
            raise RuntimeError("boom")
        return echo(incoming)

    clerk.answering = answering
    await visitor.say("壞")
    await visitor.say("好")
    await visitor.sees("heard 好")
    while visitor.events[-1] != ("typing", {"on": False}):
        await visitor.next()
    assert "an answer was lost" in caplog.text


async def test_typing_is_told_and_ends(visitor: Visitor, clerk: Clerk) -> None:
    await visitor.next()
    assert await visitor.next() == ("typing", {"on": False})
    await visitor.say("想")
    kinds = [await visitor.next() for _ in range(4)]
    assert [kind for kind, _ in kinds] == ["put", "typing", "put", "typing"]
    assert [value["on"] for kind, value in kinds if kind == "typing"] == [True, False]


async def test_a_press_replaces_its_message_even_when_the_server_forgot_it(visitor: Visitor, clerk: Clerk) -> None:
    clerk.answering = lambda incoming: Reply("已跟進", place=Place.REPLACE)
    pressed = {"id": new_id(), "remote": "b0badcafe17", "action": "follow:7"}
    assert (await visitor.client.post("press", json=pressed)).status_code == 202
    await visitor.sees("已跟進")
    assert visitor.shown["b0badcafe17"]["text"] == "已跟進"
    assert clerk.heard[0].action == Action("follow", "7")
    assert clerk.heard[0].remote == "b0badcafe17"


@pytest.mark.parametrize("action", ["no colon", "a:" + "x" * 64, "", "無:1"])
async def test_a_press_that_no_button_holds_is_the_desks_to_refuse(visitor: Visitor, clerk: Clerk, action: str) -> None:
    assert (await visitor.client.post("press", json={"id": new_id(), "remote": "b123456789", "action": action})).status_code == 202
    assert (await clerk.hears(1)).action == STALE


async def test_a_press_never_replaces_what_a_person_said(visitor: Visitor, clerk: Clerk) -> None:
    given = new_id()
    await visitor.say("我的話", given)
    await visitor.sees("heard 我的話")
    clerk.answering = lambda incoming: Reply("換掉", place=Place.REPLACE)
    await visitor.client.post("press", json={"id": new_id(), "remote": given, "action": "follow:7"})
    await visitor.sees("換掉")
    assert visitor.shown[given]["text"] == "我的話"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", b"not json", 400),
        ("say", b"[1]", 400),
        ("say", b"[" * 20000, 400),
        ("say", b'{"id": "c0123456789abcdef", "text": " "}', 400),
        ("say", b'{"id": "c0123456789abcdef", "text": 7}', 400),
        ("say", b'{"id": "nonsense", "text": "x"}', 400),
        ("say", b'{"id": "c0123456789abcdef", "text": "' + b"x" * 8001 + b'"}', 413),
        ("say", b'{"id": "c0123456789abcdef", "text": "' + b"x" * 70000 + b'"}', 413),
        ("press", b'{"id": "c0123456789abcdef", "remote": "b123456789", "action": 7}', 400),
        ("press", b'{"id": "c0123456789abcdef", "remote": "<script>", "action": "a:b"}', 400),
    ],
)
async def test_nonsense_is_refused_in_a_sentence(visitor: Visitor, clerk: Clerk, path: str, body: bytes, status: int) -> None:
    answer = await visitor.client.post(path, content=body, headers={"content-type": "application/json", "accept-language": "en"})
    assert answer.status_code == status
    assert answer.text in {load_texts().say("en", "page.bad_request"), load_texts().say("en", "page.too_long")}
    assert clerk.heard == []


async def test_a_form_of_another_page_is_no_message(visitor: Visitor, clerk: Clerk) -> None:
    answer = await visitor.client.post("say", content=b'{"id": "c0123456789abcdef", "text": "x"}', headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert clerk.heard == []


async def test_who_says_too_much_is_slowed_down(visitor: Visitor, clerk: Clerk) -> None:
    never = asyncio.Event()

    async def answering(incoming: Incoming) -> Reply:
        await never.wait()
        return echo(incoming)

    clerk.answering = answering
    statuses = [(await visitor.say(str(number))).status_code for number in range(MOST_WAITING + 1)]
    assert statuses == [202] * MOST_WAITING + [429]
    refused = await visitor.say("再一次")
    assert int(refused.headers["retry-after"]) >= 1
    never.set()


# Changes and their memory


async def test_a_page_that_comes_back_gets_what_it_missed(channel: WebChannel, visitor: Visitor) -> None:
    await visitor.say("一")
    await visitor.sees("heard 一")
    await visitor.go()
    to = Address("web", visitor.session)
    await channel.deliver(to, Reply("你不在時"), "k")
    visitor.events.clear()
    await visitor.come(after=visitor.last)
    await visitor.sees("你不在時")
    assert [kind for kind, _ in visitor.events] == ["put"]
    assert visitor.texts() == ["heard 一", "你不在時"]


async def test_the_browsers_own_resume_header_works(channel: WebChannel, visitor: Visitor) -> None:
    await visitor.say("一")
    await visitor.sees("heard 一")
    stream = visitor.client.build_request("GET", "events", headers={"last-event-id": visitor.last})
    answer = await visitor.client.send(stream, stream=True)
    lines = answer.aiter_lines()
    assert [await anext(lines) for _ in range(2)] == ["event: typing", 'data: {"on":false}']
    await answer.aclose()


@pytest.mark.parametrize("after", ["", "other.1", "other.3", "x.y", ".", "nonsense", "9" * 400])
async def test_a_page_from_another_life_gets_everything(visitor: Visitor, after: str) -> None:
    await visitor.say("一")
    await visitor.sees("heard 一")
    await visitor.go()
    await visitor.come(after=after)
    kind, value = await visitor.next()
    assert kind == "snapshot"
    assert [entry["text"] for entry in value["entries"]] == ["一", "heard 一"]


async def test_a_message_for_a_browser_that_is_away_is_kept(channel: WebChannel) -> None:
    session = "0123456789abcdef" * 2
    receipt = await channel.deliver(Address("web", Visit(session).chat), Reply("記得明天", ((Button("好", Action("ok")),),)), "k")
    assert receipt.outcome is Outcome.SENT
    visitor = Visitor(channel.url)
    visitor.client.cookies.set("planbot", session)
    await visitor.come()
    await visitor.next()
    assert visitor.texts() == ["記得明天"]
    await visitor.press("好")
    await visitor.sees("pressed ok:")
    await visitor.close()


async def test_memory_is_bounded(channel: WebChannel) -> None:
    exchange = channel._exchange
    crowd = [f"{number:032x}" for number in range(KEPT_CONVERSATIONS + 50)]
    for session in crowd:
        await channel.deliver(Address("web", session), Reply("給大家"), "k")
    assert len(list(exchange.conversations)) == KEPT_CONVERSATIONS
    to = Address("web", crowd[-1])
    for number in range(KEPT_ENTRIES + 20):
        await channel.deliver(to, Reply(str(number)), "k")
    kept = exchange.conversations.of(crowd[-1])
    assert len(kept.entries) == KEPT_ENTRIES
    assert next(reversed(kept.entries.values())).text == str(KEPT_ENTRIES + 19)
    for letter in "甲乙丙丁":
        await channel.deliver(to, Reply(letter * (KEPT_CHARACTERS // 4)), "k")
    assert sum(len(entry.text) for entry in kept.entries.values()) <= KEPT_CHARACTERS
    assert next(reversed(kept.entries.values())).text[0] == "丁"


async def test_an_open_page_is_not_forgotten_for_others(channel: WebChannel, visitor: Visitor) -> None:
    await visitor.say("我在")
    await visitor.sees("heard 我在")
    for number in range(KEPT_CONVERSATIONS + 5):
        await channel.deliver(Address("web", f"{number:032x}"), Reply("x"), "k")
    assert channel._exchange.conversations.of(visitor.session).streams


async def test_the_oldest_page_of_too_many_is_let_go(channel: WebChannel, visitor: Visitor) -> None:
    more = []
    for _ in range(OPEN_STREAMS):
        page = Visitor(channel.url)
        page.client.cookies = visitor.client.cookies
        await page.come()
        await page.next()
        more.append(page)
    while visitor.events[-1:] != [("bye", {})]:
        await visitor.next()
    with pytest.raises(StopAsyncIteration):
        await visitor.next()
    await channel.deliver(Address("web", visitor.session), Reply("還有人在看"), "k")
    for page in more:
        await page.sees("還有人在看")
        await page.close()


# Files


async def test_an_upload_is_cleaned_and_offered(channel: WebChannel, visitor: Visitor, clerk: Clerk) -> None:
    await visitor.upload("..\\..\\a/b\x00名冊\n.html", b"<script>1</script>", mime="text/html; charset=x")
    incoming = await clerk.hears(1)
    file = incoming.files[0]
    assert (file.name, file.size, file.mime) == ("b名冊.html", 18, "text/html")
    await visitor.sees("got")
    held = await visitor.client.get(f"file/{file.remote}")
    assert held.headers["content-type"] == "application/octet-stream"
    assert held.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in held.headers["content-security-policy"]
    assert await channel.fetch(file) == held.content
    with pytest.raises(Refusal):
        await channel.fetch(FileRef("web", "f" * 32, "別的.txt"))


async def test_a_file_beyond_the_limit_is_refused_while_it_comes(visitor: Visitor, clerk: Clerk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(ABILITIES.fetch_limit // 1_000_000 + 2):
            yield b"x" * 1_000_000

    announced = await visitor.client.post("file", params={"id": new_id()}, content=b"x" * (ABILITIES.fetch_limit + 1))
    assert announced.status_code == 413
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        unannounced = await visitor.client.post("file", params={"id": new_id()}, content=endless())
        assert unannounced.status_code == 413
    assert clerk.heard == []


async def test_a_file_is_sent_again_by_its_id(channel: WebChannel, visitor: Visitor) -> None:
    to = Address("web", visitor.session)
    first = await channel.deliver(to, Reply("附件", files=(File("a.pdf", "application/pdf", b"%PDF"),)), "1")
    again = await channel.deliver(to, Reply("同一附件", files=(File("b.pdf", "application/pdf", remote=first.files[0]),)), "2")
    assert again.files == first.files
    gone = await channel.deliver(to, Reply("不見了", files=(File("c.pdf", "application/pdf", remote="0" * 32),)), "3")
    assert gone.outcome is Outcome.FAILED
    await visitor.sees("同一附件")
    assert [file["name"] for entry in visitor.shown.values() for file in entry["files"]] == ["a.pdf", "b.pdf"]


async def test_there_must_be_something_to_say(channel: WebChannel, visitor: Visitor) -> None:
    assert (await channel.deliver(Address("web", visitor.session), Reply(" \n"), "k")).outcome is Outcome.FAILED


async def test_links_of_other_kinds_are_not_drawn(channel: WebChannel, visitor: Visitor) -> None:
    urls = ("javascript:alert(1)", "data:text/html,x", "https://example.org/", "page/board")
    await channel.deliver(Address("web", visitor.session), Reply("連結", (tuple(Button(url, url=url) for url in urls),)), "k")
    await visitor.sees("連結")
    entry = next(iter(visitor.shown.values()))
    assert [button["url"] for button in entry["buttons"][0]] == ["", "", "https://example.org/", "page/board"]


# Pages, menu, static files


async def test_a_rooms_page_is_drawn_and_escaped(visitor: Visitor, clerk: Clerk) -> None:
    rows = (("第一小學", "<b>已讀</b>"),)
    clerk.pages = {
        "board": Page("回覆 & 統計", (Block("甲 < 乙", "一行\n二行", Table(("學校", "狀態"), rows)),)),
        "feed": Download(File("計劃.ics", "text/calendar", b"BEGIN:VCALENDAR")),
    }
    drawn = await visitor.client.get("page/board", params={"unit": "一小"})
    assert drawn.headers["content-type"].startswith("text/html")
    assert "<title>回覆 &amp; 統計</title>" in drawn.text
    assert "<td>&lt;b&gt;已讀&lt;/b&gt;</td>" in drawn.text
    assert "一行\n二行" in drawn.text
    assert clerk.requests[0].values == {"unit": "一小"}
    assert clerk.requests[0].who == Address("web", visitor.session)
    feed = await visitor.client.get("page/feed")
    assert feed.content == b"BEGIN:VCALENDAR"
    assert "filename*=utf-8''%E8%A8%88%E5%8A%83.ics" in feed.headers["content-disposition"]
    missing = await visitor.client.get("page/secret", headers={"accept-language": "zh-CN"})
    assert missing.status_code == 404
    assert load_texts().say("zh-Hans", "page.not_found") in missing.text


async def test_a_page_without_a_cookie_is_a_strangers(stranger: httpx.AsyncClient, clerk: Clerk) -> None:
    await stranger.get("page/board")
    await stranger.get("page/board")
    assert clerk.requests[0].who != clerk.requests[1].who


async def test_the_menu_is_for_the_visitors_rank_and_language(visitor: Visitor, clerk: Clerk) -> None:
    clerk.menu = (MenuEntry("agenda", {"en": "This month", "zh-Hant": "本月"}, 0), MenuEntry("audit", {"zh-Hant": "紀錄"}, 3))
    menu = await visitor.client.get("menu", headers={"accept-language": "en"})
    assert menu.json() == [{"command": "/agenda", "text": "This month"}]


async def test_static_files_are_asked_for_once(stranger: httpx.AsyncClient) -> None:
    first = await stranger.get("static/page.css")
    assert first.headers["content-type"].startswith("text/css")
    again = await stranger.get("static/page.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("page.html", "../channel.py", "..%2fchannel.py", "__init__.py"):
        assert (await stranger.get(f"static/{name}")).status_code == 404


async def test_health(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("health")).json() == {"status": "ok"}


# Stopping


async def test_what_is_being_answered_is_finished_before_the_end(clerk: Clerk) -> None:
    made, release = a_page(), asyncio.Event()

    async def answering(incoming: Incoming) -> Reply:
        await release.wait()
        return echo(incoming)

    clerk.answering = answering
    async with serving(made, clerk) as running:
        visitor = Visitor(made.url)
        await visitor.come()
        await visitor.say("最後一句")
        await clerk.hears(1)
        running.cancel()
        release.set()
        await visitor.sees("heard 最後一句")
        await asyncio.wait({running})
        assert running.cancelled()
        assert visitor.texts() == ["heard 最後一句"]
        await visitor.close()


# Words


@pytest.mark.parametrize(
    ("accept", "language", "tag"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "zh-TW"),
        ("zh-CN", "zh-Hans", "zh-CN"),
        ("fr, en-US;q=0.5", "en", "fr"),
        ("en;q=0.1, zh-Hant-HK;q=0.9", "zh-Hant", "zh-Hant-HK"),
        ("", "zh-Hant", ""),
        ("*", "zh-Hant", ""),
        ("de;q=zero, <script>", "zh-Hant", ""),
        ("en;q=0", "zh-Hant", ""),
    ],
)
def test_the_language_a_browser_asks_for(accept: str, language: str, tag: str) -> None:
    assert asked_language(accept) == (language, tag)


def test_every_word_of_the_page_is_there_in_every_language() -> None:
    texts = load_texts()
    refusals = "behind_proxy wrong_host wrong_origin no_session bad_request too_long file_too_large file_gone too_fast not_found connecting"
    for name in (*WORDS, *refusals.split()):
        assert [language for language in LANGUAGES if not texts.catalogues[language].get(f"page.{name}")] == []
