"""Find who is to do something: subjects of sentences, words of handing over, labels and lists of units."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.plan.model import Basis, Owner, Role
from bot.plan.script import fold

# Whole classes of units and people, as plans write them (folded).
LEVEL = r"[省市区县州旗镇乡校园]"
GROUP = (
    r"(?:(?:上半年|下半年)?(?:请)?"
    rf"(?:(?:全?{LEVEL}|辖)?(?:属|直|直属|内)?各(?:级各类|级|类|有关|相关|直属|基层|乡镇|镇|中心|参赛|试点|牵头|配合|责任|成员|项目|民办|公办)*"
    r"(?:项目牵头)?(?:牵头单位|配合单位|成员单位|责任单位)?"
    r"(?:中小学\(?、?幼儿园\)?|中小学校?|学校\(园\)|学校\(幼儿园\)|学校、幼儿园|学校|校园\(园\)|校\(幼儿园\)|校园|校\(园\)|校、园|校|幼儿园|园|中学|小学|初中|高中|部门|处室|科室|股室|单位|年级组?|教研组|备课组|班级|班|学科组?|支部|社区|村居|村\(居\)委会|村\(居\)|村|街道|镇街|乡镇"
    r"|区\(县级市\)|区、县级市|区、县\(市\)|区县\(市\)|县\(市、区\)|县市区|区县|市县|区|县|市|位教师|位[^,。]{1,4})?"
    rf"|(?:全?{LEVEL})(?:属|直|直属)(?:学校|中小学校?|幼儿园|单位|校\(园\)|\d+家[^,。;]{{1,6}})"
    rf"|(?:试点|实验|项目|参与|承办|示范|基地|民办|公办|农村|城区|寄宿制|双语|普通|特色|全{LEVEL}|义务教育)(?:中小学|学校|高中|小学|幼儿园|校)(?:[一-鿿]{{0,8}}(?:小学|中学|学校|幼儿园))?"
    r"|学校|幼儿园|中小学校?))"
)
ORGAN = (
    r"(?:社团|文学社|乐团|局|厅|委员会|委|办公室|办|督导室|教研室|研究室|室|处|(?<!学)科|股|中心|馆|所|站|院|队|团委|党委|总支|支部|妇联|工会|少工委|学生会|家委会|协会|学会|小组|领导组|专班|指挥部|组|部|校|园|中学"
    r"|小学|幼儿园|大学|学院|督导|街道|社区|村|政府|公司|部门|单位|基地|工作室|集团|联盟|共同体|银行|医院|法院|检察院|电视台)"
)
PERSON = (
    r"(?:教师|教职工|教职员工|工作人员|人员|干部|校长|园长|书记|班主任|党员|团员|师生|学生|同学|家长|教研员|督学"
    r"|领导|负责人|责任人|辅导员|名师|骨干|班长|会长|组长|主任|保安|保育员|管理员|员工)"
)
MODAL = (
    r"(?:也|均|都|还|仍|再|则|又|分别|共同|统一|必须|务必|均须|一律)?"
    r"(?:要(?![求点素领闻件])|将|须|需要?(?!求)|应当?(?!急|用|对|届)|必须|负责|牵头(?!单位)|承担|会同)"
)
# Words that can only go on after a subject, never be part of its name.
ONWARD = (
    r"(?:根据|按照|按|结合|以|对|在|于|通过|充分|积极|认真|切实|进一步|继续|不断|全面|深入|大力|着力|努力|扎实|探索|开展|组织|制[定订]|建立|健全|完善|加强|落实|做好|抓好|确保|成立|召开|举办|举行|参加|参与|完成|实施|推进"
    r"|因地制宜|正式|严格|高度|共同|利用|依据|依托|每[周月年学天日季两]|自行|分[级层类]|定期|不定期|及时|统一|设立|开设|上报|报送|自查|具体|全力|加大|提高|强化|明确|指定|安排|准备|围绕|把|从|由|立足|创建|选派"
    r"|推荐|收集|填写|上交|可|请|均|都|也|再|先|务必|有计划|有序|逐步|主动|自主|精心|广泛|集中|重点|持续|着重|出台|编[制写]|申报|选拔|排查|整改|督促|指导|引导|至少|不少于|严禁|不得|全员|配备|建设|打造|培养|邀请|先行|率先|与(?!其)|同|到|选送|不再|全年|全天|公开|执行|承担|实行|为(?!主|了))"
)
VERB = re.compile(
    r"开展|加强|落实|推进|完善|建立|制定|组织|实施|做好|提高|提升|促进|加大|强化|深化|贯彻|探索|构建|引导|指导|进行|参加|围绕|根据|按照|通过|结合|关于|使|让|为了|培养|规范|优化|推动|确保|举办|召开|完成|抓好|增强|发挥"
)

# Verbs that go on after the proper name of an office or a school; words that are as often nouns (管理, 建設, 培訓) are not among them.
FINITE = (
    r"(?:召开|举办|举行|承办|主办|协办|开展|组织(?!机构|管理|架构|建设)|完成|负责|制[定订]|设立|设置|评选|抽查|进行|选?派|选送|安排|邀请|试行|试点(?!工作|学校|改革)|作为|列为|对(?!口|外|策)|在|于|每[天日周月学季年两]|不定期|定期|先行|率先|统一"
    r"|正式|积极(?!性)|认真|具体|结合|根据|按照|以(?!上|下|内|外|及)|与|向|把|承担|牵头(?!单位)|实行|执行|落实|报送|提交|收集|汇总|审核|公[布佈]|发[布佈]|印发|下发|筹办|筹备|约谈|指导|参加|参与|实施|提供|担任|受理|验收|督促"
    r"|跟进|接待|建立|结为|走访|查看|到|会同|联合|配合|协助|继续|进一步|不断|全面|深入|及时|主动|自主|可以?|集中|开设|开放|展示|编写|推荐|排查|要求|自行|带领|利用|通过|依托|围绕|从)"
)
DEED = re.compile(
    r"召开|举办|举行|承办|主办|评选|抽查|检查|选派|安排|试行|设立|执行|报送|提交|审核|公布|印发|下发|筹[办备]|参与|验收|编[制写]|排查|申报|推荐|聘请|实行|培训|落实|考核|使用|完善|接受|收集|整理|取消|修订|启动|改造"
)
NAME = r"[一-鿿A-Za-z0-9()、·“”\"]"
GROUPED = re.compile(rf"(?P<name>{GROUP})(?=\s*(?:{MODAL}|{ONWARD}))")
NAMED = re.compile(
    rf"(?P<name>{NAME}{{0,30}}?(?:{ORGAN}|{PERSON}))(?=(?:{MODAL}|对(?!口)|到校|正式|积极(?!性)|认真|定期|不定期|每[周月天日学季]|具体负责|统一组织))"
)
PROPER = re.compile(
    rf"(?P<name>{NAME}{{1,24}}?(?:局|厅|委|办公室|督导室|教研室|研究室|处|(?<!学)科|股|中心|馆|站|教研院|学院|团委|妇联|工会|少工委|指挥部|领导小组|专班|学校|中学|小学|幼儿园|大学|公司|街道|社区|政府|医院|责任区|社团))(?={FINITE})"
)
# What a name never begins with: prepositions and verbs whose object only looks like one.
INSIDE = re.compile(r"[由将把被须]|要(?!素|点|闻)|对(?!口|外)|不得|定期|的$|期间|之[前后]|\d年|年[末底初]")
NEVER = re.compile(
    r"[由对在把将与以向从为按经让使请和及或做抓建办给不是有其该这个并被于到至因凡如就也还至\d]|依托|利用|借助|聘请|借鉴|借力|学习|取消|接受|邀请|选派|发挥|改造|保障|覆盖|使用|支持|鼓励|充分|积极|认真|本学|今年|明年|本年|上半|下半"
)
LIKE_NAME = re.compile(rf".*(?:{ORGAN}|{PERSON}|{GROUP})$")
FRONT = re.compile(
    r"(?:并且?|同时|此外|另外|其中|原则上|届时|为此|首先|其次|最后|[一二三四五六七八九十]是|凡|一方面|另一方面|[(（]?\d{1,2}[)）.、．]|[①-⑳])*[,、:]?\s*"
)

BY = re.compile(
    rf"由(?P<name>{NAME}{{1,30}}?)(?P<verb>负责|牵头|提供|承担|担任|约谈|命题|统一|审核|审定|指导|收集|主办|承办|协办|主持|组织|实施|统一|具体负责|督促|督导|监督|落实|完成|汇总|配合|协助|修订|整理|制定|制订|编制|开展|发放|安排|考核|验收|检查|评选|推荐|上报|报送|解释)(?P<rest>[^,;。]{{0,24}})"
)
BY_ROLES = {"主办": Role.ORGANISE, "承办": Role.ORGANISE, "协办": Role.SUPPORT, "配合": Role.SUPPORT, "协助": Role.SUPPORT,
            "督促": Role.SUPERVISE, "督导": Role.SUPERVISE, "监督": Role.SUPERVISE}  # fmt: skip
# 由X主辦、Y承辦: what comes after the first verb of handing over.
NEXT = re.compile(rf"(?:负责)?[、,](?P<name>{NAME}{{1,40}}?)(?P<verb>承办|协办|配合|协助|参与)")
LEADS = re.compile(
    rf"(?:^|(?<=[,;。]))由?(?P<name>{NAME}{{1,30}}?)牵头(?!单位)[,、]?(?:(?P<more>{NAME}{{1,60}}?)(?:配合|协助|参与|参加|按职责))?"
)
WITH = re.compile(
    rf"(?:配合|协助|会同|联合)(?P<name>{NAME}{{1,14}}?(?:{ORGAN}|市|区))(?=做好|开展|完成|组织|推进|落实|抓好|进行|举办|实施|[,;。]|$)"
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

LABELS: Sequence[tuple[str, Role | None]] = (
    (
        r"牵头(?:单位|部门|处室|科室|责任单位|人)?|主责(?:单位|部门)|主办(?:单位|部门)?|承办(?:单位|部门)?|责任(?:单位|部门|处室|科室|主体|人)|负责(?:单位|部门|处室|科室|人)|落实(?:单位|部门)|实施(?:单位|主体)|主管(?:单位|部门)|执行(?:单位|部门)",
        Role.LEAD,
    ),
    (r"配合(?:单位|部门|处室|科室)?|协办(?:单位|部门)?|协助(?:单位|部门)?|协同(?:单位|部门)|支持(?:单位|部门)", Role.SUPPORT),
    (r"参与(?:单位|部门|人员|对象)?|参加(?:单位|部门|人员|对象)?", Role.JOIN),
    (r"督导(?:单位|部门|人)?|督查(?:单位|部门)|监督(?:单位|部门)|督办(?:单位|部门|领导)?|责任领导|分管领导", Role.SUPERVISE),
)
LABEL = re.compile("|".join(f"(?P<r{place}>{words})" for place, (words, _) in enumerate(LABELS)) + r"(?=\s*[:：])")
LABEL_AT = re.compile(rf"(?:{'|'.join(words for words, _ in LABELS)})\s*[:：]\s*")
OTHER_LABEL = re.compile(
    r"(?P<what>(?:活动|完成|比赛|培训|会议|举办)?(?:时间|时限|期限|日期)|完成时限|时间节点|地点|对象|内容|备注|联系人|经费)\s*[:：]\s*"
)
BRACKET = re.compile(rf"[(\[](?=(?:{'|'.join(words for words, _ in LABELS)})\s*[:：])")
DUTY = re.compile(r"(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:共同|分别)?(?:负责|牵头负责|牵头|配合|参与|落实|协助)?[。.;]?$")
TRAIL = re.compile(
    r"(?:等)?(?:有关|相关|各)?(?:单位|部门)?(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:共同)?(?:分别)?(?:负责|牵头负责|牵头|配合|参与|落实|协助)?[。.;]?$"
)
ENDS = re.compile(rf"(?:{ORGAN}|[市区县镇乡村]|学校|各校)$")


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
    for pattern in (GROUPED, NAMED, PROPER):
        found = pattern.match(folded, begin, end)
        if found and is_name(found["name"]):
            first = found.start("name")
            if pattern is GROUPED and (cut := re.match(r"(?:上半年|下半年|请)+", found["name"])):
                first += cut.end()
            return Actor(first, found.end("name"), Role.LEAD, bool(re.search(rf"{PERSON}$", found["name"])))
    for pattern in (TOPIC, ASKED):
        found = pattern.match(folded, begin, max(end, limit))
        if found and is_name(found["name"]):
            return Actor(found.start("name"), found.end("name"), Role.LEAD)
    return None


def is_name(name: str) -> bool:
    """True where a phrase can be the name of somebody: no verb of doing in it, no unclosed bracket."""
    return (
        len(name) > 1
        and not VERB.search(name)
        and not NEVER.match(name)
        and not INSIDE.search(name)
        and name.count("(") == name.count(")")
        and name.count("“") == name.count("”")
        and name not in ("将", "各")
    )


def others(folded: str, start: int, end: int) -> Iterator[Actor]:
    """The actors inside a clause: handed over to (由X負責), led and supported, together with, made to join."""
    for found in BY.finditer(folded, start, end):
        name = found["name"]
        role = BY_ROLES.get(found["verb"], Role.LEAD)
        if VERB.search(name) or not (LIKE_NAME.match(name) or re.search(r"[省市区县州旗镇乡]$", name)):
            continue
        # 由X承辦的活動 says whose event it is, not who carries out the clause.
        beside = bool(re.match(r"[^,。;]{0,8}的", found["rest"])) and role is not Role.SUPPORT
        yield Actor(found.start("name"), found.end("name"), Role.ORGANISE if beside else role, beside=beside)
        if (more := NEXT.match(folded, found.end("verb"), end)) and is_name(more["name"]):
            yield Actor(more.start("name"), more.end("name"), BY_ROLES.get(more["verb"], Role.JOIN))
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
    for pattern, role in ((WITH, Role.SUPPORT), (JOINED, Role.JOIN)):
        for found in pattern.finditer(folded, start, end):
            if not VERB.search(found["name"]):
                yield Actor(found.start("name"), found.end("name"), role)


def split_names(text: str, whole: bool = False) -> tuple[str, ...]:
    """The names of a list of units as written: 、 and commas divide, 和 only between two names.

    Words of duty at the end (等單位按職責分工負責) are dropped, unless the `whole` text is names.
    """
    folded = fold(text)
    cut = TRAIL.search(folded) if not whole else None
    cut = DUTY.search(folded) if cut and cut.start() < 3 else cut
    text, folded = (text[: cut.start()], folded[: cut.start()]) if cut and cut.start() else (text, folded)
    names: list[str] = []
    for found in re.finditer(r"(?:\([^()]*\)|[^、,;/\s()]|\s(?=[一-鿿]$)|(?<=^[一-鿿])\s)+", folded):
        for start, end in divided(folded, found.start(), found.end()):
            name = text[start:end].strip(" 。.:：")
            plain = fold(name)
            # 各區、縣級市 is one name: what follows is no unit of its own.
            if names and re.fullmatch(r"各(?:有关|相关)?区", fold(names[-1])) and re.match(r"县", plain):
                names[-1] = text[text.index(names[-1]) : end]
            elif name and plain not in ("等", "略", "无", "-", "/"):
                names.append(name.removesuffix("等") if len(name) > 3 else name)
    return tuple(dict.fromkeys(names))


def divided(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a piece at 和, 與, 及 where both sides end as a unit does, and where two offices are glued together."""
    for joint in re.finditer(r"(?:以及|及|和|与)", folded[start:end]):
        left, right = folded[start : start + joint.start()], folded[start + joint.end() : end]
        if len(left) >= 2 and len(right) >= 2 and ENDS.search(left) and ENDS.search(right) and not left.endswith(("组", "部", "会")):
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
    for place, mark in enumerate(marks):
        role = label_role(mark[0])
        close = marks[place + 1].start() if place + 1 < len(marks) else end
        owners += listed(text[mark.end() : close].strip(" ,，;；。)）]】、\n"), role)
    return tuple(sorted(dict.fromkeys(owners), key=lambda owner: owner.role is not Role.LEAD))


def label_role(label: str) -> Role:
    """The role that a label or a column's head gives (folded)."""
    for words, role in LABELS:
        if re.match(words, label) and role:
            return role
    return Role.LEAD
