"""The register of units as a table: CSV bytes become units, or a sentence says which line is wrong."""

import csv
import io

from bot.errors import BadUnits
from bot.people import Unit
from bot.plan.formats.text import decode

COLUMNS = ("name", "kind", "parent", "aliases", "groups")
CHINESE = {
    "名稱": "name",
    "名称": "name",
    "類別": "kind",
    "类别": "kind",
    "上級": "parent",
    "上级": "parent",
    "別名": "aliases",
    "别名": "aliases",
    "分組": "groups",
    "分组": "groups",
}
"""Column heads in Chinese that mean the same."""


def read_units(data: bytes) -> tuple[Unit, ...]:
    """Read rows of name, kind, parent, aliases, groups (the last two split at `;`, `；` or `、`); ids are 0, storage gives them.

    BadUnits names the line: no name column, a name given twice, a name missing, a parent that is no unit of the table.
    """
    text = decode(data)
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise BadUnits("units.syntax", why=str(error)) from None
    if not rows:
        raise BadUnits("units.empty")
    names = {head: CHINESE.get((head or "").strip(), (head or "").strip().lower()) for head in rows[0]}
    if "name" not in names.values():
        raise BadUnits("units.columns", columns=", ".join(COLUMNS))
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        cells = {names[head]: (value or "").strip() for head, value in row.items() if head in names and isinstance(value, str)}
        name = cells.get("name", "")
        if not any(cells.values()):
            continue
        if not name:
            raise BadUnits("units.nameless", line=line)
        if name in seen:
            raise BadUnits("units.twice", line=line, name=name, first=seen[name])
        seen[name] = line
        kind = cells.get("kind", "") or "school"
        units.append(Unit(0, name, kind, cells.get("parent", ""), _split(cells.get("aliases", "")), _split(cells.get("groups", ""))))
    if not units:
        raise BadUnits("units.empty")
    for unit in units:
        if unit.parent and unit.parent not in seen:
            raise BadUnits("units.parent", line=seen[unit.name], name=unit.name, parent=unit.parent)
    return tuple(units)


def _split(cell: str) -> tuple[str, ...]:
    for mark in "；、|":
        cell = cell.replace(mark, ";")
    return tuple(part.strip() for part in cell.split(";") if part.strip())
