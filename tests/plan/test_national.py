"""National days: each row has a day and a source, the moving ones fall where the calendars of several years have them."""

from datetime import date

import pytest

from bot.plan.national import in_year, named_in, national_days, rows

DAYS = [
    ("全国中小学生安全教育日", 2026, "2026-03-30", "2026-03-30"),
    ("全国中小学生安全教育日", 2021, "2021-03-29", "2021-03-29"),
    ("全国中小学生安全教育日", 2015, "2015-03-30", "2015-03-30"),
    ("全民国防教育日", 2026, "2026-09-19", "2026-09-19"),
    ("全民国防教育日", 2023, "2023-09-16", "2023-09-16"),
    ("全国助残日", 2025, "2025-05-18", "2025-05-18"),
    ("文化和自然遗产日", 2025, "2025-06-14", "2025-06-14"),
    ("全国推广普通话宣传周", 2025, "2025-09-15", "2025-09-21"),
    ("全民阅读活动周", 2026, "2026-04-20", "2026-04-26"),
    ("全国家庭教育宣传周", 2026, "2026-05-11", "2026-05-17"),
    ("全国学前教育宣传月", 2026, "2026-05-20", "2026-06-20"),
    ("安全生产月", 2026, "2026-06-01", "2026-06-30"),
    ("中国水周", 2026, "2026-03-22", "2026-03-28"),
    ("中秋节", 2026, "2026-09-25", "2026-09-25"),
    ("清明节", 2026, "2026-04-05", "2026-04-05"),
    ("老年节", 2026, "2026-10-18", "2026-10-18"),
    ("国家宪法日", 2026, "2026-12-04", "2026-12-04"),
]


@pytest.mark.parametrize(("name", "year", "start", "end"), DAYS)
def test_day_of_a_year(name: str, year: int, start: str, end: str) -> None:
    row = next(row for row in rows() if row.name == name)
    day = in_year(row, year)
    assert day is not None
    assert (day.start.isoformat(), day.end.isoformat()) == (start, end)


def test_every_row_has_a_source_an_english_name_and_a_day_in_each_year() -> None:
    assert len({row.name for row in rows()}) == len(rows())
    names = [name for row in rows() for name in (row.name, *row.others)]
    assert len(set(names)) == len(names)
    for row in rows():
        assert row.source
        assert row.english.isascii()
        for year in range(2027, 2050):
            day = in_year(row, year)
            assert day is not None
            assert day.start <= day.end
            assert day.start.year == year


def test_a_day_is_not_offered_before_it_was_established() -> None:
    assert "国家宪法日" not in [day.name for day in national_days(date(2013, 12, 1), date(2013, 12, 31))]
    assert "国家宪法日" in [day.name for day in national_days(date(2014, 12, 1), date(2014, 12, 31))]


def test_days_of_a_stretch_over_the_new_year() -> None:
    names = [day.name for day in national_days(date(2026, 12, 13), date(2027, 1, 1))]
    assert names == ["南京大屠杀死难者国家公祭日", "元旦"]
    assert national_days(date(2026, 7, 2), date(2026, 7, 3)) == ()


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("國家憲法日是哪天？", "国家宪法日", "2026-12-04"),
        ("今年的防灾减灾日是几号", "全国防灾减灾日", "2027-05-12"),
        ("全民國家安全教育日", "全民国家安全教育日", "2027-04-15"),
        ("中小學生安全教育日什麼時候", "全国中小学生安全教育日", "2027-03-29"),
        ("端午節放假嗎", "端午节", "2027-06-09"),
        ("推普周什么时候", "全国推广普通话宣传周", "2027-09-13"),
        ("119消防宣传日", "全国消防日", "2027-11-09"),
    ],
)
def test_the_next_day_of_a_name(text: str, name: str, day: str) -> None:
    found = named_in(text, date(2026, 11, 24))
    assert [(one.name, one.start.isoformat()) for one in found] == [(name, day)]


def test_a_year_that_is_asked_for_counts_even_when_it_is_over() -> None:
    assert [day.start for day in named_in("教師節", date(2026, 11, 24), 2025)] == [date(2025, 9, 10)]
    assert named_in("教师节", date(2026, 11, 24), 1980) == ()


@pytest.mark.parametrize("text", ["", "科技節是哪一天", "学校的读书活动", "安全工作例会", "本月要做什么"])
def test_other_names_are_no_national_day(text: str) -> None:
    assert named_in(text, date(2026, 11, 24)) == ()
