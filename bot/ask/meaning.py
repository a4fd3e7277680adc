"""Texts compared by meaning: what a sentence-embedding model gives, as values; the model itself is passed in from outside."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.ask.catalog import Catalog

Vectors = NDArray[np.float32]
"""Texts x dimensions, each row of length 1."""
NEAREST = 40
"""How many entries enter the candidates by meaning alone."""


class Model(Protocol):
    """A sentence-embedding model. Its calls take some 15 ms a question and 35 ms a passage, so none is made on the event loop."""

    name: str
    """Names the model and its version; vectors of different names are never compared."""

    def question(self, text: str) -> Vectors:
        """One question as a row of length 1."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Texts of plans as rows of length 1."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vectors of a catalog's texts, with the model that reads questions."""

    model: Model
    clauses: Vectors
    """Of each entry."""
    sentences: Vectors
    heads: Vectors
    """Of the titles over each item."""


@dataclass(frozen=True, slots=True)
class Near:
    """How near each text of a catalog is to a question, in deviations from the mean of its sort over four; empty without a model."""

    clause: NDArray[np.float32]
    sentence: NDArray[np.float32]
    head: NDArray[np.float32]
    best: float = 0.0
    """The greatest plain similarity of a clause, less 0.8, times 10: unrelated texts reach some 0.4 with this sort of model."""


def digest(text: str, model: str) -> str:
    """Names a text's vector: the same folded text and model have the same vector for ever."""
    return hashlib.sha256(f"{model}\n{text}".encode()).hexdigest()


def texts_of(catalog: Catalog) -> tuple[str, ...]:
    """All texts of a catalog that need a vector, each once."""
    return tuple(dict.fromkeys((*catalog.clauses, *catalog.sentences, *catalog.heads)))


def meaning_of(catalog: Catalog, model: Model, known: Mapping[str, Vectors]) -> Meaning | None:
    """The meaning of a catalog from vectors by text; None where one is missing or there is nothing to compare."""
    if not catalog.entries or not all(text in known for text in texts_of(catalog)):
        return None

    def rows(texts: Sequence[str]) -> Vectors:
        return np.stack([known[text] for text in texts]).astype(np.float32)

    return Meaning(model, rows(catalog.clauses), rows(catalog.sentences), rows(catalog.heads))


def near(meaning: Meaning, question: str) -> Near:
    """How near a question is to every text."""
    vector = meaning.model.question(question).astype(np.float32).reshape(-1)
    clause, sentence, head = (part @ vector for part in (meaning.clauses, meaning.sentences, meaning.heads))
    return Near(apart(clause), apart(sentence), apart(head), (float(clause.max()) - 0.8) * 10)


def apart(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values as deviations from their mean, over four, so that the best of a plan's clauses is about 1."""
    spread = (values - values.mean()) / max(1e-6, float(values.std())) / 4
    return np.asarray(spread, np.float32)
