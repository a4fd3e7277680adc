"""Questions that ask the same come together, others stay apart, whatever their order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask.clusters import Asked, clusters
from bot.ask.lore import Lore

SAME = (
    ("食堂每餐收費多少錢？", "請問食堂每餐是收費多少", "食堂每餐收费是多少钱啊", "飯堂每餐繳費多少錢？"),
    ("校車早上幾點發車？", "請問校車早上是幾點發車呢", "校车早上几点发车"),
    ("家長接待日由誰負責？", "家長接待日歸誰管", "家长接待日是谁负责的？"),
    ("家長接待日什麼時候？", "家長接待日是哪天？"),
    ("第一小學的操場什麼時候翻修？",),
    ("第二小學的操場什麼時候翻修？",),
    ("初中部晚自習幾點放學？",),
    ("高中部晚自習幾點放學？",),
)


def grouped(questions: list[str]) -> set[frozenset[str]]:
    found = clusters([Asked(at, text) for at, text in enumerate(questions)], Lore())
    return {frozenset(cluster.texts) for cluster in found}


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_wordings_of_one_question_come_together_and_other_questions_do_not(chance: random.Random) -> None:
    questions = [text for group in SAME for text in group]
    chance.shuffle(questions)
    assert grouped(questions) == {frozenset(group) for group in SAME}


def test_the_largest_comes_first_then_the_newest_and_the_commonest_wording_names_it() -> None:
    rows = ["甲園的滑梯誰修？", "食堂每餐收費多少錢？", "食堂每餐收费多少", "食堂每餐收費多少錢？", "校服在哪裏買？"]
    found = clusters([Asked(at, text) for at, text in enumerate(rows)], Lore())
    assert [cluster.label for cluster in found] == ["食堂每餐收費多少錢？", "校服在哪裏買？", "甲園的滑梯誰修？"]
    assert found[0].newest == 3
    assert sum(len(cluster.members) for cluster in found) == len(rows)


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=12))
def test_no_question_is_lost_or_doubled(texts: list[str]) -> None:
    found = clusters([Asked(at, text) for at, text in enumerate(texts)], Lore())
    assert sorted(member.id for cluster in found for member in cluster.members) == list(range(len(texts)))


def test_nothing_asked_is_no_cluster() -> None:
    assert clusters([], Lore()) == ()
