"""Old office formats through a converter of the machine, where it has one: LibreOffice, or antiword for .doc."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

OFFICE = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
MEMORY_MB = 2000
"""Address space of a converter; an office program takes a gigabyte to start."""
OUTPUT_MB = 100
LIMITED = """
import os, sys
try:
    import resource
    memory, seconds, output = (int(word) for word in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
except (ImportError, OSError, ValueError):
    pass
os.execv(sys.argv[4], sys.argv[4:])
"""
"""A converter is started through an interpreter that sets its limits and then becomes it."""


class ConversionError(Exception):
    """A converter is there and made nothing of the document, or took too long (`slow`)."""

    def __init__(self, slow: bool = False) -> None:
        super().__init__("too slow" if slow else "nothing came of it")
        self.slow = slow


def office() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return next((path for name in OFFICE if (path := shutil.which(name))), None)


def antiword() -> str | None:
    """The path of antiword, None where it is not installed."""
    return shutil.which("antiword")


async def convert(data: bytes, kind: str, better: str, seconds: int) -> bytes | None:
    """A document of format `kind` (a suffix) as one of format `better`, or as DocBook, which antiword writes.

    LibreOffice goes first, for antiword knows no automatic numbers. None where no converter for it is installed; ConversionError where
    one failed. Nothing remains on the disk, and no macro runs.
    """
    program = office()
    reader = antiword() if kind == ".doc" else None
    if program is None and reader is None:
        return None
    with tempfile.TemporaryDirectory(prefix="planbot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"plan{kind}"
        await asyncio.to_thread(source.write_bytes, data)
        if program:
            done = folder / "done" / f"plan{better}"
            await run(
                (
                    program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
                    f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--convert-to", better.removeprefix("."), "--outdir", str(done.parent), str(source),
                ),
                folder, seconds,
            )  # fmt: skip
            with suppress(OSError):
                return await asyncio.to_thread(done.read_bytes)
        if reader:
            said = await run((reader, "-m", "UTF-8.txt", "-x", "db", str(source)), folder, seconds)
            if said.strip():
                return said
    raise ConversionError


async def run(command: Sequence[str], folder: Path, seconds: int) -> bytes:
    """What a converter says on standard output; it and all that it started end with this call. ConversionError(slow) after `seconds`."""
    limits = (MEMORY_MB << 20, seconds, OUTPUT_MB << 20)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", LIMITED, *map(str, limits), *command),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=folder, env=environment(folder), start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    said = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while part := await process.stdout.read(1 << 16):
                said += part
                if len(said) > OUTPUT_MB << 20:
                    raise ConversionError
            await process.wait()
    except TimeoutError:
        raise ConversionError(slow=True) from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        while await process.stdout.read(1 << 16):
            pass
        await process.wait()
    return bytes(said)


def environment(folder: Path) -> Mapping[str, str]:
    """What a converter sees of the environment: the system's paths, and the folder as its home; no secret of the bot."""
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    return kept | {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
