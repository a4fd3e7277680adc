"""The contract that every channel keeps, checked with the same cases over each; the channels are those of BUILDERS and two more."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest

from bot.channels import BUILDERS
from bot.chat import Abilities, Action, Button, File, FileRef, Outcome, Place, Reply
from bot.chat.cut import measure
from bot.errors import Refusal
from tests.channels.clerk import Clerk, echo
from tests.channels.side import Side

CHANNELS = (*BUILDERS, "terminal", "invented")


@pytest.fixture(params=CHANNELS)
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    async with import_module(f"tests.channels.{request.param}_case").opened(tmp_path) as opened:
        yield opened


@contextlib.asynccontextmanager
async def serving(side: Side, clerk: Clerk) -> AsyncIterator[asyncio.Task[None]]:
    """The channel runs while the person talks; both are gone afterwards."""
    running = asyncio.create_task(side.channel.run(clerk))
    try:
        waiting = asyncio.create_task(side.ready())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            waiting.cancel()
            await running
        await waiting
        yield running
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await side.leave()


def rows(*labels: str) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(label, Action("do", label)),) for label in labels)


async def test_what_is_said_reaches_the_desk_and_the_answer_is_seen(side: Side) -> None:
    clerk = Clerk()
    async with serving(side, clerk):
        await side.say("明天有演練嗎？")
        incoming = await clerk.hears(1)
        assert incoming.text == "明天有演練嗎？"
        assert incoming.address == side.address
        assert incoming.sender == side.address.chat
        assert incoming.action is None
        assert not incoming.group
        assert incoming.update
        await side.sees("heard 明天有演練嗎？")


async def test_updates_are_told_apart(side: Side) -> None:
    clerk = Clerk()
    async with serving(side, clerk):
        await side.say("一")
        await clerk.hears(1)
        await side.say("一")
        await clerk.hears(2)
        await side.sees("heard 一")
        assert clerk.heard[0].update != clerk.heard[1].update


async def test_silence_is_allowed(side: Side) -> None:
    clerk = Clerk(lambda incoming: None if incoming.text == "噓" else echo(incoming))
    async with serving(side, clerk):
        await side.say("噓")
        await clerk.hears(1)
        await side.say("好")
        await side.sees("heard 好")
        assert [text for text in side.messages() if text.strip()] == ["heard 好"]


async def test_a_button_reaches_the_desk_as_its_action(side: Side) -> None:
    clerk = Clerk(lambda incoming: echo(incoming) if incoming.action else Reply("選一個", rows("甲", "乙")))
    async with serving(side, clerk):
        await side.say("選")
        await side.sees("選一個")
        await side.press("乙")
        incoming = await clerk.hears(2)
        assert incoming.action == Action("do", "乙")
        assert incoming.address == side.address
        assert incoming.remote
        await side.sees("pressed do:乙")


@pytest.mark.parametrize("place", [Place.REPLACE, Place.TOAST])
async def test_every_place_is_shown_in_some_way(side: Side, place: Place) -> None:
    clerk = Clerk(lambda incoming: Reply("記下了", place=place) if incoming.action else Reply("跟進嗎？", rows("跟進")))
    async with serving(side, clerk):
        await side.say("科技")
        await side.sees("跟進嗎？")
        await side.press("跟進")
        await side.sees("記下了")
        if place is Place.REPLACE and side.channel.abilities.edit:
            assert side.messages() == ["記下了"]


def long_text(abilities: Abilities) -> str:
    """A text of several times the limit, numbered lines of sentences, its last line the word 完畢."""
    lines = [f"{number}. {'各校組織一次演練🎈，並記錄在案。' * 3}" for number in range(abilities.text_limit // 40)]
    return "\n".join([*lines, "完畢"])


def assert_whole(said: str, pieces: list[str], abilities: Abilities) -> None:
    assert len(pieces) > 1
    assert all(measure(piece, abilities.text_unit) <= abilities.text_limit for piece in pieces)
    # A channel may number the parts: 〔2/3〕 on a line of its own.
    bare = [re.sub(rf"\n〔{place}/{len(pieces)}〕$", "", piece) for place, piece in enumerate(pieces, 1)]
    assert "".join("".join(bare).split()) == "".join(said.split())


async def test_a_long_answer_arrives_whole_and_within_the_limit(side: Side) -> None:
    long = long_text(side.channel.abilities)
    async with serving(side, Clerk(lambda incoming: Reply(long))):
        await side.say("全部")
        await side.sees("完畢")
        assert_whole(long, side.messages(), side.channel.abilities)


async def test_a_long_message_of_the_bots_own_has_a_remote_a_piece(side: Side) -> None:
    long = long_text(side.channel.abilities)
    async with serving(side, Clerk()):
        await side.say("在嗎")
        await side.sees("heard 在嗎")
        receipt = await side.channel.deliver(side.address, Reply(long), "long")
        assert receipt.outcome is Outcome.SENT
        await side.sees("完畢")
        assert_whole(long, side.messages()[1:], side.channel.abilities)
        assert len(set(receipt.remotes)) == len(side.messages()) - 1


async def test_a_message_of_the_bots_own_is_seen(side: Side) -> None:
    clerk = Clerk()
    async with serving(side, clerk):
        await side.say("在嗎")
        await side.sees("heard 在嗎")
        receipt = await side.channel.deliver(side.address, Reply("明天演練", rows("知道了")), "remind:1")
        assert receipt.outcome is Outcome.SENT
        assert len(receipt.remotes) == 1
        await side.sees("明天演練")
        await side.press("知道了")
        assert (await clerk.hears(2)).action == Action("do", "知道了")
        await side.sees("pressed do:知道了")


async def test_what_was_sent_can_be_changed_and_taken_back(side: Side) -> None:
    clerk, abilities = Clerk(), side.channel.abilities
    async with serving(side, clerk):
        await side.say("在嗎")
        await side.sees("heard 在嗎")
        remote = (await side.channel.deliver(side.address, Reply("五月八日"), "n:1")).remotes[0]
        await side.sees("五月八日")
        assert (await side.channel.amend(side.address, remote, Reply("改為五月九日"))).outcome is Outcome.SENT
        await side.sees("改為五月九日")
        if abilities.edit:
            assert side.messages() == ["heard 在嗎", "改為五月九日"]
        receipt = await side.channel.recall(side.address, remote)
        assert receipt.outcome is (Outcome.SENT if abilities.recall else Outcome.FAILED)
        if abilities.recall:
            await side.channel.deliver(side.address, Reply("以此為準"), "n:2")
            await side.sees("以此為準")
            assert side.messages() == ["heard 在嗎", "以此為準"]


async def test_an_address_that_nobody_has_gives_a_receipt(side: Side) -> None:
    async with serving(side, Clerk()):
        for receipt in (
            await side.channel.deliver(side.nowhere, Reply("有人嗎"), "k"),
            await side.channel.amend(side.nowhere, "1", Reply("有人嗎")),
            await side.channel.recall(side.nowhere, "1"),
        ):
            assert receipt.outcome in (Outcome.FAILED, Outcome.GONE)
            assert not receipt.remotes


async def test_files_come_in(side: Side) -> None:
    if not side.channel.abilities.fetch_limit:
        with pytest.raises(Refusal):
            await side.channel.fetch(FileRef(side.channel.name, "1", "名冊.csv"))
        return
    clerk, data = Clerk(), "學校,狀態\n第一小學,已報\n".encode()
    async with serving(side, clerk):
        await side.upload("名冊.csv", data)
        file = (await clerk.hears(1)).files[0]
        assert file.name == "名冊.csv"
        assert file.channel == side.channel.name
        assert await side.channel.fetch(file) == data
        await side.sees("got 名冊.csv")


async def test_files_go_out(side: Side) -> None:
    assert side.channel.abilities.upload_limit, "every channel of ours sends files"
    data = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    clerk = Clerk(lambda incoming: Reply("行事曆在此", files=(File("plan.ics", "text/calendar", data),)))
    async with serving(side, clerk):
        await side.say("匯出")
        await side.sees("行事曆在此")
        assert await side.received("plan.ics") == data


async def test_cancelling_ends_everything(side: Side) -> None:
    clerk = Clerk()
    before = asyncio.all_tasks()
    async with serving(side, clerk) as running:
        await side.say("在嗎")
        await side.sees("heard 在嗎")
        running.cancel()
        async with asyncio.timeout(10):
            await asyncio.wait({running})
        assert running.cancelled()
    assert asyncio.all_tasks() - before == set()
