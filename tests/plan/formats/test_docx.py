"""Word documents: automatic numbers, headings, merged cells, changes, boxes, and what is not the text."""

from collections.abc import Sequence

import pytest

from bot.plan.formats import read_bytes
from bot.plan.formats.numerals import FORMATS, numeral
from tests.plan.formats.small import packed

NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def text(*blocks: str, styles: str = "", numbering: str = "") -> list[str]:
    parts: dict[str, str | bytes] = {"word/document.xml": f"<w:document {NS}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"}
    if styles:
        parts["word/styles.xml"] = f"<w:styles {NS}>{styles}</w:styles>"
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {NS}>{numbering}</w:numbering>"
    return read_bytes("a.docx", packed(parts)).split("\n")


def p(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def n(words: str, number: int = 1, level: int = 0) -> str:
    return p(words, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(place: int, format: str, words: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{words}"/>{more}</w:lvl>'


def numbers(*levels: str, more: str = "", key: int = 0) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="{key + 1}"><w:abstractNumId w:val="{key}"/></w:num>{more}'
    )


@pytest.mark.parametrize(
    ("format", "first"),
    [
        ("decimal", "1 2 3 10 11 12 20 21 101"),
        ("decimalZero", "01 02 03 10 11 12 20 21 101"),
        ("chineseCounting", "一 二 三 十 十一 十二 二十 二十一 一百零一"),
        ("chineseCountingThousand", "一 二 三 十 十一 十二 二十 二十一 一百零一"),
        ("taiwaneseCountingThousand", "一 二 三 十 十一 十二 二十 二十一 一百零一"),
        ("ideographDigital", "一 二 三 一〇 一一 一二 二〇 二一 一〇一"),
        ("chineseLegalSimplified", "壹 贰 叁 壹拾 壹拾壹 壹拾贰 贰拾 贰拾壹 壹佰零壹"),
        ("ideographTraditional", "甲 乙 丙 癸 11 12 20 21 101"),
        ("ideographZodiac", "子 丑 寅 酉 戌 亥 20 21 101"),
        ("decimalEnclosedCircle", "① ② ③ ⑩ ⑪ ⑫ ⑳ ㉑ 101"),
        ("decimalEnclosedParen", "⑴ ⑵ ⑶ ⑽ ⑾ ⑿ ⒇ 21 101"),
        ("decimalFullWidth", "１ ２ ３ １０ １１ １２ ２０ ２１ １０１"),
        ("upperRoman", "I II III X XI XII XX XXI CI"),
        ("lowerLetter", "a b c j k l t u wwww"),
        ("unheardOf", "1 2 3 10 11 12 20 21 101"),
    ],
)
def test_numerals(format: str, first: str) -> None:
    assert " ".join(numeral(value, format) for value in (1, 2, 3, 10, 11, 12, 20, 21, 101)) == first


def test_no_numeral_fails_on_any_count() -> None:
    for format in FORMATS:
        for value in (0, -1, 51, 1000, 3999, 4000, 9999, 10_000, 999_999_999):
            assert isinstance(numeral(value, format), str)


CASES: dict[str, tuple[Sequence[str], str, str]] = {
    "hanzi and brackets": (
        [n("安全"), n("檢查", level=1), n("演練", level=1), n("活動"), n("科技節", level=1)],
        numbers(level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")),
        "一、安全|（一）檢查|（二）演練|二、活動|（一）科技節",
    ),
    "chapters": ([n("總則"), n("任務")], numbers(level(0, "chineseCounting", "第%1章")), "第一章總則|第二章任務"),
    "number of its parents": (
        [n("安全"), n("檢查", level=1), n("2026年", level=1)],
        numbers(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>")),
        "一、安全|1.1 檢查|1.2 2026年",
    ),
    "a point before a digit": ([n("3月檢查"), n("檢查")], numbers(level(0, "decimal", "%1.")), "1. 3月檢查|2.檢查"),
    "level that never starts again": (
        [n("甲"), n("乙", level=1), n("丙"), n("丁", level=1)],
        numbers(level(0, "decimal", "%1."), level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')),
        "1.甲|(1)乙|2.丙|(2)丁",
    ),
    "a list that starts again": (
        [n("甲"), n("乙"), n("丙", 9), n("丁", 9), n("戊")],
        numbers(
            level(0, "decimal", "%1."),
            more='<w:num w:numId="9"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
            "</w:lvlOverride></w:num>",
        ),
        "1.甲|2.乙|1.丙|2.丁|3.戊",
    ),
    "two lists that count together": (
        [n("甲"), n("乙", 9), n("丙")],
        numbers(level(0, "decimal", "%1."), more='<w:num w:numId="9"><w:abstractNumId w:val="0"/></w:num>'),
        "1.甲|2.乙|3.丙",
    ),
    "a level replaced": (
        [n("甲", 9)],
        numbers(
            level(0, "decimal", "%1."),
            more='<w:num w:numId="9"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="5"/>'
            '<w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%1"/></w:lvl></w:lvlOverride></w:num>',
        ),
        "⑤甲",
    ),
    "bullets": ([n("甲")], numbers(level(0, "bullet", "•")), "甲"),
    "list zero": ([n("甲", 0)], numbers(level(0, "decimal", "%1.")), "甲"),
    "list that is not there": ([n("甲", 77)], numbers(level(0, "decimal", "%1.")), "甲"),
    "a deep start": (
        [n("甲", level=2)],
        numbers(level(0, "decimal", "%1."), level(1, "decimal", "%2."), level(2, "decimal", "%1.%2.%3")),
        "1.1.1 甲",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_automatic_numbers(case: str) -> None:
    blocks, numbering, lines = CASES[case]
    assert text(*blocks, numbering=numbering) == lines.split("|")


def style(key: str, name: str, properties: str = "", based: str = "") -> str:
    above = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{above}<w:pPr>{properties}</w:pPr></w:style>'


def styled(words: str, key: str, more: str = "") -> str:
    return p(words, f'<w:pStyle w:val="{key}"/>{more}')


def test_numbers_come_through_styles_and_what_they_are_based_on() -> None:
    numbering = numbers(
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="A"/>'), level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="B"/>')
    )
    styles = (
        style("A", "heading 1", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style("B", "heading 2", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>')
        + style("C", "my own", based="B")
    )
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    lines = text(
        styled("安全", "A"),
        styled("檢查", "B"),
        styled("演練", "C"),
        styled("附則", "A", none),
        styled("活動", "A"),
        styles=styles,
        numbering=numbering,
    )
    assert lines == ["# 一、安全", "## （一）檢查", "（二）演練", "# 附則", "# 二、活動"]


def test_headings_follow_the_title_and_a_long_paragraph_is_none() -> None:
    styles = style("T", "Title") + style("1", "标题 1") + style("2", "x", '<w:outlineLvl w:val="1"/>') + style("9", "toc 1")
    long = "各校要在三月底前完成檢查。區教育局將於四月抽查。"
    lines = text(styled("計劃", "T"), styled("安全 1", "9"), styled("安全", "1"), styled("檢查", "2"), styled(long, "1"), styles=styles)
    assert lines == ["# 計劃", "## 安全", "### 檢查", long]
    assert text(p("甲", '<w:outlineLvl w:val="0"/>'), p("乙", '<w:outlineLvl w:val="9"/>')) == ["# 甲", "乙"]


def r(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


PARAGRAPHS = {
    "insertions are kept, deletions dropped": (
        f'<w:p>{r("各校")}<w:del w:id="1"><w:r><w:delText>可</w:delText></w:r></w:del><w:ins w:id="2">{r("應")}</w:ins>{r("檢查")}</w:p>',
        "各校應檢查",
    ),
    "what was moved stands where it went": (
        f'<w:p><w:moveFrom w:id="1">{r("甲")}</w:moveFrom>{r("乙")}<w:moveTo w:id="2">{r("甲")}</w:moveTo></w:p>',
        "乙甲",
    ),
    "a paragraph whose end was deleted goes on": (
        f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{r("各校")}</w:p><w:p>{r("檢查")}</w:p>',
        "各校檢查",
    ),
    "hidden words are not read": (f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>{r('檢查')}</w:p>", "檢查"),
    "fields give what they show": (
        f'<w:p>{r("第")}<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple><w:r><w:instrText>DATE</w:instrText></w:r>{r("周")}</w:p>',
        "第3周",
    ),
    "tabs and breaks": (
        f"<w:p>{r('甲')}<w:r><w:tab/></w:r>{r('乙')}<w:r><w:br/></w:r>{r('丙')}<w:r><w:br w:type='page'/></w:r></w:p>",
        "甲 乙|丙",
    ),
    "links and controls": (
        f"<w:sdt><w:sdtContent><w:p><w:hyperlink>{r('通知')}</w:hyperlink></w:p></w:sdtContent></w:sdt>",
        "通知",
    ),
    "readings above characters are left out": (
        f"<w:p><w:r><w:ruby><w:rt>{r('ㄐㄧㄠˋ')}</w:rt><w:rubyBase>{r('教')}</w:rubyBase></w:ruby></w:r>{r('育')}</w:p>",
        "教育",
    ),
    "a box stands behind its paragraph, once": (
        "<w:p>"
        + r("正文")
        + "<mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p>"
        + r("框")
        + "</w:p></w:txbxContent></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p>"
        + r("框")
        + "</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:p>",
        "正文|框",
    ),
    "formulas": (f"<w:p>{r('S=')}<m:oMath><m:r><m:t>2x</m:t></m:r></m:oMath></w:p>", "S=2x"),
    "empty paragraphs": (f"<w:p/><w:p>{r(' ')}</w:p><w:p>{r('甲')}</w:p>", "甲"),
}


@pytest.mark.parametrize("case", PARAGRAPHS)
def test_what_a_paragraph_says(case: str) -> None:
    blocks, lines = PARAGRAPHS[case]
    assert text(blocks) == lines.split("|")


def tc(words: str, properties: str = "") -> str:
    inner = "".join(f"<w:p>{r(part)}</w:p>" for part in words.split("/"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: str, widths: Sequence[int] = (), properties: Sequence[str] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    told = [*properties, *[""] * (len(rows) - len(properties))]
    lines = "".join(f"<w:tr><w:trPr>{more}</w:trPr>{row}</w:tr>" for row, more in zip(rows, told, strict=True))
    return f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"


START, DOWN = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
WIDE = '<w:gridSpan w:val="2"/>'
TABLES = {
    "merged down": (tbl(tc("3月", START) + tc("檢查"), tc("", DOWN) + tc("演練")), "3月\t檢查|〃\t演練"),
    "merged across": (
        tbl(tc("月") + tc("內容", WIDE), tc("3月") + tc("安全") + tc("檢查"), widths=(9, 9, 9)),
        "月\t內容\t|3月\t安全\t檢查",
    ),
    "merged both ways": (
        tbl(tc("甲", START + WIDE) + tc("乙"), tc("", DOWN + WIDE) + tc("丙"), widths=(900, 900, 900)),
        "甲\t\t乙|〃\t\t丙",
    ),
    "paragraphs of a cell": (tbl(tc("3月") + tc("1.檢查/2.演練")), "3月\t1.檢查 2.演練"),
    "rows that begin late": (
        tbl(tc("甲") + tc("乙") + tc("丙"), tc("丁") + tc("戊"), widths=(900, 900, 900), properties=("", '<w:gridBefore w:val="1"/>')),
        "甲\t乙\t丙|\t丁\t戊",
    ),
    "lines that nearly meet": (
        tbl(tc("甲", WIDE) + tc("乙"), tc("丙") + tc("丁", WIDE), widths=(1000, 60, 2000)),
        "甲\t乙|丙\t丁",
    ),
    "a deleted row": (tbl(tc("甲") + tc("乙"), tc("丙") + tc("丁"), properties=("", '<w:del w:id="1"/>')), "甲\t乙"),
    "one column is a frame": (tbl(tc("第一段/第二段"), tc("第三段")), "第一段|第二段|第三段"),
    "a table in a frame": (tbl(f"<w:tc>{tbl(tc('甲') + tc('乙'))}<w:p/></w:tc>"), "甲 乙"),
    "a table in a cell": (tbl(tc("月") + f"<w:tc>{tbl(tc('甲') + tc('乙'))}<w:p/></w:tc>"), "月\t甲 乙"),
    "blank rows": (tbl(tc("") + tc(""), tc("甲") + tc("乙")), "甲\t乙"),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables(case: str) -> None:
    blocks, lines = TABLES[case]
    assert text(blocks, p("完")) == [*lines.split("|"), "完"]


def test_a_column_numbered_by_the_program_has_its_numbers() -> None:
    cell = "<w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr></w:p></w:tc>"
    lines = text(tbl(cell + tc("檢查"), cell + tc("演練")), numbering=numbers(level(0, "decimal", "%1")))
    assert lines == ["1\t檢查", "2\t演練"]


def test_the_strict_variant_is_read() -> None:
    strict = NS.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
    data = packed({"word/document.xml": f"<w:document {strict}><w:body>{p('各校檢查')}</w:body></w:document>"})
    assert read_bytes("a.docx", data) == "各校檢查"
