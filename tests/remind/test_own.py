"""When reminders of one's own fall due: leap days, months without the day, every second week, the turn of the year, workdays."""

from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import SchoolCalendar
from bot.plan.wishes import Before, Every, Once
from bot.remind.own import rule_data, times

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = SchoolCalendar()
WORKED = ["2025-09-28", "2025-09-29", "2025-09-30", "2025-10-09", "2025-10-10", "2025-10-11"]
"""With the make-up days of 28 September and 11 October."""
BEGUN = date(2025, 10, 13)


def days(when: Every, first: date, last: date) -> list[str]:
    after, until = (datetime.combine(day, time(), ZONE) for day in (first, last))
    rule = rule_data(when, BEGUN)
    return [f"{at.astimezone(ZONE):%Y-%m-%d}" for at in times(rule, after, until, ZONE, CALENDAR)]


@pytest.mark.parametrize(
    ("when", "first", "last", "expected"),
    [
        (Every("month", time(8), weekdays=(0,), nth=1), date(2025, 11, 1), date(2026, 2, 1), ["2025-11-03", "2025-12-01", "2026-01-05"]),
        (Every("month", time(8), weekdays=(4,), nth=-1), date(2025, 12, 1), date(2026, 2, 1), ["2025-12-26", "2026-01-30"]),
        (Every("month", time(8), day=31), date(2026, 1, 1), date(2026, 4, 1), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (Every("month", time(8), day=30), date(2028, 2, 1), date(2028, 3, 1), ["2028-02-29"]),
        (Every("month", time(8), nth=1), date(2025, 10, 1), date(2025, 11, 1), ["2025-10-09"]),
        (Every("month", time(8), nth=-1), date(2025, 9, 1), date(2025, 10, 1), ["2025-09-30"]),
        (Every("week", time(8), step=2, weekdays=(1,)), date(2025, 10, 13), date(2025, 11, 12), ["2025-10-14", "2025-10-28", "2025-11-11"]),
        (Every("year", time(8), day=29, month=2), date(2027, 1, 1), date(2028, 12, 31), ["2027-02-28", "2028-02-29"]),
        (Every("workday", time(8)), date(2025, 9, 27), date(2025, 10, 12), WORKED),
        (Every("quarter", time(8), day=31), date(2025, 12, 1), date(2026, 4, 1), ["2025-12-31", "2026-03-31"]),
    ],
)  # fmt: skip
def test_a_rhythm_falls_on_its_days(when: Every, first: date, last: date, expected: list[str]) -> None:
    assert days(when, first, last) == expected


def test_a_moment_comes_once_and_an_event_that_moved_moves_it() -> None:
    after, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    once = rule_data(Once(datetime(2026, 5, 1, 15, tzinfo=ZONE)), BEGUN)
    assert list(times(once, after, until, ZONE, CALENDAR)) == [datetime(2026, 5, 1, 7, tzinfo=UTC)]
    before = rule_data(Before("x", 3, time(8)), BEGUN, "root")
    assert list(times(before, after, until, ZONE, CALENDAR)) == []
    assert list(times(before, after, until, ZONE, CALENDAR, date(2026, 3, 1))) == [datetime(2026, 2, 26, tzinfo=UTC)]


@given(
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London"]),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    cuts=st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), min_size=1, max_size=5),
)
def test_however_the_year_is_cut_each_day_comes_once_also_where_clocks_jump(zone: str, at: time, cuts: list[datetime]) -> None:
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    rule, here = rule_data(Every("day", at), BEGUN), ZoneInfo(zone)
    edges = [first, *sorted(cuts), last]
    whole = list(times(rule, first, last, here, CALENDAR))
    pieces = [one for start, end in pairwise(edges) for one in times(rule, start, end, here, CALENDAR)]
    assert pieces == whole
    assert 364 <= len(whole) <= 366
    assert len(set(whole)) == len(whole)
