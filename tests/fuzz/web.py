"""Arbitrary requests to the page's ASGI application: every route, method, header and body, as every rank and as nobody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message, Scope

from bot.channels.web import WebChannel, build
from bot.channels.web.session import Visit, new_member
from bot.chat import Address
from bot.limits import Limits, Pace
from bot.people import Rank
from bot.texts import load_texts
from handlers.calendar import KINDS
from tests.fuzz.town import PEOPLE, Town
from tests.fuzz.words import CANARY, Words

ROUTES = (
    "/", "/static/{name}", "/hello", "/events", "/say", "/press", "/file", "/file/{id}", "/menu", "/page/login", "/page/{name}", "/health",
    "/feed/{key}.ics",
)  # fmt: skip
"""Every route of the page; `tests/fuzz/test_fuzz.py` fails for one that is missing here."""
METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "X")
HOST = "plan.example.cn"
ODD = (
    "host", "origin", "cookie", "content-type", "accept-language", "content-length", "last-event-id", "if-none-match", "x-forwarded-for",
)  # fmt: skip
"""Headers that a request may bend."""
NEEDED = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "cache-control")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def site_of(channel: WebChannel) -> Starlette:
    """The routes behind the gate."""
    return channel._app._app  # type: ignore[return-value]


def routes_of(channel: WebChannel) -> set[str]:
    """The paths the page answers."""
    return {route.path for route in site_of(channel).routes if isinstance(route, Route)}


async def call(channel: WebChannel, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
    """One request in full; a stream is left as soon as it has begun."""
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": query.encode("utf-8", "replace"), "headers": headers,
        "client": ("127.0.0.1", 1), "server": (HOST, 80), "root_path": "",
    }  # fmt: skip
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]
    sent: list[Message] = []

    async def receive() -> Message:
        if parts:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await channel._app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    data = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], named, data)


def quoted(text: str) -> str:
    """A text as part of a path."""
    return quote(text, safe="", errors="replace")


def headed(visit: Visit | None, body: bytes, kind: str, odd: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers of a request as a browser sends them, with `odd` ones in their place or beside them."""
    named = {"host": HOST, "origin": f"http://{HOST}", "content-length": str(len(body))}
    if kind:
        named["content-type"] = kind
    if visit is not None:
        named["cookie"] = f"{'planbot_login' if visit.member else 'planbot'}={visit.cookie}"
    named |= odd
    return [(name.encode(), value.replace("\r", "").replace("\n", "").encode("utf-8", "replace")) for name, value in named.items()]


class Requests:
    """An endless series."""

    def __init__(self, seed: int, visits: Mapping[Rank, Visit], pages: tuple[str, ...], keys: tuple[str, ...]) -> None:
        self.words = Words(seed)
        self.keys = keys
        self.visits = visits
        self.pages = pages

    def __next__(self) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
        words = self.words
        visit = words.one((None, Visit("0" * 32), *self.visits.values()))
        path = (
            words.one(ROUTES)
            .replace("{name}", self.name())
            .replace("{key}", words.one(("A" * 22, quoted(words.text()[:40]))))
            .replace("{id}", words.one(("0" * 32, quoted(words.text()[:40]))))
        )
        query = f"?{urlencode(self.values(), errors='replace')}" if words.chance(0.5) else ""
        body, kind = self.body(visit)
        return words.one(METHODS), f"{path}{query}", self.headers(visit, body, kind), body

    def name(self) -> str:
        words = self.words
        if words.chance(0.8):
            return str(words.one(self.pages))
        known = ("page.js", "base.css", "..", "%2e%2e", "login", "sessions")
        return str(words.one(known)) if words.chance(0.5) else quoted(words.text()[:30])

    def values(self) -> dict[str, str]:
        words = self.words
        names = (
            "plan",
            "version",
            "notice",
            "unit",
            "page",
            "show",
            "key",
            "session",
            "id",
            "name",
            "after",
            "text",
            "issuer",
            "number",
            "do",
        )
        choices = ("", "1", "2", "3", "0", "-1", "²", "all", "yes", CANARY, words.text()[:200])
        return {words.one(names) if words.chance(0.9) else words.text()[:20]: words.one(choices) for _ in range(words.random.randrange(8))}

    def body(self, visit: Visit | None) -> tuple[bytes, str]:
        words = self.words
        if words.chance(0.35):
            told: dict[str, Any] = {
                "id": "c" + "0123456789abcdef"[words.random.randrange(8) :] * 2,
                "text": words.text(),
                "remote": "b123456789",
            }
            told |= {"action": words.one(("help:", "unit:1", "got:1.0", CANARY, words.text()[:60]))}
            spoiled = words.spoiled(told) if words.chance(0.3) else told
            return json.dumps(spoiled).encode("utf-8", "surrogatepass"), "application/json"
        if words.chance(0.6):
            fields = self.values() | ({"csrf": visit.csrf} if visit is not None and words.chance(0.85) else {})
            if words.chance(0.6):
                return urlencode(fields, errors="replace").encode(), "application/x-www-form-urlencoded"
            lines = [f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
            lines.append(
                f'--x\r\ncontent-disposition: form-data; name="file"; filename="{words.text()[:20]}"\r\n\r\n{words.text()}\r\n--x--'
            )
            written = "".join(lines).encode("utf-8", "replace")
            return (words.damaged(written) if words.chance(0.3) else written), "multipart/form-data; boundary=x"
        return (words.json(), words.one(("", "text/plain", words.text()[:30])))

    def headers(self, visit: Visit | None, body: bytes, kind: str) -> list[tuple[bytes, bytes]]:
        words = self.words
        odd = {words.one(ODD): words.text()[:100] for _ in range(words.one((0, 0, 0, 1, 2)))}
        odd = {"accept-language": words.one(("zh-TW", "en", ""))} | odd
        named = headed(visit, body, kind, odd)
        if words.chance(0.1):
            named.pop(words.random.randrange(len(named)))
        return named


async def opened(town: Town) -> tuple[WebChannel, dict[Rank, Visit], tuple[str, ...], tuple[str, ...]]:
    """The page over the town's desk, with somebody of each rank logged in; the names of all rooms' pages, keys of calendars."""
    channel = build(town.app.settings.channels.web, load_texts(), Pace(Limits(0, 0, 0, 0)))
    channel._exchange.open(town.app.desk)
    visits: dict[Rank, Visit] = {}
    keys: list[str] = []
    for number, rank in PEOPLE.items():
        visit = new_member()
        async with town.app.store.begin() as db:
            person = await db.people.find(Address("telegram", str(number)))
            assert person is not None
            if rank in visits or person.rank is not rank:
                continue
            token = await db.sessions.link(person.id, town.clock(), town.clock() + timedelta(minutes=10))
            await db.sessions.redeem(token, Address("web", visit.chat), "", town.clock(), timedelta(days=900), timedelta(days=900))
            keys.append(await db.feeds.make(person.id, KINDS[0], town.clock()))
        visits[rank] = visit
    pages = tuple(name for room in town.app.desk._rooms.rooms for name in room.pages)
    return channel, visits, pages, tuple(keys)


def wrong(method: str, target: str, answer: Answer) -> str:
    """What is wrong with an answer; empty where nothing is."""
    missing = [name for name in NEEDED if name not in answer.headers]
    if answer.status >= 500 and not (answer.status == 503 and target.startswith("/events")):
        return f"status {answer.status} of {method} {target[:40]}"
    if missing:
        return f"headers {missing} of {method} {target[:40]}"
    if answer.headers.get("content-type", "").startswith("text/html") and b"<x-canary" in answer.body:
        return f"unescaped text of {method} {target[:40]}"
    return ""


async def run(town: Town, seed: int, count: int) -> None:
    """Send so many requests, and look at every answer and, in the end, at the database."""
    channel, visits, pages, keys = await opened(town)
    series = Requests(seed, visits, pages, keys)
    for number in range(1, count + 1):
        method, target, headers, body = next(series)
        fault = wrong(method, target, await call(channel, method, target, headers, body))
        if fault:
            town.broken.append(fault)
        town.clock.advance(seconds=1)
        for conversation in channel._exchange.conversations:
            conversation.window.marks.clear()
        if number % 100 == 0 or number == count:
            await channel._exchange.finish(5.0)
            channel._exchange.closing = False
    await town.check()
