"""Between the routes and the desk: what visitors say goes in, what the bot says is put where it belongs."""

import asyncio
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.web.conversation import Conversation, Conversations, Entry, Shown
from bot.channels.web.session import ADDRESS
from bot.channels.web.shelf import Shelf
from bot.chat import Abilities, Action, Address, Desk, File, FileRef, Incoming, Outcome, Place, Receipt, Reply
from bot.chat.cut import cut
from bot.errors import Refusal
from bot.limits import Pace

NAME = "web"
ABILITIES = Abilities(text_limit=100_000, text_unit="characters", upload_limit=50_000_000, fetch_limit=20_000_000, pages=True)
MOST_WAITING = 8
"""Messages of one session that may wait for an answer."""

log = logging.getLogger(__name__)


class Exchange:
    """The conversations of all sessions, their files, and the answers being made."""

    def __init__(self, pace: Pace) -> None:
        self.conversations = Conversations()
        self.shelf = Shelf()
        self.desk: Desk | None = None
        self.closing = False
        self._pace = pace
        self._answers: set[asyncio.Task[None]] = set()

    def open(self, desk: Desk) -> None:
        """From now on messages go to `desk`."""
        self.desk, self.closing = desk, False

    def may_speak(self, conversation: Conversation) -> float:
        """Seconds until the session may say more, 0 where it may now; counts it where it may."""
        now = time.monotonic()
        seconds = conversation.window.wait(now) if conversation.waiting < MOST_WAITING else 1.0
        if not seconds:
            conversation.window.mark(now)
        return seconds

    def hear(
        self,
        session: str,
        given: str,
        language: str,
        *,
        text: str = "",
        action: Action | None = None,
        pressed: str = "",
        files: tuple[Shown, ...] = (),
    ) -> None:
        """Take in a message or a press with the id the page gave it; the answer follows on the session's open pages."""
        conversation = self.conversations.of(session)
        if not conversation.first_time(given):
            return
        if action is None:
            conversation.put(Entry(given, True, text, datetime.now(UTC), files=files))
        incoming = Incoming(
            address=Address(NAME, session),
            sender=session,
            text=text,
            action=action,
            files=tuple(FileRef(NAME, file.id, file.name, file.size, file.mime) for file in files),
            language=language,
            remote=pressed or given,
            update=given,
        )
        conversation.wait_for_answer(1)
        task = asyncio.create_task(self._answer(conversation, incoming))
        self._answers.add(task)
        task.add_done_callback(self._answered)

    async def _answer(self, conversation: Conversation, incoming: Incoming) -> None:
        try:
            async with conversation.turn:
                assert self.desk is not None, "messages come in only while a desk is there"
                reply = await self.desk.answer(incoming)
                if reply is not None:
                    self._pace.mark(incoming.address.chat, time.monotonic())
                    self._place(conversation, reply, incoming.remote if incoming.action else "")
        finally:
            conversation.wait_for_answer(-1)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an answer was lost", exc_info=error)

    def _place(self, conversation: Conversation, reply: Reply, pressed: str) -> None:
        if reply.place is Place.TOAST:
            conversation.toast(reply.text)
            return
        shown = conversation.entries.get(pressed)
        replaces = reply.place is Place.REPLACE and pressed and not (shown and shown.mine)
        files = tuple(kept for file in reply.files if (kept := self._keep(file)))
        self._say(conversation, reply, files, pressed if replaces else "")

    def _say(self, conversation: Conversation, message: Reply, files: tuple[Shown, ...], identity: str = "") -> tuple[str, ...]:
        """Add a message in pieces that a page shows easily, the first in place of `identity`, buttons and files with the last."""
        pieces = cut(message.text, ABILITIES.text_limit, ABILITIES.text_unit) or [""]
        made: list[str] = []
        for number, piece in enumerate(pieces, 1):
            old = conversation.entries.get(identity)
            entry = Entry(
                identity or self.conversations.new_id(), False, piece, old.at if old else datetime.now(UTC), edited=bool(identity)
            )
            if number == len(pieces):
                entry = replace(entry, buttons=message.buttons, files=files)
            conversation.put(entry)
            made.append(entry.id)
            identity = ""
        return tuple(made)

    def _keep(self, file: File) -> Shown | None:
        """Put a file on the shelf, or find it there by its earlier id; None for one that is gone or too large."""
        if file.remote and not file.data:
            held = self.shelf.get(file.remote)
            return Shown(file.remote, file.name or held.name, held.mime, len(held.data)) if held else None
        if len(file.data) > ABILITIES.upload_limit:
            return None
        return Shown(self.shelf.put(file.name, file.mime, file.data), file.name, file.mime, len(file.data))

    def deliver(self, to: Address, message: Reply) -> Receipt:
        """Keep a message the bot starts, and show it on every open page of the session."""
        if to.channel != NAME or not ADDRESS.fullmatch(to.chat):
            return Receipt(Outcome.FAILED, detail="no session of the page")
        files = [self._keep(file) for file in message.files]
        if None in files:
            return Receipt(Outcome.FAILED, detail="a file is too large or no longer held")
        kept = tuple(file for file in files if file)
        if not message.text.strip() and not kept:
            return Receipt(Outcome.FAILED, detail="nothing to say")
        self._pace.mark(to.chat, time.monotonic())
        made = self._say(self.conversations.of(to.chat), message, kept)
        return Receipt(Outcome.SENT, made, tuple(file.id for file in kept))

    def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """Change a message of the bot where it stands; FAILED where it is no longer kept."""
        if to.channel != NAME or not ADDRESS.fullmatch(to.chat):
            return Receipt(Outcome.FAILED, detail="no session of the page")
        conversation = self.conversations.of(to.chat)
        shown = conversation.entries.get(remote)
        if shown is None or shown.mine:
            return Receipt(Outcome.FAILED, detail="no such message")
        self._pace.mark(to.chat, time.monotonic())
        files = tuple(kept for file in message.files if (kept := self._keep(file))) or shown.files
        made = self._say(conversation, message, files, remote)
        return Receipt(Outcome.SENT, made, tuple(file.id for file in files))

    def recall(self, to: Address, remote: str) -> Receipt:
        """Take a message of the bot away; FAILED where it is no longer kept."""
        if to.channel != NAME or not ADDRESS.fullmatch(to.chat):
            return Receipt(Outcome.FAILED, detail="no session of the page")
        conversation = self.conversations.of(to.chat)
        shown = conversation.entries.get(remote)
        if shown is None or shown.mine or not conversation.drop(remote):
            return Receipt(Outcome.FAILED, detail="no such message")
        self._pace.mark(to.chat, time.monotonic())
        return Receipt(Outcome.SENT, (remote,))

    def fetch(self, file: FileRef) -> bytes:
        """The bytes of a file a visitor sent; Refusal where it is gone."""
        held = self.shelf.get(file.remote) if file.channel == NAME else None
        if held is None:
            raise Refusal("channel.file_gone", name=file.name)
        return held.data

    async def finish(self, seconds: float) -> None:
        """Give the answers being made `seconds` to end, stop the others, and let every open page go."""
        self.closing = True
        if self._answers:
            await asyncio.wait(self._answers, timeout=seconds)
        unfinished = list(self._answers)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        for conversation in self.conversations:
            for stream in conversation.streams:
                stream.end()
