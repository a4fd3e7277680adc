"""The terminal: numbers press, files never overwrite, and nothing that is printed steers the terminal."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.terminal import TerminalChannel
from bot.chat import Action, Address, Button, File, Incoming, Outcome, Place, Reply
from tests.channels.clerk import Clerk, echo
from tests.channels.terminal_case import TerminalSide

BUTTONS = ((Button("甲", Action("do", "1")), Button("乙", Action("do", "2"))), (Button("網頁", url="https://example.org/"),))


@asynccontextmanager
async def talking(folder: Path, clerk: Clerk) -> AsyncIterator[tuple[TerminalSide, "asyncio.Task[None]"]]:
    side = TerminalSide(folder)
    running = asyncio.create_task(side.channel.run(clerk))
    try:
        yield side, running
    finally:
        await side.leave()
        await running


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


async def told(text: str, clerk: Clerk | None = None) -> str:
    """Run a whole conversation from a text; what was printed."""
    out = io.StringIO()
    await TerminalChannel(io.StringIO(text), out).run(clerk or Clerk())
    return out.getvalue()


async def test_a_conversation_from_a_file_ends_with_it() -> None:
    assert await told("你好\n\n再問\n") == "heard 你好\nheard 再問\n"


@pytest.mark.parametrize("word", ["/quit", "/exit", " /quit "])
async def test_leaving(word: str) -> None:
    clerk = Clerk()
    assert await told(f"你好\n{word}\n還在\n", clerk) == "heard 你好\n"
    assert [incoming.text for incoming in clerk.heard] == ["你好"]


async def test_buttons_are_numbered_and_pressed_by_number() -> None:
    clerk = Clerk(lambda incoming: echo(incoming) if incoming.action else Reply("選", BUTTONS))
    assert await told("問\n2\n", clerk) == "選\n  [1] 甲   [2] 乙\n  網頁: https://example.org/\npressed do:2\n"
    assert clerk.heard[1].action == Action("do", "2")
    assert clerk.heard[1].remote
    assert clerk.heard[1].remote != clerk.heard[0].remote


@pytest.mark.parametrize("said", ["0", "3", "17", "2014", "一", "-1", "²", "１"])
async def test_what_is_no_buttons_number_is_said(said: str) -> None:
    clerk = Clerk(lambda incoming: Reply("選", BUTTONS))
    await told(f"問\n{said}\n", clerk)
    assert (clerk.heard[1].text, clerk.heard[1].action) == (said, None)


async def test_a_message_without_buttons_leaves_the_last_ones() -> None:
    clerk = Clerk(lambda incoming: Reply("選", BUTTONS) if incoming.text == "問" else echo(incoming))
    assert (await told("問\n別的\n1\n", clerk)).endswith("heard 別的\npressed do:1\n")


async def test_a_notice_in_passing_stands_in_brackets() -> None:
    assert await told("問\n", Clerk(lambda incoming: Reply("記下了", place=Place.TOAST))) == "(記下了)\n"


async def test_a_reminder_is_printed_while_the_terminal_waits(tmp_path: Path) -> None:
    clerk = Clerk()
    async with talking(tmp_path, clerk) as (side, _):
        receipt = await side.channel.deliver(Address("terminal", "local"), Reply("明天演練", BUTTONS), "k")
        assert receipt.outcome is Outcome.SENT
        await side.sees("明天演練")
        await side.press("乙")
        assert (await clerk.hears(1)).action == Action("do", "2")


async def test_files_never_overwrite_and_stay_in_their_folder(tmp_path: Path) -> None:
    names = ("a.txt", "a.txt", "../../escape.txt", ".\x00.", "dir/b.txt")
    files = tuple(File(name, "text/plain", str(number).encode()) for number, name in enumerate(names))
    async with talking(tmp_path, Clerk(lambda incoming: Reply("", files=files))) as (side, _):
        await side.say("給我")
        await side.sees("b.txt")
    assert contents(tmp_path) == {
        "a.txt": "0",
        "a (2).txt": "1",
        "escape.txt": "2",
        "file": "3",
        "b.txt": "4",
    }


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with talking(tmp_path / "missing", Clerk(lambda incoming: Reply("", files=(File("a.txt", "text/plain", b"1"),)))) as (side, _):
        await side.say("給我")
        await side.sees("a.txt: No such file")
        assert side.paper.getvalue().count("a.txt") == 1
    assert contents(tmp_path) == {}


async def test_control_characters_are_not_printed() -> None:
    printed = await told("問\n", Clerk(lambda incoming: Reply("\x1b[2J紅\x07\r字\x9b1m\t一\u3000二")))
    assert printed == "[2J紅字1m\t一\u3000二\n"


async def test_a_terminal_of_another_script_shows_the_rest() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    await TerminalChannel(io.StringIO("x\n"), out).run(Clerk(lambda incoming: Reply("5月 = May")))
    assert raw.getvalue() == b"5? = May\n"
    out.close()


async def test_a_line_that_is_no_text_does_not_end_the_conversation() -> None:
    lines = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\nok\n"), encoding="utf-8")
    out = io.StringIO()
    await TerminalChannel(lines, out).run(Clerk())
    assert out.getvalue().endswith("heard ok\n")
    lines.close()


async def test_each_line_is_told_apart(tmp_path: Path) -> None:
    clerk = Clerk()
    await told("一\n一\n", clerk)
    first, second = clerk.heard
    assert isinstance(first, Incoming)
    assert first.update != second.update


async def test_no_delivery_of_one_conversation_is_taken_for_one_of_the_next() -> None:
    clerk = Clerk()
    for _ in range(2):
        await told("你好\n再問\n", clerk)
    assert len({incoming.update for incoming in clerk.heard}) == len({incoming.remote for incoming in clerk.heard}) == 4
