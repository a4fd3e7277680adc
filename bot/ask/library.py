"""The released plans as one immutable value that answers questions and is looked things up in."""

import hashlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.ask import choose, intents, normal, reasons, spelling, tables
from bot.ask.answer import Answer, Happening, Hit, Kind, Shelf, Status
from bot.ask.calling import called, called_so
from bot.ask.catalog import Catalog, Entry, catalog
from bot.ask.evidence import FEATURES, Weighed, months_of, units_of, weigh
from bot.ask.intents import Question
from bot.ask.lore import Curated, Lore, match, shape
from bot.ask.meaning import Meaning, near
from bot.ask.terms import Terms, terms_of
from bot.plan.model import DateRole, place


class Library:
    """The measures of some documents, indexed; build a new one when a document changes.

    Building takes some seconds at 100,000 measures; a question takes milliseconds. Nothing in it changes after building,
    so threads may share it.
    """

    def __init__(
        self, shelves: Sequence[Shelf], lore: Lore | None = None, reading: Callable[[Catalog], Meaning | None] = lambda _: None
    ) -> None:
        """`reading` gives the vectors of the catalog's texts where an embedding is at hand; without it words alone are compared."""
        self.shelves = tuple(shelves)
        self.lore = lore or Lore()
        """The district's own synonyms and answers."""
        self._shapes = tuple(shape(intents.understand(row.question), self.lore) for row in self.lore.curated)
        self.digest = hashlib.sha256(
            "\n".join(f"{shelf.plan} {shelf.version} {shelf.document.digest}" for shelf in self.shelves).encode()
        ).hexdigest()
        """Names the content: two libraries of the same released versions have the same digest."""
        self.catalog: Catalog = catalog(self.shelves)
        """What is searched."""
        self.meaning = reading(self.catalog)
        self._called = tuple(sorted({form for name in self.catalog.names for form in called_so(name) if len(form) > 1}))
        """What the owners are called, also without the level or the body over them."""
        self._row = {entry.measure.id: at for at, entry in reversed(list(enumerate(self.catalog.entries)))}
        self.happenings: tuple[Happening, ...] = tuple(
            Happening(event, plan, shelf, place(plan, event.section, event.item))
            for shelf, plan in self.catalog.plans
            for event in plan.events
        )
        """All events of all plans in the order of the documents."""
        self._happening = {row.event.id: row for row in reversed(self.happenings)}
        self._event: dict[str, Happening] = {}
        for row in self.happenings:
            best = self._event.get(row.event.measure)
            if best is None or (best.event.date is None and row.event.date is not None):
                self._event[row.event.measure] = row
        self._dated = sorted(
            (at for at, entry in enumerate(self.catalog.entries) if entry.measure.date is not None and entry.measure.date.acts),
            key=self._day,
        )

    def with_meaning(self, meaning: Meaning) -> "Library":
        """The same library with the vectors of its texts; what is indexed is shared."""
        other = copy(self)
        other.meaning = meaning
        return other

    def __len__(self) -> int:
        """How many measures."""
        return self.catalog.measures

    def ask(self, question: str, previous: str = "", today: date | None = None, subject: Sequence[str] = ()) -> Answer:
        """Answer a question.

        `previous` is the question just before in the same talk, `subject` the ids of the measures that answered it; both are used only
        where the question leans on them (那什麼時候?). `today` gives 下周 and 本月 their meaning. Never raises.
        """
        asked = self._read(question, today)
        if asked.kind is Kind.CHAT:
            return Answer(question, Kind.CHAT, Status.ANSWERED, script=asked.script)
        told = match(asked, self._shapes, self.lore)
        if told is not None and (by_hand := self._told(asked, told)) is not None:
            return by_hand
        before, items = self._context(asked, previous, today, subject)
        if before is not None and asked.more:
            return self._rest(question, before, frozenset(subject))
        asked = asked if before is None else joined(asked, before)
        asked = self._narrowed(asked)
        read = reasons.understood(asked, self._units(asked))
        if asked.thin and any(asked.place) and not self._at(asked.place).any():
            return Answer(question, asked.kind, Status.UNKNOWN, script=asked.script, subject=asked.content, understood=read)
        terms, weighed = self._search(asked, items)
        return replace(choose.answer(self.catalog, asked, terms, weighed, items), understood=read)

    def weighed(
        self, question: str, previous: str = "", today: date | None = None, subject: Sequence[str] = ()
    ) -> tuple[Question, Terms, Weighed, frozenset[int]] | None:
        """The candidates of a question with their evidence, for learning and for saying why; None for small talk."""
        asked = self._read(question, today)
        if asked.kind is Kind.CHAT:
            return None
        before, items = self._context(asked, previous, today, subject)
        asked = asked if before is None else joined(asked, before)
        asked = self._narrowed(asked)
        return asked, *self._search(asked, items), items

    def find(self, measure: str) -> Hit | None:
        """The measure with this id, or None."""
        at = self._row.get(measure)
        return None if at is None else self._hit(at)

    def happening(self, event: str) -> Happening | None:
        """The event with this id, or None."""
        return self._happening.get(event)

    def entries(self, first: date, last: date) -> tuple[Hit, ...]:
        """The dated measures that act within these days (both included), sorted by date; a deadline acts on its last day."""
        return tuple(self._hit(at) for at in self._dated if self._acts(self.catalog.entries[at], first, last))

    def event_of(self, measure: str) -> Happening | None:
        """The event that a measure holds, a dated one first; None where it holds none."""
        return self._event.get(measure)

    def neighbours(self, measure: str) -> tuple[Hit | None, Hit | None]:
        """The measures that stand before and after this one in the same plan."""
        at = self._row.get(measure)
        if at is None:
            return None, None
        plan, size = self.catalog.plan_of, len(self)
        before = self._hit(at - 1) if at > 0 and plan[at - 1] == plan[at] else None
        after = self._hit(at + 1) if at < size - 1 and plan[at + 1] == plan[at] else None
        return before, after

    def suggest(self, text: str, limit: int = 5) -> tuple[Hit, ...]:
        """Measures that what is typed so far may be about, best first, one of each item."""
        if not text.strip():
            return ()
        _, weighed = self._search(self._read(text))
        seen: dict[int, int] = {}
        for row in weighed.rows.tolist():
            seen.setdefault(int(self.catalog.item_of[row]), row)
        return tuple(self._hit(row) for row in list(seen.values())[:limit])

    def _read(self, text: str, today: date | None = None) -> Question:
        return intents.understand(text, today, spelling.decoded(text, self.catalog.spelling))

    def _told(self, asked: Question, told: Curated) -> Answer | None:
        """A curated answer; None where its measure stands in no plan any more, so the plans are searched instead."""
        hit = self.find(told.measure) if told.measure else None
        if hit is None and not told.text:
            return None
        hits = (hit,) if hit else ()
        return Answer(asked.text, asked.kind, Status.ANSWERED, hits, (), asked.script, asked.content, curated=told.id, told=told.text)

    def _context(
        self, asked: Question, previous: str, today: date | None, subject: Sequence[str]
    ) -> tuple[Question | None, frozenset[int]]:
        """The question before and the items that the talk is about, where the question leans on them."""
        if not previous or not self._leans(asked):
            return None, frozenset()
        before = self._narrowed(self._read(previous, today))
        items = frozenset(int(self.catalog.item_of[self._row[name]]) for name in subject if name in self._row)
        return before, items or frozenset(self.catalog.item_of[self._search(before)[1].rows[:1]].tolist())

    def _hit(self, at: int, score: float = 1.0) -> Hit:
        entry = self.catalog.entries[at]
        return Hit(entry.measure, entry.plan, entry.shelf, entry.place, score)

    def _day(self, at: int) -> tuple[date, int]:
        span = self.catalog.entries[at].measure.date
        return ((span.first if span else None) or date.max, at)

    def _acts(self, entry: Entry, first: date, last: date) -> bool:
        span = entry.measure.date
        if span is None or not span.acts:
            return False
        if span.role is DateRole.DEADLINE or span.start is None:
            return span.end is not None and first <= span.end <= last
        return span.start <= last and (span.end or entry.plan.period.end) >= first

    def _leans(self, asked: Question) -> bool:
        """True where a question does not stand on its own: it looks like a follow-up, and alone it would find little."""
        if not asked.leans or asked.more:
            return asked.leans
        bare = sum(char.isalnum() and char not in tables.patterns().function for char in asked.content)
        if bare <= 2:
            return True
        _, found = self._search(asked)
        if not len(found.rows):
            return True
        clause, item = (float(found.table[0, FEATURES.index(name)]) for name in ("clause", "item"))
        return item < 0.6 or (bare <= 5 and clause < 0.75)

    def _rest(self, question: str, before: Question, told: frozenset[str]) -> Answer:
        terms, weighed = self._search(before)
        whole = choose.answer(self.catalog, replace(before, text=question, kind=Kind.LIST), terms, weighed, frozenset())
        hits = tuple(hit for hit in whole.hits if hit.measure.id not in told)
        return replace(whole, hits=hits, status=Status.ANSWERED if hits else Status.UNKNOWN)

    def _search(self, asked: Question, items: frozenset[int] = frozenset()) -> tuple[Terms, Weighed]:
        shelf = self.catalog
        terms = terms_of(asked.content, asked.loads, shelf.item, shelf.sounds, self.lore)
        units = self._units(asked)
        seasons = np.array([any(called(plan, name) for name in asked.seasons) for _, plan in shelf.plans], np.float32)
        close = near(self.meaning, asked.plain) if self.meaning is not None and asked.plain else None
        return terms, weigh(shelf, asked, terms, units, self._allowed(asked, units), items, seasons, close)

    def _allowed(self, asked: Question, units: Sequence[str]) -> NDArray[np.bool_] | None:
        """Which entries the question lets answer by what it names: a plan or place always, a time or unit where it names nothing else.

        None where it names none of these or nothing would be left.
        """
        shelf = self.catalog
        keep = np.ones(len(shelf.entries), np.bool_)
        named = [at for at, (_, plan) in enumerate(shelf.plans) if any(called(plan, name) for name in asked.plans)]
        if named and asked.kind is not Kind.COMPARE:
            keep &= np.isin(shelf.plan_of, named)
        keep &= self._at(asked.place)
        signed = shelf.gives["issued"] if "issued" in asked.aspects else np.zeros(len(keep), np.bool_)
        if (keep & signed).any() and (asked.thin or self._titled(asked.content)):
            keep = keep & signed
        elif asked.thin or self._only(asked, units):
            every = np.arange(len(shelf.entries))
            keep = keep & (every < shelf.measures) if (keep & (every < shelf.measures)).any() else keep
            keep = keep & (shelf.told > 0) if (keep & (shelf.told > 0)).any() else keep
            months = months_of(shelf, every, asked)
            for fits in (months == 1.0, months > 0, units_of(shelf, every, units) == 1.0):
                keep = keep & fits if (keep & fits).any() else keep
        return keep if keep.any() and not keep.all() else None

    def _at(self, place: tuple[int, int, int]) -> NDArray[np.bool_]:
        """Which entries stand at a place that a question names."""
        keep = np.ones(len(self.catalog.entries), np.bool_)
        for wanted, numbers in zip(place, self.catalog.spots, strict=True):
            if wanted:
                keep &= numbers == wanted
        return keep

    def _titled(self, content: str) -> bool:
        """True where a question has no words but those of a document's title (這份安全計劃)."""
        said = {char for char in content if char.isalnum()}
        titles = (normal.key(f"{shelf.document.title}{plan.title}") for shelf, plan in self.catalog.plans)
        return any(said <= set(title) for title in titles)

    def _narrowed(self, asked: Question) -> Question:
        """A question that names a time, place or unit and nothing else asks for all of it."""
        named = (asked.thin and (asked.when or any(asked.place))) or self._only(asked, self._units(asked))
        return replace(asked, kind=Kind.LIST, whole=True) if named and asked.kind in (Kind.WHAT, Kind.LIST) else asked

    def _units(self, asked: Question) -> tuple[str, ...]:
        plain = asked.content.replace(" ", "")
        return tuple(name for name in self._called if name in plain)

    def _only(self, asked: Question, units: Sequence[str]) -> bool:
        """True where the question names a unit and nothing else."""
        content = asked.content
        for unit in units:
            content = content.replace(unit, " ")
        return bool(units) and replace(asked, content=content).thin


def joined(asked: Question, before: Question) -> Question:
    """A follow-up with what it takes over from the question before: kind and slots where it has none, and its words.

    They count half, and a fifth where the follow-up has words of its own, which then choose among the clauses of the subject.
    """
    own = sum(char.isalnum() and char not in tables.patterns().function for char in asked.content) > 2
    share = 0.2 if own else 0.5
    content = f"{asked.content} {before.content}".strip()
    loads = (*asked.loads, 0.0, *(load * share for load in before.loads)) if asked.content else before.loads
    return replace(
        asked, content=content, loads=loads[: len(content)], plain=f"{before.plain} {asked.plain}".strip(),
        kind=asked.kind if asked.sure else before.kind,
        when=asked.when or before.when, plans=asked.plans or before.plans, place=asked.place if any(asked.place) else before.place,
    )  # fmt: skip
