"""The news from Telegram without what the library cannot read: one such update would come back for ever and hide all later ones."""

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

USER: Mapping[str, Any] = {"id!": int, "first_name": str, "last_name": str, "language_code": str}
CHAT: Mapping[str, Any] = {"id!": int, "type!": str}
ENTITY: Mapping[str, Any] = {"type!": str, "offset!": int, "length!": int, "user": USER}
FILE: Mapping[str, Any] = {"file_id!": str, "file_name": str, "file_size": int, "mime_type": str}
ANSWERED: Mapping[str, Any] = {"message_id!": int, "chat!": CHAT, "from": USER}
MESSAGE: Mapping[str, Any] = {
    "message_id!": int, "chat!": CHAT, "from": USER, "sender_chat": CHAT, "text": str, "caption": str, "entities": [ENTITY],
    "caption_entities": [ENTITY], "photo": [FILE], "document": FILE, "migrate_to_chat_id": int, "reply_to_message": ANSWERED,
}  # fmt: skip
SHAPE: Mapping[str, Any] = {
    "update_id!": int,
    "message": MESSAGE,
    "callback_query": {"id!": str, "from!": USER, "data": str, "message": {**ANSWERED, "reply_to_message": ANSWERED}},
    "inline_query": {"id!": str, "from!": USER, "query!": str},
    "my_chat_member": {"chat!": CHAT, "new_chat_member!": {"status!": str}},
}
"""What is used of an update, with what must be there marked by `!`. The library itself takes a number for a text and null for a person."""

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
        if not shaped(update, SHAPE):
            raise TypeError("a field of an update is of another type")
        Update.de_json(update, None)
    except Exception as error:
        kinds = ", ".join(sorted(str(name)[:40] for name in update if name != "update_id"))
        log.error("an update (%s) could not be read and is left out: %s", kinds, type(error).__name__)
        return {"update_id": update["update_id"]}
    return update


def shaped(value: object, shape: Any) -> bool:
    """Whether a JSON value has a shape: a type, a list of one shape, or fields of which those with `!` must be there."""
    if isinstance(shape, type):
        return type(value) is shape
    if isinstance(shape, list):
        return isinstance(value, list) and all(shaped(one, shape[0]) for one in value)
    if not isinstance(value, dict):
        return False
    for name, inner in shape.items():
        key = name.removesuffix("!")
        if key in value and not shaped(value[key], inner):
            return False
        if key not in value and key != name:
            return False
    return True
