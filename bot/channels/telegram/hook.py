"""The webhook: our own route for Telegram's posts, behind a secret that is compared in constant time."""

import asyncio
import hmac
import secrets
import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application

from bot.channels.listener import listen, server
from bot.channels.telegram.feed import readable
from bot.errors import BadSetting
from bot.redact import redact
from bot.settings import Telegram

HEADER = "x-telegram-bot-api-secret-token"
LARGEST = 1_000_000
"""Bytes of one update; Telegram's are a few thousand."""


async def serve_hook(app: "Application[Any, Any, Any, Any, Any, Any]", settings: Telegram, kinds: Sequence[str]) -> None:
    """Listen for updates until cancelled, and tell Telegram where. BadSetting where the port cannot be had."""
    secret = settings.webhook_secret or secrets.token_urlsafe(32)
    redact(settings.token, secret)

    async def take(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        announced = request.headers.get("content-length", "")
        if not announced.isascii() or not announced.isdigit() or int(announced[:12]) > LARGEST:
            return Response(status_code=413)
        try:
            update = readable(await request.json())
        except (ValueError, RecursionError):
            return Response(status_code=400)
        # What the library cannot read is taken all the same: refused, it would be sent again and again, before all that follows.
        if update is not None:
            await app.update_queue.put(Update.de_json(update, app.bot))
        return Response(status_code=200)

    path = urlsplit(settings.webhook_url).path or "/"
    listening = _bound(settings.webhook_host, settings.webhook_port)
    site = Starlette(routes=[Route(path, take, methods=["POST"])])
    running = server(site)
    serving = asyncio.create_task(running.serve([listening]))
    try:
        await app.bot.set_webhook(settings.webhook_url, secret_token=secret, allowed_updates=list(kinds))
        await asyncio.shield(serving)
    finally:
        running.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


def _bound(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise BadSetting("telegram.port_busy", host=host, port=port, why=error.strerror or str(error)) from None
