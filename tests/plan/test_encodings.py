"""Text in every encoding that offices save, and what is no text."""

import codecs

import pytest

from bot.errors import BadDocument
from bot.plan.formats import READERS, read_bytes
from bot.plan.read import read_plan

HANT = "一、加強學校安全管理\n各校要在3月底前開展安全檢查，區教育局將組織抽查。\n"
HANS = "一、加强学校安全管理\n各校要在3月底前开展安全检查，区教育局将组织抽查。\n"


@pytest.mark.parametrize("text", [HANT, HANS, "各校要開展檢查。"], ids=["traditional", "simplified", "short"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"])
def test_encoding(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} does not hold this script")
    if encoding == "utf-16-be":
        data = codecs.BOM_UTF16_BE + data
    assert read_bytes("plan.txt", data) == text


def test_line_ends_and_control_characters() -> None:
    assert (
        read_bytes("a.txt", ("甲要開展檢查\r\n乙要\r丙要\u2028丁要\x07。" + "各校開展檢查。" * 3).encode())
        == "甲要開展檢查\n乙要\n丙要\n丁要 。" + "各校開展檢查。" * 3
    )


BAD = [
    (b"", "document.empty"),
    (b" \r\n\t\n", "document.empty"),
    (b"PK\x03\x04rest of an archive", "document.broken"),
    (b"%PDF-1.7 and so on", "document.broken"),
    (bytes(range(256)) * 8, "document.unreadable"),
    ("封面".encode(), "document.nothing"),
    ("今天天氣很好。我們去公園散步，看到了許多花。".encode(), "document.nothing"),
]


@pytest.mark.parametrize(("data", "key"), BAD, ids=["nothing", "blanks", "archive", "pdf", "bytes", "title", "story"])
def test_refused(data: bytes, key: str) -> None:
    with pytest.raises(BadDocument) as caught:
        read_plan("folder/plan.txt", data)
    assert caught.value.key == key
    assert caught.value.values["name"] == "plan.txt"


def test_unknown_suffix_names_the_known_ones() -> None:
    with pytest.raises(BadDocument) as caught:
        read_plan("plan.exe", HANT.encode())
    assert caught.value.key == "document.format"
    assert caught.value.values["suffix"] == ".exe"
    assert all(suffix in str(caught.value.values["known"]) for suffix in READERS if suffix)


def test_markdown_reads_like_text() -> None:
    assert [measure.text for measure in read_plan("a.md", f"## {HANT}".encode()).measures] == [
        measure.text for measure in read_plan("a.txt", HANT.encode()).measures
    ]
