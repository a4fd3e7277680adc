"""A whole plan: issuer, year, period, measures, tables, events, ids and the shape that is printed."""

import json
from datetime import date

import pytest

from bot.calendar import SchoolCalendar
from bot.plan.model import DateRole, Document, Precision
from bot.plan.read import Context, read_plan
from bot.plan.script import fold
from bot.plan.show import contract

PLAN = """松谷縣2016年春季學期教育工作計劃

本學期我縣教育工作要以提高質量為中心。

一、規範學校管理
1.抓好常規檢查。各校要在3月底前完成自查，建立問題清單；縣教研室將於4月中旬組織抽查，促進教學質量提升。
2.開展師德教育活動，評選師德標兵20名。
二、豐富校園活動
本學期是素質教育展示的關鍵期。上半年將舉辦我縣“第三屆中學生籃球聯賽”和“六·一兒童節”文藝匯演。每學期開展不少於2次應急演練，學生參與率達95%以上。落實《縣校園安全管理辦法》（松教發〔2015〕8號）。

松谷縣教育局
2016年2月20日
"""


def read(text: str, context: Context | None = None) -> Document:
    return read_plan("plan.txt", text.encode(), context)


def test_issuer_year_and_period_are_inferred() -> None:
    document = read(PLAN)
    assert (document.issuer, document.issuer_inferred, document.year, document.year_inferred) == ("松谷縣教育局", True, 2016, True)
    plan = document.plans[0]
    assert (plan.period.start, plan.period.end) == (date(2016, 2, 15), date(2016, 7, 15))
    assert plan.preamble == "本學期我縣教育工作要以提高質量為中心。"
    given = read(PLAN, Context("縣教體局", 2017))
    assert (given.issuer, given.issuer_inferred, given.year, given.year_inferred) == ("縣教體局", False, 2017, False)


def test_measures_and_their_places() -> None:
    measures = read(PLAN).measures
    assert [(measure.section, measure.item, measure.text) for measure in measures] == [
        (1, 1, "各校要在3月底前完成自查，建立問題清單"),
        (1, 1, "縣教研室將於4月中旬組織抽查，促進教學質量提升"),
        (1, 2, "2.開展師德教育活動，評選師德標兵20名"),
        (2, 0, "上半年將舉辦我縣“第三屆中學生籃球聯賽”"),
        (2, 0, "和“六·一兒童節”文藝匯演"),
        (2, 0, "每學期開展不少於2次應急演練，學生參與率達95%以上"),
        (2, 0, "落實《縣校園安全管理辦法》（松教發〔2015〕8號）"),
    ]
    assert measures[0].sentence.endswith("促進教學質量提升")


def test_facts_of_measures() -> None:
    measures = read(PLAN).measures
    first, drill, paper = measures[0], measures[5], measures[6]
    assert first.date is not None
    assert (first.date.end, first.date.role, first.date.text) == (date(2016, 3, 31), DateRole.DEADLINE, "3月底前")
    assert drill.recurrence is not None
    assert (drill.recurrence.every, drill.recurrence.times) == ("term", 2)
    assert drill.targets == ("不少於2次應急演練", "達95%以上")
    assert paper.documents == ("《縣校園安全管理辦法》", "松教發〔2015〕8號")


def test_events() -> None:
    found = {event.name: event for event in read(PLAN).plans[0].events}
    league, feast = found["第三屆中學生籃球聯賽"], found["“六·一兒童節”文藝匯演"]
    assert (league.kind, feast.kind, found["應急演練"].kind) == ("competition", "festival", "drill")
    assert league.date is not None
    assert league.date.precision is Precision.HALF
    assert feast.date is not None
    assert feast.date.start == date(2016, 6, 1)


def test_gaps() -> None:
    gaps = {(gap.kind, gap.section, gap.item) for gap in read(PLAN).plans[0].gaps}
    assert ("no lead", 1, 2) in gaps
    assert ("no lead", 1, 1) not in gaps


def test_ids_depend_on_the_wording_alone() -> None:
    before = read(PLAN)
    after = read(PLAN.replace("\n\n", "\n").replace("本學期我縣教育工作要以提高質量為中心。", "本學期我縣教育工作要抓好安全。"))
    assert [measure.id for measure in before.measures] == [measure.id for measure in after.measures]
    assert all(len(measure.id) == 12 and int(measure.id, 16) >= 0 for measure in before.measures)
    other = read(PLAN.replace("師德標兵20名", "師德標兵30名"))
    changed = [new.text for old, new in zip(before.measures, other.measures, strict=True) if old.id != new.id]
    assert changed == ["2.開展師德教育活動，評選師德標兵30名"]
    assert read(PLAN, Context("別的局")).measures[0].id != before.measures[0].id


def test_equal_measures_have_ids_of_their_own() -> None:
    measures = read("一、管理\n開展檢查。開展檢查。").measures
    assert len({measure.id for measure in measures}) == 2


def test_contract_is_plain_data() -> None:
    data = json.loads(json.dumps(contract(read(PLAN))))
    plan = data["plans"][0]
    assert data["issuer"] == "松谷縣教育局"
    assert plan["period"] == {"start": "2016-02-15", "end": "2016-07-15"}
    assert plan["sections"][0] == {
        "section": 1,
        "title": "規範學校管理",
        "label": "一",
        "items": [{"item": 1, "title": "抓好常規檢查"}, {"item": 2, "title": ""}],
    }
    assert plan["measures"][0]["date"] == {"text": "3月底前", "start": None, "end": "2016-03-31", "precision": "tenday", "role": "deadline"}
    assert plan["measures"][0]["owners"] == [{"name": "各校", "role": "lead", "basis": "explicit"}]
    assert plan["measures"][5]["recurrence"] == {"text": "每學期開展不少於2次", "every": "term", "times": 2}
    assert {event["measure"] for event in plan["events"]} <= {measure["id"] for measure in plan["measures"]}


PERIODS = [
    ("某校2019學年工作要點\n一、管理\n開展檢查。", "2019-09-01", "2020-08-31"),
    ("某校2017學年第二學期行事曆\n一、管理\n開展檢查。", "2018-02-15", "2018-07-15"),
    ("某縣2023年下半年工作安排\n一、管理\n開展檢查。", "2023-07-01", "2023-12-31"),
    ("某縣2021年工作要點\n一、管理\n開展檢查。", "2021-01-01", "2021-12-31"),
    ("某縣2021—2023年行動計劃\n一、管理\n開展檢查。", "2021-01-01", "2023-12-31"),
    ("工作計劃\n本學期要抓好2014年工作。\n一、管理\n今年4月開展檢查。5月舉行比賽。", "2014-02-15", "2014-07-15"),
    ("工作計劃\n本學期要抓好2014年工作。\n一、管理\n10月開展檢查。12月舉行比賽。", "2014-09-01", "2015-01-31"),
    ("工作計劃\n本學年度要抓好2014年工作。\n一、管理\n2014年9月起開展檢查。2015年總結。", "2014-09-01", "2015-08-31"),
]


@pytest.mark.parametrize(
    ("text", "start", "end"), PERIODS, ids=[row[0][:14].replace("\n", " ") + str(place) for place, row in enumerate(PERIODS)]
)
def test_period(text: str, start: str, end: str) -> None:
    period = read(text).plans[0].period
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


def test_the_school_calendar_gives_the_days_of_a_term() -> None:
    calendar = SchoolCalendar(spring=(3, 1), spring_end=(7, 1))
    period = read(PLAN, Context(calendar=calendar)).plans[0].period
    assert (period.start, period.end) == (date(2016, 3, 1), date(2016, 7, 1))


ISSUERS = [
    ("松谷國小113學年度第二學期重要行事\n114.02.11(二) 開學", "松谷國小"),
    ("青石國民小學 113學年度 第1學期 行事曆\n9月2日 開學", "青石國民小學"),
    ("小學德育工作計劃\n一、措施\n開展檢查。", "本校"),
    ("幼兒園園務工作計劃\n一、措施\n開展檢查。", "本園"),
    ("2009年下半年松谷三中德育計劃\n一、措施\n開展檢查。", "松谷三中"),
    ("重點工作分工\n一、措施\n為貫徹會議精神，開展檢查。報市教研室組織評選。", "本單位"),
]


@pytest.mark.parametrize(("text", "issuer"), ISSUERS, ids=[row[1] for row in ISSUERS])
def test_issuer(text: str, issuer: str) -> None:
    assert fold(read(text).issuer) == fold(issuer)


def test_the_year_of_the_title_is_the_year() -> None:
    assert read("2017年工作計劃\n一、措施\n制定2016年、2016年總結。").year == 2017
    assert read("某校2020-2021學年第二學期校曆\n一、措施\n開展檢查。").year == 2021
    assert read("某校113學年度 第1學期行事曆\n一、措施\n開展檢查。").year == 2024


def test_numbered_lines_with_nothing_under_them_are_the_jobs() -> None:
    text = "三月安排\n一、召開教師會議（3月1日）。\n二、開展讀書活動。\n三、德育處組織家長會，3月15日前完成。"
    assert rows(text) == [
        ("一、召開教師會議（3月1日）", "某校", "2018-03-01"),
        ("二、開展讀書活動", "某校", ""),
        ("三、德育處組織家長會，3月15日前完成", "德育處", "2018-03-15"),
    ]


def test_a_label_gives_a_rhythm() -> None:
    measure = read("任務\n1.開展招聘會\n時間：每季度1次\n負責部門：勞動所\n2.舉辦鄰里節\n時間：9月20日\n負責部門：文化站").measures[0]
    assert measure.owners[0].name == "勞動所"
    assert measure.recurrence is not None
    assert (measure.recurrence.every, measure.recurrence.times) == ("quarter", 1)


def test_gaps_are_told_once() -> None:
    plan = read("一、管理\n1.開展檢查。\n2.開展評比。\n3.開展宣傳。").plans[0]
    assert [gap.kind for gap in plan.gaps if gap.kind == "no lead"] == ["no lead"]
    plan = read("一、管理\n1.開展檢查。公布結果。（責任科室：安全科、基教科）\n2.開展評比。（責任科室：安全科）").plans[0]
    assert [gap.kind for gap in plan.gaps if gap.kind == "two leads"] == ["two leads"]


def rows(text: str) -> list[tuple[str, str, str]]:
    found = read(text, Context("某校", 2018)).measures
    return [
        (
            measure.text,
            measure.owners[0].name,
            (measure.date.start or measure.date.end or date.min).isoformat() if measure.date and measure.date.acts else "",
        )
        for measure in found
    ]


def test_week_table_with_spanned_and_empty_cells() -> None:
    text = (
        "2017學年第二學期行事曆\n周次\t日期\t工作安排\t負責處室\n1\t3月4日-3月10日\t1．開學典禮； 2．班會（6日）。\t德育處\n"
        "1．3月8日，教研組會議； 2．收費公示。\t教學處\n\t\t暑期準備。\t總務處\n"
    )
    assert rows(text) == [
        ("1．開學典禮", "德育處", "2018-03-04"),
        ("2．班會（6日）", "德育處", "2018-03-06"),
        ("1．3月8日，教研組會議", "教學處", "2018-03-08"),
        ("2．收費公示", "教學處", "2018-03-04"),
        ("暑期準備", "總務處", ""),
    ]


def test_ledger() -> None:
    text = (
        "任務清單\n序號\t重點任務\t具體舉措\t牽頭單位\t配合單位\t完成時限\n1\t均衡發展\t新建2所小學\t基建辦\t財務科、各鎮\t2018年8月底\n"
        "\t\t改造5所學校\t財務科\t\t10月底前\n"
    )
    assert rows(text) == [("新建2所小學", "基建辦", "2018-08-21"), ("改造5所學校", "財務科", "2018-10-31")]


def test_table_without_a_head() -> None:
    text = "行事曆\n2018-03-01\t開學典禮\t學務處\n2018-03-05\t段考（3/5-3/6）\t教務處\n"
    assert rows(text) == [("開學典禮", "學務處", "2018-03-01"), ("段考（3/5-3/6）", "教務處", "2018-03-05")]


def test_month_lists() -> None:
    assert rows("計劃\n一、逐月安排\n三月：1.制定計劃。2.植樹活動（3月12日）。\n四月：家長會") == [
        ("1.制定計劃", "某校", "2018-03-01"),
        ("2.植樹活動（3月12日）", "某校", "2018-03-12"),
        ("家長會", "某校", "2018-04-01"),
    ]


def test_plain_paragraphs_are_a_plan() -> None:
    assert [measure.text for measure in read("加強學校常規管理。\n完善檔案制度，做好歸檔。").measures] == [
        "加強學校常規管理",
        "完善檔案制度，做好歸檔",
    ]


def test_grounds_and_closing_formulas_are_no_measures() -> None:
    text = (
        "壹、依據：\n一、學生輔導法。\n貳、項目：\n一、股長會議：3月2日中午召開。\n二、辦理演練。\n參、本計畫陳校長核可後實施，修正時亦同。"
    )
    assert [measure.text for measure in read(text).measures] == ["一、股長會議：3月2日中午召開", "二、辦理演練"]


def test_principles_and_background_are_no_measures() -> None:
    texts = [measure.text for measure in read("一、指導思想\n堅持立德樹人。\n二、措施\n今年是創建工作的關鍵年。各校要開展自查。").measures]
    assert texts == ["各校要開展自查"]


def test_a_document_without_a_year_is_of_the_year_in_which_it_is_read() -> None:
    text = "教研组工作安排\n9月10日前提交教研计划。\n10月组织教研组长培训。\n"
    document = read_plan("plan.txt", text.encode(), Context(today=date(2027, 8, 20)))
    assert (document.year, document.year_inferred) == (2027, True)
    first = document.measures[0].date
    assert first
    assert (first.end, first.role) == (date(2027, 9, 10), DateRole.DEADLINE)
