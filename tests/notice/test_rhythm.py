"""Every term: words become a moment of each term of the school calendar."""

from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.calendar import SchoolCalendar
from bot.notice.rhythm import Rhythm, moments, read_rhythm, unpack

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("每學期開學第一天上午8點", Rhythm("start", 0, clock=time(8))),
        ("每学期开学当天 9:30", Rhythm("start", 0, clock=time(9, 30))),
        ("每個學期", Rhythm("start", 0)),
        ("每學期第2週週三下午3點", Rhythm("week", 2, 2, time(15))),
        ("每學期第三周 9點", Rhythm("week", 3, 0, time(9))),
        ("每學期第十二週星期五", Rhythm("week", 12, 4)),
        ("每學期開學前3天", Rhythm("start", -3)),
        ("每學期開學前兩週 10:00", Rhythm("start", -14, clock=time(10))),
        ("每學期開學後10天", Rhythm("start", 10)),
        ("每學期期末前一週下午2點半", Rhythm("end", -7, clock=time(14, 30))),
        ("每學期放假前3天", Rhythm("end", -3)),
        ("明天上午8點", None),
        ("第二學期開學", None),
    ],
)
def test_words(text: str, rhythm: Rhythm | None) -> None:
    assert read_rhythm(text) == rhythm
    if rhythm is not None:
        assert unpack(rhythm.pack()) == rhythm


def test_the_next_ones_follow_the_calendar_its_exceptions_too() -> None:
    calendar = SchoolCalendar(terms=((date(2027, 2, 22), date(2027, 7, 9)),))
    after = datetime(2026, 10, 12, 1, tzinfo=UTC)
    start = list(islice(moments(Rhythm("start", 0), calendar, ZONE, after), 3))
    assert start == [(day, datetime.combine(day, time(8), ZONE)) for day in (date(2027, 2, 22), date(2027, 9, 1), date(2028, 2, 15))]
    # This term's end is still to come.
    assert next(moments(Rhythm("end", -7), calendar, ZONE, after)) == (date(2026, 9, 1), datetime(2027, 1, 24, 8, tzinfo=ZONE))
    assert next(moments(Rhythm("week", 2, 2), calendar, ZONE, after))[1] == datetime(2027, 3, 3, 8, tzinfo=ZONE)
    exactly = datetime(2027, 2, 22, 8, tzinfo=ZONE)
    assert next(moments(Rhythm("start", 0), calendar, ZONE, exactly))[0] == date(2027, 9, 1)


@pytest.mark.parametrize("packed", ["", "start", "week2 8", "end-7 8:00", "start+0 08:00 "])
def test_what_is_no_rhythm_is_an_error(packed: str) -> None:
    with pytest.raises(ValueError, match="no rhythm"):
        unpack(packed)
