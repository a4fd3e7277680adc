"""TOML and environment read into the tables; what is wrong is said with its key."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import process

from bot.calendar import REGIONS
from bot.errors import BadSetting
from bot.settings.tables import Incoming, Settings
from bot.texts import LANGUAGES

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
