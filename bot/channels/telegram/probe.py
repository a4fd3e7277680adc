"""Whether Telegram can be reached and takes the token, asked without the bot library and without showing the token."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.settings import Telegram

SECONDS = 10


@dataclass(frozen=True, slots=True)
class Probed:
    """What Telegram said: the bot's user name, or why not."""

    username: str = ""
    refused: bool = False
    """True where the token was refused."""
    why: str = ""
    """Why there was no answer, without any address."""
    clock: datetime | None = None
    """The time that the server says it is."""


async def probe(settings: Telegram) -> Probed:
    """Ask who the bot is (getMe); never raises for what the network does."""
    address = f"{settings.base_url.rstrip('/')}/bot{settings.token}/getMe"
    try:
        async with httpx.AsyncClient(proxy=settings.proxy or None, timeout=SECONDS) as client:
            answer = await client.get(address)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError) as error:
        return Probed(why=type(error).__name__)
    clock = _date(answer.headers.get("date", ""))
    if answer.status_code in (401, 404):
        return Probed(refused=True, clock=clock)
    try:
        found = answer.json()
        return Probed(username=str(found["result"]["username"]), clock=clock)
    except (ValueError, KeyError, TypeError):
        return Probed(why=f"HTTP {answer.status_code}", clock=clock)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
