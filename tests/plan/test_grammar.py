"""The grammar of times: a table of several hundred phrases, sentences and traps in both scripts, and days spelled at random."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.plan.dates import DateContext, find_dates
from bot.plan.infer import republic
from bot.plan.lunar import civil
from bot.plan.model import DateRole, Period, Precision
from bot.plan.periods import number
from bot.plan.script import fold

CONTEXTS = {
    # a spring term read on a Monday in it
    "S": DateContext(2014, Period(date(2014, 2, 15), date(2014, 7, 15)), today=date(2014, 3, 10)),
    # a school year read on a Tuesday of its autumn
    "Y": DateContext(2026, Period(date(2026, 9, 1), date(2027, 8, 31)), today=date(2026, 11, 24)),
    # a calendar year, an autumn term and five years, read on no day in particular
    "C": DateContext(2025, Period(date(2025, 1, 1), date(2025, 12, 31))),
    "A": DateContext(2025, Period(date(2025, 9, 1), date(2026, 1, 31))),
    "G": DateContext(2021, Period(date(2021, 1, 1), date(2025, 12, 31))),
}
OPEN, CLOSE = "[", "]"
Told = tuple[str, str, str]
Row = tuple[str, str, list[str], list[str]]


def table() -> list[Row]:
    """Context, plain text, the words of its times, what each means."""
    rows = []
    for line in (Path(__file__).parent / "times.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            context, text, *told = line.split("\t")
            words = re.findall(r"\[([^\]]*)\]", text) if told else []
            plain = text.replace(OPEN, "").replace(CLOSE, "") if told else text
            rows.append((context, plain, words, told))
    return rows


ROWS = table()


def read(text: str, context: DateContext) -> tuple[list[str], list[str]]:
    found = [one.span for one in find_dates(text, context)]
    return [span.text for span in found], [f"{span.start or ''}..{span.end or ''} {span.precision} {span.role}" for span in found]


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len(ROWS) >= 600
    assert sum(not told for _, _, _, told in ROWS) >= 150


@pytest.mark.parametrize(("context", "text", "words", "told"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_row(context: str, text: str, words: list[str], told: list[str]) -> None:
    for name in CONTEXTS if context == "*" else context:
        found, meant = read(text, CONTEXTS[name])
        if told:
            assert found == words
            assert meant == told
        else:
            assert [one for one in meant if not one.startswith(".. ")] == []


@pytest.mark.parametrize("script", ["s2t", "t2s"])
def test_every_row_means_the_same_in_the_other_script(script: str) -> None:
    converter = OpenCC(script)
    for context, text, _, told in ROWS:
        for name in CONTEXTS if context == "*" else context:
            meant = read(converter.convert(text), CONTEXTS[name])[1]
            assert [one for one in meant if told or not one.startswith(".. ")] == told, text


CARRIERS = ["學校將於{}召開會議", "（{}）", "各單位須知：{}，開展自查", "安全檢查：{}。", "{}，各校組織演練"]
# Numbers with dots or dashes alone are days only where nothing else stands in the cell; what looks back at words before it is no phrase.
CELL = re.compile(r"^[\d./\-—~～至 ]+前?$|[開开]始|^[從从自截最至不即]|[報报]名|前後|前后")


def test_a_phrase_means_the_same_inside_sentences() -> None:
    tried = 0
    for context, text, words, told in ROWS:
        if len(told) != 1 or words != [text] or CELL.search(text) or told[0].endswith(("open", "deadline")):
            continue
        for carrier in CARRIERS:
            found, meant = read(carrier.format(text), CONTEXTS[context])
            tried += 1
            assert (found[:1], meant[:1]) == (words, told), carrier.format(text)
    assert tried > 1000


CHINESE = "〇一二三四五六七八九"


def numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else CHINESE[tens] + "十") + (CHINESE[ones] if ones or not tens else "")


SPELLINGS: list[Callable[[date], str]] = [
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month} 月 {day.day} 日",
    lambda day: f"{day.year}年{day.month:02}月{day.day:02}日",
    lambda day: f"{day.year}年{day.month}月{day.day}號",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"民國{day.year - 1911}年{day.month}月{day.day}日",
    lambda day: f"{''.join(CHINESE[int(one)] for one in str(day.year))}年{numeral(day.month)}月{numeral(day.day)}日",
    lambda day: f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）上午9:00",
    lambda day: f"{day.year}年{day.month}月{day.day}日".translate({48 + one: 0xFF10 + one for one in range(10)}),
]


@given(
    st.dates(date(2003, 1, 1), date(2048, 12, 31)), st.sampled_from(SPELLINGS), st.sampled_from(sorted(CONTEXTS)), st.sampled_from(CARRIERS)
)
def test_a_day_is_the_same_in_every_spelling(day: date, spell: Callable[[date], str], context: str, carrier: str) -> None:
    words = spell(day)
    found = find_dates(carrier.format(words), CONTEXTS[context])
    assert [(one.span.start, one.span.end, one.span.precision, one.span.role) for one in found] == [
        (day, day, Precision.DAY, DateRole.WHEN)
    ]
    assert found[0].span.text == words


@given(st.dates(date(2025, 9, 1), date(2026, 1, 31)), st.integers(0, 120), st.sampled_from(["至", "—", "-", "~", "到", " - "]))
def test_a_range_has_both_its_ends(day: date, length: int, link: str) -> None:
    end = day + timedelta(days=length)
    text = f"{day.year}年{day.month}月{day.day}日{link}{end.year}年{end.month}月{end.day}日"
    found = find_dates(text, CONTEXTS["A"])
    assert [(one.span.start, one.span.end) for one in found] == [(day, end)]


@given(st.dates(date(2026, 9, 1), date(2027, 8, 31)))
def test_a_day_without_a_year_lies_in_the_plan(day: date) -> None:
    for words in (f"{day.month}月{day.day}日", f"{numeral(day.month)}月{numeral(day.day)}日", f"{day.month}/{day.day}（五）"):
        assert [one.span.start for one in find_dates(words, CONTEXTS["Y"])] == [day]


@given(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.sampled_from(["前", "之前", "以前", "前完成", "截止"]))
def test_a_deadline_has_no_start(day: date, word: str) -> None:
    (found,) = find_dates(f"{day.month}月{day.day}日{word}", CONTEXTS["C"])
    assert (found.span.start, found.span.end, found.span.role) == (None, day, DateRole.DEADLINE)


@given(st.integers(1, 199))
def test_numerals_are_read_back(value: int) -> None:
    tens = value % 100
    words = (("一百" + ("零" if 0 < tens < 10 else "一" if 10 <= tens < 20 else "")) if value > 99 else "") + (
        numeral(tens) if tens else ""
    )
    assert number(words) == value


PIECES = st.sampled_from(
    [
        *"一二三四五六日月年周十第至到、，。（）-—~./·0123456789前後初末底起止上中下旬期學本每開“”《》\n\t ",
        *("學期", "學年", "星期", "2025", "114", "國慶", "農曆", "正月", "廿", "民國", "下周", "季度", "寒假"),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(sorted(CONTEXTS)))
def test_any_text_is_read_without_a_failure(text: str, context: str) -> None:
    last = 0
    for found in find_dates(text, CONTEXTS[context]):
        assert last <= found.start < found.end <= len(text)
        assert found.span.text == text[found.start : found.end]
        assert found.span.start is None or found.span.end is None or found.span.start <= found.span.end
        last = found.end


@pytest.mark.parametrize(
    "piece",
    [
        "1、",
        "3月1、",
        "1",
        "十",
        "月",
        "一月、",
        "3月5日、",
        "2025.",
        "9.1-",
        "1-2-3-",
        "（一）",
        "前",
        "3月",
        "第1、",
        " ",
        "2025年",
        "農曆",
        "至",
        "正月初一至",
        "1:00-",
        "“",
    ],
)
def test_a_long_monotonous_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (60_000 // len(piece)) + "。12月4日"
    assert find_dates(text, CONTEXTS["C"])[-1].end == len(text)


def test_lunar_days_agree_with_the_new_years_they_begin_at() -> None:
    for year in range(2000, 2050):
        first, following = civil(year, 1, 1), civil(year + 1, 1, 1)
        assert first is not None
        assert following is not None
        assert 353 <= (following - first).days <= 385
        assert civil(year, 12, 29) in (following - timedelta(days=1), following - timedelta(days=2))
    assert civil(2026, 8, 15) == date(2026, 9, 25)
    assert civil(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert civil(1999, 1, 1) is None
    with pytest.raises(ValueError, match="leap"):
        civil(2026, 6, 1, leap=True)


@pytest.mark.parametrize(
    ("words", "day"),
    [("教師節", "2025-09-28"), ("兒童節", "2026-04-04"), ("國慶日", "2025-10-10"), ("母親節", "2026-05-10"), ("行憲紀念日", "")],
)
def test_feasts_of_a_document_that_counts_years_of_the_republic(words: str, day: str) -> None:
    context = DateContext(2025, Period(date(2025, 8, 1), date(2026, 7, 31)), republic=True)
    assert [str(found.span.start) for found in find_dates(f"{words}活動", context)] == ([day] if day else [])


@pytest.mark.parametrize(
    ("text", "counts"),
    [("114學年度第一學期行事曆", True), ("民國114年工作計畫", True), ("2025學年工作計劃", False), ("建黨100周年", False)],
)
def test_whose_years_a_document_counts(text: str, counts: bool) -> None:
    assert republic(fold(text)) is counts
