"""Find who is to do something in prose: subjects of sentences and words of handing over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.plan import names
from bot.plan.lexicon import GROUP, LEVEL, MODAL, MOMENT, NAME, NOUNS, ONWARD, ORGAN, PERSON, VERB
from bot.plan.model import Role

GROUPED = re.compile(rf"(?P<name>{GROUP})(?=\s*(?:{MODAL}|{ONWARD}|{MOMENT}(?!份?的)))")
BUILT = re.compile(r"[^,;。]{0,14}?(?:[竣开动]工|投用|投入使用|交付使用|开园|建成|封顶|主体工程|启用|落成|挂牌|被评为|通过验收|达标)")
"""What becomes of a building or a school (3月開工): the subject is no doer."""
HEAD = re.compile(r"[一-鿿、]{1,10}?(?:[处科股组部委局]|办公室|教研室|中心|团委|工会|妇联|大队|年级)")
"""A unit before a colon, which does what comes after (語文組：舉辦書法比賽)."""
# What a name never begins with: prepositions and verbs whose object only looks like one.
INSIDE = re.compile(
    r"[由将把被须]|分为|成为|作为|以及其|牵头(?!单位|部门|学校)|主办(?!单位)|承办(?!单位|学校|校)|配合(?!单位|部门)|协助(?!单位)|会同|要(?!素|点|闻)|对(?!口|外)|不得|定期|的|向|期间|之[前后]|\d年|年[末底初]"
)
NEVER = re.compile(
    r"每(?![位名个所])|[由对在把将与以向从为按经让使请和及或做抓建办给不是有其该这个并被于到至因凡如就也还至\d]|依托|利用|借助|聘请|借鉴|借力|学习|取消|接受|邀请|选派|发挥|改造|保障|覆盖|使用|支持|鼓励|充分|积极|认真|本学|今年|明年|本年|上半|下半|严禁|禁止|不准|确保|聚焦|瞄准|紧盯|抓住|突出|围绕|报|非|外来|闲杂|无关|任何|遴选|选取|选择|确定|评选|新建|新增|组建|成立|建设|指定|引进|整合|打造|培育|培养|关心|提高|加强|定期|落实|规范|促进|安排|组织|召开|配合|协助|协同|会同|联合|指导|督促|期[初中末]|学期"
)
LIKE_NAME = re.compile(rf".*(?:{ORGAN}|{PERSON}|{GROUP})$")
FRONT = re.compile(
    r"(?:并且?|同时|此外|另外|其中|原则上|届时|为此|首先|其次|最后|敬?请|务请|希?望|我校|学校(?=各)|[一二三四五六七八九十]是|凡|一方面|另一方面|[(（]?\d{1,2}[)）.、．]|[①-⑳])*[,、:]?\s*"
)

BY = re.compile(r"(?<![理自缘经])由(?!此|于)")
DOES = re.compile(
    r"(?:(?:积极|密切|共同|全力|具体|统一|予以)?(?P<near>配合|协助|协办|督促|督导|监督)|[^,;。]{0,12}?(?P<verb>主办|承办|负责|牵头|组织|实施|主持|[一-鿿]{2}(?=[,;。]|$)))(?P<rest>[^,;。]{0,24})"
)
PLACE = re.compile(r"(?P<name>[一-鿿]{0,6}?[省市区县州旗镇乡村])(?=主办|承办|协办|负责|牵头|组织|统一|提供)")
BY_ROLES = {"主办": Role.ORGANISE, "承办": Role.ORGANISE, "协办": Role.SUPPORT, "配合": Role.SUPPORT, "协助": Role.SUPPORT,
            "督促": Role.SUPERVISE, "督导": Role.SUPERVISE, "监督": Role.SUPERVISE}  # fmt: skip
# 由X主辦、Y承辦: what comes after the first verb of handing over.
NEXT = re.compile(rf"(?:负责)?[、,](?P<name>{NAME}{{1,40}}?)(?P<verb>承办|协办|配合|协助|参与)")
LEADS = re.compile(
    rf"(?:^|(?<=[,;。]))由?(?P<name>{NAME}{{1,30}}?)牵头(?!单位)[,、]?(?:(?P<more>{NAME}{{1,60}}?)(?:配合|协助|参与|参加|按职责))?"
)
WITH = re.compile(r"(?:(?<!联合)配合|(?<!联合)协助|会同|协同|联合(?!国|会|学校|体)|商请)(?!学校)")
# X配合, X協助: a clause of its own that says who takes part in what stands beside it.
SIDE = re.compile(
    rf"(?:请|由|并由|同时)?(?P<name>{NAME}{{0,40}}?(?:{ORGAN}|{PERSON}|{GROUP}))等?(?:单位|部门)?(?:积极|密切|共同|全力|予以|给予|做好|按职责)*(?P<verb>配合|协助|协办|参与|参加|督促|监督|督导|主持|负责|牵头)(?:实施|落实|工作)?(?=[,;。]|$)"
)
SIDE_ROLES = {
    "主持": Role.LEAD,
    "负责": Role.LEAD,
    "牵头": Role.LEAD,
    "参与": Role.JOIN,
    "参加": Role.JOIN,
    "督促": Role.SUPERVISE,
    "监督": Role.SUPERVISE,
    "督导": Role.SUPERVISE,
}
# A clause that only says who does it (由X牽頭, X、Y按職責分工負責): no measure by itself.
HANDING = re.compile(
    rf"(?:并?由){NAME}{{2,60}}?(?:总?牵头|负责|主办|承办|承担|主抓|组织实施|落实|主持|督办|解释|配合|协助|参与)(?:负责|落实|实施|抓好|推进)?"
    rf"|{NAME}{{2,60}}?(?:牵头|按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实|配合)|共同负责|具体负责|主持)"
)
# 市教育局開展的檢查: whose thing it is that the clause speaks of.
WHOSE = re.compile(
    rf"(?:结合|抓好|参加|参与|落实|按照|根据|迎接|配合|应备|做好)(?P<name>[省市区县州全国一-鿿]{{0,10}}?{ORGAN})(?:(?:19|20)\d\d年)?(?:新|全面|统一)?"
    r"(?:开展|组织|举办|承办|主办|立项|印发|下发|制定|召开|部署)的"
)
TOLD = re.compile(rf"组织(?P<name>{NAME}{{2,24}}?)等?(?=做好|抓好|落实|完成)")
JOINED = re.compile(
    rf"(?:组织|指导|引导|督促|要求|动员|鼓励|安排|选派|对)(?P<name>{GROUP}|全体教师|教师|学生|家长)(?=进行|参加|开展|根据|关注|参与|做好|到|赴|完成|落实|学习|[的]培训)"
)
ASKED = re.compile(
    rf"(?:[上下]半年|今年|本学期|\d{{1,2}}月份?)?的?(?P<name>{GROUP}|{NAME}{{2,20}}?[市区县镇乡](?=的)|{NAME}{{2,16}}?{ORGAN}(?=的))(?=[^,。;]{{0,60}}(?:,|[^,。;]{{0,40}})请)"
)
TOPIC = re.compile(
    rf"(?P<name>{LEVEL}[属直](?:各)?(?:学校|校|幼儿园|单位|中小学))(?=[^,。;]{{2,24}}(?:于|将于|应于|须于|要于|请)[^,。;]{{1,16}}(?:完成|进行|上报|结束))"
)


OCCASION = re.compile(
    r"前(?!台)|后(?!勤|备)|时(?!间|政|段)|期间|当[天日周晚]|内(?![容部])|起|(?:星期|周)[一二三四五六日]|[周月旬](?![边一二三四五六日围次度考份])|月份|日(?!常)|学[期年](?!末|初)|[期年月旬周]?[末底](?![线蕴])|[期年月]初(?![中步])|[上下]午|课间操?|季度?"
)
"""What a time at the front of a clause ends in."""
TIMED = re.compile(r"(?![由将把被为使让])[^,;。、:：()由将被对为使让把要应须请的]{1,14}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody named in a stretch of text: offsets of the name and the part they play."""

    start: int
    end: int
    role: Role
    person: bool = False
    """People (教師, 班主任) act in their own sentence only; units also in those that follow."""
    beside: bool = False
    """True where the clause only mentions what they do (由X承辦的活動), so that somebody else carries it out."""


def subject(folded: str, start: int, end: int, limit: int = 0) -> Actor | None:
    """The actor that a clause begins with, None where it has none; `limit` is the end of its sentence.

    Offsets count in the whole text.
    """
    front = FRONT.match(folded, start, end)
    begin = front.end() if front else start
    if aside(folded, begin, end):
        return None
    if folded[end : end + 1] == ":" and (headed := HEAD.fullmatch(folded, begin, end)) and is_name(headed[0]):
        return Actor(begin, end, Role.LEAD)
    for place in places(folded, begin, end):
        named = names.found_at(folded, place, end)
        if named and not BUILT.match(folded, named.end, end):
            return Actor(named.start, named.end, Role.LEAD, named.person)
    found = GROUPED.match(folded, begin, end)
    if found and is_name(found["name"]) and not BUILT.match(folded, found.end(), end):
        cut = re.match(r"(?:上半年|下半年|请)+", found["name"])
        return Actor(found.start("name") + (cut.end() if cut else 0), found.end("name"), Role.LEAD, names.is_person(found["name"]))
    for pattern in (TOPIC, ASKED):
        found = pattern.match(folded, begin, max(end, limit))
        if found and is_name(found["name"]):
            return Actor(found.start("name"), found.end("name"), Role.LEAD)
    return None


def places(folded: str, begin: int, end: int) -> Iterator[int]:
    """Where a subject may stand in a clause: at its front, and after a time there (放學後, 期中考試前, 每周一)."""
    yield begin
    for count, time in enumerate(OCCASION.finditer(folded, begin, min(end, begin + 16))):
        if count == 3 or not TIMED.fullmatch(folded, begin, time.end()):
            return
        if time.end() < end:
            yield time.end()


def aside(folded: str, start: int, end: int) -> re.Match[str] | None:
    """The clause that says nothing but who takes part (各班配合), None where there is more to it."""
    found = SIDE.match(folded, start, end)
    return found if found and is_name(found["name"]) and not folded[found.end() : end].strip(" ,;。") else None


def is_handing(folded: str, start: int, end: int) -> bool:
    """True where a clause says nothing but who does what stands beside it (由X牽頭, X配合)."""
    return bool(HANDING.fullmatch(folded, start, end)) or bool(aside(folded, start, end))


def is_name(name: str) -> bool:
    """True where a phrase can be the name of somebody: no verb of doing in it, no unclosed bracket."""
    return (
        len(name) > 1
        and not VERB.search(NOUNS.sub("", name))
        and not NEVER.match(name)
        and not INSIDE.search(name)
        and name.count("(") == name.count(")")
        and name.count("“") == name.count("”")
        and name not in ("将", "各")
    )


def others(folded: str, start: int, end: int) -> Iterator[Actor]:
    """The actors inside a clause: handed over to (由X負責), led and supported, together with, made to join."""
    for mark in BY.finditer(folded, start, end):
        yield from handed(folded, mark.end(), end)
    for found in WHOSE.finditer(folded, start, end):
        if is_name(found["name"]):
            yield Actor(found.start("name"), found.end("name"), Role.ORGANISE, beside=True)
    for found in TOLD.finditer(folded, start, end):
        if LIKE_NAME.match(found["name"]) and not VERB.search(found["name"]):
            yield Actor(found.start("name"), found.end("name"), Role.LEAD)
    for found in LEADS.finditer(folded, start, end):
        if is_name(found["name"]) and LIKE_NAME.match(found["name"]):
            yield Actor(found.start("name"), found.end("name"), Role.LEAD)
            if found["more"]:
                yield Actor(found.start("more"), found.end("more"), Role.SUPPORT)
    for first, last in parted(folded, start, end):
        if side := aside(folded, first, last):
            yield Actor(side.start("name"), side.end("name"), SIDE_ROLES.get(side["verb"], Role.SUPPORT))
    for mark in WITH.finditer(folded, start, end):
        beside = names.found_at(folded, mark.end(), end, closing=True)
        if beside and (folded[beside.end : beside.end + 1] != "的"):
            yield Actor(beside.start, beside.end, Role.SUPPORT)
    for found in JOINED.finditer(folded, start, end):
        if not VERB.search(found["name"]):
            yield Actor(found.start("name"), found.end("name"), Role.JOIN)


def handed(folded: str, start: int, end: int) -> Iterator[Actor]:
    """Who stands after 由, with the part that the verb after the name gives, and who follows in the same breath (由X主辦、Y承辦)."""
    name = names.found_at(folded, start, end, closing=True)
    place = None if name else PLACE.match(folded, start, end)
    if not name and not place:
        return
    first, last = (name.start, name.end) if name else (place.start("name"), place.end("name")) if place else (start, start)
    does = DOES.match(folded, last, end)
    part = "near" if does and does["near"] else "verb"
    verb = does[part] if does else ""
    role = BY_ROLES.get(verb, Role.LEAD)
    # 由X承辦的活動 says whose event it is, not who carries out the clause.
    rest = folded[does.start(part) : does.end()] if does else ""
    beside = bool(re.match(r"[^,。;]{0,10}的", rest)) and role is not Role.SUPPORT and verb not in ("负责", "牵头")
    yield Actor(first, last, Role.ORGANISE if beside else role, beside=beside)
    if does and (more := NEXT.match(folded, does.end(part), end)) and is_name(more["name"]):
        yield Actor(more.start("name"), more.end("name"), BY_ROLES.get(more["verb"], Role.JOIN))


def parted(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The clauses of a stretch between its commas."""
    begin = start
    for mark in re.compile("[,;。]").finditer(folded, start, end):
        yield begin, mark.start()
        begin = mark.end()
    yield begin, end
