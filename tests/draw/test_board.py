"""The picture of the board: parts as long as what they stand for, and nothing that is late is too small to be seen."""

import io

import pytest
from PIL import Image

from bot.draw.board import COLOURS, MOST, Bar, Words, draw_board, extents
from tests.draw.test_progress import pixels

WORDS = Words("督辦看板：60 個單位", "截至 4月2日", dict.fromkeys(COLOURS, "字"), "其餘")


def drawn(bars: list[Bar]) -> Image.Image:
    return Image.open(io.BytesIO(draw_board(WORDS, bars))).convert("RGB")


def test_parts_follow_each_other_and_are_as_long_as_their_share() -> None:
    found = extents(Bar("校", {"overdue": 1, "near": 1, "done": 2}), 0, 1000)
    assert list(found) == ["overdue", "near", "done"]
    assert found["overdue"][1] == found["near"][0]
    assert found["done"][1] == 1000
    assert found["done"][1] - found["done"][0] == pytest.approx(500, abs=8)


def test_one_overdue_among_hundreds_is_seen() -> None:
    image = drawn([Bar("校", {"overdue": 1, "rest": 900})])
    assert pixels(image, COLOURS["overdue"], (300, 170, 960, image.height)) >= 40


@pytest.mark.parametrize("count", [0, 1, 60, MOST, 400])
def test_any_number_of_units_fits_into_a_picture_that_a_messenger_takes(count: int) -> None:
    name = "禾溪區第一實驗學校附屬小學北校區（含學前部與特殊教育資源中心）"
    image = drawn([Bar(f"{number}{name}", {"behind": number % 3, "done": number % 5, "rest": 3}) for number in range(count)])
    assert image.width + image.height < 10_000


def test_a_unit_without_duties_is_an_empty_bar() -> None:
    image = drawn([Bar("校", {})])
    assert all(pixels(image, colour, (300, 170, 960, image.height)) == 0 for colour in COLOURS.values())
