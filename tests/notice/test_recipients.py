"""A selection in words, read and written, and the people it chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadRecipients
from bot.notice.recipients import By, Clause, Selection, read_selection, select, write_selection
from bot.people import Person, Rank, Scope, Unit
from bot.plan.units import Register

UNITS = (
    Unit(1, "第一小學", "school", groups=("東片",)),
    Unit(2, "第二小學", "school", aliases=("二小",)),
    Unit(3, "星星幼兒園", "kindergarten", groups=("東片",)),
)
PEOPLE = (
    Person(1, Rank.GUEST, unit=1),
    Person(2, Rank.TEACHER, unit=1, scope=Scope.UNIT),
    Person(3, Rank.PRINCIPAL, unit=2, scope=Scope.UNIT),
    Person(4, Rank.PRINCIPAL, unit=3, scope=Scope.UNIT),
    Person(5, Rank.ADMINISTRATOR, unit=1, scope=Scope.DISTRICT),
    Person(6, Rank.TEACHER, unit=1),
    Person(7, Rank.UNIT_ADMINISTRATOR, scope=Scope.GROUP, group="東片"),
)


def chosen(words: str) -> list[int]:
    people = select(read_selection(words), PEOPLE, Register(UNITS), lambda name: {2, 4} if name == "科技節" else ())
    return [person.id for person in people]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("everyone", [1, 2, 3, 4, 5, 6, 7]),
        ("staff", [2, 3, 4, 5, 6, 7]),
        ("STAFF", [2, 3, 4, 5, 6, 7]),
        ("rank:principal", [3, 4]),
        ("rank:principal、administrator", [3, 4, 5]),
        ("unit:第一小學", [2]),
        ("unit：二小", [3]),
        ("unit:各校", [2, 3]),
        ("unit:東片", [2, 4, 7]),
        ("unit:各校园", [2, 3, 4]),
        ("followers:科技節", [2, 4]),
        ("followers:沒有的", []),
        ("unit:第一小學, rank:principal", [2, 3, 4]),
        ("unit:第一小學 + unit:二小", [2, 3]),
        ("staff - unit:東片", [3, 5, 6]),
        ("everyone - staff", [1]),
        ("staff - rank:principal - person:5", [2, 6, 7]),
        ("rank:unit administrator", [7]),
        ("person:99", []),
    ],
)
def test_who_is_chosen(words: str, ids: list[int]) -> None:
    assert chosen(words) == ids
    assert chosen(write_selection(read_selection(words))) == ids


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "recipients.empty"),
        (" , ", "recipients.empty"),
        ("staff everyone", "recipients.unknown"),
        ("staff:1", "recipients.unknown"),
        ("全體", "recipients.unknown"),
        ("unit:", "recipients.valueless"),
        ("rank:king", "recipients.rank"),
        ("person:x", "recipients.unknown"),
        ("person:٣", "recipients.unknown"),
        ("unit:火星小學", "recipients.unit"),
    ],
)
def test_what_chooses_nobody_is_refused_by_name(words: str, key: str) -> None:
    with pytest.raises(BadRecipients) as refused:
        chosen(words)
    assert refused.value.key == key


clauses = st.one_of(
    st.sampled_from([Clause(By.EVERYONE), Clause(By.STAFF), Clause(By.RANK, "principal"), Clause(By.PERSON, "3")]),
    st.builds(Clause, st.sampled_from([By.UNIT, By.FOLLOWERS]), st.text("一二三小學節abc", min_size=1, max_size=6)),
)


@given(st.lists(clauses, min_size=1, max_size=4, unique=True), st.lists(clauses, max_size=3, unique=True))
def test_what_is_written_reads_as_the_same(plus: list[Clause], minus: list[Clause]) -> None:
    selection = Selection(tuple(plus), tuple(minus))
    assert read_selection(write_selection(selection)) == selection


@given(st.text(max_size=40))
def test_any_words_are_read_or_refused(words: str) -> None:
    refused = False
    try:
        selection = read_selection(words)
    except BadRecipients:
        refused = True
    assert refused or selection.plus
