"""The long fuzz, `make fuzz`: every campaign in processes of its own, two at a time, as a table; 1 where something was found."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.fuzz.campaign import Outcome

CAMPAIGNS = (("updates", 4, 26_000), ("pages", 2, 3_000), ("documents", 2, 2_500), ("configurations", 1, 4_000))
"""What, in how many processes, how many cases in each."""
FLAT = 40.0
"""Megabytes that a process may have grown after its first fifth."""
SECONDS = 1700


def campaign(kind: str, seed: int, count: int) -> Outcome | str:
    """One campaign in a process of its own; its last words where it did not come back."""
    command = [sys.executable, "-m", "tests.fuzz.campaign", kind, str(seed), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        return done.stderr[-2000:]
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main(seed: int) -> int:
    """Run all campaigns from a seed and print what they found."""
    jobs = [(kind, seed + place, count) for kind, processes, count in CAMPAIGNS for place in range(processes)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        outcomes = list(threads.map(lambda job: campaign(*job), jobs))
    lost = [one for one in outcomes if isinstance(one, str)]
    kept = [one for one in outcomes if isinstance(one, Outcome)]
    print(f"{'what':<16}{'how many':>10}{'per second':>12}{'found':>8}{'memory':>12}")
    for kind, _, _ in CAMPAIGNS:
        rows = [one for one in kept if one.kind == kind]
        if rows:
            count, rate = sum(one.count for one in rows), sum(one.count / one.seconds for one in rows) / len(rows)
            found, grown = len({what for one in rows for what in one.found}), max(one.grown for one in rows)
            print(f"{kind:<16}{count:>10,}{rate:>12.0f}{found:>8}{grown:>+9.1f} MB")
    for one in kept:
        for what, trace in one.found.items():
            print(f"\n{one.kind}, seed {one.seed}: {what}\n{trace}")
    for words in lost:
        print(f"\na campaign did not come back:\n{words}")
    grown = [one for one in kept if one.grown > FLAT]
    for one in grown:
        print(f"\n{one.kind}, seed {one.seed}: {one.grown:.0f} MB more at the end than after the first fifth")
    return 1 if lost or grown or any(one.found for one in kept) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
