"""Lists of people: read from CSV and from a workbook alike, and what is wrong with each line is named."""

import io

import openpyxl
import pytest

from bot.enrolment import rank_words
from bot.errors import BadUnits
from bot.people import Rank, Unit
from bot.plan.staff import Row, Wrong, place, read_staff
from bot.plan.units import Register
from bot.texts import load_texts

REGISTER = Register((Unit(1, "青禾區第一小學", "school", aliases=("一小",), groups=("東片",)), Unit(2, "青禾區第二小學", "school")))
WORDS = rank_words(load_texts())
TABLE = [
    ["姓名", "身份", "單位"],
    ["林素琴", "校長", "一小"],
    ["周啟明", "園長", "青禾區第二小學"],
    ["", "", ""],
    ["吳一", "單位管理員", "東片"],
    ["吳二", "教師", ""],
]
ROWS = [
    Row(2, "林素琴", Rank.PRINCIPAL, 1),
    Row(3, "周啟明", Rank.PRINCIPAL, 2),
    Row(5, "吳一", Rank.UNIT_ADMINISTRATOR, None, "東片"),
    Row(6, "吳二", Rank.TEACHER),
]


def csv_of(table: list[list[str]], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in table).encode(encoding)


def workbook(table: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_every_encoding(encoding: str) -> None:
    assert read_staff(csv_of(TABLE, encoding), WORDS, REGISTER) == (ROWS, [])


def test_a_workbook_reads_as_the_same_people() -> None:
    rows, wrong = read_staff(workbook(TABLE), WORDS, REGISTER)
    assert ([(row.name, row.rank, row.unit, row.group) for row in rows], wrong) == (
        [(row.name, row.rank, row.unit, row.group) for row in ROWS], []
    )  # fmt: skip


def test_english_heads_and_ranks_do_too() -> None:
    rows, wrong = read_staff(b"name,rank,unit\nAnn,unit administrator,\xe4\xb8\x80\xe5\xb0\x8f\n", WORDS, REGISTER)
    assert (rows, wrong) == ([Row(2, "Ann", Rank.UNIT_ADMINISTRATOR, 1)], [])


def test_every_wrong_line_is_named_with_what_is_wrong() -> None:
    table = [
        ["單位", "姓名", "身份"], ["一小", "", "校長"], ["火星小學", "甲", "教師"], ["一小", "乙", "國王"], ["", "丙", "單位管理員"],
        ["一小", "丁", "負責人"],
        ["一小", "戊", "教師"], ["一小", "戊", "校長"], ["", "己", "guest"], ["火星", "庚", ""],
    ]  # fmt: skip
    rows, wrong = read_staff(csv_of(table), WORDS, REGISTER)
    assert [row.name for row in rows] == ["戊"]
    assert wrong == [
        Wrong(2, "nameless"), Wrong(3, "unit", "火星小學"), Wrong(4, "rank", "國王"), Wrong(5, "no_unit", "丙"), Wrong(6, "rank", "負責人"),
        Wrong(8, "twice", "戊"), Wrong(9, "rank", "guest"), Wrong(10, "rank", ""), Wrong(10, "unit", "火星"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "key"),
    [(b"", "staff.empty"), (b"a,b\n1,2\n", "staff.columns"), (csv_of(TABLE[:1]), "staff.empty"), (b'name,rank\n"x,y\n', "staff.syntax")],
)
def test_what_is_no_such_list_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(BadUnits) as refused:
        read_staff(data, WORDS, REGISTER)
    assert refused.value.key == key


def test_a_place_is_a_unit_by_name_or_alias_or_a_group() -> None:
    assert place("一小", REGISTER) == (1, "")
    assert place("青禾区第一小学", REGISTER) == (1, "")
    assert place("東片", REGISTER) == (None, "東片")
    assert place("各校", REGISTER) is None
    assert place("火星小學", REGISTER) is None
