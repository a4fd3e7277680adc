"""The network at its worst: storms of 429, broken and silent answers, a Telegram out of reach, uploads that take long, deliveries twice."""

import asyncio
import copy
import random
import time
from datetime import UTC, datetime

import pytest

from bot.chat import Address
from bot.notice.asks import Ask, Wanted
from bot.people import Rank
from storage.values import State
from tests.faults.town import LONG, PATIENCE, TEXT, Town

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
HERE = BOTH if LONG else BOTH[:1]
"""The network is the same for every database, so the short form takes one."""
PEOPLE = 300 if LONG else 40
OUTAGE = 60.0 if LONG else 1.5

pytestmark = [pytest.mark.parametrize("database_url", HERE, indirect=True), pytest.mark.timeout(300)]


async def test_a_storm_of_429(town: Town) -> None:
    await town.people(PEOPLE)
    storm = [town.server.fault("sendMessage", status=429, retry_after=1, times=town.in_flight) for _ in range(6 if LONG else 1)]
    notice = await town.notice()
    async with town.life():
        await town.over(notice)
    assert sum(fault.met for fault in storm) == town.in_flight * len(storm)
    assert await town.verdict(notice, 0, f"{sum(fault.met for fault in storm)} answers of 429") == {State.SENT: PEOPLE}


async def test_a_429_that_names_no_pause(town: Town) -> None:
    await town.people(8)
    fault = town.server.fault("sendMessage", status=429, times=1)
    notice = await town.notice()
    async with town.life():
        await town.server.until(lambda: fault.met == 1, "a request is refused", PATIENCE)
        await town.over(notice)
    refused = next(call.at for call in town.server.called("sendMessage") if call.status == 429)
    later = [call.at for call in town.server.called("sendMessage") if call.at > refused + 1]
    assert min(later) - refused > 4
    assert await town.verdict(notice, 0, "one 429 without retry_after") == {State.SENT: 8}


async def test_a_429_for_hours_stops_everything_and_loses_nothing(town: Town) -> None:
    await town.people(PEOPLE)
    notice = await town.notice()
    async with town.life() as life:
        await town.server.until(lambda: town.arrived > 4, "it sends", PATIENCE)
        huge = town.server.fault("sendMessage", status=429, retry_after=40_000, times=-1)
        await life.writes("pause of 40000 s")
        await town.until(notice, lambda counts: counts[State.SENDING] == 0)
        met = huge.met
        # Two looks of the sender's loop at the ledger, in which it finds rows and sends none.
        await asyncio.sleep(2.1)
        assert huge.met == met <= town.in_flight
        await life.end()
    huge.lift()
    async with town.life():
        # What was refused waits for its hour by the ledger; everybody else gets it now.
        counts = await town.until(notice, lambda counts: counts[State.SENT] >= PEOPLE - town.in_flight)
    assert set(counts) <= {State.SENT, State.QUEUED}
    for row in await town.rows(notice):
        assert row.state is State.SENT or row.planned.not_before > datetime.now(UTC)
    assert len({message.chat.id for message in town.server.sent if TEXT in message.said}) == counts[State.SENT] == len(town.server.sent)


async def test_answers_that_prove_nothing(town: Town) -> None:
    """5xx, cut connections and silence, after the message took effect or before: everyone it happened to is named, nobody twice."""
    await town.people(PEOPLE)
    chance = random.Random(7)
    ways = [{"status": 500}, {"status": 502}, {"status": 504}, {"cut": True}, {"late": True}]
    faults = []
    for chat in chance.sample(sorted(town.chats), 40 if LONG else 8):
        fault = town.server.fault("sendMessage", chat=chat, **ways[len(faults) % len(ways)])
        fault.delivered = chance.random() < 0.5
        faults.append(fault)
    notice = await town.notice()
    async with town.life():
        await town.over(notice)
    assert all(fault.met == 1 for fault in faults)
    counts = await town.verdict(notice, len(faults), "5xx, cut, late")
    assert counts == {State.UNCERTAIN: len(faults), State.SENT: PEOPLE - len(faults)}


async def test_out_of_reach(town: Town) -> None:
    await town.people(PEOPLE)
    notice = await town.notice()
    async with town.life():
        await town.server.until(lambda: town.arrived > 5, "it sends", PATIENCE)
        await town.server.refuse()
        cut = town.arrived
        await asyncio.sleep(OUTAGE)
        assert town.arrived == cut
        await town.server.accept()
        began = time.monotonic()
        await town.server.until(lambda: town.arrived > cut, "it goes on", PATIENCE * 2)
        taken = time.monotonic() - began
        await town.over(notice, PATIENCE * 4)
    if LONG:
        assert taken < 60
    await town.verdict(notice, town.in_flight, f"refused for {OUTAGE:.0f} s", taken)


async def test_an_upload_that_takes_longer_than_its_claim_is_not_in_doubt(town: Town) -> None:
    await town.people(6)
    gate = asyncio.Event()
    slow = town.server.fault("sendDocument", gate=gate)
    notice = await town.notice(attached=b"%PDF-1.4 " + bytes(200_000))
    async with town.life():
        await town.server.until(lambda: slow.met == 1, "the upload arrives", PATIENCE)
        # Longer than the lease, and than five seconds, after which the library would give up by itself.
        await asyncio.sleep(town.lease + 4)
        gate.set()
        await town.over(notice)
    rows = await town.rows(notice)
    assert {row.state for row in rows} == {State.SENT}
    assert len(rows) == 12
    assert sum(bool(call.files) for call in town.server.called("sendDocument")) == 1


async def test_whoever_may_send_no_more_has_nothing_sent(town: Town) -> None:
    await town.people(6)
    author = town.chats[min(town.chats)]
    async with town.store.begin() as db:
        await db.people.set_rank(author, Rank.ADMINISTRATOR)
    notice = await town.notice(author=author)
    async with town.store.begin() as db:
        await db.people.set_rank(author, Rank.TEACHER)
    async with town.life():
        counts = await town.over(notice)
    assert (counts, town.arrived) == ({State.CANCELLED: 6}, 0)


async def test_the_same_update_and_the_same_press_twice(town: Town) -> None:
    person = town.server.user("Anna")
    world = town.server.world
    async with town.life():
        await person.says("/start")
        await person.hears(timeout=PATIENCE)
        await town.server.settled(PATIENCE)
        async with town.store.read() as db:
            found = await db.people.find(Address("telegram", str(person.id)))
        assert found is not None
        town.chats = {person.id: found.id}
        notice = await town.notice(wanted=Wanted(Ask.READ))
        got = await person.hears(timeout=PATIENCE)
        updates: list[dict[str, object]] = []
        world.on_update = lambda update: updates.append(copy.deepcopy(update))
        await person.presses(got, got.buttons[0], PATIENCE)
        await person.says("/help")
        await person.hears(timeout=PATIENCE)
        await town.server.settled(PATIENCE)
        heard = len(town.server.sent)
        repeat(town, updates)
        await town.server.settled(PATIENCE)
    async with town.life():
        # A new process, to which Telegram delivers what the old one did not confirm.
        repeat(town, updates)
        await town.server.settled(PATIENCE)
        await person.says("/help")
        await person.hears(timeout=PATIENCE)
    assert len(updates) >= 2
    assert len(town.server.sent) == heard + 1
    async with town.store.read() as db:
        answered = [reached.answer for reached in await db.notices.people(notice.id)]
    assert len(answered) == 1
    assert answered[0] is not None


def repeat(town: Town, updates: list[dict[str, object]]) -> None:
    """Deliver updates once more, under the numbers they had."""
    town.server.world.pending += copy.deepcopy(updates[:2])
    town.server.world.ring()
