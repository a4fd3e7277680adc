"""A document is read in a process of its own: with the same result, within limits, and a sentence for every end it may take."""

import asyncio
import os
from datetime import date
from pathlib import Path

import pytest

from bot import intake
from bot.calendar import SchoolCalendar
from bot.errors import BadDocument
from bot.intake import Sure, read_document, read_files, reader
from bot.plan.read import Context, read_plan
from bot.samples import lay_out
from bot.settings import Intake, Settings
from bot.texts import LANGUAGES, load_texts

PLAN = "一、安全工作\n1.各校要在3月底前開展安全檢查。\n2.區教育局將於5月組織防災演練。\n".encode()
CALENDAR = SchoolCalendar(autumn=(8, 25))


def sentence(caught: pytest.ExceptionInfo[BadDocument]) -> str:
    said = [load_texts().say(language, caught.value.key, **caught.value.values) for language in LANGUAGES]
    assert all("\n" not in one for one in said)
    return said[0]


async def test_what_the_child_reads_is_what_would_be_read_here() -> None:
    for sample in lay_out(date(2026, 10, 12), CALENDAR):
        told = Context(issuer="禾溪區教育局", year=2026, calendar=CALENDAR)
        assert await read_document(sample.name, sample.data, told) == read_plan(sample.name, sample.data, told)


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [("a/b.txt", b"", "document.empty"), ("b.txt", "今天天氣很好。".encode(), "document.nothing"), ("b.exe", PLAN, "document.format")],
)
async def test_a_refusal_comes_back_with_its_name(name: str, data: bytes, key: str) -> None:
    with pytest.raises(BadDocument) as caught:
        await read_document(name, data, Context())
    assert caught.value.key == key
    assert Path(name).name in sentence(caught)


async def test_too_large_is_refused_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.sys, "executable", str(tmp_path / "absent"))
    with pytest.raises(BadDocument) as caught:
        await read_document("long.txt", bytes(1_000_001), Context(), Intake(largest_mb=1))
    assert "1 MB" in sentence(caught)
    (tmp_path / "long.txt").write_bytes(bytes(20_000_001))
    with pytest.raises(BadDocument) as caught:
        await read_files([tmp_path / "long.txt"], Settings(), Sure())
    assert "20 MB" in sentence(caught)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "document.hungry"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "document.broken"),
        ("raise SystemExit(3)", "document.broken"),
        ("print('not JSON')", "document.broken"),
        ("print('[]')", "document.broken"),
        ("import sys\nwhile True: sys.stdout.write('x' * 65536)", "document.broken"),
        ("import time; time.sleep(100)", "document.slow"),
        (
            "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass",
            "document.slow",
        ),
        ("import bot.reading\nbot.reading.read = lambda *a: bytearray(10**9)\nbot.reading.main()", "document.hungry"),
        ("import bot.reading\nbot.reading.read_plan = lambda *a: {}['x']\nbot.reading.main()", "document.broken"),
        ('print(\'{"document": {"name": 1}}\')', "document.broken"),
    ],
    ids=["killed", "crashed", "status", "noise", "list", "flood", "asleep", "busy", "hungry", "bug", "nonsense"],
)
async def test_every_end_of_a_child_is_one_sentence(code: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "GRACE_SECONDS", 1)
    monkeypatch.setattr(intake, "ANSWER", 1_000_000)
    monkeypatch.setattr(intake, "COMMAND", ("-P", "-s", "-c", code))
    with pytest.raises(BadDocument) as caught:
        await read_document("plan.txt", PLAN, Context(), Intake(memory_mb=100, seconds=2))
    assert caught.value.key == key
    assert "plan.txt" in sentence(caught)
    monkeypatch.undo()
    assert (await read_document("plan.txt", PLAN, Context())).measures


async def test_the_child_knows_no_secret_and_takes_no_code_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANBOT_TELEGRAM_TOKEN", "1:secret")
    assert "1:secret" not in intake.environment().values()
    (tmp_path / "json.py").write_text("raise SystemExit(9)", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert (await read_document("plan.txt", PLAN, Context())).measures


async def test_as_many_are_read_at_once_as_the_settings_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = 0, 0

    async def slow(name: str, data: bytes, context: Context, limits: Intake) -> object:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(20):
            await asyncio.sleep(0)
        now -= 1
        return name

    monkeypatch.setattr(intake, "read_document", slow)
    read = reader(Settings(intake=Intake(at_once=3)))
    assert await asyncio.gather(*(read(f"{one}", b"") for one in range(10))) == [f"{one}" for one in range(10)]
    assert most == 3


async def test_a_child_can_write_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write = f"pathlib.Path({str(tmp_path / 'x')!r}).write_text('x')"
    code = f"import bot.reading, pathlib\nbot.reading.read_plan = lambda *a: {write}\nbot.reading.main()"
    monkeypatch.setattr(intake, "COMMAND", ("-P", "-s", "-c", code))
    with pytest.raises(BadDocument):
        await read_document("plan.txt", PLAN, Context())
    assert (tmp_path / "x").read_bytes() == b""


async def test_a_cancelled_reading_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str, **more: object) -> asyncio.subprocess.Process:
        started.append(await create(*arguments, **more))
        reading.cancel()
        return started[0]

    create = asyncio.create_subprocess_exec
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(intake, "COMMAND", ("-c", "import time; time.sleep(100)"))
    reading = asyncio.create_task(read_document("plan.txt", PLAN, Context()))
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert started[0].returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(started[0].pid, 0)
