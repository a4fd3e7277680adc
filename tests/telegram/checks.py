"""Reading a request's parameters, and refusing what the real Bot API refuses with 400."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.faults import bad
from tests.telegram.limits import Limits
from tests.telegram.world import Json, units


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call; every value comes as text or JSON."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A text parameter."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; 400 where it is missing or none."""
        try:
            return int(self.values[name])
        except KeyError:
            if default is not None:
                return default
            raise bad(f"parameter {name} is required") from None
        except (TypeError, ValueError):
            raise bad(f"parameter {name} must be a number") from None

    def flag(self, name: str) -> bool:
        """A boolean."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """A JSON parameter, None where it is missing; 400 where it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None


def checked_text(params: Params, limits: Limits, name: str, most: int) -> tuple[str, list[Json]]:
    """The text or caption with its entities."""
    raw = params.text(name)
    mode = params.text("parse_mode").lower()
    given = params.json("entities" if name == "text" else "caption_entities")
    if mode == "html":
        text, entities = parse_html(raw)
    elif mode:
        raise bad(f"unsupported parse_mode {mode!r}: this server reads HTML and entities only")
    else:
        text, entities = raw, list(given or [])
    if name == "text" and not text.strip():
        raise bad("message text is empty")
    if units(text) > most:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if len(entities) > limits.entities:
        raise bad("too many entities: ENTITIES_TOO_LONG")
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > units(text):
            raise bad("can't parse entities: ENTITY_BOUNDS_INVALID")
    return text, entities


TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote",
}  # fmt: skip


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[tuple[str, int, Json]] = []
        self.entities: list[Json] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {len(self.text.encode())}')
        link = dict(attrs).get("href") if tag == "a" else None
        self.open.append((tag, units(self.text), {"url": link} if link else {}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad(f"can't parse entities: Unmatched end tag at byte offset {len(self.text.encode())}")
        _, offset, extra = self.open.pop()
        self.entities.append({"type": TAGS[tag], "offset": offset, "length": units(self.text) - offset} | extra)

    def handle_data(self, data: str) -> None:
        self.text += data


def parse_html(raw: str) -> tuple[str, list[Json]]:
    """Text and entities of `parse_mode=HTML`; 400 for unbalanced or unknown tags."""
    parser = _Markup()
    parser.feed(raw)
    parser.close()
    if parser.open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.open[-1][0]}\"")
    return parser.text, [entity for entity in parser.entities if entity["length"]]


def checked_keyboard(params: Params, limits: Limits) -> list[list[Json]]:
    """The rows of an inline keyboard, empty where there is none; other keyboards are not for this bot."""
    markup = params.json("reply_markup")
    if not markup:
        return []
    if "inline_keyboard" not in markup:
        raise bad("this server knows inline keyboards only")
    rows: list[list[Json]] = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > limits.buttons:
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(str(data).encode()) <= limits.callback_data:
            raise bad("BUTTON_DATA_INVALID")
        link = button.get("url")
        if link is not None and not (urlsplit(link).scheme in ("http", "https", "tg") and urlsplit(link).netloc):
            raise bad(f"inline keyboard button URL '{link}' is invalid: Wrong HTTP URL")
        if data is None and link is None and not any(name.startswith("switch_inline") for name in button):
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return rows


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, (0, 0) for another picture; 400 for what is no picture or has impossible proportions."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        if width + height > 10_000 or max(width, height) > 20 * max(1, min(width, height)):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return int(width), int(height)
    if data.startswith((b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")):
        return 0, 0
    raise bad("IMAGE_PROCESS_FAILED")
