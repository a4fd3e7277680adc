"""What somebody of a rank has the charge of, and which ranks they may give."""

import pytest

from bot.people import Person, Rank, Scope, Unit, charge, covers, grants, vouched
from bot.plan.units import Register

DISTRICT = Unit(1, "青禾區教育局", "district")
FIRST = Unit(2, "青禾一小", "school", parent="青禾區教育局", groups=("東片",))
CAMPUS = Unit(3, "青禾一小東校區", "school", parent="青禾一小")
SECOND = Unit(4, "青禾二小", "school", parent="青禾區教育局", groups=("東片", "西片"))
NURSERY = Unit(5, "青禾幼兒園", "kindergarten", groups=("西片",))
REGISTER = Register((DISTRICT, FIRST, CAMPUS, SECOND, NURSERY))
IDS = [unit.id for unit in REGISTER.units]


def unit_administrator(unit: int | None = None, group: str = "") -> Person:
    return Person(9, Rank.UNIT_ADMINISTRATOR, unit=unit, scope=Scope.GROUP if group else Scope.UNIT, group=group)


@pytest.mark.parametrize(
    ("person", "units"),
    [
        (Person(9, Rank.OWNER, scope=Scope.DISTRICT), IDS),
        (Person(9, Rank.ADMINISTRATOR, scope=Scope.DISTRICT), IDS),
        (unit_administrator(2), [2, 3]),
        (unit_administrator(4), [4]),
        (unit_administrator(group="東片"), [2, 4]),
        (unit_administrator(group="東"), []),
        (unit_administrator(), []),
        (Person(9, Rank.UNIT_ADMINISTRATOR, unit=2), []),
        (Person(9, Rank.UNIT_ADMINISTRATOR, scope=Scope.GROUP), []),
        (Person(9, Rank.PRINCIPAL, unit=2, scope=Scope.UNIT), []),
        (Person(9, Rank.GUEST, unit=2, scope=Scope.UNIT), []),
    ],
)
def test_who_has_the_charge_of_which_units(person: Person, units: list[int]) -> None:
    assert [unit.id for unit in charge(person, REGISTER)] == units
    assert [unit for unit in IDS if covers(person, unit, REGISTER)] == units
    assert covers(person, None, REGISTER) is (person.rank >= Rank.ADMINISTRATOR)


def test_units_that_belong_to_each_other_in_a_circle_are_counted_once() -> None:
    register = Register((Unit(1, "甲", "school", parent="乙"), Unit(2, "乙", "school", parent="甲")))
    assert [unit.id for unit in charge(unit_administrator(1), register)] == [1, 2]


@pytest.mark.parametrize(
    ("giver", "rank", "unit", "group", "may"),
    [
        (Person(9, Rank.OWNER), Rank.ADMINISTRATOR, None, "", True),
        (Person(9, Rank.OWNER), Rank.OWNER, None, "", False),
        (Person(9, Rank.ADMINISTRATOR), Rank.ADMINISTRATOR, None, "", False),
        (Person(9, Rank.ADMINISTRATOR), Rank.UNIT_ADMINISTRATOR, None, "東片", True),
        (Person(9, Rank.ADMINISTRATOR), Rank.GUEST, None, "", False),
        (unit_administrator(2), Rank.PRINCIPAL, 2, "", True),
        (unit_administrator(2), Rank.TEACHER, 3, "", True),
        (unit_administrator(2), Rank.TEACHER, 4, "", False),
        (unit_administrator(2), Rank.TEACHER, None, "", False),
        (unit_administrator(2), Rank.UNIT_ADMINISTRATOR, 2, "", False),
        (unit_administrator(group="東片"), Rank.TEACHER, None, "東片", True),
        (unit_administrator(group="東片"), Rank.TEACHER, None, "西片", False),
        (unit_administrator(group="東片"), Rank.TEACHER, None, "沒有的", False),
        (unit_administrator(group="東片"), Rank.TEACHER, 4, "", True),
        (Person(9, Rank.PRINCIPAL, unit=2, scope=Scope.UNIT), Rank.TEACHER, 2, "", False),
    ],
)
def test_a_rank_is_given_only_from_above_and_only_where_one_has_the_charge(
    giver: Person, rank: Rank, unit: int | None, group: str, may: bool
) -> None:
    assert grants(giver, rank, unit, group, REGISTER) is may


def test_a_unit_somebody_only_says_is_theirs_is_not_vouched_for() -> None:
    assert vouched(Person(9, Rank.TEACHER, unit=2)) is None
    assert vouched(Person(9, Rank.GUEST, unit=2, scope=Scope.UNIT)) is None
    assert vouched(Person(9, Rank.TEACHER, unit=2, scope=Scope.UNIT)) == 2


@pytest.mark.parametrize("name", ["unit administrator", "unit_administrator", " Unit-Administrator "])
def test_a_rank_of_two_words_is_found_however_they_are_joined(name: str) -> None:
    assert Rank.named(name) is Rank.UNIT_ADMINISTRATOR
    assert Rank.named("unitadministrator") is None
