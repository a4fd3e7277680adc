"""A long text in pieces: within the limit, nothing lost, cut where a reader pauses."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.cut import cut, measure

UNITS = ("utf16", "bytes", "characters")


def bare(text: str) -> str:
    return "".join(text.split())


def test_a_text_that_fits_is_untouched() -> None:
    assert cut("一行\n\n二行 \n", 100, "characters") == ["一行\n\n二行 \n"]


def test_a_blank_text_has_no_pieces() -> None:
    assert cut("", 10, "bytes") == []
    assert cut(" \n\n", 10, "bytes") == []


@pytest.mark.parametrize(("unit", "length"), [("characters", 3), ("utf16", 4), ("bytes", 8)])
def test_units(unit: str, length: int) -> None:
    assert measure("a🎈校", unit) == length


def test_an_unknown_unit_and_a_limit_too_small_are_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        measure("a", "words")
    with pytest.raises(ValueError, match="at least 4"):
        cut("abcdef", 3, "bytes")


def test_line_ends_come_first() -> None:
    assert cut("甲甲甲。乙乙\n丙丙丙。丁丁", 10, "characters") == ["甲甲甲。乙乙", "丙丙丙。丁丁"]


def test_a_line_that_just_fills_the_limit_is_not_cut_inside() -> None:
    assert cut("甲甲甲甲甲甲\n乙乙", 6, "characters") == ["甲甲甲甲甲甲", "乙乙"]


def test_sentences_come_second_with_their_closing_mark() -> None:
    assert cut("他說：「下雨。」大家都帶了傘出門", 10, "characters") == ["他說：「下雨。」", "大家都帶了傘出門"]


def test_latin_sentences_need_a_blank_behind_the_stop() -> None:
    assert cut("Pay 3.50 now. Then go home soon", 20, "characters") == ["Pay 3.50 now.", " Then go home soon"]


def test_a_heading_alone_is_no_piece() -> None:
    pieces = cut("題\n" + "字" * 30, 16, "characters")
    assert len(pieces) == 2
    assert pieces[0] == "題\n" + "字" * 14


@pytest.mark.parametrize("whole", ["👩‍👩‍👧", "e\u0301", "🇨🇳", "👍🏽", "葛\U000e0100"])
def test_what_is_seen_as_one_character_stays_one(whole: str) -> None:
    for before in range(12):
        pieces = cut("字" * before + whole + "字" * 12, 12, "utf16")
        assert sum(whole in piece for piece in pieces) == 1


def test_a_heap_of_marks_longer_than_a_piece_still_ends() -> None:
    pieces = cut("a" + "\u0301" * 50, 10, "characters")
    assert "".join(pieces) == "a" + "\u0301" * 50
    assert all(len(piece) <= 10 for piece in pieces)


@settings(max_examples=200)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("。！\n\n 🎈字、\u200d\u0301🇨")), max_size=200),
    st.integers(4, 40),
    st.sampled_from(UNITS),
)
def test_every_piece_fits_and_nothing_is_lost(text: str, limit: int, unit: str) -> None:
    pieces = cut(text, limit, unit)
    assert all(0 < measure(piece, unit) <= limit for piece in pieces)
    assert all(piece.strip() for piece in pieces)
    assert bare("".join(pieces)) == bare(text)


@given(st.text(st.sampled_from("e\u0301字。\n"), max_size=60), st.integers(8, 20))
def test_no_piece_starts_with_a_mark_of_the_one_before(text: str, limit: int) -> None:
    # Runs of marks longer than a piece are cut of need; the alphabet makes them rare, so they are told apart here.
    if "\u0301" * 4 in text:
        return
    for piece in cut(text, limit, "characters")[1:]:
        assert not unicodedata.combining(piece[0]) or "\n" + piece[0] in text
