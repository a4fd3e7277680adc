"""What people give is kept where it answers, numbers that should not be sent to many are seen, and times to come are read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.notice.asks import Ask, Wanted, fitting
from bot.notice.caution import checks, found_in
from bot.plan.moment import read_deadline, read_moment

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=ZONE)  # a Tuesday


@pytest.mark.parametrize(
    ("wanted", "given", "kept"),
    [
        (Wanted(Ask.READ), "0", "read"),
        (Wanted(Ask.READ), "1", None),
        (Wanted(Ask.CHECKIN), "1", "help"),
        (Wanted(Ask.CHECKIN), "2", None),
        (Wanted(Ask.CHOICE, ("來", "不來")), "1", "1"),
        (Wanted(Ask.CHOICE, ("來", "不來")), "2", None),
        (Wanted(Ask.CHOICE, ("來", "不來")), "-1", None),
        (Wanted(Ask.NUMBER), " １２ 人 ", "12"),
        (Wanted(Ask.NUMBER), "3.5", "3.5"),
        (Wanted(Ask.NUMBER), "大約十二", None),
        (Wanted(Ask.NUMBER), "1" * 12, None),
        (Wanted(Ask.LINE), " 好 ", "好"),
        (Wanted(Ask.LINE), "  ", None),
        (Wanted(Ask.NOTHING), "0", None),
    ],
)
def test_what_fits_is_kept(wanted: Wanted, given: str, kept: str | None) -> None:
    assert fitting(wanted, given) == kept


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("電話13800138000", ["telephone"]),
        ("電話 138-0013-8000、+86 13800138000", ["telephone", "telephone"]),
        ("0571-87654321 轉 8001", ["telephone"]),
        ("手機 0912-345-678", ["telephone"]),
        ("１３８００１３８０００", ["telephone"]),
        ("證件11010519491231002X", ["card"]),
        ("證件110105194912310021", []),
        ("〔2026〕21號，2026-11-30 09:00，經費200000元，編號20261124001", []),
        ("3.14159265358979", []),
    ],
)
def test_numbers_that_name_a_person_are_seen(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in found_in(text)] == kinds


def test_the_check_character_of_an_identity_number() -> None:
    assert checks("11010519491231002X")
    assert [digit for digit in "0123456789X" if checks("11010519491231002" + digit)] == ["X"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("明天上午8點", "2026-11-25 08:00"),
        ("明天上午8点半", "2026-11-25 08:30"),
        ("今晚7點半", "2026-11-24 19:30"),
        ("後天下午三点", "2026-11-26 15:00"),
        ("11月30日 9:00", "2026-11-30 09:00"),
        ("2026-12-01 18:05", "2026-12-01 18:05"),
        ("1月5日上午10點", "2027-01-05 10:00"),
        ("十二點", "2026-11-25 12:00"),
        ("15:00", "2026-11-24 15:00"),
        ("13:00", "2026-11-25 13:00"),
        ("晚上十點20分", "2026-11-24 22:20"),
        ("今晚12點", "2026-11-24 23:59"),
        ("半夜十二點", "2026-11-24 23:59"),
        ("明天晚上一點", "2026-11-26 01:00"),
        ("中午1點", "2026-11-25 13:00"),
        ("過幾天", None),
        ("25:00", None),
        ("明天", None),
        ("", None),
    ],
)
def test_a_time_to_come_in_words(words: str, expected: str | None) -> None:
    moment = read_moment(words, NOW, ZONE)
    assert (moment.strftime("%Y-%m-%d %H:%M") if moment else None) == expected


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("11月30日", "2026-11-30 23:59"), ("下週五下午5點", "2026-12-04 17:00"), ("週五下午五點", "2026-11-27 17:00"),
        ("星期三", "2026-11-25 23:59"),
        ("週二", "2026-11-24 23:59"), ("週日", "2026-11-29 23:59"), ("12月10日前", "2026-12-10 23:59"), ("十二月底前", "2026-12-31 23:59"),
        ("明天", "2026-11-25 23:59"), ("18:00", "2026-11-24 18:00"), ("儘快", None), ("下次", None),
    ],
)  # fmt: skip
def test_a_deadline_is_the_last_moment_meant(text: str, until: str | None) -> None:
    found = read_deadline(text, NOW, ZONE)
    assert (found.strftime("%Y-%m-%d %H:%M") if found else None) == until
