"""What has to hold before a notice may leave: the same in chat, on the page and on the command line."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Refusal
from bot.notice.asks import Wanted
from bot.notice.placeholders import unknown_in
from bot.notice.recipients import By, Clause, Selection, read_selection
from bot.plan.moment import read_deadline, read_moment
from handlers.recipients import Chosen, choose
from handlers.room import Services
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


def check_times(wanted: Wanted, at: datetime | None, now: datetime) -> None:
    """Refusal where it would leave before now, or its answers would have to come before it leaves."""
    if at is not None and at <= now:
        raise Refusal("notice.past")
    if wanted.until is not None and wanted.until <= (at or now):
        raise Refusal("notice.deadline_past")


def deadline(text: str, at: datetime | None, now: datetime, services: Services) -> datetime:
    """Until when people may answer, from words; Refusal where they name no day, or none after the notice leaves."""
    until = read_deadline(text, now, services.settings.zone)
    if until is None:
        raise Refusal("notice.no_deadline")
    check_times(Wanted(until=until), None, at or now)
    return until


def departure(text: str, wanted: Wanted, now: datetime, services: Services) -> datetime:
    """When a notice is to leave, from words; Refusal where they name no time to come, or one after the answers have to be there."""
    at = read_moment(text, now, services.settings.zone)
    if at is None:
        raise Refusal("notice.no_time")
    check_times(wanted, at, now)
    return at


def check_reach(chosen: Chosen) -> Chosen:
    """The people chosen; Refusal where there is nobody, or nobody who can be reached."""
    if not chosen.people:
        raise Refusal("notice.nobody")
    if len(chosen.unreachable) == len(chosen.people):
        raise Refusal("notice.nobody_reached", count=len(chosen.people))
    return chosen


async def ready(db: Transaction, services: Services, draft: Notice, now: datetime) -> Chosen:
    """The people that a draft goes to if it is confirmed now; Refusal where it cannot be."""
    if not draft.selection:
        raise Refusal("recipients.empty")
    check_text(draft.text)
    check_times(draft.wanted, draft.at, now)
    return check_reach(await choose(db, services, read_selection(draft.selection)))


async def reaching(db: Transaction, services: Services) -> list[Reach]:
    """Those of the offered groups that would reach somebody, with how many."""
    counted = [await choose(db, services, Selection((clause,))) for clause in OFFERED]
    found = [Reach(place, OFFERED[place], len(chosen.people) - len(chosen.unreachable)) for place, chosen in enumerate(counted)]
    return [one for one in found if one.count]
