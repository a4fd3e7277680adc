"""Words in braces in a notice that become each reader's own: their name, their unit."""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{\s*([^\W\d_]{1,20})\s*\}")
"""A word in braces; braces around anything else are the author's own."""
FIELDS: Mapping[str, str] = {
    "姓名": "name", "名字": "name", "name": "name",
    "單位": "unit", "单位": "unit", "學校": "unit", "学校": "unit", "unit": "unit", "school": "unit",
}  # fmt: skip
"""Placeholder -> what stands for it."""


def unknown_in(text: str) -> list[str]:
    """The placeholders that nothing stands for, each once, in the order of the text."""
    return list(dict.fromkeys(word for word in PLACEHOLDER.findall(text) if word.lower() not in FIELDS))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of `name` and `unit` in place of the placeholders; what a value holds is not filled again."""
    return PLACEHOLDER.sub(lambda found: values[FIELDS[found[1].lower()]] if found[1].lower() in FIELDS else found[0], text)
