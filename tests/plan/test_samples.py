"""The demonstration documents: dated for every day they may be imported on, complete, and our own words."""

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.calendar import SchoolCalendar
from bot.samples import Sample, lay_out, units

CALENDAR = SchoolCalendar()
SEED = Path(__file__).parents[3] / "shared" / "seed"


def shown(samples: tuple[Sample, ...]) -> dict[str, str]:
    return {sample.name: sample.data.decode() for sample in samples}


@pytest.mark.parametrize(
    ("today", "autumn"),
    [
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 2, 10), 2026),
        (date(2027, 7, 15), 2026),
        (date(2027, 7, 16), 2027),
        (date(2027, 8, 31), 2027),
        (date(2028, 2, 29), 2027),
    ],
)
def test_plans_are_dated_for_the_school_year_that_is_or_comes(today: date, autumn: int) -> None:
    texts = shown(lay_out(today, CALENDAR))
    assert texts["spring-plan.txt"].startswith(f"禾溪區{autumn + 1}年春季學期")
    assert texts["year-plan.txt"].startswith(f"禾溪區{autumn}-{autumn + 1}學年度")
    for text in texts.values():
        assert "{" not in text
        assert "}" not in text
        assert set(re.findall(r"(?<!\d)\d{4}(?=[年\-〕學])", text)) == {str(autumn), str(autumn + 1)}


def test_the_year_a_plan_names_most_is_the_one_it_speaks_of() -> None:
    texts = shown(lay_out(date(2026, 11, 24), CALENDAR))
    for name, year in (("spring-plan.txt", "2027"), ("year-plan.txt", "2026")):
        named = Counter(re.findall(r"20\d\d", texts[name])).most_common(2)
        assert named[0][0] == year
        assert named[0][1] > named[1][1]


def test_a_day_of_the_plans_lies_ahead_on_every_day_of_a_school_year() -> None:
    for offset in range(366):
        today = date(2026, 7, 16) + timedelta(days=offset)
        text = shown(lay_out(today, CALENDAR))["year-plan.txt"]
        last = max(int(year) for year in re.findall(r"20\d\d", text))
        assert "8月20日前" in text
        assert date(last, 8, 20) > today


def test_a_calendar_of_another_district_moves_the_change_of_year() -> None:
    early = SchoolCalendar(autumn=(8, 20), spring_end=(6, 30))
    assert shown(lay_out(date(2027, 6, 30), early))["year-plan.txt"].startswith("禾溪區2026-2027")
    assert shown(lay_out(date(2027, 7, 1), early))["year-plan.txt"].startswith("禾溪區2027-2028")


def test_the_register_names_fourteen_schools_and_kindergartens() -> None:
    rows = list(csv.DictReader(io.StringIO(units().decode())))
    assert list(rows[0]) == ["name", "kind", "parent", "aliases", "groups"]
    kinds = Counter(row["kind"] for row in rows)
    assert kinds == {"school": 9, "kindergarten": 5, "office": 4}
    names = [row["name"] for row in rows]
    aliases = [alias for row in rows for alias in row["aliases"].split(";")]
    assert len(set(names + aliases)) == len(names + aliases)
    assert {row["parent"] for row in rows} <= {*names, ""}
    groups = Counter(group for row in rows for group in row["groups"].split(";"))
    assert groups["第一督學責任區"] + groups["第二督學責任區"] == 14
    assert groups["民辦園"] == 2


def test_every_school_a_plan_names_is_in_the_register() -> None:
    aliases = {alias for row in csv.DictReader(io.StringIO(units().decode())) for alias in row["aliases"].split(";")}
    named = r"(?:第[一二三四]|濱河|楓林|梧桐|實驗|機關|春苗|小海豚)(?:小學|中學|學校|幼兒園)"
    for text in shown(lay_out(date(2026, 11, 24), CALENDAR)).values():
        found = set(re.findall(named, text))
        assert len(found) >= 8
        assert found <= aliases


def test_the_plans_share_no_wording_with_other_documents() -> None:
    others = sorted(SEED.glob("*.txt"))
    if not others:
        pytest.skip(f"SKIPPED LOUDLY: no document to compare with in {SEED}")
    folded = [_folded(path.read_text("utf-8")) for path in others]
    for name, text in shown(lay_out(date(2026, 11, 24), CALENDAR)).items():
        own = _folded(text)
        runs = [own[at : at + 12] for at in range(len(own) - 11)]
        assert not [(name, run) for run in runs if any(run in other for other in folded)]


def _folded(text: str) -> str:
    return re.sub(r"[^\w]", "", text)
