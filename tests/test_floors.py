"""The layers of the architecture: a package (room) may import those below it (lower floors), never one above.

File names of modules and names of public classes are unique, so that a search or a stack trace is unambiguous.

Tests and benchmarks share the harness, and do not import each other.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.settings import PROJECT

# From the ground up. `bot.x` is one room, whether module or package; `actions` is one.
FLOORS = (
    "settings",
    "deadlines",
    "message_limits",
    "known_channels",
    "domain_names",
    "parse_result",
    "clock",
    "data_files",
    "native_threads",
    "preparation_error",
    "keys",
    "words",
    "privacy",
    "observing",
    "storage",
    "staff",
    "knowledge",
    "desk",
    "handoff",
    "accounts",
    "replies",
    "announcements",
    "open_data",
    "sentence_vectors",
    "figures",
    "nlu",
    "drafting",
    "actions",
    "channels",
    "chatwoot",
    "rasa",
    "training",
    "calls",
    "erasure",
    "schema",
    "console",
    "server",
    "evaluation",
    "audit",
    "commands",
    "cli",
)
MODULES = sorted(
    path
    for folder in ("bot", "actions")
    for path in (PROJECT / folder).rglob("*.py")
    if "migrations" not in path.parts and path != PROJECT / "bot" / "__init__.py"
)

# File names that rooms share by convention (docs/architecture.md); every other one stands once.
CONVENTIONS = {"__init__", "models", "settings", "channel"}

# What each folder outside the product may not import.
APART = {
    "tests": {"benchmarks"},
    "benchmarks": {"tests"},
    "harness": {"tests", "benchmarks"},
    "bot": {"tests", "benchmarks", "harness"},
    "actions": {"tests", "benchmarks", "harness"},
}


def room_of(module: str) -> str | None:
    """The room of a module's dotted name; None for third-party modules."""
    first, *rest = module.split(".")
    if first == "actions":
        return first
    return rest[0] if first == "bot" and rest else None


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, anywhere in it, also under TYPE_CHECKING."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_imported_from_a_higher_floor(path: Path) -> None:
    floor = FLOORS.index(str(room_of(name_of(path))))
    rooms = {room for name in imported(path) if (room := room_of(name))}
    assert sorted(room for room in rooms if FLOORS.index(room) > floor) == []


def test_every_floor_is_a_room() -> None:
    assert {room_of(name_of(path)) for path in MODULES} == set(FLOORS)


def test_the_architecture_page_lists_the_floors() -> None:
    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(?:bot/)?(\w+)(?:\.py)?` \|", page, re.MULTILINE)
    assert tuple(reversed(listed)) == FLOORS


@pytest.mark.parametrize("folder", APART)
def test_only_the_harness_is_shared_by_tests_and_benchmarks(folder: str) -> None:
    modules = list((PROJECT / folder).rglob("*.py"))
    assert modules
    found = {(name_of(path), name) for path in modules for name in imported(path)}
    assert sorted(each for each in found if each[1].partition(".")[0] in APART[folder]) == []


def test_a_file_name_stands_once() -> None:
    assert set(repeated(path.stem for path in MODULES)) <= CONVENTIONS


def test_a_public_class_name_stands_once() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    classes = [node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    assert repeated(name for name in classes if not name.startswith("_")) == []
