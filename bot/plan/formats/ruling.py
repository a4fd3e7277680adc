"""Find tables in the ruling lines of a page: which lines meet, the grid they make, and which of its cells are merged."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOUCH = 2.5
"""Points within which lines meet or are one."""
SHORT = 6.0
"""Points; what is shorter is no ruling line of its own, though a part of one."""
MOST = 4000
"""Lines of a page that are looked at; a drawing has more, and is no table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: `at` is its place across, `start` to `end` its extent."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of `rows` by `columns`, the cell each belongs to, and, once filled, their words."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: Mapping[tuple[int, int], tuple[int, int]]
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return len(self.xs) - 1

    @property
    def y0(self) -> float:
        """The upper edge."""
        return self.ys[0]

    def holds(self, x: float, y: float) -> bool:
        """True for a place within the outer edge."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of a place within the table."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), self.rows - 1)
        return row, min(max(bisect_right(self.xs, x) - 1, 0), self.columns - 1)

    def right_of(self, owner: tuple[int, int]) -> float:
        """The right edge of a cell."""
        column = owner[1]
        while column + 1 < self.columns and self.owner[owner[0], column + 1] == owner:
            column += 1
        return self.xs[column + 1]


def tables_of(rules: Sequence[Rule]) -> list[Table]:
    """The tables of a page from top to bottom."""
    if len(rules) > MOST:
        return []
    across = merged([rule for rule in rules if not rule.upright])
    upright = merged([rule for rule in rules if rule.upright])
    found = [grid_of(*group) for group in groups(across, upright) if group[0] and group[1]]
    return sorted((table for table in found if table is not None), key=lambda table: table.y0)


def merged(rules: Sequence[Rule]) -> list[Rule]:
    """Pieces of one line put together."""
    done: list[Rule] = []
    for line in clustered(sorted(rules, key=lambda rule: rule.at)):
        at = sum(rule.at for rule in line) / len(line)
        open_: Rule | None = None
        for rule in sorted(line, key=lambda rule: rule.start):
            if open_ and rule.start <= open_.end + TOUCH:
                open_ = Rule(rule.upright, at, open_.start, max(open_.end, rule.end))
            else:
                done += [open_] if open_ else []
                open_ = Rule(rule.upright, at, rule.start, rule.end)
        done += [open_] if open_ else []
    return [rule for rule in done if rule.end - rule.start >= SHORT]


def clustered(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines at the same place across, given in order of that place."""
    lines: list[list[Rule]] = []
    for rule in rules:
        if lines and rule.at - lines[-1][0].at <= TOUCH:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    return lines


def groups(across: Sequence[Rule], upright: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that meet each other, directly or through others."""
    root = list(range(len(across) + len(upright)))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for place, level in enumerate(across):
        for other, rule in enumerate(upright, len(across)):
            if (
                level.start - TOUCH <= rule.at <= level.end + TOUCH
                and rule.start - TOUCH <= level.at <= rule.end + TOUCH
            ):  # fmt: skip
                root[find(place)] = find(other)
    gathered: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for place, rule in enumerate((*across, *upright)):
        gathered.setdefault(find(place), ([], []))[rule.upright].append(rule)
    return list(gathered.values())


def edged(rules: Sequence[Rule], others: Sequence[Rule]) -> list[Rule]:
    """The lines of one direction with an edge where those of the other go on beyond the last: a page cut the table, or it has no frame."""
    first, last = min(rule.at for rule in rules), max(rule.at for rule in rules)
    low, high = min(rule.start for rule in others), max(rule.end for rule in others)
    start, end = min(rule.at for rule in others), max(rule.at for rule in others)
    edges = [at for at, beyond in ((low, first - low), (high, high - last)) if beyond > SHORT]
    return [*rules, *(Rule(rules[0].upright, at, start, end) for at in edges)]


def grid_of(across: Sequence[Rule], upright: Sequence[Rule]) -> Table | None:
    """The grid of lines that belong together, with cells merged where no line divides them; None where there is but one cell."""
    across, upright = edged(across, upright), edged(upright, across)
    ys = tuple(group[0].at for group in clustered(sorted(across, key=lambda rule: rule.at)))
    xs = tuple(group[0].at for group in clustered(sorted(upright, key=lambda rule: rule.at)))
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2 or rows * columns > 20_000:
        return None

    def divided(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
        middle = (start + end) / 2
        return any(abs(rule.at - at) <= TOUCH and rule.start <= middle <= rule.end for rule in rules)

    beside = [[divided(upright, xs[column], ys[row], ys[row + 1]) for column in range(len(xs))] for row in range(rows)]
    below = [[divided(across, ys[row], xs[column], xs[column + 1]) for column in range(columns)] for row in range(len(ys))]
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) in owner:
                continue
            right = column
            while right + 1 < columns and not beside[row][right + 1] and (row, right + 1) not in owner:
                right += 1
            bottom = row
            while bottom + 1 < rows and not any(below[bottom + 1][one] for one in range(column, right + 1)):
                bottom += 1
            for down in range(row, bottom + 1):
                for over in range(column, right + 1):
                    owner.setdefault((down, over), (row, column))
    return Table(xs, ys, owner)
