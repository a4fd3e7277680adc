"""The short fuzz: some hundreds of arbitrary updates, requests, documents and configurations; the long one is `make fuzz`."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.feed import readable
from bot.channels.telegram.incoming import read_message, read_press
from bot.channels.web import build
from bot.channels.web.session import Visit
from bot.chat import STALE, Action
from bot.limits import Limits, Pace
from bot.settings import Web
from bot.texts import load_texts
from tests.fuzz import updates, web
from tests.fuzz.files import Found, load_configurations, read_documents
from tests.fuzz.town import town

SEED = 7
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def test_the_route_table_is_complete() -> None:
    channel = build(Web(port=0), load_texts(), Pace(Limits(0, 0, 0, 0)))
    assert web.routes_of(channel) == set(web.ROUTES)


async def test_arbitrary_updates_leave_no_fault_and_no_broken_state(tmp_path: Path) -> None:
    async with town(tmp_path) as made:
        await updates.run(made, SEED, 300)
        assert (dict(made.faults.found), made.broken) == ({}, [])
        assert made.deeds > 5


async def test_arbitrary_requests_are_answered_strictly_and_escaped(tmp_path: Path) -> None:
    async with town(tmp_path) as made:
        await web.run(made, SEED, 600)
        assert (dict(made.faults.found), made.broken) == ({}, [])


BENT = st.dictionaries(st.sampled_from(web.ODD), st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60), max_size=3)


def test_every_route_takes_any_method_header_and_body(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opening = town(tmp_path)
        made = runner.run(opening.__aenter__())
        channel, visits, pages, keys = runner.run(web.opened(made))
        parts = {"{name}": ("base.css", *pages), "{key}": ("A" * 22, *keys), "{id}": ("0" * 32,), "": ("",)}
        paths = [
            route.replace(part, value)
            for route in web.ROUTES
            for part in parts
            if part in route and (part or "{" not in route)
            for value in parts[part]
        ]

        @QUICK
        @given(
            st.sampled_from(paths), st.sampled_from(web.METHODS), st.sampled_from([None, *visits.values()]), BENT, st.text(max_size=40),
            st.binary(max_size=200) | ANY.map(lambda value: json.dumps(value).encode("utf-8", "replace")),
        )  # fmt: skip
        def ask(path: str, method: str, visit: Visit | None, odd: dict[str, str], query: str, body: bytes) -> None:
            target = f"{path}?{query}" if query else path
            answer = runner.run(web.call(channel, method, target, web.headed(visit, body, "application/json", odd), body))
            assert web.wrong(method, target, answer) == ""

        ask()
        runner.run(channel._exchange.finish(5.0))
        runner.run(made.check())
        assert (dict(made.faults.found), made.broken) == ({}, [])
        runner.run(opening.__aexit__(None, None, None))


def test_arbitrary_documents_are_read_or_refused() -> None:
    found = Found()
    read_documents(SEED, 150, found)
    assert found.cases == {}


def test_arbitrary_configurations_are_loaded_or_refused() -> None:
    found = Found()
    load_configurations(SEED, 300, found)
    assert found.cases == {}


@QUICK
@given(ANY, st.sampled_from(["message", "callback_query", "inline_query", "my_chat_member", "x"]))
def test_no_update_gets_past_the_feed_that_the_channel_cannot_read(value: object, kind: str) -> None:
    from telegram import Update, User

    for raw in (value, {"update_id": 1, kind: value}):
        kept = readable(raw)
        if kept is None:
            continue
        update = Update.de_json(kept, None)
        assert update is not None
        if update.message is not None:
            read_message(update.message, 1, User(1, "planbot", True, username="planbot"))
        if update.callback_query is not None:
            read_press(update.callback_query, 1)


@QUICK
@given(st.text(st.characters(codec=None), max_size=90))
def test_what_unpacks_as_an_action_packs_to_the_same_bytes(packed: str) -> None:
    action = Action.unpack(packed)
    assert action is None or action.pack() == packed
    assert (action or STALE).pack()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_gives_the_same_series_again(seed: int) -> None:
    first, second = (updates.Updates(seed, ("help",), ("find",)) for _ in range(2))
    assert [next(first) for _ in range(50)] == [next(second) for _ in range(50)]
