"""Lists of people and units: read from words and tables, matched with staff and the register, what is not found told."""

import pytest

from bot.notice.roll import Matched, Wish, match, tabled, typed
from bot.people import Person, Rank, Scope, Unit
from bot.plan.units import Register

REGISTER = Register(
    (
        Unit(1, "第一小學", "school", groups=("東片",)),
        Unit(2, "第二小學", "school", aliases=("二小",)),
        Unit(3, "星星幼兒園", "kindergarten", groups=("東片",)),
    )
)
PEOPLE = (
    Person(1, Rank.TEACHER, "王小明", unit=1, scope=Scope.UNIT),
    Person(2, Rank.TEACHER, "王小明", unit=2, scope=Scope.UNIT),
    Person(3, Rank.PRINCIPAL, "李 芳", unit=2, scope=Scope.UNIT),
    Person(4, Rank.GUEST, "張三", unit=2),
    # Only says that it is their school.
    Person(5, Rank.TEACHER, "趙六", unit=1),
)


def test_words_with_a_unit_in_brackets() -> None:
    assert typed("王小明（第一小學）、李芳; 第二小學\n\n東片") == [
        Wish(1, "王小明", "第一小學"),
        Wish(2, "李芳"),
        Wish(3, "第二小學"),
        Wish(4, "東片"),
    ]


@pytest.mark.parametrize(
    ("lines", "wishes"),
    [
        (
            ["序號\t單位名稱\t姓 名\t電話", "1\t第一小學\t王小明\t1", "2\t\t李芳\t", "\t\t\t"],
            [Wish(2, "王小明", "第一小學"), Wish(3, "李芳")],
        ),
        (["校長會名單", "学校", "第一小學", "二小"], [Wish(3, "", "第一小學"), Wish(4, "", "二小")]),
        (["Name\tSchool", "Anna\tFirst"], [Wish(2, "Anna", "First")]),
        (["1\t王小明\t第一小學", "2\t李芳"], [Wish(1, "王小明", "第一小學"), Wish(2, "李芳")]),
        ([], []),
    ],
)
def test_tables_by_their_heads_and_without(lines: list[str], wishes: list[Wish]) -> None:
    assert tabled(lines) == wishes


def test_people_units_groups_and_what_is_not_there() -> None:
    found = match(typed("王小明（一小）、王小明（第二小学）、李芳、二小、東片、王小明、張三、火星小學、趙六（第一小學）"), PEOPLE, REGISTER)
    assert found == Matched(
        people=(2, 3),
        units=(2, 1, 3),
        missing=(Wish(1, "王小明", "一小"), Wish(7, "張三"), Wish(8, "火星小學"), Wish(9, "趙六", "第一小學")),
        several=(Wish(6, "王小明"),),
    )
