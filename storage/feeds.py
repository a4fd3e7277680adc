"""Calendars that programs subscribe to: an unguessable key each, of which only the hash is kept, and what was told last."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.export.feed import Told
from storage.tables import feed_entries, feeds

BYTES = 16
"""Of randomness in a key: 128 bits."""
LONGEST = 64
"""Characters of anything that is looked up as a key."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription of a calendar, without its key."""

    id: int
    person: int
    kind: str
    """Which list it holds."""
    made: datetime


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds, within one transaction."""

    connection: AsyncConnection

    async def make(self, person: int, kind: str, now: datetime) -> str:
        """A new key for a person's list, shown this once; the one before is void from now on."""
        await self.revoke(person, kind)
        key = secrets.token_urlsafe(BYTES)
        await self.connection.execute(insert(feeds).values(person=person, kind=kind, key_hash=hashed(key), made_at=now))
        return key

    async def revoke(self, person: int, kind: str = "") -> int:
        """Make a person's key void, or all where no list is named; returns how many were."""
        where = [feeds.c.person == person, *([feeds.c.kind == kind] if kind else [])]
        return (await self.connection.execute(delete(feeds).where(*where))).rowcount

    async def of(self, person: int) -> list[Feed]:
        """A person's feeds, the oldest first."""
        rows = await self.connection.execute(select(feeds).where(feeds.c.person == person).order_by(feeds.c.id))
        return [Feed(row.id, row.person, row.kind, row.made_at) for row in rows]

    async def find(self, key: str) -> Feed | None:
        """The feed of that key, or None."""
        if not key or len(key) > LONGEST:
            return None
        row = (await self.connection.execute(select(feeds).where(feeds.c.key_hash == hashed(key)))).one_or_none()
        return Feed(row.id, row.person, row.kind, row.made_at) if row else None

    async def hold(self, feed: int) -> None:
        """Let those who bring a feed up to date pass one at a time."""
        await self.connection.execute(select(feeds.c.id).where(feeds.c.id == feed).with_for_update())

    async def told(self, feed: int) -> dict[str, Told]:
        """What a feed said of each entry last, by uid."""
        rows = await self.connection.execute(select(feed_entries).where(feed_entries.c.feed == feed).order_by(feed_entries.c.uid))
        return {row.uid: Told(row.uid, row.digest, row.sequence, row.changed, row.summary, row.first, row.last, row.gone) for row in rows}

    async def tell(self, feed: int, told: Mapping[str, Told]) -> None:
        """Keep what it says now."""
        await self.connection.execute(delete(feed_entries).where(feed_entries.c.feed == feed))
        rows = [
            {
                "feed": feed, "uid": one.uid, "digest": one.digest, "sequence": one.sequence, "changed": one.changed,
                "summary": one.summary, "first": one.first, "last": one.last, "gone": one.gone,
            }
            for one in told.values()
        ]  # fmt: skip
        if rows:
            await self.connection.execute(insert(feed_entries), rows)


def hashed(key: str) -> str:
    """What is kept of a key; it is long enough that a plain hash cannot be turned back."""
    return hashlib.sha256(key.encode()).hexdigest()
