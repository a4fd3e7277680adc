"""The time ahead in a picture and in a line: what falls on which day, full weeks, and days on which two things meet."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.ask.answer import Hit
from bot.chat import File, Reply
from bot.draw.outlook import Mark, Week, Words, draw_outlook
from bot.errors import Refusal
from bot.plan.model import DateRole
from bot.remind.subjects import DEFINITE
from handlers import agenda
from handlers.room import Room, Services, Turn
from handlers.standing import clock, today
from handlers.wording import month, shorten, spoken

FULL = 5
"""From so many things with a day of their own on a week is full."""
LONGEST = 7
"""Days; what lasts longer is no appointment and fills no day."""

room = Room("outlook")


def marks(turn: Turn, services: Services, hits: Iterable[Hit]) -> list[Mark]:
    """What these measures put on which days, by the names of their events, in the order of time."""
    found: dict[tuple[str, date, date], Mark] = {}
    for hit in hits:
        span = hit.measure.date
        if span is None or not span.acts:
            continue
        happening = services.library().event_of(hit.measure.id)
        title = spoken(turn, happening.event.name if happening else hit.measure.text)
        first = span.end if span.role is DateRole.DEADLINE or span.start is None else span.start
        last = span.end or hit.plan.period.end
        if first is None:
            continue
        exact = (span.role is DateRole.DEADLINE or span.precision in DEFINITE) and (last - first).days < LONGEST
        found[title, first, last] = Mark(shorten(title, 40), first, last, exact and span.role is not DateRole.OPEN)
    return sorted(found.values(), key=lambda mark: (mark.first, mark.last, mark.title))


def weeks(turn: Turn, services: Services, found: Sequence[Mark], day: date) -> list[Week]:
    """The weeks of the term from the one of `day` on."""
    term = services.calendar.term(day)
    shown: list[Week] = []
    number = 1
    while True:
        monday, sunday = services.calendar.week(term, number)
        if monday > term[1]:
            return shown
        if sunday >= day:
            shown.append(week(turn.say("outlook.week", number=number), monday, found))
        number += 1


def week(name: str, monday: date, found: Sequence[Mark]) -> Week:
    """One week with how full it is and where two things meet."""
    days = [monday + timedelta(days=at) for at in range(7)]
    exact = [mark for mark in found if mark.exact and mark.first <= days[-1] and mark.last >= monday]
    clashes = tuple(day for day in days if sum(mark.first <= day <= mark.last for mark in exact) > 1)
    return Week(name, monday, len(exact), len(exact) >= FULL, clashes)


def summary(turn: Turn, shown: Sequence[Week]) -> list[str]:
    """Full weeks and days on which two things meet, a line each; nothing where there are none."""
    full = [turn.say("outlook.full_week", name=one.name, count=one.count) for one in shown if one.full]
    clashes = [turn.say("board.day", month=day.month, day=day.day) for one in shown for day in one.clashes]
    lines = [turn.say("outlook.full", weeks=turn.say("comma").join(full[:6]))] if full else []
    return [*lines, turn.say("outlook.clash", days=turn.say("comma").join(clashes[:8]))] if clashes else lines


async def picture(turn: Turn, services: Services, hits: Sequence[Hit], title: str, first: date) -> File:
    """The month of `first` and the rest of the term of these measures, as PNG."""
    now = today(services, turn.now)
    found = marks(turn, services, hits)
    shown = weeks(turn, services, found, max(now, first.replace(day=1)))
    days = (first.replace(day=1) + timedelta(days=at) for at in range(31))
    off = {day for day in days if not services.calendar.is_workday(day)}
    words = Words(
        title, turn.say("board.at", time=clock(turn, services, turn.now)), turn.say("outlook.weekdays").split(","),
        turn.say("outlook.more", count="{count}"), turn.say("outlook.vague"), turn.say("outlook.term"),
        turn.say("outlook.word_full"), turn.say("outlook.word_clash"), turn.say("outlook.word_none"),
    )  # fmt: skip
    data = await asyncio.to_thread(draw_outlook, words, first, found, shown, now, off)
    return File(f"{turn.say('outlook.file')}.png", "image/png", data)


@room.button("agenda_picture")
async def agenda_picture(turn: Turn, services: Services) -> Reply:
    """看圖 under an agenda: its month and the term ahead; the reference is `days.unit` as the agenda's own buttons have it."""
    name, _, number = turn.args.partition(".")
    now = today(services, turn.now)
    days = agenda.window(name, now)
    unit = next((unit for unit in services.register().units if str(unit.id) == number), None)
    if days is None or (number and unit is None):
        raise Refusal("desk.stale_button")
    first = days.first.replace(day=1)
    last = max(services.calendar.term(now)[1], (first + timedelta(days=32)).replace(day=1))
    hits = [hit for hit in services.library().entries(first, last) if unit is None or agenda.concerns(services, hit, unit)]
    title = month(turn, first)
    if unit is not None:
        title = turn.say("agenda.of_unit", head=title, unit=unit.name)
    shown = weeks(turn, services, marks(turn, services, hits), max(now, first))
    said = summary(turn, shown) or [turn.say("outlook.calm")]
    return Reply("\n".join([title, *said]), files=(await picture(turn, services, hits, title, first),))
