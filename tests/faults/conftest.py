"""A town on each database, with Telegram's rates lifted."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.faults.town import Nursery, Town, founded, nursery
from tests.telegram import Limits, TelegramServer


@pytest.fixture(scope="session")
def forking() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
async def town(database_url: str, tmp_path: Path, forking: Nursery) -> AsyncIterator[Town]:
    async with TelegramServer(Limits().unhurried()) as server, founded(server, database_url, tmp_path, forking) as made:
        yield made
