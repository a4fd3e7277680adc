"""Telegram as a channel: polling or a webhook, messages and presses in, answers and reminders out."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, InlineQuery, Message, Update
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, TypeHandler

from bot.channels.telegram import inline, menu
from bot.channels.telegram.feed import Feed
from bot.channels.telegram.hook import serve_hook
from bot.channels.telegram.incoming import KINDS, NAME, address_of, read_message, read_press
from bot.channels.telegram.post import Post, led, quietly
from bot.channels.telegram.render import TEXT, start_link
from bot.channels.telegram.wire import Wire
from bot.chat import Abilities, Address, Desk, FileRef, Incoming, Outcome, Place, Receipt, Reply
from bot.errors import Refusal
from bot.limits import Lane, Pace
from bot.redact import redact
from bot.settings import Telegram

ABILITIES = Abilities(text_limit=TEXT, text_unit="utf16", abroad=True)
TOAST = 200
"""Characters of an answer to a press (Bot API, answerCallbackQuery)."""
AT_ONCE = 64
"""Updates answered at the same time; those of one chat wait for each other."""
MENU_KEPT = 4096

log = logging.getLogger("planbot.telegram")


class TelegramChannel:
    """One bot account; built new at every `run`, so that a broken connection leaves nothing behind."""

    name = NAME
    abilities = ABILITIES

    def __init__(self, settings: Telegram, pace: Pace) -> None:
        self._settings = settings
        self._wire = Wire(pace)
        self._app: Application | None = None  # type: ignore[type-arg]
        self._post: Post | None = None
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ranks: dict[int, int] = {}
        redact(settings.token, settings.webhook_secret)

    async def run(self, desk: Desk) -> None:
        """Bring messages in until cancelled. Refusal for a token that Telegram rejects; network errors are the supervisor's."""
        try:
            async with self._running(desk) as app:
                if self._settings.webhook_url:
                    await serve_hook(app, self._settings, list(KINDS))
                else:
                    assert app.updater is not None
                    await app.bot.delete_webhook()
                    await app.updater.start_polling(allowed_updates=list(KINDS), error_callback=_told)
                    await asyncio.Event().wait()
        except InvalidToken:
            raise Refusal("telegram.token") from None

    async def deliver(self, to: Address, message: Reply, key: str, lane: Lane = Lane.REMINDER) -> Receipt:
        """Send a message that the bot starts; LATER while there is no connection."""
        if self._post is None:
            return self._wire.closed()
        return await self._post.send(to.chat, message, lane)

    async def amend(self, to: Address, remote: str, message: Reply) -> Receipt:
        """Replace a message sent earlier."""
        if self._post is None:
            return self._wire.closed()
        return await self._post.edit(to.chat, _number(remote), message, Lane.NOTICE)

    async def recall(self, to: Address, remote: str) -> Receipt:
        """Delete a message sent earlier; FAILED after 48 hours."""
        if self._post is None:
            return self._wire.closed()
        return await self._post.delete(to.chat, _number(remote))

    async def fetch(self, file: FileRef) -> bytes:
        """Download a file; Refusal past 20 MB or where Telegram has it no more."""
        limit = ABILITIES.fetch_limit
        if file.size > limit:
            raise Refusal("file.too_large", limit=limit // 1_000_000)
        if self._app is None:
            raise Refusal("channel.file_gone", name=file.name)
        try:
            found = await self._app.bot.get_file(file.remote)
            return bytes(await found.download_as_bytearray())
        except TelegramError as error:
            if "too big" in error.message.lower():
                raise Refusal("file.too_large", limit=limit // 1_000_000) from None
            raise Refusal("channel.file_gone", name=file.name) from None

    def opening(self, payload: str) -> str:
        """The deep link of the bot; empty while there is no connection, for its name is not known then."""
        return start_link(self._app.bot.username, payload) if self._app is not None else ""

    async def governs(self, group: Address, sender: str) -> bool | None:
        """Whether Telegram has the sender as creator or administrator of the group; one who writes in the group's own name is."""
        if sender == group.chat:
            return True
        if self._app is None or not sender.lstrip("-").isdecimal():
            return None
        try:
            await self._wire.turn(group.chat, Lane.ANSWER, messages=0)
            member = await self._app.bot.get_chat_member(group.chat, int(sender))
        except TelegramError:
            return None
        return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    @contextlib.asynccontextmanager
    async def _running(self, desk: Desk) -> AsyncIterator[Application]:  # type: ignore[type-arg]
        settings = self._settings
        builder = Application.builder().token(settings.token).job_queue(None).concurrent_updates(AT_ONCE)
        builder = builder.base_url(f"{settings.base_url.rstrip('/')}/bot").base_file_url(f"{settings.base_url.rstrip('/')}/file/bot")
        builder = builder.get_updates_request(Feed(connection_pool_size=1, proxy=settings.proxy or None))
        if settings.proxy:
            builder = builder.proxy(settings.proxy)
        if settings.webhook_url:
            builder = builder.updater(None)
        app = builder.build()

        async def update(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            await self._update(desk, update)

        app.add_handler(TypeHandler(Update, update))
        async with app:
            self._app, self._post = app, Post(app.bot, self._wire)
            try:
                await menu.publish(app.bot, desk.menu)
                await app.start()
                yield app
            finally:
                self._app = self._post = None
                if app.updater is not None and app.updater.running:
                    await app.updater.stop()
                if app.running:
                    await app.stop()

    async def _update(self, desk: Desk, update: Update) -> None:
        """Take one update; those of one chat in their order. What goes wrong is logged, for the next update must not suffer."""
        try:
            if update.inline_query is not None:
                await self._typed(desk, update.inline_query)
                return
            if update.my_chat_member is not None:
                await self._membership(desk, update.my_chat_member)
                return
            chat = str(update.effective_chat.id) if update.effective_chat else ""
            async with self._lines[chat]:
                if update.callback_query is not None:
                    await self._pressed(desk, update.callback_query, update.update_id)
                elif update.message is not None:
                    await self._said(desk, update.message, update.update_id)
            if len(self._lines) > MENU_KEPT:
                self._lines = defaultdict(asyncio.Lock, {name: line for name, line in self._lines.items() if line.locked()})
        except Exception:
            log.exception("an update could not be answered")

    async def _said(self, desk: Desk, message: Message, number: int) -> None:
        assert self._app is not None
        if message.migrate_to_chat_id is not None:
            await desk.moved(address_of(message.chat.id), address_of(message.migrate_to_chat_id))
            return
        incoming = read_message(message, number, self._app.bot.bot)
        if incoming is None:
            return
        chat = incoming.address.chat
        if incoming.addressed and self._wire.free(chat):
            await quietly(self._app.bot.send_chat_action(chat, ChatAction.TYPING))
        reply = await desk.answer(incoming)
        if reply is not None:
            await self._answer(incoming, reply, message.message_id if incoming.group else None)
        if not incoming.group:
            await self._fit_menu(desk, message.chat.id)

    async def _pressed(self, desk: Desk, query: CallbackQuery, number: int) -> None:
        incoming = read_press(query, number)
        if incoming is None:
            await quietly(query.answer())
            return
        reply = await desk.answer(incoming)
        if reply is not None and reply.place is Place.TOAST:
            await quietly(query.answer(reply.text[:TOAST]))
            return
        await quietly(query.answer())
        if reply is None or self._post is None:
            return
        if reply.place is Place.REPLACE:
            receipt = await self._post.edit(incoming.address.chat, int(incoming.remote), reply, Lane.ANSWER)
            if receipt.outcome is Outcome.SENT:
                return
        asked = query.message.reply_to_message if isinstance(query.message, Message) else None
        await self._answer(incoming, reply, asked.message_id if incoming.group and asked else None)

    async def _answer(self, incoming: Incoming, reply: Reply, reply_to: int | None) -> None:
        if self._post is None or self._app is None:
            return
        if reply.private and incoming.group:
            reply = led(reply, start_link(self._app.bot.username, reply.link))
        receipt = await self._post.send(incoming.address.chat, reply, Lane.ANSWER, reply_to, patient=True)
        if receipt.outcome is not Outcome.SENT:
            log.warning("an answer was not delivered: %s", receipt.outcome.value)

    async def _typed(self, desk: Desk, query: InlineQuery) -> None:
        found = await desk.suggest(query.query, address_of(query.from_user.id), inline.MOST)
        await quietly(query.answer(inline.articles(found), cache_time=0, is_personal=True))

    async def _membership(self, desk: Desk, change: ChatMemberUpdated) -> None:
        """Blocked, thrown out: the address is closed. Its next message opens it again."""
        if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            await desk.closed(address_of(change.chat.id))

    async def _fit_menu(self, desk: Desk, chat: int) -> None:
        """Give a private chat the menu of its person's rank, once for each rank."""
        rank = await desk.rank(address_of(chat))
        if self._ranks.get(chat, 0) == rank or self._app is None:
            return
        if len(self._ranks) > MENU_KEPT:
            self._ranks.clear()
        self._ranks[chat] = rank
        await quietly(menu.publish_for(self._app.bot, desk.menu, chat, rank))


def build(settings: Telegram, pace: Pace) -> TelegramChannel:
    """The channel of this configuration; Refusal where it has no token."""
    if not settings.token:
        raise Refusal("setting.no_token")
    return TelegramChannel(settings, pace)


def _told(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another program polls with the same token; Telegram serves one at a time, so stop the other")
    else:
        log.warning("Telegram could not be asked for news (%s); trying again", type(error).__name__)


def _number(remote: str) -> int:
    """A message id as Telegram counts; 0, which no message has, for anything else."""
    return int(remote) if remote.isascii() and remote.isdigit() else 0
