"""Wishes in one's own words: what, whom and when, in both scripts; what cannot be read or lies behind is refused with its reason."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refusal
from bot.plan.wishes import Before, Every, Once, read_wish, wished

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 12, 9, tzinfo=ZONE)
"""A Monday."""


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("提醒我下周五下午三點交科技節報名表", "交科技節報名表", "2026-10-23 15:00"),
        ("提醒我下週五下午三点交科技节报名表", "交科技节报名表", "2026-10-23 15:00"),
        ("周五下午三點提醒我接孩子", "接孩子", "2026-10-16 15:00"),
        ("明天早上9點半提醒我開會", "開會", "2026-10-13 09:30"),
        ("提醒我11月20日15:00交材料", "交材料", "2026-11-20 15:00"),
        ("提醒我11月8日交表", "交表", "2026-11-08 08:00"),
        ("請記得提醒我三天後上午十點催表。", "催表", "2026-10-15 10:00"),
        ("兩小時後提醒我回電話", "回電話", "2026-10-12 11:00"),
        ("提醒我一個半小時後開會", "開會", "2026-10-12 10:30"),
        ("半小時後提醒我關窗", "關窗", "2026-10-12 09:30"),
        ("今晚八點提醒我備課", "備課", "2026-10-12 20:00"),
        ("提醒我明早8點出發", "出發", "2026-10-13 08:00"),
        ("提醒我15號上午10點報帳", "報帳", "2026-10-15 10:00"),
        ("提醒我5號報帳", "報帳", "2026-11-05 08:00"),
        ("月底前提醒我交總結", "交總結", "2026-10-31 08:00"),
        ("國慶節前一天提醒我發通知", "發通知", "2027-09-30 08:00"),
        ("請在教師節當天提醒我送花", "送花", "2027-09-10 08:00"),
        ("週末提醒我澆花", "澆花", "2026-10-17 08:00"),
        ("提醒我早上8點開會", "開會", "2026-10-13 08:00"),
        ("提醒我在2028年2月29日整理檔案", "整理檔案", "2028-02-29 08:00"),
        ("提醒我晚上12點關燈", "關燈", "2026-10-12 23:59"),
        ("提醒我今晚十二點關燈", "關燈", "2026-10-12 23:59"),
        ("明天夜裡12點提醒我交表", "交表", "2026-10-13 23:59"),
        ("提醒我11月8日半夜十二點搶票", "搶票", "2026-11-08 23:59"),
        ("提醒我半夜2點看儀器", "看儀器", "2026-10-13 02:00"),
        ("今晚1點提醒我看球", "看球", "2026-10-13 01:00"),
        ("明晚12點半提醒我看球", "看球", "2026-10-14 00:30"),
        ("提醒我夜裡11點關機", "關機", "2026-10-12 23:00"),
        ("提醒我明天凌晨12點搶票", "搶票", "2026-10-13 00:00"),
        ("提醒我中午12點吃藥", "吃藥", "2026-10-12 12:00"),
    ],
)
def test_a_moment(text: str, what: str, at: str) -> None:
    wish = read_wish(text, NOW, ZONE)
    assert (wish.what, wish.group) == (what, False)
    assert isinstance(wish.when, Once)
    assert f"{wish.when.at.astimezone(ZONE):%Y-%m-%d %H:%M}" == at


@pytest.mark.parametrize(
    ("text", "what", "rhythm"),
    [
        ("每月第一個周一提醒我開消防演練", "開消防演練", Every("month", time(8), weekdays=(0,), nth=1)),
        ("每天早上7點提醒我打卡", "打卡", Every("day", time(7))),
        ("每周五晚上12點提醒我備份", "備份", Every("week", time(23, 59), weekdays=(4,))),
        ("每個工作日下午5點提醒我簽退", "簽退", Every("workday", time(17))),
        ("每周一三五提醒我值日", "值日", Every("week", time(8), weekdays=(0, 2, 4))),
        ("每两周周二下午两点提醒我开教研会", "开教研会", Every("week", time(14), step=2, weekdays=(1,))),
        ("每周提醒我寫周記", "寫周記", Every("week", time(8), weekdays=(0,))),
        ("提醒我每月15日報送數據", "報送數據", Every("month", time(8), day=15)),
        ("每月最後一個工作日提醒我交考勤", "交考勤", Every("month", time(8), nth=-1)),
        ("每月最後一天提醒我對賬", "對賬", Every("month", time(8), day=31)),
        ("每季度末提醒我交報表", "交報表", Every("quarter", time(8), day=31)),
        ("每年5月12日提醒我檢查應急包", "檢查應急包", Every("year", time(8), day=12, month=5)),
    ],
)
def test_a_rhythm(text: str, what: str, rhythm: Every) -> None:
    wish = read_wish(text, NOW, ZONE)
    assert (wish.what, wish.when) == (what, rhythm)


@pytest.mark.parametrize(
    ("text", "what", "before"),
    [
        ("科技節前三天提醒我", "科技節", Before("科技節", 3, time(8))),
        ("科技节前三天提醒我", "科技节", Before("科技节", 3, time(8))),
        ("科技節三天前提醒我", "科技節", Before("科技節", 3, time(8))),
        ("提前一週提醒我運動會", "運動會", Before("運動會", 7, time(8))),
        ("運動會前兩天下午三點提醒我準備器材", "準備器材", Before("運動會", 2, time(15))),
        ("提醒我在藝術周前五天選送節目", "選送節目", Before("藝術周", 5, time(8))),
    ],
)
def test_days_before_an_event(text: str, what: str, before: Before) -> None:
    wish = read_wish(text, NOW, ZONE)
    assert (wish.what, wish.when) == (what, before)


@pytest.mark.parametrize("text", ["每月第一個周一提醒全組開消防演練", "提醒大家明天下午兩點開會", "明天提醒我們交表"])
def test_the_whole_group(text: str) -> None:
    assert read_wish(text, NOW, ZONE).group


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("提醒我交表", "own.no_time"),
        ("提醒我", "own.no_time"),
        ("明天提醒我", "own.no_what"),
        ("提醒我2026年10月1日交表", "own.past"),
        ("提醒我昨天交表", "own.past"),
        ("2月30日提醒我交表", "own.impossible"),
        ("提醒我25點開會", "own.impossible"),
        ("提醒我32號開會", "own.impossible"),
        ("每年2月30日提醒我交表", "own.impossible"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_wish(text, NOW, ZONE)
    assert refused.value.key == why


@pytest.mark.parametrize("text", ["寒假安全提醒什麼時候發？", "誰負責發寒假安全提醒", "科技節什麼時候"])
def test_a_question_is_no_wish(text: str) -> None:
    assert not wished(text)
