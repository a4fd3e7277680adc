"""The picture of the time ahead: days, clashes and full weeks where they are, and no month or title breaks it."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.draw.outlook import CLASH, FULL, NOW, Mark, Week, Words, draw_outlook, month_rows, written
from tests.draw.test_progress import pixels

WORDS = Words("2027年4月", "截至", tuple("一二三四五六日"), "另有 {count} 項", "本月另有：", "往後各週", "滿", "撞期", "–")
APRIL, TODAY = date(2027, 4, 1), date(2027, 4, 2)


def drawn(marks: list[Mark], weeks: list[Week], month: date = APRIL) -> Image.Image:
    return Image.open(io.BytesIO(draw_outlook(WORDS, month, marks, weeks, TODAY, set()))).convert("RGB")


def mark(day: int, title: str = "科技節", last: int = 0, exact: bool = True) -> Mark:
    return Mark(title, date(2027, 4, day), date(2027, 4, last or day), exact)


def test_a_day_with_two_things_has_its_number_in_red_and_one_with_one_has_not() -> None:
    whole = (0, 0, 1000, 700)
    assert pixels(drawn([mark(8)], []), CLASH, whole) == 0
    assert pixels(drawn([mark(8), mark(8, "運動會")], []), CLASH, whole) > 0


def test_today_is_lit_and_a_full_week_is_yellow() -> None:
    image = drawn([], [Week("第8週", date(2027, 4, 5), 6, True, ()), Week("第9週", date(2027, 4, 12), 1, False, ())])
    assert pixels(image, NOW, (0, 0, 1000, 700)) > 5_000
    assert pixels(image, FULL, (0, 600, 1000, image.height)) > 1_000


@pytest.mark.parametrize("month", [date(2027, 2, 1), date(2027, 8, 1), date(2028, 2, 1), date(2026, 12, 31)])
def test_every_day_of_a_month_has_its_place(month: date) -> None:
    rows = month_rows(month)
    days = {monday + timedelta(days=at) for monday in rows for at in range(7)}
    first = month.replace(day=1)
    assert {first + timedelta(days=at) for at in range(31) if (first + timedelta(days=at)).month == month.month} <= days
    drawn([mark(1)], [], month)


def test_one_title_is_wrapped_and_many_are_counted() -> None:
    long = "各校要在3月底前完成本校章程的年度修訂經教職工大會表決後報區教育局備案"
    lines = written([long], 120, "另有 {count} 項")
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert written(["甲", "乙", "丙"], 120, "") == ["甲", "乙", "丙"]
    assert written(["甲", "乙", "丙", "丁"], 120, "另有 {count} 項") == ["甲", "乙", "另有 2 項"]
    assert written([], 120, "") == []


def test_more_vague_times_than_there_is_room_for_are_counted() -> None:
    few = drawn([mark(1, f"事{number}", 30, exact=False) for number in range(3)], [])
    many = drawn([mark(1, f"事{number}", 30, exact=False) for number in range(40)], [])
    assert few.height < many.height < 1000
