"""A calendar that programs subscribe to: what changed counts SEQUENCE up, what is gone is CANCELLED for a while, the rest stays."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Event as Component
from icalendar import vDate

from bot.calendar import SchoolCalendar
from bot.export.entries import Entry, Say
from bot.export.ics import Placed, component, line, opened, placed

KEPT = timedelta(days=90)
"""How long a cancelled entry is still told; programs fetch at least once a day or week."""
EVERY = timedelta(hours=6)
"""How often a program is asked to look (RFC 7986, 5.7)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed said of an entry last."""

    uid: str
    digest: str
    sequence: int
    changed: datetime
    summary: str
    first: date
    last: date
    gone: datetime | None = None
    """When it was cancelled."""


def revised(entries: Iterable[Entry], say: Say, school: SchoolCalendar, told: Mapping[str, Told], now: datetime) -> dict[str, Told]:
    """What the feed says now of every entry, from what it said before; equal to `told` where nothing changed.

    RFC 5545, 3.8.7.4: a changed date counts the SEQUENCE up; 3.8.1.11: what is not held any more is CANCELLED.
    """
    found: dict[str, Told] = {}
    for one in placed(entries, say, school):
        before = told.get(one.uid)
        mark = digest(one, say)
        summary = line(one.place.mark + one.title)
        if before is not None and before.digest == mark and before.gone is None:
            found[one.uid] = before
        else:
            sequence = before.sequence + 1 if before is not None else 0
            found[one.uid] = Told(one.uid, mark, sequence, now, summary, one.place.first, one.place.last)
    for uid, before in told.items():
        if uid in found:
            continue
        if before.gone is None:
            found[uid] = replace(before, sequence=before.sequence + 1, changed=now, gone=now)
        elif now - before.gone < KEPT:
            found[uid] = before
    return found


def digest(one: Placed, say: Say) -> str:
    """Names all that an entry shows, without its times of change."""
    bare = component(
        replace(one, entry=replace(one.entry, source=replace(one.entry.source, changed=None))), say, datetime(2000, 1, 1, tzinfo=UTC), 0
    )
    return hashlib.sha256(bytes(bare.to_ical())).hexdigest()[:24]


def feed(entries: Iterable[Entry], name: str, say: Say, school: SchoolCalendar, told: Mapping[str, Told]) -> bytes:
    """The calendar as `told` has it; the same bytes as long as nothing changes."""
    whole = opened(name, school)
    whole.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT6H")
    for one in placed(entries, say, school):
        known = told[one.uid]
        bare = replace(one, entry=replace(one.entry, source=replace(one.entry.source, changed=known.changed)))
        whole.add_component(component(bare, say, known.changed, known.sequence))
    for known in told.values():
        if known.gone is not None:
            whole.add_component(cancelled(known))
    return bytes(whole.to_ical())


def cancelled(known: Told) -> Component:
    """An entry that the plans have no more."""
    event = Component()
    event.add("uid", known.uid)
    event.add("dtstamp", known.changed.astimezone(UTC))
    event.add("last-modified", known.changed.astimezone(UTC))
    event.add("sequence", known.sequence)
    event.add("dtstart", vDate(known.first), parameters={"VALUE": "DATE"})
    event.add("dtend", vDate(known.last + timedelta(days=1)), parameters={"VALUE": "DATE"})
    event.add("summary", known.summary)
    event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")
    return event
