"""The picture of how a notice was answered: what is drawn follows the rows, in both scripts, whatever the numbers."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.draw.pen import FILL, INK, WIDTH
from bot.draw.progress import UNITS, Share, Words, draw_progress, ticks

ZONE = ZoneInfo("Asia/Shanghai")
BEGUN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WORDS = Words("通知 3：已回覆 4／9 人", "回覆人數", "各單位已回覆", "其餘單位", "截至 2026-11-24 10:00")


def drawn(shares: list[Share], minutes: list[int], words: Words = WORDS) -> Image.Image:
    moments = [BEGUN + timedelta(minutes=minute) for minute in minutes]
    data = draw_progress(words, BEGUN, moments, shares, ZONE, BEGUN + timedelta(hours=1))
    return Image.open(io.BytesIO(data)).convert("RGB")


def pixels(image: Image.Image, colour: str, box: tuple[int, int, int, int]) -> int:
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    part = image.crop(box)
    return sum(count for count, found in part.getcolors(1_000_000) or [] if found == wanted)


def test_a_bar_is_as_long_as_the_share_of_its_unit() -> None:
    image = drawn([Share("第一小學", 4, 4), Share("第二小學", 4, 2), Share("幼兒園", 4, 0)], [1] * 6)
    rows = [image.height - 40 - 40 * row for row in (3, 2, 1)]
    whole, half, none = (pixels(image, FILL, (0, top, WIDTH, top + 40)) for top in rows)
    assert none == 0
    assert half / whole == pytest.approx(0.5, abs=0.03)


def test_the_curve_rises_where_people_answered() -> None:
    early = drawn([Share("校", 10, 5)], [1, 1, 1, 1, 1])
    late = drawn([Share("校", 10, 5)], [59, 59, 59, 59, 59])
    quarter = (110, 160, 300, 380)
    assert pixels(early, FILL, (110, 300, 900, 375)) != pixels(late, FILL, (110, 300, 900, 375))
    # A sum of five of ten stands at half the height: there the early curve runs, the late one still at the bottom.
    assert pixels(early, FILL, quarter) > 0
    assert pixels(late, FILL, (110, 160, 300, 370)) == 0


def test_the_font_draws_both_scripts_and_no_boxes() -> None:
    def row(name: str) -> bytes:
        image = drawn([Share(name, 1, 0)], [])
        return image.crop((40, image.height - 80, 310, image.height - 40)).tobytes()

    missing = row("\U0001f600")
    shapes = [row(name) for name in ("區", "区", "戴", "着", "著", "醫", "幼", "A", "①")]
    assert missing not in shapes
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("count", [0, 1, UNITS, UNITS + 1, 400])
def test_many_units_are_drawn_as_one_row_and_no_number_breaks_it(count: int) -> None:
    image = drawn([Share(f"第{number}小學附屬實驗學校很長很長的名稱分部", 3, number % 4) for number in range(count)], [2, 5])
    assert image.width == WIDTH
    assert image.height == 540 + 40 * min(count, UNITS)
    assert pixels(image, INK, (0, 0, WIDTH, image.height)) > 0


@pytest.mark.parametrize(
    ("total", "scale"),
    [(0, [0]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (9, [0, 2, 4, 6, 8, 9]), (11, [0, 5, 11]), (2000, [0, 500, 1000, 1500, 2000])],
)
def test_a_scale_has_whole_numbers_and_ends_with_everybody(total: int, scale: list[int]) -> None:
    assert ticks(total) == scale
