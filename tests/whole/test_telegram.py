"""The whole bot on Telegram, over HTTP: asked, followed, reminded, pressed; in private and in a group; with faults in between."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.channels import BUILDERS
from bot.intake import demonstrate
from bot.settings import Channels, Database, Reminders, Settings, Telegram, Web
from bot.texts import load_texts
from storage.migrate import upgrade
from tests.fakes import Clock
from tests.handlers.conftest import MORNING, SHANGHAI
from tests.telegram.server import TelegramServer


@dataclass(slots=True)
class Whole:
    """A running bot with the Telegram it talks to."""

    app: App
    server: TelegramServer
    clock: Clock


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Clock, server: TelegramServer) -> AsyncIterator[App]:
    texts = load_texts()
    built = {name: pair for name, builder in BUILDERS.items() if (pair := builder(settings, texts)) is not None}
    channels = {name: channel for name, (channel, _) in built.items()}
    async with open_app(settings, channels, texts=texts, now=clock, pace={name: pace for name, (_, pace) in built.items()}) as app:
        await demonstrate(app.store, settings, date(2026, 10, 12), clock())
        await app.shelves.look_now()
        running = asyncio.create_task(app.run())
        try:
            yield app
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    clock = Clock(MORNING)
    async with TelegramServer() as server:
        settings = Settings(
            database=Database(f"sqlite+aiosqlite:///{tmp_path / 'planbot.db'}"),
            channels=Channels(Web(enabled=False), Telegram(token=server.token, base_url=server.base_url)),
            # The clock is set months on at once, without the nights that would write the reminders down.
            reminders=Reminders(horizon_days=400),
        )
        await upgrade(settings.database.url)
        async with running(settings, clock, server) as app:
            yield Whole(app, server, clock)


async def test_an_event_is_asked_for_followed_and_reminded_over_http(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("/start")
    hello = await anna.hears()
    assert "境外" in hello.text
    await anna.says("教師課堂教學大賽什麼時候？")
    answer = await anna.hears()
    assert "5月23日" in answer.text.splitlines()[0]
    await anna.presses(answer, "跟進")
    promise = await anna.hears()
    assert "2027年5月16日（週日） 08:00" in promise.text
    whole.clock.set(datetime(2027, 5, 16, 8, 1, tzinfo=SHANGHAI))
    whole.app.sender.wake()
    reminder = await anna.hears()
    assert "還有 7 天" in reminder.text
    toast = await anna.presses(reminder, "知道了")
    assert "已記下" in toast.text
    whole.clock.set(datetime(2027, 5, 23, 8, 1, tzinfo=SHANGHAI))
    whole.app.sender.wake()
    assert "就在今天" in (await anna.hears()).text.splitlines()[0]


async def test_a_blocked_reader_is_closed_and_the_others_are_reminded(whole: Whole) -> None:
    anna, ben = whole.server.user("Anna"), whole.server.user("Ben")
    for person in (anna, ben):
        await person.says("/follow 教師課堂教學大賽")
        await person.hears()
    anna.chat.closed = "deactivated"
    whole.clock.set(datetime(2027, 5, 16, 8, 1, tzinfo=SHANGHAI))
    whole.app.sender.wake()
    assert "還有 7 天" in (await ben.hears()).text

    async def gone() -> bool:
        async with whole.app.store.read() as db:
            return (await db.outbox.backlog(whole.clock())).states["gone"] == 1

    async with asyncio.timeout(10):
        while not await gone():
            await whole.app.sender.step()


async def test_an_answer_that_came_too_late_is_doubted_and_marked_when_repeated(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("/follow 教師課堂教學大賽")
    await anna.hears()
    whole.server.fault("sendMessage", cut=True, delivered=True, times=1)
    whole.clock.set(datetime(2027, 5, 16, 8, 1, tzinfo=SHANGHAI))
    whole.app.sender.wake()
    first = await anna.hears()
    assert "還有 7 天" in first.text.splitlines()[0]

    async def doubted() -> bool:
        async with whole.app.store.read() as db:
            return len((await db.outbox.backlog(whole.clock())).uncertain) == 1

    async with asyncio.timeout(10):
        while not await doubted():
            await whole.app.sender.step()
    await whole.app.sender.recover()
    whole.app.sender.wake()
    second = await anna.hears()
    assert second.text.startswith("〔可能重複〕")


async def test_a_group_is_answered_when_it_asks_and_led_to_the_private_chat_for_what_is_personal(whole: Whole) -> None:
    anna, ben = whole.server.user("Anna"), whole.server.user("Ben")
    group = whole.server.group("教務組", anna, ben)
    await anna.says("@planbot 教師課堂教學大賽什麼時候？", group)
    answer = await anna.hears(group)
    assert "5月23日" in answer.text
    await anna.says("/mine@planbot", group)
    pointer = await anna.hears(group)
    assert "私聊" in pointer.text
    assert "單位" not in pointer.text
    link = pointer.button("私聊")
    assert link["url"].endswith("start=mine")
    await ben.says("/start mine")
    assert "單位" in (await ben.hears()).text


async def test_an_unreachable_telegram_stops_nothing_and_is_tried_again(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("/start")
    await anna.hears()
    await whole.server.refuse()
    async with whole.app.store.read() as db:
        assert (await db.plans.revision()) > 0
    await whole.server.accept()
    await anna.says("科技節什麼時候？")
    assert "4月" in (await anna.hears(timeout=30)).text


async def test_a_list_turns_its_pages_and_more_opens_by_editing_the_message(whole: Whole) -> None:
    anna = whole.server.user("Anna")
    await anna.says("四月有哪些活動？")
    listed = await anna.hears()
    assert "第 1 頁" in listed.text
    await anna.presses(listed, "下一頁")
    turned = await anna.sees_edit(listed)
    assert "第 2 頁" in turned.text
    await anna.says("科技節什麼時候？")
    answer = await anna.hears()
    await anna.presses(answer, "更多")
    opened = await anna.sees_edit(answer)
    assert opened.text == answer.text
    toast = await anna.presses(opened, "👍 有用")
    assert "記下" in toast.text
    await anna.presses(opened, "收起")
    folded = await anna.sees_edit(answer, 2)
    assert folded.text == answer.text
    assert anna.unheard() == []
