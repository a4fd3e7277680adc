"""Arbitrary documents and configuration files, by seed."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import BadSetting
from bot.plan.formats import READERS
from bot.plan.read import Context
from bot.reading import read
from bot.settings import load_settings
from bot.texts import load_texts
from tests.fuzz.words import Words
from tests.plan.formats.small import WRITERS

TEXTS = load_texts()
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "latin-1")
LARGEST = 40_000
"""Bytes of one document; what large ones cost is the benchmarks' business."""


@dataclass(slots=True)
class Found:
    """What went wrong, by where, with the number of the case that shows it."""

    cases: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, number: int) -> None:
        """Keep the first case of a kind."""
        self.cases.setdefault(what, number)


class Documents:
    """An endless series of names and bytes."""

    def __init__(self, seed: int) -> None:
        self.words = Words(seed)
        self.good = {suffix: write() for suffix, write in WRITERS.items()}

    def __next__(self) -> tuple[str, bytes]:
        words = self.words
        suffix = words.one(sorted(READERS))
        name = f"{words.text()[:20]}{suffix if words.chance(0.9) else words.text()[:6]}"
        kind = words.random.random()
        if kind < 0.45:
            return name, words.damaged(self.good[words.one(sorted(self.good))])[:LARGEST]
        if kind < 0.85:
            return name, self.plan().encode(words.one(ENCODINGS), "replace")[:LARGEST]
        if kind < 0.95:
            return name, words.random.randbytes(words.random.randrange(2000))
        return name, words.damaged(self.plan().encode("utf-8", "replace"))

    def plan(self) -> str:
        """Lines that look like a plan, with anything between."""
        words = self.words
        heads = ("一、", "（一）", "1.", "①", "第一篇", "第二章", "##", "|", "－", "2014年", "3月底前，", "牽頭單位：", "", "", "")
        lines = [f"{words.one(heads)}{words.text()[:200]}{words.one(('。', '；', '', '：'))}" for _ in range(words.random.randrange(1, 40))]
        return words.one(("\n", "\r\n", "\r", "\u2028", "")).join(lines)


def read_documents(seed: int, count: int, found: Found) -> None:
    """Read so many documents as the child process does: a document, or a refusal that has a sentence."""
    series = Documents(seed)
    for number in range(count):
        name, data = next(series)
        answer = read(name, data, Context())
        if "failed" in answer:
            found.note(f"document: {answer['failed']}", number)
        elif "refused" in answer:
            try:
                TEXTS.say("zh-Hant", answer["refused"], **answer["values"])
            except (KeyError, IndexError) as error:
                found.note(f"document: no sentence for {answer['refused']} ({error!r})", number)


class Configurations:
    """An endless series of configuration files."""

    def __init__(self, seed: int) -> None:
        self.words = Words(seed)
        self.lines = [line.removeprefix("# ") for line in EXAMPLE.read_text("utf-8").splitlines()]

    def __next__(self) -> bytes:
        words = self.words
        lines = [line for line in self.lines if words.chance(0.8)]
        for _ in range(words.random.randrange(4)):
            at = words.random.randrange(len(lines))
            name = lines[at].partition("=")[0].strip() or "x"
            lines[at] = f"{name} = {self.value()}"
        written = "\n".join(lines).encode("utf-8", "replace")
        return words.damaged(written) if words.chance(0.4) else written

    def value(self) -> str:
        """Something that may stand behind a key."""
        words = self.words
        shown: Any = words.one((words.number(), "true", "[]", "{}", "nan", "inf", "1979-05-27", "''", "[1, 'a']", "[[]]", "0x10", "-0"))
        return str(shown) if words.chance(0.7) else '"' + words.text()[:60].replace('"', "").replace("\\", "").replace("\n", "") + '"'


def load_configurations(seed: int, count: int, found: Found) -> None:
    """Load so many files: settings, or a refusal that has a sentence."""
    series = Configurations(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        for number in range(count):
            path.write_bytes(next(series))
            try:
                load_settings(path, {"PLANBOT_TELEGRAM_TOKEN": "1:x"} if series.words.chance(0.2) else {})
            except BadSetting as refusal:
                TEXTS.say("zh-Hant", refusal.key, **refusal.values)
            except Exception as error:
                trace = error.__traceback__
                while trace is not None and trace.tb_next is not None:
                    trace = trace.tb_next
                place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
                found.note(f"configuration: {type(error).__name__} {place}", number)
