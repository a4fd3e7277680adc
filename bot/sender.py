"""The ledger's loop: claim what is due, have it worded, send it within the channel's pace, and settle what became of it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat import Channel, Outcome, Receipt, Reply
from bot.errors import BadStore
from bot.handover import Handover
from bot.limits import Lane, Pace
from bot.settlement import Finished, settle
from bot.tenure import Tenure
from storage.store import Store, Transaction
from storage.values import Amended, Cancelled, OutboxRow, Postponed, Recalled

LONGEST_SLEEP = 1.0
"""Seconds between two looks at the ledger, so that rows written by another process are seen."""
PATIENCE = 3.0
"""Seconds that a claimed row may wait for the channel's limits; past that it goes back, so that a crash leaves it in no doubt."""
OVERSLEPT = timedelta(minutes=10)
"""A longer time between two looks at the ledger means that the process, or the machine, was stopped."""
CLOSING = 10.0
"""Seconds that what is in flight may take when the process is told to stop."""
GATHERING = 0.03
"""Seconds that a settlement waits for others; a commit for each would take more time than sending."""

log = logging.getLogger("planbot.sender")

Composed = Reply | Amended | Recalled | Cancelled | Postponed
Compose = Callable[[Sequence[OutboxRow], datetime], Awaitable[Sequence[Composed | Exception]]]
"""Words rows that were claimed together; an error is the result of its own row alone."""


class Sender:
    """One per process; several processes do not double, because a claim is a committed row."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        paces: Mapping[str, Pace],
        compose: Compose,
        now: Callable[[], datetime],
        in_flight: int,
        lease: timedelta,
        overslept: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._paces = paces
        self._compose = compose
        self._now = now
        self._in_flight = in_flight
        self._lease = lease
        self._overslept = overslept
        self._looked = now()
        self._bell = asyncio.Event()
        self._handover = Handover(store)
        self._finished: list[Finished] = []
        self._running: set[asyncio.Task[None]] = set()
        self._claims: dict[int, str] = {}
        """The tokens of the rows that are claimed here and not settled yet."""
        self._tenure = Tenure(paces)

    def wake(self) -> None:
        """Look at the ledger now: it has new rows, or the clock says that some are due."""
        self._bell.set()

    def turn(self, channel: str, until: float) -> None:
        """Send on this channel until that monotonic second; 0: not at all, it is another process's turn."""
        self._tenure.turn(channel, until)
        self.wake()

    async def run(self) -> None:
        """Send until cancelled; then what is in flight is finished and settled."""
        keeping = asyncio.create_task(self._keep(), name="claims")
        try:
            while True:
                try:
                    # A machine that slept wakes to much that is late; that is seen to before any of it leaves.
                    slept, self._looked = self._now() - self._looked, self._now()
                    if slept > OVERSLEPT and self._overslept is not None:
                        await self._overslept()
                    pause = await self.step()
                except asyncio.CancelledError:
                    raise
                except BadStore as error:
                    log.error("the ledger could not be read or written (%s); trying again", error.key)
                    pause = LONGEST_SLEEP
                except Exception:
                    log.exception("the ledger could not be read or written; trying again")
                    pause = LONGEST_SLEEP
                await self._sleep(pause)
                await self._gather()
        finally:
            keeping.cancel()
            await self._close()

    async def step(self) -> float:
        """Settle what ended and claim what is due in one commit, and start sending it; returns the seconds to the next look."""
        now = self._now()
        finished, self._finished = self._finished, []
        # By what is claimed and not by tasks: one that has just ended may still be in the set, and its place would stay empty a second.
        free = self._in_flight - len(self._claims) + len(finished)
        halts = {name: self._paces[name].halted_until - time.monotonic() for name in self._channels}
        foreign, taken = self._tenure.foreign(), self._tenure.taken()
        open_ones = tuple(name for name, left in halts.items() if left <= 0 and name not in foreign)
        try:
            async with self._store.begin() as db:
                await settle(db, finished, now)
                if taken:
                    await self._take_up(db, now, taken)
                claimed = await db.outbox.claim(now, free, self._lease, open_ones) if free > 0 else []
                # While something is under way its end wakes the loop, so there is no need to know what comes after.
                due = None if claimed or len(finished) < len(self._claims) else await db.outbox.next_due(now)
        except BaseException:
            self._finished = finished + self._finished
            raise
        self._tenure.took_up(taken)
        for end in finished:
            self._claims.pop(end.row.id, None)
        for row in claimed:
            self._claims[row.id] = row.token
        if claimed:
            self._start(self._send_all(claimed), "word")
        # What is due and was not claimed is another sender's or of a channel that is halted: looking again at once finds the same.
        if due is None or self._running or due <= now:
            return min([LONGEST_SLEEP, *(left for left in halts.values() if left > 0)])
        return min(LONGEST_SLEEP, max(0.0, (due - self._now()).total_seconds()))

    async def drain(self) -> None:
        """Send everything that is due now and settle it; returns when nothing is in flight."""
        while True:
            await self.step()
            if not self._running and not self._finished:
                return
            if self._running:
                await asyncio.wait(self._running)

    async def recover(self) -> None:
        """Take up the rows of a sender that died, and note what is too late."""
        now = self._now()
        async with self._store.begin() as db:
            # First of all, because the clock may have jumped past the leases of what is being sent here.
            await db.outbox.renew(self._claims.items(), now + self._lease)
            await self._take_up(db, now)
            missed = await db.outbox.overdue(now)
        if missed:
            log.warning("%d messages came too late to be of use and were not sent", len(missed))

    async def _take_up(self, db: Transaction, now: datetime, taken: Collection[str] = ()) -> None:
        """Rows whose sender died become `uncertain`; a reminder among them goes out once more, marked as a possible repeat.

        A notice in doubt waits for a person to decide: it stands on the notice's board with the name of whom it was for. Who has
        `taken` a channel over need not wait for claims to run out: the one before is dead, or has stood still for a whole turn.
        """
        for row in await db.outbox.recover(now, self._tenure.foreign(), taken, tuple(self._claims)):
            log.warning("row %d may have been sent before the process ended", row.id)
        for row in (await db.outbox.backlog(now)).uncertain:
            if row.planned.lane is Lane.NOTICE:
                continue
            over = row.planned.expires is not None and row.planned.expires <= now
            if row.repeat or over:
                await db.outbox.settle_uncertain(row.id, now)
            else:
                await db.outbox.resend(row.id, now)

    async def _keep(self) -> None:
        """Renew the claims of what is being sent here, and take up the rows of a sender that died, until cancelled."""
        pause = self._lease.total_seconds() / 4
        while True:
            await asyncio.sleep(pause)
            try:
                if self._claims or await self._left_behind():
                    await self.recover()
            except Exception as error:
                log.error("claims could not be renewed (%s); trying again", type(error).__name__)

    async def _left_behind(self) -> bool:
        async with self._store.read() as db:
            return await db.outbox.left_behind(self._now(), self._tenure.foreign())

    async def _send_all(self, rows: Sequence[OutboxRow]) -> None:
        """Have rows worded together and send each; what could not be read for lack of the database is proven not sent."""
        worded: Sequence[Composed | Exception]
        try:
            worded = await self._compose(rows, self._now())
        except Exception as error:
            worded = [error] * len(rows)
        for row, message in zip(rows, worded, strict=True):
            if isinstance(message, BadStore):
                self._end(Finished(row, Receipt(Outcome.LATER, detail=message.key)))
            elif isinstance(message, Exception):
                log.error("row %d could not be worded", row.id, exc_info=message)
                self._end(Finished(row, Receipt(Outcome.FAILED, detail=type(message).__name__)))
            else:
                self._start(self._send(row, message), f"send {row.id}")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _end(self, finished: Finished) -> None:
        self._finished.append(finished)
        self._bell.set()

    async def _send(self, row: OutboxRow, message: Composed) -> None:
        try:
            finished = await self._attempt(row, message)
        except asyncio.CancelledError:
            raise
        except BadStore as error:
            finished = Finished(row, Receipt(Outcome.LATER, detail=error.key))
        except Exception as error:
            # A channel does not raise; where one does, nobody knows whether the message left.
            log.exception("row %d may have been sent", row.id)
            finished = Finished(row, Receipt(Outcome.UNCERTAIN, detail=type(error).__name__))
        self._end(finished)

    async def _attempt(self, row: OutboxRow, message: Composed) -> Finished:
        if isinstance(message, Cancelled):
            return Finished(row, None, message.why)
        if isinstance(message, Postponed):
            wait = max(1.0, (message.until - self._now()).total_seconds())
            return Finished(row, Receipt(Outcome.LATER, retry_after=wait, detail=message.why))
        address = row.planned.address
        pace = self._paces[address.channel]
        wait = pace.wait(address.chat, time.monotonic(), row.planned.lane)
        began = time.monotonic()
        while wait > 0:
            if time.monotonic() + wait > began + PATIENCE:
                return Finished(row, Receipt(Outcome.LATER, retry_after=wait, detail="the channel's limits"))
            await asyncio.sleep(wait)
            wait = pace.wait(address.chat, time.monotonic(), row.planned.lane)
        if address.channel in self._tenure.foreign():
            return Finished(row, Receipt(Outcome.LATER, detail="another process sends now"))
        return Finished(row, await self._handover.give(self._channels[address.channel], row, message))

    async def _sleep(self, seconds: float) -> None:
        # Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with the bell.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        self._bell.clear()

    async def _gather(self) -> None:
        """Let what ends in the same moment share a commit: where little has ended yet, wait a moment for more."""
        if len(self._finished) < len(self._claims):
            await asyncio.sleep(GATHERING)

    async def _close(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                while self._running:
                    await asyncio.wait(self._running)
        for task in self._running:
            task.cancel()
        finished, self._finished = self._finished, []
        async with self._store.begin() as db:
            await settle(db, finished, self._now())
