"""Who may talk to the page: Host, Origin and proxy headers checked before anything is read, strict headers on all that is answered.

Without `public_url` only a browser on this very machine is answered: a Host that is not loopback is a rebound name, a forwarding header is
a proxy that would let the whole network in as guests. A POST must come from the page itself (Origin), whoever's cookie it carries.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BadSetting

LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
DEFAULT_PORTS: Mapping[str, str] = {"http": ":80", "https": ":443"}
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")

HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}

SHEET_POLICY = (
    HEADERS["content-security-policy"]
    .replace("form-action 'none'", "form-action 'self'")
    .replace("script-src 'self'", "script-src 'none'")
)  # fmt: skip
"""Of a room's page: its forms are sent to this server, and it has no script at all."""
SHEET_HEADERS = {"content-security-policy": SHEET_POLICY, "referrer-policy": "same-origin"}
"""Of a room's page. Without a referrer of its own a browser calls the origin of a form `null`, which the gate refuses."""
LIVE_HEADERS = SHEET_HEADERS | {"content-security-policy": SHEET_POLICY.replace("script-src 'none'", "script-src 'self'")}
"""Of a page that looks for news: our own script and no other."""


@dataclass(frozen=True, slots=True)
class Door:
    """Under which names the page is reached."""

    origin: str = ""
    """`https://host[:port]` of `public_url`; empty where the page is for this machine only."""

    @property
    def secure(self) -> bool:
        """True where browsers come over TLS."""
        return self.origin.startswith("https:")


def door(public_url: str, host: str) -> Door:
    """Read the settings; BadSetting for an address no browser can open, or for a listening host that needs `public_url`."""
    if not public_url:
        if host not in LOOPBACK_HOSTS:
            raise BadSetting("web.needs_public_url", host=host)
        return Door()
    try:
        parts = urlsplit(public_url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise BadSetting("web.bad_public_url", value=public_url)
    return Door(f"{parts.scheme}://{parts.netloc.lower().removesuffix(DEFAULT_PORTS[parts.scheme])}")


def objection(door: Door, method: str, headers: Headers) -> str:
    """The text key of why a request is refused, empty where it may pass."""
    host = headers.get("host", "").lower()
    near = LOOPBACK.fullmatch(host) is not None
    if not door.origin:
        if any(name == "forwarded" or name.startswith("x-forwarded-") or name == "x-real-ip" for name in headers):
            return "page.behind_proxy"
        if not near:
            return "page.wrong_host"
    elif not near and host.removesuffix(DEFAULT_PORTS[urlsplit(door.origin).scheme]) != urlsplit(door.origin).netloc:
        return "page.wrong_host"
    if method in ("GET", "HEAD"):
        return ""
    allowed = {door.origin} | ({f"http://{host}"} if near else set())
    return "" if headers.get("origin", "").lower() in allowed - {""} else "page.wrong_origin"


class Gate:
    """ASGI: refuses what `objection` names with 403 and one sentence, and puts the strict headers on every answer."""

    def __init__(self, app: ASGIApp, door: Door, say: Callable[[str, str], str]) -> None:
        self._app = app
        self._door = door
        self._say = say
        """From an Accept-Language header and a text key to the sentence."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    sent.setdefault(name, value)
                if self._door.secure:
                    sent.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        headers = Headers(scope=scope)
        key = objection(self._door, scope["method"], headers)
        if key:
            refused = PlainTextResponse(self._say(headers.get("accept-language", ""), key), 403)
            await refused(scope, receive, strict)
        else:
            await self._app(scope, receive, strict)
