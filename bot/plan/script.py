"""Fold Chinese text to one script and one width, character by character, so that offsets stay those of the original."""

import unicodedata
from functools import cache

from opencc import OpenCC

IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x2F00, 0x2FD6), range(0x20000, 0x2A6E0))

# Quotation marks, dots, dashes and blanks that mean the same; 著 is always read as 着, because both scripts use both.
SAME = {
    "「": "“", "『": "“", "」": "”", "』": "”", "﹁": "“", "﹂": "”", "〝": "“", "〞": "”", "﹃": "“", "﹄": "”",
    "•": "·", "・": "·", "‧": "·", "∙": "·", "⋅": "·", "﹒": "·", "●": "·",
    "–": "-", "−": "-", "‑": "-", "‐": "-", "─": "—", "―": "—", "〜": "~", "∼": "~",
    "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "﹐": ",", "﹔": ";", "﹕": ":", "﹑": "、",
    "〈": "《", "〉": "》", "﹙": "(", "﹚": ")", "［": "[", "］": "]", "【": "[", "】": "]", "○": "〇", "著": "着", "｡": "。", "､": "、",
}  # fmt: skip


@cache
def converter(name: str) -> OpenCC:
    """OpenCC's table of that name (`t2s`, `s2t`, `s2tw`), loaded once; it takes some 30 ms."""
    return OpenCC(name)


@cache
def _table() -> dict[int, str]:
    """Code point -> folded character, for all that folding changes."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    wide = [chr(code) for block in IDEOGRAPHS for code in block]
    plain = [normal if len(normal := unicodedata.normalize("NFKC", one)) == 1 else one for one in wide]
    simple = converter("t2s").convert("\n".join(plain)).split("\n")
    table |= {ord(one): new for one, new in zip(wide, simple, strict=True) if len(new) == 1 and one != new}
    return table | {ord(one): new for one, new in SAME.items()}


def fold(text: str) -> str:
    """The text in simplified characters and half-width marks, of equal length; case and numerals stay as they are.

    It works on single characters, so a piece of a folded text is the folded piece of the text.
    """
    return text.translate(_table())


def fold_words(text: str) -> str:
    """`fold` by whole words too (答覆 and 答复 are one), for telling whether two texts say the same; the length may change."""
    folded: str = converter("t2s").convert(fold(text))
    return folded
