"""What holds for any text: it is read or refused, its measures stand in it and do not overlap, and its ids do not change."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadDocument
from bot.plan.formats import read_bytes
from bot.plan.model import Document
from bot.plan.read import Context, read_plan
from bot.plan.script import fold
from bot.plan.show import contract

KEYS = ("document.unreadable", "document.empty", "document.nothing")
PIECES = [
    "第一篇", "第二篇", "一、", "二、", "（一）", "1.", "2．", "3、", "（1）", "①", "1.1 ", "一是", "\n", "\n\n", "\t", "。",
    "；", "，", "、", "：", "“", "”", "《", "》", "（", "）",
    "各校", "各校(園)", "區教育局", "區教研室", "學校", "教師", "要", "將", "由", "負責", "牽頭", "配合", "責任單位：",
    "（牽頭單位：", "配合單位：", "時間：", "開展", "組織", "舉辦", "運動會", "演練", "培訓", "檢查",
    "今年4月", "3月底前", "2014年", "2014-2015學年", "本學期", "第3周", "二月份", "5月1日", "-5月7日", "8/25", "元旦", "六·一",
    "每周", "每學期不少於2次", "推遲到", "原定於", "周次", "日期", "工作內容", "負責處室",
    "加強安全教育", "促進均衡發展", "按照工作要求", "85%以上", "2個", "〔2014〕21號", "是", "關鍵年", "暑假期間", " ", "　", "a",
    "12", "·", "—", "和", "及", "的",
]  # fmt: skip
PLANLIKE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join)


def read(text: str) -> Document | None:
    try:
        return read_plan("plan.txt", text.encode("utf-8"), Context("區教育局", 2014))
    except BadDocument as error:
        return None if error.key in KEYS else pytest.fail(error.key)


def check(text: str) -> None:
    document = read(text)
    if document is None:
        return
    whole = read_bytes("plan.txt", text.encode("utf-8"))
    for plan in document.plans:
        places = []
        start = 0
        for measure in plan.measures:
            assert measure.text == measure.text.strip() or measure.text[-1] != "\n"
            assert "\n" not in measure.text
            assert "\t" not in measure.text
            assert measure.owners
            found = whole.find(measure.text, start)
            assert found >= 0, (measure.text, "after", whole[:start])
            places.append((found, found + len(measure.text)))
            start = found + len(measure.text)
        assert all(first[1] <= second[0] for first, second in pairwise(places))
        ids = [measure.id for measure in plan.measures]
        assert len(set(ids)) == len(ids)
        assert all(event.measure in ids for event in plan.events)
        assert all(event.text in whole for event in plan.events)
    assert contract(read(text)) == contract(document)  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLANLIKE)
def test_planlike_text_is_read_or_refused(text: str) -> None:
    check(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text.encode("utf-8", "ignore").decode("utf-8"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document = read_plan("plan.txt", data)
    except BadDocument:
        return
    assert any(plan.measures for plan in document.plans)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_folding_keeps_length_and_pieces(left: str, right: str) -> None:
    assert len(fold(left)) == len(left)
    assert fold(left + right) == fold(left) + fold(right)
    assert fold(fold(left)) == fold(left)
