"""The figures and papers that a clause gives, those of the sort asked for first."""

import re

from bot.ask import normal, tables
from bot.ask.catalog import COUNTS
from bot.plan.model import Measure

PAPER = re.compile(r"《[^》]+》")
AMOUNT = re.compile(r"[\d.]+|[一二两三四五六七八九十百千万]+|首")
REACH = 6
"""Characters around a figure that tell what it is of (達標率不低於90%)."""


def figures(question: str, measure: Measure) -> tuple[str, ...]:
    """What a measure says in figures, best fit first, in its own words; empty where it gives none.

    A target that the plan sets counts before a figure that merely stands in the clause.
    """
    folded = normal.fold(measure.text)
    wanted = [row for row in tables.patterns().counts if row.asks.search(normal.fold(question))]
    if not wanted:
        plain = tuple(measure.text[match.start() : match.end()] for match in COUNTS.finditer(folded))
        return measure.targets or plain
    aimed = tuple(target for target in measure.targets if any(row.gives.search(normal.fold(target)) for row in wanted))
    said = tuple(measure.text[match.start() : match.end()] for row in wanted for match in row.gives.finditer(folded))
    whole = tuple(piece if AMOUNT.search(normal.fold(piece)) else _around(measure.text, piece) for piece in said)
    return aimed or whole


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
