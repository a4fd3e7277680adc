"""The register of units, and whom a phrase such as 各校(園) stands for in it."""

import re
from collections.abc import Sequence
from functools import cache

from bot.people import Unit
from bot.plan.script import fold

SCHOOLS = ("school",)
ALL = ("school", "kindergarten")

# What plans call many units at once (folded, blanks removed) and which of them it means: kinds, and a word their name must hold.
# First matching row counts.
WIDE = r"(?:全?[省市区县州旗镇乡]|本[市区县])?[属直]?(?:各|所有|全体|下属|直属|所属|辖区|辖区内)*(?:级各?类|级|类)?"
GROUPS: Sequence[tuple[re.Pattern[str], Sequence[str], str]] = tuple(
    (re.compile(pattern), kinds, word)
    for pattern, kinds, word in (
        (WIDE + r"(?:公办|民办|普惠性?)?(?:幼儿园|园|幼稚园|托幼机构)", ("kindergarten",), ""),
        (WIDE + r"(?:学校|校)(?:\(?、?幼儿?园\)?|\(园\)|园(?:\(园\))?)", ALL, ""),
        (WIDE + r"(?:\d+|[一二三四五六七八九十]+)?(?:家|所|个)?(?:教育|办学|基层)?单位", ALL, ""),
        (WIDE + r"(?:公办|民办)?(?:中小学校?|学校|校|中小学幼儿园)", SCHOOLS, ""),
        (WIDE + r"(?:小学校?)", SCHOOLS, "小学"),
        (WIDE + r"(?:中学|初中|高中|国中)", SCHOOLS, "中学"),
        (WIDE + r"(?:机关)?(?:科室|处室|部门|股室)", ("office",), ""),
    )
)
BARE = re.compile(r"\s+")


@cache
def key(name: str) -> str:
    """A name as it is compared: folded, without blanks and outer quotation marks."""
    return BARE.sub("", fold(name)).strip("“”\"'")


class Register:
    """The units of a district, found by name, alias or group in either script; immutable once built."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = tuple(units)
        self._by_id = {unit.id: unit for unit in self.units}
        self._named: dict[str, tuple[Unit, ...]] = {}
        self._grouped: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units:
            for name in {key(unit.name), *map(key, unit.aliases)}:
                self._named[name] = (*self._named.get(name, ()), unit)
            for group in {key(one) for one in unit.groups}:
                self._grouped[group] = (*self._grouped.get(group, ()), unit)
        self._known: dict[str, tuple[Unit, ...]] = {}

    def unit(self, number: int | None) -> Unit | None:
        """The unit of that id, or None."""
        return self._by_id.get(number) if number is not None else None

    def name(self, number: int | None, otherwise: str = "") -> str:
        """The name of the unit of that id, or `otherwise`."""
        unit = self.unit(number)
        return unit.name if unit is not None else otherwise

    def members(self, name: str) -> tuple[Unit, ...]:
        """The units that a phrase stands for, in the register's order; none where the register does not know it.

        A unit's own name or alias, the name of a group, a collective (各校, 各幼兒園, 區屬14家教育單位), or a collective with a name in
        it (試點學校第十九小學).
        """
        wanted = key(name)
        if wanted not in self._known:
            self._known[wanted] = self._found(wanted)
        return self._known[wanted]

    def _found(self, wanted: str) -> tuple[Unit, ...]:
        if not wanted:
            return ()
        if wanted in self._named:
            return self._named[wanted]
        for group in (wanted, wanted.removesuffix("各校"), wanted.removesuffix("学校"), wanted.removeprefix("各")):
            if group in self._grouped:
                return self._grouped[group]
        for pattern, kinds, word in GROUPS:
            if pattern.fullmatch(wanted):
                return tuple(unit for unit in self.units if unit.kind in kinds and (not word or word in key(unit.name)))
        # The longest known name that the phrase ends with: a title before it does not change whom it names.
        ending = [name for name in self._named if len(name) >= 3 and wanted.endswith(name)]
        return self._named[max(ending, key=len)] if ending else ()

    def find(self, words: str) -> tuple[Unit, ...]:
        """The units that have these words in their name, an alias or a group, in either script, in the register's order."""
        wanted = key(words)
        return tuple(unit for unit in self.units if any(wanted in key(name) for name in (unit.name, *unit.aliases, *unit.groups)))

    def concerns(self, name: str, unit: Unit) -> bool:
        """True where the phrase stands for this unit, alone or among others."""
        return unit in self.members(name)
