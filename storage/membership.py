"""The ends and turns of a membership: two people found to be one, a leaver, a post handed over, somebody who wants to be forgotten.

Every table that names a person is dealt with here by name; `tests/storage/test_membership.py` fails for one that is not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, UniqueConstraint, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address
from bot.errors import Refusal
from bot.limits import Lane
from bot.notice.asks import Ask
from bot.people import Person, Rank, Scope
from storage import invitations as codes
from storage.account import account
from storage.addresses import Addresses
from storage.files import Files
from storage.notices import notice_key
from storage.outbox import Outbox
from storage.outcomes import KIND
from storage.people import People
from storage.retention import tidy
from storage.tables import (
    addresses,
    approvals,
    boards,
    conversations,
    deputies,
    digests,
    expectations,
    feedback,
    feeds,
    guesses,
    habits,
    handed_in,
    invitations,
    joins,
    list_members,
    logins,
    metadata,
    notice_answers,
    notice_people,
    notices,
    outbox,
    own_reminders,
    people,
    questions,
    subscriptions,
    web_sessions,
)
from storage.values import NoticeState, Planned, State

WAITING = (State.QUEUED, State.HELD)
ADDRESSED = (conversations, expectations)
"""What is kept by address alone."""
LEFT = "left"
REMIND = "remind"
"""The kind of the rows that are planned from what people follow."""


def naming() -> list[tuple[Table, str]]:
    """Every table and column that names a person."""
    return [
        (table, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is people for key in column.foreign_keys)
    ]


@dataclass(frozen=True, slots=True)
class Membership:
    """The turns of a membership, within one transaction."""

    connection: AsyncConnection

    async def owners(self) -> int:
        """How many owners there are; they stay until the transaction ends."""
        held = select(people.c.id).where(people.c.rank == int(Rank.OWNER)).order_by(people.c.id).with_for_update()
        return len((await self.connection.execute(held)).all())

    async def spare(self, person: Person) -> None:
        """Refusal `people.last_owner` where nobody else is owner, so that somebody always can give ranks."""
        if person.rank is Rank.OWNER and await self.owners() < 2:
            raise Refusal("people.last_owner")

    async def join(self, kept: Person, other: Person, now: datetime) -> None:
        """Make two people one: all that is of `other` becomes of `kept`, who gets one copy of everything at one address."""
        reached = (await People(self.connection).reached()).get(kept.id)
        await self._withdraw_doubles(kept.id, other.id, now)
        for table, column in naming():
            await self._hand(table, column, other.id, kept.id)
        await self.connection.execute(update(addresses).where(addresses.c.person == kept.id).values(preferred=False))
        await self.connection.execute(delete(people).where(people.c.id == other.id))
        reached = reached or (await People(self.connection).reached()).get(kept.id)
        if reached is not None:
            await Addresses(self.connection).prefer(kept.id, reached)

    async def end(self, person: Person, now: datetime) -> int:
        """Take a leaver's rank, and all that would still be sent to them or go on by their word; returns how many messages it stops.

        What they follow ends too; who takes over is given that by `hand_over` before. Refusal `people.last_owner`.
        """
        await self.spare(person)
        await self.connection.execute(
            update(people).where(people.c.id == person.id).values(codes.granted(Rank.GUEST, None, "") | {"unit": None})
        )
        await self.connection.execute(
            update(invitations).where(invitations.c.author == person.id, invitations.c.revoked_at.is_(None)).values(revoked_at=now)
        )
        for table in (subscriptions, own_reminders, boards, joins, approvals, deputies, logins, web_sessions, feeds, digests):
            await self.connection.execute(delete(table).where(table.c.person == person.id))
        for table in ADDRESSED:
            await self.connection.execute(delete(table).where(self._at_theirs(table, person.id)))
        waiting = and_(outbox.c.person == person.id, outbox.c.state.in_(WAITING))
        stopped = await self.connection.execute(
            update(outbox).where(waiting).values(state=State.CANCELLED, detail=LEFT, settled_at=now).returning(outbox.c.key)
        )
        return len(set(stopped.scalars()))

    async def hand_over(self, leaver: Person, successor: Person, now: datetime) -> int:
        """Give a post to somebody else: rank, unit, what is followed, drafts and notices, and what open notices still ask.

        Nobody's rank is lowered by it. Returns how many open notices the successor is asked now; `end` is to follow.
        """
        values: dict[str, Any] = {}
        if leaver.rank >= successor.rank and leaver.rank > Rank.GUEST:
            unit = leaver.unit if leaver.scope is Scope.UNIT else None
            values = codes.granted(leaver.rank, unit, leaver.group)
            await self.connection.execute(update(people).where(people.c.id == successor.id).values(values))
        address = (await People(self.connection).reached()).get(successor.id)
        if address is not None:
            # Reminders are planned anew for the successor from what they follow.
            await Outbox(self.connection).withdraw(REMIND, leaver.id, address)
            await self._hand(subscriptions, "person", leaver.id, successor.id)
            taken = await People(self.connection).get(successor.id) or successor
            now_theirs = {"channel": address.channel, "chat": address.chat, "unit": taken.unit, "rank": int(taken.rank)}
            await self.connection.execute(update(subscriptions).where(subscriptions.c.person == successor.id).values(now_theirs))
        await self._hand(notices, "author", leaver.id, successor.id)
        await self._hand(approvals, "person", leaver.id, successor.id)
        await self._hand(deputies, "person", leaver.id, successor.id)
        return await self._ask_instead(leaver.id, successor, address, now)

    async def forget(self, person: Person, now: datetime) -> None:
        """Remove all that names a person; what remains are numbers behind an id that is nobody's. Refusal `people.last_owner`.

        Counts stay: that a notice was read, that a question could not be answered. Words they wrote go.
        """
        await self.end(person, now)
        mine = person.id
        nobody = {"name": "", "unit": None, "language": "", "script": "", "muted": True, "forgotten_at": now}
        await self.connection.execute(update(people).where(people.c.id == mine).values(nobody))
        lines = select(notices.c.id).where(notices.c.ask.in_((Ask.LINE, Ask.FILE)))
        await self.connection.execute(
            update(notice_answers).where(notice_answers.c.person == mine, notice_answers.c.notice.in_(lines)).values(value="")
        )
        await self.connection.execute(update(feedback).where(feedback.c.person == mine).values(note=""))
        await self.connection.execute(
            update(questions).where(questions.c.person == mine).values(person=None, chat=None, question="", settled_at=now)
        )
        for table in (handed_in, guesses, habits, list_members, logins, web_sessions):
            await self.connection.execute(delete(table).where(table.c.person == mine))
        drafts = and_(notices.c.author == mine, notices.c.state == NoticeState.DRAFT)
        await self.connection.execute(delete(notices).where(drafts))
        await self.connection.execute(delete(addresses).where(addresses.c.person == mine))
        for table, column in naming():
            if table.c[column].nullable and table is not outbox:
                await self.connection.execute(update(table).where(table.c[column] == mine).values({column: None}))
        await self.connection.execute(update(outbox).where(outbox.c.person == mine).values(chat="", remotes=[], detail=""))
        await Files(self.connection).sweep()

    async def account(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """All that is kept of a person, as rows by table."""
        return await account(self.connection, person)

    async def tidy(self, now: datetime, question_days: int, message_days: int) -> dict[str, int]:
        """Remove what is over its time; returns how many rows of each kind were."""
        return await tidy(self.connection, now, question_days, message_days)

    async def _withdraw_doubles(self, kept: int, other: int, now: datetime) -> None:
        """Of what waits for `other`, cancel what `kept` gets or got anyway, and reminders, which are planned anew from what is followed."""
        twin = outbox.alias("twin")
        same = and_(
            twin.c.person == kept, twin.c.kind == outbox.c.kind, twin.c.reference == outbox.c.reference, twin.c.part == outbox.c.part,
            twin.c.state != State.CANCELLED,
        )  # fmt: skip
        double = or_(exists().where(same), outbox.c.kind == REMIND)
        waiting = and_(outbox.c.person == other, outbox.c.state.in_(WAITING), double)
        cancelled = {"state": State.CANCELLED, "detail": "one person", "settled_at": now}
        await self.connection.execute(update(outbox).where(waiting).values(cancelled))

    async def _hand(self, table: Table, column: str, old: int, new: int, *where: ColumnElement[bool]) -> None:
        """Rows of one person become another's; where a key allows only one of both, the other's row stays and the old one goes."""
        twin, theirs = table.alias("twin"), and_(table.c[column] == old, *where)
        for key in _keys(table, column):
            same = [twin.c[name] == table.c[name] for name in key if name != column]
            double = exists().where(and_(twin.c[column] == new, *same))
            await self.connection.execute(delete(table).where(theirs, double))
        await self.connection.execute(update(table).where(theirs).values({column: new}))

    async def _ask_instead(self, leaver: int, successor: Person, address: Address | None, now: datetime) -> int:
        """Open notices that the leaver has not answered are the successor's to answer; returns how many."""
        going = and_(notices.c.state.in_((NoticeState.SENT, NoticeState.PAUSED)), notices.c.ask != Ask.NOTHING)
        going = and_(going, or_(notices.c.until.is_(None), notices.c.until > now))
        given = exists().where(notice_answers.c.notice == notice_people.c.notice, notice_answers.c.person == leaver)
        open_ones = select(notice_people.c.notice, notices.c.state).join(notices, notices.c.id == notice_people.c.notice)
        rows = (await self.connection.execute(open_ones.where(notice_people.c.person == leaver, going, ~given))).all()
        theirs = select(notice_people.c.notice).where(notice_people.c.person == successor.id)
        already = set((await self.connection.execute(theirs)).scalars())
        await self._hand(notice_people, "person", leaver, successor.id, notice_people.c.notice.in_([row.notice for row in rows]))
        fresh = [row.notice for row in rows if row.notice not in already and row.state == NoticeState.SENT]
        if address is not None:
            planned = [
                Planned(notice_key(number, successor.id), KIND, str(number), successor.id, address, Lane.NOTICE, now, None, part)
                for number in fresh
                for part in range(1, 2 + len(await Files(self.connection).attached(number)))
            ]
            await Outbox(self.connection).plan(planned, now)
        return len(fresh)

    def _at_theirs(self, table: Table, person: int) -> Any:
        # In a group the conversation is of whoever speaks there.
        here = or_(addresses.c.chat == table.c.chat, addresses.c.chat == table.c.sender)
        return exists().where(addresses.c.channel == table.c.channel, addresses.c.person == person, here)


def _keys(table: Table, column: str) -> list[list[str]]:
    """The columns of every key of a table that holds this column."""
    keys = [[one.name for one in table.primary_key]]
    keys += [[one.name for one in constraint.columns] for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    return [key for key in keys if column in key]
