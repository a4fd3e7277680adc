"""Hostile and broken documents through the whole way: each refused with its sentence, within the child's memory, and the next one is read.

That it takes about a second is asserted by the benchmark, not here.
"""

import io
import zipfile

import pytest

from bot.errors import BadDocument
from bot.intake import read_document
from bot.plan.read import Context, read_plan
from bot.settings import Intake
from bot.texts import LANGUAGES, load_texts
from tests.plan.formats.hostile import HOSTILE
from tests.plan.formats.small import WRITERS, packed, word

TEXTS = load_texts()
CONTEXT = Context("禾溪區教育局", 2026)


@pytest.mark.parametrize("case", HOSTILE)
async def test_refused_with_a_sentence(case: str) -> None:
    name, write, key = HOSTILE[case]
    with pytest.raises(BadDocument) as caught:
        await read_document(name, write(), Context(), Intake(seconds=20))
    assert caught.value.key == key
    for language in LANGUAGES:
        sentence = TEXTS.say(language, key, **caught.value.values)
        assert name in sentence
        assert "\n" not in sentence


async def test_a_small_memory_is_kept_to_and_the_bot_goes_on() -> None:
    big = packed({"word/document.xml": HEAD + "".join(f"<w:p><w:r><w:t>{n}</w:t></w:r></w:p>" for n in range(400_000)) + TAIL})
    with pytest.raises(BadDocument) as caught:
        await read_document("plan.docx", big, Context(), Intake(memory_mb=10))
    assert caught.value.key == "document.hungry"
    assert (await read_document("plan.docx", word(), Context())).measures


HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = "</w:body></w:document>"

LIARS = [
    ("plan.txt", ".docx"),
    ("plan.doc", ".docx"),
    ("plan.doc", ".html"),
    ("plan.doc", ".mht"),
    ("plan.xls", ".html"),
    ("plan.xls", ".tsv"),
    ("plan.wps", ".docx"),
    ("plan.docx", ".pdf"),
    ("plan.pdf", ".txt"),
    ("plan.jpg", ".ofd"),
    ("plan.html", ".xlsx"),
    ("plan.bak", ".docx"),
]


@pytest.mark.parametrize(("name", "suffix"), LIARS)
def test_a_name_that_lies_is_seen_through(name: str, suffix: str) -> None:
    document = read_plan(name, WRITERS[suffix](), CONTEXT)
    assert document.name == name
    assert document.plans == read_plan("plan.txt", WRITERS[".txt"](), CONTEXT).plans


def test_macros_and_embedded_files_are_ignored() -> None:
    target = io.BytesIO(word())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"AutoOpen" * 100)
        archive.writestr("word/embeddings/inner.zip", packed({"a.exe": b"MZ"}))
    assert read_plan("plan.docm", target.getvalue(), CONTEXT).plans == read_plan("plan.docx", word(), CONTEXT).plans
