"""The page's routes: what a browser asks is read within limits and handed to the exchange."""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot import chat
from bot.channels.web.conversation import Conversation, Shown, frame
from bot.channels.web.draw import draw_page, draw_shell
from bot.channels.web.exchange import ABILITIES, NAME, Exchange, a_session
from bot.channels.web.gate import LIVE_HEADERS, SHEET_HEADERS
from bot.channels.web.posted import MOST_FIELDS, file_name, read_body, read_form
from bot.channels.web.words import asked_language, words
from bot.texts import BASE, Texts

COOKIE = "planbot"
COOKIE_SECONDS = 400 * 86400
"""As long as browsers allow: the cookie is the address that reminders go to."""
TALK_BYTES = 64_000
TEXT_CHARACTERS = 8_000
QUIET_SECONDS = 15.0
"""After so long without a change a beat shows the page, and whatever stands between, that the connection lives."""
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SENT_ID = re.compile(r"c[0-9a-f]{16,40}")
SHOWN_ID = re.compile(r"[bc][0-9a-f]{8,60}")
MIME = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Site:
    """The handlers of one page, over one exchange."""

    def __init__(self, exchange: Exchange, texts: Texts, secure: bool) -> None:
        self._exchange = exchange
        self._texts = texts
        self._secure = secure
        folder = files("bot.channels.web") / "static"
        self._template = (folder / "page.html").read_text("utf-8")
        self._static = {file.name: file.read_bytes() for file in folder.iterdir() if PurePath(file.name).suffix in KINDS}

    def app(self) -> Starlette:
        """The routes as one ASGI application."""
        return Starlette(
            routes=[
                Route("/", self.shell),
                Route("/static/{name}", self.static),
                Route("/hello", self.hello, methods=["POST"]),
                Route("/events", self.events),
                Route("/say", self.say, methods=["POST"]),
                Route("/press", self.press, methods=["POST"]),
                Route("/file", self.upload, methods=["POST"]),
                Route("/file/{id}", self.download),
                Route("/menu", self.menu),
                Route("/page/{name}", self.page, methods=["GET", "POST"]),
                Route("/health", self.health),
            ],
            exception_handlers={HTTPException: self.refused},
        )

    def sentence(self, accept: str, key: str) -> str:
        """The text `key` in the language of an Accept-Language header."""
        return self._texts.say(asked_language(accept)[0], key)

    async def refused(self, request: Request, error: Exception) -> Response:
        """An error a visitor can cause, as one sentence."""
        assert isinstance(error, HTTPException)
        key = error.detail if error.detail.startswith("page.") else "page.not_found" if error.status_code == 404 else ""
        text = self.sentence(request.headers.get("accept-language", ""), key) if key else error.detail
        return PlainTextResponse(text, error.status_code, error.headers)

    async def shell(self, request: Request) -> Response:
        """The messenger itself. It sets no cookie: after a link from elsewhere a strict cookie is there but not sent."""
        language, _ = asked_language(request.headers.get("accept-language", ""))
        spoken = words(self._texts, language)
        return HTMLResponse(draw_shell(self._template, language, spoken, json.dumps(spoken, ensure_ascii=False)))

    async def static(self, request: Request) -> Response:
        """A style, script or picture of ours."""
        name = request.path_params["name"]
        if name not in self._static:
            raise HTTPException(404)
        data = self._static[name]
        headers = {"etag": f'"{hashlib.sha256(data).hexdigest()[:24]}"', "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=KINDS[PurePath(name).suffix])

    async def hello(self, request: Request) -> Response:
        """Give a new visitor a session, and an old one its cookie for another while."""
        session = _cookie(request) or secrets.token_hex(16)
        answer = Response(status_code=204)
        answer.set_cookie(COOKIE, session, COOKIE_SECONDS, httponly=True, samesite="strict", secure=self._secure)
        return answer

    async def events(self, request: Request) -> Response:
        """The changes of a conversation as server-sent events, from where the page last was."""
        conversation = self._exchange.conversations.of(_session(request))
        if self._exchange.closing:
            raise HTTPException(503, "page.connecting")
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_frames(conversation, after), headers=headers, media_type="text/event-stream")

    async def say(self, request: Request) -> Response:
        """`{id, text}`: the visitor says something."""
        session = _session(request)
        said = await _json(request)
        text = said.get("text")
        if not isinstance(text, str) or not text.strip():
            raise HTTPException(400, "page.bad_request")
        if len(text) > TEXT_CHARACTERS:
            raise HTTPException(413, "page.too_long")
        self._slow_down(session)
        self._exchange.hear(session, _sent_id(said.get("id")), _tag(request), text=text.strip())
        return Response(status_code=202)

    async def press(self, request: Request) -> Response:
        """`{id, remote, action}`: the visitor presses a button of the message `remote`."""
        session = _session(request)
        pressed = await _json(request)
        remote, packed = pressed.get("remote"), pressed.get("action")
        action = chat.Action.unpack(packed) if isinstance(packed, str) else None
        if action is None or not isinstance(remote, str) or not SHOWN_ID.fullmatch(remote):
            raise HTTPException(400, "page.bad_request")
        self._slow_down(session)
        self._exchange.hear(session, _sent_id(pressed.get("id")), _tag(request), action=action, pressed=remote)
        return Response(status_code=202)

    async def upload(self, request: Request) -> Response:
        """The file is the body; `id` and `name` stand in the address."""
        session = _session(request)
        given = _sent_id(request.query_params.get("id"))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        mime = kind if MIME.fullmatch(kind) else "application/octet-stream"
        name = file_name(request.query_params.get("name", ""))
        self._slow_down(session)
        data = await read_body(request, ABILITIES.fetch_limit, "page.file_too_large")
        file = Shown(self._exchange.shelf.put(name, mime, data), name, mime, len(data))
        self._exchange.hear(session, given, _tag(request), files=(file,))
        return Response(status_code=202)

    async def download(self, request: Request) -> Response:
        """A file of a message that the session can see."""
        session, identity = _session(request), request.path_params["id"]
        entries = self._exchange.conversations.of(session).entries.values()
        shown = next((file for entry in entries for file in entry.files if file.id == identity), None)
        held = self._exchange.shelf.get(identity) if shown else None
        if shown is None or held is None:
            raise HTTPException(404, "page.file_gone")
        return _file(shown.name, held.mime, held.data)

    async def menu(self, request: Request) -> Response:
        """The commands the visitor may use, each with one line in the page's language."""
        desk, who = self._exchange.desk, chat.Address(NAME, _session(request))
        assert desk is not None, "the page is served only while a desk is there"
        language, _ = asked_language(request.headers.get("accept-language", ""))
        rank = await desk.rank(who)
        return JSONResponse(
            [
                {"command": f"/{entry.command}", "text": entry.descriptions.get(language) or entry.descriptions.get(BASE, "")}
                for entry in desk.menu
                if entry.rank <= rank
            ]
        )

    async def page(self, request: Request) -> Response:
        """A room's page drawn plainly, its file, or where a form that was sent leads. Without a cookie it is what any guest may see."""
        desk, name = self._exchange.desk, request.path_params["name"]
        assert desk is not None, "the page is served only while a desk is there"
        values = dict(list(request.query_params.items())[:MOST_FIELDS])
        if request.method == "POST":
            session = _session(request)
            self._slow_down(session)
            values, sent = await read_form(request, ABILITIES.fetch_limit)
            asked = chat.Request(name, chat.Address(NAME, session), values, True, sent, _tag(request))
        else:
            asked = chat.Request(name, chat.Address(NAME, _cookie(request) or secrets.token_hex(16)), values, language=_tag(request))
        opened = await desk.open(asked)
        if opened is None:
            raise HTTPException(404, "page.not_found")
        if isinstance(opened, chat.Moved):
            query = urlencode(opened.values)
            return Response(status_code=303, headers={"location": quote(opened.page) + (f"?{query}" if query else "")})
        if isinstance(opened, chat.Download):
            return _file(opened.file.name, opened.file.mime, opened.file.data)
        language, _ = asked_language(request.headers.get("accept-language", ""))
        drawn = draw_page(opened, language, words(self._texts, language))
        return HTMLResponse(drawn, 409 if opened.refused else 200, LIVE_HEADERS if opened.every else SHEET_HEADERS)

    async def health(self, request: Request) -> Response:
        """For whatever watches the process."""
        return JSONResponse({"status": "ok"})

    def _slow_down(self, session: str) -> None:
        seconds = self._exchange.may_speak(self._exchange.conversations.of(session))
        if seconds:
            raise HTTPException(429, "page.too_fast", {"retry-after": str(int(seconds) + 1)})


async def _frames(conversation: Conversation, after: str) -> AsyncIterator[str]:
    stream = conversation.open(after)
    try:
        while True:
            try:
                change = await asyncio.wait_for(stream.frames.get(), QUIET_SECONDS)
            except TimeoutError:
                change = frame("beat", {})
            if change is None:
                return
            yield change
    finally:
        conversation.close(stream)


def _cookie(request: Request) -> str:
    session = request.cookies.get(COOKIE, "")
    return session if a_session(session) else ""


def _session(request: Request) -> str:
    session = _cookie(request)
    if not session:
        raise HTTPException(401, "page.no_session")
    return session


def _tag(request: Request) -> str:
    return asked_language(request.headers.get("accept-language", ""))[1]


def _sent_id(given: object) -> str:
    if not isinstance(given, str) or not SENT_ID.fullmatch(given):
        raise HTTPException(400, "page.bad_request")
    return given


async def _json(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "page.bad_request")
    try:
        value = json.loads(await read_body(request, TALK_BYTES, "page.too_long"))
    except (ValueError, RecursionError):
        raise HTTPException(400, "page.bad_request") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "page.bad_request")
    return value


def _file(name: str, mime: str, data: bytes) -> Response:
    # Only pictures that cannot carry a script are opened in place; all else is saved.
    shown = mime in PICTURES
    return Response(
        data,
        media_type=mime if shown else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=utf-8''{quote(name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, max-age=3600",
        },
    )
