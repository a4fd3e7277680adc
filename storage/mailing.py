"""One message for many people, written to the ledger inside the database: it gets a list, and makes the rows itself.

A hundred thousand rows as Python objects take twenty times as long and several hundred megabytes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, ColumnElement, FromClause, Integer, Text, cast, func, literal, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from bot.limits import Lane
from storage.columns import storable
from storage.insert import insert_into
from storage.tables import notice_people, outbox
from storage.values import State

CHUNK = 5000
"""Rows that one statement brings; 300 kB of JSON."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a notice is for, with the address it goes to; None where they have none."""

    person: int
    unit: int | None
    address: Address | None


@dataclass(frozen=True, slots=True)
class Mailing:
    """What all the rows have in common; a row's key is `key:PERSON` with `ending` after it."""

    kind: str
    reference: str
    lane: Lane
    not_before: datetime
    expires: datetime | None
    key: str
    ending: str = ""
    parts: int = 1


async def note_people(connection: AsyncConnection, notice: int, recipients: Sequence[Recipient]) -> None:
    """Keep whom a notice is for, also those without an address."""
    for chunk in _chunks((one, 1) for one in recipients):
        given = _given(connection, chunk)
        rows = select(literal(notice), given.person, given.unit).select_from(given.source)
        await connection.execute(insert_into(connection, notice_people).from_select(["notice", "person", "unit"], rows))


async def plan_mailing(connection: AsyncConnection, mailing: Mailing, recipients: Sequence[Recipient], now: datetime) -> int:
    """Write a row a part for everybody with an address; a key and part that stands already is left. Returns how many were written."""
    same: dict[str, Any] = {
        "kind": mailing.kind, "reference": mailing.reference, "lane": int(mailing.lane), "not_before": mailing.not_before,
        "expires": mailing.expires, "state": State.QUEUED, "token": "", "attempts": 0, "repeat": False, "remotes": [],
        "detail": "", "lease_until": None, "planned_at": now, "settled_at": None,
    }  # fmt: skip
    parts = range(1, mailing.parts + 1)
    written = 0
    for chunk in _chunks((one, part) for one in recipients if one.address is not None for part in parts):
        given = _given(connection, chunk)
        key = literal(f"{mailing.key}:", Text).concat(cast(given.person, Text)).concat(literal(mailing.ending, Text))
        columns: dict[str, ColumnElement[Any]] = {name: literal(value, outbox.c[name].type) for name, value in same.items()}
        columns |= {"key": key, "part": given.part, "person": given.person, "channel": given.channel, "chat": given.chat}
        # The condition tells SQLite that what follows is the conflict clause and no join (SQLite, "UPSERT", parsing ambiguity).
        rows = select(*columns.values()).select_from(given.source).where(given.person.is_not(None))
        statement = insert_into(connection, outbox).from_select(list(columns), rows)
        written += (await connection.execute(statement.on_conflict_do_nothing(index_elements=["key", "part"]))).rowcount
    return written


@dataclass(frozen=True, slots=True)
class _Given:
    """A list of people as the database sees it."""

    source: FromClause
    person: ColumnElement[int]
    unit: ColumnElement[int | None]
    channel: ColumnElement[str | None]
    chat: ColumnElement[str | None]
    part: ColumnElement[int]


def _given(connection: AsyncConnection, chunk: str) -> _Given:
    if connection.dialect.name == "sqlite":
        source = func.json_each(literal(chunk, Text)).table_valued("value", name="given")
        texts = [func.json_extract(source.c.value, f"$[{place}]") for place in range(5)]
    else:
        source = func.json_array_elements(cast(literal(chunk, Text), JSON)).table_valued("value", name="given")
        texts = [type_coerce(source.c.value, JSON)[place].as_string() for place in range(5)]
    person, unit, channel, chat, part = texts
    return _Given(source, cast(person, Integer), cast(unit, Integer), channel, chat, cast(part, Integer))


def _chunks(people: Iterable[tuple[Recipient, int]]) -> Iterator[str]:
    """People and parts as JSON lists of person, unit, channel, chat and part."""
    left = iter(people)
    while chunk := list(islice(left, CHUNK)):
        rows = []
        for one, part in chunk:
            address = (storable(one.address.channel), storable(one.address.chat)) if one.address else (None, None)
            rows.append((one.person, one.unit, *address, part))
        yield json.dumps(rows, ensure_ascii=False)
