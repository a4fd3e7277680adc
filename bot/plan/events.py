"""Name the things that happen in measures: meets, festivals, contests, drills, inspections; and their targets and papers."""

import re
from collections.abc import Iterator, Sequence

from bot.plan.script import fold

# Words an event's name ends with, by kind (folded).
DAYLIKE = r"(?=活动|庆|主题|系列|[,。;”\")]|$)"
KINDS: Sequence[tuple[str, str]] = (
    (
        "competition",
        "运动会|运动大会|田径赛|大赛|比赛|竞赛|联赛|锦标赛|邀请赛|选拔赛|决赛|初赛|预赛|复赛|前赛|挑战赛|辩论赛|答辩赛|团体赛|评比|评选|(?<!开)展评|比武|擂台赛?",
    ),
    (
        "festival",
        rf"科技节|艺术节|体育节|读书节|文化节|艺术周|活动周|(?:宣传|教育|演练|服务|体验|阅读|读书|科技|文化|活动|反思|建设)[周月日]{DAYLIKE}"
        "|庆典|典礼|晚会|汇演|会演|展演|开学式|休业式|毕业式|仪式|书展|画展|作品展|成果展|游园会|园游会|博览会|嘉年华"
        rf"|(?:教师|儿童|青年|妇女|劳动|国庆|中秋|端午|清明|春|元宵|重阳|科普|宪法|宣传|开放|读书|爱眼|家庭)[节日]{DAYLIKE}",
    ),
    ("drill", "演练|演习|紧急疏散"),
    (
        "inspection",
        "督导评估|督导检查|综合督导|专项督导|督查|督察|督导(?!室)|检查|抽查|巡查|巡视|视导|调研|测评|评估(?!团|指南|办法)|验收|考核|排查|监测|审核|评审|体检|普查|筛查|自查|检修",
    ),
    (
        "training",
        "培训班?(?!基地|机构)|研修班|研修(?!基地|平台)|轮训|讲座|报告会|公开课|观摩课?|示范课|宣讲|巡讲|研训|练兵|集训|训练营|学习班|沙龙",
    ),
    (
        "meeting",
        "会议|研讨会|推进会|座谈会|家长会|交流会|论坛|例会|部署会|动员会|联席会|现场会|分析会|说明会|筹备会|班会|论证会|表彰大?会|总结会|发布会|听证会|班亲会"
        "|课发会|动员大会|志工大会|大会|教师会(?!议)|全体会(?!议)",
    ),
    ("deadline", "截止日?期?|申报|报名|报送|缴费|收缴|上报"),
    (
        "campaign",
        "主题教育(?:活动)?|宣传教育(?:活动)?|主题活动|实践活动|系列活动|教育活动|宣传活动|展示活动|专项行动|读书行动|整治|志愿服务|家访|走访|[一-鿿]活动",
    ),
    ("event", "考试|模拟考|段考|中考|高考|联考|选考|开学|放假|招生|接种|评定|开训|结业|展示|交流(?=活动)"),
)
STRONG = ("competition", "festival", "drill", "inspection", "training", "meeting")
"""Kinds whose words make an event without a time and without quotation marks."""
HEADS = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in KINDS))
QUOTED = re.compile(
    r"[“\"](?P<name>[^“”\"\n]{2,40})[”\"]"
    rf"(?P<tail>[^,。;、“”]{{0,10}}?(?:{'|'.join(words for _, words in KINDS)}|培训|教育|大会|会|活动|行动)(?:活动)?)?"
)
# What stands before a name: the verb that does the event, a preposition, a rhythm.
VERBS = re.compile(
    r"组织开展好?|办理|召集|观看|开好|搞好|组织进行|组织|开展好?|开办|举办|举行|召开|参加|参与|进行|迎接|应备|筹备|筹办|承办|承担|主办|协办|做好|抓好|上好|完成|实施|通过|配合|安排在?|启动|设立"
    r"|加强|强化|落实|试行|推进|接受|坚持|定期|不定期|继续|深入|集中|逐一|至少|选送|选派|准备|布置|部署|负责|利用|充分|依托|借助|建立|建设|嘗试|尝试|推行|优化|突出|重视|实现|开设"
    r"|将|(?<![重主需必])要(?![求素点])|于(?!是)|(?<![行作成认])为(?!主|期)|在|由|把|对(?![口外照比象于])|每(?:周|星期)[一二三四五六日天]?|每[月年日天]|每学[期年]|每季度|全年|提前|列为|慰问|以(?!上|下|内)|不(?:得)?少于\d+次|各进行一次"
)
RHYTHM = re.compile(
    r"(?:(?:有关)?人员(?=随机|抽|检|巡)|[一二三四五六七八九十\d]{1,2}[次场节](?:面向)?|好|一批|有针对性的|全员(?!培训)|广泛|的|[要其并等及与]|和(?![平谐美])|同时|[一-鿿]{0,3}开展|第?\d{1,2}\s*[.、)]|[一二三四五六七八九十]是|\(\d{1,2}\)|:)"
)
DAY = r"(?:(?:\d{2,4}\s*年\s*|\d{2,4}[./-])?\d{1,2}(?:\s*月\s*|[./-])\d{1,2}\s*[日号]?)"
TIME_FRONT = re.compile(
    r"(?:自|从|于|在|至)?"
    rf"(?:{DAY}(?:\s*[-~～—至到、]+\s*(?:{DAY}|\d{{1,2}}\s*[日号]?))*(?!\d|级|年级|班|个|次|所)"
    r"|(?:(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?"
    r"|(?:(?:19|20)\d\d年|今年|明年|本年度?)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?(?:[上中下]旬|[初底末])?)?(?:\d{1,2}[日号])?"
    r"(?:[-—~至到]+(?:\d{1,2}月份?)?(?:\d{1,2}[日号])?)?(?:第?[一二三四]季度|[上下]半年|年[底末])?(?:本学期|下学期|暑假|寒假)?))"
    r"(?:\s*\((?:星期|周)?[一二三四五六日](?:[、~至-][一二三四五六日])*\))*"
    r"(?:\s*(?:上午|下午|中午|晚上|早上)?\s*\d{1,2}(?:[·:点时]\d{0,2}分?)(?:\s*[-—~至到]+\s*\d{1,2}[·:点时]\d{0,2}分?)?|\s*(?:上午|下午|中午|晚上|早上))?"
    r"(?:前后|之?前|以前|起|期间|将)?[,:\s]*"
)
LABELLED = re.compile(r"(?P<name>[^,。;:\s]{0,8}?)(?:时间|日期)\s*:")
"""A line that says when something is (比賽時間:…): what stands before the label is the event."""
DOCUMENT = re.compile(r"《[^《》]{2,60}(?:《[^《》]{1,40}》[^《》]{0,30})?》")
NUMBERED = re.compile(r"[一-鿿]{0,10}(?:字|发|函|办|教)?[〔\[(](?:19|20)\d\d[〕\])]\s*(?:第)?\d{1,4}\s*号")
AIM = (
    r"(?:区属|不(?:得)?(?:少|低)于|至少|达到?|超过|力争|确保|控制在|新?(?:成立|增|设)|建设|建成|培养|培训|选派"
    r"|评选|推荐|完成|创建|引进|打造|举办|组织)"
)
UNIT = r"(?:个|家|名|所|人|次|场|项|篇|支|门|节|间|套|辆|位|座|处|件|学时|课时)(?!月|年级|小时|学期|工作日|百分点)"
AMOUNT = re.compile(
    rf"{AIM}?\s*\d+(?:\.\d+)?\s*[%‰](?:以上|以内|以下|左右)?"
    rf"|{AIM}?\s*(?<![\d年月.+-])\d{{1,6}}(?:万|余|多)?{UNIT}(?:以上|左右)?(?:(?!的|和|与|及|或|逐一|开展|实行|给予|进行|举行)[一-鿿]){{0,10}}"
    r"|零(?:增长|事故|发生|投诉|容忍|缺陷)|百分之[一二三四五六七八九十百]+(?:以上)?|全覆盖|满覆盖"
)


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
    heads = list(HEADS.finditer(fold(name)))
    return (heads[-1].lastgroup or "event") if heads else "event"


def named(text: str, dated: bool) -> Iterator[tuple[str, str, int, int]]:
    """The events a measure names, as (name, kind, start, end) in its own text: each in quotation marks, else the first without.

    A measure without a time names an event only by a word that can be nothing else.
    """
    folded = fold(text)
    shown = DOCUMENT.sub(lambda match: "\0" * len(match[0]), folded)
    shown = re.sub(r"(?<=\d):(?=\d)", "·", shown)
    if (label := LABELLED.match(shown)) and dated and label["name"]:
        yield text[label.start("name") : label.end("name")], kind_of(text[: label.end("name")]), label.start("name"), label.end("name")
        return
    quoted = False
    for found in QUOTED.finditer(shown):
        # A quotation is an event where it ends like one, or where the words after it say so; else it is a slogan.
        if HEADS.search(found["name"]) or (found["tail"] and (HEADS.search(found["tail"]) or found["tail"].endswith(("活动", "行动")))):
            quoted = True
            start, end = (found.start(), found.end()) if found["tail"] else (found.start("name"), found.end("name"))
            yield text[start:end], kind_of(text[start:end]), start, end
    if quoted:
        return
    for part in re.finditer(r"[^,。;:\0]+", shown):
        for head in reversed(list(HEADS.finditer(part[0]))):
            kind = head.lastgroup or "event"
            start, end = name_span(part[0], head)
            if end - start >= (3 if dated else 4) and (dated or kind in STRONG):
                start, end = closed(shown, start + part.start(), end + part.start())
                yield text[start:end].strip(" 、"), kind, start, end
                return


def closed(folded: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with its brackets whole, and with a number in brackets after it (教師基本功比賽（二）)."""
    if folded.count("(", start, end) > folded.count(")", start, end):
        close = folded.find(")", end, end + 12)
        end = close + 1 if close >= 0 else folded.rindex("(", start, end)
    after = re.match(r"\((?:第?[一二三四五六七八九十\d]{1,2}[次届轮场]?|[上下])\)", folded[end : end + 8])
    return start, end + (after.end() if after else 0)


def name_span(words: str, head: re.Match[str]) -> tuple[int, int]:
    """Where the name that ends in `head` begins and ends in its clause: after the last verb before it, without a time in front."""
    end = head.end() + (2 if words[head.end() : head.end() + 2] in ("活动", "工作") else 0)
    start = 0
    for verb in VERBS.finditer(words, 0, head.start()):
        start = verb.end()
    while ((front := TIME_FRONT.match(words, start, end)) and front.end() > start) or (front := RHYTHM.match(words, start, end)):
        if front.end() >= head.end():
            break
        start = front.end()
    if start >= head.start() and head.lastgroup in ("inspection", "deadline"):
        # 抽查6所學校…: the word is the verb, what it is done to belongs to the name.
        rest = re.match(r"[^,。;:(]{0,16}", words[head.end() :])
        return head.start(), max(end, head.end() + len(rest[0]) if rest else end)
    return start, end


def title(text: str, limit: int = 40) -> str:
    """A name for a dated measure that names no event: its first clause that does something, without its number and its time."""
    folded = re.sub(r"(?<=\d):(?=\d)", "·", fold(text))
    front = re.match(r"(?:\d{1,2}\s*[.、)](?!\d{1,2}[日号.-])|[①-⑳]|[(]\d{1,2}[)])\s*(?!月)", folded)
    begin = front.end() if front else 0
    for part in re.finditer(r"(?:“[^”]*”|《[^》]*》|\([^()]*\)|[^,。;])+", folded[begin:]):
        start, end = begin + part.start(), begin + part.end()
        time = TIME_FRONT.match(folded, start, end)
        start = time.end() if time else start
        start += len(re.match(r"(?:办理|召开|举办|举行)?", folded[start:end])[0])  # type: ignore[index]
        if end - start >= (2 if time and time[0] else 4) and not re.search(r"(?:[年月日周期前后时起底初末]|节|期间)$", folded[start:end]):
            return text[start : min(end, start + limit)].strip(" 。；;，,、")
    return text[begin : begin + limit].strip(" 。；;，,、")
