"""What events are called, which kind they are, and when a dated measure is one by itself."""

import pytest

from bot.plan.events import named, title
from bot.plan.read import Context, read_plan

NAMES = [
    ("1. 3/5 健康檢查", "健康檢查"),
    ("114.02.28(五) 和平紀念日放假一天", "和平紀念日放假"),
    ("2月24日上午9:30，召開教職工大會", "教職工大會"),
    ("11:45-12:30 護校隊巡查", "護校隊巡查"),
    ("初二、初三全體教師會議", "初二、初三全體教師會議"),
    ("教師基本功比賽（二）", "教師基本功比賽（二）"),
    ("專家講座（培訓）", "專家講座（培訓）"),
    ("行為習惯第一次常規檢查", "行為習惯第一次常規檢查"),
    ("組織人員隨機抽查", "隨機抽查"),
    ("每週三環境整潔競賽", "環境整潔競賽"),
    ("辦理家長會", "家長會"),
    ("比賽時間：8月27日下午", "比賽"),
    ("開展“小小志願者”活動", "“小小志願者”活動"),
    ("4月中旬舉辦第三屆校園科技節", "第三屆校園科技節"),
]


@pytest.mark.parametrize(("text", "name"), NAMES, ids=[row[0] for row in NAMES])
def test_name(text: str, name: str) -> None:
    assert next(named(text, dated=True))[0] == name


TITLES = [
    ("2. 2/16 正式上課", "正式上課"),
    ("1.113年2月16日前完成新生報到", "完成新生報到"),
    ("114.05.27~28(二)(三) 畢業考", "畢業考"),
    ("9月1日，“讀好書，寫好字”啟動", "“讀好書，寫好字”啟動"),
    ("下午2:30 校務研討", "校務研討"),
]


@pytest.mark.parametrize(("text", "name"), TITLES, ids=[row[0] for row in TITLES])
def test_title_of_a_dated_measure_without_an_event(text: str, name: str) -> None:
    assert title(text) == name


def test_what_only_recurs_is_no_event_by_itself() -> None:
    plan = read_plan("plan.txt", "一、管理\n各校每週安排晨讀。5月整理檔案。".encode(), Context("某局", 2024)).plans[0]
    assert [(one.date.text if one.date else None) for one in plan.measures] == ["每週", "5月"]
    assert len(plan.events) == 1


def test_a_line_that_says_when_is_an_event() -> None:
    text = "某校歌唱比賽方案\n一、時間地點\n比賽時間：5月20日下午\n彩排時間：5月18日\n二、要求\n各班做好準備。"
    found = read_plan("plan.txt", text.encode(), Context("某校", 2024)).plans[0].events
    assert [(one.name, one.date.start.isoformat() if one.date and one.date.start else "") for one in found] == [
        ("比賽", "2024-05-20"),
        ("彩排", "2024-05-18"),
    ]
