"""One small plan of an invented district as neutral blocks, and a writer of it for every suffix that can be read."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from html import escape
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

TITLE = "禾溪區教育局2026年春季學期工作計劃"
PREAMBLE = "這份計劃寫的是本學期全區中小學和幼兒園要做的事，各單位照此安排自己的工作，有變動時以書面通知為準，不另行召開會議說明。"
SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "守好校園安全",
        (
            "各校要在3月20日前查清消防器材的有效期，過期的一律更換，並把更換清單報區教育局安全科備查，區教育局將於4月抽查不少於六所學校。",
            "區教育局安全科將於5月12日組織全區防震疏散演練，各幼兒園由園長帶隊參加。",
        ),
    ),
    ("辦好學生活動", ("由區教研室牽頭，各校配合，於4月舉辦學生科技節，參加學生不少於500人。", "各校每周開展一次課外閱讀活動。")),
)
LAST = "按月份安排"
HEAD = ("月份", "工作內容", "責任單位")
ROWS = (
    ("3月", "召開開學工作會議", "區教育局辦公室"),
    ("〃", "檢查各校課程表的執行情況", "區教研室"),
    ("4月", "舉辦學生科技節", "區教研室"),
    ("5月", "組織防震疏散演練", "區教育局安全科"),
)
HANZI = "一二三四五"


def paragraphs() -> list[tuple[str, str]]:
    """Every line before the table as (`title`, `heading`, `text` or `item`, words with number)."""
    lines = [("title", TITLE), ("text", PREAMBLE)]
    for place, (heading, items) in enumerate(SECTIONS):
        lines.append(("heading", f"{HANZI[place]}、{heading}"))
        lines += [("item", f"{number}.{item}") for number, item in enumerate(items, 1)]
    return [*lines, ("heading", f"{HANZI[len(SECTIONS)]}、{LAST}")]


def plain(rows: Sequence[Sequence[str]] = (HEAD, *ROWS)) -> str:
    return "\n".join([*(words for _, words in paragraphs()), *("\t".join(row) for row in rows)]) + "\n"


def markdown() -> bytes:
    marks = {"title": "# ", "heading": "## "}
    lines = [marks.get(sort, "") + words for sort, words in paragraphs()]
    table = [f"| {' | '.join(row)} |" for row in (HEAD, ("---",) * 3, *ROWS)]
    return "\n\n".join([*lines, "\n".join(table)]).encode()


def page(charset: str = "utf-8") -> bytes:
    tags = {"title": "h1", "heading": "h2"}
    body = "".join(f"<{tags.get(sort, 'p')}>{escape(words)}</{tags.get(sort, 'p')}>\n" for sort, words in paragraphs())
    cells = "".join(f"<th>{one}</th>" for one in HEAD)
    rows = f"<tr>{cells}</tr>"
    for place, row in enumerate(ROWS):
        spans = place + 1 < len(ROWS) and ROWS[place + 1][0] == "〃"
        first = "" if row[0] == "〃" else f"<td{' rowspan=2' if spans else ''}>{row[0]}</td>"
        rows += f"<tr>{first}{''.join(f'<td>{one}</td>' for one in row[1:])}</tr>"
    head = f"<head><meta charset='{charset}'><style>p {{ margin: 0 }}</style><script>if (a < b) show('<p>')</script></head>"
    return f"<!doctype html><html>{head}<body>{body}<table>{rows}</table></body></html>".encode(charset)


def saved_page() -> bytes:
    message = EmailMessage()
    message["Subject"] = "plan"
    message.set_content(page().decode(), subtype="html")
    message.make_mixed()
    message.replace_header("Content-Type", "multipart/related")
    return message.as_bytes()


LIST = """<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>"""


def word() -> bytes:
    """Headings by style and every number automatic, in one list of two levels."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(LIST.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    for sort, words in paragraphs():
        level = {"heading": 0, "item": 1}.get(sort)
        text = words if level is None else words[2:]
        paragraph = document.add_paragraph(text, style={"title": "Title", "heading": "Heading 1"}.get(sort))
        if level is not None:
            properties = paragraph._p.get_or_add_pPr()
            number = OxmlElement("w:numPr")
            for name, value in (("w:ilvl", level), ("w:numId", 91)):
                inner = OxmlElement(name)
                inner.set(qn("w:val"), str(value))
                number.append(inner)
            properties.append(number)
    table = document.add_table(len(ROWS) + 1, 3)
    for place, row in enumerate((HEAD, *ROWS)):
        for column, words in enumerate(row):
            if words == "〃":
                table.cell(place - 1, column).merge(table.cell(place, column))
            else:
                table.cell(place, column).text = words
    document.sections[0].header.paragraphs[0].text = "內部資料"
    return saved(document.save)


def saved(save: Callable[[Any], Any]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()


def sheet() -> bytes:
    book = Workbook()
    page = book.active
    for _, words in paragraphs():
        page.append([words])
        page.merge_cells(start_row=page.max_row, start_column=1, end_row=page.max_row, end_column=3)
    for row in (HEAD, *ROWS):
        page.append([None if words == "〃" else words for words in row])
        if row[0] == "〃":
            page.merge_cells(start_row=page.max_row - 1, start_column=1, end_row=page.max_row, end_column=1)
    hidden = book.create_sheet("舊稿")
    hidden.append(["不要看"])
    hidden.sheet_state = "hidden"
    return saved(book.save)


def ledger() -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows([(words, "", "") for _, words in paragraphs()])
    writer.writerows((HEAD, *ROWS))
    return target.getvalue().encode("gb18030")


def print_out() -> bytes:
    """Two or more pages with a running head, page numbers and a table with a merged cell."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    text = ParagraphStyle("text", fontName="STSong-Light", fontSize=16, leading=30, firstLineIndent=32, wordWrap="CJK")
    title = ParagraphStyle("title", parent=text, fontSize=22, alignment=1, firstLineIndent=0, leading=60)
    cell = ParagraphStyle("cell", parent=text, fontSize=14, firstLineIndent=0, leading=18)

    def edges(canvas: Any, document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(72, 800, "禾溪區教育局內部資料")
        canvas.drawCentredString(297, 30, f"— {document.page} —")

    flow: list[Any] = [Paragraph(words, title if sort == "title" else text) for sort, words in paragraphs()]
    rows = [[Paragraph("" if one == "〃" else one, cell) for one in row] for row in (HEAD, *ROWS)]
    table = Table(rows, colWidths=[60, 180, 130], repeatRows=1)
    merged = [("SPAN", (0, place), (0, place + 1)) for place, row in enumerate(ROWS) if row[0] == "〃"]
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *merged])
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=(595, 500), topMargin=100).build([*flow, table], onFirstPage=edges, onLaterPages=edges)
    return target.getvalue()


def fixed() -> bytes:
    """Lines at their places on pages of 210 by 148 mm, as a program for GB/T 33190 lays them out."""
    wide, size, left = 26, 5.0, 30.0
    lines: list[tuple[float, str, float]] = []
    for sort, words in paragraphs():
        grown = 7.0 if sort == "title" else size
        indent = 0 if sort == "title" else 2
        first = wide - indent
        parts = [words[:first], *(words[at : at + wide] for at in range(first, len(words), wide))]
        lines += [(left + (0 if place else indent * size), part, grown) for place, part in enumerate(parts)]
    objects: list[list[str]] = [[]]
    y = 30.0
    for x, words, grown in lines:
        if y > 120:
            objects.append([])
            y = 30.0
        objects[-1].append(text_object(x, y, words, grown))
        y += 9
    objects.append([])
    xs, top, high = (30.0, 55.0, 130.0, 180.0), 40.0, 10.0
    table = (HEAD, *ROWS)
    for place, row in enumerate(table):
        for column, words in enumerate(row):
            if words != "〃":
                objects[-1].append(text_object(xs[column] + 2, top + place * high + 2, words, 4.0))
    for place in range(len(table) + 1):
        start = xs[1] if place < len(table) and table[place][0] == "〃" else xs[0]
        objects[-1].append(line_object(start, top + place * high, xs[-1], top + place * high))
    objects[-1] += [line_object(x, top, x, top + len(table) * high) for x in xs]
    return packed_pages(objects)


NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text_object(x: float, y: float, words: str, size: float) -> str:
    step = f'DeltaX="g {len(words) - 1} {size}"' if len(words) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} {len(words) * size} {size * 1.2}" Font="2" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size * 0.85}" {step}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def line_object(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        f'<ofd:PathObject ID="1" Boundary="{x0} {y0} {max(x1 - x0, 0.3)} {max(y1 - y0, 0.3)}" LineWidth="0.3">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def packed_pages(objects: Sequence[Sequence[str]], head: str = "禾溪區教育局內部資料") -> bytes:
    parts = {
        "OFD.xml": f'<ofd:OFD {NS} Version="1.0"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 148</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{place}" BaseLoc="Pages/Page_{place}/Content.xml"/>' for place in range(len(objects)))
        + "</ofd:Pages></ofd:Document>",
    }
    for place, page in enumerate(objects):
        edges = (text_object(30, 8, head, 3) if head else "") + text_object(100, 138, f"—{place + 1}—", 3)
        parts[f"Doc_0/Pages/Page_{place}/Content.xml"] = (
            f'<ofd:Page {NS}><ofd:Content><ofd:Layer ID="1">{"".join(page)}{edges}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    return packed(parts)


def packed(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


WRITERS: dict[str, Callable[[], bytes]] = {
    "": lambda: plain().encode(),
    ".txt": lambda: plain().encode("gb18030"),
    ".text": lambda: plain().encode("utf-16"),
    ".md": markdown,
    ".html": page,
    ".htm": lambda: page("big5"),
    ".mht": saved_page,
    ".mhtml": saved_page,
    ".docx": word,
    ".docm": word,
    ".pdf": print_out,
    ".ofd": fixed,
    ".xlsx": sheet,
    ".xlsm": sheet,
    ".csv": ledger,
    ".tsv": lambda: plain().encode("utf-8-sig"),
}
