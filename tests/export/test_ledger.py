"""The workbook, read back by another library than the one that writes it; and the data beside what `plan show` prints."""

import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.export.data import data
from bot.export.entries import Say, Source
from bot.export.files import FORMATS, file_name, plan_file
from bot.export.ledger import MEASURES, workbook
from bot.plan.show import contract
from bot.texts import LANGUAGES, load_texts
from tests.export.conftest import NOW, SCHOOL, source

TEXTS = load_texts()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, values, strict=True)) for values in body]


def test_a_row_a_measure_with_owners_basis_and_days(spring: Source, say: Say) -> None:
    book = opened(workbook(spring, say, NOW))
    assert book.sheetnames == ["台賬", "活動", "待核對"]
    table = rows(book["台賬"])
    assert [row["措施"] for row in table] == [measure.text for measure in spring.document.measures]
    assert [row["序號"] for row in table] == list(range(1, len(table) + 1))
    meet = next(row for row in table if "田徑運動會定於" in row["措施"])
    assert (meet["責任單位"], meet["依據"], meet["時間（原文）"]) == ("區教育局、實驗學校", "明列", "5月16日至17日")
    assert (meet["起"], meet["止"]) == (datetime(2027, 5, 16), datetime(2027, 5, 17))
    assert meet["節"] == "四、以活動帶動體育、藝術和科技"
    assert meet["事件"] == "第十二屆全區小學生田徑運動會"
    shared = next(row for row in table if "心理輔導取證培訓" in row["措施"])
    assert (shared["責任單位"], shared["配合及其他"], shared["目標"]) == ("區教研室", "配合：第二中學", "24名")
    carried = next(row for row in table if "雙人跳繩挑戰賽" in row["措施"])
    assert carried["依據"] == "承上"
    assert len(rows(book["活動"])) == len(spring.document.plans[0].events)
    gaps = rows(book["待核對"])
    assert len(gaps) == len(spring.document.plans[0].gaps) > 0
    vague = "寫了「定期」，沒寫多久一次"
    known = {"沒有寫由誰負責", "兩個以上牽頭單位", "沒有寫時間", "同一活動有兩個時間", "名冊裏沒有的單位", vague}
    assert vague in {row["問題"] for row in gaps} <= known


def test_it_can_be_read_on_a_screen_and_printed(spring: Source, say: Say) -> None:
    for sheet in opened(workbook(spring, say, NOW)):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.endswith(str(max(2, sheet.max_row)))
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows in ("$1:$1", "1:1")
        # One page wide is the default of the format, so it is not written.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert all(cell.alignment.wrap_text for cell in sheet[1])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["=", "+", "-", "@", "\t=", "\r=", "{=", " ="]), st.text(max_size=80))
def test_no_cell_is_ever_a_formula_or_a_link(first: str, rest: str) -> None:
    plain = source("禾溪區2027年春季學期教育工作計劃\n\n一、工作安排\n\n1.5月14日，區教育局召開表彰大會。")
    plan = plain.document.plans[0]
    words = f"{first}{rest}"
    measure = replace(
        plan.measures[0], text=words, targets=(words, 'HYPERLINK("http://x.example")'), documents=(f"=cmd|' /C calc'!A0{rest}",)
    )
    event = replace(plan.events[0], name=words)
    document = replace(plain.document, title=words, plans=(replace(plan, title=words, measures=(measure,), events=(event,)),))
    book = opened(workbook(replace(plain, document=document), lambda key, /, **values: TEXTS.say("zh-Hant", key, **values), NOW))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    for cell in cells:
        if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
            assert cell.quotePrefix


def test_the_same_plan_gives_the_same_ledger(spring: Source, say: Say) -> None:
    assert workbook(spring, say, NOW) == workbook(spring, say, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_and_role_has_its_words(language: str, spring: Source, year: Source) -> None:
    def spoken(key: str, /, **values: object) -> str:
        return TEXTS.say(language, key, **values)

    for one in (spring, year):
        assert len(rows_of(workbook(one, spoken, NOW))) == len(one.document.measures)
    assert {f"export.head_{column.head}" for column in MEASURES} <= set(TEXTS.catalogues[language])


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    book = opened(content)
    return list(book[book.sheetnames[0]].iter_rows(min_row=2, values_only=True))


def test_data_is_what_plan_show_prints_with_the_number_and_the_version(spring: Source) -> None:
    read = json.loads(data(spring))
    assert (read.pop("id"), read.pop("version")) == (3, 1)
    assert read == json.loads(json.dumps(contract(spring.document)))


def test_files_have_names_that_every_system_takes(spring: Source, say: Say) -> None:
    odd = replace(spring, document=replace(spring.document, title='計劃/2027:"春"?\n*'))
    assert file_name(odd, "ics") == "計劃_2027__春__*-v1.ics".replace("*", "_")
    for format, mime in FORMATS.items():
        file = plan_file(spring, format, say, SCHOOL, NOW)
        assert file.mime == mime
        assert file.name == f"禾溪區2027年春季學期教育工作計劃-v1.{format}"
        assert file.data
    with pytest.raises(KeyError):
        plan_file(spring, "exe", say, SCHOOL, NOW)


def test_one_plan_of_a_document_can_be_taken_alone(spring: Source, say: Say) -> None:
    plan = spring.document.plans[0]
    both = replace(
        spring,
        document=replace(spring.document, plans=(plan, replace(plan, plan=2, label="第二篇", measures=plan.measures[:3], events=()))),
    )
    assert len(rows_of(plan_file(both, "xlsx", say, SCHOOL, NOW, part=2).data)) == 3
