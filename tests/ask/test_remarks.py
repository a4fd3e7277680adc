"""What a plan says beside its measures, and what stands around a measure in a table."""

from datetime import date
from pathlib import Path

import pytest

from bot.ask.answer import Shelf
from bot.ask.library import Library
from bot.ask.remarks import remarks
from bot.ask.rows import rows_of
from bot.asking import Asked, answer_all
from bot.plan.read import Context, read_plan
from bot.settings import Settings
from bot.texts import load_texts
from handlers.answers import grouped

TABLE = (Path(__file__).parent / "plans" / "lakeside.txt").read_bytes()
NOTE = """青禾小學2028年春季運動會方案

全校現有學生612名、班級16個。

一、時間和地點

比賽地點：東操場

二、工作安排

1.做好器材準備。體育組要在4月10日前檢修全部器材；後勤組要在4月12日前劃好跑道。

2.做好安全保障。校醫要在比賽期間全程值守；各班主任要清點人數並上報。
"""


@pytest.fixture(scope="module")
def note() -> Library:
    return Library([Shelf(1, 1, read_plan("note.txt", NOTE.encode(), Context(issuer="青禾小學", year=2028)))])


def test_a_fact_that_is_no_measure_is_found_and_quoted(note: Library) -> None:
    hit = note.ask("全校有多少学生").hits[0]
    assert "612" in hit.measure.text
    assert hit.measure.owners == ()
    assert note.find(hit.measure.id) is not None


def test_remarks_are_no_measures(note: Library) -> None:
    plan = note.shelves[0].document.plans[0]
    assert len(note) == len(plan.measures)
    told = {row.text for row in plan.measures}
    assert not told & {row.text for row in remarks(plan, 2028)}
    assert {hit.measure.id for hit in note.entries(date(2028, 1, 1), date(2028, 12, 31))} <= {row.id for row in plan.measures}


def test_rows_of_one_task_belong_together() -> None:
    plan = read_plan("lakeside.txt", TABLE, Context(issuer="湖滨街道办事处", year=2028)).plans[0]
    rows = rows_of(plan, plan.measures)
    pump = next(row for row in plan.measures if "泵站" in row.text)
    sand = next(row for row in plan.measures if "沙袋" in row.text)
    shop = next(row for row in plan.measures if "店招120处" in row.text)
    assert rows[pump.id].key == rows[sand.id].key != rows[shop.id].key
    assert "防汛排涝" in rows[pump.id].label
    assert "市政养护站" not in rows[pump.id].label


def test_a_task_named_in_its_own_cell_finds_its_row() -> None:
    library = Library([Shelf(1, 1, read_plan("lakeside.txt", TABLE, Context(issuer="湖滨街道办事处", year=2028)))])
    assert "验收" in library.ask("老旧小区改造什么时候竣工验收").hits[0].measure.text


def test_every_answer_with_remarks_can_be_worded(note: Library) -> None:
    texts, settings = load_texts(), Settings()
    words = ("有哪些安排", "列出全部工作", "全校有多少学生", "比赛地点", "谁负责器材", "运动会有什么内容和地点")
    asked = [Asked(str(at), question) for at, question in enumerate(words)]
    answers = answer_all(note, asked, settings, texts)
    assert [row["id"] for row in answers] == [row.id for row in asked]
    assert all(row["reply"] for row in answers)


def test_a_list_with_a_remark_keeps_the_order_of_places(note: Library) -> None:
    remark = next(entry.measure for entry in note.catalog.entries[note.catalog.measures :])
    hits = [hit for row in (note.shelves[0].document.plans[0].measures[0], remark) if (hit := note.find(row.id))]
    assert len(hits) == 2
    places = [(hit.measure.section, hit.measure.item) for hit in grouped(tuple(hits))]
    assert places == sorted(places)


SIGNED = """海風小學2030學年安全要點

一、日常
1.晨檢（保健室，每天）
2.消防器材檢修（總務處，9月10日前）
3.門衛換證（後勤組；全年）

海風小學校長室
2030年8月28日
"""


def test_the_day_of_the_signature_and_the_names_in_brackets() -> None:
    document = read_plan("signed.txt", SIGNED.encode(), Context(issuer="海風小學", year=2030))
    (plan,) = document.plans
    assert plan.signature.endswith("2030年8月28日")
    library = Library([Shelf(1, 1, document)])
    assert library.ask("这份要点哪天印发的").hits[0].measure.text == "2030年8月28日"
    owners = {measure.text[:4]: [owner.name for owner in measure.owners] for measure in plan.measures}
    assert list(owners.values()) == [["保健室"], ["總務處"], ["後勤組"]]


def test_each_line_of_a_calendar_stands_alone() -> None:
    text = (Path(__file__).parent / "plans" / "harbour.txt").read_bytes()
    (plan,) = read_plan("harbour.txt", text, Context(issuer="靜安高級中學", year=2030)).plans
    lines = {row.text for row in rows_of(plan, plan.measures).values()}
    assert "11/13(三) 捐血活動(暫)" in lines
    assert len(lines) == 31  # August has but two, which are no list
