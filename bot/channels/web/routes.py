"""The page's routes: what a browser asks is read within limits and handed to the exchange.

Longer than other files because a route stands beside what it reads; what can be said apart is in the modules beside it.
"""

import hashlib
import json
import re
import secrets
import time
from functools import partial
from importlib.resources import files
from pathlib import PurePath
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot import chat
from bot.channels.web.conversation import Shown, frames_of
from bot.channels.web.draw import CSRF, draw_page, draw_shell
from bot.channels.web.exchange import ABILITIES, NAME, Exchange
from bot.channels.web.gate import LIVE_HEADERS, SHEET_HEADERS, Door
from bot.channels.web.posted import MOST_FIELDS, file_name, read_body, read_form, read_json, sent_id
from bot.channels.web.session import Cookies, Visit, agent, new_member
from bot.channels.web.shelf import file_answer
from bot.channels.web.words import asked_language, words
from bot.limits import Window
from bot.texts import BASE, Texts

TEXT_CHARACTERS = 8_000
LOGINS_MINUTE = 30
"""Tries to log in, of all browsers together: a token cannot be guessed, and this keeps the trail of those who try short."""
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SHOWN_ID = re.compile(r"[bc][0-9a-f]{8,60}")
MIME = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}")


class Site:
    """The handlers of one page, over one exchange."""

    def __init__(self, exchange: Exchange, texts: Texts, door: Door) -> None:
        self._exchange = exchange
        self._texts = texts
        self._cookies = Cookies(door.secure, bool(door.origin))
        self._logins = Window(LOGINS_MINUTE, 60.0)
        folder = files("bot.channels.web") / "static"
        self._template = (folder / "page.html").read_text("utf-8")
        self._static = {file.name: file.read_bytes() for file in folder.iterdir() if PurePath(file.name).suffix in KINDS}

    @property
    def _desk(self) -> chat.Desk:
        assert self._exchange.desk is not None, "the page is served only while a desk is there"
        return self._exchange.desk

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
                Route("/page/login", self.login, methods=["GET", "POST"]),
                Route("/page/{name}", self.page, methods=["GET", "POST"]),
                Route("/feed/{key}.ics", self.feed),
                Route("/health", self.health),
            ],
            exception_handlers={HTTPException: self.refused},
        )

    def sentence(self, accept: str, key: str) -> str:
        """The text `key` in the language of an Accept-Language header."""
        return self._texts.say(asked_language(accept)[0], key)

    async def refused(self, request: Request, error: Exception) -> Response:
        """An error a visitor can cause, as one sentence; on a page to look at, where one was asked for."""
        assert isinstance(error, HTTPException)
        key = error.detail if error.detail.startswith("page.") else "page.not_found" if error.status_code == 404 else ""
        text = self.sentence(request.headers.get("accept-language", ""), key) if key else error.detail
        if request.url.path.startswith("/page/"):
            answer: Response = self._drawn(
                request, chat.Page(self._say(request, "page.refused"), notice=text, refused=True), error.status_code
            )
            answer.headers.update(error.headers or {})
        else:
            answer = PlainTextResponse(text, error.status_code, error.headers)
        if key == "page.login_over":
            self._cookies.dismiss(answer)
        return answer

    def _say(self, request: Request, key: str, **values: object) -> str:
        return self._texts.say(_language(request), key, **values)

    def _drawn(self, request: Request, page: chat.Page, status: int = 200, visit: Visit | None = None) -> Response:
        language = _language(request)
        drawn = draw_page(page, language, words(self._texts, language), visit.csrf if visit else "")
        return HTMLResponse(drawn, status, LIVE_HEADERS if page.every else SHEET_HEADERS)

    async def shell(self, request: Request) -> Response:
        """The messenger itself. It sets no cookie: after a link from elsewhere a strict cookie is there but not sent."""
        language = _language(request)
        spoken = words(self._texts, language)
        written = json.dumps(spoken, ensure_ascii=False)
        return HTMLResponse(draw_shell(self._template, language, spoken, written, self._cookies.members))

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
        """Give a new visitor a cookie, and an old one theirs for longer; 205 where a login is over and the page has to begin anew."""
        visit = self._cookies.read(request)
        answer = Response(status_code=204)
        if visit is None or not visit.member:
            self._cookies.welcome(answer, visit)
        elif not await self._goes_on(visit):
            answer = Response(status_code=205)
            self._cookies.dismiss(answer)
        return answer

    async def _goes_on(self, visit: Visit) -> bool:
        """True for a visitor, and for a login that is not over; what was said in one that is over is forgotten."""
        if not visit.member or await self._desk.attend(chat.Address(NAME, visit.chat)):
            return True
        self._exchange.conversations.drop(visit.chat)
        return False

    async def _here(self, request: Request) -> Visit:
        """Whose browser it is; 401 for one without a cookie or whose login is over."""
        visit = self._cookies.read(request)
        if visit is None:
            raise HTTPException(401, "page.no_session")
        if not await self._goes_on(visit):
            raise HTTPException(401, "page.login_over")
        return visit

    async def login(self, request: Request) -> Response:
        """A one-time link: GET shows a button and changes nothing, for a preview of the link opens it too; POST uses it up."""
        if not self._cookies.members:
            raise HTTPException(404, "page.not_found")
        if request.method != "POST":
            key = request.query_params.get("key", "")
            visit = self._cookies.read(request)
            if not key and visit is not None and visit.member and await self._goes_on(visit):
                return Response(status_code=303, headers={"location": "sessions"})
            if not key:
                return self._drawn(
                    request, chat.Page(self._say(request, "login.title"), (chat.Block(text=self._say(request, "login.how")),))
                )
            button = chat.Form("login", self._say(request, "login.button"), (chat.Field("key", value=key[:64], kind=chat.Kind.HIDDEN),))
            block = chat.Block(text=self._say(request, "login.ask"), forms=(button,))
            return self._drawn(request, chat.Page(self._say(request, "login.title"), (block,)))
        new = new_member()
        now = time.monotonic()
        if self._logins.wait(now):
            raise HTTPException(429, "page.too_fast", {"retry-after": "60"})
        self._logins.mark(now)
        values, _ = await read_form(request, 0)
        browser = agent(request.headers.get("user-agent", ""))
        seconds = await self._desk.enter(values.get("key", "")[:64], chat.Address(NAME, new.chat), browser)
        if not seconds:
            raise HTTPException(403, "page.login_dead")
        answer = Response(status_code=303, headers={"location": "../"})
        self._cookies.admit(answer, new, seconds)
        return answer

    async def events(self, request: Request) -> Response:
        """The changes of a conversation as server-sent events, from where the page last was."""
        visit = await self._here(request)
        conversation = self._exchange.conversations.of(visit.chat)
        if self._exchange.closing:
            raise HTTPException(503, "page.connecting")
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            frames_of(conversation, after, partial(self._goes_on, visit)), headers=headers, media_type="text/event-stream"
        )

    async def say(self, request: Request) -> Response:
        """`{id, text}`: the visitor says something."""
        session = (await self._here(request)).chat
        said = await read_json(request)
        text = said.get("text")
        if not isinstance(text, str) or not text.strip():
            raise HTTPException(400, "page.bad_request")
        if len(text) > TEXT_CHARACTERS:
            raise HTTPException(413, "page.too_long")
        self._slow_down(session)
        self._exchange.hear(session, sent_id(said.get("id")), _tag(request), text=text.strip())
        return Response(status_code=202)

    async def press(self, request: Request) -> Response:
        """`{id, remote, action}`: the visitor presses a button of the message `remote`."""
        session = (await self._here(request)).chat
        pressed = await read_json(request)
        remote, packed = pressed.get("remote"), pressed.get("action")
        # What no button of ours holds is refused by the desk, as it is on every channel, so that it goes on record.
        action = (chat.Action.unpack(packed) or chat.STALE) if isinstance(packed, str) else None
        if action is None or not isinstance(remote, str) or not SHOWN_ID.fullmatch(remote):
            raise HTTPException(400, "page.bad_request")
        self._slow_down(session)
        self._exchange.hear(session, sent_id(pressed.get("id")), _tag(request), action=action, pressed=remote)
        return Response(status_code=202)

    async def upload(self, request: Request) -> Response:
        """The file is the body; `id` and `name` stand in the address."""
        session = (await self._here(request)).chat
        given = sent_id(request.query_params.get("id"))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        mime = kind if MIME.fullmatch(kind) else "application/octet-stream"
        name = file_name(request.query_params.get("name", ""))
        self._slow_down(session)
        data = await read_body(request, ABILITIES.fetch_limit, "page.file_too_large")
        file = Shown(self._exchange.shelf.put(name, mime, data, session), name, mime, len(data))
        self._exchange.hear(session, given, _tag(request), files=(file,))
        return Response(status_code=202)

    async def download(self, request: Request) -> Response:
        """A file of a message that the session can see."""
        session, identity = (await self._here(request)).chat, request.path_params["id"]
        entries = self._exchange.conversations.of(session).entries.values()
        shown = next((file for entry in entries for file in entry.files if file.id == identity), None)
        held = self._exchange.shelf.get(identity) if shown else None
        if shown is None or held is None:
            raise HTTPException(404, "page.file_gone")
        return file_answer(shown.name, held.mime, held.data)

    async def menu(self, request: Request) -> Response:
        """The commands the visitor may use, each with one line in the page's language."""
        desk, who = self._desk, chat.Address(NAME, (await self._here(request)).chat)
        language = _language(request)
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
        name = request.path_params["name"]
        values = dict(list(request.query_params.items())[:MOST_FIELDS])
        visit = self._cookies.read(request)
        if request.method == "POST" or (visit is not None and visit.member):
            visit = await self._here(request)
        if request.method == "POST" and visit is not None:
            self._slow_down(visit.chat)
            values, sent = await read_form(request, ABILITIES.fetch_limit)
            if not visit.signed(values.pop(CSRF, "")):
                raise HTTPException(403, "page.wrong_form")
            asked = chat.Request(name, chat.Address(NAME, visit.chat), values, True, sent, _tag(request))
        else:
            visit = visit or Visit(secrets.token_hex(16))
            asked = chat.Request(name, chat.Address(NAME, visit.chat), values, language=_tag(request))
        opened = await self._desk.open(asked)
        if opened is None:
            raise HTTPException(404, "page.not_found")
        if isinstance(opened, chat.Moved):
            query = urlencode(opened.values)
            return Response(status_code=303, headers={"location": quote(opened.page) + (f"?{query}" if query else "")})
        if isinstance(opened, chat.Download):
            return file_answer(opened.file.name, opened.file.mime, opened.file.data)
        return self._drawn(request, opened, 409 if opened.refused else 200, visit)

    async def feed(self, request: Request) -> Response:
        """A calendar for a program that subscribes to it: no cookie, the key in the address is all it brings."""
        opened = await self._desk.open(chat.Request("feed", chat.Address(NAME, "feed"), {"key": request.path_params["key"]}))
        if not isinstance(opened, chat.Download):
            raise HTTPException(404, "page.not_found")
        headers = {"etag": f'"{opened.etag}"', "cache-control": "private, no-cache"}
        held = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
        if headers["etag"] in held:
            return Response(status_code=304, headers=headers)
        headers["content-disposition"] = f"inline; filename*=utf-8''{quote(opened.file.name, safe='')}"
        return Response(opened.file.data, media_type=f"{opened.file.mime}; charset=utf-8", headers=headers)

    async def health(self, request: Request) -> Response:
        """For whatever watches the process."""
        return JSONResponse({"status": "ok"})

    def _slow_down(self, session: str) -> None:
        seconds = self._exchange.may_speak(self._exchange.conversations.of(session))
        if seconds:
            raise HTTPException(429, "page.too_fast", {"retry-after": str(int(seconds) + 1)})


def _language(request: Request) -> str:
    return asked_language(request.headers.get("accept-language", ""))[0]


def _tag(request: Request) -> str:
    return asked_language(request.headers.get("accept-language", ""))[1]
