"""What a test uses is detected, and must be marked."""

import subprocess
from pathlib import Path

import pytest
from needs import MARKS, MODELS, WATCH, of_command, of_file  # tests/needs.py

from bot.settings import PROJECT


@pytest.mark.parametrize(
    ("command", "marks"),
    [
        ("/usr/bin/redis-server --port 20000", {"redis"}),
        ("setpriv --pdeathsig TERM -- /usr/sbin/nginx -c nginx.conf", {"nginx"}),
        ("setpriv --reuid postgres -- /usr/lib/postgresql/15/bin/initdb -D data", {"postgres"}),
        ("/site-packages/playwright/driver/node package/cli.js run-driver", {"browser"}),
        ("node validate-verbs.mjs", {"node"}),
        ("python -m bot.cli serve --no-train", {"server"}),
        ("python -m bot.server.rasa_server models/x.tar.gz", {"server"}),
        (".venv/bin/bot parse", {"model"}),
        ("python -m bot.cli facts list --all", set()),
        ("python tests/hammering.py", set()),
    ],
)
def test_a_program_that_is_started_tells_the_mark(command: str, marks: set[str]) -> None:
    assert of_command(command.split()) == marks


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        (f"{MODELS}assistant-1.tar.gz", {"model"}),
        (Path(MODELS) / "assistant-1.tar.gz", {"model"}),
        ("/tmp/assistant-1.tar.gz", set()),  # noqa: S108 (nothing is there)
        (3, set()),
    ],
)
def test_a_model_that_is_read_tells_the_mark(path: object, marks: set[str]) -> None:
    assert of_file(path) == marks


def test_what_is_used_without_a_mark_is_found(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    subprocess.run([program], check=True)
    assert WATCH.unmarked(request.node) == {"redis"}
    WATCH.used.clear()
    assert WATCH.unmarked(request.node) == set()


def test_every_mark_is_told_of_in_words() -> None:
    scripts = {path.name for path in (PROJECT / "scripts").iterdir()}
    named = {meaning.partition("(scripts/")[2].rstrip(")") for meaning in MARKS.values() if "(scripts/" in meaning}
    assert named <= scripts
