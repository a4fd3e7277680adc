"""A Reply becomes what Telegram can show: texts of 4,096 UTF-16 units, captions of 1,024, keyboards, photos, albums."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import MessageEntityType

from bot.chat import Button, File, Reply
from bot.chat.cut import cut, measure

TEXT, CAPTION = 4096, 1024
"""UTF-16 units (Bot API, sendMessage and sendPhoto)."""
NUMBER = 16
"""UTF-16 units kept free for the number of a part."""
PHOTO_BYTES = 10 * 1024 * 1024
ALBUM = 10
KEYS = 100
"""Buttons that one message holds."""
TITLE = 48
"""UTF-16 units; a longer first line is a sentence and no title."""
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = logging.getLogger("planbot.telegram")


@dataclass(frozen=True, slots=True)
class Part:
    """What goes out in one request: a text, one file with its caption, or an album of several."""

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    photos: bool = False


def parts_of(reply: Reply) -> list[Part]:
    """The requests that a reply takes, in order; none for an empty one.

    One file carries a short text as its caption. Several files go first, as albums of their kind, and the text with its buttons
    last, because an album holds no buttons and the buttons belong next to where people type.
    """
    files = [Part(files=tuple(album), photos=photos) for album, photos in _albums(reply.files)]
    if len(reply.files) == 1 and measure(reply.text, "utf16") <= CAPTION:
        return [replace(files[0], text=reply.text.strip(), buttons=reply.buttons)]
    texts = numbered(reply.text) or (["⋯"] if reply.buttons else [])
    written = [Part(text) for text in texts]
    if written:
        written[-1] = replace(written[-1], buttons=reply.buttons)
    return files + written


def numbered(text: str) -> list[str]:
    """A text as messages; where it takes several, each ends with its number of how many: 〔2/3〕."""
    pieces = cut(text, TEXT, "utf16")
    if len(pieces) < 2:
        return pieces
    pieces = cut(text, TEXT - NUMBER, "utf16")
    return [f"{piece}\n〔{place}/{len(pieces)}〕" for place, piece in enumerate(pieces, 1)]


def _albums(files: Sequence[File]) -> list[tuple[list[File], bool]]:
    albums: list[tuple[list[File], bool]] = []
    for file in files:
        photo = file.picture and max(len(file.data), file.size) <= PHOTO_BYTES
        if albums and albums[-1][1] is photo and len(albums[-1][0]) < ALBUM:
            albums[-1][0].append(file)
        else:
            albums.append(([file], photo))
    return albums


def keyboard(rows: Sequence[Sequence[Button]], links: bool = True) -> InlineKeyboardMarkup | None:
    """The inline keyboard, None for no button; `links` False leaves link buttons out.

    A button that Telegram would refuse (no label, an action past 64 bytes, an address without a host) is left out and logged, so
    that the answer still arrives.
    """
    built: list[list[InlineKeyboardButton]] = []
    room = KEYS
    for row in rows:
        keys = [key for key in (_key(button, links) for button in row) if key is not None][:room]
        room -= len(keys)
        if keys:
            built.append(keys)
    return InlineKeyboardMarkup(built) if built else None


def _key(button: Button, links: bool) -> InlineKeyboardButton | None:
    label = button.label.strip()
    if button.action is not None:
        try:
            packed = button.action.pack()
        except ValueError:
            log.error("a button is left out: its action is longer than Telegram allows")
            return None
        return InlineKeyboardButton(label, callback_data=packed) if label else None
    if not links or not label:
        return None
    parts = urlsplit(button.url)
    if parts.scheme not in ("http", "https", "tg") or not parts.netloc:
        log.error("a button is left out: its address is none that Telegram takes")
        return None
    return InlineKeyboardButton(label, url=button.url)


def emphasis(text: str) -> list[MessageEntity]:
    """Bold for a first line that is a title over more lines, so that the answer is seen at a glance."""
    first, newline, rest = text.partition("\n")
    length = measure(first, "utf16")
    if not newline or not rest.strip() or not first.strip() or length > TITLE:
        return []
    return [MessageEntity(MessageEntityType.BOLD, 0, length)]


def start_link(username: str, payload: str) -> str:
    """The address that opens the private chat and sends `/start payload` there; a payload Telegram does not take is left out."""
    tail = f"?start={payload}" if START_PAYLOAD.fullmatch(payload) else ""
    return f"https://t.me/{username}{tail}"
