"""Plan values become JSON and the same values again."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendar import SchoolCalendar
from bot.plan.model import Document, Measure, Owner, Role, Span
from bot.plan.plain import dump, load
from tests.storage.samples import document

plan_parts = st.from_type(Measure) | st.from_type(Span) | st.from_type(Owner)


def test_a_document_survives_json() -> None:
    whole = document()
    assert load(json.loads(json.dumps(dump(whole), ensure_ascii=False))) == whole


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(part=plan_parts)
def test_any_part_survives_json(part: Measure | Span | Owner) -> None:
    back = load(json.loads(json.dumps(dump(part))), type(part))
    assert back == part
    assert type(back) is type(part)


def test_kinds_come_back_and_not_just_equal_text() -> None:
    owner = load(dump(Owner("各校", Role.JOIN)), Owner)
    assert owner.role is Role.JOIN
    assert isinstance(load(dump(document())).plans, tuple)


def test_a_field_that_did_not_exist_yet_takes_its_default() -> None:
    plain = dump(document())
    del plain["plans"][0]["measures"][0]["sentence"]
    assert load(plain).plans[0].measures[0] == replace(document().plans[0].measures[0], sentence="")


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda plain: plain.update(colour="red"), "Document: colour is unknown"),
        (lambda plain: plain.pop("issuer"), "Document: issuer is missing"),
        (lambda plain: plain.update(year="2030"), "Document.year"),
        (lambda plain: plain.update(year=True), "Document.year"),
        (lambda plain: plain.update(plans={}), "Document.plans: a list"),
        (lambda plain: plain["plans"].append(None), r"Document.plans\[1\]: a Plan"),
        (lambda plain: plain["plans"][0]["measures"][0]["owners"][0].update(role="boss"), r"owners\[0\].role"),
        (lambda plain: plain["plans"][0]["period"].update(start="2030-02-30"), "period.start"),
    ],
)
def test_what_does_not_fit_is_named(spoil: object, place: str) -> None:
    plain = dump(document())
    spoil(plain)  # type: ignore[operator]
    with pytest.raises(ValueError, match=place):
        load(plain, Document)


def test_values_no_plan_has_are_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        both: int | str

    with pytest.raises(TypeError, match="no plain form"):
        dump({1, 2})
    with pytest.raises(TypeError, match="one kind or None"):
        load({"both": 1}, Odd)


def test_a_tuple_of_fixed_length_survives_and_another_length_is_refused() -> None:
    calendar = SchoolCalendar(
        autumn=(8, 25), terms=((date(2026, 9, 2), date(2027, 1, 29)),), workdays=frozenset({date(2026, 10, 10), date(2026, 2, 14)})
    )
    assert load(json.loads(json.dumps(dump(calendar))), SchoolCalendar) == calendar
    with pytest.raises(ValueError, match=r"SchoolCalendar\.autumn: a list of 2"):
        load({"autumn": [8, 25, 1]}, SchoolCalendar)


def test_a_moment_survives() -> None:
    @dataclass(frozen=True)
    class At:
        when: datetime

    at = At(datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert load(dump(at), At) == at
