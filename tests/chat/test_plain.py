"""Text of any origin becomes text that shows what it holds; what people write stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import plain

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WIDTHLESS = "\u200b\u2060\ufeff\u180e\u00ad\u2063"


@pytest.mark.parametrize(
    "text",
    [
        "科技節在五月十五日舉行。",
        "第一行\n第二行\t（欄）",
        "《2026—2027學年工作計劃》①②③",
        "👨‍👩‍👧 👍🏽 🇲🇴 ✔️",
        "葛\U000e0100城區",
        "می‌خواهم",
        "café naïve Việt Nam ệ",
        "",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("報告\u202efdp.exe", "報告fdp.exe"),
        ("科\u200b技\ufeff節", "科技節"),
        ("科\u200d技\u200c節", "科技節"),
        ("\u200d\u200c", ""),
        ("\u3164\u115f", ""),
        ("一\r\n二\u2028三\u0085四", "一\n二\n三\n四"),
        ("\x1b[2J紅\x00\x07", "[2J紅"),
        ("半\ud83d個", "半\ufffd個"),
        ("王" + "\u0335\u0300" * 40, "王\u0335\u0300\u0335"),
        ("a\U000e0041\U000e007fb", "ab"),
    ],
)
def test_what_hides_reorders_or_piles_up_is_gone(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.characters(codec=None), max_size=200))
def test_nothing_unseen_is_left_and_a_second_time_changes_nothing(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in once)
    assert not any(character in DIRECTIONS + WIDTHLESS for character in once)
    assert len(once) <= len(text)
