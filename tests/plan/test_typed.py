"""What people type to correct a plan: units with roles, times, rhythms, periods and years, in both scripts."""

from datetime import date

import pytest

from bot.plan import typed
from bot.plan.dates import DateContext
from bot.plan.model import Basis, DateRole, Period, Precision

SCHOOL_YEAR = DateContext(2026, Period(date(2026, 9, 1), date(2027, 8, 31)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("教研室", [("教研室", "lead")]),
        ("教研室牽頭，各校配合", [("教研室", "lead"), ("各校", "support")]),
        ("教研室牵头；各校、安全辦配合", [("教研室", "lead"), ("各校", "support"), ("安全辦", "support")]),
        ("由教育館負責", [("教育館", "lead")]),
        ("配合：各校、各幼兒園", [("各校", "support"), ("各幼兒園", "support")]),
        ("牽頭單位：督導室；督查：紀檢組", [("督導室", "lead"), ("紀檢組", "supervise")]),
        ("教育館主辦，第一小學和第二小學參加", [("教育館", "organise"), ("第一小學", "join"), ("第二小學", "join")]),
        ("教研室牽頭，各校配合、各園參加", [("教研室", "lead"), ("各校", "support"), ("各園", "join")]),
        ("lead: 教研室; support: 各校", [("教研室", "lead"), ("各校", "support")]),
        ("第一小學，第二小學", [("第一小學", "lead"), ("第二小學", "lead")]),
        ("", []),
        ("，；", []),
    ],
)
def test_units_with_their_roles(text: str, expected: list[tuple[str, str]]) -> None:
    found = typed.owners(text)
    assert [(owner.name, owner.role.value) for owner in found] == expected
    assert {owner.basis for owner in found} <= {Basis.MENDED}


def test_a_time_is_as_vague_as_its_words() -> None:
    may = typed.span("5月中旬", SCHOOL_YEAR)
    assert may is not None
    assert (may.start, may.end, may.precision) == (date(2027, 5, 11), date(2027, 5, 20), Precision.TENDAY)
    due = typed.span("6月30日前", SCHOOL_YEAR)
    assert due is not None
    assert (due.start, due.end, due.role) == (None, date(2027, 6, 30), DateRole.DEADLINE)
    last_year = typed.span("2024年5月", SCHOOL_YEAR)
    assert last_year is not None
    assert last_year.role is DateRole.WHEN
    assert typed.span("等通知", SCHOOL_YEAR) is None


@pytest.mark.parametrize(("text", "none"), [("無", True), ("没有写时间", True), ("沒有", True), ("5月", False), ("無錫", False)])
def test_no_time_is_said_in_words(text: str, none: bool) -> None:
    assert typed.no_date(text) is none


def test_rhythms_periods_and_years() -> None:
    found = typed.rhythm("每學期兩次")
    assert found is not None
    assert (found.every, found.times) == ("term", 2)
    assert typed.rhythm("有時候") is None
    days = Period(date(2026, 9, 1), date(2027, 7, 10))
    assert typed.period("2026年9月1日至2027年7月10日", SCHOOL_YEAR) == days
    assert typed.period("以後再說", SCHOOL_YEAR) is None
    assert [typed.year(text) for text in ("2027", "2027年", "民國116年", "115學年", "明年", "1800")] == [2027, 2027, 2027, 2026, None, None]
