"""The server behaves to a plain python-telegram-bot as the real one does: messages, presses, files, limits, faults, polling, webhooks."""

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from tests.telegram import Limits, TelegramServer


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A server that counts no rates."""
    async with TelegramServer(Limits().unhurried()) as server:
        yield server


def plain(server: TelegramServer, token: str = "", read: float = 10.0) -> Bot:
    return Bot(
        token or server.token,
        base_url=f"{server.base_url}/bot",
        base_file_url=f"{server.base_url}/file/bot",
        request=HTTPXRequest(read_timeout=read),
        get_updates_request=HTTPXRequest(read_timeout=read),
    )


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with plain(server) as bot:
        yield bot


def png(width: int = 4, height: int = 4) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xff" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"do:{label}")] for label in labels])


async def test_a_conversation(server: TelegramServer, bot: Bot) -> None:
    assert bot.username == "planbot"
    anna = server.user("Anna", language="zh-hans")
    asked = await anna.says("/start 你好 @planbot https://example.org/a")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "zh-hans"
    assert update.message.message_id == asked.id
    assert [entity.type for entity in update.message.entities] == ["bot_command", "mention", "url"]
    assert update.message.parse_entity(update.message.entities[1]) == "@planbot"
    sent = await bot.send_message(
        anna.id, "答案", reply_markup=keyboard("跟進"), reply_parameters=ReplyParameters(asked.id), entities=[MessageEntity("bold", 0, 2)]
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == asked.id
    heard = await anna.hears()
    assert (heard.text, heard.buttons, heard.id) == ("答案", ["跟進"], sent.message_id)

    pressing = asyncio.create_task(anna.presses(heard, "跟進"))
    (press,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
    assert press.callback_query is not None
    assert press.callback_query.data == "do:跟進"
    assert press.callback_query.message is not None
    await bot.edit_message_text("已跟進", anna.id, heard.id)
    await bot.answer_callback_query(press.callback_query.id, "好")
    assert (await pressing).text == "好"
    assert (heard.text, heard.buttons, heard.edits) == ("已跟進", [], 1)
    with pytest.raises(AssertionError, match=r"(?i)no button"):
        await anna.presses(heard, "跟進")
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(press.callback_query.id)
    with pytest.raises(AssertionError, match=r"(?i)not within 0.05 s(.|\n)*sendMessage 200"):
        await anna.hears(timeout=0.05)


async def test_polling_waits_and_confirms(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until(lambda: server._poller, "the bot polls")
    assert not waiting.done()
    await anna.says("一")
    (first,) = await waiting
    await anna.says("二")
    both = await bot.get_updates()
    assert [update.update_id for update in both] == [first.update_id, first.update_id + 1]
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [first.update_id]
    assert len(await bot.get_updates(offset=-1)) == 1
    assert await bot.get_updates(offset=first.update_id + 2) == ()
    await server.settled()


async def test_a_second_poller_and_a_webhook_are_conflicts(server: TelegramServer, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until(lambda: server._poller, "the bot polls")
    async with plain(server) as second:
        with pytest.raises(Conflict, match=r"(?i)other getUpdates"):
            await second.get_updates(timeout=1)
        await second.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match=r"(?i)setWebhook"):
        await waiting
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_poller_that_went_away_is_forgotten(server: TelegramServer, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until(lambda: server._poller, "the bot polls")
    waiting.cancel()
    await asyncio.wait([waiting])
    await server.until(lambda: server._poller is None, "the poll ended", 2)
    await server.user("Anna").says("還在嗎")
    assert len(await bot.get_updates(timeout=5)) == 1


async def test_only_the_kinds_asked_for_arrive(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    await bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY])
    await anna.says("沒人聽")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    await anna.says("有人聽")
    assert len(await bot.get_updates()) == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"text": "字" * 4097}, "too long"),
        ({"text": "😀" * 2049}, "too long"),
        ({"text": " \n"}, "empty"),
        ({"text": "字" * 300, "entities": [MessageEntity("bold", n, 1) for n in range(101)]}, "entities"),
        ({"text": "字", "entities": [MessageEntity("bold", 0, 2)]}, "entities"),
        ({"text": "<b>字", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "字</b>", "parse_mode": "HTML"}, "can't parse entities"),
        (
            {"text": "字", "reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="字" * 22)]])},
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "字", "reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton("x", url="nowhere")]])}, "URL"),
        ({"text": "字", "reply_parameters": ReplyParameters(999)}, "replied not found"),
        ({"text": "字", "chat_id": 5}, "chat not found"),
    ],
)
async def test_what_is_refused(server: TelegramServer, bot: Bot, how: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(**({"chat_id": server.user("Anna").id} | how))
    assert server.sent == []


async def test_the_longest_that_is_taken(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    await bot.send_message(anna.id, "😀" * 2048, entities=[MessageEntity("bold", 2 * n, 2) for n in range(100)])
    await bot.send_document(anna.id, b"x", caption="字" * 1024)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_document(anna.id, b"x", caption="字" * 1025)
    message = await bot.send_message(anna.id, "<b>甲</b>乙<i>丙</i>", parse_mode="HTML")
    assert (message.text, [entity.offset for entity in message.entities]) == ("甲乙丙", [0, 2])


async def test_edits_and_deletions(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    asked = await anna.says("問")
    sent = await bot.send_message(anna.id, "答", reply_markup=keyboard("甲"))
    with pytest.raises(BadRequest, match=r"(?i)is not modified"):
        await bot.edit_message_text("答", anna.id, sent.message_id, reply_markup=keyboard("甲"))
    with pytest.raises(BadRequest, match=r"(?i)is not modified"):
        await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard("甲"))
    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard("乙"))
    assert (await anna.hears()).buttons == ["乙"]
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("x", anna.id, asked.id)
    with pytest.raises(BadRequest, match=r"(?i)not found"):
        await bot.edit_message_text("x", anna.id, 999)
    with pytest.raises(BadRequest, match=r"(?i)no caption"):
        await bot.edit_message_caption(anna.id, sent.message_id, caption="x")
    picture = await bot.send_photo(anna.id, png(), caption="圖")
    with pytest.raises(BadRequest, match=r"(?i)no text"):
        await bot.edit_message_text("x", anna.id, picture.message_id)
    await bot.edit_message_caption(anna.id, picture.message_id, caption="新")
    assert (await anna.hears()).caption == "新"
    await bot.delete_message(anna.id, picture.message_id)
    with pytest.raises(BadRequest, match=r"(?i)not found"):
        await bot.delete_message(anna.id, picture.message_id)
    server.world.ahead = 49 * 3600
    with pytest.raises(BadRequest, match=r"(?i)can't be deleted"):
        await bot.delete_message(anna.id, sent.message_id)


async def test_files_out(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    sent = await bot.send_document(anna.id, b"one,two", filename="表.csv")
    assert sent.document is not None
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_name == "表.csv"
    first, second = await anna.hears(), await anna.hears()
    assert first.file is second.file
    assert first.file is not None
    assert first.file.data == b"one,two"
    photo = await bot.send_photo(anna.id, png())
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type"):
        await bot.send_document(anna.id, photo.photo[-1].file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_document(anna.id, "nonsense")
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(anna.id, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)DIMENSIONS"):
        await bot.send_photo(anna.id, png(100, 2))
    with pytest.raises(BadRequest, match=r"(?i)too big for a photo"):
        await bot.send_photo(anna.id, b"\xff\xd8\xff" + bytes(10 * 1024 * 1024))


async def test_too_large_a_file(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)too big"):
        await bot.send_document(server.user("Anna").id, bytes(50 * 1024 * 1024 + 1), write_timeout=60, read_timeout=60)


async def test_albums(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    sent = await bot.send_media_group(anna.id, [InputMediaPhoto(png(), caption="甲"), InputMediaPhoto(png(5, 5))])
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in server.sent] == ["甲", ""]
    wrong: list[list[Any]] = [
        [InputMediaPhoto(png())],
        [InputMediaDocument(b"x")] * 11,
        [InputMediaPhoto(png()), InputMediaDocument(b"x")],
    ]
    for media in wrong:
        with pytest.raises(BadRequest, match=r"(?i)album|mixed"):
            await bot.send_media_group(anna.id, media)
    assert len(server.sent) == 2


async def test_files_in(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    await anna.sends("計劃.txt", "第一篇".encode(), caption="新計劃")
    await anna.sends("p.png", png(), kind="photo")
    await anna.sends("big.bin", bytes(20 * 1024 * 1024 + 1))
    document, photo, big = (update.message for update in await bot.get_updates())
    assert document is not None
    assert photo is not None
    assert big is not None
    assert document.document is not None
    assert big.document is not None
    assert (document.caption, document.document.file_name, document.document.mime_type) == ("新計劃", "計劃.txt", "text/plain")
    assert await (await document.document.get_file()).download_as_bytearray() == "第一篇".encode()
    assert await (await photo.photo[-1].get_file()).download_as_bytearray() == png()
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await big.document.get_file()


async def test_rates_overall() -> None:
    async with TelegramServer() as server, plain(server) as bot:
        server.clock = lambda: 100.0
        await _thirty_one(server, bot)
        server.clock = lambda: 101.0
        await bot.send_message(server.sent[0].chat.id, "a second later")
        assert [message.said for message in server.sent[30:]] == ["a second later"]


async def _thirty_one(server: TelegramServer, bot: Bot) -> None:
    people = [server.user(f"p{n}") for n in range(31)]
    for person in people[:30]:
        await bot.send_message(person.id, "x")
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(people[30].id, "x")
    assert refusal.value._retry_after.total_seconds() == 1
    assert len(server.sent) == 30


async def test_rates_of_a_chat_and_a_group_count_edits() -> None:
    async with TelegramServer(Limits(per_second=0, per_chat_second=0.001)) as server, plain(server) as bot:
        anna = server.user("Anna")
        sent = await bot.send_message(anna.id, "0")
        for n in range(4):
            await bot.edit_message_text(f"{n + 1}", anna.id, sent.message_id)
        with pytest.raises(RetryAfter):
            await bot.send_message(anna.id, "x")
        await bot.send_message(server.user("Ben").id, "another chat is free")
    async with TelegramServer(Limits(per_second=0, per_chat_second=0)) as server, plain(server) as bot:
        group = server.group("科組", server.user("Anna"))
        sent = await bot.send_message(group.id, "0")
        for n in range(9):
            await bot.edit_message_text(f"{n + 1}", group.id, sent.message_id)
        await bot.send_media_group(group.id, [InputMediaDocument(b"x")] * 10)
        with pytest.raises(RetryAfter) as refusal:
            await bot.send_message(group.id, "x")
        assert 50 < refusal.value._retry_after.total_seconds() <= 61


async def test_no_answer_any_more(server: TelegramServer, bot: Bot) -> None:
    anna, ben, stranger = server.user("Anna"), server.user("Ben"), server.user("Eva", started=False)
    group = server.group("科組", anna, supergroup=False)
    await anna.blocks()
    await ben.deletes_account()
    for chat, words in ((anna.id, "blocked"), (ben.id, "deactivated"), (stranger.id, "initiate")):
        with pytest.raises(Forbidden, match=f"(?i){words}"):
            await bot.send_message(chat, "x")
    new = await group.migrates()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "x")
    await new.throws_bot_out()
    with pytest.raises(Forbidden, match=r"(?i)kicked"):
        await bot.send_message(new.id, "x")
    kinds = [update.my_chat_member.new_chat_member.status if update.my_chat_member else "message" for update in await bot.get_updates()]
    assert kinds == ["kicked", "message", "message", "kicked"]
    await stranger.says("/start")
    await bot.send_message(stranger.id, "now")
    assert (await bot.get_chat_member(group.id, anna.id)).status == "member" if not group.chat.moved_to else True
    assert (await bot.get_chat(new.id)).title == "科組"


async def test_groups_and_privacy_mode() -> None:
    async with TelegramServer(privacy=True) as server, plain(server) as bot:
        anna = server.user("Anna")
        group = server.group("科組", anna)
        await anna.says("各位好", group)
        await anna.says("/help", group)
        await anna.says("/help@otherbot", group)
        await anna.says("/help@planbot", group)
        await anna.says("😀 @planbot 何時", group)
        heard = [update.message.text for update in await bot.get_updates() if update.message]
        assert heard == ["/help@planbot", "😀 @planbot 何時"]
        await bot.send_message(group.id, "答")
        answer = await anna.hears(group)
        await anna.says("那誰負責", group, reply_to=answer)
        await anna.says("/help", group)
        assert [update.message.text for update in (await bot.get_updates())[2:] if update.message] == ["那誰負責", "/help"]


async def test_inline_queries(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")

    def article(number: int) -> InlineQueryResultArticle:
        return InlineQueryResultArticle(str(number), f"標題 {number}", InputTextMessageContent("內容"))

    typing = asyncio.create_task(anna.types("科技"))
    (update,) = await bot.get_updates(timeout=5)
    assert update.inline_query is not None
    assert update.inline_query.query == "科技"
    with pytest.raises(BadRequest, match=r"(?i)RESULTS_TOO_MUCH"):
        await server_answer(bot, update.inline_query.id, [article(n) for n in range(51)])
    with pytest.raises(BadRequest, match=r"(?i)DUPLICATE"):
        await server_answer(bot, update.inline_query.id, [article(1), article(1)])
    await bot.answer_inline_query(update.inline_query.id, [article(1)], cache_time=0, is_personal=True)
    offers = await typing
    assert (offers.titles, offers.cache_time, offers.personal) == (["標題 1"], 0, True)


async def server_answer(bot: Bot, query: str, results: list[InlineQueryResultArticle]) -> None:
    # PTB's own method keeps to 50 results, so this goes past it.
    await bot._post("answerInlineQuery", {"inline_query_id": query, "results": [result.to_dict() for result in results]})


async def test_menus_and_descriptions(server: TelegramServer, bot: Bot) -> None:
    anna = server.user("Anna")
    scope = BotCommandScopeChat(anna.id)
    await bot.set_my_commands([BotCommand("find", "找")])
    await bot.set_my_commands([BotCommand("plans", "plans")], scope=scope, language_code="en")
    assert [command.command for command in await bot.get_my_commands()] == ["find"]
    assert [command.command for command in await bot.get_my_commands(scope, "en")] == ["plans"]
    await bot.delete_my_commands(scope, "en")
    assert await bot.get_my_commands(scope, "en") == ()
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Find", "找")])
    with pytest.raises(BadRequest, match=r"(?i)language"):
        await bot.set_my_commands([BotCommand("find", "找")], language_code="zh-hant")
    await bot.set_my_description("說明")
    await bot.set_my_short_description("短")
    assert (await bot.get_my_description()).description == "說明"
    assert (await bot.get_my_short_description()).short_description == "短"


async def test_faults(server: TelegramServer) -> None:
    async with plain(server, read=0.2) as bot:
        anna = server.user("Anna")
        server.fault("sendMessage", status=502)
        with pytest.raises(NetworkError, match=r"(?i)Bad Gateway"):
            await bot.send_message(anna.id, "a")
        server.fault("sendMessage", cut=True)
        with pytest.raises(NetworkError, match=r"(?i)RemoteProtocolError|ReadError"):
            await bot.send_message(anna.id, "b")
        assert server.sent == []
        server.fault("sendMessage", cut=True, delivered=True)
        with pytest.raises(NetworkError):
            await bot.send_message(anna.id, "c")
        fault = server.fault(late=True, chat=anna.id)
        with pytest.raises(TimedOut):
            await bot.send_message(anna.id, "d")
        assert fault.happened.is_set()
        assert [message.text for message in server.sent] == ["c", "d"]
        server.fault("sendMessage", status=429, retry_after=7)
        with pytest.raises(RetryAfter):
            await bot.send_message(anna.id, "e")
        server.fault("sendMessage", status=400, description="Bad Request: can't parse entities: made up")
        with pytest.raises(BadRequest, match=r"(?i)made up"):
            await bot.send_message(anna.id, "f")
        await server.refuse()
        with pytest.raises(NetworkError, match=r"(?i)ConnectError"):
            await bot.send_message(anna.id, "g")
        await server.accept()
        await bot.send_message(anna.id, "h")
        assert [message.text for message in server.sent] == ["c", "d", "h"]
        assert [call.status for call in server.called("sendMessage")] == [502, 0, 0, 0, 429, 400, 200]


async def test_tokens(server: TelegramServer) -> None:
    stranger = plain(server, token="1:" + "x" * 35)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_a_webhook_is_called_in_order_and_again_until_it_answers(server: TelegramServer, bot: Bot) -> None:
    seen: list[tuple[str, int, str]] = []
    refusals = [500, 502]

    async def route(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        update = json.loads(await reader.readexactly(length))
        status = refusals.pop(0) if refusals else 200
        secret = head.split("x-telegram-bot-api-secret-token:")[1].split("\r\n")[0].strip()
        seen.append((update["message"]["text"], status, secret))
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(route, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    anna = server.user("Anna")
    await anna.says("早")
    with pytest.raises(BadRequest, match=r"(?i)HTTPS"):
        await bot.set_webhook("http://example.org")
    await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
    await anna.says("晚")
    await server.settled()
    assert seen == [("早", 500, "s3cret"), ("早", 502, "s3cret"), ("早", 200, "s3cret"), ("晚", 200, "s3cret")]
    listener.close()
    await listener.wait_closed()
