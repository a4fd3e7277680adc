"""People invited from the command line: one, or all of a list or none."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import BadDocument, Refusal
from bot.people import Rank
from bot.plan.staff import Row, Wrong, place, read_staff
from bot.plan.units import Register
from bot.texts import LANGUAGES, Texts
from storage.store import Store

LARGEST = 5_000_000
"""Bytes of a list."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody of a list with the code for them; empty where the list was only looked through."""

    row: Row
    code: str


def rank_words(texts: Texts) -> Mapping[str, Rank]:
    """The words by which ranks are called in all languages."""
    words: dict[str, Rank] = {}
    for rank in Rank:
        name = rank.name.lower()
        words |= {texts.say(language, f"rank.{name}"): rank for language in LANGUAGES}
        if texts.has(f"recipients.words_{name}"):
            words |= dict.fromkeys(texts.words(f"recipients.words_{name}"), rank)
    return words


async def invite(store: Store, rank: str, unit: str, days: int, uses: int, now: datetime) -> str:
    """A code for a rank at a unit or group called so; Refusal for a rank or a place that there is not."""
    named = Rank.named(rank)
    if named is None or named in (Rank.GUEST, Rank.OWNER):
        raise Refusal("people.rank", rank=rank)
    if named is Rank.UNIT_ADMINISTRATOR and not unit:
        raise Refusal("people.unit", rank=rank)
    async with store.begin() as db:
        found = place(unit, Register(await db.units.every())) if unit else (None, "")
        if found is None:
            raise Refusal("unit.unknown", name=unit)
        await db.audit.record(None, "invite", f"{named.name.lower()} unit {found[0] or 0} uses {uses}", now)
        return await db.people.invite(named, found[0], now, now + timedelta(days=days), uses, found[1])


async def import_people(
    store: Store, path: Path, texts: Texts, days: int, now: datetime, look: bool
) -> tuple[list[Invited], list[Wrong], Mapping[int, str]]:
    """A code for everybody of a list, or what is wrong with its lines and then for nobody; with `look` for nobody either way.

    The third value are the units' names by id. BadDocument and BadUnits for a file that is no such list.
    """
    data = await asyncio.to_thread(_bytes, path)
    async with store.begin() as db:
        units = await db.units.every()
        rows, wrong = await asyncio.to_thread(read_staff, data, rank_words(texts), Register(units))
        names = {unit.id: unit.name for unit in units}
        if wrong or look:
            return [Invited(row, "") for row in rows], wrong, names
        until = now + timedelta(days=days)
        invited = [Invited(row, await db.people.invite(row.rank, row.unit, now, until, 1, row.group)) for row in rows]
        await db.audit.record(None, "people import", str(len(invited)), now)
    return invited, [], names


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise BadDocument("document.too_large", name=path.name, limit=LARGEST // 1_000_000)
        return path.read_bytes()
    except FileNotFoundError:
        raise BadDocument("document.no_file", name=path) from None
    except OSError as error:
        raise BadDocument("document.unopened", name=path, why=error.strerror or type(error).__name__) from None
