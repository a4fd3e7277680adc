"""Placeholders of a notice: filled for each reader, told apart from other braces, never filled twice."""

import pytest

from bot.notice.placeholders import fill, unknown_in


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{姓名}老師：請{學校}於週五報送。", []),
        ("{ 單位 }、{Name}", []),
        ("{校名}、{姓名}、{校名}、{電話}", ["校名", "電話"]),
        ("集合{1,2}、{}、{a b}、｛姓名｝", []),
    ],
)
def test_unknown_ones_are_named_once(text: str, unknown: list[str]) -> None:
    assert unknown_in(text) == unknown


def test_each_is_filled_and_what_is_filled_in_stays_as_it_is() -> None:
    values = {"name": "{單位}", "unit": "第一小學"}
    assert fill("{姓名}（{學校}）：{1}、{ unit }", values) == "{單位}（第一小學）：{1}、第一小學"
