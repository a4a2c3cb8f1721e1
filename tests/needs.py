"""What a test needs besides Python and its packages: marks declare it, and a test that uses anything undeclared fails.

`@needs("server")` below `@pytest.fixture` marks every test that uses the fixture; `@pytest.mark.server` marks one test.
Use is detected automatically: Python reports each program that is started and each model that is read (audit events,
PEP 578). tests/marks_of_needs.py is the pytest plugin.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.settings import PROJECT

MARKS = {
    "server": "talks to our servers as they really run",
    "browser": "opens pages in Chromium (scripts/browser)",
    "model": "reads the trained model ('bot train')",
    "topology": "runs on all that production has, nginx to RabbitMQ (scripts/topology)",
    "rasa": "starts a process that loads most of Rasa, such as the rasa command",
    "training": "trains a part of the model",
    "nginx": "starts nginx (scripts/topology)",
    "postgres": "starts PostgreSQL (a package of group dev, or scripts/topology)",
    "redis": "starts Redis (scripts/redis)",
    "rabbitmq": "starts RabbitMQ (scripts/topology)",
    "node": "runs JavaScript in Node (scripts/npm-packages)",
    "hunspell": "looks words up in the dictionaries of hunspell (scripts/language-tools)",
    "espeak": "has texts read by espeak-ng (scripts/language-tools)",
}
IMPLIED = {"topology": ("server", "model", "nginx", "postgres", "redis", "rabbitmq", "serial"), "server": ("model",)}
PROGRAMS = {
    "nginx": "nginx",
    "initdb": "postgres",
    "postgres": "postgres",
    "redis-server": "redis",
    "rabbitmq-server": "rabbitmq",
    "node": "node",
    "npm": "node",
    "hunspell": "hunspell",
    "espeak-ng": "espeak",
}
# The program with which Playwright starts its browsers.
BROWSERS = f"{os.sep}playwright{os.sep}driver{os.sep}"
# Subcommands of `bot`, by what they need.
MODEL_COMMANDS = ("chat", "parse", "explain", "phone", "train", "evaluate")
COMMANDS = {"serve": "server", "run": "server"} | dict.fromkeys(MODEL_COMMANDS, "model")
MODELS = str(PROJECT / "models") + os.sep

_Function = TypeVar("_Function", bound=Callable[..., Any])


def needs(*marks: str) -> Callable[[_Function], _Function]:
    """Mark every test that uses the fixture; write it below `@pytest.fixture`."""
    assert set(marks) <= set(MARKS), marks

    def decorate(function: _Function) -> _Function:
        function.needs = marks  # type: ignore[attr-defined]
        return function

    return decorate


def of_command(command: list[str]) -> set[str]:
    """The marks for a program that is started, perhaps through a wrapper such as setpriv."""
    if BROWSERS in command[0]:
        return {"browser"}
    found = {PROGRAMS[name] for name in (Path(word).name for word in command) if name in PROGRAMS}
    found |= {"rasa"} if any(Path(word).name == "rasa" and os.sep in word for word in command) else set()
    for module, name in pairwise(command):
        if module == "bot.cli" or Path(module).name == "bot":
            found |= {COMMANDS[name]} if name in COMMANDS else set()
        elif module == "-m" and name.startswith("bot.server."):
            found.add("server")
    return found


def of_file(path: object) -> set[str]:
    """The marks for a file that is opened."""
    is_model = isinstance(path, str | os.PathLike) and os.fspath(path).endswith(".tar.gz")
    return {"model"} if is_model and str(path).startswith(MODELS) else set()


def fixtures_of(item: pytest.Item) -> Iterator[Any]:
    """The definitions of all fixtures that a test uses, by its arguments or those of other fixtures."""
    for name, definitions in getattr(item, "_fixtureinfo").name2fixturedefs.items():  # noqa: B009
        if name in item.fixturenames:
            yield definitions[-1]


class Watch:
    """What the current test uses, and what each fixture needed when it was created."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.making: list[Any] = []
        self.of_fixtures: defaultdict[Any, set[str]] = defaultdict(set)

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        """Handle one of Python's audit events."""
        if event == "open":
            found = of_file(details[0])
        elif event == "subprocess.Popen":
            words = details[1] if isinstance(details[1], list | tuple) else [details[1]]
            found = of_command([os.fsdecode(word) for word in words])
        else:
            return
        self.use(*found)

    def use(self, *marks: str) -> None:
        """Record a use that Python does not report."""
        self.used |= set(marks)
        for fixture in self.making:
            if fixture.scope != "function":  # a fixture that is created once and shared
                self.of_fixtures[fixture] |= set(marks)

    def unmarked(self, item: pytest.Item) -> set[str]:
        """What a test has used, itself or through its fixtures, without declaring it by a mark."""
        used = set(self.used)
        for fixture in fixtures_of(item):
            used |= self.of_fixtures.get(fixture, set())
        return used - {mark.name for mark in item.iter_markers()}


WATCH = Watch()
