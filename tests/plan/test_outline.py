"""Plans, sections and items by every style of numbering."""

import pytest

from bot.plan.marks import MARKERS, lines
from bot.plan.outline import outline
from bot.plan.script import fold

MARKS = [
    ("第一篇 總體安排", "part", 1), ("第二章 課程", "chapter", 2), ("三、加強管理", "hanzi", 3),
    ("（四）加強管理", "bracket", 4), ("1.2 加強管理", "decimal", 2), ("5.加強管理", "dotted", 5),
    ("6．加強管理", "dotted", 6), ("7、加強管理", "dotted", 7), ("8）加強管理", "half", 8), ("（9）加強管理", "paren", 9),
    ("③加強管理", "circle", 3), ("參、加強管理", "formal", 3), ("拾壹、加強管理", "formal", 11), ("b、加強管理", "alpha", 2),
    ("十二、加強管理", "hanzi", 12),
]  # fmt: skip


@pytest.mark.parametrize(("text", "style", "number"), MARKS, ids=[row[0] for row in MARKS])
def test_marker(text: str, style: str, number: int) -> None:
    row = next(lines(fold(text)))
    assert (row.style, row.number) == (style, number)
    assert text[row.body :].startswith(("加強", "課程", "總體"))


def test_every_style_is_tested() -> None:
    assert {style for style, _ in MARKERS} == {style for _, style, _ in MARKS}


@pytest.mark.parametrize(
    "text", ["一、二年級不佈置書面作業", "2014年9月起", "12.4全國宣傳日", "3-6歲兒童", "十年規劃", "2.5萬元", "A類學校", "e.g.管理"]
)
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


def test_months_inside_a_numbered_section_are_its_items() -> None:
    text = "計劃\n一、措施\n開展自查。\n二、每月安排\n九月份：\n1、召開家長會\n2、開展演練\n十月份：\n1、舉辦運動會\n三、保障\n落實經費。"
    assert shape(text) == [(1, "措施", []), (2, "每月安排", [(1, "九月份："), (2, "十月份：")]), (3, "保障", [])]


def test_months_are_sections_where_the_numbers_begin_again_under_each() -> None:
    text = "計劃\n九月\n一、召開家長會\n二、開展演練\n十月\n一、舉辦運動會\n二、檢查食堂"
    assert [(title, len(items)) for _, title, items in shape(text)] == [("九月", 2), ("十月", 2)]


@pytest.mark.parametrize(
    "heading",
    [
        "三月份",
        "3月",
        "2024年3月",
        "三月主題：學雷鋒",
        "三月（安全教育月）",
        "三月——文明禮貌月",
        "9—10月份工作安排",
        "第三周",
        "第5-6周",
        "上半年",
        "第一季度",
        "3月第2周",
    ],
)
def test_a_month_or_week_heads_what_is_under_it(heading: str) -> None:
    assert [title for _, title, _ in shape(f"安排\n{heading}\n開展宣傳活動\n召開總結會議\n檢查各班衛生\n四月\n家訪")] == [heading, "四月"]


def test_lines_that_begin_with_a_day_are_no_headings() -> None:
    assert [title for _, title, _ in shape("重要行事\n114.02.11(二) 全校開學\n114.02.28(五) 放假\n114.06.11(三) 畢業典禮")] == ["重要行事"]


def test_a_run_of_short_lines_is_text() -> None:
    text = "安全工作安排\n召開安全工作會議\n開展消防演練活動\n組織隱患排查整治\n做好總結評比工作。"
    plan = outline(text, fold(text))[0]
    assert [len(section.pieces) for section in plan.sections] == [4]


def test_headings_of_markdown_and_bullets() -> None:
    text = "# 校園計劃\n## 安全\n- 開展演練\n- 檢查消防\n### 食堂\n▲查驗證照\n## 教學\n常規檢查。"
    assert shape(text) == [(1, "安全", [(1, "食堂")]), (2, "教學", [])]


def test_a_short_list_after_a_colon_is_no_text_of_a_heading() -> None:
    assert shape("一、甲\n1.歸還物品：圖書、教具。\n2.抓常規：各校要認真開展自查，建立問題臺賬，明確責任人員和整改時限。") == [
        (1, "甲", [(1, ""), (2, "抓常規")])
    ]


def test_names_of_parts_head_sections_above_brackets() -> None:
    text = "園務計劃\n指導思想\n以遊戲為抓手。\n主要工作\n（一）保教\n1.優化流程。各班調整作息，減少等待。\n逐月工作安排\n八月\n1.培訓。"
    assert [title for _, title, _ in shape(text)] == ["指導思想", "主要工作", "保教", "逐月工作安排"]


def test_a_phase_and_its_time_are_a_heading() -> None:
    text = "方案\n一、步驟\n（一）動員階段（3月1日—10日）。各校召開會議。\n（二）總結階段：6月。認真總結經驗。"
    assert shape(text) == [(1, "步驟", [(1, "動員階段（3月1日—10日）"), (2, "總結階段：6月")])]


def test_a_note_at_the_end_is_kept_where_it_says_what_to_do() -> None:
    plan = outline(text := "安排\n一、甲\n開展自查。\n說明：第7周各組自行安排。\n2024年3月1日", fold(text))[0]
    assert len(plan.sections[0].pieces) == 2


def test_what_is_attached_is_a_section() -> None:
    text = "計劃\n一、措施\n1.開展自查。\n附：2024年工作安排表\n月份\t工作內容\n3月\t演練"
    assert [title for _, title, _ in shape(text)] == ["措施", "附：2024年工作安排表"]
