"""What a question becomes: records of the plan with the evidence for them, no words."""

from dataclasses import dataclass
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
    """Evidence in a word each: the terms that met, `typo`, `title`."""


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
