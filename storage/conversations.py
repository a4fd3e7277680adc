"""What each conversation is about, by address and sender, so that a follow-up in a group belongs to its asker."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.insert import insert_into
from storage.tables import conversations
from storage.values import Subject


@dataclass(frozen=True, slots=True)
class Conversations:
    """The subjects of conversations, within one transaction."""

    connection: AsyncConnection

    async def recall(self, address: Address, sender: str) -> Subject | None:
        """What the sender's last question there was about; how old it may be is the caller's rule."""
        row = (await self.connection.execute(select(conversations).where(_of(address, sender)))).one_or_none()
        return Subject(row.question, tuple(row.measures), row.at) if row else None

    async def remember(self, address: Address, sender: str, subject: Subject) -> None:
        """Keep the subject in place of the one before."""
        values = {"question": subject.question, "measures": list(subject.measures), "at": subject.at}
        key = {"channel": address.channel, "chat": address.chat, "sender": sender}
        statement = insert_into(self.connection, conversations).values(key | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def forget(self, address: Address, sender: str) -> None:
        """Drop the subject."""
        await self.connection.execute(delete(conversations).where(_of(address, sender)))


def _of(address: Address, sender: str) -> ColumnElement[bool]:
    return and_(conversations.c.channel == address.channel, conversations.c.chat == address.chat, conversations.c.sender == sender)
