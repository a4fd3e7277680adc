"""Files kept in the database: what goes with a notice, what people hand in or show, and the ids under which channels hold them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, and_, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import File
from bot.errors import Refusal
from storage.insert import insert_into
from storage.tables import attachments, contents, evidence, handed_in, uploads

MOST = 10
"""Files that go with one notice, and that one person hands in."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the database, without what it holds."""

    id: int
    name: str
    mime: str
    size: int
    digest: str

    def as_file(self, data: bytes = b"") -> File:
        """The file for a message; in one of the ledger the sender finds what it holds, or the channel's id of it, by the digest."""
        return File(self.name, self.mime, data, size=self.size, digest=self.digest)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that a person gave for a notice."""

    person: int
    file: Kept
    at: datetime


@dataclass(frozen=True, slots=True)
class Files:
    """The files, within one transaction."""

    connection: AsyncConnection

    async def attach(self, notice: int, name: str, mime: str, data: bytes) -> list[Kept]:
        """Add a file to a notice; returns all it has, in order. Refusal `notice.enough_files` where it has `MOST` already."""
        there = await self.attached(notice)
        if len(there) >= MOST:
            raise Refusal("notice.enough_files", most=MOST)
        digest = await self._keep(data)
        values = {"notice": notice, "name": name, "mime": mime, "digest": digest}
        number = (await self.connection.execute(insert(attachments).values(values).returning(attachments.c.id))).scalar_one()
        return [*there, Kept(number, name, mime, len(data), digest)]

    async def attached(self, notice: int) -> list[Kept]:
        """What goes with a notice, in the order it was added."""
        rows = await self.connection.execute(_with_size(attachments).where(attachments.c.notice == notice).order_by(attachments.c.id))
        return [_kept(row) for row in rows]

    async def copy(self, source: int, target: int) -> None:
        """Let what goes with one notice go with another too, which has nothing yet."""
        columns = [attachments.c.name, attachments.c.mime, attachments.c.digest]
        same = select(literal(target), *columns).where(attachments.c.notice == source).order_by(attachments.c.id)
        await self.connection.execute(insert(attachments).from_select(["notice", *(column.name for column in columns)], same))

    async def detach(self, notice: int, file: int) -> bool:
        """Take a file off a notice; True where it was there."""
        where = and_(attachments.c.notice == notice, attachments.c.id == file)
        gone = (await self.connection.execute(delete(attachments).where(where))).rowcount == 1
        await self.sweep()
        return gone

    async def hand_in(self, notice: int, person: int, name: str, mime: str, data: bytes, now: datetime) -> int:
        """Keep a file that a person gives, in place of an earlier one of that name; returns how many they have given.

        Refusal `notice.enough_files` where that would be more than `MOST`.
        """
        mine = and_(handed_in.c.notice == notice, handed_in.c.person == person)
        others = select(func.count()).select_from(handed_in).where(mine, handed_in.c.name != name)
        count = (await self.connection.execute(others)).scalar_one() + 1
        if count > MOST:
            raise Refusal("notice.enough_files", most=MOST)
        key = {"notice": notice, "person": person, "name": name}
        kept = {"mime": mime, "digest": await self._keep(data), "at": now}
        statement = insert_into(self.connection, handed_in).values(key | kept)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=kept))
        await self.sweep()
        return count

    async def handed(self, notice: int) -> list[HandedIn]:
        """What people gave for a notice, by person and in the order it first came."""
        rows = await self.connection.execute(
            _with_size(handed_in).where(handed_in.c.notice == notice).order_by(handed_in.c.person, handed_in.c.id)
        )
        return [HandedIn(row.person, _kept(row), row.at) for row in rows]

    async def show(self, standing: int, person: int, name: str, mime: str, data: bytes, now: datetime) -> int:
        """Keep a file as evidence of a state, in place of an earlier one of that name; returns how many there are.

        Refusal `standing.enough_files` where that would be more than `MOST`.
        """
        others = select(func.count()).select_from(evidence).where(evidence.c.standing == standing, evidence.c.name != name)
        count = (await self.connection.execute(others)).scalar_one() + 1
        if count > MOST:
            raise Refusal("standing.enough_files", most=MOST)
        key = {"standing": standing, "name": name}
        kept = {"mime": mime, "digest": await self._keep(data), "person": person, "at": now}
        statement = insert_into(self.connection, evidence).values(key | kept)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=kept))
        await self.sweep()
        return count

    async def evidence(self, standings: Collection[int]) -> dict[int, list[Kept]]:
        """The evidence of these states, each in the order it first came."""
        rows = await self.connection.execute(_with_size(evidence).where(evidence.c.standing.in_(tuple(standings))).order_by(evidence.c.id))
        found: dict[int, list[Kept]] = {}
        for row in rows:
            found.setdefault(row.standing, []).append(_kept(row))
        return found

    async def data(self, digest: str) -> bytes | None:
        """What a file holds; None where it is kept no more."""
        return (await self.connection.execute(select(contents.c.data).where(contents.c.digest == digest))).scalar_one_or_none()

    async def held(self, channel: str, digests: Collection[str]) -> dict[str, str]:
        """The ids under which a channel holds these contents, by digest; those it never got are left out."""
        where = and_(uploads.c.channel == channel, uploads.c.digest.in_(digests))
        rows = await self.connection.execute(select(uploads.c.digest, uploads.c.remote).where(where))
        return {row.digest: row.remote for row in rows}

    async def note_upload(self, channel: str, digest: str, remote: str) -> None:
        """Keep the id under which a channel holds a content."""
        there = select(contents.c.digest).where(contents.c.digest == digest)
        if (await self.connection.execute(there)).one_or_none() is None:
            return
        key = {"channel": channel, "digest": digest}
        statement = insert_into(self.connection, uploads).values(key | {"remote": remote})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"remote": remote}))

    async def forget_upload(self, channel: str, digests: Collection[str]) -> None:
        """Drop ids that a channel does not know any more."""
        await self.connection.execute(delete(uploads).where(uploads.c.channel == channel, uploads.c.digest.in_(digests)))

    async def sweep(self) -> None:
        """Delete the contents that no file holds any more."""
        used = select(attachments.c.digest).union(select(handed_in.c.digest), select(evidence.c.digest))
        await self.connection.execute(delete(contents).where(contents.c.digest.not_in(used)))

    async def _keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        statement = insert_into(self.connection, contents).values(digest=digest, size=len(data), data=data)
        await self.connection.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))
        return digest


def _with_size(table: Table) -> Any:
    return select(table, contents.c.size).join(contents, contents.c.digest == table.c.digest)


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.id, row.name, row.mime, row.size, row.digest)
