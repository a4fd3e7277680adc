"""The child process in which a document is read: `python -m bot.reading`, limited before it sees a byte of the document.

Standard input: a line of JSON (name, context, memory_mb, seconds), then the document. Standard output: one JSON object, either
`{"document": …}`, or `{"refused": key, "values": {…}}`, or `{"failed": "KeyError docx.py:12"}` for what no reader foresaw.
"""

import json
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.errors import BadDocument
from bot.plan import plain
from bot.plan.read import Context, read_plan

MEGABYTE = 1 << 20
FILES = 32
"""Open files; a reader opens none but its own code."""


def limit(memory_mb: int, seconds: int) -> None:
    """Allow this process `memory_mb` over what it has now, `seconds` of computing, no written file and no core dump.

    Where the system knows no such limits the parent's clock and size limit remain.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + memory_mb * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
        os.nice(5)


def read(name: str, data: bytes, context: Context) -> dict[str, Any]:
    """The document, the refusal or the failure as one JSON object."""
    try:
        return {"document": plain.dump(read_plan(name, data, context))}
    except BadDocument as refusal:
        return {"refused": refusal.key, "values": {key: str(value) for key, value in refusal.values.items()}}
    except MemoryError:
        return {"refused": "document.hungry", "values": {"name": name}}
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"failed": f"{type(error).__name__} {Path(place.filename).name}:{place.lineno}"}


def main() -> None:
    """Read standard input to its end and answer once."""
    header = json.loads(sys.stdin.buffer.readline())
    context = plain.load(header["context"], Context)
    limit(header["memory_mb"], header["seconds"])
    try:
        answer = json.dumps(read(header["name"], sys.stdin.buffer.read(), context), ensure_ascii=False)
    except MemoryError:
        answer = json.dumps({"refused": "document.hungry", "values": {"name": header["name"]}})
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
