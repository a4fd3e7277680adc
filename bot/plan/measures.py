"""Cut paragraphs into measures: the clauses and sentences that somebody is to carry out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.plan import actors, lexicon

LIMIT = 250
"""Longest measure in characters; what is longer is cut at commas."""
LEFT, RIGHT = 14, 8
"""A comma divides two measures only where at least so many characters stand on each side."""

OPENING, CLOSING = "(《“[〔", ")》”]〕"

# What a clause begins with that only leads to the next one: grounds, means, times and conditions.
LEADING = re.compile(
    r"(?:并|且)?(?:按照|按|根据|依据|依照|遵照|结合|依托|围绕|针对|对照|对标|通过|利用|充分利用|借助|借力|借鉴|随着|经|由于|因|鉴于|本着|坚持|立足|着眼|以|在|为(?!期)|为了|就|凡|如|若|除|从|自|至|到|于"
    r"|每[逢次当]|当|把|将|对|向|面向|贯彻落实|认真贯彻|继续利用|以此|并以|按要求|原则上|截至|目前|针对)"
)
# What a clause begins with that only tells the aim or the outcome of the one before.
FOLLOWING = re.compile(
    r"(?:从而|以便|以期|以此|使|让|促进|促使|提升|提高|扩大|营造|实现|逐步|逐渐|不断|确保|增强|切实|推动|努力|争取|力争|力求|达到|达成|形成|成为|保证|保障|夯实|发挥|充分发挥|激发|培养|引导|引领|规范|转变|凝聚|全面提[升高]"
    r"|全面提|带动|为.{2,40}(?:提供|创造|打下|奠定|做好|营造)|真正|最终|有效|做到|尤其|特别|重点是|包括|其中|并且?|且|及时|清晰|统一思想|明确思路|推进|服务|满足|避免|防止|杜绝|解决|完善.{0,6}$|全面落实|深化|进一步)"
)
# Of these, what is done by whoever does the clause before; a new subject cannot take it over.
OWN = re.compile(r"并|且|将|把|对.{2,20}(?:进行|给予|实行|开展)|面向|继续利用|充分利用|利用|坚持|立足|着眼|认真贯彻|贯彻落实")
# Verbs that begin something of their own.
DOING = re.compile(
    r"(?:(?:要|将|应|须|需|拟|计划|继续|积极|认真|全面|深入|大力|扎实|重点|着力|广泛|切实|严格|进一步|精心|适时|组织|同时|并|及时|有序|统筹|探索|尝试|全力)*)"
    r"(?:开展|组织|举办|举行|召开|成立|制定|制订|出台|建立|健全|完善|落实|加强|强化|加大|实施|推行|推进|组建|聘请|指导|参加|参与|做好|抓好|抓实|进行|建设|设立|开设|创设|创建|编写|编制|编印|印发|下发|发布|部署|布置|排查|检查|督查|督导|评选"
    r"|表彰|培训|选派|选拔|选聘|引进|招聘|申报|验收|评估|考核|公布|公开|取消|接受|汇报|总结|确立|搭建|探索|研究|调研|修订|签订|配备|配齐|购置|改造|启动|完成|应备|迎接|承办|收集|整理|上报|报送|建好|落实|推广|优化|关注|突出|拓展|支持|鼓励|加快|稳步|合理|全面|逐级"
    r"|定期|不定期|统筹|规划|整合|对接|清理|整治|巩固|分析|监测|改革|调整|增加|减少|保障|维护)"
)
BACKGROUND = re.compile(
    r"(?:[^,;。]{2,30}(?<![但只要还就可能凡正总别先便都也不国])是(?!否|要|以|指)[^,;。]{2,40}(?:年|关键[一-鿿]{0,3}|保障|基础|时期|阶段|之一|要求|任务|环节|内容|途径|载体|平台|目的|前提|核心|灵魂|根本|生命线|一年|第一年|重要[^,。]{0,6})(?:[,;。]|$)"
    r"|[^,;。]{2,24}(?:直接影响|关系到|标志着|意味着|取得了|已经|仍然存在|有待)|(?:近年来|过去|一年来|目前|当前|上学年来|总体上)[,，]?)"
)
DATED = re.compile(r"\d\s*月|年[初内底末]|[一二三四五六七八九十]月(?!份?[度经])|今年|半年|学期|季度|\d\d年")
SAYING = re.compile(
    r"[要将须应请]|结束|截止|开始|启动|[新增改扩]建|新增|遴选|选拔|招聘|发布|[开竣]工|开园|调整|减少|增加|成立|审阅|通报|组建|引入|引进|设立|开设|推行|赴|结对|梳理|审定|聘任|交流|调研|复习|承担|提供|每[天日周月学季]|\d+(?:个|所|名|场|次|项|家|篇|节|人)"
)
"""What a clause that only names a topic does not hold."""
COMPLETE = re.compile(r"[^,]{3,}(?:开展|举办|召开|组织|建立|制定|成立|完成|实施|推出)[^,]{3,}")
"""A ground with a deed of its own (以大班組為試點開展觀察)."""
FRONT_TIME = re.compile(
    r"(?:其中)?(?:(?:20\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?(?:[上中下]旬|[初底末]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)?(?:[、和至—~-]+(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:[上中下]旬|[初底末]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)?)?|[上下]半年|年[初内底末])(?:之?前|起|期间)?"
)
EVERY = re.compile(r"每(?:个|半|两|双)?个?(?:天|日|周|星期|月|季度?|学期|学年|年)")
HANDED = re.compile(rf"[^,;。由]{{3,20}}由[一-鿿]{{2,12}}?(?:{lexicon.STAFF}|{lexicon.UNITS}|{lexicon.ORGAN})")
"""A thing of its own and who does it (接送時段由值班人員到崗)."""
LATE = re.compile(
    r"(?:全面|全部|基本|正式|要|须|应|再)?(?:完成|到位|结束|上[报交]|报送|提交|落实|竣工|实施|启动|见效|公布|投入使用|交付使用)(?:.{0,6})?"
)
"""What is said of a time without saying what is done (3月底前完成)."""
THEN = re.compile(
    r"[^,;。]{1,14}?(?:[月日旬初底末起前]|半年|以前|之前)(?:,)?(?:要|将|再|完成|形成|为|召开|举[办行]|组织|开展|启动|进行|公[布示]|上[报交]|提交|报送|验收|总结|评[选审]|发[布放]|开[班始展]|实施|建成|落实|做好|汇总)"
)
TIMELIKE = re.compile(
    r"(?:[年月日末底初旬起前后内时节周]份?|学期|半年|季度|期间|学年度?|之际|前夕|前后|当[天日周月]|星期[一二三四五六日天])$"
)
ALSO = re.compile(r"也是|又是|更是")
LABELLING = re.compile(
    r"(?:活动|完成)?(?:时间|日期|月份|周次|地点|对象)|(?:重点|主要|具体)?工作(?:内容|安排|措施|重点)?|(?:重点|主要)?内容|责任(?:人|单位|部门)|负责人|备注|序号|(?:(?:19|20)\d\d|二[〇一二三四五六七八九]{3})年.{1,3}月(?:.{1,3}日)?"
)
"""What heads a column and is left alone on a line where a table was flattened; the day of a signature."""
FORMULA = re.compile(r"本(?:计划|计画|要点|办法|方案|实施计划).{0,30}(?:核准|核可|核定|通过|公布|公告|奉准).{0,6}(?:后|实施|施行)")
"""The formula that ends a plan and asks nobody to do anything."""
PERSONS = re.compile(r"(?:副?组长|副?总?指挥|副?主任|成员|联系(?:人|电话)|联络员|电话|邮箱|传真|地址)\s*[:：]")
"""What lists who is in a body or how it is reached."""
FLOWING = re.compile(r"(?:针对|为了?|根据|按照|依据|结合|围绕|随着)[^,;。]{2,40}$")
PAIR = re.compile(r"”(?:[一-鿿]{0,6}活动)?(?P<and>和|及|以及|暨|与|、)(?=“)")


@dataclass(frozen=True, slots=True)
class Cut:
    """A measure's place in the text, and the sentence it stands in; `body` is where its words begin after a number."""

    start: int
    end: int
    body: int
    sentence: tuple[int, int]


def depth_free(folded: str, start: int, end: int, marks: str) -> Iterator[int]:
    """Offsets of the marks that stand outside quotation marks and brackets; an unclosed one counts only to the sentence's end."""
    depth = 0
    for place in range(start, end):
        one = folded[place]
        if one in OPENING:
            depth += 1
        elif one in CLOSING:
            depth = max(0, depth - 1)
        elif one in "。!?\n":
            # A full stop inside quotation marks ends them only where they were never closed.
            if depth and folded.find("”", place, min(end, place + 60)) < 0 and folded.find(")", place, min(end, place + 60)) < 0:
                depth = 0
            if one in marks and not depth:
                yield place
        elif one in marks and not depth:
            yield place


def stretches(folded: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """The stretches between marks, the mark itself left out, blanks around trimmed."""
    begin = start
    for place in (*depth_free(folded, start, end, marks), end):
        first, last = begin, place
        while first < last and folded[first] in " \n\t":
            first += 1
        while last > first and folded[last - 1] in " \n\t":
            last -= 1
        if first < last:
            yield first, last
        begin = place + 1


def sentences(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a stretch; one that is nothing but a ground (針對…問題。) is taken with the next."""
    found: list[tuple[int, int]] = []
    for first, last in stretches(folded, start, end, "。!?"):
        if found and FLOWING.fullmatch(folded, *found[-1]) and last - found[-1][0] <= LIMIT:
            found[-1] = (found[-1][0], last)
        elif re.match(r"\(.*\)$", folded[first:last]):
            continue
        else:
            found.append((first, last))
    return found


def measures(folded: str, start: int, end: int, body: int) -> Iterator[Cut]:
    """The measures of a paragraph; `body` is where its words begin after a list number, which stays with the first measure."""
    for first, last in sentences(folded, max(start, body), end):
        for begin, close in stretches(folded, first, last, ";"):
            for one, two in clauses(folded, begin, close):
                yield Cut(start if one == max(start, body) else one, two, one, (first, last))


def clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide a sentence at commas into clauses that stand alone: each with the grounds before and the aims after it."""
    groups: list[tuple[int, int]] = []
    waiting: int | None = None
    before = start
    for first, last in stretches(folded, start, end, ",:"):
        words = folded[first:last]
        if not groups and waiting is None and is_background(folded, first, end):
            continue
        begin = first if waiting is None else waiting
        if last < end and folded[last] == ":" and waiting is None and actors.HEAD.fullmatch(folded, first, last):
            waiting, before = begin, last
            continue
        if actors.is_handing(folded, first, last) and (groups or last < end):
            # Who does it belongs to what is done: to the clause before, else to the one after.
            if groups and waiting is None:
                groups[-1] = (groups[-1][0], last)
            else:
                waiting, before = begin, last
            continue
        ground = (
            LEADING.match(words)
            or is_time(words)
            or (not groups and is_topic(words))
            or (waiting is not None and not groups and words[0] == "是")
        )
        leading = ground and last < end and not actors.subject(folded, first, last, end)
        if leading:
            # A ground opens a new measure where the measure before is long enough to stand by itself.
            waiting, before = begin, last
            continue
        alone = waiting is not None and (OWN.match(folded, waiting, first) or COMPLETE.match(folded, waiting, before))
        if waiting is not None and alone and actors.subject(folded, first, last, end):
            # Another subject begins: what waited was no ground for it but the end of what came before.
            joined = groups and not COMPLETE.match(folded, waiting, before)
            groups = [*groups[:-1], (groups[-1][0], before)] if joined else [*groups, (waiting, before)]
            begin = first
        waiting = None
        if not groups or (divides(folded, groups[-1], begin, first, last, end)):
            groups.append((begin, last))
        else:
            groups[-1] = (groups[-1][0], last)
    if waiting is not None:
        groups = [*groups[:-1], (groups[-1][0], end)] if groups else [(waiting, end)]
    for first, last in groups:
        for one, two in paired(folded, first, last):
            if is_doing(folded[one:two]):
                yield one, two


def divides(folded: str, before: tuple[int, int], begin: int, first: int, last: int, end: int) -> bool:
    """True where the comma before `begin` ends a measure and another one begins."""
    if actors.subject(folded, first, last) or actors.subject(folded, begin, last):
        return True
    words, said = folded[first:last], folded[before[0] : before[1]]
    if last - before[0] > LIMIT or words.startswith("届时"):
        return True
    if is_new_time(words) and first - before[0] >= 6 and DATED.search(said):
        return True
    timed = FRONT_TIME.match(words)
    rest = words[timed.end() :] if timed else ""
    if timed and len(rest) >= 5 - ("日" in timed[0]) and first - before[0] >= 6 and not LATE.fullmatch(rest):
        # 遴選基地校，4月召開推進會: a time of its own and what is done then.
        return True
    if EVERY.match(words) and (DATED.search(said) or EVERY.search(said)):
        # Another time than the one before: 10月改選家長委員會，每學期舉辦開放日.
        return True
    if HANDED.match(words) and not actors.is_handing(folded, first, last):
        return True
    if DATED.search(words) and DOING.match(words) and not DATED.search(said):
        return True
    if begin - before[0] < LEFT or last - begin < RIGHT:
        return False
    return not FOLLOWING.match(words) and bool(DOING.match(words) or begin < first)


def is_time(words: str) -> bool:
    """True for a clause that is nothing but a time or an occasion (3月最后一个星期一, 国庆节前后, 汛期来临前)."""
    if len(words) > 24 or lexicon.VERB.search(words) or DOING.match(words):
        return False
    return bool(TIMELIKE.search(words))


def is_new_time(words: str) -> bool:
    """True for a clause that begins with a time of its own and goes on to what is done then."""
    return (
        bool(re.match(r"(?:20\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|[上下]半年|年[底末]", words))
        and not is_time(words)
        and bool(THEN.match(words))
    )


def is_topic(words: str) -> bool:
    """True for a first clause that only names what the next one is about: short and without a verb, a time or a figure of its own."""
    if len(words) > 20 or DOING.match(words):
        return False
    if re.search(r"的[一-鿿]{1,4}$", words):
        return True
    return not (lexicon.VERB.search(words) or lexicon.DEED.search(words) or SAYING.search(words) or FRONT_TIME.search(words))


def is_background(folded: str, first: int, end: int) -> bool:
    """True where a sentence's front only describes how things are and more of the sentence follows, or all of it does."""
    words = folded[first:end]
    return bool(BACKGROUND.match(words) or ALSO.match(words)) and not actors.subject(folded, first, end)


def is_doing(words: str) -> bool:
    """False for what nobody can carry out: fragments and headings of lists."""
    plain = words.strip(" ,;:、。()“”")
    return (
        len(plain) >= 2
        and not re.fullmatch(r"[\d\W_年月日号时分]+", plain)
        and not LABELLING.fullmatch(plain)
        and not PERSONS.match(plain)
        and not FORMULA.search(plain)
    )


def paired(folded: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Divide two quoted things joined by 和 where the second has a time of its own (“…運動會”和“六一…”慶典)."""
    for mark in PAIR.finditer(folded, first, last):
        quoted = folded[mark.end() : last]
        if re.match(
            r"“[^”]{0,16}(?:[一二三四五六七八九十\d][·.月][一二三四五六七八九十\d]|元旦|国庆|教师节|儿童节|端午|中秋|清明|春节)", quoted
        ):
            yield first, mark.start("and")
            yield mark.start("and"), last
            return
    yield first, last


def within(cut: Cut, places: Sequence[tuple[int, int]]) -> bool:
    """True where the measure lies in one of the places."""
    return any(start <= cut.start and cut.end <= end for start, end in places)
