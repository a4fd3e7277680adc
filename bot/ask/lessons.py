"""What questions with known answers teach: their evidence as tables, and the figures of what is right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.ask import doubts as doubting
from bot.ask import normal
from bot.ask.answer import Hit, Kind, Status
from bot.ask.catalog import Entry
from bot.ask.library import Library

DAY = date(2026, 10, 1)
"""The demonstration plans are laid out for the school year of this day; every question is asked on it."""
FIRST = 1
"""A question that the plans answer teaches when to answer only if one of so many candidates is right: else a no would be as fair."""
Floats = NDArray[np.float64]
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is right."""

    question: str
    kind: str
    """`who`, `when` … as filed, `refused`, `follow` or `compare`."""
    places: frozenset[Place] = frozenset()
    """Document name up to its first hyphen, section, item; empty where only the wording tells or the plans do not say."""
    anchors: tuple[str, ...] = ()
    """Pieces of the clauses that answer, any of which is right."""
    previous: str = ""

    @property
    def known(self) -> bool:
        """True where the plans answer."""
        return bool(self.places or self.anchors)


@dataclass(frozen=True, slots=True)
class Course:
    """Questions about the documents of one library."""

    name: str
    library: Library
    cases: tuple[Case, ...]


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


def place_of(text: str) -> Place:
    """`spring 4.1` as document name, section, item."""
    name, _, spot = text.partition(" ")
    section, _, item = spot.partition(".")
    return name, int(section), int(item)


def cases_of(raw: Mapping[str, Any]) -> tuple[Case, ...]:
    """The questions of a file in the shape of tests/ask/questions.toml or of tests/ask/plans/*.toml (which name no places)."""
    out: list[Case] = []
    for row in raw.get("about", ()):
        places, anchors = frozenset(map(place_of, row.get("at", ()))), anchors_of(row)
        for kind, questions in row.items():
            if kind not in ("at", "anchor", "anchors"):
                out.extend(Case(question, kind, places, anchors) for question in questions)
    out.extend(Case(question, "refused") for question in raw.get("refused", {}).get("questions", ()))
    for kind in ("follow", "compare"):
        for row in raw.get(kind, ()):
            places = frozenset(map(place_of, row.get("at", ())))
            out.append(Case(row["q"], kind, places, anchors_of(row), row.get("prev", "")))
    return tuple(out)


def anchors_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """`anchor` and `anchors` of a row."""
    return (*([row["anchor"]] if "anchor" in row else []), *row.get("anchors", ()))


def name_of(document: str) -> str:
    """How questions name a document: its file name up to the first hyphen or dot."""
    return document.partition("-")[0].partition(".")[0]


def right_place(case: Case, entry: Entry | Hit) -> bool:
    """True where the measure stands in a place that answers."""
    measure = entry.measure
    if case.places:
        return (name_of(entry.shelf.document.name), measure.section, measure.item) in case.places
    return right_clause(case, entry)


def right_clause(case: Case, entry: Entry | Hit) -> bool:
    """True where the measure's own text answers."""
    text = normal.key(entry.measure.text)
    return any(normal.key(anchor) in text for anchor in case.anchors)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one question teaches: its candidates' evidence and which of them are right."""

    table: NDArray[np.float32]
    place: NDArray[np.bool_]
    clause: NDArray[np.bool_]
    load: float
    """How much the question counts: few follow-ups are filed, but people ask many."""
    group: str
    """Questions about the same place stay in one fold."""
    items: NDArray[np.int64]
    """The item of each candidate."""


def lesson(course: Course, case: Case) -> Lesson | None:
    """The candidates of a case; None where no candidate is right or the case has no place."""
    found = course.library.weighed(case.question, case.previous, DAY)
    if found is None or not case.known or case.kind == "compare":
        return None
    entries = [course.library.catalog.entries[row] for row in found[2].rows.tolist()]
    clause = np.array([right_clause(case, entry) for entry in entries], np.bool_)
    place = np.array([right_place(case, entry) for entry in entries], np.bool_)
    if not place.any():
        return None
    clause = clause & place if (clause & place).any() else place
    group = f"{course.name} {sorted(case.places)} {case.anchors[:1]}"
    items = course.library.catalog.item_of[found[2].rows]
    return Lesson(found[2].table, place, clause, 4.0 if case.kind == "follow" else 1.0, group, items)


def lead(row: Lesson, weights: Floats) -> tuple[float, bool, bool]:
    """How far the best place is before the next one, whether it is right, and whether one of the first three places is."""
    scores = row.table @ weights
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(row.items[order], return_index=True)
    best = order[np.sort(first)][:3]
    gap = float(scores[best[0]] - scores[best[1]]) if len(best) > 1 else 9.0
    return gap, bool(row.place[best[0]]), bool(row.place[best].any())


def doubts(course: Course, names: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """The evidence for and against answering each case of a course, in the order of the names, and whether the plans answer it."""
    rows, known = [], []
    for case in course.cases:
        found = course.library.weighed(case.question, case.previous, DAY)
        if found is not None and len(found[2].rows):
            best = found[2].rows[:FIRST]
            if (
                case.known
                and case.kind != "compare"
                and not any(right_place(case, course.library.catalog.entries[at]) for at in best.tolist())
            ):
                continue
            row = doubting.doubts(course.library.catalog, *found)
            rows.append([row.get(name, 0.0) for name in names])
            known.append(case.known)
    return np.array(rows, np.float64).reshape(-1, len(names)), np.array(known, np.bool_)


def measure(courses: Sequence[Course], seen: Callable[[Case, Any], None] | None = None) -> Figures:
    """Ask every case and count what is right, by the same rules as for any set of questions; `seen` gets each case with its answer."""
    figures = Figures()
    for course in courses:
        for case in course.cases:
            answer = course.library.ask(case.question, case.previous, DAY)
            if seen is not None:
                seen(case, answer)
            refused = answer.status is Status.UNKNOWN
            if refused:
                figures.add("refusal precision", not case.known)
            if not case.known:
                figures.add("refusal recall", refused)
                continue
            rights = [right_place(case, hit) for hit in answer.hits]
            first = bool(rights) and answer.status is Status.ANSWERED and rights[0]
            among = any(rights[:3])
            if case.kind == "compare":
                places = {(name_of(hit.shelf.document.name), hit.measure.section, hit.measure.item) for hit in answer.hits}
                figures.add("both", case.places <= places)
            for name in ("place@1", f"place@1 {case.kind}"):
                figures.add(name, first)
            figures.add("place@3", among and not refused)
            figures.add("asked@1", first or (answer.status is Status.AMBIGUOUS and among))
            if case.anchors:
                figures.add("clause@1", first and right_clause(case, answer.hits[0]))
            if case.kind in {kind.value for kind in Kind}:
                figures.add("kind", answer.kind.value == case.kind)
    return figures
