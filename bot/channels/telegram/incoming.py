"""What Telegram delivers becomes an Incoming, or is told apart as nothing that the desk could answer."""

from collections.abc import Sequence

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from bot.chat import STALE, Action, Address, FileRef, Incoming

KINDS = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER)
"""The kinds of update the bot asks for."""
NAME = "telegram"


def address_of(chat: int) -> Address:
    """The address of a chat."""
    return Address(NAME, str(chat))


def read_message(message: Message, update: int, me: User) -> Incoming | None:
    """A message with text, caption, photo or document, or `unread` with a voice, place or the like; None for anything else and for bots.

    A sticker or a die is a gesture and wants no answer; what happened to the chat (somebody joined) is no message.

    In groups a mention of the bot is taken out of the text, and `addressed` is False where nothing says that the bot is meant.
    """
    sender = message.from_user
    if (sender is None or sender.is_bot) and message.sender_chat is None:
        return None
    text, entities = (message.text, message.entities) if message.text else (message.caption or "", message.caption_entities)
    files = _files(message)
    unread = "" if text or files else _unread(message)
    if not text and not files and not unread:
        return None
    group = message.chat.type in ("group", "supergroup")
    text, addressed = _without_name(text, entities, me, group)
    if message.reply_to_message is not None and message.reply_to_message.from_user is not None:
        addressed = addressed or message.reply_to_message.from_user.id == me.id
    # An anonymous administrator writes as the group and has no rank of their own.
    known = sender if message.sender_chat is None else None
    return Incoming(
        address=address_of(message.chat.id),
        sender=str(known.id if known else message.sender_chat.id if message.sender_chat else ""),
        text=text,
        files=files,
        group=group,
        addressed=addressed if group else True,
        language=(sender.language_code or "") if sender else "",
        name=known.full_name if known else "",
        remote=str(message.message_id),
        update=str(update),
        unread=unread,
    )


def read_press(query: CallbackQuery, update: int) -> Incoming | None:
    """A press on a button under a message of ours; None where there is no such message. Data that no button of ours holds is `STALE`.

    In a group the bot answers as a reply, so the message that the pressed one replies to tells who had asked.
    """
    message = query.message
    action = Action.unpack(query.data or "") or STALE
    if message is None:
        return None
    group = message.chat.type in ("group", "supergroup")
    asked = message.reply_to_message if isinstance(message, Message) else None
    asker = asked.from_user if asked is not None else None
    return Incoming(
        address=address_of(message.chat.id),
        sender=str(query.from_user.id),
        action=action,
        group=group,
        language=query.from_user.language_code or "",
        name=query.from_user.full_name,
        remote=str(message.message_id),
        update=str(update),
        invoked=str(asker.id) if asker is not None else "" if group else str(query.from_user.id),
    )


def _files(message: Message) -> tuple[FileRef, ...]:
    if message.photo:
        photo = message.photo[-1]
        return (FileRef(NAME, photo.file_id, "photo.jpg", photo.file_size or 0, "image/jpeg"),)
    if message.document and not message.animation:
        document = message.document
        return (FileRef(NAME, document.file_id, document.file_name or "file", document.file_size or 0, document.mime_type or ""),)
    return ()


def _unread(message: Message) -> str:
    """What a message without words holds that its sender expects an answer to; empty for gestures and notices of the chat."""
    if message.voice or message.audio or message.video_note:
        return "voice"
    others = (message.video, message.animation, message.location, message.venue, message.contact, message.poll, message.story)
    return "other" if any(others) else ""


def _without_name(text: str, entities: Sequence[MessageEntity], me: User, group: bool) -> tuple[str, bool]:
    """The text without the bot's name, and whether the name or a command was there. Offsets count UTF-16 units."""
    name = f"@{me.username}".lower()
    units = text.encode("utf-16-le", "surrogatepass")
    addressed = False
    for entity in sorted(entities, key=lambda entity: -entity.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        word = units[start:end].decode("utf-16-le", "replace")
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            command, at, bot = word.partition("@")
            if at and f"@{bot}".lower() != name:
                return text, False
            addressed = True
            units = command.encode("utf-16-le", "surrogatepass") + units[end:]
        elif (entity.type == MessageEntity.MENTION and word.lower() == name) or (entity.user is not None and entity.user.id == me.id):
            addressed = True
            if group:
                units = units[:start] + units[end:]
    plain = units.decode("utf-16-le", "replace")
    return (" ".join(plain.split(" ")).strip() if addressed else plain), addressed
