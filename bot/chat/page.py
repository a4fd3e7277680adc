"""Pages of rooms as plain data: what the web channel draws, and what a browser asks for and sends back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.talk import Address, File, Reply


class Tone(StrEnum):
    """How a badge or a notice looks."""

    PLAIN = "plain"
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word or two beside a heading or a value: a state, how sure something is."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page of a room."""

    label: str
    page: str
    """Name of the page (`a-z` and `_`)."""
    values: Mapping[str, str] = field(default_factory=dict)
    current: bool = False
    """It leads to where one is."""


class Kind(StrEnum):
    """What is filled in."""

    TEXT = "text"
    AREA = "area"
    CHOICE = "choice"
    TICK = "tick"
    FILE = "file"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in; it comes back under `name` in `Request.values`, a file in `Request.files`."""

    name: str
    label: str = ""
    value: str = ""
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    """Of a choice: value and label."""
    hint: str = ""
    needed: bool = False
    """The browser insists on it; the room checks it all the same."""
    many: bool = False
    """Takes several files."""


def hidden(**values: object) -> tuple[Field, ...]:
    """Fields that are sent along unseen."""
    return tuple(Field(name, value=str(value), kind=Kind.HIDDEN) for name, value in values.items())


@dataclass(frozen=True, slots=True)
class Form:
    """Fields with a button that sends them to a page."""

    page: str
    submit: str
    fields: tuple[Field, ...] = ()
    grave: bool = False
    """What the button does is seen by everybody or cannot be taken back."""
    summary: str = ""
    """The form is folded away behind these words; empty where it stands open."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[Link, ...] = ()
    """Where the first cell of each row leads; empty where it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page, drawn in this order: heading with badges, quotation, message, text, facts, picture, table, links, forms."""

    heading: str = ""
    text: str = ""
    table: Table | None = None
    badges: tuple[Badge, ...] = ()
    quote: str = ""
    """Words of a document, set apart."""
    facts: tuple[tuple[str, str, Badge | None], ...] = ()
    """Name, value and how sure it is."""
    links: tuple[Link, ...] = ()
    forms: tuple[Form, ...] = ()
    card: bool = False
    """One of many alike, drawn in a frame."""
    message: Reply | None = None
    """A message as its reader will see it in a conversation; its buttons and files are shown and lead nowhere."""
    picture: Link | None = None
    """A picture that a page hands out; its label says what it shows. An address that was drawn once is not asked for again."""
    live: bool = False
    """On a page that looks for news: drawn anew when there are some."""


@dataclass(frozen=True, slots=True)
class Page:
    """Plain data that the web channel draws."""

    title: str
    blocks: tuple[Block, ...] = ()
    notice: str = ""
    """What just happened, or why something did not."""
    refused: bool = False
    """What was sent could not be done; the notice says why."""
    trail: tuple[Link, ...] = ()
    """The ways up."""
    every: int = 0
    """Seconds after which an open page looks for news and draws its live blocks anew; 0: only when it is loaded again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """After something was done: the page to show next."""

    page: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a room hands out over the page."""

    file: File
    etag: str = ""
    """Names what the file holds, so that a program that has it already is told so instead of getting it again."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call for a page or a file, or a form sent to one, through the same gateway as commands."""

    name: str
    who: Address
    values: Mapping[str, str] = field(default_factory=dict)
    posted: bool = False
    """A form was sent: something may change."""
    files: tuple[File, ...] = ()
    language: str = ""
    """What the browser asks for, as an IETF tag."""
