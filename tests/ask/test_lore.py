"""What administrators add: synonyms that lead to the plan's words, answers to a question however it is worded, and to no other."""

import pytest

from bot.ask.answer import Status
from bot.ask.library import Library
from bot.ask.lore import Curated, Lore, Synonym

QUESTION = "食堂每餐收費多少錢？"
TEXT = "按學校公示欄的標準收。"


def told(library: Library, question: str, asked: str = QUESTION) -> str:
    return Library(library.shelves, Lore(curated=(Curated(7, asked, text=TEXT),))).ask(question).told


@pytest.mark.parametrize(
    "question",
    [
        "食堂每餐收費多少錢？",
        "食堂每餐收费多少钱",
        "請問食堂每餐收費是多少錢呢？",
        "飯堂每餐繳費多少錢？",
        "老師您好，想問一下食堂每餐收費多少錢",
    ],
)
def test_the_same_question_in_other_words_gets_the_answer(library: Library, question: str) -> None:
    assert told(library, question) == TEXT


@pytest.mark.parametrize("question", ["食堂由誰負責？", "食堂什麼時候收費？", "校車每月收費多少錢？", "食堂每餐供應多少人？", "收費", ""])
def test_another_question_does_not(library: Library, question: str) -> None:
    assert told(library, question) == ""


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("第一小學的食堂什麼時候開？", "第二小學的食堂什麼時候開？"),
        ("初中部的家長會什麼時候開？", "高中部的家長會什麼時候開？"),
        ("四月的家長會由誰負責？", "五月的家長會由誰負責？"),
        ("春季運動會由誰負責？", "秋季運動會由誰負責？"),
        ("上學期家長會由誰負責？", "下學期家長會由誰負責？"),
        ("男生宿舍由誰管理？", "女生宿舍由誰管理？"),
    ],
)
def test_one_character_can_make_another_question(library: Library, asked: str, question: str) -> None:
    assert told(library, asked, asked) == TEXT
    assert told(library, question, asked) == ""


def test_a_character_of_the_same_sound_is_a_slip(library: Library) -> None:
    assert told(library, "家長接代日的登記由誰負責？", "家長接待日的登記由誰負責？") == TEXT


def test_a_measure_chosen_by_hand_is_the_answer_until_no_plan_has_it(library: Library) -> None:
    measure = library.catalog.entries[3].measure
    lore = Lore(curated=(Curated(7, QUESTION, measure.id),))
    answer = Library(library.shelves, lore).ask(QUESTION)
    assert (answer.status, answer.curated, [hit.measure.id for hit in answer.hits]) == (Status.ANSWERED, 7, [measure.id])
    assert Library((), lore).ask(QUESTION).curated == 0


def test_a_synonym_works_both_ways_and_in_both_scripts() -> None:
    lore = Lore((Synonym(1, "靈動課間", "大課間活動"),))
    assert "灵动课间" in lore.words["大课间活动"]
    assert "大课间活动" in lore.words["灵动课间"]
    assert lore.longest >= 5


def test_a_synonym_leads_to_the_words_of_the_plan(hand_made: Library) -> None:
    question = "紙鳶大會什麼時候？"
    assert hand_made.ask(question).status is Status.UNKNOWN
    taught = Library(hand_made.shelves, Lore((Synonym(1, "紙鳶大會", "风筝节"),))).ask(question)
    assert taught.status is not Status.UNKNOWN
    assert "風箏節" in taught.hits[0].measure.text
