"""All that is kept of one person, to be handed to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses, audit, conversations, expectations, metadata, people

SECRET = ("token", "lease_until", "digest", "chain")
"""Columns that say nothing about the person and are nobody's business, as hashes of codes and keys are."""


async def account(connection: AsyncConnection, person: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that names the person, by table; times as ISO 8601, without secrets and without the bytes of files."""
    found = {"people": await _rows(connection, people, people.c.id == person)}
    for table in metadata.sorted_tables:
        named = [column for column in table.columns if any(key.column.table is people for key in column.foreign_keys)]
        if named:
            found[table.name] = await _rows(connection, table, or_(*(column == person for column in named)))
    here = select(addresses.c.channel, addresses.c.chat).where(addresses.c.person == person)
    for row in (await connection.execute(here)).all():
        for table in (conversations, expectations):
            at = and_(table.c.channel == row.channel, or_(table.c.chat == row.chat, table.c.sender == row.chat))
            found.setdefault(table.name, []).extend(await _rows(connection, table, at))
    found["audit"] = await _rows(connection, audit, audit.c.who == person)
    return {name: rows for name, rows in found.items() if rows}


async def _rows(connection: AsyncConnection, table: Table, where: Any) -> list[dict[str, Any]]:
    shown = [
        column
        for column in table.columns
        if column.name not in SECRET and not column.name.endswith("_hash") and not isinstance(column.type, LargeBinary)
    ]
    rows = await connection.execute(select(*shown).where(where).order_by(*table.primary_key))
    return [{column.name: _plain(value) for column, value in zip(shown, row, strict=True)} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
