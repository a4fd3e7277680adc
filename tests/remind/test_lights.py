"""How a duty stands on a day: no sooner behind than the plan's own words allow, turn by turn for what comes back."""

from datetime import date

import pytest

from bot.calendar import SchoolCalendar
from bot.plan.model import DateRole, Measure, Period, Precision, Recurrence, Span
from bot.remind.lights import Light, Thresholds, due_day, light, waited_for

YEAR = Period(date(2026, 9, 1), date(2027, 8, 31))
SCHOOL = SchoolCalendar()


def measure(span: Span | None = None, rhythm: Recurrence | None = None) -> Measure:
    return Measure("m", 1, 1, 1, "", (), span, rhythm)


APRIL = Span("4月", date(2027, 4, 1), date(2027, 4, 30), Precision.MONTH)


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (date(2027, 4, 1), Light.AHEAD),
        (date(2027, 4, 23), Light.NEAR),
        (date(2027, 4, 30), Light.NEAR),
        (date(2027, 5, 1), Light.BEHIND),
        (date(2027, 5, 7), Light.BEHIND),
        (date(2027, 5, 8), Light.OVERDUE),
    ],
)
def test_a_vague_time_is_behind_only_when_its_last_day_is_over(day: date, stands: Light) -> None:
    due = due_day(measure(APRIL), YEAR)
    assert due == date(2027, 4, 30)
    assert light(due, day, Thresholds()) is stands


def test_past_a_day_that_an_administrator_set_is_overdue_at_once() -> None:
    assert light(date(2027, 4, 30), date(2027, 5, 1), Thresholds(), granted=True) is Light.OVERDUE


@pytest.mark.parametrize(
    "span",
    [
        None,
        Span("9月起", date(2026, 9, 1), None, Precision.MONTH, DateRole.OPEN),
        Span("2026年立項", None, date(2026, 12, 31), Precision.YEAR, DateRole.OBJECT),
        Span("本學年", date(2026, 9, 1), date(2027, 8, 31), Precision.SCHOOLYEAR),
    ],
)
def test_what_the_plan_gives_no_last_day_for_is_never_late(span: Span | None) -> None:
    assert due_day(measure(span), YEAR) is None
    assert waited_for(measure(span), YEAR, date(2027, 5, 1), SCHOOL) == ()


def turns_on(every: str, day: date, span: Span | None = None) -> list[tuple[str, date]]:
    return [(turn.name, turn.last) for turn in waited_for(measure(span, Recurrence("", every)), YEAR, day, SCHOOL)]


def test_what_comes_back_is_waited_for_in_this_turn_and_the_one_before() -> None:
    assert turns_on("month", date(2026, 9, 10)) == [("2026-09", date(2026, 9, 30))]
    assert turns_on("month", date(2026, 11, 10)) == [("2026-10", date(2026, 10, 31)), ("2026-11", date(2026, 11, 30))]
    assert turns_on("quarter", date(2027, 4, 2)) == [("2027-Q1", date(2027, 3, 31)), ("2027-Q2", date(2027, 6, 30))]
    assert turns_on("term", date(2027, 3, 1)) == [("2026-1", date(2027, 1, 31)), ("2026-2", date(2027, 7, 15))]
    assert turns_on("day", date(2027, 3, 1)) == []


def test_months_of_holidays_are_no_turns() -> None:
    assert [name for name, _ in turns_on("month", date(2027, 8, 20))] == ["2027-06", "2027-07"]


def test_before_its_time_it_is_waited_for_first() -> None:
    spring = Span("春季學期", date(2027, 2, 15), date(2027, 7, 15), Precision.TERM)
    assert turns_on("month", date(2026, 10, 1), spring) == [("2027-02", date(2027, 2, 28))]
    assert turns_on("month", date(2027, 7, 30), spring)[-1] == ("2027-07", date(2027, 7, 15))
