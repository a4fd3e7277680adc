"""What should not be sent to many by mistake: telephone and identity card numbers in a text."""

import re
from collections.abc import Iterator

DIGIT = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")
MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
"""Mainland mobile numbers: 11 digits from 13 to 19 (numbering plan of the MIIT)."""
LANDLINE = re.compile(r"(?<![\d.-])0\d{2,3}[- ]\d{7,8}(?!\d)")
TAIWAN = re.compile(r"(?<![\d.])09\d{2}[- ]?\d{3}[- ]?\d{3}(?!\d)")
CARD = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
"""Citizen identity numbers: region, birthday, order and a check character (GB 11643-1999)."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def checks(card: str) -> bool:
    """True where the last character of an 18-character identity number is the right one (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(card[:17], WEIGHTS, strict=True))
    return CHECKS[total % 11] == card[17].upper()


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Each number found, as (`card` or `telephone`, the number as written), in the order of the text."""
    plain = text.translate(DIGIT)
    marks = [(match.start(), match.end(), "card") for match in CARD.finditer(plain) if checks(match[0])]
    for pattern in (MOBILE, LANDLINE, TAIWAN):
        marks += [(match.start(), match.end(), "telephone") for match in pattern.finditer(plain)]
    last = -1
    for start, end, kind in sorted(marks):
        if start >= last:
            yield kind, text[start:end]
            last = end
