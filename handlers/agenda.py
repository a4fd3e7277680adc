"""The agenda: what the plans ask for today, this week or in a month, for everybody or for one unit."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.ask import normal
from bot.ask.answer import Hit
from bot.chat import Action, Button, Reply
from bot.errors import Refusal
from bot.people import Unit
from bot.plan.model import Precision
from bot.plan.national import NationalDay, national_days
from handlers.room import Room, Services, Turn
from handlers.wording import convert, day, day_words, month, near_day, shorten, who

LONG = 62
"""Days; what runs longer than two months is no entry of a day or a week, and is counted at the end."""
PAGE = 10
"""Entries shown at once."""

room = Room("agenda")


@dataclass(frozen=True, slots=True)
class Window:
    """The days an agenda is about; `name` is `today`, `week`, `month` or a month such as `2027-04`."""

    name: str
    first: date
    last: date


def window(name: str, today: date) -> Window | None:
    """The days behind a name; None where the name is none of ours."""
    if name == "today":
        return Window(name, today, today)
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return Window(name, monday, monday + timedelta(days=6))
    if name == "month":
        name = f"{today:%Y-%m}"
    if name == "next":
        name = f"{(today.replace(day=1) + timedelta(days=32)):%Y-%m}"
    year, dash, month = name.partition("-")
    if dash and year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12 and int(year) >= 1:
        first = date(int(year), int(month), 1)
        return Window(f"{first:%Y-%m}", first, first.replace(day=monthrange(first.year, first.month)[1]))
    return None


def concerns(services: Services, hit: Hit, unit: Unit) -> bool:
    """True where an owner of the measure is the unit or a group that it belongs to."""
    return any(services.register().concerns(owner.name, unit) for owner in hit.measure.owners)


def entries(services: Services, days: Window, unit: Unit | None) -> tuple[list[Hit], int]:
    """The measures within these days that concern the unit (all where None), in order, and how many longer ones run meanwhile."""
    shown: list[Hit] = []
    long = 0
    for hit in services.library().entries(days.first, days.last):
        if unit is not None and not concerns(services, hit, unit):
            continue
        span = hit.measure.date
        if span is None:
            continue
        begins_or_ends = any(edge and days.first <= edge <= days.last for edge in (span.start, span.end))
        if span.start and span.end and (span.end - span.start).days > LONG and not (begins_or_ends and days.name not in ("today", "week")):
            long += 1
        else:
            shown.append(hit)
    return shown, long


@room.command("agenda")
async def agenda(turn: Turn, services: Services) -> Reply:
    """`/agenda`, `/agenda week`, `/agenda 4月`, `/agenda` with a unit's name, or both."""
    today = turn.now.astimezone(services.settings.zone).date()
    days, rest = _window_in(turn, turn.args, today)
    unit = None
    if rest:
        unit = next(iter(services.register().members(rest)), None)
        if unit is None:
            return Reply(turn.say("unit.unknown", name=shorten(rest, 20)), (_buttons(turn, None),))
    return show(turn, services, days, unit, 0)


@room.button("agenda")
async def turn_page(turn: Turn, services: Services) -> Reply:
    """Another span of days, unit or page: the reference is `name.unit.page`."""
    name, _, rest = turn.args.partition(".")
    number, _, page = rest.partition(".")
    days = window(name, turn.now.astimezone(services.settings.zone).date())
    if days is None:
        raise Refusal("desk.stale_button")
    unit = next((unit for unit in services.register().units if str(unit.id) == number), None)
    return show(turn, services, days, unit, int(page) if page.isdecimal() and len(page) < 5 else 0)


def show(turn: Turn, services: Services, days: Window, unit: Unit | None, page: int) -> Reply:
    """One page of the agenda of these days."""
    found, long = entries(services, days, unit)
    head = turn.say(f"agenda.{days.name}" if days.name in ("today", "week") else "agenda.month", span=span_words(turn, days))
    if unit is not None:
        head = turn.say("agenda.of_unit", head=head, unit=unit.name)
    start = page * PAGE
    lines = [head]
    if not found:
        lines.append(turn.say("agenda.none"))
    lines += rows(turn, found[start : start + PAGE], start)
    if long:
        lines.append(turn.say("agenda.long", count=long))
    if page == 0 and (days_of_all := national(turn, services, days)):
        lines.append(days_of_all)
    buttons = [_buttons(turn, unit)]
    reference = str(unit.id) if unit else ""
    paging = []
    if page:
        paging.append(Button(turn.say("page.back"), Action("agenda", f"{days.name}.{reference}.{page - 1}")))
    if len(found) > start + PAGE:
        lines.append(turn.say("agenda.rest", count=len(found) - start - PAGE))
        paging.append(Button(turn.say("page.more"), Action("agenda", f"{days.name}.{reference}.{page + 1}")))
    if paging:
        buttons.insert(0, tuple(paging))
    if found:
        at = f"{days.name}.{reference}"
        seen = Button(turn.say("outlook.button"), Action("agenda_picture", at))
        buttons.append((seen, Button(turn.say("agenda.button_calendar"), Action("agenda_file", at))))
    return Reply("\n".join(lines), tuple(buttons))


def rows(turn: Turn, hits: Sequence[Hit], start: int) -> list[str]:
    """A line for each measure: when, what, who; a vague time is said in the plan's own words."""
    lines = []
    for number, hit in enumerate(hits, start + 1):
        span = hit.measure.date
        time = turn.say("answer.undated") if span is None else day_words(turn, span)
        if span is not None and span.precision not in (Precision.DAY, Precision.DAYS, Precision.MONTH) and span.start and span.end:
            time = span.text
        text, name = shorten(hit.measure.text, 60), who(turn, hit.measure, short=True)
        edge = (span.start or span.end) if span is not None and span.precision is Precision.DAY else None
        if span is None or not span.text or span.text not in text or (edge is not None and not figured(span.text)):
            lines.append(turn.say("agenda.row", number=number, time=time, text=text, who=name))
        elif edge is not None:
            # The sentence says the day itself; what it does not say is the day of the week.
            weekday = turn.say("date.weekdays").split(",")[edge.weekday()]
            lines.append(turn.say("agenda.row_weekday", number=number, weekday=weekday, text=text, who=name))
        else:
            lines.append(turn.say("agenda.row_plain", number=number, text=text, who=name))
    return lines


def figured(words: str) -> bool:
    """True where words name a day by its number; 國慶節前 and the like do not."""
    return any(char.isdecimal() for char in normal.key(words))


def national(turn: Turn, services: Services, days: Window) -> str:
    """The days that the whole country keeps within the window, in one line marked as such; empty where there are none or none count."""
    if services.settings.calendar.region != "mainland":
        return ""
    # What runs for weeks is named where it begins; a day's or a week's agenda would otherwise carry it every time.
    found = [
        day for day in national_days(days.first, days.last) if day.start >= days.first or (day.end - day.start) <= (days.last - days.first)
    ]
    named = [turn.say("agenda.national_row", time=national_time(turn, day), name=national_name(turn, day)) for day in found]
    return turn.say("agenda.national", days=turn.say("semicolon").join(named)) if named else ""


def national_name(turn: Turn, day: NationalDay) -> str:
    """The name of a national day in the language of the turn."""
    if turn.language == "en":
        return day.english
    return convert(day.name, "hant") if turn.language == "zh-Hant" else day.name


def national_time(turn: Turn, day: NationalDay) -> str:
    """When a national day is, without its year; a whole month is called a month."""
    if day.start.day == 1 and (day.end + timedelta(days=1)).day == 1 and day.start.month == day.end.month:
        return turn.say("agenda.national_month", month=day.start.month)
    start, end = (turn.say("agenda.national_day", month=edge.month, day=edge.day) for edge in (day.start, day.end))
    return start if day.start == day.end else turn.say("agenda.national_range", start=start, end=end)


def span_words(turn: Turn, days: Window) -> str:
    """The days as they are said: a day with its weekday, a month, or the first and the last day."""
    if days.first == days.last:
        return day(turn, days.first)
    if days.name not in ("today", "week"):
        return month(turn, days.first)
    end = near_day(turn, days.last) if days.first.year == days.last.year else day(turn, days.last)
    return turn.say("date.range", start=day(turn, days.first), end=end)


def _buttons(turn: Turn, unit: Unit | None) -> tuple[Button, ...]:
    reference = str(unit.id) if unit else ""
    return tuple(
        Button(turn.say(f"agenda.button_{name}"), Action("agenda", f"{name}.{reference}.0")) for name in ("today", "week", "month", "next")
    )


def _window_in(turn: Turn, text: str, today: date) -> tuple[Window, str]:
    """The days that a text names and what is left of it; this month where it names none."""
    rest = text.strip()
    for name in ("today", "week", "next", "month"):
        for word in sorted(turn.texts.words(f"agenda.words_{name}"), key=len, reverse=True):
            if rest.lower().startswith(word.lower()):
                found = window(name, today)
                assert found is not None
                return found, rest[len(word) :].strip()
    sign = turn.say("agenda.month_sign")
    digits = rest.partition(sign)[0].strip()
    if sign in rest and digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 12:
        year = today.year if int(digits) >= today.month - 5 else today.year + 1
        found = window(f"{year:04d}-{int(digits):02d}", today)
        assert found is not None
        return found, rest.partition(sign)[2].strip()
    found = window(rest.split(" ")[0], today) if rest else None
    if found is not None:
        return found, rest.partition(" ")[2].strip()
    found = window("month", today)
    assert found is not None
    return found, rest
