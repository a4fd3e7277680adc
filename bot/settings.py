"""The configuration: TOML and environment into frozen dataclasses, each table and key with its default."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import process

from bot.calendar import REGIONS, SchoolCalendar, month_day, term_days, whole_days
from bot.errors import BadSetting
from bot.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Database:
    """Where everything is kept."""

    url: str = "sqlite+aiosqlite:///planbot.db"


@dataclass(frozen=True, slots=True)
class Bot:
    """What the bot is and speaks."""

    zone: str = "Asia/Shanghai"
    language: str = "zh-Hant"
    issuer: str = ""
    """Name of the body the plans speak for, where the documents do not name it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Terms as month-day, and what differs from year to year."""

    autumn: str = "9-1"
    autumn_end: str = "1-31"
    spring: str = "2-15"
    spring_end: str = "7-15"
    terms: tuple[str, ...] = ()
    """Terms of a year whose days are others, as `2026-09-01/2027-01-22`."""
    region: str = "mainland"
    """Whose holidays, make-up workdays and national days count: `mainland` or `none`."""
    days_off: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminders:
    """When what is followed is announced; each person may choose otherwise."""

    at: str = "08:00"
    """Local time of day."""
    days_before: tuple[int, ...] = (7, 1, 0)
    days_after: tuple[int, ...] = (1,)
    """Days after something was due at which it is said to be overdue."""
    working_days: bool = False
    """Count workdays, make-up workdays included, instead of days of the calendar."""
    quiet: tuple[str, ...] = ("22:00", "07:00")
    """From when until when nothing is sent late; empty for no quiet hours."""
    horizon_days: int = 45
    """How far ahead reminders are written down."""
    gathered_above: int = 3
    """More reminders than this that come late to one person come as one message."""


@dataclass(frozen=True, slots=True)
class Board:
    """When a duty that is not done is near and overdue."""

    near_days: int = 7
    """So many days ahead it is near (blue)."""
    overdue_days: int = 7
    """Past its day it is behind (yellow), and after so many days more overdue (red)."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """To whom a word goes that nobody of a unit takes note of."""

    deputy_hours: int = 24
    """After so many hours to the unit's deputy; 0 for never."""
    district_hours: int = 48
    """After so many hours to the district; 0 for never."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What reading one document may cost."""

    largest_mb: int = 20
    memory_mb: int = 150
    """Memory beyond what the reading process has before it sees the document."""
    seconds: int = 60
    at_once: int = 2
    """Documents that are read at the same time; more wait their turn."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How questions are compared with the plans."""

    embedding: bool = True
    """By meaning too, where the package for it is installed (the extra `semantic`)."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The ledger's loop."""

    in_flight: int = 32
    lease_seconds: int = 8
    """A living process renews its claim long before; a dead one's rows are taken up after so long."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """How long what people wrote and got is kept, in days; 0 keeps it for ever."""

    question_days: int = 180
    """After so long a question is a count: its words and its asker are gone."""
    message_days: int = 400
    """After so long it is forgotten which reminder went to whom; notices keep their proof of delivery."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices to many."""

    typed_above: int = 100
    """With more people than this the number has to be typed to confirm."""
    undo_seconds: int = 30
    """A confirmed notice leaves this much later, and can be taken back until then."""
    again_minutes: int = 5
    """Nobody is asked again before so much time has passed since the last time."""
    approval: bool = False
    """A second administrator has to approve a notice before it leaves."""
    expire_hours: int = 48
    """What could not leave so long after its time is not sent any more, and counts as missed."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """How much may come in; 0 lifts a limit. Who sends more is told once and then not answered."""

    messages_minute: int = 30
    """Messages and files of one person."""
    presses_minute: int = 120
    """Presses and pages of one person; those of administrators always count as allowed."""
    group_minute: int = 60
    """Messages to the bot in one group, of all its members."""
    strangers_minute: int = 60
    """People of one channel whom the bot has not met before."""


@dataclass(frozen=True, slots=True)
class TelegramLimits:
    """Requests a second, messages a second to a chat, messages a minute to a group; 0 lifts a limit."""

    per_second: int = 28
    per_chat_second: int = 1
    per_group_minute: int = 18
    reserve: int = 1
    """Requests a second that reminders and notices leave free for answers."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """The Telegram channel; switched on by a token."""

    token: str = ""
    base_url: str = "https://api.telegram.org"
    proxy: str = ""
    webhook_url: str = ""
    """Public address of this server; empty means polling."""
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8443
    webhook_secret: str = ""
    """Empty: one is made at every start."""
    limits: TelegramLimits = field(default_factory=TelegramLimits)


@dataclass(frozen=True, slots=True)
class Web:
    """The web page."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    idle_hours: int = 168
    """A login that is not used for so long ends."""
    session_days: int = 30
    """A login ends so long after it began, however much it is used."""


@dataclass(frozen=True, slots=True)
class Channels:
    """One table a channel."""

    web: Web = field(default_factory=Web)
    telegram: Telegram = field(default_factory=Telegram)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    database: Database = field(default_factory=Database)
    bot: Bot = field(default_factory=Bot)
    calendar: Calendar = field(default_factory=Calendar)
    reminders: Reminders = field(default_factory=Reminders)
    board: Board = field(default_factory=Board)
    escalation: Escalation = field(default_factory=Escalation)
    intake: Intake = field(default_factory=Intake)
    ask: Ask = field(default_factory=Ask)
    sender: Sender = field(default_factory=Sender)
    notices: Notices = field(default_factory=Notices)
    privacy: Privacy = field(default_factory=Privacy)
    limits: Incoming = field(default_factory=Incoming)
    channels: Channels = field(default_factory=Channels)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the district."""
        return ZoneInfo(self.bot.zone)

    @property
    def school_calendar(self) -> SchoolCalendar:
        """The calendar table as a value."""
        table = self.calendar
        return SchoolCalendar(
            autumn=month_day(table.autumn, "calendar.autumn"),
            autumn_end=month_day(table.autumn_end, "calendar.autumn_end"),
            spring=month_day(table.spring, "calendar.spring"),
            spring_end=month_day(table.spring_end, "calendar.spring_end"),
            zone=self.bot.zone,
            region=table.region,
            terms=term_days(table.terms, "calendar.terms"),
            days_off=whole_days(table.days_off, "calendar.days_off"),
            workdays=whole_days(table.workdays, "calendar.workdays"),
        )


SECRETS = {"PLANBOT_TELEGRAM_TOKEN": ("channels", "telegram", "token"),
           "PLANBOT_TELEGRAM_WEBHOOK_SECRET": ("channels", "telegram", "webhook_secret"),
           "PLANBOT_DATABASE_URL": ("database", "url")}  # fmt: skip


def load_settings(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the file (None: no file, all defaults) and the environment's secrets; BadSetting names what is wrong and the nearest key."""
    table: dict[str, Any] = {}
    if path is not None:
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise BadSetting("setting.no_file", file=path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting("setting.unreadable", file=path, why=error) from None
        except tomllib.TOMLDecodeError as error:
            raise BadSetting("setting.syntax", file=path, why=error) from None
    for name, keys in SECRETS.items():
        if environment.get(name):
            inner = table
            for key in keys[:-1]:
                inner = inner.setdefault(key, {})
            inner[keys[-1]] = environment[name]
    settings: Settings = _fill(Settings, table, "")
    if "telegram" in table.get("channels", {}) and not settings.channels.telegram.token:
        raise BadSetting("setting.no_token")
    _check(settings)
    return settings


def _fill(kind: type[Any], table: Mapping[str, Any], prefix: str) -> Any:
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for name, value in table.items():
        key = prefix + name
        if name not in hints:
            every = _keys(Settings, "")
            near = process.extractOne(key, every)
            raise BadSetting("setting.unknown", key=key, nearest=near[0] if near else "")
        values[name] = _typed(hints[name], value, key)
    return kind(**values)


def _typed(hint: Any, value: Any, key: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise BadSetting("setting.table", key=key)
        return _fill(hint, value, f"{key}.")
    if hint == tuple[int, ...]:
        if not isinstance(value, list) or any(type(number) is not int for number in value):
            raise BadSetting("setting.type", key=key, wanted="[1, 2]", value=value)
        return tuple(value)
    if hint == tuple[str, ...]:
        if not isinstance(value, list) or any(type(text) is not str for text in value):
            raise BadSetting("setting.type", key=key, wanted='["…"]', value=value)
        return tuple(value)
    if type(value) is not hint:
        raise BadSetting("setting.type", key=key, wanted=hint.__name__, value=value)
    return value


def _keys(kind: type[Any], prefix: str) -> list[str]:
    found: list[str] = []
    for name, hint in get_type_hints(kind).items():
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            found += [prefix + name, *_keys(hint, f"{prefix}{name}.")]
        else:
            found.append(prefix + name)
    return found


def every_key() -> list[str]:
    """All dotted keys with a value, tables left out; the drift test compares them with `config.example.toml`."""
    keys = _keys(Settings, "")
    return [key for key in keys if not any(other.startswith(f"{key}.") for other in keys)]


def is_time(text: str) -> bool:
    """True for a time of day such as `08:00`."""
    hour, colon, minute = text.partition(":")
    return bool(colon) and hour.isdecimal() and minute.isdecimal() and len(text) <= 5 and int(hour) < 24 and int(minute) < 60


def _check(settings: Settings) -> None:
    try:
        ZoneInfo(settings.bot.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting("setting.zone", value=settings.bot.zone) from None
    if settings.bot.language not in LANGUAGES:
        raise BadSetting("setting.language", value=settings.bot.language, choices=", ".join(LANGUAGES))
    _ = settings.school_calendar
    if settings.calendar.region not in REGIONS:
        raise BadSetting("setting.region", value=settings.calendar.region, choices=", ".join(REGIONS))
    for key, value in (("reminders.at", settings.reminders.at), *(("reminders.quiet", one) for one in settings.reminders.quiet)):
        if not is_time(value):
            raise BadSetting("setting.time", key=key, value=value)
    if len(settings.reminders.quiet) not in (0, 2):
        raise BadSetting("setting.type", key="reminders.quiet", wanted='["22:00", "07:00"]', value=list(settings.reminders.quiet))
    if settings.reminders.horizon_days < 2:
        raise BadSetting("setting.too_small", key="reminders.horizon_days", value=settings.reminders.horizon_days, least=2)
    if settings.sender.lease_seconds < 2:
        raise BadSetting("setting.too_small", key="sender.lease_seconds", value=settings.sender.lease_seconds, least=2)
    for name in ("near_days", "overdue_days"):
        if getattr(settings.board, name) < 0:
            raise BadSetting("setting.too_small", key=f"board.{name}", value=getattr(settings.board, name), least=0)
    for name in ("deputy_hours", "district_hours"):
        if getattr(settings.escalation, name) < 0:
            raise BadSetting("setting.too_small", key=f"escalation.{name}", value=getattr(settings.escalation, name), least=0)
    for name in ("question_days", "message_days"):
        if getattr(settings.privacy, name) < 0:
            raise BadSetting("setting.too_small", key=f"privacy.{name}", value=getattr(settings.privacy, name), least=0)
    for name in ("largest_mb", "memory_mb", "seconds", "at_once"):
        if getattr(settings.intake, name) < 1:
            raise BadSetting("setting.too_small", key=f"intake.{name}", value=getattr(settings.intake, name), least=1)
    for name in ("idle_hours", "session_days"):
        if not 1 <= getattr(settings.channels.web, name) <= 10_000:
            raise BadSetting("setting.too_small", key=f"channels.web.{name}", value=getattr(settings.channels.web, name), least=1)
    for limit in dataclasses.fields(Incoming):
        if getattr(settings.limits, limit.name) < 0:
            raise BadSetting("setting.too_small", key=f"limits.{limit.name}", value=getattr(settings.limits, limit.name), least=0)
    for key, port in (
        ("channels.web.port", settings.channels.web.port),
        ("channels.telegram.webhook_port", settings.channels.telegram.webhook_port),
    ):
        if not 0 <= port <= 65535:
            raise BadSetting("setting.port", key=key, value=port)
    if not settings.database.url.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise BadSetting("setting.url", key="database.url")
