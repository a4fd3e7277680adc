"""The lock of the one serving process of a SQLite file; the operating system drops it when the process dies, however it dies."""

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import BadStore
from storage.engine import database_file


@asynccontextmanager
async def serving_lock(url: str) -> AsyncIterator[None]:
    """Hold the file for serving; BadStore("store.served") at once where another process does.

    The lock is on `<file>.lock`, which stays behind; locking the database itself would undo SQLite's own locks. On PostgreSQL
    several processes may serve, so nothing is locked there.
    """
    file = database_file(url)
    if file is None:
        yield
        return
    try:
        handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadStore("store.unusable", where=f"{file}.lock", why=error.strerror) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise BadStore("store.served", file=file, pid=holder or "?") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
