"""The composition root: settings become a store, a library, channels, a desk, a sender and a clock."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.chat import Address, Channel, FileRef, Reply
from bot.desk import FrontDesk
from bot.errors import Refusal
from bot.gateway import shown
from bot.intake import reader
from bot.jobs import run_jobs
from bot.limits import Limits, Pace
from bot.sender import Compose, Sender
from bot.settings import Settings
from bot.shelves import Shelves
from bot.texts import Texts, load_texts
from bot.turns import take_turns
from handlers import ROOMS
from handlers.carrying import carry_all
from handlers.curated import point_out
from handlers.digest import plan_digests
from handlers.live import refresh_boards
from handlers.missed import sum_up
from handlers.moved import observe, tell
from handlers.own import plan_own
from handlers.room import Composed, ManyComposer, Services
from handlers.schedule import plan_followers
from handlers.series import make_due
from handlers.unannounced import point_out_years
from handlers.usage import plan_report
from storage.store import Store
from storage.values import Cancelled, OutboxRow

log = logging.getLogger("planbot.app")


@dataclass(slots=True)
class App:
    """Everything that runs, opened and closed by `open_app`."""

    settings: Settings
    store: Store
    shelves: Shelves
    services: Services
    desk: FrontDesk
    channels: Mapping[str, Channel]
    sender: Sender
    planned: int = -1
    """The revision of plans and units that the reminders were last planned on."""
    changed: asyncio.Event | None = None
    """Rung while serving when the plans in use changed, so that nobody's answer waits until everybody's reminders are planned."""

    async def plan_reminders(self) -> None:
        """Take states on to the plans in use, and write what these and the calendar owe: reminders, digests, answers, the weekly report."""
        await self.shelves.refresh()
        now, revision = self.services.now(), self.shelves.revision
        await carry_all(self.services, now)
        await observe(self.services, now)
        async with self.store.begin() as db:
            await db.subscriptions.apply_defaults(now)
        written = await plan_own(self.services, now) + await point_out_years(self.services, now)
        written += await plan_followers(self.services, now) + await tell(self.services, now)
        written += await plan_digests(self.services, now)
        written += await point_out(self.services, now) + await plan_report(self.services, now)
        self.planned = revision
        if written:
            self.sender.wake()

    async def sweep(self) -> None:
        """Take up rows of a dead sender, sum up what is too late, follow a changed plan, and make the notices of a term that are due."""
        await self.sender.recover()
        await sum_up(self.services, self.services.now())
        await self.shelves.refresh()
        if self.planned != self.shelves.revision:
            await self.plan_reminders()
        await make_due(self.services, self.services.now())
        self.sender.wake()

    async def follow_changes(self) -> None:
        """Plan anew after the plans in use changed: at once, while serving beside the answer that noticed it."""
        if self.changed is None:
            await self.plan_reminders()
        else:
            self.changed.set()

    async def keep_planned(self, changed: asyncio.Event) -> None:
        """Plan anew whenever the bell is rung, until cancelled."""
        while True:
            await changed.wait()
            changed.clear()
            try:
                await self.plan_reminders()
            except Exception:
                log.exception("reminders could not be planned; the next sweep tries again")

    async def refresh_boards(self) -> None:
        """Bring the messages that show how a notice goes up to date."""
        await refresh_boards(self.services, self.services.now())

    async def tidy(self) -> None:
        """Remove what the settings say is not kept any longer, and note the end of the audit where the database cannot be changed."""
        kept, now = self.settings.privacy, self.services.now()
        async with self.store.begin() as db:
            removed = await db.membership.tidy(now, kept.question_days, kept.message_days)
            audited = await db.audit.recent(1)
            head = await db.audit.head()
        if any(removed.values()):
            log.info("tidied up: %s", ", ".join(f"{name} {count}" for name, count in removed.items() if count))
        if audited:
            log.info("the audit ends with row %d, %s", audited[0].id, head)

    async def run(self) -> None:
        """Serve until cancelled: every channel under its own supervisor, the sender and the clock beside them."""
        await self.shelves.look_now()
        await self.shelves.serve()
        for name in self.channels:
            self.sender.turn(name, 0.0)
        await self.sender.recover()
        await sum_up(self.services, self.services.now())
        await self.plan_reminders()
        self.changed = changed = asyncio.Event()
        turns = {} if self.store.sole else {name: self.store.turn(name) for name in self.channels}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.sender.run(), name="sender")
                group.create_task(
                    run_jobs(self.settings.zone, self.sweep, self.plan_reminders, self.refresh_boards, self.tidy), name="jobs"
                )
                group.create_task(self.keep_planned(changed), name="planning")
                for channel in self.channels.values():
                    group.create_task(take_turns(turns.get(channel.name), channel, self.desk, self.sender.turn), name=channel.name)
        finally:
            # Not before the sender has finished what was in flight: who takes over counts on that.
            for turn in turns.values():
                with contextlib.suppress(Exception):
                    await turn.close()


def composing(services_of: list[Services], composers: Mapping[str, ManyComposer], shelves: Shelves) -> Compose:
    """The one way ledger rows are worded: by the rooms that own their kinds, with rights and plans as they stand now."""

    async def compose(rows: Sequence[OutboxRow], now: datetime) -> list[Composed | Exception]:
        await shelves.refresh()
        services = services_of[0]
        async with services.store.read() as db:
            people = await db.people.some(row.planned.person for row in rows if row.planned.person is not None)
        worded: dict[int, Composed | Exception] = {}
        for kind in dict.fromkeys(row.planned.kind for row in rows):
            due = [(row, people.get(row.planned.person or 0)) for row in rows if row.planned.kind == kind]
            if kind not in composers:
                worded |= {row.id: Cancelled("no room words this kind") for row, _ in due}
                continue
            found = await composers[kind](due, services, now)
            worded |= {row.id: shown(one) if isinstance(one, Reply) else one for (row, _), one in zip(due, found, strict=True)}
        return [worded[row.id] for row in rows]

    return compose


def utc_now() -> datetime:
    """The current time, aware."""
    return datetime.now(UTC)


async def fetch(channels: Mapping[str, Channel], file: FileRef) -> bytes:
    """The bytes of a file that came in on one of these channels; Refusal where it is too large or gone."""
    channel = channels.get(file.channel)
    if channel is None:
        raise Refusal("channel.file_gone", name=file.name)
    limit = channel.abilities.fetch_limit
    if file.size > limit:
        raise Refusal("file.too_large", limit=limit // 1_000_000)
    return await channel.fetch(file)


async def governs(channels: Mapping[str, Channel], group: Address, sender: str) -> bool | None:
    """Whether a sender is an administrator of a group of one of these channels; None where that cannot be told."""
    channel = channels.get(group.channel)
    return None if channel is None else await channel.governs(group, sender)


@asynccontextmanager
async def open_app(
    settings: Settings,
    channels: Mapping[str, Channel] | None = None,
    *,
    texts: Texts | None = None,
    now: Callable[[], datetime] = utc_now,
    pace: Mapping[str, Pace] | None = None,
) -> AsyncIterator[App]:
    """Open the store and put the parts together; `channels` are those to run (none: the store and the desk alone)."""
    texts = texts or load_texts()
    channels = channels or {}
    async with AsyncExitStack() as on_close:
        store = Store(settings.database.url)
        await store.open()
        on_close.push_async_callback(store.close)
        shelves = Shelves(store, embedding=settings.ask.embedding)
        on_close.push_async_callback(shelves.close)
        held: list[Services] = []
        composers: dict[str, ManyComposer] = {}
        for room in ROOMS:
            for kind, composer in room.composers.items():
                if kind in composers:
                    raise ValueError(f"kind {kind} is worded by two rooms")
                composers[kind] = composer
        sender = Sender(
            store,
            channels,
            {name: (pace or {}).get(name) or Pace(Limits(0, 0, per_group_minute=0)) for name in channels},
            composing(held, composers, shelves),
            now,
            settings.sender.in_flight,
            timedelta(seconds=settings.sender.lease_seconds),
            lambda: sum_up(held[0], now()),
        )

        async def refresh() -> None:
            if await shelves.refresh():
                await app.follow_changes()

        async def renew() -> None:
            if await shelves.look_now():
                await app.follow_changes()

        services = Services(
            store=store,
            library=lambda: shelves.library,
            register=lambda: shelves.register,
            settings=settings,
            calendar=settings.school_calendar,
            texts=texts,
            now=now,
            fetch=lambda file: fetch(channels, file),
            read=reader(settings, now=now),
            refresh=refresh,
            renew=renew,
            wake=sender.wake,
            abroad=lambda name: name in channels and channels[name].abilities.abroad,
            pages=lambda name: name in channels and channels[name].abilities.pages,
            openings=lambda payload: tuple(link for channel in channels.values() if (link := channel.opening(payload))),
            revision=lambda: shelves.revision,
            governs=lambda group, sender: governs(channels, group, sender),
            commands=tuple(command for room in ROOMS for command in room.commands.values()),
        )
        held.append(services)
        app = App(settings, store, shelves, services, FrontDesk(ROOMS, services, texts), channels, sender)
        await shelves.look_now()
        yield app
