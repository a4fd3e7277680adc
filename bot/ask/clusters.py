"""Questions that ask the same in many wordings, put together so that one answer serves them all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.ask import lore, tables
from bot.ask.answer import Kind
from bot.ask.intents import understand
from bot.ask.lore import MEANING, Lore

ALIKE = 72.0
"""Likeness of the words, 0 to 100 (normalised Indel similarity), from which two questions ask the same; in the middle of the gap
between other wordings and other subjects among the project's own questions."""
CONTAINED = 4
"""Characters that a question needs for being found inside a longer one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its row."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that ask the same, newest first."""

    members: tuple[Asked, ...]

    @property
    def label(self) -> str:
        """The wording that came most often, the newest of equals."""
        return Counter(member.text for member in self.members).most_common(1)[0][0]

    @property
    def newest(self) -> int:
        """The row of the newest question, which names the cluster in buttons."""
        return self.members[0].id

    @property
    def texts(self) -> tuple[str, ...]:
        """Each wording once, most frequent first."""
        return tuple(text for text, _ in Counter(member.text for member in self.members).most_common())


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it is compared: its shape, and for each of its two spellings what may not differ."""

    shape: lore.Shape
    telling: tuple[frozenset[tuple[str, int]], ...]


def clusters(questions: Sequence[Asked], known: Lore) -> tuple[Cluster, ...]:
    """Put questions together, the largest cluster first, of equals the newest; 1,000 different ones take a second or two.

    Each is compared with the first of every cluster and not with all of it, so that no chain of small steps joins two subjects.
    """
    groups: list[tuple[Read, list[Asked]]] = []
    wordings: dict[str, list[Asked]] = {}
    for asked in sorted(questions, key=lambda row: -row.id):
        if asked.text in wordings:
            wordings[asked.text].append(asked)
            continue
        shape = lore.shape(understand(asked.text), known)
        read = Read(shape, tuple(frozenset(telling(words).items()) for words in shape.words))
        home = next((members for leader, members in groups if same(leader, read)), None)
        if home is None:
            home = []
            groups.append((read, home))
        home.append(asked)
        wordings[asked.text] = home
    found = [Cluster(tuple(sorted(members, key=lambda row: -row.id))) for _, members in groups]
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.members), -cluster.newest)))


def same(one: Read, two: Read) -> bool:
    """True where two questions want the same told: like words, no other number, term or level, and not one who and the other when."""
    here, there = one.shape, two.shape
    if here.slots[:3] != there.slots[:3] or not compatible(here.kind, there.kind):
        return False
    for a, b, told, wanted in zip(here.words, there.words, one.telling, two.telling, strict=True):
        if told == wanted and like(a, b):
            return True
    return lore.alike(here, there)


def like(one: str, two: str) -> bool:
    """True for words that are mostly the same, or of which one lies in the other."""
    if not one or not two:
        return False
    short, long = sorted((one, two), key=len)
    return fuzz.ratio(one, two, score_cutoff=ALIKE) > 0 or (len(short) >= CONTAINED and short in long)


def telling(words: str) -> Counter[str]:
    """The characters that turn one thing into another, and the words of a sort of which one is not another (小學, 中學)."""
    found = Counter(char for char in words if MEANING.match(char))
    for contrast in tables.patterns().contrasts:
        found.update(word for word in contrast.words if word in words)
    return found


def compatible(one: Kind, two: Kind) -> bool:
    """True for the same kind of question, or where one of them says no kind."""
    return one is two or Kind.WHAT in (one, two)
