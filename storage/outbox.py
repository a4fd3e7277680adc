"""The ledger of everything the bot sends by itself: planned once, claimed with a token and a lease, settled with proof.

Longer than other files because every way from one state to another has to be seen in one place.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Address, Outcome
from bot.limits import Lane
from storage.insert import insert_into
from storage.tables import outbox
from storage.values import Backlog, OutboxRow, Planned, Settlement, State

ENDS = {
    Outcome.SENT: State.SENT,
    Outcome.FAILED: State.FAILED,
    Outcome.GONE: State.GONE,
    Outcome.UNCERTAIN: State.UNCERTAIN,
    Outcome.LATER: State.QUEUED,
}
LOST = (State.FAILED, State.GONE, State.MISSED, State.CANCELLED)
"""After one of these the parts that follow are not sent."""

earlier = outbox.alias("earlier")

BATCH = 500
"""Rows that one statement names; SQLite takes 32,766 values and older ones 999."""
WITHDRAWN = and_(outbox.c.state == State.CANCELLED, outbox.c.settled_at.is_(None))
RENEWED = ("kind", "reference", "person", "channel", "chat", "lane", "not_before", "expires", "state", "detail", "planned_at")
"""What a withdrawn row takes from the plan that brings it back."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Outbox:
    """The ledger, within one transaction."""

    connection: AsyncConnection

    async def plan(self, rows: Iterable[Planned], now: datetime) -> int:
        """Write what is owed; a key and part that stands already is left as it is. Returns how many rows were written.

        One that `cancel` withdrew is planned anew: who follows again is reminded again.
        """
        # In one order for everybody, so that two who plan the same rows at once wait for each other in line and not in a ring.
        values = [_planned_values(row, now) for row in sorted(rows, key=lambda row: (row.key, row.part))]
        standing = await self._standing([value["key"] for value in values])
        written = 0
        if fresh := [value for value in values if (value["key"], value["part"]) not in standing]:
            statement = insert_into(self.connection, outbox).on_conflict_do_nothing(index_elements=["key", "part"])
            written += (await self.connection.execute(statement, fresh)).rowcount
        back = [{f"new_{name}": value for name, value in row.items()} for row in values if standing.get((row["key"], row["part"]))]
        if back:
            renewed = update(outbox).where(WITHDRAWN, outbox.c.key == bindparam("new_key"), outbox.c.part == bindparam("new_part"))
            renewed = renewed.values({name: bindparam(f"new_{name}") for name in RENEWED})
            written += (await self.connection.execute(renewed, back)).rowcount
        return written

    async def claim(self, now: datetime, limit: int, lease: timedelta, channels: Collection[str]) -> list[OutboxRow]:
        """Take up to `limit` due rows of these channels to be sent, in the order of lane, time and id.

        They are `sending` under one fresh token until `now + lease`; nobody else gets them meanwhile. A part waits until the
        part before it is sent.
        """
        rows: list[Row[Any]] = []
        for lane in sorted(Lane):
            if len(rows) >= limit:
                break
            due = and_(_queued(lane, channels), outbox.c.not_before <= now, or_(outbox.c.expires.is_(None), outbox.c.expires > now))
            statement = select(outbox).where(due, _ready()).order_by(outbox.c.not_before, outbox.c.id).limit(limit - len(rows))
            rows += (await self.connection.execute(statement.with_for_update(skip_locked=True, of=outbox))).all()
        if not rows:
            return []
        token, until = secrets.token_hex(16), now + lease
        taken = {"state": State.SENDING, "token": token, "lease_until": until, "attempts": outbox.c.attempts + 1}
        for ids in _batches([row.id for row in rows]):
            await self.connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(taken))
        return [replace(_row(row), state=State.SENDING, token=token, attempts=row.attempts + 1, lease_until=until) for row in rows]

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> int:
        """Enter what became of claimed rows; returns how many were taken.

        Refused, and so not counted, is one whose row is no longer `sending` under its token. `later` puts the row back in the
        queue for `retry_at`.
        """
        ended = [one for one in settlements if one.receipt.outcome is not Outcome.LATER]
        again = [one for one in settlements if one.receipt.outcome is Outcome.LATER]
        taken = 0
        if ended:
            statement = _held().values(
                state=bindparam("now_state"), remotes=bindparam("now_remotes"), detail=bindparam("now_detail"),
                token="", lease_until=None, settled_at=now,
            )  # fmt: skip
            taken += (await self.connection.execute(statement, [_end(one) for one in ended])).rowcount
        if again:
            statement = _held().values(
                state=State.QUEUED, not_before=bindparam("now_not_before"), detail=bindparam("now_detail"),
                token="", lease_until=None,
            )  # fmt: skip
            later = [_claim(one.row, one.token, one.receipt.detail) | {"now_not_before": one.retry_at or now} for one in again]
            taken += (await self.connection.execute(statement, later)).rowcount
        await self._stop_after([one.row for one in ended if ENDS[one.receipt.outcome] in LOST], now)
        return taken

    async def reroute(self, row: OutboxRow, to: Address) -> bool:
        """Put a claimed row, proven not sent, back into the queue for another address of its person; True where the claim still stood."""
        turned = {"state": State.QUEUED, "channel": to.channel, "chat": to.chat, "token": "", "lease_until": None}
        mine = and_(outbox.c.id == row.id, outbox.c.token == row.token, outbox.c.state == State.SENDING)
        return bool(await self._moved(mine, **turned))

    async def cancel_claimed(self, rows: Iterable[tuple[int, str, str]], now: datetime) -> int:
        """End claimed rows that must not be sent any more, given as id, token and reason; returns how many were."""
        values = [_claim(row, token, why) for row, token, why in rows]
        if not values:
            return 0
        statement = _held().values(state=State.CANCELLED, detail=bindparam("now_detail"), token="", lease_until=None, settled_at=now)
        cancelled = (await self.connection.execute(statement, values)).rowcount
        await self._stop_after([value["held_row"] for value in values], now)
        return cancelled

    async def cancel(self, kind: str, reference: str, person: int | None = None) -> int:
        """Withdraw what is queued for a reference, for one person or for all; returns how many rows.

        A withdrawn row has no time of settlement, which is how `plan` knows that it may come back.
        """
        where = [outbox.c.state == State.QUEUED, outbox.c.kind == kind, outbox.c.reference == reference]
        if person is not None:
            where.append(outbox.c.person == person)
        return (await self.connection.execute(update(outbox).where(*where).values(state=State.CANCELLED))).rowcount

    async def withdraw(self, kind: str, person: int | None, address: Address) -> int:
        """The same for all that is queued of a kind for a person, or without one for a group at its address."""
        where = [outbox.c.state == State.QUEUED, outbox.c.kind == kind]
        if person is not None:
            where.append(outbox.c.person == person)
        else:
            where += [outbox.c.person.is_(None), outbox.c.channel == address.channel, outbox.c.chat == address.chat]
        return (await self.connection.execute(update(outbox).where(*where).values(state=State.CANCELLED))).rowcount

    async def withdraw_all(self, kind: str, references: Sequence[str]) -> int:
        """The same for all that is queued of a kind for these references, whoever it is for."""
        count = 0
        for batch in _batches(list(dict.fromkeys(references))):
            where = [outbox.c.state == State.QUEUED, outbox.c.kind == kind, outbox.c.reference.in_(batch)]
            count += (await self.connection.execute(update(outbox).where(*where).values(state=State.CANCELLED))).rowcount
        return count

    async def untold(self, kinds: Collection[str], people: int) -> list[OutboxRow]:
        """Rows of these kinds that came too late and that nothing tells of yet, of so many people at most; all of each."""
        where = and_(outbox.c.state == State.MISSED, outbox.c.told_by.is_(None), outbox.c.kind.in_(kinds))
        some = select(outbox.c.channel, outbox.c.chat).where(where).distinct().limit(people).subquery()
        rows = select(outbox).join(some, and_(some.c.channel == outbox.c.channel, some.c.chat == outbox.c.chat)).where(where)
        return [_row(row) for row in await self.connection.execute(rows.order_by(outbox.c.id).with_for_update(of=outbox))]

    async def tardy(self, kinds: Collection[str], before: datetime, now: datetime, above: int, people: int) -> list[OutboxRow]:
        """Queued rows of these kinds that should have left before and are of use yet, of addresses that have more than so many of them."""
        where = and_(
            outbox.c.state == State.QUEUED, outbox.c.lane == int(Lane.REMINDER), outbox.c.not_before <= before,
            outbox.c.kind.in_(kinds), or_(outbox.c.expires.is_(None), outbox.c.expires > now),
        )  # fmt: skip
        some = select(outbox.c.channel, outbox.c.chat).where(where).group_by(outbox.c.channel, outbox.c.chat)
        many = some.having(func.count() > above).limit(people).subquery()
        rows = select(outbox).join(many, and_(many.c.channel == outbox.c.channel, many.c.chat == outbox.c.chat)).where(where)
        return [_row(row) for row in await self.connection.execute(rows.order_by(outbox.c.id).with_for_update(of=outbox))]

    async def gather(self, rows: Sequence[int], key: str, now: datetime) -> None:
        """These rows are told of by the message of that key, and are not sent by themselves any more."""
        for ids in _batches(rows):
            values = {"state": State.MISSED, "told_by": key, "settled_at": now}
            await self.connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))

    async def gathered(self, key: str) -> list[OutboxRow]:
        """The rows that a message tells of, oldest first."""
        return await self._select(outbox.c.told_by == key)

    async def hold(self, kind: str, reference: str) -> int:
        """Take what is queued for a reference out of the queue; returns how many keys. What is being sent already is not stopped."""
        return _keys(await self._moved(_of(kind, reference, State.QUEUED), state=State.HELD))

    async def let_go(self, kind: str, reference: str) -> int:
        """Put what was held back into the queue, not before its own time; returns how many keys."""
        return _keys(await self._moved(_of(kind, reference, State.HELD), state=State.QUEUED))

    async def end(self, kind: str, reference: str, why: str, now: datetime) -> int:
        """Cancel for good what is queued or held for a reference; returns how many keys."""
        waiting = _of(kind, reference, State.QUEUED, State.HELD)
        return _keys(await self._moved(waiting, state=State.CANCELLED, detail=why, settled_at=now))

    async def overdue(self, now: datetime) -> list[OutboxRow]:
        """Move the queued rows that are too late by their own rule to `missed`; returns them."""
        where = and_(outbox.c.state == State.QUEUED, outbox.c.expires <= now)
        missed = await self._moved(where, state=State.MISSED, settled_at=now)
        await self._stop_after([row.id for row in missed], now)
        return missed

    async def renew(self, rows: Iterable[tuple[int, str]], until: datetime) -> int:
        """Prolong the claims on rows that are still being sent, given as id and token; returns how many were."""
        values = [{"held_row": row, "held_token": token, "now_until": until} for row, token in rows]
        if not values:
            return 0
        return (await self.connection.execute(_held().values(lease_until=bindparam("now_until")), values)).rowcount

    async def recover(
        self, now: datetime, spare: Collection[str] = (), taken: Collection[str] = (), own: Collection[int] = ()
    ) -> list[OutboxRow]:
        """Move the rows whose claim ran out to `uncertain`, for nobody knows whether they arrived; returns them.

        Those of the channels to `spare` are left: another process sends there, and its clock may differ. Those of the channels
        just `taken` over are nobody's, whatever their claims say. The caller's `own` rows are left.
        """
        dropped = and_(outbox.c.state == State.SENDING, outbox.c.channel.in_(tuple(taken)))
        where = and_(or_(_left_behind(now, spare), dropped), outbox.c.id.not_in(tuple(own)))
        return await self._moved(where, state=State.UNCERTAIN, token="", lease_until=None)

    async def left_behind(self, now: datetime, spare: Collection[str] = ()) -> bool:
        """Whether a claim ran out that nobody settled, on any but the channels to spare."""
        over = exists().where(_left_behind(now, spare))
        return bool((await self.connection.execute(select(over))).scalar_one())

    async def resend(self, row: int, now: datetime) -> bool:
        """Queue an uncertain row again, marked as a possible repeat; True where it was uncertain."""
        return bool(await self._moved(_uncertain(row), state=State.QUEUED, repeat=True, not_before=now, settled_at=None))

    async def settle_uncertain(self, row: int, now: datetime) -> bool:
        """Leave an uncertain row be; True where it was uncertain. The part after it may be sent."""
        return bool(await self._moved(_uncertain(row), state=State.SETTLED, settled_at=now))

    async def prove(self, address: Address, remote: str, now: datetime, key: str = "") -> bool:
        """A press on a message proves that it arrived: its row becomes `sent`, also where it waits to be sent once more.

        The row is the one with that remote id at the address or, where its remote id was never learned, the one of that key.
        """
        doubted = or_(outbox.c.state.in_((State.SENDING, State.UNCERTAIN)), and_(outbox.c.state == State.QUEUED, outbox.c.repeat))
        there = and_(outbox.c.channel == address.channel, outbox.c.chat == address.chat, doubted)
        for row in await self.connection.execute(select(outbox).where(there).order_by(outbox.c.id).with_for_update()):
            if remote in row.remotes or (key and not row.remotes and row.key == key):
                proof = {"state": State.SENT, "remotes": row.remotes or [remote], "settled_at": now}
                await self._moved(outbox.c.id == row.id, **proof, token="", lease_until=None)
                return True
        return False

    async def next_due(self, now: datetime, channels: Collection[str] | None = None) -> datetime | None:
        """When the next row may be sent or the next claim runs out; None where nothing waits. May be past.

        Rows that wait for the part before them, and with `channels` those of other channels, are left out.
        """
        firsts = [
            select(outbox.c.not_before).where(_queued(lane, channels), _ready()).order_by(outbox.c.not_before).limit(1).scalar_subquery()
            for lane in Lane
        ]
        lease = select(func.min(outbox.c.lease_until)).where(outbox.c.state == State.SENDING).scalar_subquery()
        row = (await self.connection.execute(select(*firsts, lease))).one()
        return min((moment for moment in row if moment is not None), default=None)

    async def backlog(self, now: datetime) -> Backlog:
        """The ledger in numbers, with the uncertain rows by name."""
        counted = await self.connection.execute(select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state))
        counts: dict[str, int] = {row.state: row.number for row in counted}
        due = and_(outbox.c.state == State.QUEUED, outbox.c.not_before <= now)
        oldest = (await self.connection.execute(select(func.min(outbox.c.not_before)).where(due))).scalar_one()
        uncertain = await self._select(outbox.c.state == State.UNCERTAIN)
        waited = int((now - oldest).total_seconds()) if oldest else 0
        return Backlog({state.value: counts.get(state.value, 0) for state in State}, waited, tuple(uncertain))

    async def get(self, row: int) -> OutboxRow | None:
        """The row of that id, or None."""
        return next(iter(await self._select(outbox.c.id == row)), None)

    async def rows(self, kind: str, reference: str) -> list[OutboxRow]:
        """All rows of a reference in every state, oldest first."""
        return await self._select(and_(outbox.c.kind == kind, outbox.c.reference == reference))

    async def of_holder(self, kind: str, reference: str, person: int | None, address: Address) -> list[OutboxRow]:
        """The rows of a reference that are for a person, or without one for a group at its address."""
        where = [outbox.c.kind == kind, outbox.c.reference == reference]
        if person is not None:
            where.append(outbox.c.person == person)
        else:
            where += [outbox.c.person.is_(None), outbox.c.channel == address.channel, outbox.c.chat == address.chat]
        return await self._select(and_(*where))

    async def owed(self, person: int, kind: str, until: datetime) -> list[OutboxRow]:
        """The rows of a kind that a person is owed before `until` and those being sent to them, in the order of time."""
        waits = outbox.c.state.in_((State.QUEUED, State.SENDING))
        rows = await self._select(and_(outbox.c.person == person, outbox.c.kind == kind, waits, outbox.c.not_before < until))
        return sorted(rows, key=lambda row: row.planned.not_before)

    async def of_kind(self, kind: str) -> list[OutboxRow]:
        """All rows of a kind in every state, oldest first."""
        return await self._select(outbox.c.kind == kind)

    async def _select(self, where: ColumnElement[bool]) -> list[OutboxRow]:
        return [_row(row) for row in await self.connection.execute(select(outbox).where(where).order_by(outbox.c.id))]

    async def _moved(self, where: ColumnElement[bool], **values: Any) -> list[OutboxRow]:
        rows = await self.connection.execute(update(outbox).where(where).values(values).returning(outbox))
        return sorted((_row(row) for row in rows), key=lambda row: row.id)

    async def _standing(self, keys: Sequence[str]) -> dict[tuple[str, int], bool]:
        """The keys and parts that stand among these, and whether each was withdrawn."""
        found: dict[tuple[str, int], bool] = {}
        for batch in _batches(keys):
            rows = select(outbox.c.key, outbox.c.part, WITHDRAWN.label("withdrawn")).where(outbox.c.key.in_(batch))
            found |= {(row.key, row.part): row.withdrawn for row in await self.connection.execute(rows)}
        return found

    async def _stop_after(self, lost: Sequence[int], now: datetime) -> None:
        """Cancel the parts that would follow these rows where those are lost."""
        before = and_(earlier.c.key == outbox.c.key, earlier.c.part < outbox.c.part, earlier.c.state.in_(LOST))
        for ids in _batches(lost):
            follows = and_(outbox.c.state == State.QUEUED, outbox.c.part > 1, exists().where(before, earlier.c.id.in_(ids)))
            stopped = {"state": State.CANCELLED, "detail": "an earlier part was not sent", "settled_at": now}
            await self.connection.execute(update(outbox).where(follows).values(stopped))


def _keys(rows: Sequence[OutboxRow]) -> int:
    """Messages, however many parts each has."""
    return len({row.planned.key for row in rows})


def _queued(lane: Lane, channels: Collection[str] | None) -> ColumnElement[bool]:
    where = and_(outbox.c.state == State.QUEUED, outbox.c.lane == int(lane))
    return where if channels is None else and_(where, outbox.c.channel.in_(channels))


def _ready() -> ColumnElement[bool]:
    """The first part, or one whose part before it arrived or was left be."""
    over = earlier.c.state.in_((State.SENT, State.SETTLED))
    before = and_(earlier.c.key == outbox.c.key, earlier.c.part == outbox.c.part - 1, over)
    return or_(outbox.c.part == 1, exists(select(literal(1)).select_from(earlier).where(before)))


def _uncertain(row: int) -> ColumnElement[bool]:
    return and_(outbox.c.id == row, outbox.c.state == State.UNCERTAIN)


def _left_behind(now: datetime, spare: Collection[str]) -> ColumnElement[bool]:
    return and_(outbox.c.state == State.SENDING, outbox.c.lease_until <= now, outbox.c.channel.not_in(tuple(spare)))


def _of(kind: str, reference: str, *states: State) -> ColumnElement[bool]:
    return and_(outbox.c.kind == kind, outbox.c.reference == reference, outbox.c.state.in_(states))


def _held() -> Any:
    """An UPDATE of the row that is being sent under a token."""
    return update(outbox).where(
        outbox.c.id == bindparam("held_row"), outbox.c.token == bindparam("held_token"), outbox.c.state == State.SENDING
    )


def _claim(row: int, token: str, detail: str) -> dict[str, Any]:
    return {"held_row": row, "held_token": token, "now_detail": detail}


def _end(one: Settlement) -> dict[str, Any]:
    ending = {"now_state": ENDS[one.receipt.outcome], "now_remotes": list(one.receipt.remotes)}
    return _claim(one.row, one.token, one.receipt.detail) | ending


def _batches(ids: Sequence[Value]) -> list[Sequence[Value]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def _planned_values(row: Planned, now: datetime) -> dict[str, Any]:
    return {
        "key": row.key, "part": row.part, "kind": row.kind, "reference": row.reference, "person": row.person,
        "channel": row.address.channel, "chat": row.address.chat, "lane": int(row.lane), "not_before": row.not_before,
        "expires": row.expires, "state": State.QUEUED, "token": "", "attempts": 0, "repeat": False, "remotes": [],
        "detail": "", "lease_until": None, "planned_at": now, "settled_at": None,
    }  # fmt: skip


def _row(row: Row[Any]) -> OutboxRow:
    address = Address(row.channel, row.chat)
    planned = Planned(row.key, row.kind, row.reference, row.person, address, Lane(row.lane), row.not_before, row.expires, row.part)
    return OutboxRow(
        row.id,
        planned,
        State(row.state),
        row.token,
        row.attempts,
        row.repeat,
        tuple(row.remotes),
        row.detail,
        row.lease_until,
        row.settled_at,
    )
