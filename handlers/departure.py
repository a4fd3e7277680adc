"""When a notice leaves: at once, at a time, or in every term; read from words and told in words."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from bot.errors import Refusal
from bot.notice.asks import Wanted
from bot.notice.rhythm import Rhythm, moments, read_rhythm, unpack
from bot.plan.moment import read_deadline, read_moment
from handlers import receipt
from handlers.room import Services, Turn
from storage.terms import AHEAD
from storage.values import Notice


@dataclass(frozen=True, slots=True)
class Departure:
    """When a notice leaves: at a time, in every term, or (neither) at once."""

    at: datetime | None = None
    every: str = ""
    """A rhythm as it is kept."""

    @property
    def change(self) -> dict[str, Any]:
        """What it changes in a draft."""
        return {"every": self.every} if self.every else {"at": self.at, "at_once": self.at is None}


def check_times(wanted: Wanted, leaves: datetime, now: datetime) -> None:
    """Refusal where it would leave before now, or its answers would have to come before it leaves."""
    if leaves < now:
        raise Refusal("notice.past")
    if wanted.until is not None and wanted.until <= leaves:
        raise Refusal("notice.deadline_past")


def read_departure(text: str, wanted: Wanted, now: datetime, services: Services) -> Departure:
    """When a notice is to leave, from words; Refusal where they name no time to come, or one after the answers have to be there."""
    rhythm = read_rhythm(text)
    if rhythm is not None:
        check_times(wanted, coming(rhythm, services, now)[0], now)
        return Departure(every=rhythm.pack())
    at = read_moment(text, now, services.settings.zone)
    if at is None:
        raise Refusal("notice.no_time")
    check_times(wanted, at, now)
    return Departure(at)


def read_end(text: str, leaving: Departure, now: datetime, services: Services) -> datetime:
    """Until when people may answer, from words; Refusal where they name no day, or none after the notice leaves."""
    until = read_deadline(text, now, services.settings.zone)
    if until is None:
        raise Refusal("notice.no_deadline")
    check_times(Wanted(until=until), leaves(leaving.at, leaving.every, services, now), now)
    return until


def leaves(at: datetime | None, every: str, services: Services, now: datetime) -> datetime:
    """When a notice leaves, or leaves first, if it is confirmed now."""
    return coming(unpack(every), services, now)[0] if every else at or now


def leaving(draft: Notice) -> Departure:
    """What is set in a draft."""
    return Departure(draft.at, draft.every)


def coming(rhythm: Rhythm, services: Services, now: datetime, count: int = AHEAD) -> list[datetime]:
    """The next moments of a rhythm."""
    return [at for _, at in islice(moments(rhythm, services.calendar, services.settings.zone, now), count)]


def when_words(turn: Turn, services: Services, draft: Notice) -> str:
    """When a draft leaves, in words; of every term with the next ones."""
    if draft.every:
        rhythm = unpack(draft.every)
        times = turn.say("comma").join(receipt.local(services, at) for at in coming(rhythm, services, turn.now))
        return turn.say("notice.every_next", every=rhythm_words(turn, rhythm), times=times)
    return receipt.local(services, draft.at) if draft.at else turn.say("notice.at_once")


def rhythm_words(turn: Turn, rhythm: Rhythm) -> str:
    """A rhythm in words that are read as the same one again."""
    clock = f"{rhythm.clock:%H:%M}"
    if rhythm.anchor == "week":
        weekday = turn.say("date.weekdays").split(",")[rhythm.weekday]
        return turn.say("notice.every_week", number=rhythm.number, weekday=weekday, time=clock)
    if not rhythm.number:
        return turn.say(f"notice.every_{rhythm.anchor}", time=clock)
    where = f"{rhythm.anchor}_{'after' if rhythm.number > 0 else 'before'}"
    return turn.say(f"notice.every_{where}", days=abs(rhythm.number), time=clock)
