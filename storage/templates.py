"""Templates of notices: a text with what it asks and whom it is for, under a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.notice.asks import Wanted, unpack
from storage.insert import insert_into
from storage.tables import templates

MOST = 50
"""Templates that are shown."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is kept."""

    id: int
    name: str
    text: str
    selection: str
    """Whom it is for, in the words of bot/notice/recipients.py; empty where that is chosen each time."""
    wanted: Wanted
    """Without an end: that is set each time."""
    person: int | None
    """Who wrote it last."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates, within one transaction."""

    connection: AsyncConnection

    async def keep(self, name: str, text: str, selection: str, wanted: Wanted, person: int | None, now: datetime) -> Template:
        """Keep a template, in place of one of that name."""
        values = {"text": text, "selection": selection, "ask": wanted.ask, "options": wanted.pack(), "person": person, "at": now}
        statement = insert_into(self.connection, templates).values(values | {"name": name})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
        return _template((await self.connection.execute(select(templates).where(templates.c.name == name))).one())

    async def every(self) -> list[Template]:
        """The templates by name."""
        return [_template(row) for row in await self.connection.execute(select(templates).order_by(templates.c.name).limit(MOST))]

    async def get(self, template: int) -> Template | None:
        """The template of that id, or None."""
        row = (await self.connection.execute(select(templates).where(templates.c.id == template))).one_or_none()
        return _template(row) if row else None

    async def named(self, name: str) -> Template | None:
        """The template of that name, or None."""
        row = (await self.connection.execute(select(templates).where(templates.c.name == name))).one_or_none()
        return _template(row) if row else None

    async def drop(self, template: int) -> bool:
        """Delete a template; True where it was there. Notices made from it stay."""
        return (await self.connection.execute(delete(templates).where(templates.c.id == template))).rowcount == 1


def _template(row: Row[Any]) -> Template:
    return Template(row.id, row.name, row.text, row.selection, unpack(row.ask, row.options), row.person, row.at)
