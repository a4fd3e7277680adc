"""Name the things that happen in measures: meets, festivals, contests, drills, inspections; and their targets and papers."""

import re
from collections.abc import Iterator, Sequence

from bot.plan.script import fold

# Words an event's name ends with, by kind; the first row that fits counts.
KINDS: Sequence[tuple[str, str]] = (
    (
        "competition",
        "运动会|田径赛|大赛|比赛|竞赛|联赛|锦标赛|邀请赛|选拔赛|决赛|初赛|预赛|复赛|挑战赛|辩论赛|答辩赛|[一-鿿]赛|评比|评选|评优|选拔|展评|比武|擂台",
    ),
    (
        "festival",
        "科技节|艺术节|体育节|读书节|文化节|艺术周|科技周|读书周|活动周|宣传周|教育周|演练周|宣传月|教育月|活动月|庆典|典礼|晚会|汇演|展演|开学式|休业式|毕业式|仪式|[一-鿿]节(?![目约能点奏])|书展|画展|园游会",
    ),
    ("drill", "演练|演习|疏散"),
    (
        "inspection",
        "督导评估|督导检查|专项督导|督查|督察|督导|检查|抽查|巡查|巡视|视导|调研|测评|评估|验收|考核|排查|监测|审核|评审|体检|普查",
    ),
    ("training", "培训班?|研修班?|轮训|讲座|报告会|公开课|观摩课?|示范课|宣讲|研训|练兵|集训|训练营?|学习班"),
    (
        "meeting",
        "会议|大会|研讨会|推进会|座谈会|家长会|交流会|论坛|例会|部署会|动员会|联席会|现场会|分析会|说明会|筹备会|班会|[一-鿿]{2}会(?![场员])|论证会",
    ),
    ("deadline", "截止|上报|申报|报名|报送|缴费|收缴"),
    (
        "campaign",
        "主题教育(?:活动)?|宣传教育(?:活动)?|主题活动|实践活动|系列活动|教育活动|宣传活动|专项行动|整治|教育周|志愿服务|家访|走访|[一-鿿]活动",
    ),
    ("event", "考试|模拟考|段考|中考|高考|联考|开学|放假|注册|招生|接种|选课|社团|交流|评定|展示|开训|结业|放榜"),
)
HEADS = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in KINDS))
QUOTED = re.compile(
    r"[“\"](?P<name>[^“”\"\n]{2,40})[”\"](?P<tail>[^,。;“”]{0,8}?(?:活动|评比|评选|比赛|大赛|庆典|竞赛|演练|讲座|培训|教育|考试|会))?"
)
START = re.compile(
    r"^(?:并|和|及|与|将|要|拟|于|在|继续|积极|认真|全面|深入|大力|精心|重点|不?定期|组织开展|组织进行|组织|开展好?|举办|举行|召开|做好|抓好|参加|参与|进行|迎接|应备|筹备|完成|实施|通过|承办|配合|协助|我[省市区县校园局镇]|全体|的|好)+"
)
DOCUMENT = re.compile(r"《[^《》]{2,60}(?:《[^《》]{1,40}》[^《》]{0,30})?》")
NUMBERED = re.compile(r"[一-鿿]{0,10}(?:字|发|函|办|教)?[〔\[(](?:19|20)\d\d[〕\])]\s*(?:第)?\d{1,4}\s*号")
AMOUNT = re.compile(
    r"(?:(?:不(?:得)?(?:少|低)于|至少|达到?|超过|力争|确保|控制在|新?成立|建设|培养|选派|评选|推荐|完成|创建)?\s*\d+(?:\.\d+)?\s*(?:%|％|‰)(?:以上|以内|以下|左右)?"
    r"|(?:区属|新?成立|不(?:得)?(?:少|低)于|至少|达到?|建设|建成|培养|选派|评选|推荐|完成|创建|培训|引进|新增|打造|举办|组织)?\s*(?<![\d年月.-])\d{1,6}(?:万|余|多)?(?:个|家|名|所|人|次|场|项|篇|支|门|节|间|套|辆|位|座|处)(?!月|年级|小时|学期)(?:以上|左右)?[一-鿿]{0,12}"
    r"|零(?:增长|事故|发生|投诉|容忍|缺陷)|百分之[一二三四五六七八九十百]+(?:以上)?|全覆盖|满覆盖)"
)
CLOCK = re.compile(r"[点时分日月年号届期版第周]$")


def targets(text: str) -> tuple[str, ...]:
    """The figures a measure is to reach (85%以上, 2個區級名師工作室), as written."""
    folded = fold(text)
    hidden = re.sub(r"《[^《》]*》|〔\d{4}〕\s*\d+\s*号|第\s*\d+", lambda match: "\0" * len(match[0]), folded)
    return tuple(dict.fromkeys(text[found.start() : found.end()].strip() for found in AMOUNT.finditer(hidden)))


def documents(text: str) -> tuple[str, ...]:
    """The papers a measure names, with their numbers, as written."""
    folded = fold(text)
    found = sorted([match.span() for match in DOCUMENT.finditer(folded)] + [match.span() for match in NUMBERED.finditer(folded)])
    return tuple(dict.fromkeys(text[start:end] for start, end in found))


def kind_of(name: str) -> str:
    """The kind of event that a name's last word makes it."""
    last = None
    for last in HEADS.finditer(fold(name)):
        pass
    return last.lastgroup or "event" if last else "event"


def named(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The events a measure names, as (name, kind, start, end) in the measure's own text; at most one without quotation marks."""
    folded = fold(text)
    shown = DOCUMENT.sub(lambda match: "\0" * len(match[0]), folded)
    quoted = False
    for found in QUOTED.finditer(shown):
        # A quotation is an event where it ends like one, or where the words after it say so; else it is a slogan.
        if HEADS.search(found["name"]) or (found["tail"] and HEADS.search(found["tail"])):
            start, end = found.start(), found.end()
            quoted = True
            yield text[start:end].strip('“”"「」') if not found["tail"] else text[start:end], kind_of(text[start:end]), start, end
    if quoted:
        return
    for part in re.finditer(r"[^,。;:\0]+", shown):
        last = None
        for last in HEADS.finditer(part[0]):
            pass
        if last and last.lastgroup:
            start, end = part.start(), part.start() + last.end()
            if part[0][last.end() : last.end() + 2] in ("活动", "工作", "大会"):
                end += 2
            front = START.match(shown[start:end])
            start += front.end() if front and front.end() < end - start - 1 else 0
            if end - start >= 2:
                yield text[start:end].strip(" 、"), last.lastgroup, start, end
            return


def title(text: str, limit: int = 40) -> str:
    """A name for a dated measure that names no event: its words without the number and the verbs at the front."""
    folded = fold(text)
    front = re.match(r"(?:\d{1,2}\s*[.、)]|[①-⑳]|[(（]\d{1,2}[)）])\s*", folded)
    begin = front.end() if front else 0
    close = re.search(r"[,。;]", folded[begin + 4 :])
    end = begin + 4 + close.start() if close else len(text)
    return text[begin : min(end, begin + limit)].strip(" 。；;，,、")
