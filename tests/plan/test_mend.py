"""Corrections: applied to any reading, kept when a sentence moves, replaced and undone, and waiting when their sentence is gone."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.plan.mend import Field, Mend, Spot, Value, apply, measure_at, spot_of, stand, standing
from bot.plan.model import Basis, DateRole, Document, Mended, Owner, Period, Precision, Role, Span
from bot.plan.read import read_plan
from bot.plan.redate import dated_in
from bot.plan.succession import found_in, successor

PLAN = """松谷縣2016年春季學期教育工作計劃

一、規範學校管理
1.抓好常規檢查。各校要在3月底前完成自查，建立問題清單；縣教研室將於4月中旬組織抽查。
2.開展師德教育活動，評選師德標兵20名。
二、豐富校園活動
1.舉辦中學生籃球聯賽。
2.端午節開展讀書活動，由各校組織。
3.2016年6月召開總結會。

松谷縣教育局
2016年2月20日
"""
MOVED = (
    PLAN.replace("1.舉辦中學生籃球聯賽。\n", "")
    .replace("2.開展師德", "2.舉辦中學生籃球聯賽。\n3.開展師德")
    .replace("2.端午", "1.端午")
    .replace("3.2016", "2.2016")
)
AT = datetime(2016, 2, 21, tzinfo=UTC)


def read(text: str = PLAN) -> Document:
    return read_plan("plan.txt", text.encode())


def at(document: Document, words: str) -> Spot:
    return spot_of(document, next(measure for measure in document.measures if words in measure.text))


def mend(id: int, field: Field, spot: Spot, since: int = 1, **value: object) -> Mend:
    return Mend(id, since, field, spot, Value(**value), 7, AT)  # type: ignore[arg-type]


OFFICE = (Owner("體衛藝股", Role.LEAD), Owner("各校", Role.JOIN))


def test_without_mends_the_document_is_the_same_object() -> None:
    document = read()
    assert apply(document, ()).document is document
    other_version = mend(1, Field.DROP, at(document, "籃球"), since=2)
    assert apply(document, [other_version], 1).document is document


def test_an_owner_said_by_a_person_is_marked_so_and_fills_the_gap() -> None:
    document = read()
    gap = ("no lead", 2, 1)
    assert gap in [(one.kind, one.section, one.item) for one in document.plans[0].gaps]
    after = apply(document, [mend(1, Field.OWNERS, at(document, "籃球"), owners=OFFICE)]).document
    measure = next(one for one in after.measures if "籃球" in one.text)
    assert [(owner.name, owner.role, owner.basis) for owner in measure.owners] == [
        ("體衛藝股", Role.LEAD, Basis.MENDED),
        ("各校", Role.JOIN, Basis.MENDED),
    ]
    assert measure.mended == (Mended("owners", "松谷縣教育局"),)
    assert gap not in [(one.kind, one.section, one.item) for one in after.plans[0].gaps]
    untouched = [one for one in after.measures if "籃球" not in one.text]
    assert untouched == [one for one in document.measures if "籃球" not in one.text]


def test_a_mend_follows_its_sentence_to_another_place_and_script() -> None:
    spot = at(read(), "籃球")
    moved = read(MOVED)
    result = apply(moved, [mend(1, Field.OWNERS, spot, owners=OFFICE)])
    measure = next(one for one in result.document.measures if "籃球" in one.text)
    assert (measure.section, measure.item, measure.owners[0].name) == (1, 2, "體衛藝股")
    assert measure_at(moved, replace(spot, words="2. 举办中学生篮球联赛")) is not None


def test_a_mend_whose_sentence_is_gone_waits_and_counts_again_when_it_is_back() -> None:
    made = mend(1, Field.OWNERS, at(read(), "籃球"), owners=OFFICE)
    without = apply(read(PLAN.replace("籃球", "足球")), [made])
    assert (without.applied, without.gone) == ((), (made,))
    assert apply(read(), [made]).applied == (made,)


def test_of_sentences_alike_the_one_at_the_place_is_meant() -> None:
    twice = PLAN.replace("2.端午", "2.舉辦中學生籃球聯賽。\n2.端午")
    document = read(twice)
    second = spot_of(document, [one for one in document.measures if "籃球" in one.text][1])
    after = apply(document, [mend(1, Field.DROP, second)]).document
    assert [(one.section, one.item) for one in after.measures if "籃球" in one.text] == [(2, 1)]


def test_a_date_changes_the_measure_and_the_event_that_had_it() -> None:
    document = read()
    may = Span("5月中旬", date(2016, 5, 11), date(2016, 5, 20), Precision.TENDAY)
    after = apply(document, [mend(1, Field.DATE, at(document, "籃球"), date=may)]).document
    measure = next(one for one in after.measures if "籃球" in one.text)
    events = [event for event in after.plans[0].events if event.measure == measure.id]
    assert measure.date == may
    assert [event.date for event in events] == [may]
    assert [event.id for event in events] == [event.id for event in document.plans[0].events if event.measure == measure.id]


def test_a_dropped_sentence_is_no_measure_and_has_no_events() -> None:
    document = read()
    after = apply(document, [mend(1, Field.DROP, at(document, "籃球"))]).document
    assert len(after.measures) == len(document.measures) - 1
    assert not [event for event in after.plans[0].events if "籃球" in event.name]


def test_an_event_is_renamed_and_keeps_its_id() -> None:
    document = read()
    event = next(event for event in document.plans[0].events if "籃球" in event.name)
    spot = at(document, "籃球")
    after = apply(document, [mend(1, Field.EVENT, spot, text="縣籃球賽", former=event.name)]).document
    assert next(one.name for one in after.plans[0].events if one.id == event.id) == "縣籃球賽"


def test_an_accepted_gap_is_gone_and_the_others_stay() -> None:
    document = read()
    spot = at(document, "師德")
    before = [(gap.kind, gap.item) for gap in document.plans[0].gaps]
    after = apply(document, [mend(1, Field.ACCEPT, spot, text="no lead")]).document
    left = [(gap.kind, gap.item) for gap in after.plans[0].gaps]
    assert len(left) == len(before) - 1
    assert after.measures == document.measures


def test_the_later_counts_and_undoing_brings_the_earlier_back() -> None:
    spot = at(read(), "籃球")
    first = mend(1, Field.OWNERS, spot, owners=OFFICE)
    second = mend(2, Field.OWNERS, spot, owners=OFFICE[:1])
    undone = mend(3, Field.UNDO, Spot(), number=2)
    assert standing([first, second], 1) == (second,)
    assert standing([first, second, undone], 1) == (first,)
    assert (stand([first, second, undone]), stand([first, second, undone], spot), stand([first, second], at(read(), "師德"))) == (3, 3, 0)


def test_an_undoing_on_a_draft_leaves_the_version_in_use_alone() -> None:
    first = mend(1, Field.OWNERS, at(read(), "籃球"), owners=OFFICE)
    undone = mend(2, Field.UNDO, Spot(), since=2, number=1)
    assert standing([first, undone], 1) == (first,)
    assert standing([first, undone], 2) == ()


def test_another_issuer_answers_for_what_names_nobody() -> None:
    document = read()
    after = apply(document, [mend(1, Field.ISSUER, Spot(), text="松谷縣教體局")]).document
    assert (after.issuer, after.issuer_inferred) == ("松谷縣教體局", False)
    for old, new in zip(document.measures, after.measures, strict=True):
        implied = old.owners[0].basis is Basis.IMPLIED
        assert new.owners[0].name == ("松谷縣教體局" if implied else old.owners[0].name)


def test_another_year_moves_what_names_none_and_feasts_by_the_moon() -> None:
    document = read(PLAN.replace("2016年春季", "春季"))
    after = apply(document, [mend(1, Field.YEAR, Spot(), number=2018)]).document
    dates = {measure.text: measure.date for measure in after.measures if measure.date}
    check = next(span for text, span in dates.items() if "自查" in text)
    assert (check.end, check.role) == (date(2018, 3, 31), DateRole.DEADLINE)
    feast = next(span for text, span in dates.items() if "端午" in text)
    assert feast.start == date(2018, 6, 18)
    named = next(span for text, span in dates.items() if "總結會" in text)
    assert named.start == date(2016, 6, 1)
    assert (after.year, after.year_inferred, after.plans[0].period.start.year) == (2018, False, 2018)


def test_title_and_period_of_a_document() -> None:
    document = read()
    days = Period(date(2016, 3, 1), date(2016, 6, 30))
    mends = [mend(1, Field.TITLE, Spot(), text="春季計劃"), mend(2, Field.PERIOD, Spot(plan=1), period=days)]
    after = apply(document, mends).document
    assert (after.title, after.plans[0].period) == ("春季計劃", days)
    nowhere = apply(document, [mend(1, Field.PERIOD, Spot(plan=9), period=days)])
    assert len(nowhere.gone) == 1


def test_the_successor_is_the_same_sentence_elsewhere_or_the_reworded_one_in_its_place() -> None:
    document = read()
    old = next(one for one in document.measures if "籃球" in one.text)
    moved = successor(old, read(MOVED))
    assert moved is not None
    assert (moved.section, moved.text.endswith("籃球聯賽")) == (1, True)
    reworded = successor(old, read(PLAN.replace("舉辦中學生籃球聯賽", "舉辦全縣中學生籃球聯賽和啦啦操比賽")))
    assert reworded is not None
    assert "啦啦操" in reworded.text
    assert successor(old, read(PLAN.replace("1.舉辦中學生籃球聯賽。\n", ""))) is None


def test_a_measure_is_found_by_its_id_or_by_its_events() -> None:
    document = read()
    event = document.plans[0].events[0]
    found = found_in(document, event.id)
    assert found is not None
    assert found[1].id == event.measure
    assert found_in(document, "000000000000") is None


def test_under_another_year_a_day_that_its_words_alone_do_not_give_moves_by_the_calendar() -> None:
    document = read()
    plan = document.plans[0]
    leap = Span("當天", date(2016, 2, 29), date(2016, 3, 1), Precision.DAY)
    first = replace(plan.measures[0], date=leap)
    changed = dated_in(replace(document, plans=(replace(plan, measures=(first, *plan.measures[1:])),)), 2017)
    moved = changed.plans[0].measures[0].date
    assert moved is not None
    assert (moved.start, moved.end) == (date(2017, 2, 28), date(2017, 3, 1))
