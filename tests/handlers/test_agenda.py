"""The agenda and 我校: windows of days, units, groups read as their members, paging."""

from datetime import date, datetime

import pytest

from handlers.agenda import window
from tests.handlers.conftest import SHANGHAI, Talk, labels


def test_windows_of_days() -> None:
    monday = date(2026, 10, 12)
    assert window("today", monday).first == window("today", monday).last == monday  # type: ignore[union-attr]
    week = window("week", date(2026, 10, 15))
    assert week is not None
    assert (week.first, week.last) == (monday, date(2026, 10, 18))
    leap = window("2028-02", monday)
    assert leap is not None
    assert leap.last == date(2028, 2, 29)
    following = window("next", date(2026, 12, 31))
    assert following is not None
    assert following.first == date(2027, 1, 1)


@pytest.mark.parametrize("name", ["", "x", "2026-13", "2026-00", "99999-01", "0000-01", "week2"])
def test_no_window_is_made_of_nonsense(name: str) -> None:
    assert window(name, date(2026, 10, 12)) is None


async def test_a_month_lists_its_measures_in_order_with_their_owners(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 5, 3, 9, tzinfo=SHANGHAI))
    reply = await talk("/agenda 5月")
    assert "2027年5月" in reply.text.splitlines()[0]
    pages = reply.text
    while "更多" in labels(reply):
        reply = await talk.press(reply, "更多")
        pages += reply.text
    assert "課堂教學大賽" in pages
    assert "5月23日" in pages
    assert pages.index("5月12日") < pages.index("5月23日")


async def test_a_day_without_anything_says_so(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 2, 10, 9, tzinfo=SHANGHAI))
    assert "沒有寫在這段時間的事" in (await talk("/agenda today")).text


async def test_the_agenda_of_one_unit_leaves_the_others_out(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 5, 3, 9, tzinfo=SHANGHAI))
    unit = await talk("/agenda 5月 第一幼兒園")
    assert "第一幼兒園" in unit.text.splitlines()[0]
    assert "課堂教學大賽" not in unit.text
    assert "銜接宣傳月" in unit.text
    assert "名冊裏沒有" in (await talk("/agenda 5月 水星學校")).text


async def test_mine_asks_for_the_unit_once_and_reads_groups_as_members(talk: Talk) -> None:
    asked = await talk("/mine")
    assert "哪個單位" in asked.text
    asked = await talk.press(asked, "更多")
    kept = await talk.press(asked, "春苗幼兒園")
    mine = await talk.press(kept, "我校要做的事")
    pages = mine.text
    while "更多" in labels(mine):
        mine = await talk.press(mine, "更多")
        pages += mine.text
    assert "春苗幼兒園" in pages
    assert "計劃寫作：各幼兒園" in pages
    assert "各小學" not in pages
    assert "沒有給任何權限" not in pages


async def test_a_declared_unit_gives_no_rank(talk: Talk) -> None:
    asked = await talk("/mine")
    await talk.press(asked, "禾溪區第一小學")
    assert "訪客" in (await talk("/settings")).text


async def test_days_of_the_whole_country_stand_in_a_group_of_their_own(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 6, 2, 9, tzinfo=SHANGHAI))
    lines = (await talk("/agenda 6月")).text.splitlines()
    marked = [line for line in lines if line.startswith("〔全國〕")]
    assert len(marked) == 1
    assert "6月 安全生產月" in marked[0]
    assert "6月6日 全國愛眼日" in marked[0]
    assert "6月12日 文化和自然遺產日" in marked[0]
    assert "安全生產月" in (await talk("/agenda week")).text
    talk.clock.set(datetime(2027, 6, 9, 9, tzinfo=SHANGHAI))
    assert "安全生產月" not in (await talk("/agenda week")).text


async def test_a_day_without_national_days_has_no_such_group(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 2, 10, 9, tzinfo=SHANGHAI))
    assert "〔全國〕" not in (await talk("/agenda today")).text
    talk.clock.set(datetime(2026, 12, 4, 9, tzinfo=SHANGHAI))
    assert "〔全國〕12月4日 國家憲法日" in (await talk("/agenda today")).text


async def test_the_unit_that_was_asked_for_may_be_typed_and_a_question_stays_one(talk: Talk) -> None:
    await talk("/mine")
    assert "禾溪區第一小學" in (await talk("一小")).text
    assert (await talk("/mine")).text.startswith("禾溪區第一小學：")
    ben = talk.as_("ben")
    await ben("/mine")
    assert "電化教育館" in (await ben("科技節由誰組隊？")).text


async def test_a_day_and_a_week_are_said_as_days(talk: Talk) -> None:
    assert (await talk("/agenda today")).text.startswith("今天（2026年10月12日（週一））")
    assert (await talk("/agenda week")).text.startswith("本週（2026年10月12日（週一）至10月18日（週日））")


async def test_no_row_says_its_time_twice(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 4, 3, 9, tzinfo=SHANGHAI))
    rows = [line for line in (await talk("/agenda 4月")).text.split("\n") if line.partition(".")[0].isdigit()]
    assert any("週六｜申報區級小課題的教師要在4月10日前" in row for row in rows)
    assert any("4月4日（週日）前｜清明節前" in row for row in rows)
    assert all(row.count("4月10日") < 2 and row.count("4月下旬") < 2 for row in rows)


async def test_the_picture_of_an_agenda_names_full_weeks_and_days_with_two_things(talk: Talk) -> None:
    talk.clock.set(datetime(2027, 4, 2, 9, tzinfo=SHANGHAI))
    said = await talk.press(await talk("/agenda"), "看圖")
    assert "同一天有兩件事：5月30日" in said.text
    (picture,) = said.files
    assert picture.data.startswith(b"\x89PNG")
    one = await talk("/agenda 4月 第二幼兒園")
    assert "第二幼兒園" in (await talk.press(one, "看圖")).text
