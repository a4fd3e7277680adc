"""Seeded words: what people ask, what nobody should send, and everything between."""

import json
import random
import sys
from collections.abc import Sequence
from typing import Any

CANARY = '<x-canary onload="alert(1)">\'"&'
"""Shown unescaped it would be an element of that name."""
ASKED = (
    "科技節什麼時候？", "這個月有哪些活動？", "安全演練由誰負責", "四月的重點工作", "kejijie shenme shihou", "when is the science festival",
    "我校", "提醒我", "2", "第三個", "下一頁", "誰牽頭？", "明年呢", "全部", "不是", "第一小學要做什麼", "每周一训", "12月5日", "②",
    "还有呢",
)  # fmt: skip
ODD = (
    "", " ", "\n", "\0", "\u202e", "\u200b", "\ufeff", "\ud800", "\udfff", "﷽", "🇲🇴", "👨‍👩‍👧", "é", "e" + "\u0301" * 40, "²", "½", "Ⅻ",
    "①", "٣", "۴", "〇", "𝟙", "ﬁ", "ß", "İ", "\u2028", "\x1b[2J", "%s", "{0}", "${x}", "{turn.person.name}", "../../etc/passwd",
    "' OR 1=1 --", CANARY, "&#0;", "\\", "\\u0000", "@planbot", "/start", "-1", "1e308", "NaN", "9" * 40, "1.2.3", "a_b", ":", "::", ".",
    "...", "-", "—", "＠", "／", "｜",
)  # fmt: skip
PARTS = (
    "科",
    "技",
    "節",
    "年",
    "月",
    "日",
    "第",
    "一",
    "二",
    "十",
    "百",
    "年度",
    "學年",
    "下周",
    "星期",
    "前",
    "起",
    "至",
    "、",
    "，",
    "。",
    "《",
    "》",
    "（",
    "）",
)


class Words:
    """A generator of its own seed; the same seed gives the same words."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, choices: Sequence[Any]) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.random.random() < share

    def number(self) -> int:
        """A number of any size and sign."""
        return int(
            self.one((0, 1, -1, 2, 3, 7, 12, 255, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), self.random.randrange(10_000)))
        )

    def text(self) -> str:
        """A text as people write it, or as nobody does."""
        kind = self.random.random()
        if kind < 0.35:
            return str(self.one(ASKED))
        if kind < 0.55:
            return "".join(self.one(PARTS) for _ in range(self.random.randrange(1, 30)))
        if kind < 0.75:
            return "".join(self.one((*ODD, *PARTS, *ASKED)) for _ in range(self.random.randrange(1, 6)))
        if kind < 0.95:
            return "".join(self.character() for _ in range(self.random.randrange(0, 60)))
        return str(self.one((*ODD, "長", "a"))) * self.random.randrange(1, 2500)

    def character(self) -> str:
        """Any code point, lone surrogates included."""
        top = self.one((0x7F, 0x2FF, 0x2FFF, 0x9FFF, sys.maxunicode))
        return chr(self.random.randrange(top + 1))

    def value(self, depth: int = 2) -> Any:
        """Any JSON value."""
        kind = self.random.randrange(8 if depth else 6)
        if kind == 0:
            return None
        if kind == 1:
            return self.chance(0.5)
        if kind in (2, 3):
            return self.number() if kind == 2 else self.random.uniform(-1e9, 1e9)
        if kind in (4, 5):
            return self.text()[:200]
        if kind == 6:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        return {self.text()[:20]: self.value(depth - 1) for _ in range(self.random.randrange(4))}

    def spoiled(self, tree: Any, share: float = 0.08) -> Any:
        """The same JSON with some values replaced, left out or doubled."""
        if self.chance(share / 4):
            return self.value()
        if isinstance(tree, dict):
            return {name: self.spoiled(value, share) for name, value in tree.items() if not self.chance(share / 2)}
        if isinstance(tree, list):
            return [self.spoiled(value, share) for value in tree for _ in range(2 if self.chance(share / 4) else 1)]
        return self.value() if self.chance(share) else tree

    def damaged(self, data: bytes) -> bytes:
        """The same bytes with some changed, cut out, put in twice or cut off."""
        body = bytearray(data)
        for _ in range(self.random.randrange(1, 6)):
            if not body:
                return self.random.randbytes(40)
            at = self.random.randrange(len(body))
            length = self.random.randrange(1, 40)
            match self.random.randrange(5):
                case 0:
                    body[at] = self.random.randrange(256)
                case 1:
                    del body[at : at + length]
                case 2:
                    body[at:at] = self.random.randbytes(length)
                case 3:
                    body[at:at] = body[at : at + length] * 2
                case _:
                    del body[at : len(body) if self.chance(0.3) else at + 1]
        return bytes(body)

    def json(self) -> bytes:
        """A JSON text, or something like one."""
        written = json.dumps(self.value(3), ensure_ascii=self.chance(0.5)).encode("utf-8", "surrogatepass")
        return self.damaged(written) if self.chance(0.3) else written
