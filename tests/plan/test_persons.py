"""Names of persons as owners, and the words that only look like names."""

import pytest

from bot.plan import names, persons
from bot.plan.model import Basis, Owner
from bot.plan.read import Context, read_plan
from bot.plan.script import fold

OWNED: list[tuple[str, list[str]]] = [
    ("由李建平老师收集课例。", ["李建平老师"]), ("会议记录，陈晓燕整理。", ["陈晓燕"]), ("王芳完成汇总。", ["王芳"]),
    ("周海燕上研讨课。", ["周海燕"]), ("陈静、王文博撰写总结。", ["陈静", "王文博"]), ("开展骨干引领课（王芳）。", ["王芳"]),
    ("课题结题：赵雪梅", ["赵雪梅"]), ("教研沙龍（張敏、劉志強）", ["張敏", "劉志強"]), ("由歐陽明珠彙整資料。", ["歐陽明珠"]),
    ("舉辦讀書會：林志明、許文華", ["林志明", "許文華"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "owners"), OWNED, ids=[row[0] for row in OWNED])
def test_a_person_is_the_owner(line: str, owners: list[str]) -> None:
    text = f"校本研修安排\n一、教研活动\n1.{line}\n2.各组按时开展活动。\n"
    first = read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures[0]
    assert first.owners == tuple(Owner(name) for name in owners)
    assert first.owners[0].basis is Basis.EXPLICIT


@pytest.mark.parametrize(
    "clause",
    [
        "高效推進課堂改革", "安全檢查常態化開展", "方案制定完成", "高標準完成創建任務", "高質量推進集團化辦學", "馬上落實整改",
        "于是組織檢查", "金秋舉辦運動會", "萬名師生參加活動",
        "江北校區開展演練", "石階維修完成", "程序規範執行", "範文撰寫指導", "施工單位完成清場", "章程修訂審議",
        "康復訓練開展", "史料收集整理", "溫馨提示發布", "周末托管組織",
        "周記批改完成", "顧問聘請", "古詩文誦讀舉辦", "黨課開講", "任務清單制定", "單元整體教學推進",
        "常規檢查落實", "牛奶發放組織", "房屋安全排查", "項目申報完成", "向陽小學開展",
        "葉片觀察記錄", "任課教師完成備課", "汪洋大海描寫", "毛巾消毒完成", "夏季開展防汛", "白天組織巡查",
        "路隊管理加強",
    ],
)  # fmt: skip
def test_a_word_of_the_language_is_no_person(clause: str) -> None:
    folded = fold(clause)
    found = names.found_at(folded, 0, len(folded))
    assert not (found and persons.is_person(folded[found.start : found.end]))


def test_a_list_of_things_is_no_list_of_persons() -> None:
    assert persons.listed("张敏、刘志强")
    assert not persons.listed("高一、高二")
    assert not persons.listed("方案、总结")
    assert not persons.listed("周三")


def test_a_long_list_of_persons_costs_no_depth() -> None:
    text = "计划\n一、分工\n" + "、".join(["王芳", "陈晓燕"] * 3000) + "整理资料。\n各班召开班会。\n"
    assert read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures
