"""Our Telegram server in a process of its own, so that what a sender costs is not mixed with what the server costs."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.telegram import Limits, TelegramServer, User

ASKERS = 10
"""People who put the questions in turn: one alone would soon write too much."""
PAUSE = 0.25
"""Seconds between an answer and the next question."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the server saw of the messages since it was last asked."""

    messages: int
    seconds: float
    """From the first to the last."""
    most: int
    """In any one second."""
    refused: int
    """Requests answered with 429."""
    answers: tuple[float, ...]
    """Milliseconds from a question to its answer."""


@dataclass(frozen=True, slots=True)
class Far:
    """The server as its client knows it."""

    process: subprocess.Popen[str]
    token: str
    base_url: str
    chats: tuple[int, ...]

    def tally(self) -> Tally:
        """What was sent since the last time."""
        return Tally(**self._order("tally"))

    def ask(self, questions: int) -> None:
        """Let somebody put so many questions from now on, one after another."""
        self._order(f"ask {questions}")

    def _order(self, words: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def far(people: int, limited: bool) -> Iterator[Far]:
    """A server with so many people, with Telegram's real limits or with none."""
    words = [sys.executable, "-m", "tests.bench.far", str(people), "limited" if limited else "free"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Far(process, told["token"], told["base_url"], tuple(told["chats"]))
        process.stdin.close()
        process.wait(30)


def most_in_a_second(times: list[float]) -> int:
    """The largest number of moments that lie within one second."""
    first = most = 0
    for at, moment in enumerate(times):
        while times[first] <= moment - 1.0:
            first += 1
        most = max(most, at - first + 1)
    return most


async def question(people: Sequence[User], left: int, answers: list[float]) -> None:
    """Put questions, another person each time, and note how long each answer takes."""
    for number in range(left):
        person = people[number % len(people)]
        began = time.monotonic()
        await person.says(f"{number % 12 + 1}月有什麼活動？")
        await person.hears(timeout=60)
        answers.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(PAUSE)


async def serve(people: int, limits: Limits) -> None:
    """Serve until the input ends."""
    async with TelegramServer(limits) as server:
        askers = [server.user(f"Q{number}") for number in range(ASKERS)]
        chats = [server.user(f"P{number}").id for number in range(people)]
        answers: list[float] = []
        asking: asyncio.Task[None] | None = None
        print(json.dumps({"token": server.token, "base_url": server.base_url, "chats": chats}), flush=True)  # noqa: T201
        while words := (await asyncio.to_thread(sys.stdin.readline)).split():
            told: Any = None
            if words[0] == "ask":
                asking = asyncio.create_task(question(askers, int(words[1]), answers))
            else:
                if asking is not None:
                    await asking
                sends = server.called("sendMessage")
                times = sorted(call.at for call in sends if call.status == 200)
                span = times[-1] - times[0] if times else 0.0
                refused = sum(call.status == 429 for call in sends)
                told = {
                    "messages": len(times), "seconds": span, "most": most_in_a_second(times), "refused": refused, "answers": list(answers)
                }  # fmt: skip
                server.calls.clear()
                answers.clear()
            print(json.dumps(told), flush=True)  # noqa: T201


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), Limits() if sys.argv[2] == "limited" else Limits().unhurried()))
