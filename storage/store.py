"""The one door to the database: transactions that hold every aggregate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import get_type_hints

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import BadStore
from storage.addresses import Addresses
from storage.approvals import Approvals
from storage.audit import Audit
from storage.boards import Boards
from storage.codes import Codes
from storage.conversations import Conversations
from storage.digests import Digests
from storage.engine import database_file, open_engines, parse, refused
from storage.extensions import Extensions
from storage.feedback import Feedback
from storage.feeds import Feeds
from storage.files import Files
from storage.lists import Lists
from storage.lore import Lore
from storage.marks import Marks
from storage.membership import Membership
from storage.mends import Mends
from storage.notices import Notices
from storage.outbox import Outbox
from storage.people import People
from storage.plannings import OwnReminders, Plannings
from storage.plans import Plans
from storage.questions import Questions
from storage.rectifications import Rectifications
from storage.revision import UPGRADE, found_revision, is_current
from storage.sessions import Sessions
from storage.standings import Standings
from storage.subscriptions import Subscriptions
from storage.templates import Templates
from storage.terms import Terms
from storage.turns import Turn
from storage.units import Units
from storage.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction; what is read and written through it happens at one moment or not at all."""

    connection: AsyncConnection
    plans: Plans
    mends: Mends
    units: Units
    people: People
    subscriptions: Subscriptions
    outbox: Outbox
    questions: Questions
    audit: Audit
    conversations: Conversations
    marks: Marks
    feedback: Feedback
    lore: Lore
    notices: Notices
    boards: Boards
    vectors: Vectors
    files: Files
    approvals: Approvals
    addresses: Addresses
    codes: Codes
    membership: Membership
    standings: Standings
    extensions: Extensions
    rectifications: Rectifications
    sessions: Sessions
    feeds: Feeds
    digests: Digests
    plannings: Plannings
    own: OwnReminders
    templates: Templates
    terms: Terms
    lists: Lists


class Store:
    """A database by its address; `open` before use, `close` after."""

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self._file = database_file(url)
        self._engines = open_engines(self._url)

    @property
    def sole(self) -> bool:
        """Whether one process at most serves this database (SQLite, by the serving lock)."""
        return self._file is not None

    async def open(self) -> None:
        """Check that the database is there and has this program's schema; BadStore says what to do where not."""
        if self._file is not None and not self._file.exists():
            raise BadStore("store.older", command=UPGRADE)
        try:
            async with self._transaction(self._engines.reader) as connection:
                revision = await connection.run_sync(found_revision)
            if not is_current(revision):
                raise BadStore("store.older", command=UPGRADE)
        except DBAPIError as error:
            await self.close()
            raise refused(self._url, error) from None
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every connection; harmless when done twice."""
        await self._engines.dispose()

    def turn(self, name: str) -> Turn:
        """The turn of that name, to be asked for; on PostgreSQL only, since a SQLite file is served by one process."""
        return Turn(self._engines.writer, name)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A write transaction: committed on leaving, undone by an exception. On SQLite the only one at its time.

        Do not open a second one inside it, it would wait for the first. BadStore where none can be had, or where the database fails in it.
        """
        async with self._transaction(self._engines.writer) as connection:
            aggregates = _aggregates(connection)
            yield aggregates
            await aggregates.audit.write()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A read transaction: it sees one moment, waits for no writer, and a write in it is refused by the database."""
        async with self._transaction(self._engines.reader) as connection:
            yield _aggregates(connection)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        begun = False
        try:
            async with engine.connect() as connection, connection.begin():
                begun = True
                yield connection
        except PoolTimeout as error:
            raise refused(self._url, error) from None
        except DBAPIError as error:
            # What the database cannot do now (no connection, a full disk, a shutdown), as against what it was wrongly asked for.
            if begun and not isinstance(error, OperationalError):
                raise
            raise refused(self._url, error) from None


AGGREGATES = tuple(get_type_hints(Transaction).values())[1:]
"""What a transaction holds besides its connection, in the order of its fields."""


def _aggregates(connection: AsyncConnection) -> Transaction:
    return Transaction(connection, *(aggregate(connection) for aggregate in AGGREGATES))
