"""A pytest plugin: sets the marks of tests/needs.py, selects tests by them, and fails tests with missing marks.

`pytest --needs nothing` runs the tests without such a mark, `--needs something` the others.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from needs import IMPLIED, MARKS, WATCH, fixtures_of  # tests/needs.py

NEEDS = {*MARKS, "serial"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--needs",
        choices=("nothing", "something"),
        help=f"Only tests that need nothing of these, or something: {', '.join(MARKS)}; serial ones need something.",
    )


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    sys.addaudithook(WATCH.hear)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give tests the marks of their fixtures, and those that their marks imply; select as --needs says."""
    for item in items:
        own = {mark.name for mark in item.iter_markers()}
        needed = {mark for fixture in fixtures_of(item) for mark in getattr(fixture.func, "needs", ())}
        for mark, implied in IMPLIED.items():
            if mark in own | needed:
                needed |= set(implied)
        for mark in needed - own:
            item.add_marker(mark)
    # Tests that start servers are slow and run first, so that at the end no worker is left alone with a long file.
    with_servers = {item.path for item in items if item.get_closest_marker("server")}
    items.sort(key=lambda item: item.path not in with_servers)
    wanted = config.getoption("needs")
    if wanted:
        by_need: dict[bool, list[pytest.Item]] = {True: [], False: []}
        for item in items:
            by_need[_needs_something(item)].append(item)
        config.hook.pytest_deselected(items=by_need[wanted == "nothing"])
        items[:] = by_need[wanted == "something"]


def _needs_something(item: pytest.Item) -> bool:
    return not NEEDS.isdisjoint(mark.name for mark in item.iter_markers())


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    WATCH.making.append(fixturedef)
    try:
        return (yield)
    finally:
        WATCH.making.pop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    WATCH.used = set()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    if unmarked := WATCH.unmarked(item):
        pytest.fail(f"This test uses what it is not marked for: {', '.join(sorted(unmarked))} (tests/needs.py).")
    return result
