"""A browser without a browser: HTTP and server-sent events as page.js speaks them."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx

from bot.channels.web import WebChannel, build
from bot.channels.web.session import Visit
from bot.limits import Limits, Pace
from bot.settings import Web
from bot.texts import load_texts
from tests.channels.side import PATIENCE


def a_page(port: int = 0, public_url: str = "") -> WebChannel:
    """A page on a port of this machine."""
    return build(Web(port=port, public_url=public_url), load_texts(), Pace(Limits(0, 0, 0, 0)))


def new_id() -> str:
    """As page.js makes them."""
    return "c" + secrets.token_hex(16)


class Visitor:
    """One browser session with one page open."""

    def __init__(self, url: str, **headers: str) -> None:
        origin = url.rstrip("/")
        self.client = httpx.AsyncClient(base_url=url, headers={"origin": origin, **headers}, timeout=PATIENCE, trust_env=False)
        self.shown: dict[str, dict[str, Any]] = {}
        self.toasts: list[str] = []
        self.events: list[tuple[str, Any]] = []
        self.last = ""
        self._stream: httpx.Response | None = None
        self._frames: AsyncIterator[tuple[str, Any]] | None = None

    @property
    def session(self) -> str:
        """What the cookie hashes to: the address the bot knows this browser by."""
        return Visit(self.client.cookies["planbot"]).chat

    @property
    def token(self) -> str:
        """What the forms drawn for this browser carry."""
        return Visit(self.client.cookies["planbot"]).csrf

    async def come(self, after: str = "") -> None:
        """Say hello and open the stream of changes."""
        (await self.client.post("hello")).raise_for_status()
        asked = self.client.build_request("GET", "events", params={"after": after})
        self._stream = await self.client.send(asked, stream=True)
        self._stream.raise_for_status()
        self._frames = self._read(self._stream)

    async def go(self) -> None:
        """Close the page; the cookie stays."""
        if self._stream is not None:
            await self._stream.aclose()
            self._stream = None

    async def close(self) -> None:
        """Close the browser."""
        await self.go()
        await self.client.aclose()

    async def say(self, text: str, given: str = "") -> httpx.Response:
        return await self.client.post("say", json={"id": given or new_id(), "text": text})

    async def press(self, label: str) -> httpx.Response:
        entry, action = next(
            (entry, button["action"])
            for entry in reversed(self.shown.values())
            for row in entry["buttons"]
            for button in row
            if button["label"] == label
        )
        return await self.client.post("press", json={"id": new_id(), "remote": entry["id"], "action": action})

    async def upload(self, name: str, data: bytes, mime: str = "text/plain") -> httpx.Response:
        return await self.client.post("file", params={"id": new_id(), "name": name}, content=data, headers={"content-type": mime})

    async def next(self) -> tuple[str, Any]:
        """The next change, already taken in."""
        assert self._frames is not None, "come first"
        async with asyncio.timeout(PATIENCE):
            kind, value = await anext(self._frames)
        self.events.append((kind, value))
        if kind == "snapshot":
            self.shown = {entry["id"]: entry for entry in value["entries"]}
        elif kind == "put":
            self.shown[value["id"]] = value
        elif kind == "drop":
            self.shown.pop(value["id"], None)
        elif kind == "toast":
            self.toasts.append(value["text"])
        return kind, value

    async def sees(self, text: str) -> None:
        """Read changes until `text` is shown in a message or notice."""
        while not any(text in said for said in [*(entry["text"] for entry in self.shown.values() if not entry["mine"]), *self.toasts]):
            await self.next()

    def texts(self, mine: bool = False) -> list[str]:
        return [entry["text"] for entry in self.shown.values() if entry["mine"] is mine]

    async def _read(self, stream: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
        fields: dict[str, str] = {}
        async for line in stream.aiter_lines():
            if line:
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
            elif fields:
                if "id" in fields:
                    self.last = fields["id"]
                if "event" in fields:
                    yield fields["event"], json.loads(fields["data"])
                fields = {}
