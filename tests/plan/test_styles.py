"""Ways of writing beside sections and items: duties of organs, lines of weekdays, announcements, aliases, clauses with times."""

from datetime import date

import pytest

from bot.people import Unit
from bot.plan.model import Basis, DateRole
from bot.plan.read import Context, read_plan
from bot.plan.review import looks
from bot.plan.units import Register

Row = tuple[str, str, Basis]


def owned(text: str, issuer: str = "某校") -> list[Row]:
    return [
        (one.text, one.owners[0].name, one.owners[0].basis) for one in read_plan("plan.txt", text.encode(), Context(issuer, 2027)).measures
    ]


def dated(text: str) -> list[tuple[str, date | None, date | None]]:
    found = read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures
    return [(one.text, one.date.start if one.date else None, one.date.end if one.date else None) for one in found]


def test_an_organ_answers_for_the_duties_listed_after_it() -> None:
    text = (
        "防汛工作方案\n一、組織機構\n領導小組職責：1.制定預案。2.組織隱患排查。\n宣傳組職責是：\n（1）張貼海報。\n（2）開展知識宣傳。\n"
        "二、部門分工\n總務處：1.儲備物資；2.檢修水溝。\n各班要召開班會。\n"
    )
    assert owned(text) == [
        ("1.制定預案", "領導小組", Basis.EXPLICIT), ("2.組織隱患排查", "領導小組", Basis.EXPLICIT),
        ("（1）張貼海報", "宣傳組", Basis.INHERITED), ("（2）開展知識宣傳", "宣傳組", Basis.INHERITED),
        ("1.儲備物資", "總務處", Basis.EXPLICIT), ("2.檢修水溝", "總務處", Basis.EXPLICIT), ("各班要召開班會", "各班", Basis.EXPLICIT),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("区教育局安全科负责审核预案。", "区教育局安全科"), ("县教体局学前科负责审核收费。", "县教体局学前科"),
        ("经教职工大会表决后公布方案。", "某校"), ("开学前教务处组织教材发放。", "教务处"), ("经发办负责招商。", "经发办"),
    ],
)  # fmt: skip
def test_names_that_begin_or_end_like_other_words(sentence: str, name: str) -> None:
    assert owned(f"工作计划\n一、重点工作\n{sentence}")[0][1] == name


def test_lines_of_weekdays_have_their_day_of_the_week_of_the_title() -> None:
    text = "第六周工作安排（2027年10月11日—10月15日）\n周一：升旗仪式\n周二：1.教研组长会议 2.检查教案\n星期五：清查教室\n"
    assert dated(text) == [
        ("升旗仪式", date(2027, 10, 11), date(2027, 10, 11)),
        ("1.教研组长会议", date(2027, 10, 12), date(2027, 10, 12)),
        ("2.检查教案", date(2027, 10, 12), date(2027, 10, 12)),
        ("清查教室", date(2027, 10, 15), date(2027, 10, 15)),
    ]


def test_each_clause_has_its_own_time() -> None:
    text = (
        "工作计划\n一、重点\n3月制定方案，4月至5月组织实施，6月底前完成验收。\n10月17日---21日举行运动会。\n"
        "10月12日开始到10月18日开展推普周活动。\n12月 15前上报总结。\n"
    )
    assert [days[1:] for days in dated(text)] == [
        (date(2027, 3, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2027, 5, 31)),
        (None, date(2027, 6, 30)),
        (date(2027, 10, 17), date(2027, 10, 21)),
        (date(2027, 10, 12), date(2027, 10, 18)),
        (None, date(2027, 12, 15)),
    ]


@pytest.mark.parametrize(("words", "role"), [("4月10日前提交材料", DateRole.DEADLINE), ("4月10日前提是按时报到", DateRole.WHEN)])
def test_before_a_day_and_the_word_for_a_condition(words: str, role: DateRole) -> None:
    found = read_plan("plan.txt", f"活动安排\n一、内容\n{words}。\n2.开展自查。\n".encode(), Context("某校", 2027)).measures[0].date
    assert found
    assert found.role is role


def test_what_a_preamble_announces_is_a_measure_and_its_formula_is_not() -> None:
    text = (
        "关于举办读书节的通知\n各班级：\n为营造书香校园，我校将于4月举办第三届读书节，现将有关事项通知如下：\n"
        "一、活动内容\n1.各班布置图书角。\n2.各班推荐好书。\n"
    )
    first = read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures[0]
    assert (first.section, first.text) == (0, "为营造书香校园，我校将于4月举办第三届读书节")


def test_aliases_that_the_text_gives_make_no_unknown_unit() -> None:
    text = "工作要点\n一、质量\n溪口区教育研究院（以下简称“教研院”）牵头组织监测。教研院每月通报结果。实验站负责试点。\n"
    document = read_plan("plan.txt", text.encode(), Context("溪口区教育局", 2027))
    assert document.aliases == (("溪口区教育研究院", "教研院"),)
    assert document.measures[0].owners[0].name == "溪口区教育研究院"
    register = Register([Unit(1, "溪口区教育研究院", "office", "", (), ())])
    assert [look.text for look in looks(document, register) if look.kind == "unknown unit"] == ["实验站"]


def test_labels_that_name_nobody_end_the_names() -> None:
    text = "工作要点\n一、党建\n落实学习制度。（责任科室：党建办、人事股；完成时限：8月底）\n"
    first = read_plan("plan.txt", text.encode(), Context("某局", 2027)).measures[0]
    assert [owner.name for owner in first.owners] == ["党建办", "人事股"]
    assert first.date
    assert first.date.end == date(2027, 8, 31)


def test_months_inside_a_paragraph_and_days_inside_a_sentence_divide() -> None:
    text = "工作计划\n一、活动\n9月：诵读比赛；10月：讲故事比赛。\n二、放假\n7月4日放假，8月31日开学报到，9月1日正式上课。\n"
    assert [(one[0], one[1]) for one in dated(text)] == [
        ("诵读比赛", date(2027, 9, 1)), ("讲故事比赛", date(2027, 10, 1)), ("7月4日放假", date(2027, 7, 4)),
        ("8月31日开学报到", date(2027, 8, 31)), ("9月1日正式上课", date(2027, 9, 1)),
    ]  # fmt: skip


def test_rows_of_weekdays_have_their_day() -> None:
    text = "第六周工作安排（2027年10月11日—10月15日）\n时间\t工作内容\t负责部门\n周一\t升旗仪式\t政教处\n星期三\t教研活动\t教务处\n"
    assert [one[1] for one in dated(text)] == [date(2027, 10, 11), date(2027, 10, 13)]


def test_the_last_entry_of_a_list_of_sections_is_a_deed() -> None:
    text = "輔導工作計畫\n參、實施內容\n一、友善校園\n(一)辦理宣導活動。\n(二)召開輔導會議。\n二、家庭教育\n辦理講座。\n"
    assert [one.text for one in read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures] == [
        "(一)辦理宣導活動", "(二)召開輔導會議", "辦理講座",
    ]  # fmt: skip
