"""What changed about a measure beside its wording: its time, rhythm, owners, targets and the papers it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.plan.model import Basis, DateRole, Measure, Owner, Plan, Span
from bot.plan.script import fold

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Kind(StrEnum):
    """What changed about a measure beside its wording."""

    DATE = "date"
    RHYTHM = "rhythm"
    OWNER = "owner"
    ROLE = "role"
    TARGET = "target"
    DOCUMENT = "document"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: the document's own words before and after, empty where there was or is nothing."""

    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(old: Sequence[Measure], new: Sequence[Measure], years: int) -> Iterator[Change]:
    """What changed about these measures beside their wording."""
    yield from date_changes([time_of(measure) for measure in old], [time_of(measure) for measure in new], years)
    rhythms = [tuple(dict.fromkeys(one.recurrence.text for one in side if one.recurrence)) for side in (old, new)]
    if {fold(text) for text in rhythms[0]} != {fold(text) for text in rhythms[1]}:
        yield Change(Kind.RHYTHM, rhythms[0], rhythms[1])
    yield from owner_changes([owner for measure in old for owner in measure.owners], [owner for one in new for owner in one.owners])
    targets = [[text for measure in side for text in measure.targets] for side in (old, new)]
    documents = [[text for measure in side for text in measure.documents] for side in (old, new)]
    for kind, (first, second) in ((Kind.TARGET, targets), (Kind.DOCUMENT, documents)):
        gone, come = apart(first, second)
        if gone or come:
            yield Change(kind, gone, come)


def apart(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the first has, and what only the second has; each once, whatever its script."""
    first, second = {fold(text): text for text in old}, {fold(text): text for text in new}
    return tuple(first[one] for one in first if one not in second), tuple(second[one] for one in second if one not in first)


def time_of(measure: Measure) -> Span | None:
    """The time of a measure; None where it is merely the days in which a rhythm holds."""
    rhythmic = measure.recurrence is not None and measure.date is not None and measure.date.text in measure.recurrence.text
    return None if rhythmic else measure.date


def date_changes(old: Sequence[Span | None], new: Sequence[Span | None], years: int) -> Iterator[Change]:
    """A change of the times that measures are to be carried out; a date merely spoken of is wording."""
    first = [span for span in old if span is not None and span.role is not DateRole.OBJECT]
    second = [span for span in new if span is not None and span.role is not DateRole.OBJECT]
    texts = [{fold(span.text) for span in side} for side in (first, second)]
    if texts[1] in (texts[0], {yeared(text, years) for text in texts[0]}):
        return
    days = {(later(span.start, years), later(span.end, years), span.role) for span in first}
    if days == {(span.start, span.end, span.role) for span in second} and all(start or end for start, end, _ in days):
        return
    yield Change(Kind.DATE, tuple(dict.fromkeys(span.text for span in first)), tuple(dict.fromkeys(span.text for span in second)))


def owner_changes(old: Sequence[Owner], new: Sequence[Owner]) -> Iterator[Change]:
    """Units that were replaced, added or left out, and units that stay with another role; whom the text does not name is nobody."""
    old, new = ([owner for owner in side if owner.basis is not Basis.IMPLIED] for side in (old, new))
    gone, come = apart([owner.name for owner in old], [owner.name for owner in new])
    if gone or come:
        yield Change(Kind.OWNER, gone, come)
    roles = [{fold(owner.name): owner for owner in reversed(side)} for side in (old, new)]
    for name, owner in roles[0].items():
        if name in roles[1] and roles[1][name].role is not owner.role:
            yield Change(Kind.ROLE, (owner.name, owner.role.value), (roles[1][name].name, roles[1][name].role.value))


def shift(before: Sequence[Plan], after: Sequence[Plan]) -> int:
    """Whole years from the first side's plans to the second's, 0 where they are for other parts of the year.

    A plan and its successor a year later have the same dates a year apart, which is no change of date.
    """
    if not before or not after:
        return 0
    first, second = (min(plan.period.start for plan in side) for side in (before, after))
    months = (second.year - first.year) * 12 + second.month - first.month
    years = round(months / 12)
    return years if abs(months - 12 * years) <= 1 else 0


def yeared(text: str, years: int) -> str:
    """The text with every calendar year in it so many years later."""
    return YEAR.sub(lambda match: str(int(match[0]) + years), text) if years else text


def later(day: date | None, years: int) -> date | None:
    """The same day so many years later; 29 February becomes the 28th."""
    if day is None or not years:
        return day
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)
