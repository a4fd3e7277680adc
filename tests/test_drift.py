"""Texts, README, example configuration, rooms and code agree; what drifts apart is named here."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest
import typer.main

from bot.cli import cli
from bot.settings import every_key, load_settings
from bot.texts import LANGUAGES, load_texts
from handlers import ROOMS
from storage.tables import metadata, people

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py"), *(ROOT / "storage").rglob("*.py")])
TEXTS = load_texts()
BASE = TEXTS.catalogues["zh-Hant"]
CHINESE = re.compile(r"[\u3400-\u9fff]")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    catalogue = TEXTS.catalogues[language]
    assert set(catalogue) == set(BASE)
    assert {key for key in BASE if placeholders(catalogue[key]) != placeholders(BASE[key])} == set()


def spoken_keys() -> set[str]:
    """Keys that the code names in full: the first text argument of say, of a refusal, of words."""
    found = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("say", "words", "Refusal", "BadSetting", "BadDocument", "BadUnits", "BadStore"):
                continue
            for argument in node.args[:2]:
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", argument.value)
                ):
                    found.add(argument.value)
                if isinstance(argument, ast.IfExp):
                    found |= {
                        side.value for side in (argument.body, argument.orelse) if isinstance(side, ast.Constant) and "." in str(side.value)
                    }
    return found


def test_every_sentence_the_code_says_exists() -> None:
    assert len(spoken_keys()) > 100
    assert spoken_keys() - set(BASE) == set()


def test_no_sentence_is_left_that_nobody_says() -> None:
    """A key is said when it, or its beginning up to a placeholder, stands in the code."""
    code = "\n".join(path.read_text("utf-8") for path in CODE) + "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.js"))
    begun = {match.group(1) for match in re.finditer(r"f[\"']([a-z_.]+)\{", code)}
    middle = {match.group(1) for match in re.finditer(r"f[\"']command\.\{[^}]*\}\.([a-z]+)", code)}
    unsaid = {
        key
        for key in BASE
        if f'"{key}"' not in code
        and not any(key.startswith(prefix) and prefix for prefix in begun)
        and not (key.startswith("command.") and key.rsplit(".", 1)[1] in middle)
    }
    assert unsaid == set()


@pytest.mark.parametrize("folder", ["handlers", "storage"])
def test_no_chinese_in_code_that_people_read_is_kept_outside_the_texts(folder: str) -> None:
    wrong = []
    for path in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        prose = {
            id(child.value) for node in ast.walk(tree) if isinstance(node, documented) for child in node.body if isinstance(child, ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value) and id(node) not in prose:
                wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_every_file_of_handlers_with_a_room_is_in_rooms() -> None:
    named = {room.name for room in ROOMS}
    declared = {
        match
        for path in (ROOT / "handlers").glob("*.py")
        for match in re.findall(r'^room = Room\("(\w+)"\)', path.read_text("utf-8"), re.M)
    }
    assert declared == named


def test_every_command_has_its_line_its_words_and_its_row_in_both_readmes() -> None:
    english, chinese = (ROOT / name for name in ("README.md", "README.zh.md"))
    for command in (command for room in ROOMS for command in room.commands.values()):
        assert f"command.{command.name}.line" in BASE
        assert TEXTS.words(f"command.{command.name}.words")
        for page in (english, chinese):
            assert f"`/{command.name}`" in page.read_text("utf-8"), f"{page.name} does not name /{command.name}"


def test_the_words_of_commands_do_not_collide() -> None:
    seen: dict[str, str] = {}
    for command in (command for room in ROOMS for command in room.commands.values()):
        for word in TEXTS.words(f"command.{command.name}.words"):
            assert seen.setdefault(word.lower(), command.name) == command.name


def test_the_readmes_name_every_command_of_the_command_line() -> None:
    group = typer.main.get_command(cli)
    names = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        names += [f"{name} {inner}" for inner in command.commands] if hasattr(command, "commands") else [name]
    assert len(names) > 10
    for page in ("README.md", "README.zh.md"):
        text = (ROOT / page).read_text("utf-8")
        assert [name for name in names if name not in text] == []


def test_the_example_configuration_shows_every_key_with_its_default() -> None:
    text = (ROOT / "config.example.toml").read_text("utf-8")
    shown = re.sub(r"^# ?(?=(\[[a-z.]+\]|[a-z_]+ = ))", "", text, flags=re.M)

    def dotted(table: dict[str, object], prefix: str = "") -> dict[str, object]:
        flat: dict[str, object] = {}
        for name, value in table.items():
            flat |= dotted(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
        return flat

    example = dotted(tomllib.loads(shown))
    assert set(example) == set(every_key())
    defaults = load_settings(None, {})
    for key, value in example.items():
        actual: object = defaults
        for part in key.split("."):
            actual = getattr(actual, part)
        assert (list(actual) if isinstance(actual, tuple) else actual) == value, key


def test_the_example_configuration_can_be_used_as_it_is() -> None:
    assert load_settings(ROOT / "config.example.toml", {}).channels.telegram.token == ""


def test_the_architecture_page_names_every_package_and_top_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    names = [path.name for path in (ROOT / "bot").iterdir() if (path.suffix == ".py" or path.is_dir()) and not path.name.startswith("_")]
    names += [path.name for path in (ROOT / "handlers").glob("[a-z]*.py")] + [path.name for path in (ROOT / "storage").glob("[a-z]*.py")]
    assert [name for name in names if name not in page] == []


def test_what_becomes_a_number_is_asked_for_decimal_digits() -> None:
    """`isdigit` is true of ① and ², which `int` refuses."""
    lines = [(path.name, line.strip()) for path in CODE for line in path.read_text("utf-8").splitlines() if ".isdigit()" in line]
    assert [line for line in lines if "isascii()" not in line[1]] == []


def test_the_threat_model_names_tests_that_exist_and_every_row_has_one() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| asset")]
    assert len(rows) > 40
    missing, bare = [], []
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row.rsplit(" | ", 1)[1])
        bare += [] if named else [row]
        for path, name in named:
            file = ROOT / path
            defined = re.search(rf"^(?:async )?def {name}\(", file.read_text("utf-8"), re.M) if file.exists() else None
            missing += [] if defined else [f"{path}::{name}"]
    assert missing == []
    assert bare == []


def named_in(node: ast.expr) -> set[str]:
    """Whole names that an expression may come to: its own, or those of both sides of a condition."""
    if isinstance(node, ast.IfExp):
        return named_in(node.body) | named_in(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def recorded_deeds() -> set[str]:
    """Deeds that the code writes into the audit by a whole name; composed ones are left out."""
    found = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("record", "_refused"):
                found |= named_in(node.args[1]) if len(node.args) > 1 else set()
    return found


def test_every_deed_of_the_audit_is_told_in_words() -> None:
    deeds = recorded_deeds()
    assert {"denied", "standing done", "default given"} <= deeds
    assert {deed for deed in deeds if f"audit.deed_{deed.replace(' ', '_')}" not in BASE} == set()


def test_every_table_that_names_a_person_is_told_in_words() -> None:
    named = {table.name for table in metadata.tables.values() for key in table.foreign_keys if key.column.table is people}
    assert {"web_sessions", "feeds"} <= named
    assert {name for name in named if f"privacy.table_{name}" not in BASE} == set()
