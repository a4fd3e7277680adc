"""Plan values as JSON-able data and back, exactly: dataclasses, enums, dates, tuples, frozen sets and None, by their type hints."""

import types
from collections.abc import Callable, Hashable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from bot.plan.model import Document

Value = TypeVar("Value")
Reader = Callable[[Any, str], Any]


def dump(value: object) -> Any:
    """The value as dicts, lists, text, numbers and None; every field is written. TypeError for a kind of value no plan has."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [dump(part) for part in value]
    if isinstance(value, frozenset):
        return sorted(dump(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: dump(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"no plain form for {type(value).__name__}")


@overload
def load(plain: object) -> Document: ...
@overload
def load(plain: object, kind: type[Value]) -> Value: ...
def load(plain: object, kind: Any = Document) -> Any:
    """The value of that kind that `dump` gave `plain` for.

    A field that is missing takes its default, so data written before the field existed stays readable; ValueError names
    the place of anything else that does not fit.
    """
    return _reader(kind)(plain, kind.__name__)


@cache
def _reader(hint: Hashable) -> Reader:
    """The function that reads values of a type hint."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if origin is tuple:
        return _sequence(hint)
    if origin is frozenset:
        inner = _row(*get_args(hint))
        return lambda plain, place: frozenset(inner(plain, place))
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _converted(hint, (str, int))
    if hint in (date, datetime):
        return _converted(date.fromisoformat if hint is date else datetime.fromisoformat, (str,))
    if hint in (str, int, float, bool):
        return _exact(hint)
    raise TypeError(f"no plain form for {hint}")


def _optional(hint: Any) -> Reader:
    kinds = [kind for kind in get_args(hint) if kind is not types.NoneType]
    if len(kinds) != 1:
        raise TypeError(f"a plain value has one kind or None, not {hint}")
    inner = _reader(kinds[0])
    return lambda plain, place: None if plain is None else inner(plain, place)


def _sequence(hint: Any) -> Reader:
    kind, *rest = get_args(hint)
    if rest != [...]:
        return _fixed(tuple(_reader(part) for part in (kind, *rest)))
    return _row(kind)


def _row(kind: Any) -> Reader:
    inner = _reader(kind)

    def read(plain: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(plain, list):
            raise ValueError(f"{place}: a list is wanted")
        return tuple(inner(part, f"{place}[{at}]") for at, part in enumerate(plain))

    return read


def _fixed(readers: tuple[Reader, ...]) -> Reader:
    def read(plain: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(plain, list) or len(plain) != len(readers):
            raise ValueError(f"{place}: a list of {len(readers)} is wanted")
        return tuple(reader(part, f"{place}[{at}]") for at, (reader, part) in enumerate(zip(readers, plain, strict=True)))

    return read


def _record(kind: type[Any]) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING}

    def read(plain: Any, place: str) -> Any:
        if not isinstance(plain, dict):
            raise ValueError(f"{place}: a {kind.__name__} is wanted")
        if wrong := sorted(plain.keys() - readers.keys()) or sorted(needed - plain.keys()):
            raise ValueError(f"{place}: {wrong[0]} is {'missing' if wrong[0] in needed else 'unknown'}")
        return kind(**{name: readers[name](part, f"{place}.{name}") for name, part in plain.items()})

    return read


def _converted(make: Callable[[Any], Any], kinds: tuple[type, ...]) -> Reader:
    def read(plain: Any, place: str) -> Any:
        if not isinstance(plain, kinds) or isinstance(plain, bool):
            raise ValueError(f"{place}: {plain!r} does not fit")
        try:
            return make(plain)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None

    return read


def _exact(kind: type) -> Reader:
    def read(plain: Any, place: str) -> Any:
        if type(plain) is not kind:
            raise ValueError(f"{place}: {kind.__name__} is wanted, not {plain!r}")
        return plain

    return read
