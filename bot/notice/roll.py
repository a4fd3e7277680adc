"""A list of people and units as somebody types or uploads it, matched with who is known; what is not found is told."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.people import Person, Rank, vouched
from bot.plan.script import fold
from bot.plan.units import Register

NAMES = ("姓名", "名字", "教师", "老师", "负责人", "联系人", "人员", "name")
UNITS = ("单位", "学校", "单位名称", "学校名称", "校名", "园所", "unit", "school")
"""Heads of columns, folded."""
TYPED = re.compile(r"[、，,；;\n\t]")
BESIDE = re.compile(r"(?P<name>[^()（）]+)[(（](?P<unit>[^()（）]+)[)）]")
MOST = 20_000
"""Rows that are looked at."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A row of a list: a name, a unit, or a person of a unit."""

    line: int
    """Counted from 1."""
    name: str = ""
    unit: str = ""

    @property
    def words(self) -> str:
        """As it is told to whoever wrote it."""
        return f"{self.name}（{self.unit}）" if self.name and self.unit else self.name or self.unit


@dataclass(frozen=True, slots=True)
class Matched:
    """Who was found, and what was not."""

    people: tuple[int, ...]
    units: tuple[int, ...]
    missing: tuple[Wish, ...]
    """Nobody of that name, and no such unit."""
    several: tuple[Wish, ...]
    """More than one person of that name; the unit would tell."""


def typed(text: str) -> list[Wish]:
    """What somebody lists in words, with 、, commas or line ends between, a unit in brackets after a name."""
    wishes = []
    for line, part in enumerate(filter(None, (part.strip() for part in TYPED.split(text))), 1):
        beside = BESIDE.fullmatch(part)
        wishes.append(Wish(line, beside["name"].strip(), beside["unit"].strip()) if beside else Wish(line, part))
    return wishes[:MOST]


def tabled(lines: Iterable[str]) -> list[Wish]:
    """The rows of a table, cells parted by tabs: by the heads of its columns, without them the first two cells."""
    rows = [(number, [cell.strip() for cell in line.split("\t")]) for number, line in enumerate(lines, 1) if line.strip()][:MOST]
    for place, (_, cells) in enumerate(rows[:5]):
        heads = [fold(cell).lower().replace(" ", "") for cell in cells]
        name, unit = _column(heads, NAMES), _column(heads, UNITS)
        if name is not None or unit is not None:
            return [wish for number, row in rows[place + 1 :] if (wish := Wish(number, _cell(row, name), _cell(row, unit))).words]
    # A number before each row is no name.
    bare = [(number, [cell for cell in row if cell and not cell.isdecimal()]) for number, row in rows]
    return [Wish(number, row[0], row[1] if len(row) > 1 else "") for number, row in bare if row]


def _column(heads: Sequence[str], known: Sequence[str]) -> int | None:
    return next((place for place, head in enumerate(heads) if head in known), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def match(wishes: Iterable[Wish], people: Sequence[Person], register: Register) -> Matched:
    """Find everybody on a list among staff (a guest may call themselves anything) and units of the register, groups and aliases too."""
    named: dict[str, list[Person]] = {}
    for person in people:
        if person.rank > Rank.GUEST and person.name:
            named.setdefault(_plain(person.name), []).append(person)
    found: dict[int, None] = {}
    units: dict[int, None] = {}
    missing: list[Wish] = []
    several: list[Wish] = []
    for wish in wishes:
        of_that_name = named.get(_plain(wish.name), []) if wish.name else []
        members = [unit.id for unit in register.members(wish.unit or wish.name)]
        if wish.unit and wish.name:
            there = [person for person in of_that_name if vouched(person) in members]
        elif members:
            units |= dict.fromkeys(members)
            continue
        else:
            there = of_that_name
        if len(there) == 1:
            found[there[0].id] = None
        else:
            (several if there else missing).append(wish)
    return Matched(tuple(found), tuple(units), tuple(missing), tuple(several))


def _plain(name: str) -> str:
    return re.sub(r"\s|[·•]", "", fold(name)).lower()
