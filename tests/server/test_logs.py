"""Everything that any logger of the servers writes is redacted; tested in a process set up like the servers."""

import subprocess
import sys

import pytest
from log_lines import MARK, PERSONAL, SET_UP, WAYS  # tests/log_lines.py

NOT_SHOWN = "[not shown: TypeError"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """What each way wrote; the last one ends the process."""
    lines = "\n".join(f"print({MARK!r} + {name!r}, flush=True)\n{way}" for name, way in WAYS.items())
    command = [sys.executable, "-c", SET_UP + lines]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False
    )
    parts = done.stdout.split(MARK)[1:]
    return dict(part.split("\n", 1) for part in parts)


@pytest.mark.parametrize("way", WAYS)
def test_logs_are_redacted(written: dict[str, str], way: str) -> None:
    assert [one for one in PERSONAL if one in written[way]] == []


@pytest.mark.parametrize("way", WAYS)
def test_no_line_is_lost(written: dict[str, str], way: str) -> None:
    assert "[contract]" in written[way] or NOT_SHOWN in written[way]


@pytest.mark.parametrize(
    ("way", "line"),
    [
        ("our logger", "ERROR bot.channels: Failed: mani sauc [name], līgums [contract]"),
        ("sanic's server", "ERROR sanic.server: mani sauc [name]"),
        ("sanic's line of a request", "[INFO][h]: GET /mani sauc [name]"),
        ("an exception's text", "ERROR root: x\n"),
        ("what cannot be redacted", f"ERROR bot: {NOT_SHOWN}"),
        ("a redactor that fails", f"WARNING bot.server: {NOT_SHOWN}"),
        ("what nobody catches in a thread", "ERROR uncaught: "),
        ("what nobody catches", "CRITICAL uncaught: "),
    ],
)
def test_level_and_logger_stay_readable(written: dict[str, str], way: str, line: str) -> None:
    assert line in written[way]
