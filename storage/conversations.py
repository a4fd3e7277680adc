"""What each conversation is about and waits for, by address and sender, so that a follow-up in a group belongs to its asker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from storage.insert import insert_into
from storage.tables import conversations, expectations
from storage.values import Expectation, Subject


@dataclass(frozen=True, slots=True)
class Conversations:
    """The subjects of conversations, within one transaction."""

    connection: AsyncConnection

    async def recall(self, address: Address, sender: str) -> Subject | None:
        """What the sender's last question there was about; how old it may be is the caller's rule."""
        row = (await self.connection.execute(select(conversations).where(_of(conversations, address, sender)))).one_or_none()
        return Subject(row.question, tuple(row.measures), row.at, row.asked, tuple(row.choices)) if row else None

    async def remember(self, address: Address, sender: str, subject: Subject) -> None:
        """Keep the subject in place of the one before."""
        values = {
            "question": subject.question, "measures": list(subject.measures), "at": subject.at, "asked": subject.asked,
            "choices": list(subject.choices),
        }  # fmt: skip
        key = {"channel": address.channel, "chat": address.chat, "sender": sender}
        statement = insert_into(self.connection, conversations).values(key | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def offer(self, address: Address, sender: str, choices: Sequence[str], now: datetime) -> None:
        """Keep the numbered buttons that were just shown; what the conversation is about stays."""
        values = {"choices": list(choices), "at": now}
        key = {"channel": address.channel, "chat": address.chat, "sender": sender}
        statement = insert_into(self.connection, conversations).values(key | values | {"question": "", "measures": []})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def forget(self, address: Address, sender: str) -> None:
        """Drop the subject."""
        await self.connection.execute(delete(conversations).where(_of(conversations, address, sender)))

    async def expect(self, address: Address, sender: str, expectation: Expectation) -> None:
        """Take the sender's next text there for this, in place of what it was taken for before."""
        values = {"verb": expectation.verb, "reference": expectation.reference, "text": expectation.text, "at": expectation.at}
        key = {"channel": address.channel, "chat": address.chat, "sender": sender}
        statement = insert_into(self.connection, expectations).values(key | values)
        await self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def expected(self, address: Address, sender: str) -> Expectation | None:
        """What the text that just came is taken for; asked once, it is forgotten. How old it may be is the caller's rule."""
        gone = delete(expectations).where(_of(expectations, address, sender)).returning(expectations)
        row = (await self.connection.execute(gone)).one_or_none()
        return Expectation(row.verb, row.reference, row.at, row.text) if row else None


def _of(table: Table, address: Address, sender: str) -> ColumnElement[bool]:
    return and_(table.c.channel == address.channel, table.c.chat == address.chat, table.c.sender == sender)
