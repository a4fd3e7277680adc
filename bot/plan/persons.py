"""Recognise names of persons: a surname and one or two characters that no common word begins with, where such a name can stand."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.plan.vocabulary import words

GIVEN = r"[一-鿿]"
NOT_GIVEN = re.compile(
    r"[的了在和与及或并将由对为把被是有不要须各每其等前后内外上下第个次名项级班校园处室科组部局委办会人员者长师区县市镇乡村街省"
    r"一二三四五六七八九十两年月日周天时元质标量准效度率额类型式性化品卡证物点词剧戏营赛课节岗操歌画谣提示格簿台]"
)
"""Characters that hardly any given name has and that words of plans are made of."""
TITLE = r"(?:同志|老师|教师|主任|校长|副校长|书记|园长|组长|科长)?"
JOINT = re.compile(r"\s*[、和与]\s*")
MOST = 6
"""So many names in a row at most."""


@dataclass(frozen=True, slots=True)
class Surnames:
    """The tables of persons.toml: the words that begin like a name with each surname, and the surnames of two characters."""

    common: Mapping[str, frozenset[str]]
    compound: frozenset[str]


@cache
def surnames() -> Surnames:
    """The tables, read once."""
    table = tomllib.loads(resources.files("bot.plan").joinpath("persons.toml").read_text(encoding="utf-8"))
    return Surnames({one: frozenset(rest.split()) for one, rest in table["surnames"].items()}, frozenset(table["compound"].split()))


def is_person(name: str) -> bool:
    """True where a phrase (folded) is the name of one person by its characters: 王芳, 周海燕, 歐陽修; false for 高效, 方案, 安全員."""
    known = surnames()
    if name[:2] in known.compound:
        given = name[2:]
        return 1 <= len(given) <= 2 and not NOT_GIVEN.search(given)
    if not 2 <= len(name) <= 3 or name[0] not in known.common or not re.fullmatch(GIVEN + "+", name):
        return False
    given = name[1:]
    common = known.common[name[0]]
    if NOT_GIVEN.search(given) or given in common or given[0] in common:
        return False
    table = words()
    return not any(
        part in one
        for part in (name, name[:2], name[1:])
        for one in (table.verbs, table.nounlike, table.onward, table.nouns, table.heads, table.false)
    )


def names_at(folded: str, start: int, end: int) -> list[int]:
    """Where one name of a person, or several joined by 、 or 和, may end that stand at `start`; the likeliest length first.

    A name may be followed by a title (王芳老師).
    """
    ends: list[int] = []
    for size in (3, 2, 4):
        last = start + size
        if last > end or not is_person(folded[start:last]):
            continue
        if folded[last - 1 : last + 1] in words().verbs:
            # 石阶维修: the last character belongs to the verb.
            continue
        titled = re.compile(TITLE).match(folded, last, end)
        ends.append(titled.end() if titled else last)
    return ends


def listed(folded: str) -> bool:
    """True where a text (folded) is nothing but names of persons, joined by 、, commas or blanks."""
    parts = [part for part in re.split(r"[、,;\s]+|和", folded.strip()) if part]
    return 0 < len(parts) <= MOST and all(is_person(re.sub(TITLE + "$", "", part) if len(part) > 3 else part) for part in parts)


def acting(folded: str, start: int, end: int, most: int = MOST) -> list[int]:
    """Where a list of names that stands at `start` may end, each end a place where a verb may follow; `most` names at most."""
    ends: list[int] = []
    for last in names_at(folded, start, end):
        joint = JOINT.match(folded, last, end)
        more = acting(folded, joint.end(), end, most - 1) if joint and most > 1 else []
        ends += more or [last]
    return ends
