"""The two protocols: what the bot may ask of a channel, and a channel of the bot."""

from collections.abc import Sequence
from typing import Protocol

from bot.chat.page import Download, Moved, Page, Request
from bot.chat.talk import Abilities, Address, FileRef, Incoming, MenuEntry, Receipt, Reply, Suggestion
from bot.limits import Lane


class Desk(Protocol):
    """All that a channel may ask of the bot."""

    @property
    def menu(self) -> Sequence[MenuEntry]:
        """The commands with their descriptions, in the order of the help page."""
        ...

    async def rank(self, who: Address) -> int:
        """The rank of the person behind a private address (0, a guest, where unknown); for menus per scope."""
        ...

    async def answer(self, incoming: Incoming) -> Reply | None:
        """Answer one message or press; None where silence is right. Never raises but on cancellation."""
        ...

    async def suggest(self, text: str, who: Address, limit: int) -> Sequence[Suggestion]:
        """Short answers while somebody types; empty for guests."""
        ...

    async def enter(self, token: str, who: Address, agent: str) -> int:
        """Log the person of a one-time link in at a new address: seconds until that ends at the latest, 0 where the link is dead."""
        ...

    async def attend(self, who: Address) -> bool:
        """Whether whoever is logged in at this address still is; counts as use."""
        ...

    async def open(self, request: Request) -> Page | Download | Moved | None:
        """A page or file by name, or after a form where to go; None where there is none or it is not for them."""
        ...

    async def closed(self, address: Address) -> None:
        """The channel learned that the address no longer takes messages (blocked, left, deactivated)."""
        ...

    async def moved(self, old: Address, new: Address) -> None:
        """The channel learned that a conversation has a new id (migrated group)."""
        ...


class Channel(Protocol):
    """All that the bot may ask of a channel, so it stays this small."""

    @property
    def name(self) -> str:
        """The channel's name, as in its configuration table and in addresses."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What it can do; constant for the channel's life."""
        ...

    async def run(self, desk: Desk) -> None:
        """Bring messages in until cancelled; an exception makes its supervisor start it again after a pause."""
        ...

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        """Send a message the bot starts itself, in its lane of the channel's pace. One bad address never raises."""
        ...

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """Replace a message sent earlier."""
        ...

    async def recall(self, to: Address, remote: str) -> Receipt:
        """Delete a message sent earlier."""
        ...

    async def fetch(self, file: FileRef) -> bytes:
        """The bytes of a file that came in; Refusal where it is too large or gone."""
        ...

    def opening(self, payload: str) -> str:
        """A link that opens the private chat with `/start` and this payload (A-Z a-z 0-9 _ -, at most 64); empty where there is none."""
        ...

    async def governs(self, group: Address, sender: str) -> bool | None:
        """Whether a sender is an administrator of a group; None where the channel knows no such thing or cannot be reached."""
        ...
