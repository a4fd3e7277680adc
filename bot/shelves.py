"""What is taken up from the database and swapped whole when it changes: the library that answers and the register of units."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import embedding
from bot.ask import normal, words
from bot.ask.answer import Shelf
from bot.ask.library import Library
from bot.ask.lore import Lore
from bot.errors import BadStore
from bot.plan.script import converter
from bot.plan.units import Register
from storage.store import Store

LOOK_SECONDS = 1.0
"""The plan revision in the database is looked at no more often than this."""

log = logging.getLogger("planbot.shelves")


def spare() -> None:
    """Take what stands now out of every later garbage collection, which at 100,000 measures would stop the process for a second.

    What is spared is freed as soon as nothing refers to it, as before; only cycles among it stay.
    """
    gc.freeze()


@dataclass(slots=True)
class Shelves:
    """What is taken up from the database and swapped whole when it changes: the library and the register of units."""

    store: Store
    library: Library = field(default_factory=lambda: Library(()))
    register: Register = field(default_factory=lambda: Register(()))
    embedding: bool = True
    """Whether the texts are compared by meaning too, where the package for it is installed."""
    serving: bool = False
    """True from when channels run: only then vectors are made that the database lacks."""
    revision: int = -1
    looked: float = -1e9
    reading: asyncio.Task[None] | None = None
    """Makes the vectors that the library lacks; until they are there questions are answered by words alone."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> bool:
        """Take up a newer revision, looked for at most once a second; True where something changed."""
        time = asyncio.get_running_loop().time()
        if time - self.looked < LOOK_SECONDS:
            return False
        async with self.lock:
            self.looked = time
            async with self.store.read() as db:
                revision = await db.plans.revision()
                if revision == self.revision:
                    return False
                stored = await db.plans.released()
                units = await db.units.every()
                lore = await db.lore.current()
            shelves = tuple(Shelf(row.plan, row.version, row.document) for row in stored)
            self.library = await asyncio.to_thread(self._built, shelves, lore)
            self.register = Register(units)
            self.revision = revision
            await self._compare_by_meaning()
            return True

    async def serve(self) -> None:
        """From now on make what vectors the database lacks."""
        self.serving = True
        gc.collect()
        spare()
        async with self.lock:
            if self.library.meaning is None:
                await self._compare_by_meaning()

    def _built(self, shelves: Sequence[Shelf], lore: Lore) -> Library:
        """A library with every table that wording an answer needs, so that no question waits until one is read."""
        normal.tells()
        words.listed()
        for script in ("t2s", "s2tw"):
            converter(script)
        if not self.serving:
            return Library(shelves, lore)
        # A collection over all that is built so far would hold everybody up, several times over.
        gc.disable()
        try:
            return Library(shelves, lore)
        finally:
            spare()
            gc.enable()

    async def _compare_by_meaning(self) -> None:
        await self.close()
        if not self.embedding or not len(self.library):
            return
        found = await embedding.cached(self.store, self.library.catalog)
        if found is not None:
            self.library = self.library.with_meaning(found)
        elif self.serving and embedding.model() is not None:
            self.reading = asyncio.create_task(self._read(self.library), name="embedding")

    async def _read(self, library: Library) -> None:
        try:
            await embedding.fill(self.store, library.catalog)
            found = await embedding.cached(self.store, library.catalog)
        except BadStore as error:
            log.error("embedding: %s", error)
            return
        if found is not None and self.library is library:
            self.library = library.with_meaning(found)

    async def close(self) -> None:
        """Stop making vectors; what is made is kept."""
        task, self.reading = self.reading, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look_now(self) -> bool:
        """Take up a newer revision without waiting for the next look."""
        self.looked = -1e9
        return await self.refresh()
