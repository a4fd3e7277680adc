"""/calendar: a file and a feed of one's own lists; what moves is counted up, what is gone is cancelled, and a key is all it takes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest

from bot.app import open_app
from bot.chat import Address, Download, Moved, Page, Request
from bot.people import Rank
from bot.plan.model import Document, Span
from bot.settings import Channels, Settings, Web
from handlers.mine import duties
from tests.fakes import Clock, RecordingChannel
from tests.handlers.conftest import Talk, labels
from tests.handlers.test_sheets import filled, form_of, get, post
from tests.handlers.test_standing import of_school

PUBLIC = "https://plan.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, channels=Channels(web=Web(public_url=f"{PUBLIC}/")))


def key_in(text: str) -> str:
    """The key of the address in a message."""
    address = next(line for line in text.splitlines() if line.startswith(f"{PUBLIC}/feed/"))
    return address.removeprefix(f"{PUBLIC}/feed/").removesuffix(".ics")


async def fetched(talk: Talk, key: str) -> Download | None:
    opened = await talk.app.desk.open(Request("feed", Address("web", "feed"), {"key": key}))
    assert not isinstance(opened, (Page, Moved))
    return opened


async def events(talk: Talk, key: str) -> dict[str, icalendar.cal.Component]:
    """What a feed holds, by uid, read by the library."""
    got = await fetched(talk, key)
    assert got is not None
    return {str(one["uid"]): one for one in icalendar.Calendar.from_ical(got.file.data).walk("VEVENT")}


async def subscribed(talk: Talk, kind: str = "我校") -> str:
    return key_in((await talk.press(await talk("/calendar"), f"訂閱{kind}")).text)


async def test_a_vague_time_is_one_day_on_the_first_workday_of_its_range_and_says_so(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    found = await events(talk, await subscribed(one))
    vague = [event for event in found.values() if str(event["summary"]).startswith("〔10月內〕") or "月內〕" in str(event["summary"])]
    assert vague
    for event in vague:
        first = event.decoded("dtstart")
        assert event.decoded("dtend") - first == timedelta(days=1)
        assert talk.app.services.calendar.is_workday(first)
        assert first.day <= 10


async def test_the_same_calendar_is_the_same_bytes_under_the_same_name(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    key = await subscribed(one)
    first = await fetched(talk, key)
    talk.clock.advance(days=3)
    second = await fetched(talk, key)
    assert first is not None
    assert second is not None
    assert (first.etag, first.file.data) == (second.etag, second.file.data)


def later(span: Span | None) -> Span | None:
    """Five weeks later."""
    if span is None or span.end is None:
        return span
    weeks = timedelta(weeks=5)
    return replace(span, start=span.start + weeks if span.start else None, end=span.end + weeks)


def changed(document: Document, measure: str, drop: str) -> Document:
    """The document with one measure five weeks later and another left out."""
    plans = []
    for plan in document.plans:
        measures = tuple(replace(one, date=later(one.date)) if one.id == measure else one for one in plan.measures if one.id != drop)
        events = tuple(replace(one, date=later(one.date)) if one.measure == measure else one for one in plan.events if one.measure != drop)
        plans.append(replace(plan, measures=measures, events=events))
    return replace(document, plans=tuple(plans), digest="0" * 64)


async def test_a_moved_date_keeps_its_id_and_counts_up_and_a_dropped_one_is_cancelled(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    key = await subscribed(one)
    services = talk.app.services
    unit = next(unit for unit in services.register().units if unit.name == "禾溪區第一小學")
    mine = duties(services, unit, date(2026, 10, 12))
    days = [hit for hit in mine if hit.measure.recurrence is None and hit.measure.date and hit.measure.date.acts and hit.measure.date.end]
    moving, dropping = days[0], days[1]
    before = await events(talk, key)
    async with talk.app.store.begin() as db:
        stored = await db.plans.get(moving.shelf.plan)
        draft = await db.plans.store_document(changed(stored.document, moving.measure.id, dropping.measure.id), talk.clock())
        await db.plans.release(draft.stored.plan, talk.clock(), draft.stored.version)
    await talk.app.services.renew()
    talk.clock.advance(hours=1)
    after = await events(talk, key)
    assert set(before) <= set(after)
    moved = [uid for uid in before if after[uid]["dtstart"].dt != before[uid]["dtstart"].dt]
    gone = [uid for uid in before if str(after[uid].get("status", "")) == "CANCELLED"]
    assert len(moved) == 1
    assert len(gone) >= 1
    assert (int(before[moved[0]]["sequence"]), int(after[moved[0]]["sequence"])) == (0, 1)
    assert all(int(after[uid]["sequence"]) == 1 for uid in gone)
    same = [uid for uid in before if uid not in (*moved, *gone)]
    assert {int(after[uid]["sequence"]) for uid in same} <= {0, 1}
    talk.clock.advance(days=91)
    later = await events(talk, key)
    assert not set(gone) & set(later)


async def test_a_key_is_long_kept_as_a_hash_void_when_replaced_or_revoked(talk: Talk) -> None:
    one = await of_school(talk.as_("a"), "禾溪區第一小學")
    key = await subscribed(one)
    assert len(key) >= 22
    async with talk.app.store.read() as db:
        rows = await db.connection.exec_driver_sql("SELECT * FROM feeds")
        assert key not in str(rows.all())
    assert await fetched(talk, key) is not None
    second = await subscribed(one)
    assert await fetched(talk, key) is None
    offered = await one("/calendar")
    assert key not in offered.text
    assert second not in offered.text
    await one.press(offered, "停用")
    assert await fetched(talk, second) is None
    for wrong in ("", "x", key + "x", "a" * 1000, "../..", "\0"):
        assert await fetched(talk, wrong) is None


async def test_what_is_followed_is_a_file_and_nothing_is_said_plainly(talk: Talk) -> None:
    assert "還沒有跟進" in (await talk.press(await talk("/calendar"), "我跟進的")).text
    await talk.press(await talk("教師課堂教學大賽什麼時候？"), "跟進")
    (file,) = (await talk.press(await talk("/calendar"), "我跟進的")).files
    (event,) = icalendar.Calendar.from_ical(file.data).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 5, 23)


async def test_the_page_makes_and_revokes_an_address_and_says_what_phones_do(talk: Talk) -> None:
    await of_school(talk, "禾溪區第一小學", Rank.TEACHER)
    page = await get(talk, "calendar")
    assert any("鬧鐘" in block.text for block in page.blocks)
    made = await post_page(talk, filled(form_of(page, "訂閱我校的")))
    key = key_in("\n".join(block.quote for block in made.blocks))
    assert await fetched(talk, key) is not None
    await post(talk, "calendar", filled(form_of(await get(talk, "calendar"), "停用")))
    assert await fetched(talk, key) is None


async def post_page(talk: Talk, values: dict[str, str]) -> Page:
    opened = await talk.app.desk.open(Request("calendar", Address(talk.channel.name, talk.sender), values, posted=True))
    assert isinstance(opened, Page)
    return opened


@pytest.fixture
async def closed_talk(demonstrated: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Talk]:
    import shutil

    from bot.settings import Database

    shutil.copy(demonstrated, tmp_path / "closed.db")
    channel = RecordingChannel()
    settings = Settings(database=Database(f"sqlite+aiosqlite:///{tmp_path / 'closed.db'}"))
    async with open_app(settings, {channel.name: channel}, now=clock) as app:
        await app.shelves.look_now()
        yield Talk(app, channel, clock)


async def test_without_a_public_address_there_is_only_the_file(closed_talk: Talk) -> None:
    offered = await closed_talk("/calendar")
    assert "只能存檔案" in offered.text
    assert not any("訂閱" in label for label in labels(offered))
