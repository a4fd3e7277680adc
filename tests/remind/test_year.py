"""A school year of the demonstration plans on an injected clock: what comes is what a plain reference asks for, once, whatever breaks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from bot.app import App, open_app, sum_up
from bot.calendar import SchoolCalendar
from bot.chat import Address
from bot.intake import demonstrate
from bot.plan.model import Document
from bot.settings import Ask, Database, Settings
from storage.store import Store
from storage.values import State
from tests.conftest import BOTH, made
from tests.fakes import Clock, RecordingChannel
from tests.faults.town import LONG
from tests.handlers.conftest import SHANGHAI
from tests.remind.reference import Wanting, announced, each, things, wanted

BEGAN = date(2026, 9, 1)
START = datetime(2026, 8, 31, 12, tzinfo=SHANGHAI)
END = datetime(2027, 9, 1, 12, tzinfo=SHANGHAI)
USUAL = (7, 1, 0, -1)
ON = pytest.mark.parametrize("database_url", BOTH if LONG else ["sqlite"], indirect=True)
"""A year takes its time; the long run lives it on PostgreSQL too."""


@dataclass
class Year:
    """A district that lives through its school year."""

    app: App
    channel: RecordingChannel
    clock: Clock
    wanting: dict[int, tuple[Wanting, int | None]] = field(default_factory=dict)

    async def follow(self, name: str, kinds: list[tuple[str, str]], wanting: Wanting, unit: str = "") -> None:
        found = next((one for one in self.app.services.register().units if one.name == unit), None)
        async with self.app.store.begin() as db:
            person = (await db.people.meet(Address(self.channel.name, name), name, "zh-hant", self.clock())).person
            if found is not None:
                await db.people.set_unit(person.id, found.id)
            for kind, reference in kinds:
                row, _ = await db.subscriptions.follow(person.id, kind, reference, Address(self.channel.name, name), self.clock())
                if wanting.days != USUAL or wanting.working:
                    await db.subscriptions.change(row.id, days=list(wanting.days), working=wanting.working)
        self.wanting[person.id] = (wanting, found.id if found else None)

    def expected(self) -> Counter[tuple[str, str, date]]:
        """Holder, subject and local day of everything that the reference asks for."""
        register, calendar = self.app.services.register(), SchoolCalendar()
        documents: list[Document] = [shelf.document for shelf in self.app.services.library().shelves]
        found: Counter[tuple[str, str, date]] = Counter()
        for person, (wanting, unit) in self.wanting.items():
            mine = next((one for one in register.units if one.id == unit), None)
            for thing in things(documents):
                if wanted(thing, wanting, register):
                    for day in each(BEGAN, END.date()):
                        if count := announced(thing, day, wanting, mine, register, calendar):
                            found[str(person), thing.id, day] += count
        return found

    def delivered(self) -> Counter[tuple[str, str, date]]:
        """Holder, subject and local day of every reminder that came, by its key."""
        return Counter(self.day_of(key) for _, _, key in self.channel.delivered if key.startswith("remind:"))

    def day_of(self, key: str) -> tuple[str, str, date]:
        _, subject, _, _, holder = key.split(":")
        return holder, subject, self.times[key].astimezone(SHANGHAI).date()

    times: dict[str, datetime] = field(default_factory=dict)

    async def remember(self) -> None:
        """Note when each row was to leave, by its key."""
        async with self.app.store.read() as db:
            for row in await db.outbox.of_kind("remind"):
                self.times.setdefault(row.planned.key, row.planned.not_before)

    async def live(self, until: datetime, jump: timedelta = timedelta()) -> None:
        """Send what is due at its time, and plan every four weeks, as every night would; `jump` passes over time at each step."""
        planned = self.clock()
        await self.night()
        while self.clock() < until:
            async with self.app.store.read() as db:
                due = await db.outbox.next_due(self.clock())
            following = min(planned + timedelta(weeks=4), due or until, until)
            self.clock.set(max(following, self.clock()) + jump)
            if self.clock() >= planned + timedelta(weeks=4):
                planned = self.clock()
                await self.night()
            await self.app.sender.recover()
            await sum_up(self.app.services, self.clock())
            await self.app.sender.drain()

    async def night(self) -> None:
        await self.app.plan_reminders()
        await self.remember()


@asynccontextmanager
async def district(url: str, clock: Clock, channel: RecordingChannel) -> AsyncIterator[App]:
    settings = Settings(database=Database(url), ask=Ask(embedding=False))
    async with open_app(settings, {channel.name: channel}, now=clock) as app:
        await app.shelves.look_now()
        yield app


@pytest.fixture
async def year(database_url: str) -> AsyncIterator[Year]:
    clock, channel = Clock(START), RecordingChannel()
    store = Store(database_url)
    await store.open()
    await demonstrate(store, Settings(), BEGAN, START)
    await store.close()
    async with district(database_url, clock, channel) as app:
        made = Year(app, channel, clock)
        events = {row.event.name: row.event.id for row in app.services.library().happenings}
        some = [key for name, key in events.items() if "科技節" in name or "田徑" in name or "疏散" in name or "佈局" in name][:6]
        await made.follow("anna", [("school", "")], Wanting(USUAL, school=unit(app, "禾溪區第二小學")), "禾溪區第二小學")
        working = Wanting((3, 0, -1), True, school=unit(app, "禾溪區第一幼兒園"))
        await made.follow("ben", [("school", "")], working, "禾溪區第一幼兒園")
        await made.follow("cai", [("everything", "")], Wanting((1, 0), everything=True))
        await made.follow("dan", [("topic", "演練")], Wanting((1, 0), words="演練"))
        await made.follow("eve", [("event", key) for key in some], Wanting(USUAL, by_name=frozenset(some)))
        yield made


def unit(app: App, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in app.services.register().units if one.name == name)


@pytest.mark.timeout(600)
@ON
async def test_a_year_delivers_what_the_reference_asks_for(year: Year) -> None:
    await year.live(END)
    expected, delivered = year.expected(), year.delivered()
    assert delivered == expected
    assert len({holder for holder, _, _ in expected}) == 5
    assert sum(expected.values()) > 300
    keys = [key for _, _, key in year.channel.delivered]
    assert len(keys) == len(set(keys))
    assert not any("遲到" in message.text for _, message, _ in year.channel.delivered)


async def accounted(year: Year) -> tuple[Counter[tuple[str, str, date]], list[str]]:
    """What came by itself or is told of by a summary that came, and the keys of what came."""
    came = [key for _, _, key in year.channel.delivered]
    found = Counter(year.day_of(key) for key in came if key.startswith("remind:"))
    async with year.app.store.read() as db:
        for key in came:
            if key.startswith("missed:"):
                found.update(year.day_of(row.planned.key) for row in await db.outbox.gathered(key) if row.planned.kind == "remind")
    return found, came


@pytest.mark.timeout(600)
@ON
async def test_outages_of_a_day_lose_and_double_nothing(year: Year) -> None:
    """The clock jumps over a day after every message: each reminder comes late, or is named by a summary, and none comes twice."""
    await year.live(END + timedelta(days=3), jump=timedelta(hours=24))
    found, came = await accounted(year)
    assert len(came) == len(set(came))
    assert_whole(found, year.expected())


def assert_whole(found: Counter[tuple[str, str, date]], expected: Counter[tuple[str, str, date]]) -> None:
    """Nothing came that was not asked for; what did not come was overtaken by a later reminder of the same thing."""
    assert found - expected == Counter()
    for holder, subject, day in expected - found:
        assert any((holder, subject) == (who, what) and later > day for who, what, later in found), (holder, subject, day)


@pytest.mark.timeout(600)
@pytest.mark.postgres
async def test_two_schedulers_and_two_senders_deliver_as_one(postgres_url: str, postgres_template: str) -> None:
    for url in made(postgres_url, postgres_template):
        clock, channel = Clock(START), RecordingChannel()
        store = Store(url)
        await store.open()
        await demonstrate(store, Settings(), BEGAN, START)
        await store.close()
        async with AsyncExitStack() as opened:
            apps = [await opened.enter_async_context(district(url, clock, channel)) for _ in range(2)]
            years = [Year(app, channel, clock) for app in apps]
            await years[0].follow("anna", [("school", "")], Wanting(USUAL, school=unit(apps[0], "禾溪區第二小學")), "禾溪區第二小學")
            await years[0].follow("cai", [("everything", "")], Wanting((7, 0), everything=True))
            for at in range(0, 400, 40):
                clock.set(START + timedelta(days=at, hours=8))
                for app in apps:
                    await app.sender.recover()
                await asyncio.gather(*(app.plan_reminders() for app in apps))
                await asyncio.gather(*(sum_up(app.services, clock()) for app in apps))
                await asyncio.gather(*(app.sender.drain() for app in apps))
                await years[0].remember()
            found, came = await accounted(years[0])
            assert len(came) == len(set(came))
            expected = years[0].expected()
            assert_whole(found, Counter({row: count for row, count in expected.items() if row[2] < clock().date()}))


class Cut(Exception):
    """The power went."""


@pytest.mark.timeout(600)
async def test_cut_off_after_any_commit_of_planning_it_is_planned_whole_the_next_time(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after its nth commit, for every n, in the first planning and in the one that follows a changed register."""
    monkeypatch.setattr("handlers.schedule.CHUNK", 1)
    monkeypatch.setattr("handlers.moved.CHUNK", 1)
    begin = Store.begin
    left = 0

    @asynccontextmanager
    async def cutting(self: Store):  # type: ignore[no-untyped-def]
        nonlocal left
        if left <= 0:
            raise Cut
        async with begin(self) as db:
            yield db
        left -= 1

    cuts = 0
    while True:
        left = cuts
        with monkeypatch.context() as broken:
            broken.setattr(Store, "begin", cutting)
            try:
                await year.app.plan_reminders()
                break
            except Cut:
                cuts += 1
    assert cuts >= 5
    await year.remember()
    first = {row.planned.key for row in await rows(year)}
    assert {year.day_of(key) for key in first} == {row for row in year.expected() if row[2] <= (START + timedelta(days=45)).date()}
    assert all(row.state is State.QUEUED for row in await rows(year))


async def rows(year: Year):  # type: ignore[no-untyped-def]
    async with year.app.store.read() as db:
        return await db.outbox.of_kind("remind")
