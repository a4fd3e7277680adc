"""Old office formats: through a converter where there is one, and a sentence where there is none or it fails."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from bot import conversion
from bot.conversion import ConversionError, convert
from bot.errors import BadDocument
from bot.intake import read_document
from bot.plan.formats import read_bytes
from bot.plan.read import Context, read_plan
from bot.settings import Intake
from bot.texts import LANGUAGES, load_texts
from tests.plan.formats.small import WRITERS, plain, sheet, word

OLD = Path(__file__).parent / "plan" / "formats" / "plan.doc"
CONTEXT = Context("禾溪區教育局", 2026)
needs_office = pytest.mark.skipif(conversion.office() is None, reason="LibreOffice is not installed: reading .doc through it is not tested")
needs_antiword = pytest.mark.skipif(
    conversion.antiword() is None, reason="antiword is not installed: reading .doc through it is not tested"
)


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "office", lambda: None)


@needs_office
@pytest.mark.parametrize("name", ["plan.doc", "plan.wps", "plan.txt"])
async def test_an_old_word_document_is_read_by_the_office_program(name: str) -> None:
    document = await read_document(name, OLD.read_bytes(), CONTEXT)
    assert document.name == name
    assert document.plans == read_plan("plan.txt", WRITERS[".txt"](), CONTEXT).plans


@needs_office
@pytest.mark.parametrize(("kind", "better", "write"), [(".docx", ".odt", word), (".xlsx", ".xls", sheet)])
async def test_other_formats_are_read_by_the_office_program(kind: str, better: str, write: object, tmp_path: Path) -> None:
    other = await convert(write(), kind, better, 60)  # type: ignore[operator]
    assert other
    document = await read_document(f"plan{better}", other, CONTEXT)
    assert document.plans == read_plan("plan.txt", WRITERS[".txt"](), CONTEXT).plans


@needs_antiword
async def test_an_old_word_document_is_read_by_antiword(no_office: None) -> None:
    """All its words, rows and typed numbers; the automatic numbers of headings are what antiword does not know."""
    made = await convert(OLD.read_bytes(), ".doc", ".docx", 60)
    assert made
    lines = [line.lstrip("# ") for line in read_bytes("plan.doc", made).split("\n")]
    bare = [line.removeprefix(f"{one}、") if (one := line[:1]) in "一二三" else line for line in plain().split("\n")[:-1]]
    assert lines == [line.replace("〃", "") for line in bare]
    assert (await read_document("plan.doc", OLD.read_bytes(), CONTEXT)).measures


@pytest.mark.parametrize(
    ("name", "data", "better"),
    [
        ("plan.doc", OLD.read_bytes(), ".docx"),
        ("plan.rtf", rb"{\rtf1 plan}", ".docx"),
        ("plan.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600, ".xlsx"),
    ],
)
async def test_without_a_converter_the_next_step_is_said(
    no_office: None, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, better: str
) -> None:
    monkeypatch.setattr(conversion, "antiword", lambda: None)
    with pytest.raises(BadDocument) as caught:
        await read_document(name, data, CONTEXT)
    for language in LANGUAGES:
        sentence = load_texts().say(language, caught.value.key, **caught.value.values)
        assert name in sentence
        assert better in sentence


def program(folder: Path, code: str) -> str:
    path = folder / "office"
    path.write_text(f"#!{shutil.which('sh')}\n{code}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("exit 3", "document.broken"),
        ("echo converted", "document.broken"),
        ("sleep 100 & sleep 100", "document.slow"),
        ("yes", "document.broken"),
    ],
    ids=["fails", "makes nothing", "hangs", "floods"],
)
async def test_a_converter_that_fails_is_one_sentence(code: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = program(tmp_path, code)
    monkeypatch.setattr(conversion, "office", lambda: found)
    monkeypatch.setattr(conversion, "antiword", lambda: None)
    monkeypatch.setattr(conversion, "OUTPUT_MB", 1)
    with pytest.raises(BadDocument) as caught:
        await read_document("plan.doc", OLD.read_bytes(), CONTEXT, Intake(seconds=2))
    assert caught.value.key == key


async def test_a_converter_sees_no_secret_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANBOT_TELEGRAM_TOKEN", "1:secret")
    seen = tmp_path / "seen"
    found = program(tmp_path, f'env > {seen}; pwd >> {seen}; cp "$0" done.docx')
    monkeypatch.setattr(conversion, "office", lambda: found)
    monkeypatch.setattr(conversion, "antiword", lambda: None)
    with pytest.raises(ConversionError):
        await convert(b"x", ".doc", ".docx", 10)
    said = seen.read_text("utf-8")
    assert "secret" not in said
    folder = said.splitlines()[-1]
    assert "planbot-" in folder
    assert not os.path.exists(folder)  # noqa: ASYNC240, PTH110


async def test_a_cancelled_conversion_ends_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str, **more: object) -> asyncio.subprocess.Process:
        started.append(await create(*arguments, **more))
        work.cancel()
        return started[0]

    create = asyncio.create_subprocess_exec
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    found = program(tmp_path, "sleep 100 & sleep 100")
    monkeypatch.setattr(conversion, "office", lambda: found)
    work = asyncio.create_task(convert(b"x", ".doc", ".docx", 10))
    with pytest.raises(asyncio.CancelledError):
        await work
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0].pid, 0)
