"""Who is to do a measure: subjects, words of handing over, labels, lists, and how a subject carries on."""

import pytest

from bot.people import Unit
from bot.plan.actors import listed, split_names
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
]


@pytest.mark.parametrize(("text", "name"), SUBJECTS, ids=[row[1] for row in SUBJECTS])
def test_named_subject(text: str, name: str) -> None:
    assert owners(text)[0] == (name, "lead", "explicit")


NOBODY = [
    "根據各校發展需求開展檢查。", "開展各級各類培訓。", "利用各種媒體做好宣傳。", "加強學校管理。", "將校本教研作為主要陣地。",
    "組織教師進行培訓。", "依託區科技館開展活動。", "重要的是開展自查。",
]  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_named_is_the_issuer(text: str) -> None:
    assert owners(text)[0] == ("區教育局", "lead", "implied")


def test_roles() -> None:
    assert owners("由區教研室牽頭、第二中學配合，舉辦培訓。") == [("區教研室", "lead", "explicit"), ("第二中學", "support", "explicit")]
    assert owners("運動會由區教育局主辦、實驗學校承辦。") == [("區教育局", "organise", "explicit"), ("實驗學校", "organise", "explicit")]
    assert ("教師", "join", "explicit") in owners("組織教師進行培訓。")
    assert ("區婦聯", "support", "explicit") in owners("配合區婦聯做好家庭教育。")


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
