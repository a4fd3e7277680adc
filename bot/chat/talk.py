"""What is said between a channel and the bot: plain values, no library of any channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ACTION_BYTES = 64
"""Telegram's limit on callback data, the tightest of all channels."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one person or group is reached."""

    channel: str
    chat: str
    """The channel's own id of the conversation, as text."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does: a verb and at most one reference, so it survives a restart."""

    verb: str
    ref: str = ""

    def pack(self) -> str:
        """Return `verb:ref`; ValueError past 64 bytes (Telegram's limit on callback data)."""
        packed = f"{self.verb}:{self.ref}"
        if len(packed.encode()) > ACTION_BYTES:
            raise ValueError(f"an action packs to at most {ACTION_BYTES} bytes: {packed}")
        return packed

    @classmethod
    def unpack(cls, packed: str) -> "Action | None":
        """Read `verb:ref`; None for what no button of ours holds (forged, oversized, foreign)."""
        if len(packed.encode("utf-8", "replace")) > ACTION_BYTES:
            return None
        verb, colon, ref = packed.partition(":")
        if not colon or not verb.isascii() or not verb.replace("_", "").isalnum():
            return None
        return cls(verb, ref)


STALE = Action("stale")
"""What a forged, foreign or oversized press asks for; no room has it, so the desk says that the button is dead."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: an action of ours, or a link."""

    label: str
    action: Action | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a channel holds and can hand over on request."""

    channel: str
    remote: str
    name: str = ""
    size: int = 0
    """Bytes; 0 where the channel does not say."""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: bytes, or a channel's own id of an earlier upload; in the ledger's messages the digest of what the database keeps."""

    name: str
    mime: str
    data: bytes = b""
    remote: str = ""
    size: int = 0
    """Bytes, where `data` is not at hand."""
    digest: str = ""
    """SHA-256 in hexadecimal, by which the sender finds the bytes or the id."""

    @property
    def picture(self) -> bool:
        """True for what a channel may show in place."""
        return self.mime in ("image/png", "image/jpeg")


class Place(StrEnum):
    """Where a reply goes: a new message, in place of the pressed one, or a short notice over the chat."""

    NEW = "new"
    REPLACE = "replace"
    TOAST = "toast"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: text, rows of buttons, files."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    place: Place = Place.NEW
    private: bool = False
    """For the asker alone: in a group a channel answers with a button to the private chat instead."""
    link: str = ""
    """With `private`: the start payload behind that button."""


class Outcome(StrEnum):
    """What became of one request to a channel."""

    SENT = "sent"
    LATER = "later"
    """Proven not sent (429, refused connection): may be tried again after `retry_after` seconds."""
    FAILED = "failed"
    """Refused for good (bad request)."""
    GONE = "gone"
    """The address is closed: blocked, left, deactivated."""
    UNCERTAIN = "uncertain"
    """No proof either way (read timeout, cut connection)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one request, with what is needed to edit, resend or retry."""

    outcome: Outcome
    remotes: tuple[str, ...] = ()
    """The channel's ids of the messages made."""
    files: tuple[str, ...] = ()
    """Reusable ids of uploaded files."""
    retry_after: float | None = None
    """Seconds."""
    detail: str = ""
    moved: str = ""
    """New chat id where a group was migrated."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a channel saw: a text, a press or files of one sender in one conversation."""

    address: Address
    sender: str
    """The channel's own id of the person, as text; equals `address.chat` in a private chat."""
    text: str = ""
    action: Action | None = None
    files: tuple[FileRef, ...] = ()
    group: bool = False
    addressed: bool = True
    """In a group: the bot was mentioned, replied to, commanded or pressed."""
    language: str = ""
    """The client's language as an IETF tag (`zh-hant`), empty where unknown."""
    name: str = ""
    """How the channel calls the sender."""
    remote: str = ""
    """The channel's id of the message (for a press: of the message pressed)."""
    update: str = ""
    """The channel's id of this delivery, equal when the channel delivers it again."""
    invoked: str = ""
    """For a press: the sender the pressed message was an answer to, where the channel knows it."""
    unread: str = ""
    """What came in place of text or files that the bot could read: `voice`, `picture`, `place`, `person`, `poll` or `other`."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command for a channel's menu."""

    command: str
    descriptions: Mapping[str, str]
    """Language -> one line."""
    rank: int
    """The least rank it is for (bot/people.py)."""
    personal: bool = False
    """Answers about the asker, so not offered in groups."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A short answer offered while somebody types (inline mode, completion)."""

    id: str
    title: str
    description: str
    text: str


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do, so that a reply is cut to fit it."""

    text_limit: int = 4096
    text_unit: str = "utf16"
    """`utf16` code units (Telegram), `bytes` of UTF-8 (WeCom) or `characters`."""
    buttons: bool = True
    edit: bool = True
    recall: bool = True
    upload_limit: int = 50_000_000
    """Bytes of one file to send; 0 where files cannot be sent."""
    fetch_limit: int = 20_000_000
    """Bytes of one file to fetch; 0 where files cannot be fetched."""
    answer_within: float | None = None
    """Seconds after which an answer to a message is lost."""
    abroad: bool = False
    """Messages pass through servers outside the country."""
    pages: bool = False
    """A button may lead to a room's page, `page/NAME?…`, which the same person opens."""
