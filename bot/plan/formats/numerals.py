"""The numbers that office programs write by themselves: one row a format of WordprocessingML (ECMA-376 part 1, 17.18.59)."""

from collections.abc import Callable, Mapping

DIGITS = "〇一二三四五六七八九"
LEGAL_HANS, LEGAL_HANT = "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"
UNITS, LEGAL_UNITS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
         (4, "IV"), (1, "I"))  # fmt: skip


def chinese(value: int, digits: str = DIGITS, units: tuple[str, ...] = UNITS, zero: str = "零") -> str:
    """Count in characters up to 9999: 10 is 十, 12 十二, 101 一百零一; a number beyond is written in digits."""
    if not 0 < value < 10_000:
        return str(value) if value else digits[0]
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            said += (zero if gap and said else "") + digits[digit] + units[place]
            gap = False
        else:
            gap = True
    return said.removeprefix("一") if 10 <= value < 20 and units is UNITS else said


def spelled(value: int) -> str:
    """Digit by digit: 12 is 一二."""
    return "".join(DIGITS[int(digit)] for digit in str(value))


def roman(value: int) -> str:
    """Roman numerals up to 3999."""
    said = ""
    for worth, letters in ROMAN if value < 4000 else ():
        count, value = divmod(value, worth)
        said += letters * count
    return said or str(value)


def letters(value: int) -> str:
    """A, B … Z, AA, BB …, as word processors go on."""
    return chr(65 + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 780 else str(value)


def listed(signs: str) -> Callable[[int], str]:
    """The sign at that place of a list; beyond its end digits."""
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else str(value)


def wide(value: int) -> str:
    """Full-width digits."""
    return str(value).translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})


COUNTED: Callable[[int], str] = chinese
CIRCLED = listed("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿")
STEMS = listed("甲乙丙丁戊己庚辛壬癸")

FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": wide,
    "decimalFullWidth2": wide,
    "decimalEnclosedCircle": CIRCLED,
    "decimalEnclosedCircleChinese": CIRCLED,
    "decimalEnclosedFullstop": listed("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": listed("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "chineseCounting": COUNTED,
    "chineseCountingThousand": COUNTED,
    "japaneseCounting": COUNTED,
    "taiwaneseCounting": COUNTED,
    "taiwaneseCountingThousand": COUNTED,
    "ideographDigital": spelled,
    "japaneseDigitalTenThousand": spelled,
    "taiwaneseDigital": spelled,
    "chineseLegalSimplified": lambda value: chinese(value, LEGAL_HANS, LEGAL_UNITS),
    "ideographLegalTraditional": lambda value: chinese(value, LEGAL_HANT, LEGAL_UNITS),
    "ideographTraditional": STEMS,
    "ideographZodiac": listed("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": listed("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "upperRoman": roman,
    "lowerRoman": lambda value: roman(value).lower(),
    "upperLetter": letters,
    "lowerLetter": lambda value: letters(value).lower(),
    "numberInDash": lambda value: f"- {value} -",
    "ordinal": str,
    "none": lambda value: "",
}


def numeral(value: int, format: str) -> str:
    """A number in that format; digits where the format is unknown or has no sign for it."""
    return FORMATS.get(format, str)(value) if value >= 0 else str(value)
