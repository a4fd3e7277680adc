"""The day by which something is wanted, in a sentence that names other times too."""

from datetime import date

import pytest

from bot.plan.moment import read_due

TODAY = date(2027, 4, 2)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("補齊3月的演練記錄，4月10日前", date(2027, 4, 10)),
        ("延到5月20日，場地還在維修", date(2027, 5, 20)),
        ("原定4月15日，請延到5月20日", date(2027, 5, 20)),
        ("4月12日前完成，4月9日先報進度", date(2027, 4, 12)),
        ("请于四月底前补交", date(2027, 4, 30)),
        ("明天交", date(2027, 4, 3)),
        ("周五前交", date(2027, 4, 2)),
        ("5月完成", date(2027, 5, 31)),
        ("場地還在維修", None),
    ],
)
def test_the_day_meant_is_found_among_others(words: str, due: date | None) -> None:
    assert read_due(words, TODAY) == due
