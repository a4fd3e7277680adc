"""Asking beside SQLite FTS5 and tantivy: the same measures and questions in one process, at three sizes."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from bot.ask.catalog import Catalog
from bot.ask.library import Library
from bot.ask.meaning import Meaning, meaning_of
from bot.ask.meaning import texts_of as texts_read
from bot.embedding import model
from tests.bench.figures import BROKEN, Figure, each, middle, rare, report, resident, timed
from tests.bench.material import SEED, questions, shelf
from tests.bench.peers import Fts, Tantivy

SIZES: Mapping[int, float | None] = MappingProxyType({60: None, 10_000: 5.0, 100_000: 50.0})
"""Measures, and the most milliseconds that 99 of 100 questions may take."""


def texts_of(size: int) -> list[str]:
    """The words of the measures that everybody indexes."""
    return [measure.text for measure in shelf(size).document.measures]


BUILD: Mapping[str, Callable[[int], object]] = MappingProxyType(
    {
        "planbot": lambda size: Library([shelf(size)]),
        "FTS5": lambda size: Fts(texts_of(size)),
        "tantivy": lambda size: Tantivy(texts_of(size)),
    }
)


def footprint(name: str, size: int) -> float:
    """Megabytes that an index adds to a process of its own which holds the measures already."""
    words = [sys.executable, "-m", "tests.bench.asking", name, str(size)]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def alone(name: str, size: int) -> float:
    """What this process grows by when it builds that index, after a small one of its kind has loaded all code and tables."""
    small, source = BUILD[name](60), shelf(size)
    before = resident()
    kept = BUILD[name](size)
    grown = resident() - before
    del small, source, kept
    return grown


def stand_in(catalog: Catalog) -> Meaning | None:
    """Vectors for a catalog that cost nothing to make, so that questions about many measures can be timed; None without a model.

    A question is read by the real model and compared with as many rows of the real length.
    """
    found = model()
    if found is None:
        return None
    texts, width = texts_read(catalog), found.question("長度").shape[-1]
    dice = np.random.default_rng(SEED)
    return meaning_of(catalog, found, dict(zip(texts, dice.standard_normal((len(texts), width), np.float32), strict=True)))


def run() -> int:
    """Measure building, memory and the time of a question at each size; 0 or BROKEN."""
    asked = questions()
    worst = 0
    for size, limit in SIZES.items():
        source, texts = shelf(size), texts_of(size)
        build, library = timed(lambda source=source: Library([source]))
        peers = [timed(lambda kind=kind, texts=texts: kind(texts)) for kind in (Fts, Tantivy)]
        ours = each(library.ask, asked)
        theirs = [(peer.name, each(peer.ask, asked)) for _, peer in peers]

        def beside(of: Callable[[Sequence[float]], float], rows: list[tuple[str, list[float]]] = theirs) -> tuple[tuple[str, float], ...]:
            return tuple((name, of(times)) for name, times in rows)

        wordy = Library([source], reading=stand_in)
        embedded = each(wordy.ask, asked[:100]) if wordy.meaning is not None else []
        memory = {name: footprint(name, size) for name in BUILD}
        figures = [
            Figure("question, median", middle(ours), "ms", beside(middle)),
            Figure("question, p99", rare(ours), "ms", beside(rare), limit),
            *(
                Figure(f"question with the embedding, {name}", of(embedded), "ms")
                for name, of in (("median", middle), ("p99", rare))
                if embedded
            ),
            Figure("index build", build, "s", tuple((peer.name, seconds) for seconds, peer in peers)),
            Figure("memory", memory.pop("planbot"), "MB", tuple(memory.items())),
        ]
        worst = max(worst, report(f"asking {len(asked)} questions, {size:,} measures", figures))
    return BROKEN if worst else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.write(f"{alone(sys.argv[1], int(sys.argv[2])):.3f}\n")
    else:
        sys.exit(run())
