"""What a question points at outside the plans: a row of the answer before it, or the asker's own unit."""

import re
from dataclasses import dataclass

from bot.ask import normal
from bot.ask.answer import Kind
from bot.ask.intents import understand

NUMERAL = r"\d{1,3}|[一二两三四五六七八九十百]{1,4}"
LEAD = r"(?:那么?|就|看看?|选|要|说说|讲讲)?\s*"
# Counted rows only: 第二篇, 第三部分, 第二學期, 第十二屆 name places and things of the plans.
ROW = re.compile(rf"{LEAD}第?\s*(?P<ordinal>{NUMERAL})\s*(?:个|项|条|件|点|行|则|号|种|样)")
BARE = re.compile(rf"{LEAD}(?:第\s*)?(?P<ordinal>{NUMERAL})\s*[.、)）。]?$")
LAST = re.compile(rf"{LEAD}最后(?:一|1)?(?:个|项|条|件|点|则)")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ENGLISH = re.compile(
    rf"(?:what about |and )?the (?P<word>{'|'.join(ORDINALS)}|last)(?: one| item| row)?\b|(?:number|no\.|item) ?(?P<figure>\d+)\b"
)
OWN = re.compile(
    r"我们?(?:学校|校|园|单位|幼儿园|科室)(?!长)|咱们?(?:学校|校|园|单位)|(?<![一-鿿])本(?:校|园|单位)"
    r"|\b(?:my|our) (?:school|kindergarten|unit)\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list that somebody names, and what they ask of it."""

    number: int
    """From 1 on; -1 the last."""
    kind: Kind


def row(question: str) -> Row | None:
    """The row of the last answer that a question names and nothing besides (`第二個`, `第3項由誰負責？`, `2`); None where it names none."""
    folded = normal.fold(question).strip()
    found = next((match for pattern in (BARE, ROW, LAST, ENGLISH) if (match := pattern.match(folded))), None)
    if found is None:
        return None
    rest = understand(folded[found.end() :])
    if any(char.isalnum() and char not in GRAMMAR for char in rest.content):
        return None
    return Row(_number(found), rest.kind if rest.sure and rest.kind is not Kind.LIST else Kind.WHAT)


GRAMMAR = frozenset("的是呢吗和请再详细说讲一下看情内容时间负责单位")
"""What may stand beside the number without naming a subject."""


def _number(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if parts.get("ordinal"):
        return int(parts["ordinal"]) if parts["ordinal"].isdecimal() else normal.number(parts["ordinal"]) or 0
    if parts.get("figure"):
        return int(parts["figure"])
    return ORDINALS.index(parts["word"]) + 1 if parts.get("word") in ORDINALS else -1


def own(question: str) -> str | None:
    """The question without its 我校 (本園, our school); None where it does not speak of the asker's own unit."""
    folded = normal.fold(question)
    if not OWN.search(folded):
        return None
    kept, at = [], 0
    for match in OWN.finditer(folded):
        kept.append(question[at : match.start()])
        at = match.end()
    return "".join([*kept, question[at:]]).strip()
