"""People and groups: what they do reaches the bot as updates, and they hear what it answers."""

import mimetypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.telegram.world import Account, Chat, Json, Message, find_entities

if TYPE_CHECKING:
    from tests.telegram.server import TelegramServer


@dataclass(frozen=True, slots=True)
class Toast:
    """The bot's answer to a press."""

    text: str
    alert: bool
    url: str


@dataclass(frozen=True, slots=True)
class Offers:
    """The bot's answer to an inline query."""

    results: list[Json]
    cache_time: int
    personal: bool
    button: Json | None

    @property
    def titles(self) -> list[str]:
        """What the person sees in the list."""
        return [result["title"] for result in self.results]


class Group:
    """A group with the bot in it."""

    def __init__(self, server: "TelegramServer", chat: Chat) -> None:
        self.server = server
        self.chat = chat

    @property
    def id(self) -> int:
        """Its chat id."""
        return self.chat.id

    async def migrates(self) -> "Group":
        """Become a supergroup with a new id, as Telegram does by itself; returns the new group."""
        members = [User(self.server, account) for account in self.chat.members]
        new = self.server.group(self.chat.title, *members)
        self.chat.moved_to = new.id
        author = self.chat.members[0]
        for chat, extra in ((self.chat, {"migrate_to_chat_id": new.id}), (new.chat, {"migrate_from_chat_id": self.id})):
            notice = Message(self.server.world.next_id(), chat, author, self.server.world.now(), extra=extra)
            self.server.world.update("message", self.server.world.post(notice).json())
        return new

    async def throws_bot_out(self) -> None:
        """Remove the bot."""
        self.chat.closed = "kicked"
        _membership(self.server, self.chat, self.chat.members[0], "member", "kicked")

    async def takes_bot_in(self) -> None:
        """Add the bot (again)."""
        self.chat.closed = ""
        _membership(self.server, self.chat, self.chat.members[0], "left", "member")


@dataclass(slots=True, eq=False)
class User:
    """A person with a Telegram account."""

    server: "TelegramServer"
    account: Account
    _heard: dict[int, int] = field(default_factory=dict)
    """Chat -> how many of the bot's messages in it this person has taken note of."""

    @property
    def id(self) -> int:
        """The account's id, which is also the id of the private chat."""
        return self.account.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.server.world.chats[self.id]

    async def says(self, text: str, group: Group | None = None, *, reply_to: Message | None = None, **extra: Any) -> Message:
        """Write to the bot, or into a group (`@bot` in the text is a mention); returns the message."""
        return self._post(group, Message(0, self._in(group), self.account, 0, text=text, reply_to=reply_to, extra=extra))

    async def sends(
        self,
        name: str,
        data: bytes,
        group: Group | None = None,
        *,
        caption: str = "",
        kind: str = "document",
        reply_to: Message | None = None,
    ) -> Message:
        """Send a file; `kind` is `document`, `photo`, `voice`, `sticker`, `video` or `audio`."""
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = self.server.world.keep(kind, name, mime, data)
        return self._post(group, Message(0, self._in(group), self.account, 0, caption=caption, file=file, reply_to=reply_to))

    async def edits(self, message: Message, text: str) -> None:
        """Change an own message."""
        message.text, message.edits = text, message.edits + 1
        message.entities = find_entities(text)
        self.server.world.update("edited_message", message.json())

    async def presses(self, message: Message, label: str, timeout: float = 5.0) -> Toast:
        """Press a button that stands under the message now; returns how the bot answered the press.

        AssertionError where there is no such button; a link button is no press and is refused too.
        """
        button = message.button(label)
        if "callback_data" not in button:
            raise AssertionError(f"{label!r} is a link to {button.get('url')}")
        return await self.forges(message, button["callback_data"], timeout)

    async def forges(self, message: Message, data: str, timeout: float = 5.0) -> Toast:
        """Press with data that no button holds, as a changed client can."""
        question = self.server.ask(self.account, data)
        press: Json = {"id": question.id, "from": self.account.json(), "message": message.json(), "chat_instance": "1", "data": data}
        self.server.world.update("callback_query", press)
        answer = await self.server.until(lambda: question.answer, f"the press {data!r} is answered", timeout)
        assert answer is not None
        return Toast(answer["text"], answer["alert"], answer["url"])

    async def types(self, query: str, timeout: float = 5.0) -> Offers:
        """Type `@bot query` in any chat; returns what the bot offers."""
        question = self.server.ask(self.account, query)
        self.server.world.update("inline_query", {"id": question.id, "from": self.account.json(), "query": query, "offset": ""})
        answer = await self.server.until(lambda: question.answer, f"the inline query {query!r} is answered", timeout)
        assert answer is not None
        return Offers(answer["results"], answer["cache_time"], answer["personal"], answer["button"])

    def unheard(self, group: Group | None = None) -> list[Message]:
        """The bot's messages in the chat that this person has not taken note of yet."""
        chat = self._in(group)
        return [message for message in self.server.sent if message.chat is chat][self._heard.get(chat.id, 0) :]

    async def hears(self, group: Group | None = None, *, timeout: float = 5.0) -> Message:
        """The bot's next message here (one that was not heard before), waited for."""
        chat = self._in(group)
        message = (await self.server.until(lambda: self.unheard(group), f"{self.account.name} hears something", timeout))[0]
        self._heard[chat.id] = self._heard.get(chat.id, 0) + 1
        return message

    async def sees_edit(self, message: Message, edits: int = 1, timeout: float = 5.0) -> Message:
        """The message once it was edited at least `edits` times in all."""
        await self.server.until(lambda: message.edits >= edits, f"message {message.id} is edited", timeout)
        return message

    async def blocks(self) -> None:
        """Block the bot."""
        self.chat.closed = "blocked"
        _membership(self.server, self.chat, self.account, "member", "kicked")

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.chat.closed = ""
        _membership(self.server, self.chat, self.account, "kicked", "member")

    async def deletes_account(self) -> None:
        """Be gone; the bot learns it only when it writes."""
        self.chat.closed = "deactivated"

    def _in(self, group: Group | None) -> Chat:
        return group.chat if group is not None else self.chat

    def _post(self, group: Group | None, message: Message) -> Message:
        world = self.server.world
        if message.chat.kind == "private" and message.chat.closed in ("never", "blocked"):
            message.chat.closed = ""
        message.id, message.date = world.next_id(), world.now()
        message.entities = find_entities(message.said)
        world.post(message)
        if message.chat.closed != "kicked" and world.reaches_bot(message):
            world.update("message", message.json())
        return message


def _membership(server: "TelegramServer", chat: Chat, who: Account, before: str, after: str) -> None:
    def member(status: str) -> Json:
        return {"status": status, "user": server.world.bot.json()} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": chat.json(), "from": who.json(), "date": int(server.world.now())}
    server.world.update("my_chat_member", change | {"old_chat_member": member(before), "new_chat_member": member(after)})
