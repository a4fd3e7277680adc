"""Plans, sections and items by every style of numbering."""

import pytest

from bot.plan.marks import MARKERS, lines
from bot.plan.outline import outline
from bot.plan.script import fold

MARKS = [
    ("第一篇 總體安排", "part", 1), ("第二章 課程", "chapter", 2), ("三、加強管理", "hanzi", 3),
    ("（四）加強管理", "bracket", 4), ("1.2 加強管理", "decimal", 2), ("5.加強管理", "dotted", 5),
    ("6．加強管理", "dotted", 6), ("7、加強管理", "dotted", 7), ("8）加強管理", "half", 8), ("（9）加強管理", "paren", 9),
    ("③加強管理", "circle", 3), ("十二、加強管理", "hanzi", 12),
]  # fmt: skip


@pytest.mark.parametrize(("text", "style", "number"), MARKS, ids=[row[0] for row in MARKS])
def test_marker(text: str, style: str, number: int) -> None:
    row = next(lines(fold(text)))
    assert (row.style, row.number) == (style, number)
    assert text[row.body :].startswith(("加強", "課程", "總體"))


def test_every_style_is_tested() -> None:
    assert {style for style, _ in MARKERS} == {style for _, style, _ in MARKS}


@pytest.mark.parametrize("text", ["一、二年級不佈置書面作業", "2014年9月起", "12.4全國宣傳日", "3-6歲兒童", "十年規劃", "2.5萬元"])
def test_no_marker(text: str) -> None:
    assert next(lines(fold(text))).style == ""


def test_a_number_before_digits_counts_where_it_continues() -> None:
    rows = list(lines(fold("10.加強管理\n11.2024行動計劃\n12.5平方米")))
    assert [row.style for row in rows] == ["dotted", "dotted", "dotted"]
    assert [row.style for row in lines(fold("3.加強管理\n12.5平方米"))] == ["dotted", ""]


def shape(text: str) -> list[tuple[int, str, list[tuple[int, str]]]]:
    plan = outline(text, fold(text))[0]
    return [
        (
            section.number,
            section.title,
            [(item.number, text[item.title[0] : item.title[1]] if item.title else "") for item in section.items],
        )
        for section in plan.sections
    ]


def test_sections_and_items() -> None:
    text = "工作計劃\n本學期要抓好管理。\n一、規範管理\n1.抓常規。各校要開展自查。\n2.開展檢查，公布結果。\n二、抓好安全\n開展演練。"
    assert shape(text) == [(1, "規範管理", [(1, "抓常規"), (2, "")]), (2, "抓好安全", [])]
    plan = outline(text, fold(text))[0]
    assert text[slice(*plan.preamble)] == "本學期要抓好管理。"
    assert plan.title == "工作計劃"


def test_brackets_are_items_under_one_level_and_sections_above_items() -> None:
    assert shape("一、甲\n（一）抓常規。開展自查。\n（二）抓安全。開展演練。") == [(1, "甲", [(1, "抓常規"), (2, "抓安全")])]
    three = shape("一、甲\n（一）乙\n1.抓常規。開展自查。\n（二）丙\n2.抓安全。開展演練。")
    assert [(title, items) for _, title, items in three] == [("甲", []), ("乙", [(1, "抓常規")]), ("丙", [(2, "抓安全")])]


def test_numbering_that_runs_across_sections_is_kept() -> None:
    assert [items for *_, items in shape("一、甲\n1.抓常規。開展自查。\n二、乙\n2.抓安全。開展演練。")] == [
        [(1, "抓常規")],
        [(2, "抓安全")],
    ]


def test_months_without_numbers_are_sections() -> None:
    assert shape("行事曆\n三月份\n1.期初檢查\n2.家長會\n四月份\n1.期中考試") == [
        (1, "三月份", [(1, ""), (2, "")]),
        (2, "四月份", [(1, "")]),
    ]


def test_title_on_its_own_line() -> None:
    assert shape("要點\n一、甲\n1.抓常規\n各校要開展自查。\n2.抓安全\n各校要開展演練。") == [(1, "甲", [(1, "抓常規"), (2, "抓安全")])]


def test_several_plans() -> None:
    plans = outline(
        "計劃兩篇\n第一篇\n一、甲\n開展自查。\n第二篇 春季\n一、乙\n開展演練。",
        fold("計劃兩篇\n第一篇\n一、甲\n開展自查。\n第二篇 春季\n一、乙\n開展演練。"),
    )
    assert [(plan.number, plan.label, plan.title) for plan in plans] == [(1, "第一篇", "第一篇"), (2, "第二篇", "春季")]


def test_signature_is_no_part_of_the_plan() -> None:
    text = "一、甲\n開展自查。\n青石縣教育局\n2024年3月1日"
    plan = outline(text, fold(text))[0]
    assert [text[piece.start : piece.end] for piece in plan.sections[0].pieces] == ["開展自查。"]


def test_numbers_that_come_twice_stay_apart() -> None:
    assert [number for number, *_ in shape("一、甲\n開展自查。\n一、乙\n開展演練。")] == [1, 2]
