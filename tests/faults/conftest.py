"""A town on each database, with Telegram's rates lifted; after the long run, a table of what was done and what came of it."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.town import LONG, Nursery, Town, founded, nursery
from tests.telegram import Limits, TelegramServer


@pytest.fixture(scope="session")
def forking() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
async def town(database_url: str, tmp_path: Path, forking: Nursery, record_property: Callable[[str, object], None]) -> AsyncIterator[Town]:
    async with (
        TelegramServer(Limits().unhurried()) as server,
        founded(server, database_url, tmp_path, forking, record_property) as made,
    ):
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what each test did, and how many were lost, doubled and in doubt."""
    if not LONG:
        return
    rows = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            name = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
            for kind, told in getattr(report, "user_properties", []):
                if kind == "faults" and report.when == "call":
                    taken = "" if told["taken up"] is None else f"{told['taken up']:.1f}"
                    rows.append((name, told["done"], *(str(told[key]) for key in ("people", "lost", "doubled", "uncertain")), taken))
    head = ("test", "done", "people", "lost", "doubled", "uncertain", "seconds to take up")
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    for row in [head, *sorted(rows)]:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
