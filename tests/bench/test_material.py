"""What the benchmarks work on is what they say, and a broken limit is told."""

import pytest

from bot.ask.answer import Status
from bot.ask.library import Library
from bot.plan.read import Context, read_plan
from tests.bench.figures import BROKEN, Figure, rare, report
from tests.bench.material import long_text, numeral, questions, shelf
from tests.bench.peers import Fts, Tantivy


def test_shuffled_measures_are_found_by_their_own_words() -> None:
    made = shelf(600)
    texts = [measure.text for measure in made.document.measures]
    assert len(set(texts)) > 500
    library = Library([made])
    contenders = (
        lambda text: library.ask(text).hits[0].measure.text,
        *(lambda text, peer=kind(texts): texts[peer.ask(text)[0]] for kind in (Fts, Tantivy)),
    )
    for contender in contenders:
        right = sum(contender(text) == text for text in texts[::60])
        assert right >= 8, contender


def test_questions_are_answered_from_the_demonstration() -> None:
    assert len(questions()) == 400
    assert questions() == questions()
    assert Library([shelf(60)]).ask(questions()[0]).status in Status


def test_long_text_reads_as_sections_and_items() -> None:
    document = read_plan("long.txt", long_text(8).encode(), Context())
    sections = document.plans[0].sections
    assert [section.section for section in sections] == list(range(1, len(sections) + 1))
    assert all(len(section.items) == 8 for section in sections)
    assert len(long_text(8)) > 8 * 850


def test_numerals() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 101, 110, 234)] == [
        "一",
        "十",
        "十一",
        "二十",
        "一百零一",
        "一百一十",
        "二百三十四",
    ]


def test_a_broken_limit_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert report("t", [Figure("a", 1.0, "ms", (("peer", 2.0),), 1.0)]) == 0
    assert report("t", [Figure("a", 1.1, "ms", (), 1.0)]) == BROKEN
    printed = capsys.readouterr().out
    assert "holds" in printed
    assert "BROKEN" in printed
    assert "2.00x" in printed


def test_rare_is_the_99th_percentile() -> None:
    assert rare([float(value) for value in range(1, 101)]) == 99.0
    assert rare([1.0]) == 1.0
