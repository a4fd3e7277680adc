"""The news from Telegram without what the library cannot read: one such update would come back for ever and hide all later ones."""

import logging
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

log = logging.getLogger("planbot.telegram")


class Feed(HTTPXRequest):
    """The connection that getUpdates uses."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer with every unreadable update emptied down to its number, so that the next request moves on past it.

        python-telegram-bot 22.8 gives up the whole batch where one update raises, and asks for the same batch again.
        """
        answer = HTTPXRequest.parse_json_payload(payload)
        result = answer.get("result")
        if isinstance(result, list):
            answer["result"] = [update for update in map(readable, result) if update is not None]
        return answer


def readable(update: object) -> dict[str, Any] | None:
    """The update as it came where the library reads it; only its number where not, None where it has none. Its content is not logged."""
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        log.error("Telegram sent an update without a number; it is left out")
        return None
    try:
        Update.de_json(update, None)
    except Exception as error:
        kinds = ", ".join(sorted(str(name)[:40] for name in update if name != "update_id"))
        log.error("an update (%s) could not be read and is left out: %s", kinds, type(error).__name__)
        return {"update_id": update["update_id"]}
    return update
