"""What should not be sent to many by mistake: telephone and identity card numbers in a text, in any script, width and grouping."""

import re
from collections.abc import Iterator
from datetime import date

from bot.plan.script import fold

GAP = r"[ \-—]{0,2}"
"""What may stand between the groups of a number."""
APART = r"(?<![\d.])(?<!\d[ \-—])"
"""Not within a longer number, such as the groups of a bank account."""
MOBILE = re.compile(rf"{APART}(?:\+?86{GAP})?1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}(?![\d]|[ \-—.]\d)")
"""Mainland mobile numbers: 11 digits from 13 to 19 (numbering plan of the MIIT)."""
LANDLINE = re.compile(rf"(?<![\d./])(?<!\d[\-—])\(?(?:010|02\d|0[3-9]\d{{2}})\)?{GAP}\d{{3,4}} ?\d{{4}}(?![\d]|[\-—]\d{{2}})")
"""Landlines with their area code: 010, 02x or 0xxx, then 7 or 8 digits."""
TAIWAN = re.compile(rf"{APART}09\d{{2}}{GAP}\d{{3}}{GAP}\d{{3}}(?![\d]|[ \-—]\d)")
NAMED = re.compile(r"(?:电话|手机|座机|热线|tel|phone)(?:号码|号)?[:： ]{0,3}(?P<number>\d{7,8})(?!\d)", re.IGNORECASE)
"""A number without an area code is one where the text calls it so."""
CARD = re.compile(rf"{APART}(\d{{6}}){GAP}(\d{{4}}){GAP}(\d{{4}}){GAP}(\d{{3}}[\dXx])(?![\dXx])")
"""Citizen identity numbers: region, birthday, order and a check character (GB 11643-1999)."""
OLD_CARD = re.compile(r"(?:身份证|证件)(?:号码|号)?[:： ]{0,3}(?P<number>\d{15})(?!\d)")
"""The 15 digits in use until 1999; without the word before it such a number is as well that of a document."""
REGIONS = frozenset({*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83})
"""The first two digits of an identity number (GB/T 2260)."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def checks(card: str) -> bool:
    """True where region, birthday and check character of an 18-character identity number are possible (ISO 7064, MOD 11-2)."""
    try:
        date(int(card[6:10]), int(card[10:12]), int(card[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(card[:17], WEIGHTS, strict=True))
    return int(card[:2]) in REGIONS and card[6:8] in ("19", "20") and CHECKS[total % 11] == card[17].upper()


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Each number found, as (`card` or `telephone`, the number as written), in the order of the text."""
    plain = fold(text)
    marks = [(match.start(), match.end(), "card") for match in CARD.finditer(plain) if checks("".join(match.groups()))]
    marks += [(*match.span("number"), "card") for match in OLD_CARD.finditer(plain)]
    for pattern in (MOBILE, LANDLINE, TAIWAN):
        marks += [(match.start(), match.end(), "telephone") for match in pattern.finditer(plain)]
    marks += [(*match.span("number"), "telephone") for match in NAMED.finditer(plain)]
    last = -1
    for start, end, kind in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if start >= last:
            yield kind, text[start:end]
            last = end
