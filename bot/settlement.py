"""What becomes of a row whose sending ended: settled, due again, sent to another address, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat import Address, Outcome, Receipt
from storage.notices import TIED
from storage.store import Transaction
from storage.values import OutboxRow, Settlement

PAUSES = (5, 15, 60, 300, 900)
"""Seconds before the next try of a row that was proven not sent, by attempt."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A row whose sending ended: with a receipt, or cancelled with a reason."""

    row: OutboxRow
    receipt: Receipt | None
    cancelled: str = ""


async def settle(db: Transaction, finished: Sequence[Finished], now: datetime) -> None:
    """Write down what became of these rows, and what was learned of their addresses on the way."""
    settlements, cancelled = [], []
    for end in finished:
        if end.receipt is None:
            cancelled.append((end.row.id, end.row.token, end.cancelled))
            continue
        if end.receipt.outcome is Outcome.GONE and await _elsewhere(db, end.row, end.receipt.detail, now):
            continue
        retry_at = None
        if end.receipt.outcome is Outcome.LATER:
            step = PAUSES[min(end.row.attempts - 1, len(PAUSES) - 1)]
            retry_at = now + timedelta(seconds=end.receipt.retry_after or step)
        settlements.append(Settlement(end.row.id, end.row.token, end.receipt, retry_at))
        if end.receipt.moved:
            to = end.row.planned.address
            await db.people.move(to, Address(to.channel, end.receipt.moved), now)
    if settlements:
        await db.outbox.settle(settlements, now)
    if cancelled:
        await db.outbox.cancel_claimed(cancelled, now)


async def _elsewhere(db: Transaction, row: OutboxRow, why: str, now: datetime) -> bool:
    """Close an address that takes no more; True where its person has another, to which the row goes now instead."""
    lost, person = row.planned.address, row.planned.person
    await db.people.close(lost, now, why)
    other = await db.addresses.fall_back(person, lost) if person is not None else None
    return other is not None and row.planned.kind not in TIED and await db.outbox.reroute(row, other)
