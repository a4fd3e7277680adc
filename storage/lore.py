"""What administrators add to the plans: synonyms, and answers of their own; every change is seen by all processes at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ask import lore
from bot.ask.lore import Synonym, bare
from storage.counting import grow_revision
from storage.insert import insert_into
from storage.tables import curated, synonyms
from storage.values import CuratedRow


@dataclass(frozen=True, slots=True)
class Lore:
    """Synonyms and curated answers, within one transaction."""

    connection: AsyncConnection

    async def current(self) -> lore.Lore:
        """All of it as the value that a library takes."""
        answers = tuple(lore.Curated(row.id, row.question, row.measure, row.text) for row in await self.curated())
        return lore.Lore(tuple(await self.synonyms()), answers)

    async def synonyms(self) -> list[Synonym]:
        """All pairs, oldest first."""
        rows = await self.connection.execute(select(synonyms).order_by(synonyms.c.id))
        return [Synonym(row.id, row.word, row.other) for row in rows]

    async def add_synonym(self, word: str, other: str, person: int | None, now: datetime) -> bool:
        """Keep a pair, in either order and script the same; True where it is new."""
        key = "=".join(sorted((bare(word), bare(other))))
        values = {"key": key, "word": word, "other": other, "person": person, "at": now}
        written = await self.connection.execute(
            insert_into(self.connection, synonyms).values(values).on_conflict_do_nothing(index_elements=["key"])
        )
        if written.rowcount == 1:
            await grow_revision(self.connection)
        return written.rowcount == 1

    async def remove_synonym(self, synonym: int) -> Synonym | None:
        """Drop a pair; returns it, None where there is none."""
        row = (await self.connection.execute(delete(synonyms).where(synonyms.c.id == synonym).returning(synonyms))).one_or_none()
        if row is None:
            return None
        await grow_revision(self.connection)
        return Synonym(row.id, row.word, row.other)

    async def curated(self) -> list[CuratedRow]:
        """All curated answers, newest first."""
        return [_curated(row) for row in await self.connection.execute(select(curated).order_by(curated.c.id.desc()))]

    async def get(self, answer: int) -> CuratedRow | None:
        """The curated answer of that id, or None."""
        row = (await self.connection.execute(select(curated).where(curated.c.id == answer))).one_or_none()
        return _curated(row) if row else None

    async def curate(self, question: str, measure: str, text: str, person: int | None, now: datetime) -> CuratedRow:
        """Answer a question by a measure or a text, in place of an earlier answer to the same words; hits are kept."""
        values = {"question": question, "measure": measure, "text": text, "person": person, "at": now}
        statement = insert_into(self.connection, curated).values(values | {"key": bare(question), "hits": 0})
        statement = statement.on_conflict_do_update(index_elements=["key"], set_=values)
        await self.connection.execute(statement)
        await grow_revision(self.connection)
        return _curated((await self.connection.execute(select(curated).where(curated.c.key == bare(question)))).one())

    async def remove_curated(self, answer: int) -> CuratedRow | None:
        """Drop a curated answer; returns it, None where there is none."""
        found = await self.get(answer)
        if found is None:
            return None
        await self.connection.execute(delete(curated).where(curated.c.id == answer))
        await grow_revision(self.connection)
        return found

    async def count_hit(self, answer: int) -> None:
        """Count that a curated answer was given."""
        await self.connection.execute(update(curated).where(curated.c.id == answer).values(hits=curated.c.hits + 1))


def _curated(row: Row[Any]) -> CuratedRow:
    return CuratedRow(row.id, row.question, row.measure, row.text, row.hits, row.at)
