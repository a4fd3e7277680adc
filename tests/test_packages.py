"""The pinned packages: complete, hashed, of no particular host, and what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-semantic.lock")
EXTRAS = {"requirements-test.lock": "test", "requirements-semantic.lock": "semantic"}


def wanted(lock: str) -> list[Requirement]:
    lines = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["install"]
    if lock in EXTRAS:
        lines += PROJECT["project"]["optional-dependencies"][EXTRAS[lock]]
    return [Requirement(line) for line in lines]


def pins(lock: str) -> dict[str, set[Version]]:
    """Every pinned version of a package; numpy may have one for each range of Pythons."""
    found: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_asked_for_is_pinned_to_a_version_that_fits(lock: str) -> None:
    pinned = pins(lock)
    for requirement in wanted(lock):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in {lock}: run `make lock`"
        assert all(version in requirement.specifier for version in versions), f"{requirement} and {lock} differ: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_lock_names_a_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 30
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_tests_run_with_the_packages_that_serve() -> None:
    serving, *others = (pins(lock) for lock in LOCKS)
    for other in others:
        assert {name: other.get(name) for name in serving} == serving
