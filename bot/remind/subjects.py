"""What can be waited for in the plans: their events, and the measures that name none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.plan.events import title
from bot.plan.model import DateRole, Document, Event, Measure, Period, Plan, Precision, Recurrence, Span
from bot.plan.rhythms import goes_on

DEFINITE = (Precision.DAY, Precision.DAYS)
DRILL = "drill"
MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something of a plan that people may wait for."""

    id: str
    """Of the event, else of the measure."""
    measure: str
    """Id of the measure it stands in."""
    document: int
    """Number of the document in the store, 0 where it was read from a file."""
    place: tuple[int, int, int]
    """Plan, section and item."""
    name: str
    kind: str
    """The event's kind, `measure` where the plan names no event."""
    text: str
    owners: tuple[str, ...]
    span: Span | None
    recurrence: Recurrence | None
    period: Period
    """The days its plan is for."""
    side: bool = False
    """A further event of a measure: announced to those who follow it by name, not to everybody whom the measure concerns."""

    @property
    def waits(self) -> bool:
        """True where the plan gives a time or a rhythm to wait for, or a national rule does (drills)."""
        if self.span is not None and self.span.acts:
            return True
        return self.kind == DRILL or (self.recurrence is not None and self.recurrence.every != "irregular")

    @property
    def goes_on(self) -> bool:
        """True where what it has at a time of its own comes back afterwards, until its plan ends."""
        regular = self.recurrence is not None and self.recurrence.every not in ("irregular", "year", "day")
        return regular and self.span is not None and self.span.acts and self.span.end is not None and goes_on(self.text)

    @property
    def section(self) -> str:
        """The section it stands in, as subscriptions refer to it."""
        return f"{self.document}.{self.place[0]}.{self.place[1]}"

    @property
    def last(self) -> date | None:
        """The last day on which it is still of interest; None where it has no end of its own."""
        if self.span is None or not self.span.acts:
            return None
        return self.period.end if self.goes_on else self.span.end or self.span.start


def of_event(event: Event, plan: Plan, document: int, side: bool = False) -> Subject:
    """The subject of an event; one without a date of its own has none, whatever its measure says."""
    place = (event.plan, event.section, event.item)
    owners = tuple(owner.name for owner in event.owners)
    return Subject(
        event.id, event.measure, document, place, event.name, event.kind, event.text, owners,
        event.date, event.recurrence, plan.period, side,
    )  # fmt: skip


def of_measure(measure: Measure, plan: Plan, document: int) -> Subject:
    """The subject of a measure that names no event."""
    place = (measure.plan, measure.section, measure.item)
    owners = tuple(owner.name for owner in measure.owners)
    return Subject(
        measure.id, measure.id, document, place, title(measure.text), MEASURE, measure.text, owners,
        measure.date, measure.recurrence, plan.period,
    )  # fmt: skip


def subjects(document: Document, number: int = 0) -> Iterator[Subject]:
    """All subjects of a document that can be waited for, in its order: of each measure one, and its further events beside it."""
    for plan in document.plans:
        named: dict[str, list[Event]] = {}
        for event in plan.events:
            named.setdefault(event.measure, []).append(event)
        for measure in plan.measures:
            events = sorted(named.get(measure.id, ()), key=lambda event: event.date is None)
            found = [of_event(event, plan, number, side=at > 0) for at, event in enumerate(events)] or [of_measure(measure, plan, number)]
            yield from (subject for subject in found if subject.waits)


def definite(span: Span) -> bool:
    """True where the date names a day to count back from: a day, the first of several days, or a deadline's last day."""
    return span.precision in DEFINITE or (span.role is DateRole.DEADLINE and span.end is not None)
