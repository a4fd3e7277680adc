"""What exists in this Telegram: chats, messages, files and the updates that wait for the bot; no network."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ALWAYS_OFF = ("chat_member", "message_reaction", "message_reaction_count")
"""Update kinds that come only when they are asked for (Bot API, getUpdates)."""
ENTITY = re.compile(r"(?<![\w@/])(?:(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<mention>@\w{3,32})|(?P<url>https?://[^\s「」，。]+))")


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str) -> list[Json]:
    """Commands, mentions and links, as Telegram marks them by itself."""
    return [{"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])} for match in ENTITY.finditer(text)]


@dataclass(slots=True)
class StoredFile:
    """A file that was uploaded by the bot or by a person."""

    id: str
    kind: str
    """`photo`, `document`, `voice`, `sticker` …"""
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """What getFile answers."""
        return f"{self.kind}s/{self.id}/{self.name}"

    def json(self) -> Json:
        """As it stands in a message."""
        common: Json = {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.data)}
        if self.kind == "photo":
            return common | {"width": self.width or 640, "height": self.height or 480}
        if self.kind == "sticker":
            return common | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
        if self.kind in ("voice", "audio", "video"):
            sized: Json = {"width": 320, "height": 240} if self.kind == "video" else {}
            return common | {"duration": 1, "mime_type": self.mime} | sized
        return common | {"file_name": self.name, "mime_type": self.mime}


@dataclass(slots=True, eq=False)
class Account:
    """A person or the bot."""

    id: int
    name: str
    username: str = ""
    language: str = ""
    bot: bool = False

    def json(self) -> Json:
        """As `User`."""
        user: Json = {"id": self.id, "is_bot": self.bot, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language:
            user["language_code"] = self.language
        return user


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group."""

    id: int
    kind: str
    """`private`, `group`, `supergroup` or `channel`."""
    title: str
    members: list[Account]
    closed: str = ""
    """Why the bot may not write: `blocked`, `deactivated`, `kicked`, `never` (not started)."""
    moved_to: int = 0
    administrators: set[int] = field(default_factory=set)
    last_bot: bool = False
    """The bot was the last bot to write here (commands without @name are then for it)."""

    @property
    def group(self) -> bool:
        """True for groups and supergroups."""
        return self.kind in ("group", "supergroup")

    def json(self) -> Json:
        """As `Chat`."""
        if self.kind == "private":
            person = self.members[0]
            return {"id": self.id, "type": "private", "first_name": person.name} | (
                {"username": person.username} if person.username else {}
            )
        return {"id": self.id, "type": self.kind, "title": self.title}


@dataclass(slots=True, eq=False)
class Message:
    """One message; edits change it in place, so a test sees what a person sees."""

    id: int
    chat: Chat
    sender: Account | None
    date: float
    text: str = ""
    caption: str = ""
    entities: list[Json] = field(default_factory=list)
    rows: list[list[Json]] = field(default_factory=list)
    """The inline keyboard as it stands now."""
    file: StoredFile | None = None
    album: str = ""
    reply_to: "Message | None" = None
    extra: Json = field(default_factory=dict)
    """Anything else, such as a poll or a service notice."""
    edits: int = 0
    deleted: bool = False

    @property
    def said(self) -> str:
        """Text or caption."""
        return self.text or self.caption

    @property
    def buttons(self) -> list[str]:
        """The labels of the keyboard, row after row."""
        return [button["text"] for row in self.rows for button in row]

    def button(self, label: str) -> Json:
        """The button called so (its whole label, or what it begins with); AssertionError names those there are."""
        for exact in (True, False):
            for row in self.rows:
                for button in row:
                    if button["text"] == label or (not exact and label in button["text"]):
                        return button
        raise AssertionError(f"no button {label!r} among {self.buttons} under {self.said!r}")

    def json(self, deep: bool = True) -> Json:
        """As `Message`."""
        body: Json = {"message_id": self.id, "date": int(self.date), "chat": self.chat.json()}
        if self.sender is not None:
            body["from"] = self.sender.json()
        if self.text:
            body["text"] = self.text
        if self.entities:
            body["caption_entities" if self.caption else "entities"] = self.entities
        if self.caption:
            body["caption"] = self.caption
        if self.file is not None:
            shown = self.file.json()
            body[self.file.kind] = (
                [shown | {"file_id": f"s{self.file.id}", "width": 90, "height": 90}, shown] if self.file.kind == "photo" else shown
            )
        if self.album:
            body["media_group_id"] = self.album
        if self.rows:
            body["reply_markup"] = {"inline_keyboard": self.rows}
        if self.edits:
            body["edit_date"] = int(self.date) + self.edits
        if deep and self.reply_to is not None and not self.reply_to.deleted:
            body["reply_to_message"] = self.reply_to.json(deep=False)
        return body | self.extra


class World:
    """All of it, with one bell that rings at every change."""

    def __init__(self, bot: Account, privacy: bool) -> None:
        self.bot = bot
        self.privacy = privacy
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.messages: list[Message] = []
        self.files: dict[str, StoredFile] = {}
        self.pending: list[Json] = []
        self.confirmed = 0
        """Every update below this id was taken by the bot for good."""
        self.allowed: frozenset[str] = frozenset()
        """Kinds the bot asked for; empty: all but the usual exceptions."""
        self.ahead = 0.0
        """Seconds that this world's clock is ahead of the real one."""
        self.on_update: Callable[[Json], None] | None = None
        self._updates = itertools.count(700_001)
        self._ids = itertools.count(1)
        self._bell = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970 in this world."""
        return time.time() + self.ahead

    def next_id(self) -> int:
        """A number used nowhere else."""
        return next(self._ids)

    def ring(self) -> None:
        """Tell everybody who waits that something changed."""
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    def changed(self) -> Coroutine[Any, Any, Any]:
        """What waits for the next ring after this call."""
        return self._bell.wait()

    def update(self, kind: str, body: Json) -> int:
        """Queue an update for the bot; returns its id, 0 where the bot did not ask for its kind."""
        if kind not in self.allowed if self.allowed else kind in ALWAYS_OFF:
            return 0
        number = next(self._updates)
        update = {"update_id": number, kind: body}
        self.pending.append(update)
        if self.on_update is not None:
            self.on_update(update)
        self.ring()
        return number

    def confirm(self, offset: int) -> None:
        """Forget updates below `offset`."""
        self.confirmed = max(self.confirmed, offset)
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self.ring()

    def post(self, message: Message) -> Message:
        """Put a message into its chat."""
        self.messages.append(message)
        self.ring()
        return message

    def message(self, chat: int, number: int) -> Message | None:
        """The message with this id that is still there."""
        for message in reversed(self.messages):
            if message.id == number and message.chat.id == chat and not message.deleted:
                return message
        return None

    def keep(self, kind: str, name: str, mime: str, data: bytes, size: tuple[int, int] = (0, 0)) -> StoredFile:
        """Store a file under a new id."""
        file = StoredFile(f"F{self.next_id():06d}{kind[:3].upper()}", kind, name, mime, data, *size)
        self.files[file.id] = file
        self.files[f"s{file.id}"] = file
        return file

    def reaches_bot(self, message: Message) -> bool:
        """Whether a person's group message is shown to the bot, by its privacy mode (Bots FAQ, "What messages will my bot get?")."""
        if not message.chat.group or not self.privacy or message.extra:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.bot:
            return True
        for entity in message.entities:
            word = message.said.encode("utf-16-le")[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            if f"@{self.bot.username}".lower() in word.lower():
                return True
            if entity["type"] == "bot_command" and "@" not in word and message.chat.last_bot:
                return True
        return False
