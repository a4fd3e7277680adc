"""Placeholders of a notice: filled for each reader, told apart from other braces, never filled twice."""

import pytest

from bot.notice.placeholders import Slot, fill, slots_in, unknown_in


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{姓名}老師：請{學校}於週五報送。", []),
        ("{ 單位 }、{Name}", []),
        ("{校名}、{姓名}、{校名}、{電話}", ["校名", "電話"]),
        ("{活動：科技節}、{活动:科技节}、{ event: Science Fair }、{学期}{單位名稱}", []),
        ("{活動}、{日期：明天}、{節日：春節}", ["活動", "日期：明天", "節日：春節"]),
        ("集合{1,2}、{}、{a b}、｛姓名｝", []),
    ],
)
def test_unknown_ones_are_named_once(text: str, unknown: list[str]) -> None:
    assert unknown_in(text) == unknown


def test_each_is_filled_and_what_is_filled_in_stays_as_it_is() -> None:
    values = {"name": "{單位}", "unit": "第一小學"}
    assert fill("{姓名}（{學校}）：{1}、{ unit }", values) == "{單位}（第一小學）：{1}、第一小學"


def test_what_stands_for_one_is_found_in_both_scripts_and_asked_for_by_its_key() -> None:
    assert list(slots_in("{姓名}：{活動： 科技節 }、{学期}、{學期}、{电话}")) == [Slot("name"), Slot("event", "科技節"), Slot("term")]
    assert fill("{活動：科技節}於{学期}，{日期}", {"event:科技節": "5月15日", "term": "春季學期"}) == "5月15日於春季學期，{日期}"
