"""The peers of asking: SQLite FTS5 and tantivy on the same measures, both fed with character pairs (neither divides Chinese usefully)."""

import sqlite3
from collections.abc import Sequence
from itertools import pairwise

import tantivy

from bot.ask import normal


def pairs(text: str) -> list[str]:
    """The character pairs of a text after folding, as the words of an index."""
    plain = [char for char in normal.fold(text) if char.isalnum()]
    return [one + two for one, two in pairwise(plain)] or plain


class Fts:
    """SQLite FTS5 in memory, ranked by its bm25."""

    name = "FTS5"

    def __init__(self, texts: Sequence[str]) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("create virtual table measures using fts5(words, content='')")
        rows = ((at, " ".join(pairs(text))) for at, text in enumerate(texts))
        self.base.executemany("insert into measures(rowid, words) values (?, ?)", rows)

    def ask(self, question: str) -> list[int]:
        """The five best measures."""
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(pairs(question)))
        statement = "select rowid from measures where measures match ? order by bm25(measures) limit 5"
        return [row[0] for row in self.base.execute(statement, (words,))]


class Tantivy:
    """tantivy with its index in memory, ranked by its BM25."""

    name = "tantivy"

    def __init__(self, texts: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("at", stored=True)
        builder.add_text_field("words", tokenizer_name="whitespace")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        writer = self.index.writer(50_000_000, 1)
        for at, text in enumerate(texts):
            writer.add_document(tantivy.Document(at=at, words=" ".join(pairs(text))))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, question: str) -> list[int]:
        """The five best measures."""
        words = [(tantivy.Occur.Should, tantivy.Query.term_query(self.schema, "words", word)) for word in dict.fromkeys(pairs(question))]
        found = self.searcher.search(tantivy.Query.boolean_query(words), 5).hits
        return [self.searcher.doc(address)["at"][0] for _, address in found]
