"""The tables of `bot` truncate nothing: on a terminal of 80 columns, and in a pipe."""

import os
import pty
import subprocess
import sys

import pytest

from bot.knowledge.fact_store import all_facts
from bot.settings import PROJECT
from bot.storage.engine import session_scope

COMMAND = [sys.executable, "-m", "bot.cli", "facts", "list", "--all"]


def on_a_terminal(columns: int) -> str:
    """What the command prints on a terminal of this width."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "dumb"}
    process = subprocess.Popen(COMMAND, cwd=PROJECT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # Linux: the other end is closed
            break
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()


@pytest.fixture
def ids(database: str) -> set[str]:
    with session_scope() as session:
        return {fact.id for fact in all_facts(session)}


def test_ids_are_whole_on_eighty_columns(ids: set[str]) -> None:
    shown = on_a_terminal(80)
    assert {fact for fact in ids if f" {fact} " not in shown} == set()


def test_nothing_is_cut_on_eighty_columns(ids: set[str]) -> None:
    assert "…" not in on_a_terminal(80)


def test_a_row_is_one_line_in_a_pipe(ids: set[str]) -> None:
    done = subprocess.run(COMMAND, cwd=PROJECT, capture_output=True, text=True, check=True)
    firsts = {line.split("│")[1].strip() for line in done.stdout.splitlines() if line.startswith("│")}
    assert firsts == ids
