"""What a plan says beside its measures: the day it was issued, a venue, how many children there are; found and quoted, owned by nobody."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.ask import normal
from bot.ask.rows import BARE
from bot.plan.model import DateRole, Measure, Plan
from bot.plan.periods import DateContext
from bot.plan.times import when

ENDS = re.compile(r"(?<=[。！？!?；;])|\n")
COMMAS = re.compile(r"(?<=[，,])")
SHORTEST = 5
"""Fewer characters say nothing by themselves."""
LONGEST = 200
SAYING = re.compile(r"[，,\d]|[一二三四五六七八九十]+[月日届屆所个個次名项項]")
"""A title that says something beside naming its item."""
SIGNED = re.compile(r"(?:\d{4}|[一二〇零○三四五六七八九]{4})年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日")
"""A line that is a day and nothing else: the day that the plan is signed, or issued, on."""
NUMBERED = re.compile(r"^\s*(?:[（(]?[\d一二三四五六七八九十]+[)）]?\s*[.．、]\s*)")


def remarks(plan: Plan, year: int) -> Iterator[Measure]:
    """The sentences of a plan that no measure holds, as measures without owners; each once.

    A time in them is the time of a thing they speak of: it is quoted and enters no agenda. `year` is the document's.
    """
    told_in: dict[tuple[int, int], list[str]] = {}
    for row in plan.measures:
        told_in.setdefault((row.section, row.item), []).append(normal.key(row.text).replace(" ", ""))
    seen: set[str] = set()
    owners = {owner.name for row in plan.measures for owner in row.owners}
    times = DateContext(year, plan.period)
    for section, item, text in texts_of(plan):
        told = told_in.get((section, item), [])
        whole = "\n".join(told)
        for sentence in ENDS.split(text):
            for part in cells_of(sentence):
                for piece in uncovered(part, told, whole):
                    key = normal.key(piece).replace(" ", "")
                    if (
                        len(key) < SHORTEST
                        or len(piece) > LONGEST
                        or key in seen
                        or piece in owners
                        or (BARE.fullmatch(piece) and not SIGNED.fullmatch(normal.fold(piece)))
                    ):
                        continue
                    seen.add(key)
                    name = hashlib.sha256(f"{plan.plan} {section} {item} {key}".encode()).hexdigest()[:15]
                    span = when(piece, times)
                    quoted = replace(span, role=DateRole.OBJECT) if span is not None else None
                    yield Measure(f"r{name}", plan.plan, section, item, piece, (), quoted, sentence=part.strip())


def texts_of(plan: Plan) -> Iterator[tuple[int, int, str]]:
    """All texts of a plan with their section and item, 0 for what stands before them."""
    yield 0, 0, plan.preamble
    for section in plan.sections:
        yield section.section, 0, section.text
        for part in section.items:
            if SAYING.search(part.title):
                yield section.section, part.item, part.title
            yield section.section, part.item, part.text
    yield 0, 0, plan.signature


def cells_of(sentence: str) -> Sequence[str]:
    """A sentence, or the cells of a table's row."""
    return sentence.split("\t") if "\t" in sentence else (sentence,)


def uncovered(part: str, told: Sequence[str], whole: str) -> Iterator[str]:
    """The stretches of a sentence that no measure holds, cut at commas."""
    key = normal.key(part).replace(" ", "")
    if len(key) < SHORTEST or key in whole:
        return
    held = [row for row in told if len(row) >= SHORTEST and row in key]
    if not held:
        yield part.strip()
        return
    if len(without(key, held)) < SHORTEST:
        return
    run = ""
    for piece in COMMAS.split(part):
        bare = normal.key(NUMBERED.sub("", piece)).replace(" ", "")
        if bare and any(bare in row for row in held):
            if run:
                yield run.strip("，, \t")
            run = ""
        else:
            run += piece
    if run:
        yield run.strip("，, \t")


def without(key: str, held: Sequence[str]) -> str:
    """What is left of a folded text where the measures that it holds are taken out, longest first."""
    for row in sorted(held, key=len, reverse=True):
        key = key.replace(row, "")
    return key
