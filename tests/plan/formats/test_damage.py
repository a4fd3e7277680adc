"""Any bytes, and any damage to a good document, end in text or in a refusal that has a sentence; nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadDocument
from bot.plan.formats import READERS, read_bytes
from bot.plan.formats.archive import Archive
from bot.plan.formats.grid import LONGEST
from bot.plan.formats.html import read as read_page
from bot.texts import load_texts
from tests.plan.formats.small import WRITERS, packed

TEXTS = load_texts()
GOOD = {suffix: write() for suffix, write in WRITERS.items()}
ZIPPED = {suffix: Archive(GOOD[suffix]) for suffix in (".docx", ".xlsx", ".ofd")}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(name: str, data: bytes) -> None:
    try:
        text = read_bytes(name, data)
    except BadDocument as refusal:
        TEXTS.say("zh-Hant", refusal.key, **refusal.values)
        return
    assert text.strip()
    assert len(text) <= LONGEST
    assert "\0" not in text


@QUICK
@given(st.sampled_from(sorted(READERS)), st.binary(max_size=400))
def test_any_bytes(suffix: str, data: bytes) -> None:
    check(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", sorted(GOOD))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_bytes_of_a_good_document_changed_or_cut(suffix: str, data: st.DataObject) -> None:
    good = bytearray(GOOD[suffix])
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    check(f"a{suffix}", bytes(good[: data.draw(st.integers(len(good) // 2, len(good)))]))


@pytest.mark.parametrize("suffix", sorted(ZIPPED))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_parts_of_a_good_document_changed(suffix: str, data: st.DataObject) -> None:
    """Inside the zip, where the checksum does not catch it: names, numbers and marks replaced, parts left out."""
    archive = ZIPPED[suffix]
    names = [name for name in archive.names if name.endswith((".xml", ".rels"))]
    spoilt = data.draw(st.sampled_from(names))
    part = archive.read(spoilt).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        old = data.draw(st.sampled_from(["0", "1", '"', "w:", "<", "/", "numId", "gridSpan", "vMerge", "A1", "mm", "X=", "Boundary", ">"]))
        new = data.draw(st.sampled_from(["", "-1", "99999999999", "1e400", "nan", "&amp;", "㋿", "g 999999 9", "<a>", "ZZZ9999999"]))
        part = part.replace(old, new, data.draw(st.integers(1, 3)))
    kept = {name: archive.read(name) for name in archive.names if name != spoilt or data.draw(st.booleans())}
    check(f"a{suffix}", packed({**kept, spoilt: part} if data.draw(st.booleans()) else kept))


MARKS = [
    "<", ">", "<p>", "</p>", "<table>", "<tr>", "<td", " colspan=", "9", '"', "'", "<!--", "-->", "<script>", "<ol>", "<li>", "</table>",
    "&", "&#x", ";", "甲", " ", "\n", "<br/>", "<h1>", "<style", "=", "<!", "rowspan=0>", "</div>", "<head>",
]  # fmt: skip


@QUICK
@given(st.lists(st.sampled_from(MARKS), max_size=80))
def test_any_marks(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        lines = read_page(text.encode())
    except BadDocument:
        return
    assert all("\n" not in line for line in lines.split("\n"))
