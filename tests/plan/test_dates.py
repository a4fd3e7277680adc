"""Times in words: every form with its days, precision and role, and the traps that are no times."""

from datetime import date

import pytest

from bot.calendar import SchoolCalendar
from bot.plan.dates import DateContext, find_dates
from bot.plan.festivals import FESTIVALS, FIRST, LAST, MOVING, day_of
from bot.plan.model import DateRole, Period, Precision, Span
from bot.plan.periods import number, week_of_month
from bot.plan.times import recurrence, when

SPRING = DateContext(2014, Period(date(2014, 2, 15), date(2014, 7, 15)), SchoolCalendar(), today=date(2014, 3, 10))
YEAR = DateContext(2014, Period(date(2014, 9, 1), date(2015, 8, 31)))

# (words, first day, last day, precision, role); days as month-day in 2014 unless a year is given.
FORMS = [
    ("2014年末", "12-01", "12-31", "month", "when"),
    ("2014年9月起", "09-01", "09-30", "month", "open"),
    ("今年4月", "04-01", "04-30", "month", "when"),
    ("今年五月", "05-01", "05-31", "month", "when"),
    ("上半年", "01-01", "06-30", "half", "when"),
    ("第四季度", "10-01", "12-31", "quarter", "when"),
    ("本學期", "02-15", "07-15", "term", "when"),
    ("本学期", "02-15", "07-15", "term", "when"),
    ("下学期", "09-01", "2015-01-31", "term", "when"),
    ("上學期", "2013-09-01", "01-31", "term", "when"),
    ("本学年度", "2013-09-01", "08-31", "schoolyear", "when"),
    ("寒暑假", "", "", "break", "when"),
    ("暑假期間", "07-16", "08-31", "break", "when"),
    ("元旦", "01-01", "01-01", "day", "when"),
    ("六·一", "06-01", "06-01", "day", "when"),
    ("六一兒童節", "06-01", "06-01", "day", "when"),
    ("六一儿童节", "06-01", "06-01", "day", "when"),
    ("3月底前", "", "03-31", "tenday", "deadline"),
    ("5月中旬", "05-11", "05-20", "tenday", "when"),
    ("下周五下午三点", "03-21", "03-21", "day", "when"),
    ("明天上午9点半", "03-11", "03-11", "day", "when"),
    ("三天后", "03-13", "03-13", "day", "when"),
    ("十二月四日", "12-04", "12-04", "day", "when"),
    ("12月4日", "12-04", "12-04", "day", "when"),
    ("9月至12月", "09-01", "12-31", "months", "when"),
    ("2014年3月至5月", "03-01", "05-31", "months", "when"),
    ("2014-2015學年", "09-01", "2015-08-31", "schoolyear", "when"),
    ("全年", "01-01", "12-31", "year", "when"),
    ("近日", "", "", "unknown", "when"),
    ("四月第二周", "04-07", "04-13", "week", "when"),
    ("六月底", "06-21", "06-30", "tenday", "when"),
    ("“12·4”", "12-04", "12-04", "day", "when"),
    ("7月10-15日", "07-10", "07-15", "days", "when"),
    ("3月8日—12日", "03-08", "03-12", "days", "when"),
    ("2月25日-3月3日", "02-25", "03-03", "days", "when"),
    ("2014年12月至2015年1月", "12-01", "2015-01-31", "months", "when"),
    ("2月上旬至3月中旬", "02-01", "03-20", "tenday", "when"),
    ("5-6月份", "05-01", "06-30", "months", "when"),
    ("4月20日前", "", "04-20", "day", "deadline"),
    ("6月中旬以前", "", "06-20", "tenday", "deadline"),
    ("2014年底前", "", "12-31", "month", "deadline"),
    ("截至6月30日", "", "06-30", "day", "deadline"),
    ("寒假前", "", "01-31", "break", "deadline"),
    ("元旦前一天", "2013-12-31", "2013-12-31", "day", "when"),
    ("2014-03-05", "03-05", "03-05", "day", "when"),
    ("2014/3/5", "03-05", "03-05", "day", "when"),
    ("2014-03", "03-01", "03-31", "month", "when"),
    ("3/25（二）", "03-25", "03-25", "day", "when"),
    ("4/9-4/10", "04-09", "04-10", "days", "when"),
    ("（4.13）", "04-13", "04-13", "day", "when"),
    ("民國103年4月", "04-01", "04-30", "month", "when"),
    ("103學年度第一學期", "09-01", "2015-01-31", "term", "when"),
    ("2013学年第二学期", "02-15", "07-15", "term", "when"),
    ("2014年秋季学期", "09-01", "2015-01-31", "term", "when"),
    ("3月最后一个星期一", "03-31", "03-31", "day", "when"),
    ("二〇一四年三月", "03-01", "03-31", "month", "when"),
    ("5年内", "02-15", "2019-02-14", "year", "when"),
    ("端午節", "06-02", "06-02", "day", "when"),
    ("中秋", "09-08", "09-08", "day", "when"),
    ("清明節", "04-05", "04-05", "day", "when"),
    ("下个月", "04-01", "04-30", "month", "when"),
    ("本周", "03-10", "03-16", "week", "when"),
    ("另行通知", "", "", "unknown", "when"),
]


def day(text: str) -> date | None:
    return date.fromisoformat(text if len(text) > 5 else f"2014-{text}") if text else None


@pytest.mark.parametrize(("words", "start", "end", "precision", "role"), FORMS, ids=[row[0] for row in FORMS])
def test_form(words: str, start: str, end: str, precision: str, role: str) -> None:
    found = find_dates(words, SPRING)
    assert len(found) == 1
    span = found[0].span
    last = day(end)
    if role == "open":
        last = max(SPRING.period.end, last or SPRING.period.end)
    assert (span.start, span.end, span.precision, span.role) == (day(start), last, Precision(precision), DateRole(role))
    assert words[found[0].start : found[0].end] == span.text


TRAPS = [
    "“六五”普法", "1-3年級", "3-6歲", "〔2014〕21號", "十年樹木", "每周一訓", "每月", "八一小學", "1/3以上", "2+1項目",
    "《2014年工作要點》", "十一五規劃", "全年級", "第二課堂",
    "五四大街小學", "2.5萬元", "一年級", "月底薪", "年齡",
]  # fmt: skip


@pytest.mark.parametrize("words", TRAPS)
def test_trap_is_no_time(words: str) -> None:
    assert [found.span.text for found in find_dates(words, SPRING) if found.span.start or found.span.end] == []


RHYTHMS = [
    ("每周一訓", "week", None), ("每周一", "week", None), ("每月召開例會", "month", None), ("每季度通報一次", "quarter", 1),
    ("每學期不少於2次", "term", 2),
    ("每學期開展不少於兩次演練", "term", 2), ("定期接待", "irregular", None), ("不定期深入學校", "irregular", None),
    ("每天晨讀", "day", None), ("每年一次體檢", "year", 1),
]  # fmt: skip


@pytest.mark.parametrize(("words", "every", "times"), RHYTHMS)
def test_rhythm(words: str, every: str, times: int | None) -> None:
    found = recurrence(words)
    assert found is not None
    assert (found.every, found.times) == (every, times)
    assert words.startswith(found.text)


def test_no_rhythm_in_the_name_of_a_paper() -> None:
    assert recurrence("落實《校長定期交流制度》") is None


MEASURES = [
    ("上半年將舉辦全區運動會", "01-01", "06-30", "when"),
    ("原計劃4月舉辦的書展改到6月舉辦", "06-01", "06-30", "when"),
    ("原定於5月8日舉行的考試延期，時間另行通知", "", "", "when"),
    ("總結2013年立項的課題", "2013-01-01", "2013-12-31", "object"),
    ("制定2014年督導工作計劃", "01-01", "12-31", "object"),
    ("各校在6月20日前上報本學期總結", "", "06-20", "deadline"),
    ("4月初評，6月複評", "04-01", "06-30", "when"),
    ("2014年，召開全區會議", "01-01", "12-31", "when"),
    ("較上年下降1個百分點", "2013-01-01", "2013-12-31", "object"),
]


@pytest.mark.parametrize(("words", "start", "end", "role"), MEASURES, ids=[row[0] for row in MEASURES])
def test_time_of_a_measure(words: str, start: str, end: str, role: str) -> None:
    span = when(words, SPRING)
    assert span is not None
    assert (span.start, span.end, span.role) == (day(start), day(end), DateRole(role))


ROWS = [
    ("清明祭掃活動", "2014-04-01", "2014-04-30"),
    ("參觀科技館（4月16日）", "2014-04-16", "2014-04-16"),
    ("月考（16-17日）", "2014-04-16", "2014-04-17"),
    ("第二周舉行演練", "2014-04-07", "2014-04-13"),
    ("全年做好宣傳", "2014-01-01", "2014-12-31"),
    ("完成2014年上半年審核", "2014-04-01", "2014-04-30"),
]


@pytest.mark.parametrize(("words", "start", "end"), ROWS, ids=[row[0] for row in ROWS])
def test_time_of_a_job_in_a_row(words: str, start: str, end: str) -> None:
    row = Span("四月", date(2014, 4, 1), date(2014, 4, 30), Precision.MONTH)
    context = DateContext(2014, SPRING.period, month=(2014, 4))
    span = when(words, context, row=row)
    assert span is not None
    assert (span.start, span.end) == (date.fromisoformat(start), date.fromisoformat(end))


def test_a_month_without_a_year_lies_in_the_plan() -> None:
    found = find_dates("10月考試，4月複試", YEAR)
    assert [one.span.start for one in found] == [date(2014, 10, 1), date(2015, 4, 1)]


def test_today_unknown_leaves_relative_words_open() -> None:
    found = find_dates("下周五上報", YEAR)
    assert [(one.span.start, one.span.end) for one in found] == [(None, None)]


def test_a_moving_feast_outside_the_tables_has_no_day() -> None:
    spring = next(row for row, (pattern, _) in enumerate(FESTIVALS) if "春节" in pattern)
    assert day_of(spring, LAST) == date(LAST, 1, 23)
    assert day_of(spring, LAST + 1) is None


def test_every_festival_has_a_day_in_every_year_of_the_tables() -> None:
    assert all(len(row) == 4 * (LAST - FIRST + 1) for row in MOVING.values())
    for row in range(len(FESTIVALS)):
        days = [day_of(row, year) for year in range(FIRST, LAST + 1)]
        assert all(days)


@pytest.mark.parametrize(("words", "value"), [("十二", 12), ("廿五", 25), ("二十", 20), ("二〇一四", 2014), ("7", 7), ("十", 10)])
def test_number(words: str, value: int) -> None:
    assert number(words) == value


def test_weeks_of_a_month_follow_each_other() -> None:
    for month in range(1, 13):
        for week in range(1, 4):
            assert (week_of_month(2014, month, week + 1)[0] - week_of_month(2014, month, week)[1]).days == 1
