"""Whom a notice is for, found in the database: read from words, counted, with the address each is reached at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ask.answer import Happening
from bot.errors import BadRecipients
from bot.notice.recipients import By, Clause, Selection, parts, read_selection, select
from bot.people import Person
from bot.plan.script import fold
from bot.remind import coverage
from bot.texts import Texts
from handlers.room import Services
from storage.mailing import Recipient
from storage.store import Transaction

NAMED = (By.EVERYONE, By.STAFF)
RANKS = ("teacher", "principal", "unit_administrator", "administrator")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The people of a selection."""

    people: tuple[Person, ...]
    recipients: tuple[Recipient, ...]
    """In the same order."""

    @property
    def unreachable(self) -> tuple[Person, ...]:
        """Those who have no address."""
        return tuple(person for person, one in zip(self.people, self.recipients, strict=True) if one.address is None)


async def choose(db: Transaction, services: Services, selection: Selection) -> Chosen:
    """The people of a selection as they are now; BadRecipients where a unit, an event or a list is unknown."""
    (chosen,) = await choose_each(db, services, (selection,))
    return chosen


async def choose_each(db: Transaction, services: Services, selections: Sequence[Selection]) -> list[Chosen]:
    """The same for several selections; who there is and how they are reached is read once."""
    everybody, reached = await db.people.every(), await db.people.reached()
    found = []
    for selection in selections:
        people = await _people(db, services, selection, everybody)
        found.append(Chosen(people, tuple(Recipient(person.id, person.unit, reached.get(person.id)) for person in people)))
    return found


async def _people(db: Transaction, services: Services, selection: Selection, everybody: Sequence[Person]) -> tuple[Person, ...]:
    following: dict[str, set[int]] = {}
    listed: dict[str, tuple[set[int], set[int]]] = {}
    for clause in (*selection.plus, *selection.minus):
        if clause.by is By.FOLLOWERS:
            following[clause.value] = await _followers(db, services, clause.value)
        elif clause.by is By.LIST:
            members = await db.lists.members(clause.value)
            if members is None:
                raise BadRecipients("recipients.list", name=clause.value)
            listed[clause.value] = members
    return select(selection, everybody, services.register(), lambda name: following.get(name, set()), listed.__getitem__)


def events_called(services: Services, name: str) -> list[Happening]:
    """The events that have these words in their name, in either script and whatever the blanks; none for no words."""
    wanted = fold(name).replace(" ", "")
    return [row for row in services.library().happenings if wanted and wanted in fold(row.event.name).replace(" ", "")]


async def _followers(db: Transaction, services: Services, name: str) -> set[int]:
    events = [row.event for row in events_called(services, name)]
    if not events:
        raise BadRecipients("recipients.event", name=name)
    found: set[int] = set()
    for reference in {reference for event in events for reference in (event.id, event.measure)}:
        root = await db.plannings.root(reference)
        for kind in coverage.NAMED:
            found |= {row.person for row in await db.subscriptions.to(kind, root) if row.person is not None}
    return found


def spoken(text: str, texts: Texts, services: Services) -> Selection:
    """Read a selection as people write it: 全體教職工、第一小學, 校長, 科技節的跟進者, 各校，不含第二小學.

    What is no such words is read by `read_selection`. BadRecipients where a name is neither a group of people nor a unit.
    """
    try:
        return read_selection(text)
    except BadRecipients as refusal:
        if refusal.key != "recipients.unknown":
            raise
    without = "|".join(re.escape(word) for word in texts.words("recipients.words_without"))
    head, *rest = re.split(without, text) if without else [text]
    plus = tuple(_clause(part, texts, services) for part in parts(head.rstrip("（( ")))
    minus = tuple(_clause(part, texts, services) for tail in rest for part in parts(tail.rstrip("）) ")))
    if not plus:
        raise BadRecipients("recipients.empty")
    return Selection(plus, minus)


def _clause(text: str, texts: Texts, services: Services) -> Clause:
    words = text.strip().rstrip("。. ")
    for by in NAMED:
        if words in texts.words(f"recipients.words_{by}"):
            return Clause(by)
    for rank in RANKS:
        if words in texts.words(f"recipients.words_{rank}"):
            return Clause(By.RANK, rank)
    for ending in texts.words("recipients.words_followers"):
        if words.endswith(ending) and len(words) > len(ending):
            return Clause(By.FOLLOWERS, words.removesuffix(ending).strip())
    for beginning in texts.words("recipients.words_list"):
        if words.startswith(beginning) and len(words) > len(beginning):
            return Clause(By.LIST, words.removeprefix(beginning).strip(" :：「」“”"))
    if not services.register().members(words):
        raise BadRecipients("recipients.unit", name=words)
    return Clause(By.UNIT, words)
