"""Recognise the names of units and people by their last word, by what cannot stand in them, and by the verb that follows them.

A little longer than other files because the tests of a name lean on each other.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.plan import persons
from bot.plan.vocabulary import words

LONGEST = 22
"""The longest name in characters."""
MOST = 24
"""How many names joined by 、, 和 or 與 are read as one subject, and how many places are looked at for them."""
JOINT = re.compile(r"\s*(?:以及|[、和与及暨/]|[,](?=各|全体))\s*")
AFTER = re.compile(r"\((?:(?:以下|下)?(?:统一)?(?:简称|统称)[^()]{2,18}|[一-鿿、]{1,8}|[一-鿿]{1,3}\d*)\)")
"""A bracket that belongs to the name before it (各校（園）, 陳靜（德育主任）)."""
REACH = re.compile(r"[,;。:：!?\n\t《》由将把被须]")
"""What no name goes across."""
SUCH = re.compile(r"等(?:有关|相关|各)?(?:部门|单位|科室|处室|学校|组室|人员)?")
CLASS_UNIT = re.compile(
    r"(?:全?[省市区县州旗镇乡校园]|辖区?)?(?:属|直|直属|内)?(?:各级各类|各级|各类|各)"
    r"(?:有关|相关|直属|基层|参赛|试点|牵头|配合|责任|成员|项目|民办|公办|中心|职能|教育|业务)*(?:[一-鿿]{0,5})?(?:校|园|班|县|区|市|镇|乡|村|街道|年级|学科|支部|领域)$"
)
"""Whole classes of units by a word too short to end a name by itself (各校, 各班, 各縣)."""
MODAL = re.compile(
    r"\s*(?:也|均|都|还|仍|再|则|又|分别|共同|统一|必须|务必|均须|一律)?"
    r"(?:要(?![求点素领闻件])|将|须|需要?(?!求)|是(?:第一|主要|直接)?(?:责任|牵头)(?:人|主体|单位)|应当?(?!急|用|对|届)|必须|负责(?!人|同志)|牵头(?!单位|部门|人)|承担|会同|不得|务必|请)"
)
ACTS = re.compile(r"上[^,。;]{0,10}课|作[^,。;]{0,10}(?:报告|讲座|发言|分享|点评)|录入|执教|主讲|说课|评课")
"""What a single person does."""
WHEN = re.compile(
    r"(?:\d{1,2}月|\d{1,2}[日号]|[一二三四五六七八九十]{1,3}月份?|本学期|今年|第.{1,2}[周季]|[上下]半年|[寒暑]假|每(?![位名个所]))(?!份?的)"
)
FIGURE = re.compile(r"(?:不少于|不低于|不超过|至少(?=\d)|占|达(?!成)|人数|比例|参与率|覆盖率)")

SAFETY = re.compile(r"安全[科部处]$")
"""An office that ends like 全科, 全部."""
OTHERWISE = re.compile(
    r"以[上下内外及]|与会|对[口外策]|在(?:[职岗籍读家]|[校园](?![门内外]))|和谐|向上|自[然治主学]|经[费验典营]|为[主首]|应[急用届对]|可[能持]|先[进锋]|将来|到[位访]"
    r"|因素|同[学等]|就[业读餐]|再生|还款|要[素点求]|跟班"
)
"""Words that begin like a preposition or an adverb and are none."""


OF_THE_DAY = re.compile(r"^(?:当[日天周班次晚]|本[周校园部次]|相[应关])")
IN_CHARGE = re.compile(r"(?:分管|主管|负责|协管|联系)[一-鿿]{1,8}的(?:副?校长|副?园长|副?书记|副?主任|副?局长|领导|同志|教师|老师|人员)")
"""People by what they answer for (分管教學的副校長)."""


@dataclass(frozen=True, slots=True)
class Name:
    """A subject: offsets, and whether people act rather than a unit."""

    start: int
    end: int
    person: bool


def found_at(folded: str, start: int, end: int, closing: bool = False) -> Name | None:
    """The name, or the names joined by 、 or 和, that stand at `start` and that a verb follows; None where none does.

    With `closing` the end of the clause may follow too, for places where only a name can stand (由…, 會同…).
    """
    table = words()
    if (personal := table.persons.match(folded, start, end + (8 if folded[end : end + 1] in (":", "：", "(") else 0))) and plausible(
        personal[0]
    ):
        return Name(start, personal.end(), True)
    for last in persons.acting(folded, start, end):
        if is_verb(folded, last, end) or MODAL.match(folded, last, end) or ACTS.match(folded, last, end):
            return Name(start, last, True)
        if closing and (last >= end or folded[last] in ",;。("):
            return Name(start, last, True)
    strict = joined(folded, start, end, False, {})
    return strict or (joined(folded, start, end, True, {}) if closing else None)


def plausible(persons: str) -> bool:
    """False where what looks like personal names is made of the words of plans (安全負責, 高中承擔)."""
    table = words()
    pieces = [re.sub(r"\(.*|同志$", "", piece) for piece in re.split(r"[、和与]\s*", persons)]
    return not any(
        piece in table.heads or piece in table.nouns or piece in table.nounlike or table.common.search(piece) for piece in pieces
    )


def joined(folded: str, start: int, end: int, closing: bool, known: dict[int, Name | None]) -> Name | None:
    """One name and, where a joint follows it, those after it; `known` holds what was found at later places, so that each is read once."""
    if start in known or len(known) >= MOST:
        return known.get(start)
    known[start] = None
    # A later end that a verb follows for certain counts before a nearer one that a word follows which may be a noun (县委教育工委要).
    for last in ends(folded, start, end):
        joint = JOINT.match(folded, last, end)
        if not joint and longest(folded, last, min(end, last + 6)) > 1:
            continue
        more = joined(folded, joint.end(), end, closing, known) if joint else None
        if joint and more and not mixed(folded[start:last], folded[joint.end() : more.end], joint[0]):
            known[start] = Name(start, more.end, more.person and is_person(folded[start:last]))
            break
        such = SUCH.match(folded, last, end)
        sure = goes_on(folded, start, last, such.end() if such else last, end, closing)
        if sure and (sure > 1 or not known[start]):
            known[start] = Name(start, last, is_person(folded[start:last]))
        if sure > 1:
            break
    return known[start]


def longest(folded: str, start: int, end: int) -> int:
    """The length of the longest last word of a name that stands at `start`, 0 where none does."""
    heads = words().heads
    return next((size for size in range(min(6, end - start), 0, -1) if folded[start : start + size] in heads), 0)


def mixed(left: str, right: str, joint: str) -> bool:
    """True where people and a unit stand on the two sides of 與: more likely one name (教師與學生發展中心)."""
    return "、" not in joint and is_person(left) and not is_person(right) and not words().classes.match(left)


def parts(left: str, right: str) -> bool:
    """True where 和, 與 or 及 divides two names (教務處與教科室) and is no part of one (教師與學生發展中心, 教育與體育局)."""
    if not (is_name(left) and is_name(right)) or mixed(left, right, "与"):
        return False
    # 全區教師和工作人員: the word for all of them belongs to both.
    shared = words().classes.match(left) and not words().classes.match(right)
    return not (shared and is_person(left) and is_person(right))


def ends(folded: str, start: int, end: int) -> list[int]:
    """Where a name that begins at `start` may end, the nearest first."""
    table = words()
    found: list[int] = []
    bound = min(end, start + LONGEST)
    reach = REACH.search(folded, start, bound)
    bound = reach.start() if reach else bound
    for place in range(start, bound):
        last = place + longest(folded, place, bound)
        if last > place and (not found or last > found[-1]):
            found.append(last)
    classes = table.classes.match(folded, start, bound) or re.match(r"[省市区县镇乡辖全]", folded[start:bound])
    if classes:
        found += [place for place in range(start + 2, min(bound, start + 14) + 1) if CLASS_UNIT.fullmatch(folded, start, place)]
    result: list[int] = []
    for last in sorted(set(found)):
        if is_name(folded[start:last]):
            bracket = AFTER.match(folded, last, end)
            result.append(bracket.end() if bracket else last)
    return result


@lru_cache(maxsize=4096)
def is_name(name: str) -> bool:
    """True where a phrase (folded) is the name of a unit, a class of units, or people by their post."""
    table = words()
    plain = name
    if opening := table.classes.match(plain):
        plain = plain[opening.end() :]
        if CLASS_UNIT.fullmatch(name):
            return not table.breaks.search(plain[:-1])
    plain = OF_THE_DAY.sub("", plain)
    if IN_CHARGE.fullmatch(plain):
        return True
    if not 2 <= len(name) <= LONGEST or name.count("(") != name.count(")") or name.count("“") != name.count("”"):
        return False
    if not re.fullmatch(r"[一-鿿\dA-Za-z()“”·]+", name) or (re.match(r"\d", name) and not re.match(r"\d+(?:班|中|小|年级)", name)):
        return False
    if (
        name in table.alone
        or any(name[-size:] in table.false for size in ((4, 3) if SAFETY.search(name) else (4, 3, 2)))
        or table.breaks.search(plain)
    ):
        return False
    head = head_of(plain)
    if not head or (len(head) == 1 and len(plain) < 2):
        return False
    rest = plain[: -len(head)]
    person = head not in table.organs
    if person:
        # A person of a unit (图书馆管理员, 本校各社团指导老师): what stands before is a name of its own.
        cut = max(
            (
                place
                for place in range(2, len(rest) + 1)
                if rest[place - 1] in "室馆房场库" or (head_of(rest[:place]) in table.organs and is_name(rest[:place]))
            ),
            default=0,
        )
        rest = rest[cut:]
    for place in range(len(rest)):
        for size in (2, 3):
            word = rest[place : place + size]
            if len(word) < size or (word not in table.verbs and word not in table.onward):
                continue
            if len(head) == 1 and not person and word == rest and rest not in table.onward:
                # 注册组, 收发室: nothing but the verb stands before.
                continue
            if not belongs(word, rest[place + size :], head, person):
                return False
    return not rest.startswith(table.never)


def belongs(word: str, between: str, head: str, person: bool) -> bool:
    """True where a verb is part of a name: 督導室, 培訓中心, 帶隊教師, 管理人員; `between` is what stands before the last word."""
    table = words()
    if person:
        if between:
            return False
        if word == "指导":
            return head in ("教师", "老师", "员")
        return word in table.acting or (word in table.naming and head in table.charged)
    if word == "组织":
        return between[:1] in ("", "人") and head in ("部", "科", "处", "组", "室", "委员会", "办")
    return word in table.naming


def head_of(name: str) -> str:
    """The last word of a name by which it is known, empty where it has none."""
    heads = words().heads
    return next((name[-size:] for size in range(min(6, len(name)), 0, -1) if name[-size:] in heads), "")


def is_person(name: str) -> bool:
    """True where a name (folded) is people: a post, a kind of work."""
    head = head_of(re.sub(r"\([^()]*\)$", "", name))
    return bool(head) and head not in words().organs


def goes_on(folded: str, start: int, last: int, after: int, end: int, closing: bool) -> int:
    """How surely a subject's deed follows the name that stands from `start` to `last` (and 等部門, to `after`): 0 not, 1 perhaps, 2."""
    if closing and (after >= end or folded[after] in ",;。:：()的"):
        return 2
    if after >= end or FIGURE.match(folded, after, end):
        return 0
    if MODAL.match(folded, after, end):
        return 2
    name = re.sub(r"\([^()]*\)$", "", folded[start:last])
    if not closing and (weak(name) or (name.endswith(MEETINGS) and HELD.match(folded, after, end))):
        return 0
    if WHEN.match(folded, after, end):
        return 2
    sure = is_verb(folded, after, end, closing)
    if sure and folded[last - 1 : last + 1] in words().verbs and folded[after : after + 2] not in words().verbs:
        # 新组建: the last character belongs to a verb.
        return 0
    if name.endswith("年级") and not words().classes.match(name):
        return 2 if sure == 2 else 0
    return sure


MEETINGS = ("家长会", "教代会", "职代会", "职工大会", "校务会", "校务会议")
HELD = re.compile(r"召开|举行|举办|安排|在|于|结束|圆满|如期|每")
"""What happens to a meeting; a body that is called like one does more (家長會, 教代會)."""
PASSIVE = ("学生", "家长", "幼儿", "师生", "同学", "孩子", "新生", "居民", "群众", "儿童", "大班", "中班", "小班")
"""Those whom a plan mostly speaks of, whatever stands before the word."""


def weak(name: str) -> bool:
    """True for those for whom things are done, without 各, 全體 or a word of their own before them."""
    table = words()
    if table.classes.match(name) and not name.startswith(("全市", "全区", "全县", "全镇", "全校", "全园")):
        return False
    head = head_of(name)
    return head in table.served and (name == head or head in PASSIVE)


def is_verb(folded: str, place: int, end: int, loose: bool = False) -> int:
    """How surely a verb, or an adverb or preposition before one, stands at `place`: 0 not, 1 a word that may be a noun, 2.

    `loose`: where only a verb can follow, such a word counts whatever comes after it.
    """
    table = words()
    for size in (4, 3, 2):
        word = folded[place : min(end, place + size)]
        if len(word) < size:
            continue
        if word in table.nounlike:
            return int(loose or governs(folded, place + size, end, word in ("组织", "安排")))
        if word in table.verbs or word in table.onward:
            return 2
    if table.result.match(folded, place, end):
        return 2
    if folded[place : place + 1] in table.onward:
        return 0 if OTHERWISE.match(folded, place, end) else 2
    return 2 if table.single.match(folded, place, end) else 0


def governs(folded: str, place: int, end: int, deeds: bool) -> bool:
    """True where a word that may be verb or noun is a verb: an object follows it, no noun that it only describes and no other verb.

    With `deeds` the object may be a deed itself (組織培訓, 安排值班).
    """
    table = words()
    if place >= end or folded[place] in ",;。、:：)的和与及等":
        return False
    ahead = folded[place : min(end, place + 4)]
    if deeds:
        return ahead[0] not in "在于" and ahead[:2] not in ("机构", "架构", "管理", "建设", "工作", "领导", "人事")
    if any(ahead.startswith(noun) for noun in table.nouns) or table.noun.match(folded, place, end):
        # 检查记录 is a compound, 检查各班记录 a verb with its object.
        return False
    two = ahead[:2]
    if two in table.stative or ahead[:1] in "在于已将应须要是有":
        return False
    if two in table.nounlike:
        # 编排培训方案 has an object, 培训安排在八月 is a thing.
        return place + 2 < end and folded[place + 2] not in ",;。、:：)的在于和与及每"
    return two not in table.verbs and (two not in table.onward or two in ("全年", "全员", "全程", "每班", "每人", "每节"))
