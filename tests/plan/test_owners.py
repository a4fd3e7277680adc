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
]


@pytest.mark.parametrize(("text", "name"), SUBJECTS, ids=[row[1] for row in SUBJECTS])
def test_named_subject(text: str, name: str) -> None:
    assert owners(text)[0] == (name, "lead", "explicit")


NOBODY = [
    "根據各校發展需求開展檢查。", "開展各級各類培訓。", "利用各種媒體做好宣傳。", "加強學校管理。", "將校本教研作為主要陣地。",
    "組織教師進行培訓。", "依託區科技館開展活動。", "重要的是開展自查。", "嚴禁幼兒園組織商業活動。", "第三小學遷建工程3月開工。",
    "輪崗教師不少於12%。", "聚焦食堂開展專項檢查。", "非本校人員不得入校。",
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
