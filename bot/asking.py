"""Asking without a conversation: questions from the command line or a file, answered with the words a person would see."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import embedding
from bot.ask.answer import Shelf
from bot.ask.contract import as_contract
from bot.ask.library import Library
from bot.chat import Address, Incoming
from bot.errors import Refusal
from bot.people import Person, Rank
from bot.plan.model import Document
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import compose, offered
from handlers.room import Turn
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the one just before it where it follows up."""

    id: str
    question: str
    previous: str = ""


def read_questions(path: Path) -> list[Asked]:
    """Read `{"id", "q", "prev"}` a line; Refusal names the first line that is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise Refusal("document.no_file", name=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("document.unopened", name=path, why=type(error).__name__) from None
    asked = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            asked.append(Asked(str(row.get("id", "")), str(row["q"]), str(row.get("prev") or "")))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refusal("ask.line", file=path.name, line=number) from None
    return asked


def library_of(documents: list[Document], settings: Settings) -> Library:
    """A library of documents that are in no database; with the embedding it takes some 10 s a document of 150 measures."""
    reading = embedding.read_now if settings.ask.embedding else lambda _: None
    return Library(tuple(Shelf(0, 0, document) for document in documents), reading=reading)


async def released(store: Store) -> Library:
    """The library of the plans in use, with the vectors that the database keeps."""
    async with store.read() as db:
        stored = await db.plans.released()
        lore = await db.lore.current()
    shelves = tuple(Shelf(row.plan, row.version, row.document) for row in stored)
    library = Library(shelves, lore)
    found = await embedding.cached(store, library.catalog)
    return library if found is None else library.with_meaning(found)


def answer_all(library: Library, asked: list[Asked], settings: Settings, texts: Texts) -> list[dict[str, object]]:
    """The answers in order, each in the shape of the contract with the reply in the question's script."""
    now = datetime.now(UTC)
    today = now.astimezone(settings.zone).date()
    answers: list[dict[str, object]] = []
    for row in asked:
        answer, days = offered(library.ask(row.question, row.previous, today=today), today, settings.calendar.region)
        language = {"hant": "zh-Hant", "hans": "zh-Hans"}.get(answer.script, settings.bot.language)
        incoming = Incoming(Address("terminal", "ask"), "ask", row.question)
        turn = Turn(Person(0, Rank.GUEST, script="original"), incoming, row.question, language, texts, now)
        reply = compose(turn, library, answer, days=days)
        said = "\n".join([reply.text, *(f"  · {button.label}" for line in reply.buttons for button in line)])
        answers.append({"id": row.id, **as_contract(answer), "reply": said})
    return answers
