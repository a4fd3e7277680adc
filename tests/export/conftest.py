"""What every export test starts from: the demonstration plans, a fixed moment, and the words of a language."""

from datetime import UTC, date, datetime

import pytest

from bot.calendar import SchoolCalendar
from bot.export.entries import Say, Source
from bot.plan.read import read_plan
from bot.samples import lay_out
from bot.texts import load_texts

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCHOOL = SchoolCalendar()


@pytest.fixture
def say() -> Say:
    texts = load_texts()
    return lambda key, /, **values: texts.say("zh-Hant", key, **values)


def source(text: str | bytes, version: int = 1) -> Source:
    data = text if isinstance(text, bytes) else text.encode()
    return Source(read_plan("plan.txt", data), 3, version, NOW)


@pytest.fixture
def spring() -> Source:
    return source(lay_out(date(2026, 10, 12), SCHOOL)[0].data)


@pytest.fixture
def year() -> Source:
    return source(lay_out(date(2026, 10, 12), SCHOOL)[1].data)
