"""Words in braces in a notice: what becomes each reader's own, what is the same for all, and what nothing stands for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.plan.script import fold

PLACEHOLDER = re.compile(r"\{\s*(?P<word>[^\W\d_]{1,20})\s*(?:[:：]\s*(?P<of>[^{}\n]{1,60}?)\s*)?\}")
"""A word in braces, with what it is about after a colon; braces around anything else are the author's own."""
FIELDS: Mapping[str, str] = {
    "姓名": "name", "名字": "name", "name": "name",
    "單位": "unit", "單位名稱": "unit", "學校": "unit", "unit": "unit", "school": "unit",
    "日期": "date", "發出日期": "date", "date": "date",
    "截止": "until", "截止時間": "until", "deadline": "until", "until": "until",
    "學期": "term", "term": "term",
    "學年": "year", "year": "year",
    "活動": "event", "event": "event",
}  # fmt: skip
"""Placeholder in traditional characters or English -> what stands for it."""
FOLDED = {fold(word).lower(): field for word, field in FIELDS.items()}
OWN = ("name", "unit")
"""What each reader has of their own."""
ABOUT = "event"
"""What needs to be told which one: the time of an event of the plan."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder that something stands for."""

    field: str
    of: str = ""
    """Which one, where the field is ABOUT."""

    @property
    def key(self) -> str:
        """The name of its value: `date`, `event:科技節`."""
        return f"{self.field}:{self.of}" if self.of else self.field


def slot(found: re.Match[str]) -> Slot | None:
    """What a placeholder asks for; None where nothing stands for it."""
    field, of = FOLDED.get(fold(found["word"]).lower(), ""), found["of"] or ""
    return Slot(field, of) if field and bool(of) == (field == ABOUT) else None


def slots_in(text: str) -> Iterator[Slot]:
    """The placeholders that something stands for, each once, in the order of the text."""
    yield from dict.fromkeys(one for found in PLACEHOLDER.finditer(text) if (one := slot(found)))


def unknown_in(text: str) -> list[str]:
    """The placeholders that nothing stands for, as they are written between the braces, each once, in the order of the text."""
    return list(dict.fromkeys(found[0][1:-1].strip() for found in PLACEHOLDER.finditer(text) if slot(found) is None))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with values (by `Slot.key`) in place of placeholders; others stay, and what a value holds is not filled again."""

    def value(found: re.Match[str]) -> str:
        asked = slot(found)
        return values.get(asked.key, found[0]) if asked else found[0]

    return PLACEHOLDER.sub(value, text)
