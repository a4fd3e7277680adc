"""When a reminder of one's own is due: its rule as data, and its moments between two times."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendar import SchoolCalendar
from bot.plan.wishes import Before, Every, Once
from bot.remind.planning import moment_of


def rule_data(when: Once | Every | Before, begun: date, subject: str = "") -> dict[str, Any]:
    """A rule as JSON takes it; `begun` is the local day it was set on, `subject` the lasting id of the event it hangs on."""
    if isinstance(when, Once):
        return {"kind": "once", "at": when.at.astimezone(UTC).isoformat()}
    if isinstance(when, Before):
        return {"kind": "before", "subject": subject, "days": when.days, "time": f"{when.at:%H:%M}"}
    return {
        "kind": "every",
        "every": when.every,
        "time": f"{when.at:%H:%M}",
        "step": when.step,
        "weekdays": list(when.weekdays),
        "nth": when.nth,
        "day": when.day,
        "month": when.month,
        "begun": begun.isoformat(),
    }


def times(
    rule: Mapping[str, Any], after: datetime, until: datetime, zone: ZoneInfo, calendar: SchoolCalendar, about: date | None = None
) -> Iterator[datetime]:
    """The moments of a rule after one time and up to another, in order, in UTC; `about` is the day of the event it hangs on."""
    if rule["kind"] == "once":
        moments: Iterator[datetime] = iter([datetime.fromisoformat(rule["at"])])
    elif rule["kind"] == "before":
        days = [] if about is None else [moment_of(about - timedelta(days=rule["days"]), _time(rule), zone)]
        moments = iter(days)
    else:
        # A day earlier and later, because a local day may begin before and end after it in UTC.
        first, last = after.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date() + timedelta(days=1)
        moments = (moment_of(day, _time(rule), zone) for day in days_of(rule, first, last, calendar))
    yield from (moment for moment in moments if after < moment <= until)


def days_of(rule: Mapping[str, Any], first: date, last: date, calendar: SchoolCalendar) -> Iterator[date]:
    """The days of a rhythm between two days, both included."""
    begun = date.fromisoformat(rule["begun"])
    day = first
    while day <= last:
        if falls(rule, day, begun, calendar):
            yield day
        day += timedelta(days=1)


def falls(rule: Mapping[str, Any], day: date, begun: date, calendar: SchoolCalendar) -> bool:
    """True where a rhythm falls on a day."""
    every, step = rule["every"], rule["step"]
    if every == "day":
        return bool((day - begun).days % step == 0)
    if every == "workday":
        return calendar.is_workday(day)
    if every == "week":
        weeks = (day - timedelta(days=day.weekday()) - (begun - timedelta(days=begun.weekday()))).days // 7
        return bool(day.weekday() in rule["weekdays"] and weeks % step == 0)
    if every == "year":
        return bool(day.month == rule["month"] and day.day == min(rule["day"], monthrange(day.year, day.month)[1]))
    if every == "quarter":
        edge = 1 if rule["day"] == 1 else 0
        return day.month % 3 == edge and day.day == (1 if edge else monthrange(day.year, day.month)[1])
    months = (day.year - begun.year) * 12 + day.month - begun.month
    return bool(months % step == 0) and _falls_in_month(rule, day, calendar)


def _falls_in_month(rule: Mapping[str, Any], day: date, calendar: SchoolCalendar) -> bool:
    length = monthrange(day.year, day.month)[1]
    nth = rule["nth"]
    if not nth:
        return bool(day.day == min(rule["day"], length))
    if rule["weekdays"]:
        place = (day.day - 1) // 7 + 1 if nth > 0 else -((length - day.day) // 7 + 1)
        return bool(day.weekday() in rule["weekdays"] and place == nth)
    if not calendar.is_workday(day):
        return False
    month = [date(day.year, day.month, number) for number in range(1, length + 1)]
    working = [one for one in month if calendar.is_workday(one)]
    return working[nth - 1 if nth > 0 else nth] == day if abs(nth) <= len(working) else False


def _time(rule: Mapping[str, Any]) -> time:
    return time.fromisoformat(rule["time"])
