"""What an answer says of itself: what was read, what is lacking, which word differs, and why a measure was found."""

import pytest

from bot.ask.answer import Differs, Status
from bot.ask.library import Library


def test_the_shares_of_the_reasons_add_up_and_are_sorted(library: Library) -> None:
    hit = library.ask("轮岗申请几月开始受理").hits[0]
    shares = [row.share for row in hit.evidence]
    assert sum(shares) == pytest.approx(1, abs=0.02)
    assert shares == sorted(shares, reverse=True)
    assert hit.evidence[0].name == "words"


def test_what_was_understood_is_said(library: Library) -> None:
    read = library.ask("請問4月第三小學有哪些家長會").understood
    assert read.months == (4,)
    assert "第三小学" in read.units
    assert any("家长会" in word for word in read.words)


def test_a_property_that_the_plan_does_not_give_is_named(library: Library) -> None:
    answer = library.ask("家长夜校的联系电话是多少")
    assert answer.status is Status.UNKNOWN
    assert answer.lacks == "phone"


def test_a_near_miss_names_both_words(hand_made: Library) -> None:
    assert hand_made.ask("2031年的风筝节谁负责").differs == (Differs("2031", "2026"),)
    assert hand_made.ask("风筝节谁负责").differs == ()
