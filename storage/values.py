"""The values that storage takes and returns; no SQLAlchemy row leaves this package.

Longer than other files because it is one list of shapes, in the order of the aggregates that give them; there is no logic to split off.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.chat import Address, Receipt, Reply
from bot.limits import Lane
from bot.notice.asks import Wanted
from bot.people import Person
from bot.plan.mend import Mend, stand
from bot.plan.model import Document, Measure, Plan


class PlanState(StrEnum):
    """Where a version stands: a draft until released; superseded when a newer one is; retired by hand."""

    DRAFT = "draft"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """One version of one plan document."""

    plan: int
    version: int
    state: PlanState
    document: Document
    """As it was read and as people corrected it since."""
    imported_at: datetime
    released_at: datetime | None = None
    ended_at: datetime | None = None
    """When it stopped answering: superseded or retired."""
    mends: tuple[Mend, ...] = ()
    """The corrections in it."""
    read: Document | None = None
    """As it was read; None where nothing was corrected."""
    gone: tuple[Mend, ...] = ()
    """Corrections whose sentence it does not hold."""
    changes: tuple[Mend, ...] = ()
    """Every correction and undoing of the plan, whether it counts here or not."""

    @property
    def stand(self) -> int:
        """The number of the last change of the plan's corrections, for telling a stale view from a fresh one."""
        return stand(self.changes)


@dataclass(frozen=True, slots=True)
class Former:
    """Where a measure stood that no version in use holds, and what stands there now."""

    stored: StoredPlan
    """The last version in use that held it."""
    plan: Plan
    measure: Measure
    current: StoredPlan | None
    """The version of the same plan that is in use now; None where the plan is retired."""
    successor: Measure | None
    """The measure of `current` that took its place, None where none did."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: `new` plan, `version` (a changed document), `same` (nothing written)."""

    outcome: str
    stored: StoredPlan


@dataclass(frozen=True, slots=True)
class Known:
    """A person with the address a message came from."""

    person: Person
    address: Address
    new: bool
    """True where this message made the person known."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person's or a group's wish to be told of something."""

    id: int
    person: int | None
    """None for a group, which is named by its address."""
    kind: str
    """`event`, `measure`, `section`, `topic`, `unit`, `school` or `everything` (bot/remind/coverage.py)."""
    reference: str
    """What of that kind; empty for one's own school and for everything."""
    address: Address
    created: datetime
    days: tuple[int, ...] | None = None
    """How many days ahead, negative ones after it was due; None as the person always wants it."""
    working: bool | None = None
    """Counted in workdays; None as the person always wants it."""
    at: str = ""
    """Time of day such as `08:00`; empty as the person always wants it."""
    paused_until: datetime | None = None
    refused: bool = False
    """They do not want to hear of it."""
    by_rank: bool = False
    """They did not ask for it; their rank follows it."""
    unit: int | None = None
    """The unit of the post they followed it in."""
    rank: int = 0
    """The rank of that post."""


@dataclass(frozen=True, slots=True)
class RankDefault:
    """What people of a rank follow without having asked."""

    rank: int
    kind: str
    days: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Habits:
    """How a person wants to be reminded; what is empty or None is as the district has it."""

    zone: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    at: str = ""
    days: tuple[int, ...] | None = None
    working: bool | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """What reminders of a plan document were last planned on."""

    plan: int
    digest: str
    subjects: tuple[dict[str, Any], ...]
    """Each subject as data (bot/remind/record.py)."""


@dataclass(frozen=True, slots=True)
class StoredShift:
    """What one new version changed, as data (bot/remind/record.py)."""

    id: int
    plan: int
    changes: tuple[dict[str, Any], ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OwnReminder:
    """A reminder in somebody's own words."""

    id: int
    person: int
    address: Address
    """Where it goes: to the person, or to the group they set it in."""
    text: str
    rule: dict[str, Any]
    """When, as data (bot/remind/own.py)."""
    created: datetime
    paused_until: datetime | None = None
    ended: datetime | None = None


class State(StrEnum):
    """Where an outbox row stands; the picture is in docs/architecture.md."""

    QUEUED = "queued"
    HELD = "held"
    """Taken out of the queue by hand until it is let go again."""
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"
    UNCERTAIN = "uncertain"
    SETTLED = "settled"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Planned:
    """A request the bot owes to one address; writing the same key and part twice is harmless."""

    key: str
    """Lasting and unique, such as `remind:EVENT:7d:PERSON`."""
    kind: str
    """Names the room that composes it."""
    reference: str
    person: int | None
    address: Address
    lane: Lane
    not_before: datetime
    expires: datetime | None = None
    part: int = 1


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A planned row as it stands in the ledger."""

    id: int
    planned: Planned
    state: State
    token: str
    """Of the claim that holds it; empty otherwise."""
    attempts: int
    repeat: bool
    """It may have arrived before; the message says 〔可能重複〕."""
    remotes: tuple[str, ...]
    detail: str
    lease_until: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one claim: the row, the claim's token and what the channel said."""

    row: int
    token: str
    receipt: Receipt
    retry_at: datetime | None = None
    """For `later`: when to try again."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What `compose` returns for a row that must not be sent any more, with the reason for the ledger."""

    why: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """What `compose` returns for a row that may not be sent now, such as in somebody's quiet hours: when to look again."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What `compose` returns for a message sent earlier that is to read otherwise."""

    remote: str
    message: Reply
    anew: bool = True
    """Where the channel cannot change messages, it is sent as a new one."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What `compose` returns for a message sent earlier that is to be taken away; where that fails, it reads `message` instead."""

    remote: str
    message: Reply


@dataclass(frozen=True, slots=True)
class Backlog:
    """The ledger in numbers."""

    states: dict[str, int]
    """Every state with its count, zero included."""
    oldest_queued_s: int
    """Seconds the oldest due row has waited."""
    uncertain: tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a conversation is about, for a follow-up."""

    question: str
    measures: tuple[str, ...]
    at: datetime
    asked: int | None = None
    """Row of the question whose answer was shown last; its measures are what 第二個 counts."""
    choices: tuple[str, ...] = ()
    """The numbered buttons of a list that was shown after that answer (`1 plan:3.1`); a bare number picks from these."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What somebody's next text is taken for."""

    verb: str
    """Names the room's function that gets it."""
    reference: str
    at: datetime
    text: str = ""
    """What it is about in words, such as the text that is to be corrected."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its outcome."""

    id: int
    person: int | None
    channel: str
    question: str
    kind: str
    status: str
    measures: tuple[str, ...]
    """Those shown, in the order of the answer; the choices where it was asked back."""
    plans: tuple[tuple[int, int], ...]
    """Plan and version of each document the answer came from."""
    at: datetime
    chat: str = ""
    """Where it was asked, in the channel's own id."""
    curated: int | None = None
    """Row of the curated answer that was given."""
    settled: bool = False
    """True where an administrator answered or dismissed it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person thinks of the answer to a question."""

    question: int
    person: int
    good: bool
    reason: str
    """`off`, `part`, `old`, `unit`, `date`, `other`, or empty."""
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CuratedRow:
    """A curated answer as it is kept."""

    id: int
    question: str
    measure: str
    text: str
    hits: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """The questions of some days in numbers; nobody who asked is named."""

    asked: int
    answered: int
    refused: int
    disliked: int
    liked: int
    curated: int
    people: int
    """How many different people asked."""
    questions: tuple[tuple[str, int], ...]
    """Each question's text as asked, with how often."""
    measures: tuple[tuple[str, int], ...]
    """Each measure given as first answer, with how often, most first."""


class NoticeState(StrEnum):
    """Where a notice stands: written, confirmed and going out or gone out, held, ended before everybody had it."""

    DRAFT = "draft"
    SENT = "sent"
    PAUSED = "paused"
    STOPPED = "stopped"
    RECALLED = "recalled"
    SERIES = "series"
    """Confirmed for every term: notices are made of it, it is none itself."""
    ENDED = "ended"
    """A series that makes no more."""

    @property
    def out(self) -> bool:
        """True where it went out, or is about to."""
        return self in (NoticeState.SENT, NoticeState.PAUSED, NoticeState.STOPPED, NoticeState.RECALLED)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands; a draft may still change, each change under a new revision."""

    id: int
    author: int | None
    """Id of the person; None for the command line."""
    state: NoticeState
    revision: int
    text: str
    selection: str
    """Whom it is for, in the words of bot/notice/recipients.py; empty while not chosen."""
    wanted: Wanted
    at: datetime | None
    """When it is to be sent; None at once."""
    rounds: int
    """How often it was sent again to those who had not answered."""
    round_at: datetime | None
    created_at: datetime
    confirmed_at: datetime | None
    changes: int = 0
    """How often it was corrected after it went out."""
    every: str = ""
    """When in each term it leaves, as bot/notice/rhythm.py keeps it; empty where it leaves once."""
    parent: int | None = None
    """Id of the district's notice that this one passes on."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a notice for one person."""

    person: int
    unit: int | None
    state: State | None
    """The best of their rows; None where they have no address."""
    detail: str
    answer: str | None
    """What they gave; None where nothing."""
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many people of a unit stand alike."""

    unit: int | None
    state: State | None
    answered: bool
    count: int
