"""Festivals that plans name instead of a day, with the day they fall on."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

FIRST, LAST = 2000, 2050
"""The years the tables of moving feasts cover."""

# Month and day (four digits) in each year from FIRST on, computed from the Chinese calendar.
MOVING: Mapping[str, str] = MappingProxyType(
    {
        "spring": (
            "02050124021202010122020901290218020701260214020301230210013102190208012802160205012502120201012202100129"
            "0217020601260213020301230211013102190208012802150204012402120201012202100130021702060126021402020123"
        ),
        "dragon": (
            "06060625061506040622061105310619060805280616060606230612060206200609053006180607062506140603062206100531"
            "0619060905280616060506240612060106200610053006180607052706140603062206110531061906080529061506040623"
        ),
        "moon": (
            "09121001092109110928091810060925091410030922091209300919090809270915100409240913100109210910092909171006"
            "0925091510030922091210010919090809270916100409240913100209200910092809171005092509151004092209110930"
        ),
        "nine": (
            "10061025101410041022101110301019100710261016100510231013100210211009102810171007102510141004102310111029"
            "1018100810261016100510241012100110201009102710171007102610141003102210111029101810081027101610051024"
        ),
        "clear": "".join(f"040{day}" for day in "455545554455445544554455445544554455445544454445444"),
    }
)

# What plans write (simplified), and the day: a fixed month and day; a moving feast and an offset in days; a month's nth weekday (0 Monday).
# The numbers of a bare feast (六一, 三八) are also schools, roads and policies, so they need a word that makes them a day.
DAY = (
    r"(?!(?:国际)?(?:青年|劳动|妇女)?(?:红旗|奖|先锋|标兵|巾帼|模范|制|大街|路|小学|中学|学校|社区|幼儿园|广场))"
    r"(?=节|国际|劳动|青年|妇女|女神|儿童|建党|建军|国庆|文艺|庆|活动|表彰|系列|假|小?长假|黄金周|期间|前后?|至|到|、|[”\"])"
)
FESTIVALS: Sequence[tuple[str, tuple[int, int] | tuple[str, int] | tuple[int, int, int]]] = (
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
    (r"国庆(?:节|日)?(?!路|街|小学|中学|学校|广场|社区|村)|十·一|十\.?一" + DAY, (10, 1)),
    (r"重阳(?:节)?", ("nine", 0)),
    (r"圣诞(?:节)?", (12, 25)),
    (r"母亲节", (5, 2, 6)),
    (r"父亲节", (6, 3, 6)),
    (r"九·一八|九\.?一八(?=纪念|勿忘|事变纪念|[”\"])", (9, 18)),
    (r"一二·九|一二\.?九(?=运动纪念|歌|合唱|文艺|活动|[”\"])", (12, 9)),
)

FESTIVAL = re.compile("|".join(f"(?P<f{number}>{pattern})" for number, (pattern, _) in enumerate(FESTIVALS)))


REPUBLIC = (("教师节", (9, 28)), ("儿童节", (4, 4)), ("国庆", (10, 10)), ("青年节", (3, 29)))
"""Feasts of the same name that Taiwan keeps on other days (紀念日及節日實施條例)."""


def republic_day(name: str) -> tuple[int, int] | None:
    """Month and day on which Taiwan keeps the feast that these (simplified) words name, where it is another day than the mainland's."""
    return next((day for words, day in REPUBLIC if words in name), None)


def moving(feast: str, year: int) -> date | None:
    """The day of a moving feast (a row of MOVING); None outside the table's years."""
    if not FIRST <= year <= LAST:
        return None
    text = MOVING[feast][4 * (year - FIRST) :][:4]
    return date(year, int(text[:2]), int(text[2:4]))


def day_of(row: int, year: int) -> date | None:
    """The day of the festival in that row of FESTIVALS; None for a moving feast outside the table's years."""
    rule = FESTIVALS[row][1]
    if len(rule) == 3:
        month, nth, weekday = rule
        return date(year, month, 1) + timedelta(days=(weekday - date(year, month, 1).weekday()) % 7 + 7 * (nth - 1))
    first, second = rule
    if isinstance(first, int):
        return date(year, first, second)
    day = moving(first, year)
    return day + timedelta(days=second) if day else None
