"""Comparing plans: known edits give exactly the expected rows, and nothing of either side is ever lost or told twice."""

import itertools
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.ask.tables import groups
from bot.calendar import SchoolCalendar
from bot.errors import BadDocument
from bot.plan.changes import Change, Kind
from bot.plan.compare import Comparison, Fate, Row, compare, successor
from bot.plan.model import Document
from bot.plan.pairing import STEP, assigned
from bot.plan.read import read_plan
from bot.plan.script import fold
from bot.samples import lay_out

SPRING, YEAR = (sample.data.decode() for sample in lay_out(date(2026, 10, 12), SchoolCalendar()))
NEXT_SPRING, NEXT_YEAR = (sample.data.decode() for sample in lay_out(date(2027, 10, 12), SchoolCalendar()))

Told = tuple[Fate, str, tuple[tuple[Kind, tuple[str, ...], tuple[str, ...]], ...]]
FAMILY = "3.拉近家庭與學校。"

# What is replaced, by what, and what has to be told of it: fate, words of the measure (new ones, old ones of what was dropped), changes.
EDITS: dict[str, tuple[str, str, tuple[Told, ...]]] = {
    "date of a deadline": (
        "各校要在3月底前完成本校章程", "各校要在4月底前完成本校章程",
        ((Fate.KEPT, "完成本校章程", ((Kind.DATE, ("3月底前",), ("4月底前",)),)),),
    ),
    "date of a day": (
        "5月23日，區教研室舉行教齡", "5月30日，區教研室舉行教齡",
        ((Fate.KEPT, "教齡五年以下", ((Kind.DATE, ("5月23日",), ("5月30日",)),)),),
    ),
    "owner": (
        "區教育局人事科負責審核", "區教育局督導科負責審核",
        ((Fate.KEPT, "負責審核", ((Kind.OWNER, ("區教育局人事科",), ("區教育局督導科",)),)),),
    ),
    "owner before a date": (
        "由楓林小學負責在5月底前整理", "由濱河小學負責在6月底前整理",
        ((Fate.KEPT, "整理成果", ((Kind.DATE, ("5月底前",), ("6月底前",)), (Kind.OWNER, ("楓林小學",), ("濱河小學",)))),),
    ),
    "share": (
        "達標率不低於90%", "達標率不低於92%",
        ((Fate.KEPT, "把跳繩排進大課間", ((Kind.TARGET, ("不低於90%",), ("不低於92%",)),)),),
    ),
    "reworded": (
        "校醫要做好傳染病晨檢，發現異常當日報告", "校醫要做好流行病晨間檢查，發現異常情況當天上報",
        ((Fate.REWORDED, "流行病晨間檢查", ()),),
    ),
    "reworded and dated": (
        "全區教學論文評選的截稿日期為6月12日，逾期不再受理", "全區教學論文評比的交稿截止日為6月10日，過期恕不受理",
        ((Fate.REWORDED, "教學論文", ((Kind.DATE, ("6月12日",), ("6月10日",)),)),),
    ),
    "reworded verbs": (
        "實驗學校要試辦家長夜校，定期向家長開放", "實驗學校要試行開設家長夜校，定期對家長開放",
        ((Fate.REWORDED, "家長夜校", ()),),
    ),
    "extended": (
        "第二中學科創社團要為各小學提供輔導", "第二中學科創社團要為各小學的機器人隊和航模隊逐校提供輔導",
        ((Fate.EXTENDED, "航模隊", ()),),
    ),
    "extended in two places": (
        "各校圖書館全天向家長開放", "各校圖書館和班級圖書角全天向家長以及附近社區的居民開放",
        ((Fate.EXTENDED, "圖書角", ()),),
    ),
    "dropped": ("；嚴禁任何單位以平台名義向學生收費", "", ((Fate.DROPPED, "平台名義", ()),)),
    "dropped in the middle": ("；督導結果作為學校評優的依據", "", ((Fate.DROPPED, "督導結果", ()),)),
    "added": (
        "收到反映後5個工作日內答覆", "收到反映後5個工作日內答覆；區電化教育館要開通匿名留言的網頁",
        ((Fate.ADDED, "匿名留言", ()),),
    ),
    "added at the end": (
        "\n禾溪區教育局\n", "\n5.添置直飲水設備。區教育局財務科要於9月15日前為每所學校安裝兩台直飲水機。\n\n禾溪區教育局\n",
        ((Fate.ADDED, "直飲水機", ()),),
    ),
}  # fmt: skip


def document(text: str) -> Document:
    return read_plan("plan.txt", text.encode())


def compared(old: str, new: str) -> Comparison:
    return compare(document(old).plans, document(new).plans, groups())


def moved_item(text: str) -> str:
    """The item on families taken to the end of the section on teachers."""
    (item,) = (line for line in text.splitlines() if line.startswith(FAMILY))
    last = next(line for line in text.splitlines() if line.startswith("3.改進師德評價。"))
    return text.replace(f"{item}\n", "").replace(last, f"{last}\n\n4.{item.removeprefix('3.')}")


def told(row: Row) -> tuple[Fate, tuple[Change, ...]]:
    return row.fate, tuple(change for change in row.changes if change.kind is not Kind.PLACE)


def words(row: Row) -> str:
    return "".join(measure.text for measure in row.after or row.before)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(sorted(EDITS))), st.booleans(), st.booleans())
def test_known_edits_are_told_and_nothing_else_is(chosen: set[str], move: bool, simplified: bool) -> None:
    text = SPRING
    for name in chosen:
        old, new, _ = EDITS[name]
        assert text.count(old) == 1
        text = text.replace(old, new)
    text = moved_item(text) if move else text
    # Where "定期向家長開放" is reworded and moved at once, it is told as reworded.
    family = {"召開不少於2次家長會": Fate.MOVED, "家校同行": Fate.MOVED, "家長夜校": Fate.MOVED}
    if "reworded verbs" in chosen:
        family["家長夜校"] = Fate.REWORDED
    result = compared(SPRING, OpenCC("t2s").convert(text) if simplified else text)
    expected = Counter(
        (fate, fold(part), tuple((kind, fold("".join(old)), fold("".join(new))) for kind, old, new in changes))
        for name in chosen
        for fate, part, changes in EDITS[name][2]
    )
    if move:
        expected -= Counter({(Fate.REWORDED, fold("家長夜校"), ()): 1})
        expected += Counter((fate, fold(part), ()) for part, fate in family.items())
    parts = [part for _, part, _ in expected]
    found = Counter(
        (
            fate,
            next((part for part in parts if part in fold(words(row))), words(row)),
            tuple((change.kind, fold("".join(change.before)), fold("".join(change.after))) for change in changes),
        )
        for row in result.rows
        if row.changed
        for fate, changes in [told(row)]
    )
    assert found == expected
    places = [row for row in result.rows if any(change.kind is Kind.PLACE for change in row.changes)]
    assert len(places) == (3 if move else 0)
    for row in places:
        (change,) = (change for change in row.changes if change.kind is Kind.PLACE)
        assert "（3）" in change.before[0]
        assert "（4）" in change.after[0]


@pytest.mark.parametrize("text", [SPRING, YEAR, SPRING + "\n\n" + YEAR])
def test_a_document_beside_itself_is_kept_in_every_word(text: str) -> None:
    result = compared(text, OpenCC("t2s").convert(text))
    assert len(result.rows) == len(document(text).measures)
    assert [row for row in result.rows if row.changed] == []
    assert {row.likeness for row in result.rows} == {1.0}


@pytest.mark.parametrize(("old", "new"), [(SPRING, NEXT_SPRING), (YEAR, NEXT_YEAR)])
def test_the_same_plan_a_year_later_has_no_new_dates(old: str, new: str) -> None:
    result = compared(old, new)
    assert [row for row in result.rows if row.fate is not Fate.KEPT and "31號" not in words(row)] == []
    assert [change for row in result.rows for change in row.changes if change.kind is Kind.DATE] == []


def test_two_plans_of_different_business_share_little() -> None:
    result = compared(SPRING, YEAR)
    assert result.count(Fate.KEPT) == result.count(Fate.MOVED) == result.count(Fate.EXTENDED) == 0
    (shared,) = (row for row in result.rows if row.before and "心理輔導取證培訓" in row.before[0].text)
    assert "心理輔導教師取證培訓" in shared.after[0].text
    assert result.count(Fate.REWORDED) <= 5


def test_a_measure_split_in_two_and_two_merged_are_one_row_each() -> None:
    new = SPRING.replace(
        "完成各校網絡設備檢修，把“禾溪雲課堂”平台的優質課擴充到600節",
        "完成各校網絡設備檢修；區電化教育館還要把“禾溪雲課堂”平台的優質課擴充到600節",
    )
    for first, second, shape in ((SPRING, new, (1, 2)), (new, SPRING, (2, 1))):
        (row,) = (row for row in compared(first, second).rows if row.changed)
        assert (len(row.before), len(row.after)) == shape
        assert row.fate in (Fate.REWORDED, Fate.EXTENDED)


def test_sentences_that_stand_in_a_plan_many_times_pair_with_those_of_their_own_place() -> None:
    months = "".join(
        f"{number}、{month}月\n1.各校開展一次安全檢查。\n2.區教研室下校聽課{month}天。\n"
        for number, month in zip("一二三四", (3, 4, 5, 6), strict=True)
    )
    text = f"春季學期工作計劃\n{months}"
    result = compared(text, text.replace("四、6月\n1.各校開展一次安全檢查。\n2.", "四、6月\n1."))
    assert [(row.fate, row.before[0].section) for row in result.rows if row.changed] == [(Fate.DROPPED, 4)]


def test_what_became_of_a_measure_or_event_somebody_follows() -> None:
    old = document(SPRING)
    text = moved_item(SPRING).replace("5月16日至17日", "5月23日至24日").replace("4月下旬舉行全區雙人跳繩挑戰賽，", "")
    result = compare(old.plans, document(text).plans, groups())
    events = {event.name: event for event in old.plans[0].events}
    meet = next(event for name, event in events.items() if "田徑運動會" in name)
    found = successor(result, meet.id)
    assert found is not None
    assert found.event is not None
    assert found.event.id == meet.id
    assert found.event.date is not None
    assert found.event.date.start == date(2027, 5, 23)
    assert [change.kind for change in found.row.changes] == [Kind.DATE]
    rope = next(event for name, event in events.items() if "挑戰賽" in name)
    gone = successor(result, rope.id)
    assert gone is not None
    assert (gone.row.fate, gone.measure, gone.event) == (Fate.DROPPED, None, None)
    family = next(measure for measure in old.measures if "家校同行" in measure.text)
    moved = successor(result, family.id)
    assert moved is not None
    assert moved.row.fate is Fate.MOVED
    assert moved.measure is not None
    assert moved.measure.text == family.text
    assert moved.measure.id != family.id
    assert successor(result, "no such id") is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_measure_stands_in_exactly_one_row(data: st.DataObject) -> None:
    lines = [line for line in (SPRING + YEAR).splitlines() if line]
    halves = [data.draw(st.lists(st.sampled_from(lines), min_size=1, max_size=25)) for _ in range(2)]
    texts = [f"工作計劃\n一、各校要開展一次{'安全' * number}檢查。\n" + "\n".join(half) for number, half in enumerate(halves, 1)]
    try:
        one, two = (document(text) for text in texts)
    except BadDocument:
        reject()
    result = compare(one.plans, two.plans, groups())
    assert Counter(id(measure) for row in result.rows for measure in row.before) == Counter(id(measure) for measure in one.measures)
    assert Counter(id(measure) for row in result.rows for measure in row.after) == Counter(id(measure) for measure in two.measures)
    for row in result.rows:
        assert (row.fate is Fate.ADDED) == (not row.before)
        assert (row.fate is Fate.DROPPED) == (not row.after)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_auction_finds_the_best_assignment(worth: list[list[int]]) -> None:
    offers = {row: [(column, value / 100) for column, value in enumerate(values) if value] for row, values in enumerate(worth)}
    found = assigned(offers)
    assert len(set(found.values())) == len(found)
    rows = range(len(worth))
    slots = [*range(4), *[None] * len(worth)]
    best = max(
        sum(worth[row][slot] / 100 for row, slot in zip(rows, choice, strict=True) if slot is not None)
        for choice in itertools.permutations(slots, len(worth))
    )
    assert sum(worth[row][column] / 100 for row, column in found.items()) >= best - STEP * len(worth) - 1e-9
