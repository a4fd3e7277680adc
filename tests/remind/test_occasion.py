"""The turn of a rhythm that a day falls into."""

from datetime import date

import pytest

from bot.calendar import SchoolCalendar
from bot.plan.model import Measure, Recurrence
from bot.remind.occasion import occasion


@pytest.mark.parametrize(
    ("every", "day", "turn"),
    [
        ("day", date(2026, 10, 12), "2026-10-12"),
        ("week", date(2027, 1, 1), "2026-W53"),
        ("month", date(2026, 10, 31), "2026-10"),
        ("quarter", date(2026, 12, 31), "2026-Q4"),
        ("term", date(2027, 2, 1), "2026-1"),
        ("term", date(2027, 8, 31), "2026-2"),
        ("term", date(2027, 9, 1), "2027-1"),
        ("year", date(2027, 8, 31), "2026"),
        ("irregular", date(2026, 10, 12), ""),
        ("", date(2026, 10, 12), ""),
    ],
)
def test_a_day_falls_into_one_turn(every: str, day: date, turn: str) -> None:
    rhythm = Recurrence("", every) if every else None
    assert occasion(Measure("m", 1, 1, 1, "", (), recurrence=rhythm), day, SchoolCalendar()) == turn
