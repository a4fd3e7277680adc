"""A desk for channel tests: writes down what it is asked and answers as it is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.chat import Address, Download, Incoming, MenuEntry, Moved, Page, Reply, Request, Suggestion

Answering = Callable[[Incoming], "Reply | Awaitable[Reply | None] | None"]


def echo(incoming: Incoming) -> Reply:
    """The plainest answer: what was said or pressed, or which files came."""
    if incoming.action:
        return Reply(f"pressed {incoming.action.pack()}")
    if incoming.files:
        return Reply(f"got {', '.join(file.name for file in incoming.files)}")
    return Reply(f"heard {incoming.text}")


@dataclass
class Clerk:
    """Implements `bot.chat.Desk`."""

    answering: Answering = echo
    menu: Sequence[MenuEntry] = ()
    pages: Mapping[str, Page | Download | Moved] = field(default_factory=dict)
    heard: list[Incoming] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    links: dict[str, bool] = field(default_factory=dict)
    """Tokens that log somebody in once."""
    logged_in: dict[Address, str] = field(default_factory=dict)
    left: list[Address] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def rank(self, who: Address) -> int:
        return 0

    async def answer(self, incoming: Incoming) -> Reply | None:
        async with self.news:
            self.heard.append(incoming)
            self.news.notify_all()
        answer = self.answering(incoming)
        return await answer if isinstance(answer, Awaitable) else answer

    async def suggest(self, text: str, who: Address, limit: int) -> Sequence[Suggestion]:
        return ()

    async def enter(self, token: str, who: Address, agent: str) -> int:
        if self.links.pop(token, None) is None:
            return 0
        self.logged_in[who] = agent
        return 3600

    async def attend(self, who: Address) -> bool:
        return who in self.logged_in

    async def open(self, request: Request) -> Page | Download | Moved | None:
        self.requests.append(request)
        return self.pages.get(request.name)

    async def closed(self, address: Address) -> None:
        self.left.append(address)

    async def moved(self, old: Address, new: Address) -> None:
        self.left.append(old)

    async def hears(self, count: int) -> Incoming:
        """Wait until so many messages came in; the last of them."""
        async with asyncio.timeout(20), self.news:
            await self.news.wait_for(lambda: len(self.heard) >= count)
            return self.heard[count - 1]
