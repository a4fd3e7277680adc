"""Known vulnerabilities of what the locks pin, by pip-audit: 0 none known, 1 some, 3 where its data cannot be had.

pip-audit is no package of ours: it comes into an environment of its own, and it says 0 also where it could look up nothing.
"""

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-semantic.lock", "requirements-test.lock")
ENVIRONMENT = ROOT / ".venv" / "audit"
UNKNOWN = 3


def program() -> Path | None:
    """pip-audit, installed where it is not there yet; None where it cannot be had."""
    audit = ENVIRONMENT / "bin" / "pip-audit"
    if not audit.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        installed = subprocess.run(
            [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "pip-audit>=2.9"], capture_output=True, check=False
        )
        if installed.returncode:
            return None
    return audit


def looked_up(audit: Path, lock: str) -> list[dict[str, Any]] | None:
    """The packages of a lock that could be looked up, each with its vulnerabilities; None where no data could be had."""
    command = [audit, "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json", "-r", ROOT / lock]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return [row for row in rows if "vulns" in row] or None


def main() -> int:
    """Look every lock up and say what is known."""
    audit = program()
    found = {lock: looked_up(audit, lock) for lock in LOCKS} if audit else {}
    if not found or any(rows is None for rows in found.values()):
        sys.stderr.write(
            "audit: the data on vulnerabilities cannot be had from here; run it where pypi.org or api.osv.dev can be reached\n"
        )
        return UNKNOWN
    bad = sorted({f"{row['name']} {row['version']}: {one['id']}" for rows in found.values() for row in rows or () for one in row["vulns"]})
    sys.stdout.write("".join(f"{line}\n" for line in bad))
    sys.stdout.write(f"audit: {sum(len(rows or ()) for rows in found.values())} pins looked up, {len(bad)} known vulnerabilities\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
