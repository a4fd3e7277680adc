"""Documents and registers on their way in: from a file to a plan, and from a plan into the database."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from bot.errors import BadDocument
from bot.plan.model import Document
from bot.plan.read import Context, read_plan
from bot.plan.roster import read_units
from bot.samples import lay_out, units
from bot.settings import Settings
from storage.store import Store
from storage.values import Import

LARGEST = 20_000_000
"""Bytes of a document; a work plan is a thousandth of it."""


@dataclass(frozen=True, slots=True)
class Sure:
    """What the one who imports says about a document, where it need not be inferred."""

    issuer: str = ""
    year: int | None = None


def read_file(path: Path, settings: Settings, sure: Sure) -> Document:
    """Read a plan document from disk; BadDocument where it cannot be read or nothing in it is understood."""
    return read_plan(path.name, _bytes(path), context(settings, sure))


def context(settings: Settings, sure: Sure) -> Context:
    """What reading needs to know: the issuer and year said or configured, and the school calendar."""
    return Context(issuer=sure.issuer or settings.bot.issuer, year=sure.year, calendar=settings.school_calendar)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise BadDocument("document.too_large", name=path.name, limit=LARGEST // 1_000_000)
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
    rows = read_units(await asyncio.to_thread(_bytes, path))
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
