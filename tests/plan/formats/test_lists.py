"""Spreadsheets, lists with a delimiter, Markdown and web pages: what a reader sees, and nothing else."""

import io
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook

from bot.plan.formats import read_bytes
from bot.plan.formats.figures import shown


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        ("46086", "yyyy-mm-dd", "2026-03-05"),
        ("46086", "yyyy/m/d", "2026/3/5"),
        ("46086", '[$-804]yyyy"年"m"月"d"日";@', "2026年3月5日"),
        ("46086", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "2026年3月5日"),
        ("46086", 'm"月"d"日"', "3月5日"),
        ("46086", 'yyyy"年"m"月"', "2026年3月"),
        ("46086", "d-mmm-yy", "2026年3月5日"),
        ("46086", "mm/dd/yyyy", "2026年3月5日"),
        ("46086", "dddd, mmmm dd, yyyy", "2026年3月5日"),
        ("46086", "m月d日 aaaa", "3月5日 星期四"),
        ("46086.375", "yyyy/m/d h:mm", "2026/3/5 9:00"),
        ("0.375", "h:mm", "9:00"),
        ("0.625", '上午/下午h"时"mm"分"', "下午3时00分"),
        ("2026-03-05T00:00:00", "yyyy/m/d", "2026/3/5"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("61", "yyyy/m/d", "1900/3/1"),
        ("-1", "yyyy/m/d", "-1"),
        ("1E+30", "yyyy/m/d", "1E+30"),
        ("0.85", "0%", "85%"),
        ("0.123", "0.0%", "12.3%"),
        ("3", '0"個"', "3個"),
        ("3", '"第"0"周"', "第3周"),
        ("12345.5", "#,##0.00", "12345.50"),
        ("7", "000", "007"),
        ("3.0", "", "3"),
        ("0.30000000000000004", "General", "0.3"),
        ("100", "General", "100"),
        ("NaN", "0", "NaN"),
        ("", "0", ""),
    ],
)
def test_a_number_is_read_as_the_sheet_shows_it(value: str, format: str, text: str) -> None:
    assert shown(value, format) == text


def sheet(fill: Any) -> list[str]:
    book = Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return read_bytes("a.xlsx", target.getvalue()).split("\n")


def test_what_is_hidden_is_not_read_and_all_shown_sheets_are() -> None:
    def fill(book: Workbook) -> None:
        first = book.active
        first.append(["月份", "草稿", "內容"])
        first.append(["3月", "x", "檢查"])
        first.append(["4月", "x", "不做了"])
        first.column_dimensions["B"].hidden = True
        first.row_dimensions[3].hidden = True
        second = book.create_sheet("二")
        second.append(["5月", "演練"])
        book.create_sheet("舊").sheet_state = "veryHidden"
        book["舊"].append(["6月", "停止"])

    assert sheet(fill) == ["月份\t內容", "3月\t檢查", "5月\t演練"]


def test_merged_areas_and_kinds_of_cells() -> None:
    def fill(book: Workbook) -> None:
        page = book.active
        page.append(["2026年台賬"])
        page.append(["月份", "內容", None, "時限"])
        page.append(["3月", "檢查", "消防\n食堂", date(2026, 3, 5)])
        page.append([None, "演練", 3, datetime(2026, 3, 6, 9, 30)])
        page.append([None, "=1/0", True, time(9, 30)])
        for area in ("A1:D1", "B2:C2", "A3:A5"):
            page.merge_cells(area)
        page["D4"].number_format = "m月d日 h:mm"

    assert sheet(fill) == [
        "2026年台賬",
        "月份\t內容\t\t時限",
        "3月\t檢查\t消防 食堂\t2026-03-05",
        "〃\t演練\t3\t3月6日 9:30",
        "〃\t\tTRUE\t9:30:00",
    ]


def test_a_merged_cell_whose_first_row_is_hidden_is_written_where_it_shows() -> None:
    def fill(book: Workbook) -> None:
        page = book.active
        for row in (["3月", "甲"], [None, "乙"], [None, "丙"]):
            page.append(row)
        page.merge_cells("A1:A3")
        page.row_dimensions[1].hidden = True

    assert sheet(fill) == ["3月\t乙", "〃\t丙"]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_lists_with_any_delimiter(sign: str, encoding: str) -> None:
    text = sign.join(("月份", "內容", "單位")) + f'\r\n3月{sign}"檢查{sign}抽查\r\n""兩次"""{sign}各校\r\n'
    assert read_bytes("a.csv", text.encode(encoding)).split("\n")[0] == "月份\t內容\t單位"
    assert read_bytes("a.csv", text.encode(encoding)).split("\n")[1].split("\t")[2] == "各校"


def test_a_line_of_one_cell_is_a_paragraph_and_blank_rows_go() -> None:
    assert read_bytes("a.csv", "計劃,,\n,,\n月份,內容,\n3月,,\n,檢查,\n".encode()) == "計劃\n月份\t內容\n3月\n\t檢查"


def test_markdown() -> None:
    text = (
        "# 計劃\n\n> 引言\n\n- **各校**要[檢查](http://x.cn/a)\n* 又*一*項\n\n|月份|內容|\n|:--|---|\n|3月|甲\\|乙|\n\n---\n```\n1. 不動\n"
    )
    lines = [line for line in read_bytes("a.md", text.encode()).split("\n") if line]
    assert lines == ["# 計劃", "引言", "各校要檢查", "又一項", "月份\t內容", "3月\t甲|乙", "1. 不動"]


def page(body: str) -> list[str]:
    return read_bytes(
        "a.html", f"<!DOCTYPE html><html><head><title>站</title><meta charset=utf-8></head><body>{body}</body></html>".encode()
    ).split("\n")


PAGES = {
    "paragraphs without ends": ("<p>甲<p>乙<br>丙<div>丁</div>", "甲|乙|丙|丁"),
    "headings": ("<h1>計劃</h1><h3>安<b>全</b></h3>", "# 計劃|### 安全"),
    "what is not shown": (
        "<nav>首頁</nav><p style='display: none'>密</p><p hidden>密</p><script>1<2</script><p>甲<!-- 乙 --></p><footer>版權</footer>",
        "甲",
    ),
    "entities": ("<p>&#19968;&#x3001;甲&amp;乙&nbsp;&nbsp;丙</p>", "一、甲&乙 丙"),
    "line ends between characters": ("<p>各校\n   要檢查 with\nletters</p>", "各校要檢查 with letters"),
    "numbered lists": ("<ol><li>甲<li>乙</ol><ol start=3 type=a><li>丙</ol><ul><li>丁</ul>", "1.甲|2.乙|c.丙|丁"),
    "list numbers in characters": ('<ol style="list-style-type: cjk-ideographic"><li>甲<li>乙</ol>', "一、甲|二、乙"),
    "numbers that word processors write": ("<p><![if !supportLists]><span>一、</span><![endif]>安全</p>", "一、安全"),
    "spans": (
        "<table><tr><th>月<th colspan=2>內容<tr><td rowspan=2>3月<td>甲<td>乙<tr><td colspan=2>丙</table>",
        "月\t內容\t|3月\t甲\t乙|〃\t丙\t",
    ),
    "a span to the end of the table": ("<table><tr><td rowspan=0>3月<td>甲<tr><td>乙<tr><td>丙</table>", "3月\t甲|〃\t乙|〃\t丙"),
    "a span past the last cell": ("<table><tr><td>甲<td rowspan=2>各校<tr><td>乙</table>", "甲\t各校|乙\t〃"),
    "a cell of blocks": ("<table><tr><td>3月<td><p>甲</p><p>乙</p></table>", "3月\t甲 乙"),
    "a caption": ("<table><caption>安排表</caption><tr><td>3月<td>甲</table>", "安排表|3月\t甲"),
    "a page laid out by a table": ("<table><tr><td><h1>計劃</h1><p>甲</p><table><tr><td>3月<td>乙</table></table>", "# 計劃|甲|3月\t乙"),
    "ends that never began": ("</p></table></div>甲</td>", "甲"),
    "tags in quotes": ('<p title="<p>密</p>">甲</p>', "甲"),
}  # fmt: skip


@pytest.mark.parametrize("case", PAGES)
def test_web_pages(case: str) -> None:
    body, lines = PAGES[case]
    assert page(body) == lines.split("|")


@pytest.mark.parametrize(
    ("named", "used"), [("gb2312", "gbk"), ("gbk", "gb18030"), ("big5", "big5"), ("utf-8", "gb18030"), ("nonsense", "utf-8")]
)
def test_a_page_in_any_charset(named: str, used: str) -> None:
    data = f"<html><meta http-equiv=Content-Type content='text/html; charset={named}'><p>一、各校要在四月完成安全工作。</p>".encode(used)
    assert read_bytes("a.htm", data) == "一、各校要在四月完成安全工作。"
