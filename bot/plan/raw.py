"""The parts of a plan while they are put together: offsets of headings and paragraphs."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Piece:
    """A stretch of text under one place: a paragraph, a list entry or a table row."""

    start: int
    end: int
    body: int
    style: str


@dataclass(slots=True)
class Numbers:
    """The numbers given out so far; one that comes again gets the number after the largest."""

    seen: set[int] = field(default_factory=set)
    most: int = 0

    def take(self, number: int) -> int:
        """The number itself where it is new, else the one after the largest."""
        number = self.most + 1 if number in self.seen else number
        self.seen.add(number)
        self.most = max(self.most, number)
        return number


@dataclass(slots=True)
class RawItem:
    """An item while it is put together."""

    number: int
    start: int
    title: tuple[int, int] | None
    pieces: list[Piece] = field(default_factory=list)
    month: bool = False
    """True where the title is a month or a week, which dates all that stands under it."""


@dataclass(slots=True)
class RawSection:
    """A section while it is put together; `heading` is the text of its heading line."""

    number: int
    label: str
    title: str
    start: int
    pieces: list[Piece] = field(default_factory=list)
    items: list[RawItem] = field(default_factory=list)
    line: Piece | None = None
    """The line of a numbered heading, with its style."""


@dataclass(slots=True)
class RawPlan:
    """A plan while it is put together."""

    number: int
    label: str
    title: str
    start: int
    end: int
    preamble: tuple[int, int] = (0, 0)
    signature: tuple[int, int] = (0, 0)
    sections: list[RawSection] = field(default_factory=list)
