"""What speaks against answering: words, names and values that the best candidate leaves unmet."""

import pytest

from bot.ask import doubts, intents, words
from bot.ask.answer import Kind, Status
from bot.ask.library import Library


def test_words_are_cut_by_frequency_and_nouns_told_apart() -> None:
    text = "校园监控安装"
    found = [(text[word.first : word.last], word.noun) for word in words.cut(text)]
    assert found == [("校园", True), ("监控", True), ("安装", False)]
    rarity = {text[word.first : word.last]: word.rarity for word in words.cut(text)}
    assert rarity["监控"] > rarity["校园"]


def test_what_is_in_no_list_is_one_word_and_the_rarest() -> None:
    (word,) = words.cut("霸凌")
    assert (word.first, word.last, word.rarity, word.noun) == (0, 2, 1.0, True)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("柏树湾小学哪天竣工", ["树湾小学"]),
        ("台湾大学校系介绍哪天", ["台湾大学"]),
        ("大学生什么时候实习", []),
        ("哪所小学承办", []),
        ("乡镇幼儿园几月开园", []),
    ],
)
def test_proper_names_are_told_from_common_words(question: str, names: list[str]) -> None:
    assert doubts.names_in(question) == names


@pytest.mark.parametrize(("after", "noun"), [("剧院演出", ["剧院"]), ("部门负责", []), ("捐血中心来", ["中心"])])
def test_the_noun_that_is_asked_for(after: str, noun: list[str]) -> None:
    assert doubts.first_noun(after) == noun


@pytest.mark.parametrize(
    "question",
    [
        "植樹節種多少棵樹?", "冬令营几月开营?", "霸凌事件找谁处理?", "9999", "田徑運動會門票多少錢?",
        "科技节在哪个剧院举行?", "安全教育日是哪天?",
    ],
)  # fmt: skip
def test_what_the_demonstration_does_not_say_is_refused(library: Library, question: str) -> None:
    assert library.ask(question).status is Status.UNKNOWN


def test_a_national_day_that_no_plan_names_is_a_near_miss(library: Library) -> None:
    (differs,) = library.ask("安全教育日是哪天?").differs
    assert differs.asked == "全国中小学生安全教育日"
    assert "5月12日" in differs.planned


@pytest.mark.parametrize("question", ["哪些事由教研室负责", "教研室負責什麼", "區教研室管哪些工作?"])
def test_what_a_unit_has_to_do_is_a_list_of_all_of_it(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.kind is Kind.LIST
    assert len(answer.hits) > 5
    assert all(any("教研室" in owner.name for owner in hit.measure.owners) for hit in answer.hits[:5])


@pytest.mark.parametrize(
    ("question", "often", "exact"), [("联合备课多久一次", True, False), ("科技节是几号", False, True), ("家长会什么时候开", False, False)]
)
def test_how_often_and_which_day_are_asked_apart(question: str, often: bool, exact: bool) -> None:
    read = intents.understand(question)
    assert (read.often, read.exact) == (often, exact)


def test_only_a_number_of_the_asked_time_belongs_to_it() -> None:
    question = intents.understand("2027年4月有哪些活动")
    assert doubts.in_time(question, "2027")
    assert not any(doubts.in_time(question, number) for number in ("12", "4.5", "9" * 400))
