"""What has to hold before a notice may leave: the same in chat, on the page and on the command line."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Refusal
from bot.notice.placeholders import unknown_in
from bot.notice.recipients import By, Clause, Selection, read_selection
from handlers.departure import check_times, leaves
from handlers.placeholders import completed
from handlers.recipients import Chosen, choose, choose_each
from handlers.room import Services, Turn
from storage.store import Transaction
from storage.values import Notice

TEXT = 3000
"""Characters of a notice; it has to arrive as one message on every channel."""
OFFERED = (Clause(By.STAFF), Clause(By.RANK, "principal"), Clause(By.RANK, "teacher"), Clause(By.EVERYONE))
"""The groups of people that are offered where one is chosen."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A group that is offered, and how many of it would get a notice now."""

    place: int
    """In OFFERED."""
    clause: Clause
    count: int


def check_text(text: str) -> str:
    """The text without blanks around it; Refusal where it is empty, too long or asks for what nothing stands for."""
    text = text.strip()
    if not text:
        raise Refusal("notice.no_text")
    if len(text) > TEXT:
        raise Refusal("notice.too_long", limit=TEXT, length=len(text))
    if unknown := unknown_in(text):
        raise Refusal("notice.placeholder", names=" ".join(f"{{{name}}}" for name in unknown))
    return text


def check_reach(chosen: Chosen) -> Chosen:
    """The people chosen; Refusal where there is nobody, or nobody who can be reached."""
    if not chosen.people:
        raise Refusal("notice.nobody")
    if len(chosen.unreachable) == len(chosen.people):
        raise Refusal("notice.nobody_reached", count=len(chosen.people))
    return chosen


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that may leave."""

    draft: Notice
    chosen: Chosen
    text: str
    """As it leaves: with what stands for its placeholders, but for what each reader has of their own."""
    leaves: datetime
    """When it would, without a pause to undo it; of every term the first time."""

    @property
    def count(self) -> int:
        """How many people it is for."""
        return len(self.chosen.people)


async def ready(turn: Turn, services: Services, db: Transaction, draft: Notice) -> Ready:
    """What a draft would be if it were confirmed now; Refusal where it cannot be."""
    if not draft.selection:
        raise Refusal("recipients.empty")
    check_text(draft.text)
    if draft.wanted.ask.secret and draft.wanted.until is None:
        # Its results are told when it is over: told while it goes on, one more ballot would tell whose it was.
        raise Refusal("ballot.no_end")
    at = leaves(draft.at, draft.every, services, turn.now)
    check_times(draft.wanted, at, turn.now)
    text = completed(turn, services, draft, at)
    return Ready(draft, check_reach(await choose(db, services, read_selection(draft.selection))), text, at)


async def reaching(db: Transaction, services: Services) -> list[Reach]:
    """Those of the offered groups that would reach somebody, with how many."""
    counted = await choose_each(db, services, [Selection((clause,)) for clause in OFFERED])
    found = [Reach(place, OFFERED[place], len(chosen.people) - len(chosen.unreachable)) for place, chosen in enumerate(counted)]
    return [one for one in found if one.count]
