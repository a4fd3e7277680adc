"""What a district's administrators add to the plans: words that mean the same there, and questions answered by hand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.ask import normal, pinyin, tables
from bot.ask.answer import Kind
from bot.ask.intents import Question, loaded

SAME = 0.9
"""Weight of a synonym that an administrator entered, as of a group of the shipped table."""
LEAST = 4
"""Characters of a question that may match in other words; a shorter one says too little for that."""
MEANING = re.compile(r"[\d一二三四五六七八九十百零两甲乙丙丁上下春秋夏冬初高中小大东西南北不非无未]")
"""Characters that turn one thing into another, so a difference in them is never a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """Two words that mean the same in this district."""

    id: int
    word: str
    other: str


@dataclass(frozen=True, slots=True)
class Curated:
    """A question that an administrator answered, by a measure of the plans or in their own words."""

    id: int
    question: str
    measure: str = ""
    """Id of the measure; empty where `text` answers."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lore:
    """The synonyms and answers of one district; immutable, so a change is a new one."""

    synonyms: Sequence[Synonym] = ()
    curated: Sequence[Curated] = ()
    words: Mapping[str, Mapping[str, float]] = field(init=False, repr=False, compare=False)
    """Folded word -> words that may stand for it with their weights: the shipped table and the district's own."""
    longest: int = field(init=False, repr=False, compare=False)
    """Characters of the longest of these words."""

    def __post_init__(self) -> None:
        table: dict[str, Mapping[str, float]] = dict(tables.synonyms())
        for row in self.synonyms:
            for word, other in ((row.word, row.other), (row.other, row.word)):
                one, two = normal.key(word).strip(), normal.key(other).strip()
                if one and two and one != two:
                    table[one] = {**table.get(one, {}), two: SAME}
        object.__setattr__(self, "words", table)
        object.__setattr__(self, "longest", max((len(word) for word in table), default=0))


@dataclass(frozen=True, slots=True)
class Shape:
    """What two questions must share to be the same question: all that is no wording."""

    kind: Kind
    slots: tuple[object, ...]
    """The time, plans, place and properties that are named."""
    words: tuple[str, str]
    """What is asked about without its grammar: as written, and with the synonyms of a group made one."""


def shape(question: Question, lore: Lore) -> Shape:
    """A question without its wording."""
    content = loaded(normal.fold(question.text))[0].replace(" ", "")
    words = (lean(content), lean(united(content, lore)))
    return Shape(question.kind, (question.when, question.plans, question.place, question.aspects), words)


def lean(content: str) -> str:
    """The content without characters that are mostly grammar, but for those that turn one thing into another."""
    function = tables.patterns().function | {"是"}
    return "".join(char for char in content if char not in function or MEANING.match(char))


def united(content: str, lore: Lore) -> str:
    """The content with each word of the synonym table replaced by one that stands for its group."""
    out, at = [], 0
    while at < len(content):
        for size in range(min(lore.longest, len(content) - at), 1, -1):
            word = content[at : at + size]
            same = [other for other, weight in lore.words.get(word, {}).items() if weight >= SAME]
            if same:
                out.append(min(word, *same))
                at += size
                break
        else:
            out.append(content[at])
            at += 1
    return "".join(out)


def match(question: Question, shapes: Sequence[Shape], lore: Lore) -> Curated | None:
    """The curated answer to a question, None where none is to this very question; `shapes` are those of `lore.curated`, in order.

    The same question is one of the same kind that names the same time, plan, place and property and whose words differ in
    nothing but grammar, the order of two halves, synonyms of the table and characters that sound alike.
    """
    if question.kind is Kind.CHAT or not lore.curated:
        return None
    written = bare(question.text)
    exact = next((row for row in lore.curated if bare(row.question) == written), None)
    if exact is not None:
        return exact
    wanted = shape(question, lore)
    return next((row for row, other in zip(lore.curated, shapes, strict=True) if alike(wanted, other)), None)


def alike(one: Shape, two: Shape) -> bool:
    """True where two questions are the same but for their wording."""
    if (one.kind, one.slots) != (two.kind, two.slots):
        return False
    return any(same_words(here, there) for here, there in zip(one.words, two.words, strict=True))


def same_words(one: str, two: str) -> bool:
    """True for the same words, their halves exchanged, or some of their characters replaced by others that sound alike."""
    if not one or len(one) != len(two):
        return False
    if one == two or (len(one) >= LEAST and one in two + two):
        return True
    heard = zip(one, two, pinyin.sound(one), pinyin.sound(two), strict=True)
    return len(one) >= LEAST and all(a == b or (bool(x) and x == y and not MEANING.search(a + b)) for a, b, x, y in heard)


def bare(text: str) -> str:
    """A text as it is compared letter by letter: folded, blanks and marks left out."""
    return normal.key(text).replace(" ", "")
