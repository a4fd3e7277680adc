"""A list of people to invite: a table of names, ranks and places becomes rows, and what is wrong with each line is named."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BadUnits
from bot.people import Rank
from bot.plan.formats import xlsx
from bot.plan.formats.text import decode
from bot.plan.units import Register, key

HEADS = {
    "name": ("name", "姓名", "名稱", "名称"),
    "rank": ("rank", "身份", "職務", "职务", "角色"),
    "unit": ("unit", "單位", "单位", "學校", "学校", "group", "片區", "片区"),
}
"""What a column may be called."""
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """One person to invite."""

    line: int
    name: str
    rank: Rank
    unit: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a line: the last part of its text key, and the word it is about."""

    line: int
    what: str
    word: str = ""


def place(words: str, register: Register) -> tuple[int | None, str] | None:
    """The unit or the group that is called so, by name or alias; None where there is none or more than one."""
    wanted = key(words)
    for unit in register.units:
        for group in unit.groups:
            if key(group) == wanted:
                return None, group
    found = register.members(words)
    return (found[0].id, "") if len(found) == 1 else None


def read_staff(data: bytes, ranks: Mapping[str, Rank], register: Register) -> tuple[list[Row], list[Wrong]]:
    """Read CSV or XLSX with the columns name, rank and unit (or what they are called in Chinese); `ranks` are words for ranks.

    BadUnits `staff.columns`, `staff.empty`, `staff.syntax`; BadDocument for a workbook that cannot be read.
    """
    table = _table(data) if data.strip() else []
    if not table:
        raise BadUnits("staff.empty")
    heads = [cell.strip().lower() for cell in table[0][1]]
    at = {name: next((heads.index(word) for word in words if word in heads), -1) for name, words in HEADS.items()}
    if at["name"] < 0 or at["rank"] < 0:
        raise BadUnits("staff.columns")
    rows: list[Row] = []
    wrong: list[Wrong] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in table[1:]:
        values = {name: cells[column].strip() if 0 <= column < len(cells) else "" for name, column in at.items()}
        if not any(values.values()):
            continue
        before = len(wrong)
        rank = Rank.named(values["rank"]) or ranks.get(values["rank"])
        where = place(values["unit"], register) if values["unit"] else (None, "")
        if not values["name"]:
            wrong.append(Wrong(line, "nameless"))
        if rank is None or rank in (Rank.GUEST, Rank.OWNER):
            wrong.append(Wrong(line, "rank", values["rank"]))
        if where is None:
            wrong.append(Wrong(line, "unit", values["unit"]))
        if rank is Rank.UNIT_ADMINISTRATOR and not values["unit"]:
            wrong.append(Wrong(line, "no_unit", values["name"]))
        first = seen.setdefault((values["name"], values["unit"]), line)
        if first != line:
            wrong.append(Wrong(line, "twice", values["name"]))
        if len(wrong) == before and rank is not None and where is not None:
            rows.append(Row(line, values["name"], rank, *where))
    if not rows and not wrong:
        raise BadUnits("staff.empty")
    return rows, wrong


def _table(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number, which counts from 1."""
    if data.startswith(ZIP):
        lines = [line.split("\t") for line in xlsx.read(data).split("\n")]
    else:
        try:
            lines = list(csv.reader(io.StringIO(decode(data)), strict=True))
        except csv.Error as error:
            raise BadUnits("staff.syntax", why=str(error)) from None
    return [(number, cells) for number, cells in enumerate(lines, 1) if any(cell.strip() for cell in cells)]
