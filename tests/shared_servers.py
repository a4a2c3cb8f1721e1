"""A pytest plugin: with `--dist loadfile`, the files that share a running assistant are run by one worker.

Otherwise each worker starts each of the shared assistants for itself, at 15 seconds of the processor each.
"""

import ast
from collections import Counter
from functools import cache
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from bot.settings import PROJECT

FOLDERS = ("tests/server/", "tests/security/")
# The arguments of tests there by which they get a shared assistant, and which (the conftest.py of these folders).
SHARED = {
    "assistant": "assistant",
    "website": "website",
    "line": "line",
    "phone": "line",
    "connected": "connected",
    "page": "connected",
    "guarded": "guarded",
}


@cache
def group_of(file: str) -> str:
    """The assistant that most tests of a file share with other files; the file itself where there is none."""
    if not file.startswith(FOLDERS):
        return file
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    used = Counter(SHARED[each.arg] for test in tests for each in test.args.args if each.arg in SHARED)
    return used.most_common(1)[0][0] if used else file


class SharedServerScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Files in one piece, and the files of a shared assistant together."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedServerScheduling | None:
    """Only in place of `--dist loadfile`."""
    return SharedServerScheduling(config, log) if config.getoption("dist") == "loadfile" else None
