"""The words of names.toml, ready to be looked up: how names of units and people end, what cannot stand in them, what goes on after them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

PERSON_NAME = r"(?:欧阳|上官|司马|诸葛|[{surnames}])[一-鿿]{{1,2}}"
TITLED = r"(?:同志|老师|教师|主任|校长|副校长|书记|园长|组长|科长)"
DUTIES = r"(?:全面|具体|主要|共同|分别|统一)?(?:负责|主持|分管|主管|协管|统筹|牵头|承担|担任|主讲|执教|上课|协助|指导|带队|记录|担任)"


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of names.toml, ready to be looked up."""

    heads: frozenset[str]
    organs: frozenset[str]
    people: frozenset[str]
    served: frozenset[str]
    false: frozenset[str]
    alone: frozenset[str]
    naming: frozenset[str]
    acting: frozenset[str]
    never: tuple[str, ...]
    stative: frozenset[str]
    noun: re.Pattern[str]
    verbs: frozenset[str]
    nounlike: frozenset[str]
    onward: frozenset[str]
    nouns: tuple[str, ...]
    single: re.Pattern[str]
    result: re.Pattern[str]
    breaks: re.Pattern[str]
    classes: re.Pattern[str]
    persons: re.Pattern[str]
    common: re.Pattern[str]
    charged: frozenset[str]


@cache
def words() -> Words:
    """The tables, read once."""
    table = tomllib.loads(resources.files("bot.plan").joinpath("names.toml").read_text(encoding="utf-8"))
    organs, people, served = (frozenset(table[name].split()) for name in ("organs", "people", "served"))
    surname = PERSON_NAME.format(surnames=table["surnames"])
    one = rf"{surname}(?:{TITLED})?(?:\([一-鿿]{{2,8}}\))?"
    return Words(
        organs | people | served,
        organs,
        people,
        served,
        frozenset(table["not_organs"].split()),
        frozenset(table["not_alone"].split()),
        frozenset(table["naming"].split()),
        frozenset(table["acting"].split()),
        tuple(table["never"].split()),
        frozenset(table["stative"].split()),
        re.compile("|".join(table["nouns_of_one"])),
        frozenset(table["verbs"].split()),
        frozenset(table["nounlike"].split()),
        frozenset(table["onward"].split()),
        tuple(table["nouns"].split()),
        re.compile("|".join(table["single"])),
        re.compile(rf"[{table['deeds']}](?:{'|'.join(table['results'].split())})(?=[一-鿿《“])"),
        re.compile("|".join(table["breaks"])),
        re.compile("|".join(table["classes"].split())),
        re.compile(rf"{one}(?:[、和与]\s*{one}){{0,9}}(?:(?:等|[两三四五六几]位)(?:老师|教师|同志))?(?=\s*[:：(]?\s*{DUTIES})"),
        re.compile("|".join(table["no_person"])),
        frozenset(table["charged"].split()),
    )
