"""Serving: the lock, the schema, the channels of the configuration, and an orderly end on SIGINT and SIGTERM."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

from bot.app import App, open_app, utc_now
from bot.channels import BUILDERS
from bot.chat import Channel
from bot.errors import Refusal
from bot.intake import demonstrate
from bot.settings import Settings
from bot.texts import Texts
from storage.lock import serving_lock
from storage.migrate import upgrade

OWNER_CODE_MINUTES = 15

log = logging.getLogger("planbot.serve")


async def serve(settings: Settings, texts: Texts, say: Callable[[str], None], demonstration: bool) -> None:
    """Run every configured channel, the clock and the sender until SIGINT or SIGTERM; `say` prints a line for the operator."""
    language = settings.bot.language
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_lock(settings.database.url))
        if settings.database.url.startswith("sqlite"):
            await upgrade(settings.database.url)
        built = {name: pair for name, builder in BUILDERS.items() if (pair := builder(settings, texts)) is not None}
        channels = {name: channel for name, (channel, _) in built.items()}
        pace = {name: pace for name, (_, pace) in built.items()}
        app = await stack.enter_async_context(open_app(settings, channels, texts=texts, pace=pace))
        if demonstration and await demonstrate(app.store, settings, utc_now().astimezone(settings.zone).date(), utc_now()):
            await app.shelves.look_now()
            say(texts.say(language, "serve.demonstration"))
        async with app.store.begin() as db:
            code = await db.people.owner_code(utc_now(), utc_now() + timedelta(minutes=OWNER_CODE_MINUTES))
        if code:
            say(texts.say(language, "serve.owner_code", code=code, minutes=OWNER_CODE_MINUTES))
        await until_stopped(app, channels, texts, say)


async def until_stopped(app: App, channels: Mapping[str, Channel], texts: Texts, say: Callable[[str], None]) -> None:
    """Run the app until a signal; what is in flight is finished before this returns."""
    language = app.settings.bot.language
    serving = asyncio.create_task(app.run(), name="app")
    told = asyncio.create_task(_tell(channels, texts, language, say), name="tell")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        say(texts.say(language, "serve.stopped"))
    except ExceptionGroup as group:
        raise _first_refusal(group) from None
    finally:
        told.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _first_refusal(group: ExceptionGroup) -> Exception:
    """The refusal inside a group, which has a sentence; else the group itself."""
    for error in group.exceptions:
        if isinstance(error, Refusal):
            return error
        if isinstance(error, ExceptionGroup):
            return _first_refusal(error)
    return group


async def _tell(channels: Mapping[str, Channel], texts: Texts, language: str, say: Callable[[str], None]) -> None:
    ready, url = (getattr(channels.get("web"), name, None) for name in ("ready", "url"))
    if isinstance(ready, asyncio.Event):
        await ready.wait()
        say(texts.say(language, "serve.page", url=getattr(channels["web"], "url", url)))
    names = [name for name in channels if name != "web"]
    if names:
        say(texts.say(language, "serve.channels", names=", ".join(names)))
