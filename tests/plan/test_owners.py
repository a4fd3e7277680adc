"""Who is to do a measure: subjects, words of handing over, labels, lists, and how a subject carries on."""

import pytest

from bot.people import Unit
from bot.plan.labels import listed, split_names
from bot.plan.model import Basis, Document, Role
from bot.plan.read import Context, read_plan
from bot.plan.units import Register


def read(text: str, issuer: str = "區教育局") -> Document:
    return read_plan("plan.txt", text.encode(), Context(issuer, 2014))


def owners(text: str, place: int = 0) -> list[tuple[str, str, str]]:
    measure = read("一、管理\n" + text).measures[place]
    return [(owner.name, owner.role.value, owner.basis.value) for owner in measure.owners]


SUBJECTS = [
    ("各校要開展自查。", "各校"),
    ("各校(園)須開展自查。", "各校(園)"),
    ("各學校（幼兒園）要落實制度。", "各學校（幼兒園）"),
    ("區屬各校(園)也要開展自查。", "區屬各校(園)"),
    ("區屬14家教育單位要開展自查。", "區屬14家教育單位"),
    ("各幼兒園積極創設環境。", "各幼兒園"),
    ("區教研室將組織抽查。", "區教研室"),
    ("4月中旬，區教育督導室將組織抽查。", "區教育督導室"),
    ("5月4日，第一中學承辦集體生日儀式。", "第一中學"),
    ("試點學校第三小學要總結經驗。", "試點學校第三小學"),
    ("实验学校要结合实际制定方案。", "实验学校"),
    ("由區教研室負責組織培訓。", "區教研室"),
    ("月底前由督導科修訂考核細則。", "督導科"),
    ("班主任要每月家訪一次。", "班主任"),
    ("全區教師和工作人員要認真學習。", "全區教師和工作人員"),
    ("汛期來臨前，各中心校對校舍進行排查。", "各中心校"),
    ("各區、縣（市）的選拔賽，請於5月底前舉行。", "各區、縣（市）"),
    ("各鄉（鎮）要制定清單。", "各鄉（鎮）"),
    ("各專業委員會每季度召開會議。", "各專業委員會"),
    ("各校4月底前完成自查。", "各校"),
    ("各班25日前完成數據錄入。", "各班"),
    ("園長主持每月一次的學習會。", "園長"),
    ("全體教職工簽訂承諾書。", "全體教職工"),
    ("安全員每天巡園並填寫日誌。", "安全員"),
    ("門衛嚴格執行刷卡制度。", "門衛"),
    ("工會組織健步走活動。", "工會"),
    ("教導處期中、期末各檢查一次。", "教導處"),
    ("比賽前師傅須幫助磨課。", "師傅"),
    ("學期末每位教師要整理案例。", "每位教師"),
    ("請各班主任做好登記。", "各班主任"),
    ("演練方案由安全辦提前下發各班。", "安全辦"),
    ("各校校長是第一責任人。", "各校校長"),
    ("各學校黨組織每月開展主題黨日活動。", "各學校黨組織"),
    ("政教處、大隊部制訂計劃。", "政教處"),
    ("語文組：舉辦書法比賽。", "語文組"),
]


@pytest.mark.parametrize(("text", "name"), SUBJECTS, ids=[row[1] for row in SUBJECTS])
def test_named_subject(text: str, name: str) -> None:
    assert owners(text)[0] == (name, "lead", "explicit")


SENTENCES = [
    ("教务处每月检查一次教案。", "教务处"),
    ("校长室统筹全年预算执行。", "校长室"),
    ("政教处做好新生入学教育。", "政教处"),
    ("德育处牵头修订班级评比细则。", "德育处"),
    ("总务处在开学前检修课桌椅。", "总务处"),
    ("团委利用五四开展主题团日活动。", "团委"),
    ("工会走访慰问生病教职工。", "工会"),
    ("校工会组织教职工体检。", "校工会"),
    ("少先队大队部每周开展红领巾广播。", "少先队大队部"),
    ("高一年级组召开家长会。", "高一年级组"),
    ("数学备课组编写校本作业。", "数学备课组"),
    ("各班利用班会课开展安全教育。", "各班"),
    ("各班级张贴作息时间表。", "各班级"),
    ("各处室制定本部门工作计划。", "各处室"),
    ("教科室与教务处联合开展课题申报培训。", "教科室、教务处"),
    ("教务处和教科室共同组织命题比赛。", "教务处、教科室"),
    ("政教处会同保卫科排查校园周边隐患。", "政教处、保卫科/support"),
    ("学生发展与指导中心开设心理热线。", "学生发展与指导中心"),
    ("党建与宣传科编印简报。", "党建与宣传科"),
    ("信息中心每日更新网站。", "信息中心"),
    ("食堂管理小组每周公示食谱。", "食堂管理小组"),
    ("安全工作领导小组每月召开一次会议。", "安全工作领导小组"),
    ("创建文明校园工作专班每周调度进展。", "创建文明校园工作专班"),
    ("家长委员会参与食堂监督。", "家长委员会"),
    ("膳食委员会每学期评议饭菜质量。", "膳食委员会"),
    ("校医室做好因病缺课登记。", "校医室"),
    ("图书馆延长开放时间至晚上九点。", "图书馆"),
    ("财务室按月公布收支情况。", "财务室"),
    ("党总支每季度讲一次党课。", "党总支"),
    ("语文组每两周集体备课一次。", "语文组"),
    ("艺术组排练元旦节目。", "艺术组"),
    ("校长带队巡查校园。", "校长"),
    ("分管副校长每周听取汇报。", "分管副校长"),
    ("班主任每学期家访不少于20户。", "班主任"),
    ("各班主任填写学生情况登记表。", "各班主任"),
    ("备课组长提前一周分配备课任务。", "备课组长"),
    ("年级组长汇总各班考勤。", "年级组长"),
    ("值周教师在校门口迎接学生。", "值周教师"),
    ("值日领导检查早读情况。", "值日领导"),
    ("全体教师撰写教学反思。", "全体教师"),
    ("每位教师每学期上一节公开课。", "每位教师"),
    ("每名党员联系一名困难学生。", "每名党员"),
    ("任课教师及时批改作业。", "任课教师"),
    ("体育教师指导学生开展大课间。", "体育教师"),
    ("新入职教师拜师结对。", "新入职教师"),
    ("骨干教师与新教师结成对子。", "骨干教师、新教师"),
    ("心理教师建立学生心理档案。", "心理教师"),
    ("生活老师每晚查寝两次。", "生活老师"),
    ("保安每天开校门前检查设施。", "保安"),
    ("校医每周到各班宣讲传染病预防。", "校医"),
    ("门卫登记来访人员。", "门卫"),
    ("图书管理员整理新书。", "图书管理员"),
    ("保育员每天消毒餐具。", "保育员"),
    ("宿管员夜间巡视宿舍。", "宿管员"),
    ("教研组长主持集体备课。", "教研组长"),
    ("学科带头人承担一节示范课。", "学科带头人"),
    ("法治副校长每学期作一次讲座。", "法治副校长"),
    ("党支部书记与青年教师谈心。", "党支部书记"),
    ("孙明老师负责广播站日常管理。", "孙明老师"),
    ("王建国主任主持开幕式。", "王建国主任"),
    ("张伟、李芳负责签到。", "张伟、李芳"),
    ("陈静（德育主任）：全面负责学生管理。", "陈静（德育主任）"),
    ("李强：负责音响和灯光。", "李强"),
    ("课表由教务处编排。", "教务处"),
    ("由总务处提前一周采购物资。", "总务处"),
    ("活动方案由团委于3月10日前上报。", "团委"),
    ("竞赛由数学组命题，教务处阅卷。", "数学组"),
    ("由分管领导带队检查各班卫生。", "分管领导"),
    ("本项工作由张伟同志负责。", "张伟同志"),
    ("午餐由值日教师陪同就餐。", "值日教师"),
    ("运动会由体育组主办、政教处协办。", "体育组/organise、政教处/support"),
    ("由教务处牵头，各年级组配合，开展学情调查。", "教务处、各年级组/support"),
    ("开学第一周各班召开主题班会。", "各班"),
    ("9月10日前各教研组上交计划。", "各教研组"),
    ("每周一值周班级整理升旗场地。", "值周班级"),
    ("期中考试后教务处组织质量分析。", "教务处"),
    ("10月，政教处举行队列比赛。", "政教处"),
    ("课间操时体育教师到场指导。", "体育教师"),
    ("本学期工会将组织一次春游。", "工会"),
    ("放学后值日生打扫教室。", "值日生"),
    ("暑假期间总务处完成外墙粉刷。", "总务处"),
    ("区教育局加强对民办学校的监管。", "区教育局"),
    ("县教体局组织专家实地评估。", "县教体局"),
    ("市人社局核定岗位数量。", "市人社局"),
    ("区发改局审批项目立项。", "区发改局"),
    ("市住建委牵头推进校舍改造。", "市住建委"),
    ("团区委招募志愿者。", "团区委"),
    ("县总工会开展劳模进校园。", "县总工会"),
    ("市文化和旅游局举办非遗展演。", "市文化和旅游局"),
    ("教育与体育局做好经费保障。", "教育与体育局"),
    ("第三小学承办区运动会。", "第三小学"),
    ("二分局负责辖区学校周边巡逻。", "二分局"),
    ("实验中学与第二小学结为帮扶学校。", "实验中学、第二小学"),
    ("区妇联、团区委联合举办亲子阅读活动。", "区妇联、团区委"),
    ("财政局及时拨付经费。", "财政局"),
    ("党政办汇总各科室材料。", "党政办"),
    ("综治中心每周研判矛盾纠纷。", "综治中心"),
    ("城建办组织专业人员排查危房。", "城建办"),
    ("各村（社区）建立台账。", "各村（社区）"),
    ("派出所加强校园周边巡逻。", "派出所"),
    ("司法所开展普法宣传。", "司法所"),
    ("卫健办落实疫苗接种。", "卫健办"),
    ("应急管理所开展汛前检查。", "应急管理所"),
    ("街道妇联走访困境儿童家庭。", "街道妇联"),
    ("各村、社区要落实网格责任。", "各村、社区"),
    ("新华社区设立暑期托管点。", "新华社区"),
    ("镇卫生院每季度开展健康讲座。", "镇卫生院"),
    ("教務處排定課表並公告。", "教務處"),
    ("學務處辦理防災演練。", "學務處"),
    ("總務處檢修消防設備。", "總務處"),
    ("輔導室規劃親職講座。", "輔導室"),
    ("各班導師繳交家長聯絡簿。", "各班導師"),
    ("註冊組核對學籍資料。", "註冊組"),
    ("生教組召開特定人員會議。", "生教組"),
    ("家長會協助辦理校慶活動。", "家長會"),
    ("各處室提送下學期行事曆。", "各處室"),
    ("體育組辦理班際籃球賽。", "體育組"),
    ("衛生組協同護理師實施健康檢查。", "衛生組"),
    ("由註冊組彙整成績。", "註冊組"),
    ("全體教師參加週三進修。", "全體教師"),
    ("各領域召集人繳交會議紀錄。", "各領域召集人"),
    ("特教組長召開個案會議。", "特教組長"),
    ("圖書館辦理閱讀推廣活動。", "圖書館"),
    ("召开开学典礼。（政教处）", "政教处"),
    ("组织教师体检。（工会、校医室）", "工会、校医室"),
    ("举办校园艺术节。（责任部门：艺术组；配合部门：各班）", "艺术组、各班/support"),
    ("编印校刊。责任人：陈静", "陈静"),
    ("迎接督导评估。（教务处牵头，各教研组配合）", "教务处、各教研组/support"),
]
"""A sentence, and who is to carry it out: leads first, other roles after a stroke."""


@pytest.mark.parametrize(("text", "wanted"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_who_does_it(text: str, wanted: str) -> None:
    measure = read("一、管理\n（一）工作\n" + text + "\n後續安排另行通知。").measures[0]
    found = [owner.name + ("" if owner.role is Role.LEAD else f"/{owner.role.value}") for owner in measure.owners]
    assert found[: len(wanted.split("、"))] == wanted.split("、")
    assert measure.owners[0].basis is Basis.EXPLICIT


NOBODY = [

    "根據各校發展需求開展檢查。", "開展各級各類培訓。", "利用各種媒體做好宣傳。", "加強學校管理。", "將校本教研作為主要陣地。",
    "組織教師進行培訓。", "依託區科技館開展活動。", "重要的是開展自查。", "嚴禁幼兒園組織商業活動。", "第三小學遷建工程3月開工。",
    "輪崗教師不少於12%。", "聚焦食堂開展專項檢查。", "非本校人員不得入校。",
    "七年级组织学生参观科技馆。", "加强教师队伍建设。", "教师培训每月一次。", "班主任培训安排在暑期。", "教研组建设取得实效。",
    "学生管理制度进一步完善。", "召开班主任会议。", "组织骨干教师外出学习。", "规范教务处档案管理。", "每月25日前报教务处。",
    "计划交办公室存档。", "向教育局提交年度报告。", "遴选5所学校开展试点。", "开好家长会、毕业典礼。", 
    "举行升旗仪式，聘请法治副校长作报告。",
    "骨干教师示范课展示。", "新教师亮相课（第六周）。", "图书馆建设工程启动。", "优化办公室环境。", "全场地消毒一次。",
    "关心教职工生活。", "落实领导干部带班制度。", "建立家校联系群，发挥家委会作用。", "加大教科室指导力度。",
    "学校办公室管理规定修订完毕。",
    "学校食堂原料统一采购。", "运动会准备工作全面启动。", "校园网建设完成。", "教师节表彰大会在礼堂举行。",
]  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_named_is_the_issuer(text: str) -> None:
    assert owners(text)[0] == ("區教育局", "lead", "implied")


def test_roles() -> None:
    assert owners("由區教研室牽頭、第二中學配合，舉辦培訓。") == [("區教研室", "lead", "explicit"), ("第二中學", "support", "explicit")]
    assert owners("運動會由區教育局主辦、實驗學校承辦。") == [("區教育局", "organise", "explicit"), ("實驗學校", "organise", "explicit")]
    assert ("教師", "join", "explicit") in owners("組織教師進行培訓。")
    assert ("區婦聯", "support", "explicit") in owners("配合區婦聯做好家庭教育。")


def test_who_does_it_stays_with_what_is_done() -> None:
    measures = read(
        "一、管理\n4月底前完成排查，建立臺賬，由學前科牽頭，各街道辦事處配合。由縣交警大隊牽頭，教育局配合，對校車逐台檢查。"
    ).measures
    assert [[(owner.name, owner.role) for owner in measure.owners] for measure in measures] == [
        [("學前科", Role.LEAD), ("各街道辦事處", Role.SUPPORT)],
        [("縣交警大隊", Role.LEAD), ("教育局", Role.SUPPORT)],
    ]


def test_a_bracket_without_a_label_names_who_does_it() -> None:
    found = [
        measure.owners[0].name
        for measure in read("一、活動\n1.早操比賽。（體育組）\n2.專家講座。（報告廳）\n3.慶祝活動（工會牽頭，各班配合）").measures
    ]
    assert found == ["體育組", "區教育局", "工會"]


def test_beside_a_leading_label_a_plain_one_only_takes_part() -> None:
    measure = read("一、活動\n開展整治。（牽頭單位：安全科；責任單位：基教科、各校）").measures[0]
    assert [(owner.name, owner.role) for owner in measure.owners] == [
        ("安全科", Role.LEAD),
        ("基教科", Role.SUPPORT),
        ("各校", Role.SUPPORT),
    ]


def test_the_subject_of_one_entry_is_not_that_of_the_next() -> None:
    text = "一、管理\n①各幼兒園完成自查；②舉辦技能大賽；③落實結對幫扶。"
    assert [measure.owners[0].name for measure in read(text).measures] == ["各幼兒園", "區教育局", "區教育局"]
    text = "一、管理\n各校要做好以下工作：\n1.開展自查。\n2.建立臺賬。"
    assert [(measure.text, measure.owners[0].name, measure.owners[0].basis) for measure in read(text).measures] == [
        ("1.開展自查", "各校", Basis.INHERITED),
        ("2.建立臺賬", "各校", Basis.INHERITED),
    ]


def test_what_stands_under_the_name_of_an_office_is_its_own() -> None:
    measures = read("壹、工作項目\n一、教務處\n1.辦理補救教學。\n2.各班繳交作業。\n二、學務處\n舉辦校慶。").measures
    assert [(measure.owners[0].name, measure.owners[0].basis) for measure in measures] == [
        ("教務處", Basis.INHERITED), ("各班", Basis.EXPLICIT), ("學務處", Basis.INHERITED),
    ]  # fmt: skip


def test_whose_event_it_is_does_not_carry_it_out() -> None:
    assert owners("各校要積極參加由市承辦的科技節。") == [("各校", "lead", "explicit"), ("市", "organise", "explicit")]


def test_a_subject_carries_on_until_another_is_marked() -> None:
    text = "各校要完善制度，開展自查，建立臺賬。組織教師進行培訓。區教育局將組織抽查。公布結果。"
    measures = read("一、管理\n" + text).measures
    found = [(measure.owners[0].name, measure.owners[0].basis) for measure in measures]
    assert found[0] == ("各校", Basis.EXPLICIT)
    assert ("各校", Basis.INHERITED) in found
    assert found[-2:] == [("區教育局", Basis.EXPLICIT), ("區教育局", Basis.INHERITED)]


@pytest.mark.parametrize(
    "text", ["上半年將舉辦我區運動會。", "下月將新設立3個區級實驗室。", "制定出臺《區教育局管理辦法》。", "設立區校兩級工作專班。"]
)
def test_words_of_the_issuer_end_what_carries_on(text: str) -> None:
    assert owners("各校要開展自查。" + text, 1)[0] == ("區教育局", "lead", "implied")


def test_people_act_in_their_own_sentence_only() -> None:
    assert owners("全體教師要認真學習。建立長效機制。", 1)[0] == ("區教育局", "lead", "implied")


def test_labels() -> None:
    text = (
        "1.推進課後服務。完善課程體系，落實經費保障。（牽頭單位：基礎教育科，配合單位：財務科、各學校）\n"
        "2.開展家訪。做好記錄。\n責任單位：德育科牽頭，各校按職責分工負責"
    )
    measures = read("一、管理\n" + text).measures
    first = [(owner.name, owner.role) for owner in measures[0].owners]
    assert first == [("基礎教育科", Role.LEAD), ("財務科", Role.SUPPORT), ("各學校", Role.SUPPORT)]
    assert measures[0].text == "1.推進課後服務"
    last = [(owner.name, owner.role) for owner in measures[-1].owners]
    assert last == [("德育科", Role.LEAD), ("各校", Role.SUPPORT)]
    assert all("單位" not in measure.text for measure in measures)


def test_card() -> None:
    measure = read("一、活動\n舉辦區運動會。時間：5月15日至17日，地點：體育中心，責任科室：體育科，協辦單位：實驗中學。").measures[0]
    assert measure.text == "舉辦區運動會"
    assert [(owner.name, owner.role) for owner in measure.owners] == [("體育科", Role.LEAD), ("實驗中學", Role.SUPPORT)]
    assert measure.date is not None
    assert measure.date.text == "5月15日至17日"


LISTS = [
    ("市教育局、市人力資源和社會保障局，各區、縣級市", ["市教育局", "市人力資源和社會保障局", "各區、縣級市"]),
    ("省教育廳、科技廳等單位按職責分工負責", ["省教育廳", "科技廳"]),
    ("教研室和人事科", ["教研室", "人事科"]),
    ("安全處醫務室", ["安全處", "醫務室"]),
    ("市、區教育局", ["市教育局", "區教育局"]),
    ("工 會", ["工 會"]),
    ("德育處 團委", ["德育處", "團委"]),
]


@pytest.mark.parametrize(("text", "names"), LISTS, ids=[row[0] for row in LISTS])
def test_names_of_a_list(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


def test_lead_and_support_in_one_list() -> None:
    assert [(owner.name, owner.role) for owner in listed("督導室牽頭，人事科、各校按職責分工負責")] == [
        ("督導室", Role.LEAD),
        ("人事科", Role.SUPPORT),
        ("各校", Role.SUPPORT),
    ]


UNITS = [
    Unit(1, "第一小學", "school", aliases=("一小",), groups=("第一督學責任區",)),
    Unit(2, "第二中學", "school", groups=("第二督學責任區",)),
    Unit(3, "第一幼兒園", "kindergarten", groups=("第一督學責任區",)),
    Unit(4, "區教研室", "office"),
]
MEMBERS = [
    ("各校", [1, 2]), ("各学校", [1, 2]), ("學校", [1, 2]), ("各校(園)", [1, 2, 3]), ("各校（园）", [1, 2, 3]),
    ("各校園", [1, 2, 3]), ("區屬各校(園)", [1, 2, 3]), ("區屬幼兒園", [3]), ("各幼兒園", [3]),
    ("區屬14家教育單位", [1, 2, 3]), ("各小學", [1]), ("各中学", [2]), ("各科室", [4]), ("一小", [1]), ("第一小学", [1]),
    ("試點學校第一小學", [1]), ("第一督學責任區", [1, 3]), ("教研室", []), ("不相干", []), ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ids"), MEMBERS, ids=[row[0] or "empty" for row in MEMBERS])
def test_members(name: str, ids: list[int]) -> None:
    register = Register(UNITS)
    assert [unit.id for unit in register.members(name)] == ids
    assert all(register.concerns(name, unit) == (unit.id in ids) for unit in UNITS)
