"""Messages that show how a notice goes, kept up to date in place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.insert import insert_into
from storage.tables import boards


@dataclass(frozen=True, slots=True)
class Board:
    """One such message."""

    notice: int
    person: int
    """Whose rights and language it is worded with."""
    address: Address
    remote: str
    crowd: bool
    """It stands in a group, where messages may change less often."""
    shown: str
    """Digest of what it shows."""
    turn: int
    """How often it was changed."""
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards, within one transaction."""

    connection: AsyncConnection

    async def put(self, notice: int, person: int, address: Address, remote: str, crowd: bool, shown: str, now: datetime) -> None:
        """Keep this message up to date from now on, in place of an older one for the same notice there."""
        key = {"channel": address.channel, "chat": address.chat, "notice": notice}
        values = {"person": person, "remote": remote, "crowd": crowd, "shown": shown, "changed_at": now}
        statement = insert_into(self.connection, boards).values(key | values | {"turn": 0})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def every(self) -> list[Board]:
        """All boards, oldest change first."""
        rows = await self.connection.execute(select(boards).order_by(boards.c.changed_at, boards.c.notice))
        return [_board(row) for row in rows]

    async def at(self, notice: int, address: Address) -> Board | None:
        """The board of that notice there, or None."""
        row = (await self.connection.execute(select(boards).where(_of(notice, address)))).one_or_none()
        return _board(row) if row else None

    async def note(self, board: Board, shown: str, now: datetime) -> bool:
        """Note that it is about to show something else; False where somebody else was quicker."""
        same = and_(_of(board.notice, board.address), boards.c.turn == board.turn, boards.c.remote == board.remote)
        changed = await self.connection.execute(update(boards).where(same).values(shown=shown, turn=board.turn + 1, changed_at=now))
        return changed.rowcount == 1

    async def drop(self, notice: int, address: Address) -> None:
        """Leave the message as it is from now on."""
        await self.connection.execute(delete(boards).where(_of(notice, address)))


def _of(notice: int, address: Address) -> ColumnElement[bool]:
    return and_(boards.c.notice == notice, boards.c.channel == address.channel, boards.c.chat == address.chat)


def _board(row: Row[Any]) -> Board:
    return Board(row.notice, row.person, Address(row.channel, row.chat), row.remote, row.crowd, row.shown, row.turn, row.changed_at)
