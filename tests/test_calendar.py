"""The school calendar: terms from rules and from a table, weeks of a term, and workdays with the make-up days of 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import FARTHEST, SchoolCalendar, term_days, whole_days
from bot.errors import BadSetting

PLAIN = SchoolCalendar()
TAUGHT = SchoolCalendar(terms=term_days(["2026-08-31/2027-01-22", "2027-02-22/2027-07-02"], "calendar.terms"))


def test_a_term_of_the_table_stands_before_the_rule() -> None:
    assert TAUGHT.autumn_term(2026) == (date(2026, 8, 31), date(2027, 1, 22))
    assert TAUGHT.spring_term(2026) == (date(2027, 2, 22), date(2027, 7, 2))
    assert TAUGHT.autumn_term(2027) == PLAIN.autumn_term(2027)
    assert TAUGHT.winter_break(2026) == (date(2027, 1, 23), date(2027, 2, 21))
    assert TAUGHT.summer_break(2026) == (date(2027, 7, 3), date(2027, 8, 31))


def test_a_school_year_lasts_to_the_day_before_the_next_one() -> None:
    assert TAUGHT.year_span(2025) == (date(2025, 9, 1), date(2026, 8, 30))
    assert TAUGHT.school_year(date(2026, 8, 31)) == 2026
    assert PLAIN.school_year(date(2026, 8, 31)) == 2025


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)))
def test_every_day_lies_in_its_own_school_year_and_before_the_end_of_its_term(day: date) -> None:
    for calendar in (PLAIN, TAUGHT):
        first, last = calendar.year_span(calendar.school_year(day))
        assert first <= day <= last
        assert day <= calendar.term(day)[1]


def test_the_first_week_has_the_first_weekday_of_the_term() -> None:
    assert TAUGHT.week(TAUGHT.spring_term(2026), 3) == (date(2027, 3, 8), date(2027, 3, 14))
    sunday = (date(2026, 2, 15), date(2026, 7, 15))
    assert PLAIN.week(sunday, 1) == (date(2026, 2, 16), date(2026, 2, 22))
    assert PLAIN.week((date(2026, 9, 1), date(2027, 1, 31)), 1) == (date(2026, 8, 31), date(2026, 9, 6))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday made up for the Spring Festival
        ("2026-02-17", False),
        ("2026-10-10", True),  # a Saturday made up for National Day
        ("2026-10-08", True),
        ("2026-10-07", False),
        ("2026-09-20", True),  # a Sunday made up for National Day
        ("2026-01-01", False),
        ("2026-11-24", True),
        ("2026-11-28", False),
    ],
)
def test_workdays_of_2026(day: str, works: bool) -> None:
    assert PLAIN.is_workday(date.fromisoformat(day)) is works


def test_workdays_are_counted_over_holidays_and_make_up_days() -> None:
    assert PLAIN.add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert PLAIN.add_workdays(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert PLAIN.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert PLAIN.add_workdays(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert PLAIN.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 8)
    assert PLAIN.add_workdays(date(2026, 10, 9), 0) == date(2026, 10, 9)


def test_an_unannounced_year_is_plain_weeks_and_says_so() -> None:
    far = date(2049, 10, 1)
    assert PLAIN.announced(2026)
    assert not PLAIN.announced(2049)
    assert not PLAIN.is_workday(far)
    assert not PLAIN.is_workday(date(2049, 1, 1))
    assert PLAIN.is_workday(date(2049, 10, 8))
    assert SchoolCalendar(workdays=frozenset({far})).is_workday(far)
    assert SchoolCalendar(region="none").announced(2049)
    assert not SchoolCalendar(region="none").is_workday(date(2026, 2, 14))


def test_days_of_the_configuration_stand_before_what_is_announced() -> None:
    calendar = SchoolCalendar(
        days_off=whole_days(["2026-11-24"], "calendar.days_off"), workdays=whole_days(["2026-11-28", "2026-10-01"], "calendar.workdays")
    )
    assert not calendar.is_workday(date(2026, 11, 24))
    assert calendar.is_workday(date(2026, 11, 28))
    assert calendar.is_workday(date(2026, 10, 1))
    assert calendar.add_workdays(date(2026, 11, 23), 1) == date(2026, 11, 25)


@given(st.dates(date(2005, 1, 1), date(2060, 1, 1)), st.integers(-300, 300))
def test_counting_there_and_back_ends_at_the_same_workday(day: date, count: int) -> None:
    day = PLAIN.add_workdays(day, 0)
    there = PLAIN.add_workdays(day, count)
    assert PLAIN.is_workday(there)
    assert PLAIN.add_workdays(there, -count) == day
    assert (there > day) == (count > 0)
    assert abs(there - day) >= timedelta(days=abs(count))


def test_too_many_workdays_are_refused() -> None:
    with pytest.raises(ValueError, match="workdays"):
        PLAIN.add_workdays(date(2026, 1, 1), FARTHEST + 1)


@pytest.mark.parametrize(
    "text", ["", "2026-09-01", "2026-09-01/", "2026-09-01/2026-08-01", "2026-09-01/2027-09-01", "2026-13-01/2027-01-22"]
)
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        term_days([text], "calendar.terms")
    assert caught.value.key == "setting.bad_term"


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(BadSetting) as caught:
        whole_days(["2026-02-30"], "calendar.days_off")
    assert caught.value.key == "setting.bad_date"
