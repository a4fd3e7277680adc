"""Read who is named in labels, lists and columns: 牽頭單位：…, （責任科室：…）, X牽頭，Y、Z按職責分工負責."""

import itertools
import re
from collections.abc import Iterator, Sequence

from bot.plan import names, persons
from bot.plan.lexicon import NOUNS, ORGAN, VERB
from bot.plan.model import Basis, Owner, Role
from bot.plan.script import fold

WHO = r"(?:责任|主体)?(?:单位|部门|处室|科室|股室|处|科|股|室|组|主体|学校|社区|机构|人员|人|方|者)"
# One row a role: what a label begins with, and whether it stands without a word for the unit (牽頭：…). The first match counts.
WORDS: Sequence[tuple[str, str, Role]] = (
    (r"督导|督查|监督|督办|监管|考核", rf"{WHO}", Role.SUPERVISE),
    (r"责任|分管|包保|挂点|牵头|督办|联系|主管", r"(?:区|县|市|镇|街道|局)?领导", Role.SUPERVISE),
    (r"总?牵头|主责|主办|承办|主要责任|第一责任|负责|责任|落实|实施|主管|执行|承担|主持|经办|完成", rf"{WHO}", Role.LEAD),
    (r"配合|协办|协助|协同|支持|会办|协作", rf"{WHO}", Role.SUPPORT),
    (r"参与|参加", rf"(?:{WHO}|对象)", Role.JOIN),
)
ALONE: Sequence[tuple[str, Role]] = (
    (r"总?牵头|主办|承办|主责|负责", Role.LEAD),
    (r"配合|协办|协助", Role.SUPPORT),
    (r"参与|参加", Role.JOIN),
)
LABELS: Sequence[tuple[str, Role]] = (*((rf"(?:{front}){back}", role) for front, back, role in WORDS), *ALONE)
MAIN = re.compile(r"总?牵头|主办|主责|主要责任")
"""A label that names the first of several: beside it a plain 責任單位 only takes part."""
POST = re.compile(r"(?:领导|责任人|负责人|同志|(?<!法)人)(?:员)?(?:\(.*\))?\s*[:：]?\s*$")
"""The end of a label that names persons, not units."""
LABEL_AT = re.compile(rf"(?:{'|'.join(words for words, _ in LABELS)})\s*[:：]\s*")
OTHER_LABEL = re.compile(
    r"(?P<what>(?:活动|完成|比赛|培训|会议|举办|开展|召开|报名|彩排|报到|考试|展示|评选|截止|办理|起止)?(?:时间|时限|期限|日期)|完成时限|时间节点|地点|对象|内容|备注|联系人|经费)\s*[:：]\s*"
)
BRACKET = re.compile(rf"[(\[](?=(?:{'|'.join(words for words, _ in LABELS)})\s*[:：])")
DUTY = re.compile(r"(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:共同|分别)?(?:负责|牵头负责|牵头|配合|参与|落实|协助)?[。.;]?$")
TRAIL = re.compile(
    r"(?:等)?(?:有关|相关|各)?(?:单位|部门)?(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:共同)?(?:分别)?(?:负责|牵头负责|牵头|配合|参与|落实|协助)?[。.;]?$"
)
UNIT = re.compile(
    r"(?:局|委|办|处|科|股|室|中心|部|会|组|所|站|院|中学|小学|幼儿园|学校|各校|各园|各班|政府|街道|单位|部门|团委|队|年级|校长|主任|书记|园长|班主任)$"
)
PLACE = re.compile(
    r"(?:教室|会议室|体育馆|活动室|功能室|报告厅|礼堂|实验室|图书室|阅览室|机房|馆|场|大会|晚会|运动会|家长会|[一二三四五六七八九]年级)$"
)
"""Where something is held, or what it is: no owner although it ends like one."""
CALLED = re.compile(r"[(（](?:以下|下)?(?:統一|统一)?[簡简統统][稱称][^()（）]*[)）]")
"""What a text says it will call a name by; no part of the name."""
LEVELS = "省市区县州旗镇乡"
ENDS = re.compile(rf"(?:{ORGAN}|[市区县镇乡村]|学校|各校|[一二三四五六七八九十\d]中|[一二三四五六七八九十实附中]小)$")


def split_names(text: str, whole: bool = False) -> tuple[str, ...]:
    """The names of a list of units as written: 、 and commas divide, 和 only between two names.

    Words of duty at the end (等單位按職責分工負責) are dropped, unless the `whole` text is names.
    """
    folded = fold(text)
    cut = TRAIL.search(folded) if not whole else None
    cut = DUTY.search(folded) if cut and cut.start() < 3 else cut
    text, folded = (text[: cut.start()], folded[: cut.start()]) if cut and cut.start() else (text, folded)
    found_names: list[str] = []
    for found in re.finditer(r"(?:\([^()]*\)|[^、,;/\s()]|\s(?=[一-鿿]$)|(?<=^[一-鿿])\s)+", folded):
        for start, end in divided(folded, found.start(), found.end()):
            name = CALLED.sub("", text[start:end]).strip(" 。.:：")
            plain = fold(name)
            # 各區、縣級市 is one name: what follows is no unit of its own.
            if found_names and re.fullmatch(r"各(?:有关|相关)?区", fold(found_names[-1])) and re.match(r"县", plain):
                found_names[-1] = text[text.index(found_names[-1]) : end]
            elif name and plain not in ("等", "略", "无", "-", "/"):
                found_names.append(name.removesuffix("等") if len(name) > 3 else name)
    for place, (name, after) in enumerate(itertools.pairwise(found_names)):
        # 市、區教育局: the level alone shares the name that follows.
        if len(name) == 1 and fold(name) in LEVELS and fold(after[:1]) in LEVELS and len(after) > 2:
            found_names[place] = name + after[1:]
    return tuple(dict.fromkeys(found_names))


def divided(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a piece at 和, 與, 及 where both sides end as a unit does, and where two offices are glued together."""
    for joint in re.finditer(r"(?:以及|及|和|与)", folded[start:end]):
        left, right = folded[start : start + joint.start()], folded[start + joint.end() : end]
        if (
            len(left) >= 2
            and len(right) >= 2
            and (names.parts(left, right) or (ENDS.search(left) and ENDS.search(right) and not left.endswith(("组", "部", "会"))))
        ):
            yield start, start + joint.start()
            yield from divided(folded, start + joint.end(), end)
            return
    glued = re.fullmatch(r"([一-鿿]{1,5}(?:处|科))([一-鿿]{1,5}(?:处|科|室|部|会|办))", folded[start:end])
    if glued:
        yield start, start + glued.end(1)
        yield start + glued.start(2), end
        return
    yield start, end


def listed(text: str, role: Role = Role.LEAD) -> tuple[Owner, ...]:
    """The owners of a label or a cell: `X牽頭，Y、Z按職責分工負責` or a plain list of names that all play `role`."""
    folded = fold(text)
    led = re.match(r"(?P<lead>.+?)(?:总?牵头|主办|负总责)(?!单位)(?:负责)?[,;，。、\s]*(?P<more>.*)$", folded, re.DOTALL)
    if led and role is Role.LEAD:
        leads = split_names(text[: led.end("lead")])
        more = split_names(text[led.start("more") :]) if led["more"].strip() else ()
        return tuple(Owner(name, Role.LEAD) for name in leads) + tuple(Owner(name, Role.SUPPORT) for name in more if name not in leads)
    return tuple(Owner(name, role, Basis.EXPLICIT) for name in split_names(text))


def labelled(text: str, folded: str, start: int, end: int) -> tuple[Owner, ...]:
    """The owners that a stretch of labels (牽頭單位：…，配合單位：…) names, leads first."""
    marks = list(LABEL_AT.finditer(folded, start, end))
    owners: list[Owner] = []
    roles = roles_of([mark[0] for mark in marks])
    for place, (mark, role) in enumerate(zip(marks, roles, strict=True)):
        close = marks[place + 1].start() if place + 1 < len(marks) else end
        # 責任科室：…；完成時限：…: a label that names nobody ends the names.
        other = OTHER_LABEL.search(folded, mark.end(), close)
        close = other.start() if other else close
        owners += listed(text[mark.end() : close].strip(" ,，;；。)）]】、\n"), role)
    return tuple(sorted(dict.fromkeys(owners), key=lambda owner: owner.role is not Role.LEAD))


def roles_of(labels: Sequence[str]) -> list[Role]:
    """The roles of labels or heads (folded) that stand side by side: beside 牽頭單位 a plain 責任單位 only takes part."""
    roles = [label_role(label) for label in labels]
    people = [bool(POST.search(label)) for label in labels]
    if not all(people):
        # Beside the unit that leads, the person who answers for it oversees it.
        roles = [Role.SUPERVISE if one and role is Role.LEAD else role for one, role in zip(people, roles, strict=True)]
    else:
        roles = [Role.LEAD if re.search("牵头|责任|负责", label) else role for label, role in zip(labels, roles, strict=True)]
    if any(MAIN.match(label) and not one for label, one in zip(labels, people, strict=True)):
        return [Role.SUPPORT if role is Role.LEAD and not MAIN.match(label) else role for label, role in zip(labels, roles, strict=True)]
    return roles


def label_role(label: str) -> Role:
    """The role that a label or a column's head gives (folded)."""
    for words, role in LABELS:
        if re.match(words, label) and role:
            return role
    return Role.LEAD


TIMED = re.compile(
    r"(?=.*\d)[\d年月日号至到底前后旬上中下午起初末晚早周第、:.~—\- ]+|全年|每[周月日年天]|[上中下]旬"
    r"|[一二三四五六七八九十]+月(?:底?前|[上中下]旬|起|底|初)?"
)
"""A time that stands in a bracket beside who does it (後勤組，3日前), folded."""


def bracketed(text: str) -> tuple[Owner, ...]:
    """The owners that a bracket without a label names: （後勤組）, （德育處牽頭，各班配合）, （後勤組，3日前）."""
    text = "，".join(part for part in re.split("[,，;；]", text) if not TIMED.fullmatch(fold(part)))
    folded = fold(text)
    if len(folded) > 60 or re.search(r"\d|[:：。;!?]", folded):
        return ()
    owners = listed(text)
    if owners and persons.listed(folded):
        return owners
    fits = owners and all(UNIT.search(name) and not PLACE.search(name) and len(name) <= 16 for name in (fold(one.name) for one in owners))
    return owners if fits and not VERB.search(NOUNS.sub("", "".join(fold(one.name) for one in owners))) else ()
