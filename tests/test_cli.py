"""The command line as a person uses it: real processes, their exit status, and one line for everything that is wrong."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.calendar import SchoolCalendar
from bot.samples import lay_out, units
from storage.values import State

SHARED = Path(__file__).parent.parent.parent / "shared"
SEED = next(iter((SHARED / "seed").glob("*.txt")), None) if (SHARED / "seed").exists() else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for sample in lay_out(datetime.now(UTC).date(), SchoolCalendar()):
        (tmp_path / sample.name).write_bytes(sample.data)
    (tmp_path / "units.csv").write_bytes(units())
    return tmp_path


def planbot(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLANBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(Path(__file__).parent.parent)} | (environment or {}),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal; asserts that it is one, with status 2 and nothing on standard output."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_list_with_a_wrong_line_is_refused_and_the_line_named(folder: Path) -> None:
    (folder / "people.csv").write_text("姓名,身份,單位\n林素琴,校長,\n周啟明,國王,火星小學\n", "utf-8")
    wrong = planbot(folder, "people", "import", "people.csv")
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines()), len(wrong.stdout.strip().splitlines())) == (2, 1, 2)


def test_a_plan_goes_from_file_to_answer(folder: Path) -> None:
    first = planbot(folder, "plan", "import", "spring-plan.txt", "year-plan.txt")
    assert first.returncode == 0, first.stderr
    assert "草稿" in first.stdout
    assert "推斷" in first.stdout
    assert planbot(folder, "ask", "科技節什麼時候？").stdout.startswith("現在還沒有發布")
    assert planbot(folder, "plan", "release", "1").returncode == 0
    assert planbot(folder, "plan", "release", "2").returncode == 0
    answer = planbot(folder, "ask", "科技節", "什麼時候？")
    assert answer.returncode == 0
    assert "4月" in answer.stdout.splitlines()[0]
    again = planbot(folder, "plan", "import", "spring-plan.txt")
    assert "沒有改動" in again.stdout
    assert "草稿" not in again.stdout
    listed = json.loads(planbot(folder, "plan", "list", "--format", "json").stdout)
    assert [(row["id"], row["version"], row["state"]) for row in listed] == [(1, 1, "released"), (2, 1, "released")]


def test_a_changed_plan_is_a_new_version_and_can_be_rolled_back(folder: Path) -> None:
    planbot(folder, "plan", "import", "spring-plan.txt", "--release")
    text = (folder / "spring-plan.txt").read_text("utf-8")
    (folder / "spring-plan.txt").write_text(text.replace("5月23日，", "5月24日，"), "utf-8")
    changed = planbot(folder, "plan", "import", "spring-plan.txt", "--release")
    assert "第 2 版" in changed.stdout
    assert "5月24日" in planbot(folder, "ask", "課堂教學大賽是哪天？").stdout
    assert planbot(folder, "plan", "rollback", "1").returncode == 0
    assert "5月23日" in planbot(folder, "ask", "課堂教學大賽是哪天？").stdout
    assert planbot(folder, "plan", "retire", "1").returncode == 0
    assert "還沒有發布" in planbot(folder, "ask", "課堂教學大賽是哪天？").stdout


def test_ask_reads_questions_from_a_file_and_needs_no_database_with_a_plan(folder: Path) -> None:
    lines = [
        {"id": "a", "q": "科技節由誰組隊？"},
        {"id": "b", "q": "那什麼時候？", "prev": "科技節由誰組隊？"},
        {"id": "c", "q": "局長電話多少？"},
    ]
    (folder / "q.jsonl").write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    done = planbot(folder, "ask", "--plan", "spring-plan.txt", "--file", "q.jsonl", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    who, when, unknown = (json.loads(line) for line in done.stdout.splitlines())
    assert (who["id"], who["status"], when["id"], unknown["status"]) == ("a", "answered", "b", "unknown")
    assert when["answers"][0]["measure"] == who["answers"][0]["measure"] or when["answers"][0]["date"]
    assert who["reply"]
    assert not list(folder.glob("planbot.db*"))


def test_the_register_is_imported_and_listed(folder: Path) -> None:
    assert "新增 18" in planbot(folder, "units", "import", "units.csv").stdout
    assert "新增 0，更改 0，刪去 0" in planbot(folder, "units", "import", "units.csv").stdout
    assert len(json.loads(planbot(folder, "units", "list", "--format", "json").stdout)) == 18


def test_an_invitation_is_bound_to_a_known_unit_and_rank(folder: Path) -> None:
    planbot(folder, "units", "import", "units.csv")
    assert "/start " in planbot(folder, "people", "invite", "--rank", "principal", "--unit", "禾溪區第一小學").stdout
    assert "水星學校" in refused(planbot(folder, "people", "invite", "--rank", "principal", "--unit", "水星學校"))
    assert "owner" in refused(planbot(folder, "people", "invite", "--rank", "owner"))


def test_a_plan_is_shown_with_how_sure_it_is_and_what_is_missing(folder: Path) -> None:
    text = "青禾縣2026年工作計劃\n\n一、安全\n1.各校要在3月底前完成自查。\n2.舉辦中學生籃球聯賽。\n\n青禾縣教育局\n2026年1月5日\n"
    (folder / "plan.txt").write_text(text, "utf-8")
    shown = planbot(folder, "plan", "show", "plan.txt").stdout
    assert "各校牽頭（寫明）" in shown
    assert "青禾縣教育局牽頭（未點名）" in shown
    assert "! 未點名誰負責 · 一、2 · 2.舉辦中學生籃球聯賽" in shown


def test_the_ledger_is_shown_with_every_state(folder: Path) -> None:
    shown = json.loads(planbot(folder, "outbox", "--format", "json").stdout)
    assert shown["oldest_queued_s"] == 0
    assert shown["uncertain"] == []
    assert set(shown["states"]) == {state.value for state in State}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("plan", "show", "none.txt"), "none.txt"),
        (("plan", "show", "empty.txt"), "empty.txt"),
        (("plan", "show", "noise.txt"), "noise.txt"),
        (("plan", "import", "spring-plan.txt", "noise.txt"), "noise.txt"),
        (("plan", "release", "7"), "7"),
        (("units", "import", "broken.csv"), "2"),
        (("ask",), "--file"),
        (("ask", "--file", "broken.jsonl", "--plan", "spring-plan.txt"), "1"),
        (("--config", "none.toml", "outbox"), "none.toml"),
        (("outbox", "--config", "wrong.toml"), "bot.zone"),
        (("nonsense",), "nonsense"),
        (("plan", "show", "spring-plan.txt", "--year", "x"), "year"),
    ],
)
def test_a_refusal_is_one_line_and_leaves_nothing_behind(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "noise.txt").write_text("今天天氣很好。\n", "utf-8")
    (folder / "broken.csv").write_text("name,kind\n,school\n", "utf-8")
    (folder / "broken.jsonl").write_text("{]", "utf-8")
    (folder / "wrong.toml").write_text('[bot]\nzon = "x"\n', "utf-8")
    assert said in refused(planbot(folder, *arguments))
    listed = planbot(folder, "plan", "list", "--format", "json")
    assert json.loads(listed.stdout) == []


def test_a_secret_in_the_database_address_is_never_shown(folder: Path) -> None:
    done = planbot(folder, "outbox", environment={"PLANBOT_DATABASE_URL": "postgresql+psycopg://me:hunter2@127.0.0.1:1/none"})
    assert "hunter2" not in refused(done)


@pytest.mark.skipif(SEED is None, reason="../shared/seed is absent: the real document the project was made from is not read")
def test_the_real_document_is_imported(folder: Path) -> None:
    assert SEED is not None
    done = planbot(folder, "plan", "import", str(SEED), "--release")
    assert done.returncode == 0, done.stderr
    assert "區教育局" in done.stdout
    assert "2014" in done.stdout


@pytest.mark.skipif(SEED is None, reason="../shared is absent: the shared questions are not measured")
def test_seven_in_ten_of_the_shared_questions_find_their_place(folder: Path) -> None:
    assert SEED is not None
    questions = SHARED / "eval" / "questions_dev.jsonl"
    done = planbot(folder, "ask", "--plan", str(SEED), "--file", str(questions), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    (folder / "answers.jsonl").write_text(done.stdout, "utf-8")
    scored = subprocess.run(
        [sys.executable, str(SHARED / "eval" / "score.py"), str(questions), str(folder / "answers.jsonl"), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(scored.stdout)["place@1"] >= 0.70


def test_plans_are_compared_from_files_and_from_the_database(folder: Path) -> None:
    text = (folder / "spring-plan.txt").read_text("utf-8")
    (folder / "new.txt").write_text(text.replace("5月23日，", "5月24日，"), "utf-8")
    files = planbot(folder, "plan", "compare", "spring-plan.txt", "new.txt")
    assert files.returncode == 0, files.stderr
    assert "改了日期：5月23日 → 5月24日" in files.stdout
    assert not (folder / "planbot.db").exists()
    planbot(folder, "plan", "import", "spring-plan.txt", "--release")
    planbot(folder, "plan", "import", "new.txt", "--release")
    data = json.loads(planbot(folder, "plan", "compare", "1@1", "1@2", "--format", "json").stdout)
    assert (data["counts"]["kept"], data["counts"]["reworded"]) == (len(data["rows"]), 0)
    (row,) = (row for row in data["rows"] if row["changes"])
    assert row["changes"] == [{"kind": "date", "before": ["5月23日"], "after": ["5月24日"]}]
    assert row["after"][0]["place"]
    (folder / "both.txt").write_text(f"第一篇\n\n{text}\n\n第二篇\n\n{(folder / 'year-plan.txt').read_text('utf-8')}", "utf-8")
    two = planbot(folder, "plan", "compare", "both.txt#1", "both.txt#2")
    assert "第一篇 → " in two.stdout
    mixed = planbot(folder, "plan", "compare", "1", "both.txt#1")
    assert "（第2版）" in mixed.stdout


@pytest.mark.parametrize(
    ("sides", "says"),
    [(("spring-plan.txt", "missing.txt"), "missing.txt"), (("7", "8"), "7"), (("spring-plan.txt#3", "1"), "3"), (("", "1"), "「」")],
)
def test_a_comparison_that_cannot_be_made_says_why(folder: Path, sides: tuple[str, str], says: str) -> None:
    assert says in refused(planbot(folder, "plan", "compare", *sides))


def test_a_plan_is_exported_in_every_format(folder: Path) -> None:
    planbot(folder, "plan", "import", "spring-plan.txt", "--release")
    printed = planbot(folder, "plan", "export", "1", "--format", "ics")
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("BEGIN:VCALENDAR")
    done = planbot(folder, "plan", "export", "1@1", "--format", "xlsx", "--output", "ledger.xlsx")
    assert done.stdout == ""
    assert "ledger.xlsx" in done.stderr
    assert (folder / "ledger.xlsx").read_bytes().startswith(b"PK")
    data = json.loads(planbot(folder, "plan", "export", "spring-plan.txt", "--format", "json").stdout)
    assert (data["id"], data["version"]) == (0, 0)
    assert data["plans"][0]["measures"]
    assert "missing" in refused(planbot(folder, "plan", "export", "1", "--format", "json", "--output", "missing/plan.json"))
    assert "7" in refused(planbot(folder, "plan", "export", "7", "--format", "ics"))
    refused(planbot(folder, "plan", "export", "1", "--format", "docx"))
    assert not list(folder.glob(".*.part"))


def test_a_plan_is_rolled_over_as_a_draft(folder: Path) -> None:
    planbot(folder, "plan", "import", "spring-plan.txt", "--release")
    shown = planbot(folder, "plan", "rollover", "1")
    assert shown.returncode == 0, shown.stderr
    assert "沒有寫入" in shown.stdout
    data = json.loads(planbot(folder, "plan", "rollover", "1", "--confirm", "1,3-4", "--format", "json").stdout)
    assert data["draft"] == {"id": 2, "version": 1}
    open_ = [row for row in data["proposals"] if not row["certain"]]
    listed = json.loads(planbot(folder, "plan", "list", "--format", "json").stdout)
    assert [(row["id"], row["state"]) for row in listed] == [(1, "released"), (2, "draft")]
    again = planbot(folder, "plan", "rollover", "1", "--draft")
    assert f"待確認的日期 {len(open_)} 個" in again.stdout
    assert "999" in refused(planbot(folder, "plan", "rollover", "1", "--confirm", "999"))
    assert "2001" in refused(planbot(folder, "plan", "rollover", "1", "--year", "2001"))
    assert "spring-plan.txt" in refused(planbot(folder, "plan", "rollover", "spring-plan.txt"))
