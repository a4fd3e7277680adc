"""A plan in a new school year: each kind of time by its own rule, words that say what the days say, nothing certain that is not."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import SchoolCalendar
from bot.errors import Refusal
from bot.plan.changes import Kind
from bot.plan.compare import Fate, compare
from bot.plan.dates import DateContext, find_dates
from bot.plan.mend import Field, Mend, Value, apply, spot_of
from bot.plan.model import DateRole, Document, Precision
from bot.plan.newdates import Reason
from bot.plan.read import read_plan
from bot.plan.rollover import PROPOSED, Proposal, needing, roll_over
from bot.samples import lay_out

SCHOOL = SchoolCalendar()
SPRING, YEAR = (read_plan(sample.name, sample.data) for sample in lay_out(date(2025, 10, 12), SCHOOL))
Days = tuple[date | None, date | None]


def plan_of(*lines: str, title: str = "禾溪區2026年春季學期教育工作計劃") -> Document:
    body = "\n\n".join(f"{number}.辦好第{number}件事。{line}" for number, line in enumerate(lines, 1))
    return read_plan("plan.txt", f"{title}\n\n一、工作安排\n\n{body}\n".encode())


def rolled(line: str, calendar: SchoolCalendar = SCHOOL, title: str = "禾溪區2026年春季學期教育工作計劃") -> Proposal:
    (proposal,) = roll_over(plan_of(line, title=title), calendar).proposals
    return proposal


@pytest.mark.parametrize(
    ("line", "words", "days", "reasons"),
    [
        # Vague times stay vague.
        ("5月，區教研室舉行書法比賽。", "5月", (date(2027, 5, 1), date(2027, 5, 31)), (Reason.VAGUE,)),
        ("5月中旬，區教研室舉行書法比賽。", "5月中旬", (date(2027, 5, 11), date(2027, 5, 20)), (Reason.VAGUE,)),
        ("本學期，區教研室舉行書法比賽。", "本學期", SCHOOL.spring_term(2026), (Reason.VAGUE,)),
        ("各校要在2026年4月底前上報名單。", "2027年4月底前", (None, date(2027, 4, 30)), (Reason.VAGUE,)),
        # Rules give the day of any year.
        ("3月最後一個星期一，各校舉行疏散演練。", "3月最後一個星期一", (date(2027, 3, 29),) * 2, (Reason.RULE,)),
        ("4月第二周，各校開展讀書活動。", "4月第二周", (date(2027, 4, 5), date(2027, 4, 11)), (Reason.RULE,)),
        # Feasts by the sun and by the moon, and days of the country.
        ("“六·一”期間，各幼兒園舉行遊園會。", "六·一", (date(2027, 6, 1),) * 2, (Reason.FESTIVAL,)),
        ("端午節，各校開展包粽子活動。", "端午節", (date(2027, 6, 9),) * 2, (Reason.FESTIVAL,)),
        ("4月23日世界讀書日，各校開放圖書館。", "4月23日", (date(2027, 4, 23),) * 2, (Reason.FESTIVAL,)),
        ("5月12日前後，各校開展防災減災教育。", "5月12日", (date(2027, 5, 12),) * 2, (Reason.NATIONAL,)),
        # A day: the same weekday first. 16 May 2026 is a Saturday, 14 May a Thursday.
        ("5月16日，區教育局召開表彰大會。", "5月15日", (date(2027, 5, 15),) * 2, (Reason.WEEKDAY,)),
        ("5月14日至15日，區教育局舉行田徑運動會。", "5月13日至14日", (date(2027, 5, 13), date(2027, 5, 14)), (Reason.WEEKDAY,)),
        ("2026年5月14日（星期四），區教育局召開表彰大會。", "2027年5月13日（星期四）", (date(2027, 5, 13),) * 2, (Reason.WEEKDAY,)),
        # A deadline keeps its date, but not on a Saturday where it was on a workday (15 May 2026 a Friday, 2027 a Saturday).
        ("各校要在5月20日前上報名單。", "5月20日前", (None, date(2027, 5, 20)), (Reason.DATE,)),
        ("各校要在5月15日前上報名單。", "5月14日前", (None, date(2027, 5, 14)), (Reason.DATE, Reason.WORKDAY)),
        ("各校要在6月30日前上報名單。", "6月30日前", (None, date(2027, 6, 30)), (Reason.MONTH,)),
        # A row of a calendar of weeks goes by the week of the term.
        ("3月9日至15日，各校開展衛生督查。", "3月8日至14日", (date(2027, 3, 8), date(2027, 3, 14)), (Reason.WEEK,)),
    ],
)
def test_each_kind_of_time_by_its_rule(line: str, words: str, days: Days, reasons: tuple[Reason, ...]) -> None:
    proposal = rolled(line)
    first = proposal.options[0]
    assert (first.span.text, (first.span.start, first.span.end), first.reasons) == (words, days, reasons)
    assert words in proposal.new.text
    assert proposal.certain == (reasons[0] in (Reason.VAGUE, Reason.RULE, Reason.FESTIVAL, Reason.NATIONAL))
    assert first.span.precision is (proposal.old.date.precision if proposal.old.date else None)


def test_a_day_that_falls_on_a_holiday_is_moved_to_a_workday() -> None:
    off = SchoolCalendar(days_off=frozenset({date(2027, 5, 13)}))
    proposal = rolled("5月14日，區教育局召開表彰大會。", off)
    assert proposal.options[0].span.start == date(2027, 5, 14)
    assert proposal.options[0].reasons == (Reason.WEEKDAY, Reason.WORKDAY)


def test_weeks_follow_the_terms_that_are_configured() -> None:
    terms = ((date(2026, 3, 2), date(2026, 7, 3)), (date(2027, 2, 22), date(2027, 7, 2)))
    proposal = rolled("3月9日至15日，各校開展衛生督查。", SchoolCalendar(terms=terms))
    assert proposal.options[0].span.start == date(2027, 3, 1)
    opening = rolled("3月2日，各校舉行開學典禮。", SchoolCalendar(terms=terms))
    assert (opening.options[0].span.start, opening.options[0].reasons) == (date(2027, 2, 22), (Reason.TERM,))


def test_what_is_not_to_be_done_then_is_left_alone() -> None:
    document = plan_of("對2024年立項的課題，區教研室負責結題。", "各校要落實禾教〔2026〕31號文件，5月召開家長會。", "各校要加強書法教學。")
    made = roll_over(document, SCHOOL)
    texts = [measure.text for measure in made.document.measures]
    assert "對2024年立項的課題，區教研室負責結題" in texts
    assert any("〔2026〕31號" in text for text in texts)
    assert len(made.proposals) == 1


def test_the_draft_speaks_of_the_new_year_and_says_what_is_open() -> None:
    made = roll_over(SPRING, SCHOOL)
    assert made.document.title == "禾溪區2027年春季學期教育工作計劃"
    assert made.document.digest != SPRING.digest
    plan = made.document.plans[0]
    assert (plan.period.start, plan.period.end) == SCHOOL.spring_term(2026)
    open_ = needing(made.proposals)
    assert [proposal.number for proposal in open_] == list(range(1, len(open_) + 1))
    waiting = [gap for gap in plan.gaps if gap.kind == PROPOSED]
    assert sorted(gap.text for gap in waiting) == sorted(proposal.new.text for proposal in open_)
    for measure in plan.measures:
        section = next(row for row in plan.sections if row.section == measure.section)
        around = section.text + "".join(item.text for item in section.items)
        assert measure.text in around
        assert measure.text in measure.sentence or measure.text[:10] in measure.sentence
    events = {event.measure: event for event in plan.events}
    for measure in plan.measures:
        if measure.id in events and measure.date and measure.date.acts:
            assert events[measure.id].text == measure.text
    some = roll_over(SPRING, SCHOOL, None, {1, 3})
    assert len([gap for gap in some.document.plans[0].gaps if gap.kind == PROPOSED]) == len(open_) - 2
    assert not [gap for gap in roll_over(SPRING, SCHOOL, None, None).document.plans[0].gaps if gap.kind == PROPOSED]
    assert some.document.digest == made.document.digest


def test_a_proposal_is_settled_by_accepting_it_or_by_another_date_and_no_other_mend_hides_it() -> None:
    document = roll_over(SPRING, SCHOOL).document
    waiting = [gap for gap in document.plans[0].gaps if gap.kind == PROPOSED][:3]
    first, second, third = (next(measure for measure in document.measures if measure.text == gap.text) for gap in waiting)
    when = datetime(2026, 11, 24, 12)
    mends = [
        Mend(1, 1, Field.ACCEPT, spot_of(document, first), Value(text=PROPOSED), None, when),
        Mend(2, 1, Field.DATE, spot_of(document, second), Value(), None, when),
        Mend(3, 1, Field.OWNERS, spot_of(document, third), Value(owners=third.owners), None, when),
    ]
    left = [gap.text for gap in apply(document, mends).document.plans[0].gaps if gap.kind == PROPOSED]
    before = [gap.text for gap in document.plans[0].gaps if gap.kind == PROPOSED]
    assert sorted(left) == sorted(text for text in before if text not in (first.text, second.text))


@pytest.mark.parametrize("document", [SPRING, YEAR])
def test_compared_with_the_old_plan_only_dates_have_changed(document: Document) -> None:
    made = roll_over(document, SCHOOL)
    result = compare(document.plans, made.document.plans)
    assert len(result.rows) == len(document.measures)
    assert {row.fate for row in result.rows} == {Fate.KEPT}
    changed = {row.after[0].text for row in result.rows if row.changed}
    assert {change.kind for row in result.rows for change in row.changes} <= {Kind.DATE}
    assert changed <= {proposal.new.text for proposal in needing(made.proposals)}


@settings(max_examples=80, deadline=None)
@given(st.dates(date(2026, 2, 16), date(2026, 7, 10)), st.integers(0, 5), st.integers(1, 4), st.sampled_from(["", "前", "起"]))
def test_the_words_of_a_proposal_mean_the_days_of_a_proposal(day: date, length: int, years: int, tail: str) -> None:
    last = date.fromordinal(day.toordinal() + length)
    until = f"至{last.month}月{last.day}日" if length and not tail else ""
    document = plan_of(f"{day.month}月{day.day}日{until}{tail}，區教研室舉行書法比賽。")
    made = roll_over(document, SCHOOL, 2025 + years)
    context = DateContext(2026 + years, made.document.plans[0].period, SCHOOL)
    for proposal in made.proposals:
        for option in proposal.options:
            (found,) = find_dates(option.span.text, context)
            assert (found.span.start, found.span.end, found.span.role) == (option.span.start, option.span.end, option.span.role)
            assert option.span.precision in (Precision.DAY, Precision.DAYS)
            if option.span.role is DateRole.WHEN and option.span.start and option.span.end and proposal.old.date:
                assert proposal.old.date.start is not None
                assert proposal.old.date.end is not None
                assert option.span.end - option.span.start == proposal.old.date.end - proposal.old.date.start


def test_a_year_that_is_no_later_one_is_refused() -> None:
    for began in (2025, 2024, 2050):
        with pytest.raises(Refusal) as refusal:
            roll_over(SPRING, SCHOOL, began)
        assert refusal.value.key == "rollover.year"


def test_years_of_the_republic_of_china_go_on_too() -> None:
    document = plan_of("4月，各校召開親師座談會。", title="114學年度第二學期工作計畫")
    assert roll_over(document, SCHOOL).document.title == "115學年度第二學期工作計畫"
