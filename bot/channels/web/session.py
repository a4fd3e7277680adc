"""Who a browser is to the page: its cookies, what they hash to, and the token that its forms carry.

A visitor has a cookie of 128 bits, somebody who is logged in another one of 256. The bot knows neither: an address is a hash of the
cookie, so that whoever reads the database, a backup or a log can be nobody on the page.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

VISITOR = "planbot"
VISITOR_SECONDS = 400 * 86400
"""As long as browsers allow: a visitor's cookie is where reminders go to."""
VISITING = re.compile(r"[0-9a-f]{32}")
MEMBER = re.compile(r"[A-Za-z0-9_-]{43}")
ADDRESS = re.compile(r"[0-9a-f]{32}|s[0-9a-f]{40}")
BROWSERS: Mapping[str, str] = {
    "MicroMessenger/": "微信", "Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
SYSTEMS: Mapping[str, str] = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser's cookie."""

    cookie: str
    member: bool = False
    """It is somebody's who logged in; whether they still are is for the desk to say."""

    @property
    def chat(self) -> str:
        """The address that the bot knows it by."""
        digest = hashlib.sha256(f"planbot address {self.cookie}".encode()).hexdigest()
        return f"s{digest[:40]}" if self.member else digest[:32]

    @property
    def csrf(self) -> str:
        """What the forms drawn for it carry: nobody who cannot read the cookie can tell it, and it tells nothing of the cookie."""
        return hashlib.sha256(f"planbot form {self.cookie}".encode()).hexdigest()[:32]

    def signed(self, token: str) -> bool:
        """True for the token of a form that was drawn for this browser; compared in constant time."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.csrf.encode())


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set and read under one address of the page."""

    secure: bool
    """Browsers come over TLS."""
    members: bool
    """People can log in: the page has a public address."""

    @property
    def member(self) -> str:
        """The name of the cookie of a login; over TLS one that no other host and no plain http can set (RFC 6265bis, 4.1.3)."""
        return "__Host-planbot" if self.secure else "planbot_login"

    def read(self, request: Request) -> Visit | None:
        """The browser's cookie, that of a login first; None for one without or with what is none of ours."""
        given = request.cookies.get(self.member, "") if self.members else ""
        if MEMBER.fullmatch(given):
            return Visit(given, member=True)
        given = request.cookies.get(VISITOR, "")
        return Visit(given) if VISITING.fullmatch(given) else None

    def welcome(self, answer: Response, visit: Visit | None) -> Visit:
        """Give a visitor a cookie, or the one there is for another while. Strict: it is for the page's own requests only."""
        visit = visit if visit is not None and not visit.member else Visit(secrets.token_hex(16))
        answer.set_cookie(VISITOR, visit.cookie, VISITOR_SECONDS, httponly=True, samesite="strict", secure=self.secure)
        return visit

    def admit(self, answer: Response, visit: Visit, seconds: int) -> None:
        """Set the cookie of a login. Lax: who follows a link from the chat to a page is still logged in there; forms have their token."""
        answer.set_cookie(self.member, visit.cookie, seconds, httponly=True, samesite="lax", secure=self.secure)

    def dismiss(self, answer: Response) -> None:
        """Take the cookie of a login away."""
        answer.delete_cookie(self.member, httponly=True, samesite="lax", secure=self.secure)


def new_member() -> Visit:
    """A cookie of 256 bits for a login that begins; never one that the browser had before, so that nobody can have planted it."""
    return Visit(secrets.token_urlsafe(32), member=True)


def agent(header: str) -> str:
    """A User-Agent header in two words, such as `Firefox · Windows`; no more of it is kept."""
    found = (next((name for mark, name in table.items() if mark in header), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in found if name)
