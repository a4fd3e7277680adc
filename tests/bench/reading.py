"""Reading plans: seconds and memory of a real document and of a long one, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import BROKEN, Figure, report
from tests.bench.material import long_text, real_text

PAGES = 200
LIMITS = (0.5, 10.0)
"""Seconds that reading the real document and the long one may take, once the program is loaded."""


def child(path: Path) -> tuple[float, float, int]:
    """Seconds of reading within a fresh interpreter, its greatest memory in MB, and how many measures were found."""
    with subprocess.Popen([sys.executable, "-m", "tests.bench.reading", str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        words = process.stdout.read().split()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"reading {path.name} failed")
    return float(words[0]), usage.ru_maxrss / 1000, int(words[1])


def read(path: Path) -> None:
    """Read a document a first time to load tables, then once more by the clock; prints the seconds and the measures."""
    from bot.plan.read import Context, read_plan

    data = path.read_bytes()
    read_plan("warm.txt", "一、做好工作\n1.各校要开展安全教育，3月底前完成。\n".encode(), Context())
    began = time.perf_counter()
    document = read_plan(path.name, data, Context())
    sys.stdout.write(f"{time.perf_counter() - began} {len(document.measures)}\n")


def run() -> int:
    """Print seconds, memory and measures; 0 or BROKEN."""
    what, data = real_text()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content, limit in ((what, data, LIMITS[0]), (f"{PAGES} pages", long_text(PAGES).encode(), LIMITS[1])):
            path = Path(folder) / "plan.txt"
            path.write_bytes(content)
            seconds, memory, measures = child(path)
            figures.append(Figure(f"{name}: {measures} measures", seconds, "s", (), limit))
            figures.append(Figure(f"{name}: memory of the process", memory, "MB"))
    return BROKEN if report("reading a plan", figures) else 0


if __name__ == "__main__":
    if len(sys.argv) == 2:
        read(Path(sys.argv[1]))
    else:
        sys.exit(run())
