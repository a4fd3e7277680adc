"""Festivals that plans name instead of a day, with the day they fall on."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

FIRST, LAST = 2000, 2050
"""The years the tables of moving feasts cover."""

# Month and day in each year from FIRST on, computed from the Chinese calendar.
MOVING: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "spring": (
            "0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 "
            "0217 0206 0126 0213 0203 0123 0211 0131 0219 0208 0128 0215 0204 0124 0212 0201 0122 0210 0130 0217 0206 0126 0214 0202 0123"
        ).split(),
        "dragon": (
            "0606 0625 0615 0604 0622 0611 0531 0619 0608 0528 0616 0606 0623 0612 0602 0620 0609 0530 0618 0607 0625 0614 0603 0622 0610 0531 "
            "0619 0609 0528 0616 0605 0624 0612 0601 0620 0610 0530 0618 0607 0527 0614 0603 0622 0611 0531 0619 0608 0529 0615 0604 0623"
        ).split(),
        "moon": (
            "0912 1001 0921 0911 0928 0918 1006 0925 0914 1003 0922 0912 0930 0919 0908 0927 0915 1004 0924 0913 1001 0921 0910 0929 0917 1006 "
            "0925 0915 1003 0922 0912 1001 0919 0908 0927 0916 1004 0924 0913 1002 0920 0910 0928 0917 1005 0925 0915 1004 0922 0911 0930"
        ).split(),
        "nine": (
            "1006 1025 1014 1004 1022 1011 1030 1019 1007 1026 1016 1005 1023 1013 1002 1021 1009 1028 1017 1007 1025 1014 1004 1023 1011 1029 "
            "1018 1008 1026 1016 1005 1024 1012 1001 1020 1009 1027 1017 1007 1026 1014 1003 1022 1011 1029 1018 1008 1027 1016 1005 1024"
        ).split(),
        "clear": [f"040{day}" for day in "455545554455445544554455445544554455445544454445444"],
    }
)

# What plans write (simplified), and the day: a fixed month and day, or a moving feast and an offset in days.
# The numbers of a bare feast (六一, 三八) are also schools, roads and policies, so they need a word that makes them a day.
DAY = r"(?=节|国际|劳动|青年|妇女|女神|儿童|建党|建军|国庆|文艺|庆|活动|表彰|系列|假|小?长假|黄金周|期间|前后?|[”\"])"
FESTIVALS: Sequence[tuple[str, tuple[int, int] | tuple[str, int]]] = (
    (r"元旦(?:节)?", (1, 1)),
    (r"除夕", ("spring", -1)),
    (r"春节|农历新年", ("spring", 0)),
    (r"元宵(?:节)?", ("spring", 14)),
    (r"三[·.]?八(?:国际)?(?:劳动)?妇女节|国际妇女节|妇女节|三·八|三\.?八" + DAY, (3, 8)),
    (r"植树节", (3, 12)),
    (r"学雷锋(?:纪念|活动)?日", (3, 5)),
    (r"清明节|清明(?=期间|前后?|假|小长假|祭|[”\"])", ("clear", 0)),
    (r"世界读书日", (4, 23)),
    (r"五[·.]?一(?:国际)?劳动节|(?:国际)?劳动节|五·一|五\.?一" + DAY, (5, 1)),
    (r"五[·.]?四(?:青年)节|青年节|五·四|五\.?四" + DAY, (5, 4)),
    (r"端午(?:节)?", ("dragon", 0)),
    (r"六[·.]?一(?:国际)?儿童节|(?:国际)?儿童节|六·一|六\.?一" + DAY, (6, 1)),
    (r"七·一|七\.?一" + DAY + "|建党节", (7, 1)),
    (r"八·一|八\.?一" + DAY + "|建军节", (8, 1)),
    (r"教师节", (9, 10)),
    (r"中秋(?:节)?", ("moon", 0)),
    (r"国庆(?:节|日)?|十·一|十\.?一" + DAY, (10, 1)),
    (r"重阳(?:节)?", ("nine", 0)),
    (r"圣诞(?:节)?", (12, 25)),
)

FESTIVAL = re.compile("|".join(f"(?P<f{number}>{pattern})" for number, (pattern, _) in enumerate(FESTIVALS)))


def day_of(row: int, year: int) -> date | None:
    """The day of the festival in that row of FESTIVALS; None for a moving feast outside the table's years."""
    first, second = FESTIVALS[row][1]
    if isinstance(first, int):
        return date(year, first, second)
    if not FIRST <= year <= LAST:
        return None
    text = MOVING[first][year - FIRST]
    return date(year, int(text[:2]), int(text[2:])) + timedelta(days=second)
