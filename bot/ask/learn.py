"""Fit the answer weights on questions whose places are known; `python -m bot.ask.learn QUESTIONS.toml` prints cross-validated figures.

The model is linear, so fitting is two small convex problems: a softmax over the candidates of each question for the ranking (listwise
loss, Cao et al. 2007) and a logistic regression for whether the plans answer at all. Both are solved by plain gradient steps from a
fixed start, so the same questions give the same weights.
"""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.ask import choose, normal, tables
from bot.ask.answer import Kind, Shelf, Status
from bot.ask.evidence import FEATURES
from bot.ask.library import Library
from bot.calendar import SchoolCalendar
from bot.plan.read import Context, read_plan

DAY = date(2026, 10, 1)
"""The demonstration plans are laid out for the school year of this day."""
FOLDS = 5
STEPS = 1500
RATE = 0.05
HOLD = 0.004
"""How strongly weights are held near zero (L2)."""
TRUST = ("bias", "item", "low", "clause", "mass", "topic", "aspect", "differs")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is right."""

    question: str
    kind: str
    """`who`, `when` … as filed, `refused`, `follow` or `compare`."""
    places: frozenset[tuple[str, int, int]] = frozenset()
    """Plan name, section, item; empty where the plans do not say."""
    anchor: str = ""
    """A piece of the clause that answers."""
    previous: str = ""


@dataclass(slots=True)
class Figures:
    """Right and asked, counted by the name of what was measured."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, ok: bool) -> None:
        """Count one."""
        self.asked[name] = self.asked.get(name, 0) + 1
        self.right[name] = self.right.get(name, 0) + ok

    def share(self, name: str) -> float:
        """Right over asked, 1 where nothing was asked."""
        return self.right.get(name, 0) / self.asked[name] if self.asked.get(name) else 1.0

    @property
    def refusal(self) -> float:
        """F1 of refusing against what cannot be answered."""
        precision, recall = self.share("refusal precision"), self.share("refusal recall")
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def lines(self) -> list[str]:
        """The table as text."""
        rows = [f"{name:20} {self.right[name]:4}/{self.asked[name]:<4} {self.share(name):6.1%}" for name in sorted(self.asked)]
        return [*rows, f"{'refusal F1':20} {self.refusal:16.3f}"]


def place_of(text: str) -> tuple[str, int, int]:
    """`spring 4.1` as plan name, section, item."""
    name, _, spot = text.partition(" ")
    section, _, item = spot.partition(".")
    return name, int(section), int(item)


def cases_of(raw: Mapping[str, Any]) -> tuple[Case, ...]:
    """The questions of a file in the shape of tests/ask/questions.toml."""
    out: list[Case] = []
    for row in raw["about"]:
        places = frozenset(map(place_of, row["at"]))
        for kind, questions in row.items():
            if kind not in ("at", "anchor"):
                out.extend(Case(question, kind, places, row.get("anchor", "")) for question in questions)
    out.extend(Case(question, "refused") for question in raw["refused"]["questions"])
    out.extend(Case(row["q"], "follow", frozenset(map(place_of, row["at"])), previous=row["prev"]) for row in raw["follow"])
    out.extend(Case(row["q"], "compare", frozenset(map(place_of, row["at"]))) for row in raw["compare"])
    return tuple(out)


def name_of(shelf: Shelf) -> str:
    """The demonstration plan a shelf holds, as questions name it: `spring` or `year`."""
    return shelf.document.name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one question teaches: its candidates' evidence and which of them are right."""

    table: Floats
    place: NDArray[np.bool_]
    clause: NDArray[np.bool_]
    load: float
    """How much the question counts: few follow-ups are filed, but people ask many."""
    group: str
    """Questions about the same place stay in one fold."""


def lesson(library: Library, case: Case) -> Lesson | None:
    """The candidates of a case; None where no candidate is right or the case has no place."""
    found = library.weighed(case.question, case.previous)
    if found is None or not case.places or case.kind == "compare":
        return None
    catalog, weighed = library.catalog, found[2]
    entries = [catalog.entries[row] for row in weighed.rows.tolist()]
    place = np.array([(name_of(entry.shelf), entry.measure.section, entry.measure.item) in case.places for entry in entries], np.bool_)
    anchor = normal.key(case.anchor)
    clause = np.array(
        [bool(right) and anchor in normal.key(entry.measure.text) for right, entry in zip(place, entries, strict=True)], np.bool_
    )
    if not place.any():
        return None
    return Lesson(
        weighed.table.astype(np.float64), place, clause if clause.any() else place, 4.0 if case.previous else 1.0, f"{sorted(case.places)}"
    )


def fit_rank(lessons: Sequence[Lesson]) -> Floats:
    """Weights that make the right candidates likely under a softmax: half the loss for the place, half for the clause; none negative."""
    weights = np.full(len(FEATURES), 1.0)
    moment = np.zeros_like(weights)
    speed = np.zeros_like(weights)
    for step in range(1, STEPS // 3 + 1):
        slope = HOLD * weights
        for row in lessons:
            score = row.table @ weights
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            for right in (row.place, row.clause):
                share = chance * right
                share /= max(share.sum(), 1e-12)
                slope += row.load * ((chance - share) @ row.table) / len(lessons) / 2
        moment = 0.9 * moment + 0.1 * slope
        speed = 0.999 * speed + 0.001 * slope * slope
        weights -= RATE * (moment / (1 - 0.9**step)) / (np.sqrt(speed / (1 - 0.999**step)) + 1e-8)
        weights = np.maximum(weights, 0.0)
    return weights


def fit_trust(rows: Floats, known: NDArray[np.bool_]) -> Floats:
    """Weights of a logistic regression that tells what the plans answer; both classes weigh the same."""
    weights = np.zeros(rows.shape[1])
    balance = np.where(known, 0.5 / max(1, known.sum()), 0.5 / max(1, (~known).sum()))
    for _ in range(STEPS * 4):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -60, 60)))
        weights -= 1.5 * (rows.T @ (balance * (chance - known)) + 0.002 * weights)
    return weights


def doubts(library: Library, cases: Sequence[Case]) -> tuple[Floats, NDArray[np.bool_]]:
    """The evidence for and against answering each case, and whether the plans answer it."""
    rows, known = [], []
    for case in cases:
        found = library.weighed(case.question, case.previous)
        if found is not None and len(found[2].rows):
            row = choose.doubts(library.catalog, *found)
            rows.append([row[name] for name in TRUST])
            known.append(bool(case.places))
    return np.array(rows, np.float64).reshape(-1, len(TRUST)), np.array(known, np.bool_)


def measure(library: Library, cases: Sequence[Case]) -> Figures:
    """Ask every case and count what is right, by the same rules as for any set of questions."""
    figures = Figures()
    for case in cases:
        answer = library.ask(case.question, case.previous, DAY)
        places = [(name_of(hit.shelf), hit.measure.section, hit.measure.item) for hit in answer.hits]
        refused = answer.status is Status.UNKNOWN
        if refused:
            figures.add("refusal precision", not case.places)
        if not case.places:
            figures.add("refusal recall", refused)
            continue
        first = bool(places) and answer.status is Status.ANSWERED and places[0] in case.places
        among = any(place in case.places for place in places[:3])
        if case.kind == "compare":
            figures.add("both", case.places <= set(places))
        for name in ("place@1", f"place@1 {case.kind}"):
            figures.add(name, first)
        figures.add("place@3", among and not refused)
        figures.add("asked@1", first or (answer.status is Status.AMBIGUOUS and among))
        if case.anchor:
            figures.add("clause@1", first and normal.key(case.anchor) in normal.key(answer.hits[0].measure.text))
        if case.kind in {kind.value for kind in Kind}:
            figures.add("kind", answer.kind.value == case.kind)
    return figures


def crossed(library: Library, cases: Sequence[Case]) -> float:
    """Place@1 of the ranking alone where each fold is asked with weights fitted on the others."""
    lessons = [row for case in cases if (row := lesson(library, case)) is not None]
    groups = sorted({row.group for row in lessons})
    fold = {group: at % FOLDS for at, group in enumerate(np.random.default_rng(7).permutation(groups).tolist())}
    right = 0
    for turn in range(FOLDS):
        weights = fit_rank([row for row in lessons if fold[row.group] != turn])
        right += sum(bool(row.place[int((row.table @ weights).argmax())]) for row in lessons if fold[row.group] == turn)
    return right / max(1, len(lessons))


def demonstration() -> Library:
    """The library of the two demonstration plans."""
    from bot.samples import lay_out  # imported here: only learning needs them

    context = Context(issuer="禾溪區教育局", year=2027)
    return Library(
        [Shelf(at, 1, read_plan(sample.name, sample.data, context)) for at, sample in enumerate(lay_out(DAY, SchoolCalendar()), 1)]
    )


def written(rank: Floats, trust: Floats | None = None) -> str:
    """The weights as the text of weights.toml; thresholds stay as they are."""
    known = tables.weights()
    trusted = known["trust"] if trust is None else dict(zip(TRUST, trust.tolist(), strict=True))
    parts = {"rank": dict(zip(FEATURES, rank.tolist(), strict=True)), "trust": trusted, "choose": known["choose"]}
    body = "\n".join(f"\n[{name}]\n" + "\n".join(f"{key} = {value:.4f}" for key, value in rows.items()) for name, rows in parts.items())
    return f"# Fitted by `python -m bot.ask.learn`; [choose] is set by hand.\n{body}\n"


def main(arguments: Sequence[str]) -> int:
    """Fit on the questions of a file and print the figures; with `--write` keep the weights."""
    path = next((Path(word) for word in arguments if not word.startswith("-")), Path("tests/ask/questions.toml"))
    cases = cases_of(tomllib.loads(path.read_text("utf-8")))
    library = demonstration()
    print(f"{len(cases)} questions, {len(library)} measures")  # noqa: T201
    print(f"cross-validated place@1 of the ranking alone: {crossed(library, cases):.1%}")  # noqa: T201
    lessons = [row for case in cases if (row := lesson(library, case)) is not None]
    rank = fit_rank(lessons)
    target = Path(__file__).with_name("weights.toml")
    if "--write" in arguments:
        target.write_text(written(rank), "utf-8")
        tables.weights.cache_clear()
        rows, known = doubts(library, cases)
        target.write_text(written(rank, fit_trust(rows, known)), "utf-8")
        tables.weights.cache_clear()
    print("\n".join(measure(library, cases).lines()))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
