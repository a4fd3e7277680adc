"""Vectors of the plans' texts by the digest of their content, so that a text costs the embedding model once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_into
from storage.tables import vectors

AT_ONCE = 400
"""Digests in one statement; SQLite takes 999 values at least."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Cached vectors, within one transaction."""

    connection: AsyncConnection

    async def known(self, digests: Sequence[str]) -> dict[str, bytes]:
        """Those of these digests that are kept, with their bytes."""
        out: dict[str, bytes] = {}
        for start in range(0, len(digests), AT_ONCE):
            part = digests[start : start + AT_ONCE]
            rows = await self.connection.execute(select(vectors.c.digest, vectors.c.value).where(vectors.c.digest.in_(part)))
            out.update({row.digest: bytes(row.value) for row in rows})
        return out

    async def add(self, rows: Mapping[str, bytes]) -> None:
        """Keep vectors; one that is there already stays."""
        if rows:
            values = [{"digest": digest, "value": value} for digest, value in rows.items()]
            await self.connection.execute(insert_into(self.connection, vectors).on_conflict_do_nothing(index_elements=["digest"]), values)

    async def keep_only(self, digests: Sequence[str]) -> int:
        """Forget all but these; how many were forgotten."""
        wanted = frozenset(digests)
        rows = (await self.connection.execute(select(vectors.c.digest))).scalars()
        gone = [digest for digest in rows if digest not in wanted]
        for start in range(0, len(gone), AT_ONCE):
            await self.connection.execute(delete(vectors).where(vectors.c.digest.in_(gone[start : start + AT_ONCE])))
        return len(gone)
