"""The web page as a channel: binds its port, serves until cancelled, and hands messages over."""

import asyncio
import socket

from bot.channels.listener import GRACE_SECONDS, listen, server
from bot.channels.web.exchange import ABILITIES, NAME, Exchange
from bot.channels.web.gate import Gate, door
from bot.channels.web.routes import Site
from bot.chat import Abilities, Address, Desk, FileRef, Receipt, Reply
from bot.errors import BadSetting
from bot.limits import Lane, Pace
from bot.settings import Web
from bot.texts import Texts

MOST_CONNECTIONS = 2000


class WebChannel:
    """The page. `bind` may be called ahead of `run`, so a busy port is known before anything else starts."""

    def __init__(self, settings: Web, texts: Texts, pace: Pace) -> None:
        self._host, self._port = settings.host, settings.port
        self._exchange = Exchange(pace)
        entrance = door(settings.public_url, settings.host)
        site = Site(self._exchange, texts, entrance)
        self._app = Gate(site.app(), entrance, site.sentence)
        self._socket: socket.socket | None = None
        self.ready = asyncio.Event()
        """Set while the page answers."""
        self.url = ""
        """Where a browser on this machine opens the page, once bound."""

    @property
    def name(self) -> str:
        """`web`."""
        return NAME

    @property
    def abilities(self) -> Abilities:
        """Long texts, buttons, edits, files both ways."""
        return ABILITIES

    def bind(self) -> str:
        """Take the port and return `url`; BadSetting where it is taken or not ours. Does nothing where it is bound already."""
        if self._socket is None:
            host, port = self._host, self._port
            try:
                family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
                self._socket = listen(host, port, family)
            except OSError as error:
                raise BadSetting("web.port_busy", host=host, port=port, why=error.strerror or str(error)) from None
            # A port the system chose is kept, so a page that is open finds the server again when it is started again.
            bound = self._port = self._socket.getsockname()[1]
            near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
            self.url = f"http://[{near}]:{bound}/" if ":" in near else f"http://{near}:{bound}/"
        return self.url

    async def run(self, desk: Desk) -> None:
        """Serve until cancelled; answers being made get a moment to end. BadSetting where the port cannot be had."""
        self.bind()
        assert self._socket is not None
        running = server(self._app, MOST_CONNECTIONS)
        self._exchange.open(desk)
        serving = asyncio.create_task(running.serve([self._socket]), name="web page")
        try:
            # The socket listens since `bind`: a browser that comes before uvicorn looks is kept waiting, not turned away.
            self.ready.set()
            await asyncio.shield(serving)
        finally:
            self.ready.clear()
            running.should_exit = True
            await self._exchange.finish(GRACE_SECONDS)
            await asyncio.gather(serving, return_exceptions=True)
            await self._exchange.finish(0.0)
            self._socket.close()
            self._socket = None

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        """Keep a message for a session and show it on its open pages: SENT, also where none is open now (it is shown on return)."""
        return self._exchange.deliver(to, message)

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """Change a kept message, also on open pages."""
        return self._exchange.amend(to, remote, message)

    async def recall(self, to: Address, remote: str) -> Receipt:
        """Take a kept message away, also from open pages."""
        return self._exchange.recall(to, remote)

    async def fetch(self, file: FileRef) -> bytes:
        """The bytes of an upload; Refusal where it is gone."""
        return self._exchange.fetch(file)

    def opening(self, payload: str) -> str:
        """None: the page takes what is typed."""
        return ""

    async def governs(self, group: Address, sender: str) -> bool | None:
        """None: the page has no groups."""
        return None


def build(settings: Web, texts: Texts, pace: Pace) -> WebChannel:
    """The page from its table of the configuration; BadSetting for an address that cannot be served."""
    return WebChannel(settings, texts, pace)
