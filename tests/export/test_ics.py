"""The calendar file, read back by a calendar's own parser and by hand where the standard counts octets."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.export.entries import Source, entries
from bot.export.ics import calendar
from bot.plan.model import DateRole, Document, Event, Measure, Plan
from bot.texts import load_texts
from tests.export.conftest import NOW, SCHOOL, source

TEXTS = load_texts()


def chinese(key: str, /, **values: object) -> str:
    return TEXTS.say("zh-Hant", key, **values)


def written(source: Source, sequence: int = 0) -> bytes:
    return calendar(entries(source), source.document.title, chinese, SCHOOL, NOW, sequence)


def shown(data: bytes) -> dict[str, Any]:
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


def days(event: Any) -> tuple[date, date]:
    """First and last day; the end of an all-day event is the day after (RFC 5545, 3.6.1)."""
    return event["DTSTART"].dt, event["DTEND"].dt - timedelta(days=1)


def plan_of(*lines: str) -> Source:
    body = "\n\n".join(f"{number}.辦好第{number}件事。{line}" for number, line in enumerate(lines, 1))
    return source(f"禾溪區2027年春季學期教育工作計劃\n\n一、工作安排\n\n{body}\n")


@pytest.mark.parametrize(
    ("line", "title", "first", "last"),
    [
        ("5月14日，區教育局召開表彰大會。", "表彰大會", date(2027, 5, 14), date(2027, 5, 14)),
        ("5月13日至15日，區教育局舉行田徑運動會。", "田徑運動會", date(2027, 5, 13), date(2027, 5, 15)),
        ("5月中旬，區教研室舉行書法比賽。", "〔5月中旬〕書法比賽", date(2027, 5, 11), date(2027, 5, 11)),
        # 1 to 3 May are holidays by law or a weekend in 2027, whatever is announced.
        ("5月，區教研室舉行書法比賽。", "〔5月內〕書法比賽", date(2027, 5, 3), date(2027, 5, 3)),
        ("上半年，區教研室舉行書法比賽。", "〔上半年〕書法比賽", date(2027, 2, 15), date(2027, 2, 15)),
        ("各校要在4月底前上報書法比賽名單。", "〔截止〕", date(2027, 4, 30), date(2027, 4, 30)),
        ("3月1日至6月30日，區教研室開展書法展覽。", "〔3月1日至6月30日〕", date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_a_time_is_shown_as_sure_as_the_plan_gives_it(line: str, title: str, first: date, last: date) -> None:
    ((name, event),) = shown(written(plan_of(line))).items()
    assert name.startswith(title)
    assert days(event) == (first, last)


def test_dates_merely_spoken_of_and_measures_without_a_time_are_left_out() -> None:
    data = written(plan_of("對2026年立項的課題，區教研室負責結題。", "各校要加強書法教學。", "5月14日，區教育局召開表彰大會。"))
    assert list(shown(data)) == ["表彰大會"]


def test_only_a_rhythm_in_the_text_makes_a_rule_and_holidays_are_left_out() -> None:
    events = shown(
        written(
            plan_of(
                "各校每週舉行一次升旗儀式。", "兩校每兩週舉行一次聯合備課。", "各校定期檢查消防器材。", "5月14日，區教育局召開表彰大會。"
            )
        )
    )
    rules = {name: event.get("RRULE") for name, event in events.items()}
    assert [name for name, rule in rules.items() if rule is None] == ["表彰大會"]
    weekly = next(event for name, event in events.items() if name.startswith("〔每週〕"))
    second = next(event for name, event in events.items() if name.startswith("〔每2週〕"))
    for event, step in ((weekly, 7), (second, 14)):
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=date_time(event["DTSTART"].dt))
        held = [moment.date() for moment in rule]
        assert held[1] - held[0] == timedelta(days=step)
        assert held[-1] <= SCHOOL.spring_term(2026)[1]


def date_time(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def test_a_rule_of_a_whole_year_pauses_in_the_winter_holidays(year: Source) -> None:
    weekly = next(event for name, event in shown(written(year)).items() if "陪餐" in name)
    rule = rrulestr(weekly["RRULE"].to_ical().decode(), dtstart=date_time(weekly["DTSTART"].dt))
    missing = {moment.dt for entry in as_list(weekly["EXDATE"]) for moment in entry.dts}
    held = [moment.date() for moment in rule if moment.date() not in missing]
    first, last = SCHOOL.winter_break(2026)
    assert not [day for day in held if first <= day <= last]
    assert [day for day in held if day > last]
    assert missing <= {moment.date() for moment in rule}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_an_event_keeps_its_id_when_its_day_or_its_sentence_changes() -> None:
    before = shown(written(plan_of("5月14日，區教育局召開“閱讀之星”表彰大會。"), 4))
    after = shown(written(plan_of("5月21日，區教育局在文化館召開“閱讀之星”表彰大會，由區教研室籌備。"), 9))
    ((_, old),) = before.items()
    new = next(event for event in after.values() if event["UID"] == old["UID"])
    assert days(new)[0] == date(2027, 5, 21)
    assert (int(old["SEQUENCE"]), int(new["SEQUENCE"])) == (4, 9)
    assert written(plan_of("5月14日，區教育局召開表彰大會。")) == written(plan_of("5月14日，區教育局召開表彰大會。"))


def test_what_a_calendar_shows_is_a_citation(spring: Source) -> None:
    event = shown(written(spring))["第十二屆全區小學生田徑運動會"]
    text = str(event["DESCRIPTION"])
    assert "「第十二屆全區小學生田徑運動會定於5月16日至17日在禾溪體育場舉行，由區教育局主辦、實驗學校承辦」" in text
    assert "主辦：區教育局（明列）、實驗學校（明列）" in text
    assert "時間（原文）：5月16日至17日" in text
    assert "出處：四、1，禾溪區2027年春季學期教育工作計劃（第1版）" in text
    assert event["LAST-MODIFIED"].dt == NOW
    assert [str(words) for words in event["CATEGORIES"].cats] == ["以活動帶動體育、藝術和科技", "比賽"]
    presumed = next(one for name, one in shown(written(spring)).items() if "雙人跳繩" in name)
    assert "（承上）" in str(presumed["DESCRIPTION"])


def test_every_measure_with_a_time_is_there_once(spring: Source, year: Source) -> None:
    for one in (spring, year):
        events = list(Calendar.from_ical(written(one)).walk("VEVENT"))
        uids = [str(event["UID"]) for event in events]
        assert len(uids) == len(set(uids))
        dated = [measure for measure in one.document.measures if measure.date and measure.date.acts]
        told = "\n".join(str(event["DESCRIPTION"]) for event in events)
        assert [measure.text for measure in dated if measure.text not in told] == []
        assert not [one for one in one.document.measures if one.date and one.date.role is DateRole.OBJECT and one.text in told]


ODD = st.text(st.sampled_from("甲乙丙，。；:;,\\\"'\r\n\t\0\x0b\x1b\x7f\u2028\u0085 BEGINEND:VEVENT=𠮷😀é"), min_size=1, max_size=200)


@settings(max_examples=80, deadline=None)
@given(ODD, ODD, ODD)
def test_any_text_survives_and_adds_no_line_of_its_own(text: str, name: str, title: str) -> None:
    plain = plan_of("5月14日，區教育局召開表彰大會。")
    plan = plain.document.plans[0]
    measure = plan.measures[0]
    event = plan.events[0]
    document = with_words(plain.document, plan, replace(measure, text=text), replace(event, name=name, text=text), title)
    data = written(replace(plain, document=document))
    whole = Calendar.from_ical(data)
    (read,) = whole.walk("VEVENT")
    assert len(list(whole.walk())) == 2
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.decode("utf-8")
    visible = " ".join(
        "".join(char for char in name.replace("\r", "\n") if (char >= " " and char not in "\x7f\u2028") or char in "\n\t").split()
    )
    assert str(read["SUMMARY"]) == visible


def with_words(document: Document, plan: Plan, measure: Measure, event: Event, title: str) -> Document:
    section = replace(plan.sections[0], title=title)
    return replace(document, title=title, plans=(replace(plan, title=title, sections=(section,), measures=(measure,), events=(event,)),))
