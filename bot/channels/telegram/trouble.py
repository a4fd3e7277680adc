"""What an error of python-telegram-bot proves about a message: sent, not sent, never to be sent, or nothing."""

import httpx
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat import Outcome, Receipt

BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    RuntimeError,
)
"""Causes that come before a byte of the request left: no connection, no free place in the pool, a proxy that did not open the
tunnel. RuntimeError is what PTB's request object raises when it is closed."""
NOBODY = ("chat not found", "user not found", "peer_id_invalid", "chat_id_invalid", "group chat was deactivated", "have no rights to send")
UNTOLD = 5.0
"""Seconds to pause after a 429 that names none; PTB 22.8 raises it as a NetworkError with the words of the answer."""
TOKEN_PAUSE = 60.0
"""Seconds: a rejected token is a fault of the configuration, not of the address, so the message waits."""


def seconds_of(error: RetryAfter) -> float:
    """The pause that a 429 asks for."""
    asked = error.retry_after
    return float(asked) if isinstance(asked, int) else asked.total_seconds()


def pause_of(error: TelegramError) -> float:
    """The seconds for which everything stops after this error; 0 for any but a 429."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    return UNTOLD if isinstance(error, NetworkError) and error.message.lower().startswith("too many requests") else 0.0


def judge(error: TelegramError) -> Receipt:
    """The outcome that an error stands for; `detail` may hold whatever the server said and is cleaned by the caller.

    5xx is UNCERTAIN: nothing in the Bot API manual says that a request answered so had no effect, and a gateway (502, 504)
    answers for a server behind it that may have carried it out already.
    """
    detail = f"{type(error).__name__}: {error.message}"
    said = error.message.lower()
    if pause := pause_of(error):
        return Receipt(Outcome.LATER, retry_after=pause, detail=detail)
    if isinstance(error, Forbidden):
        return Receipt(Outcome.GONE, detail=detail)
    if isinstance(error, InvalidToken):
        return Receipt(Outcome.LATER, retry_after=TOKEN_PAUSE, detail=detail)
    if isinstance(error, Conflict):
        return Receipt(Outcome.LATER, retry_after=1.0, detail=detail)
    if isinstance(error, BadRequest):
        return Receipt(Outcome.GONE if any(words in said for words in NOBODY) else Outcome.FAILED, detail=detail)
    if isinstance(error, NetworkError):
        if isinstance(error.__cause__, BEFORE_SENDING):
            return Receipt(Outcome.LATER, detail=detail)
        if "entity too large" in said:
            return Receipt(Outcome.FAILED, detail=detail)
    return Receipt(Outcome.UNCERTAIN, detail=detail)
