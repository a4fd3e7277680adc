"""Sending: the requests a reply takes, each in its turn, and what their outcome proves."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from telegram import Bot, InputMediaDocument, InputMediaPhoto, Message, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.channels.telegram.render import CAPTION, Part, emphasis, keyboard, parts_of
from bot.channels.telegram.trouble import judge, pause_of, seconds_of
from bot.channels.telegram.wire import Wire
from bot.chat import Button, File, Outcome, Receipt, Reply
from bot.limits import Lane
from bot.redact import blot
from bot.redact import parts_of as secrets_of

T = TypeVar("T")
PATIENCE = 3.0
"""Seconds that what nobody waits for may wait here; past that it goes back to the ledger, where a crash leaves it in no doubt."""
TRIES = 4
"""How often an answer is tried again after 429; somebody waits for it, so it is not put off to the ledger."""
UPLOAD = 60.0
"""Seconds that Telegram may take over a file; after PTB's five, what is merely slow would be in doubt."""
COURTESY = 5.0
"""Seconds that a typing sign or the end of a press may take."""
FORM = ("entit", "parse", "button", "reply_markup", "keyboard")
"""Words in a 400 that blame formatting or keyboard, not the message."""


class Post:
    """What one bot sends; every request waits for its turn on the wire."""

    def __init__(self, bot: Bot, wire: Wire) -> None:
        self._bot = bot
        self._wire = wire
        self._secrets = secrets_of(bot.token)

    async def send(self, chat: str, reply: Reply, lane: Lane, reply_to: int | None = None, patient: bool = False) -> Receipt:
        """Send a reply in as many requests as it takes; `patient` waits out a 429 where somebody waits for an answer.

        The receipt tells of the first request that failed; what was sent before it is named in `remotes`.
        """
        remotes: list[str] = []
        files: list[str] = []
        moved = ""
        for part in parts_of(reply):
            for attempt in range(TRIES):
                # Of a long message the rest follows, however long it takes: it cannot be tried again without doubling.
                within = None if lane is Lane.ANSWER or remotes else PATIENCE
                wait = await self._wire.turn(moved or chat, lane, messages=max(1, len(part.files)), within=within)
                if wait > 0:
                    return Receipt(Outcome.LATER, retry_after=wait, detail="the channel's limits", moved=moved)
                try:
                    messages = await self._part(moved or chat, part, reply_to)
                    break
                except ChatMigrated as error:
                    moved = str(error.new_chat_id)
                except RetryAfter as error:
                    self._wire.halt(seconds_of(error))
                    if not patient or attempt == TRIES - 1:
                        return self._failed(error, remotes, files, moved)
                except TelegramError as error:
                    if pause := pause_of(error):
                        self._wire.halt(pause)
                    return self._failed(error, remotes, files, moved)
            else:
                return Receipt(Outcome.FAILED, tuple(remotes), tuple(files), moved=moved)
            remotes += [str(message.message_id) for message in messages]
            files += [_file_id(message) for message in messages if _file_id(message)]
            reply_to = None
        return Receipt(Outcome.SENT, tuple(remotes), tuple(files), moved=moved)

    async def edit(self, chat: str, message: int, reply: Reply, lane: Lane) -> Receipt:
        """Replace a message's text and buttons; one that is the same already counts as done."""
        part = parts_of(reply)[-1]
        try:
            await self._wire.turn(chat, lane)
            await self._plainly(
                part,
                lambda markup, entities: self._bot.edit_message_text(
                    part.text, chat_id=chat, message_id=message, reply_markup=markup, entities=entities
                ),
            )
        except RetryAfter as error:
            self._wire.halt(seconds_of(error))
            return self._failed(error, [], [], "")
        except BadRequest as error:
            if "not modified" in error.message.lower():
                return Receipt(Outcome.SENT, (str(message),))
            if "no text in the message" in error.message.lower():
                return await self._caption(chat, message, reply, lane)
            return self._failed(error, [], [], "")
        except TelegramError as error:
            return self._failed(error, [], [], "")
        return Receipt(Outcome.SENT, (str(message),))

    async def _caption(self, chat: str, message: int, reply: Reply, lane: Lane) -> Receipt:
        """Replace what stands under a picture or document; the file itself stays."""
        try:
            await self._wire.turn(chat, lane)
            await self._bot.edit_message_caption(chat_id=chat, message_id=message, caption=reply.text[: CAPTION // 2])
        except TelegramError as error:
            if "not modified" in error.message.lower():
                return Receipt(Outcome.SENT, (str(message),))
            if isinstance(error, RetryAfter):
                self._wire.halt(seconds_of(error))
            return self._failed(error, [], [], "")
        return Receipt(Outcome.SENT, (str(message),))

    async def delete(self, chat: str, message: int) -> Receipt:
        """Delete a message; Telegram allows it for 48 hours."""
        try:
            await self._wire.turn(chat, Lane.NOTICE)
            await self._bot.delete_message(chat, message)
        except TelegramError as error:
            return self._failed(error, [], [], "")
        return Receipt(Outcome.SENT, (str(message),))

    def _failed(self, error: TelegramError, remotes: Sequence[str], files: Sequence[str], moved: str) -> Receipt:
        receipt = judge(error)
        detail = blot(receipt.detail, self._secrets)
        # A long message of which a part is out already cannot be tried again without doubling that part.
        outcome = Outcome.UNCERTAIN if remotes and receipt.outcome is Outcome.LATER else receipt.outcome
        return Receipt(outcome, tuple(remotes), tuple(files), receipt.retry_after, detail, moved)

    async def _part(self, chat: str, part: Part, reply_to: int | None) -> Sequence[Message]:
        answers = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to is not None else None
        if len(part.files) > 1:
            media = [_media(file, part.photos) for file in part.files]
            return await self._bot.send_media_group(chat, media, reply_parameters=answers, read_timeout=UPLOAD, write_timeout=UPLOAD)
        if part.files:
            return [await self._file(chat, part, answers)]
        sent = await self._plainly(
            part,
            lambda markup, entities: self._bot.send_message(
                chat, part.text, reply_markup=markup, entities=entities, reply_parameters=answers
            ),
        )
        return [sent]

    async def _file(self, chat: str, part: Part, answers: ReplyParameters | None) -> Message:
        (file,) = part.files
        held: Any = file.remote or file.data
        caption = part.text or None
        if part.photos:
            return await self._plainly(
                part,
                lambda markup, entities: self._bot.send_photo(
                    chat,
                    held,
                    caption=caption,
                    reply_markup=markup,
                    reply_parameters=answers,
                    filename=file.name,
                    read_timeout=UPLOAD,
                    write_timeout=UPLOAD,
                ),
            )
        return await self._plainly(
            part,
            lambda markup, entities: self._bot.send_document(
                chat,
                held,
                caption=caption,
                reply_markup=markup,
                reply_parameters=answers,
                filename=file.name,
                read_timeout=UPLOAD,
                write_timeout=UPLOAD,
            ),
        )

    async def _plainly(self, part: Part, request: Callable[[Any, Any], Awaitable[T]]) -> T:
        """Make a request with formatting and keyboard, and once more without them where they are what was refused."""
        try:
            return await request(keyboard(part.buttons), emphasis(part.text) or None)
        except BadRequest as error:
            if not any(word in error.message.lower() for word in FORM):
                raise
        return await request(keyboard(part.buttons, links=False), None)


def _media(file: File, photos: bool) -> Any:
    held: Any = file.remote or file.data
    return InputMediaPhoto(held, filename=file.name) if photos else InputMediaDocument(held, filename=file.name)


def _file_id(message: Message) -> str:
    if message.photo:
        return message.photo[-1].file_id
    return message.document.file_id if message.document else ""


def led(reply: Reply, link: str) -> Reply:
    """A private reply as a group sees it: its sentence with one button that opens the private chat."""
    label = next((button.label for row in reply.buttons for button in row), "→")
    return Reply(reply.text, ((Button(label, url=link),),))


async def quietly(request: Awaitable[Any]) -> None:
    """Make a request that is a courtesy; a refusal of it is nobody's concern."""
    with contextlib.suppress(TelegramError, TimeoutError):
        async with asyncio.timeout(COURTESY):
            await request
