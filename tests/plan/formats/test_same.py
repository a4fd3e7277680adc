"""One small plan parses to the same plan whatever the format it comes in."""

import pytest

from bot.plan.formats import READERS, read_bytes
from bot.plan.model import Document
from bot.plan.read import Context, read_plan
from tests.plan.formats.small import SECTIONS, WRITERS, plain


def read(suffix: str) -> Document:
    return read_plan(f"plan{suffix}", WRITERS[suffix](), Context("禾溪區教育局", 2026))


def test_every_suffix_has_a_writer_here() -> None:
    assert set(WRITERS) == set(READERS)


def test_the_small_plan_is_understood() -> None:
    (plan,) = read(".txt").plans
    assert [section.title for section in plan.sections] == ["守好校園安全", "辦好學生活動", "按月份安排"]
    assert [len(section.items) for section in plan.sections[:2]] == [len(items) for _, items in SECTIONS]
    drill = next(measure for measure in plan.measures if "演練" in measure.text and measure.section == 1)
    assert drill.date
    assert str(drill.date.start) == "2026-05-12"
    assert {owner.name for measure in plan.measures if measure.section == 3 for owner in measure.owners} >= {"區教研室", "區教育局安全科"}


@pytest.mark.parametrize("suffix", [suffix for suffix in READERS if suffix != ".txt"])
def test_every_format_parses_to_the_same_plan(suffix: str) -> None:
    assert read(suffix).plans == read(".txt").plans


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".ofd", ".xlsx", ".html", ".md"])
def test_the_lines_are_those_a_reader_sees(suffix: str) -> None:
    lines = [line.lstrip("# ") for line in read_bytes(f"plan{suffix}", WRITERS[suffix]()).split("\n") if line.strip()]
    assert lines == plain().split("\n")[:-1]
