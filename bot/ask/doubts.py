"""The evidence for and against answering at all: what the best candidate does not meet, whatever the size of the plan."""

import math
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.ask import evidence, normal, reasons, tables, words
from bot.ask.answer import Kind
from bot.ask.catalog import Catalog
from bot.ask.evidence import FEATURES, Weighed
from bot.ask.intents import Question
from bot.ask.terms import Terms
from bot.ask.words import Word

FOR = ("item", "clause", "mass", "near", "own_near")
AGAINST = (
    "low", "topic", "aspect", "count", "differs", "alien", "unowned", "bare", "unsorted", "undated", "gap", "unmet", "strange", "head",
    "digits", "off", "which", "property", "reason", "name",
)  # fmt: skip
DOUBTS = ("bias", *FOR, *AGAINST)
"""Names of the evidence; a weight of FOR is never below 0, one of AGAINST never above."""
MEANING = frozenset({"near", "own_near"})
"""Those of an embedding, 0 without one."""
MATES = 6
"""How many candidates of the best one's item are looked at for an owner, a date, a figure."""
DIGITS = re.compile(r"(?<![\d.])(?:\d{2,}(?:\.\d+)?(?![\d.]*[月日号年点])|\d(?=岁))")
"""A number that names something: an age, a regulation, a sum; small ones mostly count the answers that are wanted."""
TIMED = re.compile(r"\d月|\d{4}年|20\d\d|第\d+周|\d+[日号]")
WHICH = re.compile(r"哪(?:一|几|两|\d)?(?:个|位|家|所|座|条|本|间|些|种|类|名|首|部|支|款|块|项|份|门|辆|台|栋|届)(?P<noun>[一-鿿]{2,4})")
UNSAID = re.compile(
    "时|日期|月份|学期|学年|季度|星期|阶段|方面|地方|部门|单位|科室|处室|机构|学校|中学|小学|幼儿园|年级|领导|老师|人员|名字|内容|环节|项目"
    "|文件|通知|办法|规定|制度|方案|意见"
)
"""What a text need not say to answer: sorts that its dates, owners and numbers are of."""
PLAIN = 0.4
"""A noun that is commoner says no sort of thing."""
DAYLIKE = re.compile("(?:周|星期|礼拜)[1-7一二三四五六日天]|当[天日]|\\d[日号天]|[上下]午|当周|首日|节前|前夕")
"""A day that is told without a date."""
DUTY = re.compile(
    "负责|牵头|主办|承办|组织|举办|分管|主管|主抓|配合|责任|归(谁|哪)|由(谁|哪)|(部门|单位|科室|处室|[科处股室办局])|谁.{0,2}(办|管|抓|做|搞|弄|查|修|建|排|发|的事)"
    "|responsible|charge|lead"
)
"""Whose duty something is, is asked, and not who comes or is meant."""
AGENT = re.compile("由(?!于|此)[^,，。;；\\s]{2,}|[请派][^,，。;；\\s]{2,}")
"""Somebody who does it, named in the sentence and no owner of it."""
NAMED = re.compile("(?P<name>[一-鿿]{2})(?P<sort>大学(?!生)|学院|中学|小学|幼儿园|社区|街道|医院|公园|路|街|村|镇|乡|河|桥|集团)")
"""What may be the proper name of a place or body."""
NOT_NAMED = frozenset("全本每某所个家校区县市省镇乡村新旧老小中公民办属内外两三四五六七八九十几名位些")
ENTRY = 30
"""An entry of a calendar has fewer characters."""
MET = 0.5
"""From so much on a character counts as covered."""


def logistic(value: float) -> float:
    """The logistic function, safe for any value."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def trust(found: Mapping[str, float], meaning: bool) -> float:
    """The chance that the plans answer a question at all, from what `doubts` found; `meaning`: where an embedding was at hand."""
    known = tables.weights(meaning)["trust"]
    return logistic(sum(known.get(name, 0.0) * value for name, value in found.items()))


def mates(catalog: Catalog, weighed: Weighed) -> NDArray[np.int64]:
    """The candidates that stand in the item of the best one, up to six."""
    same: NDArray[np.int64] = weighed.rows[catalog.item_of[weighed.rows] == catalog.item_of[weighed.rows[0]]]
    return same[:MATES]


def doubts(catalog: Catalog, question: Question, terms: Terms, weighed: Weighed, subject: frozenset[int]) -> dict[str, float]:
    """The evidence by name, each 0 to 1 but for those of the embedding."""
    row, best, same = weighed.table[0], int(weighed.rows[0]), mates(catalog, weighed)
    lacks = reasons.lacks(catalog, question, same)
    dated = float(row[FEATURES.index("month")]) > 0
    named = bool(subject) or any(question.place) or (question.thin and (dated or bool(question.aspects and not lacks)))
    item = 1.0 if named else float(row[FEATURES.index("item")])
    text = catalog.items[int(catalog.item_of[best])]
    covered = [bool(value >= MET) for value in weighed.covered[0]]
    grammar = tables.patterns().function
    # What an English question says beside words of the glossary are verbs and the like.
    passed = [
        inside or char in grammar or (question.english and char.isascii()) for inside, char in zip(covered, terms.content, strict=True)
    ]
    open_ = stretches([not there for there in passed], terms.content)
    return {
        "bias": 1.0,
        "item": item,
        "low": max(0.0, 0.4 - item) / 0.4,
        "clause": float(row[FEATURES.index("clause")]),
        "mass": 1.0 if named else min(1.0, item * float(terms.loads.sum()) / 8),
        "topic": float(
            any(
                not question.english and name in question.content.replace("期中", " ") and not spoken_of(name, text)
                for name in tables.patterns().topics
            )
        ),
        "aspect": float(bool(lacks) and lacks != "count"),
        "count": float(lacks == "count"),
        "differs": float(bool(reasons.differs(catalog, question, best))),
        "alien": float(bool(reasons.alien(catalog, question))),
        **silence(catalog, question, same),
        "gap": 0.0 if named else min(6, max(map(len, open_), default=0)) / 6,
        **({} if named else unmet(catalog, terms, weighed.covered[0], question.english)),
        **strangers(catalog, question, text),
        "off": float(
            bool(TIMED.search(normal.key(question.text)))
            and bool(question.when)
            and (float(row[FEATURES.index("month")]) < 0 or (question.thin and not dated))
        ),
        **untold(question, text, [catalog.entries[at].measure.text for at in same.tolist()]),
        **({} if weighed.near is None else {"near": weighed.near.best, "own_near": own_near(row)}),
    }


def own_near(row: NDArray[np.float32]) -> float:
    """How near in meaning the best candidate itself is, in deviations from the mean of all over four."""
    return float(max(row[FEATURES.index("clause_near")], row[FEATURES.index("sentence_near")]))


def silence(catalog: Catalog, question: Question, same: NDArray[np.int64]) -> dict[str, float]:
    """What is asked for and none of these entries gives: who (by name), when.

    `bare` is `unowned` by how short the best entry is: a sentence without a subject means the body that the plan is of, an entry of a
    calendar nobody.
    """
    out = dict.fromkeys(("unowned", "bare", "unsorted", "undated"), 0.0)
    if question.kind is Kind.WHO:
        texts = [catalog.clauses[at] for at in same.tolist()]
        duty = DUTY.search(normal.fold(question.text)) and not any(sort.said for sort in question.sorts)
        if duty and not catalog.fits["who"][same].any() and not any(AGENT.search(text) for text in texts):
            out["unowned"] = 1.0
            out["bare"] = max(0.0, 1 - len(catalog.clauses[int(same[0])]) / ENTRY)
        if question.sorts:
            told = any(sort.said and sort.said.search(text) for sort in question.sorts for text in texts)
            out["unsorted"] = float(not told and not evidence.sorted_of(catalog, same, question).any())
    if question.kind is Kind.WHEN:
        timed = any(tables.patterns().times.search(normal.fold(catalog.entries[at].measure.text)) for at in same.tolist())
        dated = catalog.fits["when"][same].any() or (catalog.times.weeks[same] > 0).any()
        if question.exact:
            dated = catalog.fits["exact"][same].any() or (catalog.times.weeks[same] > 0).any()
            timed = any(DAYLIKE.search(catalog.clauses[at]) for at in same.tolist())
        out["undated"] = float(not timed and not dated)
    return out


def unsaid(found: Mapping[str, float]) -> str:
    """`owner` or `date` where that is asked for and what `doubts` found says that it is not given, else empty."""
    return "owner" if found["unowned"] or found["unsorted"] else "date" if found["undated"] else ""


def unmet(catalog: Catalog, terms: Terms, covered: NDArray[np.float32], english: bool = False) -> dict[str, float]:
    """What the best candidate's item leaves of the question's words, weighed by how rare each is in Chinese at large.

    `unmet`: their share of all; `strange`: the rarest noun that no plan has; `head`: the last noun of the question, which the thing
    asked about stands in, where it is left.
    """
    content = terms.content
    out = dict.fromkeys(("unmet", "strange", "head"), 0.0)
    total = lost = 0.0
    for word in words.cut(content):
        text = content[word.first : word.last]
        if tables.patterns().generic.fullmatch(text) or (english and text.isascii()):
            continue
        load = float(terms.loads[word.first : word.last].mean()) * word.rarity
        left = 1.0 - float((covered[word.first : word.last] >= MET).mean())
        total, lost = total + load, lost + load * left
        if word.noun:
            out["head"] = left
            if left > MET and word.rarity > out["strange"] and not written(catalog, terms, word):
                out["strange"] = word.rarity
    return {**out, "unmet": lost / total if total else 0.0}


def written(catalog: Catalog, terms: Terms, word: Word) -> bool:
    """True where the plans have a word of the question somewhere, or one that may stand for it."""
    inside = (terms.first >= word.first) & (terms.last <= word.last) & (terms.last - terms.first > 1)
    meant = inside & np.array([kind != "shape" for kind in terms.kinds], np.bool_)
    return bool((catalog.item.at(terms.codes[meant]) >= 0).any())


def strangers(catalog: Catalog, question: Question, text: str) -> Mapping[str, float]:
    """A proper name that no plan has, and a number that the item of the best candidate has not."""
    folded = normal.fold(question.text)
    digits = [match.group() for match in DIGITS.finditer(normal.key(folded))]
    return {
        "digits": float(any(number not in text for number in digits if not in_time(question, number))),
        "name": float(any(not reasons.stands(catalog, name) for name in names_in(folded))),
    }


def names_in(folded: str) -> list[str]:
    """Proper names of places and bodies (柏树湾小学, 台湾大学) in a folded question: two characters that are no common word, and a sort."""
    found = []
    for match in NAMED.finditer(folded):
        name = match["name"]
        common = (name in words.listed() and match["sort"] not in ("大学", "学院")) or f"{name[1]}{match['sort']}" in words.listed()
        if not common and not any(char in tables.patterns().function or char in NOT_NAMED for char in name):
            found.append(f"{name}{match['sort']}")
    return found


def untold(question: Question, text: str, mates_: list[str]) -> Mapping[str, float]:
    """What the question asks for by name and the best candidate's item never speaks of.

    `which`: the noun after 哪個 (哪家醫院); `property`: a property (工資); `reason`: 1 where none is given to a question for one.
    """
    asked, pattern = normal.fold(question.text), tables.patterns()
    nouns = [word for match in WHICH.finditer(asked) for word in first_noun(match["noun"])]
    told = "".join(normal.fold(row) for row in mates_)
    wanted = [row for row in pattern.properties if row.search(asked)]
    whole = f"{text}{told}"
    why = (
        question.kind is Kind.WHAT
        and bool(pattern.reasons.asks.search(asked))
        and not any(pattern.reasons.gives.search(normal.fold(row)) for row in mates_)
    )
    return {
        "which": float(any(not spoken_of(noun, whole) for noun in nouns)),
        "property": float(any(not row.search(whole) for row in wanted)),
        "reason": float(why),
    }


def first_noun(text: str) -> list[str]:
    """The last of the nouns that a text begins with, where it does and that noun says what sort of thing is meant."""
    last = None
    for word in words.cut(text):
        if not word.noun or word.first != (last.last if last else 0):
            break
        last = word
    if last is None or not PLAIN <= last.rarity < 1:
        return []
    noun = text[last.first : last.last]
    return [] if tables.patterns().generic.fullmatch(noun) or UNSAID.search(noun) else [noun]


def in_time(question: Question, number: str) -> bool:
    """True where a number is part of the time or place that the question names."""
    when = question.when
    if not number.isdecimal() or len(number) > 4:
        return False
    value = int(number)
    days = {day for pair in when.days or () for day in pair}
    return value in when.months or value in when.years or value in when.weeks or value in days or value in question.place


def spoken_of(name: str, text: str) -> bool:
    """True where a text has a name or a word of the synonym table for it."""
    return name in text or any(other in text for other in tables.synonyms().get(name, ()))


def stretches(flags: list[bool], text: str, least: int = 2) -> list[str]:
    """The parts of a text where the flags hold, each at least `least` characters."""
    out, start = [], None
    for at, flag in enumerate([*flags, False]):
        inside = flag and text[at].isalnum() if at < len(text) else False
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            if at - start >= least:
                out.append(text[start:at])
            start = None
    return out
