"""The figures and papers that a clause gives, those of the sort asked for first."""

import re

from bot.ask import normal, tables
from bot.ask.catalog import COUNTS
from bot.plan.model import Measure

PAPER = re.compile(r"《[^》]+》")
AMOUNT = re.compile(r"[\d.]+|[一二两三四五六七八九十百千万]+|首")
COUNTED = re.compile(rf"\d+(?:\.\d+)?个百分点|{COUNTS.pattern}")
STOPS = re.compile("[，,；;。]")


def figures(question: str, measure: Measure) -> tuple[str, ...]:
    """What a measure says in figures, best fit first, in its own words; empty where it gives none.

    A target that the plan sets counts before a figure that merely stands in the clause.
    """
    said, aimed = _said(question, measure.text), _aimed(question, measure)
    part = _part(question, measure.text)
    for group in (aimed, said, _counts(part)):
        near = tuple(dict.fromkeys(figure for figure in group if figure in part))
        if near:
            return near
    return aimed or said


def _aimed(question: str, measure: Measure) -> tuple[str, ...]:
    """The targets of the measure that are of the sort asked for; all of them where the question names no sort."""
    wanted = _wanted(question)
    return tuple(target for target in measure.targets if not wanted or any(row.gives.search(normal.fold(target)) for row in wanted))


def _said(question: str, text: str) -> tuple[str, ...]:
    """The figures of a clause that are of the sort asked for; all of them where the question names no sort."""
    folded, wanted = normal.fold(text), _wanted(question)
    if not wanted:
        return _counts(text)
    found = tuple(text[match.start() : match.end()] for row in wanted for match in row.gives.finditer(folded))
    return tuple(piece if AMOUNT.search(normal.fold(piece)) else _around(text, piece) for piece in found)


def _counts(text: str) -> tuple[str, ...]:
    return tuple(text[match.start() : match.end()] for match in COUNTED.finditer(normal.fold(text)))


def _wanted(question: str) -> list[tables.Aspect]:
    folded = normal.fold(question)
    return [row for row in tables.patterns().counts if row.asks.search(folded)]


def _part(question: str, text: str) -> str:
    """The part of a clause between commas that shares most with the question: a figure stands beside what it is of.

    The whole clause where no part with a figure shares more than another.
    """
    asked = _pairs(question)
    parts = [part for part in STOPS.split(text) if AMOUNT.search(normal.fold(part))]
    shared = sorted(((len(asked & _pairs(part)), part) for part in parts), reverse=True)
    if len(shared) < 2 or shared[0][0] == shared[1][0]:
        return text
    return shared[0][1]


def _pairs(text: str) -> set[str]:
    folded = normal.key(text).replace(" ", "")
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def _around(text: str, unit: str) -> str:
    """A unit with the amount before it (`90%`)."""
    match = re.search(rf"[\d.]*\s*{re.escape(unit)}[\d.一二三四五六七八九十]*", text)
    return match.group() if match else unit


def papers(measure: Measure) -> tuple[str, ...]:
    """The papers that a measure names, with their numbers where it gives them (《…》, 〔2026〕31號)."""
    if not measure.documents:
        return tuple(dict.fromkeys(PAPER.findall(measure.text)))
    named: list[str] = []
    for paper in measure.documents:
        if named and not paper.startswith("《"):
            named[-1] = f"{named[-1]}（{paper}）"
        else:
            named.append(paper)
    return tuple(named)
