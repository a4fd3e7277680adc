"""Run the benchmarks named on the command line, all of them without names, each in a process of its own."""

import subprocess
import sys

from tests.bench.figures import BROKEN

NAMES = ("reading", "documents", "asking", "comparing", "loop", "sending", "reminding")
"""Each is a module of this package with a `run` function."""


def main(names: list[str]) -> int:
    """Run each benchmark in a fresh interpreter, so that memory is its own; 1 where a limit was broken, 2 for an unknown name."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"no benchmark is called {unknown[0]}; there are {', '.join(NAMES)}\n")
        return 2
    worst = 0
    for name in names or NAMES:
        status = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode
        worst = max(worst, status if status in (0, BROKEN) else 1)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
