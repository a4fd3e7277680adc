"""The library answers from its records, and every look-up agrees with them."""

import json
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ask.answer import Kind, Shelf, Status
from bot.ask.contract import as_contract
from bot.ask.library import Library

QUESTIONS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="誰什么时候哪里几月的校學安全演練计划第二篇三部分五条abc 123,。?？", max_size=40),
    st.sampled_from(["", " ", "？", "第", "月", "那", "kjj", "gggggggg", "的的的的", "0月", "第0篇", "a" * 400, "誰" * 300]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, previous=QUESTIONS)
def test_any_question_has_an_answer(library: Library, hand_made: Library, question: str, previous: str) -> None:
    for shelf in (library, hand_made, Library([])):
        answer = shelf.ask(question, previous, date(2027, 3, 1), ("m1", "none"))
        assert answer.question == question
        assert all(0.0 <= hit.score <= 1.0 for hit in (*answer.hits, *answer.near))
        assert answer.status is not Status.UNKNOWN or (not answer.hits and len(answer.near) <= 3)
        assert answer.status is not Status.AMBIGUOUS or 2 <= len(answer.hits) <= 3
        json.dumps(as_contract(answer))


def test_the_same_library_answers_the_same(library: Library) -> None:
    again = Library(library.shelves)
    assert again.digest == library.digest
    question = "田径运动会由谁承办?"
    assert again.ask(question) == library.ask(question)


def test_the_digest_follows_the_versions(library: Library) -> None:
    shelf = library.shelves[0]
    assert Library([Shelf(shelf.plan, shelf.version + 1, shelf.document)]).digest != Library([shelf]).digest


def test_an_answer_quotes_the_record(library: Library) -> None:
    answer = library.ask("小學生田徑運動會哪天開?")
    assert answer.status is Status.ANSWERED
    assert answer.kind is Kind.WHEN
    assert answer.script == "hant"
    best = answer.hits[0]
    assert library.find(best.measure.id) is not None
    assert best.measure.date is not None
    assert (best.measure.date.start, best.measure.date.end) == (date(2027, 5, 16), date(2027, 5, 17))
    assert best.place == "四、1"
    assert any("田径运动会" in word for word in best.why)


def test_a_typed_question_in_either_script_finds_the_same(library: Library) -> None:
    pairs = [
        ("輪崗申請幾月開始受理?", "轮岗申请几月开始受理?"),
        ("誰抽查作業?", "谁抽查作业?"),
        ("雙人跳繩挑戰賽什麼時候?", "双人跳绳挑战赛什么时候?"),
    ]
    for hant, hans in pairs:
        assert library.ask(hant).hits[0].measure == library.ask(hans).hits[0].measure


def test_both_plans_speak_where_the_question_does_not_choose(library: Library) -> None:
    answer = library.ask("心理辅导取证培训谁负责组织?")
    assert len({hit.shelf.plan for hit in answer.hits[:2]}) == 2


def test_a_named_plan_answers_alone(library: Library) -> None:
    for question, name in (("春季计划里心理取证培训谁负责?", "spring"), ("学年计划里心理取证培训谁负责?", "year")):
        assert {hit.shelf.document.name.partition("-")[0] for hit in library.ask(question).hits} == {name}


def test_a_named_place_answers_alone(library: Library) -> None:
    hits = library.ask("春季计划第八部分第三条讲什么?").hits
    assert hits
    assert {(hit.measure.section, hit.measure.item) for hit in hits} == {(8, 3)}


def test_a_named_month_answers_alone(library: Library) -> None:
    hits = library.ask("十一月份有哪些工作?").hits
    assert len(hits) > 3
    for hit in hits:
        span = hit.measure.date
        assert span is not None
        first, last = span.start or span.end, span.end or span.start
        assert first is not None
        assert last is not None
        assert any(first <= date(year, 11, day) <= last for year in (2026,) for day in range(1, 31))


def test_a_named_unit_answers_alone(library: Library) -> None:
    hits = library.ask("區電化教育館負責哪些工作?").hits
    assert len(hits) >= 3
    assert all(any("電化教育館" in owner.name for owner in hit.measure.owners) for hit in hits)


@pytest.mark.parametrize("question", ["培训什么时候开始?", "誰負責檢查?", "课题什么时候?"])
def test_one_word_that_many_items_have_is_asked_back(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.status is Status.AMBIGUOUS
    assert len({(hit.shelf.plan, hit.measure.section, hit.measure.item) for hit in answer.hits}) == len(answer.hits) > 1


def test_comparison_holds_both_sides(library: Library) -> None:
    answer = library.ask("名師工作室兩份計劃裡的安排有什麼區別?")
    assert answer.kind is Kind.COMPARE
    assert len({hit.shelf.plan for hit in answer.hits[:2]}) == 2


@pytest.mark.parametrize(
    "question",
    [
        "教育局的联系电话是多少?",
        "机器人训练营收费多少?",
        "田径运动会几点开始?",
        "中考分数线是多少?",
        "校服多少钱一套?",
        "怎么做红烧肉",
        "股票今天涨了吗",
    ],
)
def test_what_cannot_be_known_is_refused_with_the_nearest_places(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.status is Status.UNKNOWN
    assert answer.hits == ()
    assert len(answer.near) <= 3


def test_a_refusal_names_the_words_that_no_plan_has(library: Library) -> None:
    assert "红烧肉" in library.ask("怎么做红烧肉").missing


def test_small_talk_has_no_hits(library: Library) -> None:
    answer = library.ask("你好")
    assert answer.kind is Kind.CHAT
    assert answer.hits == ()


def test_a_follow_up_keeps_the_subject(library: Library) -> None:
    first = library.ask("教职工趣味运动会由谁筹办?")
    for answer in (
        library.ask("那什么时候?", first.question),
        library.ask("那什么时候?", first.question, subject=[first.hits[0].measure.id]),
    ):
        assert answer.kind is Kind.WHEN
        assert (answer.hits[0].measure.section, answer.hits[0].measure.item) == (4, 3)


def test_a_question_of_its_own_forgets_the_one_before(library: Library) -> None:
    question = "校园足球联赛几月?"
    assert library.ask(question, "食品安全联合检查谁来做?").hits == library.ask(question).hits


def test_the_rest_of_an_answer(library: Library) -> None:
    before = library.ask("11月有什么活动?")
    told = [hit.measure.id for hit in before.hits[:2]]
    rest = library.ask("還有呢?", before.question, subject=told)
    assert rest.hits
    assert not {hit.measure.id for hit in rest.hits} & set(told)


def test_agenda_entries_act_within_the_days(hand_made: Library) -> None:
    def names(first: date, last: date) -> list[str]:
        return [hit.measure.id for hit in hand_made.entries(first, last)]

    assert names(date(2027, 4, 10), date(2027, 4, 12)) == ["m1"]
    assert names(date(2027, 6, 1), date(2027, 6, 29)) == ["m3"]
    assert names(date(2027, 6, 30), date(2027, 6, 30)) == ["m3", "m2"]
    assert names(date(2027, 7, 16), date(2027, 8, 1)) == []
    assert names(date(2026, 3, 1), date(2026, 3, 31)) == []


def test_neighbours_stay_in_their_plan(hand_made: Library) -> None:
    def ids(name: str) -> tuple[str | None, str | None]:
        before, after = hand_made.neighbours(name)
        return before and before.measure.id, after and after.measure.id

    assert ids("m1") == (None, "m2")
    assert ids("m4") == ("m3", None)
    assert ids("m5") == (None, None)
    assert ids("nothing") == (None, None)


def test_events_are_found_by_id_and_by_measure(hand_made: Library) -> None:
    assert [row.event.id for row in hand_made.happenings] == ["e1", "e2"]
    assert hand_made.happening("e1") == hand_made.happenings[0]
    assert hand_made.happening("e9") is None
    event = hand_made.event_of("m1")
    assert event is not None
    assert event.event.id == "e2"
    assert hand_made.event_of("m2") is None


def test_suggestions_come_from_a_beginning_and_from_initials(library: Library) -> None:
    assert "田徑運動會" in library.suggest("田径运")[0].measure.text
    assert "田徑運動會" in library.suggest("tjydh")[0].measure.text
    assert library.suggest("  ") == ()
    assert len(library.suggest("学校", 3)) == 3


def test_the_contract_has_its_shape(library: Library) -> None:
    shown = as_contract(library.ask("轮岗教师占比要多少?"))
    assert set(shown) == {"question", "kind", "status", "answers"}
    assert 1 <= len(shown["answers"]) <= 5
    for row in shown["answers"]:
        assert set(row) == {"measure", "plan", "plan_title", "section", "item", "place", "text", "owners", "date", "score"}
        assert row["date"] is None or set(row["date"]) == {"text", "start", "end", "precision", "role"}
        assert all(set(owner) == {"name", "role", "basis"} for owner in row["owners"])
        assert len(re.findall("。", row["text"][:-1])) <= 1
    assert shown["answers"][0]["score"] == max(row["score"] for row in shown["answers"])
