"""The HTTP server: the Bot API on a port of this machine, with long polling, webhooks, files and faults."""

import asyncio
import contextlib
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from tests.telegram.checks import Params, Upload
from tests.telegram.faults import ApiError, Fault, bad
from tests.telegram.limits import Limits, Rates
from tests.telegram.methods import Api, Question, weight
from tests.telegram.people import Group, User
from tests.telegram.world import Account, Chat, Json, Message, World

T = TypeVar("T")
TOKEN = "424242:AAtests-only-token-of-no-real-bot-000"
PATIENCE = 5.0
"""Seconds that a test waits for what should happen, unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot, as it came."""

    at: float
    """Monotonic seconds."""
    method: str
    values: Json
    files: tuple[str, ...]
    status: int
    """Of the answer; 0 where none was given."""
    error: str = ""

    @property
    def chat(self) -> str:
        """The chat it was for, empty where it names none."""
        return str(self.values.get("chat_id", ""))


@dataclass(slots=True)
class Hook:
    """A webhook that is set."""

    url: str
    secret: str
    last_error: str = ""
    lines: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """The last delivery of each chat; the next one waits for it."""


class Cut(Exception):
    """The connection is to break without an answer."""


class TelegramServer:
    """A Telegram of our own: `async with TelegramServer() as server`, then people, groups, limits and faults.

    The bot is given `server.base_url` and `server.token`. Everything that is awaited for ends by an event or fails with an
    AssertionError that lists the bot's last requests; nothing sleeps. A second poller is refused with 409 while the first one
    polls (the real server breaks off the older poll instead; both pollers then get 409 in turn).
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        token: str = TOKEN,
        username: str = "planbot",
        privacy: bool = False,
        port: int = 0,
    ) -> None:
        self.token = token
        self.world = World(Account(int(token.partition(":")[0]), "Planbot", username, bot=True), privacy)
        self.api = Api(self.world, limits or Limits())
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.hook: Hook | None = None
        self.host, self.port = "127.0.0.1", port
        self.clock: Callable[[], float] = time.monotonic
        """What the rates are counted by; a test may stop it."""
        self._rates = Rates(self.api.limits)
        self._poller: object | None = None
        self._closing = False
        self._posts: set[asyncio.Task[None]] = set()
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )
        self._config = uvicorn.Config(self._with_transport(app), lifespan="off", log_config=None, access_log=False, ws="none")
        self._state = ServerState()
        self._listener: asyncio.Server | None = None
        self._client: httpx.AsyncClient | None = None

    # --- running -------------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._config.load()
        self._client = httpx.AsyncClient(trust_env=False, timeout=30)
        await self.accept()
        self.world.on_update = self._push
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self.world.ring()
        self._unhook()
        await self.refuse()
        if self._state.tasks or self._posts:
            await asyncio.wait({*self._state.tasks, *self._posts}, timeout=PATIENCE)
        if self._client is not None:
            await self._client.aclose()

    async def accept(self) -> None:
        """Listen (again, after `refuse`) on the same port."""
        self._closing = False
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it; without, an answer in two writes waits 40 ms for the acknowledgement of the first.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((self.host, self.port))
        self.port = listening.getsockname()[1]
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: self._config.http_protocol_class(config=self._config, server_state=self._state, app_state={}),  # type: ignore[call-arg]
            sock=listening,
        )

    async def refuse(self) -> None:
        """Break every connection and refuse new ones until `accept`."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for connection in list(self._state.connections):
            connection.transport.abort()
        while self._state.connections:  # noqa: ASYNC110  uvicorn's protocol tells nobody when a connection is lost
            await asyncio.sleep(0)

    @property
    def base_url(self) -> str:
        """What the bot's configuration calls `base_url`."""
        return f"http://{self.host}:{self.port}"

    def config(self) -> str:
        """The lines of a configuration file that connect the bot to this server."""
        return f'[channels.telegram]\ntoken = "{self.token}"\nbase_url = "{self.base_url}"\n'

    # --- people, groups, faults ----------------------------------------------------------------------------------------------

    def user(self, name: str, language: str = "zh-hant", username: str = "", started: bool = True) -> User:
        """A new person; `started` False: one who never wrote to the bot, so the bot cannot write either."""
        number = 1_000_000 + self.world.next_id()
        account = Account(number, name, username or f"user{number}", language)
        self.world.accounts[number] = account
        self.world.chats[number] = Chat(number, "private", name, [account], closed="" if started else "never")
        return User(self, account)

    def group(self, title: str, *members: User, supergroup: bool = True) -> Group:
        """A new group with the bot and these people in it."""
        number = -1_000_000_000_000 - self.world.next_id() if supergroup else -4_000_000 - self.world.next_id()
        chat = Chat(number, "supergroup" if supergroup else "group", title, [member.account for member in members])
        self.world.chats[number] = chat
        return Group(self, chat)

    def fault(self, method: str = "", **how: Any) -> Fault:
        """Make requests fail: `status=502`, `status=429, retry_after=2`, `cut=True`, `late=True`, and `chat`, `times`, `delivered`."""
        fault = Fault(method, **how)
        fault.delivered = fault.delivered or fault.late
        self.faults.append(fault)
        return fault

    @property
    def sent(self) -> list[Message]:
        """Every message of the bot, in order."""
        return [message for message in self.world.messages if message.sender is self.world.bot]

    def called(self, method: str) -> list[Call]:
        """The bot's requests of this method, in order."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def until(self, found: Callable[[], T], what: str, timeout: float = PATIENCE) -> T:
        """Wait until `found()` is true and return it; AssertionError with the last requests after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not (result := found()):
                    await self.world.changed()
                return result
        except TimeoutError:
            last = "\n".join(f"  {call.method} {call.status} {call.values} {call.error}" for call in self.calls[-8:])
            raise AssertionError(f"{what}: not within {timeout} s; the bot's last requests were\n{last or '  none'}") from None

    async def settled(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update; one that confirms after answering has then answered all."""
        await self.until(lambda: not self.world.pending, "the bot takes every update", timeout)

    # --- requests ------------------------------------------------------------------------------------------------------------

    def _with_transport(self, app: Starlette) -> Callable[[Scope, Receive, Send], Any]:
        async def outer(scope: Scope, receive: Receive, send: Send) -> None:
            # `send` is a method of uvicorn's request cycle, which holds the connection; ASGI itself has no way to break one.
            scope["transport"] = send.__self__.transport  # type: ignore[attr-defined]
            await app(scope, receive, send)

        return outer

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return JSONResponse(ApiError(401, "Unauthorized").body(), 401)
        try:
            params = await _params(request)
        except ClientDisconnect:
            return Response()
        try:
            result = await self._carry_out(method, params, request)
        except ApiError as error:
            self._record(method, params, error.status, error.description)
            return JSONResponse(error.body(), error.status)
        except Cut:
            self._record(method, params, 0, "cut")
            return _cut(request)
        self._record(method, params, 200)
        return JSONResponse({"ok": True, "result": result})

    async def _carry_out(self, method: str, params: Params, request: Request) -> Any:
        text = params.text("chat_id")
        chat = int(text) if text.lstrip("-").isdigit() else None
        fault = next((fault for fault in self.faults if fault.matches(method, chat)), None)
        if fault is None:
            return await self._answer(method, params, chat, request)
        fault.meet()
        if fault.gate is not None:
            result = await self._answer(method, params, chat, request)
            self.world.ring()
            await fault.gate.wait()
            return result
        if fault.delivered:
            await self._answer(method, params, chat, request)
        self.world.ring()
        if fault.late:
            await _gone(request)
            raise Cut
        if fault.cut:
            raise Cut
        raise fault.error()

    async def _answer(self, method: str, params: Params, chat: int | None, request: Request) -> Any:
        match method.lower():
            case "getupdates":
                return await self._updates(params, request)
            case "setwebhook":
                return self._set_webhook(params)
            case "deletewebhook":
                self._unhook()
                if params.flag("drop_pending_updates"):
                    self.world.pending.clear()
                return True
            case "getwebhookinfo":
                return self._webhook_info()
        messages = weight(method, params)
        if messages and chat is not None:
            group = chat in self.world.chats and self.world.chats[chat].group
            wait = self._rates.admit(chat, group, messages, self.clock())
            if wait > 0:
                seconds = math.ceil(wait)
                raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        return self.api.call(method, params)

    def _record(self, method: str, params: Params, status: int, error: str = "") -> None:
        self.calls.append(
            Call(time.monotonic(), method, dict(params.values), tuple(file.name for file in params.files.values()), status, error)
        )
        self.world.ring()

    async def _download(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return JSONResponse(ApiError(401, "Unauthorized").body(), 401)
        fault = next((fault for fault in self.faults if fault.method == "download" and fault.times != 0), None)
        if fault is not None:
            fault.meet()
            if fault.cut:
                return _cut(request)
            return JSONResponse(fault.error().body(), fault.status)
        for file in self.world.files.values():
            if file.path == request.path_params["path"]:
                return Response(file.data, media_type="application/octet-stream")
        return JSONResponse(ApiError(404, "Not Found").body(), 404)

    # --- updates -------------------------------------------------------------------------------------------------------------

    async def _updates(self, params: Params, request: Request) -> list[Json]:
        if self.hook is not None:
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._poller is not None:
            raise ApiError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
        allowed = params.json("allowed_updates")
        if allowed is not None:
            self.world.allowed = frozenset(allowed)
        offset, limit = params.number("offset", 0), min(100, max(1, params.number("limit", 100)))
        if offset < 0:
            ids = [update["update_id"] for update in self.world.pending][offset:]
            offset = ids[0] if ids else 0
        if offset:
            self.world.confirm(offset)
        self._poller = object()
        self.world.ring()
        loop = asyncio.get_running_loop()
        until = loop.time() + params.number("timeout", 0)
        gone = asyncio.ensure_future(_gone(request))
        try:
            while not self.world.pending and not self._closing and (left := until - loop.time()) > 0:
                change = asyncio.ensure_future(self.world.changed())
                try:
                    await asyncio.wait({change, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    change.cancel()
                if gone.done():
                    raise Cut
                if self.hook is not None:
                    raise ApiError(409, "Conflict: terminated by setWebhook request")
        finally:
            gone.cancel()
            self._poller = None
            self.world.ring()
        return self.world.pending[:limit]

    def _set_webhook(self, params: Params) -> bool:
        url = params.text("url")
        if not url:
            self._unhook()
            return True
        local = url.startswith(("http://127.0.0.1", "http://localhost"))
        if not url.startswith("https://") and not local:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.text("secret_token")
        if len(secret) > 256 or not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
            raise bad("bad webhook: secret token contains unallowed characters")
        self._unhook()
        self.hook = Hook(url, secret)
        allowed = params.json("allowed_updates")
        if allowed is not None:
            self.world.allowed = frozenset(allowed)
        if params.flag("drop_pending_updates"):
            self.world.pending.clear()
        for update in self.world.pending:
            self._push(update)
        self.world.ring()
        return True

    def _webhook_info(self) -> Json:
        hook = self.hook
        info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False, "pending_update_count": len(self.world.pending)}
        if hook is not None and hook.last_error:
            info |= {"last_error_date": int(self.world.now()), "last_error_message": hook.last_error}
        return info

    def _unhook(self) -> None:
        self.hook = None
        for task in self._posts:
            task.cancel()

    def _push(self, update: Json) -> None:
        """Deliver an update to the webhook, after the earlier ones of its chat."""
        if self.hook is None:
            return
        body = next(value for key, value in update.items() if key != "update_id")
        line = (body.get("chat") or body.get("message", {}).get("chat") or body["from"])["id"]
        task = asyncio.ensure_future(self._post(self.hook, update, self.hook.lines.get(line)))
        self.hook.lines[line] = task
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def _post(self, hook: Hook, update: Json, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        assert self._client is not None
        pause = 0.05
        while self.hook is hook:
            try:
                answer = await self._client.post(
                    hook.url, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
                )
                hook.last_error = (
                    "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
                )
            except httpx.HTTPError as error:
                hook.last_error = f"Connection failed: {type(error).__name__}"
            if not hook.last_error:
                self.world.pending = [waiting for waiting in self.world.pending if waiting["update_id"] != update["update_id"]]
                self.world.ring()
                return
            self.world.ring()
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 2)

    # --- for people ----------------------------------------------------------------------------------------------------------

    def ask(self, asker: Account, text: str) -> Question:
        """Register a press or an inline query that the bot is to answer."""
        question = Question(f"{asker.id}{self.world.next_id():08d}", asker, text, self.world.now())
        self.api.questions[question.id] = question
        return question


async def _params(request: Request) -> Params:
    values: Json = dict(request.query_params)
    files: dict[str, Upload] = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= await request.json()
    else:
        async with request.form(max_part_size=8 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(value.filename or name, value.content_type or "application/octet-stream", await value.read())
                else:
                    values[name] = value
    return Params(values, files)


def _cut(request: Request) -> Response:
    """Break the connection; what is returned then reaches nobody."""
    request.scope["transport"].abort()
    return Response()


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection."""
    with contextlib.suppress(asyncio.CancelledError):
        while (await request.receive())["type"] != "http.disconnect":
            pass
