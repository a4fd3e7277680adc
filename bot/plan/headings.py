"""Tell headings from text: short lines, months and weeks, the first words of an item, what opens and closes a document."""

import re
from collections.abc import Sequence

from bot.plan import actors, labels
from bot.plan.marks import Line
from bot.plan.measures import DOING
from bot.plan.owners import named_subject
from bot.plan.script import fold

STOP = "。！？!?;；"
N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
TO = r"\s*(?:[-—~～至到、和])+\s*"
# A month, a week or a part of the year that heads what is to be done in it, with its theme.
MONTH = re.compile(
    rf"(?:(?:(?:19|20)\d\d|1[0-4]\d)\s*年(?:度)?\s*)?(?:{N}\s*月份?(?:{TO}(?:(?:19|20)\d\d年)?{N}\s*月份?)?(?:[上中下]旬|[初底末])?(?:第{N}周)?"
    rf"|第{N}(?:{TO}第?{N})?(?:教学)?周|(?:第[一二三四]|[一二三四])季度|[上下]半年|学期[初中末]|开学[初前]|[寒暑]假(?:期间)?)"
    r"(?:的?(?:主要|重点)?(?:工作)?(?:安排|要点|重点|计划|内容|任务)?)?"
    r"(?:\s*[:：]?\s*(?:活动)?主题(?:月)?\s*[:：—-]+\s*.{1,24}|\s*[—-]{2,}\s*.{2,20}|\s*[(（][^()（）]{1,24}[)）]|\s*[“\"].{2,16}[”\"](?:主题)?月?)?\s*[:：]?"
    rf"|第{N}周[^,，。:：]{{0,24}}"
)
TITLE = re.compile(
    r"(?:计划|要点|方案|行事历|安排|意见|工作表|项目表|总结|一览表|清单|台账|规划|思路|日程|历|分解|大事记|时间表|目标任务|重要行事)(?:表|书)?(?:\([^()]{1,12}\))?(?:\d{1,2}篇)?$"
)
NUMBERED = re.compile(r".{0,12}[〔\[(](?:19|20)\d\d[〕\])]\s*第?\s*\d{1,4}\s*号$")
"""The number of an official paper, alone on its line."""
NOTE = re.compile(r"(?:附件?|注|备注|说明|抄送|印发|主送|联系人|联系电话|来源|作者|时间|导语|发布)\s*[一二三四五六七八九十\d]*\s*[:：]")
REMARK = re.compile(r"(?:注|备注|说明)\s*[一二三四五六七八九十\d]*\s*[:：]")
ASKING = re.compile(r"每[周月季日天]|按[时期]|[务须]必|必须|报送|上报|提交|报备|前完成|不得")
"""What a note asks of somebody."""
SIGNATURE = re.compile(r"(?:(?:19|20)\d\d|[一二][〇一二三四五六七八九]{3})\s*年\s*\S{1,3}月(?:\s*\S{1,3}日)?")
NAMED = re.compile(
    r"(?:[一-鿿]{0,6})(?:指导思想|思想|目标|任务|工作|重点|要点|措施|要求|安排|分析|情况|保障|步骤|原则|思路|组织领导|背景|内容|活动|回顾|机构|策略|方法)[:：]?"
)
SUPPORTING = re.compile(r"指导(?:思想|方针|原则)|(?:组织|保障|实施|推进|落实|考核)(?:领导|保障|机构|措施|步骤|要求|实施|安排|办法)[:：]?")
"""What parts of a plan are called, where its outermost headings have no number."""
ATTACHED = re.compile(r"附(?:件|表|录)?\s*[一二三四五六\d]*\s*[:：]?\s*.{2,40}")
"""A line that begins what is attached."""
DAY = re.compile(r"(?:\d{2,4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}")
"""What a line of a list of dates begins with (114.02.11, 3/5, 9月1日)."""
PAPERWORK = re.compile(
    r"(?:制[定订]|完成|上[交报]|提交|编[制写]|撰写|拟|做好|布置|部署|召开|审|收|讨论|修[改订]|学习|检查|整理|公布|下发|印发)"
)
# What a heading never holds: a time, a paper, a figure, somebody who is to do it.
TELLING = re.compile(
    r"《|\d月|[一-十]月[^度]|前完成|%|请|应当|必须|原定|推迟|第[一二三]周|为“|[上下]半年|本学期|下学期|每(?:[学周月季天日两]|[位名个所])|(?:不少于|至少)\d"
    r"|^(?:各校|各学校|各单位|各部门|各园|各幼儿园|针对|为了?|根据|按照|依据)"
)


PHASE = re.compile(
    r"(?:第[一二三四五六]阶段[:：、,]?\s*)?[^,，。:：()\n]{2,20}?"
    r"(?:\((?=[^()\n]*[\d一二三四五六七八九十]+[年月周日])[^()\n]{2,30}\)|[:：]\s*(?:(?:19|20)\d\d年)?\d{1,2}月[\d年月日号旬上中下底初\s—~～至到-]{0,24}(?=[。\n]|$))"
)
"""A phase and its time, in brackets or after a colon."""


def is_short(folded: str, line: Line, limit: int = 40) -> bool:
    """True where a line's words look like a heading: short, no sentence in it, not ending in a mark that goes on."""
    words = folded[line.body : line.end].strip()
    return 0 < len(words) <= limit and not re.search(rf"[{STOP}](?!$)|[:,、]$", words) and not NOTE.match(words)


def is_month(words: str) -> bool:
    """True for a line (folded) that is nothing but a month, a week or a part of the year, perhaps with its theme."""
    return len(words) <= 44 and bool(MONTH.fullmatch(words))


def heading_end(folded: str, start: int, end: int, whole: bool = False) -> int:
    """Where the heading at the front of a stretch ends, `start` where it has none.

    A heading is a first sentence that more text follows (or, with `whole`, that stands alone), short, in one piece, without
    a time, a paper or somebody who is to do it.
    """
    if (phase := phase_end(folded, start, end)) > start and (whole or folded[phase + 1 : end].strip(" \n")):
        return phase
    stop = re.compile(r"[。：:!?;\n]").search(folded, start, end)
    close = stop.start() if stop else end
    words = folded[start:close]
    rest = folded[close + 1 : end].strip(" \n") if stop else ""
    if not words.strip() or not (rest or whole) or (stop and stop[0] in ";!?"):
        return start
    if stop and stop[0] in ":：" and 0 < len(rest) <= 24 and "。" not in rest[:-1]:
        # A short list after a colon says what the words before it are: one job (归还物品:图书、教具).
        return start
    if stop and stop[0] in ":：" and re.match(r"(?:(?:19|20)\d\d|1[0-4]\d)?年?\d{1,2}\s*[月/]", rest):
        # What follows only says when it is (股長會議:2月23日召開): one job.
        return start
    if re.fullmatch(r"[(\[][^()\[\]:：]*[)\]][。;]?", rest):
        # A bracket belongs to the sentence it closes.
        return start
    if len(words) > 45 or TELLING.search(words) or actors.subject(folded, start, close):
        return start
    return close


def phase_end(folded: str, start: int, end: int) -> int:
    """Where a heading that names a phase and its time ends (動員階段（3月1日—10日）。, 總結階段：6月。), `start` where there is none."""
    found = PHASE.match(folded, start, end)
    return found.end() if found and (found.end() == end or folded[found.end()] in "。:：;\n") else start


def is_bare(folded: str, row: Line, after: Line, title: str) -> bool:
    """True where a line without a number is a heading: a month or week, or a short line that other text follows."""
    words = folded[row.start : row.end]
    if is_month(words):
        return True
    if (title and words == fold(title)) or DAY.match(words):
        return False
    if words[-1] in ":：":
        return (
            4 <= len(words) <= 13
            and not re.search(r"[,，、]|如下|以下|下列|是$", words)
            and after.style != "table"
            and not labels.LABEL_AT.fullmatch(words)
        )
    return (
        len(words) >= 4
        and is_short(folded, row, 30)
        and words[-1] not in STOP + "."
        and (words[-1] != ")" or bool(TITLE.search(words)))
        and (after.style != "table")
        and not is_label(words)
    )


def is_part(words: str) -> bool:
    """True for a line (folded) that is the name of a part of a plan and nothing else (指導思想, 主要工作, 逐月安排)."""
    return 4 <= len(words) <= 11 and bool(NAMED.fullmatch(words)) and (bool(SUPPORTING.fullmatch(words)) or not DOING.match(words))


def is_label(words: str) -> bool:
    """True for a line such as 责任单位:… that says something of the lines around it."""
    return bool(re.match(r"[^:：,。]{2,10}[:：]", words))


def heads(folded: str, after: Line) -> bool:
    """True where the line after a numbered short line is a heading too, so that the first heads it and has no text of its own."""
    words = folded[after.start : after.end]
    return not after.style and is_bare(folded, after, after, "") and not is_month(words) and words[-1] not in ":："


def is_last(folded: str, row: Line) -> bool:
    """True for a line that can only close a document: a date or a note, unless the note says what somebody is to do."""
    note = REMARK.match(folded, row.start, row.end)
    if note and (named_subject(folded, note.end(), row.end) or ASKING.search(folded, note.end(), row.end)):
        return False
    return bool(SIGNATURE.fullmatch(folded[row.start : row.end]) or NOTE.match(folded[row.start : row.end]))


def noted(folded: str, row: Line) -> int:
    """Where the words of a note begin after its label (注：…), 0 for any other line."""
    note = None if row.style else REMARK.match(folded, row.start, row.end)
    return note.end() if note and note.end() < row.end else 0


def trimmed(rows: Sequence[Line], folded: str) -> Sequence[Line]:
    """The lines without the signature, date and notes at the end."""
    end = len(rows)
    while end > 1 and not rows[end - 1].style:
        words = folded[rows[end - 1].start : rows[end - 1].end]
        signed = end < len(rows) or is_last(folded, rows[end - 1])
        if not (
            is_last(folded, rows[end - 1]) or (signed and len(words) <= 24 and words[-1] not in STOP) or re.fullmatch(r"\(.*\)", words)
        ):
            break
        end -= 1
    return rows[:end]


def document_title(text: str, folded: str, rows: Sequence[Line]) -> str:
    """The first heading-like line that names a kind of plan, else the first short line that is no paper's number, else nothing."""
    head = [row for row in rows[:20] if not row.style and is_short(folded, row, 60)]
    head = [row for row in head if not NUMBERED.fullmatch(folded[row.start : row.end])]
    for row in head:
        if TITLE.search(folded[row.start : row.end].rstrip("*# ")):
            return text[row.start : row.end].strip("# *")
    return text[head[0].start : head[0].end].strip("# *") if head and head[0] in rows[:2] else ""
