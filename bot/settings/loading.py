"""TOML and environment read into the tables; what is wrong is said with its key."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import process

from bot.calendar import REGIONS
from bot.errors import BadSetting
from bot.settings.tables import Settings
from bot.texts import LANGUAGES

SECRETS = {"PLANBOT_TELEGRAM_TOKEN": ("channels", "telegram", "token"),
           "PLANBOT_TELEGRAM_WEBHOOK_SECRET": ("channels", "telegram", "webhook_secret"),
           "PLANBOT_DATABASE_URL": ("database", "url")}  # fmt: skip

LEAST = {
    "reminders.horizon_days": 2,
    "sender.lease_seconds": 2,
    "sender.in_flight": 1,
    "intake.largest_mb": 1,
    "intake.memory_mb": 1,
    "intake.seconds": 1,
    "intake.at_once": 1,
    "channels.web.idle_hours": 1,
    "channels.web.session_days": 1,
}
"""The least that a number may be, where that is not 0."""
MOST = 100_000
"""The most that any number but a port may be: so many days before or after today lie in the calendar, ten times as many do not."""


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


def _bound(key: str, number: int) -> None:
    least = LEAST.get(key, 0)
    if number < least:
        raise BadSetting("setting.too_small", key=key, value=number, least=least)
    if number > MOST:
        raise BadSetting("setting.too_large", key=key, value=number, most=MOST)


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
    for key in every_key():
        held: Any = attrgetter(key)(settings)
        for number in held if isinstance(held, tuple) else (held,):
            if type(number) is int and not key.endswith("port"):
                _bound(key, number)
    for key, port in (
        ("channels.web.port", settings.channels.web.port),
        ("channels.telegram.webhook_port", settings.channels.telegram.webhook_port),
    ):
        if not 0 <= port <= 65535:
            raise BadSetting("setting.port", key=key, value=port)
    if not settings.database.url.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise BadSetting("setting.url", key="database.url")
