"""Plans whose body is a table: calendars by week and month, ledgers, columns of offices, spans written in every way."""

import pytest

from bot.plan.read import Context, read_plan

Row = tuple[str, str, str]

TABLES: list[tuple[str, str, list[Row]]] = [
    (
        "a head that spans two columns",
        "松谷中学校历\n起止日期\t主要工作\t责任处室\n开学前\t2月24日\t教师会\t办公室\n2月25日\t新生报到\t教务处\n"
        "第一周\t3月1日-3月7日\t开学典礼\t德育处\n消防检查\t安全办\n",
        [
            ("教师会", "办公室", "2018-02-24"), ("新生报到", "教务处", "2018-02-25"), ("开学典礼", "德育处", "2018-03-01"),
            ("消防检查", "安全办", "2018-03-01"),
        ],
    ),
    (
        "ditto marks",
        "安全计划\n时间\t工作内容\t责任单位\n3月\t校车检查\t安全科\n〃\t食堂检查\t同上\n4月\t〃\t总务科\n〃\t消防演练\t〃\n",
        [("校车检查", "安全科", "2018-03-01"), ("食堂检查", "安全科", "2018-03-01"), ("消防演练", "总务科", "2018-04-01")],
    ),
    (
        "columns of offices",
        "松谷國小106學年度第2學期行事曆\n週別\t起迄\t校園大事\t教務\t學務\n"
        "第3週\t03/05~03/11\t1. 校慶補假\t\t1. 3/6 健康檢查 2. 3/8 交通安全宣導\n"
        "第4週\t03/12~03/18\t\t教師研習\t\n",
        [
            ("1. 校慶補假", "某校", "2018-03-05"), ("1. 3/6 健康檢查", "學務", "2018-03-06"), ("2. 3/8 交通安全宣導", "學務", "2018-03-08"),
            ("教師研習", "教務", "2018-03-12"),
        ],
    ),
    (
        "lines of work side by side",
        "学期工作安排\n月份\t德育工作\t教学工作\t后勤工作\n三月\t学雷锋活动\t常规检查；教研组会议\t\n四月\t清明祭扫\t\t维修课桌椅\n",
        [
            ("学雷锋活动", "某校", "2018-03-01"), ("常规检查", "某校", "2018-03-01"), ("教研组会议", "某校", "2018-03-01"),
            ("清明祭扫", "某校", "2018-04-01"), ("维修课桌椅", "某校", "2018-04-01"),
        ],
    ),
    (
        "a second row of heads",
        "行事历\n周次\t日期\t工作安排\n\t\t教务处\t德育处\n1\t3月1日\t领取教材\t主题班会\n2\t3月8日\t\t家访\n",
        [("领取教材", "教务处", "2018-03-01"), ("主题班会", "德育处", "2018-03-01"), ("家访", "德育处", "2018-03-08")],
    ),
    (
        "no head names the jobs",
        "行事曆\n日期\t星期\t摘錄\t備註\n3月5日\t一\t第一次定期評量\n3月9日\t五\t親職講座（另發通知）\t禮堂\n",
        [("第一次定期評量", "某校", "2018-03-05"), ("親職講座（另發通知）", "某校", "2018-03-09")],
    ),
    (
        "bare days under a month",
        "工作历\n月份\t日期\t工作内容\n三月\t1-5\t报名\n〃\t12\t植树\n",
        [("报名", "某校", "2018-03-01"), ("植树", "某校", "2018-03-12")],
    ),
    (
        "an empty job leaves the topic",
        "任务清单\n序号\t工作任务\t具体措施\t牵头科室\n1\t规范办学\t开展招生检查\t基教科\n2\t修订学校章程\t\t法规科\n",
        [("规范办学", "基教科", ""), ("开展招生检查", "基教科", ""), ("修订学校章程", "法规科", "")],
    ),
    (
        "marks of several kinds in a cell",
        "安排\n时间\t工作内容\n3月\t①制定方案②动员部署\n4月\t（1）自查；（2）整改\n5月\t重点：1、验收；2、总结\n",
        [
            ("①制定方案", "某校", "2018-03-01"), ("②动员部署", "某校", "2018-03-01"), ("（1）自查", "某校", "2018-04-01"),
            ("（2）整改", "某校", "2018-04-01"), ("1、验收", "某校", "2018-05-01"), ("2、总结", "某校", "2018-05-01"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_table(text: str, wanted: list[Row]) -> None:
    found = read_plan("plan.txt", text.encode(), Context("某校", 2018)).measures
    days = [one.date.start or one.date.end if one.date and one.date.acts else None for one in found]
    assert [(one.text, one.owners[0].name, day.isoformat() if day else "") for one, day in zip(found, days, strict=True)] == wanted
