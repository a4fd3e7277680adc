"""What the product is made of: nothing that runs a text as a program, a bill of materials that is complete, no registry in it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py"))
MODULES = frozenset({"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle", "joblib", "yaml", "xml.dom", "xml.sax"})
"""What turns bytes into objects or code, or reads XML with entities; XML is read by what `bot.plan.formats` brings."""
CALLS = frozenset({"eval", "exec", "compile", "__import__"})
LOADERS = ("yaml.load", "pickle.loads", "pickle.load", "numpy.load", "np.load")
ATTRIBUTES = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell"})


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute, the name of a name, else nothing."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def dangers(source: str) -> list[str]:
    """What in a program's text could run a text as a program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name in MODULES]
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            found += [name] if name in CALLS | ATTRIBUTES or name.endswith(LOADERS) else []
            given = [word for word in node.keywords if word.arg in ("shell", "allow_pickle") and getattr(word.value, "value", True)]
            found += [f"{name}({word.arg}=)" for word in given]
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_run_as_a_program(path: Path) -> None:
    assert dangers(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from pickle import loads", "eval('1')", "exec(x)", "import os\nos.system('x')", "subprocess.run('x', shell=True)",
        "subprocess.run(x, shell=y)", "import yaml", "np.load(f)", "load(f, allow_pickle=True)", "compile(a, b, c)",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_is_for(source: str) -> None:
    assert dangers(source)


@pytest.mark.parametrize("source", ["re.compile('x')", "subprocess.run(['x'], shell=False)", "self.eval", "evaluate('x')", "json.loads(x)"])
def test_the_search_leaves_other_calls_alone(source: str) -> None:
    assert dangers(source) == []


def bill() -> bytes:
    return subprocess.run([sys.executable, ROOT / ".ci" / "sbom.py"], capture_output=True, check=True, cwd=ROOT).stdout


def test_the_bill_of_materials_holds_every_pin_with_its_hashes_and_is_the_same_again() -> None:
    first = bill()
    assert bill() == first
    told = json.loads(first)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    named = {(row["name"], row["version"]) for row in told["components"]}
    for lock in ("requirements.lock", "requirements-test.lock", "requirements-semantic.lock"):
        for line in (ROOT / lock).read_text("utf-8").splitlines():
            if line[:1].isalnum():
                name, version = line.split(" ")[0].split("==")
                assert (name.lower().replace("_", "-").replace(".", "-"), version) in named
    for row in told["components"]:
        hashes = [one["content"] for reference in row["externalReferences"] for one in reference["hashes"]]
        assert hashes
        assert all(len(one) == 64 for one in hashes)
    licensed = [row for row in told["components"] if "licenses" in row and row["scope"] == "required"]
    assert len(licensed) > 20
