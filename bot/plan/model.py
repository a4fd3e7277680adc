"""The values a work plan is made of: what reading yields, storage keeps and answers quote."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a unit does in a measure (牽頭, 配合, 參加, 主辦, 督導)."""

    LEAD = "lead"
    SUPPORT = "support"
    JOIN = "join"
    ORGANISE = "organise"
    SUPERVISE = "supervise"


class Basis(StrEnum):
    """How the text ties an owner to a measure."""

    EXPLICIT = "explicit"
    """The clause itself names the unit."""
    INHERITED = "inherited"
    """An earlier clause or sentence names it and its subject carries on."""
    IMPLIED = "implied"
    """Nobody is named; the issuer answers for its own plan."""
    MENDED = "mended"
    """A person who reviewed the plan says so, whatever the text says."""


class Precision(StrEnum):
    """How exactly the text gives a time."""

    DAY = "day"
    DAYS = "days"
    WEEK = "week"
    TENDAY = "tenday"
    MONTH = "month"
    MONTHS = "months"
    QUARTER = "quarter"
    SEASON = "season"
    HALF = "half"
    TERM = "term"
    YEAR = "year"
    SCHOOLYEAR = "schoolyear"
    BREAK = "break"
    UNKNOWN = "unknown"


class DateRole(StrEnum):
    """What a date says of the measure it stands in."""

    WHEN = "when"
    DEADLINE = "deadline"
    OPEN = "open"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit that answers for a measure, as the text writes it."""

    name: str
    role: Role = Role.LEAD
    basis: Basis = Basis.EXPLICIT


@dataclass(frozen=True, slots=True)
class Span:
    """A time as the text words it, with the days it covers (both ends included)."""

    text: str
    """The words of the document, so an answer can be as vague as the plan."""
    start: date | None
    """First day; None for a deadline or where the text cannot be resolved."""
    end: date | None
    """Last day; None for an open end or where the text cannot be resolved."""
    precision: Precision
    role: DateRole = DateRole.WHEN

    @property
    def acts(self) -> bool:
        """True where the date may enter an agenda or a reminder."""
        return self.role is not DateRole.OBJECT and (self.start is not None or self.end is not None)

    @property
    def first(self) -> date | None:
        """The day an agenda sorts by: the start, or a deadline's last day."""
        return self.start or self.end


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rhythm in the text's words and as a period."""

    text: str
    every: str
    """`day`, `week`, `month`, `quarter`, `term`, `year` or `irregular` (定期, 不定期)."""
    times: int | None = None
    """How often in each period, where the text says so (每學期不少於2次)."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A field of a measure that a person has corrected."""

    field: str
    """`owners`, `date` or `recurrence`."""
    former: str
    """What was read from the text, in its words; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A clause or sentence that somebody is to carry out."""

    id: str
    """Stable across imports of the same wording: a digest of plan, place and text."""
    plan: int
    section: int
    item: int
    """0 where the section has no numbered items."""
    text: str
    """The document's own characters, never changed."""
    owners: tuple[Owner, ...]
    date: Span | None = None
    recurrence: Recurrence | None = None
    targets: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    sentence: str = ""
    """The whole sentence the clause stands in, for quoting around it."""
    mended: tuple[Mended, ...] = ()
    """What people corrected in it after it was read."""

    @property
    def lead(self) -> Owner | None:
        """The first leading owner, else the first owner."""
        leading = (owner for owner in self.owners if owner.role is Role.LEAD)
        return next(leading, self.owners[0] if self.owners else None)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: a meet, a festival, a contest, a drill, an inspection."""

    id: str
    plan: int
    section: int
    item: int
    name: str
    kind: str
    """`competition`, `festival`, `training`, `drill`, `inspection`, `meeting`, `campaign`, `deadline` or `event`."""
    text: str
    """The measure's text it comes from."""
    measure: str
    """Id of that measure."""
    owners: tuple[Owner, ...] = ()
    date: Span | None = None
    recurrence: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item of a section; its title is the first sentence where that is a heading."""

    item: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section (一、) of a plan with its items; `text` is what stands outside them."""

    section: int
    title: str
    items: tuple[Item, ...] = ()
    text: str = ""
    label: str = ""
    """The number as the document writes it (一), for naming the place."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days a plan is for, both ends included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Gap:
    """What a person should look at before the plan is released."""

    kind: str
    """`no lead`, `no date`, `two leads`, `two dates`, `no rhythm` or `unknown unit`."""
    section: int
    item: int
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of a document (第一篇)."""

    plan: int
    title: str
    label: str
    """How the document numbers it (第一篇), empty where it has just one plan."""
    period: Period
    preamble: str
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    events: tuple[Event, ...]
    gaps: tuple[Gap, ...] = ()
    signature: str = ""
    """What stands under the last section: who signs, the day, notes; belongs to no section."""


@dataclass(frozen=True, slots=True)
class Document:
    """All that was read from one file."""

    name: str
    """File name without its folder."""
    title: str
    issuer: str
    issuer_inferred: bool
    year: int
    """The calendar year that 今年 means."""
    year_inferred: bool
    digest: str
    """SHA-256 of the document's text, hexadecimal; the same digest is the same document."""
    plans: tuple[Plan, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    """The shorter names that the text itself gives (以下簡稱…), as pairs of name and alias."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of all plans in order."""
        return tuple(measure for plan in self.plans for measure in plan.measures)


def place(plan: Plan, section: int, item: int) -> str:
    """Name a place as people cite it, `第二篇 三、6`; parts that the document lacks are left out.

    What stands before the first section is the 前言.
    """
    number = next((row.label for row in plan.sections if row.section == section), "") or (str(section) if section else "前言")
    inner = f"{number}、{item}" if item and number else number
    return " ".join(part for part in (plan.label, inner) if part)
