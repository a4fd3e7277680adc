"""What only Telegram has: webhook, groups, inline mode, menus, limits, faults, and a token that no log shows."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from bot.channels.telegram import TelegramChannel, build
from bot.chat import Address, Button, File, MenuEntry, Outcome, Reply, Suggestion
from bot.errors import Refusal
from bot.limits import Limits as PaceLimits
from bot.limits import Pace
from bot.settings import Telegram
from tests.channels.clerk import Clerk, echo
from tests.telegram import Limits, TelegramServer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Staffed(Clerk):
    """A desk that offers suggestions to staff, who are those in `staff`."""

    staff: tuple[str, ...] = ()

    async def rank(self, who: Address) -> int:
        return 1 if who.chat in self.staff else 0

    async def suggest(self, text: str, who: Address, limit: int) -> list[Suggestion]:
        return [Suggestion("1", "科技節", "今年4月", f"about {text}")] if who.chat in self.staff else []


@contextlib.asynccontextmanager
async def polling(
    server: TelegramServer, desk: Clerk, pace: PaceLimits | None = None, **settings: object
) -> AsyncIterator[TelegramChannel]:
    table = Telegram(token=server.token, base_url=server.base_url, **settings)  # type: ignore[arg-type]
    channel = build(table, Pace(pace or PaceLimits(0, 0, per_group_minute=0)))
    running = asyncio.create_task(channel.run(desk))
    try:
        waiting = asyncio.create_task(server.until(lambda: server._poller or server.hook, "the bot listens"))
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            waiting.cancel()
            await running
        yield channel
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_updates_come_by_webhook_and_only_with_the_secret() -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        port, anna = free_port(), server.user("Anna")
        url = f"http://127.0.0.1:{port}/hook"
        async with polling(server, Clerk(), webhook_url=url, webhook_port=port, webhook_secret="only-telegram-knows"):
            await anna.says("在嗎")
            assert (await anna.hears()).text == "heard 在嗎"
            async with httpx.AsyncClient(trust_env=False) as stranger:
                for headers in (
                    {},
                    {"x-telegram-bot-api-secret-token": "guess"},
                    {"x-telegram-bot-api-secret-token": "猜".encode()},
                ):
                    assert (await stranger.post(url, json={"update_id": 1}, headers=headers)).status_code == 403
                right = {"x-telegram-bot-api-secret-token": "only-telegram-knows"}
                assert (await stranger.post(url, content=b"{", headers=right)).status_code == 400
                assert (await stranger.post(url, content=b"[" * 100_000, headers=right)).status_code == 400
                assert (await stranger.post(url, content=b"0" * 1_000_001, headers=right)).status_code == 413
                # Taken though it cannot be read: what is refused comes again, and nothing after it would be heard.
                assert (await stranger.post(url, json={"update_id": 7, "message": {"chat": 5}}, headers=right)).status_code == 200
                assert (await stranger.post(url, json=[1], headers=right)).status_code == 200
        async with polling(server, Clerk()):
            await anna.says("還在嗎")
            assert (await anna.hears()).text == "heard 還在嗎"


async def test_what_was_said_while_the_bot_was_down_is_answered() -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        await anna.says("有人嗎")
        async with polling(server, Clerk()):
            assert (await anna.hears()).text == "heard 有人嗎"


async def test_a_group_hears_answers_to_what_is_meant_for_the_bot() -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna, ben = server.user("Anna"), server.user("Ben")
        group = server.group("教務組", anna, ben)
        clerk = Clerk(lambda incoming: Reply("到私聊", ((Button("開啟"),),), private=True, link="mine") if incoming.text == "/mine" else
                      echo(incoming) if incoming.addressed else None)  # fmt: skip
        async with polling(server, clerk):
            asked = await anna.says("@planbot 科技節呢", group)
            answer = await anna.hears(group)
            assert answer.text == "heard 科技節呢"
            assert answer.reply_to is asked
            await ben.says("中午吃什麼", group)
            await ben.says("那呢", group, reply_to=answer)
            assert (await ben.hears(group)).text == "heard 科技節呢"
            assert (await ben.hears(group)).text == "heard 那呢"
            await ben.says("/mine@planbot", group)
            pointer = await ben.hears(group)
            assert pointer.button("開啟")["url"] == "https://t.me/planbot?start=mine"
            assert clerk.heard[0].group
            assert clerk.heard[0].sender == str(anna.id)


async def test_inline_mode_is_personal_not_cached_and_empty_for_guests() -> None:
    async with TelegramServer() as server:
        anna, ben = server.user("Anna"), server.user("Ben")
        async with polling(server, Staffed(staff=(str(anna.id),))):
            offers = await anna.types("科技")
            assert (offers.titles, offers.cache_time, offers.personal) == (["科技節"], 0, True)
            assert (await ben.types("科技")).titles == []


async def test_menus_differ_by_scope_language_and_rank() -> None:
    entries = [
        MenuEntry("find", {"zh-Hant": "查詢", "zh-Hans": "查询", "en": "ask"}, 0),
        MenuEntry("mine", {"zh-Hant": "我校", "zh-Hans": "我校", "en": "my school"}, 0, personal=True),
        MenuEntry("plans", {"zh-Hant": "計劃", "zh-Hans": "计划", "en": "plans"}, 1),
    ]
    async with TelegramServer() as server:
        anna = server.user("Anna")
        async with polling(server, Staffed(menu=entries, staff=(str(anna.id),))):
            await anna.says("hi")
            await anna.hears()
            await server.until(lambda: len(server.called("setMyCommands")) == 9, "the menus are set")
        set_ = [
            (call.values["scope"], call.values.get("language_code"), call.values["commands"]) for call in server.called("setMyCommands")
        ]
        menus = {(str(scope), code): str(commands) for scope, code, commands in set_}
        private = next(text for (scope, code), text in menus.items() if "all_private" in scope and code == "en")
        group = next(text for (scope, code), text in menus.items() if "all_group" in scope and code == "en")
        own = next(text for (scope, code), text in menus.items() if str(anna.id) in scope and code == "en")
        assert "mine" in private
        assert "plans" not in private
        assert "mine" not in group
        assert "plans" in own


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"status": 429, "retry_after": 7}, Outcome.LATER),
        ({"status": 502}, Outcome.UNCERTAIN),
        ({"cut": True}, Outcome.UNCERTAIN),
        ({"cut": True, "delivered": True}, Outcome.UNCERTAIN),
        ({"status": 400, "description": "Bad Request: something is wrong"}, Outcome.FAILED),
    ],
)
async def test_a_fault_is_judged_by_what_it_proves(fault: dict[str, object], outcome: Outcome) -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        async with polling(server, Clerk()) as channel:
            server.fault("sendMessage", times=1, **fault)
            receipt = await channel.deliver(Address("telegram", str(anna.id)), Reply("明天演練"), "k")
            assert receipt.outcome is outcome
            assert server.token not in receipt.detail
            if "retry_after" in fault:
                assert receipt.retry_after == 7


async def test_closed_addresses_are_gone_and_a_moved_group_is_followed() -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna, ben, stranger = server.user("Anna"), server.user("Ben"), server.user("Cai", started=False)
        group = server.group("教務組", anna, supergroup=False)
        clerk = Clerk()
        async with polling(server, clerk) as channel:
            await anna.blocks()
            await ben.deletes_account()
            for person in (anna, ben, stranger):
                receipt = await channel.deliver(Address("telegram", str(person.id)), Reply("明天演練"), "k")
                assert receipt.outcome is Outcome.GONE
            new = await group.migrates()
            receipt = await channel.deliver(Address("telegram", str(group.id)), Reply("明天演練"), "k")
            assert (receipt.outcome, receipt.moved) == (Outcome.SENT, str(new.id))
            await server.settled()


async def test_a_refused_connection_is_proven_not_sent() -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        async with polling(server, Clerk()) as channel:
            await server.refuse()
            receipt = await channel.deliver(Address("telegram", str(anna.id)), Reply("明天演練"), "k")
            assert receipt.outcome is Outcome.LATER
            await server.accept()
            assert (await channel.deliver(Address("telegram", str(anna.id)), Reply("明天演練"), "k")).outcome is Outcome.SENT


async def test_the_real_limits_are_kept() -> None:
    async with TelegramServer() as server:
        people = [server.user(f"P{number}") for number in range(40)]
        async with polling(server, Clerk(), PaceLimits()) as channel:
            receipts = await asyncio.gather(
                *(channel.deliver(Address("telegram", str(person.id)), Reply("明天演練"), "k") for person in people)
            )
        # Requests that a busy machine holds up may arrive bunched; what Telegram refuses then is put off, never lost and never doubled.
        refused = [call for call in server.called("sendMessage") if call.status == 429]
        assert {receipt.outcome for receipt in receipts} <= {Outcome.SENT, Outcome.LATER}
        assert [receipt.outcome for receipt in receipts].count(Outcome.LATER) == len(refused) <= 10
        assert len(server.sent) == len(people) - len(refused)


async def test_odd_messages_get_silence_or_an_answer_and_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    async with TelegramServer(Limits().unhurried()) as server:
        anna = server.user("Anna")
        async with polling(server, Clerk()):
            for kind in ("sticker", "voice", "photo", "video"):
                await anna.sends(f"x.{kind}", b"data", kind=kind)
            said = await anna.says("一")
            await anna.edits(said, "二")
            await anna.says("\u202e\u200b")
            await anna.says("最後")
            while (await anna.hears()).text != "heard 最後":
                pass
            message = next(message for message in server.sent)
            await anna.forges(message, "x" * 60)
            await anna.forges(message, "不是我們的")
        assert "could not be answered" not in caplog.text


async def test_a_wrong_token_is_one_sentence_and_no_token_a_refusal() -> None:
    with pytest.raises(Refusal) as none:
        build(Telegram(), Pace(PaceLimits()))
    assert none.value.key == "setting.no_token"
    async with TelegramServer() as server:
        channel = build(Telegram(token="1:wrong-token-of-nobody", base_url=server.base_url), Pace(PaceLimits()))
        with pytest.raises(Refusal) as wrong:
            await channel.run(Clerk())
        assert wrong.value.key == "telegram.token"


async def test_the_token_is_in_no_log_with_everything_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with TelegramServer() as server:
        anna = server.user("Anna")
        async with polling(server, Clerk()) as channel:
            await anna.says("在嗎")
            await anna.hears()
            server.fault("sendMessage", cut=True, times=1)
            await channel.deliver(Address("telegram", str(anna.id)), Reply("明天演練"), "k")
            await server.refuse()
            await channel.deliver(Address("telegram", str(anna.id)), Reply("明天演練"), "k")
            await server.accept()
        secret = server.token.partition(":")[2]
        assert "getUpdates" in caplog.text
        assert secret not in caplog.text


async def test_a_document_too_old_to_be_deleted_says_under_it_that_it_was_taken_back() -> None:
    async with TelegramServer(Limits(delete_within=-1.0).unhurried()) as server:
        anna = server.user("Anna")
        async with polling(server, Clerk()) as channel:
            await anna.says("/start")
            await anna.hears()
            to = Address("telegram", str(anna.id))
            sent = await channel.deliver(to, Reply("", files=(File("名單.txt", "text/plain", "甲".encode()),)), "n")
            refused = await channel.recall(to, sent.remotes[0])
            assert refused.outcome is Outcome.FAILED
            changed = await channel.amend(to, sent.remotes[0], Reply("〔已撤回〕"))
            assert changed.outcome is Outcome.SENT
            assert (await channel.amend(to, sent.remotes[0], Reply("〔已撤回〕"))).outcome is Outcome.SENT
            assert [message.caption for message in server.sent if message.file is not None] == ["〔已撤回〕"]
