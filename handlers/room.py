"""What a room is made of: commands and buttons with their audience, and what they are given to work with."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TypeVar

from bot.ask.library import Library
from bot.calendar import SchoolCalendar
from bot.chat import Address, Download, FileRef, Incoming, Moved, Page, Reply, Request
from bot.errors import Refusal
from bot.people import Person, Rank
from bot.plan.model import Document
from bot.plan.units import Register
from bot.settings import Settings
from bot.texts import Texts
from storage.store import Store
from storage.values import Amended, Cancelled, Expectation, OutboxRow, Postponed, Recalled


class Audience(Enum):
    """Who may use a command or a button: everybody of at least this rank."""

    EVERYONE = Rank.GUEST
    STAFF = Rank.TEACHER
    PRINCIPALS = Rank.PRINCIPAL
    UNIT_ADMINISTRATORS = Rank.UNIT_ADMINISTRATOR
    """What they may do it to is asked of `bot.people.covers` by the room."""
    ADMINISTRATORS = Rank.ADMINISTRATOR
    OWNER = Rank.OWNER

    def admits(self, rank: Rank) -> bool:
        """True where a person of `rank` belongs to it."""
        return rank >= self.value


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler works with besides its turn."""

    store: Store
    library: Callable[[], Library]
    register: Callable[[], Register]
    settings: Settings
    calendar: SchoolCalendar
    texts: Texts
    now: Callable[[], datetime]
    """The aware current time."""
    read: Callable[[str, bytes], Awaitable[Document]]
    """A file's name and bytes become a document, read in a process of its own; BadDocument says what is wrong with it."""
    fetch: Callable[[FileRef], Awaitable[bytes]]
    """The bytes of a file that came in; Refusal where it is too large or gone."""
    refresh: Callable[[], Awaitable[None]]
    """Take up what changed in the database (plans, units) before answering."""
    renew: Callable[[], Awaitable[None]]
    """The same without waiting for the next look, after a change made here."""
    wake: Callable[[], None]
    """Tell the sender that the ledger has new rows."""
    abroad: Callable[[str], bool]
    """Whether the messages of a channel pass through servers outside the country."""
    pages: Callable[[str], bool]
    """Whether a button on a channel may lead to a room's page."""
    openings: Callable[[str], tuple[str, ...]]
    """The links, of the channels that have such, which open a private chat with `/start` and this payload."""
    revision: Callable[[], int]
    """The revision of the plans and units that this process has taken up."""
    governs: Callable[[Address, str], Awaitable[bool | None]]
    """Whether a sender decides for a group (is its administrator); None where the channel cannot tell."""
    commands: tuple["Command", ...]
    """The commands of all rooms in the order of the help page."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing somebody said or pressed, with who they are."""

    person: Person
    incoming: Incoming
    args: str
    """The text behind the command, or the whole text; for a press the reference of its action."""
    language: str
    texts: Texts
    now: datetime
    expected: Expectation | None = None
    """What this text was asked for, where the bot had asked for one."""

    def say(self, key: str, /, **values: object) -> str:
        """The sentence `key` in the language of this turn."""
        return self.texts.say(self.language, key, **values)


def unasked(person: Person, address: Address, services: Services, now: datetime) -> Turn:
    """A turn nobody spoke: the bot writes first, in the person's language."""
    language = person.language or services.settings.bot.language
    return Turn(person, Incoming(address, address.chat), "", language, services.texts, now)


Handler = Callable[[Turn, Services], Awaitable[Reply | None]]
H = TypeVar("H", bound=Handler)
Opener = Callable[[Turn, Request, Services], Awaitable[Page | Download | Moved | None]]
KeyOpener = Callable[[Request, Services], Awaitable[Download | None]]
Composed = Reply | Amended | Recalled | Cancelled | Postponed
Due = tuple[OutboxRow, Person | None]
"""A row that was claimed, and whom it is for."""
Composer = Callable[[OutboxRow, Person | None, Services, datetime], Awaitable[Composed]]
ManyComposer = Callable[[Sequence[Due], Services, datetime], Awaitable[Sequence[Composed | Exception]]]


def repeated(composed: Composed, person: Person | None, services: "Services") -> Composed:
    """A message that may have arrived before says so in its first line; a change of one, and what has no text, needs no word."""
    if not (isinstance(composed, Reply) and composed.text):
        return composed
    language = (person.language if person is not None else "") or services.settings.bot.language
    return replace(composed, text=f"{services.texts.say(language, 'remind.repeat')}\n{composed.text}")


def one_by_one(composer: Composer) -> ManyComposer:
    """Word several rows with what words one; an error is the result of its own row alone, and what may be a repeat says so."""

    async def compose(due: Sequence[Due], services: Services, now: datetime) -> Sequence[Composed | Exception]:
        worded: list[Composed | Exception] = []
        for row, person in due:
            try:
                composed = await composer(row, person, services, now)
                worded.append(repeated(composed, person, services) if row.repeat else composed)
            except Exception as error:
                worded.append(error)
        return worded

    return compose


@dataclass(frozen=True, slots=True)
class Command:
    """A command or a button: its name, who may use it and what it runs."""

    name: str
    handler: Handler
    audience: Audience
    personal: bool = False
    """Answers about the asker; in a group it leads to the private chat."""
    listed: bool = True
    """Stands in the menu and on the help page."""
    long: bool = False
    """Takes texts longer than a question may be."""
    files: bool = False
    """Of what was asked for: takes files (`turn.incoming.files`) as well as words."""


@dataclass(slots=True)
class Room:
    """A feature: what is declared in its file, filled while that file is read."""

    name: str
    commands: dict[str, Command] = field(default_factory=dict)
    buttons: dict[str, Command] = field(default_factory=dict)
    pages: dict[str, tuple[Opener, Audience]] = field(default_factory=dict)
    keyed: dict[str, KeyOpener] = field(default_factory=dict)
    composers: dict[str, ManyComposer] = field(default_factory=dict)
    texts: dict[str, Command] = field(default_factory=dict)
    uploads: dict[str, Command] = field(default_factory=dict)
    """At most one, under `upload`: who takes files."""

    def command(
        self, name: str, audience: Audience = Audience.EVERYONE, *, personal: bool = False, listed: bool = True
    ) -> Callable[[H], H]:
        """Declare `/name`; ValueError where the room has it already."""
        return self._declare(self.commands, name, audience, personal, listed)

    def button(self, verb: str, audience: Audience = Audience.EVERYONE, *, personal: bool = False) -> Callable[[H], H]:
        """Declare what a press of `Action(verb, …)` does; ValueError where the room has it already."""
        return self._declare(self.buttons, verb, audience, personal, False)

    def words(self, verb: str, audience: Audience = Audience.EVERYONE, *, long: bool = False, files: bool = False) -> Callable[[H], H]:
        """Declare who gets the next text of somebody of whom `Expectation(verb, …)` is kept; ValueError where the room has it already.

        It comes as `turn.args`, the expectation as `turn.expected`; with `files` also the next files, their caption as `turn.args`.
        """
        return self._declare(self.texts, verb, audience, False, False, long, files)

    def upload(self, audience: Audience, *, personal: bool = False) -> Callable[[H], H]:
        """Declare who takes files that are sent (`turn.incoming.files`); of all rooms just one does."""
        return self._declare(self.uploads, "upload", audience, personal, False)

    def page(self, name: str, audience: Audience) -> Callable[[Opener], Opener]:
        """Declare a page or file that the web channel may open, and where its forms are sent (`request.posted`)."""

        def keep(opener: Opener) -> Opener:
            if name in self.pages:
                raise ValueError(f"page {name} is declared twice in room {self.name}")
            self.pages[name] = (opener, audience)
            return opener

        return keep

    def by_key(self, name: str) -> Callable[[KeyOpener], KeyOpener]:
        """Declare a file that programs fetch without a session; `request.values["key"]` is all that tells whose it is."""

        def keep(opener: KeyOpener) -> KeyOpener:
            if name in self.keyed:
                raise ValueError(f"file {name} is declared twice in room {self.name}")
            self.keyed[name] = opener
            return opener

        return keep

    def composer(self, kind: str) -> Callable[[Composer], Composer]:
        """Declare who words the outbox rows of `kind` when they are claimed."""

        def keep(composer: Composer) -> Composer:
            self.composer_of_many(kind)(one_by_one(composer))
            return composer

        return keep

    def composer_of_many(self, kind: str) -> Callable[[ManyComposer], ManyComposer]:
        """The same for a kind of which many rows are claimed together: what they share is read once."""

        def keep(composer: ManyComposer) -> ManyComposer:
            if kind in self.composers:
                raise ValueError(f"kind {kind} is declared twice in room {self.name}")
            self.composers[kind] = composer
            return composer

        return keep

    def _declare(
        self,
        table: dict[str, Command],
        name: str,
        audience: Audience,
        personal: bool,
        listed: bool,
        long: bool = False,
        files: bool = False,
    ) -> Callable[[H], H]:
        def keep(handler: H) -> H:
            if name in table:
                raise ValueError(f"{name} is declared twice in room {self.name}")
            table[name] = Command(name, handler, audience, personal, listed, long, files)
            return handler

        return keep


@dataclass(frozen=True, slots=True)
class Rooms:
    """All rooms as one table each of commands, buttons, expected texts and takers of files; a name declared twice is an error."""

    rooms: tuple[Room, ...]
    commands: Mapping[str, Command] = field(init=False)
    buttons: Mapping[str, Command] = field(init=False)
    texts: Mapping[str, Command] = field(init=False)
    uploads: Mapping[str, Command] = field(init=False)

    def __post_init__(self) -> None:
        for table in ("commands", "buttons", "texts", "uploads"):
            merged: dict[str, Command] = {}
            for room in self.rooms:
                for name, command in getattr(room, table).items():
                    if name in merged:
                        raise ValueError(f"{name} is declared in two rooms")
                    merged[name] = command
            object.__setattr__(self, table, merged)
        opened = [name for room in self.rooms for name in room.pages]
        if len(opened) > len(set(opened)):
            raise ValueError(f"pages are declared in two rooms: {sorted(name for name in set(opened) if opened.count(name) > 1)}")


def number_for(text: str) -> int:
    """The number that a button carries for what is too long for it: 28 bits of its hash, never 0."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:7], 16) or 1


def numbers_of(text: str, count: int) -> tuple[int, ...]:
    """`count` numbers with dots between them, as buttons carry them; Refusal `desk.stale_button` for anything else."""
    parts = text.split(".")
    if len(parts) != count or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in parts):
        raise Refusal("desk.stale_button")
    return tuple(int(one) for one in parts)
