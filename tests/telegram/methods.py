"""The methods of the Bot API that the bot uses; the name of a method is a key of `METHODS`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.checks import Params, Upload, checked_keyboard, checked_text, picture_size
from tests.telegram.faults import ApiError, bad
from tests.telegram.limits import Limits
from tests.telegram.world import Account, Chat, Json, Message, StoredFile, World

GONE = {
    "blocked": "Forbidden: bot was blocked by the user",
    "deactivated": "Forbidden: user is deactivated",
    "kicked": "Forbidden: bot was kicked from the group chat",
    "never": "Forbidden: bot can't initiate conversation with a user",
}


RIGHTS = """can_be_edited can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members
can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories is_anonymous"""


@dataclass(slots=True, eq=False)
class Question:
    """An inline query or a press that waits for the bot's answer."""

    id: str
    asker: Account
    text: str
    """The query, or the data of the button."""
    at: float
    answer: Json | None = None


@dataclass(slots=True)
class Api:
    """The bot's side of the world."""

    world: World
    limits: Limits
    questions: dict[str, Question] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """(scope as `type` or `type:chat`, language) -> commands."""
    about: dict[tuple[str, str], str] = field(default_factory=dict)
    """(`description` | `short_description` | `name`, language) -> text."""
    actions: list[tuple[int, str]] = field(default_factory=list)

    def call(self, method: str, params: Params) -> Any:
        """Carry out a method; ApiError where it is refused."""
        function = METHODS.get(method.lower())
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        return function(self, params)

    def chat(self, params: Params, writing: bool = True) -> Chat:
        """The chat meant; 400 or 403 where the bot cannot write there."""
        raw = params.text("chat_id").strip()
        chat = self.world.chats.get(int(raw)) if re.fullmatch(r"-?\d+", raw) else None
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to:
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if writing and chat.closed:
            raise ApiError(403, GONE[chat.closed])
        return chat

    def mine(self, params: Params, what: str) -> Message:
        """The bot's own message that is to be edited."""
        chat = self.chat(params)
        message = self.world.message(chat.id, params.number("message_id"))
        if message is None:
            raise bad(f"message to {what} not found")
        if message.sender is not self.world.bot:
            raise bad(f"message can't be {what}ed")
        return message

    def send(self, params: Params, **content: Any) -> Message:
        """Put a message of the bot into the chat."""
        chat = self.chat(params)
        reply = params.json("reply_parameters") or {}
        target = None
        if reply:
            target = self.world.message(int(reply.get("chat_id", chat.id)), int(reply["message_id"]))
            if target is None and not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        message = Message(self.world.next_id(), chat, self.world.bot, self.world.now(), reply_to=target, **content)
        thread = params.number("message_thread_id", 0)
        if thread:
            message.extra = {"message_thread_id": thread}
        chat.last_bot = True
        return self.world.post(message)

    def file(self, params: Params, kind: str, value: str) -> StoredFile:
        """The uploaded or reused file that `value` or the part called `kind` stands for."""
        upload: Upload | None = (
            params.files.get(value.removeprefix("attach://")) if value.startswith("attach://") else params.files.get(kind)
        )
        if upload is None:
            known = self.world.files.get(value)
            if known is None:
                raise bad("wrong file identifier/HTTP URL specified")
            if known.kind != kind:
                raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
            return known
        if not upload.data:
            raise bad("file must be non-empty")
        if len(upload.data) > self.limits.upload:
            raise bad(f"file of size {len(upload.data)} bytes is too big; the maximum size is {self.limits.upload} bytes")
        if kind == "photo":
            if len(upload.data) > self.limits.photo:
                raise bad(f"file of size {len(upload.data)} bytes is too big for a photo; the maximum size is {self.limits.photo} bytes")
            return self.world.keep(kind, upload.name, upload.mime, upload.data, picture_size(upload.data))
        return self.world.keep(kind, upload.name, upload.mime, upload.data)

    def question(self, params: Params, name: str) -> Question:
        """The press or inline query to answer, once and in time."""
        question = self.questions.get(params.text(name))
        if question is None or question.answer is not None or self.world.now() - question.at > self.limits.query_lives:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        return question


def get_me(api: Api, _params: Params) -> Json:
    return api.world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not api.world.privacy,
        "supports_inline_queries": True,
    }


def send_message(api: Api, params: Params) -> Json:
    text, entities = checked_text(params, api.limits, "text", api.limits.text)
    rows = checked_keyboard(params, api.limits)
    return api.send(params, text=text, entities=entities, rows=rows).json()


def send_file(kind: str) -> Callable[[Api, Params], Json]:
    def send(api: Api, params: Params) -> Json:
        caption, entities = checked_text(params, api.limits, "caption", api.limits.caption)
        rows = checked_keyboard(params, api.limits)
        api.chat(params)
        file = api.file(params, kind, params.text(kind))
        return api.send(params, caption=caption, entities=entities, rows=rows, file=file).json()

    return send


def send_media_group(api: Api, params: Params) -> list[Json]:
    items = params.json("media") or []
    least, most = api.limits.album
    if not least <= len(items) <= most:
        raise bad(f"there must be {least}-{most} messages in an album, not {len(items)}")
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and kinds - {"photo", "video"}:
        raise bad("document can't be mixed with other media types")
    api.chat(params)
    contents = []
    for item in items:
        caption, entities = checked_text(Params(item), api.limits, "caption", api.limits.caption)
        contents.append((caption, entities, api.file(params, item["type"], item["media"])))
    album = str(api.world.next_id())
    return [api.send(params, caption=caption, entities=marks, file=file, album=album).json() for caption, marks, file in contents]


def send_chat_action(api: Api, params: Params) -> bool:
    api.actions.append((api.chat(params).id, params.text("action")))
    api.world.ring()
    return True


def edit_text(api: Api, params: Params) -> Json:
    message = api.mine(params, "edit")
    if not message.text:
        raise bad("there is no text in the message to edit")
    text, entities = checked_text(params, api.limits, "text", api.limits.text)
    rows = checked_keyboard(params, api.limits)
    return _edit(
        api,
        message,
        message.text == text and message.entities == entities and message.rows == rows,
        text=text,
        entities=entities,
        rows=rows,
    )


def edit_caption(api: Api, params: Params) -> Json:
    message = api.mine(params, "edit")
    if message.file is None:
        raise bad("there is no caption in the message to edit")
    caption, entities = checked_text(params, api.limits, "caption", api.limits.caption)
    rows = checked_keyboard(params, api.limits)
    return _edit(api, message, message.caption == caption and message.rows == rows, caption=caption, entities=entities, rows=rows)


def edit_markup(api: Api, params: Params) -> Json:
    message = api.mine(params, "edit")
    rows = checked_keyboard(params, api.limits)
    return _edit(api, message, message.rows == rows, rows=rows)


def _edit(api: Api, message: Message, same: bool, **content: Any) -> Json:
    if same:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    for name, value in content.items():
        setattr(message, name, value)
    message.edits += 1
    api.world.ring()
    return message.json()


def delete_message(api: Api, params: Params) -> bool:
    chat = api.chat(params)
    message = api.world.message(chat.id, params.number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    if api.world.now() - message.date > api.limits.delete_within:
        raise bad("message can't be deleted for everyone")
    if chat.group and message.sender is not api.world.bot and api.world.bot.id not in chat.administrators:
        raise bad("message can't be deleted")
    message.deleted = True
    api.world.ring()
    return True


def answer_press(api: Api, params: Params) -> bool:
    question = api.question(params, "callback_query_id")
    if len(params.text("text")) > api.limits.toast:
        raise bad("MESSAGE_TOO_LONG")
    question.answer = {"text": params.text("text"), "alert": params.flag("show_alert"), "url": params.text("url")}
    api.world.ring()
    return True


def answer_inline(api: Api, params: Params) -> bool:
    question = api.question(params, "inline_query_id")
    results: list[Json] = params.json("results") or []
    if len(results) > api.limits.inline_results:
        raise bad("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64:
            raise bad("RESULT_ID_INVALID")
        if not str(result.get("title", "")).strip():
            raise bad('can\'t parse inline query result: field "title" is empty')
        content = result.get("input_message_content") or {}
        checked_text(Params({"text": content.get("message_text", "")}), api.limits, "text", api.limits.text)
        checked_keyboard(Params(result), api.limits)
    question.answer = {
        "results": results,
        "cache_time": params.number("cache_time", 300),
        "personal": params.flag("is_personal"),
        "button": params.json("button"),
    }
    api.world.ring()
    return True


def get_file(api: Api, params: Params) -> Json:
    file = api.world.files.get(params.text("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > api.limits.fetch:
        raise bad("file is too big")
    return {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": len(file.data), "file_path": file.path}


def get_chat(api: Api, params: Params) -> Json:
    return api.chat(params, writing=False).json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }


def get_chat_member(api: Api, params: Params) -> Json:
    chat = api.chat(params, writing=False)
    number = params.number("user_id")
    account = next((member for member in [*chat.members, api.world.bot] if member.id == number), None)
    if account is None:
        raise bad("member not found")
    if number in chat.administrators:
        return {"status": "administrator", "user": account.json()} | dict.fromkeys(RIGHTS.split(), False)
    if account is api.world.bot and chat.closed:
        return {"status": "kicked", "user": account.json(), "until_date": 0}
    return {"status": "member", "user": account.json()}


def _scope(api: Api, params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    name = str(scope["type"])
    if "chat_id" in scope:
        if int(scope["chat_id"]) not in api.world.chats:
            raise bad("chat not found")
        name += f":{scope['chat_id']}"
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    return name, language


def set_commands(api: Api, params: Params) -> bool:
    place = _scope(api, params)
    commands: list[Json] = params.json("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    api.commands[place] = commands
    api.world.ring()
    return True


def delete_commands(api: Api, params: Params) -> bool:
    api.commands.pop(_scope(api, params), None)
    api.world.ring()
    return True


def get_commands(api: Api, params: Params) -> list[Json]:
    return api.commands.get(_scope(api, params), [])


def set_about(field_name: str, most: int) -> Callable[[Api, Params], bool]:
    def set_text(api: Api, params: Params) -> bool:
        text = params.text(field_name)
        if len(text) > most:
            raise bad(f"{field_name} is too long")
        api.about[field_name, params.text("language_code")] = text
        api.world.ring()
        return True

    return set_text


def get_about(field_name: str) -> Callable[[Api, Params], Json]:
    return lambda api, params: {field_name: api.about.get((field_name, params.text("language_code")), "")}


METHODS: dict[str, Callable[[Api, Params], Any]] = {
    "getme": get_me,
    "sendmessage": send_message,
    "sendphoto": send_file("photo"),
    "senddocument": send_file("document"),
    "sendmediagroup": send_media_group,
    "sendchataction": send_chat_action,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_press,
    "answerinlinequery": answer_inline,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "setmycommands": set_commands,
    "deletemycommands": delete_commands,
    "getmycommands": get_commands,
    "setmydescription": set_about("description", 512),
    "getmydescription": get_about("description"),
    "setmyshortdescription": set_about("short_description", 120),
    "getmyshortdescription": get_about("short_description"),
    "setmyname": set_about("name", 64),
    "getmyname": get_about("name"),
}
"""getUpdates, setWebhook, deleteWebhook and getWebhookInfo need the network and live in `server`."""

COUNTED = ("sendmessage", "sendphoto", "senddocument", "sendmediagroup", "editmessagetext", "editmessagecaption", "editmessagereplymarkup")
"""The methods that the rates count."""


def weight(method: str, params: Params) -> int:
    """How many messages a call counts as; 0 where the rates do not count it."""
    if method.lower() not in COUNTED:
        return 0
    return max(1, len(params.json("media") or [])) if method.lower() == "sendmediagroup" else 1
