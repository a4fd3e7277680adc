"""The machine's clock set by an hour, forward and back, in the middle of a notice; the monotonic clock goes on as clocks do."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from storage.values import State
from tests.faults.town import LONG, PATIENCE, Nursery, Town, founded, nursery
from tests.telegram import Limits, TelegramServer

PEOPLE = 300 if LONG else 60
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")

pytestmark = [pytest.mark.parametrize("database_url", BOTH, indirect=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that says by how much the clock is off."""
    file = tmp_path_factory.mktemp("clock") / "offset"
    file.write_text("+0")
    return file


@pytest.fixture(scope="session")
def forking(hands: Path) -> Iterator[Nursery]:
    """Processes whose clock can be set, by Debian's libfaketime."""
    found = [path for place in PLACES for path in Path("/").glob(place.removeprefix("/"))]
    if not found:
        missing = "no libfaketime on this machine (Debian: apt-get install libfaketime)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    settable = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(hands),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
    with nursery(settable) as made:
        yield made


@pytest.fixture
async def timed(
    database_url: str, tmp_path: Path, forking: Nursery, hands: Path, record_property: Callable[[str, object], None]
) -> AsyncIterator[Town]:
    set_clock(hands, 0)
    async with (
        TelegramServer(Limits().unhurried()) as server,
        founded(server, database_url, tmp_path, forking, record_property) as made,
    ):
        yield made


def set_clock(hands: Path, seconds: int) -> None:
    """Put the clock of every process of the nursery so many seconds off."""
    # In place of the old file at once, so that nobody reads half of it.
    fresh = hands.with_suffix(".new")
    fresh.write_text(f"{seconds:+d}")
    fresh.replace(hands)


@pytest.mark.parametrize("seconds", [3600, -3600])
async def test_set_in_the_middle_of_a_notice(timed: Town, hands: Path, seconds: int) -> None:
    town = timed
    await town.people(PEOPLE)
    notice = await town.notice()
    async with town.life(per_second=20, reserve=0):
        await town.server.until(lambda: town.arrived > 5, "it sends", PATIENCE)
        set_clock(hands, seconds)
        # It is seen within a second, so in the middle of the notice.
        if seconds < 0:
            # What is not due any more by the clock waits; when the clock is put right it goes on.
            await town.until(notice, lambda counts: counts[State.SENDING] == 0)
            set_clock(hands, 0)
        await town.over(notice)
    assert await town.verdict(notice, 0, f"clock set by {seconds:+d} s") == {State.SENT: PEOPLE}


@pytest.mark.parametrize("seconds", [3600, -3600])
async def test_killed_and_started_under_another_time(timed: Town, hands: Path, seconds: int) -> None:
    """What was claimed under the old time is taken up at once, however far its lease seems away."""
    town = timed
    await town.people(12)
    late = town.server.fault("sendMessage", late=True, times=town.in_flight)
    set_clock(hands, 3600 if seconds < 0 else 0)
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: late.met == town.in_flight and town.arrived == late.met, "the messages arrive", PATIENCE)
        await life.end()
    set_clock(hands, 0 if seconds < 0 else 3600)
    async with town.life():
        await town.over(notice)
    counts = await town.verdict(notice, town.in_flight, f"killed, then started {seconds:+d} s off")
    assert counts == {State.UNCERTAIN: town.in_flight, State.SENT: 12 - town.in_flight}
