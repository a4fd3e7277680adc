"""What a question becomes: records of the plan with the evidence for them, no words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.plan.model import Document, Event, Measure, Plan


class Kind(StrEnum):
    """What a question asks for."""

    WHO = "who"
    WHEN = "when"
    WHAT = "what"
    LIST = "list"
    HOWMANY = "howmany"
    DOCUMENT = "document"
    COMPARE = "compare"
    CHAT = "chat"


class Status(StrEnum):
    """Whether the plan answers."""

    ANSWERED = "answered"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A released document with its row in the database (0 and 0 where it was read straight from a file)."""

    plan: int
    version: int
    document: Document


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a measure was found, with its share of all reasons."""

    name: str
    """`words`, `title`, `spelling`, `meaning`, `kind`, `unit`, `time`, `plan` or `talk`."""
    share: float
    """0 to 1; the shares of a hit add up to 1."""


@dataclass(frozen=True, slots=True)
class Differs:
    """Where the plan speaks of something near but not of what was asked: asked of 中学, the plan has 小学. Folded words."""

    asked: str
    planned: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was read as, to be said back where the plan does not answer. Words are folded (simplified script)."""

    words: tuple[str, ...] = ()
    """What was searched for, without question words and greetings."""
    units: tuple[str, ...] = ()
    """Units of the plans that the question names."""
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    first: date | None = None
    """First day of a time that the question names by the calendar (下周), with `last`."""
    last: date | None = None
    place: tuple[int, int, int] = (0, 0, 0)
    """Plan, section, item; 0 where not named."""
    plans: tuple[str, ...] = ()
    """`spring`, `year`, `second` … where the question chooses a plan."""
    aspects: tuple[str, ...] = ()
    """Properties asked for by name: `phone`, `money`, `clock`, `venue`, `named`, `issued`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A measure found, with where it stands and why it was found."""

    measure: Measure
    plan: Plan
    shelf: Shelf
    place: str
    """`第一篇 六`, `第二篇 三、6`."""
    score: float
    """0 to 1."""
    why: tuple[str, ...] = ()
    """Evidence in a word each: the terms that met, `title`."""
    evidence: tuple[Evidence, ...] = ()
    """What spoke for it, the weightiest first; empty for a measure that was looked up and not searched for."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with where it stands."""

    event: Event
    plan: Plan
    shelf: Shelf
    place: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question."""

    question: str
    kind: Kind
    status: Status
    hits: tuple[Hit, ...] = ()
    """Best first; the choices where ambiguous; all of them for list and compare."""
    near: tuple[Hit, ...] = ()
    """Where unknown: up to three nearest places."""
    script: str = ""
    """Script of the question: `hant`, `hans`, or empty where it does not show (Latin letters, shared characters)."""
    subject: str = ""
    """The question's words that are searched for, carried into a follow-up."""
    missing: str = ""
    """Where unknown: the words of the question that no plan has."""
    understood: Understood = Understood()
    """What the question was read as."""
    lacks: str = ""
    """The property that was asked for and that the nearest place does not give: an aspect's name, `count` for a figure, `owner`, `date`."""
    differs: tuple[Differs, ...] = ()
    """Where the nearest place speaks of something else of the same sort than was asked; a year stands in digits."""
    curated: int = 0
    """Row of the answer that an administrator gave to this question; 0 where the plans were searched."""
    told: str = ""
    """Where an administrator answered in their own words: these."""
