"""When a followed date is announced: days before a day, once at the opening of a vaguer date, nothing for the past."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan.model import DateRole, Precision, Span
from bot.remind.planning import Rule, definite, moments, reminder_key, schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = Rule((7, 1, 0), time(8), SHANGHAI, timedelta(hours=36))


def span(start: date | None, end: date | None, precision: Precision, role: DateRole = DateRole.WHEN) -> Span:
    return Span("words", start, end, precision, role)


def test_a_day_is_announced_a_week_and_a_day_ahead_and_on_the_day_at_eight_in_the_morning() -> None:
    day = date(2026, 11, 9)
    found = moments(span(day, day, Precision.DAY), RULE)
    assert [(moment.label, moment.at) for moment in found] == [
        ("7d", datetime(2026, 11, 2, 8, tzinfo=SHANGHAI)),
        ("1d", datetime(2026, 11, 8, 8, tzinfo=SHANGHAI)),
        ("0d", datetime(2026, 11, 9, 8, tzinfo=SHANGHAI)),
    ]
    assert found[-1].expires == datetime(2026, 11, 10, tzinfo=SHANGHAI)


def test_a_late_announcement_gives_way_to_the_next() -> None:
    day = date(2026, 11, 9)
    found = moments(span(day, day, Precision.DAY), RULE)
    assert found[1].expires == found[2].at
    assert found[0].expires == found[0].at + RULE.late


def test_a_month_is_announced_once_at_its_opening() -> None:
    (moment,) = moments(span(date(2027, 4, 1), date(2027, 4, 30), Precision.MONTH), RULE)
    assert (moment.label, moment.at) == ("open", datetime(2027, 4, 1, 8, tzinfo=SHANGHAI))
    assert moment.expires == datetime(2027, 4, 8, 8, tzinfo=SHANGHAI)


def test_a_deadline_counts_back_from_its_last_day() -> None:
    found = moments(span(None, date(2027, 6, 30), Precision.MONTH, DateRole.DEADLINE), RULE)
    assert [moment.about for moment in found] == [date(2027, 6, 30)] * 3
    assert found[0].at.date() == date(2027, 6, 23)


@pytest.mark.parametrize(
    "dead",
    [
        span(date(2013, 1, 1), date(2013, 12, 31), Precision.YEAR, DateRole.OBJECT),
        span(None, None, Precision.UNKNOWN),
    ],
)
def test_a_date_that_is_merely_spoken_of_is_never_announced(dead: Span) -> None:
    assert moments(dead, RULE) == ()


def test_what_is_past_is_told_apart_and_not_planned() -> None:
    day = date(2026, 11, 9)
    plan = schedule(span(day, day, Precision.DAY), RULE, datetime(2026, 11, 8, 0, 30, tzinfo=UTC))
    assert [moment.label for moment in plan.past] == ["7d", "1d"]
    assert [moment.label for moment in plan.ahead] == ["0d"]
    assert not plan.vague


def test_a_moved_date_has_other_keys() -> None:
    first, second = date(2026, 11, 8), date(2026, 11, 15)
    keys = [{reminder_key("e1", moment, 3) for moment in moments(span(day, day, Precision.DAY), RULE)} for day in (first, second)]
    assert len(keys[0]) == 3
    assert not keys[0] & keys[1]


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(list(Precision)),
    st.sampled_from(list(DateRole)),
    st.datetimes(datetime(1999, 1, 1), datetime(2101, 1, 1), timezones=st.just(UTC)),
)
def test_every_moment_is_ahead_or_past_in_order_and_expires_after_it_is_due(
    start: date, days: int, precision: Precision, role: DateRole, now: datetime
) -> None:
    plan = schedule(span(start, start + timedelta(days=days), precision, role), RULE, now)
    every = plan.past + plan.ahead
    assert every == moments(span(start, start + timedelta(days=days), precision, role), RULE)
    assert [moment.at for moment in every] == sorted(moment.at for moment in every)
    assert all(moment.expires > moment.at for moment in every)
    assert all(moment.at > now for moment in plan.ahead)
    assert plan.vague != definite(span(start, start + timedelta(days=days), precision, role))
