"""What the columns of a table hold: the time, the job, its owners; by the words of the head, else by what stands in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.plan.actors import LIKE_NAME
from bot.plan.lexicon import DEED, VERB

# One row a kind of column, the head's words folded and without blanks; the first match counts.
COLUMNS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("week", re.compile(r"周(?:次|别|数)?|教学周|星期周次")),
    (
        "skip",
        re.compile(
            r"序号?|编号|项次|星期|曜日|节次|备注|备考|附注|说明|联系人|联系电话|电话|经费|预算|地点|参加(?:人员|对象)|对象|进展情况|完成情况"
        ),
    ),
    (
        "owner",
        re.compile(
            r"(?:总?牵头|第一|主要|直接|主体|责任|主责|负责|主办|承办|配合|协办|协助|协同|参与|参加|落实|实施|执行|督导|督查|督办|监督|分管|包保|包干|挂点|联系|主管|承担)+"
            r"(?:领导|(?:责任)?(?:单位|部门|处室|科室|股室|学校|社区|主体|机构|人员|人|处|科|股|室|组|方|者|分工|同志)|\(.{1,8}\)|[、及/])*(?:名称|\(.{1,8}\))?"
            r"|(?:主管|经办|承担|主持|执行)?(?:单位|部门|处室|科室|股室|年级|组别|学校|社区)(?:名称|\(.{1,8}\))?|(?:承|主|协)办(?:单位|处室)?"
        ),
    ),
    (
        "date",
        re.compile(r".{0,4}(?:日期|时间|月份|月|时限|期限|进度|节点|年月|起止|起迄|起讫|时段)(?:安排|要求|表|日期|时间)?|年/?月/?日|日"),
    ),
    (
        "job",
        re.compile(
            r".{0,6}(?:措施|内容|安排|任务|事项|活动|要点|要求|行事|纪要|记要|大事|计划|工作(?:要求|目标)?|举措|步骤|名称|行事历)(?:及?要求|与措施|安排|摘要|名称|概要|内容)?"
        ),
    ),
    ("topic", re.compile(r".{0,6}(?:项目|主题|重点|类别|板块|目标|分类|领域|指标|项别)(?:名称)?")),
)
TASK = re.compile(
    r"(?:(?:19|20)\d\d年度?)?(?:年度|本年|主要|重点|工作|目标|推进|具体|建设|改革|攻坚|重大|民生|实事)*(?:任务|项目|工程|目标|指标|事项|工作|实事)(?:名称|任务)?(?:\(.{1,10}\))?"
)
"""Heads of what is to be reached or done as a whole, beside a column that says how."""
HOW = re.compile(r".{0,6}(?:措施|举措|内容|做法|步骤|要求|办法|进度)(?:安排|要求)?")
# Of several columns with jobs the one that says most exactly what is to be done.
SHARP = ("措施", "举措", "要求", "内容", "事项", "安排", "任务", "活动", "行事", "要点", "工作")
# Heads that name an office: under it stand its own jobs.
OFFICE = re.compile(
    r"(?:教务|学务|训导|教导|总务|辅导|人事|会计|主计|辅导与特教|补校|幼儿园|附设幼儿园|附幼|图书馆)(?:处|室|组)?"
    r"|[一-鿿]{1,5}(?:处|室|科|股|办公室|办|大队部|党支部|党总支|年级组|年段|教研组|部)|团委|工会|少先队|妇联|学生会|家委会"
)
# Heads that name a line of work: jobs stand in the columns of all of them.
LINE = re.compile(
    r"(?:校园大事|全校性?|学校|重要|校务|行政|德育|教学|教务|教研|科研|教科研|后勤|总务|安全|体卫|体育|卫生|保健|卫生保健|党建|党务|党团|团队|少先队|工会|宣传|人事|师资|保教|保育|家长|家园|艺体|信息|综合|其他|队伍建设)"
    r"(?:工作|活动|方面|口|线|事项|行事)?(?:安排|要点|内容|重点)?"
)
DITTO = ("〃", "″", "〞", "”", '"', "々", "同上", "同前", "..")
"""What a cell holds that goes on saying what the one above it says."""
DATELIKE = re.compile(
    r"\d{1,4}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*[月日号]|[一二三四五六七八九十]{1,3}\s*月|(?:19|20)\d\d年|(?:每|全|长|常|上半|下半|本|今)[年月周期季]|第.{1,3}[周季]|[寒暑]假|开学|期[初中末]|年[初中底末]|待定|持续|即日|[初中下上]旬"
)
TIMES = re.compile(
    r"(?:[\d\W年月日号周第一二三四五六七八九十至到底初末前后起之]|星期|[上中下]旬|季度|[上下]半年|[春秋]季|学[期年]度?|开学|期[初中末]|[寒暑]假|期间|[上下]午|每|全年|完成)+"
)
WEEKLIKE = re.compile(r"第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})周?|预备周|假期|寒假|暑假|开学.{0,2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: offsets without its outer blanks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table: a kind each, and the head's words, empty where the table has no head."""

    kinds: tuple[str, ...]
    labels: tuple[str, ...] = ()


def cells(folded: str, start: int, end: int) -> list[Cell]:
    """The cells of a row, the empty ones at its end left out."""
    found, place = [], start
    for part in folded[start:end].split("\t"):
        begin = place + len(part) - len(part.lstrip())
        found.append(Cell(begin, max(begin, place + len(part.rstrip()))))
        place += len(part) + 1
    while found and found[-1].start >= found[-1].end:
        found.pop()
    return found


def words_of(folded: str, row: Sequence[Cell]) -> list[str]:
    """The words of each cell without blanks."""
    return [re.sub(r"\s", "", folded[cell.start : cell.end]) for cell in row]


def column(head: str) -> str:
    """The kind of a column by its head (folded, no blanks), empty where the words name none."""
    return "" if DATELIKE.match(head) else next((kind for kind, pattern in COLUMNS if pattern.fullmatch(head)), "")


def heads(words: Sequence[str]) -> tuple[str, ...] | None:
    """The kinds of the columns where a row (folded words) is a table's head, else None.

    A table has one column of jobs, the one whose head says most exactly what is to be done; where the heads name offices or
    lines of work (教務, 學務 · 德育工作, 教學工作), each of theirs holds jobs.
    """
    if any(len(word) > 14 for word in words):
        return None
    kinds = [column(word) if word else "skip" for word in words]
    for place in range(1, len(words)):
        # A head that spans two columns may leave the second one empty.
        if (not words[place] or words[place] in DITTO) and kinds[place - 1] == "date":
            kinds[place] = "date"
    strict = sum(bool(kind) for kind, word in zip(kinds, words, strict=True) if word)
    beside = [place for place, word in enumerate(words) if word and kinds[place] in ("", "job", "topic") and LINE.fullmatch(word)]
    beside += [
        place for place, word in enumerate(words) if word and kinds[place] in ("", "job") and place not in beside and OFFICE.fullmatch(word)
    ]
    timed = any(kind in ("date", "week", "skip") for kind, word in zip(kinds, words, strict=True) if word)
    if len(beside) >= 2 and timed:
        for place in beside:
            kinds[place] = "office" if OFFICE.fullmatch(words[place]) else "line"
        return tuple("line" if kind == "job" else kind or "topic" for kind in kinds)
    if strict < 2 or strict < 0.6 * sum(map(bool, words)):
        return None
    if "job" not in kinds and "topic" in kinds:
        kinds = ["job" if kind == "topic" else kind for kind in kinds]
    jobs = [place for place, kind in enumerate(kinds) if kind == "job"]
    best = min(jobs, key=lambda place: (next((rank for rank, word in enumerate(SHARP) if word in words[place]), 99), -place), default=-1)
    # Where the sharpest says only how (具體要求), what is to be done stands in the column beside it: both hold jobs.
    sharpest = {best, *jobs} if best >= 0 and "要求" in words[best] else {best}
    kinds = ["topic" if kind == "job" and place not in sharpest else kind or "topic" for place, kind in enumerate(kinds)]
    if best >= 0 and HOW.fullmatch(words[best]):
        kinds = ["task" if kind == "topic" and TASK.fullmatch(word) else kind for kind, word in zip(kinds, words, strict=True)]
    return tuple(kinds)


def refined(layout: Layout, words: Sequence[str], labels: Sequence[str]) -> Layout | None:
    """The columns where a second row of heads divides one column into several (責任分工 into 牽頭 and 配合); None where it is no such row.

    `words` are the row's cells folded, `labels` the same as written.
    """
    named = [place for place, word in enumerate(words) if word and word not in DITTO]
    under = [column(words[place]) for place in named]
    if not named or any(kind not in ("owner", "date") for kind in under):
        return None
    if len(named) < len(words):
        width = max(len(words), len(layout.kinds))
        kinds = [*layout.kinds, *["topic"] * (width - len(layout.kinds))]
        heads_so_far = [*layout.labels, *[""] * (width - len(layout.labels))]
        for place, kind in zip(named, under, strict=True):
            kinds[place], heads_so_far[place] = kind, labels[place]
        return Layout(tuple(kinds), tuple(heads_so_far))
    at = next((place for place, kind in enumerate(layout.kinds) if kind == under[0]), -1)
    if at < 0 or len(named) < 2:
        return None
    after = at + 1
    while after < len(layout.kinds) and not layout.labels[after] and after - at < len(named):
        after += 1
    return Layout((*layout.kinds[:at], *under, *layout.kinds[after:]), (*layout.labels[:at], *labels, *layout.labels[after:]))


def divided(layout: Layout, words: Sequence[str], labels: Sequence[str]) -> Layout | None:
    """The columns where a second row of heads (offices or lines of work) divides the column of jobs; None where it is no such row.

    `words` are the row's cells folded, `labels` the same as written.
    """
    named = [word for word in words if word and word not in DITTO]
    if len(named) < 2 or not all(LINE.fullmatch(word) or OFFICE.fullmatch(word) for word in named):
        return None
    under = ["office" if OFFICE.fullmatch(word) else "line" for word in named]
    at = next((place for place, kind in enumerate(layout.kinds) if kind == "job"), -1)
    if at < 0:
        return None
    said = [label for label, word in zip(labels, words, strict=True) if word and word not in DITTO]
    return Layout((*layout.kinds[:at], *under, *layout.kinds[at + 1 :]), (*layout.labels[:at], *said, *layout.labels[at + 1 :]))


def fit(kind: str, word: str) -> int:
    """How well a cell's words fit a kind of column, from -2 to 2."""
    if not word or word in DITTO:
        return 0
    if kind in ("date", "week"):
        return 2 if DATELIKE.match(word) and len(word) <= 30 else 1 if kind == "week" and WEEKLIKE.fullmatch(word) else -2
    if kind == "owner":
        return 2 if is_owner(word) else -1 if len(word) > 24 or re.match(r"\d", word) or VERB.match(word) or DEED.match(word) else 0
    if kind in ("job", "line", "office", "topic", "task"):
        return -2 if is_time(word) else int(len(word) > 5)
    return 0


def widened(layout: Layout, rows: Sequence[Sequence[str]]) -> Layout:
    """The columns where rows are wider than their head: the head that spans several is the one that lets the cells fit best."""
    width = max((len(row) for row in rows), default=0)
    more = width - len(layout.kinds)
    if more <= 0:
        return layout
    wide = [row for row in rows if len(row) == width][:50]

    def spanned(at: int) -> Layout:
        twice = [at] * more
        order = [*range(at + 1), *twice, *range(at + 1, len(layout.kinds))]
        return Layout(tuple(layout.kinds[place] for place in order), tuple(layout.labels[place] for place in order))

    choices = [spanned(at) for at in range(len(layout.kinds))]
    # Where the words of the time stand in two columns, the first of them may be a name for it (第一周), which is no worse.
    best = max(choices, key=lambda one: sum(fit(kind, word) for row in wide for kind, word in zip(one.kinds, row, strict=True)))
    return best


def guessed(rows: Sequence[Sequence[str]]) -> Layout:
    """The columns of a table without a head: the time and the owners by their look, of the others the longest holds the jobs."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[place] for row in rows if place < len(row) and row[place] and row[place] not in DITTO] for place in range(width)]
    kinds = []
    for place, column_words in enumerate(columns):
        many = max(1, len(column_words)) * 0.6
        if not column_words or (all(re.fullmatch(r"\d{1,3}", word) for word in column_words) and place == 0):
            kinds.append("skip")
        elif sum(is_time(word) for word in column_words) >= many:
            kinds.append("date")
        elif sum(is_owner(word) for word in column_words) >= many:
            kinds.append("owner")
        else:
            kinds.append("")
    if all(kind for kind in kinds):
        kinds = ["" if kind == "owner" else kind for kind in kinds]
    open_places = [place for place, kind in enumerate(kinds) if not kind]
    job = max(open_places, key=lambda place: sum(map(len, columns[place])), default=-1)
    return Layout(tuple("job" if place == job else kind or "topic" for place, kind in enumerate(kinds)))


def with_jobs(layout: Layout, rows: Sequence[Sequence[str]]) -> Layout:
    """The columns where no head names the jobs: of those whose head says nothing the one with the longest cells holds them."""
    if any(kind in ("job", "line", "office") for kind in layout.kinds):
        return layout
    free = [place for place, kind in enumerate(layout.kinds) if kind in ("topic", "skip")]
    job = max(free, key=lambda place: sum(len(row[place]) for row in rows if place < len(row)), default=-1)
    return Layout(tuple("job" if place == job else kind for place, kind in enumerate(layout.kinds)), layout.labels)


def is_time(word: str) -> bool:
    """True for a cell that holds nothing but a time."""
    found = DATELIKE.match(word)
    return found is not None and len(word) <= 30 and (len(word) - found.end() <= 2 or bool(TIMES.fullmatch(word)))


def is_owner(words: str) -> bool:
    """True for a cell that holds nothing but names of units."""
    names = [name for name in re.split(r"[、,;；\s]+", words) if name]
    return bool(names) and all(len(name) <= 16 and LIKE_NAME.fullmatch(name) for name in names)
