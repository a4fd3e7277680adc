"""Results of a survey: nothing of fewer than five, not by taking away either; questions read from lines and written again."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.notice.asks import Ask, Question, Wanted, fitting, read_questions, unpack, write_questions
from bot.notice.ballots import LEAST, results


def votes(**sizes: int) -> dict[tuple[int, str], int]:
    return {(int(unit[1:]), "0.0"): size for unit, size in sizes.items()}


def test_a_small_unit_is_told_with_others_and_takes_the_smallest_with_it() -> None:
    found = results(votes(u1=9, u2=5, u3=2), 1)
    assert found.whole is not None
    assert found.whole.ballots == 16
    assert [(group.units, group.ballots) for group in found.units] == [((1,), 9)]
    assert found.rest is not None
    assert (found.rest.units, found.rest.ballots) == ((2, 3), 7)
    assert results(votes(u1=2, u2=2), 1).whole is None
    # Two small ones hide each other, and nothing else has to go.
    assert [group.units for group in results(votes(u1=9, u2=5, u3=2, u4=3), 1).units] == [(1,), (2,)]
    # One unit and one person of another: only the whole.
    assert results(votes(u1=9, u2=1), 1).units == ()


@given(st.dictionaries(st.integers(0, 12), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=14), max_size=13))
def test_no_figure_and_no_difference_of_figures_is_of_fewer_than_five(ballots: dict[int, list[tuple[int, int]]]) -> None:
    cast: Counter[tuple[int, str]] = Counter()
    for unit, each in ballots.items():
        for first, second in each:
            cast.update({(unit, f"0.{first}"): 1, (unit, f"1.{second}"): 1})
    found = results(cast, 2)
    total = sum(len(each) for each in ballots.values())
    if total < LEAST:
        assert (found.whole, found.units, found.rest) == (None, (), None)
        return
    assert found.whole is not None
    assert [found.whole.tally[place].total() for place in (0, 1)] == [total, total]
    groups = [*found.units, *([found.rest] if found.rest else [])]
    assert all(group.ballots >= LEAST for group in groups)
    for count in range(1, len(found.units) + 1):
        for taken in combinations(found.units[:6], min(count, 6)):
            left = total - sum(group.ballots for group in taken)
            assert left == 0 or left >= LEAST
    if groups:
        assert sum((group.tally[1] for group in groups), Counter()) == found.whole.tally[1]
        assert sorted(unit for group in groups for unit in group.units) == sorted(found.whole.units)


def test_questions_are_read_from_lines_with_the_choices_before_where_a_line_has_none() -> None:
    text = "1. 對午餐滿意嗎？ 滿意、一般、不滿意\n二、對校車滿意嗎？\n\n(建議)意見：有，沒有\n"
    found = read_questions(text)
    scale = ("滿意", "一般", "不滿意")
    assert found == (Question("對午餐滿意嗎？", scale), Question("對校車滿意嗎？", scale), Question("(建議)意見", ("有", "沒有")))
    assert read_questions(write_questions(found, "、")) == found
    wanted = Wanted(Ask.QUESTIONS, (), None, found)
    assert unpack("questions", wanted.pack()) == wanted
    assert [fitting(wanted, given) for given in ("021", "031", "02", "0211", "02٣", "x21")] == ["021", None, None, None, None, None]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "notice.bad_questions"),
        ("對午餐滿意嗎？", "notice.no_choices"),
        ("對午餐滿意嗎？滿意", "notice.bad_options"),
        ("字" * 81 + "？是、否", "notice.long_question"),
        ("\n".join(["好嗎？是、否"] * 13), "notice.bad_questions"),
    ],
)
def test_what_is_no_questionnaire_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_questions(text)
    assert caught.value.key == key
