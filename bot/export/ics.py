"""Dated measures and events as an iCalendar file (RFC 5545) that calendars import and subscribe to."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from icalendar import Calendar, vDate, vRecur
from icalendar import Event as Component

from bot.calendar import SchoolCalendar
from bot.export.entries import Entry, Say, clean, owner_lines
from bot.plan.likeness import WORD, words_of
from bot.plan.model import DateRole, Event, Measure, Precision, Recurrence, Span
from bot.plan.script import fold

MIME = "text/calendar"
EXACT = (Precision.DAY, Precision.DAYS, Precision.WEEK)
LONGEST = 10
"""Days that an exact range is shown as a bar; a longer one is shown on its first workday like a vague time."""
SUMMARY = 60
"""Characters of a title made of a measure's own words."""
WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
RHYTHMS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "week": {"freq": "weekly", "interval": 1},
        "month": {"freq": "monthly", "interval": 1, "byday": WORKDAYS, "bysetpos": 1},
        "quarter": {"freq": "monthly", "interval": 3, "byday": WORKDAYS, "bysetpos": 1},
    }
)
"""Rhythms that a rule can say. What is done every day would only fill a calendar, what is done each term or year falls once in a plan."""
LASTING = {"week": 7, "month": 31, "quarter": 92}
"""Days of a period at least; a rhythm within a shorter time is no repetition."""
EVERY = re.compile(r"每隔?\s*([两二三四五六]|\d{1,2})\s*个?\s*(?:周|星期|礼拜|月|季度?)|(隔周)")
DIGITS = "〇一二三四五六"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an entry stands in a calendar: days (the last included), what its title is marked with, and its rhythm."""

    first: date
    last: date
    mark: str = ""
    rule: vRecur | None = None
    missing: tuple[date, ...] = ()
    """Days of the rule that fall into the holidays."""


def calendar(entries: Iterable[Entry], name: str, say: Say, school: SchoolCalendar, now: datetime, sequence: int = 0) -> bytes:
    """The entries that have a time as one calendar called `name`; those without one, and dates merely spoken of, are left out.

    `now` is aware. `sequence` must not shrink from one export to the next (RFC 5545, 3.8.7.4), so that a calendar takes up what changed;
    the revision of the plans is such a number.
    """
    whole = opened(name, school)
    for one in placed(entries, say, school):
        whole.add_component(component(one, say, now, sequence))
    return bytes(whole.to_ical())


def opened(name: str, school: SchoolCalendar) -> Calendar:
    """A calendar without entries."""
    whole = Calendar()
    whole.add("prodid", "-//planbot//planbot//ZH")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        whole.add(key, line(name))
    whole.add("x-wr-timezone", school.zone)
    return whole


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands in a calendar: under which id, with which title and kind, and where."""

    entry: Entry
    uid: str
    title: str
    kind: str
    place: Slot


def placed(entries: Iterable[Entry], say: Say, school: SchoolCalendar) -> Iterator[Placed]:
    """What the entries put into a calendar; those without a time put nothing."""
    seen: dict[str, int] = {}
    for entry in entries:
        for identity, title, span, rhythm, kind in happenings(entry):
            place = slot(span, rhythm, entry, say, school)
            if place is None:
                continue
            # The same words may stand in a plan several times, each with its own time.
            seen[identity] = seen.get(identity, 0) + 1
            uid = f"{identity}@planbot" if seen[identity] == 1 else f"{identity}-{seen[identity]}@planbot"
            yield Placed(entry, uid, title, kind, place)


def happenings(entry: Entry) -> list[tuple[str, str, Span | None, Recurrence | None, str]]:
    """Id, title, time, rhythm and kind of what stands in the calendar for a measure.

    Events that the measure dates differently stand for themselves; else the measure stands once: by the name of its one event and under
    that event's id, which outlives a rewording of the sentence, or by its own words and under an id of these, which outlives another date.
    """
    measure = entry.measure
    own = [event for event in entry.events if event.date is not None and event.date.acts and not same_days(event.date, measure.date)]
    found = [(event.id, event.name, event.date, event.recurrence, event.kind) for event in own]
    rest = [event for event in entry.events if event not in own]
    if own and not rest:
        return found
    if len(rest) == 1 and not nameless(rest[0], measure):
        return [*found, (rest[0].id, rest[0].name, measure.date or rest[0].date, measure.recurrence, rest[0].kind)]
    date = measure.date or (rest[0].date if len(rest) == 1 else None)
    return [*found, (wording_id(entry), short(measure.text), date, measure.recurrence, rest[0].kind if len(rest) == 1 else "measure")]


def nameless(event: Event, measure: Measure) -> bool:
    """True for an event that goes by the first words of its sentence, which say less than the sentence and change with date and owner."""
    told = [*([measure.date.text] if measure.date else []), *(owner.name for owner in measure.owners)]
    return event.kind in ("event", "deadline") or any(text and text in event.name for text in told)


def wording_id(entry: Entry) -> str:
    """An id of what a measure says, which neither another date nor another owner nor another place changes."""
    measure = entry.measure
    words = words_of(measure)
    for mend in measure.mended:
        for former in mend.former.split("、"):
            words = words.replace(fold(former).lower(), " ", 1) if former else words
    said = "".join(WORD.findall(words)) or measure.id
    return hashlib.sha256("\x1f".join((entry.source.document.issuer, entry.plan.title, said)).encode()).hexdigest()[:12]


def same_days(one: Span, other: Span | None) -> bool:
    """True where two times end on the same day, so that one is the other in fewer words (4月10日 of 4月10日前)."""
    return other is not None and one.end == other.end


def slot(span: Span | None, rhythm: Recurrence | None, entry: Entry, say: Say, school: SchoolCalendar) -> Slot | None:
    """Where a time stands in a calendar; None for one that gives no day."""
    period = entry.plan.period
    # A rhythm without a time of its own holds in all of the plan's days.
    if span is None or not span.acts or (rhythm is not None and rhythm.every in RHYTHMS and span.text in rhythm.text):
        if rhythm is None or rhythm.every not in RHYTHMS or (span is not None and span.role is DateRole.OBJECT):
            return None
        first = workday(period.start, period.end, school)
        return repeated(Slot(first, first, every(rhythm, say)), rhythm, period.end, school)
    if span.role is DateRole.DEADLINE and span.end is not None:
        return Slot(span.end, span.end, say("export.mark_deadline"))
    start = span.start or span.end
    assert start is not None
    end = span.end or start
    exact = span.precision in EXACT
    if span.role is DateRole.OPEN:
        first = start if span.precision is Precision.DAY else workday(start, end, school)
        return repeated(Slot(first, first, say("export.mark", words=span.text)), rhythm, end, school)
    if exact and (end - start).days < LONGEST:
        return Slot(start, end)
    # A year or a half of one begins before the plan does.
    first = workday(max(start, period.start) if period.start <= end else start, end, school)
    words = say("export.month", month=start.month) if span.precision is Precision.MONTH else say("export.mark", words=span.text)
    return repeated(Slot(first, first, words), rhythm, end, school)


def workday(first: date, last: date, school: SchoolCalendar) -> date:
    """The first workday of a range, or its first day where it has none."""
    day = first
    while day <= last and (day - first).days < 60:
        if school.is_workday(day):
            return day
        day += timedelta(days=1)
    return first


def every(rhythm: Recurrence, say: Say) -> str:
    """A rhythm as a mark: 〔每月〕, 〔每2週〕."""
    interval = interval_of(rhythm)
    return say(f"export.every_{rhythm.every}") if interval == 1 else say(f"export.every_{rhythm.every}s", count=interval)


def interval_of(rhythm: Recurrence) -> int:
    """How many periods lie between two occurrences: 2 for 每兩週 and 隔週."""
    match = EVERY.search(fold(rhythm.text))
    if match is None:
        return 1
    if match[2]:
        return 2
    count = match[1].replace("两", "二")
    return max(1, int(count) if count.isdigit() and count.isascii() else DIGITS.index(count))


def repeated(place: Slot, rhythm: Recurrence | None, until: date, school: SchoolCalendar) -> Slot:
    """The slot with the rule of a rhythm, up to the last term that begins before `until`, without the days that fall into holidays."""
    if rhythm is None or rhythm.every not in RHYTHMS:
        return place
    interval = interval_of(rhythm)
    began = school.school_year(until)
    terms = [span for year in (began - 1, began) for span in (school.autumn_term(year), school.spring_term(year)) if span[0] <= until]
    until = min(until, terms[-1][1]) if terms and terms[-1][1] > place.first else until
    if (until - place.first).days < LASTING[rhythm.every] * interval:
        return place
    parts = dict(RHYTHMS[rhythm.every])
    parts["interval"] = interval * int(str(parts["interval"]))
    missing = tuple(day for day in occurrences(place.first, until, rhythm.every, int(str(parts["interval"]))) if not in_term(day, school))
    return replace(place, rule=vRecur({**parts, "until": until}), missing=missing)


def occurrences(first: date, until: date, unit: str, interval: int) -> Iterator[date]:
    """The days of a rule after its first: so many weeks on, or the first Monday to Friday of so many months on."""
    for step in range(1, 400):
        if unit == "week":
            day = first + timedelta(weeks=step * interval)
        else:
            months = first.year * 12 + first.month - 1 + step * interval
            day = date(months // 12, months % 12 + 1, 1)
            day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
        if day > until:
            return
        yield day


def in_term(day: date, school: SchoolCalendar) -> bool:
    """True on the days of a term."""
    first, last = school.term(day)
    return first <= day <= last


def component(one: Placed, say: Say, now: datetime, sequence: int) -> Component:
    """One VEVENT: all day, so that no time of day is invented."""
    entry, place = one.entry, one.place
    event = Component()
    event.add("uid", one.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", sequence)
    if entry.source.changed is not None:
        event.add("last-modified", entry.source.changed.astimezone(UTC))
    event.add("dtstart", vDate(place.first), parameters={"VALUE": "DATE"})
    event.add("dtend", vDate(place.last + timedelta(days=1)), parameters={"VALUE": "DATE"})
    if place.rule is not None:
        event.add("rrule", place.rule)
        for day in place.missing:
            event.add("exdate", vDate(day), parameters={"VALUE": "DATE"})
    event.add("summary", line(place.mark + one.title))
    event.add("description", "\n".join(map(line, description(entry, say))))
    section = entry.section
    event.add("categories", [line(words) for words in (section.title if section else "", say(f"export.kind_{one.kind}")) if words])
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    return event


def description(entry: Entry, say: Say) -> Sequence[str]:
    """The words of the plan, who, when in the plan's words, and where it stands: all that a calendar shows of a citation."""
    measure = entry.measure
    lines = [say("answer.quote", text=measure.text.strip()), *owner_lines(measure.owners, say)]
    times = [one for one in (measure.date.text if measure.date else "", measure.recurrence.text if measure.recurrence else "") if one]
    if times:
        lines.append(say("export.line", name=say("export.head_time"), value=say("comma").join(times)))
    if measure.targets:
        lines.append(say("export.line", name=say("export.head_targets"), value=say("comma").join(measure.targets)))
    key = "export.source" if entry.source.version else "export.source_file"
    lines.append(say(key, place=entry.place, title=entry.title, version=entry.source.version))
    return lines


def short(text: str) -> str:
    """A measure's words as a title."""
    text = text.strip()
    return text if len(text) <= SUMMARY else text[: SUMMARY - 1] + "…"


def line(text: str) -> str:
    """The text in one line without control characters."""
    return " ".join(clean(text).split())
