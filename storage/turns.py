"""Whose turn it is among several serving processes: a lock of a database session, which ends with the process or when that stands still."""

import zlib

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

TURN = 5
"""Seconds after which the server ends the session, and with it the turn, of a process that no longer asks for it."""
LOCKS = 0x706C616E
"""The first number of the advisory locks of turns, `plan` in ASCII; the second is the name's checksum."""


def holder(connection: Connection) -> int | None:
    """The session of a process that serves this PostgreSQL database now; None where there is none."""
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    serving = text(f"SELECT min(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :locks AND {here}")
    pid = connection.execute(serving, {"locks": LOCKS}).scalar()
    return None if pid is None else int(pid)


class Turn:
    """One process's claim to a turn, on PostgreSQL 14 or later; through a pooler only where that pools by session.

    Time is the server's own, so that clocks of machines may differ or be set.
    """

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._lock = {"locks": LOCKS, "lock": zlib.crc32(name.encode()) - 2**31}
        self._session: AsyncConnection | None = None

    async def hold(self) -> bool:
        """Take the turn or prolong it by TURN seconds; False while another has it. Whatever the database raises gives it up."""
        try:
            if self._session is None:
                session = self._session = await self._engine.connect()
                await session.execution_options(isolation_level="AUTOCOMMIT")
                await session.execute(text(f"SET idle_session_timeout = {TURN * 1000}"))
            held = await self._session.execute(text("SELECT pg_try_advisory_lock(:locks, :lock)"), self._lock)
            return bool(held.scalar_one())
        except BaseException:
            await self._end()
            raise

    async def close(self) -> None:
        """Give the turn up, so that another need not wait."""
        try:
            if self._session is not None:
                await self._session.execute(text("SELECT pg_advisory_unlock_all()"))
        finally:
            await self._end()

    async def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.invalidate()
            await session.close()
