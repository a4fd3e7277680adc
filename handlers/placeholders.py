"""What stands for the placeholders that are the same for all readers of a notice: its day, its end, the term, the time of an event."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from bot.errors import Refusal
from bot.notice.placeholders import OWN, Slot, fill, slots_in
from bot.plan.model import Span
from bot.plan.script import fold
from handlers.departure import leaves
from handlers.recipients import events_called
from handlers.room import Services, Turn
from handlers.wording import day, day_words
from storage.values import Notice


def completed(turn: Turn, services: Services, notice: Notice, at: datetime) -> str:
    """A notice's text as it leaves at that time, but for what each reader has of their own.

    Refusal where a placeholder has no value (`notice.no_value`), or an event's name means several with other times (`notice.two_events`).
    """
    values = {one.key: value(turn, services, notice, at, one) for one in slots_in(notice.text) if one.field not in OWN}
    missing = [key.partition(":")[2] or _named(turn, key) for key, found in values.items() if not found]
    if missing:
        raise Refusal("notice.no_value", names=" ".join(f"{{{name}}}" for name in missing))
    return fill(notice.text, values)


def shown_text(turn: Turn, services: Services, notice: Notice, at: datetime) -> str:
    """The same for a look at a draft: what has no value yet stays in its braces."""
    try:
        return completed(turn, services, notice, at)
    except Refusal:
        return notice.text


def as_sent(turn: Turn, services: Services, draft: Notice) -> Notice:
    """A draft with the text that it would leave with, for a look at it."""
    return replace(draft, text=shown_text(turn, services, draft, leaves(draft.at, draft.every, services, turn.now)))


def value(turn: Turn, services: Services, notice: Notice, at: datetime, asked: Slot) -> str:
    """What stands for a placeholder in a notice that leaves at that time; empty where nothing does."""
    today = at.astimezone(services.settings.zone).date()
    if asked.field == "date":
        return day(turn, today)
    if asked.field == "until":
        return _moment(turn, services, notice.wanted.until) if notice.wanted.until else ""
    if asked.field in ("term", "year"):
        return term_words(turn, services, today, asked.field)
    spans = {day_words(turn, span): None for span in _spans(services, asked.of, today)}
    if len(spans) > 1:
        raise Refusal("notice.two_events", name=asked.of, times=turn.say("semicolon").join(spans))
    return next(iter(spans), "")


def term_words(turn: Turn, services: Services, today: date, field: str = "term") -> str:
    """The term that a day lies in (in a break the coming one), or its school year, in words."""
    first, _ = services.calendar.term(today)
    began = services.calendar.school_year(first)
    if field == "year":
        return turn.say("notice.school_year", year=began, next=began + 1)
    season = "autumn" if first == services.calendar.autumn_term(began)[0] else "spring"
    return turn.say(f"notice.term_{season}", year=began, next=began + 1)


def _moment(turn: Turn, services: Services, moment: datetime) -> str:
    """A moment as a sentence has it: the day with its weekday, and the time where it is not the day's last minute."""
    local = moment.astimezone(services.settings.zone)
    return day(turn, local.date()) + ("" if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M}")


def _named(turn: Turn, field: str) -> str:
    return turn.say(f"notice.field_{field}")


def _spans(services: Services, name: str, today: date) -> Iterator[Span]:
    """The times of the events that a name means: by their whole name before a part of it, those to come before those that are over."""
    wanted = fold(name).replace(" ", "")
    rows = events_called(services, name)
    same = [row for row in rows if fold(row.event.name).replace(" ", "") == wanted] or rows
    spans = [row.event.date for row in same if row.event.date is not None and row.event.date.acts]
    yield from [span for span in spans if (span.end or span.start or today) >= today] or spans
