"""The scores reached on annotated real plans that lie beside the project; skipped where they do not."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.plan.read import Context, read_plan
from bot.plan.show import contract

SHARED = Path(__file__).parents[3] / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "eval").is_dir(), reason="the annotated plans in ../shared are absent, so NO SCORE was checked"
)


@pytest.fixture
def scorer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(SHARED / "eval"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import score_plan

    yield score_plan
    for name in ("score_plan", "score"):
        sys.modules.pop(name, None)


@needs_shared
def test_second_plan(scorer: ModuleType) -> None:
    seed = next((SHARED / "seed").glob("*.txt"))
    data = contract(read_plan(seed.name, seed.read_bytes()))
    gold = json.loads((SHARED / "eval" / "gold_second_plan.json").read_text("utf-8"))
    tally, (spurious, undated), misses = scorer.score_plan(gold, data, 2)
    part = {name: right / of for name, (right, of) in tally.items()}
    assert (data["issuer"], data["year"]) == ("區教育局", 2014)
    assert part["outline"] == part["found"] == 1.0, misses
    assert part["precision"] >= 0.9
    assert part["owners"] >= 0.92
    assert tally["explicit"][0] >= 31
    assert all(tally[name][1] - tally[name][0] <= 1 for name in ("dates", "events")), misses
    assert spurious <= 0.02 * undated


@needs_shared
def test_other_documents(scorer: ModuleType) -> None:
    total: dict[str, list[int]] = {}
    spurious = undated = 0
    for path in sorted((SHARED / "corpus").glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        # An anchor that runs over a cell boundary can lie in no measure, because a measure is one job of one cell.
        gold["measures"] = [measure for measure in gold["measures"] if "\t" not in measure["anchor"]]
        text = path.with_name(path.name.replace(".gold.json", ".txt"))
        document = read_plan(text.name, text.read_bytes(), Context(gold["issuer"], int(gold["period"]["start"][:4])))
        tally, (wrong, of), _ = scorer.score_plan(gold, contract(document))
        for name, (right, count) in tally.items():
            row = total.setdefault(name, [0, 0])
            row[0] += right
            row[1] += count
        spurious, undated = spurious + wrong, undated + of
    part = {name: right / of for name, (right, of) in total.items()}
    assert part["found"] >= 0.98
    assert part["owners"] >= 0.97
    assert part["explicit"] >= 0.98
    assert part["dates"] >= 0.95
    assert part["events"] >= 0.95
    assert spurious <= 0.05 * undated
