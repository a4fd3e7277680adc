"""Numbers and dates as a spreadsheet shows them: number formats (ECMA-376 part 1, 18.8.30 and 18.8.31) for what plans hold."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

DAY = "yyyy年m月d日"
# The formats that are known by number alone, with those of Chinese editions; 14 is the system's own short date.
BUILT_IN: Mapping[str, str] = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "14": DAY, "15": DAY, "16": "m月d日", "17": "yyyy年m月",
    "18": "h:mm", "19": "h:mm:ss", "20": "h:mm", "21": "h:mm:ss", "22": f"{DAY} h:mm", "27": "yyyy年m月", "28": "m月d日", "29": "m月d日",
    "30": DAY, "31": DAY, "32": "h时mm分", "33": "h时mm分ss秒", "34": "h时mm分", "35": "h时mm分ss秒", "36": "yyyy年m月",
    "50": "yyyy年m月", "51": "m月d日", "52": "yyyy年m月", "53": "m月d日", "54": "m月d日", "55": "h时mm分", "56": "h时mm分ss秒",
    "57": "yyyy年m月", "58": "m月d日",
}  # fmt: skip
TOKEN = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\])|(y+|m+|d+|h+|s+|a{3,}|AM/PM|A/P|上午/下午)|(.)', re.I | re.S)
WEEKDAYS = "一二三四五六日"


def shown(value: str, format: str, since_1904: bool = False) -> str:
    """A cell's number in its format; text that is no number stays as it is.

    An ISO date (a cell of type `d`) and a serial number of days are dates where the format shows one.
    """
    if not value:
        return ""
    section = format.split(";")[0]
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", section)
    if re.search(r"[ymdhs]|aaa", bare, re.I) and "General" not in bare:
        day = moment(value, since_1904)
        return dated(day, section) if day else value
    try:
        figure = Decimal(value)
        if not figure.is_finite() or abs(figure.adjusted()) > 30:
            return value
    except InvalidOperation:
        day = moment(value, since_1904)
        return dated(day, DAY) if day else value
    return counted(figure, section, bare)


def moment(value: str, since_1904: bool) -> datetime | None:
    """The moment a serial number or ISO text means, None for neither; the system of 1900 has a 29 February that never was."""
    try:
        days = float(value)
    except ValueError:
        try:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            return None
    if not 0 <= days < 2_958_466:
        return None
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if days >= 60 else 31)  # noqa: DTZ001
    return start + timedelta(seconds=round(days * 86_400))


def dated(day: datetime, format: str) -> str:
    """A moment in a date format; where month names of another language would stand it is written in Chinese."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", format)
    if re.search(r"m{3,}|d{3,}", bare, re.I) or re.fullmatch(r"\s*m{1,2}[/-]d{1,2}[/-]y{2,4}\s*@?", bare, re.I):
        format = DAY if re.search("d", bare, re.I) else "yyyy年m月"
    tokens = [match.groups() for match in TOKEN.finditer(format)]
    said = ""
    clock = False
    noon = any(code and "/" in code for _, _, _, code, _ in tokens)
    for place, (quoted, escaped, bracket, code, sign) in enumerate(tokens):
        if quoted is not None or escaped is not None:
            said += quoted or escaped or ""
        elif code is not None:
            low = code.lower()
            after = next((other.lower() for _, _, _, other, _ in tokens[place + 1 :] if other), "")
            minutes = low[0] == "m" and (clock or after.startswith("s"))
            clock = low[0] == "h" or (clock and low[0] not in "yd")
            said += part(day, low, minutes, noon)
            clock = clock and not minutes
        elif bracket is None:
            said += "" if sign in "@_*" else sign or ""
    return said.strip()


def part(day: datetime, code: str, minutes: bool, noon: bool) -> str:
    """One letter group of a date format."""
    if "/" in code:
        return "上午" if day.hour < 12 else "下午"
    if code[0] == "a":
        return ("星期" if len(code) > 3 else "") + WEEKDAYS[day.weekday()]
    if code[0] == "y":
        return f"{day.year:04d}" if len(code) > 2 else f"{day.year % 100:02d}"
    hour = (day.hour % 12 or 12) if noon else day.hour
    number = {"m": day.minute if minutes else day.month, "d": day.day, "h": hour, "s": day.second}[code[0]]
    return f"{number:02d}" if len(code) > 1 else str(number)


def counted(figure: Decimal, section: str, bare: str) -> str:
    """A number in a number format: percent, decimals and the words around it; without a format as briefly as it is exact."""
    digits = re.search(r"[#0?,]*[#0?](?:\.([#0?]+))?", bare)
    if not digits or "General" in bare:
        return brief(figure)
    if "%" in bare:
        figure *= 100
    places = len(digits[1] or "")
    said = str(figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    if digits[1]:
        least = len(digits[1].rstrip("#?"))
        whole, _, fraction = said.partition(".")
        fraction = fraction[:least] + fraction[least:].rstrip("0")
        said = f"{whole}.{fraction}" if fraction else whole
    least = digits[0].split(".")[0].count("0")
    said = said.rjust(least, "0") if not said.startswith("-") and "." not in said else said
    before, after = words(section[: section.find(digits[0])]), words(section[section.find(digits[0]) + len(digits[0]) :])
    return f"{before}{said}{after}"


def words(section: str) -> str:
    """The words of a format around its digits."""
    said = ""
    for match in TOKEN.finditer(re.sub(r"_.|\*.", "", section)):
        said += match[1] or match[2] or (match[5] if match[5] and match[5] not in "@?#" else "")
    return said


def brief(figure: Decimal) -> str:
    """As a cell without format shows it: at most 10 digits behind the point, no zeros at the end."""
    said = f"{figure.quantize(Decimal('1E-10'), ROUND_HALF_UP) if figure.as_tuple().exponent < -10 else figure:f}"  # type: ignore[operator]
    return said.rstrip("0").rstrip(".") if "." in said else said
