"""When a subject is announced: days before a day, from the first day of a vague time on, at each period of a rhythm."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import SchoolCalendar
from bot.plan.model import DateRole, Period, Precision, Recurrence, Span
from bot.remind.planning import Habit, Moment, Situation, moments, reminder_key, schedule, waking
from bot.remind.subjects import Subject

SHANGHAI = ZoneInfo("Asia/Shanghai")
HABIT = Habit((7, 1, 0, -1), time(8), SHANGHAI)
YEAR = Period(date(2026, 9, 1), date(2027, 8, 31))
CALENDAR = SchoolCalendar()


def span(start: date | None, end: date | None, precision: Precision, role: DateRole = DateRole.WHEN) -> Span:
    return Span("words", start, end, precision, role)


def subject(found: Span | None, every: str = "", kind: str = "event", words: str = "words", owners: tuple[str, ...] = ()) -> Subject:
    rhythm = Recurrence(words, every) if every else None
    return Subject("abc", "abc", 1, (1, 2, 3), "活動", kind, "各校要開展活動", owners, found, rhythm, YEAR)


def told(one: Subject, habit: Habit = HABIT, situation: Situation = Situation()) -> list[tuple[str, str]]:
    return [(row.label, f"{row.at.astimezone(habit.zone):%Y-%m-%d %H:%M}") for row in moments(one, habit, CALENDAR, situation)]


def days(rows: list[tuple[str, str]]) -> list[str]:
    return [at[:10] for _, at in rows]


def test_a_day_is_announced_a_week_and_a_day_ahead_and_on_the_day_at_eight_in_the_morning() -> None:
    day = date(2026, 11, 9)
    one = subject(span(day, day, Precision.DAY))
    assert told(one) == [("7d", "2026-11-02 08:00"), ("1d", "2026-11-08 08:00"), ("0d", "2026-11-09 08:00")]
    assert moments(one, HABIT, CALENDAR, Situation())[-1].expires == datetime(2026, 11, 10, tzinfo=SHANGHAI)


def test_a_late_announcement_gives_way_to_the_next() -> None:
    day = date(2026, 11, 9)
    found = moments(subject(span(day, day, Precision.DAY)), HABIT, CALENDAR, Situation())
    assert [one.expires for one in found[:2]] == [one.at for one in found[1:]]


def test_workdays_skip_the_weekend_and_the_holiday_and_count_the_make_up_day() -> None:
    """2025: off from 1 to 8 October, worked on Sunday 28 September and Saturday 11 October."""
    day = date(2025, 10, 13)
    habit = Habit((2, 1, 0), time(8), SHANGHAI, working=True)
    assert told(subject(span(day, day, Precision.DAY)), habit) == [
        ("2w", "2025-10-10 08:00"),
        ("1w", "2025-10-11 08:00"),
        ("0w", "2025-10-13 08:00"),
    ]


def test_a_month_is_announced_at_its_opening_and_is_of_use_until_its_end() -> None:
    one = subject(span(date(2027, 4, 1), date(2027, 4, 30), Precision.MONTH))
    assert told(one) == [("open", "2027-04-01 08:00")]
    assert moments(one, HABIT, CALENDAR, Situation())[0].expires == datetime(2027, 5, 1, tzinfo=SHANGHAI)


def test_the_middle_of_a_month_is_announced_from_its_first_day() -> None:
    assert told(subject(span(date(2027, 5, 11), date(2027, 5, 20), Precision.TENDAY))) == [("open", "2027-05-11 08:00")]


def test_half_a_year_is_announced_at_its_opening_in_its_middle_and_a_month_before_its_end() -> None:
    one = subject(span(date(2027, 1, 1), date(2027, 6, 30), Precision.HALF))
    assert told(one) == [("open", "2027-01-04 08:00"), ("middle", "2027-04-01 08:00"), ("close", "2027-05-31 08:00")]


def test_a_task_without_a_day_is_overdue_after_its_end_and_an_event_is_merely_over() -> None:
    month = span(date(2027, 3, 1), date(2027, 3, 31), Precision.MONTH)
    assert told(subject(month, kind="measure"))[-1] == ("late1d", "2027-04-01 08:00")
    assert told(subject(month, kind="festival")) == [("open", "2027-03-01 08:00")]


def test_a_deadline_counts_back_from_its_last_day_and_is_overdue_after_it_for_those_whom_it_concerns() -> None:
    one = subject(span(None, date(2027, 6, 30), Precision.MONTH, DateRole.DEADLINE))
    assert told(one) == [
        ("7d", "2027-06-23 08:00"),
        ("1d", "2027-06-29 08:00"),
        ("0d", "2027-06-30 08:00"),
        ("late1d", "2027-07-01 08:00"),
    ]
    assert len(told(one, situation=Situation(named=False, concerned=True))) == 4
    assert len(told(one, situation=Situation(named=False))) == 3


def test_what_begins_on_a_day_and_has_no_end_is_announced_until_it_begins() -> None:
    one = subject(span(date(2027, 5, 20), YEAR.end, Precision.DAY, DateRole.OPEN))
    assert days(told(one)) == ["2027-05-13", "2027-05-19", "2027-05-20"]


def test_every_month_is_the_first_workday_of_each_month_of_school() -> None:
    found = days(told(subject(None, "month")))
    assert found == [
        "2026-09-01", "2026-10-08", "2026-11-02", "2026-12-01", "2027-01-04", "2027-02-15", "2027-03-01", "2027-04-01",
        "2027-05-03", "2027-06-01", "2027-07-01",
    ]  # fmt: skip


def test_every_quarter_is_announced_once_in_each_quarter_that_holds_a_month_of_school() -> None:
    assert days(told(subject(None, "quarter"))) == ["2026-09-01", "2026-10-08", "2027-01-04", "2027-04-01"]


def test_a_drill_without_a_rhythm_is_monthly_in_schools_and_quarterly_in_kindergartens() -> None:
    for every in ("", "irregular"):
        drill = subject(None, every, kind="drill")
        assert drill.waits
        assert len(told(drill)) == 11
        assert len(told(drill, situation=Situation(kindergarten=True))) == 4


def test_an_irregular_rhythm_of_anything_else_announces_nothing() -> None:
    one = subject(None, "irregular")
    assert not one.waits
    assert told(one) == []


def test_a_rhythm_with_its_day_is_announced_before_that_day_or_the_workday_before() -> None:
    found = told(subject(None, "month", words="每月15日前"))
    assert [row for row in found if row[1].startswith("2026-11")] == [
        ("due7d", "2026-11-06 08:00"),
        ("due1d", "2026-11-12 08:00"),
        ("due0d", "2026-11-13 08:00"),
    ]


def test_every_week_is_announced_to_those_who_name_it_and_to_others_when_terms_begin() -> None:
    one = subject(None, "week")
    assert days(told(one))[:3] == ["2026-09-01", "2026-09-07", "2026-09-14"]
    assert days(told(one, situation=Situation(named=False))) == ["2026-09-01", "2027-02-15"]
    assert days(told(subject(None, "day"))) == ["2026-09-01", "2027-02-15"]
    fortnights = days(told(subject(None, "week", words="每两周")))
    assert fortnights[:3] == ["2026-09-01", "2026-09-14", "2026-09-28"]


def test_a_time_after_which_a_rhythm_goes_on_is_announced_and_so_is_the_rhythm() -> None:
    month = span(date(2026, 9, 1), date(2026, 9, 30), Precision.MONTH)
    one = replace(subject(month, "month", words="每月"), text="9月集中演練，此後每月演練一次")
    found = told(one)
    assert found[:3] == [("open", "2026-09-01 08:00"), ("each", "2026-10-08 08:00"), ("each", "2026-11-02 08:00")]
    assert one.last == YEAR.end
    assert told(replace(one, text="9月每月演練一次")) == [("open", "2026-09-01 08:00")]


def test_every_term_once_a_term() -> None:
    assert days(told(subject(None, "term"))) == ["2026-09-01", "2027-02-15"]


def test_a_rhythm_after_an_open_beginning_counts_from_there() -> None:
    one = subject(span(date(2027, 4, 1), YEAR.end, Precision.MONTH, DateRole.OPEN), "month")
    assert days(told(one)) == ["2027-04-01", "2027-05-03", "2027-06-01", "2027-07-01"]


@pytest.mark.parametrize(
    "dead",
    [span(date(2013, 1, 1), date(2013, 12, 31), Precision.YEAR, DateRole.OBJECT), span(None, None, Precision.UNKNOWN), None],
)
def test_a_date_that_is_merely_spoken_of_is_never_announced(dead: Span | None) -> None:
    assert told(subject(dead)) == []
    assert not subject(dead).waits


def test_quiet_hours_move_the_time_of_day_and_what_is_late() -> None:
    night = (time(22), time(7))
    habit = Habit((0,), time(6), SHANGHAI, quiet=night)
    day = date(2026, 11, 9)
    assert told(subject(span(day, day, Precision.DAY)), habit) == [("0d", "2026-11-09 07:00")]
    for hour, wakes in ((23, datetime(2026, 11, 10, 7)), (3, datetime(2026, 11, 9, 7)), (7, None), (21, None)):
        at = datetime(2026, 11, 9, hour, tzinfo=SHANGHAI)
        assert waking(at, habit) == (wakes.replace(tzinfo=SHANGHAI) if wakes else at)


def test_a_clock_that_jumps_gives_each_announcement_one_moment() -> None:
    """New York: 2:30 does not exist on 14 March 2027, and 1:30 comes twice on 1 November 2026."""
    zone = ZoneInfo("America/New_York")
    for day, clock, at in (
        (date(2027, 3, 14), time(2, 30), datetime(2027, 3, 14, 7, 30)),
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30)),
    ):
        (moment,) = moments(subject(span(day, day, Precision.DAY)), Habit((0,), clock, zone), CALENDAR, Situation())
        assert moment.at == at.replace(tzinfo=UTC)


def test_a_leap_day_is_a_day() -> None:
    day = date(2028, 2, 29)
    assert days(told(subject(span(day, day, Precision.DAY)))) == ["2028-02-22", "2028-02-28", "2028-02-29"]


def test_the_key_lasts_and_names_the_day_the_label_and_who_is_told() -> None:
    moment = Moment("7d", date(2026, 11, 9), datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    assert reminder_key("abc", moment, "12") == "remind:abc:20261109:7d:12"


@given(
    start=st.dates(date(2026, 9, 1), date(2027, 7, 1)),
    length=st.integers(0, 300),
    precision=st.sampled_from(list(Precision)),
    role=st.sampled_from([DateRole.WHEN, DateRole.DEADLINE, DateRole.OPEN]),
    every=st.sampled_from(["", "day", "week", "month", "quarter", "term", "year", "irregular"]),
    leads=st.sets(st.sampled_from([30, 14, 7, 3, 1, 0, -1, -3]), min_size=1),
    working=st.booleans(),
    now=st.datetimes(datetime(2026, 8, 1), datetime(2027, 9, 1), timezones=st.just(UTC)),
)
def test_announcements_are_in_order_unlike_each_other_never_over_before_they_begin_and_split_by_now(
    start: date, length: int, precision: Precision, role: DateRole, every: str, leads: set[int], working: bool, now: datetime
) -> None:
    end = start + timedelta(days=length)
    one = subject(span(None if role is DateRole.DEADLINE else start, end, precision, role), every, kind="measure")
    habit = Habit(tuple(leads), time(8), SHANGHAI, working)
    found = moments(one, habit, CALENDAR, Situation())
    assert [row.at for row in found] == sorted(row.at for row in found)
    assert all(row.at < row.expires for row in found)
    assert len({reminder_key("abc", row, "1") for row in found}) == len(found)
    plan = schedule(one, habit, CALENDAR, Situation(), now)
    assert plan.past + plan.ahead == found
    assert all(row.at > now for row in plan.ahead)
