"""Formats that keep places and no text flow: lines joined, heads and page numbers dropped, tables found, over pages too."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from bot.plan.formats import read_bytes
from tests.plan.formats.small import line_object, packed_pages, text_object

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
BODY = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
CELL = ParagraphStyle("cell", fontName="STSong-Light", fontSize=10, leading=14, wordWrap="CJK")


def pdf(
    flow: Sequence[Any], edges: Callable[[Any, Any], None] = lambda canvas, document: None, size: tuple[int, int] = (420, 400)
) -> list[str]:
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=size).build(list(flow), onFirstPage=edges, onLaterPages=edges)
    return read_bytes("a.pdf", target.getvalue()).split("\n")


def drawn(draw: Callable[[Canvas], None]) -> list[str]:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(420, 400))
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.save()
    return read_bytes("a.pdf", target.getvalue()).split("\n")


PARAGRAPHS = [
    f"{number}.{place}要在{number}月底前完成校舍、消防、食堂、校車等重點部位的檢查，把結果寫成書面材料送區教育局備查，逾期不送的將予以通報。"
    for number, place in enumerate(("各中學", "各小學", "各幼兒園", "各中心學校", "教師進修學校", "特殊教育學校", "職業學校") * 2, 1)
]


def test_broken_lines_are_joined_over_lines_and_pages() -> None:
    assert pdf([Paragraph(words, BODY) for words in PARAGRAPHS]) == PARAGRAPHS


@pytest.mark.parametrize(
    "number",
    ["— {n} —", "- {n} -", "{n}", "第 {n} 頁", "第{n}页 共3页", "{n} / 3", "·{n}·", "Page {n}"],
)
def test_running_heads_and_page_numbers_are_dropped(number: str) -> None:
    def edges(canvas: Any, document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(72, 380, "禾溪區教育局二〇二六年文件")
        canvas.drawCentredString(210, 20, number.format(n=document.page))

    assert pdf([Paragraph(words, BODY) for words in PARAGRAPHS], edges) == PARAGRAPHS


def test_a_number_in_the_middle_of_a_page_stays() -> None:
    assert drawn(lambda canvas: canvas.drawString(72, 200, "2026")) == ["2026"]


def rows(count: int) -> list[list[str]]:
    return [
        ["月份", "工作內容", "單位"],
        *([f"{n}月", f"第{n}項：組織開展檢查，把情況及時上報並做好總結，材料存檔備查", "各校"] for n in range(1, count + 1)),
    ]


def grid(data: list[list[str]], *more: Any, repeat: int = 0) -> Table:
    table = Table([[Paragraph(one, CELL) for one in row] for row in data], colWidths=[50, 150, 60], repeatRows=repeat)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *more])
    return table


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_over_pages_is_one_and_its_head_stands_once(repeat: int) -> None:
    assert pdf([grid(rows(14), repeat=repeat)]) == ["\t".join(row) for row in rows(14)]


def test_merged_cells() -> None:
    data = [["月份", "工作內容", "單位"], ["3月", "檢查", "各校"], ["", "演練", ""], ["4月", "全區停課一天", ""]]
    lines = pdf([grid(data, ("SPAN", (0, 1), (0, 2)), ("SPAN", (2, 1), (2, 2)), ("SPAN", (1, 3), (2, 3)))])
    assert lines == ["月份\t工作內容\t單位", "3月\t檢查\t各校", "〃\t演練\t〃", "4月\t全區停課一天\t"]


def test_text_around_a_table_and_a_frame_around_text() -> None:
    frame = Table([[Paragraph("各校要認真落實。", BODY)]], colWidths=[260])
    frame.setStyle([("BOX", (0, 0), (-1, -1), 1, colors.black)])
    assert pdf([Paragraph("一、安排", BODY), grid(rows(1)), Paragraph("以上。", BODY), frame]) == [
        "一、安排",
        "月份\t工作內容\t單位",
        "\t".join(rows(1)[1]),
        "以上。",
        "各校要認真落實。",
    ]


def test_a_table_without_outer_lines() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (300, 275, 250, 225):
            canvas.line(72, y, 350, y)
        for x in (150, 250):
            canvas.line(x, 300, x, 225)
        for row, y in zip((("月份", "內容", "單位"), ("3月", "檢查", "各校"), ("4月", "演練", "各園")), (282, 257, 232), strict=True):
            for words, x in zip(row, (80, 160, 260), strict=True):
                canvas.drawString(x, y, words)

    assert drawn(draw) == ["月份\t內容\t單位", "3月\t檢查\t各校", "4月\t演練\t各園"]


def test_a_page_turned_on_its_side_and_a_watermark() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.saveState()
        canvas.rotate(90)
        canvas.drawString(100, -100, "一、各校開展檢查。")
        canvas.drawString(100, -130, "二、各園開展演練。")
        canvas.rotate(30)
        canvas.drawString(100, -100, "內部資料")
        canvas.restoreState()

    assert drawn(draw) == ["一、各校開展檢查。", "二、各園開展演練。"]


def test_letters_keep_their_blanks_and_bold_by_double_print_counts_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 300, "開展 STEM 教育 and more")
        canvas.drawString(72, 250, "檢查")
        canvas.drawString(72.4, 250, "檢查")

    assert drawn(draw) == ["開展 STEM 教育 and more", "檢查"]


def ofd(*pages: Sequence[str]) -> list[str]:
    return read_bytes("a.ofd", packed_pages(pages, head="")).split("\n")


def test_ofd_lines_are_joined_over_pages() -> None:
    first = [text_object(40, 40 + 9 * n, "各校要開展安全檢查把結果報區教育局備查逾期不送"[:24], 5) for n in range(2)]
    assert ofd(first, [text_object(30, 40, "的將予以通報。", 5)]) == [
        "各校要開展安全檢查把結果報區教育局備查逾期不送" * 2 + "的將予以通報。"
    ]


def test_ofd_characters_one_by_one_and_slanted_ones() -> None:
    single = [text_object(30 + 5 * n, 40, sign, 5) for n, sign in enumerate("各校檢查")]
    stamp = text_object(60, 60, "內部資料", 5).replace("<ofd:TextObject", '<ofd:TextObject CTM="0.7 0.7 -0.7 0.7 0 0"')
    assert ofd([*single, stamp]) == ["各校檢查"]


def test_ofd_tables() -> None:
    words = [text_object(32 + 50 * (n % 2), 42 + 10 * (n // 2), cell, 4) for n, cell in enumerate(("月份", "內容", "3月", "檢查"))]
    lines = [line_object(30, y, 130, y) for y in (40, 50, 60)] + [line_object(x, 40, x, 60) for x in (30, 80, 130)]
    assert ofd(words + lines) == ["月份\t內容", "3月\t檢查"]


def ofd_table(rows: Sequence[Sequence[str]], open_top: bool) -> list[str]:
    """A table whose first column is one cell beside the others' rows."""
    xs = (30, 60, 130, 160)
    words = [
        text_object(xs[column] + 1, 31 + 10 * row, cell, 3) for row, line in enumerate(rows) for column, cell in enumerate(line) if cell
    ]
    across = [line_object(60 if 0 < row < len(rows) else 30, 30 + 10 * row, 160, 30 + 10 * row) for row in range(open_top, len(rows) + 1)]
    return words + across + [line_object(x, 30, x, 30 + 10 * len(rows)) for x in xs]


@pytest.mark.parametrize("open_top", [False, True])
def test_a_merged_cell_that_goes_on_on_the_next_page(open_top: bool) -> None:
    pages = [
        ofd_table([["3月", "檢查", "各校"], ["", "演練", "各園"]], False),
        ofd_table([["", "培訓", "各校"], ["", "總結", "各園"]], open_top),
    ]
    assert ofd(*pages) == ["3月\t檢查\t各校", "〃\t演練\t各園", "〃\t培訓\t各校", "〃\t總結\t各園"]


def test_a_row_that_the_page_cuts_is_made_whole() -> None:
    def rows(*cells: Sequence[str]) -> list[str]:
        words = [text_object(31 + 45 * n, 31 + 10 * row, cell, 3) for row, line in enumerate(cells) for n, cell in enumerate(line) if cell]
        lines = [line_object(30, 30 + 10 * row, 165, 30 + 10 * row) for row in range(len(cells) + 1)]
        return words + lines + [line_object(30 + 45 * n, 30, 30 + 45 * n, 30 + 10 * len(cells)) for n in range(4)]

    first = rows(["月份", "工作內容", "單位"], ["3月", "組織全區中小學開展", "各校"])
    second = rows(["月份", "工作內容", "單位"], ["", "消防疏散演練", ""], ["4月", "總結", "各校"])
    assert ofd(first, second) == ["月份\t工作內容\t單位", "3月\t組織全區中小學開展消防疏散演練\t各校", "4月\t總結\t各校"]
