"""Ledgers: who leads and who supports by the heads, tasks beside their measures, completion cells, notes under the table."""

import pytest

from bot.plan.model import Role
from bot.plan.read import Context, read_plan

L, S, V = Role.LEAD, Role.SUPPORT, Role.SUPERVISE
Row = tuple[str, list[tuple[str, Role]]]

LEDGERS: list[tuple[str, str, list[Row]]] = [
    (
        "a column of those who lead and one of those who support",
        "青溪区2027年教育工作台账\n序号\t重点任务\t具体措施\t牵头单位\t配合单位\t完成时限\n"
        "1\t扩充学前学位\t新建幼儿园2所；改造幼儿园3所\t区教育局\t区发改局、区财政局\t12月底前\n",
        [
            ("扩充学前学位", [("区教育局", L), ("区发改局", S), ("区财政局", S)]),
            ("新建幼儿园2所", [("区教育局", L), ("区发改局", S), ("区财政局", S)]),
            ("改造幼儿园3所", [("区教育局", L), ("区发改局", S), ("区财政局", S)]),
        ],
    ),
    (
        "a person beside an office oversees",
        "石桥镇2027年任务分解表\n目标任务\t工作内容\t牵头领导\t责任单位\t协办单位\n招引亿元项目3个\t开展招商活动4次\t沈立\t经发办\t财政所\n",
        [
            ("招引亿元项目3个", [("经发办", L), ("沈立", V), ("财政所", S)]),
            ("开展招商活动4次", [("经发办", L), ("沈立", V), ("财政所", S)]),
        ],
    ),
    (
        "persons alone lead",
        "青禾小学2027年安全清单\n工作任务\t实施内容\t分管领导\t责任人\n交通安全教育\t上好开学第一课\t王校长\t各班主任\n",
        [("交通安全教育", [("各班主任", L), ("王校长", V)]), ("上好开学第一课", [("各班主任", L), ("王校长", V)])],
    ),
    (
        "a second row of heads divides a column",
        "青溪區2027年重點任務\n任務\t責任分工\t\t時限\n\t牽頭\t配合\t\n推進集團化辦學\t教育局\t編辦、財政局\t2027年9月\n",
        [("推進集團化辦學", [("教育局", L), ("編辦", S), ("財政局", S)])],
    ),
    (
        "the name of a field of work is no task",
        "2027年分工表\n项目\t工作内容\t责任部门\n德育工作\t开展主题班会\t德育处\n\t举办家长开放日\t德育处\n",
        [("开展主题班会", [("德育处", L)]), ("举办家长开放日", [("德育处", L)])],
    ),
    (
        "a task that goes on through several rows is one",
        "2027年项目表\n项目\t工作内容\t责任部门\n食堂改扩建工程\t完成设计\t总务处\n食堂改扩建工程\t组织招标\t总务处\n",
        [("食堂改扩建工程", [("总务处", L)]), ("完成设计", [("总务处", L)]), ("组织招标", [("总务处", L)])],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), [row[1:] for row in LEDGERS], ids=[row[0] for row in LEDGERS])
def test_ledger(text: str, wanted: list[Row]) -> None:
    found = read_plan("plan.txt", text.encode()).measures
    assert [(one.text, [(owner.name, owner.role) for owner in one.owners]) for one in found] == wanted


def test_a_cell_of_completion_gives_the_first_deadline_and_a_rhythm_keeps_its_day() -> None:
    text = (
        "石桥镇2027年任务表\n工作内容\t责任单位\t完成时间\n签约亿元项目\t经发办\t6月底前完成签约，9月开工\n更新隐患清单\t安监办\t每月25日前\n"
        "注：各单位每月5日前报送进展情况。\n"
    )
    signed, listed, note = read_plan("plan.txt", text.encode()).measures
    assert signed.date
    assert signed.date.end
    assert signed.date.end.isoformat() == "2027-06-30"
    assert listed.recurrence
    assert (listed.recurrence.text, listed.recurrence.every) == ("每月25日前", "month")
    assert note.text == "各单位每月5日前报送进展情况"
    assert note.owners[0].name == "各单位"


def test_a_row_that_begins_with_its_number_lacks_its_last_cells() -> None:
    text = (
        "工作推動表\n項次\t工作項目\t實施內容\t主辦單位\t協辦單位\n"
        "1\t推動閱讀教育\t辦理晨讀活動\n2\t落實環境教育\t辦理回收競賽\t學務處\t總務處\n"
    )
    found = read_plan("plan.txt", text.encode(), Context("某校", 2027)).measures
    assert [(one.text, one.owners[0].name) for one in found] == [
        ("推動閱讀教育", "某校"), ("辦理晨讀活動", "某校"), ("落實環境教育", "學務處"), ("辦理回收競賽", "學務處"),
    ]  # fmt: skip
