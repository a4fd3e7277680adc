"""One campaign: so many cases of one kind from one seed, with what was found and what it took, as a line of JSON."""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fuzz import updates, web
from tests.fuzz.files import Found, load_configurations, read_documents
from tests.fuzz.town import resident, town

KINDS = ("updates", "pages", "documents", "configurations")
WARM = 5
"""The first fifth fills what is kept for good; memory is compared from then on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign found."""

    kind: str
    seed: int
    count: int
    seconds: float
    found: dict[str, str]
    """What went wrong, and the trace or the case that shows it."""
    grown: float
    """Megabytes of memory more at the end than after the first fifth."""


def in_memory() -> str | None:
    """A folder in memory, because a database that is written two hundred times a second should not wait for a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


async def _with_town(kind: str, seed: int, count: int) -> Outcome:
    module = updates if kind == "updates" else web
    with tempfile.TemporaryDirectory(prefix="planbot-fuzz-", dir=in_memory()) as folder:
        async with town(Path(folder)) as made:
            began = time.perf_counter()
            await module.run(made, seed, count // WARM)
            before = resident()
            await module.run(made, seed + 1_000_000, count - count // WARM)
            found = {where: made.faults.first.get(where, "") for where in made.faults.found} | dict.fromkeys(made.broken, "")
            return Outcome(kind, seed, count, time.perf_counter() - began, found, resident() - before)


def _files(kind: str, seed: int, count: int) -> Outcome:
    work = read_documents if kind == "documents" else load_configurations
    found, began = Found(), time.perf_counter()
    work(seed, count // WARM, found)
    before = resident()
    work(seed + 1_000_000, count - count // WARM, found)
    cases = {what: f"case {number}" for what, number in found.cases.items()}
    return Outcome(kind, seed, count, time.perf_counter() - began, cases, resident() - before)


def run(kind: str, seed: int, count: int) -> Outcome:
    """Run it here; ValueError for a kind that is none."""
    if kind not in KINDS:
        raise ValueError(f"no campaign is called {kind}")
    return asyncio.run(_with_town(kind, seed, count)) if kind in ("updates", "pages") else _files(kind, seed, count)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))) + "\n")
