"""The time that a question names: the grammar of plans, words that only questions have, and which entries meet it."""

from datetime import date

import numpy as np
import pytest

from bot.ask import normal
from bot.ask.answer import Shelf
from bot.ask.intents import understand
from bot.ask.library import Library
from bot.ask.moments import When, meets, when_of
from bot.plan.read import Context, read_plan

TODAY = date(2026, 11, 24)  # a Tuesday


def read(question: str, today: date | None = TODAY) -> When:
    return when_of(normal.fold(question), today)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("下周五有什麼安排", "2026-12-04", "2026-12-04"),
        ("本周有哪些事", "2026-11-23", "2026-11-29"),
        ("下下周開什麼會", "2026-12-07", "2026-12-13"),
        ("上周做了什麼", "2026-11-16", "2026-11-22"),
        ("本月要做什么", "2026-11-01", "2026-11-30"),
        ("下个月的活动", "2026-12-01", "2026-12-31"),
        ("下月初要報什麼", "2026-12-01", "2026-12-10"),
        ("明天有什么", "2026-11-25", "2026-11-25"),
        ("大後天呢", "2026-11-27", "2026-11-27"),
        ("三天後有什麼", "2026-11-27", "2026-11-27"),
        ("周五有会吗", "2026-11-27", "2026-11-27"),
        ("禮拜二開會嗎", "2026-11-24", "2026-11-24"),
        ("這週末有活動嗎", "2026-11-28", "2026-11-29"),
        ("下周末呢", "2026-12-05", "2026-12-06"),
        ("what is on next Friday", "2026-12-04", "2026-12-04"),
        ("what is due this week", "2026-11-23", "2026-11-29"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("anything tomorrow?", "2026-11-25", "2026-11-25"),
        ("下學期要做什麼", "2027-02-15", "2027-07-15"),
        ("2025-2026學年有什麼", "2025-09-01", "2026-08-31"),
        ("114學年度第一學期", "2025-09-01", "2026-01-31"),
    ],
)
def test_days_of_the_calendar(question: str, first: str, last: str) -> None:
    when = read(question)
    assert (when.first, when.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert not when.years


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("五月有什麼", {5}), ("5月份的工作", {5}), ("十二月", {12}), ("9月到11月", {9, 10, 11}), ("3、5、9月", {3, 4, 5, 6, 7, 8, 9}),
        ("第三季度有哪些工作", {7, 8, 9}), ("二季度", {4, 5, 6}), ("上半年", {1, 2, 3, 4, 5, 6}), ("下半年的比賽", {7, 8, 9, 10, 11, 12}),
        ("寒假做什麼", {1, 2}), ("暑假", {7, 8}), ("國慶前要交什麼", {9}), ("六月底前要報什麼", {6}), ("年底前完成什麼", {12}),
        ("期末要交什麼", {1, 6, 7}), ("開學要檢查什麼", {2, 3, 8, 9}), ("期中考試", {4, 5, 10, 11}), ("5月中旬", {5}),
        ("12·4有什麼活動", {12}),
        ("教師節做什麼", {9}), ("what happens in May", {5}), ("the third quarter", {7, 8, 9}), ("in the summer holidays", {7, 8}),
        ("on 4 December", {12}), ("when may we use the hall", set()),
    ],
)  # fmt: skip
def test_months_of_any_year(question: str, months: set[int]) -> None:
    when = read(question)
    assert when.months == months
    assert when.first is None
    assert not when.years


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("十二月四日有什麼", ((12, 4), (12, 4))),
        ("3月4日到10日", ((3, 4), (3, 10))),
        ("5月中旬", ((5, 11), (5, 20))),
        ("國慶節", ((10, 1), (10, 1))),
        ("12月28日至1月3日", ((12, 28), (1, 3))),
        ("December 4th", ((12, 4), (12, 4))),
        ("the 4th of December", ((12, 4), (12, 4))),
        ("3月5日和12月4日", None),
        ("5月20日前", None),
        ("第三周", None),
    ],
)
def test_days_of_any_year(question: str, days: object) -> None:
    assert read(question).days == days


@pytest.mark.parametrize(
    ("question", "years", "months"),
    [("2014年5月", {2014}, {5}), ("2027年有什麼", {2027}, set()), ("明年", {2027}, set()), ("in december 2026", {2026}, {12}),
     ("2025年到2027年", {2025, 2026, 2027}, set()), ("114年12月的段考", {2025}, {12})],
)  # fmt: skip
def test_years(question: str, years: set[int], months: set[int]) -> None:
    when = read(question)
    assert (when.years, when.months) == (years, months)


@pytest.mark.parametrize(
    "question",
    [
        "每周一訓是什麼",
        "一年級家長會",
        "科技節是哪一天",
        "今年有什麼比賽",
        "本學期有哪些活動",
        "“六五”普法",
        "3-6歲",
        "",
        "第二課堂",
        "近期有什麼",
    ],
)
def test_no_time(question: str) -> None:
    assert not read(question)


def test_without_today_nothing_is_counted_from_it() -> None:
    assert not read("下周五有什麼", None)
    assert not read("下学期有什么", None)
    assert read("5月有什麼", None).months == {5}
    assert read("2014年12月4日", None).years == {2014}


def arrays(*spans: tuple[str, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    ends = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in spans]
    bits = [sum(1 << month for month in range(start.month, end.month + 1)) for start, end in ends]
    return (np.array([start.toordinal() for start, _ in ends]), np.array([end.toordinal() for _, end in ends]), np.array(bits))


def test_a_day_of_any_year_is_met_in_the_year_of_the_plan() -> None:
    rows = arrays(("2014-12-04", "2014-12-04"), ("2014-12-01", "2014-12-31"), ("2014-12-05", "2014-12-05"), ("2027-12-04", "2027-12-04"))
    assert meets(read("12月4日"), *rows).tolist() == [True, True, False, True]
    assert meets(read("2014年12月4日"), *rows).tolist() == [True, True, False, False]


def test_a_leap_day_is_met_in_any_year() -> None:
    rows = arrays(("2027-02-28", "2027-02-28"), ("2027-02-27", "2027-02-27"))
    assert meets(read("February 29"), *rows).tolist() == [True, False]


def test_a_question_of_a_time_alone_asks_for_all_of_it() -> None:
    for question in ("下周五有什么安排", "第三季度有哪些工作", "3月4日到10日", "next month", "十二月四日有什麼"):
        assert understand(question, TODAY).thin, question
    for question in ("教師節做什麼", "期末考試", "下周五的運動會", "第三季度的督導"):
        assert not understand(question, TODAY).thin, question


def test_weeks_of_the_term_are_named_by_number() -> None:
    assert read("第5周有什么安排", None).weeks == {5}
    assert read("第十四周做什么", None).weeks == {14}
    assert read("第7、13、17周", None).weeks == {7, 13, 17}
    assert read("第2-4周", None).weeks == {2, 3, 4}
    assert not read("10月第二周", None).weeks
    assert not read("第五周年校庆", None).weeks


def test_a_week_lists_what_its_row_holds_and_nothing_of_other_weeks() -> None:
    text = (
        "某校工作安排\n周次\t时间\t工作内容\t负责部门\t地点\n"
        "4\t3月6日—10日\t召开家委会\t德育处\t会议室\n5\t3月13日—17日\t举办诗歌节\t团委\t礼堂\n"
    )
    library = Library([Shelf(1, 1, read_plan("a.txt", text.encode(), Context(issuer="某校", year=2028)))])
    answer = library.ask("第五周有什么安排?")
    assert [hit.measure.text for hit in answer.hits] == ["举办诗歌节"]
    assert library.ask("诗歌节在哪里办?").hits[0].measure.text == "举办诗歌节"
