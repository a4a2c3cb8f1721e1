"""Every monkeypatch of Rasa is in one table, and is applied where the table says and nowhere else."""

import ast
import json
import subprocess
import sys
from collections import Counter

import pytest

from bot.preparation_error import PreparationError
from bot.rasa import versions
from bot.rasa.patches import PATCHES, Patch
from bot.rasa.processes import How, Process
from bot.settings import PROJECT

MODULES = sorted(path for folder in ("bot", "actions") for path in (PROJECT / folder).rglob("*.py"))
Changed = dict[str, dict[str, int]]  # by process: target → decorators around the original


def run(*arguments: str) -> str:
    """The output of a program, in a separate process."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def changed() -> Changed:
    """What each kind of process patches."""
    lines = run("tests/patched_processes.py").splitlines()
    return {line["process"]: line["changed"] for line in map(json.loads, lines)}


@pytest.mark.parametrize("process", Process, ids=lambda process: process.name)
def test_a_process_has_its_patches_each_once_and_no_other(changed: Changed, process: Process) -> None:
    here = [patch for patch in PATCHES if process in patch.processes]
    wraps = Counter(patch.target for patch in here if patch.how is How.WRAPPED)
    found = changed[process.name]
    assert sorted(found) == sorted({patch.target for patch in here})
    assert {target: found[target] for target in wraps} == wraps


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_the_test_of_a_patch_is_there(patch: Patch) -> None:
    path, name = patch.test.split("::")
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert name in functions


def test_names_of_patches_are_their_own() -> None:
    assert len({patch.name for patch in PATCHES}) == len(PATCHES)


def test_the_page_lists_the_patches() -> None:
    page = (PROJECT / "docs" / "patches.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert rows == [row_of(patch) for patch in PATCHES]


def row_of(patch: Patch) -> str:
    """A patch as docs/patches.md has it."""
    processes = ", ".join(process.value for process in Process if process in patch.processes)
    cells = (patch.name, f"`{patch.target}`", f"`{patch.by}`", processes, patch.reason, f"`{patch.test}`")
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_nothing_else_changes_what_belongs_to_others(path: object) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    others = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(each.name, each.asname or each.name.partition(".")[0]) for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [(node.module, each.asname or each.name) for each in node.names]
        else:
            continue
        ours = {"bot", "actions", *sys.stdlib_module_names}
        others |= {name for module, name in found if module.partition(".")[0] not in ours}
    assert [ast.unparse(node) for node in ast.walk(tree) if changes(node) & others] == []


def changes(node: ast.AST) -> set[str]:
    """The names whose attributes a statement sets."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
        targets: list[ast.expr] = [ast.Attribute(node.args[0], "", ast.Store())]
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        targets = [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple) else [each])]
    else:
        return set()
    return {name for target in targets if isinstance(target, ast.Attribute) and (name := first_name(target))}


def first_name(place: ast.expr) -> str | None:
    """The `a` of `a.b.c`."""
    while isinstance(place, ast.Attribute):
        place = place.value
    return place.id if isinstance(place, ast.Name) else None


def test_the_action_server_does_without_rasa() -> None:
    program = "import sys\nfrom bot.rasa.boot import boot\nfrom bot.rasa.processes import Process\n"
    assert run("-c", f"{program}boot(Process.ACTION_SERVER)\nprint('rasa.core' in sys.modules)").strip() == "False"


def test_versions_are_those_that_are_locked() -> None:
    locked = (PROJECT / "uv.lock").read_text(encoding="utf-8")
    for package, version in versions.VERSIONS.items():
        assert f'name = "{package}"\nversion = "{version}"\n' in locked


@pytest.mark.parametrize(("package", "found"), [("rasa", "3.6.21"), ("no-such-package", "missing")])
def test_another_version_is_named(monkeypatch: pytest.MonkeyPatch, package: str, found: str) -> None:
    monkeypatch.setattr(versions, "VERSIONS", {package: "3.7.0"})
    with pytest.raises(PreparationError, match=f"^{package} is {found} here, but .* {package} 3.7.0 .*'make setup'"):
        versions.check_versions()
