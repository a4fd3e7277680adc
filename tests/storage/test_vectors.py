"""Cached vectors: kept by digest, once, and forgotten when no plan has the text."""

from storage.store import Store


async def test_vectors_are_kept_once_and_forgotten_when_unused(store: Store) -> None:
    async with store.begin() as db:
        await db.vectors.add({"a": b"\x01\x02", "b": b"\x03"})
        await db.vectors.add({"a": b"\xff", "c": b""})
        await db.vectors.add({})
    async with store.read() as db:
        assert await db.vectors.known(["a", "b", "c", "missing"]) == {"a": b"\x01\x02", "b": b"\x03", "c": b""}
    async with store.begin() as db:
        assert await db.vectors.keep_only(["a"]) == 2
    async with store.read() as db:
        assert await db.vectors.known(["a", "b"]) == {"a": b"\x01\x02"}


async def test_more_digests_than_a_statement_holds(store: Store) -> None:
    names = [f"digest {number}" for number in range(1200)]
    async with store.begin() as db:
        await db.vectors.add({name: name.encode() for name in names})
    async with store.read() as db:
        found = await db.vectors.known(names)
    assert len(found) == 1200
    assert found["digest 1100"] == b"digest 1100"
