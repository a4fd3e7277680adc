"""Of several processes one has a turn, until it ends, gives it up or no longer asks."""

import asyncio

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from storage.store import Store

pytestmark = pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)


async def test_one_has_it_and_keeps_it_until_it_gives_it_up(store: Store) -> None:
    one, two, other = store.turn("telegram"), store.turn("telegram"), store.turn("web")
    assert await one.hold()
    assert not await two.hold()
    assert await one.hold()
    assert await other.hold()
    await one.close()
    assert await two.hold()
    assert not await one.hold()
    for turn in (one, two, other):
        await turn.close()


async def test_of_many_who_ask_at_once_one_gets_it(store: Store) -> None:
    turns = [store.turn("telegram") for _ in range(8)]
    assert sum(await asyncio.gather(*(turn.hold() for turn in turns))) == 1
    for turn in turns:
        await turn.close()


async def test_it_ends_with_the_session_and_can_be_asked_for_anew(store: Store, database_url: str) -> None:
    one, two = store.turn("telegram"), store.turn("telegram")
    assert await one.hold()
    async with await psycopg.AsyncConnection.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
        held = await connection.execute(f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = {here}")
        (session,) = await held.fetchall()
        await connection.execute("SELECT pg_terminate_backend(%s, 5000)", session)
    with pytest.raises(DBAPIError):
        await one.hold()
    assert await two.hold()
    assert not await one.hold()
    for turn in (one, two):
        await turn.close()
