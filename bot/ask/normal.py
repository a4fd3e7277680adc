"""One way in for every text that is compared: script, width, numerals and case folded, length kept where said."""

import re
import unicodedata
from functools import cache

from bot.plan import script

DIGITS = {
    "零": "0",
    "〇": "0",
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
COUNTED = "月日号届个次所家名项场份条篇部章节点周年天期轮位件批门校课时学遍支种类倍成元人岁面户台套座"
NUMERAL = re.compile(rf"([零〇一二两三四五六七八九十百]+)(?=[{COUNTED}])")
MARK = re.compile(r"[^\w%+]|_")
"""What nothing is searched for by: no letter, digit or Han character."""
BOTH = frozenset("后里干台只才于征余面云松制表划志曲采谷几系别姜丑出胜占克累朴仆郁岳范并咨群为众里注复")
"""Characters that are right in both scripts, so they tell nothing."""


def fold(text: str) -> str:
    """The text in simplified script, half width and lower case, of the same length, so that offsets survive."""
    plain = script.fold(text)
    lower = plain.lower()
    return lower if len(lower) == len(plain) else plain


def number(numeral: str) -> int | None:
    """The value of a Chinese numeral up to 999 (`十二` 12, `两` 2), or None where it is none."""
    if not numeral:
        return None
    if all(char in DIGITS for char in numeral):
        return int("".join(DIGITS[char] for char in numeral))
    total = digit = 0
    for char in numeral:
        if char in DIGITS:
            digit = int(DIGITS[char])
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            return None
    return total + digit


def numerals(text: str) -> str:
    """Chinese numerals before a counted thing as digits (`十二月` `12月`, `两个` `2个`); length may change."""

    def digits(match: re.Match[str]) -> str:
        value = number(match.group(1))
        return match.group(1) if value is None else str(value)

    return NUMERAL.sub(digits, text)


def key(text: str) -> str:
    """The folded text that is indexed and searched: numerals as digits, anything but letters, digits and Han a space."""
    plain = numerals(fold(text).replace("·", ""))
    return MARK.sub(" ", plain)


@cache
def tells() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that only traditional and only simplified script use."""
    han = "".join(map(chr, range(0x4E00, 0x9FA6)))
    simple = "".join(script.converter("t2s").convert(char) for char in han)
    traditional = "".join(script.converter("s2t").convert(char)[:1] for char in han)
    hant = {char for char, other in zip(han, simple, strict=True) if char != other} - BOTH
    hans = {char for char, other in zip(han, traditional, strict=True) if char != other} - BOTH - hant
    return frozenset(hant), frozenset(hans)


def script_of(text: str) -> str:
    """`hant` or `hans`, whichever script more of the telling characters belong to; empty where none tells."""
    hant, hans = tells()
    traditional = sum(char in hant for char in text)
    simplified = sum(char in hans for char in text)
    if traditional == simplified:
        return ""
    return "hant" if traditional > simplified else "hans"


def han(char: str) -> bool:
    """True for a Chinese character."""
    return "\u3400" <= char <= "\u9fff"


def latin(text: str) -> bool:
    """True where the text has Latin letters and no Chinese character."""
    return not any(han(char) for char in text) and any("a" <= unicodedata.normalize("NFD", char)[:1].lower() <= "z" for char in text)
