"""Figures of a benchmark: how they are taken, and the table they are printed as."""

import gc
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
BROKEN = 3
"""Exit status where a limit was broken."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, of us and of a peer that did the same work in the same run."""

    name: str
    ours: float
    unit: str
    peers: tuple[tuple[str, float], ...] = ()
    """Name and value of each peer, in the same unit."""
    limit: float | None = None
    """The most that ours may be; None where there is no limit."""

    @property
    def holds(self) -> bool:
        """False where a limit is broken."""
        return self.limit is None or self.ours <= self.limit

    def row(self) -> tuple[str, ...]:
        """The cells of its table row: name, ours, each peer with how many times ours it is, limit."""
        beside = "   ".join(f"{name} {shown(value)} ({value / self.ours:.2f}x)" if self.ours else name for name, value in self.peers)
        bound = "" if self.limit is None else f"at most {shown(self.limit)}: {'holds' if self.holds else 'BROKEN'}"
        return self.name, f"{shown(self.ours)} {self.unit}", beside, bound


def shown(value: float) -> str:
    """A number with three significant digits."""
    if value == 0 or not math.isfinite(value):
        return str(value)
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that the work took, and what it returned."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def each(work: Callable[[str], object], questions: Iterable[str]) -> list[float]:
    """Milliseconds of the work on each question, after a warm-up on the first five."""
    rows = list(questions)
    for question in rows[:5]:
        work(question)
    return [timed(lambda question=question: work(question))[0] * 1000 for question in rows]


def middle(times: Sequence[float]) -> float:
    """The median."""
    return statistics.median(times)


def rare(times: Sequence[float]) -> float:
    """The 99th percentile: the smallest value that 99 of 100 do not exceed."""
    return sorted(times)[max(0, math.ceil(len(times) * 0.99) - 1)]


def resident() -> float:
    """Megabytes of memory this process holds at the moment (Linux; elsewhere 0)."""
    gc.collect()
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(title: str, figures: Sequence[Figure]) -> int:
    """Print the figures as a table; 0 or BROKEN."""
    rows = [figure.row() for figure in figures]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    sys.stdout.write(f"\n{title}\n")
    for row in rows:
        sys.stdout.write("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    sys.stdout.flush()
    return 0 if all(figure.holds for figure in figures) else BROKEN
