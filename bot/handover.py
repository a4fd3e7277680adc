"""Handing a message over to its channel: sent, changed or taken back, its files uploaded once and by one row at a time."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.chat import Address, Channel, Outcome, Receipt, Reply
from bot.errors import BadStore
from bot.limits import Lane
from storage.store import Store
from storage.values import Amended, OutboxRow, Recalled

UPLOADING = 2.0
"""Seconds after which a row looks again whether the file it needs was uploaded by another."""

log = logging.getLogger("planbot.sender")


class Handover:
    """What the sender does with a worded message once its turn has come."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._uploading = asyncio.Lock()

    async def give(self, channel: Channel, row: OutboxRow, message: Reply | Amended | Recalled) -> Receipt:
        """Send, change or take back; what cannot be changed is sent anew, what cannot be taken back is changed.

        BadStore is raised only where nothing was sent yet.
        """
        to, key = row.planned.address, row.planned.key
        if isinstance(message, Reply):
            return await self._deliver(channel, to, message, key, row.planned.lane)
        if isinstance(message, Recalled) and channel.abilities.recall:
            taken = await channel.recall(to, message.remote)
            if taken.outcome is not Outcome.FAILED:
                return taken
        if not channel.abilities.edit:
            if isinstance(message, Amended) and not message.anew:
                return Receipt(Outcome.FAILED, detail="the channel changes no messages")
            return await channel.deliver(to, message.message, key, row.planned.lane)
        return await channel.amend(to, message.remote, message.message)

    async def _deliver(self, channel: Channel, to: Address, message: Reply, key: str, lane: Lane) -> Receipt:
        """Send a message, its files by the ids of an earlier upload; what was never there is uploaded by one row at a time.

        An id that the channel does not know any more is forgotten, and the file sent anew: the refusal proves that nothing was.
        """
        digests = [file.digest for file in message.files if file.digest]
        if not digests:
            return await channel.deliver(to, message, key, lane)
        known = await self._held(channel, message)
        if known is not None:
            receipt = await channel.deliver(to, known, key, lane)
            if receipt.outcome is not Outcome.FAILED or "file" not in receipt.detail.lower():
                return receipt
            async with self._store.begin() as db:
                await db.files.forget_upload(channel.name, digests)
        if self._uploading.locked():
            # Waiting here would use up the row's lease; it comes again when the id may be known.
            return Receipt(Outcome.LATER, retry_after=UPLOADING, detail="an upload is under way")
        async with self._uploading:
            async with self._store.read() as db:
                data = {digest: await db.files.data(digest) for digest in digests}
            if any(held is None for held in data.values()):
                return Receipt(Outcome.FAILED, detail="the attachment is kept no more")
            files = tuple(replace(file, data=data.get(file.digest) or file.data) for file in message.files)
            receipt = await channel.deliver(to, replace(message, files=files), key, lane)
            if receipt.outcome is Outcome.SENT and len(receipt.files) == len(files):
                await self._note(channel.name, {file.digest: remote for file, remote in zip(files, receipt.files, strict=True)})
            return receipt

    async def _note(self, channel: str, uploads: Mapping[str, str]) -> None:
        """Keep the ids of what was uploaded; where that fails, it is uploaded once more another time."""
        try:
            async with self._store.begin() as db:
                for digest, remote in uploads.items():
                    if digest:
                        await db.files.note_upload(channel, digest, remote)
        except BadStore as error:
            log.warning("the id of an upload could not be kept (%s)", error.key)

    async def _held(self, channel: Channel, message: Reply) -> Reply | None:
        """The message with the channel's ids of its files; None where one of them was never uploaded there."""
        async with self._store.read() as db:
            held = await db.files.held(channel.name, [file.digest for file in message.files])
        if any(file.digest and file.digest not in held for file in message.files):
            return None
        return replace(message, files=tuple(replace(file, remote=held.get(file.digest, file.remote)) for file in message.files))
