"""Documents and registers on their way in: from a file to a plan, and from a plan into the database."""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import bot
from bot.conversion import ConversionError, convert
from bot.errors import BadDocument
from bot.plan import plain
from bot.plan.model import Document
from bot.plan.read import Context, read_plan
from bot.plan.roster import read_units
from bot.samples import lay_out, units
from bot.settings import Intake, Settings
from storage.store import Store
from storage.values import Import

MEGABYTE = 1_000_000
GRACE_SECONDS = 5
"""What the child may take beyond its own limit to start and to answer."""
COMMAND = ("-P", "-s", "-m", "bot.reading")
"""How the child is started: without the working folder and the user's own packages on its path."""
ANSWER = 64 * MEGABYTE
"""Bytes of a child's answer at most; a document of 200 pages gives about two million."""

log = logging.getLogger("planbot.intake")


@dataclass(frozen=True, slots=True)
class Sure:
    """What the one who imports says about a document, where it need not be inferred."""

    issuer: str = ""
    year: int | None = None


def context(settings: Settings, sure: Sure, now: datetime | None = None) -> Context:
    """What reading needs to know: the issuer and year said or configured, the school calendar and the day of `now`."""
    today = now.astimezone(settings.zone).date() if now else None
    return Context(issuer=sure.issuer or settings.bot.issuer, year=sure.year, calendar=settings.school_calendar, today=today)


def reader(
    settings: Settings, sure: Sure = Sure(), now: Callable[[], datetime] | None = None
) -> Callable[[str, bytes], Awaitable[Document]]:
    """The function that reads documents with these settings on the day of `now()`, at most `intake.at_once` of them at a time."""
    slots = asyncio.Semaphore(settings.intake.at_once)

    async def read(name: str, data: bytes) -> Document:
        async with slots:
            return await read_document(name, data, context(settings, sure, now() if now else None), settings.intake)

    return read


async def read_files(paths: Sequence[Path], settings: Settings, sure: Sure, now: Callable[[], datetime] | None = None) -> list[Document]:
    """Read plan documents from disk, in order; BadDocument names the first that cannot be read or in which nothing is understood."""
    read = reader(settings, sure, now)

    async def one(path: Path) -> Document:
        return await read(path.name, await asyncio.to_thread(_bytes, path, settings.intake.largest_mb))

    done = await asyncio.gather(*(one(path) for path in paths), return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return [result for result in done if isinstance(result, Document)]


async def read_document(name: str, data: bytes, context: Context, limits: Intake = Intake()) -> Document:
    """Read a document in a child process, so that a hostile or broken one costs its own limits and nothing else.

    An old office format goes through a converter first, where the machine has one. BadDocument: what `read_plan` raises, and
    `document.too_large`, `document.slow`, `document.hungry` (its limits of size, time and memory) or `document.broken` (the child
    found what no reader foresaw, or died of it; or the converter made nothing of it).
    """
    name = Path(name).name
    if len(data) > limits.largest_mb * MEGABYTE:
        raise BadDocument("document.too_large", name=name, limit=limits.largest_mb)
    try:
        return await _read(name, data, context, limits)
    except BadDocument as refusal:
        if refusal.key != "document.legacy":
            raise
        try:
            converted = await convert(data, str(refusal.values["kind"]), str(refusal.values["better"]), limits.seconds)
        except ConversionError as error:
            if error.slow:
                raise BadDocument("document.slow", name=name, limit=limits.seconds) from None
            raise BadDocument("document.broken", name=name) from None
        if converted is None:
            raise
    return await _read(name, converted, context, limits)


async def _read(name: str, data: bytes, context: Context, limits: Intake) -> Document:
    """Read a document in one child."""
    header = {"name": name, "context": plain.dump(context), "memory_mb": limits.memory_mb, "seconds": limits.seconds}
    answer = await _child(name, json.dumps(header).encode() + b"\n", data, limits)
    if "document" in answer:
        try:
            return plain.load(answer["document"])
        except ValueError as error:
            answer = {"failed": f"an answer that is no document: {type(error).__name__}"}
    if "refused" in answer:
        values = {"limit": limits.memory_mb} if answer["refused"] == "document.hungry" else {}
        raise BadDocument(answer["refused"], **values, **answer["values"])
    log.warning("a document could not be read: %s", answer.get("failed"))
    raise BadDocument("document.broken", name=name)


async def _child(name: str, header: bytes, data: bytes, limits: Intake) -> dict[str, Any]:
    """One child from start to end: the object it answers; BadDocument where it is killed, dies or says nothing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *COMMAND),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=environment(), start_new_session=True,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    feeding = asyncio.create_task(_feed(process.stdin, header, data))
    try:
        async with asyncio.timeout(limits.seconds + GRACE_SECONDS):
            said = await _all_of(process.stdout)
            if said is not None:
                await process.wait()
    except TimeoutError:
        raise BadDocument("document.slow", name=name, limit=limits.seconds) from None
    finally:
        feeding.cancel()
        await _end(process)
    if said is None:
        return {"failed": f"an answer of more than {ANSWER} bytes"}
    if process.returncode == -signal.SIGXCPU:
        raise BadDocument("document.slow", name=name, limit=limits.seconds)
    if process.returncode in (-signal.SIGKILL, -signal.SIGABRT):
        # Nobody here killed it, so the system did, for want of memory; and a library that gets none gives up.
        raise BadDocument("document.hungry", name=name, limit=limits.memory_mb)
    with suppress(ValueError):
        answer = json.loads(said)
        if isinstance(answer, dict):
            return answer
    return {"failed": f"status {process.returncode}"}


async def _end(process: asyncio.subprocess.Process) -> None:
    """Make sure that the child is gone and its pipes are closed."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin:
        process.stdin.close()
    # The pipe closes once it is read to its end, and a killed child adds nothing to it.
    while process.stdout and await process.stdout.read(1 << 16):
        pass
    await process.wait()


def environment() -> dict[str, str]:
    """What the child sees of the environment: where the code is and the system's own paths; no secret of the bot."""
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if key in os.environ}
    return kept | {"PYTHONPATH": str(Path(bot.__file__).parent.parent), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


async def _feed(pipe: asyncio.StreamWriter, header: bytes, data: bytes) -> None:
    """Give the child its input; one that has refused already may be gone."""
    with suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(header)
        pipe.write(data)
        await pipe.drain()
        pipe.close()


async def _all_of(pipe: asyncio.StreamReader) -> bytes | None:
    """What the child says; None where that is more than ANSWER bytes."""
    said = bytearray()
    while part := await pipe.read(1 << 16):
        said += part
        if len(said) > ANSWER:
            return None
    return bytes(said)


def _bytes(path: Path, largest_mb: int) -> bytes:
    try:
        if path.stat().st_size > largest_mb * MEGABYTE:
            raise BadDocument("document.too_large", name=path.name, limit=largest_mb)
        return path.read_bytes()
    except FileNotFoundError:
        raise BadDocument("document.no_file", name=path) from None
    except OSError as error:
        raise BadDocument("document.unopened", name=path, why=error.strerror or type(error).__name__) from None


async def import_documents(store: Store, documents: list[Document], now: datetime, release: bool) -> list[Import]:
    """Keep documents as drafts, all or none; with `release` the new ones are put in use at once."""
    done: list[Import] = []
    async with store.begin() as db:
        for document in documents:
            imported = await db.plans.store_document(document, now)
            if release and imported.stored.released_at is None:
                imported = replace(imported, stored=await db.plans.release(imported.stored.plan, now, imported.stored.version))
            done.append(imported)
            await db.audit.record(None, f"import {imported.outcome}", f"plan {imported.stored.plan} version {imported.stored.version}", now)
    return done


async def import_units(store: Store, path: Path, now: datetime) -> tuple[int, int, int]:
    """Replace the register by a CSV file's rows; returns how many units are new, changed and gone."""
    rows = read_units(await asyncio.to_thread(_bytes, path, Intake().largest_mb))
    async with store.begin() as db:
        return await db.units.replace(rows, now)


async def demonstrate(store: Store, settings: Settings, today: date, now: datetime) -> bool:
    """Import and release the demonstration plans and units into an empty database; False where there is something already."""
    async with store.read() as db:
        if await db.plans.every() or await db.units.every():
            return False
    documents = [
        read_plan(sample.name, sample.data, Context(calendar=settings.school_calendar))
        for sample in lay_out(today, settings.school_calendar)
    ]
    async with store.begin() as db:
        await db.units.replace(read_units(units()), now)
    await import_documents(store, documents, now, release=True)
    return True
